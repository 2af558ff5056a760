/*
 * doubt - which rules the samples cannot answer: that such an alert did not fire says nothing.
 *
 * Unanswerable is: a metric or label that was never there (outside absent()), a range that never holds the samples its
 * function needs or is longer than all samples last, samples too far apart for an instant selector, "for" at least as long as the
 * run, failed evaluations, functions that are not supported, a recorded series whose rule is unanswerable, too little of the time covered.
 */
#ifndef SOAK_RULES_DOUBT_H
#define SOAK_RULES_DOUBT_H

#include "rules/replay.h"

/* When a target answered, in order of time. */
struct doubt_scrapes {
	int64_t target; /* pq_series.target */
	int64_t *t;
	size_t n;
};

struct doubt_opts {
	int64_t first;      /* the first sample of all */
	double min_coverage; /* of the time by the targets whose series a rule reads; below is a doubt. 0: not asked */
	const struct doubt_scrapes *scrapes;
	size_t n_scrapes;
};

struct rule_doubts {
	struct sv *why; /* sentences without a full stop, the first is the heaviest; none: it can be answered */
	size_t n;
	bool hollow;    /* it can only have fired because samples are too far apart (rules/hollow.h): that is no evidence */
	double covered; /* of the time, by the target worst off; NaN: not known */
};

/* After replay_run(): out[i] is about r->rule[i]. Owned by the arena. 0 or -1. */
int doubt_rules(struct replay *r, const struct doubt_opts *o, struct arena *a, struct rule_doubts *out, struct err *e);

/* How much of from .. to scrapes cover when each is good for "reach" ms; *gap is the longest time in a row that is not. */
int64_t doubt_covered(const int64_t *t, size_t n, int64_t from, int64_t to, int64_t reach, int64_t *gap);

#endif
