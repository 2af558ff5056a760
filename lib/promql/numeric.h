/*
 * numeric - the arithmetic of PromQL's functions, without series, labels or steps: samples in, a number out.
 *
 * docs/promql.md and Prometheus' promql/functions.go, promql/quantile.go at v3.5 are what they agree with.
 */
#ifndef SOAK_PROMQL_NUMERIC_H
#define SOAK_PROMQL_NUMERIC_H

#include "promql/promql.h"

/*
 * The samples of one series in a range, stale markers left out, in order; never empty. Of an anchored range also those of
 * the lookback before it, of a smoothed one those of the lookback on both sides.
 */
struct pq_window {
	const struct pq_sample *s;
	size_t n;
	enum pq_extend extend;
	int64_t from, to; /* the range (from, to], ms, after offset and @ */
	int64_t at;       /* the evaluation time, ms */
	bool zero_first;  /* as Prometheus 2 does: a counter's zero is looked for before a wide gap is cut (num_range.c) */
};

/* A function of a range vector: its scalar arguments in order. False: no result for this series here. */
struct pq_range_function {
	const char *name;
	bool (*fn)(const struct pq_window *w, const double *arg, double *out);
	bool keeps_name; /* last_over_time */
	const char *(*wrong)(const double *arg); /* NULL, or why these arguments cannot be; NULL: they can */
};
const struct pq_range_function *pq_range_function_find(const char *name);

/* extrapolation's counterpart for anchored and smoothed ranges: the exact difference. False: nothing in the range. */
bool pq_extended_change(const struct pq_window *w, bool counter, double *out);
/* The value of a smoothed instant selector at t, of samples of its lookback before and after. False: none before. */
bool pq_smoothed(const struct pq_sample *s, size_t n, int64_t t, double *out);
/* The samples of an extended range from its first on, with values at both ends; out has room for n + 2. How many. */
size_t pq_extended_samples(const struct pq_window *w, struct pq_sample *out);

/* A function of each element: abs, clamp, round, sgn, exp, trigonometry ... arg: the scalar arguments after it. */
struct pq_math_function {
	const char *name;
	double (*fn)(double v, const double *arg, size_t n);
};
const struct pq_math_function *pq_math_function_find(const char *name);

/* A calendar function of Unix seconds (UTC): minute, hour, day_of_week, days_in_month ... */
struct pq_time_function {
	const char *name;
	double (*fn)(double seconds);
};
const struct pq_time_function *pq_time_function_find(const char *name);

/* A cumulative bucket of a classic histogram. */
struct pq_bucket {
	double le, count;
};
/*
 * histogram_quantile() and histogram_fraction(); b is sorted and merged in place, for the quantile also made
 * monotonic. n may be 0.
 */
double pq_bucket_quantile(double q, struct pq_bucket *b, size_t n);
double pq_bucket_fraction(double low, double high, struct pq_bucket *b, size_t n);

/* Kahan-Neumaier summation as upstream's kahanSumInc: start with {0, 0}, add, then pq_sum_value(). */
struct pq_sum {
	double sum, c;
};
void pq_sum_add(struct pq_sum *s, double v);
double pq_sum_value(const struct pq_sum *s);

/* avg() and avg_over_time(), quantile (v is sorted in place), stddev and stdvar (population) of n > 0 values. */
double pq_mean(const double *v, size_t n);
double pq_quantile(double q, double *v, size_t n);
double pq_stdvar(const double *v, size_t n);

/* left op right: arithmetic, or for a comparison 1 and 0. */
double pq_binary(enum pq_op op, double left, double right);

#endif
