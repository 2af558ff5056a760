/*
 * A bar a row from zero, its value at its end; what is bad of it is its red end. And the gauge: a value on its scale.
 */
#include <math.h>

#include "chart/layouts.h"
#include "chart/words.h"

#define ROW 24
#define BAR 14
#define TRACK 0xEEF1F4FFu

static struct sv
value_text(const struct chart *c, const struct chart_row *r, struct arena *a)
{
	return r->text.n > 0 ? words_clean(r->text, a) : unit_text(&r->unit, r->value, c->end, a);
}

static void
rest_text(struct frame *f, double y, size_t left)
{
	if (left > 0)
		frame_text(f, EDGE, y, NOTE_SIZE, false, ANCHOR_START, GREY, sv_of(arena_fmt(&f->p->arena, "+ %zu more", left)));
}

static void
measure(const struct chart *c, struct frame *f, double *names, double *values)
{
	size_t i;

	*names = *values = 0;
	for (i = 0; i < c->n_rows; i++) {
		*names = fmax(*names, fonts_width(f->fonts, words_clean(c->row[i].name, &f->p->arena), TEXT_SIZE, false));
		*values = fmax(*values, fonts_width(f->fonts, value_text(c, &c->row[i], &f->p->arena), TEXT_SIZE, true));
	}
	*names = fmin(*names, f->p->width * 0.36);
	*values = fmin(*values, f->p->width * 0.3);
}

void
layout_bars(const struct chart *c, struct fonts *fonts, struct picture *p)
{
	struct frame f = {.p = p, .fonts = fonts};
	double top, foot, names, values, low = 0, high = 0, row, x0, x1;
	size_t i, n = c->n_rows;

	p->width = c->width > 0 ? c->width : 760;
	p->height = c->height > 0 ? c->height : fmin(90 + ROW * (double)c->n_rows, 1200);
	if (c->n_rows == 0) {
		layout_nothing(c, fonts, p, "no series");
		return;
	}
	top = layout_head(&f, c) + 4;
	foot = layout_foot(c, p);
	if (n > (size_t)fmax(1, (foot - top) / 13))
		n = (size_t)fmax(1, (foot - top - 14) / 13);
	row = fmin(ROW * 1.6, (foot - top - (n < c->n_rows ? 14 : 0)) / (double)n);
	measure(c, &f, &names, &values);
	x0 = ceil(EDGE + names + 10);
	x1 = floor(p->width - EDGE - values - 6);
	for (i = 0; i < c->n_rows; i++) {
		double v = isfinite(c->row[i].value) ? c->row[i].value : 0;

		low = fmin(low, v);
		high = fmax(high, v);
	}
	if (low == high)
		high = low + 1;
	p->plot_x = x0;
	p->plot_y = top;
	p->plot_w = fmax(1, x1 - x0);
	p->plot_h = row * (double)n;
	for (i = 0; i < n; i++) {
		const struct chart_row *r = &c->row[i];
		double v = isfinite(r->value) ? r->value : 0, y = top + row * (double)i, h = fmin(BAR, row * 0.68);
		double zero = x0 + (0 - low) / (high - low) * (x1 - x0), end = x0 + (v - low) / (high - low) * (x1 - x0);
		double mid = y + row / 2, size = fmin(TEXT_SIZE, row * 0.8);
		uint32_t colour = r->colour != 0 ? style_legible(r->colour | 0xff, 2) : NAVY;

		frame_text(&f, x0 - 10, mid + 4, size, false, ANCHOR_END, INK,
		    words_fit(r->name, fonts, size, false, names + 1, &p->arena));
		if (v != 0)
			frame_rect(&f, PRIM_RECT, fmin(zero, end), mid - h / 2, fmax(fmax(zero, end), fmin(zero, end) + 1), mid + h / 2, colour);
		if (r->bad > 0 && v > 0) {
			double part = fmax(1.5, fmin(1, r->bad / v) * (end - zero));

			frame_rect(&f, PRIM_RECT, end - part, mid - h / 2, end, mid + h / 2, RED);
		}
		frame_text(&f, fmax(zero, end) + 6, mid + 4, size, true, ANCHOR_START, INK, value_text(c, r, &p->arena));
	}
	frame_rule(&f, x0 - low / (high - low) * (x1 - x0), top, x0 - low / (high - low) * (x1 - x0), top + p->plot_h, 1, PALE_GREY, 0, 0);
	rest_text(&f, top + p->plot_h + 11, c->n_rows - n);
	vec_free(&f.texts);
}

