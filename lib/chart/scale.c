#include "chart/scale.h"

#include <math.h>
#include <stdlib.h>

#include "base/time.h"

/* Below this an axis in percent would show the noise of the arithmetic. */
#define LEAST_SPAN 1e-6

/* How much axis is left empty, and how far the number of ticks is from five intervals. */
static double
badness(double need, double step, int intervals, double mantissa)
{
	double span = intervals * step;

	return (span - need) / span + 0.05 * abs(5 - intervals) + (mantissa == 2.5 ? 0.06 : 0);
}

struct scale_values
scale_percent(double lowest)
{
	static const double mantissa[] = {1, 2, 2.5, 5};
	struct scale_values best = {.step = 20, .intervals = 5, .decimals = 0};
	double need, least = INFINITY;
	int exponent;
	size_t i;

	need = 100 * (1 - (lowest >= 0 ? fmin(lowest, 1) : 0));
	need = fmax(need, LEAST_SPAN);
	for (exponent = -8; exponent <= 1; exponent++) {
		for (i = 0; i < sizeof(mantissa) / sizeof(mantissa[0]); i++) {
			double step = mantissa[i] * pow(10, exponent), bad;
			/* 3.0000000001 steps are three: 1 - 0.97 is not 0.03. */
			double intervals = ceil(need / step - 1e-6);
			int digits = mantissa[i] == 2.5 ? 1 - exponent : -exponent;

			if (intervals < 3 || intervals > 5 || intervals * step > 100 + 1e-9)
				continue;
			bad = badness(need, step, (int)intervals, mantissa[i]);
			if (bad < least) {
				least = bad;
				best = (struct scale_values){step, (int)intervals, digits > 0 ? digits : 0};
			}
		}
	}
	return best;
}

double
scale_tick(const struct scale_values *s, int i)
{
	return 100 - i * s->step;
}

double
scale_low(const struct scale_values *s)
{
	double low = scale_tick(s, s->intervals) / 100;

	return low > 0 ? low : 0;
}

/* Steps of fixed length in milliseconds, then of calendar months. */
static const struct rung {
	int64_t ms, months;
} ladder[] = {
	{1, 0}, {2, 0}, {5, 0}, {10, 0}, {20, 0}, {50, 0}, {100, 0}, {200, 0}, {500, 0},
	{TIME_SECOND, 0}, {5 * TIME_SECOND, 0}, {15 * TIME_SECOND, 0}, {30 * TIME_SECOND, 0},
	{TIME_MINUTE, 0}, {5 * TIME_MINUTE, 0}, {15 * TIME_MINUTE, 0}, {30 * TIME_MINUTE, 0},
	{TIME_HOUR, 0}, {3 * TIME_HOUR, 0}, {6 * TIME_HOUR, 0}, {12 * TIME_HOUR, 0},
	{TIME_DAY, 0}, {2 * TIME_DAY, 0}, {7 * TIME_DAY, 0},
	{30 * TIME_DAY, 1}, {91 * TIME_DAY, 3}, {365 * TIME_DAY, 12}, {730 * TIME_DAY, 24},
	{1826 * TIME_DAY, 60}, {3652 * TIME_DAY, 120}, {7305 * TIME_DAY, 240}, {18262 * TIME_DAY, 600},
	{36524 * TIME_DAY, 1200}, {73049 * TIME_DAY, 2400}, {182621 * TIME_DAY, 6000},
	{365243 * TIME_DAY, 12000}, {730485 * TIME_DAY, 24000},
};

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static const struct rung *
rung_for(int64_t span, double want)
{
	double step = (double)span / fmax(want, 1), least = INFINITY;
	const struct rung *best = &ladder[0];
	size_t i;

	for (i = 0; i < sizeof(ladder) / sizeof(ladder[0]); i++) {
		double off = fabs(log((double)ladder[i].ms / step));

		if (off < least) {
			least = off;
			best = &ladder[i];
		}
	}
	return best;
}

