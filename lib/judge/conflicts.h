/*
 * conflicts - two artifacts that give one sample two values: a contradiction, unless it is one number printed with more digits
 * and with fewer.
 *
 * The store keeps numbers, not how they were printed: with how many decimals an artifact prints a metric shows in all that the
 * two print of it together. What is printed without decimals is a count, and exact (docs/rules.md 7).
 */
#ifndef SOAK_JUDGE_CONFLICTS_H
#define SOAK_JUDGE_CONFLICTS_H

#include "judge/kind.h"

/* Adds a contradiction for each pair of artifacts that disagree. 0 or -1. */
int conflicts_judge(struct judging *j, struct err *e);

#endif
