#include "judge/increase.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sort.h"
#include "judge/tally.h"

#define LEAST_SCRAPES 6 /* of a target, to know how far apart they usually are */

/* One increase under way. */
struct sum {
	struct increase_run *run;
	struct span *span; /* joined where they touch */
	size_t n_spans;
	struct tally *tally; /* per target that has the metric, in order of target */
	size_t n;
};

/* Spans that touch are one: what grows across the common bound is inside both together. */
static int64_t
join_spans(struct sum *w, const struct span *span, size_t n)
{
	int64_t length = 0;
	size_t i;

	w->span = mem_new(n, sizeof(*w->span));
	for (i = 0; i < n; i++) {
		if (span[i].from >= span[i].to)
			continue;
		length += span[i].to - span[i].from;
		if (w->n_spans > 0 && w->span[w->n_spans - 1].to == span[i].from)
			w->span[w->n_spans - 1].to = span[i].to;
		else
			w->span[w->n_spans++] = span[i];
	}
	return length;
}

static int
by_target(const void *a, const void *b)
{
	const struct tally *x = a, *y = b;

	return (x->life->target > y->life->target) - (x->life->target < y->life->target);
}

static struct tally *
tally_of(struct sum *w, int64_t target)
{
	struct target_life life = {.target = target};
	struct tally key = {.life = &life};

	return w->n == 0 ? NULL : bsearch(&key, w->tally, w->n, sizeof(*w->tally), by_target);
}

/* How far apart the scrapes of most of them are: one that has lost most of its own goes by the others. */
static void
set_pace(struct sum *w)
{
	int64_t *usual = mem_new(w->n, sizeof(*usual)), pace;
	size_t i, n = 0;

	for (i = 0; i < w->n; i++)
		if (w->tally[i].life->n >= LEAST_SCRAPES)
			usual[n++] = tally_usual(w->tally[i].life);
	pace = sort_median(usual, n);
	mem_free(usual);
	for (i = 0; i < w->n; i++)
		tally_pace(&w->tally[i], pace);
}

/* A tally per target that has one of the series; without series, per target: then nothing but time is measured. */
static void
open_tallies(struct sum *w, const struct pq_series *s, size_t n)
{
	const struct increase_run *r = w->run;
	bool *wanted = mem_new(r->n_life, sizeof(*wanted));
	const struct target_life *l;
	size_t i;

	for (i = 0; i < n; i++)
		if ((l = life_find(r, s[i].target)) != NULL)
			wanted[l - r->life] = true;
	w->tally = mem_new(r->n_life, sizeof(*w->tally));
	for (i = 0; i < r->n_life; i++)
		if (n == 0 || wanted[i])
			tally_open(&w->tally[w->n++], r, &r->life[i], w->span, w->n_spans);
	mem_free(wanted);
	set_pace(w);
}

/* Reads one series and counts it, or (match false) only notes when it was there. */
static int
read_series(struct sum *w, const struct pq_series *s, bool match, struct err *e)
{
	struct tally *t = tally_of(w, s->target);
	struct arena scratch = {0};
	struct pq_sample *m;
	size_t n;
	int rc;

	if (t == NULL || (!match && t->last != TALLY_NOWHERE && t->last == t->life->n - 1))
		return 0;
	rc = w->run->source->samples(w->run->source, s, INT64_MIN, INT64_MAX, &scratch, &m, &n, e);
	if (rc == 0 && match)
		tally_add(t, m, n);
	else if (rc == 0)
		tally_see(t, m, n);
	arena_free(&scratch);
	return rc;
}

