/*
 * capacity: {load: PROMQL, holds: [COMPARISON, ...], step: 1m}: the highest load at which the baselines hold.
 *
 * Every step of the window is a pair: the load then, and whether all baselines held. The capacity is the highest load
 * below the lowest one at which a baseline broke: one that broke at a small load is not outvoted by a lucky large one.
 */
#include "judge/kind.h"

#include <math.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "judge/comparison.h"
#include "judge/figure.h"
#include "judge/query.h"
#include "judge/result.h"

#define METHOD "steps by load: the highest one below the lowest at which a baseline broke"
#define MAX_STEPS 100000

static int
read_step(const struct doc *spec, int64_t *step, struct err *e)
{
	struct sv text;

	*step = TIME_MINUTE;
	if (profile_text(spec, "step", &text, e) < 0)
		return -1;
	if (text.n > 0 && (!time_duration(text, step) || *step < TIME_SECOND))
		return doc_err(doc_get(spec, "step"), e, "step: a duration of at least a second, such as 1m");
	return 0;
}

static int
check(const struct profile *p, const struct profile_criterion *c, struct err *e)
{
	static const char *const known[] = {"load", "holds", "step", NULL};
	const struct doc *load, *holds, *d;
	struct comparison q;
	struct arena a = {0};
	int64_t step;
	int rc = 0;

	(void)p;
	if (c->spec->kind != DOC_MAP)
		return doc_err(c->spec, e, "capacity must be a map: {load: PROMQL, holds: [COMPARISON], step: 1m}");
	if (profile_keys(c->spec, known, e) < 0 || read_step(c->spec, &step, e) < 0)
		return -1;
	load = doc_get(c->spec, "load");
	holds = doc_get(c->spec, "holds");
	if (load == NULL || holds == NULL || holds->kind != DOC_LIST || holds->n == 0)
		return doc_err(c->spec, e, "capacity needs 'load' and 'holds', a list of comparisons such as \"p95 < 0.5\"");
	if ((c->objective.op != OP_GE && c->objective.op != OP_GT) || c->objective.ratio)
		return doc_err(c->objective.op == OP_NONE ? c->at : c->objective.at, e,
		    "capacity: an objective such as \">= 500\" is needed: the load that must be carried");
	if (c->warn.op != OP_NONE)
		return doc_err(c->warn.at, e, "capacity takes no 'warn'");
	if (query_parse(&a, load, e) == NULL)
		rc = -1;
	for (d = holds->child; d != NULL && rc == 0; d = d->next)
		rc = comparison_parse(&a, d, "capacity", &q, e);
	arena_free(&a);
	return rc;
}

enum held { UNKNOWN, HELD, BROKE };

struct steps {
	int64_t from, step;
	size_t n;
	double *load;   /* NaN unknown */
	enum held *held; /* all baselines so far */
	bool several;   /* the load is more than one series */
	bool unanswerable;
};

static size_t
index_of(const struct steps *s, int64_t t)
{
	return (size_t)((t - s->from) / s->step);
}

static int
read_load(struct judging *j, const struct doc *node, struct steps *s, struct sources *sources, struct err *e)
{
	const struct pq_expr *x = query_parse(j->arena, node, e);
	int64_t to = s->from + (int64_t)(s->n - 1) * s->step;
	struct pq_explanation ex;
	struct pq_result out;
	size_t i;

	if (x == NULL || query_range(j, x, s->from, to, s->step, 0, &out, e) < 0 ||
	    query_explain(j, x, s->from, to, s->step, &ex, e) < 0 || query_sources(sources, j, &ex, e) < 0)
		return -1;
	s->unanswerable = s->unanswerable || ex.unanswerable;
	s->several = out.n > 1;
	for (i = 0; out.n == 1 && i < out.v[0].n; i++)
		if (isfinite(out.v[0].point[i].v))
			s->load[index_of(s, out.v[0].point[i].t)] = out.v[0].point[i].v;
	return 0;
}

/* One baseline: where any series of it does not hold, it broke; where none has a value, nobody knows. */
static int
read_baseline(struct judging *j, const struct doc *node, struct steps *s, struct sources *sources, struct err *e)
{
	int64_t to = s->from + (int64_t)(s->n - 1) * s->step;
	enum held *now = mem_new(s->n, sizeof(*now));
	struct pq_explanation ex;
	struct pq_result left, right;
	struct comparison q;
	size_t i, k;
	int rc = -1;

	if (comparison_parse(j->arena, node, "capacity", &q, e) == 0 && query_range(j, q.left, s->from, to, s->step, 0, &left, e) == 0 &&
	    query_range(j, q.right, s->from, s->from, 0, 0, &right, e) == 0 &&
	    query_explain(j, q.left, s->from, to, s->step, &ex, e) == 0 && query_sources(sources, j, &ex, e) == 0) {
		s->unanswerable = s->unanswerable || ex.unanswerable;
		for (i = 0; i < left.n; i++)
			for (k = 0; k < left.v[i].n; k++) {
				enum held *h = &now[index_of(s, left.v[i].point[k].t)];
				double v = left.v[i].point[k].v, limit = right.n > 0 && right.v[0].n > 0 ? right.v[0].point[0].v : (double)NAN;

				if (isnan(v) || isnan(limit))
					continue;
				if (!comparison_holds(&q, v, limit))
					*h = BROKE;
				else if (*h == UNKNOWN)
					*h = HELD;
			}
		rc = 0;
	}
	for (i = 0; i < s->n; i++)
		s->held[i] = s->held[i] == BROKE || now[i] == BROKE ? BROKE : s->held[i] == UNKNOWN ? UNKNOWN : now[i];
	mem_free(now);
	return rc;
}

