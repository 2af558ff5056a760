#include "judge/slo.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/time.h"
#include "stats/ratio.h"

/* A window must hold intervals of that share of its length: samples do not come on its edges. */
#define LEAST_FILLED 0.75

struct meter {
	struct increase_run *run;
	const struct slo *slo;
	struct slo_units units; /* of the SLO's method: events, or slices */
	int64_t from, to;       /* the first unit's begin, the last one's end */
	struct slo_result *out;
};

/* ----- slices ---------------------------------------------------------------------------------- */

/*
 * Units become slices, each of them one unit: of 1, or nothing. A unit counts in the slice in which it ends; one longer than
 * a slice says nothing of slices.
 */
static void
make_slices(struct meter *m, const struct span *span, size_t n)
{
	const struct slo *o = m->slo;
	VEC(struct slo_unit) made = {0};
	struct slo_slice one;
	int64_t t;
	size_t i, k = 0;
	bool seen;

	for (i = 0; i < n; i++)
		for (t = span[i].from; t + o->slice <= span[i].to; t += o->slice) {
			struct slo_ratio r;

			one = (struct slo_slice){0, 0};
			seen = false;
			while (k < m->units.n && m->units.v[k].to <= t)
				k++;
			for (; k < m->units.n && m->units.v[k].to <= t + o->slice; k++) {
				if (m->units.v[k].to - m->units.v[k].from > o->slice)
					continue;
				seen = true;
				one.total += m->units.v[k].total;
				one.good += m->units.v[k].total - m->units.v[k].bad;
			}
			m->out->slices++;
			m->out->unseen += !seen;
			if (!seen)
				continue;
			r = slo_ratio(o->method, &one, 1, o->slice_target, o->no_data);
			m->out->ratio.empty += r.empty;
			if (r.n > 0)
				*vec_add(&made) = (struct slo_unit){t, t + o->slice, r.n, r.bad};
		}
	m->units.n = made.n;
	m->units.v = arena_keep(m->run->arena, made.v, made.n, sizeof(*made.v));
}

/* ----- burn over windows -------------------------------------------------------------------------- */

/* The units in (t - length, t], while t goes on. */
struct slide {
	const struct slo_unit *v;
	size_t n;
	int64_t length;
	size_t *by_from;     /* units in order of their begin */
	unsigned char *is;   /* 0 not yet, 1 inside, 2 gone */
	size_t in, out;
	double total, bad;
	int64_t filled;
};

/* An index and what it is sorted by. */
struct begin {
	int64_t from;
	size_t unit;
};

