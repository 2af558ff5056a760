/*
 * trend: {expr: EXPR, max_growth: 10%}: does a value creep: a leak, or latency, errors, throughput that get worse.
 *
 * The window is cut into buckets, at restarts into lives; of each bucket the median counts. Slope against a budget, not
 * a p-value alone: the slope's 95 % interval times the horizon is what may have grown. All of it within what is allowed:
 * PASS. All of it beyond, and Mann-Kendall sees a trend (p < 0.01): FAIL. Else the run was too short, or too noisy, to tell.
 */
#include "judge/kind.h"

#include <math.h>

#include "base/mem.h"
#include "base/num.h"
#include "judge/figure.h"
#include "judge/query.h"
#include "judge/result.h"
#include "judge/trend.h"

#define METHOD "bucket medians, Theil-Sen slope with 95 % interval, Mann-Kendall"
#define HORIZON_MAX (INT64_C(3660) * TIME_DAY)

static bool
allowance(const struct doc *node, double *v, bool *ratio)
{
	struct sv text;

	*ratio = false;
	if (node->kind == DOC_NUMBER) {
		*v = node->num;
		return isfinite(*v) && *v >= 0;
	}
	if (node->kind != DOC_STRING || !sv_ends(node->text, "%"))
		return false;
	text = sv_trim(sv_head(node->text, node->text.n - 1));
	*ratio = true;
	if (!num_parse(text, v) || !isfinite(*v) || *v < 0)
		return false;
	*v /= 100;
	return true;
}

static int
read_budget(const struct doc *spec, struct trend_plan *p, struct err *e)
{
	const struct doc *growth = doc_get(spec, "max_growth"), *decline = doc_get(spec, "max_decline");
	const struct doc *limit = doc_get(spec, "limit"), *node;
	bool ratio;

	if ((growth != NULL) + (decline != NULL) + (limit != NULL) != 1)
		return doc_err(spec, e, "trend: one of 'max_growth', 'max_decline' and 'limit' is needed");
	node = growth != NULL ? growth : decline != NULL ? decline : limit;
	if (!allowance(node, &p->allowed, &ratio) || (limit != NULL && ratio))
		return doc_err(node, e, limit != NULL ? "trend: 'limit' must be a number" :
		    "trend: '%" SV_FMT "' must be a number or a share such as 10%%", SV_ARG(node->key));
	p->share = ratio;
	p->down = decline != NULL;
	p->absolute = limit != NULL;
	if (p->absolute && p->horizon == TIME_NONE)
		return doc_err(spec, e, "trend: a 'limit' needs the 'horizon' within which it must not be reached");
	return 0;
}

static int
read_length(const struct doc *spec, const char *key, int64_t *out, struct err *e)
{
	struct sv text;

	if (doc_get(spec, key) == NULL)
		return 0;
	if (profile_text(spec, key, &text, e) < 0)
		return -1;
	if (!time_duration(text, out) || *out > HORIZON_MAX)
		return doc_err(doc_get(spec, key), e, "trend: '%s' must be a duration such as 30m", key);
	return 0;
}

static int
read_shape(const struct doc *spec, struct trend_plan *p, struct err *e)
{
	const struct doc *buckets = doc_get(spec, "buckets");
	struct sv of, warm;

	if (profile_text(spec, "of", &of, e) < 0 || profile_text(spec, "warm_up", &warm, e) < 0)
		return -1;
	if (of.n == 0 || sv_is(of, "median"))
		p->of = TREND_MEDIAN;
	else if (sv_is(of, "min"))
		p->of = TREND_MIN;
	else if (sv_is(of, "max"))
		p->of = TREND_MAX;
	else
		return doc_err(doc_get(spec, "of"), e, "trend: 'of' must be median, min or max");
	if (sv_is(warm, "auto"))
		p->warm_auto = true;
	else if (read_length(spec, "warm_up", &p->warm_up, e) < 0)
		return -1;
	if (buckets == NULL)
		return 0;
	if (buckets->kind != DOC_NUMBER || buckets->num != floor(buckets->num) || buckets->num < TREND_LEAST ||
	    buckets->num > TREND_MOST)
		return doc_err(buckets, e, "trend: 'buckets' must be a whole number from %d to %d", TREND_LEAST, TREND_MOST);
	p->buckets = (size_t)buckets->num;
	return 0;
}

