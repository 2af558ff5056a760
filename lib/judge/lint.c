/*
 * lint - judge_lint(): is a profile sound, and do its selectors match something in a store?
 */
#include "base/expr.h"
#include "base/mem.h"
#include "base/near.h"
#include "judge/kind.h"
#include "promql/store_source.h"

struct lint {
	struct store *store;
	struct pq_source *source;
	struct arena arena;
	void (*say)(void *ctx, const char *text);
	void *ctx;
};

/* The series of a selector; none also when they cannot be read. */
static struct pq_series *
series_of(struct lint *l, const struct pq_selector *sel, size_t *n)
{
	struct pq_series *s = NULL;

	if (l->source->series(l->source, sel, &l->arena, &s, n, NULL) < 0)
		*n = 0;
	return s;
}

/* The metric's name that a mistyped one is nearest to, or NULL. */
static const char *
near_metric(struct lint *l, struct sv name)
{
	struct store_rows *rows = store_series_open(l->store, NULL, NULL);
	VEC(const char *) known = {0};
	struct store_series s;
	const char *near;

	while (rows != NULL && store_series_next(rows, &s, NULL) > 0)
		if (known.n == 0 || !sv_is(s.name, known.v[known.n - 1]))
			*vec_add(&known) = arena_str(&l->arena, s.name);
	store_rows_close(rows);
	*vec_add(&known) = NULL;
	near = near_word(name, known.v);
	vec_free(&known);
	return near;
}

/* The values that a label has on a metric's series: nearest first is what the user probably meant. */
static const char *
near_value(struct lint *l, const struct pq_selector *metric, const struct pq_matcher *m)
{
	VEC(const char *) known = {0};
	struct pq_series *s;
	const char *near;
	size_t i, n;

	s = series_of(l, metric, &n);
	for (i = 0; i < n; i++) {
		struct sv value = labels_get(&s[i].labels, arena_str(&l->arena, m->name));

		if (value.n > 0)
			*vec_add(&known) = arena_str(&l->arena, value);
	}
	*vec_add(&known) = NULL;
	near = near_word(m->value, known.v);
	if (near != NULL && sv_is(m->value, near))
		near = NULL;
	vec_free(&known);
	return near;
}

/* What is to be added to "matches nothing": ", did you mean ...?" or nothing. */
static const char *
guess(struct lint *l, const struct pq_selector *sel)
{
	const struct pq_selector *metric = pq_selector_metric(&l->arena, sel);
	const char *near;
	size_t i, n;

	series_of(l, metric, &n);
	if (n == 0) {
		near = near_metric(l, sel->name);
		return near == NULL ? "" : arena_fmt(&l->arena, "; did you mean '%s'?", near);
	}
	for (i = 0; i < sel->n; i++) {
		const struct pq_matcher *m = &sel->v[i];

		if (m->op != PQ_EQ || sv_is(m->name, "__name__"))
			continue;
		near = near_value(l, metric, m);
		if (near != NULL)
			return arena_fmt(&l->arena, "; did you mean %" SV_FMT "=\"%s\"?", SV_ARG(m->name), near);
	}
	return "";
}

static void
lint_selector(struct lint *l, const struct doc *at, struct sv text)
{
	const struct pq_selector *sel = pq_parse_selector(&l->arena, text, NULL);
	size_t n;

	if (sel == NULL)
		return;
	series_of(l, sel, &n);
	if (n == 0)
		l->say(l->ctx, arena_fmt(&l->arena, "%s:%d:%d: note: '%" SV_FMT "' matches no series in the store%s",
		    at->file, at->line, at->col, SV_ARG(text), guess(l, sel)));
}

static void
lint_selectors(struct lint *l, const struct profile *p)
{
	static const char *const part[] = {"total", "bad", "good", "count"};
	const struct doc *d;
	size_t i, k;

	for (i = 0; i < p->n_criteria; i++)
		for (k = 0; sv_is(p->criteria[i].kind, "sli") && k < sizeof(part) / sizeof(*part); k++)
			if ((d = doc_get(p->criteria[i].spec, part[k])) != NULL)
				lint_selector(l, d, d->text);
	for (i = 0; i < p->n_quantities; i++)
		lint_selector(l, p->quantities[i].at, p->quantities[i].selector);
}

/* Is there an event whose name begins so? If not, the nearest name is suggested. */
static void
lint_event(struct lint *l, const struct doc *at, struct sv name)
{
	struct store_rows *rows = store_events_open(l->store, NULL);
	VEC(const char *) known = {0};
	struct store_event ev;
	const char *near;
	bool found = false;

	while (rows != NULL && !found && store_events_next(rows, &ev, NULL) > 0) {
		found = sv_starts(ev.name, arena_str(&l->arena, name));
		if (known.n == 0 || !sv_is(ev.name, known.v[known.n - 1]))
			*vec_add(&known) = arena_str(&l->arena, ev.name);
	}
	store_rows_close(rows);
	*vec_add(&known) = NULL;
	near = found ? NULL : near_word(name, known.v);
	if (!found)
		l->say(l->ctx, arena_fmt(&l->arena, "%s:%d:%d: note: no event in the store is called '%" SV_FMT "'%s%s%s", at->file, at->line,
		    at->col, SV_ARG(name), near != NULL ? "; did you mean '" : "", near != NULL ? near : "", near != NULL ? "'?" : ""));
	vec_free(&known);
}

