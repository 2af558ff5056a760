#include "judge/links.h"

#include <stdlib.h>

#include "base/expr.h"
#include "promql/explain.h"

int
links_by_point(const void *a, const void *b)
{
	const struct chain_point *x = a, *y = b;

	if (x->content != y->content)
		return x->content < y->content ? -1 : 1;
	if (x->series != y->series)
		return x->series < y->series ? -1 : 1;
	return (x->t > y->t) - (x->t < y->t);
}

/* --- samples -------------------------------------------------------------------------- */

static int
add_series(struct links *l, const struct pq_series *s, int64_t from, int64_t to)
{
	struct arena *a = &l->c->arena;
	struct store_rows *rows;
	struct chain_series *out;
	struct store_point p;
	struct sb text = {0};
	size_t i;
	int rc;

	for (i = 0; i < l->series.n; i++)
		if (l->series.v[i].id == s->id)
			return 0;
	out = vec_add(&l->series);
	*out = (struct chain_series){.id = s->id, .name = arena_sv(a, s->name), .labels = labels_copy(a, &s->labels)};
	labels_show(s->name, &s->labels, &text);
	out->text = arena_sv(a, sb_sv(&text));
	sb_free(&text);
	if ((rows = store_points_open(l->store, s->id, from, to, l->e)) == NULL)
		return -1;
	while ((rc = store_points_next(rows, &p, l->e)) > 0) {
		if (p.flag == STORE_STALE)
			continue;
		out->last = (struct pq_sample){p.t, p.v, false};
		if (out->n++ == 0)
			out->first = out->last;
		*vec_add(&l->point) = (struct chain_point){p.content, i, p.t};
	}
	store_rows_close(rows);
	return rc;
}

/* The series of sel within [from, to]. Where none has a sample there, 0 rests on the others of the metric (docs/rules.md 13): those. */
static int
add_reading(struct links *l, const struct pq_selector *sel, int64_t from, int64_t to)
{
	const struct pq_selector *all = sel->name.n > 0 ? pq_parse_selector(&l->c->arena, sel->name, NULL) : NULL;
	size_t before = l->point.n, i, k, n;
	struct pq_series *s;

	for (i = 0; i < 2 && sel != NULL && l->point.n == before; i++, sel = all) {
		if (l->source.src.series(&l->source.src, sel, &l->c->arena, &s, &n, l->e) < 0)
			return -1;
		for (k = 0; k < n; k++)
			if (add_series(l, &s[k], from, to) < 0)
				return -1;
	}
	return 0;
}

int
links_query(struct links *l, struct sv text, int64_t from, int64_t to)
{
	struct pq_query q = {.start = from, .end = to, .step = to > from ? to - from : 0};
	const struct pq_expr *x = pq_parse(&l->c->arena, text, NULL);
	struct pq_explanation ex;
	size_t i;

	if (x == NULL || from == TIME_NONE || to == TIME_NONE || from > to)
		return 0;
	if (pq_explain(&l->source.src, x, &q, &l->c->arena, &ex, l->e) < 0)
		return -1;
	for (i = 0; i < ex.n; i++) {
		const struct pq_reading *r = &ex.v[i];

		if (add_reading(l, r->x->kind == PQ_RANGE ? r->x->range.selector : r->x->selector, r->from, r->to) < 0)
			return -1;
	}
	return 0;
}

/* --- events, claims, facts --------------------------------------------------------------- */

void
links_line(struct links *l, struct sv source, int64_t line, const char *text)
{
	struct arena *a = &l->c->arena;
	size_t i;

	for (i = 0; i < l->line.n; i++)
		if (l->line.v[i].line == line && sv_eq(l->line.v[i].source, source) && sv_is(l->line.v[i].text, text))
			return;
	*vec_add(&l->line) = (struct chain_line){arena_sv(a, source), arena_sv(a, sv_of(text)), line};
}

int
links_events(struct links *l, struct sv name, const struct window_result *w)
{
	struct store_rows *rows = store_events_open(l->store, l->e);
	struct store_event ev;
	char at[TIME_TEXT];
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_events_next(rows, &ev, l->e)) > 0)
		if (sv_starts(ev.name, arena_str(&l->c->arena, name)) && span_has(w->span, w->n, ev.t))
			links_line(l, ev.source, ev.line, arena_fmt(&l->c->arena, "%s %" SV_FMT, time_text(ev.t, at), SV_ARG(ev.name)));
	store_rows_close(rows);
	return rc;
}

