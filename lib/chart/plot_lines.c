#include "chart/plot.h"

#include <math.h>
#include <string.h>

#define DENSE 2       /* samples per logical pixel from which on a median is drawn over an envelope */
#define MEDIAN_WIDTH 3
#define ENVELOPE 0x4Du /* 30 % */
#define SPIKE 2       /* times the usual distance from the line */
#define LEAST_SPIKE 5.0 /* pixels */
#define DOT 3.0
#define FEW_DOT 5.0

void
plot_add(struct plot *l, enum prim_kind kind, size_t pane, const struct point_list *points, double width, uint32_t rgba,
    bool dashed)
{
	struct prim *q;

	if (points->n == 0)
		return;
	q = picture_add(l->f.p, kind);
	q->point = arena_new(&l->f.p->arena, points->n, sizeof(*q->point));
	memcpy(q->point, points->v, points->n * sizeof(*q->point));
	q->n = points->n;
	q->width = width;
	q->rgba = rgba;
	q->dash = dashed ? 6 : 0;
	q->space = dashed ? 3 : 0;
	q->clip = true;
	q->clip_to = l->pane[pane].box;
}

static void
put(struct point_list *line, double x, double y)
{
	*vec_add(line) = (struct prim_point){x, y};
}

/* One stretch without gaps as first, lowest, highest and last of each column. */
static void
trace(struct plot *l, const struct chart_series *s, size_t from, size_t to, struct point_list *line)
{
	struct m4 column = {.number = NAN};
	double last_y = NAN;
	size_t i;

	for (i = from; i < to; i++) {
		double x = plot_x(l, s->data.point[i].x), y = plot_y(l, s->pane, s->data.point[i].y);

		if (s->draw == DRAW_STEPS && !isnan(last_y) && i > from)
			m4_feed(line, &column, x, last_y, 2 * i);
		m4_feed(line, &column, x, y, 2 * i + 1);
		last_y = y;
	}
	m4_flush(line, &column);
}

struct span { /* what a half pixel holds */
	double x, low, high; /* pixels: high is above low, its y is less */
};
struct spans {
	struct span *v;
	size_t n, cap;
};

static void
find_spans(struct plot *l, const struct chart_series *s, size_t from, size_t to, struct spans *out)
{
	double number = NAN;
	size_t i;

	for (i = from; i < to; i++) {
		double c = M4_COLUMN(plot_x(l, s->data.point[i].x)), y = s->data.point[i].y;
		struct span *at;

		if (c != number) {
			*vec_add(out) = (struct span){c / 2, y, y};
			number = c;
		}
		at = &out->v[out->n - 1];
		at->low = fmin(at->low, y);
		at->high = fmax(at->high, y);
	}
	for (i = 0; i < out->n; i++) {
		out->v[i].high = plot_y(l, s->pane, out->v[i].high);
		out->v[i].low = plot_y(l, s->pane, out->v[i].low);
	}
}

/* What lies between the lowest and the highest value of each half pixel, as one polygon of steps. */
static void
draw_envelope(struct plot *l, size_t pane, const struct spans *spans, uint32_t colour)
{
	struct point_list around = {0};
	size_t i;

	for (i = 0; i < spans->n; i++) {
		put(&around, spans->v[i].x, spans->v[i].high);
		put(&around, spans->v[i].x + 0.5, spans->v[i].high);
	}
	for (i = spans->n; i > 0; i--) {
		double y = fmax(spans->v[i - 1].low, spans->v[i - 1].high + 0.5);

		put(&around, spans->v[i - 1].x + 0.5, y);
		put(&around, spans->v[i - 1].x, y);
	}
	plot_add(l, PRIM_AREA, pane, &around, 0, (colour & 0xFFFFFF00u) | ENVELOPE, false);
	vec_free(&around);
}

/* The k-th smallest of v, whose order is lost (Hoare's find). */
static double
kth(double *v, size_t n, size_t k)
{
	size_t low = 0, high = n - 1;

	while (low < high) {
		double pivot = v[low + (high - low) / 2];
		size_t i = low, j = high;

		for (;;) {
			while (v[i] < pivot)
				i++;
			while (pivot < v[j])
				j--;
			if (i >= j)
				break;
			{
				double t = v[i];

				v[i++] = v[j];
				v[j--] = t;
			}
		}
		if (k <= j)
			high = j;
		else
			low = j + 1;
	}
	return v[low];
}

