/*
 * promql_series - samples for tests of PromQL, in memory, in the notation of Prometheus' own tests (promql/notation.h):
 *
 *	load 30s
 *	  up{job="a"} 1 1 _ stale NaN
 *	  reqs{job="a"} 0+10x20 3x2 _x3
 *
 * The first stands at 0. Several "load" lines may follow each other.
 */
#ifndef PROMQL_SERIES_H
#define PROMQL_SERIES_H

#include "base/time.h"
#include "promql/memory_source.h"

/* False when the text is not as it should be. Ends with pq_memory_free(). */
static inline bool
memory_load(struct pq_memory *m, const char *text)
{
	struct sv rest = sv_of(text), line;
	struct pq_notation n;
	struct arena a = {0};
	int64_t step = 0;
	bool ok = true;

	pq_memory_init(m);
	while (ok && sv_split(&rest, '\n', &line)) {
		line = sv_trim(line);
		if (line.n == 0)
			continue;
		if (sv_starts(line, "load "))
			ok = time_duration(sv_from(line, 5), &step);
		else
			ok = pq_notation_parse(&a, line, &n, NULL) == 0 && pq_memory_load(m, &n, 0, step, NULL) == 0;
	}
	arena_free(&a);
	return ok;
}

#endif
