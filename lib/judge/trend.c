#include "judge/trend.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "stats/order.h"
#include "stats/trend.h"

#define STEPS 2880          /* at most so many looks at a window: one a minute in 48 h */
#define RESEMBLANCE 0.2     /* neighbours that resemble each other more are put together */

struct seen { /* a series, and for how long */
	const struct labels *labels;
	int64_t covered; /* ms */
};

struct measuring {
	struct judging *j;
	const struct trend_plan *p;
	struct trend_data *out;
	int64_t width;      /* of a bucket, ms */
	VEC(struct trend_line) line;
	VEC(struct seen) series; /* those met, over all lives */
};

/* One life, bucket by bucket. */
struct points {
	double *t, *y;      /* ms since the life's beginning */
	size_t n;
};

static double
pick(enum trend_of of, double *v, size_t n)
{
	stats_sort(v, n);
	return of == TREND_MIN ? v[0] : of == TREND_MAX ? v[n - 1] : stats_median(v, n);
}

/* Buckets of that width; empty ones are left out. */
static void
fill(const struct measuring *m, const struct pq_result_series *s, int64_t from, int64_t width, struct points *out)
{
	double *v = mem_new(s->n, sizeof(*v)), when;
	size_t i = 0, k;

	out->n = 0;
	while (i < s->n) {
		int64_t bucket = (s->point[i].t - from) / width;

		for (k = 0, when = 0; i < s->n && (s->point[i].t - from) / width == bucket; i++) {
			if (isnan(s->point[i].v))
				continue;
			when += (double)(s->point[i].t - from);
			v[k++] = s->point[i].v;
		}
		if (k == 0)
			continue;
		out->t[out->n] = when / (double)k;
		out->y[out->n++] = pick(m->p->of, v, k);
	}
	mem_free(v);
}

/* What rounding alone makes of nothing is nothing. */
static double
change(double slope, double horizon, double level)
{
	double v = slope * horizon;

	return fabs(v) < 1e-9 * fabs(level) ? 0 : v;
}

static void
add_line(struct measuring *m, const struct labels *labels, const struct points *b)
{
	double horizon = (double)m->out->horizon, sign = m->p->down ? -1 : 1, a, z, level;
	struct trend_line *l;
	struct stats_trend t;

	stats_trend(b->t, b->y, b->n, 0.95, &t);
	level = t.intercept + t.slope * b->t[0];
	if (m->p->share && !(level > 0)) { /* a share of nothing */
		m->out->unjudged++;
		return;
	}
	l = vec_add(&m->line);
	l->labels = labels;
	l->level = level;
	l->n = b->n;
	l->p = t.p;
	l->growth = change(sign * t.slope, horizon, level);
	a = change(sign * t.slope_interval.low, horizon, level);
	z = change(sign * t.slope_interval.high, horizon, level);
	l->low = fmin(a, z);
	l->high = fmax(a, z);
	l->allowed = m->p->absolute ? m->p->allowed - l->level : m->p->allowed;
	if (!m->p->share)
		return;
	l->growth /= level;
	l->low /= level;
	l->high /= level;
}

/* One series in one life. */
static void
life(struct measuring *m, const struct pq_result_series *s, const struct labels *labels, int64_t from)
{
	struct points b = {mem_new(s->n, sizeof(double)), mem_new(s->n, sizeof(double)), 0};
	int64_t width = m->width;
	size_t cut;

	fill(m, s, from, width, &b);
	/* Wider buckets while neighbours resemble each other: what they say twice counts once. */
	while (b.n / 2 >= TREND_LEAST && stats_resemblance(b.t, b.y, b.n) >= RESEMBLANCE)
		fill(m, s, from, width *= 2, &b);
	if (m->p->warm_auto && b.n >= TREND_LEAST) {
		cut = stats_warm_up(b.y, b.n, NULL);
		memmove(b.t, b.t + cut, (b.n - cut) * sizeof(*b.t));
		memmove(b.y, b.y + cut, (b.n - cut) * sizeof(*b.y));
		b.n -= cut;
	}
	if (b.n < TREND_LEAST)
		m->out->unjudged++;
	else
		add_line(m, labels, &b);
	mem_free(b.t);
	mem_free(b.y);
}

/* Which of the series met it is; a new one is added. */
static struct seen *
series_of(struct measuring *m, const struct labels *labels)
{
	struct labels *own;
	struct seen *new;
	size_t i;

	for (i = 0; i < m->series.n; i++)
		if (labels_cmp(m->series.v[i].labels, labels) == 0)
			return &m->series.v[i];
	own = arena_new(m->j->arena, 1, sizeof(*own));
	*own = labels_copy(m->j->arena, labels);
	new = vec_add(&m->series);
	new->labels = own;
	return new;
}

