/*
 * An expression over a few series: the first byte chooses the query, the rest is its text. It has a value or an error
 * with a message, within max_samples; a range that works has at each step what an instant query there has.
 */
#include <stdint.h>
#include <stdlib.h>

#include "../unit/promql_series.h"
#include "promql/eval.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char series[] =
    "load 10s\n"
    "  a{x=\"1\", y=\"2\"} 0+5x20 0+1x10 _x5 3\n"
    "  a{x=\"2\", y=\"2\"} 1 NaN -3 _ 5 stale 7x20\n"
    "  a{x=\"3\"} 1e308x9 -1e308x9 Inf -Inf\n"
    "  b{x=\"1\"} 1x40\n"
    "  b{x=\"2\", z=\"q-1\"} 2-1x40\n"
    "  h{le=\"1\", x=\"1\"} 0+1x40\n"
    "  h{le=\"2\", x=\"1\"} 0+3x40\n"
    "  h{le=\"+Inf\", x=\"1\"} 0+4x40\n";

static size_t
count(const struct pq_result *r, int64_t t)
{
	size_t i, k, n = 0;

	for (i = 0; i < r->n; i++)
		for (k = 0; k < r->v[i].n; k++) {
			n += r->v[i].point[k].t == t;
			if (k > 0 && r->v[i].point[k].t <= r->v[i].point[k - 1].t)
				abort();
		}
	return n;
}

static void
try_query(struct pq_source *src, const struct pq_expr *x, struct pq_query q)
{
	struct arena a = {0};
	struct pq_result r, now;
	struct err e = {0};
	int64_t t = q.start;
	int rc = pq_eval(src, x, &q, &a, &r, &e);

	if (rc < 0 && (e.msg[0] == '\0' || (e.code != ERR_USAGE && e.code != ERR_LIMIT)))
		abort();
	if (rc == 0 && q.step > 0) {
		q.start = q.end = t + q.step;
		q.step = 0;
		rc = pq_eval(src, x, &q, &a, &now, &e);
		/* start() and end() are others there; topk of equal values may choose others, but as many. */
		if (rc == 0 && x->depth == 1 && x->shift.at == PQ_AT_NONE && count(&now, q.start) != count(&r, q.start))
			abort();
	}
	arena_free(&a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct pq_memory source;
	struct pq_query q = {.start = 200000, .end = 200000, .max_samples = 2000};
	struct arena a = {0};
	struct pq_expr *x;

	if (source.series.n == 0 && !memory_load(&source, series))
		abort();
	if (size == 0)
		return 0;
	q.closed_ranges = data[0] & 1;
	if (data[0] & 2) {
		q.end = 400000;
		q.step = 1 + (int64_t)(data[0] >> 3) * 5000;
		if (q.step == 1)
			q.step = 50000;
	}
	if (data[0] & 4)
		q.lookback = 30000;
	x = pq_parse(&a, (struct sv){(const char *)data + 1, size - 1}, NULL);
	if (x != NULL)
		try_query(&source.src, x, q);
	arena_free(&a);
	return 0;
}
