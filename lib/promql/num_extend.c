/*
 * Ranges that use the samples beside them: anchored and smoothed (promql-extended-range-selectors, Prometheus 3.7;
 * promql/functions.go extendedRate, promql/engine.go extendFloats, smoothSeries).
 */
#include "promql/numeric.h"

#include "promql/num_in.h"

/* The values at the ends of a range and the samples between: s[from] .. s[to - 1]. */
struct ends {
	double left, right;
	size_t from, to;
};

/* Between two samples; a counter that was reset between them counts from 0. */
static double
interpolate(const struct pq_sample *p, int64_t t, bool counter)
{
	double from = counter && p[1].v < p[0].v ? 0 : p[0].v;

	return from + (p[1].v - from) * (double)(t - p[0].t) / (double)(p[1].t - p[0].t);
}

/* The first of s[0] .. s[n - 1] that is later than t (or at t, for "at"), n when none is. */
static size_t
later(const struct pq_sample *s, size_t n, int64_t t, bool at)
{
	size_t i;

	for (i = 0; i < n && (at ? s[i].t < t : s[i].t <= t); i++)
		;
	return i;
}

static bool
find_ends(const struct pq_window *w, bool counter, struct ends *e)
{
	bool smoothed = w->extend == PQ_SMOOTHED;
	size_t first = later(w->s, w->n - 1, w->from, false);
	size_t last = smoothed ? later(w->s, w->n - 1, w->to, true) : w->n - 1;
	const struct pq_sample *l, *r = &w->s[last];

	first -= first > 0;
	l = &w->s[first];
	if (r->t <= w->from)
		return false;
	e->left = smoothed && l->t < w->from ? interpolate(l, w->from, counter) : l->v;
	e->right = smoothed && last > 0 && r->t > w->to ? interpolate(r - 1, w->to, counter) : r->v;
	e->from = l->t <= w->from ? first + 1 : first;
	e->to = r->t >= w->to ? last : last + 1;
	return true;
}

bool
pq_extended_change(const struct pq_window *w, bool counter, double *out)
{
	struct ends e;
	double before;
	size_t i;

	if (!find_ends(w, counter, &e))
		return false;
	*out = e.right - e.left;
	before = e.left;
	for (i = e.from; counter && i < e.to; i++) {
		*out += w->s[i].v < before ? before : 0;
		before = w->s[i].v;
	}
	*out += counter && e.right < before ? before : 0;
	return true;
}

bool
pq_anchored_samples(const struct pq_window *w, struct pq_window *out)
{
	size_t first = later(w->s, w->n - 1, w->from, false);

	if (w->s[w->n - 1].t <= w->from)
		return false;
	*out = *w;
	first -= first > 0;
	out->s += first;
	out->n -= first;
	return true;
}

bool
pq_smoothed(const struct pq_sample *s, size_t n, int64_t t, double *out)
{
	size_t i = later(s, n, t, true);

	if (i < n && s[i].t == t)
		*out = s[i].v;
	else if (i > 0)
		*out = i < n ? interpolate(&s[i - 1], t, false) : s[i - 1].v;
	return i > 0 || (n > 0 && s[0].t == t);
}

size_t
pq_extended_samples(const struct pq_window *w, struct pq_sample *out)
{
	struct ends e;
	size_t i, n = 0;

	if (!find_ends(w, false, &e))
		return 0;
	out[n++] = (struct pq_sample){w->from, e.left, false};
	for (i = e.from; i < e.to; i++)
		out[n++] = w->s[i];
	out[n++] = (struct pq_sample){w->to, e.right, false};
	return n;
}
