/*
 * derive - charts that are not drawn from the samples as they stand: buckets to heat maps and percentiles, courses to
 * states and slopes.
 */
#ifndef SOAK_CHART_DERIVE_H
#define SOAK_CHART_DERIVE_H

#include "chart/model.h"

/* Per upper bound how many observations were at most that large, in the time before each x. */
struct derive_bucket {
	double le; /* +Inf for the last */
	const struct chart_point *p;
	size_t n;
};

/*
 * Columns of shares per bucket, cumulative counts taken apart. Bounds are sorted as numbers, equal ones ("1", "1.0")
 * added. unit: of the bounds. All is the arena's. False when there is nothing: no bucket, or no time at which any counts.
 */
bool derive_heat(const struct derive_bucket *b, size_t n, double interval, const struct unit *unit, struct arena *a, struct chart_heat *out);

/* A quantile of the observations before each x, interpolated within its bucket; inf where it falls into +Inf. NaN: none. */
struct chart_point *derive_quantile(const struct derive_bucket *b, size_t n, double q, struct arena *a, size_t *n_out);
/* The quantile of the sums over all x; *total: of how many. */
double derive_quantile_all(const struct derive_bucket *b, size_t n, double q, double *total);

struct derive_level { /* a value and what it means */
	double from, to; /* v with from <= v <= to */
	struct sv text;
	uint32_t colour; /* 0: by level */
	int level;       /* 0 thin, 1 medium, 2 tall; -1: by the order of the values */
};
/* Stretches of one row in which a series keeps a value; what has no entry is labelled by its number. Appends to spans. */
void derive_spans(const struct chart_data *d, size_t row, double end, const struct derive_level *level, size_t n_levels,
    const struct unit *unit, struct arena *a, struct chart_span *out, size_t *n);
/* At most so many spans does a series make. */
size_t derive_spans_most(const struct chart_data *d);

struct derive_trend {
	bool known;        /* false: fewer than 10 medians */
	double slope;      /* per second */
	double low, high;  /* its 95 % interval */
	double at, value;  /* a point of the line: ms, its value */
	double from, to;   /* of the fit, ms */
	size_t n;          /* medians */
};
/*
 * Theil-Sen (stats/trend.h) over medians of equal spans (at most 300) of the points with from <= x < to.
 */
struct derive_trend derive_trend(const struct chart_data *d, double from, double to);

#endif
