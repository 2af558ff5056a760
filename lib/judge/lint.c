/*
 * lint - judge_lint(): is a profile sound, and do its selectors match something in a store?
 */
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
	const struct pq_selector *metric = increase_metric(&l->arena, sel);
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
	}
	arena_free(&l.arena);
	return errors;
}
