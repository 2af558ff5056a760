/* What a selector that matches nothing may have meant. */
#include "promql/explain.h"

#include "base/mem.h"
#include "base/near.h"

#define MOST_VALUES 8 /* of a label that are listed */

struct search {
	struct pq_source *src;
	struct arena *a;
	struct err *e;
};

/* The word of v that is nearest to name, or NULL. v is in order; equal ones stand together. */
static const char *
near_name(struct search *s, struct sv name, const struct pq_series *v, size_t n)
{
	VEC(const char *) known = {0};
	const char *near;
	size_t i;

	for (i = 0; i < n; i++)
		if (i == 0 || !sv_eq(v[i].name, v[i - 1].name))
			*vec_add(&known) = arena_str(s->a, v[i].name);
	*vec_add(&known) = NULL;
	near = near_word(name, known.v);
	vec_free(&known);
	return near;
}

/* Does any of the series match that one matcher? 1, 0 or -1. */
static int
any_matches(struct search *s, struct pq_matcher *m, const struct pq_series *v, size_t n)
{
	struct pq_selector one = {.v = m, .n = 1};
	int rc = 0;
	size_t i;

	for (i = 0; i < n && rc == 0; i++)
		rc = pq_matches(&one, v[i].name, &v[i].labels, s->e);
	return rc;
}

/* "; values of code: 200, 403, 503, ..." */
static void
add_values(struct search *s, struct sv label, const struct pq_series *v, size_t n, struct sb *out)
{
	struct sv seen[MOST_VALUES], value;
	const char *name = arena_str(s->a, label);
	size_t i, k, n_seen = 0;

	for (i = 0; i < n; i++) {
		value = labels_get(&v[i].labels, name);
		for (k = 0; k < n_seen && !sv_eq(seen[k], value); k++)
			;
		if (value.n == 0 || k < n_seen)
			continue;
		if (n_seen == MOST_VALUES) {
			sb_adds(out, ", ...");
			return;
		}
		if (n_seen == 0)
			sb_addf(out, "; values of %s: ", name);
		else
			sb_adds(out, ", ");
		sb_addv(out, value);
		seen[n_seen++] = value;
	}
	if (n_seen == 0)
		sb_adds(out, "; none has that label");
}

/* The metric has series v: which matcher keeps all of them out? */
static int
blame(struct search *s, const struct pq_selector *sel, const struct pq_series *v, size_t n, struct sb *out)
{
	size_t i;
	int rc;

	for (i = 0; i < sel->n; i++) {
		struct pq_selector one = {.v = &sel->v[i], .n = 1};

		rc = any_matches(s, &sel->v[i], v, n);
		if (rc < 0)
			return -1;
		if (rc == 1)
			continue;
		sb_addf(out, "no series of %" SV_FMT " fits ", SV_ARG(sel->name));
		pq_format_selector(&one, out);
		add_values(s, sel->v[i].name, v, n, out);
		return 0;
	}
	sb_addf(out, "no one of the %zu series of %" SV_FMT " fits all of it", n, SV_ARG(sel->name));
	return 0;
}

static int
find(struct search *s, struct pq_matcher *m, struct pq_series **v, size_t *n)
{
	struct pq_selector sel = {.name = m->op == PQ_EQ ? m->value : SV(""), .v = m, .n = 1};

	return s->src->series(s->src, &sel, s->a, v, n, s->e);
}

int
pq_explain_missing(struct pq_source *src, const struct pq_expr *x, struct arena *a, struct sb *out, struct err *e)
{
	const struct pq_selector *sel = x->kind == PQ_RANGE ? x->range.selector : x->selector;
	struct pq_matcher name = {.op = PQ_EQ, .name = SV("__name__"), .value = sel->name};
	struct search s = {src, a, e};
	struct pq_series *v = NULL;
	const char *near;
	size_t n = 0;

	sb_adds(out, "no series matches ");
	pq_format_selector(sel, out);
	if (sel->name.n == 0)
		return 0;
	sb_adds(out, ": ");
	if (find(&s, &name, &v, &n) < 0)
		return -1;
	if (n > 0)
		return blame(&s, sel, v, n, out);
	name = (struct pq_matcher){.op = PQ_NE, .name = SV("__name__"), .value = SV("")};
	if (find(&s, &name, &v, &n) < 0)
		return -1;
	sb_adds(out, "there is no such metric");
	near = near_name(&s, sel->name, v, n);
	if (near != NULL)
		sb_addf(out, "; did you mean %s?", near);
	return 0;
}