static int
by_id(const void *a, const void *b)
{
	const struct pq_series *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

/* All series of the metric: those that match are counted, the others show that the metric was there (rule 13). */
static int
read_all(struct sum *w, const struct pq_series *match, size_t n, const struct pq_series *all, size_t n_all,
    struct err *e)
{
	struct pq_series *sorted = mem_new(n, sizeof(*sorted));
	size_t i;
	int rc = 0;

	for (i = 0; i < n; i++)
		sorted[i] = match[i];
	if (n > 0)
		qsort(sorted, n, sizeof(*sorted), by_id);
	for (i = 0; i < n && rc == 0; i++)
		rc = read_series(w, &match[i], true, e);
	for (i = 0; i < n_all && rc == 0; i++)
		if (n == 0 || bsearch(&all[i], sorted, n, sizeof(*sorted), by_id) == NULL)
			rc = read_series(w, &all[i], false, e);
	mem_free(sorted);
	return rc;
}

/* Do targets come and go? Then one of them says that its process began inside the spans. */
static bool
come_and_go(const struct sum *w)
{
	const struct target_life *l;
	size_t i, k;

	for (i = 0; i < w->n; i++)
		for (l = w->tally[i].life, k = 0; k < w->n_spans; k++)
			if (life_born(w->run, l) && l->began[0] > w->span[k].from && l->began[0] < w->span[k].to)
				return true;
	return false;
}

static int
by_begin(const void *a, const void *b)
{
	const struct increment *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

/* What some target was seen in, each moment once, less what one of them left open while it answered. */
static void
cover_together(struct sum *w, bool born, struct coverage *c)
{
	struct tally_steps s = {0};
	int64_t at = INT64_MIN, covered = 0, lacks, most = 0;
	size_t i;

	for (i = 0; i < w->n; i++) {
		tally_seen(&w->tally[i], born, &s);
		lacks = tally_lacks(&w->tally[i], born);
		most = lacks > most ? lacks : most;
	}
	if (s.of.n > 1)
		qsort(s.of.v, s.of.n, sizeof(*s.of.v), by_begin);
	for (i = 0; i < s.of.n; i++) {
		if (s.of.v[i].to <= at)
			continue;
		covered += s.of.v[i].to - (s.of.v[i].from > at ? s.of.v[i].from : at);
		at = s.of.v[i].to;
	}
	vec_free(&s.of);
	c->covered = covered < c->window - most ? covered : c->window - most;
}

/* The worst target's coverage, or that of all together where they come and go; restarts of all. */
static struct coverage
cover(struct sum *w, int64_t window, bool born)
{
	struct coverage c = {.window = window, .first = TIME_NONE, .last = TIME_NONE}, worst = c;
	int64_t hidden = 0, seen = INT64_MAX; /* by samples or not hidden by restarts, of the worst target */
	bool moving = come_and_go(w);
	size_t i;

	for (i = 0; i < w->n; i++) {
		tally_coverage(&w->tally[i], born, &c);
		seen = c.covered - c.hidden < seen ? c.covered - c.hidden : seen;
		hidden += c.hidden;
		c.restarts += worst.restarts;
		c.unseen_min += worst.unseen_min;
		c.unseen_max += worst.unseen_max;
		if (i > 0 && worst.first != TIME_NONE && (c.first == TIME_NONE || worst.first < c.first) && moving)
			c.first = worst.first;
		if (i > 0 && worst.last != TIME_NONE && worst.last > c.last && moving)
			c.last = worst.last;
		if (i > 0 && worst.covered <= c.covered && !moving) {
			worst.restarts = c.restarts;
			worst.unseen_min = c.unseen_min;
			worst.unseen_max = c.unseen_max;
		} else {
			worst = c;
		}
	}
	if (moving) {
		cover_together(w, born, &worst);
		worst.hidden = hidden < worst.covered ? hidden : worst.covered;
	} else if (w->n > 0) {
		worst.hidden = worst.covered - seen;
	}
	return worst;
}

static void
sum_up(struct sum *w, struct increase *out)
{
	size_t i;

	for (i = 0; i < w->n; i++) {
		out->metric_seen = out->metric_seen || w->tally[i].last != TALLY_NOWHERE;
		out->total += tally_total(&w->tally[i]);
	}
	out->there = cover(w, out->coverage.window, true);
	out->coverage = cover(w, out->coverage.window, false);
	out->at_least = out->coverage.restarts > 0;
	out->known = out->metric_seen && out->coverage.covered > 0;
}

static int
by_interval(const void *a, const void *b)
{
	const struct increment *x = a, *y = b;

	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	return (x->from > y->from) - (x->from < y->from);
}

/* All targets' steps, those of the same interval as one. */
static void
merge_steps(struct sum *w, struct increase *out)
{
	struct tally_steps s = {0};
	size_t i;

	for (i = 0; i < w->n; i++)
		tally_steps(&w->tally[i], &s);
	if (s.of.n > 0)
		qsort(s.of.v, s.of.n, sizeof(*s.of.v), by_interval);
	out->step = arena_new(w->run->arena, s.of.n, sizeof(*out->step));
	for (i = 0; i < s.of.n; i++) {
		if (i > 0 && by_interval(&s.of.v[i - 1], &s.of.v[i]) == 0) {
			out->step[out->n - 1].delta += s.of.v[i].delta;
			out->step[out->n - 1].restart |= s.of.v[i].restart;
		} else {
			out->step[out->n++] = s.of.v[i];
		}
	}
	vec_free(&s.of);
}

static bool
has_label(const struct pq_series *s, size_t n, struct sv name)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (labels_has(&s[i].labels, name))
			return true;
	return false;
}

/* Does any series have a value of the label that the matcher takes? 1, 0, -1. */
static int
any_match(const struct pq_selector *one, const struct pq_series *all, size_t n, struct err *e)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < n && rc == 0; i++)
		rc = pq_matches(one, all[i].name, &all[i].labels, e);
	return rc;
}

