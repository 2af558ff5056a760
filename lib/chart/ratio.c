#include "chart/ratio.h"

#include <math.h>

#include "base/num.h"
#include "base/time.h"
#include "chart/words.h"

#define WIDTH 760
#define HEIGHT 330
#define TOP 68       /* title 24, subtitle 42, labels 59 */
#define TITLE_AT 24
#define SUBTITLE_AT 42
#define NOTES_AT 59
#define BOTTOM 44    /* two rows below the axis */
#define FOOTER_ROW 16
#define KEY_ROW 16
#define LEAST_LEFT 44
#define LEAST_RIGHT 28
#define TICK_SPACE 8 /* between two labels of the time axis */
#define PER_TICK 90  /* pixels of the time axis */

bool
boxes_meet(struct box a, struct box b)
{
	return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
}

struct box
text_box(double x0, double x1, double y, double size)
{
	/* Inter's capitals are 0.73 of the size high, its descenders 0.2 deep. */
	return (struct box){x0, y - 0.76 * size, x1, y + 0.22 * size};
}

double
ratio_x(const struct ratio_layout *l, int64_t t)
{
	const struct chart_ratio *c = l->d.c;
	int64_t in = t < c->from ? c->from : t > c->to ? c->to : t;

	return l->p->plot_x + (double)(in - c->from) / (double)(c->to - c->from) * l->p->plot_w;
}

double
ratio_y(const struct ratio_layout *l, double value)
{
	double low = scale_low(&l->values), v = value > 1 ? 1 : value < low ? low : value;

	return l->p->plot_y + (1 - v) / (1 - low) * l->p->plot_h;
}

void
ratio_text(struct ratio_layout *l, double x, double y, double size, bool bold, enum prim_anchor anchor,
    uint32_t rgba, struct sv text)
{
	double w = fonts_width(l->fonts, text, size, bold);
	double x0 = x - (anchor == ANCHOR_END ? w : anchor == ANCHOR_MIDDLE ? w / 2 : 0);
	struct prim *q;

	if (text.n == 0)
		return;
	q = picture_add(l->p, PRIM_TEXT);
	q->x = x;
	q->y = y;
	q->size = size;
	q->bold = bold;
	q->anchor = anchor;
	q->rgba = rgba;
	q->text = text;
	*vec_add(&l->texts) = text_box(x0, x0 + w, y, size);
}

void
ratio_rule(struct ratio_layout *l, double x0, double y0, double x1, double y1, double width, uint32_t rgba,
    double dash, double space)
{
	struct prim_point *point = arena_new(&l->p->arena, 2, sizeof(*point));
	struct prim *q = picture_add(l->p, PRIM_LINE);

	point[0] = (struct prim_point){x0, y0};
	point[1] = (struct prim_point){x1, y1};
	q->point = point;
	q->n = 2;
	q->width = width;
	q->rgba = rgba;
	q->dash = dash;
	q->space = space;
}

static void
draw_texts(struct ratio_layout *l)
{
	const struct chart_ratio *c = l->d.c;
	struct arena *a = &l->p->arena;
	double room = l->p->width - 2 * EDGE;

	ratio_text(l, EDGE, TITLE_AT, 16, true, ANCHOR_START, INK, words_fit(c->title, l->fonts, 16, true, room, a));
	ratio_text(l, EDGE, SUBTITLE_AT, TEXT_SIZE, false, ANCHOR_START, GREY,
	    words_fit(c->subtitle, l->fonts, TEXT_SIZE, false, room, a));
	ratio_text(l, EDGE, l->p->height - 9, FOOTER_SIZE, false, ANCHOR_START, PALE_GREY,
	    words_fit(c->footer, l->fonts, FOOTER_SIZE, false, room, a));
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

	return sv_of(arena_fmt(&l->p->arena, "%s", num_fixed(scale_tick(&l->values, i), l->values.decimals, buf)));
}

/* The width of the labels left of the plot: numbers, the topmost with its unit. */
static double
value_labels_width(const struct ratio_layout *l)
{
	return fonts_width(l->fonts, tick_text(l, 0), TICK_SIZE, false) +
	    fonts_width(l->fonts, SV(" %"), TICK_SIZE, false);
}

static void
draw_values(struct ratio_layout *l)
{
	const struct picture *p = l->p;
	double unit = fonts_width(l->fonts, SV(" %"), TICK_SIZE, false), right = p->plot_x - 8;
	int i;

	for (i = 0; i <= l->values.intervals; i++) {
		double y = p->plot_y + p->plot_h * i / l->values.intervals;
		struct sv text = tick_text(l, i);

		if (i < l->values.intervals)
			ratio_rule(l, p->plot_x, y, p->plot_x + p->plot_w, y, 0.75, GRID, 0, 0);
		if (i == 0)
			ratio_text(l, right, y + 4, TICK_SIZE, false, ANCHOR_END, GREY,
			    sv_of(arena_fmt(&l->p->arena, "%" SV_FMT " %%", SV_ARG(text))));
		else
			ratio_text(l, right - unit, y + 4, TICK_SIZE, false, ANCHOR_END, GREY, text);
	}
}

static double
label_width(const struct ratio_layout *l, const char *label)
{
	return fonts_width(l->fonts, sv_of(label), TICK_SIZE, false);
}

static bool
ticks_fit(const struct ratio_layout *l, const struct scale_time *tick, size_t n)
{
	size_t i;

	for (i = 1; i < n; i++)
		if (ratio_x(l, tick[i].t) - ratio_x(l, tick[i - 1].t) <
		    (label_width(l, tick[i].label) + label_width(l, tick[i - 1].label)) / 2 + TICK_SPACE)
			return false;
	return true;
}

