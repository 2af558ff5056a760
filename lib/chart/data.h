/*
 * data - what charts are drawn from: points, and the gaps between them as a type of their own.
 */
#ifndef SOAK_CHART_DATA_H
#define SOAK_CHART_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

/* Time axes: x is milliseconds since 1970, which a double holds exactly. */
struct chart_point {
	double x, y; /* y is never NaN in a struct chart_data */
};

/* A stretch of the axis in which nothing was measured: never shorter than a millisecond, never beside another. */
struct chart_gap {
	int64_t from, to;
};

/* Points in order of x, and where they must not be joined: between point[i - 1] and point[i] for each i in cut. */
struct chart_data {
	const struct chart_point *point;
	size_t n;
	const size_t *cut; /* ascending, 1..n-1 */
	size_t n_cuts;
	double interval;   /* what lies between two samples as a rule; 0 unknown */
	size_t dropped;    /* how many of what was given were no numbers */
};

/*
 * Takes points in order of x (equal x: the last counts) and finds the gaps: two neighbours further apart than 1.5 times the
 * interval (given, or 0: the median one), or with a NaN between them. Fewer than three points of unknown interval
 * are not joined. Owned by the arena.
 */
struct chart_data chart_data(const struct chart_point *p, size_t n, double interval, struct arena *a);

/* The stretches of [from, to] in which none of the n series has data, at least one interval long. Their number. */
size_t chart_gaps(const struct chart_data *const *d, size_t n, int64_t from, int64_t to, struct arena *a,
    struct chart_gap **out);

struct chart_band { /* a window: a chaos phase */
	int64_t from, to;
	struct sv label;
};

enum chart_flag_kind {
	FLAG_EVENT,
	FLAG_RESTART,
	FLAG_TICK, /* one of many: a tick above the plot, no line through it */
};
struct chart_flag {
	int64_t t;
	enum chart_flag_kind kind;
	struct sv label;
};

#endif
