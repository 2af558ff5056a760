/*
 * claims - what the artifacts say about the run, against what was recomputed: docs/rules.md 17.
 */
#ifndef SOAK_JUDGE_CLAIMS_H
#define SOAK_JUDGE_CLAIMS_H

#include "judge/kind.h"

/* Fills v->claims and v->contradictions (samples that conflict included). 0 or -1. */
int claims_judge(struct judging *j, struct err *e);

/* Checks quantities and claim definitions without evidence. 0 or -1 with the place. */
int claims_check(const struct profile *p, struct err *e);

#endif
