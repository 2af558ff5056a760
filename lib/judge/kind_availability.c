/*
 * availability: {checks: SELECTOR, confirm: 2, max_outage: 5m, ...}: synthetic checks that succeed, series by series.
 *
 * Of several series the worst counts. What lies between two checks is not known: a limit inside the bounds is INCONCLUSIVE.
 */
#include "judge/kind.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "judge/checked.h"
#include "judge/figure.h"
#include "judge/query.h"
#include "judge/result.h"
#include "judge/window.h"

#define METHOD "time from the first failed check to the first good one"

struct limits {
	int64_t confirm, of, every, max_outage, max_down; /* TIME_NONE, 0: not stated */
};

/* One series of checks. */
struct checked {
	const struct pq_series *series;
	struct availability a;
	enum outcome outcome;
};

/* ----- the spec ------------------------------------------------------------------------------- */

static int
whole(const struct doc *spec, const char *key, int64_t *out, struct err *e)
{
	const struct doc *d = doc_get(spec, key);

	if (d != NULL && (!num_parse_int(d->text, out) || *out < 1 || *out > 1000))
		return doc_err(d, e, "availability: '%s' must be a whole number from 1 on", key);
	return 0;
}

static int
length(const struct doc *spec, const char *key, int64_t *out, struct err *e)
{
	const struct doc *d = doc_get(spec, key);

	if (d != NULL && (!time_duration(d->text, out) || (*out <= 0 && key[0] == 'e')))
		return doc_err(d, e, "availability: '%s' must be a duration such as 5m", key);
	return 0;
}

static int
read_limits(const struct doc *spec, struct limits *l, struct err *e)
{
	*l = (struct limits){.confirm = 2, .max_outage = TIME_NONE, .max_down = TIME_NONE};
	return whole(spec, "confirm", &l->confirm, e) < 0 || whole(spec, "of", &l->of, e) < 0 || length(spec, "every", &l->every, e) < 0 ||
	    length(spec, "max_outage", &l->max_outage, e) < 0 || length(spec, "max_down", &l->max_down, e) < 0 ? -1 : 0;
}

static int
check(const struct profile *p, const struct profile_criterion *c, struct err *e)
{
	static const char *const known[] = {"checks", "confirm", "of", "every", "max_outage", "max_down", "exclude", NULL};
	const struct doc *checks, *list, *d;
	struct limits l;

	if (c->spec->kind != DOC_MAP)
		return doc_err(c->spec, e, "availability must be a map: {checks: probe_success}");
	if (profile_keys(c->spec, known, e) < 0 || read_limits(c->spec, &l, e) < 0)
		return -1;
	if ((checks = doc_get(c->spec, "checks")) == NULL)
		return doc_err(c->spec, e, "availability: 'checks' is needed, a selector");
	if (result_selector(NULL, checks, NULL, e) < 0)
		return -1;
	if (l.of > 0 && l.of < l.confirm)
		return doc_err(doc_get(c->spec, "of"), e, "availability: 'of' must be at least 'confirm'");
	list = doc_get(c->spec, "exclude");
	if (list != NULL && list->kind != DOC_LIST)
		return doc_err(list, e, "availability: 'exclude' is a list of windows");
	for (d = doc_first(list); d != NULL; d = d->next)
		if (window_check(p, d, d->text, e) < 0)
			return -1;
	if (c->objective.op == OP_NONE && l.max_outage == TIME_NONE && l.max_down == TIME_NONE)
		return doc_err(c->at, e, "availability needs an objective, 'max_outage' or 'max_down'");
	if (c->objective.op != OP_NONE && (!c->objective.ratio || (c->objective.op != OP_GE && c->objective.op != OP_GT)))
		return doc_err(c->objective.at, e, "availability: the objective is a ratio such as 99.5%%");
	return 0;
}

/* ----- deciding --------------------------------------------------------------------------------- */