/* The median of the samples in each three pixels, at their middle. */
static void
trace_median(struct plot *l, const struct chart_series *s, size_t from, size_t to, struct point_list *line)
{
	double *v = mem_new(to - from, sizeof(*v)), number = NAN;
	size_t n = 0, i;

	for (i = from; i <= to; i++) {
		double c = i < to ? floor(plot_x(l, s->data.point[i].x) / MEDIAN_WIDTH) : INFINITY;

		if (c != number) {
			if (n > 0)
				put(line, (number + 0.5) * MEDIAN_WIDTH, plot_y(l, s->pane, kth(v, n, (n - 1) / 2)));
			n = 0;
			number = c;
		}
		if (i < to)
			v[n++] = s->data.point[i].y;
	}
	mem_free(v);
}

/* How far all but a twentieth of the spans reach beyond the line on one side at most, in pixels. */
static double
usual_reach(const double *reach, size_t n)
{
	double *copy = mem_new(n, sizeof(*copy)), usual;

	memcpy(copy, reach, n * sizeof(*copy));
	usual = kth(copy, n, (n - 1) - (n - 1) / 20);
	mem_free(copy);
	return usual;
}

/*
 * What reaches beyond the line more than SPIKE times as far as nearly all others do is a spike, and no shade but a stroke from
 * the line to its end: it must be seen.
 */
static void
draw_spikes(struct plot *l, size_t pane, const struct spans *spans, const struct point_list *line, uint32_t colour)
{
	double *above = mem_new(spans->n, sizeof(*above)), *below = mem_new(spans->n, sizeof(*below)), far_above, far_below;
	struct point_list strokes = {0};
	size_t i, k = 0;

	for (i = 0; i < spans->n; i++) {
		while (k + 1 < line->n && line->v[k + 1].x - MEDIAN_WIDTH / 2.0 <= spans->v[i].x)
			k++;
		above[i] = fmax(0, line->v[k].y - spans->v[i].high);
		below[i] = fmax(0, spans->v[i].low - line->v[k].y);
	}
	far_above = fmax(LEAST_SPIKE, SPIKE * usual_reach(above, spans->n));
	far_below = fmax(LEAST_SPIKE, SPIKE * usual_reach(below, spans->n));
	for (i = 0; i < spans->n; i++) {
		bool up = above[i] > far_above, down = below[i] > far_below;

		if (!up && !down)
			continue;
		put(&strokes, spans->v[i].x + 0.25, up ? spans->v[i].high : spans->v[i].high + above[i]);
		put(&strokes, spans->v[i].x + 0.25, down ? spans->v[i].low : spans->v[i].low - below[i]);
		put(&strokes, spans->v[i].x + 0.25, NAN);
	}
	plot_add(l, PRIM_LINE, pane, &strokes, 1, colour, false);
	vec_free(&strokes);
	mem_free(above);
	mem_free(below);
}

static void
draw_fill(struct plot *l, const struct chart_series *s, const struct point_list *line, uint32_t colour)
{
	const struct axis *axis = &l->pane[s->pane].axis;
	double base = plot_y(l, s->pane, axis->log ? axis->low : fmin(fmax(0, axis->low), axis->high));
	struct point_list area = {0};
	size_t i;

	if (line->n < 2)
		return;
	for (i = 0; i < line->n; i++)
		put(&area, line->v[i].x, line->v[i].y);
	put(&area, line->v[line->n - 1].x, base);
	put(&area, line->v[0].x, base);
	plot_add(l, PRIM_AREA, s->pane, &area, 0, (colour & 0xFFFFFF00u) | 0x26, false);
	vec_free(&area);
}

static void
draw_stretch(struct plot *l, const struct chart_series *s, size_t i, size_t from, size_t to, struct point_list *all)
{
	double x0 = plot_x(l, s->data.point[from].x), x1 = plot_x(l, s->data.point[to - 1].x);
	bool dense = (double)(to - from) > DENSE * fmax(x1 - x0, 8) && s->draw == DRAW_LINE;
	struct point_list line = {0};
	struct spans spans = {0};
	size_t k;

	if (x1 - x0 < 1.5) { /* a line of that length would not be seen: its range, or a dot */
		double low = INFINITY, high = -INFINITY;

		for (k = from; k < to; k++) {
			low = fmin(low, s->data.point[k].y);
			high = fmax(high, s->data.point[k].y);
		}
		frame_dot(&l->f, (x0 + x1) / 2, plot_y(l, s->pane, high), DOT, l->colour[i]);
		if (plot_y(l, s->pane, low) - plot_y(l, s->pane, high) > 1) {
			put(&line, (x0 + x1) / 2, plot_y(l, s->pane, low));
			put(&line, (x0 + x1) / 2, plot_y(l, s->pane, high));
			plot_add(l, PRIM_LINE, s->pane, &line, 1.25, l->colour[i], false);
		}
		vec_free(&line);
		return;
	}
	if (dense) {
		find_spans(l, s, from, to, &spans);
		draw_envelope(l, s->pane, &spans, l->colour[i]);
		trace_median(l, s, from, to, &line);
		draw_spikes(l, s->pane, &spans, &line, l->colour[i]);
		vec_free(&spans);
	} else {
		trace(l, s, from, to, &line);
	}
	if (s->fill && !dense)
		draw_fill(l, s, &line, l->colour[i]);
	for (k = 0; k < line.n; k++) {
		put(all, line.v[k].x, line.v[k].y);
		put(&l->drawn, line.v[k].x, line.v[k].y);
	}
	if (line.n > 0) {
		put(all, line.v[line.n - 1].x, NAN);
		put(&l->drawn, line.v[line.n - 1].x, NAN);
	}
	vec_free(&line);
}

