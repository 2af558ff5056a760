/*
 * store_source - the store as a source of series for PromQL.
 */
#ifndef SOAK_PROMQL_STORE_SOURCE_H
#define SOAK_PROMQL_STORE_SOURCE_H

#include "promql/k6_series.h"
#include "promql/promql.h"
#include "store/store.h"

struct pq_store_source {
	struct pq_source src;
	struct store *store; /* borrowed */
	struct k6_contents k6;
};

void pq_store_source_init(struct pq_store_source *s, struct store *store);

#endif
