/*
 * links - the parts of a chain, gathered one by one from the store: samples that a query reads, lines of events and facts,
 * artifacts. Must never know what an id means.
 */
#ifndef SOAK_JUDGE_LINKS_H
#define SOAK_JUDGE_LINKS_H

#include "base/mem.h"
#include "judge/chain.h"
#include "promql/store_source.h"

/* A chain under way. */
struct links {
	struct store *store;
	const struct verdict *v;
	struct pq_store_source source;
	struct chain *c;
	struct err *e;
	int64_t content; /* claims of this one may be names in an expression; 0 none */
	VEC(struct chain_series) series;
	VEC(struct chain_point) point;
	VEC(struct chain_source) use;
	VEC(struct chain_line) line;
};

/* All series that the expression reads, with their samples between from and to (widened by ranges and offsets). 0 or -1. */
int links_query(struct links *l, struct sv text, int64_t from, int64_t to);
/* A line of an artifact, once. */
void links_line(struct links *l, struct sv source, int64_t line, const char *text);
/* The lines of events whose names begin so, in the window. 0 or -1. */
int links_events(struct links *l, struct sv name, const struct window_result *w);
/* What the names in a claim's expression are: queries, claims of l->content, facts. 0 or -1. */
int links_expression(struct links *l, struct sv text);
/* The artifacts behind the points, the lines, and those named. 0 or -1. */
int links_sources(struct links *l, const struct sv *names, size_t n);
/* The order of a chain's points, for qsort(). */
int links_by_point(const void *a, const void *b);
/* Hands it all over to the chain. */
void links_close(struct links *l);

#endif