struct found {
	size_t known, broken;
	double held, broke, most; /* highest load below broke that held, lowest that broke, highest seen; -1, INFINITY, -1: none */
};

static struct found
find(const struct steps *s)
{
	struct found f = {.held = -1, .broke = (double)INFINITY, .most = -1};
	size_t i;

	for (i = 0; i < s->n; i++) {
		if (isnan(s->load[i]) || s->held[i] == UNKNOWN)
			continue;
		f.known++;
		f.most = fmax(f.most, s->load[i]);
		if (s->held[i] == BROKE) {
			f.broken++;
			f.broke = fmin(f.broke, s->load[i]);
		}
	}
	for (i = 0; i < s->n; i++)
		if (!isnan(s->load[i]) && s->held[i] == HELD && s->load[i] < f.broke)
			f.held = fmax(f.held, s->load[i]);
	return f;
}

static void
decide(struct judging *j, struct criterion_result *r, const struct steps *s, const struct found *f)
{
	const struct profile_objective *o = &r->criterion->objective;
	bool enough = (double)f->known >= r->criterion->min_coverage * (double)s->n - 1e-9;
	const char *held, *broke, *want;
	struct arena *a = j->arena;
	char buf[NUM_TEXT];

	want = arena_fmt(a, "%s %s", result_op_text(o->op), query_number(o->value, buf));
	held = f->held < 0 ? "at no load" : arena_fmt(a, "up to %s", query_number(f->held, buf));
	broke = isinf(f->broke) ? arena_fmt(a, "they never broke, and the load was never above %s", query_number(f->most, buf))
				: arena_fmt(a, "the lowest load at which one broke is %s", query_number(f->broke, buf));
	figure_text(a, &r->observed, result_id(j, r, "observed"), f->held < 0 ? 0 : f->held, "",
	    sv_of(arena_str(a, sv_of(query_number(f->held < 0 ? 0 : f->held, buf)))));
	figure_text(a, &r->required, result_id(j, r, "required"), o->value, "", sv_of(want));
	figure_text(a, &r->margin, result_id(j, r, "margin"), (f->held < 0 ? 0 : f->held) - o->value, "",
	    sv_of(arena_str(a, sv_of(query_number((f->held < 0 ? 0 : f->held) - o->value, buf)))));
	figure_count(a, &r->n, result_id(j, r, "n"), (double)f->known);
	r->sentence = sv_of(arena_fmt(a, "The baselines hold %s; required %s; %s; %zu of %zu steps have all values.", held, want, broke,
	    f->known, s->n));
	if (f->broken > 0 && !result_holds(o->op, f->broke, o->value))
		r->outcome = OUTCOME_FAIL; /* at less than must be carried */
	else if (enough && result_holds(o->op, f->held, o->value))
		r->outcome = OUTCOME_PASS;
	else
		r->settle = sv_of(!enough ? "values of the load and of all baselines at each step"
				  : isinf(f->broke) ? "a run with more load" : "steps with a load between the two");
}

static int
judge_steps(struct judging *j, struct criterion_result *r, struct steps *s, struct sources *sources, struct err *e)
{
	const struct doc *spec = r->criterion->spec, *d;
	struct found f;
	size_t i;

	for (i = 0; i < s->n; i++) {
		s->load[i] = (double)NAN;
		s->held[i] = HELD;
	}
	if (read_load(j, doc_get(spec, "load"), s, sources, e) < 0)
		return -1;
	for (d = doc_get(spec, "holds")->child; d != NULL; d = d->next)
		if (read_baseline(j, d, s, sources, e) < 0)
			return -1;
	if (sources_list(sources, j, r, e) < 0)
		return -1;
	f = find(s);
	if (s->several)
		result_undecided(r, "Not decidable: the load is several series.", "an expression for the load with one series: sum(...)");
	else if (s->unanswerable)
		result_undecided(r, "Not decidable: a range is too short for these samples.", "samples that follow each other closer");
	else if (f.known == 0)
		result_undecided(r, "Not measured: at no step are the load and all baselines known.", "samples of all of them");
	else
		decide(j, r, s, &f);
	return 0;
}

static int
judge(struct judging *j, struct criterion_result *r, struct err *e)
{
	struct steps s = {0};
	struct sources *sources;
	const struct span *span;
	size_t n;
	int rc;

	result_open(j, r, METHOD, "");
	r->observed.query = doc_get(r->criterion->spec, "load")->text;
	if (read_step(r->criterion->spec, &s.step, e) < 0)
		return -1;
	if ((rc = result_window(j, r, &span, &n, e)) <= 0)
		return rc;
	s.from = span[0].from;
	s.n = (size_t)((span[0].to - span[0].from) / s.step) + 1;
	if (n > 1 || s.n > MAX_STEPS) {
		result_undecided(r, n > 1 ? "Not decidable: the window is in several parts." : "Not decidable: the window has too many steps.",
		    n > 1 ? "a window in one part" : "a longer step");
		return 0;
	}
	sources = sources_new();
	s.load = mem_new(s.n, sizeof(*s.load));
	s.held = mem_new(s.n, sizeof(*s.held));
	rc = judge_steps(j, r, &s, sources, e);
	mem_free(s.load);
	mem_free(s.held);
	sources_free(sources);
	return rc;
}

const struct kind kind_capacity = {"capacity", check, judge, 0};
