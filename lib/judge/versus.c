#include "judge/versus.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "judge/alike.h"
#include "stats/order.h"

#define CONFIDENCE 0.95

/* One run's side of it. */
struct side {
	struct judging *j;
	const char *who;
	const struct span *span;
	size_t n_spans;
	int64_t window;     /* ms */
	double bad, all, rate; /* of a share; requests a second */
	double covered;     /* share of the window */
	VEC(double) value;  /* bucket medians */
};

static int
not_known(struct versus *out, const char *why)
{
	out->known = false;
	out->outcome = OUTCOME_INCONCLUSIVE;
	out->why = why;
	return 0;
}

/* The side's spans: 1, 0 not known (out says so), -1. */
static int
find_window(struct side *s, struct sv window, struct versus *out, struct err *e)
{
	int rc = judge_window(s->j, window.n > 0 ? window : SV("run"), &s->span, &s->n_spans, e);

	for (size_t i = 0; rc > 0 && i < s->n_spans; i++)
		s->window += s->span[i].to - s->span[i].from;
	if (rc == 0 || (rc > 0 && s->window <= 0)) {
		not_known(out, arena_fmt(s->j->arena, "when the window of the %s began and ended is not known", s->who));
		return 0;
	}
	return rc;
}

/* 1, 0 not measured, -1. */
static int
measure_share(struct side *s, const struct versus_plan *p, struct versus *out, struct err *e)
{
	struct increase all, bad;
	int64_t least;

	if (increase_over(&s->j->increase, p->total, s->span, s->n_spans, &all, e) < 0 ||
	    increase_over(&s->j->increase, p->bad, s->span, s->n_spans, &bad, e) < 0)
		return -1;
	if (!all.metric_seen || !bad.metric_seen || all.coverage.covered <= 0 || !(all.total > 0)) {
		not_known(out, arena_fmt(s->j->arena, "the %s has no requests in the window", s->who));
		return 0;
	}
	s->all = all.total;
	s->bad = p->good ? all.total - bad.total : bad.total;
	s->bad = fmin(fmax(s->bad, 0), s->all);
	s->rate = all.total / ((double)all.coverage.covered / 1000);
	least = all.coverage.covered < bad.coverage.covered ? all.coverage.covered : bad.coverage.covered;
	s->covered = (double)least / (double)s->window;
	return 1;
}

/* Medians of buckets as long as a part of the window. 1, 0, -1. */
static int
measure_values(struct side *s, const struct versus_plan *p, struct versus *out, struct err *e)
{
	int64_t width = s->window / VERSUS_BUCKETS, step = width / 20 > TIME_SECOND ? width / 20 : TIME_SECOND, bucket;
	struct pq_result values;
	double *v, known = 0;
	size_t i, k, n;

	if (width < TIME_SECOND) {
		not_known(out, arena_fmt(s->j->arena, "the window of the %s is too short", s->who));
		return 0;
	}
	for (i = 0; i < s->n_spans; i++) {
		if (query_range(s->j, p->expr, s->span[i].from, s->span[i].to, step, width < PQ_LOOKBACK ? width : 0, &values, e) < 0)
			return -1;
		if (values.n > 1) {
			not_known(out, arena_fmt(s->j->arena, "the expression gives %zu series for the %s, not one", values.n, s->who));
			return 0;
		}
		if (values.n == 0)
			continue;
		v = mem_new(values.v[0].n, sizeof(*v));
		for (k = 0; k < values.v[0].n;) {
			bucket = (values.v[0].point[k].t - s->span[i].from) / width;
			for (n = 0; k < values.v[0].n && (values.v[0].point[k].t - s->span[i].from) / width == bucket; k++)
				if (!isnan(values.v[0].point[k].v))
					v[n++] = values.v[0].point[k].v;
			if (n == 0)
				continue;
			known += (double)n;
			stats_sort(v, n);
			*vec_add(&s->value) = stats_median(v, n);
		}
		mem_free(v);
	}
	s->covered = fmin(1, known * (double)step / (double)s->window);
	if (s->value.n >= VERSUS_LEAST)
		return 1;
	not_known(out, arena_fmt(s->j->arena, "the %s has values at %zu times only, at least %d are needed", s->who, s->value.n,
	    VERSUS_LEAST));
	return 0;
}

static void
settle(const struct versus_plan *p, struct versus *out)
{
	out->known = true;
	out->way = out->interval.low > 0 ? VERSUS_WORSE : out->interval.high < 0 ? VERSUS_BETTER : VERSUS_SAME;
	out->outcome = OUTCOME_INCONCLUSIVE;
	if (!p->gate)
		return;
	out->allowed = p->relative ? p->allowed * fabs(out->baseline) : p->allowed;
	if (out->interval.low > out->allowed)
		out->outcome = OUTCOME_FAIL;
	else if (out->interval.high <= out->allowed && fmin(out->covered_baseline, out->covered_candidate) >= p->min_coverage - 1e-12)
		out->outcome = OUTCOME_PASS;
	if (out->unlike != NULL)
		out->outcome = OUTCOME_INCONCLUSIVE;
}

