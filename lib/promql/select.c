/* Selectors on their own, as profiles write them. */
#include "promql/parse.h"
#include "promql/promql.h"

const struct pq_selector *
pq_parse_selector(struct arena *a, struct sv text, struct err *e)
{
	struct pq_expr *x = pq_parse(a, text, e);
	struct pq_parser p;

	if (x == NULL)
		return NULL;
	if (x->kind == PQ_SELECT && x->shift.offset == 0 && x->shift.at == PQ_AT_NONE)
		return x->selector;
	pq_parser_init(&p, a, text, false, e);
	pq_parser_error(&p, x->from, "an instant selector without offset or @ expected, "
	    "as in name{label=\"value\"}");
	return NULL;
}

const struct pq_selector *
pq_parse_matchers(struct arena *a, struct sv text, struct err *e)
{
	struct pq_parser p;

	pq_parser_init(&p, a, text, true, e);
	return pq_parser_matchers(&p, (struct sv){NULL, 0});
}

const struct pq_selector *
pq_selector_and(struct arena *a, const struct pq_selector *sel, const struct pq_selector *more)
{
	struct pq_selector *s = arena_new(a, 1, sizeof(*s));
	size_t i;

	s->name = sel->name.n > 0 ? sel->name : more->name;
	s->n = sel->n + more->n;
	s->v = arena_new(a, s->n, sizeof(*s->v));
	for (i = 0; i < sel->n; i++)
		s->v[i] = sel->v[i];
	for (i = 0; i < more->n; i++)
		s->v[sel->n + i] = more->v[i];
	return s;
}

const struct pq_selector *
pq_selector_metric(struct arena *a, const struct pq_selector *sel)
{
	struct pq_selector *all = arena_new(a, 1, sizeof(*all));
	size_t i;

	all->name = sel->name;
	all->v = arena_new(a, sel->n, sizeof(*all->v));
	for (i = 0; i < sel->n; i++)
		if (sv_is(sel->v[i].name, "__name__") || sv_is(sel->v[i].name, "job") ||
		    sv_is(sel->v[i].name, "instance"))
			all->v[all->n++] = sel->v[i];
	return all;
}
