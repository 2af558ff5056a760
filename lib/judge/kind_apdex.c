/*
 * apdex: {satisfied: 'x_bucket{le="0.5"}', tolerating: 'x_bucket{le="2"}', total: x_count, threshold: 500ms}
 *
 * Apdex of counted buckets: those within T, half of those within 4 T, of all. Buckets are cumulative, as histograms have them.
 */
#include "judge/kind.h"

#include <math.h>

#include "base/num.h"
#include "base/time.h"
#include "judge/figure.h"
#include "judge/result.h"
#include "judge/slo_math.h"
#include "judge/sources.h"

#define METHOD "exact counter increases, resets added; (satisfied + tolerating / 2) / all"

static const char *const parts[] = {"satisfied", "tolerating", "total"};

static int
check(const struct profile *p, const struct profile_criterion *c, struct err *e)
{
	static const char *const known[] = {"satisfied", "tolerating", "total", "threshold", NULL};
	const struct doc *threshold;
	int64_t ms;
	size_t i;

	(void)p;
	if (c->spec->kind != DOC_MAP)
		return doc_err(c->spec, e, "apdex must be a map: {satisfied: BUCKET, tolerating: BUCKET, total: COUNT, threshold: 500ms}");
	if (profile_keys(c->spec, known, e) < 0)
		return -1;
	for (i = 0; i < 3; i++) {
		if (doc_get(c->spec, parts[i]) == NULL)
			return doc_err(c->spec, e, "apdex: '%s' is needed, a selector", parts[i]);
		if (result_selector(NULL, doc_get(c->spec, parts[i]), NULL, e) < 0)
			return -1;
	}
	threshold = doc_get(c->spec, "threshold");
	if (threshold == NULL || !time_duration(threshold->text, &ms) || ms <= 0)
		return doc_err(threshold != NULL ? threshold : c->spec, e, "apdex: 'threshold' is needed, the duration that satisfies");
	if (c->objective.op != OP_GE && c->objective.op != OP_GT)
		return doc_err(c->at, e, "apdex needs an objective such as 0.85");
	return 0;
}

/* Counts all three: 1, 0 one is not known (r says so), -1. */
static int
count(struct judging *j, struct criterion_result *r, const struct span *span, size_t n, struct increase in[3], struct err *e)
{
	struct sources *s = sources_new();
	const struct pq_selector *sel;
	struct coverage c;
	size_t i, unknown = 3;
	int rc = 0;

	for (i = 0; i < 3 && rc == 0; i++) {
		rc = result_selector(j->arena, doc_get(r->criterion->spec, parts[i]), &sel, e);
		if (rc == 0)
			rc = increase_over(&j->increase, sel, span, n, &in[i], e);
		if (rc == 0)
			rc = sources_samples(s, j, sel, span[0].from, span[n - 1].to, e);
		if (rc == 0 && !in[i].known && unknown == 3)
			unknown = i;
		if (rc == 0 && (i == 0 || in[i].coverage.covered < c.covered))
			c = in[i].coverage;
	}
	if (rc == 0)
		rc = sources_list(s, j, r, e);
	sources_free(s);
	if (rc < 0)
		return -1;
	result_cover(j, r, &c);
	if (unknown == 3)
		return 1;
	result_undecided(r, arena_fmt(j->arena, "Not measured: %" SV_FMT " was not counted in %s.",
	    SV_ARG(doc_get(r->criterion->spec, parts[unknown])->text), result_over(j, r)), "two or more samples of each of the three counters");
	return 0;
}

static void
decide(struct judging *j, struct criterion_result *r, double satisfied, double within, double all)
{
	const struct profile_objective *o = &r->criterion->objective;
	struct arena *a = j->arena;
	struct sb text = {0};
	char limit[NUM_TEXT];
	int64_t ms = 0;
	double v = slo_apdex(satisfied, within - satisfied, all);

	time_duration(doc_get(r->criterion->spec, "threshold")->text, &ms);
	slo_apdex_text(satisfied, within - satisfied, all, (double)ms / 1000, &text);
	figure_count(a, &r->n, result_id(j, r, "n"), all);
	if (!(all > 0) || within < satisfied || within > all) {
		result_undecided(r, !(all > 0) ? "No traffic: nothing was counted, so there is no score." :
		    "Not decidable: the three counters do not belong together, as buckets of one histogram do.",
		    "counters that grew, of one histogram");
		sb_free(&text);
		return;
	}
	figure_text(a, &r->observed, result_id(j, r, "observed"), v, "", sv_of(arena_str(a, sb_sv(&text))));
	figure_text(a, &r->required, result_id(j, r, "required"), o->value, "",
	    sv_of(arena_fmt(a, "%s %s", result_op_text(o->op), num_text(o->value, limit))));
	figure_text(a, &r->margin, result_id(j, r, "margin"), v - o->value, "", sv_of(arena_fmt(a, "%s", num_fixed(v - o->value, 4, limit))));
	r->outcome = !result_holds(o->op, v, o->value) ? OUTCOME_FAIL :
	    result_enough(r) && result_unhidden(r) ? OUTCOME_PASS : OUTCOME_INCONCLUSIVE;
	if (r->outcome == OUTCOME_INCONCLUSIVE)
		r->settle = SV("samples that cover the run");
	r->sentence = sv_of(arena_fmt(a, "Apdex %s in %s; required %" SV_FMT "; %s%s.", sb_str(&text), result_over(j, r), SV_ARG(r->required.text),
	    result_covered(j, r), all < 100 ? "; * fewer than 100 requests" : ""));
	sb_free(&text);
}

static int
judge(struct judging *j, struct criterion_result *r, struct err *e)
{
	struct increase in[3];
	const struct span *span;
	size_t n;
	int rc;

	result_open(j, r, METHOD, "");
	rc = result_window(j, r, &span, &n, e);
	if (rc > 0)
		rc = count(j, r, span, n, in, e);
	if (rc > 0)
		decide(j, r, in[0].total, in[1].total, in[2].total);
	return rc < 0 ? -1 : 0;
}

const struct kind kind_apdex = {"apdex", check, judge, 0};