static void
draw_points(struct plot *l, const struct chart_series *s, uint32_t colour)
{
	double last_x = NAN, last_y = NAN;
	size_t i;

	for (i = 0; i < s->data.n; i++) {
		double x = plot_x(l, s->data.point[i].x), y = plot_y(l, s->pane, s->data.point[i].y);

		/* Dots on top of each other are one. */
		if (fabs(x - last_x) < 0.5 && fabs(y - last_y) < 0.5)
			continue;
		frame_dot(&l->f, x, y, s->data.n > 400 ? 2 : s->data.n > 60 ? DOT : FEW_DOT, colour);
		last_x = x;
		last_y = y;
	}
}

/* Columns that stand before each other let through what is behind them. */
static uint32_t
see_through(const struct plot *l, size_t pane, uint32_t colour)
{
	size_t i, n = 0;

	for (i = 0; i < l->c->n_series; i++)
		n += l->c->series[i].pane == pane && l->c->series[i].draw == DRAW_COLUMNS && !plot_stacked(l, i);
	return n > 1 ? (colour & 0xFFFFFF00u) | 0x99 : colour;
}

/* Each sample stands for the interval before it. Narrower than a pixel: the highest and lowest of each pixel. */
static void
draw_columns(struct plot *l, const struct chart_series *s, uint32_t colour)
{
	const struct axis *axis = &l->pane[s->pane].axis;
	double base = plot_y(l, s->pane, axis->log ? axis->low : fmin(fmax(0, axis->low), axis->high));
	double right = l->box->x + l->box->w, done = -INFINITY;
	size_t i;

	for (i = 0; i < s->data.n; i++) {
		double x1 = plot_x(l, s->data.point[i].x), x0 = plot_x(l, s->data.point[i].x - s->data.interval);
		double y = plot_y(l, s->pane, s->data.point[i].y);
		struct prim *q;

		if (s->data.interval == 0) {
			x0 = x1 - 3;
			x1 += 3;
		}
		x0 = fmax(x0, l->box->x);
		if (x1 - x0 > 3)
			x0 += 1; /* daylight between them */
		x1 = fmin(fmax(x1, x0 + 0.5), right);
		if (x1 <= done + 0.25 && fabs(y - base) < 0.25)
			continue;
		q = picture_add(l->f.p, PRIM_RECT);
		q->x = x0;
		q->w = x1 - x0;
		q->y = fmin(y, base);
		q->h = fmax(fabs(y - base), s->data.point[i].y != 0 ? 0.75 : 0);
		q->rgba = colour;
		q->clip = true;
		q->clip_to = l->pane[s->pane].box;
		done = x1;
	}
}

void
plot_draw_series(struct plot *l, size_t i)
{
	const struct chart_series *s = &l->c->series[i];
	bool few = s->data.n <= 1 || l->c->n_series > DIRECT_MOST;
	struct point_list all = {0};
	size_t k, start = 0;

	if (s->draw == DRAW_POINTS) {
		draw_points(l, s, l->colour[i]);
		return;
	}
	if (s->draw == DRAW_COLUMNS) {
		draw_columns(l, s, see_through(l, s->pane, l->colour[i]));
		return;
	}
	for (k = 0; k <= s->data.n_cuts && s->data.n > 0; k++) {
		size_t end = k < s->data.n_cuts ? s->data.cut[k] : s->data.n;

		draw_stretch(l, s, i, start, end, &all);
		start = end;
	}
	plot_add(l, PRIM_LINE, s->pane, &all, few ? 1.25 : 1.5, l->colour[i], l->dashed[i]);
	vec_free(&all);
}
