#include "judge/bounds.h"

#include <float.h>
#include <math.h>

#define STEPS 100000 /* the fraction takes about the square root of its larger argument */

/*
 * The continued fraction of the incomplete beta function by Lentz's method (DLMF 8.17.22, Numerical Recipes 6.4); it
 * converges fast for x < (a + 1) / (a + b + 2).
 */
static double
fraction(double a, double b, double x)
{
	double c = 1, d = 1 - (a + b) * x / (a + 1), h, even, odd, step;
	int m;

	d = 1 / (fabs(d) < DBL_MIN ? DBL_MIN : d);
	h = d;
	for (m = 1; m < STEPS; m++) {
		even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		d = 1 + even * d;
		c = 1 + even / c;
		d = 1 / (fabs(d) < DBL_MIN ? DBL_MIN : d);
		c = fabs(c) < DBL_MIN ? DBL_MIN : c;
		h *= d * c;
		odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
		d = 1 + odd * d;
		c = 1 + odd / c;
		d = 1 / (fabs(d) < DBL_MIN ? DBL_MIN : d);
		c = fabs(c) < DBL_MIN ? DBL_MIN : c;
		step = d * c;
		h *= step;
		if (fabs(step - 1) < 1e-15)
			break;
	}
	return h;
}

/* The regularised incomplete beta function I_x(a, b), a and b above 0. */
static double
beta(double a, double b, double x)
{
	double front;

	if (x <= 0 || x >= 1)
		return x <= 0 ? 0 : 1;
	front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
	if (x < (a + 1) / (a + b + 2))
		return front * fraction(a, b, x) / a;
	return 1 - front * fraction(b, a, 1 - x) / b;
}

double
bounds_at_most(double k, double n, double p)
{
	if (k >= n)
		return 1;
	return k < 0 ? 0 : 1 - beta(k + 1, n - k, p);
}

double
bounds_at_least(double k, double n, double p)
{
	if (k <= 0)
		return 1;
	return k > n ? 0 : beta(k, n - k + 1, p);
}

double
bounds_upper(double k, double n, double confidence)
{
	double low, high = 1, mid;
	int i;

	if (!(n > 0))
		return (double)NAN;
	if (k >= n)
		return 1;
	if (k <= 0)
		return -expm1(log1p(-confidence) / n);
	low = k / n;
	for (i = 0; i < 200 && high - low > 1e-16 * high; i++) {
		mid = low + (high - low) / 2;
		if (bounds_at_most(k, n, mid) > 1 - confidence)
			low = mid;
		else
			high = mid;
	}
	return high;
}

double
bounds_needed(double k, double p, double confidence)
{
	double low = k, high = 1, mid;

	if (!(p > 0))
		return (double)INFINITY;
	if (p >= 1)
		return k > 1 ? k : 1;
	while (high < k + 1 || bounds_at_most(k, high, p) > 1 - confidence)
		high *= 2;
	while (high - low > 1) {
		mid = floor(low + (high - low) / 2);
		if (bounds_at_most(k, mid, p) > 1 - confidence)
			low = mid;
		else
			high = mid;
	}
	return high;
}
