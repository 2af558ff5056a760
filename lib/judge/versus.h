/*
 * versus - one number of two runs: the baseline's, the candidate's, the difference and how sure that is.
 *
 * Shares of exact counter increases by Newcombe's interval; values by their medians per bucket of time (neighbouring samples
 * say the same thing twice), Hodges-Lehmann shift and Mann-Whitney. slo-signoff B, "Two runs".
 */
#ifndef SOAK_JUDGE_VERSUS_H
#define SOAK_JUDGE_VERSUS_H

#include "judge/query.h"
#include "stats/compare.h"

#define VERSUS_BUCKETS 24
#define VERSUS_LEAST 6 /* values of a run; fewer bound nothing */

struct versus_plan {
	const struct pq_selector *total, *bad; /* a share; or */
	const struct pq_expr *expr;            /* values over time; of several series the sum of none: it must be one */
	struct sv text;         /* what is compared */
	bool good;              /* bad is the good part of total */
	bool lower;             /* less is worse */
	bool gate;              /* there is a limit: */
	double allowed;         /* so much worse it may be ... */
	bool relative;          /* ... as a share of the baseline's */
	double min_coverage;    /* so much of both runs' windows must be covered for a pass */
	const struct doc *despite; /* facts that may differ (alike.h); NULL none */
};

enum versus_way { VERSUS_SAME, VERSUS_BETTER, VERSUS_WORSE }; /* SAME: not distinguishable */

struct versus {
	bool known;             /* else why says why not */
	const char *why;
	double baseline, candidate; /* shares, or medians */
	double difference;      /* positive: worse */
	struct stats_interval interval; /* of the difference, 95 % */
	double allowed;         /* in the unit of the difference; NaN: no limit */
	double chance;          /* that a value of the candidate is worse than one of the baseline: 0.5 is no difference; NaN for shares */
	double n_baseline, n_candidate;
	double covered_baseline, covered_candidate; /* shares of the window that were seen */
	const char *unlike;     /* why the two runs cannot be compared (alike.h), though these are the numbers; NULL: they can */
	enum versus_way way;
	enum outcome outcome;   /* of the gate; INCONCLUSIVE without one, where unlike is set, and where too little was seen to pass */
};

/* Compares over the same window of both. 0 or -1. Texts are owned by j's arena. */
int versus_measure(struct judging *j, struct judging *baseline, const struct versus_plan *p, struct sv window, struct sources *s,
    struct versus *out, struct err *e);

#endif
