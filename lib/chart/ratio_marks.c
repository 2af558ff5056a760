/*
 * What happened meanwhile: gaps, windows, events.
 */
#include <math.h>

#include "chart/ratio.h"
#include "chart/words.h"

#define CAP 3      /* height of the bar over a band */
#define PENNANT 5
#define ABOVE 6    /* how far a flag stands out of the plot */

size_t
ratio_seen_gaps(const struct ratio_layout *l, struct seen_gap **out)
{
	struct seen_gap *gap = arena_new(&l->p->arena, l->d.n_gaps, sizeof(*gap));
	size_t i, n = 0;

	for (i = 0; i < l->d.n_gaps; i++) {
		double x0 = floor(2 * ratio_x(l, l->d.gap[i].from)) / 2, x1 = ceil(2 * ratio_x(l, l->d.gap[i].to)) / 2;
		int64_t length = l->d.gap[i].to - l->d.gap[i].from;

		/* At least a pixel, or it would not be seen; within the plot. */
		x1 = fmin(fmax(x1, x0 + 1), l->p->plot_x + l->p->plot_w);
		x0 = fmin(x0, x1 - 1);
		if (n > 0 && x0 <= gap[n - 1].x1) {
			gap[n - 1].x1 = fmax(x1, gap[n - 1].x1);
			gap[n - 1].length += length;
			gap[n - 1].count++;
		} else {
			gap[n++] = (struct seen_gap){x0, x1, length, 1};
		}
	}
	*out = gap;
	return n;
}

struct sv
ratio_gap_text(const struct ratio_layout *l, const struct seen_gap *gap)
{
	struct arena *a = &l->p->arena;
	const char *length = words_length(gap->length, a);

	if (gap->count == 1)
		return sv_of(arena_fmt(a, "no data %s", length));
	return sv_of(arena_fmt(a, "no data %s in %zu gaps", length, gap->count));
}

static void
add_rect(struct ratio_layout *l, enum prim_kind kind, double x0, double y0, double x1, double y1, uint32_t rgba)
{
	struct prim *q = picture_add(l->p, kind);

	q->x = x0;
	q->y = y0;
	q->w = x1 - x0;
	q->h = y1 - y0;
	q->rgba = rgba;
}

void
ratio_draw_bands(struct ratio_layout *l)
{
	const struct chart_ratio *c = l->d.c;
	double top = l->p->plot_y, bottom = top + l->p->plot_h, last = -1;
	struct seen_gap *gap;
	size_t i, n = ratio_seen_gaps(l, &gap);

	for (i = 0; i < n; i++)
		add_rect(l, PRIM_HATCH, gap[i].x0, top, gap[i].x1, bottom, HATCH);
	for (i = 0; i < c->n_bands; i++) {
		double x0 = ratio_x(l, c->band[i].from), x1 = fmax(ratio_x(l, c->band[i].to), x0 + 2);

		/* One that ends no later than the last began to be drawn adds nothing that can be seen. */
		if (c->band[i].to < c->band[i].from || c->band[i].from >= c->to || c->band[i].to < c->from || x1 <= last)
			continue;
		x1 = fmin(x1, l->p->plot_x + l->p->plot_w);
		x0 = fmin(fmax(x0, last), x1 - 2); /* colours of overlapping bands do not add up */
		add_rect(l, PRIM_RECT, x0, top, x1, bottom, AMBER_FILL);
		add_rect(l, PRIM_RECT, x0, top - CAP, x1, top, AMBER);
		last = x1;
	}
}

static void
draw_flag(struct ratio_layout *l, double x, enum chart_flag_kind kind)
{
	double top = l->p->plot_y - ABOVE, bottom = l->p->plot_y + l->p->plot_h;
	bool restart = kind == FLAG_RESTART;
	struct prim *q;

	ratio_rule(l, x, restart ? l->p->plot_y : top, x, bottom, 1, GREY, restart ? 1 : 0, restart ? 3 : 0);
	q = picture_add(l->p, PRIM_MARK);
	q->mark = restart ? MARK_DOWN : MARK_FLAG;
	q->x = x;
	q->y = top;
	q->size = restart ? ABOVE : PENNANT;
	q->rgba = GREY;
}

void
ratio_draw_flags(struct ratio_layout *l)
{
	const struct chart_ratio *c = l->d.c;
	/* Bit 1 << kind: such a flag stands in this half pixel column already. */
	size_t columns = (size_t)(2 * l->p->plot_w) + 1, i;
	unsigned char *taken = mem_new(columns, 1);

	for (i = 0; i < c->n_flags; i++) {
		const struct chart_flag *f = &c->flag[i];
		unsigned char bit = f->kind == FLAG_RESTART ? 2 : 1;
		size_t column;

		if (f->t < c->from || f->t > c->to)
			continue;
		column = (size_t)(2 * (ratio_x(l, f->t) - l->p->plot_x));
		if (column >= columns || (taken[column] & bit))
			continue;
		taken[column] |= bit;
		draw_flag(l, ratio_x(l, f->t), f->kind);
	}
	mem_free(taken);
}
