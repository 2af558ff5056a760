/*
 * rounds - what was read out at each checkpoint: values, or bad ones of a total, by the runs that should have told them, series
 * by series. Knows no limits.
 */
#ifndef SOAK_JUDGE_ROUNDS_H
#define SOAK_JUDGE_ROUNDS_H

#include "base/mem.h"
#include "judge/slots.h"

struct rounds_plan {
	const struct pq_selector *value;       /* or, both: */
	const struct pq_selector *bad, *total;
	const struct pq_selector *zero_when;   /* where this is 0, value is 0 without being told; NULL none */
	bool negative;                         /* values may lie below 0; a count never does */
	struct slot_plan runs;                 /* whose they are */
};

struct measure {
	int64_t t;
	struct labels labels;  /* of the value's or total's series */
	double value;          /* of a total: 1 - bad / total, NaN where nothing was counted */
	double bad, total;
	bool absurd;           /* a count below 0: no reading; value is NaN */
	size_t run;            /* of the runs; n_runs: of none that is known */
};

struct untold { /* a run without the value of a series that other runs tell of */
	size_t run;
	const struct labels *labels; /* NULL: it tells of none */
};

struct rounds {
	struct slots runs;     /* owns all; see slots.h */
	struct measure *v;     /* in order of time */
	size_t n;
	bool *measured;        /* of each run: is there a value? */
	struct untold *untold; /* in order of time */
	size_t n_untold;
	size_t n_series;       /* that any run tells of; 0 with zero_when, where absence is a value */
};

/* Reads what lies in the span, or up to the tolerance outside of it. 0 or -1. Free either way. */
int rounds_read(struct judging *j, const struct rounds_plan *p, struct span span, struct rounds *out, struct err *e);
void rounds_free(struct rounds *r);

/* How much of the span [t - back, t] of all that was measured covers, each moment once. */
int64_t rounds_covered(const struct rounds *r, int64_t back, struct span span);

#endif
