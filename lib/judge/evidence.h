/*
 * evidence - is what the profile says must be there really there, whole and with a time?
 */
#ifndef SOAK_JUDGE_EVIDENCE_H
#define SOAK_JUDGE_EVIDENCE_H

#include "judge/kind.h"

/* Fills v->evidence; needs v->inputs, v->problems, v->run and the targets' lives. Cannot fail. */
void evidence_judge(struct judging *j);

#endif
