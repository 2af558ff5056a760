/*
 * sli: {total: SEL, bad: SEL} or {total: SEL, good: SEL}: a success ratio out of exact counter increases.
 * sli: {count: SEL}, with an objective or expected: EXPR and tolerance: 2%: an increase itself.
 *
 * What is counted is a lower bound of what happened, so a count over its upper bound is a FAIL however little was seen.
 */
#include "judge/kind.h"

#include "judge/facts.h"
#include "judge/result.h"
#include "judge/sli.h"

#define METHOD "exact counter increases, resets added, new series counted from 0"

static int
check_ratio_objective(const struct profile_objective *o, const char *what, struct err *e)
{
	if (o->op == OP_NONE)
		return 0;
	if (o->op != OP_GE && o->op != OP_GT)
		return doc_err(o->at, e, "%s: the ratio of an sli is that of success: write \">= 99.9%%\"", what);
	if (!(o->value >= 0 && o->value <= 1))
		return doc_err(o->at, e, "%s: a success ratio lies between 0%% and 100%%", what);
	return 0;
}

static int
check_ratio(const struct profile_criterion *c, struct err *e)
{
	const struct doc *good = doc_get(c->spec, "good"), *bad = doc_get(c->spec, "bad");

	if ((good == NULL) == (bad == NULL))
		return doc_err(c->spec, e, "sli: 'total' needs one of 'bad' and 'good' beside it");
	if (doc_get(c->spec, "expected") != NULL || doc_get(c->spec, "tolerance") != NULL)
		return doc_err(c->spec, e, "sli: 'expected' and 'tolerance' go with 'count', not with 'total'");
	if (c->objective.op == OP_NONE)
		return doc_err(c->at, e, "sli: an objective is needed, such as \"objective: 99.9%%\"");
	if (result_selector(NULL, doc_get(c->spec, "total"), NULL, e) < 0 ||
	    result_selector(NULL, good != NULL ? good : bad, NULL, e) < 0 ||
	    check_ratio_objective(&c->objective, "objective", e) < 0 || check_ratio_objective(&c->warn, "warn", e) < 0)
		return -1;
	return 0;
}

static int
check_count(const struct profile_criterion *c, struct err *e)
{
	const struct doc *expected = doc_get(c->spec, "expected"), *tolerance = doc_get(c->spec, "tolerance");
	double unused;

	if (doc_get(c->spec, "good") != NULL || doc_get(c->spec, "bad") != NULL)
		return doc_err(c->spec, e, "sli: 'good' and 'bad' go with 'total', not with 'count'");
	if (c->mode != MODE_NONE)
		return doc_err_key(doc_get(c->at, "mode"), e, "mode: a count is what it is; only a ratio can be demonstrated");
	if (result_selector(NULL, doc_get(c->spec, "count"), NULL, e) < 0)
		return -1;
	if ((expected == NULL) != (tolerance == NULL))
		return doc_err(c->spec, e, "sli: 'expected' and 'tolerance' go together");
	if (expected == NULL && c->objective.op == OP_NONE)
		return doc_err(c->at, e,
		    "sli: a count needs an objective such as \">= 1\", or 'expected' and 'tolerance'");
	if (expected != NULL && (c->objective.op != OP_NONE || c->warn.op != OP_NONE))
		return doc_err(c->at, e, "sli: 'expected' takes the place of 'objective' and 'warn'");
	if (c->objective.op != OP_NONE && c->objective.ratio)
		return doc_err(c->objective.at, e, "objective: a count is not a ratio");
	if (c->warn.op != OP_NONE && c->warn.ratio)
		return doc_err(c->warn.at, e, "warn: a count is not a ratio");
	if (expected == NULL)
		return 0;
	if (!sli_tolerance(tolerance, &unused))
		return doc_err(tolerance, e, "tolerance: a share such as 2%% is needed");
	return facts_check(expected, e);
}

static int
check(const struct profile *p, const struct profile_criterion *c, struct err *e)
{
	static const char *const known[] = {"total", "bad", "good", "count", "expected", "tolerance", NULL};
	bool total, count;

	(void)p;
	if (c->spec->kind != DOC_MAP)
		return doc_err(c->spec, e, "sli must be a map: {total: SELECTOR, bad: SELECTOR}");
	if (profile_keys(c->spec, known, e) < 0)
		return -1;
	total = doc_get(c->spec, "total") != NULL;
	count = doc_get(c->spec, "count") != NULL;
	if (total == count)
		return doc_err(c->spec, e, "sli: one of 'total' (with 'bad' or 'good') and 'count' is needed");
	return total ? check_ratio(c, e) : check_count(c, e);
}

static int
judge(struct judging *j, struct criterion_result *r, struct err *e)
{
	bool ratio = doc_get(r->criterion->spec, "total") != NULL;
	const struct span *span;
	size_t n;
	int rc;

	result_open(j, r, METHOD, ratio ? "ratio" : "count");
	if ((rc = result_window(j, r, &span, &n, e)) <= 0)
		return rc;
	return ratio ? sli_judge_ratio(j, r, span, n, e) : sli_judge_count(j, r, span, n, e);
}

const struct kind kind_sli = {"sli", check, judge, KIND_MODE};
