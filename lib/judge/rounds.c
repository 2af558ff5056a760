#include "judge/rounds.h"

#include <math.h>
#include <stdlib.h>

struct reading {
	struct judging *j;
	const struct rounds_plan *p;
	struct rounds *out;
	struct span span; /* with the tolerance */
	VEC(struct measure) all;
	VEC(const struct labels *) series; /* that have a sample */
};

static size_t
run_of(const struct slots *runs, int64_t t)
{
	size_t i;

	for (i = 0; i < runs->n_runs && runs->run[i].t != t; i++)
		;
	return i;
}

/* The value of a selector's series with these labels at t; NaN: there is none. 0 or -1. */
static int
value_at(struct reading *r, const struct pq_selector *sel, const struct labels *labels, int64_t t, double *v, struct err *e)
{
	struct pq_source *src = r->j->source;
	struct pq_series *series;
	struct pq_sample *sample;
	size_t i, n, m;

	*v = NAN;
	if (src->series(src, sel, &r->out->runs.arena, &series, &n, e) < 0)
		return -1;
	for (i = 0; i < n; i++) {
		if (labels != NULL && labels_cmp(&series[i].labels, labels) != 0)
			continue;
		if (src->samples(src, &series[i], t, t, &r->out->runs.arena, &sample, &m, e) < 0)
			return -1;
		if (m > 0 && !sample[0].stale)
			*v = sample[0].v;
	}
	return 0;
}

static int
take(struct reading *r, const struct pq_series *series, const struct pq_sample *s, struct err *e)
{
	struct measure m = {.t = s->t, .labels = series->labels, .value = s->v, .bad = NAN, .total = NAN,
	    .run = run_of(&r->out->runs, s->t)};

	if (s->stale || !isfinite(s->v))
		return 0;
	if (r->p->total != NULL) {
		m.total = s->v;
		if (value_at(r, r->p->bad, &series->labels, s->t, &m.bad, e) < 0)
			return -1;
		if (!isfinite(m.bad))
			return 0; /* one without the other is not measured */
		m.absurd = m.total < 0 || m.bad < 0;
		m.value = m.total > 0 && !m.absurd ? 1 - m.bad / m.total : NAN;
	} else if (m.value < 0 && !r->p->negative) {
		m.absurd = true;
	}
	if (m.run < r->out->runs.n_runs)
		r->out->measured[m.run] = true;
	*vec_add(&r->all) = m;
	return 0;
}

/* A run that says "no alarm" lists none: that is a 0, and told. */
static int
take_zeros(struct reading *r, struct err *e)
{
	struct slots *runs = &r->out->runs;
	double v;
	size_t i;

	for (i = 0; r->p->zero_when != NULL && i < runs->n_runs; i++) {
		if (r->out->measured[i])
			continue;
		if (value_at(r, r->p->zero_when, NULL, runs->run[i].t, &v, e) < 0)
			return -1;
		if (v != 0)
			continue;
		r->out->measured[i] = true;
		*vec_add(&r->all) = (struct measure){.t = runs->run[i].t, .bad = NAN, .total = NAN, .run = i};
	}
	return 0;
}

static int
by_time(const void *a, const void *b)
{
	const struct measure *x = a, *y = b;

	if (x->t != y->t)
		return x->t < y->t ? -1 : 1;
	return labels_cmp(&x->labels, &y->labels);
}

static int
read_series(struct reading *r, struct err *e)
{
	const struct pq_selector *sel = r->p->total != NULL ? r->p->total : r->p->value;
	struct pq_source *src = r->j->source;
	struct arena *a = &r->out->runs.arena;
	struct pq_series *series;
	struct pq_sample *sample;
	size_t i, k, n, m;

	if (src->series(src, sel, a, &series, &n, e) < 0)
		return -1;
	for (i = 0; i < n; i++) {
		if (src->samples(src, &series[i], r->span.from, r->span.to, a, &sample, &m, e) < 0)
			return -1;
		for (k = 0; k < m; k++)
			if (take(r, &series[i], &sample[k], e) < 0)
				return -1;
		if (m > 0)
			*vec_add(&r->series) = &series[i].labels;
	}
	return take_zeros(r, e);
}

static bool
tells(const struct rounds *out, size_t run, const struct labels *labels)
{
	size_t i;

	for (i = 0; i < out->n; i++)
		if (out->v[i].run == run && labels_cmp(&out->v[i].labels, labels) == 0)
			return true;
	return false;
}

/* What one run tells of, and another does not, is missing there: a line that says "not found" has no value. */
static void
find_untold(struct reading *r)
{
	struct rounds *out = r->out;
	VEC(struct untold) all = {0};
	size_t i, k;

	out->n_series = r->p->zero_when == NULL ? r->series.n : 0;
	for (i = 0; i < out->runs.n_runs; i++) {
		if (!out->measured[i])
			*vec_add(&all) = (struct untold){i, NULL};
		for (k = 0; out->measured[i] && k < out->n_series; k++)
			if (!tells(out, i, r->series.v[k]))
				*vec_add(&all) = (struct untold){i, r->series.v[k]};
	}
	out->n_untold = all.n;
	out->untold = arena_keep(&out->runs.arena, all.v, all.n, sizeof(*all.v));
}

int
rounds_read(struct judging *j, const struct rounds_plan *p, struct span span, struct rounds *out, struct err *e)
{
	struct reading r = {.j = j, .p = p, .out = out,
	    .span = {span.from - p->runs.tolerance, span.to + p->runs.tolerance}};
	int rc;

	*out = (struct rounds){0};
	if (slots_read(j, &p->runs, span, &out->runs, e) < 0)
		return -1;
	out->measured = arena_new(&out->runs.arena, out->runs.n_runs, sizeof(*out->measured));
	rc = read_series(&r, e);
	if (r.all.n > 1)
		qsort(r.all.v, r.all.n, sizeof(*r.all.v), by_time);
	out->n = r.all.n;
	out->v = arena_keep(&out->runs.arena, r.all.v, r.all.n, sizeof(*r.all.v));
	if (rc == 0)
		find_untold(&r);
	vec_free(&r.series);
	return rc;
}

void
rounds_free(struct rounds *r)
{
	slots_free(&r->runs);
}

int64_t
rounds_covered(const struct rounds *r, int64_t back, struct span span)
{
	int64_t at = span.from, from, to, sum = 0;
	size_t i;

	for (i = 0; i < r->n; i++) {
		if (isnan(r->v[i].value))
			continue;
		from = r->v[i].t - back > at ? r->v[i].t - back : at;
		to = r->v[i].t < span.to ? r->v[i].t : span.to;
		if (from >= to)
			continue;
		sum += to - from;
		at = to;
	}
	return sum;
}
