/*
 * recovery - how long after each fault it took until all was well again: the measuring half of the kind recovery.
 *
 * Samples see a recovery only from one to the next, so each is an interval: more than low, at most high.
 */
#ifndef SOAK_JUDGE_RECOVERY_H
#define SOAK_JUDGE_RECOVERY_H

#include "judge/comparison.h"
#include "judge/sources.h"

enum recovery_after {
	RECOVERY_EVENT,  /* the fault ends with an event */
	RECOVERY_WINDOW, /* with a window */
	RECOVERY_EXPR,   /* when an expression begins to hold: a dependency is back */
	RECOVERY_OUTAGE, /* not known: the whole outage is an upper bound */
};

struct recovery_plan {
	struct comparison healthy;
	enum recovery_after after;
	struct sv name;           /* of the event or the window */
	struct comparison back;   /* RECOVERY_EXPR */
	int64_t within;           /* ms */
	int64_t hold;             /* so many samples in a row must be healthy */
};

struct fault { /* its end lies in [from, to] */
	int64_t from, to;
};

struct recovered {
	struct fault fault;
	int64_t low, high;  /* ms: more than low, at most high; high TIME_NONE: not seen to recover */
	bool seen;          /* it was not healthy at some sample after the fault */
	size_t looks;       /* samples looked at */
	int64_t until;      /* they end here */
};

struct recovery_data {
	struct recovered *v;
	size_t n;
	struct sv why; /* no fault is known, or nothing can be said, because ...; else "" */
};

/* Finds the faults in the spans and measures each. All owned by j's arena. 0 or -1. */
int recovery_measure(struct judging *j, const struct recovery_plan *p, const struct span *span, size_t n, struct sources *s,
    struct recovery_data *out, struct err *e);

#endif
