/*
 * sums - what an artifact says of its own totals, without any definition: parts that do not add up to their total, shares
 * of which no two make 100 %.
 *
 * Only where the names leave no doubt: beside "total" stand nothing but counts of outcomes ("ok", "failed", "denied"), or
 * all rates are of such. docs/rules.md 17.
 */
#ifndef SOAK_JUDGE_SUMS_H
#define SOAK_JUDGE_SUMS_H

#include "judge/reckon.h"

/* Contradictions among the claims of each artifact; those that the profile's own checks speak of are left to them. */
void sums_audit(struct reckoning *k);

#endif