static enum outcome
worse(enum outcome a, enum outcome b)
{
	static const int rank[] = {[OUTCOME_PASS] = 0, [OUTCOME_WARN] = 1, [OUTCOME_INCONCLUSIVE] = 2, [OUTCOME_WAIVED] = 2, [OUTCOME_FAIL] = 3};

	return rank[a] >= rank[b] ? a : b;
}

/* A length between least and most against its limit. */
static enum outcome
against(int64_t least, int64_t most, int64_t limit)
{
	if (limit == TIME_NONE || most <= limit)
		return OUTCOME_PASS;
	return least > limit ? OUTCOME_FAIL : OUTCOME_INCONCLUSIVE;
}

static enum outcome
decide(const struct criterion_result *r, const struct limits *l, const struct availability *a)
{
	const struct profile_objective *o = &r->criterion->objective;
	enum outcome out = against(a->longest_least, a->longest_most, l->max_outage);

	out = worse(out, against(a->down_least, a->down_most, l->max_down));
	if (o->op == OP_NONE)
		return out;
	if (isnan(a->ratio))
		return worse(out, OUTCOME_INCONCLUSIVE);
	if (!result_holds(o->op, a->high, o->value))
		return OUTCOME_FAIL;
	return worse(out, result_holds(o->op, a->low, o->value) ? OUTCOME_PASS : OUTCOME_INCONCLUSIVE);
}

static const char *
bounds(struct arena *a, int64_t least, int64_t most)
{
	return arena_fmt(a, "%s to %s", figure_length(a, least), figure_length(a, most));
}

/* "shop: 98.31 % available (98.30 to 98.32 %), down for 170 min in 1 outage, the longest ..." */
static const char *
describe(struct judging *j, const struct criterion_result *r, const struct checked *c)
{
	const struct availability *v = &c->a;
	struct arena *a = j->arena;
	int d = r->criterion->objective.op == OP_NONE ? 2 : result_decimals(v->ratio, r->criterion->objective.value,
	    result_percent_decimals(r->criterion->objective.text));
	char x[NUM_TEXT], y[NUM_TEXT], z[NUM_TEXT], t[TIME_TEXT], u[TIME_TEXT];
	struct sb name = {0};
	const char *text;
	size_t i, longest = 0;

	labels_show(SV(""), &c->series->labels, &name);
	for (i = 1; i < v->n; i++)
		if (v->outage[i].to - v->outage[i].from > v->outage[longest].to - v->outage[longest].from)
			longest = i;
	if (v->n == 0)
		text = arena_fmt(a, "%s: no outage was confirmed in %zu checks", sb_str(&name), v->checks);
	else
		text = arena_fmt(a, "%s: %s %% available (%s to %s %%), %zu outage%s of %s in all, the longest from %s (confirmed %s) for %s (%s)%s",
		    sb_str(&name), num_fixed(v->ratio * 100, d, x), num_fixed(floor(v->low * 1e6) / 1e4, d, y), num_fixed(v->high * 100, d, z), v->n,
		    v->n == 1 ? "" : "s", figure_length(a, v->down), time_text(v->outage[longest].from, t), time_text(v->outage[longest].confirmed, u),
		    figure_length(a, v->outage[longest].to - v->outage[longest].from),
		    bounds(a, v->outage[longest].least, v->outage[longest].most), v->outage[v->n - 1].open ? ", the last one open at the end" : "");
	sb_free(&name);
	return text;
}

/* ----- the evidence --------------------------------------------------------------------------------- */

struct watch {
	struct judging *j;
	struct criterion_result *r;
	struct limits l;
	struct span window;
	VEC(struct span) exclude;
	VEC(struct checked) of;
	size_t worst;
};

