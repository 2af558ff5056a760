/*
 * An answer of a server: an error with a message that a terminal can show, or a result whose JSON reads back as the same.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "promql/answer.h"
#include "promql/server.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Sorted, unique labels, times in order, and values that come back. */
static void
check(const struct pq_result *r, struct arena *a)
{
	static const struct pq_query q = {0};
	struct pq_server_answer again;
	struct sb one = {0}, two = {0};
	size_t i, k;

	for (i = 0; i < r->n; i++)
		for (k = 1; k < r->v[i].n; k++)
			if (r->v[i].point[k].t <= r->v[i].point[k - 1].t)
				abort();
	pq_answer_json(r, &q, &one);
	if (pq_server_parse("again", sb_sv(&one), a, &again, NULL) < 0)
		abort();
	pq_answer_json(&again.result, &q, &two);
	if (!sv_eq(sb_sv(&one), sb_sv(&two)))
		abort();
	sb_free(&one);
	sb_free(&two);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pq_server_answer answer;
	struct arena a = {0};
	struct sb clean = {0};
	struct err e = {0};

	if (pq_server_parse("answer", (struct sv){(const char *)data, size}, &a, &answer, &e) == 0) {
		check(&answer.result, &a);
	} else {
		clean_add(&clean, sv_of(e.msg));
		if (e.msg[0] == '\0' || !sv_eq(sb_sv(&clean), sv_of(e.msg)))
			abort();
	}
	sb_free(&clean);
	arena_free(&a);
	return 0;
}
