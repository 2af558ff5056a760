/*
 * k6: thresholds in k6's grammar over the raw points, evaluated again:
 *
 *	k6: {metric: "http_req_duration{scenario:steady}", threshold: "p(95)<500"}	one, over a window
 *	k6: {thresholds: declared}							all that the artifacts state, over the run
 *	k6: {reached: 99%}								planned length and VUs
 *
 * What k6 lets pass because there is no point to it is INCONCLUSIVE here; a summary without points is a claim.
 */
#include "judge/kind.h"

#include <math.h>

#include "base/num.h"
#include "base/time.h"
#include "judge/figure.h"
#include "judge/k6_run.h"
#include "judge/k6_window.h"
#include "judge/result.h"
#include "judge/sources.h"

#define METHOD "k6's statistics of the raw points: sums in file order, percentiles linear at p(n-1)"

struct spec {
	struct sv metric, threshold, warn, file, after, declared, reached;
	struct k6_name name;
	struct k6_threshold limit, wish; /* wish.op K6_NONE: no warning */
	int64_t after_ms;
	double reached_ratio;
};

static int
read_spec(const struct doc *d, struct arena *a, struct spec *s, struct err *e)
{
	static const char *const known[] = {"metric", "threshold", "warn", "file", "after", "thresholds", "reached", NULL};
	struct err why = {0};
	int modes;

	*s = (struct spec){0};
	if (d->kind != DOC_MAP)
		return doc_err(d, e, "k6 must be a map: {metric: http_req_duration, threshold: \"p(95)<500\"}");
	if (profile_keys(d, known, e) < 0 || profile_text(d, "metric", &s->metric, e) < 0 ||
	    profile_text(d, "threshold", &s->threshold, e) < 0 || profile_text(d, "warn", &s->warn, e) < 0 ||
	    profile_text(d, "file", &s->file, e) < 0 || profile_text(d, "after", &s->after, e) < 0 ||
	    profile_text(d, "thresholds", &s->declared, e) < 0 || profile_text(d, "reached", &s->reached, e) < 0)
		return -1;
	modes = (s->metric.n > 0) + (s->declared.n > 0) + (s->reached.n > 0);
	if (modes != 1)
		return doc_err(d, e, "k6: one of 'metric' (with 'threshold'), 'thresholds' and 'reached' is needed");
	if ((s->metric.n > 0) != (s->threshold.n > 0))
		return doc_err(d, e, "k6: 'metric' and 'threshold' go together");
	if (s->metric.n == 0 && (s->warn.n > 0 || s->after.n > 0))
		return doc_err(d, e, "k6: 'warn' and 'after' belong to a 'metric'");
	if (s->declared.n > 0 && !sv_is(s->declared, "declared"))
		return doc_err(d, e, "k6: 'thresholds' can only be 'declared': those that the artifacts state");
	if (s->after.n > 0 && !time_duration(s->after, &s->after_ms))
		return doc_err(d, e, "k6: 'after' must be a duration, such as 5m");
	if (s->reached.n > 0) {
		bool percent = sv_ends(s->reached, "%");

		if (!num_parse(percent ? sv_trim(sv_head(s->reached, s->reached.n - 1)) : s->reached, &s->reached_ratio) ||
		    !(s->reached_ratio > 0))
			return doc_err(d, e, "k6: 'reached' must be a share of what was planned, such as 99%%");
		s->reached_ratio /= percent ? 100 : 1;
		if (s->reached_ratio > 1)
			return doc_err(d, e, "k6: 'reached' is at most 100%%");
	}
	if (s->metric.n == 0)
		return 0;
	if (k6_name_parse(a, s->metric, &s->name, &why) < 0 || k6_threshold_parse(s->threshold, &s->limit, &why) < 0 ||
	    (s->warn.n > 0 && k6_threshold_parse(s->warn, &s->wish, &why) < 0))
		return doc_err(d, e, "k6: %s", why.msg);
	if (s->warn.n > 0 && (s->wish.stat != s->limit.stat || s->wish.p != s->limit.p || s->wish.op != s->limit.op))
		return doc_err(d, e, "k6: 'warn' must be of the same form as 'threshold', only stricter");
	return 0;
}

