#include "base/sort.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define BITS 11
#define BUCKETS ((size_t)1 << BITS)
#define SMALL 256

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Bits whose order as a whole number is that of the doubles: negative ones are turned over. */
static uint64_t
key_of(double v)
{
	uint64_t bits;

	memcpy(&bits, &v, sizeof(bits));
	return bits ^ (bits >> 63 ? UINT64_MAX : UINT64_C(1) << 63);
}

static double
value_of(uint64_t key)
{
	uint64_t bits = key ^ (key >> 63 ? UINT64_C(1) << 63 : UINT64_MAX);
	double v;

	memcpy(&v, &bits, sizeof(v));
	return v;
}

/* One pass of a radix sort, least digit first; false when all have the same digit and nothing was moved. */
static int
pass(const uint64_t *from, uint64_t *to, size_t n, int shift)
{
	size_t count[BUCKETS] = {0}, i, at = 0, here;

	for (i = 0; i < n; i++)
		count[from[i] >> shift & (BUCKETS - 1)]++;
	if (count[from[0] >> shift & (BUCKETS - 1)] == n)
		return 0;
	for (i = 0; i < BUCKETS; i++) {
		here = count[i];
		count[i] = at;
		at += here;
	}
	for (i = 0; i < n; i++)
		to[count[from[i] >> shift & (BUCKETS - 1)]++] = from[i];
	return 1;
}

void
sort_doubles(double *v, size_t n)
{
	uint64_t *a, *b, *swap;
	size_t i;
	int shift;

	if (n < SMALL) {
		if (n > 1)
			qsort(v, n, sizeof(*v), by_value);
		return;
	}
	a = mem_new(n, sizeof(*a));
	b = mem_new(n, sizeof(*b));
	for (i = 0; i < n; i++)
		a[i] = key_of(v[i]);
	for (shift = 0; shift < 64; shift += BITS)
		if (pass(a, b, n, shift)) {
			swap = a;
			a = b;
			b = swap;
		}
	for (i = 0; i < n; i++)
		v[i] = value_of(a[i]);
	mem_free(a);
	mem_free(b);
}

static int
by_int(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

void
sort_ints(int64_t *v, size_t n)
{
	size_t i = 1;

	while (i < n && v[i - 1] <= v[i])
		i++;
	if (i < n)
		qsort(v, n, sizeof(*v), by_int);
}

size_t
sort_unique(int64_t *v, size_t n)
{
	size_t i, kept = 0;

	sort_ints(v, n);
	for (i = 0; i < n; i++)
		if (kept == 0 || v[i] != v[kept - 1])
			v[kept++] = v[i];
	return kept;
}

bool
sort_has(const int64_t *v, size_t n, int64_t x)
{
	return n > 0 && bsearch(&x, v, n, sizeof(*v), by_int) != NULL;
}

int64_t
sort_median(int64_t *v, size_t n)
{
	sort_ints(v, n);
	return n > 0 ? v[(n - 1) / 2] : 0;
}
