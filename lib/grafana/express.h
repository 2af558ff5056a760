/*
 * express - server-side expressions: numbers and series with labels, and what is made of them.
 *
 * Knows frames and targets; not where a query was asked. Semantics as documented at
 * https://grafana.com/docs/grafana/latest/panels-visualizations/query-transform-data/expression-queries/
 */
#ifndef SOAK_GRAFANA_EXPRESS_H
#define SOAK_GRAFANA_EXPRESS_H

#include "grafana/frame.h"

/* One number (no times), or a series. */
struct gfx_value {
	struct labels labels;
	bool number;
	size_t n;        /* 1 of a number */
	const double *t; /* ms; NULL of a number */
	double *v;
	double step;
};
struct gfx_set {
	struct gfx_value *v;
	size_t n;
};
struct gfx {
	struct gf_frames *all; /* the answers so far; their arena owns all */
	double room;           /* so many values more may be made: no expression eats the machine */
	const char *why;       /* it cannot be done; NULL so far it can */
};

/* What the query of that name answered: rows of a table and answers for one moment are numbers. */
struct gfx_set gfx_answer(struct gfx *x, struct sv ref);
/* "$A / ${B} * 100 > abs(-2)". Empty, with x->why set: it cannot be read, or not be done. */
struct gfx_set gfx_math(struct gfx *x, struct sv text);
/* A value like another one with room for n values; empty, with x->why set, where there is no room. */
struct gfx_value gfx_like(struct gfx *x, const struct gfx_value *like, size_t n);

#endif
