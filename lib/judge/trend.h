/*
 * trend - lines through the bucket medians of each series and life of a process: the measuring half of the kind trend.
 */
#ifndef SOAK_JUDGE_TREND_H
#define SOAK_JUDGE_TREND_H

#include "judge/query.h"

#define TREND_BUCKETS 24 /* slo-signoff B: a good aim against autocorrelation */
#define TREND_LEAST 8    /* fewer buckets say nothing */
#define TREND_MOST 500

enum trend_of { TREND_MEDIAN, TREND_MIN, TREND_MAX };

struct trend_plan {
	const struct pq_expr *x;
	struct sv text;
	double allowed;     /* growth over the horizon; or the limit that must not be reached */
	bool share, absolute, down; /* allowed is a share of the level; allowed is a limit; what falls is bad */
	int64_t horizon;    /* ms; TIME_NONE: the window's length */
	int64_t warm_up;    /* ms cut from the beginning */
	bool warm_auto;     /* cut by MSER instead */
	size_t buckets;
	enum trend_of of;
};

struct trend_line { /* one series in one life; amounts in the plan's unit, positive where it gets worse */
	const struct labels *labels;
	size_t n;           /* buckets */
	double level;       /* of the line where it begins */
	double growth, low, high; /* over the horizon, with 95 % interval */
	double allowed;
	double p;           /* Mann-Kendall */
};

struct trend_data {
	struct trend_line *line;
	size_t n, n_series;
	size_t unjudged;    /* series or lives with fewer than TREND_LEAST buckets, or without a level to take a share of */
	size_t restarts;
	int64_t horizon;
	struct coverage coverage; /* of the series covered worst */
	struct sv why;      /* nothing could be judged, because ...; else "" */
};

/* Evaluates the plan over the spans. All owned by j's arena. 0 or -1. */
int trend_measure(struct judging *j, const struct trend_plan *p, const struct span *span, size_t n, struct sources *s,
    struct trend_data *out, struct err *e);

#endif