static void
compare_shares(const struct side *base, const struct side *cand, struct versus *out)
{
	out->baseline = base->bad / base->all;
	out->candidate = cand->bad / cand->all;
	out->difference = stats_difference(cand->bad, cand->all, base->bad, base->all, CONFIDENCE, &out->interval);
	out->n_baseline = base->all;
	out->n_candidate = cand->all;
}

static void
compare_values(struct side *base, struct side *cand, bool lower, struct versus *out)
{
	struct stats_shift s;
	double swap;

	stats_compare(cand->value.v, cand->value.n, base->value.v, base->value.n, CONFIDENCE, &s);
	stats_sort(base->value.v, base->value.n);
	stats_sort(cand->value.v, cand->value.n);
	out->baseline = stats_median(base->value.v, base->value.n);
	out->candidate = stats_median(cand->value.v, cand->value.n);
	out->difference = lower ? -s.shift : s.shift;
	out->interval = s.interval;
	out->chance = lower ? 1 - s.chance : s.chance;
	if (lower) {
		swap = -s.interval.low;
		out->interval.low = -s.interval.high;
		out->interval.high = swap;
	}
	out->n_baseline = (double)base->value.n;
	out->n_candidate = (double)cand->value.n;
}

/* Names what the two rest on, of the candidate. */
static int
note(struct side *s, const struct versus_plan *p, struct sources *src, struct err *e)
{
	struct pq_explanation ex;

	if (p->total != NULL)
		return sources_samples(src, s->j, p->total, s->span[0].from, s->span[s->n_spans - 1].to, e);
	if (query_explain(s->j, p->expr, s->span[0].from, s->span[s->n_spans - 1].to, s->window, &ex, e) < 0)
		return -1;
	return query_sources(src, s->j, &ex, e);
}

/* Is it one run under two names? A run is never worse than itself. 1, 0, -1. */
static int
same_run(const struct side *base, const struct side *cand, const struct versus_plan *p, struct sources *src, struct versus *out,
    struct err *e)
{
	bool same = base->n_spans == cand->n_spans;
	struct sv name;
	size_t i;
	int rc = base->j->store == NULL || cand->j->store == NULL ? 0 : sources_shared(src, cand->j, base->j->store, &name, e);

	if (rc > 0)
		not_known(out, arena_fmt(cand->j->arena, "it is the same run: the baseline rests on the very same %" SV_FMT, SV_ARG(name)));
	if (rc != 0)
		return rc;
	for (i = 0; same && i < base->n_spans; i++)
		same = base->span[i].from == cand->span[i].from && base->span[i].to == cand->span[i].to;
	if (p->total != NULL)
		same = same && base->all == cand->all && base->bad == cand->bad;
	same = same && base->value.n == cand->value.n;
	for (i = 0; same && i < base->value.n; i++)
		same = base->value.v[i] == cand->value.v[i];
	if (same)
		not_known(out, "it is the same run: both have the same times and the same numbers");
	return same;
}

static int
both(struct side *base, struct side *cand, const struct versus_plan *p, struct sv window, struct sources *src, struct versus *out,
    struct err *e)
{
	struct side *side[] = {base, cand};
	const struct alike *k;
	int rc;

	for (size_t i = 0; i < 2; i++)
		if ((rc = find_window(side[i], window, out, e)) <= 0 || (rc = p->total != NULL ?
		    measure_share(side[i], p, out, e) : measure_values(side[i], p, out, e)) <= 0)
			return rc;
	if (note(cand, p, src, e) < 0)
		return -1;
	if ((rc = same_run(base, cand, p, src, out, e)) != 0)
		return rc < 0 ? -1 : 0;
	if (alike_of(cand->j, &k, e) < 0)
		return -1;
	/* Where less is worse it is often the load itself that is compared. */
	out->unlike = alike_not(cand->j->arena, k, !p->lower, p->despite);
	out->covered_baseline = base->covered;
	out->covered_candidate = cand->covered;
	if (p->total == NULL) {
		compare_values(base, cand, p->lower, out);
	} else {
		if (alike_loads_differ(cand->rate, base->rate))
			return not_known(out, arena_fmt(cand->j->arena, "the loads differ: %s requests a second, %s in the baseline",
			    query_number(cand->rate, (char[NUM_TEXT]){0}), query_number(base->rate, (char[NUM_TEXT]){0})));
		compare_shares(base, cand, out);
	}
	settle(p, out);
	return 0;
}

int
versus_measure(struct judging *j, struct judging *baseline, const struct versus_plan *p, struct sv window, struct sources *s,
    struct versus *out, struct err *e)
{
	struct side base = {.j = baseline, .who = "baseline"}, cand = {.j = j, .who = "candidate"};
	int rc;

	*out = (struct versus){.chance = (double)NAN, .allowed = (double)NAN, .outcome = OUTCOME_INCONCLUSIVE};
	if (baseline == NULL)
		return not_known(out, "no baseline was given (--baseline)");
	rc = both(&base, &cand, p, window, s, out, e);
	vec_free(&base.value);
	vec_free(&cand.value);
	return rc;
}
