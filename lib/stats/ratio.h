/*
 * ratio - what k bad of n says about the true share: exact and score bounds, and the difference of two shares.
 *
 * Shares and confidence levels are in [0, 1]. Counts are doubles (they come from counters) and are taken as whole.
 * Sources: Clopper & Pearson 1934 (exact), Wilson 1927 (score), Newcombe 1998 (difference); binomial tails by the
 * continued fraction of the incomplete beta function (Lentz; DLMF 8.17.22), relative error about 1e-12.
 */
#ifndef SOAK_STATS_RATIO_H
#define SOAK_STATS_RATIO_H

struct stats_interval {
	double low, high;
};

/* The standard normal distribution: P(Z <= z); and z for 0 < p < 1. */
double stats_normal(double z);
double stats_normal_quantile(double p);

/* P(Bin(n, p) <= k) and P(Bin(n, p) >= k), 0 <= p <= 1, n >= 0. */
double stats_binomial_low(double k, double n, double p);
double stats_binomial_high(double k, double n, double p);

/*
 * Exact one-sided upper bound of the share with k of n bad: the share at which k or fewer have probability
 * 1 - confidence. k >= n, or n == 0: 1.
 */
double stats_exact_upper(double k, double n, double confidence);
/* Exact one-sided lower bound; k <= 0: 0. */
double stats_exact_lower(double k, double n, double confidence);
/* Exact two-sided interval (Clopper-Pearson): each side has (1 - confidence) / 2. */
struct stats_interval stats_exact(double k, double n, double confidence);
/* Wilson's score interval, two-sided, without continuity correction. n == 0: 0 to 1. */
struct stats_interval stats_wilson(double k, double n, double confidence);

/*
 * The fewest observations that would show a share of at most q with k bad ones among them: the smallest n with
 * stats_exact_upper(k, n) <= q; 0 < q < 1. "0 of 2995 shows 99.9 %."
 */
double stats_exact_needed(double k, double q, double confidence);

/* k1/n1 - k2/n2 with Newcombe's score interval (his method 10). n1, n2 > 0. */
double stats_difference(double k1, double n1, double k2, double n2, double confidence, struct stats_interval *interval);

/*
 * Is the share during something higher than before it? P(Bin(before_k + during_k, during_n / (before_n + during_n))
 * >= during_k): the conditional binomial test, one-sided (Przyborowski & Wilenski 1940). 1 when nothing was bad at all.
 */
double stats_more_often(double before_k, double before_n, double during_k, double during_n);

#endif
