/* Selectors over the source: each series is read once for all steps, and windows move over it. */
#include "promql/eval_in.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "promql/numeric.h"

int64_t
pq_shifted(const struct pq_eval *ev, const struct pq_shift *s, const struct pq_grid *g, size_t i)
{
	int64_t t = 0;

	switch (s->at) {
	case PQ_AT_NONE:
		t = pq_grid_time(g, i);
		break;
	case PQ_AT_TIME:
		t = s->at_ms;
		break;
	case PQ_AT_START: /* of the whole query, also inside a subquery */
		t = ev->q->start;
		break;
	case PQ_AT_END:
		t = ev->q->end;
		break;
	}
	return t - s->offset;
}

static int
by_time(const void *a, const void *b)
{
	const struct pq_sample *x = a, *y = b;

	return (x->t > y->t) - (x->t < y->t);
}

/*
 * The samples of v[0] .. v[n - 1], which share their labels (the store keeps targets apart that PromQL cannot tell
 * apart), as those of one series. Of two at one time one stays.
 */
static int
read_samples(struct pq_eval *ev, const struct pq_series *v, size_t n, int64_t from, int64_t to, struct arena *a,
    struct pq_sample **out, size_t *count)
{
	struct pq_sample *s = NULL;
	VEC(struct pq_sample) all = {0};
	size_t i, k;
	int rc = 0;

	if (n == 1)
		return ev->src->samples(ev->src, v, from, to, a, out, count, ev->e);
	for (i = 0; i < n && rc == 0; i++) {
		*count = 0;
		rc = ev->src->samples(ev->src, &v[i], from, to, a, &s, count, ev->e);
		for (k = 0; rc == 0 && k < *count; k++)
			*vec_add(&all) = s[k];
	}
	if (all.n > 1)
		qsort(all.v, all.n, sizeof(*all.v), by_time);
	*out = arena_new(a, all.n, sizeof(**out));
	*count = 0;
	for (i = 0; i < all.n; i++)
		if (*count == 0 || (*out)[*count - 1].t != all.v[i].t)
			(*out)[(*count)++] = all.v[i];
	vec_free(&all);
	return rc;
}

/* Each series that sel selects, with its samples from <= t <= to. */
static int
each_series(struct pq_eval *ev, const struct pq_selector *sel, int64_t from, int64_t to, pq_each_fn *each, void *ctx)
{
	struct pq_series *v = NULL;
	struct pq_sample *s;
	struct arena a = {0};
	size_t n = 0, i, same, count;
	int rc;

	rc = ev->src->series(ev->src, sel, &ev->scratch, &v, &n, ev->e);
	ev->n_selected += rc == 0 ? n : 0;
	for (i = 0; i < n && rc == 0; i += same) {
		for (same = 1; i + same < n && sv_eq(v[i].name, v[i + same].name) &&
		    labels_cmp(&v[i].labels, &v[i + same].labels) == 0; same++)
			;
		s = NULL;
		count = 0;
		rc = pq_eval_go_on(ev);
		if (rc == 0)
			rc = read_samples(ev, &v[i], same, from, to, &a, &s, &count);
		if (rc == 0)
			rc = pq_eval_hold(ev, (int64_t)count);
		if (rc == 0) {
			rc = count == 0 ? 0 : each(ctx, pq_labels_of(&ev->scratch, &v[i]), s, count);
			pq_eval_hold(ev, -(int64_t)count);
		}
		arena_free(&a);
	}
	return rc;
}

struct instants {
	struct pq_eval *ev;
	const struct pq_expr *x;
	const struct pq_grid *g;
	bool times;
	struct pq_value *out;
};

/* Each step's value between the samples around it; a stale marker is none. */
static int
take_smoothed(void *ctx, struct labels labels, const struct pq_sample *s, size_t n)
{
	struct instants *c = ctx;
	struct pq_row *r = pq_value_add(c->out, labels);
	size_t i, low = 0, high = 0;
	int64_t t;
	double v;

	if (pq_row_reserve(c->ev, r, 0, c->g->n) < 0)
		return -1;
	for (i = 0; i < c->g->n; i++) {
		t = pq_shifted(c->ev, &c->x->shift, c->g, i);
		while (high < n && s[high].t <= t + c->ev->lookback)
			high++;
		while (low < high && s[low].t <= t - c->ev->lookback)
			low++;
		if (pq_smoothed(s + low, high - low, t, &v) && pq_row_put(c->ev, r, i, v) < 0)
			return -1;
	}
	return 0;
}

