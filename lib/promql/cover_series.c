/*
 * cover_series - what the samples of each series cover, as far apart as they usually are.
 */
#include "promql/cover_in.h"

#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/time.h"

/* The labels by which one replica of something is told from another: after a restart they are others. */
static bool
names_instance(struct sv label)
{
	static const char *const names[] = {"instance", "pod", "pod_name", "pod_ip", "node", "host", "hostname", "container_id", "id", "uid"};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (sv_is(label, names[i]))
			return true;
	return false;
}

static struct labels
identity_of(struct arena *a, const struct labels *l)
{
	struct labels id = {arena_new(a, l->n, sizeof(*id.v)), 0};
	size_t i;

	for (i = 0; i < l->n; i++)
		if (!names_instance(l->v[i].name))
			id.v[id.n++] = l->v[i];
	return id;
}

int64_t
cover_lookback(const struct cover_look *w)
{
	return w->c->q->lookback > 0 ? w->c->q->lookback : PQ_LOOKBACK;
}

/* The times at which series have a number, in order and each once; owned by the arena. 0 or -1. */
static int
read_times(struct cover_look *w, const struct pq_series *s, size_t n, struct arena *a, int64_t **t, size_t *count)
{
	VEC(int64_t) all = {0};
	struct pq_sample *p;
	double value = (double)NAN;
	size_t i, k, n_p;
	int rc = 0;

	for (i = 0; i < n && rc == 0; i++) {
		rc = w->c->src->samples(w->c->src, &s[i], INT64_MIN, INT64_MAX, a, &p, &n_p, w->c->e);
		for (k = 0; rc == 0 && k < n_p; k++) {
			if (p[k].stale || isnan(p[k].v))
				continue;
			*vec_add(&all) = p[k].t;
			if (w->note_resets && value > p[k].v)
				*vec_add(&w->reset) = (struct cover_reset){s[i].target, p[k].t};
			value = p[k].v;
		}
		value = (double)NAN;
	}
	*count = sort_unique(all.v, all.n);
	*t = arena_keep(a, all.v, *count, sizeof(*all.v));
	return rc;
}

static void
measure_interval(struct cover_member *m, const int64_t *t, size_t n, struct arena *a)
{
	int64_t *gap = arena_new(a, n, sizeof(*gap));
	size_t i;

	for (i = 1; i < n; i++)
		gap[i - 1] = t[i] - t[i - 1];
	m->interval = n >= PQ_COVER_LEAST ? sort_median(gap, n - 1) : 0;
	m->first = t[0];
	m->last = t[n - 1];
}

/* Are most series of the metric sampled more than twice as often? Then it has lost most of its samples. */
static bool
goes_by_others(const struct cover_look *w, int64_t interval)
{
	return w->pace > 0 && interval > 2 * w->pace + w->pace / 20;
}

int64_t
cover_usual(const struct cover_look *w, const struct cover_member *m)
{
	int64_t own = m->interval > 0 ? m->interval : w->interval;

	return goes_by_others(w, own) ? w->pace : own;
}

/* Did the target's counters begin anew soon after t? What does not count any more is then not there, as before its birth. */
static bool
reset_after(const struct cover_look *w, const struct cover_member *m, int64_t t, int64_t reach)
{
	size_t i;

	for (i = 0; i < w->reset.n; i++)
		if (w->by_birth && w->reset.v[i].target == m->s->target && w->reset.v[i].t > t && w->reset.v[i].t <= t + reach)
			return true;
	return false;
}

/* What the samples cover, as far apart as they usually are. A counter bridges what PromQL itself looks back. */
static void
see(struct cover_look *w, struct cover_member *m, const int64_t *t, size_t n)
{
	int64_t usual = cover_usual(w, m), half, reach;
	size_t i;

	usual = usual > 0 ? usual : cover_lookback(w);
	half = usual / 2;
	reach = w->use->counter && usual + half < cover_lookback(w) ? cover_lookback(w) : usual + half;
	stretches_add(&m->seen, t[0] - usual, t[0]);
	for (i = 1; i < n; i++) {
		if (t[i] - t[i - 1] <= reach || reset_after(w, m, t[i - 1], reach)) {
			stretches_add(&m->seen, t[i - 1], t[i]);
		} else {
			stretches_add(&m->seen, t[i - 1], t[i - 1] + half);
			stretches_add(&m->seen, t[i] - half, t[i]);
		}
	}
	stretches_add(&m->seen, t[n - 1], reset_after(w, m, t[n - 1], reach) ? INT64_MAX : t[n - 1] + usual);
	stretches_unite(&m->seen);
	m->read_first = m->read_last = TIME_NONE;
	for (i = 0; i < n; i++) {
		if (t[i] < w->r->from || t[i] > w->r->to)
			continue;
		if (m->samples++ == 0)
			m->read_first = t[i];
		else if (t[i] - m->read_last > m->gap)
			m->gap = t[i] - m->read_last;
		m->read_last = t[i];
	}
	m->now = m->samples > 0;
}

