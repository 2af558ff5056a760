/*
 * query - an expression of a criterion: parsed, evaluated over a window, and what it read.
 *
 * For the kinds that look at values over time (trend, recovery). Knows expressions and samples, no verdicts.
 */
#ifndef SOAK_JUDGE_QUERY_H
#define SOAK_JUDGE_QUERY_H

#include "judge/sources.h"
#include "promql/eval.h"
#include "promql/explain.h"

/*
 * The expression in a spec's node; it must give numbers (a vector or a scalar). NULL with the node's place. Owned by
 * the arena.
 */
const struct pq_expr *query_parse(struct arena *a, const struct doc *node, struct err *e);

/* Its values from, from + step, ... to, over the judged evidence; owned by j's arena. 0 or -1. */
int query_range(struct judging *j, const struct pq_expr *x, int64_t from, int64_t to, int64_t step, int64_t lookback,
    struct pq_result *out, struct err *e);
/* What it reads then; owned by j's arena. 0 or -1. */
int query_explain(struct judging *j, const struct pq_expr *x, int64_t from, int64_t to, int64_t step,
    struct pq_explanation *out, struct err *e);

/*
 * Every time in [from, to] at which a series that it reads has a sample, in order, each once: the moments
 * worth looking at. Owned by j's arena. 0 or -1.
 */
int query_instants(struct judging *j, const struct pq_expr *x, int64_t from, int64_t to, int64_t **t, size_t *n,
    struct err *e);

/*
 * Where the life of a process ends that it reads: spans from the last sample before a restart to the first one after it, in
 * order. Owned by j's arena. 0 or -1.
 */
int query_restarts(struct judging *j, const struct pq_expr *x, int64_t from, int64_t to, struct span **span, size_t *n,
    struct err *e);

/* The selector that a reading is of. */
const struct pq_selector *query_selector(const struct pq_reading *r);
/* Its text without range, offset and @. Owned by the arena. x: PQ_SELECT or PQ_RANGE. */
const char *query_selector_text(struct arena *a, const struct pq_expr *x);

/* What the readings of an explanation rest on. 0 or -1. */
int query_sources(struct sources *s, struct judging *j, const struct pq_explanation *ex, struct err *e);

/* A series of a result as people know it: mem{instance="b"}. Owned by the arena. */
const char *query_series_name(struct arena *a, const struct labels *l);

/* Four digits of it: "512.3", "1.235e+09" as "1235000000"; for sentences. buf: NUM_TEXT. */
const char *query_number(double v, char *buf);

#endif
