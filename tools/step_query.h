/*
 * step_query - the times of a query that its user did not state, and what the store cannot place in time.
 */
#ifndef SOAK_TOOLS_STEP_QUERY_H
#define SOAK_TOOLS_STEP_QUERY_H

#include "profile/profile.h"
#include "promql/eval.h"
#include "promql/store_times.h"
#include "store/store.h"

/*
 * Fills in q->start, q->end and q->step. An instant query is at the last sample; start and end of a range query are
 * the first and the last sample; with a profile (else NULL) both are the run's, as far as it knows them. The step gives at
 * most 251 points. 1; 0 when the store holds no sample to go by; -1 with e set.
 */
int step_query_times(struct store *s, const struct profile *p, const struct pq_times *in, struct pq_query *q,
    struct err *e);

/* How many artifacts hold samples that have no time: no query can see them. -1 on error. */
int64_t step_query_untimed(struct store *s, struct err *e);

#endif
