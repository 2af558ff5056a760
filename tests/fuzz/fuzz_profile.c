#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "profile/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A profile that loads keeps what profile.h promises; one that does not names a place. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sv text = {(const char *)data, size}, line;
	struct err e = {0};
	struct profile *p = profile_parse("p.yaml", text, &e);
	struct profile_captures c;
	struct arena a = {0};
	size_t i;

	if (p == NULL) {
		if (!sv_starts(sv_of(e.msg), "p.yaml:"))
			abort();
		return 0;
	}
	if (p->n_criteria == 0 || p->zone == NULL || p->name.n == 0)
		abort();
	for (i = 0; i < p->n_evidence; i++)
		if (p->evidence[i].id.n == 0)
			abort();
	/* The profile's own lines as names of files. */
	while (size > 0 && sv_split(&text, '\n', &line))
		if (profile_snapshot_rule(p, line, &c) != NULL)
			profile_fill(&a, p->title, &c);
	arena_free(&a);
	profile_free(p);
	return 0;
}
