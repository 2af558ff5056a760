/* histogram_quantile() and histogram_fraction() over the cumulative buckets of a classic histogram. */
#include "promql/numeric.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

/* Counts that differ by less than this, relative to their sum, are the same count with rounding errors. */
#define TOLERANCE 1e-12

static int
compare_buckets(const void *left, const void *right)
{
	const struct pq_bucket *a = left, *b = right;

	if (a->le != b->le)
		return a->le < b->le ? -1 : 1;
	return (a->count > b->count) - (a->count < b->count); /* so that their sum is the same in any order */
}

/*
 * Sorts by bound and adds up buckets of equal bounds ("1" and "1.0"). How many are left; 0 when there is no
 * +Inf bucket and therefore no total. A bound that is NaN is none.
 */
static size_t
arrange(struct pq_bucket *b, size_t n)
{
	size_t i, used = 0;

	for (i = 0; i < n; i++)
		if (!isnan(b[i].le))
			b[used++] = b[i];
	n = used;
	if (n == 0)
		return 0;
	qsort(b, n, sizeof(*b), compare_buckets);
	if (b[n - 1].le != INFINITY)
		return 0;
	for (used = 0, i = 1; i < n; i++) {
		if (b[i].le == b[used].le)
			b[used].count += b[i].count;
		else
			b[++used] = b[i];
	}
	return used + 1;
}

/* Upstream's almost.Equal(). */
static bool
nearly_equal(double a, double b)
{
	double sum = fabs(a) + fabs(b), difference = fabs(a - b);

	if (a == b || (isnan(a) && isnan(b)))
		return true;
	if (a == 0 || b == 0 || sum < DBL_MIN)
		return difference < TOLERANCE * DBL_MIN;
	return difference / (sum < DBL_MAX ? sum : DBL_MAX) < TOLERANCE;
}

/*
 * Counts of cumulative buckets cannot go down; where they do (a scrape half done, buckets added up from several
 * sources) the count before holds on. Differences of a rounding error are flattened in both directions.
 */
static void
make_monotonic(struct pq_bucket *b, size_t n)
{
	double before = b[0].count;
	size_t i;

	for (i = 1; i < n; i++) {
		if (b[i].count < before || nearly_equal(before, b[i].count))
			b[i].count = before;
		else
			before = b[i].count;
	}
}

/* The first of n buckets that holds the rank, n if none; halving as upstream does, which matters among NaN counts. */
static size_t
find_rank(const struct pq_bucket *b, size_t n, double rank)
{
	size_t low = 0, high = n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (b[middle].count >= rank)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

double
pq_bucket_quantile(double q, struct pq_bucket *b, size_t n)
{
	double rank, start = 0, count;
	size_t i;

	if (isnan(q))
		return NAN;
	if (q < 0)
		return -INFINITY;
	if (q > 1)
		return INFINITY;
	n = arrange(b, n);
	if (n < 2)
		return NAN;
	make_monotonic(b, n);
	if (b[n - 1].count == 0)
		return NAN;
	rank = q * b[n - 1].count;
	i = find_rank(b, n - 1, rank);
	if (i == n - 1)
		return b[n - 2].le; /* somewhere above: the highest bound that is known */
	if (i == 0 && b[0].le <= 0)
		return b[0].le;
	count = b[i].count;
	if (i > 0) {
		start = b[i - 1].le;
		count -= b[i - 1].count;
		rank -= b[i - 1].count;
	}
	return start + (b[i].le - start) * (rank / count);
}

/*
 * How many observations are below v, taken as evenly spread within a bucket. The lowest bucket begins at 0 if its
 * bound is positive, else at -Inf, and then nothing is known of where in it they are: all count as below.
 */
static double
count_below(double v, const struct pq_bucket *b, size_t n)
{
	double start = b[0].le <= 0 ? -INFINITY : 0, before = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		if (start >= v)
			return before;
		if (b[i].le > v) {
			if (isinf(start))
				return b[i].count;
			return before + (b[i].count - before) * (v - start) / (b[i].le - start);
		}
		start = b[i].le;
		before = b[i].count;
	}
	return before;
}

/* Upstream neither makes the buckets monotonic here, nor do we; a rank beyond the total is cut to it. */
double
pq_bucket_fraction(double low, double high, struct pq_bucket *b, size_t n)
{
	double total, from, to;

	n = arrange(b, n);
	if (n == 0)
		return NAN;
	total = b[n - 1].count;
	if (total == 0 || isnan(low) || isnan(high))
		return NAN;
	if (low >= high)
		return 0;
	from = count_below(low, b, n);
	to = count_below(high, b, n);
	return ((to > total ? total : to) - (from > total ? total : from)) / total;
}
