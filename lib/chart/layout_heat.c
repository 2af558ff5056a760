/*
 * The heat map: bucket edges at the borders of rows, the darker the more of the column lies there (square root).
 */
#include <math.h>

#include "base/time.h"
#include "chart/layouts.h"
#include "chart/words.h"

#define ROW 15
#define RAMP_WIDTH 10
#define LEAST 0.12 /* of the ramp: the palest cell is no paper */

struct heat {
	const struct chart_heat *h;
	struct frame f;
	double row;
	double most;
	struct prim_box *box;
};

static double
cell_at(const struct chart_heat *h, size_t column, size_t row)
{
	return h->cell[column * h->n_rows + row];
}

static void
draw_cells(struct heat *m)
{
	const struct chart_heat *h = m->h;
	const struct picture *p = m->f.p;
	size_t i, k;

	for (i = 0; i < h->n_columns; i++) {
		int64_t end = h->from[i] + h->interval;
		double x0, x1;

		if (i + 1 < h->n_columns && h->from[i + 1] < end)
			end = h->from[i + 1];
		/* Cells end on device pixels, so that none shows through between them. */
		x0 = floor(2 * frame_x(&m->f, h->from[i]) + 0.5) / 2;
		x1 = fmax(floor(2 * frame_x(&m->f, end) + 0.5) / 2, x0 + 0.5);
		for (k = 0; k < h->n_rows; k++) {
			double v = cell_at(h, i, k), y1 = p->plot_y + p->plot_h - (double)k * m->row;
			struct prim *q;

			if (!(v > 0))
				continue;
			frame_rect(&m->f, PRIM_RECT, x0, round(2 * (y1 - m->row)) / 2, x1, round(2 * y1) / 2,
			    style_ramp(LEAST + (1 - LEAST) * sqrt(v / m->most)));
			q = &m->f.p->prim[m->f.p->n - 1];
			q->sharp = true;
		}
	}
}

static void
draw_line(struct heat *m)
{
	const struct chart_data *d = m->h->line;
	const struct picture *p = m->f.p;
	struct prim_point *point;
	size_t i, n = 0, k = 0;
	int pass;

	if (d == NULL || d->n == 0)
		return;
	point = arena_new(&m->f.p->arena, d->n + d->n_cuts, sizeof(*point));
	for (i = 0; i < d->n; i++) {
		double x = frame_x(&m->f, (int64_t)d->point[i].x);

		if (k < d->n_cuts && d->cut[k] == i) {
			point[n++] = (struct prim_point){x, NAN};
			k++;
		}
		point[n++] = (struct prim_point){x, p->plot_y + p->plot_h - d->point[i].y * m->row};
	}
	for (pass = 0; pass < 2; pass++) { /* a halo, then the line */
		struct prim *q = picture_add(m->f.p, PRIM_LINE);

		q->point = point;
		q->n = n;
		q->width = pass == 0 ? 3.5 : 1.5;
		q->rgba = pass == 0 ? PAPER : ORANGE;
		q->clip = true;
		q->clip_to = m->box;
	}
}

static struct sv
amount(const struct heat *m, double v)
{
	struct unit u = {.kind = UNIT_NUMBER, .factor = 1, .decimals = -1};

	if (m->h->share)
		u = (struct unit){UNIT_FIXED, 100, SV(""), SV("%"), -1};
	return unit_text(&u, v, 0, &m->f.p->arena);
}

static void
draw_ramp(struct heat *m)
{
	const struct picture *p = m->f.p;
	double x = p->plot_x + p->plot_w + 18, h = fmin(120, p->plot_h), y = p->plot_y + (p->plot_h - h) / 2;
	int i;

	for (i = 0; i < STYLE_RAMP; i++) {
		double v = 1 - (i + 0.5) / STYLE_RAMP;

		frame_rect(&m->f, PRIM_RECT, x, y + h * i / STYLE_RAMP, x + RAMP_WIDTH, y + h * (i + 1) / STYLE_RAMP,
		    style_ramp(LEAST + (1 - LEAST) * v));
		m->f.p->prim[m->f.p->n - 1].sharp = true;
	}
	frame_text(&m->f, x + RAMP_WIDTH + 6, y + 8, TICK_SIZE, false, ANCHOR_START, GREY, amount(m, m->most));
	frame_text(&m->f, x + RAMP_WIDTH + 6, y + h / 2 + 4, TICK_SIZE, false, ANCHOR_START, GREY, amount(m, m->most / 4));
	frame_text(&m->f, x + RAMP_WIDTH + 6, y + h, TICK_SIZE, false, ANCHOR_START, GREY, m->h->share ? SV("0 %") : SV("0"));
}