/* The newest sample of each step's lookback, unless it is a stale marker. */
static int
take_instants(void *ctx, struct labels labels, const struct pq_sample *s, size_t n)
{
	struct instants *c = ctx;
	struct pq_row *r = pq_value_add(c->out, labels);
	int64_t t, oldest;
	size_t i, k = 0;

	if (pq_row_reserve(c->ev, r, 0, c->g->n) < 0)
		return -1;
	for (i = 0; i < c->g->n; i++) {
		t = pq_shifted(c->ev, &c->x->shift, c->g, i);
		oldest = t - c->ev->lookback + !c->ev->q->closed_ranges;
		while (k < n && s[k].t <= t)
			k++;
		if (k > 0 && s[k - 1].t >= oldest && !s[k - 1].stale &&
		    pq_row_put(c->ev, r, i, c->times ? (double)s[k - 1].t / 1000 : s[k - 1].v) < 0)
			return -1;
	}
	return 0;
}

struct ranges {
	pq_each_fn *each;
	void *ctx;
	VEC(struct pq_sample) fresh;
};

static int
without_stale(void *ctx, struct labels labels, const struct pq_sample *s, size_t n)
{
	struct ranges *c = ctx;
	size_t i;

	for (i = 0; i < n && !s[i].stale; i++)
		;
	if (i == n)
		return c->each(c->ctx, labels, s, n);
	c->fresh.n = 0;
	for (i = 0; i < n; i++)
		if (!s[i].stale)
			*vec_add(&c->fresh) = s[i];
	return c->each(c->ctx, labels, c->fresh.v, c->fresh.n);
}

/* In Prometheus 2 there is nothing like it. */
static int
check_extend(struct pq_eval *ev, const struct pq_expr *x)
{
	if (x->extend == PQ_PLAIN || !ev->q->closed_ranges)
		return 0;
	return err_set(ev->e, ERR_USAGE, "not supported: the modifiers anchored and smoothed with the ranges of "
	    "Prometheus 2");
}

int
pq_eval_select(struct pq_eval *ev, const struct pq_expr *x, const struct pq_grid *g, bool times, struct pq_value *out)
{
	struct instants c = {ev, x, g, times, out};
	struct ranges fresh = {.each = take_smoothed, .ctx = &c};
	int64_t from = pq_shifted(ev, &x->shift, g, 0) - ev->lookback;
	int64_t to = pq_shifted(ev, &x->shift, g, g->n - 1);
	int rc;

	if (check_extend(ev, x) < 0)
		return -1;
	if (x->extend == PQ_SMOOTHED && !times) /* timestamp() is that of a sample */
		rc = each_series(ev, x->selector, from, to + ev->lookback, without_stale, &fresh);
	else
		rc = each_series(ev, x->selector, from, to, take_instants, &c);
	vec_free(&fresh.fresh);
	if (rc == 0)
		pq_value_trim(ev, out);
	return rc;
}

int64_t
pq_range_of(const struct pq_expr *x)
{
	return x->kind == PQ_SUBQUERY ? x->subquery.range : x->range.range;
}

int
pq_eval_windows(struct pq_eval *ev, const struct pq_expr *x, const struct pq_grid *g, pq_each_fn *each, void *ctx)
{
	struct ranges c = {.each = each, .ctx = ctx};
	int64_t from, to;
	int rc;

	if (x->kind == PQ_SUBQUERY)
		return pq_eval_subquery(ev, x, g, each, ctx);
	if (check_extend(ev, x) < 0)
		return -1;
	from = pq_shifted(ev, &x->shift, g, 0) - x->range.range + !ev->q->closed_ranges;
	from -= x->extend == PQ_PLAIN ? 0 : ev->lookback;
	to = pq_shifted(ev, &x->shift, g, g->n - 1) + (x->extend == PQ_SMOOTHED ? ev->lookback : 0);
	rc = each_series(ev, x->range.selector, from, to, without_stale, &c);
	vec_free(&c.fresh);
	return rc;
}

void
pq_slide_to(const struct pq_eval *ev, struct pq_slide *w, size_t i, const struct pq_sample *s, size_t n)
{
	int64_t to = pq_shifted(ev, &w->x->shift, w->g, i);
	int64_t from = to - pq_range_of(w->x) + !ev->q->closed_ranges;

	from -= w->x->extend == PQ_PLAIN ? 0 : ev->lookback;
	to += w->x->extend == PQ_SMOOTHED ? ev->lookback : 0;
	while (w->high < n && s[w->high].t <= to)
		w->high++;
	while (w->low < w->high && s[w->low].t < from)
		w->low++;
}
