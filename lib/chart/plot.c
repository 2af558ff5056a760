#include "chart/plot.h"

#include <math.h>

#include "base/time.h"
#include "chart/layouts.h"
#include "chart/words.h"

#define WIDTH 760
#define HEIGHT 330
#define PANE_HEIGHT 150  /* more for each pane after the first */
#define COMPACT 200      /* lower pictures have no subtitle and no footer */
#define LEAST_LEFT 44
#define LEAST_RIGHT 28
#define PER_TICK 46      /* pixels of a value axis */
#define BETWEEN_PANES 26
#define RULE_DASH 5
#define LEAST_PLOT 34

double
plot_y(const struct plot *l, size_t pane, double v)
{
	const struct plot_pane *p = &l->pane[pane];

	return p->y + (1 - fmin(fmax(axis_at(&p->axis, v, false), -3), 4)) * p->h;
}

struct sv
plot_value(const struct plot *l, size_t pane, double v)
{
	return unit_text(&l->pane[pane].want.unit, v, l->c->end, &l->f.p->arena);
}

static void
set_panes(struct plot *l)
{
	static const struct chart_pane plain = {.unit = {.factor = 1, .decimals = -1}, .min = NAN, .max = NAN};
	const struct chart *c = l->c;
	size_t i;

	l->n_panes = c->n_panes == 0 ? 1 : c->n_panes > PLOT_MOST_PANES ? PLOT_MOST_PANES : c->n_panes;
	for (i = 0; i < l->n_panes; i++) {
		l->pane[i].want = c->n_panes == 0 ? plain : c->pane[i];
		if (l->pane[i].want.percent)
			l->pane[i].want.unit = (struct unit){UNIT_FIXED, 100, SV(""), SV("%"), -1};
		l->pane[i].low = INFINITY;
		l->pane[i].high = -INFINITY;
		l->pane[i].box = arena_new(&l->f.p->arena, 1, sizeof(*l->pane[i].box));
	}
	for (i = 0; i < c->n_series; i++)
		if (c->series[i].stack && c->series[i].draw != DRAW_POINTS)
			l->pane[c->series[i].pane].n_stacked++;
}

/* Would the palette's colour be mistaken for one that a series was given? */
static bool
is_taken(const struct plot *l, size_t next)
{
	uint32_t ours = style_series(next);
	size_t i;
	int k;

	for (i = 0; i < l->c->n_series; i++) {
		double apart = 0;

		for (k = 8; k < 32 && l->c->series[i].colour != 0; k += 8) {
			double d = (double)((ours >> k) & 0xff) - (double)((l->c->series[i].colour >> k) & 0xff);

			apart += d * d;
		}
		if (l->c->series[i].colour != 0 && apart < 70 * 70)
			return true;
	}
	return false;
}

static void
set_colours(struct plot *l)
{
	const struct chart *c = l->c;
	size_t i, next = 0;

	l->colour = arena_new(&l->f.p->arena, c->n_series, sizeof(*l->colour));
	l->dashed = arena_new(&l->f.p->arena, c->n_series, sizeof(*l->dashed));
	for (i = 0; i < c->n_series; i++) {
		const struct chart_series *s = &c->series[i];

		l->dashed[i] = s->dashed;
		if (s->colour != 0) {
			l->colour[i] = style_legible(s->colour | 0xff, 2);
			continue;
		}
		while (next < STYLE_SERIES && is_taken(l, next))
			next++;
		l->colour[i] = next < 3 * STYLE_SERIES ? style_series(next) : PALE_GREY;
		if (s->draw == DRAW_LINE || s->draw == DRAW_STEPS)
			l->dashed[i] |= next >= STYLE_SERIES && !s->stack;
		next++;
	}
}

static void
measure_values(struct plot *l)
{
	const struct chart *c = l->c;
	size_t i, k;

	for (i = 0; i < c->n_series; i++) {
		const struct chart_series *s = &c->series[i];
		struct plot_pane *p = &l->pane[s->pane];

		if (plot_stacked(l, i))
			continue;
		for (k = 0; k < s->data.n; k++) {
			double v = s->data.point[k].y;

			if (!isfinite(v))
				continue;
			if (p->want.log && v <= 0) {
				p->n_not_log++;
				continue;
			}
			p->low = v < p->low ? v : p->low;
			p->high = v > p->high ? v : p->high;
		}
		if ((s->fill || s->draw == DRAW_COLUMNS) && s->data.n > 0 && !p->want.log)
			p->want.zero = true;
	}
	for (i = 0; i < l->n_panes; i++)
		if (l->pane[i].n_stacked > 1) {
			plot_stack_extent(l, i);
			l->pane[i].want.zero = true;
		}
	for (i = 0; i < l->n_panes; i++) {
		l->pane[i].least = l->pane[i].low;
		l->pane[i].most = l->pane[i].high;
	}
	/* A threshold is worth seeing, but not at the price of the data. */
	for (i = 0; i < c->n_rules; i++) {
		struct plot_pane *p = &l->pane[c->rule[i].pane];
		double v = c->rule[i].value, span = p->high - p->low;

		if (!isfinite(v) || !(p->low <= p->high))
			continue;
		if (v > p->high && v <= p->high + fmax(2 * span, fabs(p->high)))
			p->high = v;
		else if (v < p->low && v >= p->low - fmax(2 * span, fabs(p->low)))
			p->low = v;
	}
}

