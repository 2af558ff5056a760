/*
 * load: {reached: PROMQL, planned: EXPRESSION, tolerance: 5%}: was the load that was planned really there?
 * load: {duration: planned}: did the run last as long as it should?
 *
 * It passes or is INCONCLUSIVE, never FAIL: where the load was not there, the generator was tested and not the system, and
 * what was measured decides nothing about the load that was planned.
 */
#include "judge/kind.h"

#include <math.h>

#include "base/num.h"
#include "base/time.h"
#include "judge/facts.h"
#include "judge/figure.h"
#include "judge/query.h"
#include "judge/result.h"
#include "judge/sli.h"

#define METHOD "what was reached at the window's end against what was planned"
#define TOLERANCE 0.05

static int
read_tolerance(const struct doc *spec, double *share, struct err *e)
{
	const struct doc *node = doc_get(spec, "tolerance");

	*share = TOLERANCE;
	if (node != NULL && (node->kind != DOC_STRING || !sli_tolerance(node, share)))
		return doc_err(node, e, "tolerance: a share such as 5%% is needed");
	return 0;
}

static int
check(const struct profile *p, const struct profile_criterion *c, struct err *e)
{
	static const char *const known[] = {"reached", "planned", "tolerance", "duration", NULL};
	const struct doc *reached, *planned, *duration;
	struct arena a = {0};
	double share;
	int rc = 0;

	(void)p;
	if (c->spec->kind != DOC_MAP)
		return doc_err(c->spec, e, "load must be a map: {reached: PROMQL, planned: EXPRESSION, tolerance: 5%%}");
	if (profile_keys(c->spec, known, e) < 0 || read_tolerance(c->spec, &share, e) < 0)
		return -1;
	if (c->objective.op != OP_NONE)
		return doc_err(c->objective.at, e, "load: 'planned' takes the place of 'objective'");
	reached = doc_get(c->spec, "reached");
	planned = doc_get(c->spec, "planned");
	duration = doc_get(c->spec, "duration");
	if ((reached != NULL) == (duration != NULL))
		return doc_err(c->spec, e, "load: one of 'reached' and 'duration' is needed");
	if (duration != NULL && (duration->kind != DOC_STRING || !sv_is(duration->text, "planned")))
		return doc_err(duration, e, "load: duration: planned, which is what the profile's run.duration says");
	if (duration != NULL && planned != NULL)
		return doc_err_key(planned, e, "load: 'planned' goes with 'reached'");
	if (duration != NULL)
		return 0;
	if (planned == NULL)
		return doc_err(c->spec, e, "load: 'reached' needs 'planned': a number, or an expression over what the artifacts state");
	rc = query_parse(&a, reached, e) == NULL ? -1 : facts_check(planned, e);
	arena_free(&a);
	return rc;
}

static void
decide(struct judging *j, struct criterion_result *r, double reached, double planned, double share, const char *reached_text,
    const char *planned_text)
{
	struct arena *a = j->arena;
	double least = planned * (1 - share);
	char buf[NUM_TEXT];

	figure_text(a, &r->observed, result_id(j, r, "observed"), reached, r->observed.unit.p, sv_of(reached_text));
	figure_text(a, &r->required, result_id(j, r, "required"), planned, r->required.unit.p,
	    sv_of(arena_fmt(a, "%s - %s %%", planned_text, num_text(share * 100, buf))));
	figure_text(a, &r->margin, result_id(j, r, "margin"), reached - least, r->margin.unit.p,
	    sv_of(query_number(reached - least, buf)));
	if (result_holds(OP_GE, reached, least)) {
		r->outcome = OUTCOME_PASS;
		r->sentence = sv_of(arena_fmt(a, "The planned load was there: %s of %s.", reached_text, planned_text));
		return;
	}
	result_undecided(r,
	    arena_fmt(a, "The planned load was not reached: %s of %s. What was measured says nothing about the load that was planned.",
		reached_text, planned_text),
	    "a run that reaches the planned load");
}

