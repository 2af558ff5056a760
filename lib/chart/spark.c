/* A line of block characters a series: the highest value of each column, blanks where nothing was measured. */
#include <math.h>
#include <string.h>

#include "base/clean.h"
#include "base/mem.h"
#include "chart/model.h"

static size_t
characters(struct sv v)
{
	size_t i, n = 0;

	for (i = 0; i < v.n; i++)
		n += ((unsigned char)v.p[i] & 0xc0) != 0x80;
	return n;
}

static struct sv
first_characters(struct sv v, size_t n)
{
	size_t i;

	for (i = 0; i < v.n; i++)
		if (((unsigned char)v.p[i] & 0xc0) != 0x80 && n-- == 0)
			break;
	return sv_head(v, i);
}

static void
add_blocks(const struct chart_data *d, double from, double to, size_t columns, struct sb *out)
{
	static const char *const block[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	double *high = mem_new(columns, sizeof(*high)), low = INFINITY, most = -INFINITY;
	size_t i, k = 0;

	for (i = 0; i < columns; i++)
		high[i] = NAN;
	for (i = 0; i < d->n; i++) {
		double y = d->point[i].y;
		/* A sample stands up to the next one, if that is not further than an interval. */
		double x0 = d->point[i].x, x1 = x0 + d->interval;
		size_t a = to > from ? (size_t)fmax(0, fmin((double)columns - 1, (x0 - from) / (to - from) * (double)columns)) : 0;
		size_t b = to > from ? (size_t)fmax(0, fmin((double)columns, ceil((x1 - from) / (to - from) * (double)columns))) : 1;

		if (!isfinite(y))
			continue;
		if (k < d->n_cuts && d->cut[k] == i + 1) {
			b = a + 1;
			k++;
		}
		low = fmin(low, y);
		most = fmax(most, y);
		for (b = b > a ? b : a + 1; a < b && a < columns; a++)
			if (!(high[a] >= y))
				high[a] = y;
	}
	for (i = 0; i < columns; i++)
		sb_adds(out, isnan(high[i]) ? " " : block[most > low ? (size_t)fmin(7, (high[i] - low) / (most - low) * 8) : 0]);
	mem_free(high);
}

static void
add_numbers(const struct chart *c, const struct chart_series *s, struct arena *a, struct sb *out)
{
	const struct unit plain = {.factor = 1, .decimals = -1};
	const struct unit *u = c->n_panes > 0 ? &c->pane[s->pane].unit : &plain;
	double low = INFINITY, high = -INFINITY;
	size_t i;

	if (s->data.n == 0) {
		sb_adds(out, "no data");
		return;
	}
	for (i = 0; i < s->data.n; i++) {
		low = fmin(low, s->data.point[i].y);
		high = fmax(high, s->data.point[i].y);
	}
	sb_addf(out, "%" SV_FMT "..%" SV_FMT " last %" SV_FMT, SV_ARG(unit_text(u, low, c->end, a)),
	    SV_ARG(unit_text(u, high, c->end, a)), SV_ARG(unit_text(u, s->data.point[s->data.n - 1].y, c->end, a)));
}

void
chart_spark(const struct chart *c, int columns, struct sb *out)
{
	double from = c->from, to = c->to;
	size_t i, name = 0, number = 0, wide;
	struct arena a = {0};
	struct sb text = {0};

	if (!(from <= to)) {
		from = INFINITY, to = -INFINITY;
		for (i = 0; i < c->n_series; i++)
			if (c->series[i].data.n > 0) {
				from = fmin(from, c->series[i].data.point[0].x);
				to = fmax(to, c->series[i].data.point[c->series[i].data.n - 1].x);
			}
	}
	if (columns < 20)
		columns = 20;
	for (i = 0; i < c->n_series; i++) {
		size_t n;

		sb_reset(&text);
		clean_add(&text, c->series[i].name);
		n = characters(sb_sv(&text));
		name = n > name ? n : name;
		sb_reset(&text);
		add_numbers(c, &c->series[i], &a, &text);
		n = characters(sb_sv(&text));
		number = n > number ? n : number;
	}
	name = name > (size_t)columns / 3 ? (size_t)columns / 3 : name;
	wide = (size_t)columns > name + number + 4 + 8 ? (size_t)columns - name - number - 4 : 8;
	for (i = 0; i < c->n_series; i++) {
		struct sv label;
		size_t n;

		sb_reset(&text);
		clean_add(&text, c->series[i].name);
		label = first_characters(sb_sv(&text), name);
		sb_addv(out, label);
		for (n = characters(label); n < name + (name > 0 ? 2 : 0); n++)
			sb_addc(out, ' ');
		add_blocks(&c->series[i].data, from, to, wide, out);
		sb_adds(out, "  ");
		add_numbers(c, &c->series[i], &a, out);
		sb_addc(out, '\n');
	}
	sb_free(&text);
	arena_free(&a);
}