static void
make_axes(struct plot *l, double height)
{
	size_t i;

	for (i = 0; i < l->n_panes; i++) {
		const struct chart_pane *want = &l->pane[i].want;
		struct axis_wish w = {.low = l->pane[i].low, .high = l->pane[i].high, .min = want->min, .max = want->max,
		    .log = want->log, .zero = want->zero, .unit = want->unit,
		    .ticks = fmax(2, fmin(5, height / (double)l->n_panes / PER_TICK))};

		if (want->percent) {
			w.low = 0;
			w.high = 1;
		}
		axis_make(&l->pane[i].axis, &w, &l->f.p->arena);
	}
}

static void
make_x(struct plot *l)
{
	const struct chart *c = l->c;
	struct axis_wish w = {.low = INFINITY, .high = -INFINITY, .min = NAN, .max = NAN, .log = c->x == X_LOG, .unit = c->x_unit,
	    .ticks = 6};
	size_t i, k;

	if (c->x == X_TIME || c->x == X_ELAPSED || c->x == X_PERCENTILE)
		return;
	for (i = 0; i < c->n_series; i++)
		for (k = 0; k < c->series[i].data.n; k++) {
			double x = c->series[i].data.point[k].x;

			if (!isfinite(x) || (w.log && x <= 0))
				continue;
			w.low = fmin(w.low, x);
			w.high = fmax(w.high, x);
		}
	if (c->from < c->to) {
		w.min = c->from;
		w.max = c->to;
	}
	axis_make(&l->x, &w, &l->f.p->arena);
}

static struct sv
tick_text(const struct plot *l, const struct axis *x, size_t i)
{
	if (i + 1 < x->n || x->unit.n == 0)
		return x->tick[i].label;
	return sv_of(arena_fmt(&l->f.p->arena, "%" SV_FMT "%" SV_FMT, SV_ARG(x->tick[i].label), SV_ARG(x->unit)));
}

static double
ticks_width(const struct plot *l, const struct axis *x)
{
	double widest = 0, unit = fonts_width(l->f.fonts, x->unit, TICK_SIZE, false);
	size_t i;

	for (i = 0; i < x->n; i++)
		widest = fmax(widest, fonts_width(l->f.fonts, x->tick[i].label, TICK_SIZE, false));
	return widest + unit;
}

static void
draw_grid(struct plot *l, size_t pane)
{
	const struct picture *p = l->f.p;
	const struct axis *x = &l->pane[pane].axis;
	double unit = fonts_width(l->f.fonts, x->unit, TICK_SIZE, false), right = p->plot_x - 8, last = INFINITY;
	double highest = x->n > 0 ? plot_y(l, pane, x->tick[x->n - 1].v) : 0;
	size_t i;

	for (i = 0; i < x->n; i++) {
		double y = plot_y(l, pane, x->tick[i].v);
		bool top = i + 1 == x->n;

		if (y < l->pane[pane].y - 1 || y > l->pane[pane].y + l->pane[pane].h + 1)
			continue;
		frame_rule(&l->f, p->plot_x, y, p->plot_x + p->plot_w, y, x->tick[i].v == 0 && !x->log ? 1 : 0.75,
		    x->tick[i].v == 0 && !x->log ? PALE_GREY : GRID, 0, 0);
		/* The topmost label has the unit: it stays where others give way. */
		if (!top && (last - y < TICK_SIZE + 1 || y - highest < TICK_SIZE + 1))
			continue;
		frame_text(&l->f, top || unit == 0 ? right : right - unit, y + 4, TICK_SIZE, false, ANCHOR_END, GREY,
		    tick_text(l, x, i));
		last = y;
	}
	if (l->n_panes > 1 && l->pane[pane].want.title.n > 0)
		frame_text(&l->f, p->plot_x, l->pane[pane].y - 8, NOTE_SIZE, true, ANCHOR_START, INK,
		    words_fit(l->pane[pane].want.title, l->f.fonts, NOTE_SIZE, true, p->plot_w, &l->f.p->arena));
}

