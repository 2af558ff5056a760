/*
 * Tables, and the strip of criteria by checkpoint, whose states have a shape, a word and a colour.
 */
#include <math.h>

#include "chart/layouts.h"
#include "chart/words.h"

#define ROW 21
#define STRIP_ROW 26
#define HEAD_ROW 20
#define PAD 8
#define MOST_COLUMNS 24
#define MOST_CELL 260

struct tab {
	const struct chart_table *t;
	struct frame f;
	double x[MOST_COLUMNS + 1], want[MOST_COLUMNS];
	size_t n; /* columns that are shown */
};

static const struct chart_cell *
cell_at(const struct tab *m, size_t row, size_t column)
{
	return &m->t->cell[row * m->t->n_columns + column];
}

static struct sv
state_text(const struct chart_cell *c)
{
	static const char *const word[] = {[STATE_NONE] = "", [STATE_PASS] = "pass", [STATE_NEAR] = "near", [STATE_FAIL] = "fail",
	    [STATE_UNKNOWN] = "no evid.", [STATE_COLOUR] = ""};

	return c->text.n > 0 ? c->text : sv_of(word[c->state]);
}

/* Columns as wide as their contents where there is room, else the widest are cut. */
static void
set_columns(struct tab *m)
{
	double room = m->f.p->width - 2 * EDGE, sum = 0, most = MOST_CELL, at = EDGE;
	size_t i, k;

	m->n = m->t->n_columns > MOST_COLUMNS ? MOST_COLUMNS : m->t->n_columns;
	for (i = 0; i < m->n; i++) {
		m->want[i] = fonts_width(m->f.fonts, words_clean(m->t->column[i], &m->f.p->arena), NOTE_SIZE, true);
		for (k = 0; k < m->t->n_rows && k < 200; k++)
			m->want[i] = fmax(m->want[i], fonts_width(m->f.fonts, words_clean(state_text(cell_at(m, k, i)), &m->f.p->arena),
			    TEXT_SIZE, false) + (m->t->strip ? 26 : 0));
		m->want[i] = fmin(m->want[i], MOST_CELL) + 2 * PAD;
	}
	if (m->t->strip && m->n > 1) {
		double first = fmin(m->want[0], room * 0.36), each = (room - first) / (double)(m->n - 1);

		m->want[0] = first;
		for (i = 1; i < m->n; i++)
			m->want[i] = each;
	}
	for (most = MOST_CELL + 2 * PAD; most > 30; most *= 0.93) {
		for (i = 0, sum = 0; i < m->n; i++)
			sum += fmin(m->want[i], most);
		if (sum <= room)
			break;
	}
	for (i = 0; i < m->n; i++)
		m->want[i] = fmin(m->want[i], most);
	while (m->n > 1 && sum > room) /* no room even so */
		sum -= m->want[--m->n];
	for (i = 0; i <= m->n; i++) {
		m->x[i] = at;
		if (i < m->n)
			at += m->want[i] + (m->t->strip ? 0 : fmin(60, fmax(0, room - sum) / (double)m->n));
	}
}

static void
draw_state(struct tab *m, const struct chart_cell *c, double x0, double y0, double x1, double y1)
{
	static const uint32_t fill[] = {[STATE_PASS] = PASS_FILL, [STATE_NEAR] = NEAR_FILL, [STATE_FAIL] = RED},
			      ink[] = {[STATE_PASS] = PASS_TEXT, [STATE_NEAR] = NEAR_TEXT, [STATE_FAIL] = PAPER};
	struct frame *f = &m->f;
	struct sv text = words_fit(state_text(c), f->fonts, NOTE_SIZE, false, x1 - x0 - 20, &f->p->arena);
	double w = fonts_width(f->fonts, text, NOTE_SIZE, false), mid = (y0 + y1) / 2;
	bool sign = c->state != STATE_UNKNOWN && w + 22 <= x1 - x0;
	double at = (x0 + x1 - w - (sign ? 13 : 0)) / 2;
	struct prim *q;

	if (c->state == STATE_UNKNOWN) {
		frame_dashed_box(f, x0, y0, x1, y1);
		text = words_fit(state_text(c), f->fonts, NOTE_SIZE, false, x1 - x0 - 4, &f->p->arena);
		frame_text(f, (x0 + x1) / 2, mid + 4, NOTE_SIZE, false, ANCHOR_MIDDLE, GREY, text);
		return;
	}
	frame_rect(f, PRIM_RECT, x0, y0, x1, y1, fill[c->state]);
	if (sign && c->state == STATE_NEAR) {
		frame_text(f, at + 3, mid + 4, NOTE_SIZE, true, ANCHOR_START, ink[c->state], SV("!"));
	} else if (sign) {
		q = picture_add(f->p, PRIM_MARK);
		q->mark = c->state == STATE_PASS ? MARK_TICK : MARK_CROSS;
		q->x = at;
		q->y = mid + 4.5;
		q->size = 9;
		q->rgba = ink[c->state];
	}
	frame_text(f, at + (sign ? 13 : 0), mid + 4, NOTE_SIZE, c->state == STATE_FAIL, ANCHOR_START, ink[c->state], text);
}

