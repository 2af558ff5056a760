/*
 * decide - from results to the decision: docs/rules.md 19.
 */
#ifndef SOAK_JUDGE_DECIDE_H
#define SOAK_JUDGE_DECIDE_H

#include "judge/judge.h"

/*
 * Sets outcome, decision, headline and reasons from criteria, evidence and contradictions. NO-GO: any FAIL that is not
 * waived (strict: any WARN, too), any contradiction that stands. Else INCONCLUSIVE: anything required that is inconclusive or
 * missing, snapshots whose times are in doubt, or nothing required that passed. Else GO, or GO WITH WAIVERS.
 */
void decide(struct verdict *v, bool strict);

#endif
