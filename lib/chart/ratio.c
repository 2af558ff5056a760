#include "chart/ratio.h"

#include <math.h>

#include "base/num.h"
#include "base/time.h"
#include "chart/words.h"

#define WIDTH 760
#define HEIGHT 330
#define TOP 68       /* title 24, subtitle 42, labels 59 */
#define NOTES_AT 59
#define BOTTOM 44    /* two rows below the axis */
#define FOOTER_ROW 16
#define KEY_ROW 16
#define LEAST_LEFT 44
#define LEAST_RIGHT 28

double
ratio_y(const struct ratio_layout *l, double value)
{
	double low = scale_low(&l->values), v = value > 1 ? 1 : value < low ? low : value;

	return l->f.p->plot_y + (1 - v) / (1 - low) * l->f.p->plot_h;
}

static struct scale_values
value_scale(const struct ratio_data *d)
{
	double low = d->step[d->lowest].value, objective = d->objective;

	if (!isnan(objective))
		low = fmin(low, objective - 4 * (1 - objective));
	else
		low -= (1 - low) / 4; /* the lowest point is not the floor */
	/* Nothing but 100 %: an axis that could have shown something else. */
	return scale_percent(low < 1 ? low : 0.99);
}

static struct sv
tick_text(const struct ratio_layout *l, int i)
{
	char buf[NUM_TEXT];

	return sv_of(arena_fmt(&l->f.p->arena, "%s", num_fixed(scale_tick(&l->values, i), l->values.decimals, buf)));
}

/* The width of the labels left of the plot: numbers, the topmost with its unit. */
static double
value_labels_width(const struct ratio_layout *l)
{
	return fonts_width(l->f.fonts, tick_text(l, 0), TICK_SIZE, false) +
	    fonts_width(l->f.fonts, SV(" %"), TICK_SIZE, false);
}

static void
draw_values(struct ratio_layout *l)
{
	const struct picture *p = l->f.p;
	double unit = fonts_width(l->f.fonts, SV(" %"), TICK_SIZE, false), right = p->plot_x - 8;
	int i;

	for (i = 0; i <= l->values.intervals; i++) {
		double y = p->plot_y + p->plot_h * i / l->values.intervals;
		struct sv text = tick_text(l, i);

		if (i < l->values.intervals)
			frame_rule(&l->f, p->plot_x, y, p->plot_x + p->plot_w, y, 0.75, GRID, 0, 0);
		if (i == 0)
			frame_text(&l->f, right, y + 4, TICK_SIZE, false, ANCHOR_END, GREY,
			    sv_of(arena_fmt(&l->f.p->arena, "%" SV_FMT " %%", SV_ARG(text))));
		else
			frame_text(&l->f, right - unit, y + 4, TICK_SIZE, false, ANCHOR_END, GREY, text);
	}
}

static struct sv
objective_label(const struct ratio_layout *l)
{
	struct arena *a = &l->f.p->arena;
	struct sv text = words_clean(l->d.c->objective_text, a);

	if (isnan(l->d.objective))
		return SV("");
	if (text.n == 0)
		text = sv_of(words_percent(l->d.objective, NAN, a));
	return words_fit(sv_of(arena_fmt(a, "objective %" SV_FMT, SV_ARG(text))), l->f.fonts, NOTE_SIZE, true, 160, a);
}

/* Between two lines of the grid, and away from the objective. */
static double
inside_baseline(const struct ratio_layout *l)
{
	double row = l->f.p->plot_h / l->values.intervals, level = ratio_y(l, l->d.objective), y = 0;
	int i;

	for (i = l->values.intervals / 2; i >= 0; i--) {
		y = l->f.p->plot_y + (i + 0.5) * row + 4;
		if (!(fabs(level - (y - 4)) < NOTE_SIZE))
			break;
	}
	return y;
}

