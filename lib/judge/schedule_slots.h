/*
 * schedule_slots - the criterion kind schedule over results: were all checkpoints carried out, each at its time?
 */
#ifndef SOAK_JUDGE_SCHEDULE_SLOTS_H
#define SOAK_JUDGE_SCHEDULE_SLOTS_H

#include "judge/kind.h"

/* As those of a kind, for a spec with "result". */
int schedule_slots_check(const struct profile_criterion *c, struct err *e);
int schedule_slots_judge(struct judging *j, struct criterion_result *r, struct err *e);

#endif
