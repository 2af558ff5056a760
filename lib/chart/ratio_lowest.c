/*
 * The label of the lowest point: of several places around it the one where it hides least.
 */
#include <math.h>

#include "base/time.h"
#include "chart/ratio.h"
#include "chart/words.h"

#define HIDES_LINE 10 /* worse than anything else that may be hidden */
#define AROUND 3 /* room kept between the label and what it must not touch */

/* Does the line from a to b enter the box? (Liang and Barsky's clipping.) */
static bool
enters(struct prim_point a, struct prim_point b, struct box box)
{
	double p[4] = {a.x - b.x, b.x - a.x, a.y - b.y, b.y - a.y};
	double q[4] = {a.x - box.x0, box.x1 - a.x, a.y - box.y0, box.y1 - a.y};
	double from = 0, to = 1;
	int i;

	for (i = 0; i < 4; i++) {
		if (p[i] == 0 && q[i] < 0)
			return false;
		if (p[i] < 0)
			from = fmax(from, q[i] / p[i]);
		else if (p[i] > 0)
			to = fmin(to, q[i] / p[i]);
	}
	return from <= to;
}

static double
over_line(const struct ratio_layout *l, struct box box)
{
	double bad = 0;
	size_t i;

	for (i = 1; i < l->line.n; i++)
		if (!isnan(l->line.v[i].y) && !isnan(l->line.v[i - 1].y) &&
		    enters(l->line.v[i - 1], l->line.v[i], box))
			bad += HIDES_LINE;
	return fmin(bad, 10 * HIDES_LINE);
}

static bool
crosses(const struct ratio_layout *l, struct box box, int64_t from, int64_t to)
{
	return frame_x(&l->f, from) <= box.x1 && frame_x(&l->f, to) >= box.x0;
}

static double
over_marks(const struct ratio_layout *l, struct box box)
{
	const struct chart_ratio *c = l->d.c;
	double bad = 0;
	size_t i;

	for (i = 0; i < c->n_bands; i++)
		bad += crosses(l, box, c->band[i].from, c->band[i].to) ? 0.5 : 0;
	for (i = 0; i < c->n_flags; i++)
		bad += crosses(l, box, c->flag[i].t, c->flag[i].t) ? 1.5 : 0;
	for (i = 0; i < l->d.n_gaps; i++)
		bad += crosses(l, box, l->d.gap[i].from, l->d.gap[i].to) ? 2.5 : 0;
	return fmin(bad, 3);
}

/* How much a text there would hide; infinite where it must not be. */
static double
badness(const struct ratio_layout *l, struct box box)
{
	const struct picture *p = l->f.p;
	double level = isnan(l->d.objective) ? -1 : ratio_y(l, l->d.objective);
	size_t i;

	if (box.x0 < p->plot_x + 2 || box.x1 > p->plot_x + p->plot_w - 2 || box.y0 < p->plot_y + 1 ||
	    box.y1 > p->plot_y + p->plot_h - 1)
		return INFINITY;
	box = (struct box){box.x0 - AROUND, box.y0 - AROUND, box.x1 + AROUND, box.y1 + AROUND};
	for (i = 0; i < l->f.texts.n; i++)
		if (boxes_meet(l->f.texts.v[i], box))
			return INFINITY;
	return over_line(l, box) + over_marks(l, box) + (level > box.y0 && level < box.y1 ? 3 : 0);
}

/* In the row above the plot, as near to x as there is room. False when there is none. */
static bool
draw_above(struct ratio_layout *l, struct sv text, double x, double baseline)
{
	struct sv said = sv_of(arena_fmt(&l->f.p->arena, "lowest %" SV_FMT, SV_ARG(text)));
	double w = fonts_width(l->f.fonts, said, NOTE_SIZE, false), left = l->f.p->plot_x, right = l->f.p->width - EDGE - w;
	double off;
	size_t i;
	int side;

	for (off = 0; off < l->f.p->width; off += 4)
		for (side = -1; side <= 1; side += 2) {
			double at = x - w / 2 + side * off;
			struct box box = text_box(at - 8, at + w + 8, baseline, NOTE_SIZE);

			for (i = 0; i < l->f.texts.n && !boxes_meet(l->f.texts.v[i], box); i++)
				;
			if (at < left || at > right || i < l->f.texts.n)
				continue;
			frame_text(&l->f, at, baseline, NOTE_SIZE, false, ANCHOR_START, INK, said);
			return true;
		}
	return false;
}

static double
within(double v, double low, double high)
{
	return v < low ? low : v > high ? high : v;
}

void
ratio_draw_lowest(struct ratio_layout *l, double notes_baseline)
{
	/* Away from the point to the right (1) or left (-1), or above or below it (0); and how far down. */
	static const struct {
		int side;
		double away, down;
	} place[] = {{1, 7, 4}, {-1, 7, 4}, {0, 0, 17}, {1, 7, 15}, {-1, 7, 15}, {0, 0, -9}, {1, 7, -6}, {-1, 7, -6},
	    {1, 30, 4}, {-1, 30, 4}, {0, 0, 30}, {0, 0, -24}, {1, 7, 40}, {-1, 7, 40}, {1, 7, -40}, {-1, 7, -40}};
	const struct picture *p = l->f.p;
	const struct chart_step *s = &l->d.step[l->d.lowest];
	struct sv text = ratio_lowest_text(&l->d, &l->f.p->arena);
	double w = fonts_width(l->f.fonts, text, NOTE_SIZE, false), y = ratio_y(l, s->value);
	double x0 = frame_x(&l->f, l->stepped ? s->from : s->to), x1 = frame_x(&l->f, l->d.lowest_to);
	double least = INFINITY, best_x = 0, best_y = 0;
	size_t i;

	if (l->d.flat && l->d.known > 1)
		x0 = x1 = p->plot_x + p->plot_w / 2;
	for (i = 0; i < sizeof(place) / sizeof(place[0]); i++) {
		double x = place[i].side > 0 ? x1 + place[i].away :
		    place[i].side < 0        ? x0 - place[i].away - w :
						within((x0 + x1 - w) / 2, p->plot_x + 3, p->plot_x + p->plot_w - w - 3);
		double bad = badness(l, text_box(x, x + w, y + place[i].down, NOTE_SIZE)) + 0.2 * (double)i;

		if (bad < least) {
			least = bad;
			best_x = x;
			best_y = y + place[i].down;
		}
	}
	if (least >= HIDES_LINE && draw_above(l, text, (x0 + x1) / 2, notes_baseline))
		return;
	if (least >= 5 * HIDES_LINE) /* the alt text has it */
		return;
	frame_text(&l->f, best_x, best_y, NOTE_SIZE, false, ANCHOR_START, INK, text);
	l->f.p->prim[l->f.p->n - 1].halo = true;
}
