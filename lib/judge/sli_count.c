#include "judge/sli.h"

#include <math.h>

#include "judge/facts.h"
#include "judge/figure.h"
#include "judge/result.h"

struct bounds {
	double low, high; /* of what passes: -INFINITY, INFINITY where there is none */
	const char *text; /* "at least 1" */
	const char *verb; /* "required", "expected" */
};

static bool
upper_broken(const struct criterion_result *r, const struct bounds *b, double v)
{
	const struct profile_objective *o = &r->criterion->objective;

	if (o->op == OP_LT || o->op == OP_LE)
		return !result_holds(o->op, v, o->value);
	return !result_holds(OP_LE, v, b->high);
}

static bool
lower_broken(const struct criterion_result *r, const struct bounds *b, double v)
{
	const struct profile_objective *o = &r->criterion->objective;

	if (o->op == OP_GT || o->op == OP_GE)
		return !result_holds(o->op, v, o->value);
	return !result_holds(OP_GE, v, b->low);
}

/* What may have been counted at most, had what was not seen been twice as busy as the rest. */
static double
at_most(const struct criterion_result *r, double v)
{
	const struct coverage *c = &r->coverage;
	int64_t unseen = c->window - c->covered + (r->at_least ? c->unseen_max : 0);

	return v + 2 * v * (double)unseen / (double)c->covered; /* some of it is: sli_measured() */
}

/* Does it hold, whatever else was counted and not seen? */
static bool
at_least_holds(const struct criterion_result *r, const struct bounds *b, double v)
{
	const struct profile_objective *o = &r->criterion->objective;

	return (o->op == OP_GT || o->op == OP_GE) && !lower_broken(r, b, v);
}

/* The objective, or EXPR with its tolerance. 1, 0 when the expectation is not known (r says so), -1. */
static int
require_count(struct judging *j, struct criterion_result *r, struct bounds *b, struct err *e)
{
	const struct profile_objective *o = &r->criterion->objective;
	const struct doc *expected = doc_get(r->criterion->spec, "expected");
	struct arena *a = j->arena;
	double value = o->value, share = 0;
	struct sv why;
	int rc;

	b->verb = "required";
	b->low = o->op == OP_LT || o->op == OP_LE ? (double)-INFINITY : value;
	b->high = o->op == OP_EQ ? value : (double)INFINITY;
	b->text = arena_fmt(a, "%s %s", result_op_text(o->op), sli_count_text(a, value));
	if (expected != NULL) {
		const struct doc *tolerance = doc_get(r->criterion->spec, "tolerance");

		rc = facts_value(j, expected->text, &value, &why, e);
		if (rc < 0)
			return err_prefix(e, "%s:%d:%d: expected", expected->file, expected->line, expected->col);
		if (rc == 0) {
			result_undecided(r,
			    arena_fmt(a, "Not decidable: what to expect is not known: %" SV_FMT ".", SV_ARG(why)),
			    arena_fmt(a, "an artifact with the run's configuration: %" SV_FMT, SV_ARG(why)));
			return 0;
		}
		if (value < 0) {
			result_undecided(r, "Not decidable: what to expect comes out below 0.",
			    "the run's configuration with numbers that can be");
			return 0;
		}
		sli_tolerance(tolerance, &share);
		b->verb = "expected";
		b->low = value - share * fabs(value);
		b->high = value + share * fabs(value);
		b->text = arena_fmt(a, "%s \302\261 %" SV_FMT " %%", sli_count_text(a, value),
		    SV_ARG(sv_trim(sv_head(sv_trim(tolerance->text), sv_trim(tolerance->text).n - 1))));
		r->required.query = expected->text;
	}
	figure_text(a, &r->required, result_id(j, r, "required"), value, "count", sv_of(b->text));
	return 1;
}

static double
count_margin(const struct criterion_result *r, const struct bounds *b, double v)
{
	const struct profile_objective *o = &r->criterion->objective;

	if (doc_get(r->criterion->spec, "expected") != NULL)
		return fmin(v - b->low, b->high - v);
	return result_margin(o->op, v, o->value);
}

/*
 * What was counted was counted: neither what no sample saw nor what a restart hid can take from it, so that "at least" is met
 * however little of the window is covered.
 */
static void
decide_count(struct judging *j, struct criterion_result *r, const struct sli_part *count, const struct bounds *b)
{
	const struct profile_criterion *c = r->criterion;
	double v = count->grew.total;
	struct arena *a = j->arena;
	const char *warn = "";

	figure_count(a, &r->observed, result_id(j, r, "observed"), v);
	figure_count(a, &r->margin, result_id(j, r, "margin"), count_margin(r, b, v));
	figure_count(a, &r->n, result_id(j, r, "n"), (double)r->coverage.samples);
	if (upper_broken(r, b, v))
		r->outcome = OUTCOME_FAIL; /* what was not seen can only add to it */
	else if (!at_least_holds(r, b, v) && (!result_enough(r) || !result_unhidden(r) ||
	    (lower_broken(r, b, v) && !lower_broken(r, b, at_most(r, v)))))
		r->outcome = OUTCOME_INCONCLUSIVE;
	else if (lower_broken(r, b, v))
		r->outcome = OUTCOME_FAIL;
	else if (c->warn.op != OP_NONE && !result_holds(c->warn.op, v, c->warn.value))
		r->outcome = OUTCOME_WARN;
	else
		r->outcome = OUTCOME_PASS;
	if (r->outcome == OUTCOME_WARN)
		warn = arena_fmt(a, " (without a warning: %s %s)", result_op_text(c->warn.op),
		    sli_count_text(a, c->warn.value));
	if (r->outcome == OUTCOME_INCONCLUSIVE)
		r->settle = sv_of(sli_more(j, r));
	r->sentence = sv_of(arena_fmt(a, "Counted %s%s%s; %s %s%s; %s%s.%s%s",
	    r->at_least || r->coverage.covered < r->coverage.window ? "at least " : "", sli_count_text(a, v), sli_assumption(j, r, count),
	    b->verb, b->text, warn, result_covered(j, r),
	    (r->outcome == OUTCOME_PASS || r->outcome == OUTCOME_WARN) && !result_enough(r) ? ", but more could only add to it" : "", result_hidden(j, r),
	    r->outcome == OUTCOME_INCONCLUSIVE ? result_shortfall(j, r) : ""));
}

int
sli_judge_count(struct judging *j, struct criterion_result *r, const struct span *span, size_t n, struct err *e)
{
	struct sli_part count = {0};
	struct bounds b = {0};
	int known;

	known = require_count(j, r, &b, e);
	if (known < 0 || sli_measure(j, r, "count", span, n, &count, e) < 0)
		return -1;
	r->observed.query = count.text;
	result_cover(j, r, &count.grew.coverage);
	if (!known)
		figure_count(j->arena, &r->observed, result_id(j, r, "observed"),
		    count.grew.known ? count.grew.total : (double)NAN);
	else if (sli_measured(j, r, &count, span, n))
		decide_count(j, r, &count, &b);
	return sli_sources(j, r, &count, NULL, e);
}
