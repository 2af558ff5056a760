/* sum_over_time() and its like. */
#include "promql/numeric.h"

#include <math.h>

#include "base/mem.h"
#include "promql/num_in.h"

static bool
sum_over_time(const struct pq_window *w, const double *arg, double *out)
{
	struct pq_sum sum = {0};
	size_t i;

	(void)arg;
	for (i = 0; i < w->n; i++)
		pq_sum_add(&sum, w->s[i].v);
	*out = pq_sum_value(&sum);
	return true;
}

static bool
avg_over_time(const struct pq_window *w, const double *arg, double *out)
{
	struct pq_average a = {0};
	size_t i;

	(void)arg;
	for (i = 0; i < w->n; i++)
		pq_average_add(&a, w->s[i].v);
	*out = pq_average_value(&a);
	return true;
}

/* NaN only when all are. */
static bool
min_over_time(const struct pq_window *w, const double *arg, double *out)
{
	double v = w->s[0].v;
	size_t i;

	(void)arg;
	for (i = 1; i < w->n; i++)
		if (w->s[i].v < v || isnan(v))
			v = w->s[i].v;
	*out = v;
	return true;
}

static bool
max_over_time(const struct pq_window *w, const double *arg, double *out)
{
	double v = w->s[0].v;
	size_t i;

	(void)arg;
	for (i = 1; i < w->n; i++)
		if (w->s[i].v > v || isnan(v))
			v = w->s[i].v;
	*out = v;
	return true;
}

static bool
count_over_time(const struct pq_window *w, const double *arg, double *out)
{
	(void)arg;
	*out = (double)w->n;
	return true;
}

static bool
last_over_time(const struct pq_window *w, const double *arg, double *out)
{
	(void)arg;
	*out = w->s[w->n - 1].v;
	return true;
}

static bool
present_over_time(const struct pq_window *w, const double *arg, double *out)
{
	(void)w;
	(void)arg;
	*out = 1;
	return true;
}

static bool
quantile_over_time(const struct pq_window *w, const double *arg, double *out)
{
	double *v = mem_new(w->n, sizeof(*v));
	size_t i;

	for (i = 0; i < w->n; i++)
		v[i] = w->s[i].v;
	*out = pq_quantile(arg[0], v, w->n);
	mem_free(v);
	return true;
}

/* Welford's method with both running values compensated. */
static bool
stdvar_over_time(const struct pq_window *w, const double *arg, double *out)
{
	struct pq_sum mean = {0}, squares = {0};
	double delta;
	size_t i;

	(void)arg;
	for (i = 0; i < w->n; i++) {
		delta = w->s[i].v - (mean.sum + mean.c);
		pq_sum_add(&mean, delta / (double)(i + 1));
		pq_sum_add(&squares, delta * (w->s[i].v - (mean.sum + mean.c)));
	}
	*out = (squares.sum + squares.c) / (double)w->n;
	return true;
}

static bool
stddev_over_time(const struct pq_window *w, const double *arg, double *out)
{
	stdvar_over_time(w, arg, out);
	*out = sqrt(*out);
	return true;
}

static bool
first_over_time(const struct pq_window *w, const double *arg, double *out)
{
	(void)arg;
	*out = w->s[0].v;
	return true;
}

/* The median distance from the median. */
static bool
mad_over_time(const struct pq_window *w, const double *arg, double *out)
{
	double *v = mem_new(w->n, sizeof(*v)), median;
	size_t i;

	(void)arg;
	for (i = 0; i < w->n; i++)
		v[i] = w->s[i].v;
	median = pq_quantile(0.5, v, w->n);
	for (i = 0; i < w->n; i++)
		v[i] = fabs(w->s[i].v - median);
	*out = pq_quantile(0.5, v, w->n);
	mem_free(v);
	return true;
}

static bool
ts_of_first_over_time(const struct pq_window *w, const double *arg, double *out)
{
	(void)arg;
	*out = (double)w->s[0].t / 1000;
	return true;
}

static bool
ts_of_last_over_time(const struct pq_window *w, const double *arg, double *out)
{
	(void)arg;
	*out = (double)w->s[w->n - 1].t / 1000;
	return true;
}

/* Of equal values the last one. */
static bool
ts_of_extreme(const struct pq_window *w, double sign, double *out)
{
	const struct pq_sample *best = w->s;
	size_t i;

	for (i = 1; i < w->n; i++)
		if (sign * w->s[i].v >= sign * best->v || isnan(best->v))
			best = &w->s[i];
	*out = (double)best->t / 1000;
	return true;
}

static bool
ts_of_max_over_time(const struct pq_window *w, const double *arg, double *out)
{
	(void)arg;
	return ts_of_extreme(w, 1, out);
}

static bool
ts_of_min_over_time(const struct pq_window *w, const double *arg, double *out)
{
	(void)arg;
	return ts_of_extreme(w, -1, out);
}

/* Sorted by name. */
static const struct pq_range_function functions[] = {
	{"avg_over_time", avg_over_time, false, NULL},
	{"count_over_time", count_over_time, false, NULL},
	{"first_over_time", first_over_time, true, NULL},
	{"last_over_time", last_over_time, true, NULL},
	{"mad_over_time", mad_over_time, false, NULL},
	{"max_over_time", max_over_time, false, NULL},
	{"min_over_time", min_over_time, false, NULL},
	{"present_over_time", present_over_time, false, NULL},
	{"quantile_over_time", quantile_over_time, false, NULL},
	{"stddev_over_time", stddev_over_time, false, NULL},
	{"stdvar_over_time", stdvar_over_time, false, NULL},
	{"sum_over_time", sum_over_time, false, NULL},
	{"ts_of_first_over_time", ts_of_first_over_time, false, NULL},
	{"ts_of_last_over_time", ts_of_last_over_time, false, NULL},
	{"ts_of_max_over_time", ts_of_max_over_time, false, NULL},
	{"ts_of_min_over_time", ts_of_min_over_time, false, NULL},
};

const struct pq_range_function *
pq_over_time_find(const char *name)
{
	return pq_table_find(functions, name);
}
