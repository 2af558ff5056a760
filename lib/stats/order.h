/*
 * order - what sorted values say: medians, quantiles and how far a sample lets one be off.
 *
 * Functions that want sorted values say so; no value may be NaN.
 */
#ifndef SOAK_STATS_ORDER_H
#define SOAK_STATS_ORDER_H

#include <stddef.h>

/* Sorts in place, ascending. */
void stats_sort(double *v, size_t n);

/* The median of sorted values: the mean of the middle two of an even number. NaN when n is 0. */
double stats_median(const double *sorted, size_t n);

/* Quantile q in [0, 1] of sorted values, linear between the neighbours of q (n - 1) (Hyndman & Fan 1996, type 7). */
double stats_quantile(const double *sorted, size_t n, double q);

/* The median distance from the median, times 1.4826: the standard deviation of normal noise. Changes v. */
double stats_mad(double *v, size_t n);

/*
 * Between which ranks (from 1) of n sorted values the true quantile q lies with at least that confidence, two-sided
 * (binomial ranks; David & Nagaraja, Order Statistics, 7.1). 0 for a side that n does not bound.
 */
void stats_quantile_ranks(size_t n, double q, double confidence, size_t *low, size_t *high);

#endif
