/*
 * Which line is which: names at the ends of the lines where there is room, else rows of names above the plot.
 */
#include <math.h>
#include <stdlib.h>

#include "chart/plot.h"
#include "chart/words.h"

#define LABEL_ROW 14   /* of labels at the ends */
#define LEGEND_ROW 16
#define MOST_ROWS 3
#define SWATCH 14
#define BETWEEN 16
#define NAME_WIDTH 170 /* no wider than this at the ends */

static bool
is_shown(const struct plot *l, size_t i)
{
	return !l->c->series[i].quiet && l->c->series[i].name.n > 0;
}

/* Where a series' line ends, as a value. */
static bool
last_of(const struct chart_series *s, struct chart_point *out)
{
	if (s->data.n == 0)
		return false;
	*out = s->data.point[s->data.n - 1];
	return true;
}

static struct sv
note_of(const struct plot *l, size_t i)
{
	const struct chart_series *s = &l->c->series[i];
	double most = -INFINITY;
	size_t k;

	if (s->note.n > 0)
		return s->note;
	for (k = 0; k < s->data.n; k++)
		most = s->data.point[k].y > most ? s->data.point[k].y : most;
	if (s->data.n == 0)
		return SV("no data");
	return sv_of(arena_fmt(&l->f.p->arena, "max %" SV_FMT, SV_ARG(plot_value(l, s->pane, most))));
}

static struct sv
name_of(const struct plot *l, size_t i, double width)
{
	return words_fit(l->c->series[i].name, l->f.fonts, TEXT_SIZE, true, width, &l->f.p->arena);
}

double
plot_legend_measure(struct plot *l)
{
	double widest = 0, x = EDGE, room = l->f.p->width * 0.3;
	size_t i;

	l->n_shown = 0;
	for (i = 0; i < l->c->n_series; i++)
		l->n_shown += is_shown(l, i);
	if (l->n_shown == 0 || l->c->no_legend)
		return 0;
	/* About as many rows as the panes are high. */
	l->direct = l->n_shown <= DIRECT_MOST && l->f.p->width >= 520 &&
	    (double)l->n_shown * LABEL_ROW / (double)l->n_panes <= (l->f.p->height - 130) / (double)l->n_panes + LABEL_ROW;
	for (i = 0; i < l->c->n_series && l->direct; i++) {
		double name, note;

		if (!is_shown(l, i))
			continue;
		name = fonts_width(l->f.fonts, name_of(l, i, NAME_WIDTH), TEXT_SIZE, true);
		note = fonts_width(l->f.fonts, note_of(l, i), NOTE_SIZE, false);
		widest = fmax(widest, name + 6 + note);
		if (widest > room)
			widest = fmax(fmin(widest, room), name);
	}
	if (l->direct)
		return widest + 20;
	l->legend_rows = 1;
	for (i = 0; i < l->c->n_series; i++) {
		double w;

		if (!is_shown(l, i))
			continue;
		w = SWATCH + fonts_width(l->f.fonts, name_of(l, i, NAME_WIDTH), NOTE_SIZE, false) + BETWEEN;
		if (x + w > l->f.p->width - EDGE && x > EDGE) {
			x = EDGE;
			l->legend_rows++;
		}
		x += w;
	}
	if (l->legend_rows > MOST_ROWS)
		l->legend_rows = MOST_ROWS;
	return 0;
}

static void
draw_rows(struct plot *l)
{
	double x = EDGE, y = l->legend_y;
	size_t i, row = 1, shown = 0;

	for (i = 0; i < l->c->n_series; i++) {
		double w, last = row == l->legend_rows ? 70 : 0;
		struct sv name;

		if (!is_shown(l, i))
			continue;
		name = words_fit(l->c->series[i].name, l->f.fonts, NOTE_SIZE, false,
		    fmin(NAME_WIDTH, l->f.p->width - 2 * EDGE - SWATCH), &l->f.p->arena);
		w = SWATCH + fonts_width(l->f.fonts, name, NOTE_SIZE, false) + BETWEEN;
		if (shown + 1 == l->n_shown)
			last = 0;
		if (x + w - BETWEEN > l->f.p->width - EDGE - last && x > EDGE) {
			if (row == l->legend_rows) {
				frame_text(&l->f, x, y, NOTE_SIZE, false, ANCHOR_START, GREY,
				    sv_of(arena_fmt(&l->f.p->arena, "+ %zu more", l->n_shown - shown)));
				return;
			}
			row++;
			x = EDGE;
			y += LEGEND_ROW;
		}
		frame_rule(&l->f, x, y - 4, x + SWATCH - 4, y - 4, 3, l->colour[i], l->dashed[i] ? 3 : 0, l->dashed[i] ? 1.5 : 0);
		frame_text(&l->f, x + SWATCH, y, NOTE_SIZE, false, ANCHOR_START, GREY, name);
		x += w;
		shown++;
	}
}