/* Thresholds of the chart as ticks on the scale, in their colours. */
static void
draw_marks(const struct chart *c, struct frame *f, double x0, double x1, double low, double high, double y, double h)
{
	size_t i;

	for (i = 0; i < c->n_rules; i++) {
		double at = (c->rule[i].value - low) / (high - low);

		if (at > 0 && at < 1)
			frame_rule(f, x0 + at * (x1 - x0), y - h / 2 - 3, x0 + at * (x1 - x0), y + h / 2 + 3, 1.5,
			    style_legible(c->rule[i].colour, 2), 0, 0);
	}
}

void
layout_gauge(const struct chart *c, struct fonts *fonts, struct picture *p)
{
	struct frame f = {.p = p, .fonts = fonts};
	double top, foot, row, most = 0;
	size_t i, n = c->n_rows;

	p->width = c->width > 0 ? c->width : 372;
	p->height = c->height > 0 ? c->height : 80 + 48 * (double)(c->n_rows > 0 ? c->n_rows : 1);
	if (c->n_rows == 0) {
		layout_nothing(c, fonts, p, "no series");
		return;
	}
	top = layout_head(&f, c);
	foot = layout_foot(c, p);
	if (n > (size_t)fmax(1, (foot - top) / 30))
		n = (size_t)fmax(1, (foot - top - 12) / 30);
	row = fmin(76, (foot - top) / (double)n);
	for (i = 0; i < c->n_rows; i++)
		most = fmax(most, isfinite(c->row[i].value) ? c->row[i].value : 0);
	for (i = 0; i < n; i++) {
		const struct chart_row *r = &c->row[i];
		double low = isnan(r->min) ? 0 : r->min, high = isnan(r->max) ? (most > low ? most : low + 1) : r->max;
		double y = top + row * (double)i, x0 = EDGE, x1 = p->width - EDGE, h = fmin(12, row * 0.25), mid = y + row * 0.68, at;
		struct sv value = value_text(c, r, &p->arena);
		double size = fmin(20, row * 0.4), w = fonts_width(fonts, value, size, true);

		if (!(high > low))
			high = low + 1;
		at = isfinite(r->value) ? fmin(1, fmax(0, (r->value - low) / (high - low))) : 0;
		frame_text(&f, x1, mid - h / 2 - 5, size, true, ANCHOR_END, INK, value);
		frame_text(&f, x0, mid - h / 2 - 5, TEXT_SIZE, false, ANCHOR_START, GREY,
		    words_fit(r->name, fonts, TEXT_SIZE, false, fmax(10, x1 - x0 - w - 8), &p->arena));
		frame_rect(&f, PRIM_RECT, x0, mid - h / 2, x1, mid + h / 2, TRACK);
		if (at > 0)
			frame_rect(&f, PRIM_RECT, x0, mid - h / 2, x0 + fmax(1, at * (x1 - x0)), mid + h / 2,
			    r->colour != 0 ? style_legible(r->colour | 0xff, 1.5) : NAVY);
		draw_marks(c, &f, x0, x1, low, high, mid, h);
		if (row < 44)
			continue;
		frame_text(&f, x0, mid + h / 2 + 12, FOOTER_SIZE, false, ANCHOR_START, PALE_GREY, unit_text(&r->unit, low, c->end, &p->arena));
		frame_text(&f, x1, mid + h / 2 + 12, FOOTER_SIZE, false, ANCHOR_END, PALE_GREY, unit_text(&r->unit, high, c->end, &p->arena));
	}
	rest_text(&f, foot + 4, c->n_rows - n);
	vec_free(&f.texts);
}

/* --- one big value ------------------------------------------------------------------------- */