static int
check(const struct profile *p, const struct profile_criterion *c, struct err *e)
{
	struct arena a = {0};
	struct spec s;
	int rc = read_spec(c->spec, &a, &s, e);

	(void)p;
	arena_free(&a);
	if (rc < 0)
		return -1;
	if (c->objective.op != OP_NONE || c->warn.op != OP_NONE)
		return doc_err(c->at, e, "k6: the threshold takes the place of 'objective'; 'warn' stands beside it in the map");
	if (s.metric.n == 0 && c->over.n > 0 && !sv_is(c->over, "run"))
		return doc_err(c->at, e, "k6: 'thresholds' and 'reached' are about the whole run, 'over' has no meaning");
	return 0;
}

/* --- one threshold ---------------------------------------------------------------------------- */

struct question {
	const struct spec *spec;
	struct k6_window w;
	struct k6_stats st[2 + K6_PAIRED]; /* as asked, and without failed requests; then what each request yields one of */
	size_t n;                          /* of the first two */
	const char *differ;                /* how those do not agree; NULL: they do */
	struct k6_seen seen;
};

/* Failed requests count with a duration, of 0 where nobody answered: both ways are shown. */
static void
want(struct judging *j, struct question *q)
{
	const struct labels *own = &q->spec->name.tags;
	struct labels *tags = &q->st[1].name.tags;
	enum k6_stat s = q->spec->limit.stat;

	q->st[0] = (struct k6_stats){.name = q->spec->name, .without = SV(""), .keep = s == K6_MED || s == K6_P};
	q->n = 1;
	if (!sv_starts(q->spec->name.metric, "http_req_") || sv_is(q->spec->name.metric, "http_req_failed") ||
	    labels_has(own, SV("expected_response")))
		return;
	q->st[1] = q->st[0];
	tags->v = arena_new(j->arena, own->n + 1, sizeof(*tags->v));
	for (tags->n = 0; tags->n < own->n; tags->n++)
		tags->v[tags->n] = own->v[tags->n];
	tags->v[tags->n++] = (struct label){SV("expected_response"), SV("true")};
	labels_sort(tags);
	q->n = 2;
}

/* To the nanosecond, which is what k6 measures in: what is beyond is of the interpolation, and only said where the limit lies there. */
static double
to_nanosecond(double v, double limit)
{
	double near = fabs(v) < 1e9 && fabs(v) >= 1e-3 ? round(v * 1e6) / 1e6 : v;

	return (near < limit) == (v < limit) && (near > limit) == (v > limit) ? near : v;
}

static const char *
shown(struct arena *a, const struct k6_stats *st, const struct k6_threshold *t, double v)
{
	bool per_second = t->stat == K6_RATE && sv_is(st->type, "counter");
	char num[NUM_TEXT];

	if (isnan(v))
		return "n/a";
	if (t->stat == K6_COUNT)
		return arena_str(a, sv_of(num_text(v, num)));
	if (sv_is(st->type, "rate"))
		return arena_fmt(a, "%s %%", num_fixed(v * 100, 4, num));
	return arena_fmt(a, "%s%s", num_text(to_nanosecond(v, t->limit), num), per_second ? " per second" : sv_is(st->contains, "time") ? " ms" : sv_is(st->contains, "data") ? " bytes" : "");
}

/* Would more points make it pass? What is past the limit of a count, a maximum or a minimum stays so. */
static bool
only_grows_worse(const struct k6_threshold *t, const struct k6_stats *st)
{
	bool below = t->op == K6_LT || t->op == K6_LE, above = t->op == K6_GT || t->op == K6_GE;

	if (t->stat == K6_COUNT)
		return below && (!sv_is(st->type, "counter") || st->min >= 0);
	return (t->stat == K6_MAX && below) || (t->stat == K6_MIN && above);
}

/* Why the points cannot decide, whatever they say; or NULL. */
static const char *
obstacle(struct judging *j, const struct criterion_result *r, const struct question *q)
{
	const struct k6_stats *st = &q->st[0];

	if (st->hidden > 0)
		return arena_fmt(j->arena, "the tags of %lld points were not kept (too many tag sets), they may belong to it",
		    (long long)st->hidden);
	if (q->w.set.again.n > 0)
		return arena_fmt(j->arena, "%" SV_FMT " holds as many points as another file, from the same to the same time: they may count twice",
		    SV_ARG(q->w.set.again));
	if (!q->w.set.whole)
		return "the run's points are not whole (see the problems of its artifact)";
	if (q->differ != NULL)
		return q->differ;
	if (st->n > 0 && st->type.n == 0 && (q->spec->limit.stat == K6_COUNT || q->spec->limit.stat == K6_RATE))
		return "no artifact says what type the metric has (CSV does not)";
	if (!result_enough(r))
		return arena_fmt(j->arena, "%s", result_covered(j, r));
	return NULL;
}