/* Pale bands between thresholds lie under everything. */
static void
draw_rule_bands(struct plot *l)
{
	const struct chart *c = l->c;
	size_t i, k;

	for (i = 0; i < c->n_rules; i++) {
		const struct chart_rule *r = &c->rule[i];
		double next = INFINITY, y0, y1;
		const struct plot_pane *p = &l->pane[r->pane];

		if (!r->band)
			continue;
		for (k = 0; k < c->n_rules; k++)
			if (c->rule[k].pane == r->pane && c->rule[k].value > r->value)
				next = fmin(next, c->rule[k].value);
		y1 = p->y + (1 - axis_at(&p->axis, r->value, true)) * p->h;
		y0 = next == INFINITY ? p->y : p->y + (1 - axis_at(&p->axis, next, true)) * p->h;
		if (y1 > y0)
			frame_rect(&l->f, PRIM_RECT, l->box->x, y0, l->box->x + l->box->w, y1, (r->colour & 0xFFFFFF00u) | 0x1C);
	}
}

static void
draw_rules(struct plot *l)
{
	const struct chart *c = l->c;
	size_t i, k;

	for (i = 0; i < c->n_rules; i++) {
		const struct chart_rule *r = &c->rule[i];
		double at = axis_at(&l->pane[r->pane].axis, r->value, false), y = plot_y(l, r->pane, r->value), w;
		struct box box;
		struct sv text;

		if (r->band || !isfinite(r->value) || at < -0.001 || at > 1.001)
			continue;
		frame_rule(&l->f, l->box->x, y, l->box->x + l->box->w, y, 1.25, style_legible(r->colour, 3), RULE_DASH, 3);
		if (r->label.n == 0)
			continue;
		text = words_fit(r->label, l->f.fonts, NOTE_SIZE, true, l->box->w / 2, &l->f.p->arena);
		w = fonts_width(l->f.fonts, text, NOTE_SIZE, true);
		box = text_box(l->box->x + l->box->w - w - 6, l->box->x + l->box->w - 2, y - 5, NOTE_SIZE);
		if (y - l->pane[r->pane].y < 16)
			box = text_box(box.x0, box.x1, y + 13, NOTE_SIZE);
		for (k = 0; k < l->f.texts.n && !boxes_meet(l->f.texts.v[k], box); k++)
			;
		if (k < l->f.texts.n)
			continue;
		frame_text(&l->f, box.x0, box.y1 - 0.22 * NOTE_SIZE, NOTE_SIZE, true, ANCHOR_START, style_legible(r->colour, 4.5), text);
		l->f.p->prim[l->f.p->n - 1].halo = true;
	}
}

static void
place_panes(struct plot *l)
{
	struct picture *p = l->f.p;
	double weights = 0, y = p->plot_y, room = p->plot_h - BETWEEN_PANES * (double)(l->n_panes - 1);
	size_t i;

	if (l->n_panes > 1) /* for the title of the first */
		y += 12, room -= 12;
	for (i = 0; i < l->n_panes; i++)
		weights += l->pane[i].want.weight > 0 ? l->pane[i].want.weight : 1;
	for (i = 0; i < l->n_panes; i++) {
		l->pane[i].y = round(y);
		l->pane[i].h = floor(room * (l->pane[i].want.weight > 0 ? l->pane[i].want.weight : 1) / weights);
		if (i + 1 == l->n_panes)
			l->pane[i].h = p->plot_y + p->plot_h - l->pane[i].y;
		y += l->pane[i].h + BETWEEN_PANES;
		*l->pane[i].box = (struct prim_box){p->plot_x, l->pane[i].y, p->plot_w, l->pane[i].h};
	}
	l->box = arena_new(&p->arena, 1, sizeof(*l->box));
	*l->box = (struct prim_box){p->plot_x, p->plot_y, p->plot_w, p->plot_h};
}

static void
draw_all(struct plot *l, const struct notes *notes, double notes_at)
{
	size_t i;

	draw_rule_bands(l);
	if (l->c->x == X_TIME)
		frame_draw_bands(&l->f);
	for (i = 0; i < l->n_panes; i++)
		draw_grid(l, i);
	plot_x_axis(l);
	for (i = 0; i < l->n_panes; i++)
		if (l->pane[i].n_stacked > 1)
			plot_draw_stack(l, i);
	/* The first series is the one that matters: it lies on top. */
	for (i = l->c->n_series; i > 0; i--)
		if (!plot_stacked(l, i - 1))
			plot_draw_series(l, i - 1);
	if (l->c->x == X_TIME)
		frame_draw_flags(&l->f);
	plot_legend_draw(l);
	draw_rules(l);
	frame_draw_notes(&l->f, notes, notes_at, l->f.p->plot_y + l->f.p->plot_h / 2 + 10);
	plot_draw_peak(l);
	plot_draw_beyond(l);
}

