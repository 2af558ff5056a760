/*
 * checked - the outages of series of 1 and 0, over any source of samples.
 *
 * Knows series; what an outage is, is checks.h's.
 */
#ifndef SOAK_JUDGE_CHECKED_H
#define SOAK_JUDGE_CHECKED_H

#include "judge/checks.h"
#include "promql/promql.h"

/* Its checks in o->window, measured: 1, 0 there is none, -1. out is owned by the arena. */
int checked_series(struct pq_source *src, const struct pq_series *s, const struct checks_opts *o, struct arena *a, struct availability *out,
    struct err *e);

/* What a sample says of a check: 1 is good, 0 is bad; all else, NaN too, is no reading. False: none. */
bool checked_reading(const struct pq_sample *m, struct check *out);

#endif