static void
decide(struct judging *j, struct criterion_result *r, const struct question *q, double v)
{
	const struct k6_threshold *t = &q->spec->limit;
	const struct k6_stats *st = &q->st[0];
	struct arena *a = j->arena;
	const char *what, *also = "", *why = obstacle(j, r, q);
	char n[NUM_TEXT], without[NUM_TEXT];
	double other;

	what = arena_fmt(a, "%" SV_FMT " of %" SV_FMT " is %s in %s (%s points)", SV_ARG(t->stat_text), SV_ARG(q->spec->metric),
	    shown(a, st, t, v), result_over(j, r), num_count(st->n, n));
	if (q->n == 2 && q->st[1].n < st->n) {
		other = k6_stats_get(&q->st[1], t->stat, t->p, q->w.seconds);
		also = arena_fmt(a, " Without the %s failed requests, which also count, it is %s.",
		    num_count(st->n - q->st[1].n, without), shown(a, st, t, other));
	}
	if (why != NULL && !(only_grows_worse(t, st) && !k6_threshold_holds(t, v))) {
		result_undecided(r, arena_fmt(a, "Not decidable: %s; %s.%s", what, why, also), "all points of the run");
		return;
	}
	if (q->w.open_end != NULL && k6_threshold_holds(t, v)) {
		result_undecided(r, arena_fmt(a, "Not decidable: %s; %s.%s", what, q->w.open_end, also),
		    "k6's summary (--summary-export), its load profile, or a duration in the profile's run");
		return;
	}
	r->outcome = !k6_threshold_holds(t, v) ? OUTCOME_FAIL
	    : q->spec->wish.op != K6_NONE && !k6_threshold_holds(&q->spec->wish, v) ? OUTCOME_WARN : OUTCOME_PASS;
	r->sentence = sv_of(arena_fmt(a, "%s; required is %" SV_FMT ".%s%s", what, SV_ARG(q->spec->threshold), also, q->w.note));
}

/* k6 writes it only when an iteration was dropped: without one there were none. */
static bool
absent_is_none(const struct criterion_result *r, const struct question *q)
{
	return !q->st[0].known && q->spec->limit.stat == K6_COUNT && q->seen.n > 0 &&
	    (sv_is(q->spec->name.metric, "dropped_iterations") || r->criterion->absent_zero);
}

static void
fill(struct judging *j, struct criterion_result *r, struct question *q)
{
	const struct k6_threshold *t = &q->spec->limit;
	const struct k6_stats *st = &q->st[0];
	double v = k6_stats_get(st, t->stat, t->p, q->w.seconds);

	figure_count(j->arena, &r->n, result_id(j, r, "n"), (double)st->n);
	figure_text(j->arena, &r->required, result_id(j, r, "required"), t->limit, "", sv_of(arena_fmt(j->arena, "%" SV_FMT,
	    SV_ARG(q->spec->threshold))));
	if (st->n == 0 && !absent_is_none(r, q)) {
		result_undecided(r, arena_fmt(j->arena, "Not measured: there is not one point of %" SV_FMT " in %s. (k6 itself lets such a "
		    "threshold pass.)%s", SV_ARG(q->spec->metric), result_over(j, r), q->w.claims),
		    arena_fmt(j->arena, "points of %" SV_FMT, SV_ARG(q->spec->metric)));
		return;
	}
	r->observed.query = arena_sv(j->arena, q->spec->metric);
	figure_text(j->arena, &r->observed, result_id(j, r, "observed"), v, "", sv_of(shown(j->arena, st, t, v)));
	figure_text(j->arena, &r->margin, result_id(j, r, "margin"), k6_threshold_margin(t, v), "",
	    sv_of(shown(j->arena, st, t, k6_threshold_margin(t, v))));
	decide(j, r, q, v);
}