static void
lay_out(struct plot *l)
{
	struct picture *p = l->f.p;
	struct notes notes = {.unlabelled = 0};
	bool compact = p->height < COMPACT;
	double top = compact ? 34 : 50, bottom = 44, left = 0, right, notes_at;
	size_t i;

	if (l->c->subtitle.n == 0 && !compact)
		top = 34;
	measure_values(l);
	make_axes(l, p->height - top - bottom - 20);
	make_x(l);
	for (i = 0; i < l->n_panes; i++)
		left = fmax(left, ticks_width(l, &l->pane[i].axis));
	left = ceil(fmax(compact ? 30 : LEAST_LEFT, EDGE + left + 8));
	right = ceil(fmax(compact ? EDGE : LEAST_RIGHT, plot_legend_measure(l)));
	p->plot_x = left;
	p->plot_w = fmax(20, floor(p->width - left - right));
	if (l->c->x == X_TIME)
		frame_place_notes(&l->f, &notes);
	/* In a picture this low the plot comes first, then the legend, then the notes. */
	if (p->height - top - bottom - 16 * (double)l->legend_rows - 18 - (notes.key.n > 0 ? 16 : 0) < LEAST_PLOT) {
		notes.note.n = 0;
		notes.key = SV("");
	}
	if (l->legend_rows > 0 && p->height - top - bottom - 16 * (double)l->legend_rows - 18 < LEAST_PLOT) {
		l->legend_rows = 0;
		l->n_shown = 0;
	}
	if (l->legend_rows > 0) {
		l->legend_y = top + 10;
		top += 16 * (double)l->legend_rows + 2;
	}
	notes_at = top + 9;
	if (notes.note.n > 0 || l->c->n_bands > 0 || l->c->n_flags > 0)
		top += 18;
	else
		top += 4;
	bottom += (l->c->footer.n > 0 && !compact ? 16 : 0) + (notes.key.n > 0 ? 16 : 0);
	p->plot_y = round(top);
	p->plot_h = fmax(20, floor(p->height - p->plot_y - bottom));
	place_panes(l);
	plot_find_peak(l);
	draw_all(l, &notes, notes_at);
	frame_titles(&l->f, l->c->title, compact ? SV("") : l->c->subtitle, compact ? SV("") : l->c->footer);
	if (notes.key.n > 0)
		frame_text(&l->f, EDGE, p->height - (l->c->footer.n > 0 && !compact ? 25 : 10), NOTE_SIZE, false, ANCHOR_START,
		    GREY, notes.key);
	vec_free(&notes.note);
}

/* Bounds of a time axis that can be drawn: a single instant gets half an hour on both sides. */
static bool
set_times(struct plot *l)
{
	double from = l->c->from, to = l->c->to;
	size_t i;

	if (!(from <= to)) {
		from = INFINITY;
		to = -INFINITY;
		for (i = 0; i < l->c->n_series; i++) {
			const struct chart_data *d = &l->c->series[i].data;

			if (d->n > 0) {
				from = fmin(from, d->point[0].x);
				to = fmax(to, d->point[d->n - 1].x);
			}
		}
	}
	if (!(from <= to) || from < (double)(time_days(1, 1, 2) * TIME_DAY) || to > (double)(time_days(9999, 12, 30) * TIME_DAY))
		return false;
	l->f.from = (int64_t)from;
	l->f.to = (int64_t)to;
	if (l->f.from == l->f.to) {
		l->f.from -= TIME_HOUR / 2;
		l->f.to += TIME_HOUR / 2;
	}
	return true;
}

static void
find_gaps(struct plot *l)
{
	const struct chart_data **d = mem_new(l->c->n_series, sizeof(*d));
	struct chart_gap *gap;
	size_t i;

	for (i = 0; i < l->c->n_series; i++)
		d[i] = &l->c->series[i].data;
	l->f.n_gaps = chart_gaps(d, l->c->n_series, l->f.from, l->f.to, &l->f.p->arena, &gap);
	l->f.gap = gap;
	mem_free(d);
}

void
layout_plot(const struct chart *c, struct fonts *fonts, struct picture *p)
{
	struct plot l = {.c = c, .f = {.p = p, .fonts = fonts, .band = c->band, .n_bands = c->n_bands, .flag = c->flag,
	    .n_flags = c->n_flags}};
	size_t i, points = 0;

	for (i = 0; i < c->n_series; i++)
		points += c->series[i].data.n;
	set_panes(&l);
	p->width = c->width > 0 ? c->width : WIDTH;
	p->height = c->height > 0 ? c->height : HEIGHT + PANE_HEIGHT * (double)(l.n_panes - 1);
	if (points == 0 || (c->x == X_TIME && !set_times(&l))) {
		layout_nothing(c, fonts, p, c->n_series == 0 ? "no series" : "no sample in the time shown");
		return;
	}
	set_colours(&l);
	if (c->x == X_TIME)
		find_gaps(&l);
	lay_out(&l);
	vec_free(&l.f.texts);
	vec_free(&l.drawn);
}
