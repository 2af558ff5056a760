/*
 * k6_series - k6's points as Prometheus series, under the names of k6's own Prometheus output (docs/k6.md).
 *
 * They are made when they are asked for, a sample a second; nothing of them is stored.
 */
#ifndef SOAK_PROMQL_K6_SERIES_H
#define SOAK_PROMQL_K6_SERIES_H

#include "promql/promql.h"
#include "store/store.h"

#define K6_CONTENTS 256

/* Whose points count: of a store that is not written meanwhile. Zeroed: not looked up yet. */
struct k6_contents {
	bool known;
	int64_t id[K6_CONTENTS];
	size_t n;
	int64_t last; /* second of the last point of all */
};

struct k6_found {
	struct pq_series *v; /* owned by the arena, in no order */
	size_t n;
};

/* The series that match; name: the only name that can, NULL any. Their id is below 0. 0 or -1. */
int k6_series_find(struct store *s, const struct pq_selector *sel, const char *name, struct arena *a, struct k6_found *out,
    struct err *e);
/* The samples of one of them, from <= t <= to. 0 or -1 (ERR_LIMIT: more than K6_CONTENTS files of points). */
int k6_series_samples(struct store *s, struct k6_contents *c, int64_t id, int64_t from, int64_t to, struct arena *a, struct pq_sample **out, size_t *n,
    struct err *e);

#endif