static int
judge_one(struct judging *j, struct criterion_result *r, const struct spec *spec, struct err *e)
{
	struct question q = {.spec = spec};
	struct coverage c = {0};
	size_t n = 0;
	int rc = k6_window_open(j, r, spec->file, spec->metric, spec->threshold, spec->after_ms, &q.w, e);

	if (rc <= 0)
		return rc;
	want(j, &q);
	if (sv_starts(spec->name.metric, "http_req")) {
		k6_paired_ask(&q.st[q.n]);
		n += K6_PAIRED;
	}
	rc = k6_stats_collect(j->store, &q.w.set, q.w.span, q.w.n, q.st, n += q.n, &q.seen, e);
	if (rc == 0) {
		q.differ = n > q.n ? k6_paired_differ(j->arena, &q.st[q.n]) : NULL;
		c.window = q.w.length;
		c.covered = q.seen.covered > c.window ? c.window : q.seen.covered;
		c.first = q.seen.first_ms;
		c.last = q.seen.last_ms;
		c.samples = q.seen.n;
		c.longest_gap = q.seen.longest_gap;
		result_cover(j, r, &c);
		fill(j, r, &q);
	}
	k6_stats_free(q.st, n);
	return rc < 0 ? -1 : k6_window_sources(j, r, &q.w, e);
}

/* --- all that are stated ------------------------------------------------------------------------ */

struct count {
	int64_t passed, failed, open;
	struct sb failures, opens;
};

static void
add(struct sb *list, struct arena *a, const struct k6_asked *k, const char *what)
{
	(void)a;
	sb_addf(list, "%s%" SV_FMT ": %" SV_FMT " (%s)", list->n > 0 ? "; " : "", SV_ARG(k->metric), SV_ARG(k->text), what);
}

static void
weigh(struct judging *j, const struct k6_run *run, const struct k6_asked *k, struct count *n)
{
	const struct k6_stats *st = k->stats < run->n_stats ? &run->stats[k->stats] : NULL;
	double v;

	if (!k->understood) {
		n->open++;
		add(&n->opens, j->arena, k, "not understood");
	} else if (st == NULL || st->n == 0) {
		if (sv_is(k->metric, "dropped_iterations") && k->threshold.stat == K6_COUNT && run->set.whole) {
			n->passed += k6_threshold_holds(&k->threshold, 0);
			n->failed += !k6_threshold_holds(&k->threshold, 0);
			return;
		}
		n->open++;
		add(&n->opens, j->arena, k, "not one point: k6 lets it pass");
	} else {
		v = k6_stats_get(st, k->threshold.stat, k->threshold.p, run->seconds);
		if (isnan(v) || st->hidden > 0 || (st->type.n == 0 && (k->threshold.stat == K6_COUNT || k->threshold.stat == K6_RATE))) {
			n->open++;
			add(&n->opens, j->arena, k, "the points cannot tell");
		} else if (k6_threshold_holds(&k->threshold, v)) {
			n->passed++;
		} else {
			n->failed++;
			add(&n->failures, j->arena, k, shown(j->arena, st, &k->threshold, v));
		}
	}
}

/* Why the points cannot make a threshold pass, whatever they say; or NULL. */
static const char *
doubt(struct judging *j, const struct k6_window *w, const struct k6_run *run)
{
	struct k6_stats st[K6_PAIRED];
	const char *differ;
	size_t i, k;

	k6_paired_ask(st);
	for (i = 0; i < K6_PAIRED; i++)
		if ((k = k6_run_find(run, st[i].name.metric)) < run->n_stats)
			st[i] = run->stats[k];
	if (!run->set.whole)
		return run->set.again.n > 0 ? "two files hold the same points" : "not all of the run's points are here";
	differ = k6_paired_differ(j->arena, st);
	return differ != NULL ? differ : w->open_end;
}

