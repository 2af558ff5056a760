/*
 * promql - the Prometheus query language: text to tree, and the selectors over an abstract source of series.
 *
 * The lexer and parser are those of the whole language (Prometheus 3.x, promql/parser); eval.h evaluates it.
 */
#ifndef SOAK_PROMQL_PROMQL_H
#define SOAK_PROMQL_PROMQL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/labels.h"
#include "promql/ast.h"

/* A series of a source. */
struct pq_series {
	struct sv name;
	struct labels labels; /* sorted, without __name__ */
	int64_t id, target;   /* the source's own */
};

struct pq_sample {
	int64_t t;
	double v;
	bool stale; /* a stale marker; v is NaN */
};

/* Where series come from: the store, later a server. */
struct pq_source {
	/* The series that match, ordered by name, then labels; owned by the arena. 0 or -1. */
	int (*series)(struct pq_source *src, const struct pq_selector *sel, struct arena *a,
	    struct pq_series **out, size_t *n, struct err *e);
	/* Its samples with from <= t <= to, in order, stale markers included; owned by the arena. 0 or -1. */
	int (*samples)(struct pq_source *src, const struct pq_series *s, int64_t from, int64_t to, struct arena *a,
	    struct pq_sample **out, size_t *n, struct err *e);
};

/* Parses text. NULL with e set: "LINE:COL: parse error: unexpected ..., expected ...". Owned by the arena. */
struct pq_expr *pq_parse(struct arena *a, struct sv text, struct err *e);

/* Parses text that must be one instant selector without offset or @. NULL with e set. */
const struct pq_selector *pq_parse_selector(struct arena *a, struct sv text, struct err *e);

/* Parses the inside of braces, 'code=~"2..|403"', as matchers to be added to a selector. NULL with e set. */
const struct pq_selector *pq_parse_matchers(struct arena *a, struct sv text, struct err *e);
/* sel with the matchers of more added; owned by the arena. */
const struct pq_selector *pq_selector_and(struct arena *a, const struct pq_selector *sel,
    const struct pq_selector *more);

/*
 * The metric that sel speaks of: its matchers of __name__, job and instance alone. Whether it was seen, and which
 * targets have it, decides between "none" and "unknown" (docs/rules.md 13). Owned by the arena.
 */
const struct pq_selector *pq_selector_metric(struct arena *a, const struct pq_selector *sel);

/* Does a series match? Labels that do not exist count as "". 1, 0, or -1 (a regular expression hit its limit). */
int pq_matches(const struct pq_selector *sel, struct sv name, const struct labels *l, struct err *e);

/* Into the order in which a source gives them: by name, then labels. */
void pq_sort_series(struct pq_series *v, size_t n);

/* The expression as canonical PromQL text. Appends. */
void pq_format(const struct pq_expr *x, struct sb *out);
void pq_format_selector(const struct pq_selector *sel, struct sb *out);

#endif
