#include "rules/doubt.h"

#include <math.h>

#include "base/num.h"
#include "base/time.h"
#include "promql/cover.h"
#include "promql/explain.h"
#include "promql/functions.h"
#include "rules/hollow.h"

struct doubter {
	struct replay *r;
	const struct doubt_opts *o;
	struct arena *a;
	struct rule_doubts *out;
	unsigned char *done; /* 1 under way, 2 done */
	struct err *e;
};

/* About one rule. */
struct about {
	struct doubter *d;
	const struct replay_rule *rule;
	VEC(struct sv) why;
	VEC(const struct pq_expr *) absent; /* selectors of which absent() asks whether they are there */
	VEC(const struct pq_expr *) below;  /* selectors that something is divided by: without a series there is no traffic */
	double covered;
	int64_t gap;
	struct sv lacks; /* the series that is covered least, or "" */
	bool hollow;
};

#define DOUBT(w, ...) (*vec_add(&(w)->why) = sv_of(arena_fmt((w)->d->a, __VA_ARGS__)))

static int64_t
run_of(const struct about *w)
{
	return w->d->r->opts.end - w->d->r->opts.start;
}

static int64_t
lookback_of(const struct about *w)
{
	int64_t l = w->d->r->opts.query.lookback;

	return l > 0 ? l : PQ_LOOKBACK;
}

/* ----- the expression's shape ---------------------------------------------------------------- */

static void
too_long(struct about *w, int64_t range)
{
	int64_t all = w->d->r->opts.end - w->d->o->first;
	char text[TIME_TEXT], have[TIME_TEXT];

	if (range > all)
		DOUBT(w, "range %s is longer than the %s of samples", time_duration_text(range, text), time_length_text(all, have));
}

/* below: it divides. Recursion is bounded by PQ_MAX_DEPTH. */
static void
walk(struct about *w, const struct pq_expr *x, bool absent, bool below)
{
	const struct pq_expr *part;
	size_t i;

	if (x->kind == PQ_SELECT || x->kind == PQ_RANGE) {
		if (absent)
			*vec_add(&w->absent) = x;
		else if (below)
			*vec_add(&w->below) = x;
	}
	if (!absent && (x->kind == PQ_RANGE || x->kind == PQ_SUBQUERY))
		too_long(w, x->kind == PQ_RANGE ? x->range.range : x->subquery.range);
	absent = absent || (x->kind == PQ_CALL && pq_asks_whether(x->call.fn));
	for (i = 0; (part = pq_child(x, i)) != NULL; i++)
		walk(w, part, absent, below || (x->kind == PQ_BINARY && x->binary.op == PQ_OP_DIV && i == 1));
}

static bool
is_among(const struct pq_expr *const *v, size_t n, const struct pq_expr *x)
{
	size_t i;

	for (i = 0; i < n && v[i] != x; i++)
		;
	return i < n;
}

/* ----- what it reads ---------------------------------------------------------------------------- */

static int doubt_rule(struct doubter *d, size_t i);

/* Is the metric made by a rule of the set? Then that rule's doubts are ours. 1, 0 no such rule, -1. */
static int
made_by_rule(struct about *w, struct sv name)
{
	struct doubter *d = w->d;
	size_t i, found = SIZE_MAX;

	if (sv_is(name, "ALERTS") || sv_is(name, "ALERTS_FOR_STATE"))
		return 1; /* that no alert was active is an answer */
	for (i = 0; i < d->r->n; i++) {
		if (d->r->rule[i].rule->alert || !sv_eq(d->r->rule[i].rule->name, name))
			continue;
		if (doubt_rule(d, i) < 0)
			return -1;
		if (found == SIZE_MAX || d->out[i].n == 0)
			found = i;
	}
	if (found == SIZE_MAX)
		return 0;
	if (d->out[found].n > 0)
		DOUBT(w, "it reads %" SV_FMT ", whose rule is unanswerable: %" SV_FMT, SV_ARG(name), SV_ARG(d->out[found].why[0]));
	return 1;
}