static int
by_begin(const void *a, const void *b)
{
	const struct begin *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

static void
slide_open(struct slide *s, const struct slo_units *u, int64_t length)
{
	struct begin *order = mem_new(u->n, sizeof(*order));
	size_t i;

	*s = (struct slide){.v = u->v, .n = u->n, .length = length};
	s->by_from = mem_new(u->n, sizeof(*s->by_from));
	s->is = mem_new(u->n, 1);
	for (i = 0; i < u->n; i++)
		order[i] = (struct begin){u->v[i].from, i};
	if (u->n > 1)
		qsort(order, u->n, sizeof(*order), by_begin);
	for (i = 0; i < u->n; i++)
		s->by_from[i] = order[i].unit;
	mem_free(order);
}

static void
slide_close(struct slide *s)
{
	mem_free(s->by_from);
	mem_free(s->is);
}

static void
slide_add(struct slide *s, size_t i, double sign)
{
	s->total += sign * s->v[i].total;
	s->bad += sign * s->v[i].bad;
	s->filled += (int64_t)sign * (s->v[i].to - s->v[i].from);
}

static void
slide_to(struct slide *s, int64_t t)
{
	size_t i;

	for (; s->out < s->n && s->v[s->by_from[s->out]].from < t - s->length; s->out++) {
		i = s->by_from[s->out];
		if (s->is[i] == 1)
			slide_add(s, i, -1);
		s->is[i] = 2;
	}
	for (; s->in < s->n && s->v[s->in].to <= t; s->in++)
		if (s->is[s->in] == 0) {
			s->is[s->in] = 1;
			slide_add(s, s->in, 1);
		}
}

/* Burn over the window that ends at t: false when it reaches before the data, has too little in it, or no traffic. */
static bool
slide_burn(const struct slide *s, const struct meter *m, int64_t t, double *burn)
{
	if (t - s->length < m->from - s->length / 100 || (double)s->filled < LEAST_FILLED * (double)s->length || !(s->total > 0))
		return false;
	*burn = slo_burn(fmax(0, s->bad) / s->total, m->slo->target);
	return true;
}

static const char *
length_text(struct arena *a, int64_t ms)
{
	char buf[TIME_TEXT];

	return arena_fmt(a, "%s", time_length_text(ms, buf));
}

/* The longest interval between samples, as most of them are: the median. */
static int64_t
usual_interval(const struct meter *m)
{
	int64_t sum = 0;
	size_t i;

	for (i = 0; i < m->units.n; i++)
		sum += m->units.v[i].to - m->units.v[i].from;
	return m->units.n > 0 ? sum / (int64_t)m->units.n : 0;
}

static bool
window_fits(const struct meter *m, int64_t length, struct sv *why)
{
	struct arena *a = m->run->arena;

	if (length > m->to - m->from + length / 100) {
		*why = sv_of(arena_fmt(a, "not evaluable: longer than the %s that samples cover", length_text(a, m->to - m->from)));
		return false;
	}
	if ((double)usual_interval(m) > (double)length) {
		*why = sv_of(arena_fmt(a, "not evaluable: samples are %s apart", length_text(a, usual_interval(m))));
		return false;
	}
	return true;
}

static void
measure_window(struct meter *m, struct slo_window *w)
{
	struct slide s;
	bool some = false;
	double burn;
	size_t i;

	w->max = w->last = (double)NAN;
	w->max_at = TIME_NONE;
	w->evaluable = window_fits(m, w->length, &w->why);
	if (!w->evaluable)
		return;
	slide_open(&s, &m->units, w->length);
	for (i = 0; i < m->units.n; i++) {
		slide_to(&s, m->units.v[i].to);
		if (i + 1 < m->units.n && m->units.v[i + 1].to == m->units.v[i].to)
			continue;
		w->last = (double)NAN;
		if (!slide_burn(&s, m, m->units.v[i].to, &burn))
			continue;
		some = true;
		w->last = burn;
		if (!(burn <= w->max)) {
			w->max = burn;
			w->max_at = m->units.v[i].to;
		}
	}
	slide_close(&s);
	if (!some) {
		w->evaluable = false;
		w->why = SV("not evaluable: no window of that length has samples close enough, and traffic");
	}
}

/* ----- alerts on two windows ------------------------------------------------------------------------ */

static bool
exceeds(const struct slo_pair *p, double burn)
{
	double least = 1e-12 * fmax(1, p->factor);

	return p->or_equal ? burn >= p->factor - least : burn > p->factor + least;
}

static bool
pair_fits(const struct meter *m, const struct slo_pair *p, struct sv *why)
{
	double most = 1 / (1 - m->slo->target);

	if (!exceeds(p, most)) {
		*why = SV("can never fire: a full outage does not burn that fast");
		return false;
	}
	return window_fits(m, p->lo, why) && (p->sho == 0 || window_fits(m, p->sho, why));
}

static void
measure_pair(struct meter *m, struct slo_alert *alert)
{
	const struct slo_pair *p = alert->pair;
	struct arena *a = m->run->arena;
	char buf[TIME_TEXT];
	VEC(struct span) fired = {0};
	struct slide lo, sho;
	int64_t since = TIME_NONE, above = TIME_NONE, t = 0;
	double x, y;
	bool on, firing = false;
	size_t i;

	alert->evaluable = pair_fits(m, p, &alert->why);
	if (!alert->evaluable)
		return;
	slide_open(&lo, &m->units, p->lo);
	slide_open(&sho, &m->units, p->sho > 0 ? p->sho : p->lo);
	for (i = 0; i < m->units.n; i++) {
		t = m->units.v[i].to;
		slide_to(&lo, t);
		slide_to(&sho, t);
		if (i + 1 < m->units.n && m->units.v[i + 1].to == t)
			continue;
		on = slide_burn(&lo, m, t, &x) && exceeds(p, x) && slide_burn(&sho, m, t, &y) && exceeds(p, y);
		since = !on ? TIME_NONE : since == TIME_NONE ? t : since;
		above = above == TIME_NONE ? since : above;
		on = on && t - since >= p->after;
		if (on && !firing)
			*vec_add(&fired) = (struct span){t, t};
		if (firing || on)
			fired.v[fired.n - 1].to = t;
		firing = on;
	}
	slide_close(&lo);
	slide_close(&sho);
	/* Above at one sample: for how long nobody saw. */
	if (fired.n == 0 && above != TIME_NONE && usual_interval(m) > p->after) {
		alert->evaluable = false;
		alert->why = sv_of(arena_fmt(a, "not evaluable: above at %s, for how long is not seen: samples are %s apart", time_text(above, buf),
		    length_text(a, usual_interval(m))));
	}
	alert->still = firing;
	alert->n = fired.n;
	alert->fired = arena_keep(m->run->arena, fired.v, fired.n, sizeof(*fired.v));
}

static int
by_length(const void *a, const void *b)
{
	const struct slo_window *x = a, *y = b;

	return (x->length > y->length) - (x->length < y->length);
}

static void
measure_windows(struct meter *m)
{
	const struct slo *o = m->slo;
	struct slo_result *r = m->out;
	size_t i, k, n = 0;

	r->window = arena_new(m->run->arena, 2 * o->n_pairs, sizeof(*r->window));
	r->alert = arena_new(m->run->arena, o->n_pairs, sizeof(*r->alert));
	for (i = 0; i < o->n_pairs; i++) {
		r->window[n++].length = o->pair[i].lo;
		if (o->pair[i].sho > 0)
			r->window[n++].length = o->pair[i].sho;
		r->alert[r->n_alerts++].pair = &o->pair[i];
	}
	if (n > 1)
		qsort(r->window, n, sizeof(*r->window), by_length);
	for (i = 0, k = 0; i < n; i++)
		if (k == 0 || r->window[k - 1].length != r->window[i].length)
			r->window[k++] = r->window[i];
	r->n_windows = k;
	for (i = 0; i < r->n_windows; i++)
		measure_window(m, &r->window[i]);
	for (i = 0; i < r->n_alerts; i++)
		measure_pair(m, &r->alert[i]);
}

/* ----- the whole ---------------------------------------------------------------------------------- */

static void
sum_up(struct meter *m)
{
	struct slo_result *r = m->out;
	double k, n, u;
	size_t i;

	r->ratio.n = r->ratio.bad = 0;
	for (i = 0; i < m->units.n; i++) {
		r->ratio.n += m->units.v[i].total;
		r->ratio.bad += m->units.v[i].bad;
	}
	r->ratio.bad = fmax(0, r->ratio.bad);
	r->burn = r->burn_upper = r->demonstrated = r->spent = r->allowed = (double)NAN;
	r->lasts = (double)INFINITY;
	if (!(r->ratio.n > 0)) {
		r->ratio.ratio = (double)NAN;
		r->why = SV("no traffic: nothing was counted, so there is no ratio");
		return;
	}
	r->ratio.ratio = 1 - r->ratio.bad / r->ratio.n;
	r->burn = slo_burn(r->ratio.bad / r->ratio.n, m->slo->target);
	r->allowed = (1 - m->slo->target) * r->ratio.n;
	r->spent = slo_spent(r->burn, r->coverage.covered, m->slo->period);
	r->lasts = slo_lasts(r->burn, m->slo->period);
	if (m->slo->method == SLO_RATIO_TIMESLICES || m->slo->kind == SLO_SUCCESS || m->slo->kind == SLO_FAILURE)
		return; /* parts of slices are no events that could be drawn */
	n = floor(r->ratio.n + 1e-9);
	k = fmin(n, ceil(r->ratio.bad - 1e-9));
	u = stats_exact_upper(k, n, SLO_CONFIDENCE);
	r->demonstrated = 1 - u;
	r->burn_upper = slo_burn(u, m->slo->target);
}

void
slo_without(struct slo_result *out, const struct slo *o, struct sv why)
{
	*out = (struct slo_result){.slo = o, .why = why};
	out->ratio.ratio = out->burn = out->burn_upper = out->demonstrated = out->spent = out->allowed = (double)NAN;
	out->lasts = (double)INFINITY;
}

int
slo_measure(struct increase_run *run, const struct slo *o, const struct span *span, size_t n, struct slo_result *out, struct err *e)
{
	struct meter m = {.run = run, .slo = o, .out = out};
	size_t i;

	slo_without(out, o, SV(""));
	if (slo_count(run, o, span, n, &m.units, e) < 0)
		return -1;
	out->coverage = m.units.coverage;
	out->at_least = m.units.at_least;
	for (i = 0; i < m.units.n; i++) {
		out->total += m.units.v[i].total;
		out->bad += m.units.v[i].bad;
	}
	out->good = out->total - out->bad;
	if (!m.units.known) {
		out->why = m.units.why;
		return 0;
	}
	if (out->bad > out->total * (1 + 1e-12)) {
		out->why = SV("more bad ones than there are in all: the two do not belong together");
		return 0;
	}
	if (out->bad < 0) {
		out->why = SV("more good ones than there are in all: the two do not belong together");
		return 0;
	}
	if (o->method != SLO_OCCURRENCES) {
		make_slices(&m, span, n);
		if (o->no_data == SLO_SKIP) /* nobody knows what a slice without traffic would have been */
			out->coverage.covered -= (int64_t)out->ratio.empty * o->slice < out->coverage.covered ?
			    (int64_t)out->ratio.empty * o->slice : out->coverage.covered;
	}
	m.from = INT64_MAX;
	for (i = 0; i < m.units.n; i++) {
		m.from = m.units.v[i].from < m.from ? m.units.v[i].from : m.from;
		m.to = m.units.v[i].to > m.to || i == 0 ? m.units.v[i].to : m.to;
	}
	if (m.units.n == 0)
		m.from = m.to;
	sum_up(&m);
	if (out->why.n == 0)
		measure_windows(&m);
	return 0;
}

bool
slo_met(const struct slo_result *r)
{
	return r->why.n == 0 && r->ratio.ratio >= r->slo->target - 1e-12;
}

size_t
slo_fired(const struct slo_result *r)
{
	size_t i, n = 0;

	for (i = 0; i < r->n_alerts; i++)
		n += r->alert[i].n > 0;
	return n;
}
