/* absent() and absent_over_time(): an element where there is none. */
#include "promql/eval_in.h"

#include "base/mem.h"

/* The labels that the matchers of a bare selector promise (createLabelsForAbsentFunction of promql/functions.go). */
static struct labels
promised(struct pq_eval *ev, const struct pq_expr *x)
{
	const struct pq_selector *sel = x->kind == PQ_SELECT ? x->selector :
	    x->kind == PQ_RANGE ? x->range.selector : NULL;
	struct labels l = {NULL, 0};
	const struct pq_matcher *m;
	VEC(struct sv) had = {0};
	struct pq_names names;
	size_t i;

	for (i = 0; sel != NULL && i < sel->n; i++) {
		m = &sel->v[i];
		names = (struct pq_names){had.v, had.n};
		if (sv_is(m->name, PQ_NAME))
			continue;
		if (m->op == PQ_EQ && !pq_names_have(&names, m->name)) {
			l = pq_labels_set(&ev->scratch, &l, m->name, m->value);
			*vec_add(&had) = m->name;
		} else {
			l = pq_labels_set(&ev->scratch, &l, m->name, (struct sv){NULL, 0});
		}
	}
	vec_free(&had);
	return l;
}

/* 1 at each step that is not in seen. */
static int
fill(struct pq_eval *ev, const struct pq_expr *x, const bool *seen, size_t steps, struct pq_value *out)
{
	struct pq_row *r = pq_value_add(out, promised(ev, x));
	size_t i;

	for (i = 0; i < steps; i++)
		if (!seen[i] && pq_row_put(ev, r, i, 1) < 0)
			return -1;
	pq_value_trim(ev, out);
	return 0;
}

int
pq_call_absent(struct pq_eval *ev, const struct pq_call *c, const struct pq_grid *g, struct pq_value *out)
{
	const struct pq_expr *x = pq_strip(c->args[0]);
	bool *seen = mem_new(g->n, sizeof(*seen));
	struct pq_value in = {0};
	size_t i, k;
	int rc = pq_eval_node(ev, x, g, &in);

	for (k = 0; rc == 0 && k < in.n; k++)
		for (i = 0; i < g->n; i++)
			seen[i] |= pq_row_has(&in.row[k], i);
	if (rc == 0)
		rc = fill(ev, x, seen, g->n, out);
	pq_value_free(ev, &in);
	mem_free(seen);
	return rc;
}

struct presence {
	struct pq_eval *ev;
	const struct pq_expr *x;
	const struct pq_grid *g;
	bool *seen;
};

static int
see_series(void *ctx, struct labels labels, const struct pq_sample *s, size_t n)
{
	struct presence *c = ctx;
	struct pq_slide w = {.x = c->x, .g = c->g};
	size_t i;

	(void)labels;
	for (i = 0; i < c->g->n; i++) {
		pq_slide_to(c->ev, &w, i, s, n);
		c->seen[i] |= w.low < w.high;
	}
	return 0;
}

int
pq_call_absent_over_time(struct pq_eval *ev, const struct pq_call *c, const struct pq_grid *g, struct pq_value *out)
{
	struct presence p = {ev, pq_strip(c->args[0]), g, mem_new(g->n, sizeof(bool))};
	int rc = pq_eval_windows(ev, p.x, g, see_series, &p);

	if (rc == 0)
		rc = fill(ev, p.x, p.seen, g->n, out);
	mem_free(p.seen);
	return rc;
}
