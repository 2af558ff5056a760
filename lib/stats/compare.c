#include "stats/compare.h"

#include <math.h>

#include "base/mem.h"
#include "stats/order.h"

#define EXACT_UP_TO 20

/* P(U <= u) for all u at once, without ties: out[u], 0 <= u <= nx ny. The counts are exact in a double. */
static double *
distribution(size_t nx, size_t ny)
{
	size_t most = nx * ny, m, n, u;
	double *table = mem_new((nx + 1) * (ny + 1) * (most + 1), sizeof(*table)), *out = mem_new(most + 1, sizeof(*out));
	double sum = 0;

#define COUNT(m, n, u) table[((m) * (ny + 1) + (n)) * (most + 1) + (u)]
	for (m = 0; m <= nx; m++)
		for (n = 0; n <= ny; n++)
			for (u = 0; u <= m * n; u++)
				COUNT(m, n, u) = m == 0 || n == 0 ? u == 0 :
				    (u >= n ? COUNT(m - 1, n, u - n) : 0) + COUNT(m, n - 1, u);
	for (u = 0; u <= most; u++)
		out[u] = sum += COUNT(nx, ny, u);
#undef COUNT
	for (u = 0; u <= most; u++)
		out[u] /= sum;
	mem_free(table);
	return out;
}

/* The sum of t^3 - t over groups of equal values. */
static double
ties(const double *x, size_t nx, const double *y, size_t ny)
{
	double *all = mem_new(nx + ny, sizeof(*all)), sum = 0, group;
	size_t i, j;

	for (i = 0; i < nx; i++)
		all[i] = x[i];
	for (i = 0; i < ny; i++)
		all[nx + i] = y[i];
	stats_sort(all, nx + ny);
	for (i = 0; i < nx + ny; i = j) {
		for (j = i + 1; j < nx + ny && all[j] == all[i]; j++)
			;
		group = (double)(j - i);
		sum += group * group * group - group;
	}
	mem_free(all);
	return sum;
}

/* Fills in p and the rank from which the interval of the sorted differences begins; 0: not bounded. */
static size_t
exactly(size_t nx, size_t ny, double confidence, struct stats_shift *out)
{
	double *below = distribution(nx, ny), side = (1 - confidence) / 2, low, high;
	size_t u = (size_t)out->u, rank = 0;

	low = below[u];
	high = u == 0 ? 1 : 1 - below[u - 1];
	out->p = fmin(1, 2 * fmin(low, high));
	out->p_greater = high;
	while (rank < nx * ny && below[rank] <= side) /* P(U <= C - 1) <= side */
		rank++;
	out->confidence = rank == 0 ? 1 : 1 - 2 * below[rank - 1];
	mem_free(below);
	return rank;
}

static size_t
nearly(double nx, double ny, double tied, double confidence, struct stats_shift *out)
{
	double n = nx + ny, off = out->u - nx * ny / 2, spread, rank;

	spread = sqrt(nx * ny / 12 * (n + 1 - tied / (n * (n - 1))));
	out->p = out->p_greater = 1;
	if (spread > 0) {
		out->p = fmin(1, erfc(fmax(0, fabs(off) - 0.5) / spread / sqrt(2)));
		out->p_greater = stats_normal(-(off - 0.5) / spread);
	}
	out->confidence = confidence;
	rank = floor(nx * ny / 2 - stats_normal_quantile(1 - (1 - confidence) / 2) * sqrt(nx * ny * (n + 1) / 12));
	return rank < 1 ? 0 : (size_t)rank;
}

void
stats_compare(const double *x, size_t nx, const double *y, size_t ny, double confidence, struct stats_shift *out)
{
	double *off = mem_new(nx * ny, sizeof(*off)), tied = ties(x, nx, y, ny);
	size_t i, j, n = 0, rank;

	out->u = 0;
	for (i = 0; i < nx; i++)
		for (j = 0; j < ny; j++) {
			out->u += x[i] > y[j] ? 1 : x[i] == y[j] ? 0.5 : 0;
			off[n++] = x[i] - y[j];
		}
	stats_sort(off, n);
	out->exact = nx <= EXACT_UP_TO && ny <= EXACT_UP_TO && tied == 0;
	rank = out->exact ? exactly(nx, ny, confidence, out) : nearly((double)nx, (double)ny, tied, confidence, out);
	out->chance = out->u / (double)n;
	out->shift = stats_median(off, n);
	out->interval = rank == 0 ? (struct stats_interval){-INFINITY, INFINITY} :
	    (struct stats_interval){off[rank - 1], off[n - rank]};
	mem_free(off);
}
