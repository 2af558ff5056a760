/*
 * axis - the ticks of an axis of values, straight or logarithmic, in a unit. Private to lib/chart.
 */
#ifndef SOAK_CHART_AXIS_H
#define SOAK_CHART_AXIS_H

#include "chart/unit.h"

#define AXIS_MOST 16

struct axis_tick {
	double v;
	struct sv label; /* the number */
};

struct axis {
	double low, high; /* what the axis spans */
	bool log;
	struct axis_tick tick[AXIS_MOST]; /* rising */
	size_t n;
	struct sv unit; /* " GiB": follows the topmost label */
};

struct axis_wish {
	double low, high;  /* of the data; low > high: there is none */
	double min, max;   /* fixed by the user; NaN: not */
	bool log, zero;    /* zero: the axis starts there whatever the data */
	double ticks;      /* about so many */
	struct unit unit;
};

/*
 * Straight: ticks on 1, 2, 2.5, 5 times powers of ten (of 1024 and of 60 where the unit is made so), the axis ending on
 * ticks unless fixed. Logarithmic: decades, with 2 and 5 between them where they are few; without a positive value it is
 * straight. Labels are the arena's.
 */
void axis_make(struct axis *x, const struct axis_wish *w, struct arena *a);
/* 0 at the lower end, 1 at the upper; cut to that when clamp. */
double axis_at(const struct axis *x, double v, bool clamp);

#endif
