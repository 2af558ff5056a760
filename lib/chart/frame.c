#include "chart/frame.h"

#include <math.h>
#include <string.h>

#include "chart/scale.h"
#include "chart/words.h"

#define TITLE_AT 24
#define SUBTITLE_AT 42
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
frame_x(const struct frame *f, int64_t t)
{
	int64_t in = t < f->from ? f->from : t > f->to ? f->to : t;

	return f->p->plot_x + (double)(in - f->from) / (double)(f->to - f->from) * f->p->plot_w;
}

void
frame_text(struct frame *f, double x, double y, double size, bool bold, enum prim_anchor anchor,
    uint32_t rgba, struct sv text)
{
	double w = fonts_width(f->fonts, text, size, bold);
	double x0 = x - (anchor == ANCHOR_END ? w : anchor == ANCHOR_MIDDLE ? w / 2 : 0);
	struct prim *q;

	if (text.n == 0)
		return;
	q = picture_add(f->p, PRIM_TEXT);
	q->x = x;
	q->y = y;
	q->size = size;
	q->bold = bold;
	q->anchor = anchor;
	q->rgba = rgba;
	q->text = arena_sv(&f->p->arena, text); /* what it was made of may be gone before the picture */
	*vec_add(&f->texts) = text_box(x0, x0 + w, y, size);
}

void
frame_rule(struct frame *f, double x0, double y0, double x1, double y1, double width, uint32_t rgba,
    double dash, double space)
{
	struct prim_point *point = arena_new(&f->p->arena, 2, sizeof(*point));
	struct prim *q = picture_add(f->p, PRIM_LINE);

	point[0] = (struct prim_point){x0, y0};
	point[1] = (struct prim_point){x1, y1};
	q->point = point;
	q->n = 2;
	q->width = width;
	q->rgba = rgba;
	q->dash = dash;
	q->space = space;
}

void
frame_rect(struct frame *f, enum prim_kind kind, double x0, double y0, double x1, double y1, uint32_t rgba)
{
	struct prim *q = picture_add(f->p, kind);

	q->x = x0;
	q->y = y0;
	q->w = x1 - x0;
	q->h = y1 - y0;
	q->rgba = rgba;
}

void
frame_dot(struct frame *f, double x, double y, double size, uint32_t rgba)
{
	struct prim *q = picture_add(f->p, PRIM_MARK);

	q->mark = MARK_DOT;
	q->x = x;
	q->y = y;
	q->size = size;
	q->rgba = rgba;
}

void
frame_dashed_box(struct frame *f, double x0, double y0, double x1, double y1)
{
	frame_rule(f, x0, y0, x1, y0, 1, DASHED, 4, 3);
	frame_rule(f, x0, y1, x1, y1, 1, DASHED, 4, 3);
	frame_rule(f, x0, y0, x0, y1, 1, DASHED, 4, 3);
	frame_rule(f, x1, y0, x1, y1, 1, DASHED, 4, 3);
}

double
frame_width(const struct frame *f, const char *text, double size, bool bold)
{
	return fonts_width(f->fonts, sv_of(text), size, bold);
}

void
frame_titles(struct frame *f, struct sv title, struct sv subtitle, struct sv footer)
{
	struct arena *a = &f->p->arena;
	double room = f->p->width - 2 * EDGE;

	frame_text(f, EDGE, TITLE_AT, 16, true, ANCHOR_START, INK, words_fit(title, f->fonts, 16, true, room, a));
	frame_text(f, EDGE, SUBTITLE_AT, TEXT_SIZE, false, ANCHOR_START, GREY,
	    words_fit(subtitle, f->fonts, TEXT_SIZE, false, room, a));
	frame_text(f, EDGE, f->p->height - 9, FOOTER_SIZE, false, ANCHOR_START, PALE_GREY,
	    words_fit(footer, f->fonts, FOOTER_SIZE, false, room, a));
}

static bool
ticks_fit(const struct frame *f, const struct scale_time *tick, size_t n)
{
	size_t i;

	for (i = 1; i < n; i++)
		if (frame_x(f, tick[i].t) - frame_x(f, tick[i - 1].t) <
		    (frame_width(f, tick[i].label, TICK_SIZE, false) + frame_width(f, tick[i - 1].label, TICK_SIZE, false)) / 2 + TICK_SPACE)
			return false;
	return true;
}

/* Centred below x, but within the canvas and right of what is already in the row, which ends at *end. */
static void
draw_below(struct frame *f, double x, double y, const char *text, double *end)
{
	double w = frame_width(f, text, TICK_SIZE, false), most = f->p->width - 4 - w, at = fmin(x - w / 2, most);

	at = fmax(at, *end + TICK_SPACE); /* the row starts at EDGE */
	if (at > most)
		return;
	frame_text(f, at, y, TICK_SIZE, false, ANCHOR_START, GREY, sv_of(text));
	*end = at + w;
}

void
frame_times(struct frame *f)
{
	const struct picture *p = f->p;
	double want = p->plot_w / PER_TICK, bottom = p->plot_y + p->plot_h, clock_end = EDGE - TICK_SPACE,
	    date_end = EDGE - TICK_SPACE;
	struct scale_time *tick;
	size_t n, i;

	do {
		n = scale_times(f->from, f->to, want, &f->p->arena, &tick);
		want *= 0.75;
	} while (want > 1 && !ticks_fit(f, tick, n));
	frame_rule(f, p->plot_x, bottom, p->plot_x + p->plot_w, bottom, 1, PALE_GREY, 0, 0);
	for (i = 0; i < n; i++) {
		double x = frame_x(f, tick[i].t);

		frame_rule(f, x, bottom, x, bottom + 4, 1, PALE_GREY, 0, 0);
		draw_below(f, x, bottom + 16, tick[i].label, &clock_end);
		if (tick[i].date != NULL)
			draw_below(f, x, bottom + 30, tick[i].date, &date_end);
	}
}

