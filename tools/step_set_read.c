#include <math.h>
#include <string.h>

#include "base/num.h"
#include "base/time.h"
#include "profile/profile.h"
#include "step_set.h"

static const char *const composed[] = {"multiples", "difference", "against", "budget", "strip", NULL};

bool
set_is_composed(const char *kind)
{
	size_t i;

	for (i = 0; composed[i] != NULL; i++)
		if (strcmp(composed[i], kind) == 0)
			return true;
	return false;
}

static int
read_kind(const struct doc *m, struct set_chart *c, struct err *e)
{
	const struct doc *kind = doc_get(m, "kind");
	size_t i;

	if (kind == NULL)
		return 0;
	for (i = 0; step_kinds[i] != NULL; i++)
		if (sv_is(kind->text, step_kinds[i]) && strcmp(step_kinds[i], "spark") != 0)
			c->kind = step_kinds[i];
	for (i = 0; composed[i] != NULL; i++)
		if (sv_is(kind->text, composed[i]))
			c->kind = composed[i];
	return c->kind == NULL ? doc_err(kind, e, "no such kind of chart") : 0;
}

static int
read_number(const struct doc *m, const char *key, double *out, struct err *e)
{
	const struct doc *d = doc_get(m, key);
	struct sv v;
	bool percent;

	*out = NAN;
	if (d == NULL)
		return 0;
	v = sv_trim(d->text);
	percent = sv_ends(v, "%");
	if (!num_parse(percent ? sv_trim(sv_head(v, v.n - 1)) : v, out) || !isfinite(*out))
		return doc_err(d, e, "a number is expected, as 0.97 or 97%%");
	if (percent)
		*out /= 100;
	return 0;
}

static int
read_duration(const struct doc *m, const char *key, int64_t *out, struct err *e)
{
	const struct doc *d = doc_get(m, key);

	if (d != NULL && (!time_duration(d->text, out) || *out < 0))
		return doc_err(d, e, "a duration is expected, as 15m");
	return 0;
}

static int
read_queries(struct chart_list *l, const struct doc *m, struct set_chart *c, struct err *e)
{
	static const char *const known[] = {"expr", "legend", NULL};
	const struct doc *list = doc_get(m, "queries"), *q;

	if (doc_get(m, "expr") != NULL) {
		c->query = arena_new(&l->arena, 1, sizeof(*c->query));
		c->n_queries = 1;
		if (profile_text(m, "expr", &c->query[0].expr, e) < 0 || profile_text(m, "legend", &c->query[0].legend, e) < 0)
			return -1;
	}
	if (list == NULL)
		return 0;
	if (list->kind != DOC_LIST || c->n_queries > 0)
		return doc_err(list, e, "either an expr or a list of queries");
	c->query = arena_new(&l->arena, list->n, sizeof(*c->query));
	for (q = list->child; q != NULL; q = q->next, c->n_queries++)
		if (profile_keys(q, known, e) < 0 || profile_text(q, "expr", &c->query[c->n_queries].expr, e) < 0 ||
		    profile_text(q, "legend", &c->query[c->n_queries].legend, e) < 0)
			return -1;
	return 0;
}

static int
read_rules(struct chart_list *l, const struct doc *m, struct set_chart *c, struct err *e)
{
	static const char *const known[] = {"value", "label", NULL};
	const struct doc *list = doc_get(m, "rules"), *r;

	if (list == NULL)
		return 0;
	if (list->kind != DOC_LIST)
		return doc_err(list, e, "a list of rules is expected: {value, label}");
	c->rule = arena_new(&l->arena, list->n, sizeof(*c->rule));
	for (r = list->child; r != NULL; r = r->next, c->n_rules++)
		if (profile_keys(r, known, e) < 0 || read_number(r, "value", &c->rule[c->n_rules].value, e) < 0 ||
		    profile_text(r, "label", &c->rule[c->n_rules].label, e) < 0)
			return -1;
	return 0;
}

