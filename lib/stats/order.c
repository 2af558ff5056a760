#include "stats/order.h"

#include <math.h>
#include <stdlib.h>

#include "stats/ratio.h"

static int
compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

void
stats_sort(double *v, size_t n)
{
	if (n > 1)
		qsort(v, n, sizeof(*v), compare);
}

double
stats_median(const double *sorted, size_t n)
{
	if (n == 0)
		return NAN;
	return n % 2 == 1 ? sorted[n / 2] : sorted[n / 2 - 1] + (sorted[n / 2] - sorted[n / 2 - 1]) / 2;
}

double
stats_quantile(const double *sorted, size_t n, double q)
{
	double at, floor_at;
	size_t i;

	if (n == 0)
		return NAN;
	at = q * (double)(n - 1);
	floor_at = floor(at);
	i = (size_t)floor_at;
	return i + 1 >= n ? sorted[n - 1] : sorted[i] + (sorted[i + 1] - sorted[i]) * (at - floor_at);
}

double
stats_mad(double *v, size_t n)
{
	double middle;
	size_t i;

	stats_sort(v, n);
	middle = stats_median(v, n);
	for (i = 0; i < n; i++)
		v[i] = fabs(v[i] - middle);
	stats_sort(v, n);
	return 1.4826 * stats_median(v, n);
}

/* The largest rank l with P(Bin(n, q) <= l - 1) <= side; 0 none. */
static size_t
low_rank(size_t n, double q, double side)
{
	size_t low = 0, high = n + 1, mid; /* low is one such rank or 0, high is none */

	while (high - low > 1) {
		mid = low + (high - low) / 2;
		if (stats_binomial_low((double)mid - 1, (double)n, q) <= side)
			low = mid;
		else
			high = mid;
	}
	return low;
}

void
stats_quantile_ranks(size_t n, double q, double confidence, size_t *low, size_t *high)
{
	double side = (1 - confidence) / 2;
	size_t mirrored = low_rank(n, 1 - q, side);

	*low = low_rank(n, q, side);
	*high = mirrored == 0 ? 0 : n + 1 - mirrored;
}
