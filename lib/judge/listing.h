/*
 * listing - what was handed in, as the report lists it: artifacts, their problems, events worth a mark.
 */
#ifndef SOAK_JUDGE_LISTING_H
#define SOAK_JUDGE_LISTING_H

#include "judge/kind.h"

/* Fills v->inputs and v->problems. 0 or -1. */
int listing_inputs(struct judging *j, struct err *e);

/* Fills v->marks: events inside the run that occur at most three times, and restarts that only counters show. 0 or -1. */
int listing_marks(struct judging *j, struct err *e);

/* Why an input is of no use: its first problem of severity error, or what is known of it. Owned by the arena. */
struct sv listing_why(const struct judging *j, const struct input_line *in);

#endif
