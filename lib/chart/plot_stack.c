/*
 * Areas and columns on top of each other. Where columns of pixels hold several samples, the two with the largest and the
 * smallest sum are drawn: parts that stood together once, never a mixture.
 */
#include <math.h>
#include <stdlib.h>

#include "chart/plot.h"

struct stack {
	double *x;      /* every x that any of the series has */
	size_t n;
	double *v;      /* n values a series; 0 where it has none */
	size_t *run;    /* which stretch without gaps each x is in */
	size_t *series; /* the stacked ones, the first at the bottom */
	size_t m;
	double interval;
};

bool
plot_stacked(const struct plot *l, size_t i)
{
	const struct chart_series *s = &l->c->series[i];

	return s->stack && s->draw != DRAW_POINTS && l->pane[s->pane].n_stacked > 1;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
fill_in(const struct chart_data *d, struct stack *k, double *v)
{
	size_t i, at = 0;

	for (i = 0; i < d->n; i++) {
		while (k->x[at] < d->point[i].x)
			at++;
		v[at] = isfinite(d->point[i].y) ? d->point[i].y : 0;
	}
}

static void
stack_make(struct stack *k, const struct plot *l, size_t pane)
{
	const struct chart *c = l->c;
	size_t i, j, all = 0, n = 0;

	k->series = mem_new(c->n_series, sizeof(*k->series));
	for (i = 0; i < c->n_series; i++)
		if (c->series[i].pane == pane && plot_stacked(l, i)) {
			k->series[k->m++] = i;
			all += c->series[i].data.n;
			k->interval = fmax(k->interval, c->series[i].data.interval);
		}
	k->x = mem_new(all, sizeof(*k->x));
	for (i = 0; i < k->m; i++)
		for (j = 0; j < c->series[k->series[i]].data.n; j++)
			k->x[k->n++] = c->series[k->series[i]].data.point[j].x;
	if (k->n > 0)
		qsort(k->x, k->n, sizeof(*k->x), by_value);
	for (i = 0; i < k->n; i++)
		if (n == 0 || k->x[n - 1] != k->x[i])
			k->x[n++] = k->x[i];
	k->n = n;
	k->v = mem_new(k->n * k->m, sizeof(*k->v));
	k->run = mem_new(k->n, sizeof(*k->run));
	for (i = 1; i < k->n; i++)
		k->run[i] = k->run[i - 1] + (k->interval == 0 || k->x[i] - k->x[i - 1] > 1.5 * k->interval + 1e-6 * k->interval);
	for (i = 0; i < k->m; i++)
		fill_in(&c->series[k->series[i]].data, k, k->v + i * k->n);
	if (!l->pane[pane].want.percent)
		return;
	for (j = 0; j < k->n; j++) {
		double sum = 0;

		for (i = 0; i < k->m; i++)
			sum += fabs(k->v[i * k->n + j]);
		for (i = 0; i < k->m && sum > 0; i++)
			k->v[i * k->n + j] = fabs(k->v[i * k->n + j]) / sum;
	}
}

static void
stack_free(struct stack *k)
{
	mem_free(k->x);
	mem_free(k->v);
	mem_free(k->run);
	mem_free(k->series);
}

/* Positive parts grow upwards from zero, negative ones downwards. */
static void
sums(const struct stack *k, size_t j, double *up, double *down)
{
	size_t i;

	*up = *down = 0;
	for (i = 0; i < k->m; i++) {
		double v = k->v[i * k->n + j];

		*(v < 0 ? down : up) += v;
	}
}

void
plot_stack_extent(struct plot *l, size_t pane)
{
	struct stack k = {.n = 0};
	double up, down;
	size_t j;

	stack_make(&k, l, pane);
	for (j = 0; j < k.n; j++) {
		sums(&k, j, &up, &down);
		l->pane[pane].low = fmin(l->pane[pane].low, down);
		l->pane[pane].high = fmax(l->pane[pane].high, up);
	}
	stack_free(&k);
}

/* Which samples are drawn: all, or per pixel those with the largest and the smallest sum. */
static size_t
choose(const struct stack *k, const struct plot *l, size_t *out)
{
	size_t n = 0, j = 0;

	while (j < k->n) {
		double column = M4_COLUMN(plot_x(l, k->x[j])), up, down, most = -INFINITY, least = INFINITY;
		size_t high = j, low = j, start = j;

		for (; j < k->n && M4_COLUMN(plot_x(l, k->x[j])) == column; j++) {
			sums(k, j, &up, &down);
			if (up - down > most) {
				most = up - down;
				high = j;
			}
			if (up - down < least) {
				least = up - down;
				low = j;
			}
		}
		if (j - start == 1) {
			out[n++] = start;
			continue;
		}
		out[n++] = low < high ? low : high;
		if (low != high)
			out[n++] = low < high ? high : low;
	}
	return n;
}

static bool
breaks(const struct stack *k, const size_t *at, size_t i)
{
	return k->run[at[i]] != k->run[at[i - 1]];
}

/* The band of one series over the samples at[from..to), between lower and upper. */
static void
draw_band(struct plot *l, const struct stack *k, const size_t *at, size_t from, size_t to, size_t pane, const double *lower,
    const double *upper, uint32_t colour)
{
	struct point_list area = {0}, edge = {0};
	size_t i;

	for (i = from; i < to; i++) {
		*vec_add(&area) = (struct prim_point){plot_x(l, k->x[at[i]]), plot_y(l, pane, upper[i])};
		*vec_add(&edge) = area.v[area.n - 1];
	}
	for (i = to; i > from; i--)
		*vec_add(&area) = (struct prim_point){plot_x(l, k->x[at[i - 1]]), plot_y(l, pane, lower[i - 1])};
	if (to - from == 1) { /* a sample alone: a bar of a pixel */
		double x = area.v[0].x, y0 = area.v[0].y, y1 = area.v[1].y;

		area.n = 0;
		*vec_add(&area) = (struct prim_point){x - 1, y0};
		*vec_add(&area) = (struct prim_point){x + 1, y0};
		*vec_add(&area) = (struct prim_point){x + 1, y1};
		*vec_add(&area) = (struct prim_point){x - 1, y1};
	}
	plot_add(l, PRIM_AREA, pane, &area, 0, (colour & 0xFFFFFF00u) | 0xD9, false);
	/* Where the edges are closer than pixels, white between them would wash the colours out. */
	if ((double)(to - from) < l->box->w / 2)
		plot_add(l, PRIM_LINE, pane, &edge, 0.75, PAPER, false);
	vec_free(&area);
	vec_free(&edge);
}

static void
draw_column(struct plot *l, const struct stack *k, size_t j, size_t pane, double lower, double upper, uint32_t colour)
{
	double x1 = plot_x(l, k->x[j]), x0 = plot_x(l, k->x[j] - k->interval);
	double a = plot_y(l, pane, lower), b = plot_y(l, pane, upper); /* what an axis cannot show lies anywhere */
	struct prim *q;

	if (upper == lower || x1 < l->box->x)
		return;
	if (k->interval == 0) {
		x0 = x1 - 3;
		x1 += 3;
	}
	x0 = fmax(x0, l->box->x);
	if (x1 - x0 > 3)
		x0 += 1;
	q = picture_add(l->f.p, PRIM_RECT);
	q->x = x0;
	q->y = fmin(a, b);
	q->w = fmax(x1 - x0, 0.5);
	q->h = fabs(b - a);
	q->rgba = colour;
	q->clip = true;
	q->clip_to = l->pane[pane].box;
}

void
plot_draw_stack(struct plot *l, size_t pane)
{
	struct stack k = {.n = 0};
	size_t *at, n, i, j, start;
	double *up, *down, *next;

	stack_make(&k, l, pane);
	at = mem_new(k.n + 1, sizeof(*at));
	n = choose(&k, l, at);
	up = mem_new(n + 1, sizeof(*up));
	down = mem_new(n + 1, sizeof(*down));
	next = mem_new(n + 1, sizeof(*next));
	for (i = 0; i < k.m; i++) {
		const double *v = k.v + i * k.n;
		const struct chart_series *s = &l->c->series[k.series[i]];
		bool negative = false;
		double *base;

		for (j = 0; j < n; j++)
			negative |= v[at[j]] < 0;
		base = negative ? down : up;
		for (j = 0; j < n; j++)
			next[j] = base[j] + v[at[j]];
		for (j = 0; j < n && s->draw == DRAW_COLUMNS; j++)
			draw_column(l, &k, at[j], pane, base[j], next[j], l->colour[k.series[i]]);
		for (start = 0, j = 1; j <= n && s->draw != DRAW_COLUMNS; j++)
			if (j == n || breaks(&k, at, j)) {
				draw_band(l, &k, at, start, j, pane, base, next, l->colour[k.series[i]]);
				start = j;
			}
		for (j = 0; j < n; j++)
			base[j] = next[j];
	}
	mem_free(at);
	mem_free(up);
	mem_free(down);
	mem_free(next);
	stack_free(&k);
}
