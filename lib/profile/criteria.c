#include "profile/parts.h"

#include "base/near.h"

/* Every other key of a criterion is its kind. */
static const char *const common[] = {"id", "title", "over", "at", "objective", "warn", "key", "optional", "weight",
    "min_coverage", "min_samples", "max_excluded", "mode", "absent", "absent_reason", "action", "section", NULL};

/* Where a report may put a criterion: docs/report-data.md. */
static const char *const sections[] = {"service", "http", "websocket", "load", "slo", "resources", "events", "resilience", "incidents",
    "security", "tests", "comparison", "readiness", NULL};

static bool
is_common(struct sv key)
{
	size_t i;

	for (i = 0; common[i] != NULL; i++)
		if (sv_is(key, common[i]))
			return true;
	return false;
}

static int
kind(struct loader *l, const struct doc *d, struct profile_criterion *c)
{
	const struct doc *k, *first = NULL, *second = NULL;

	for (k = d->child; k != NULL; k = k->next) {
		if (is_common(k->key))
			continue;
		if (near_word(k->key, common) != NULL)
			return part_unknown(k, common, l->e);
		if (first == NULL)
			first = k;
		else if (second == NULL)
			second = k;
	}
	if (first == NULL)
		return doc_err(d, l->e, "a criterion needs its kind, such as sli, events or schedule");
	if (second != NULL)
		return doc_err_key(second, l->e, "'%s' beside '%s': a criterion has one kind, and other keys are: id, "
		    "title, over, at, objective, warn, key, optional, weight, min_coverage, min_samples, max_excluded, mode, absent, absent_reason, action, section",
		    part_show(l, second->key), part_show(l, first->key));
	c->kind = first->key;
	c->spec = first;
	return 0;
}

static bool
wants_more(enum profile_op op)
{
	return op == OP_GE || op == OP_GT;
}

/* Only a warning that is harder to meet than the objective can ever be given. */
static int
objectives(struct loader *l, const struct doc *d, struct profile_criterion *c)
{
	const struct doc *objective = doc_get(d, "objective"), *warn = doc_get(d, "warn");

	if (objective != NULL && profile_objective(objective, &c->objective, l->e) < 0)
		return -1;
	if (warn == NULL)
		return 0;
	if (objective == NULL)
		return doc_err_key(warn, l->e, "'warn' without 'objective'");
	if (profile_objective(warn, &c->warn, l->e) < 0)
		return -1;
	if (c->objective.op == OP_EQ || c->warn.op == OP_EQ || c->objective.ratio != c->warn.ratio ||
	    wants_more(c->objective.op) != wants_more(c->warn.op))
		return doc_err(warn, l->e, "'warn' must compare in the same way as 'objective'");
	if (wants_more(c->warn.op) ? c->warn.value <= c->objective.value : c->warn.value >= c->objective.value)
		return doc_err(warn, l->e, "'warn' is not stricter than 'objective': it would never be given");
	return 0;
}

int
part_share(struct loader *l, const struct doc *d, const char *key, double *out)
{
	const struct doc *m = doc_get(d, key);
	struct profile_objective o;

	if (m == NULL)
		return 0;
	if ((m->kind == DOC_NUMBER && m->num == 0) || sv_is(m->text, "0%")) {
		*out = 0;
		return 0;
	}
	if ((m->kind != DOC_NUMBER && m->kind != DOC_STRING) || profile_objective(m, &o, NULL) < 0 ||
	    o.op != OP_GE || !o.ratio || o.value < 0 || o.value > 1 || sv_starts(sv_trim(m->text), ">"))
		return doc_err(m, l->e, "'%s' must be a ratio from 0%% to 100%%", key);
	*out = o.value;
	return 0;
}

static int
absent(struct loader *l, const struct doc *d, struct profile_criterion *c)
{
	const struct doc *a = doc_get(d, "absent"), *reason = doc_get(d, "absent_reason");

	if (a == NULL && reason != NULL)
		return doc_err_key(reason, l->e, "'absent_reason' without 'absent'");
	if (a == NULL)
		return 0;
	if (a->kind != DOC_STRING || !sv_is(a->text, "zero"))
		return doc_err(a, l->e, "'absent' can only be zero: a metric that was never seen counts as 0");
	if (reason == NULL)
		return doc_err_key(a, l->e, "'absent: zero' needs 'absent_reason': why is nothing seen the same as 0?");
	c->absent_zero = true;
	return part_need(l, d, "a criterion", "absent_reason", &c->absent_reason);
}

/* The window must be there; what it is over is for the evidence to say. */
static int
over(struct loader *l, const struct doc *d, struct profile_criterion *c)
{
	const char *known[PART_MAX_ITEMS + 2], *near;
	size_t i;

	c->over = SV("run");
	if (doc_get(d, "over") == NULL)
		return 0;
	if (part_need(l, d, "a criterion", "over", &c->over) < 0)
		return -1;
	known[0] = "run";
	for (i = 0; i < l->p->n_windows; i++)
		known[i + 1] = l->p->windows[i].name.p; /* ends in NUL: it is a key of the document */
	known[i + 1] = NULL;
	for (i = 0; known[i] != NULL; i++)
		if (sv_is(c->over, known[i]))
			return 0;
	near = near_word(c->over, known);
	if (near != NULL)
		return doc_err(doc_get(d, "over"), l->e, "unknown window '%s', did you mean '%s'?",
		    part_show(l, c->over), near);
	return doc_err(doc_get(d, "over"), l->e, "unknown window '%s'", part_show(l, c->over));
}

