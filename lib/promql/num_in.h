/*
 * num_in - what the files of numeric.h share among themselves.
 */
#ifndef SOAK_PROMQL_NUM_IN_H
#define SOAK_PROMQL_NUM_IN_H

#include <stdlib.h>

#include "promql/numeric.h"

/* A running mean: start with {0}, add, then pq_average_value() (of at least one value). */
struct pq_average {
	double count;
	struct pq_sum sum;
	bool incremental; /* the sum would have overflowed; sum.sum and sum.c hold the mean instead */
};
void pq_average_add(struct pq_average *a, double v);
double pq_average_value(const struct pq_average *a);

/* An anchored range: its first sample and those after it. False: nothing in the range. */
bool pq_anchored_samples(const struct pq_window *w, struct pq_window *out);

/* The *_over_time functions; NULL when there is none of that name. */
const struct pq_range_function *pq_over_time_find(const char *name);

/* The entry of a table sorted by name, where the name is the first member; NULL when there is none. */
#define pq_table_find(table, name)                                                                 \
	bsearch((name), (table), sizeof(table) / sizeof((table)[0]), sizeof((table)[0]),           \
	    pq_name_compare)
int pq_name_compare(const void *name, const void *entry);

#endif
