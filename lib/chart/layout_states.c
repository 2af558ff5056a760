/*
 * Rows of states over time: height carries the state, colour repeats it; what is not known is left blank.
 */
#include <math.h>

#include "chart/layouts.h"
#include "chart/words.h"

#define ROW 26
#define LEAST_WIDTH 2

static const double level_height[] = {6, 11, 16};

static double
names_width(const struct chart *c, struct frame *f)
{
	double widest = 0, most = f->p->width * 0.3;
	size_t i;

	for (i = 0; i < c->n_state_rows; i++)
		widest = fmax(widest, fmin(fonts_width(f->fonts, words_clean(c->state_row[i], &f->p->arena), TEXT_SIZE, false), most));
	return widest;
}

static void
draw_span(const struct chart *c, struct frame *f, const struct chart_span *s, double row)
{
	double base = f->p->plot_y + ((double)s->row + 1) * row - row * 0.2, h = level_height[s->level < 0 || s->level > 2 ? 2 : s->level];
	double x0 = frame_x(f, s->from), x1 = fmax(frame_x(f, s->to), x0 + LEAST_WIDTH);

	if (s->to < c->from || s->from > c->to || s->row >= c->n_state_rows)
		return;
	h = fmin(h * row / ROW, row * 0.8);
	if (x1 - x0 > 3) /* daylight between neighbours */
		x1 -= 0.5;
	frame_rect(f, PRIM_RECT, x0, base - h, x1, base, s->colour);
}

/* Beside the span, over what is thin there; dropped where it would hide another label. */
static void
label_span(const struct chart *c, struct frame *f, const struct chart_span *s, double row)
{
	double base = f->p->plot_y + ((double)s->row + 1) * row - row * 0.2, x0, x1, w, at;
	struct sv text;
	struct box box;
	bool inside;
	size_t i;

	if (s->label.n == 0 || s->to < c->from || s->from > c->to || s->row >= c->n_state_rows)
		return;
	x0 = frame_x(f, s->from);
	x1 = fmax(frame_x(f, s->to), x0 + LEAST_WIDTH);
	text = words_fit(s->label, f->fonts, NOTE_SIZE, false, 220, &f->p->arena);
	w = fonts_width(f->fonts, text, NOTE_SIZE, false);
	inside = s->level == 2 && w + 8 <= x1 - x0;
	at = inside ? x0 + 4 : x1 + 5;
	if (!inside && at + w > f->p->plot_x + f->p->plot_w)
		at = x0 - 5 - w;
	if (!inside && at < f->p->plot_x)
		return;
	box = text_box(at - 2, at + w + 2, base - (inside ? 4.5 : 8), NOTE_SIZE);
	for (i = 0; i < f->texts.n; i++)
		if (boxes_meet(f->texts.v[i], box))
			return;
	for (i = 0; i < c->n_spans && !inside; i++)
		if (c->span[i].row == s->row && c->span[i].level > 0 && &c->span[i] != s &&
		    frame_x(f, c->span[i].from) < at + w && frame_x(f, c->span[i].to) > at)
			return;
	frame_text(f, at, base - (inside ? 4.5 : 8), NOTE_SIZE, false, ANCHOR_START,
	    inside ? (style_wants_white(s->colour) ? PAPER : INK) : style_legible(s->colour, 4.5), text);
}

void
layout_states(const struct chart *c, struct fonts *fonts, struct picture *p)
{
	struct frame f = {.p = p, .fonts = fonts, .band = c->band, .n_bands = c->n_bands, .flag = c->flag, .n_flags = c->n_flags,
	    .from = (int64_t)c->from, .to = (int64_t)c->to};
	struct notes notes = {.unlabelled = 0};
	double top, bottom = 44, row;
	size_t i;

	p->width = c->width > 0 ? c->width : 760;
	p->height = c->height > 0 ? c->height : fmin(140 + ROW * (double)c->n_state_rows, PICTURE_MAX);
	if (c->n_state_rows == 0 || c->n_spans == 0 || f.from >= f.to) {
		layout_nothing(c, fonts, p, c->n_state_rows == 0 ? "no series" : "no state is known in the time shown");
		return;
	}
	p->plot_x = ceil(EDGE + names_width(c, &f) + 10);
	p->plot_w = floor(p->width - p->plot_x - 28);
	frame_place_notes(&f, &notes);
	top = layout_head(&f, c) + (notes.note.n > 0 || c->n_bands > 0 || c->n_flags > 0 ? 16 : 2);
	bottom += (c->footer.n > 0 && p->height >= 200 ? 16 : 0) + (notes.key.n > 0 ? 16 : 0) + (c->state_key.n > 0 ? 16 : 0);
	p->plot_y = top;
	p->plot_h = fmax(10, p->height - top - bottom);
	row = p->plot_h / (double)c->n_state_rows;
	frame_draw_bands(&f);
	for (i = 0; i < c->n_state_rows && row >= 9; i++) {
		double size = fmin(TEXT_SIZE, row * 0.8);

		frame_text(&f, p->plot_x - 10, p->plot_y + ((double)i + 1) * row - row * 0.2 - 1, size, false, ANCHOR_END, INK,
		    words_fit(c->state_row[i], fonts, size, false, p->plot_x - 10 - EDGE + 1, &p->arena));
	}
	for (i = 0; i < c->n_spans; i++)
		draw_span(c, &f, &c->span[i], row);
	for (i = 0; i < c->n_spans && row >= 14; i++)
		label_span(c, &f, &c->span[i], row);
	frame_times(&f);
	frame_draw_flags(&f);
	frame_draw_notes(&f, &notes, top - 7, 0);
	bottom = p->height - (c->footer.n > 0 && p->height >= 200 ? 25 : 10);
	if (c->state_key.n > 0) {
		frame_text(&f, p->plot_x, bottom, NOTE_SIZE, false, ANCHOR_START, GREY,
		    words_fit(c->state_key, fonts, NOTE_SIZE, false, p->width - p->plot_x - EDGE, &p->arena));
		bottom -= 16;
	}
	if (notes.key.n > 0)
		frame_text(&f, EDGE, bottom, NOTE_SIZE, false, ANCHOR_START, GREY, notes.key);
	vec_free(&notes.note);
	vec_free(&f.texts);
}
