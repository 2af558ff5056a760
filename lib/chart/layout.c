#include "chart/layouts.h"

#include <math.h>
#include <string.h>

#include "base/time.h"
#include "chart/words.h"

#define WIDTH 760
#define HEIGHT 330
#define LOW 120       /* pictures lower than this have a small title and nothing else */
#define COMPACT 200
#define LINE_ROW 16

double
layout_head(struct frame *f, const struct chart *c)
{
	bool small = f->p->height < COMPACT;

	if (c->title.n == 0 && c->subtitle.n == 0)
		return 10;
	if (f->p->height < LOW) {
		frame_text(f, EDGE, 18, 12, true, ANCHOR_START, INK,
		    words_fit(c->title, f->fonts, 12, true, f->p->width - 2 * EDGE, &f->p->arena));
		return 26;
	}
	frame_titles(f, c->title, small ? SV("") : c->subtitle, small ? SV("") : c->footer);
	return small || c->subtitle.n == 0 ? 36 : 54;
}

double
layout_foot(const struct chart *c, const struct picture *p)
{
	return p->height - (c->footer.n > 0 && p->height >= COMPACT ? 28 : 10);
}

/* How many bytes of v fit into width: up to a blank, or a piece of a word that is too long alone. */
static size_t
line_length(struct fonts *f, struct sv v, double size, double width)
{
	size_t fits = 0, i = 0;

	while (i < v.n) {
		size_t end = i + 1;

		while (end < v.n && v.p[end] != ' ')
			end++;
		if (fonts_width(f, sv_head(v, end), size, false) > width)
			break;
		fits = i = end;
	}
	if (fits > 0)
		return fits;
	for (i = 1; i <= v.n; i++)
		if ((i == v.n || ((unsigned char)v.p[i] & 0xc0) != 0x80)) {
			if (fonts_width(f, sv_head(v, i), size, false) > width)
				break;
			fits = i;
		}
	return fits > 0 ? fits : v.n;
}

size_t
layout_lines(struct fonts *f, struct sv text, double size, double width, size_t most, struct arena *a, struct sv **out)
{
	struct sv rest = text, line;
	size_t n = 0;

	*out = arena_new(a, most, sizeof(**out));
	while (n < most && sv_split(&rest, '\n', &line)) {
		line = words_clean(sv_ends(line, "\r") ? sv_head(line, line.n - 1) : line, a);
		do {
			size_t fits = line.n == 0 ? 0 : line_length(f, line, size, width);

			if (n == most)
				return n;
			(*out)[n++] = sv_head(line, fits);
			line = sv_from(line, fits);
			while (line.n > 0 && *line.p == ' ')
				line = sv_from(line, 1);
		} while (line.n > 0);
	}
	return n;
}

static void
centred_lines(struct frame *f, double y, double bottom, struct sv text)
{
	struct sv *line;
	size_t most = (size_t)fmax(1, (bottom - y) / LINE_ROW + 1), n, i;

	n = layout_lines(f->fonts, text, TEXT_SIZE, f->p->width - 4 * EDGE, most > 12 ? 12 : most, &f->p->arena, &line);
	for (i = 0; i < n; i++)
		frame_text(f, f->p->width / 2, y + LINE_ROW * (double)i, TEXT_SIZE, false, ANCHOR_MIDDLE, GREY, line[i]);
}

static void
layout_missing(const struct chart *c, struct fonts *fonts, struct picture *p, struct sv head, struct sv why)
{
	struct frame f = {.p = p, .fonts = fonts};
	double y0, y1, middle;

	y0 = layout_head(&f, c);
	y1 = layout_foot(c, p);
	p->plot_x = EDGE;
	p->plot_y = y0;
	p->plot_w = p->width - 2 * EDGE;
	p->plot_h = y1 - y0;
	if (y1 - y0 > 30)
		frame_dashed_box(&f, EDGE, y0, p->width - EDGE, y1);
	middle = y0 + (y1 - y0) / 2 - (why.n > 2 * 90 ? 12 : 0);
	frame_text(&f, p->width / 2, middle - 2, p->height < LOW ? 12 : 16, true, ANCHOR_MIDDLE, GREY, head);
	if (y1 - y0 > 44)
		centred_lines(&f, middle + 18, y1 - 6, why);
	vec_free(&f.texts);
}

void
layout_nothing(const struct chart *c, struct fonts *fonts, struct picture *p, const char *why)
{
	struct arena *a = &p->arena;
	char from[TIME_TEXT], to[TIME_TEXT];
	struct sv text;

	if (c->why.n > 0)
		why = arena_str(a, c->why);
	text = sv_of(why);
	if (c->x == X_TIME && c->from < c->to && fabs(c->from) < 2e14 && fabs(c->to) < 2e14)
		text = sv_of(arena_fmt(a, "%s\n%s to %s", why, time_text((int64_t)c->from, from), time_text((int64_t)c->to, to)));
	layout_missing(c, fonts, p, SV("no evidence"), text);
}

void
layout_text(const struct chart *c, struct fonts *fonts, struct picture *p)
{
	struct frame f = {.p = p, .fonts = fonts};
	struct sv *line;
	double y = layout_head(&f, c) + 12;
	size_t room, n, i;

	room = (size_t)fmax(1, (layout_foot(c, p) - y) / LINE_ROW + 1);
	n = layout_lines(fonts, c->text, TEXT_SIZE, p->width - 2 * EDGE, room, &p->arena, &line);
	for (i = 0; i < n; i++)
		frame_text(&f, EDGE, y + LINE_ROW * (double)i, TEXT_SIZE, false, ANCHOR_START, INK, line[i]);
	vec_free(&f.texts);
}

int
chart_layout(const struct chart *c, struct fonts *f, struct picture *p, struct err *e)
{
	if (f == NULL)
		return err_set(e, ERR_USAGE, "a chart needs fonts");
	if (c->width < 0 || c->width > PICTURE_MAX || c->height < 0 || c->height > PICTURE_MAX ||
	    (c->width > 0 && c->width < 80) || (c->height > 0 && c->height < 40))
		return err_set(e, ERR_USAGE, "a chart is 80 to %d pixels wide and 40 to %d high", PICTURE_MAX, PICTURE_MAX);
	p->width = c->width > 0 ? c->width : WIDTH;
	p->height = c->height > 0 ? c->height : HEIGHT;
	p->when = c->end;
	p->title = words_clean(c->title, &p->arena);
	p->alt = chart_alt(c, &p->arena);
	if (c->cannot.n > 0) {
		layout_missing(c, f, p, SV("cannot be shown"), c->cannot);
		return 0;
	}
	switch (c->kind) {
	case CHART_PLOT:
		layout_plot(c, f, p);
		break;
	case CHART_HEAT:
		layout_heat(c, f, p);
		break;
	case CHART_STATES:
		layout_states(c, f, p);
		break;
	case CHART_BARS:
		layout_bars(c, f, p);
		break;
	case CHART_STAT:
		layout_stat(c, f, p);
		break;
	case CHART_GAUGE:
		layout_gauge(c, f, p);
		break;
	case CHART_TABLE:
		layout_table(c, f, p);
		break;
	case CHART_TEXT:
		layout_text(c, f, p);
		break;
	case CHART_PAIRS:
		layout_pairs(c, f, p);
		break;
	}
	return 0;
}
