/*
 * turn - one evaluation of one rule at one time: states, labels, annotations, what it records.
 *
 * Knows one time; when rules run, and in which order, is replay.c's.
 */
#ifndef SOAK_RULES_TURN_H
#define SOAK_RULES_TURN_H

#include "rules/replay.h"

#define ALERTS "ALERTS"
#define FOR_STATE "ALERTS_FOR_STATE"

/* Evaluates rule, one of r's, at t of its group. A rule that fails is counted; -1 is trouble with the source. */
int turn_run(struct replay *r, struct replay_rule *rule, int64_t t, struct err *e);

#endif
