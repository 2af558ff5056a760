/*
 * window - a name from the profile ("run", "chaos", "steady") as spans of time.
 */
#ifndef SOAK_JUDGE_WINDOW_H
#define SOAK_JUDGE_WINDOW_H

#include "judge/kind.h"

/* Fills j->v->windows: "run" first, then the profile's. Needs j->v->run. 0 or -1. */
int window_resolve_all(struct judging *j, struct err *e);

/* Does only a person (soak-ingest --event) say that w was at t? 1, 0 or -1. */
int window_manual(struct judging *j, const struct profile_when *w, int64_t t, struct err *e);

/* Is there a window of that name in the profile? 0, or -1 with at's place. */
int window_check(const struct profile *p, const struct doc *at, struct sv name, struct err *e);

#endif
