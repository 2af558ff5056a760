/*
 * versus_plan - what a criterion asks of two runs: the spec of the kind compare, or an sli without a limit.
 */
#ifndef SOAK_JUDGE_VERSUS_PLAN_H
#define SOAK_JUDGE_VERSUS_PLAN_H

#include "judge/versus.h"

/* From a criterion of the kind compare. 0, or -1 with the place. Owned by the arena. */
int versus_plan_of_compare(struct arena *a, const struct profile_criterion *c, struct versus_plan *p, struct err *e);

/* From an sli that is a ratio: 1; 0 when it is none; -1. */
int versus_plan_of_sli(struct arena *a, const struct profile_criterion *c, struct versus_plan *p, struct err *e);

#endif