static int
by_from(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

/* 1; 0 when a window is not known (r says so); -1. Overlapping ones are drawn together. */
static int
find_windows(struct watch *w, struct err *e)
{
	const struct doc *d = doc_first(doc_get(w->r->criterion->spec, "exclude"));
	const struct span *span;
	size_t i, n, k;
	int rc = result_window(w->j, w->r, &span, &n, e);

	if (rc <= 0)
		return rc;
	w->window = (struct span){span[0].from, span[n - 1].to};
	for (i = 1; i < n; i++) /* between the spans of the window */
		*vec_add(&w->exclude) = (struct span){span[i - 1].to, span[i].from};
	for (; d != NULL; d = d->next) {
		if ((rc = judge_window(w->j, d->text, &span, &n, e)) < 0)
			return -1;
		if (rc == 0) {
			result_undecided(w->r, arena_fmt(w->j->arena, "Not decidable: when the %" SV_FMT " window, which is left out, was is not "
			    "known.", SV_ARG(d->text)), "the events that bound it");
			return 0;
		}
		for (i = 0; i < n; i++)
			if (span[i].from < w->window.to && span[i].to > w->window.from)
				*vec_add(&w->exclude) = (struct span){span[i].from > w->window.from ? span[i].from : w->window.from,
				    span[i].to < w->window.to ? span[i].to : w->window.to};
	}
	if (w->exclude.n > 1)
		qsort(w->exclude.v, w->exclude.n, sizeof(*w->exclude.v), by_from);
	for (i = 1, k = 0; i < w->exclude.n; i++) {
		if (w->exclude.v[i].from <= w->exclude.v[k].to)
			w->exclude.v[k].to = w->exclude.v[i].to > w->exclude.v[k].to ? w->exclude.v[i].to : w->exclude.v[k].to;
		else
			w->exclude.v[++k] = w->exclude.v[i];
	}
	w->exclude.n = w->exclude.n > 0 ? k + 1 : 0;
	return 1;
}

static int
watch_series(struct watch *w, const struct pq_series *s, struct err *e)
{
	struct checks_opts o = {w->l.every, w->l.confirm, w->l.of, w->window, w->exclude.v, w->exclude.n};
	struct pq_source *src = w->j->source;
	struct arena scratch = {0};
	struct pq_sample *p = NULL;
	struct checked *c;
	struct check *v;
	size_t n = 0, i, k = 0;
	int rc = src->samples(src, s, w->window.from, w->window.to, &scratch, &p, &n, e);

	if (rc == 0 && n > 0) {
		v = arena_new(&scratch, n, sizeof(*v));
		for (i = 0; i < n; i++)
			k += checked_reading(&p[i], &v[k]);
		c = vec_add(&w->of);
		c->series = s;
		checks_measure(w->j->arena, v, k, &o, &c->a);
		c->outcome = decide(w->r, &w->l, &c->a);
	}
	arena_free(&scratch);
	return rc;
}

static bool
is_worse(const struct checked *x, const struct checked *y)
{
	if (x->outcome != y->outcome)
		return worse(x->outcome, y->outcome) == x->outcome;
	return x->a.ratio < y->a.ratio || (isnan(x->a.ratio) && !isnan(y->a.ratio));
}

/* Coverage is that of the series that was watched least. */
static void
conclude(struct watch *w)
{
	struct criterion_result *r = w->r;
	struct arena *a = w->j->arena;
	struct coverage c = {.window = w->window.to - w->window.from, .covered = INT64_MAX, .first = w->window.from, .last = w->window.to};
	size_t i, failed = 0;
	const char *text;

	for (i = 0; i < w->of.n; i++) {
		const struct availability *v = &w->of.v[i].a;

		w->worst = is_worse(&w->of.v[i], &w->of.v[w->worst]) ? i : w->worst;
		c.covered = v->up + v->down < c.covered ? v->up + v->down : c.covered;
		c.samples = (int64_t)v->checks > c.samples ? (int64_t)v->checks : c.samples;
		if (w->of.v[i].outcome == OUTCOME_FAIL) {
			failed++;
			result_finding(w->j, r, &w->of.v[i].series->labels, sv_of(describe(w->j, r, &w->of.v[i])));
		}
	}
	for (i = 0; i < w->exclude.n; i++)
		c.window -= w->exclude.v[i].to - w->exclude.v[i].from;
	result_cover(w->j, r, &c);
	text = describe(w->j, r, &w->of.v[w->worst]);
	r->outcome = w->of.v[w->worst].outcome;
	if (r->outcome == OUTCOME_PASS && !result_enough(r))
		r->outcome = OUTCOME_INCONCLUSIVE;
	if (r->outcome == OUTCOME_INCONCLUSIVE)
		r->settle = SV("checks closer to each other, or other evidence of when it went down and came back");
	r->sentence = sv_of(arena_fmt(a, "%s%s%s; %s.", text, failed > 1 ? arena_fmt(a, "; %zu checks in all do not meet it", failed) : "",
	    w->of.n > 1 ? arena_fmt(a, "; the worst of %zu", w->of.n) : "", result_covered(w->j, r)));
}

static void
figures(struct watch *w)
{
	const struct availability *v = &w->of.v[w->worst].a;
	const struct profile_objective *o = &w->r->criterion->objective;
	struct criterion_result *r = w->r;
	struct arena *a = w->j->arena;
	char buf[NUM_TEXT];
	int d;

	r->observed.query = doc_get(r->criterion->spec, "checks")->text;
	figure_count(a, &r->n, result_id(w->j, r, "n"), (double)v->checks);
	if (o->op == OP_NONE) {
		figure_text(a, &r->observed, result_id(w->j, r, "observed"), (double)v->longest_most / 1000, "seconds",
		    sv_of(bounds(a, v->longest_least, v->longest_most)));
		figure_text(a, &r->required, result_id(w->j, r, "required"),
		    (double)(w->l.max_outage != TIME_NONE ? w->l.max_outage : w->l.max_down) / 1000, "seconds",
		    sv_of(arena_fmt(a, "at most %s", figure_length(a, w->l.max_outage != TIME_NONE ? w->l.max_outage : w->l.max_down))));
		return;
	}
	d = result_decimals(v->ratio, o->value, result_percent_decimals(o->text));
	figure_ratio(a, &r->observed, result_id(w->j, r, "observed"), v->ratio, d);
	figure_text(a, &r->required, result_id(w->j, r, "required"), o->value, "ratio",
	    sv_of(arena_fmt(a, "%s %s %%", result_op_text(o->op), num_fixed(o->value * 100, result_percent_decimals(o->text), buf))));
	figure_ratio(a, &r->margin, result_id(w->j, r, "margin"), v->ratio - o->value, d);
}

static int
judge_checks(struct watch *w, const struct pq_selector *sel, struct err *e)
{
	struct pq_series *v = NULL;
	struct sources *s;
	size_t n = 0, i;
	int rc = w->j->source->series(w->j->source, sel, w->j->arena, &v, &n, e);

	for (i = 0; i < n && rc == 0; i++)
		rc = watch_series(w, &v[i], e);
	if (rc < 0)
		return -1;
	if (w->of.n == 0) {
		result_undecided(w->r, "Not measured: no check was made in that time.", "results of the checks, as series of 1 and 0");
		return 0;
	}
	conclude(w);
	figures(w);
	s = sources_new();
	rc = sources_samples(s, w->j, sel, w->window.from, w->window.to, e);
	if (rc == 0)
		rc = sources_list(s, w->j, w->r, e);
	sources_free(s);
	return rc;
}

static int
judge(struct judging *j, struct criterion_result *r, struct err *e)
{
	const struct doc *spec = r->criterion->spec;
	struct watch w = {.j = j, .r = r};
	const struct pq_selector *sel;
	int rc;

	result_open(j, r, METHOD, r->criterion->objective.op == OP_NONE ? "seconds" : "ratio");
	if (read_limits(spec, &w.l, e) < 0 || result_selector(j->arena, doc_get(spec, "checks"), &sel, e) < 0)
		return -1;
	rc = find_windows(&w, e);
	if (rc > 0)
		rc = judge_checks(&w, sel, e);
	vec_free(&w.exclude);
	vec_free(&w.of);
	return rc < 0 ? -1 : 0;
}

const struct kind kind_availability = {"availability", check, judge, 0};