struct end_label {
	size_t series;
	double want, y;
};

static int
by_height(const void *a, const void *b)
{
	const struct end_label *x = a, *y = b;

	if (x->want != y->want)
		return x->want < y->want ? -1 : 1;
	return (x->series > y->series) - (x->series < y->series);
}

/* Pool adjacent violators: the least moving that keeps the order and LABEL_ROW between them, within [low, high]. */
static void
push_apart(struct end_label *v, size_t n, double low, double high)
{
	struct {
		double sum;
		size_t n, first;
	} block[DIRECT_MOST + 1];
	size_t blocks = 0, i, k;

	for (i = 0; i < n; i++) {
		block[blocks].sum = v[i].want - (double)i * LABEL_ROW;
		block[blocks].n = 1;
		block[blocks++].first = i;
		while (blocks > 1 && block[blocks - 1].sum / (double)block[blocks - 1].n <
		    block[blocks - 2].sum / (double)block[blocks - 2].n) {
			block[blocks - 2].sum += block[blocks - 1].sum;
			block[blocks - 2].n += block[blocks - 1].n;
			blocks--;
		}
	}
	for (k = 0; k < blocks; k++)
		for (i = block[k].first; i < block[k].first + block[k].n; i++) {
			double base = block[k].sum / (double)block[k].n, most = high - (double)(n - 1) * LABEL_ROW;

			base = base > most ? most : base;
			base = base < low ? low : base;
			v[i].y = base + (double)i * LABEL_ROW;
		}
}

/* Upper edge of a stacked series' band at its right end. */
static double
stacked_end(const struct plot *l, size_t i)
{
	const struct chart_series *s = &l->c->series[i];
	double x = s->data.point[s->data.n - 1].x, sum = 0, own = 0, all = 0;
	size_t k;

	for (k = 0; k < l->c->n_series; k++) {
		const struct chart_series *o = &l->c->series[k];
		double v;

		if (o->pane != s->pane || !plot_stacked(l, k) || o->data.n == 0 || o->data.point[o->data.n - 1].x != x)
			continue;
		v = o->data.point[o->data.n - 1].y;
		all += fabs(v);
		if (k < i)
			sum += v;
		if (k == i)
			own = v;
	}
	sum += own / 2;
	return l->pane[s->pane].want.percent && all > 0 ? sum / all : sum;
}

static void
draw_ends(struct plot *l, size_t pane)
{
	const struct picture *p = l->f.p;
	struct end_label v[DIRECT_MOST];
	double x = p->plot_x + p->plot_w + 8, room = p->width - x - 4;
	size_t n = 0, i;

	for (i = 0; i < l->c->n_series && n < DIRECT_MOST; i++) {
		const struct chart_series *s = &l->c->series[i];
		struct chart_point last = {0, 0};

		if (!is_shown(l, i) || s->pane != pane)
			continue;
		v[n].series = i;
		v[n].want = l->pane[pane].y + l->pane[pane].h;
		if (last_of(s, &last))
			v[n].want = plot_y(l, pane, plot_stacked(l, i) ? stacked_end(l, i) : last.y);
		v[n].want = fmin(fmax(v[n].want, l->pane[pane].y), l->pane[pane].y + l->pane[pane].h);
		n++;
	}
	if (n == 0)
		return;
	qsort(v, n, sizeof(*v), by_height);
	push_apart(v, n, l->pane[pane].y + 2, l->pane[pane].y + l->pane[pane].h);
	for (i = 0; i < n; i++) {
		struct sv name = name_of(l, v[i].series, fmin(NAME_WIDTH, room)), note = note_of(l, v[i].series);
		double w = fonts_width(l->f.fonts, name, TEXT_SIZE, true);

		frame_text(&l->f, x, v[i].y + 4, TEXT_SIZE, true, ANCHOR_START, style_series_text(l->colour[v[i].series]), name);
		if (w + 6 + fonts_width(l->f.fonts, note, NOTE_SIZE, false) <= room)
			frame_text(&l->f, x + w + 6, v[i].y + 4, NOTE_SIZE, false, ANCHOR_START, GREY, note);
	}
}

void
plot_legend_draw(struct plot *l)
{
	size_t pane;

	if (l->n_shown == 0 || l->c->no_legend)
		return;
	if (!l->direct) {
		draw_rows(l);
		return;
	}
	for (pane = 0; pane < l->n_panes; pane++)
		draw_ends(l, pane);
}
