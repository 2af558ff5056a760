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
#include "judge/figure.h"
#include "judge/result.h"
#include "judge/sources.h"
#include "promql/eval.h"
#include "promql/explain.h"

#define METHOD "PromQL at one moment; of several series the worst"

/* "left OP right", without parentheses around it all. */
struct question {
	const struct pq_expr *left, *right;
	enum profile_op op;
	bool not_equal;
	struct sv text; /* of left */
};

static const struct pq_expr *
bare(const struct pq_expr *x)
{
	while (x->kind == PQ_PAREN)
		x = x->inner;
	return x;
}

static bool
take_op(enum pq_op op, struct question *q)
{
	switch (op) {
	case PQ_OP_EQ:
		q->op = OP_EQ;
		return true;
	case PQ_OP_NE:
		q->op = OP_EQ;
		q->not_equal = true;
		return true;
	case PQ_OP_LT:
		q->op = OP_LT;
		return true;
	case PQ_OP_LE:
		q->op = OP_LE;
		return true;
	case PQ_OP_GT:
		q->op = OP_GT;
		return true;
	case PQ_OP_GE:
		q->op = OP_GE;
		return true;
	default:
		return false;
	}
}

static int
take_apart(struct arena *a, const struct profile_criterion *c, struct question *q, struct err *e)
{
	const struct pq_expr *x;
	struct err why = {0};

	*q = (struct question){0};
	if (c->spec->kind != DOC_STRING)
		return doc_err(c->spec, e, "promql must be an expression: \"max(up) == 1\"");
	if ((x = pq_parse(a, c->spec->text, &why)) == NULL)
		return doc_err(c->spec, e, "%s", why.msg);
	x = bare(x);
	if (x->kind != PQ_BINARY || !take_op(x->binary.op, q))
		return doc_err(c->spec, e, "promql: a comparison is needed at the top, such as \"... <= 0.5\"");
	if (x->binary.right->type != PQ_SCALAR)
		return doc_err(c->spec, e, "promql: the right side of the comparison must be a number");
	q->left = x->binary.left;
	q->right = x->binary.right;
	q->text = sv_head(sv_from(c->spec->text, q->left->from), q->left->to - q->left->from);
	return 0;
}

static int
check(const struct profile *p, const struct profile_criterion *c, struct err *e)
{
	struct arena a = {0};
	struct question q;
	int rc;

	(void)p;
	if (c->objective.op != OP_NONE || c->warn.op != OP_NONE)
		return doc_err(c->at, e, "promql: the comparison takes the place of 'objective' and 'warn'");
	rc = take_apart(&a, c, &q, e);
	arena_free(&a);
	return rc;
}

static bool
holds(const struct question *q, double v, double limit)
{
	bool equal = q->op == OP_EQ && result_holds(OP_EQ, v, limit);

	return q->op == OP_EQ ? equal != q->not_equal : result_holds(q->op, v, limit);
}

/* How far v is from being what is required: the larger, the worse. */
static double
badness(const struct question *q, double v, double limit)
{
	double off = fabs(v - limit);

	if (q->op == OP_EQ)
		return q->not_equal ? -off : off;
	return q->op == OP_LT || q->op == OP_LE ? v - limit : limit - v;
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

/* What an expression read becomes what the result rests on. */
static int
note_sources(struct judging *j, struct sources *s, const struct pq_explanation *ex, struct err *e)
{
	const struct pq_reading *read;
	size_t i;

	for (i = 0; i < ex->n; i++) {
		read = &ex->v[i];
		if (sources_samples(s, j, read->x->kind == PQ_RANGE ? read->x->range.selector : read->x->selector, read->from,
			read->to, e) < 0)
			return -1;
	}
	return 0;
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
	    note_sources(j, s, &ex, e) < 0)
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

static void
decide(struct judging *j, struct criterion_result *r, const struct question *q, const struct pq_result *left, double limit,
    int64_t t)
{
	struct arena *a = j->arena;
	char at[TIME_TEXT], v[NUM_TEXT], number[NUM_TEXT];
	size_t i, worst = 0, bad = 0;
	const char *require, *who = "";
	double value, margin;

	for (i = 0; i < left->n; i++) {
		bad += !holds(q, left->v[i].point[0].v, limit);
		if (badness(q, left->v[i].point[0].v, limit) > badness(q, left->v[worst].point[0].v, limit))
			worst = i;
	}
	value = left->v[worst].point[0].v;
	margin = 0 - badness(q, value, limit); /* never -0 */
	require = arena_fmt(a, "%s %s", q->not_equal ? "other than" : result_op_text(q->op), num_text(limit, number));
	figure_text(a, &r->observed, result_id(j, r, "observed"), value, "", sv_of(num_text(value, v)));
	figure_text(a, &r->required, result_id(j, r, "required"), limit, "", sv_of(require));
	figure_text(a, &r->margin, result_id(j, r, "margin"), margin, "",
	    sv_of(num_text(margin, number)));
	figure_count(a, &r->n, result_id(j, r, "n"), (double)left->n);
	if (left->n > 1)
		who = arena_fmt(a, ", the worst of %zu series", left->n);
	r->outcome = bad == 0 ? OUTCOME_PASS : OUTCOME_FAIL;
	r->sentence = sv_of(arena_fmt(a, "%s at %s%s; required %s%s.", num_text(value, v), time_text(t, at), who, require,
	    bad > 1 ? arena_fmt(a, "; %zu of them are not", bad) : ""));
}

static int
judge_at(struct judging *j, struct criterion_result *r, const struct question *q, int64_t t, struct err *e)
{
	struct sources *s = sources_new();
	struct pq_result left, right;
	int rc;

	rc = value_of(j, r, q->right, t, s, &right, e);
	if (rc > 0)
		rc = value_of(j, r, q->left, t, s, &left, e);
	if (rc > 0)
		decide(j, r, q, &left, right.v[0].point[0].v, t);
	if (rc >= 0)
		rc = sources_list(s, j, r, e);
	sources_free(s);
	return rc;
}

static int
judge(struct judging *j, struct criterion_result *r, struct err *e)
{
	struct question q;
	int64_t t;
	int rc;

	result_open(j, r, METHOD, "");
	if (take_apart(j->arena, r->criterion, &q, e) < 0)
		return -1;
	r->observed.query = q.text;
	if ((rc = moment_of(j, r, &t, e)) <= 0)
		return rc;
	return judge_at(j, r, &q, t, e);
}

const struct kind kind_promql = {"promql", check, judge, true};