static int
add_facts(struct links *l, struct store_rows *rows, struct sv path, int64_t content, size_t *found)
{
	struct store_fact f;
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_facts_next(rows, &f, l->e)) > 0)
		if (sv_eq(f.path, path) && (content == 0 || f.content == content)) {
			(*found)++;
			links_line(l, f.source, f.line, arena_fmt(&l->c->arena, "%" SV_FMT " = %" SV_FMT, SV_ARG(f.path), SV_ARG(f.text)));
		}
	store_rows_close(rows);
	return rc;
}

/* What a name in an expression is: a quantity, a claim of the same artifact, a fact of the run. */
static int
on_name(void *ctx, struct sv name, int braces, double *v, struct err *e)
{
	struct links *l = ctx;
	const struct profile *p = l->v->profile;
	const struct window_result *run = &l->v->windows[0];
	size_t i, found = 0;

	(void)braces;
	(void)e;
	*v = 1;
	for (i = 0; i < p->n_quantities; i++)
		if (sv_eq(p->quantities[i].name, name))
			return run->n == 0 ? 0 : links_query(l, p->quantities[i].selector, run->span[0].from, run->span[run->n - 1].to);
	if (l->content != 0 && add_facts(l, store_claims_open(l->store, l->e), name, l->content, &found) < 0)
		return -1;
	if (sv_starts(name, "run.")) {
		bool start = !sv_is(name, "run.end"), end = !sv_is(name, "run.start");

		if (start)
			links_line(l, l->v->run.start_source, 0, "the run's start");
		if (end)
			links_line(l, l->v->run.end_source, 0, "the run's end");
		return 0;
	}
	return found > 0 ? 0 : add_facts(l, store_runs_open(l->store, l->e), name, 0, &found);
}

int
links_expression(struct links *l, struct sv text)
{
	return text.n == 0 || expr_check(text, on_name, l, l->e) == 0 ? 0 : -1;
}

/* --- artifacts ------------------------------------------------------------------------------ */

static void
note_source(struct links *l, const struct store_artifact *a, size_t n)
{
	struct arena *to = &l->c->arena;
	size_t i;

	for (i = 0; i < l->use.n; i++)
		if (l->use.v[i].content == a->content)
			return;
	*vec_add(&l->use) = (struct chain_source){.content = a->content, .name = arena_sv(to, a->name),
	    .sha256 = arena_sv(to, sv_of(a->sha256)), .format = arena_sv(to, a->format), .time_source = arena_sv(to, a->time_source),
	    .time_why = arena_sv(to, a->time_why), .time = a->time_ms, .untimed = a->untimed, .n = n};
}

static size_t
points_of(const struct links *l, int64_t content)
{
	size_t i, n = 0;

	for (i = 0; i < l->point.n; i++)
		n += l->point.v[i].content == content;
	return n;
}

static bool
is_named(const struct links *l, const struct sv *names, size_t n, struct sv name)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (sv_eq(names[i], name))
			return true;
	for (i = 0; i < l->line.n; i++)
		if (sv_eq(l->line.v[i].source, name))
			return true;
	return false;
}

int
links_sources(struct links *l, const struct sv *names, size_t n)
{
	struct store_rows *rows = store_artifacts_open(l->store, l->e);
	struct store_artifact a;
	size_t points;
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_artifacts_next(rows, &a, l->e)) > 0) {
		if (a.superseded)
			continue;
		points = points_of(l, a.content);
		if (points > 0 || is_named(l, names, n, a.name))
			note_source(l, &a, points);
	}
	store_rows_close(rows);
	return rc;
}

void
links_close(struct links *l)
{
	struct chain *c = l->c;

	if (l->point.n > 0)
		qsort(l->point.v, l->point.n, sizeof(*l->point.v), links_by_point);
	c->n_series = l->series.n;
	c->series = arena_keep(&c->arena, l->series.v, l->series.n, sizeof(*c->series));
	c->n_points = l->point.n;
	c->point = arena_keep(&c->arena, l->point.v, l->point.n, sizeof(*c->point));
	c->n_sources = l->use.n;
	c->source = arena_keep(&c->arena, l->use.v, l->use.n, sizeof(*c->source));
	c->n_lines = l->line.n;
	c->line = arena_keep(&c->arena, l->line.v, l->line.n, sizeof(*c->line));
}