/* Centred below x, but within the canvas and right of what is already in the row, which ends at *end. */
static void
draw_below(struct ratio_layout *l, double x, double y, const char *text, double *end)
{
	double w = label_width(l, text), most = l->p->width - 4 - w, at = fmin(x - w / 2, most);

	at = fmax(at, *end + TICK_SPACE); /* the row starts at EDGE */
	if (at > most)
		return;
	ratio_text(l, at, y, TICK_SIZE, false, ANCHOR_START, GREY, sv_of(text));
	*end = at + w;
}

static void
draw_times(struct ratio_layout *l)
{
	const struct picture *p = l->p;
	double want = p->plot_w / PER_TICK, bottom = p->plot_y + p->plot_h, clock_end = EDGE - TICK_SPACE,
	    date_end = EDGE - TICK_SPACE;
	struct scale_time *tick;
	size_t n, i;

	do {
		n = scale_times(l->d.c->from, l->d.c->to, want, &l->p->arena, &tick);
		want *= 0.75;
	} while (want > 1 && !ticks_fit(l, tick, n));
	ratio_rule(l, p->plot_x, bottom, p->plot_x + p->plot_w, bottom, 1, PALE_GREY, 0, 0);
	for (i = 0; i < n; i++) {
		double x = ratio_x(l, tick[i].t);

		ratio_rule(l, x, bottom, x, bottom + 4, 1, PALE_GREY, 0, 0);
		draw_below(l, x, bottom + 16, tick[i].label, &clock_end);
		if (tick[i].date != NULL)
			draw_below(l, x, bottom + 30, tick[i].date, &date_end);
	}
}

static struct sv
objective_label(const struct ratio_layout *l)
{
	struct arena *a = &l->p->arena;
	struct sv text = words_clean(l->d.c->objective_text, a);

	if (isnan(l->d.objective))
		return SV("");
	if (text.n == 0)
		text = sv_of(words_percent(l->d.objective, NAN, a));
	return words_fit(sv_of(arena_fmt(a, "objective %" SV_FMT, SV_ARG(text))), l->fonts, NOTE_SIZE, true, 160, a);
}

static void
lay_out(struct ratio_layout *l)
{
	struct picture *p = l->p;
	struct notes notes = {.unlabelled = 0};
	struct sv objective;
	double left, right, bottom = BOTTOM;

	l->values = value_scale(&l->d);
	objective = objective_label(l);
	left = ceil(fmax(LEAST_LEFT, EDGE + value_labels_width(l) + 8));
	right = ceil(fmax(LEAST_RIGHT, fonts_width(l->fonts, objective, NOTE_SIZE, true) + 20));
	p->plot_x = left;
	p->plot_w = p->width - left - right;
	ratio_place_notes(l, &notes);
	bottom += (l->d.c->footer.n > 0 ? FOOTER_ROW : 0) + (notes.key.n > 0 ? KEY_ROW : 0);
	p->plot_y = TOP;
	p->plot_h = p->height - TOP - bottom;
	ratio_trace(l);

	ratio_draw_bands(l);
	draw_values(l);
	draw_times(l); /* before the line: at 0 % it lies on the axis and must be seen */
	ratio_draw_line(l);
	ratio_draw_flags(l);
	draw_texts(l);
	if (!isnan(l->d.objective))
		ratio_text(l, p->plot_x + p->plot_w + 8, ratio_y(l, l->d.objective) + 4, NOTE_SIZE, true, ANCHOR_START,
		    RED, objective);
	ratio_draw_notes(l, &notes, NOTES_AT);
	ratio_text(l, EDGE, p->height - (l->d.c->footer.n > 0 ? 9 + KEY_ROW : 10), NOTE_SIZE, false, ANCHOR_START,
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
	struct picture *p = l->p;
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
	ratio_rule(l, x0, y0, x1, y0, 1, DASHED, 4, 3);
	ratio_rule(l, x0, y1, x1, y1, 1, DASHED, 4, 3);
	ratio_rule(l, x0, y0, x0, y1, 1, DASHED, 4, 3);
	ratio_rule(l, x1, y0, x1, y1, 1, DASHED, 4, 3);
	draw_texts(l);
	ratio_text(l, x0 + p->plot_w / 2, middle - 4, 16, true, ANCHOR_MIDDLE, GREY, SV("no evidence"));
	ratio_text(l, x0 + p->plot_w / 2, middle + 16, TEXT_SIZE, false, ANCHOR_MIDDLE, GREY,
	    sv_of(why_nothing(&l->d, a)));
	if (l->d.axis)
		ratio_text(l, x0 + p->plot_w / 2, middle + 34, NOTE_SIZE, false, ANCHOR_MIDDLE, GREY,
		    sv_of(arena_fmt(a, "%s to %s", time_text(l->d.c->from, from), time_text(l->d.c->to, to))));
}

int
chart_ratio_layout(const struct chart_ratio *c, struct fonts *f, struct picture *p, struct err *e)
{
	struct ratio_layout l = {.fonts = f, .p = p};

	if (f == NULL)
		return err_set(e, ERR_USAGE, "a chart needs fonts");
	p->width = WIDTH;
	p->height = HEIGHT;
	ratio_data_make(&l.d, c, &p->arena);
	p->title = words_clean(c->title, &p->arena);
	p->alt = ratio_alt(&l.d, &p->arena);
	if (l.d.known > 0)
		lay_out(&l);
	else
		lay_out_nothing(&l);
	vec_free(&l.line);
	vec_free(&l.texts);
	return 0;
}