static void
lint_when(struct lint *l, const struct profile_when *w)
{
	if (w->kind == WHEN_EVENT)
		lint_event(l, w->at, w->event);
}

/* What must not happen need not have: {none: NAME} is not looked for. */
static void
lint_events(struct lint *l, const struct profile *p)
{
	const struct doc *d;
	size_t i;

	lint_when(l, &p->start);
	lint_when(l, &p->end);
	for (i = 0; i < p->n_windows; i++) {
		lint_when(l, &p->windows[i].from);
		lint_when(l, &p->windows[i].to);
	}
	for (i = 0; i < p->n_criteria; i++) {
		const struct profile_criterion *c = &p->criteria[i];

		lint_when(l, &c->moment);
		if (sv_is(c->kind, "events") && (d = doc_get(c->spec, "name")) != NULL)
			lint_event(l, d, d->text);
		else if (sv_is(c->kind, "events") && (d = doc_get(c->spec, "order")) != NULL)
			for (d = doc_first(d); d != NULL; d = d->next)
				lint_event(l, d, d->text);
		else if (sv_is(c->kind, "schedule") && (d = doc_get(c->spec, "event")) != NULL && d->kind == DOC_STRING)
			lint_event(l, d, d->text);
	}
}

/* Does an artifact state a claim (or, facts true, a fact of the run) of that path? */
static bool
is_stated(struct lint *l, struct sv path, bool facts)
{
	struct store_rows *rows = facts ? store_runs_open(l->store, NULL) : store_claims_open(l->store, NULL);
	struct store_fact f;
	bool found = false;

	while (rows != NULL && !found && store_facts_next(rows, &f, NULL) > 0)
		found = sv_eq(f.path, path);
	store_rows_close(rows);
	return found;
}

struct naming {
	struct lint *l;
	const struct profile *p;
	const struct doc *at;
	bool check; /* other claims may be named, too */
};

static int
lint_name(void *ctx, struct sv name, int braces, double *v, struct err *e)
{
	struct naming *n = ctx;
	size_t i;

	(void)braces;
	(void)e;
	*v = 1;
	for (i = 0; i < n->p->n_quantities; i++)
		if (sv_eq(n->p->quantities[i].name, name))
			return 0;
	if (sv_starts(name, "run.") || sv_starts(name, "evidence.") || is_stated(n->l, name, true) ||
	    (n->check && is_stated(n->l, name, false)))
		return 0;
	n->l->say(n->l->ctx, arena_fmt(&n->l->arena, "%s:%d:%d: note: '%" SV_FMT "' is no quantity of the profile and nothing that an artifact "
	    "states", n->at->file, n->at->line, n->at->col, SV_ARG(name)));
	return 0;
}

static void
lint_claims(struct lint *l, const struct profile *p)
{
	size_t i;

	for (i = 0; i < p->n_claims; i++) {
		const struct profile_claim *c = &p->claims[i];
		struct naming n = {l, p, c->at, c->check.n > 0};

		if (c->path.n > 0 && !is_stated(l, c->path, false))
			l->say(l->ctx, arena_fmt(&l->arena, "%s:%d:%d: note: no artifact in the store claims '%" SV_FMT "'", c->at->file,
			    c->at->line, c->at->col, SV_ARG(c->path)));
		if (c->check.n > 0)
			(void)expr_check(c->check, lint_name, &n, NULL);
		if (c->equals.n > 0)
			(void)expr_check(c->equals, lint_name, &n, NULL);
	}
}

int
judge_lint(const struct profile *p, struct store *s, void (*say)(void *ctx, const char *text), void *ctx)
{
	struct pq_store_source source;
	struct lint l = {.store = s, .source = &source.src, .say = say, .ctx = ctx};
	struct err e = {0};
	int errors = 0;
	size_t i;

	for (i = 0; i < p->n_criteria; i++)
		if (judge_check_criterion(p, &p->criteria[i], &e) < 0) {
			say(ctx, e.msg);
			errors++;
		}
	if (errors == 0 && judge_check(p, &e) < 0) {
		say(ctx, e.msg);
		errors++;
	}
	if (errors == 0 && s != NULL) {
		pq_store_source_init(&source, s);
		lint_selectors(&l, p);
		lint_events(&l, p);
		lint_claims(&l, p);
	}
	arena_free(&l.arena);
	return errors;
}
