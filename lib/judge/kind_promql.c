/*
 * promql: "EXPR OP NUMBER": what an expression is at one moment: the window's end, its start, or "at".
 *
 * The comparison at the top is taken apart, so that what was observed can be printed beside what is required. Of several
 * series the worst one counts. Nothing, NaN, a range that these samples cannot answer, or too little of what it reads
 * (lib/promql/cover.h) is INCONCLUSIVE.
 */
#include "judge/kind.h"

#include <math.h>

#include "base/num.h"
#include "base/time.h"
#include "judge/comparison.h"
#include "judge/figure.h"
#include "judge/life.h"
#include "judge/query.h"
#include "judge/result.h"
#include "judge/window.h"
#include "promql/cover.h"
#include "promql/words.h"

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
	int rc, manual = 0;

	if (c->moment.kind == WHEN_NONE) {
		if ((rc = result_window(j, r, &span, &n, e)) <= 0)
			return rc;
		*t = c->at_start ? span[0].from : span[n - 1].to;
		return 1;
	}
	rc = when_resolve(j->store, &c->moment, &j->v->run, NULL, j->profile->zone, j->arena, t, &why, e);
	if (rc > 0 && (manual = window_manual(j, &c->moment, *t, e)) < 0)
		return -1;
	if (manual > 0)
		j->manual = SV("the moment");
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

/* "; 100 % of the 48 h that it reads covered by 49 samples", or what is missing. */
static const char *
covered(struct judging *j, const struct criterion_result *r, const struct pq_cover *c)
{
	struct arena *a = j->arena;
	bool enough = result_enough(r);
	const char *only = enough ? "" : "only ", *needed = "", *lacks = "";
	char least[NUM_TEXT];

	if (c->x == NULL)
		return "";
	if (!enough || r->criterion->min_coverage != 0.95)
		needed = arena_fmt(a, enough ? " (%s %% is asked for)" : ", %s %% needed", num_text(r->criterion->min_coverage * 100, least));
	if (c->covered < c->window && c->series.n > 0)
		lacks = arena_fmt(a, ": %" SV_FMT " lacks most", SV_ARG(c->series));
	if (c->known > 0)
		return arena_fmt(a, c->known == 1 ? "; the series that it reads is there%s" :
		    c->present < c->known ? "; %s%zu of the %zu series that it reads are there%s%s" : "; all series that it reads are there%s",
		    c->known == 1 || c->present == c->known ? needed : only, c->present, c->known, needed, lacks);
	return arena_fmt(a, "; %s%" SV_FMT " of the %s that it reads covered%s%s", only, SV_ARG(r->cover.text), figure_length(a, c->window),
	    needed, lacks);
}

/* What a pass rests on, in r. */
static void
cover(struct judging *j, struct criterion_result *r, const struct pq_cover *c)
{
	struct coverage v = {.window = c->window, .covered = c->covered, .first = c->first, .last = c->last, .samples = c->samples,
	    .expected = c->expected, .longest_gap = c->longest_gap};

	if (c->x == NULL)
		return;
	result_cover(j, r, &v);
	r->excluded = 0; /* what it reads is not a window of the run */
	figure_count(j->arena, &r->n, result_id(j, r, "n"), (double)c->least);
}

#define WORDS ((size_t)160) /* longer ones say less than the title */

/* "The largest of the highest value in 48h of aws_lambda_duration_p95: ", or "" where that is too long to read. */
static const char *
asked(struct arena *a, const struct pq_expr *x)
{
	struct sb text = {0};
	const char *out = "";

	pq_words(x, &text);
	if (text.n > 0 && text.n <= WORDS) {
		if (sv_starts(sb_sv(&text), "the ") || sv_starts(sb_sv(&text), "whether "))
			text.buf[0] = (char)(text.buf[0] - 'a' + 'A');
		out = arena_fmt(a, "%s: ", sb_str(&text));
	}
	sb_free(&text);
	return out;
}

