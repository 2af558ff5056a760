/*
 * promql: "EXPR OP NUMBER": what an expression is at one moment: the window's end, its start, or "at".
 *
 * The comparison at the top is taken apart, so that what was observed can be printed beside what is required. Of several
 * series the worst one counts. Nothing, NaN, or a range that these samples cannot answer is INCONCLUSIVE.
 */
#include "judge/kind.h"

#include <math.h>

#include "base/num.h"
#include "base/time.h"
#include "judge/comparison.h"
#include "judge/figure.h"
#include "judge/query.h"
#include "judge/result.h"

#define METHOD "PromQL at one moment; of several series the worst"

static int
check(const struct profile *p, const struct profile_criterion *c, struct err *e)
{
	struct arena a = {0};
	struct comparison q;
	int rc;

	(void)p;
	if (c->objective.op != OP_NONE || c->warn.op != OP_NONE)
		return doc_err(c->at, e, "promql: the comparison takes the place of 'objective' and 'warn'");
	rc = comparison_parse(&a, c->spec, "promql", &q, e);
	arena_free(&a);
	return rc;
}

/* When to look: 1 and *t, 0 (r says why not), -1. */
static int
moment_of(struct judging *j, struct criterion_result *r, int64_t *t, struct err *e)
{
	const struct profile_criterion *c = r->criterion;
	const struct span *span;
	struct sv why;
	size_t n;
	int rc;

	if (c->moment.kind == WHEN_NONE) {
		if ((rc = result_window(j, r, &span, &n, e)) <= 0)
			return rc;
		*t = c->at_start ? span[0].from : span[n - 1].to;
		return 1;
	}
	rc = when_resolve(j->store, &c->moment, &j->v->run, NULL, j->profile->zone, j->arena, t, &why, e);
	if (rc == 0)
		result_undecided(r, arena_fmt(j->arena, "Not measured: the moment is not known: %" SV_FMT ".", SV_ARG(why)),
		    "an artifact that says when it was");
	return rc;
}

/* A value for each series, or none of it is worth a decision: 1, 0 (r says why), -1. */
static int
value_of(struct judging *j, struct criterion_result *r, const struct pq_expr *x, int64_t t, struct sources *s,
    struct pq_result *out, struct err *e)
{
	struct pq_query query = {.start = t, .end = t};
	struct pq_explanation ex;
	struct sb text = {0};
	char at[TIME_TEXT];
	size_t i;

	if (pq_eval(j->source, x, &query, j->arena, out, e) < 0 || pq_explain(j->source, x, &query, j->arena, &ex, e) < 0 ||
	    query_sources(s, j, &ex, e) < 0)
		return -1;
	if (ex.unanswerable) {
		for (i = 0; i < ex.n && text.n == 0; i++)
			if (ex.v[i].fit == PQ_FIT_NEVER)
				pq_reading_doubt(&ex.v[i], &text);
		result_undecided(r, arena_fmt(j->arena, "Not decidable: %s.", sb_str(&text)), "samples that follow each other closer");
		sb_free(&text);
		return 0;
	}
	for (i = 0; i < out->n && out->v[i].n > 0 && !isnan(out->v[i].point[0].v); i++)
		;
	if (out->n > 0 && i == out->n)
		return 1;
	result_undecided(r,
	    arena_fmt(j->arena, "Not measured: %s at %s.", out->n == 0 ? "the expression has no value" : "the value is not a number",
		time_text(t, at)),
	    "samples of what it reads, not more than 5 minutes older");
	return 0;
}

/* A series that is not as required, for waivers that name its labels. */
static void
find(struct judging *j, struct criterion_result *r, const struct pq_result *left, size_t i)
{
	struct sb text = {0};

	if (left->type == PQ_SCALAR)
		return;
	labels_show(SV(""), &left->v[i].labels, &text);
	result_finding(j, r, &left->v[i].labels, sb_sv(&text));
	sb_free(&text);
}

/* Four digits, but where rounding would bring the value to the limit or over it. */
static const char *
value_text(const struct comparison *q, double v, double limit, char *buf)
{
	double shown = v;

	(void)num_parse(sv_of(query_number(v, buf)), &shown);
	if ((shown == limit) != (v == limit) || comparison_holds(q, shown, limit) != comparison_holds(q, v, limit))
		return num_text(v, buf);
	return buf;
}

static void
decide(struct judging *j, struct criterion_result *r, const struct comparison *q, const struct pq_result *left, double limit,
    int64_t t)
{
	struct arena *a = j->arena;
	char at[TIME_TEXT], v[NUM_TEXT], number[NUM_TEXT];
	size_t i, worst = 0, bad = 0;
	const char *require, *who = "";
	double value, margin;

	for (i = 0; i < left->n; i++) {
		if (!comparison_holds(q, left->v[i].point[0].v, limit)) {
			bad++;
			find(j, r, left, i);
		}
		if (comparison_badness(q, left->v[i].point[0].v, limit) > comparison_badness(q, left->v[worst].point[0].v, limit))
			worst = i;
	}
	value = left->v[worst].point[0].v;
	margin = 0 - comparison_badness(q, value, limit); /* never -0 */
	require = arena_fmt(a, "%s %s", comparison_text(q), num_text(limit, number));
	figure_text(a, &r->observed, result_id(j, r, "observed"), value, "", sv_of(value_text(q, value, limit, v)));
	figure_text(a, &r->required, result_id(j, r, "required"), limit, "", sv_of(require));
	figure_text(a, &r->margin, result_id(j, r, "margin"), margin, "",
	    sv_of(query_number(margin, number)));
	figure_count(a, &r->n, result_id(j, r, "n"), (double)left->n);
	if (left->n > 1)
		who = arena_fmt(a, ", the worst of %zu series: %s", left->n, query_series_name(a, &left->v[worst].labels));
	r->outcome = bad == 0 ? OUTCOME_PASS : OUTCOME_FAIL;
	r->sentence = sv_of(arena_fmt(a, "%s at %s%s; required %s%s.", value_text(q, value, limit, v), time_text(t, at), who, require,
	    bad > 1 ? arena_fmt(a, "; %zu of them are not", bad) : ""));
}

/* absent(), vector() and "or" give a number where nothing was ever measured. */
static bool
seen(struct criterion_result *r, const struct pq_result *left)
{
	if (left->n_selected > 0)
		return true;
	result_undecided(r, "Not measured: no series of what the expression reads was ever seen, whatever value it has.",
	    "an artifact with samples of what it reads");
	return false;
}

static int
judge_at(struct judging *j, struct criterion_result *r, const struct comparison *q, int64_t t, struct err *e)
{
	struct sources *s = sources_new();
	struct pq_result left, right;
	int rc;

	r->looked_at = true;
	r->at = t;
	rc = value_of(j, r, q->right, t, s, &right, e);
	if (rc > 0)
		rc = value_of(j, r, q->left, t, s, &left, e);
	if (rc > 0 && seen(r, &left))
		decide(j, r, q, &left, right.v[0].point[0].v, t);
	if (rc >= 0)
		rc = sources_list(s, j, r, e);
	sources_free(s);
	return rc;
}

static int
judge(struct judging *j, struct criterion_result *r, struct err *e)
{
	struct comparison q;
	int64_t t;
	int rc;

	result_open(j, r, METHOD, "");
	if (comparison_parse(j->arena, r->criterion->spec, "promql", &q, e) < 0)
		return -1;
	r->observed.query = q.text;
	if ((rc = moment_of(j, r, &t, e)) <= 0)
		return rc;
	return judge_at(j, r, &q, t, e);
}

const struct kind kind_promql = {"promql", check, judge, true};
