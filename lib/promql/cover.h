/*
 * cover - how much of the time that an expression reads its samples cover, selector by selector.
 *
 * A maximum over two days of which only the good hours are left is a maximum of the good hours: this is where one learns so.
 * docs/rules.md 15 says what counts as covered. Knows series and times; never knows what is required of them.
 */
#ifndef SOAK_PROMQL_COVER_H
#define SOAK_PROMQL_COVER_H

#include "promql/eval.h"

#define PQ_COVER_LEAST 6 /* samples that a series must have to show how far apart its samples usually are */

struct pq_stretch {
	int64_t from, to; /* ms */
};

struct pq_cover_opts {
	const struct pq_stretch *owed; /* of what is read only this must be there, in order, not overlapping; what is read outside
	                                * of all of it is owed as it is */
	size_t n;                      /* 0: all that is read */
	bool births; /* a series owes nothing before its first sample when its target had answered before */
};

/* Of the selector that is covered least. */
struct pq_cover {
	const struct pq_expr *x; /* PQ_SELECT or PQ_RANGE; NULL: nothing is read that could be missing (numbers, absent()) */
	struct sv series;        /* the series of it that lacks most, as text; "" when all of them together do */
	int64_t window, covered; /* ms; at one moment: the lookback, and the share of it that stands for the series seen */
	int64_t first, last;     /* samples read; TIME_NONE none */
	int64_t samples;         /* read */
	int64_t expected;        /* there should be; 0: not known */
	int64_t longest_gap;     /* between two of them */
	size_t known, present;   /* at one moment: series that were there before or then, and those that are there */
	int64_t least;           /* samples that the selector with the fewest reads */
};

/*
 * A gap is what lies between two samples of a series that are more than one and a half of its usual interval apart; half an
 * interval on both sides of it counts as seen. Series that differ in nothing but in which instance they are of may take
 * each other's place when some of them begin later than others; else each owes all of the time. What rate() and its like read are
 * counters: they owe nothing before they are born, while their target has series of the metric. Memory from the arena. 0 or -1.
 */
int pq_cover(struct pq_source *src, const struct pq_expr *x, const struct pq_query *q, const struct pq_cover_opts *o,
    struct arena *a, struct pq_cover *out, struct err *e);

#endif
