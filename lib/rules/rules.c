#include "rules/rules.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "profile/profile.h"
#include "rules/field.h"

struct reader {
	struct arena *a;
	const char *file;
	struct err *e;
};

static int
read_duration(struct reader *r, const struct doc *map, const char *key, int64_t *out)
{
	const struct doc *d = doc_get(map, key);
	size_t n;

	if (d == NULL || d->kind == DOC_NULL)
		return 0;
	n = d->text.n;
	/* Plain seconds are not Prometheus' way, but for 0. */
	if (!field_is_scalar(d) || !time_duration(d->text, out) || (d->text.p[n - 1] >= '0' && d->text.p[n - 1] <= '9' && *out != 0))
		return doc_err(d, r->e, "'%s' must be a duration such as 5m", key);
	return 0;
}

static int
by_name(const void *a, const void *b)
{
	const struct rule_label *x = a, *y = b;

	return sv_cmp(x->name, y->name);
}

/* A map of names to texts, which are templates when the rule is an alert. base: those that it may override. */
static int
read_labels(struct reader *r, const struct doc *map, const char *what, bool templates, const struct rule_label *base,
    size_t n_base, struct rule_label **out, size_t *n)
{
	const struct doc *d = doc_get(map, what), *c;
	struct err why = {0};
	struct rule_label *l;
	size_t i;

	if (d != NULL && d->kind != DOC_MAP && d->kind != DOC_NULL)
		return doc_err(d, r->e, "'%s' must be a map of names to texts", what);
	*out = arena_new(r->a, n_base + (d == NULL ? 0 : d->n), sizeof(**out));
	for (i = 0; i < n_base; i++)
		(*out)[(*n)++] = base[i];
	for (c = doc_first(d); c != NULL; c = c->next) {
		if (!field_is_scalar(c))
			return doc_err(c, r->e, "'%" SV_FMT "' must be text", SV_ARG(c->key));
		if (!labels_plain_name(c->key, false) || sv_is(c->key, "__name__"))
			return doc_err_key(c, r->e, "invalid %s name: %" SV_FMT, strcmp(what, "labels") == 0 ? "label" : "annotation",
			    SV_ARG(c->key));
		for (i = 0; i < *n && !sv_eq((*out)[i].name, c->key); i++)
			;
		*n += i == *n;
		l = &(*out)[i];
		*l = (struct rule_label){.name = c->key, .text = c->kind == DOC_NULL ? SV("") : c->text};
		if (templates && (l->value = tmpl_parse(r->a, l->text, &why)) == NULL)
			return doc_err(c, r->e, "%s", why.msg);
	}
	if (*n > 1)
		qsort(*out, *n, sizeof(**out), by_name);
	return 0;
}

/* The group's labels were read as texts: for an alert they are templates as its own are. */
static int
make_templates(struct reader *r, struct rule *rule)
{
	struct err why = {0};
	size_t i;

	for (i = 0; rule->alert && i < rule->n_labels; i++)
		if (rule->label[i].value == NULL &&
		    (rule->label[i].value = tmpl_parse(r->a, rule->label[i].text, &why)) == NULL)
			return doc_err(rule->at, r->e, "label %" SV_FMT " of the group: %s", SV_ARG(rule->label[i].name), why.msg);
	return 0;
}

static int
read_expr(struct reader *r, const struct doc *d, struct rule *rule)
{
	const struct doc *expr = doc_get(d, "expr");
	struct err why = {0};

	if (expr == NULL || !field_is_scalar(expr) || expr->text.n == 0)
		return doc_err(expr != NULL ? expr : d, r->e, "field 'expr' must be set in rule");
	rule->text = expr->text;
	rule->expr = pq_parse(r->a, expr->text, &why);
	if (rule->expr == NULL && strstr(why.msg, "not supported") == NULL && strstr(why.msg, "experimental") == NULL)
		return doc_err(expr, r->e, "could not parse expression: %s", why.msg);
	if (rule->expr == NULL)
		rule->why = sv_of(arena_fmt(r->a, "%s", why.msg));
	else if (rule->expr->type != PQ_VECTOR && rule->expr->type != PQ_SCALAR)
		return doc_err(expr, r->e, "the expression is a %s; a rule needs an instant vector or a scalar",
		    rule->expr->type == PQ_MATRIX ? "range vector" : "string");
	return 0;
}

static int
read_rule(struct reader *r, const struct doc *d, const struct rule_label *base, size_t n_base,
    struct rule *rule)
{
	static const char *const known[] = {"record", "alert", "expr", "for", "keep_firing_for", "labels", "annotations", NULL};
	static const char *const alert_only[] = {"for", "keep_firing_for", "annotations"};
	struct sv record = SV(""), alert = SV("");
	size_t i;

