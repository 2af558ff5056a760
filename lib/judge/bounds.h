/*
 * bounds - what k failures of n prove about the share behind them: exact binomial bounds.
 *
 * Clopper and Pearson 1934 (Biometrika 26, 404-413): the bounds are exact, never too narrow. They take the n for
 * independent; failures that come in one outage are not, so whoever calls it says what he counted.
 * n and k are whole, 0 <= k <= n, n up to 1e15; a confidence lies between 0 and 1.
 */
#ifndef SOAK_JUDGE_BOUNDS_H
#define SOAK_JUDGE_BOUNDS_H

#define BOUNDS_CONFIDENCE 0.95 /* one-sided; what "demonstrated" means without more words */

/* P(Bin(n, p) <= k) for 0 <= p <= 1. */
double bounds_at_most(double k, double n, double p);
/* P(Bin(n, p) >= k). */
double bounds_at_least(double k, double n, double p);

/*
 * The share of failures that k of n do not exceed with that confidence: the p at which so few would have come up with a
 * chance of 1 - confidence only. 1 for k = n; NaN for n = 0: nothing proves nothing.
 */
double bounds_upper(double k, double n, double confidence);

/*
 * How many there must have been at least, for k failures among them to demonstrate a share of at most p. Infinite for p = 0.
 */
double bounds_needed(double k, double p, double confidence);

#endif