static int
moment(struct loader *l, const struct doc *d, struct profile_criterion *c)
{
	const struct doc *at = doc_get(d, "at");

	if (at == NULL)
		return 0;
	c->has_moment = true;
	c->at_start = at->kind == DOC_STRING && sv_is(at->text, "start");
	if (c->at_start || (at->kind == DOC_STRING && sv_is(at->text, "end")))
		return 0;
	return part_when(l, at, NULL, &c->moment);
}

static int
mode(struct loader *l, const struct doc *d, struct profile_criterion *c)
{
	struct sv text;

	if (profile_text(d, "mode", &text, l->e) < 0)
		return -1;
	if (sv_is(text, "observed"))
		c->mode = MODE_OBSERVED;
	else if (sv_is(text, "demonstrated"))
		c->mode = MODE_DEMONSTRATED;
	else if (doc_get(d, "mode") != NULL)
		return doc_err(doc_get(d, "mode"), l->e, "'mode' must be observed or demonstrated");
	return 0;
}

static int
section(struct loader *l, const struct doc *d, struct profile_criterion *c)
{
	const char *near;
	size_t i;

	if (doc_get(d, "section") == NULL)
		return 0;
	if (part_need(l, d, "a criterion", "section", &c->section) < 0)
		return -1;
	for (i = 0; sections[i] != NULL; i++)
		if (sv_is(c->section, sections[i]))
			return 0;
	near = near_word(c->section, sections);
	return doc_err(doc_get(d, "section"), l->e, "unknown section '%s'%s%s%s", part_show(l, c->section),
	    near != NULL ? ", did you mean '" : "", near != NULL ? near : "", near != NULL ? "'?" : "");
}

static int
criterion(struct loader *l, const struct doc *d, struct profile_criterion *c)
{
	size_t i;

	c->at = d;
	c->weight = 1;
	c->min_coverage = 0.95;
	c->max_excluded = 0.25;
	if (part_map(l, d, "criteria") < 0 || kind(l, d, c) < 0 ||
	    part_need(l, d, "a criterion", "id", &c->id) < 0)
		return -1;
	if (!part_is_id(c->id))
		return doc_err(doc_get(d, "id"), l->e, "an id has small letters, digits and '-' only");
	for (i = 0; i + 1 < l->p->n_criteria; i++)
		if (sv_eq(l->p->criteria[i].id, c->id))
			return doc_err(doc_get(d, "id"), l->e, "the id '%s' is taken (line %d)",
			    part_show(l, c->id), doc_get(l->p->criteria[i].at, "id")->line);
	if (profile_text(d, "title", &c->title, l->e) < 0 || profile_text(d, "action", &c->action, l->e) < 0 ||
	    over(l, d, c) < 0 || moment(l, d, c) < 0 || objectives(l, d, c) < 0 || part_flag(l, d, "key", &c->key) < 0 ||
	    part_flag(l, d, "optional", &c->optional) < 0 || part_number(l, d, "weight", &c->weight) < 0 ||
	    part_share(l, d, "min_coverage", &c->min_coverage) < 0 || part_share(l, d, "max_excluded", &c->max_excluded) < 0 ||
	    part_whole(l, d, "min_samples", 1, INT64_C(1000000000000000), &c->min_samples) < 0 || mode(l, d, c) < 0)
		return -1;

	if (c->title.n == 0)
		c->title = c->id;
	return section(l, d, c) < 0 ? -1 : absent(l, d, c);
}

int
part_score(struct loader *l, const struct doc *score)
{
	static const char *const known[] = {"pass", "warn", NULL};
	struct profile *p = l->p;

	if (part_map(l, score, "score") < 0 || profile_keys(score, known, l->e) < 0 ||
	    part_share(l, score, "pass", &p->score_pass) < 0)
		return -1;
	if (doc_get(score, "pass") == NULL)
		return doc_err(score, l->e, "score needs 'pass', such as 90%%");
	p->score_warn = p->score_pass;
	if (part_share(l, score, "warn", &p->score_warn) < 0)
		return -1;
	if (p->score_warn > p->score_pass)
		return doc_err(doc_get(score, "warn"), l->e, "'warn' is the score above which it is not failed yet: not more than 'pass'");
	p->has_score = true;
	return 0;
}

int
part_criteria(struct loader *l, const struct doc *root)
{
	const struct doc *list = doc_get(root, "criteria"), *d;
	struct doc *made;

	if (part_baselines(l, root, &made) < 0)
		return -1;
	if (list == NULL && made->n == 0)
		return doc_err(root, l->e, "no criteria: nothing could pass or fail");
	if (list != NULL && part_list(l, list, "criteria") < 0)
		return -1;
	l->p->criteria = arena_new(&l->p->arena, (list == NULL ? 0 : list->n) + made->n, sizeof(*l->p->criteria));
	for (d = doc_first(list); d != NULL; d = d->next)
		if (criterion(l, d, &l->p->criteria[l->p->n_criteria++]) < 0)
			return -1;
	for (d = made->child; d != NULL; d = d->next)
		if (criterion(l, d, &l->p->criteria[l->p->n_criteria++]) < 0)
			return -1;
	return 0;
}
