/* promtool's test files as structs. */
#include "rules/unit.h"

#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "profile/profile.h"
#include "promql/notation.h"
#include "rules/field.h"

struct reader {
	struct arena *a;
	struct err *e;
};

static int
duration_of(struct reader *r, const struct doc *map, const char *key, int64_t *out)
{
	const struct doc *d = doc_get(map, key);

	if (d == NULL || d->kind == DOC_NULL)
		return 0;
	if (!field_is_scalar(d) || !time_duration(d->text, out))
		return doc_err(d, r->e, "'%s' must be a duration such as 5m", key);
	return 0;
}

/* A list, or nothing: *n entries. */
static int
list_of(struct reader *r, const struct doc *map, const char *key, const struct doc **first, size_t *n)
{
	const struct doc *d = doc_get(map, key);

	*first = NULL;
	*n = 0;
	if (d == NULL || d->kind == DOC_NULL)
		return 0;
	if (d->kind != DOC_LIST)
		return doc_err(d, r->e, "'%s' must be a list", key);
	*first = d->child;
	*n = d->n;
	return 0;
}

static int
texts_of(struct reader *r, const struct doc *map, const char *key, struct sv **out, size_t *n)
{
	const struct doc *c;
	size_t i = 0;

	if (list_of(r, map, key, &c, n) < 0)
		return -1;
	*out = arena_new(r->a, *n, sizeof(**out));
	for (; c != NULL; c = c->next) {
		if (!field_is_scalar(c))
			return doc_err(c, r->e, "'%s' must be a list of texts", key);
		(*out)[i++] = c->text;
	}
	return 0;
}

/* A map of names to texts as sorted labels, with room for one more. */
static int
labels_of(struct reader *r, const struct doc *map, const char *key, struct labels *out)
{
	const struct doc *d = doc_get(map, key), *c;

	out->v = arena_new(r->a, (d == NULL ? 0 : d->n) + 1, sizeof(*out->v));
	out->n = 0;
	if (d == NULL || d->kind == DOC_NULL)
		return 0;
	if (d->kind != DOC_MAP)
		return doc_err(d, r->e, "'%s' must be a map of names to texts", key);
	for (c = d->child; c != NULL; c = c->next) {
		if (!field_is_scalar(c))
			return doc_err(c, r->e, "'%" SV_FMT "' must be text", SV_ARG(c->key));
		out->v[out->n++] = (struct label){c->key, c->kind == DOC_NULL ? SV("") : c->text};
	}
	return 0;
}

static int
alert_test(struct reader *r, const struct doc *d, struct unit_alert_test *t)
{
	static const char *const known[] = {"eval_time", "alertname", "exp_alerts", NULL};
	static const char *const known_alert[] = {"exp_labels", "exp_annotations", NULL};
	const struct doc *c;
	size_t n;

	if (profile_keys(d, known, r->e) < 0 || duration_of(r, d, "eval_time", &t->at) < 0 || field_text(d, "alertname", &t->name, r->e) < 0 ||
	    list_of(r, d, "exp_alerts", &c, &n) < 0)
		return -1;
	if (t->name.n == 0)
		return doc_err(d, r->e, "an item under alert_rule_test misses required attribute alertname at eval_time");
	t->labels = arena_new(r->a, n, sizeof(*t->labels));
	t->annotations = arena_new(r->a, n, sizeof(*t->annotations));
	for (; c != NULL; c = c->next, t->n++) {
		if (profile_keys(c, known_alert, r->e) < 0 || labels_of(r, c, "exp_labels", &t->labels[t->n]) < 0 ||
		    labels_of(r, c, "exp_annotations", &t->annotations[t->n]) < 0)
			return -1;
		t->labels[t->n].v[t->labels[t->n].n++] = (struct label){SV("alertname"), t->name};
		if (labels_sort(&t->labels[t->n]) < 0)
			return doc_err(c, r->e, "exp_labels must not hold alertname: it is 'alertname'");
		labels_sort(&t->annotations[t->n]);
	}
	return 0;
}

/* 'up{job="a"}' as labels with __name__. */
static int
series_labels(struct reader *r, const struct doc *at, struct sv text, struct labels *out)
{
	struct pq_notation s = {0};
	struct err why = {0};
	size_t i;

	if (pq_notation_series(r->a, text, &s, &why) < 0)
		return doc_err(at, r->e, "labels \"%" SV_FMT "\": %s", SV_ARG(text), why.msg);
	out->v = arena_new(r->a, s.labels.n + 1, sizeof(*out->v));
	out->n = 0;
	if (s.name.n > 0)
		out->v[out->n++] = (struct label){SV("__name__"), s.name};
	for (i = 0; i < s.labels.n; i++)
		out->v[out->n++] = s.labels.v[i];
	labels_sort(out);
	return 0;
}

