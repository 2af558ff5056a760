/*
 * score - the share of all weights that passed, for those who gate by one number.
 *
 * It is one more condition: it never makes good what a criterion, the evidence or a contradiction spoils.
 */
#ifndef SOAK_JUDGE_SCORE_H
#define SOAK_JUDGE_SCORE_H

#include "judge/judge.h"

/* Fills in v->score from the criteria's results. Texts are owned by v's arena. */
void score_judge(struct verdict *v);

#endif
