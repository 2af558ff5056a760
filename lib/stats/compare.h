/*
 * compare - are the values of one sample larger than those of another, by how much, how surely.
 *
 * For values that are independent of each other: percentiles per interval, not raw requests.
 */
#ifndef SOAK_STATS_COMPARE_H
#define SOAK_STATS_COMPARE_H

#include <stdbool.h>
#include <stddef.h>

#include "stats/ratio.h"

struct stats_shift {
	double u;       /* Mann-Whitney: pairs in which x is larger, equal ones count half */
	double p;       /* two-sided */
	double p_greater; /* one-sided: x tends to be larger */
	bool exact;     /* both samples at most 20 and without ties: counted, else normal with continuity correction */
	double chance;  /* A12 = u / (n1 n2): how often an x is larger than a y (Vargha & Delaney 2000) */
	double shift;   /* Hodges-Lehmann: the median of all x - y */
	struct stats_interval interval; /* of the shift; infinite where so few values do not bound it */
	double confidence; /* that interval's own: at least what was asked for when exact */
};

/* Mann & Whitney 1947, Hodges & Lehmann 1963. nx, ny >= 1. Costs grow with nx * ny. */
void stats_compare(const double *x, size_t nx, const double *y, size_t ny, double confidence, struct stats_shift *out);

#endif