static int
expr_test(struct reader *r, const struct doc *d, struct unit_expr_test *t)
{
	static const char *const known[] = {"expr", "eval_time", "exp_samples", NULL};
	static const char *const known_sample[] = {"labels", "value", "histogram", NULL};
	const struct doc *c;
	struct sv text;
	size_t n;

	if (profile_keys(d, known, r->e) < 0 || duration_of(r, d, "eval_time", &t->at) < 0 || field_text(d, "expr", &t->text, r->e) < 0 ||
	    list_of(r, d, "exp_samples", &c, &n) < 0)
		return -1;
	t->labels = arena_new(r->a, n, sizeof(*t->labels));
	t->value = arena_new(r->a, n, sizeof(*t->value));
	for (; c != NULL; c = c->next, t->n++) {
		if (profile_keys(c, known_sample, r->e) < 0)
			return -1;
		if (doc_get(c, "histogram") != NULL)
			return doc_err_key(doc_get(c, "histogram"), r->e, "native histograms are not supported");
		text = SV("{}");
		if (field_text(c, "labels", &text, r->e) < 0 || series_labels(r, c, text.n > 0 ? text : SV("{}"), &t->labels[t->n]) < 0)
			return -1;
		text = SV("0");
		if (field_text(c, "value", &text, r->e) < 0)
			return -1;
		if (!num_parse(text, &t->value[t->n]) && !sv_is(text, ".nan") && !sv_is(text, ".inf"))
			return doc_err(doc_get(c, "value"), r->e, "'value' must be a number");
	}
	return 0;
}

static int
input_series(struct reader *r, const struct doc *d, struct unit_group *g)
{
	static const char *const known[] = {"series", "values", NULL};
	const struct doc *c;
	size_t n;

	if (list_of(r, d, "input_series", &c, &n) < 0)
		return -1;
	g->series = arena_new(r->a, n, sizeof(*g->series));
	g->values = arena_new(r->a, n, sizeof(*g->values));
	g->series_at = arena_new(r->a, n, sizeof(*g->series_at));
	for (; c != NULL; c = c->next, g->n_series++) {
		if (profile_keys(c, known, r->e) < 0 || field_text(c, "series", &g->series[g->n_series], r->e) < 0 ||
		    field_text(c, "values", &g->values[g->n_series], r->e) < 0)
			return -1;
		g->series_at[g->n_series] = c;
	}
	return 0;
}

static int
test_group(struct reader *r, const struct doc *d, int64_t interval, struct unit_group *g)
{
	static const char *const known[] = {"interval", "input_series", "alert_rule_test", "promql_expr_test", "external_labels",
	    "external_url", "name", NULL};
	const struct doc *c;
	size_t n;

	g->interval = interval;
	if (profile_keys(d, known, r->e) < 0 || duration_of(r, d, "interval", &g->interval) < 0 ||
	    field_text(d, "name", &g->name, r->e) < 0 || field_text(d, "external_url", &g->external_url, r->e) < 0 ||
	    labels_of(r, d, "external_labels", &g->external) < 0 || input_series(r, d, g) < 0)
		return -1;
	if (g->interval <= 0)
		return doc_err(d, r->e, "'interval' must be above 0");
	labels_sort(&g->external);
	if (list_of(r, d, "alert_rule_test", &c, &n) < 0)
		return -1;
	g->alert = arena_new(r->a, n, sizeof(*g->alert));
	for (; c != NULL; c = c->next)
		if (alert_test(r, c, &g->alert[g->n_alerts++]) < 0)
			return -1;
	if (list_of(r, d, "promql_expr_test", &c, &n) < 0)
		return -1;
	g->expr = arena_new(r->a, n, sizeof(*g->expr));
	for (; c != NULL; c = c->next)
		if (expr_test(r, c, &g->expr[g->n_exprs++]) < 0)
			return -1;
	return 0;
}

int
unit_parse(struct arena *a, const char *file, struct sv text, struct unit_file *u, struct err *e)
{
	static const char *const known[] = {"rule_files", "evaluation_interval", "group_eval_order", "tests", "fuzzy_compare", NULL};
	const struct doc *root = doc_yaml(a, file, text, e), *c, *fuzzy;
	struct reader r = {a, e};
	size_t n;

	*u = (struct unit_file){.file = file, .interval = RULES_INTERVAL};
	if (root == NULL)
		return -1;
	if (profile_keys(root, known, e) < 0 || texts_of(&r, root, "rule_files", &u->rule_file, &u->n_rule_files) < 0 ||
	    texts_of(&r, root, "group_eval_order", &u->order, &u->n_order) < 0 ||
	    duration_of(&r, root, "evaluation_interval", &u->interval) < 0 || list_of(&r, root, "tests", &c, &n) < 0)
		return -1;
	if (u->interval <= 0)
		u->interval = RULES_INTERVAL;
	fuzzy = doc_get(root, "fuzzy_compare");
	u->fuzzy = fuzzy != NULL && fuzzy->kind == DOC_BOOL && fuzzy->truth;
	u->group = arena_new(a, n, sizeof(*u->group));
	for (; c != NULL; c = c->next)
		if (test_group(&r, c, u->interval, &u->group[u->n++]) < 0)
			return -1;
	return 0;
}