static void
draw_cell(struct tab *m, const struct chart_cell *c, size_t column, double y, double row)
{
	double x0 = m->x[column], x1 = x0 + m->want[column];
	struct frame *f = &m->f;
	uint32_t ink = INK;
	struct sv text;

	if (c->state != STATE_NONE && c->state != STATE_COLOUR) {
		draw_state(m, c, x0 + 3, y + 2.5, x1 - 3, y + row - 2.5);
		return;
	}
	if (c->state == STATE_COLOUR) {
		frame_rect(f, PRIM_RECT, x0 + 1, y + 1.5, x1 - 1, y + row - 1.5, (c->colour & 0xFFFFFF00u) | 0x40);
	}
	if (c->share > 0)
		frame_rect(f, PRIM_RECT, x0 + PAD, y + row - 4, x0 + PAD + fmin(1, c->share) * (x1 - x0 - 2 * PAD), y + row - 2, NAVY);
	text = words_fit(c->text, f->fonts, TEXT_SIZE, false, x1 - x0 - 2 * PAD + 1, &f->p->arena);
	frame_text(f, c->number ? x1 - PAD : x0 + (column == 0 && m->t->strip ? 0 : PAD), y + row / 2 + 4, TEXT_SIZE, false,
	    c->number ? ANCHOR_END : ANCHOR_START, ink, text);
}

void
layout_table(const struct chart *c, struct fonts *fonts, struct picture *p)
{
	const struct chart_table *t = &c->table;
	struct tab m = {.t = t, .f = {.p = p, .fonts = fonts}};
	double row = t->strip ? STRIP_ROW : ROW, y, foot;
	size_t i, k, n = t->n_rows;

	p->width = c->width > 0 ? c->width : 760;
	p->height = c->height > 0 ? c->height : fmin(92 + row * (double)t->n_rows, 2000);
	if (t->n_columns == 0 || t->n_rows == 0) {
		layout_nothing(c, fonts, p, "no rows");
		return;
	}
	y = layout_head(&m.f, c) + 12;
	foot = layout_foot(c, p);
	set_columns(&m);
	for (i = 0; i < m.n; i++) {
		bool right = cell_at(&m, 0, i)->number, middle = t->strip && i > 0;
		double w = m.want[i];

		frame_text(&m.f, middle ? m.x[i] + w / 2 : right ? m.x[i] + w - PAD : m.x[i] + (t->strip ? 0 : PAD), y, NOTE_SIZE, !t->strip,
		    middle ? ANCHOR_MIDDLE : right ? ANCHOR_END : ANCHOR_START, GREY,
		    words_fit(t->column[i], fonts, NOTE_SIZE, !t->strip, w - (t->strip ? 2 : 2 * PAD) + 1, &p->arena));
	}
	y += 6;
	if (!t->strip)
		frame_rule(&m.f, EDGE, y, p->width - EDGE, y, 1, PALE_GREY, 0, 0);
	if ((double)n * row > foot - y)
		n = (size_t)fmax(0, (foot - y - 16) / row);
	p->plot_x = EDGE;
	p->plot_y = y;
	p->plot_w = p->width - 2 * EDGE;
	p->plot_h = row * (double)n;
	for (k = 0; k < n; k++) {
		for (i = 0; i < m.n; i++)
			draw_cell(&m, cell_at(&m, k, i), i, y + row * (double)k, row);
		if (!t->strip && k + 1 < n)
			frame_rule(&m.f, EDGE, y + row * (double)(k + 1), p->width - EDGE, y + row * (double)(k + 1), 0.75, GRID, 0, 0);
	}
	if (n < t->n_rows || m.n < t->n_columns)
		frame_text(&m.f, EDGE, y + row * (double)n + 13, NOTE_SIZE, false, ANCHOR_START, GREY,
		    sv_of(arena_fmt(&p->arena, "%zu of %zu rows%s", n, t->n_rows,
		    m.n < t->n_columns ? arena_fmt(&p->arena, ", %zu of %zu columns", m.n, t->n_columns) : "")));
	vec_free(&m.f.texts);
}
