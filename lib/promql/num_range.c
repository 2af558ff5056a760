/* Counters and trends over a range: rate(), delta(), resets(), deriv() ... */
#include "promql/numeric.h"

#include <math.h>
#include <string.h>

#include "promql/num_in.h"

static double
seconds(int64_t ms)
{
	return (double)ms / 1000;
}

/* A range in seconds, rounded as Go's Duration.Seconds() does: whole seconds plus the rest. */
static double
range_seconds(int64_t ms)
{
	return (double)(ms / 1000) + (double)(ms % 1000 * 1000000) / 1e9;
}

/* The last value less the first; for a counter what was lost at each reset comes on top. */
static double
change(const struct pq_window *w, bool counter)
{
	double v = w->s[w->n - 1].v - w->s[0].v;
	size_t i;

	for (i = 1; counter && i < w->n; i++)
		if (w->s[i].v < w->s[i - 1].v)
			v += w->s[i - 1].v;
	return v;
}

/*
 * The factor from the time that was sampled to the time that is answered for. A gap between the edge of the range and
 * the sample next to it is taken as sampled if it is less than 1.1 average intervals; beyond that the series is assumed
 * to begin (end) half an interval outside of its samples. A counter is not followed back below zero.
 */
static double
extrapolation(const struct pq_window *w, bool counter, double total)
{
	double to_start = seconds(w->s[0].t - w->from);
	double to_end = seconds(w->to - w->s[w->n - 1].t);
	double sampled = seconds(w->s[w->n - 1].t - w->s[0].t);
	double average = sampled / (double)(w->n - 1), limit = average * 1.1, to_zero;

	/* Prometheus 3 follows the counter back from the cut, 2 cut what was left; sparse series differ. */
	if (to_start >= limit && !w->zero_first)
		to_start = average / 2;
	if (counter && total > 0 && w->s[0].v >= 0) {
		to_zero = sampled * (w->s[0].v / total);
		if (to_zero < to_start)
			to_start = to_zero;
	}
	if (to_start >= limit)
		to_start = average / 2;
	if (to_end >= limit)
		to_end = average / 2;
	return (sampled + to_start + to_end) / sampled;
}

static bool
extrapolated(const struct pq_window *w, bool counter, bool per_second, double *out)
{
	double total, factor;

	if (w->extend != PQ_PLAIN) {
		if (!pq_extended_change(w, counter, out))
			return false;
		*out /= per_second ? range_seconds(w->to - w->from) : 1;
		return true;
	}
	if (w->n < 2)
		return false;
	total = change(w, counter);
	factor = extrapolation(w, counter, total);
	if (per_second)
		factor /= range_seconds(w->to - w->from);
	*out = total * factor;
	return true;
}

static bool
rate(const struct pq_window *w, const double *arg, double *out)
{
	(void)arg;
	return extrapolated(w, true, true, out);
}

static bool
increase(const struct pq_window *w, const double *arg, double *out)
{
	(void)arg;
	return extrapolated(w, true, false, out);
}

static bool
delta(const struct pq_window *w, const double *arg, double *out)
{
	(void)arg;
	return extrapolated(w, false, false, out);
}

/* Of the last two samples. */
static bool
idelta(const struct pq_window *w, const double *arg, double *out)
{
	(void)arg;
	if (w->n < 2 || w->s[w->n - 1].t == w->s[w->n - 2].t)
		return false;
	*out = w->s[w->n - 1].v - w->s[w->n - 2].v;
	return true;
}

static bool
irate(const struct pq_window *w, const double *arg, double *out)
{
	const struct pq_sample *last;

	if (!idelta(w, arg, out))
		return false;
	last = &w->s[w->n - 1];
	if (last[0].v < last[-1].v)
		*out = last[0].v; /* a reset: counted from 0 */
	*out /= seconds(last[0].t - last[-1].t);
	return true;
}

static bool
resets(const struct pq_window *w, const double *arg, double *out)
{
	struct pq_window anchored;
	size_t i, n = 0;

	(void)arg;
	if (w->extend != PQ_PLAIN) {
		if (!pq_anchored_samples(w, &anchored))
			return false;
		w = &anchored;
	}
	for (i = 1; i < w->n; i++)
		n += w->s[i].v < w->s[i - 1].v;
	*out = (double)n;
	return true;
}

