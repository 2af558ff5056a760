/*
 * memory_source - series in memory as a source for PromQL: what a test file loads, what recording rules make.
 *
 *	struct pq_memory m;
 *	pq_memory_init(&m);
 *	pq_memory_load(&m, &notation, 0, 60000, &e);
 *	pq_eval(&m.src, ...);
 *	pq_memory_free(&m);
 */
#ifndef SOAK_PROMQL_MEMORY_SOURCE_H
#define SOAK_PROMQL_MEMORY_SOURCE_H

#include "base/mem.h"
#include "promql/notation.h"
#include "promql/promql.h"

struct pq_memory_series {
	struct pq_series series;
	struct pq_sample *v; /* in order of time */
	size_t n, cap;
};

struct pq_memory {
	struct pq_source src; /* samples of an answer borrow from here: nothing is added while one is in use */
	struct arena a;
	VEC(struct pq_memory_series) series;
	struct pq_ids *ids;
	size_t n_histograms; /* notes that were native histograms: not loaded */
};

void pq_memory_init(struct pq_memory *m);
void pq_memory_free(struct pq_memory *m);
/*
 * One more sample of a series, which comes to be with its first one. Any order of times. Two values at one time: -1,
 * ERR_INPUT; the same value again: 0, nothing happens.
 */
int pq_memory_add(struct pq_memory *m, struct sv name, const struct labels *l, struct pq_sample s, struct err *e);
/* Values at from, from + step, ...; a series without any comes to be, too. 0 or -1. */
int pq_memory_load(struct pq_memory *m, const struct pq_notation *n, int64_t from, int64_t step, struct err *e);

#endif
