/*
 * compare: {total: SEL, bad: SEL, max_worse: 0.1%} or {expr: EXPR, worse: higher, max_worse: 10%}: no worse than the baseline.
 *
 * The whole 95 % interval of the difference within what is allowed: PASS; all of it beyond: FAIL; else the two runs cannot be
 * told apart well enough. Without a baseline, with another load or under other conditions, INCONCLUSIVE.
 */
#include "judge/kind.h"

#include <math.h>

#include "base/num.h"
#include "judge/figure.h"
#include "judge/result.h"
#include "judge/sli.h"
#include "judge/versus.h"
#include "judge/versus_plan.h"

#define METHOD_SHARES "shares of exact counter increases in both runs, Newcombe 95 % interval of the difference"
#define METHOD_VALUES "medians of 24 parts of each run, Hodges-Lehmann shift with 95 % interval, Mann-Whitney"

static int
check(const struct profile *profile, const struct profile_criterion *c, struct err *e)
{
	struct arena a = {0};
	struct versus_plan p;
	int rc;

	(void)profile;
	rc = versus_plan_of_compare(&a, c, &p, e);
	arena_free(&a);
	return rc;
}

static const char *
amount(struct arena *a, const struct versus_plan *p, double v)
{
	char buf[NUM_TEXT];

	if (p->total == NULL)
		return arena_str(a, sv_of(query_number(v, buf)));
	return arena_fmt(a, "%s %%", query_number(v * 100, buf));
}

/* Cut, not rounded: what is not all of it never reads 100 %. */
static const char *
share_text(struct arena *a, double v)
{
	char buf[NUM_TEXT];

	return arena_fmt(a, "%s %%", num_text(floor(v * 1e4 + 1e-6) / 100, buf));
}

static void
decide(struct judging *j, struct criterion_result *r, const struct versus_plan *p, const struct versus *v)
{
	const char *unit = p->total != NULL ? "ratio" : "", *said;
	struct arena *a = j->arena;
	char buf[NUM_TEXT];

	figure_text(a, &r->observed, result_id(j, r, "observed"), v->candidate, unit, sv_of(amount(a, p, v->candidate)));
	figure_text(a, &r->required, result_id(j, r, "required"), v->allowed, unit,
	    sv_of(arena_fmt(a, "at most %s worse than %s", amount(a, p, v->allowed), amount(a, p, v->baseline))));
	figure_text(a, &r->margin, result_id(j, r, "margin"), v->allowed - v->difference, unit,
	    sv_of(amount(a, p, v->allowed - v->difference)));
	figure_count(a, &r->n, result_id(j, r, "n"), v->n_candidate);
	said = arena_fmt(a, "%s, %s in the baseline: %s %s (95 %%: %s to %s), where at most %s worse is allowed.",
	    amount(a, p, v->candidate), amount(a, p, v->baseline), amount(a, p, fabs(v->difference)),
	    v->difference > 0 ? "worse" : "better", amount(a, p, v->interval.low), amount(a, p, v->interval.high),
	    amount(a, p, v->allowed));
	r->outcome = v->outcome;
	r->sentence = sv_of(said);
	if (v->outcome != OUTCOME_INCONCLUSIVE)
		return;
	if (v->unlike != NULL)
		result_undecided(r, arena_fmt(a, "Not comparable: %s. %s", v->unlike, said),
		    "a baseline of the same conditions (or, if they do not matter, 'despite' in the profile)");
	else if (v->interval.high <= v->allowed)
		result_undecided(r, arena_fmt(a, "Not decidable: only %s of the run and %s of the baseline were seen, %s %% needed. %s",
		    share_text(a, v->covered_candidate), share_text(a, v->covered_baseline),
		    num_text(r->criterion->min_coverage * 100, buf), said), "samples of the whole window of both runs");
	else
		result_undecided(r, arena_fmt(a, "Not decidable: the two runs cannot be told apart well enough. %s", said),
		    "longer runs, or steadier ones");
}

static int
judge(struct judging *j, struct criterion_result *r, struct err *e)
{
	struct sources *s = sources_new();
	struct versus_plan p;
	struct versus v;
	int rc;

	rc = versus_plan_of_compare(j->arena, r->criterion, &p, e);
	if (rc == 0) {
		result_open(j, r, p.total != NULL ? METHOD_SHARES : METHOD_VALUES, p.total != NULL ? "ratio" : "");
		r->observed.query = p.text;
		rc = versus_measure(j, j->baseline, &p, r->criterion->over, s, &v, e);
	}
	if (rc == 0) {
		if (v.known)
			decide(j, r, &p, &v);
		else
			result_undecided(r, arena_fmt(j->arena, "Not decidable: %s.", v.why),
			    "two runs of the same kind: --baseline STORE");
		rc = sources_list(s, j, r, e);
	}
	sources_free(s);
	return rc;
}

const struct kind kind_compare = {"compare", check, judge, 0};
