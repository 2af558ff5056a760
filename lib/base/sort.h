/*
 * sort - many doubles in order, faster than by comparing them.
 */
#ifndef SOAK_BASE_SORT_H
#define SOAK_BASE_SORT_H

#include <stddef.h>

/* Ascending; no NaN among them. -0 comes before 0. Needs as much memory again for the time of the call. */
void sort_doubles(double *v, size_t n);

#endif
