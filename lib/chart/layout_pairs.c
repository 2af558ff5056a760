/*
 * Dumbbells: two values a row on one axis, the one that is compared with in grey, and how far the other is from it.
 */
#include <math.h>

#include "chart/axis.h"
#include "chart/layouts.h"
#include "chart/words.h"

#define ROW 30
#define BAR 4
#define DOT 9

struct pairs {
	const struct chart *c;
	struct frame f;
	struct axis axis;
	double x0, x1, y0, row;
};

static double
at_x(const struct pairs *l, double v)
{
	return l->x0 + axis_at(&l->axis, v, true) * (l->x1 - l->x0);
}

static void
make_axis(struct pairs *l)
{
	struct axis_wish w = {.low = INFINITY, .high = -INFINITY, .min = NAN, .max = NAN, .log = l->c->x == X_LOG, .unit = l->c->row[0].unit,
	    .ticks = fmax(2, fmin(6, (l->x1 - l->x0) / 90))};
	size_t i;

	for (i = 0; i < l->c->n_rows; i++) {
		const double v[] = {l->c->row[i].value, l->c->row[i].other};
		size_t k;

		for (k = 0; k < 2; k++)
			if (isfinite(v[k])) {
				w.low = fmin(w.low, v[k]);
				w.high = fmax(w.high, v[k]);
			}
	}
	axis_make(&l->axis, &w, &l->f.p->arena);
}

static void
draw_axis(struct pairs *l, double bottom)
{
	struct arena *a = &l->f.p->arena;
	double end = -INFINITY;
	size_t i;

	for (i = 0; i < l->axis.n; i++) {
		double x = at_x(l, l->axis.tick[i].v), w;
		struct sv text = l->axis.tick[i].label;

		if (i + 1 == l->axis.n)
			text = sv_of(arena_fmt(a, "%" SV_FMT "%" SV_FMT, SV_ARG(text), SV_ARG(l->axis.unit)));
		frame_rule(&l->f, x, l->y0, x, bottom, 0.75, GRID, 0, 0);
		w = fonts_width(l->f.fonts, text, TICK_SIZE, false);
		if (x - w / 2 < end + 10)
			continue;
		frame_text(&l->f, x, bottom + 16, TICK_SIZE, false, ANCHOR_MIDDLE, GREY, text);
		end = x + w / 2;
	}
	frame_rule(&l->f, l->x0, bottom, l->x1, bottom, 1, PALE_GREY, 0, 0);
}

static void
draw_row(struct pairs *l, const struct chart_row *r, double y, double names)
{
	uint32_t colour = r->colour != 0 ? style_legible(r->colour | 0xff, 3) : NAVY;
	double from = at_x(l, r->other), to = at_x(l, r->value);

	frame_text(&l->f, l->x0 - 14, y + 4, TEXT_SIZE, false, ANCHOR_END, INK, words_fit(r->name, l->f.fonts, TEXT_SIZE, false, names + 1, &l->f.p->arena));
	if (isfinite(r->value) && isfinite(r->other))
		frame_rect(&l->f, PRIM_RECT, fmin(from, to), y - BAR / 2, fmax(from, to), y + BAR / 2, STATE_CALM);
	if (isfinite(r->other))
		frame_dot(&l->f, from, y, DOT, PALE_GREY);
	if (isfinite(r->value))
		frame_dot(&l->f, to, y, DOT, colour);
	frame_text(&l->f, l->x1 + 14, y + 4, TEXT_SIZE, true, ANCHOR_START, INK, words_clean(r->text, &l->f.p->arena));
}

void
layout_pairs(const struct chart *c, struct fonts *fonts, struct picture *p)
{
	struct pairs l = {.c = c, .f = {.p = p, .fonts = fonts}};
	double names = 0, texts = 0, foot;
	size_t i, n = c->n_rows;

	p->width = c->width > 0 ? c->width : 760;
	p->height = c->height > 0 ? c->height : fmin(118 + ROW * (double)n, 1200);
	if (n == 0) {
		layout_nothing(c, fonts, p, "no series");
		return;
	}
	for (i = 0; i < n; i++) {
		names = fmax(names, fonts_width(fonts, words_clean(c->row[i].name, &p->arena), TEXT_SIZE, false));
		texts = fmax(texts, fonts_width(fonts, words_clean(c->row[i].text, &p->arena), TEXT_SIZE, true));
	}
	names = fmin(names, p->width * 0.3);
	l.y0 = layout_head(&l.f, c) + 4;
	foot = layout_foot(c, p) - 22;
	l.x0 = ceil(EDGE + names + 18);
	l.x1 = fmax(l.x0 + 40, floor(p->width - EDGE - texts - 18));
	n = (size_t)fmax(1, fmin((double)n, floor((foot - l.y0) / 16)));
	l.row = fmin(ROW * 1.4, (foot - l.y0) / (double)n);
	make_axis(&l);
	p->plot_x = l.x0;
	p->plot_y = l.y0;
	p->plot_w = l.x1 - l.x0;
	p->plot_h = l.row * (double)n;
	draw_axis(&l, l.y0 + p->plot_h);
	for (i = 0; i < n; i++)
		draw_row(&l, &c->row[i], l.y0 + l.row * ((double)i + 0.5), names);
	if (n < c->n_rows)
		frame_text(&l.f, EDGE, l.y0 + p->plot_h + 16, NOTE_SIZE, false, ANCHOR_START, GREY, sv_of(arena_fmt(&p->arena, "+ %zu more", c->n_rows - n)));
	vec_free(&l.f.texts);
}