/* One member of these series, if they have a sample. 0 or -1. */
static int
measure(struct cover_look *w, const struct pq_series *s, size_t n, struct cover_member *out)
{
	struct arena scratch = {0};
	struct cover_member m = {.s = s, .identity = out->identity};
	int64_t *t;
	size_t count;
	int rc = read_times(w, s, n, &scratch, &t, &count);

	if (rc == 0 && count > 0) {
		measure_interval(&m, t, count, &scratch);
		see(w, &m, t, count);
		vec_free(&out->seen.of);
		*out = m;
	}
	arena_free(&scratch);
	return rc;
}

static int
take(struct cover_look *w, const struct pq_series *s, size_t n, struct labels identity)
{
	struct cover_member m = {.identity = identity};
	int rc = measure(w, s, n, &m);

	if (m.s != NULL)
		*vec_add(&w->m) = m;
	return rc;
}

void
cover_drop(struct cover_look *w)
{
	size_t i;

	for (i = 0; i < w->m.n; i++)
		vec_free(&w->m.v[i].seen.of);
	vec_free(&w->m);
}

static int
by_target(const void *a, const void *b)
{
	const struct pq_series *x = a, *y = b;

	return (x->target > y->target) - (x->target < y->target);
}

int
cover_take_targets(struct cover_look *w, struct arena *a)
{
	struct pq_series *s;
	size_t n, i, k;

	if (w->c->src->series(w->c->src, pq_selector_metric(a, w->sel), a, &s, &n, w->c->e) < 0)
		return -1;
	if (n > 1)
		qsort(s, n, sizeof(*s), by_target);
	for (i = 0; i < n; i = k) {
		for (k = i + 1; k < n && s[k].target == s[i].target; k++)
			;
		if (take(w, &s[i], k - i, (struct labels){0}) < 0)
			return -1;
	}
	return 0;
}

/* The median of the intervals of all series of the metric. 0 or -1. */
static int
metric_pace(struct cover_look *w, struct arena *a, int64_t *pace)
{
	struct pq_series *s;
	size_t n, i, k = 0;
	int64_t *interval;

	if (w->c->src->series(w->c->src, pq_selector_metric(a, w->sel), a, &s, &n, w->c->e) < 0)
		return -1;
	interval = arena_new(a, n, sizeof(*interval));
	for (i = 0; i < n; i++) {
		struct cover_member m = {0};

		if (measure(w, &s[i], 1, &m) < 0)
			return -1;
		vec_free(&m.seen.of);
		if (m.interval > 0)
			interval[k++] = m.interval;
	}
	*pace = sort_median(interval, k);
	return 0;
}

int
cover_take_series(struct cover_look *w, struct arena *a)
{
	struct pq_series *s;
	size_t n, i, k = 0;
	int64_t *interval;

	if (w->c->src->series(w->c->src, w->sel, a, &s, &n, w->c->e) < 0)
		return -1;
	for (i = 0; i < n; i++)
		if (take(w, &s[i], 1, identity_of(a, &s[i].labels)) < 0)
			return -1;
	interval = arena_new(a, w->m.n, sizeof(*interval));
	for (i = 0; i < w->m.n; i++)
		if (w->m.v[i].interval > 0)
			interval[k++] = w->m.v[i].interval;
	w->interval = sort_median(interval, k);
	for (i = 0; i < w->m.n && w->m.v[i].interval <= cover_lookback(w); i++)
		;
	if (i < w->m.n && metric_pace(w, a, &w->pace) < 0)
		return -1;
	/* Those with too few samples go by the others' interval. */
	for (i = 0; i < w->m.n && k > 0; i++)
		if ((w->m.v[i].interval == 0 || goes_by_others(w, w->m.v[i].interval)) && measure(w, w->m.v[i].s, 1, &w->m.v[i]) < 0)
			return -1;
	return 0;
}
