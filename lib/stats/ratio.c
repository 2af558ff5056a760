#include "stats/ratio.h"

#include <float.h>
#include <math.h>

#define TINY 1e-300
#define STEPS 1000000 /* of the continued fraction: about the root of the larger count */

double
stats_normal(double z)
{
	return 0.5 * erfc(-z / sqrt(2));
}

double
stats_normal_quantile(double p)
{
	double low = -40, high = 40, mid;

	if (!(p > 0) || !(p < 1))
		return p <= 0 ? -INFINITY : p >= 1 ? INFINITY : NAN;
	/* Halved until two neighbouring doubles are left: exact, and fast enough for what is asked once a criterion. */
	while ((mid = low + (high - low) / 2) > low && mid < high)
		if (stats_normal(mid) < p)
			low = mid;
		else
			high = mid;
	return high;
}

/* DLMF 8.17.22 by Lentz' method; x < (a + 1) / (a + b + 2). */
static double
beta_fraction(double x, double a, double b)
{
	double c = 1, d = 1 - (a + b) * x / (a + 1), h, m, t, delta;

	d = 1 / (fabs(d) < TINY ? TINY : d);
	h = d;
	for (m = 1; m < STEPS; m++) {
		t = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		d = 1 + t * d;
		c = 1 + t / c;
		d = 1 / (fabs(d) < TINY ? TINY : d);
		c = fabs(c) < TINY ? TINY : c;
		h *= c * d;
		t = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
		d = 1 + t * d;
		c = 1 + t / c;
		d = 1 / (fabs(d) < TINY ? TINY : d);
		c = fabs(c) < TINY ? TINY : c;
		delta = c * d;
		h *= delta;
		if (fabs(delta - 1) < DBL_EPSILON)
			break;
	}
	return h;
}

/* The regularised incomplete beta function I_x(a, b), a and b > 0. */
static double
beta_share(double x, double a, double b)
{
	double front;

	if (x <= 0)
		return 0;
	if (x >= 1)
		return 1;
	front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
	if (x < (a + 1) / (a + b + 2))
		return front * beta_fraction(x, a, b) / a;
	return 1 - front * beta_fraction(1 - x, b, a) / b;
}

double
stats_binomial_low(double k, double n, double p)
{
	k = floor(k);
	if (k < 0)
		return 0;
	return k >= n ? 1 : beta_share(1 - p, n - k, k + 1);
}

double
stats_binomial_high(double k, double n, double p)
{
	k = ceil(k);
	if (k <= 0)
		return 1;
	return k > n ? 0 : beta_share(p, k, n - k + 1);
}

double
stats_exact_upper(double k, double n, double confidence)
{
	double low = 0, high = 1, mid;

	if (!(k < n))
		return 1;
	if (k <= 0) /* in one step: 1 - alpha^(1/n) */
		return -expm1(log1p(-confidence) / n);
	while ((mid = low + (high - low) / 2) > low && mid < high)
		if (stats_binomial_low(k, n, mid) > 1 - confidence)
			low = mid;
		else
			high = mid;
	return high;
}

double
stats_exact_lower(double k, double n, double confidence)
{
	return k <= 0 ? 0 : 1 - stats_exact_upper(n - k, n, confidence);
}

struct stats_interval
stats_exact(double k, double n, double confidence)
{
	double side = 1 - (1 - confidence) / 2;

	return (struct stats_interval){stats_exact_lower(k, n, side), stats_exact_upper(k, n, side)};
}

struct stats_interval
stats_wilson(double k, double n, double confidence)
{
	double z = stats_normal_quantile(1 - (1 - confidence) / 2), p, centre, half, share;

	if (!(n > 0))
		return (struct stats_interval){0, 1};
	p = k / n;
	share = 1 + z * z / n;
	centre = (p + z * z / (2 * n)) / share;
	half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / share;
	/* At 0 and n the one end is exact, and rounding must not say otherwise. */
	return (struct stats_interval){k <= 0 ? 0 : centre - half, k >= n ? 1 : centre + half};
}

double
stats_exact_needed(double k, double q, double confidence)
{
	double low = k, high = 2 * (k + 1), mid;

	while (stats_exact_upper(k, high, confidence) > q)
		high *= 2;
	while (high - low > 1) {
		mid = floor((low + high) / 2);
		if (stats_exact_upper(k, mid, confidence) > q)
			low = mid;
		else
			high = mid;
	}
	return high;
}

double
stats_difference(double k1, double n1, double k2, double n2, double confidence, struct stats_interval *interval)
{
	struct stats_interval a = stats_wilson(k1, n1, confidence), b = stats_wilson(k2, n2, confidence);
	double p1 = k1 / n1, p2 = k2 / n2, d = p1 - p2;

	interval->low = d - hypot(p1 - a.low, b.high - p2);
	interval->high = d + hypot(a.high - p1, p2 - b.low);
	return d;
}

double
stats_more_often(double before_k, double before_n, double during_k, double during_n)
{
	return stats_binomial_high(during_k, before_k + during_k, during_n / (before_n + during_n));
}