/*
 * No series matches, but the metric has some. Nothing to match is 0 (docs/rules.md 13), unless none of them has a label
 * that is asked for. 1 it is known to be nothing, 0 not, -1.
 */
static int
known_nothing(struct about *w, const struct pq_selector *sel)
{
	struct pq_matcher by_name = {.op = PQ_EQ, .name = SV("__name__"), .value = sel->name};
	struct pq_selector all = {.name = sel->name, .v = &by_name, .n = 1};
	struct pq_source *src = w->d->r->overlay.base;
	struct arena scratch = {0};
	struct pq_series *v = NULL;
	struct labels none = {0};
	size_t n = 0, i, k;
	int rc = src->series(src, &all, &scratch, &v, &n, w->d->e);

	if (rc == 0 && n > 0)
		rc = 1;
	for (i = 0; i < sel->n && rc == 1; i++) {
		struct pq_selector one = {.v = &sel->v[i], .n = 1};

		if (sv_is(sel->v[i].name, "__name__"))
			continue;
		rc = pq_matches(&one, SV(""), &none, w->d->e);
		if (rc != 0) { /* it takes series without the label, too */
			rc = rc < 0 ? -1 : 1;
			continue;
		}
		for (k = 0; k < n && !labels_has(&v[k].labels, sel->v[i].name); k++)
			;
		rc = k < n;
	}
	arena_free(&scratch);
	return rc;
}

static int
nothing_there(struct about *w, const struct pq_reading *read)
{
	const struct pq_selector *sel = read->x->kind == PQ_RANGE ? read->x->range.selector : read->x->selector;
	struct sb text = {0};
	int rc = sel->name.n > 0 ? made_by_rule(w, sel->name) : 0;

	if (rc == 0 && sel->name.n > 0 && !is_among(w->below.v, w->below.n, read->x))
		rc = known_nothing(w, sel);
	if (rc == 0) {
		rc = pq_explain_missing(w->d->r->overlay.base, read->x, w->d->a, &text, w->d->e);
		if (rc == 0)
			DOUBT(w, "%s", sb_str(&text));
		sb_free(&text);
	}
	return rc < 0 ? -1 : 0;
}

/* A recorded metric that is there: is what it rests on? */
static int
recorded_there(struct about *w, const struct pq_reading *read)
{
	const struct pq_selector *sel = read->x->kind == PQ_RANGE ? read->x->range.selector : read->x->selector;
	size_t before = w->why.n;
	int rc = sel->name.n > 0 ? made_by_rule(w, sel->name) : 0;

	if (rc == 1 && w->why.n == before)
		return 1;
	return rc;
}

static void
look_at_fit(struct about *w, const struct pq_reading *read, bool recorded)
{
	char every[TIME_TEXT], life[TIME_TEXT], from[TIME_TEXT], to[TIME_TEXT];
	struct sb text = {0};

	if (read->n_samples == 0) {
		pq_format(read->x, &text);
		DOUBT(w, "%s has no sample between %s and %s", sb_str(&text), time_text(read->from, from), time_text(read->to, to));
	} else if (read->fit == PQ_FIT_NEVER) {
		pq_reading_doubt(read, &text);
		DOUBT(w, "%s", sb_str(&text));
	} else if (read->x->kind == PQ_SELECT && read->interval > lookback_of(w) && !recorded) {
		pq_format(read->x, &text);
		DOUBT(w, "%s has a sample every %s, which counts for %s: what is between them is not seen", sb_str(&text),
		    time_length_text(read->interval, every), time_length_text(lookback_of(w), life));
	}
	sb_free(&text);
}

int64_t
doubt_covered(const int64_t *t, size_t n, int64_t from, int64_t to, int64_t reach, int64_t *gap)
{
	int64_t covered = 0, at = from;
	size_t i;

	*gap = 0;
	for (i = 0; i < n && at < to; i++) {
		int64_t end = t[i] + reach < to ? t[i] + reach : to;

		if (end <= at)
			continue;
		if (t[i] > at) {
			*gap = (t[i] < to ? t[i] : to) - at > *gap ? (t[i] < to ? t[i] : to) - at : *gap;
			at = t[i];
		}
		if (end > at) {
			covered += end - at;
			at = end;
		}
	}
	if (to - at > *gap)
		*gap = to - at;
	return covered;
}