/* From NaN to NaN is no change. */
static bool
changes(const struct pq_window *w, const double *arg, double *out)
{
	struct pq_window anchored;
	size_t i, n = 0;

	(void)arg;
	if (w->extend != PQ_PLAIN) {
		if (!pq_anchored_samples(w, &anchored))
			return false;
		w = &anchored;
	}
	for (i = 1; i < w->n; i++)
		n += w->s[i].v != w->s[i - 1].v && !(isnan(w->s[i].v) && isnan(w->s[i - 1].v));
	*out = (double)n;
	return true;
}

static bool
is_constant(const struct pq_window *w)
{
	size_t i;

	for (i = 1; i < w->n; i++)
		if (w->s[i].v != w->s[0].v)
			return false;
	return true;
}

/* The least-squares line v = slope * x + intercept, x in seconds from the time "zero". */
static void
fit(const struct pq_window *w, int64_t zero, double *slope, double *intercept)
{
	struct pq_sum sum_x = {0}, sum_y = {0}, sum_xy = {0}, sum_xx = {0};
	double n = (double)w->n, x, y, all_x, all_y, cov, var;
	size_t i;

	if (is_constant(w)) {
		*slope = isinf(w->s[0].v) ? NAN : 0;
		*intercept = isinf(w->s[0].v) ? NAN : w->s[0].v;
		return;
	}
	for (i = 0; i < w->n; i++) {
		x = seconds(w->s[i].t - zero);
		y = w->s[i].v;
		pq_sum_add(&sum_x, x);
		pq_sum_add(&sum_y, y);
		pq_sum_add(&sum_xy, x * y);
		pq_sum_add(&sum_xx, x * x);
	}
	all_x = sum_x.sum + sum_x.c;
	all_y = sum_y.sum + sum_y.c;
	cov = sum_xy.sum + sum_xy.c - all_x * all_y / n;
	var = sum_xx.sum + sum_xx.c - all_x * all_x / n;
	*slope = cov / var;
	*intercept = all_y / n - *slope * all_x / n;
}

static bool
deriv(const struct pq_window *w, const double *arg, double *out)
{
	double intercept;

	(void)arg;
	if (w->n < 2)
		return false;
	/* Any zero would do in theory; one near the samples keeps the digits. */
	fit(w, w->s[0].t, out, &intercept);
	return true;
}

/* arg[0]: how many seconds after the evaluation time, whatever offset or @ moved the range to. */
static bool
predict_linear(const struct pq_window *w, const double *arg, double *out)
{
	double slope, intercept;

	if (w->n < 2)
		return false;
	fit(w, w->at, &slope, &intercept);
	*out = slope * arg[0] + intercept;
	return true;
}

static bool
double_exponential_smoothing(const struct pq_window *w, const double *arg, double *out)
{
	double before = 0, now = w->s[0].v, trend, next;
	size_t i;

	if (w->n < 2)
		return false;
	trend = w->s[1].v - w->s[0].v;
	for (i = 1; i < w->n; i++) {
		if (i > 1)
			trend = arg[1] * (now - before) + (1 - arg[1]) * trend;
		next = arg[0] * w->s[i].v + (1 - arg[0]) * (now + trend);
		before = now;
		now = next;
	}
	*out = now;
	return true;
}

static const char *
wrong_factors(const double *arg)
{
	if (arg[0] <= 0 || arg[0] >= 1)
		return "invalid smoothing factor. Expected: 0 < sf < 1";
	return arg[1] <= 0 || arg[1] >= 1 ? "invalid trend factor. Expected: 0 < tf < 1" : NULL;
}

/* Sorted by name. */
static const struct pq_range_function functions[] = {
	{"changes", changes, false, NULL},
	{"delta", delta, false, NULL},
	{"deriv", deriv, false, NULL},
	{"double_exponential_smoothing", double_exponential_smoothing, false, wrong_factors},
	{"idelta", idelta, false, NULL},
	{"increase", increase, false, NULL},
	{"irate", irate, false, NULL},
	{"predict_linear", predict_linear, false, NULL},
	{"rate", rate, false, NULL},
	{"resets", resets, false, NULL},
};

int
pq_name_compare(const void *name, const void *entry)
{
	return strcmp(name, *(const char *const *)entry);
}

const struct pq_range_function *
pq_range_function_find(const char *name)
{
	const struct pq_range_function *f = pq_over_time_find(name);

	if (f != NULL)
		return f;
	return pq_table_find(functions, name);
}