	rule->at = d;
	if (d->kind != DOC_MAP)
		return doc_err(d, r->e, "a rule must be a map");
	if (profile_keys(d, known, r->e) < 0 || field_text(d, "record", &record, r->e) < 0 || field_text(d, "alert", &alert, r->e) < 0)
		return -1;
	if (record.n > 0 && alert.n > 0)
		return doc_err(d, r->e, "only one of 'record' and 'alert' must be set");
	if (record.n == 0 && alert.n == 0)
		return doc_err(d, r->e, "one of 'record' or 'alert' must be set");
	rule->alert = alert.n > 0;
	rule->name = rule->alert ? alert : record;
	if (!rule->alert && !labels_plain_name(record, true))
		return doc_err(doc_get(d, "record"), r->e, "invalid recording rule name: %" SV_FMT, SV_ARG(record));
	for (i = 0; !rule->alert && i < sizeof(alert_only) / sizeof(*alert_only); i++)
		if (doc_get(d, alert_only[i]) != NULL)
			return doc_err_key(doc_get(d, alert_only[i]), r->e, "invalid field '%s' in recording rule", alert_only[i]);
	if (read_expr(r, d, rule) < 0 || read_duration(r, d, "for", &rule->hold) < 0 ||
	    read_duration(r, d, "keep_firing_for", &rule->keep) < 0)
		return -1;
	if (read_labels(r, d, "labels", rule->alert, base, n_base, &rule->label, &rule->n_labels) < 0 ||
	    read_labels(r, d, "annotations", true, NULL, 0, &rule->annotation, &rule->n_annotations) < 0)
		return -1;
	return make_templates(r, rule);
}

static int
read_group(struct reader *r, const struct doc *d, struct rule_group *g)
{
	static const char *const known[] = {"name", "interval", "limit", "query_offset", "labels", "rules", NULL};
	const struct doc *rules, *limit, *c;
	struct rule_label *base = NULL;
	size_t n_base = 0;

	g->at = d;
	g->file = r->file;
	if (d->kind != DOC_MAP)
		return doc_err(d, r->e, "a group must be a map");
	if (profile_keys(d, known, r->e) < 0 || field_text(d, "name", &g->name, r->e) < 0 ||
	    read_duration(r, d, "interval", &g->interval) < 0 || read_duration(r, d, "query_offset", &g->offset) < 0 ||
	    read_labels(r, d, "labels", false, NULL, 0, &base, &n_base) < 0)
		return -1;
	if (g->name.n == 0)
		return doc_err(d, r->e, "groupname must not be empty");
	limit = doc_get(d, "limit");
	if (limit != NULL && (!field_is_scalar(limit) || !num_parse_int(limit->text, &g->limit) || g->limit < 0))
		return doc_err(limit, r->e, "'limit' must be a whole number");
	rules = doc_get(d, "rules");
	if (rules == NULL || rules->kind == DOC_NULL)
		return 0;
	if (rules->kind != DOC_LIST)
		return doc_err(rules, r->e, "'rules' must be a list");
	g->rule = arena_new(r->a, rules->n, sizeof(*g->rule));
	for (c = rules->child; c != NULL; c = c->next)
		if (read_rule(r, c, base, n_base, &g->rule[g->n++]) < 0)
			return -1;
	return 0;
}

int
rules_read(struct arena *a, const char *file, const struct doc *groups, struct rules *out, struct err *e)
{
	struct reader r = {a, file, e};
	struct rule_group *all;
	const struct doc *c;
	size_t first = out->n, i;

	if (groups->kind == DOC_NULL)
		return 0;
	if (groups->kind != DOC_LIST)
		return doc_err(groups, e, "'groups' must be a list");
	all = arena_new(a, out->n + groups->n, sizeof(*all));
	if (out->n > 0)
		memcpy(all, out->group, out->n * sizeof(*all));
	out->group = all;
	for (c = groups->child; c != NULL; c = c->next) {
		if (read_group(&r, c, &all[out->n]) < 0)
			return -1;
		for (i = first; i < out->n; i++)
			if (sv_eq(all[i].name, all[out->n].name))
				return doc_err(c, e, "groupname: \"%" SV_FMT "\" is repeated in the same file", SV_ARG(all[i].name));
		out->n++;
	}
	return 0;
}

int
rules_parse(struct arena *a, const char *file, struct sv text, struct rules *r, struct err *e)
{
	static const char *const known[] = {"groups", NULL};
	const struct doc *root = doc_yaml(a, file, text, e), *groups;

	if (root == NULL)
		return -1;
	if (root->kind != DOC_MAP)
		return doc_err(root, e, "a rule file is a map with 'groups'");
	if (profile_keys(root, known, e) < 0)
		return -1;
	groups = doc_get(root, "groups");
	if (groups == NULL)
		return doc_err(root, e, "a rule file needs 'groups'");
	return rules_read(a, arena_str(a, sv_of(file)), groups, r, e);
}

struct sv
rule_label_text(const struct rule *r, const char *name)
{
	size_t i;

	for (i = 0; i < r->n_labels; i++)
		if (sv_is(r->label[i].name, name))
			return r->label[i].text;
	return SV("");
}