static int
read_plan(struct arena *a, const struct profile_criterion *c, struct trend_plan *p, struct err *e)
{
	static const char *const known[] = {"expr", "max_growth", "max_decline", "limit", "horizon", "warm_up", "buckets", "of",
	    NULL};
	const struct doc *expr;

	*p = (struct trend_plan){.horizon = TIME_NONE, .buckets = TREND_BUCKETS};
	if (c->spec->kind != DOC_MAP)
		return doc_err(c->spec, e, "trend must be a map: {expr: EXPRESSION, max_growth: 10%%}");
	if (profile_keys(c->spec, known, e) < 0)
		return -1;
	if (c->objective.op != OP_NONE || c->warn.op != OP_NONE)
		return doc_err(c->at, e, "trend: 'max_growth', 'max_decline' or 'limit' take the place of 'objective' and 'warn'");
	if ((expr = doc_get(c->spec, "expr")) == NULL)
		return doc_err(c->spec, e, "trend: 'expr' is needed");
	if ((p->x = query_parse(a, expr, e)) == NULL || read_length(c->spec, "horizon", &p->horizon, e) < 0 ||
	    read_budget(c->spec, p, e) < 0)
		return -1;
	if (p->horizon == 0)
		return doc_err(doc_get(c->spec, "horizon"), e, "trend: 'horizon' must be longer than nothing");
	p->text = expr->text;
	return read_shape(c->spec, p, e);
}

static int
check(const struct profile *p, const struct profile_criterion *c, struct err *e)
{
	struct arena a = {0};
	struct trend_plan plan;
	int rc;

	(void)p;
	rc = read_plan(&a, c, &plan, e);
	arena_free(&a);
	return rc;
}

/* "12.5 %" of the level, or a number. */
static const char *
amount(struct arena *a, const struct trend_plan *p, double v)
{
	char buf[NUM_TEXT];

	if (p->share)
		return arena_fmt(a, "%s %%", query_number(v * 100, buf));
	return arena_str(a, sv_of(query_number(v, buf)));
}

/* Each life is judged alone; one that fails, fails all; one that leaves it open, leaves all open. */
static enum outcome
verdict_of(const struct trend_line *l)
{
	if (l->low > l->allowed && l->p < 0.01)
		return OUTCOME_FAIL;
	return l->high <= l->allowed ? OUTCOME_PASS : OUTCOME_INCONCLUSIVE;
}

/* The line that says most: a failure before an open question, then the one that may grow most. */
static const struct trend_line *
worst(const struct trend_data *d)
{
	static const int rank[] = {[OUTCOME_PASS] = 0, [OUTCOME_INCONCLUSIVE] = 1, [OUTCOME_FAIL] = 2};
	const struct trend_line *w = NULL, *l;
	int by;

	for (l = d->line; l < d->line + d->n; l++) {
		by = w == NULL ? 1 : rank[verdict_of(l)] - rank[verdict_of(w)];
		if (by > 0 || (by == 0 && l->high - l->allowed > w->high - w->allowed))
			w = l;
	}
	return w;
}

/* ", of mem{instance="b"}, the worst of 3 series" */
static const char *
who(struct judging *j, const struct trend_data *d, const struct trend_line *l)
{
	const char *name;

	if (d->n_series < 2)
		return "";
	name = query_series_name(j->arena, l->labels);
	return arena_fmt(j->arena, ", of %s, the worst of %zu series", name, d->n_series);
}