/* How much of the time the targets of its series were seen. */
static int
look_at_targets(struct about *w, const struct pq_reading *read)
{
	const struct pq_selector *sel = read->x->kind == PQ_RANGE ? read->x->range.selector : read->x->selector;
	struct pq_source *src = w->d->r->overlay.base;
	const struct doubt_opts *o = w->d->o;
	struct arena scratch = {0};
	struct pq_series *v = NULL;
	int64_t gap, covered;
	size_t n = 0, i, k;
	int rc = o->n_scrapes == 0 || run_of(w) <= 0 ? 0 : src->series(src, sel, &scratch, &v, &n, w->d->e);

	for (i = 0; i < n; i++) {
		if (i > 0 && v[i].target == v[i - 1].target)
			continue;
		for (k = 0; k < o->n_scrapes && o->scrapes[k].target != v[i].target; k++)
			;
		if (k == o->n_scrapes)
			continue;
		covered = doubt_covered(o->scrapes[k].t, o->scrapes[k].n, w->d->r->opts.start, w->d->r->opts.end, lookback_of(w), &gap);
		if (isnan(w->covered) || (double)covered / (double)run_of(w) < w->covered) {
			w->covered = (double)covered / (double)run_of(w);
			w->gap = gap;
		}
	}
	arena_free(&scratch);
	return rc;
}

static int
look_at(struct about *w, const struct pq_reading *read)
{
	int recorded;

	if (is_among(w->absent.v, w->absent.n, read->x))
		return 0;
	if (read->n_series == 0)
		return nothing_there(w, read);
	recorded = recorded_there(w, read);
	if (recorded < 0)
		return -1;
	look_at_fit(w, read, recorded == 1);
	return look_at_targets(w, read);
}

/* How much of the time the series themselves were there: a target that answers and has lost one of them does not say so. */
static int
look_at_series(struct about *w, const struct pq_query *q)
{
	struct pq_stretch run = {q->start, q->end};
	const struct pq_cover_opts o = {.owed = &run, .n = 1, .births = true};
	struct pq_cover c;

	if (run_of(w) <= 0 || w->covered < w->d->o->min_coverage - 1e-12)
		return 0;
	if (pq_cover(w->d->r->overlay.base, w->rule->rule->expr, q, &o, w->d->a, &c, w->d->e) < 0)
		return -1;
	if (c.x == NULL || c.window == 0 || (!isnan(w->covered) && (double)c.covered / (double)c.window >= w->covered))
		return 0;
	w->covered = (double)c.covered / (double)c.window;
	w->gap = c.longest_gap;
	w->lacks = c.series;
	return 0;
}

/* Can the samples not answer a reading of which absent() asks? 1, 0, -1. */
static int
is_unfit(struct about *w, const struct pq_reading *read)
{
	const struct pq_selector *sel = read->x->kind == PQ_RANGE ? read->x->range.selector : read->x->selector;
	size_t before = w->why.n;

	if (read->n_series > 0)
		return read->fit == PQ_FIT_NEVER || (read->x->kind == PQ_SELECT && read->interval > lookback_of(w));
	if (sel->name.n > 0 && made_by_rule(w, sel->name) < 0)
		return -1;
	return w->why.n > before;
}

static bool
has_fired(const struct replay_rule *r)
{
	size_t i, k;

	for (i = 0; i < r->alert.n; i++)
		for (k = 0; k < r->alert.v[i].change.n; k++)
			if (r->alert.v[i].change.v[k].to == ALERT_FIRING)
				return true;
	return false;
}

