/*
 * eval - the value of an expression over a source of series, at one time or over a range of steps.
 *
 * Semantics of Prometheus 3.x for float samples and classic histograms (docs/promql.md); what is not supported is
 * an error that says so, never a wrong number.
 */
#ifndef SOAK_PROMQL_EVAL_H
#define SOAK_PROMQL_EVAL_H

#include "promql/promql.h"

struct pq_query {
	int64_t start, end; /* ms; an instant query has start == end and step 0 */
	int64_t step;       /* ms, > 0 for a range query */
	int64_t lookback;   /* ms; 0 means 5 minutes */
	bool closed_ranges; /* Prometheus 2: [t - r, t] and t - lookback included; 3: (t - r, t] */
	int64_t max_samples; /* of all series held at once; 0 means 50,000,000 */
	bool (*stop)(void *ctx); /* asked often; true ends the evaluation with ERR_LIMIT; NULL: never */
	void *stop_ctx;
};

#define PQ_LOOKBACK (5 * INT64_C(60000))
#define PQ_MAX_STEPS 11000

struct pq_point {
	int64_t t;
	double v;
};

struct pq_result_series {
	struct labels labels; /* with __name__ where there is one; sorted */
	struct pq_point *point;
	size_t n;
};

struct pq_result {
	enum pq_type type;  /* PQ_MATRIX for every range query */
	struct pq_result_series *v; /* VECTOR: one point each; SCALAR: one series without labels */
	size_t n;
	struct sv text;     /* PQ_STRING */
	size_t n_selected;  /* series that any selector matched, at any time: 0 means nothing of it was ever seen */
};

/*
 * Evaluates x. All of r is owned by the arena. 0, or -1 with e set: ERR_USAGE for what the query asks and cannot be (too
 * many steps, duplicate label sets, many-to-many matching, not supported), ERR_LIMIT for max_samples
 * and stop(). Instant vectors
 * are ordered by labels but for sort(), topk() and the like; range results always by labels.
 */
int pq_eval(struct pq_source *src, const struct pq_expr *x, const struct pq_query *q, struct arena *a, struct pq_result *r,
    struct err *e);

#endif
