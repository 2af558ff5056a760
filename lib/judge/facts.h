/*
 * facts - expressions over what the artifacts say the run was: "configuration.rps * configuration.hours * 3600".
 */
#ifndef SOAK_JUDGE_FACTS_H
#define SOAK_JUDGE_FACTS_H

#include "judge/kind.h"

/* Grammar only. 0 or -1 with the node's place. */
int facts_check(const struct doc *node, struct err *e);

/*
 * The value of an expression over run facts by path, run.start, run.end, run.duration in ms (the planned duration
 * where one is stated) and the profile's quantities (exact counter increases over the run). 1 and *v; 0 when a fact is missing, not a number, below 0 or stated in two ways (*why says which, owned
 * by j's arena); -1 on error.
 */
int facts_value(struct judging *j, struct sv text, double *v, struct sv *why, struct err *e);

#endif