static void
draw_course(struct frame *f, const struct chart_data *d, double x0, double y0, double x1, double y1, uint32_t colour)
{
	double low = INFINITY, high = -INFINITY, from, to;
	struct point_list line = {0};
	struct m4 column = {.number = NAN};
	struct prim *q;
	size_t i, k = 0;

	if (d->n < 2)
		return;
	for (i = 0; i < d->n; i++)
		if (isfinite(d->point[i].y)) {
			low = fmin(low, d->point[i].y);
			high = fmax(high, d->point[i].y);
		}
	if (!(low <= high))
		return;
	from = d->point[0].x;
	to = d->point[d->n - 1].x;
	for (i = 0; i < d->n; i++) {
		double x = x0 + (d->point[i].x - from) / (to - from) * (x1 - x0);
		double at = high > low ? (d->point[i].y - low) / (high - low) : 0.5;

		if (k < d->n_cuts && d->cut[k] == i) {
			m4_flush(&line, &column);
			*vec_add(&line) = (struct prim_point){x, NAN};
			k++;
		}
		m4_feed(&line, &column, x, y1 - fmin(fmax(at, 0), 1) * (y1 - y0), i);
	}
	m4_flush(&line, &column);
	q = picture_add(f->p, PRIM_LINE);
	q->n = line.n;
	q->width = 1.25;
	q->rgba = (colour & 0xFFFFFF00u) | 0x8C;
	q->point = arena_keep(&f->p->arena, line.v, line.n, sizeof(*line.v));
}

static void
draw_stat(const struct chart *c, struct frame *f, const struct chart_row *r, double x, double y, double w, double h)
{
	uint32_t colour = r->colour != 0 ? style_legible(r->colour | 0xff, 3) : INK;
	struct sv value = value_text(c, r, &f->p->arena);
	bool course = r->course.n > 1 && h > 70;
	double name_h = r->name.n > 0 && h > 34 ? 15 : 0, room = (h - name_h) * (course ? 0.55 : 0.9), size = fmin(44, room * 0.75);
	double wide = fonts_width(f->fonts, value, size, true);

	if (wide > w - 18)
		size = fmax(9, size * (w - 18) / wide);
	value = words_fit(value, f->fonts, size, true, w - 4, &f->p->arena);
	if (course)
		draw_course(f, &r->course, x + 2, y + name_h + room + 4, x + w - 2, y + h - 6, r->colour != 0 ? colour : NAVY);
	if (name_h > 0)
		frame_text(f, x + w / 2, y + 11, NOTE_SIZE, false, ANCHOR_MIDDLE, GREY,
		    words_fit(r->name, f->fonts, NOTE_SIZE, false, w - 4, &f->p->arena));
	frame_text(f, x + w / 2, y + name_h + room / 2 + size * 0.36, size, true, ANCHOR_MIDDLE, colour, value);
}

void
layout_stat(const struct chart *c, struct fonts *fonts, struct picture *p)
{
	struct frame f = {.p = p, .fonts = fonts};
	double top, foot, w, h, best = 0;
	size_t n = c->n_rows, columns = 1, k, i, most;

	p->width = c->width > 0 ? c->width : 372;
	p->height = c->height > 0 ? c->height : 140;
	if (c->n_rows == 0) {
		layout_nothing(c, fonts, p, "no series");
		return;
	}
	top = layout_head(&f, c);
	foot = layout_foot(c, p);
	most = (size_t)fmax(1, floor((p->width - 2 * EDGE) / 70) * floor(fmax(1, (foot - top) / 36)));
	if (n > most)
		n = most;
	for (k = 1; k <= n; k++) { /* the columns that make the boxes most like 2:1 */
		double cw = (p->width - 2 * EDGE) / (double)k, ch = (foot - top) / ceil((double)n / (double)k);
		double fit = fmin(cw / 2, ch);

		if (fit > best) {
			best = fit;
			columns = k;
		}
	}
	w = (p->width - 2 * EDGE) / (double)columns;
	h = (foot - top) / ceil((double)n / (double)columns);
	for (i = 0; i < n; i++)
		draw_stat(c, &f, &c->row[i], EDGE + w * (double)(i % columns), top + h * (double)(i / columns), w, h);
	if (n < c->n_rows)
		rest_text(&f, p->height - 3, c->n_rows - n);
	vec_free(&f.texts);
}
