#include "stats/trend.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "stats/order.h"

static double
sign(double v)
{
	return (v > 0) - (v < 0);
}

/* Kendall's S and its variance, lowered by groups of equal values. */
static void
mann_kendall(const double *y, size_t n, struct stats_trend *out)
{
	double *sorted = mem_new(n, sizeof(*sorted)), size = (double)n, group;
	size_t i, j;

	out->s = 0;
	for (i = 0; i < n; i++)
		for (j = i + 1; j < n; j++)
			out->s += sign(y[j] - y[i]);
	memcpy(sorted, y, n * sizeof(*y));
	stats_sort(sorted, n);
	out->variance = size * (size - 1) * (2 * size + 5);
	for (i = 0; i < n; i = j) {
		for (j = i + 1; j < n && sorted[j] == sorted[i]; j++)
			;
		group = (double)(j - i);
		out->variance -= group * (group - 1) * (2 * group + 5);
	}
	out->variance /= 18;
	mem_free(sorted);
	out->z = out->s == 0 || out->variance <= 0 ? 0 : (out->s - sign(out->s)) / sqrt(out->variance);
	out->p = erfc(fabs(out->z) / sqrt(2));
}

/* 1-based rank to a value; what lies outside is not bounded. */
static double
at_rank(const double *sorted, size_t n, double rank)
{
	if (rank < 1)
		return -INFINITY;
	return rank > (double)n ? INFINITY : sorted[(size_t)rank - 1];
}

static void
theil_sen(const double *t, const double *y, size_t n, double confidence, struct stats_trend *out)
{
	double *v = mem_new(n > 1 ? n * (n - 1) / 2 : 1, sizeof(*v));
	double c = stats_normal_quantile(1 - (1 - confidence) / 2) * sqrt(out->variance > 0 ? out->variance : 0);
	size_t i, j, m = 0;

	for (i = 0; i < n; i++)
		for (j = i + 1; j < n; j++)
			if (t[j] != t[i])
				v[m++] = (y[j] - y[i]) / (t[j] - t[i]);
	stats_sort(v, m);
	out->slope = stats_median(v, m);
	/* nearbyint(): half to even, as the reference does. */
	out->slope_interval.low = at_rank(v, m, nearbyint(((double)m - c) / 2));
	out->slope_interval.high = at_rank(v, m, nearbyint(((double)m + c) / 2) + 1);
	mem_free(v);
	v = mem_new(n, sizeof(*v));
	memcpy(v, t, n * sizeof(*v));
	stats_sort(v, n);
	out->intercept = -out->slope * stats_median(v, n);
	memcpy(v, y, n * sizeof(*v));
	stats_sort(v, n);
	out->intercept += stats_median(v, n);
	mem_free(v);
}

void
stats_trend(const double *t, const double *y, size_t n, double confidence, struct stats_trend *out)
{
	mann_kendall(y, n, out);
	theil_sen(t, y, n, confidence, out);
}

double
stats_resemblance(const double *t, const double *y, size_t n)
{
	struct stats_trend line;
	double *rest = mem_new(n, sizeof(*rest)), mean = 0, all = 0, neighbours = 0;
	size_t i;

	if (n >= 3) {
		stats_trend(t, y, n, 0.95, &line);
		for (i = 0; i < n; i++) {
			rest[i] = y[i] - line.slope * t[i];
			mean += rest[i] / (double)n;
		}
		for (i = 0; i < n; i++) {
			all += (rest[i] - mean) * (rest[i] - mean);
			if (i > 0)
				neighbours += (rest[i] - mean) * (rest[i - 1] - mean);
		}
	}
	mem_free(rest);
	return all > 0 ? neighbours / all : 0;
}

size_t
stats_warm_up(const double *y, size_t n, double *least)
{
	double mean = 0, squares = 0, best = INFINITY, step, measure;
	size_t d, best_d = 0, left = 0;

	/* From the end, adding one value at a time (Welford), so that all cuts cost one pass. */
	for (d = n; d-- > 0;) {
		left++;
		step = y[d] - mean;
		mean += step / (double)left;
		squares += step * (y[d] - mean);
		measure = squares / ((double)left * (double)left);
		if (d <= n / 2 && measure <= best) {
			best = measure;
			best_d = d;
		}
	}
	if (least != NULL)
		*least = best;
	return best_d;
}

double
stats_step(const double *y, size_t n, size_t *at, double *k)
{
	double u = 0, size = (double)n, p;
	size_t i, j;

	*at = 0;
	*k = 0;
	for (i = 0; i + 1 < n; i++) {
		/* U_t from U_(t-1): y[i] changes sides. */
		for (j = 0; j < n; j++)
			u += sign(y[i] - y[j]);
		if (fabs(u) > *k) {
			*k = fabs(u);
			*at = i + 1;
		}
	}
	p = 2 * exp(-6 * *k * *k / (size * size * size + size * size));
	return p > 1 ? 1 : p;
}