/* Samples that are too far apart make absent() true more often, never less: that it did not fire stands. */
static int
look_for_hollow(struct about *w, const struct pq_explanation *ex)
{
	bool *unfit = arena_new(w->d->a, ex->n, sizeof(*unfit));
	size_t before = w->why.n, i;
	int rc;

	if (!has_fired(w->rule))
		return 0;
	for (i = 0; i < ex->n; i++) {
		rc = is_unfit(w, &ex->v[i]);
		if (rc < 0)
			return -1;
		unfit[i] = rc > 0;
	}
	w->why.n = before;
	w->hollow = rules_hollow(w->rule->rule->expr, ex, unfit);
	for (i = 0; i < ex->n && w->hollow; i++) {
		if (!unfit[i] || !is_among(w->absent.v, w->absent.n, ex->v[i].x))
			continue;
		if (ex->v[i].n_series > 0)
			look_at_fit(w, &ex->v[i], false);
		else if (is_unfit(w, &ex->v[i]) < 0)
			return -1;
	}
	if (w->hollow)
		DOUBT(w, "it fired only because these samples are too far apart: that is no evidence");
	return 0;
}

static int
look_at_expr(struct about *w)
{
	const struct rule *rule = w->rule->rule;
	struct pq_query q = w->d->r->opts.query;
	struct pq_explanation ex;
	size_t i;

	q.start = w->d->r->opts.start;
	q.end = w->d->r->opts.end;
	q.step = RULES_INTERVAL;
	walk(w, rule->expr, false, false);
	if (pq_explain(&w->d->r->overlay.src, rule->expr, &q, w->d->a, &ex, w->d->e) < 0)
		return -1;
	for (i = 0; i < ex.n; i++)
		if (look_at(w, &ex.v[i]) < 0)
			return -1;
	if (look_for_hollow(w, &ex) < 0)
		return -1;
	return look_at_series(w, &q);
}

static int
doubt_rule(struct doubter *d, size_t i)
{
	const struct replay_rule *rule = &d->r->rule[i];
	struct about w = {.d = d, .rule = rule, .covered = (double)NAN};
	char at[TIME_TEXT], hold[TIME_TEXT], run[TIME_TEXT], percent[NUM_TEXT];
	int rc = 0;

	if (d->done[i] != 0)
		return 0; /* a rule that reads itself, by whatever way, adds no doubt of its own */
	d->done[i] = 1;
	if (rule->rule->expr == NULL)
		DOUBT(&w, "%" SV_FMT, SV_ARG(rule->rule->why));
	else
		rc = look_at_expr(&w);
	if (rule->failures > 0)
		DOUBT(&w, "%lld of %lld evaluations failed, the first at %s: %" SV_FMT, (long long)rule->failures,
		    (long long)rule->evaluations, time_text(rule->error_at, at), SV_ARG(rule->error));
	if (rule->rule->expr != NULL && rule->evaluations == 0)
		DOUBT(&w, "no evaluation falls into the run");
	if (rule->rule->alert && rule->rule->hold > 0 && rule->rule->hold >= run_of(&w))
		DOUBT(&w, "for: %s is not shorter than the run, %s", time_duration_text(rule->rule->hold, hold),
		    time_length_text(run_of(&w), run));
	if (!isnan(w.covered) && w.covered < d->o->min_coverage - 1e-12)
		DOUBT(&w, "samples%s%" SV_FMT " cover only %s %% of the time%s%s%s", w.lacks.n > 0 ? " of " : "", SV_ARG(w.lacks),
		    num_fixed(floor(w.covered * 10000) / 100, 2, percent), w.gap > 0 ? ", with up to " : "",
		    w.gap > 0 ? time_length_text(w.gap, run) : "", w.gap > 0 ? " without any" : "");
	vec_free(&w.absent);
	vec_free(&w.below);
	d->out[i].n = w.why.n;
	d->out[i].why = arena_keep(d->a, w.why.v, w.why.n, sizeof(*w.why.v));
	d->out[i].hollow = w.hollow;
	d->out[i].covered = w.covered;
	d->done[i] = 2;
	return rc;
}

int
doubt_rules(struct replay *r, const struct doubt_opts *o, struct arena *a, struct rule_doubts *out, struct err *e)
{
	struct doubter d = {.r = r, .o = o, .a = a, .out = out, .e = e};
	size_t i;
	int rc = 0;

	d.done = mem_new(r->n, 1);
	for (i = 0; i < r->n && rc == 0; i++)
		rc = doubt_rule(&d, i);
	mem_free(d.done);
	return rc;
}
