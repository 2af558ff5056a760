/*
 * store_times - the times of a query that its user did not state, from what the store spans.
 */
#ifndef SOAK_PROMQL_STORE_TIMES_H
#define SOAK_PROMQL_STORE_TIMES_H

#include <stdbool.h>

#include "promql/eval.h"
#include "store/store.h"

/* As given by the user: TIME_NONE not given, step 0 not given. A time, or any of the others. */
struct pq_times {
	int64_t time, start, end, step;
};

/* From the first to the last sample; both TIME_NONE when there is none. */
struct pq_extent {
	int64_t first, last;
};

/* What the store spans. 0 or -1. */
int pq_store_extent(struct store *s, struct pq_extent *x, struct err *e);
/* Is the extent needed, because not all was stated? */
bool pq_times_open(const struct pq_times *in);
/*
 * Fills in q->start, q->end and q->step. An instant query is at x->last; a range is that of x, with a step that gives at
 * most 251 points. 1; 0 when x is needed and none; -1 with e set.
 */
int pq_times_fill(const struct pq_times *in, const struct pq_extent *x, struct pq_query *q, struct err *e);

#endif