static void
draw_edges(struct heat *m)
{
	const struct picture *p = m->f.p;
	double last = INFINITY;
	size_t k;

	for (k = 0; k < m->h->n_rows; k++) {
		double y = p->plot_y + p->plot_h - (double)(k + 1) * m->row;

		if (last - y < TICK_SIZE + 1)
			continue;
		frame_text(&m->f, p->plot_x - 8, y + 4, TICK_SIZE, false, ANCHOR_END, GREY,
		    words_fit(m->h->edge[k], m->f.fonts, TICK_SIZE, false, 120, &m->f.p->arena));
		last = y;
	}
}

static double
edges_width(const struct heat *m)
{
	double widest = 0;
	size_t k;

	for (k = 0; k < m->h->n_rows; k++)
		widest = fmax(widest, fonts_width(m->f.fonts,
		    words_fit(m->h->edge[k], m->f.fonts, TICK_SIZE, false, 120, &m->f.p->arena), TICK_SIZE, false));
	return widest;
}

/* Columns without data, and the time between columns. */
static void
find_gaps(struct heat *m)
{
	const struct chart_heat *h = m->h;
	struct chart_gap *gap = arena_new(&m->f.p->arena, h->n_columns + 1, sizeof(*gap));
	int64_t reached = m->f.from;
	size_t i;

	for (i = 0; i < h->n_columns; i++) {
		if (isnan(cell_at(h, i, 0)))
			continue;
		if (h->from[i] - reached > h->interval / 2)
			gap[m->f.n_gaps++] = (struct chart_gap){reached, h->from[i]};
		reached = h->from[i] + h->interval;
	}
	if (m->f.to - reached > h->interval / 2)
		gap[m->f.n_gaps++] = (struct chart_gap){reached, m->f.to};
	m->f.gap = gap;
}

void
layout_heat(const struct chart *c, struct fonts *fonts, struct picture *p)
{
	struct heat m = {.h = &c->heat, .f = {.p = p, .fonts = fonts, .band = c->band, .n_bands = c->n_bands, .flag = c->flag,
	    .n_flags = c->n_flags, .from = (int64_t)c->from, .to = (int64_t)c->to}};
	struct notes notes = {.unlabelled = 0};
	double top, bottom;
	size_t i;

	p->width = c->width > 0 ? c->width : 760;
	p->height = c->height > 0 ? c->height : fmin(130 + ROW * (double)c->heat.n_rows, 2000);
	for (i = 0; i < c->heat.n_columns * c->heat.n_rows; i++)
		m.most = c->heat.cell[i] > m.most ? c->heat.cell[i] : m.most;
	if (c->heat.n_columns == 0 || c->heat.n_rows == 0 || m.f.from >= m.f.to) {
		layout_nothing(c, fonts, p, "no histogram");
		return;
	}
	if (!(m.most > 0)) {
		layout_nothing(c, fonts, p, "nothing was counted in any bucket");
		return;
	}
	find_gaps(&m);
	p->plot_x = ceil(fmax(44, EDGE + edges_width(&m) + 8));
	p->plot_w = floor(p->width - p->plot_x - 90);
	frame_place_notes(&m.f, &notes);
	top = layout_head(&m.f, c) + 14;
	bottom = 44 + (c->footer.n > 0 && p->height >= 200 ? 16 : 0) + (notes.key.n > 0 ? 16 : 0);
	p->plot_y = top;
	m.row = fmax(0.5, floor(2 * (p->height - top - bottom) / (double)c->heat.n_rows) / 2);
	p->plot_h = m.row * (double)c->heat.n_rows;
	m.box = arena_new(&p->arena, 1, sizeof(*m.box));
	*m.box = (struct prim_box){p->plot_x, p->plot_y, p->plot_w, p->plot_h};
	draw_cells(&m);
	frame_draw_bands(&m.f);
	draw_line(&m);
	draw_edges(&m);
	frame_times(&m.f);
	frame_draw_flags(&m.f);
	draw_ramp(&m);
	frame_draw_notes(&m.f, &notes, top - 9, p->plot_y + p->plot_h / 2);
	if (notes.key.n > 0)
		frame_text(&m.f, EDGE, p->height - (c->footer.n > 0 ? 25 : 10), NOTE_SIZE, false, ANCHOR_START, GREY, notes.key);
	vec_free(&notes.note);
	vec_free(&m.f.texts);
}