/* The k-th tick since 1970 of a rung; weeks begin on Mondays, and 1970 began on a Thursday. */
static int64_t
tick_at(const struct rung *r, int64_t k)
{
	if (r->months > 0) {
		int64_t month = k * r->months;

		return time_days(1970 + floor_div(month, 12), (int)(month - 12 * floor_div(month, 12)) + 1, 1) *
		    TIME_DAY;
	}
	return k * r->ms + (r->ms == 7 * TIME_DAY ? 4 * TIME_DAY : 0);
}

static int64_t
first_tick(const struct rung *r, int64_t from)
{
	int64_t year, k = floor_div(from, r->ms) - 1;
	int month, day;

	if (r->months > 0) {
		time_date(floor_div(from, TIME_DAY), &year, &month, &day);
		k = floor_div((year - 1970) * 12 + month - 1, r->months);
	}
	while (tick_at(r, k) < from)
		k++;
	return k;
}

const char *
scale_date(int64_t ms, bool with_year, struct arena *a)
{
	static const char name[12][4] = {
	    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	int64_t year;
	int month, day;

	time_date(floor_div(ms, TIME_DAY), &year, &month, &day);
	if (with_year)
		return arena_fmt(a, "%d %s %lld", day, name[month - 1], (long long)year);
	return arena_fmt(a, "%d %s", day, name[month - 1]);
}

static int64_t
year_of(int64_t ms)
{
	int64_t year;
	int month, day;

	time_date(floor_div(ms, TIME_DAY), &year, &month, &day);
	return year;
}

static const char *
clock_label(int64_t t, int64_t step, struct arena *a)
{
	int64_t ms = t - floor_div(t, TIME_DAY) * TIME_DAY;
	int h = (int)(ms / TIME_HOUR), m = (int)(ms / TIME_MINUTE % 60), s = (int)(ms / TIME_SECOND % 60);

	if (step < TIME_SECOND)
		return arena_fmt(a, "%02d:%02d:%02d.%03d", h, m, s, (int)(ms % TIME_SECOND));
	if (step < TIME_MINUTE)
		return arena_fmt(a, "%02d:%02d:%02d", h, m, s);
	return arena_fmt(a, "%02d:%02d", h, m);
}

static void
name_tick(struct scale_time *tick, const struct scale_time *before, const struct rung *r, struct arena *a)
{
	bool new_year = before == NULL || year_of(before->t) != year_of(tick->t);

	if (r->months >= 12) {
		tick->label = arena_fmt(a, "%lld", (long long)year_of(tick->t));
		tick->date = before == NULL ? "UTC" : NULL;
	} else if (r->ms >= TIME_DAY) {
		tick->label = scale_date(tick->t, false, a);
		if (new_year)
			tick->date = arena_fmt(a, before == NULL ? "%lld, UTC" : "%lld", (long long)year_of(tick->t));
	} else {
		tick->label = clock_label(tick->t, r->ms, a);
		if (before == NULL)
			tick->date = arena_fmt(a, "%s, UTC", scale_date(tick->t, true, a));
		else if (floor_div(before->t, TIME_DAY) != floor_div(tick->t, TIME_DAY))
			tick->date = scale_date(tick->t, new_year, a);
	}
}

size_t
scale_times(int64_t from, int64_t to, double want, struct arena *a, struct scale_time **tick)
{
	const struct rung *r = rung_for(to - from, want);
	int64_t k = first_tick(r, from);
	size_t n = 0, i;

	while (tick_at(r, k + (int64_t)n) <= to)
		n++;
	*tick = arena_new(a, n, sizeof(**tick));
	for (i = 0; i < n; i++) {
		(*tick)[i].t = tick_at(r, k + (int64_t)i);
		name_tick(&(*tick)[i], i == 0 ? NULL : &(*tick)[i - 1], r, a);
	}
	return n;
}
