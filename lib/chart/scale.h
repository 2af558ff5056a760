/*
 * scale - where the ticks of an axis lie and what they say. Private to lib/chart.
 */
#ifndef SOAK_CHART_SCALE_H
#define SOAK_CHART_SCALE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* An axis in percent that ends at 100: ticks at 100, 100 - step, ..., 100 - intervals * step (its lower end). */
struct scale_values {
	double step; /* 1, 2, 2.5 or 5 times a power of ten */
	int intervals;
	int decimals; /* of every label */
};

/* The axis that shows everything from lowest (a ratio, cut to 0..1) up, with 4 to 6 ticks. */
struct scale_values scale_percent(double lowest);
/* Tick i (0 is the top) in percent; and as the ratio at the axis' lower end. */
double scale_tick(const struct scale_values *s, int i);
double scale_low(const struct scale_values *s);

struct scale_time {
	int64_t t;
	const char *label; /* "06:00", "12 Jan" or "2026" */
	const char *date;  /* second row; NULL: nothing */
};

/*
 * About want ticks (at least 1) in [from, to], on round times of the UTC calendar (the ladder of d3-time, charts.md
 * 2.2, and below it milliseconds, above it years by 1-2-5). The date, and "UTC" once, stand at the first tick and
 * where the date changes. Needs from < to, years 1 to 9999. Owned by the arena. Gives their number.
 */
size_t scale_times(int64_t from, int64_t to, double want, struct arena *a, struct scale_time **tick);

/* "12 Jan" of the day an instant is in (UTC), with its year "12 Jan 2026". */
const char *scale_date(int64_t ms, bool year, struct arena *a);

#endif
