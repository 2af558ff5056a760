/*
 * sort - numbers in order: whole ones, and many doubles faster than by comparing them.
 */
#ifndef SOAK_BASE_SORT_H
#define SOAK_BASE_SORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Ascending; no NaN among them. -0 comes before 0. Needs as much memory again for the time of the call. */
void sort_doubles(double *v, size_t n);
/* Ascending; costs one look where they are so already. v may be NULL when n is 0. */
void sort_ints(int64_t *v, size_t n);
/* Sorts v and leaves each number once: how many there are then. */
size_t sort_unique(int64_t *v, size_t n);
/* Is x among them? They are in order. */
bool sort_has(const int64_t *v, size_t n, int64_t x);
/* Sorts v; of two in the middle the lower one; 0 of nothing. */
int64_t sort_median(int64_t *v, size_t n);

#endif