static void
lay_out(struct ratio_layout *l)
{
	struct picture *p = l->f.p;
	struct notes notes = {.unlabelled = 0};
	struct sv objective;
	double left, right, bottom = BOTTOM;

	l->values = value_scale(&l->d);
	objective = objective_label(l);
	left = ceil(fmax(LEAST_LEFT, EDGE + value_labels_width(l) + 8));
	right = ceil(fmax(LEAST_RIGHT, fonts_width(l->f.fonts, objective, NOTE_SIZE, true) + 20));
	p->plot_x = left;
	p->plot_w = p->width - left - right;
	frame_place_notes(&l->f, &notes);
	bottom += (l->d.c->footer.n > 0 ? FOOTER_ROW : 0) + (notes.key.n > 0 ? KEY_ROW : 0);
	p->plot_y = TOP;
	p->plot_h = p->height - TOP - bottom;
	ratio_trace(l);

	frame_draw_bands(&l->f);
	draw_values(l);
	frame_times(&l->f); /* before the line: at 0 % it lies on the axis and must be seen */
	ratio_draw_line(l);
	frame_draw_flags(&l->f);
	frame_titles(&l->f, l->d.c->title, l->d.c->subtitle, l->d.c->footer);
	if (!isnan(l->d.objective))
		frame_text(&l->f, p->plot_x + p->plot_w + 8, ratio_y(l, l->d.objective) + 4, NOTE_SIZE, true, ANCHOR_START,
		    RED, objective);
	frame_draw_notes(&l->f, &notes, NOTES_AT, inside_baseline(l));
	frame_text(&l->f, EDGE, p->height - (l->d.c->footer.n > 0 ? 9 + KEY_ROW : 10), NOTE_SIZE, false, ANCHOR_START,
	    GREY, notes.key);
	ratio_draw_lowest(l, NOTES_AT);
	vec_free(&notes.note);
}

static const char *
why_nothing(const struct ratio_data *d, struct arena *a)
{
	if (!d->axis)
		return "the run has no length";
	if (d->n == 0)
		return "no interval of the run was measured";
	if (d->n == 1)
		return "the one interval of the run has no known rate";
	return arena_fmt(a, "none of the %zu intervals has a known rate", d->n);
}

/* Not an empty axis, which looks like a fault of the chart, but the finding itself. */
static void
lay_out_nothing(struct ratio_layout *l)
{
	struct picture *p = l->f.p;
	struct arena *a = &p->arena;
	double x0, y0, x1, y1, middle;
	char from[TIME_TEXT], to[TIME_TEXT];

	p->plot_x = x0 = EDGE;
	p->plot_y = y0 = TOP;
	p->plot_w = p->width - 2 * EDGE;
	p->plot_h = p->height - TOP - (l->d.c->footer.n > 0 ? 32 : 16);
	x1 = x0 + p->plot_w;
	y1 = y0 + p->plot_h;
	middle = y0 + p->plot_h / 2;
	frame_dashed_box(&l->f, x0, y0, x1, y1);
	frame_titles(&l->f, l->d.c->title, l->d.c->subtitle, l->d.c->footer);
	frame_text(&l->f, x0 + p->plot_w / 2, middle - 4, 16, true, ANCHOR_MIDDLE, GREY, SV("no evidence"));
	frame_text(&l->f, x0 + p->plot_w / 2, middle + 16, TEXT_SIZE, false, ANCHOR_MIDDLE, GREY,
	    sv_of(why_nothing(&l->d, a)));
	if (l->d.axis)
		frame_text(&l->f, x0 + p->plot_w / 2, middle + 34, NOTE_SIZE, false, ANCHOR_MIDDLE, GREY,
		    sv_of(arena_fmt(a, "%s to %s", time_text(l->d.c->from, from), time_text(l->d.c->to, to))));
}

int
chart_ratio_layout(const struct chart_ratio *c, struct fonts *f, struct picture *p, struct err *e)
{
	struct ratio_layout l = {.f = {.p = p, .fonts = f, .from = c->from, .to = c->to, .band = c->band,
	    .n_bands = c->n_bands, .flag = c->flag, .n_flags = c->n_flags}};

	if (f == NULL)
		return err_set(e, ERR_USAGE, "a chart needs fonts");
	p->width = WIDTH;
	p->height = HEIGHT;
	ratio_data_make(&l.d, c, &p->arena);
	l.f.gap = l.d.gap;
	l.f.n_gaps = l.d.n_gaps;
	p->title = words_clean(c->title, &p->arena);
	p->alt = ratio_alt(&l.d, &p->arena);
	if (l.d.known > 0)
		lay_out(&l);
	else
		lay_out_nothing(&l);
	vec_free(&l.line);
	vec_free(&l.f.texts);
	return 0;
}
