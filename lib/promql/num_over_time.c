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

/* Sorted by name. */
static const struct pq_range_function functions[] = {
	{"avg_over_time", avg_over_time, false},
	{"count_over_time", count_over_time, false},
	{"last_over_time", last_over_time, true},
	{"max_over_time", max_over_time, false},
	{"min_over_time", min_over_time, false},
	{"present_over_time", present_over_time, false},
	{"quantile_over_time", quantile_over_time, false},
	{"stddev_over_time", stddev_over_time, false},
	{"stdvar_over_time", stdvar_over_time, false},
	{"sum_over_time", sum_over_time, false},
};

const struct pq_range_function *
pq_over_time_find(const char *name)
{
	return pq_table_find(functions, name);
}
