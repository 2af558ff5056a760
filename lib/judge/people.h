/*
 * people - what persons add to a verdict: they state what no artifact can say, and they accept what failed.
 *
 * Neither is evidence. Both are named, dated and marked in every output: docs/rules.md 20 and 22.
 */
#ifndef SOAK_JUDGE_PEOPLE_H
#define SOAK_JUDGE_PEOPLE_H

#include "judge/kind.h"

/* After all criteria were judged. 0, or -1: an attestation for what can be measured. */
int people_attest(struct judging *j, struct err *e);
/* After that. now: docs/rules.md 20, TIME_NONE unknown: then no waiver holds. 0, or -1: a waiver that has expired. */
int people_waive(struct judging *j, int64_t now, struct err *e);

/* What may be stated: 0 or -1 with the place. Needs no evidence. */
int people_check(const struct profile *p, struct err *e);

#endif