/*
 * An exporter that counts without codes has no series with code=~"5..", and all of its series are code!~"5..": neither
 * says anything about errors. Nor does a histogram without a bucket le="0.5" say that nothing was faster: le is its shape, not
 * what happened.
 */
static int
find_untold(struct arena *a, const struct pq_selector *sel, const struct pq_series *all, size_t n, struct increase *out, struct err *e)
{
	size_t i;
	int rc;

	for (i = 0; i < sel->n && n > 0; i++) {
		struct pq_selector one = {.v = &sel->v[i], .n = 1};

		if (sv_is(sel->v[i].name, "le") && has_label(all, n, SV("le"))) {
			if ((rc = any_match(&one, all, n, e)) < 0)
				return -1;
			if (rc == 0 && out->untold.n == 0)
				out->untold = sv_of(arena_fmt(a, "le with the value %" SV_FMT, SV_ARG(sel->v[i].value)));
			continue;
		}
		if (sv_is(sel->v[i].name, "__name__") || has_label(all, n, sel->v[i].name))
			continue;
		if ((rc = pq_matches(&one, SV(""), &(struct labels){0}, e)) < 0)
			return -1;
		if (rc == 0 && out->untold.n == 0)
			out->untold = sel->v[i].name;
		else if (rc > 0 && out->moot.n == 0)
			out->moot = sel->v[i].name;
	}
	if (out->untold.n > 0)
		out->metric_seen = out->known = false;
	return 0;
}

static void
list_targets(struct sum *w, struct increase *out)
{
	size_t i;

	out->target = arena_new(w->run->arena, w->n, sizeof(*out->target));
	for (i = 0; i < w->n; i++)
		out->target[out->n_targets++] = w->tally[i].life->target;
}

int
increase_over(struct increase_run *r, const struct pq_selector *sel, const struct span *span, size_t n_spans,
    struct increase *out, struct err *e)
{
	const struct pq_selector *metric = pq_selector_metric(r->arena, sel);
	struct sum w = {.run = r};
	struct pq_series *all;
	size_t i, n_all;
	int rc;

	*out = (struct increase){0};
	if (r->source->series(r->source, sel, r->arena, &out->series, &out->n_series, e) < 0 ||
	    r->source->series(r->source, metric, r->arena, &all, &n_all, e) < 0)
		return -1;
	out->coverage.window = join_spans(&w, span, n_spans);
	open_tallies(&w, all, n_all);
	rc = read_all(&w, out->series, out->n_series, all, n_all, e);
	for (i = 0; i < w.n && rc == 0 && n_all > 0; i++)
		tally_finish(&w.tally[i]);
	if (rc == 0) {
		out->exists = n_all > 0;
		sum_up(&w, out);
		merge_steps(&w, out);
		if (n_all > 0)
			list_targets(&w, out);
		rc = find_untold(r->arena, sel, all, n_all, out, e);
	}
	for (i = 0; i < w.n; i++)
		tally_close(&w.tally[i]);
	mem_free(w.tally);
	mem_free(w.span);
	return rc;
}