/* " (701 to spare)", " (missed by 12)", or "" where there is nothing between. */
static const char *
distance(struct arena *a, double margin)
{
	char number[NUM_TEXT];

	if (margin == 0 || !isfinite(margin))
		return "";
	return arena_fmt(a, margin > 0 ? " (%s to spare)" : " (missed by %s)", query_number(fabs(margin), number));
}

static void
decide(struct judging *j, struct criterion_result *r, const struct comparison *q, const struct pq_result *left, double limit,
    int64_t t, const struct pq_cover *c)
{
	struct arena *a = j->arena;
	char at[TIME_TEXT], v[NUM_TEXT], number[NUM_TEXT];
	size_t i, worst = 0, bad = 0;
	const char *require, *who = "", *said;
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
	if (left->n > 1)
		who = arena_fmt(a, ", the worst of %zu series: %s", left->n, query_series_name(a, &left->v[worst].labels));
	said = arena_fmt(a, "%s%s at %s%s; required %s%s%s%s.", asked(a, q->left), value_text(q, value, limit, v), time_text(t, at), who,
	    require, q->op == OP_EQ || q->not_equal ? "" : distance(a, margin), bad > 1 ? arena_fmt(a, "; %zu of them are not", bad) : "", covered(j, r, c));
	r->outcome = bad == 0 ? OUTCOME_PASS : OUTCOME_FAIL;
	r->sentence = sv_of(said);
	if (bad == 0 && c->x != NULL && !result_enough(r))
		result_undecided(r, arena_fmt(a, "Not decidable: %s", said),
		    arena_fmt(a, "samples of %s for all of the time that it reads (or min_coverage in the profile, where they are rare by nature)",
			query_selector_text(a, c->x)));
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

/* What is not there is only known to be so where its target was asked: 1, 0 (r says so), -1. */
static int
looked(struct judging *j, struct criterion_result *r, const struct pq_expr *x, int64_t t, struct err *e)
{
	struct pq_explanation ex;
	struct pq_series *series;
	const struct target_life *l;
	size_t i, k, m, n;

	if (query_explain(j, x, t, t, 0, &ex, e) < 0)
		return -1;
	for (i = 0; i < ex.n; i++) {
		if (j->source->series(j->source, query_selector(&ex.v[i]), j->arena, &series, &n, e) < 0)
			return -1;
		for (k = 0; k < n; k++)
			for (l = life_find(&j->increase, series[k].target), m = 0; l != NULL && m < l->n; m++)
				if (l->scrape[m] >= ex.v[i].from && l->scrape[m] <= ex.v[i].to)
					return 1;
	}
	result_undecided(r, "Not decidable: that it is not there says nothing, as nothing of its target is there then.",
	    "samples of its target, whatever they are");
	return 0;
}

static int
judge_at(struct judging *j, struct criterion_result *r, const struct comparison *q, int64_t t, struct err *e)
{
	const struct window_result *run = &j->v->windows[0];
	struct pq_stretch owed = run->n > 0 ? (struct pq_stretch){run->span[0].from, run->span[0].to} : (struct pq_stretch){0, 0};
	const struct pq_cover_opts o = {.owed = &owed, .n = run->n > 0};
	const struct pq_query query = {.start = t, .end = t};
	struct sources *s = sources_new();
	struct pq_result left, right;
	struct pq_cover c = {0};
	int rc;

	r->looked_at = true;
	r->at = t;
	rc = value_of(j, r, q->right, t, s, &right, e);
	if (rc > 0)
		rc = value_of(j, r, q->left, t, s, &left, e);
	if (rc > 0 && seen(r, &left)) {
		rc = pq_cover(j->source, q->left, &query, &o, j->arena, &c, e);
		if (rc == 0 && c.x == NULL)
			rc = looked(j, r, q->left, t, e);
		if (rc == 0 && c.x != NULL) {
			cover(j, r, &c);
			rc = 1;
		}
		if (rc > 0)
			decide(j, r, q, &left, right.v[0].point[0].v, t, &c);
	}
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
