/*
 * Texts in the plot: the one value that stands out, and what an axis that was fixed does not show.
 */
#include <math.h>

#include "base/time.h"
#include "chart/layouts.h"
#include "chart/plot.h"
#include "chart/style.h"
#include "chart/words.h"

/* The highest value of all, where it stands out of its series. */
void
plot_find_peak(struct plot *l)
{
	const struct chart *c = l->c;
	double best = 1.5;
	size_t i, k, near;

	for (i = 0; i < c->n_series && l->n_panes == 1 && !c->rule; i++) {
		const struct chart_series *s = &c->series[i];
		double most = -INFINITY, at = 0, second, sum = 0, span = l->pane[0].high - l->pane[0].low;

		if (plot_stacked(l, i) || s->data.n < 20 || s->draw != DRAW_LINE || l->pane[0].want.log || c->x != X_TIME)
			continue;
		for (k = 0; k < s->data.n; k++) {
			sum += s->data.point[k].y;
			if (s->data.point[k].y > most) {
				most = s->data.point[k].y;
				at = s->data.point[k].x;
			}
		}
		second = sum / (double)s->data.n;
		/* One that comes again and again is no peak. */
		for (k = 0, near = 0; k < s->data.n; k++)
			near += s->data.point[k].y > most - 0.1 * span;
		if (near > 3 + s->data.n / 50)
			continue;
		if (most >= l->pane[0].high && span > 0 && (most - second) / span > 0.4 && most / fmax(fabs(second), 1e-300) > best)
			l->peak = (struct plot_peak){.v = most, .at = at, .series = i, .any = true};
	}
}

/* Does a text there hide a line, or another text? */
static bool
is_free(const struct plot *l, struct box box)
{
	const struct picture *p = l->f.p;
	size_t i;

	if (box.x0 < p->plot_x + 2 || box.x1 > p->plot_x + p->plot_w - 2 || box.y0 < p->plot_y || box.y1 > p->plot_y + p->plot_h)
		return false;
	for (i = 0; i < l->f.texts.n; i++)
		if (boxes_meet(l->f.texts.v[i], box))
			return false;
	for (i = 0; i < l->drawn.n; i++)
		if (l->drawn.v[i].x > box.x0 - 2 && l->drawn.v[i].x < box.x1 + 2 && l->drawn.v[i].y > box.y0 - 2 &&
		    l->drawn.v[i].y < box.y1 + 2)
			return false;
	return true;
}

void
plot_draw_peak(struct plot *l)
{
	static const struct {
		double dx, dy;
		int side;
	} place[] = {{7, 10, 1}, {-7, 10, -1}, {7, 3, 1}, {-7, 3, -1}, {7, 24, 1}, {-7, 24, -1}};
	struct arena *a = &l->f.p->arena;
	struct sv text;
	double w, x, y;
	size_t i;

	if (!l->peak.any)
		return;
	text = sv_of(arena_fmt(a, "%" SV_FMT " at %s", SV_ARG(plot_value(l, 0, l->peak.v)),
	    words_clock((int64_t)l->peak.at, l->f.to - l->f.from > TIME_DAY, a)));
	w = fonts_width(l->f.fonts, text, NOTE_SIZE, false);
	x = plot_x(l, l->peak.at);
	y = plot_y(l, 0, l->peak.v);
	for (i = 0; i < sizeof(place) / sizeof(place[0]); i++) {
		double x0 = place[i].side > 0 ? x + place[i].dx : x + place[i].dx - w;

		if (!is_free(l, text_box(x0, x0 + w, y + place[i].dy, NOTE_SIZE)))
			continue;
		frame_text(&l->f, x0, y + place[i].dy, NOTE_SIZE, false, ANCHOR_START, INK, text);
		l->f.p->prim[l->f.p->n - 1].halo = true;
		return;
	}
}

/* What lies beyond an axis that the user fixed, or has no place on a logarithmic one, is not seen: it is told. */
void
plot_draw_beyond(struct plot *l)
{
	struct arena *a = &l->f.p->arena;
	size_t i;

	for (i = 0; i < l->n_panes; i++) {
		const struct plot_pane *p = &l->pane[i];
		double slack = 1e-6 * (p->axis.high - p->axis.low), x0 = l->f.p->plot_x + 6, w;
		bool above = p->most > p->axis.high + slack, below = p->least < p->axis.low - slack;
		struct sv text = {NULL, 0};
		struct box box;

		if (p->want.percent || (!above && !below && p->n_not_log == 0))
			continue;
		if (p->n_not_log > 0)
			text = sv_of(arena_fmt(a, "%zu values not above 0 are not shown", p->n_not_log));
		else if (above && below)
			text = sv_of(arena_fmt(a, "beyond this axis: down to %" SV_FMT ", up to %" SV_FMT, SV_ARG(plot_value(l, i, p->least)), SV_ARG(plot_value(l, i, p->most))));
		else
			text = sv_of(arena_fmt(a, "beyond this axis: %s %" SV_FMT, above ? "up to" : "down to", SV_ARG(plot_value(l, i, above ? p->most : p->least))));
		text = words_fit(text, l->f.fonts, NOTE_SIZE, true, l->f.p->plot_w - 12, a);
		w = fonts_width(l->f.fonts, text, NOTE_SIZE, true);
		box = text_box(x0, x0 + w, above || p->n_not_log > 0 ? p->y + 14 : p->y + p->h - 6, NOTE_SIZE);
		frame_text(&l->f, box.x0, box.y1 - 0.22 * NOTE_SIZE, NOTE_SIZE, true, ANCHOR_START, INK, text);
		l->f.p->prim[l->f.p->n - 1].halo = true;
	}
}