/* All series between two restarts. */
static int
segment(struct measuring *m, int64_t from, int64_t to, struct err *e)
{
	int64_t step = (to - from + STEPS - 1) / STEPS, gap;
	struct pq_result values;
	struct seen *seen;
	size_t i, k;

	if (step < TIME_SECOND)
		step = TIME_SECOND;
	/* What is older than a bucket says nothing about it. */
	if (query_range(m->j, m->p->x, from, to, step, m->width < PQ_LOOKBACK ? m->width : 0, &values, e) < 0)
		return -1;
	for (i = 0; i < values.n; i++) {
		seen = series_of(m, &values.v[i].labels);
		/* Between two values that are not further apart than two buckets, nothing was missed that a bucket shows. */
		for (k = 1; k < values.v[i].n; k++) {
			gap = values.v[i].point[k].t - values.v[i].point[k - 1].t;
			seen->covered += gap <= m->width * 2 ? gap : 0;
		}
		life(m, &values.v[i], seen->labels, from);
		m->out->coverage.samples += (int64_t)values.v[i].n;
	}
	return 0;
}

/* A span of the window, cut at restarts. */
static int
one_span(struct measuring *m, struct span s, struct err *e)
{
	struct span *restart;
	size_t n, i;
	int64_t from = s.from;

	if (query_restarts(m->j, m->p->x, s.from, s.to, &restart, &n, e) < 0)
		return -1;
	m->out->restarts += n;
	for (i = 0; i < n; i++) {
		if (restart[i].from > from && segment(m, from, restart[i].from, e) < 0)
			return -1;
		from = restart[i].to > from ? restart[i].to : from;
	}
	return s.to > from ? segment(m, from, s.to, e) : 0;
}

/* The spans without the warm-up; how long they are together. Owned by j's arena. */
static struct span *
warmed_up(const struct measuring *m, const struct span *span, size_t n, int64_t *window)
{
	struct span *out = arena_new(m->j->arena, n, sizeof(*out));
	int64_t left = m->p->warm_up, cut;
	size_t i;

	*window = 0;
	for (i = 0; i < n; i++) {
		cut = left < span[i].to - span[i].from ? left : span[i].to - span[i].from;
		left -= cut;
		out[i] = (struct span){span[i].from + cut, span[i].to};
		*window += out[i].to - out[i].from;
	}
	return out;
}

/* What the expression reads in the spans, and whether that can answer it. */
static int
read_all(struct measuring *m, const struct span *span, size_t n, struct sources *s, struct err *e)
{
	struct pq_explanation ex;

	for (size_t i = 0; i < n; i++) {
		if (query_explain(m->j, m->p->x, span[i].from, span[i].to, span[i].to - span[i].from, &ex, e) < 0 ||
		    query_sources(s, m->j, &ex, e) < 0)
			return -1;
		if (ex.unanswerable)
			m->out->why = SV("a range of the expression is shorter than the samples are apart");
	}
	return 0;
}

static int
measure(struct measuring *m, const struct span *all, size_t n, struct sources *s, struct err *e)
{
	const struct span *span = warmed_up(m, all, n, &m->out->coverage.window);
	size_t i;

	m->width = m->out->coverage.window / (int64_t)m->p->buckets;
	if (m->width < TIME_SECOND)
		m->out->why = SV("the window is too short for that many buckets");
	if (read_all(m, span, n, s, e) < 0)
		return -1;
	for (i = 0; i < n && m->out->why.n == 0; i++)
		if (span[i].to > span[i].from && one_span(m, span[i], e) < 0)
			return -1;
	/* The series seen least decides how much of the window was seen. */
	for (i = 0; i < m->series.n; i++)
		if (i == 0 || m->series.v[i].covered < m->out->coverage.covered)
			m->out->coverage.covered = m->series.v[i].covered;
	return 0;
}

int
trend_measure(struct judging *j, const struct trend_plan *p, const struct span *span, size_t n, struct sources *s,
    struct trend_data *out, struct err *e)
{
	struct measuring m = {.j = j, .p = p, .out = out};
	size_t i;
	int rc;

	*out = (struct trend_data){.horizon = p->horizon != TIME_NONE ? p->horizon : 0,
	    .coverage = {.first = TIME_NONE, .last = TIME_NONE}};
	for (i = 0; i < n && p->horizon == TIME_NONE; i++)
		out->horizon += span[i].to - span[i].from;
	rc = measure(&m, span, n, s, e);
	out->n_series = m.series.n;
	out->n = m.line.n;
	out->line = arena_keep(j->arena, m.line.v, m.line.n, sizeof(*m.line.v));
	vec_free(&m.series);
	if (rc == 0 && out->n == 0 && out->why.n == 0)
		out->why = out->n_series == 0 ? SV("the expression has no value in the window") :
		    SV("no series has 8 buckets with values in one life of the process, and a level to compare with");
	return rc;
}