static int
read_conditions(const struct doc *m, struct set_chart *c, struct err *e)
{
	static const char *const around[] = {"event", "until", "before", "after", NULL}, *const needs[] = {"every", "because", NULL};
	const struct doc *a = doc_get(m, "around"), *n = doc_get(m, "needs");

	if (profile_keys(a, around, e) < 0 || profile_keys(n, needs, e) < 0)
		return -1;
	if (profile_text(a, "event", &c->around, e) < 0 || profile_text(a, "until", &c->until, e) < 0 || read_duration(a, "before", &c->before, e) < 0 ||
	    read_duration(a, "after", &c->after, e) < 0 || read_duration(n, "every", &c->every, e) < 0 || profile_text(n, "because", &c->because, e) < 0)
		return -1;
	return a != NULL && c->around.n == 0 ? doc_err(a, e, "around needs an event") : 0;
}

static bool
is_id(struct sv v)
{
	size_t i;

	for (i = 0; i < v.n; i++)
		if (!((v.p[i] >= 'a' && v.p[i] <= 'z') || (v.p[i] >= '0' && v.p[i] <= '9') || v.p[i] == '-'))
			return false;
	return v.n > 0;
}

static int
read_chart(struct chart_list *l, const struct doc *m, struct set_chart *c, struct err *e)
{
	static const char *const known[] = {"id", "title", "subtitle", "kind", "unit", "expr", "legend", "queries", "objective", "rules", "min", "max",
	    "log", "around", "needs", "missing", "x_title", "results", "width", "height", NULL};
	size_t i;

	c->at = m;
	if (profile_keys(m, known, e) < 0 || profile_text(m, "id", &c->id, e) < 0 || profile_text(m, "title", &c->title, e) < 0 ||
	    profile_text(m, "subtitle", &c->subtitle, e) < 0 || profile_text(m, "unit", &c->unit, e) < 0 ||
	    profile_text(m, "missing", &c->missing, e) < 0 || profile_text(m, "x_title", &c->x_title, e) < 0 ||
	    profile_text(m, "results", &c->results, e) < 0 || read_kind(m, c, e) < 0 || read_number(m, "min", &c->min, e) < 0 ||
	    read_number(m, "max", &c->max, e) < 0 || read_number(m, "objective", &c->objective, e) < 0 || read_number(m, "width", &c->width, e) < 0 ||
	    read_number(m, "height", &c->height, e) < 0 || read_queries(l, m, c, e) < 0 || read_rules(l, m, c, e) < 0 ||
	    read_conditions(m, c, e) < 0)
		return -1;
	c->log = doc_get(m, "log") != NULL && doc_get(m, "log")->truth;
	c->width = isnan(c->width) ? 0 : c->width;
	c->height = isnan(c->height) ? 0 : c->height;
	if (!is_id(c->id))
		return doc_err(m, e, "a chart needs an id of small letters, digits and '-'");
	for (i = 0; i + 1 < l->n; i++)
		if (sv_eq(l->v[i].id, c->id))
			return doc_err(doc_get(m, "id"), e, "the id is taken (line %d)", l->v[i].at->line);
	if (c->n_queries == 0 && c->results.n == 0)
		return doc_err(m, e, "a chart needs an expr, queries or results");
	return 0;
}

int
set_parse(const char *name, struct sv text, struct chart_list *l, struct err *e)
{
	static const char *const known[] = {"set", "title", "charts", NULL};
	const struct doc *root, *list, *m;

	*l = (struct chart_list){.n = 0};
	root = doc_yaml(&l->arena, name, text, e);
	if (root == NULL || profile_keys(root, known, e) < 0 || profile_text(root, "title", &l->title, e) < 0)
		return -1;
	list = doc_get(root, "charts");
	if (list == NULL || list->kind != DOC_LIST || list->n == 0)
		return doc_err(root, e, "a chart set has a list of charts");
	l->v = arena_new(&l->arena, list->n, sizeof(*l->v));
	for (m = list->child; m != NULL; m = m->next) {
		l->n++;
		if (read_chart(l, m, &l->v[l->n - 1], e) < 0)
			return -1;
	}
	return 0;
}

void
set_free(struct chart_list *l)
{
	arena_free(&l->arena);
	*l = (struct chart_list){.n = 0};
}
