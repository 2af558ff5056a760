/*
 * trend - does a series grow, by how much, from where on, and is there a step in it.
 *
 * Times are in any unit; slopes are per that unit. Values must be numbers. Costs grow with n squared: these are for
 * bucket medians (some dozens), not for raw samples, which are autocorrelated and would see trends in noise.
 */
#ifndef SOAK_STATS_TREND_H
#define SOAK_STATS_TREND_H

#include <stddef.h>

#include "stats/ratio.h"

struct stats_trend {
	double s, variance, z, p; /* Mann-Kendall: p two-sided, 1 for constant values */
	double slope, intercept;  /* Theil-Sen; NaN when all times are equal */
	struct stats_interval slope_interval; /* infinite where so few values do not bound it */
};

/*
 * Mann-Kendall (Mann 1945, Kendall 1975; variance with ties) and Theil-Sen (Sen 1968; intercept through the medians) of y
 * over t, with the slope's interval at that two-sided confidence. n >= 2.
 */
void stats_trend(const double *t, const double *y, size_t n, double confidence, struct stats_trend *out);

/* How much neighbours resemble each other (lag 1) once the Theil-Sen line is taken off. 0 for constant values or n < 3. */
double stats_resemblance(const double *t, const double *y, size_t n);

/*
 * Where the warm-up ends: MSER (White 1997): the d <= n / 2 for which what is left varies least, by
 * sum (x - mean)^2 / (n - d)^2. *least, unless NULL, is that measure. d == n / 2 means it never became steady.
 */
size_t stats_warm_up(const double *y, size_t n, double *least);

/*
 * Pettitt 1979: the likeliest step is between value *at - 1 and value *at (from 0); returns the approximate two-sided
 * p, at most 1. *k is the statistic. n >= 2.
 */
double stats_step(const double *y, size_t n, size_t *at, double *k);

#endif