static void
figures(struct judging *j, struct criterion_result *r, const struct trend_plan *p, const struct trend_line *l)
{
	struct arena *a = j->arena;
	const char *unit = p->share ? "ratio" : "";

	figure_text(a, &r->observed, result_id(j, r, "observed"), l->growth, unit, sv_of(amount(a, p, l->growth)));
	figure_text(a, &r->required, result_id(j, r, "required"), l->allowed, unit,
	    sv_of(arena_fmt(a, "at most %s", amount(a, p, l->allowed))));
	figure_text(a, &r->margin, result_id(j, r, "margin"), l->allowed - l->growth, unit,
	    sv_of(amount(a, p, l->allowed - l->growth)));
	figure_count(a, &r->n, result_id(j, r, "n"), (double)l->n);
}

static void
decide(struct judging *j, struct criterion_result *r, const struct trend_plan *p, const struct trend_data *d)
{
	const struct trend_line *l = worst(d);
	struct arena *a = j->arena;
	const char *way = p->down ? "decline" : "growth", *seen, *lives = "";

	figures(j, r, p, l);
	if (d->restarts > 0)
		lives = arena_fmt(a, " %zu restart%s: each life was looked at alone.", d->restarts, d->restarts > 1 ? "s" : "");
	seen = arena_fmt(a, "A %s of %s in %s (95 %%: %s to %s)%s, where at most %s is allowed; %zu buckets, level %s.%s", way,
	    amount(a, p, l->growth), figure_length(a, d->horizon), amount(a, p, l->low), amount(a, p, l->high), who(j, d, l),
	    amount(a, p, l->allowed), l->n, query_number(l->level, (char[NUM_TEXT]){0}), lives);
	switch (verdict_of(l)) {
	case OUTCOME_FAIL:
		r->outcome = OUTCOME_FAIL;
		r->sentence = sv_of(seen);
		return;
	case OUTCOME_PASS:
		if (result_enough(r) && d->unjudged == 0) {
			r->outcome = OUTCOME_PASS;
			r->sentence = sv_of(seen);
			return;
		}
		if (d->unjudged > 0)
			seen = arena_fmt(a, "Not decidable: %zu series or lives of a process are too short, or too near 0, to judge. %s", d->unjudged, seen);
		else
			seen = arena_fmt(a, "Not decidable: %s. %s", result_covered(j, r), seen);
		result_undecided(r, seen, "samples of all of the window");
		return;
	default:
		result_undecided(r, arena_fmt(a, "Not decidable: too short or too noisy to tell. %s", seen),
		    "a longer run, or a steadier load");
	}
}

static int
judge(struct judging *j, struct criterion_result *r, struct err *e)
{
	struct trend_data d = {0};
	struct trend_plan p;
	const struct span *span;
	struct sources *s;
	size_t n;
	int rc;

	result_open(j, r, METHOD, "");
	if (read_plan(j->arena, r->criterion, &p, e) < 0)
		return -1;
	r->observed.query = p.text;
	if ((rc = result_window(j, r, &span, &n, e)) <= 0)
		return rc;
	s = sources_new();
	rc = trend_measure(j, &p, span, n, s, &d, e);
	if (rc == 0) {
		result_cover(j, r, &d.coverage);
		for (; n > 0; n--)
			r->warm_up += span[n - 1].to - span[n - 1].from;
		r->warm_up -= d.coverage.window;
		if (d.why.n > 0)
			result_undecided(r, arena_fmt(j->arena, "Not decidable: %" SV_FMT ".", SV_ARG(d.why)),
			    arena_fmt(j->arena, "samples of it at %d times or more in each life of the process", TREND_LEAST));
		else
			decide(j, r, &p, &d);
		rc = sources_list(s, j, r, e);
	}
	sources_free(s);
	return rc;
}

const struct kind kind_trend = {"trend", check, judge, false};
