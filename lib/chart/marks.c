/*
 * What happened meanwhile: gaps, windows, events.
 */
#include <math.h>

#include "chart/frame.h"
#include "chart/words.h"

#define CAP 3      /* height of the bar over a band */
#define PENNANT 5
#define ABOVE 6    /* how far a flag stands out of the plot */

size_t
frame_seen_gaps(const struct frame *f, struct seen_gap **out)
{
	struct seen_gap *gap = arena_new(&f->p->arena, f->n_gaps, sizeof(*gap));
	size_t i, n = 0;

	for (i = 0; i < f->n_gaps; i++) {
		double x0 = floor(2 * frame_x(f, f->gap[i].from)) / 2, x1 = ceil(2 * frame_x(f, f->gap[i].to)) / 2;
		int64_t length = f->gap[i].to - f->gap[i].from;

		/* At least a pixel, or it would not be seen; within the plot. */
		x1 = fmin(fmax(x1, x0 + 1), f->p->plot_x + f->p->plot_w);
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
frame_gap_text(const struct frame *f, const struct seen_gap *gap)
{
	struct arena *a = &f->p->arena;
	const char *length = words_length(gap->length, a);

	if (gap->count == 1)
		return sv_of(arena_fmt(a, "no data %s", length));
	return sv_of(arena_fmt(a, "no data %s in %zu gaps", length, gap->count));
}

void
frame_draw_bands(struct frame *f)
{
	const struct frame *c = f;
	double top = f->p->plot_y, bottom = top + f->p->plot_h, last = -1;
	struct seen_gap *gap;
	size_t i, n = frame_seen_gaps(f, &gap);

	for (i = 0; i < n; i++)
		frame_rect(f, PRIM_HATCH, gap[i].x0, top, gap[i].x1, bottom, HATCH);
	for (i = 0; i < c->n_bands; i++) {
		double x0 = frame_x(f, c->band[i].from), x1 = fmax(frame_x(f, c->band[i].to), x0 + 2);

		/* One that ends no later than the last began to be drawn adds nothing that can be seen. */
		if (c->band[i].to < c->band[i].from || c->band[i].from >= c->to || c->band[i].to < c->from || x1 <= last)
			continue;
		x1 = fmin(x1, f->p->plot_x + f->p->plot_w);
		x0 = fmin(fmax(x0, last), x1 - 2); /* colours of overlapping bands do not add up */
		frame_rect(f, PRIM_RECT, x0, top, x1, bottom, AMBER_FILL);
		frame_rect(f, PRIM_RECT, x0, top - CAP, x1, top, AMBER);
		last = x1;
	}
}

static void
draw_flag(struct frame *f, double x, enum chart_flag_kind kind)
{
	double top = f->p->plot_y - ABOVE, bottom = f->p->plot_y + f->p->plot_h;
	bool restart = kind == FLAG_RESTART;
	struct prim *q;

	frame_rule(f, x, restart ? f->p->plot_y : top, x, bottom, 1, GREY, restart ? 1 : 0, restart ? 3 : 0);
	q = picture_add(f->p, PRIM_MARK);
	q->mark = restart ? MARK_DOWN : MARK_FLAG;
	q->x = x;
	q->y = top;
	q->size = restart ? ABOVE : PENNANT;
	q->rgba = GREY;
}

void
frame_draw_flags(struct frame *f)
{
	const struct frame *c = f;
	/* Bit 1 << kind: such a flag stands in this half pixel column already. */
	size_t columns = (size_t)(2 * f->p->plot_w) + 1, i;
	unsigned char *taken = mem_new(columns, 1);

	for (i = 0; i < c->n_flags; i++) {
		const struct chart_flag *flag = &c->flag[i];
		unsigned char bit = (unsigned char)(1 << flag->kind);
		size_t column;

		if (flag->t < c->from || flag->t > c->to)
			continue;
		column = (size_t)(2 * (frame_x(f, flag->t) - f->p->plot_x));
		if (column >= columns || (taken[column] & bit))
			continue;
		taken[column] |= bit;
		if (flag->kind == FLAG_TICK) {
			double x = frame_x(f, flag->t);

			frame_rule(f, x, f->p->plot_y - ABOVE, x, f->p->plot_y - 1, 1, PALE_GREY, 0, 0);
			continue;
		}
		draw_flag(f, frame_x(f, flag->t), flag->kind);
	}
	mem_free(taken);
}