static int
judge_duration(struct judging *j, struct criterion_result *r)
{
	const struct when_run *run = &j->v->run;
	double share;

	(void)read_tolerance(r->criterion->spec, &share, NULL);
	r->n = (struct figure){0};
	figure_count(j->arena, &r->n, result_id(j, r, "n"), 1);
	if (run->start == TIME_NONE || run->end == TIME_NONE || run->end_planned)
		result_undecided(r, "Not decidable: nothing says when the run really began and ended.",
		    "an event, or what the run says of itself, for its beginning and its end");
	else if (run->duration == TIME_NONE)
		result_undecided(r, "Not decidable: nothing says how long the run should last.", "run.duration in the profile");
	else
		decide(j, r, (double)(run->end - run->start) / 1000, (double)run->duration / 1000, share,
		    figure_length(j->arena, run->end - run->start), figure_length(j->arena, run->duration));
	return 0;
}

/* The smallest of several series: each has to carry its load. 1, 0 (r says why), -1. */
static int
reached_at(struct judging *j, struct criterion_result *r, const struct pq_expr *x, int64_t t, double *v, struct err *e)
{
	struct sources *s = sources_new();
	struct pq_explanation ex;
	struct pq_result out;
	size_t i, n = 0;
	int rc = -1;

	*v = (double)INFINITY;
	if (query_range(j, x, t, t, 0, 0, &out, e) == 0 && query_explain(j, x, t, t, 0, &ex, e) == 0 && query_sources(s, j, &ex, e) == 0 &&
	    sources_list(s, j, r, e) == 0) {
		for (i = 0; i < out.n; i++)
			if (out.v[i].n > 0 && isfinite(out.v[i].point[0].v) && ++n > 0)
				*v = fmin(*v, out.v[i].point[0].v);
		figure_count(j->arena, &r->n, result_id(j, r, "n"), (double)n);
		rc = n > 0 && n == out.n && !ex.unanswerable;
		if (rc == 0)
			result_undecided(r, ex.unanswerable ? "Not decidable: its range is too short for these samples."
							    : "Not measured: the expression has no value at the window's end.",
			    "samples of what it reads up to the end of the window");
	}
	sources_free(s);
	return rc;
}

static int
judge(struct judging *j, struct criterion_result *r, struct err *e)
{
	bool duration = doc_get(r->criterion->spec, "duration") != NULL;
	const struct doc *planned = doc_get(r->criterion->spec, "planned"), *reached = doc_get(r->criterion->spec, "reached");
	char x[NUM_TEXT], y[NUM_TEXT];
	const struct pq_expr *expr;
	const struct span *span;
	double v, want, share;
	struct sv why;
	size_t n;
	int rc;

	result_open(j, r, METHOD, duration ? "seconds" : "");
	if (duration)
		return judge_duration(j, r);
	r->observed.query = reached->text;
	r->required.query = planned->text;
	if ((expr = query_parse(j->arena, reached, e)) == NULL || read_tolerance(r->criterion->spec, &share, e) < 0)
		return -1;
	if ((rc = result_window(j, r, &span, &n, e)) <= 0)
		return rc;
	r->looked_at = true;
	r->at = span[n - 1].to;
	if ((rc = reached_at(j, r, expr, r->at, &v, e)) <= 0)
		return rc;
	if ((rc = facts_value(j, planned->text, &want, &why, e)) < 0)
		return -1;
	if (rc == 0 || !(want > 0))
		result_undecided(r,
		    arena_fmt(j->arena, "Not decidable: what was planned is not known: %" SV_FMT ".",
			SV_ARG(rc == 0 ? why : SV("it is not above 0"))),
		    "an artifact with the run's configuration");
	else
		decide(j, r, v, want, share, arena_str(j->arena, sv_of(query_number(v, x))), arena_str(j->arena, sv_of(query_number(want, y))));
	return 0;
}

const struct kind kind_load = {"load", check, judge, 0};
