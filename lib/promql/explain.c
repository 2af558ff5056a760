#include "promql/explain.h"

#include <string.h>

#include "base/mem.h"
#include "base/sort.h"
#include "promql/functions.h"

struct explainer {
	struct pq_source *src;
	const struct pq_query *q;
	VEC(struct pq_reading) found;
	struct err *e;
};

/* The times at which an expression is evaluated, first and last. */
struct times {
	int64_t first, last;
};

/* Counts what is read of one series; its median interval, 0 when it has no two samples. 0 or -1. */
static int
look_at(struct explainer *x, const struct pq_series *s, struct pq_reading *r, int64_t *interval)
{
	struct arena scratch = {0};
	struct pq_sample *p = NULL;
	size_t n = 0, i, k = 0;
	int64_t *t;
	int rc;

	rc = x->src->samples(x->src, s, INT64_MIN, INT64_MAX, &scratch, &p, &n, x->e);
	if (rc == 0) {
		t = arena_new(&scratch, n, sizeof(*t));
		for (i = 0; i < n; i++) {
			if (p[i].stale)
				continue;
			r->n_samples += p[i].t >= r->from && p[i].t <= r->to;
			t[k++] = p[i].t;
		}
		for (i = 1; i < k; i++)
			t[i - 1] = t[i] - t[i - 1];
		*interval = sort_median(t, k > 0 ? k - 1 : 0);
	}
	arena_free(&scratch);
	return rc;
}

/* Of the functions of ranges these want one sample only; the others compare two. */
static bool
one_is_enough(const struct pq_function *f)
{
	return f == NULL || sv_ends(sv_of(f->name), "_over_time");
}

/* Scrapes come a little late: a range of 30 s still fits an interval of 15.1 s. */
static bool
holds(int64_t range, int64_t samples, int64_t interval)
{
	return range >= samples * interval - interval / 50;
}

/* Samples beside the range count, too, when they are not further away than the lookback. */
static bool
extends_to(const struct pq_reading *r, int64_t range, int64_t lookback)
{
	return r->x->extend != PQ_PLAIN && holds(lookback, 1, r->interval) &&
	    (r->x->extend == PQ_SMOOTHED || holds(range, 1, r->interval));
}

static enum pq_fit
fit_of(const struct pq_reading *r, int64_t range, const struct pq_function *f, int64_t lookback)
{
	if (r->n_series == 0)
		return PQ_FIT;
	if (r->interval == 0)
		return one_is_enough(f) ? PQ_FIT_ONE : PQ_FIT_NEVER;
	if (holds(range, 2, r->interval) || extends_to(r, range, lookback))
		return PQ_FIT;
	return one_is_enough(f) && holds(range, 1, r->interval) ? PQ_FIT_ONE : PQ_FIT_NEVER;
}

static int
read_selector(struct explainer *x, const struct pq_expr *at, struct times t, const struct pq_function *f)
{
	bool range = at->kind == PQ_RANGE;
	const struct pq_selector *sel = range ? at->range.selector : at->selector;
	int64_t lookback = x->q->lookback > 0 ? x->q->lookback : PQ_LOOKBACK;
	struct pq_reading *r = vec_add(&x->found);
	struct arena scratch = {0};
	struct pq_series *s = NULL;
	int64_t *interval;
	size_t i, k = 0;
	int rc;

	*r = (struct pq_reading){.x = at, .to = t.last};
	/* Without (t - r itself belongs to Prometheus 2's ranges only. */
	r->from = t.first - (range ? at->range.range : lookback) + (x->q->closed_ranges ? 0 : 1);
	r->from -= range && at->extend != PQ_PLAIN ? lookback : 0;
	r->to += at->extend == PQ_SMOOTHED ? lookback : 0;
	rc = x->src->series(x->src, sel, &scratch, &s, &r->n_series, x->e);
	interval = arena_new(&scratch, rc == 0 ? r->n_series : 0, sizeof(*interval));
	for (i = 0; rc == 0 && i < r->n_series; i++) {
		rc = look_at(x, &s[i], r, &interval[k]);
		k += interval[k] > 0;
	}
	if (rc == 0) {
		r->interval = sort_median(interval, k);
		r->fit = range ? fit_of(r, at->range.range, f, lookback) : PQ_FIT;
	}
	arena_free(&scratch);
	return rc;
}

/* offset and @ */
static struct times
shift(const struct explainer *x, const struct pq_shift *s, struct times t)
{
	if (s->at == PQ_AT_TIME)
		t = (struct times){s->at_ms, s->at_ms};
	else if (s->at == PQ_AT_START)
		t = (struct times){x->q->start, x->q->start};
	else if (s->at == PQ_AT_END)
		t = (struct times){x->q->end, x->q->end};
	return (struct times){t.first - s->offset, t.last - s->offset};
}

/* f: the function that takes the value of at. Recursion is bounded by PQ_MAX_DEPTH. */
static int
walk(struct explainer *x, const struct pq_expr *at, struct times t, const struct pq_function *f)
{
	const struct pq_expr *part;
	size_t i;

	if (at->kind == PQ_SELECT || at->kind == PQ_RANGE)
		return read_selector(x, at, shift(x, &at->shift, t), f);
	if (at->kind == PQ_SUBQUERY) {
		t = shift(x, &at->shift, t);
		t.first -= at->subquery.range;
	}
	f = at->kind == PQ_CALL ? at->call.fn : at->kind == PQ_PAREN ? f : NULL;
	for (i = 0; (part = pq_child(at, i)) != NULL; i++)
		if (walk(x, part, t, f) < 0)
			return -1;
	return 0;
}

bool
pq_reads_extended(const struct pq_expr *x)
{
	const struct pq_expr *part;
	size_t i;

	if (x->kind == PQ_RANGE)
		return x->extend != PQ_PLAIN;
	for (i = 0; (part = pq_child(x, i)) != NULL; i++)
		if (pq_reads_extended(part))
			return true;
	return false;
}

bool
pq_no_answer(const struct pq_result *r, const struct pq_explanation *ex, bool extended)
{
	return (r->n_selected == 0 && ex->n > 0) || ((r->n == 0 || extended) && ex->unanswerable);
}

int
pq_explain(struct pq_source *src, const struct pq_expr *x, const struct pq_query *q, struct arena *a,
    struct pq_explanation *out, struct err *e)
{
	struct explainer ex = {.src = src, .q = q, .e = e};
	size_t i;
	int rc;

	rc = walk(&ex, x, (struct times){q->start, q->end}, NULL);
	*out = (struct pq_explanation){.n = ex.found.n};
	out->v = arena_new(a, ex.found.n, sizeof(*out->v));
	for (i = 0; i < ex.found.n; i++) {
		out->v[i] = ex.found.v[i];
		out->unanswerable = out->unanswerable || ex.found.v[i].fit == PQ_FIT_NEVER;
	}
	vec_free(&ex.found);
	return rc;
}
