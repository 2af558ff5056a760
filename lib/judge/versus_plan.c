#include "judge/versus_plan.h"

#include "judge/result.h"
#include "judge/sli.h"

static int
share(struct arena *a, const struct doc *spec, struct versus_plan *p, struct err *e)
{
	const struct doc *total = doc_get(spec, "total"), *bad = doc_get(spec, "bad"), *good = doc_get(spec, "good");

	if (total == NULL || (bad == NULL) == (good == NULL))
		return doc_err(spec, e, "%" SV_FMT ": 'total' and one of 'bad' and 'good' are needed", SV_ARG(spec->key));
	p->good = good != NULL;
	p->text = p->good ? good->text : bad->text;
	if (result_selector(a, total, &p->total, e) < 0)
		return -1;
	return result_selector(a, p->good ? good : bad, &p->bad, e);
}

static int
values(struct arena *a, const struct doc *spec, struct versus_plan *p, struct err *e)
{
	const struct doc *expr = doc_get(spec, "expr");
	struct sv worse;

	if ((p->expr = query_parse(a, expr, e)) == NULL || profile_text(spec, "worse", &worse, e) < 0)
		return -1;
	p->text = expr->text;
	p->lower = sv_is(worse, "lower");
	if (!p->lower && !sv_is(worse, "higher"))
		return doc_err(spec, e, "compare: 'worse' must be higher or lower: which of two values is the worse one");
	return 0;
}

int
versus_plan_of_compare(struct arena *a, const struct profile_criterion *c, struct versus_plan *p, struct err *e)
{
	static const char *const known[] = {"total", "bad", "good", "expr", "worse", "max_worse", "despite", NULL};
	const struct doc *spec = c->spec, *limit, *d;
	bool is_share;

	*p = (struct versus_plan){.gate = true, .min_coverage = c->min_coverage};
	if (spec->kind != DOC_MAP)
		return doc_err(spec, e, "compare must be a map: {expr: EXPRESSION, worse: higher, max_worse: 10%%}");
	if (profile_keys(spec, known, e) < 0)
		return -1;
	if (c->objective.op != OP_NONE || c->warn.op != OP_NONE)
		return doc_err(c->at, e, "compare: 'max_worse' takes the place of 'objective' and 'warn'");
	is_share = doc_get(spec, "total") != NULL;
	if (is_share == (doc_get(spec, "expr") != NULL))
		return doc_err(spec, e, "compare: one of 'total' (with 'bad' or 'good') and 'expr' is needed");
	if (is_share && doc_get(spec, "worse") != NULL)
		return doc_err(doc_get(spec, "worse"), e, "compare: 'worse' goes with 'expr': more failures are always worse");
	p->despite = doc_get(spec, "despite");
	if (p->despite != NULL && p->despite->kind != DOC_LIST)
		return doc_err(p->despite, e, "despite must be a list of paths of facts that may differ: [configuration.cache]");
	for (d = p->despite != NULL ? doc_first(p->despite) : NULL; d != NULL; d = d->next)
		if (d->kind != DOC_STRING)
			return doc_err(d, e, "despite: the path of a fact is needed");
	if ((limit = doc_get(spec, "max_worse")) == NULL)
		return doc_err(spec, e, "compare: 'max_worse' is needed");
	if (sli_tolerance(limit, &p->allowed))
		p->relative = !is_share;
	else if (is_share || limit->kind != DOC_NUMBER || !(limit->num >= 0))
		return doc_err(limit, e, "compare: 'max_worse' must be a share such as 10%%%s", is_share ? "" : ", or a number");
	else
		p->allowed = limit->num;
	return is_share ? share(a, spec, p, e) : values(a, spec, p, e);
}

int
versus_plan_of_sli(struct arena *a, const struct profile_criterion *c, struct versus_plan *p, struct err *e)
{
	*p = (struct versus_plan){0};
	if (!sv_is(c->kind, "sli") || doc_get(c->spec, "total") == NULL)
		return 0;
	return share(a, c->spec, p, e) < 0 ? -1 : 1;
}