static int
judge_declared(struct judging *j, struct criterion_result *r, const struct spec *spec, struct err *e)
{
	struct count n = {0};
	struct k6_window w;
	struct k6_run run;
	struct arena *a = j->arena;
	const char *why;
	size_t i;
	int rc = k6_window_open(j, r, spec->file, SV(""), SV(""), 0, &w, e);

	if (rc <= 0)
		return rc;
	rc = k6_run_open(j->store, w.glob, a, &run, e);
	for (i = 0; i < run.n_asked && rc == 0; i++)
		weigh(j, &run, &run.asked[i], &n);
	if (rc == 0) {
		figure_count(a, &r->observed, result_id(j, r, "observed"), (double)n.passed);
		figure_count(a, &r->required, result_id(j, r, "required"), (double)run.n_asked);
		figure_count(a, &r->margin, result_id(j, r, "margin"), (double)n.passed - (double)run.n_asked);
		figure_count(a, &r->n, result_id(j, r, "n"), (double)run.set.points);
		why = doubt(j, &w, &run);
		if (run.n_asked == 0)
			result_undecided(r, "Not decidable: no artifact states a threshold.", "a load profile, a summary or k6's points as NDJSON");
		else if (n.failed > 0 && run.set.whole) {
			r->outcome = OUTCOME_FAIL;
			r->sentence = sv_of(arena_fmt(a, "%lld of %zu thresholds do not hold: %s.%s%s%s", (long long)n.failed, run.n_asked,
			    sb_str(&n.failures), n.open > 0 ? " Not decidable: " : "", sb_str(&n.opens), n.open > 0 ? "." : ""));
		} else if (n.open > 0 || why != NULL) {
			result_undecided(r, arena_fmt(a, "Not decidable: %lld of %zu thresholds hold%s%s%s%s%s%s.", (long long)n.passed, run.n_asked,
			    n.open > 0 ? "; open: " : "", sb_str(&n.opens), n.failed > 0 ? "; not holding so far: " : "", sb_str(&n.failures),
			    why == NULL ? "" : "; ", why == NULL ? "" : why), n.open > 0 ? "points for each of them" : "all points of the run, and its summary");
		} else {
			r->outcome = OUTCOME_PASS;
			r->sentence = sv_of(arena_fmt(a, "All %zu thresholds hold.", run.n_asked));
		}
	}
	sb_free(&n.failures);
	sb_free(&n.opens);
	k6_run_close(&run);
	return rc < 0 ? -1 : k6_window_sources(j, r, &w, e);
}

/* --- planned and reached ------------------------------------------------------------------------- */

static int
judge_reached(struct judging *j, struct criterion_result *r, const struct spec *spec, struct err *e)
{
	struct k6_window w;
	struct k6_run run;
	struct arena *a = j->arena;
	double vus = NAN, part;
	char planned[TIME_TEXT], reached[TIME_TEXT], num[2][NUM_TEXT];
	size_t i;
	int rc = k6_window_open(j, r, spec->file, SV(""), SV(""), 0, &w, e);

	if (rc <= 0)
		return rc;
	if ((rc = k6_run_open(j->store, w.glob, a, &run, e)) == 0) {
		i = k6_run_find(&run, SV("vus"));
		if (i < run.n_stats && run.stats[i].n > 0)
			vus = run.stats[i].max;
		part = run.seconds / run.planned_s;
		if (!(vus >= spec->reached_ratio * run.planned_vus) && run.planned_vus > 0)
			part = fmin(part, vus / run.planned_vus);
		figure_ratio(a, &r->required, result_id(j, r, "required"), spec->reached_ratio, 2);
		figure_count(a, &r->n, result_id(j, r, "n"), (double)run.set.points);
		if (isnan(part)) {
			result_undecided(r, "Not decidable: no load profile beside the points states what was planned.", "k6's options as JSON");
		} else {
			figure_ratio(a, &r->observed, result_id(j, r, "observed"), part, 2);
			figure_ratio(a, &r->margin, result_id(j, r, "margin"), part - spec->reached_ratio, 2);
			r->sentence = sv_of(arena_fmt(a, "Planned %s and %s VUs, reached %s and %s VUs at most.",
			    time_length_text((int64_t)(run.planned_s * 1000), planned), num_text(run.planned_vus, num[0]),
			    time_length_text((int64_t)(run.seconds * 1000), reached), num_text(vus, num[1])));
			r->outcome = part >= spec->reached_ratio ? OUTCOME_PASS : OUTCOME_INCONCLUSIVE;
			if (r->outcome == OUTCOME_INCONCLUSIVE)
				result_undecided(r, arena_fmt(a, "Less load than planned: %" SV_FMT, SV_ARG(r->sentence)), "a run of the planned length and load");
		}
	}
	k6_run_close(&run);
	return rc < 0 ? -1 : k6_window_sources(j, r, &w, e);
}

static int
judge(struct judging *j, struct criterion_result *r, struct err *e)
{
	struct spec s;

	result_open(j, r, METHOD, "");
	if (read_spec(r->criterion->spec, j->arena, &s, e) < 0)
		return -1;
	if (s.declared.n > 0)
		return judge_declared(j, r, &s, e);
	return s.reached.n > 0 ? judge_reached(j, r, &s, e) : judge_one(j, r, &s, e);
}

const struct kind kind_k6 = {"k6", check, judge, false};
