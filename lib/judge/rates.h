/*
 * rates - the success rates a reader may mean, side by side, and each ratio over time.
 */
#ifndef SOAK_JUDGE_RATES_H
#define SOAK_JUDGE_RATES_H

#include "judge/kind.h"

/*
 * Fills v->rates (docs/rules.md 18: 2xx; as the profile defines good; not 5xx) and v->series (per ratio criterion,
 * for charts). Needs the windows. 0 or -1.
 */
int rates_judge(struct judging *j, struct err *e);

#endif
