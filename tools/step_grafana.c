#include "step_grafana.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/time.h"

#define MOST_JSON ((size_t)64 << 20)
#define COLUMNS 24
#define SHEET_WIDTH 1464
#define UNIT_WIDTH (SHEET_WIDTH / COLUMNS) /* of the dashboard's grid, in logical pixels */
#define UNIT_HEIGHT 38
#define SHEET_TOP 64
#define BETWEEN 8
#define ROW_HEIGHT 34

#define PAGE_HEIGHT 12000 /* of the sheet: one that is taller continues in index-2.png */

/* What stands on the sheet: a panel's picture, or a row's heading. */
struct part {
	struct picture picture;
	double x, y, h;
};

struct page {
	struct dash d;
	VEC(struct dash_panel) panel; /* rows among them */
	struct chart marks;           /* what happened meanwhile */
	VEC(char *) names;            /* files written so far */
	double height;                /* of the sheet */
	VEC(struct part) parts;
	size_t count[3];
};

static const char *const outcome_name[] = {[OUTCOME_RENDERED] = "rendered", [OUTCOME_PARTLY] = "partly", [OUTCOME_REFUSED] = "refused"};

/* --- which panels, and where ----------------------------------------------------------------------- */

/* To pixels: rows are thinner than other panels. */
static void
to_pixels(struct page *g)
{
	double y = SHEET_TOP, last = 0;
	size_t i, start = 0;

	for (i = 0; i <= g->panel.n; i++) {
		bool row = i < g->panel.n && sv_is(g->panel.v[i].panel->type, "row");
		double base = INFINITY, bottom = y;
		size_t k;

		if (i < g->panel.n && !row)
			continue;
		for (k = start; k < i; k++)
			base = fmin(base, g->panel.v[k].y);
		for (k = start; k < i; k++) {
			struct dash_panel *p = &g->panel.v[k];

			p->y = y + (p->y - base) * UNIT_HEIGHT;
			p->x = BETWEEN + p->x * UNIT_WIDTH;
			p->w = p->w * UNIT_WIDTH - BETWEEN;
			p->h = p->h * UNIT_HEIGHT - BETWEEN;
			bottom = fmax(bottom, p->y + p->h + BETWEEN);
		}
		y = bottom;
		if (row) {
			g->panel.v[i].y = y;
			g->panel.v[i].x = BETWEEN;
			g->panel.v[i].w = SHEET_WIDTH - BETWEEN;
			g->panel.v[i].h = ROW_HEIGHT - BETWEEN;
			y += ROW_HEIGHT;
		}
		start = i + 1;
		last = y;
	}
	g->height = last + 24;
}

static void
place_panels(struct page *g)
{
	size_t i, n;
	struct gf_place *place = gf_place_all(&g->d.d, &n);

	for (i = 0; i < n; i++) {
		struct dash_panel *p = vec_add(&g->panel);

		*p = (struct dash_panel){.panel = place[i].panel, .x = place[i].x, .y = place[i].y, .w = place[i].w, .h = place[i].h};
		if (place[i].left_out > 0)
			dash_say(p, OUTCOME_PARTLY, "it repeats for %zu more values, which are not drawn", place[i].left_out);
	}
	to_pixels(g);
}

/* --- what becomes of them ------------------------------------------------------------------------------ */

static bool
is_row(const struct dash_panel *p)
{
	return sv_is(p->panel->type, "row");
}

static struct sv
title_of(struct page *g, const struct dash_panel *p)
{
	struct gf_scope scope = {.d = &g->d.d, .panel = p->panel, .from = g->d.o->ask.q.start, .to = g->d.o->ask.q.end, .interval = g->d.scrape,
	    .scrape = g->d.scrape};
	struct sv title = gf_expand(&scope, p->panel->title, false, &g->d.d.arena, NULL);

	/* Where a repeated panel's title does not say which it is. */
	if (p->panel->repeat.n > 0 && p->panel->scope_value.n > 0 && sv_find(title, p->panel->scope_value) == title.n)
		title = sv_of(arena_fmt(&g->d.d.arena, "%" SV_FMT " (%" SV_FMT ")", SV_ARG(title), SV_ARG(p->panel->scope_value)));
	return title;
}

static const char *
file_name(struct page *g, const struct dash_panel *p)
{
	struct arena *a = &g->d.d.arena;
	char *name = arena_fmt(a, "panel-%lld", (long long)(p->panel->id > 0 ? p->panel->id : 0));
	size_t i, copy = 1;
	const char *stem = name;

	for (i = 0; i < g->names.n; i++)
		if (strcmp(g->names.v[i], name) == 0) {
			name = arena_fmt(a, "%s-%zu", stem, ++copy);
			i = (size_t)-1;
		}
	*vec_add(&g->names) = name;
	return name;
}

/* "one value each 15 s", "... 15 s to 5 min": as the panel's queries were asked. */
static struct sv
distances(const struct dash_panel *p, struct arena *a)
{
	const struct chart *c = &p->chart;
	char least[TIME_TEXT], most[TIME_TEXT];
	double low = INFINITY, high = 0;
	size_t i;

	for (i = 0; i < c->n_series; i++) {
		low = fmin(low, c->series[i].data.interval);
		high = fmax(high, c->series[i].data.interval);
	}
	if (!(low > 0 && low <= high))
		low = high = (double)p->step;
	return low == high ? sv_of(arena_fmt(a, "one value each %s", time_length_text((int64_t)low, least))) :
			     sv_of(arena_fmt(a, "one value each %s to %s", time_length_text((int64_t)low, least), time_length_text((int64_t)high, most)));
}

/* A refused panel is drawn, too: with the reason in its place. */
static void
finish_chart(struct page *g, struct dash_panel *p, struct arena *a)
{
	struct chart *c = &p->chart;

	c->title = p->title;
	c->width = fmax(p->w, 120);
	c->height = fmax(c->height, fmax(p->h, 60));
	c->end = g->d.has_data ? g->d.o->ask.q.end : TIME_NONE;
	if (c->from == 0 && c->to == 0 && c->x == X_TIME) {
		c->from = (double)g->d.o->ask.q.start;
		c->to = (double)g->d.o->ask.q.end;
	}
	c->id = sv_of(arena_fmt(a, "panel/%lld", (long long)p->panel->id));
	c->why = arena_sv(a, sb_sv(&p->reason));
	if (p->outcome == OUTCOME_REFUSED)
		c->cannot = arena_sv(a, sb_sv(&p->reason));
	else if (p->outcome == OUTCOME_PARTLY)
		c->subtitle = sv_of(arena_fmt(a, "partly: %s", sb_str(&p->reason)));
	else if (c->kind == CHART_PLOT && c->x == X_TIME && c->n_series > 0)
		c->subtitle = distances(p, a);
	if (c->x == X_TIME && (c->kind == CHART_PLOT || c->kind == CHART_HEAT || c->kind == CHART_STATES)) {
		c->band = g->marks.band;
		c->n_bands = g->marks.n_bands;
		c->flag = g->marks.flag;
		c->n_flags = g->marks.n_flags;
	}
}

static int
draw_panel(struct page *g, struct dash_panel *p, struct arena *a, struct err *e)
{
	struct step_draw *draw = &g->d.o->draw;
	struct picture picture = {.n = 0};
	struct sb out = {0};
	const char *folder = g->d.o->folder;
	int format = draw->format < 0 ? FORMAT_PNG : draw->format, rc;
	const char *path = arena_fmt(a, "%s/%s.%s", folder, file_name(g, p), step_format_ending(format));

	if (draw->fonts == NULL && (draw->fonts = fonts_open(e)) == NULL)
		return -1;
	finish_chart(g, p, a);
	rc = chart_layout(&p->chart, draw->fonts, &picture, e);
	if (rc == 0 && format != FORMAT_JSON)
		rc = step_paint(draw, &picture, format, &out, e);
	if (rc == 0 && format != FORMAT_JSON)
		rc = io_write_file(path, sb_sv(&out), e);
	if (rc == 0) {
		sb_reset(&out);
		chart_json(&p->chart, &picture, &out);
		rc = io_write_file(arena_fmt(a, "%.*s.json", (int)(strrchr(path, '.') - path), path), sb_sv(&out), e);
	}
	sb_free(&out);
	if (rc == 0)
		*vec_add(&g->parts) = (struct part){picture, p->x, p->y, p->h};
	else
		picture_free(&picture);
	return rc;
}

static void
add_text(struct picture *p, double x, double y, double size, bool bold, uint32_t rgba, struct sv text)
{
	struct prim *q = picture_add(p, PRIM_TEXT);

	q->x = x;
	q->y = y;
	q->size = size;
	q->bold = bold;
	q->rgba = rgba;
	q->text = text;
}

static void
draw_heading(struct page *g, const struct dash_panel *p)
{
	struct part *part = vec_add(&g->parts);

	*part = (struct part){.x = p->x, .y = p->y, .h = p->h};
	add_text(&part->picture, 4, 20, 14, true, INK, p->title);
}

static void
say_coverage(const struct dash_panel *p)
{
	struct sb title = {0}, type = {0};

	clean_add(&title, p->title);
	clean_add(&type, p->panel->type);
	printf("%lld\t%s\t%s\t%s\t%s\n", (long long)p->panel->id, sb_str(&title), sb_str(&type), outcome_name[p->outcome], sb_str(&p->reason));
	sb_free(&title);
	sb_free(&type);
}

/* Is the panel there that this one was saved as a repetition of? */
static bool
source_of_copy(const struct page *g, const struct gf_panel *copy)
{
	size_t i;

	for (i = 0; i < g->d.d.n_panels; i++)
		if (g->d.d.panel[i].id == copy->copy_of && g->d.d.panel[i].repeat.n > 0)
			return true;
	return false;
}

static int
do_panel(struct page *g, struct dash_panel *p, struct err *e)
{
	struct gf_frames frames;
	struct arena a = {0};
	const char *refused;
	int rc = 0;

	p->title = title_of(g, p);
	if (is_row(p)) {
		if (g->d.o->folder != NULL)
			draw_heading(g, p);
	} else {
		if (p->panel->library)
			dash_say(p, OUTCOME_REFUSED, "a library panel: its body is on the server, not in the dashboard");
		refused = gf_refused_type(p->panel->type);
		if (refused != NULL && !p->panel->library)
			dash_say(p, OUTCOME_REFUSED, "%s", refused);
		if (p->panel->copy_of > 0 && source_of_copy(g, p->panel))
			dash_say(p, OUTCOME_REFUSED, "saved as a repetition of panel %lld, which is repeated anew", (long long)p->panel->copy_of);
		frames = (struct gf_frames){.arena = &a};
		if (p->outcome != OUTCOME_REFUSED && !sv_is(p->panel->type, "text"))
			rc = dash_frames(&g->d, p, &a, &frames, e);
		if (rc == 0 && p->outcome != OUTCOME_REFUSED)
			dash_chart(&g->d, p, &a, &frames);
		if (rc == 0 && g->d.o->folder != NULL)
			rc = draw_panel(g, p, &g->d.d.arena, e);
	}
	g->count[p->outcome] += !is_row(p);
	if (rc == 0 && g->d.o->coverage)
		say_coverage(p);
	arena_free(&a);
	return rc;
}

static int
write_page(struct page *g, struct picture *sheet, int number, struct err *e)
{
	const struct step_draw *draw = &g->d.o->draw;
	int format = draw->format < 0 || draw->format == FORMAT_JSON ? FORMAT_PNG : draw->format, rc;
	struct step_draw own = *draw;
	struct arena *a = &sheet->arena;
	struct sb out = {0};

	if (sheet->height * own.scale > 30000)
		own.scale = fmax(1, floor(30000 / sheet->height));
	rc = step_paint(&own, sheet, format, &out, e);
	if (rc == 0)
		rc = io_write_file(number == 1 ? arena_fmt(a, "%s/index.%s", g->d.o->folder, step_format_ending(format)) :
			arena_fmt(a, "%s/index-%d.%s", g->d.o->folder, number, step_format_ending(format)), sb_sv(&out), e);
	sb_free(&out);
	return rc;
}

/* The first page has the dashboard's title; a panel is never cut: what does not fit begins the next page. */
static int
write_sheet(struct page *g, struct err *e)
{
	struct step_draw *draw = &g->d.o->draw;
	char from[TIME_TEXT], to[TIME_TEXT];
	double top = 0;
	size_t i = 0;
	int number = 0, rc = 0;

	if (draw->fonts == NULL && (draw->fonts = fonts_open(e)) == NULL)
		return -1;
	do {
		struct picture sheet = {.width = SHEET_WIDTH + BETWEEN, .title = g->d.d.title, .when = g->d.has_data ? g->d.o->ask.q.end : TIME_NONE};
		struct arena *a = &sheet.arena;
		double bottom = top + SHEET_TOP;

		number++;
		sheet.alt = sv_of(arena_fmt(a, "Dashboard %" SV_FMT ": %zu panels rendered, %zu partly, %zu refused", SV_ARG(g->d.d.title), g->count[0],
		    g->count[1], g->count[2]));
		if (number == 1) {
			add_text(&sheet, 12, 30, 20, true, INK, g->d.d.title);
			add_text(&sheet, 12, 50, 11.5, false, GREY, g->d.has_data && g->d.o->ask.dated ?
			    sv_of(arena_fmt(a, "%s to %s · %zu panels rendered, %zu partly, %zu refused", time_text(g->d.o->ask.q.start, from),
			    time_text(g->d.o->ask.q.end, to), g->count[0], g->count[1], g->count[2])) : SV("no data"));
		}
		for (; i < g->parts.n && (bottom == top + SHEET_TOP || g->parts.v[i].y + g->parts.v[i].h - top <= PAGE_HEIGHT); i++) {
			picture_place(&sheet, &g->parts.v[i].picture, g->parts.v[i].x, g->parts.v[i].y - top);
			bottom = fmax(bottom, g->parts.v[i].y + g->parts.v[i].h);
		}
		sheet.height = ceil(bottom - top + 24);
		rc = write_page(g, &sheet, number, e);
		picture_free(&sheet);
		if (i < g->parts.n)
			top = g->parts.v[i].y - BETWEEN;
	} while (rc == 0 && i < g->parts.n);
	return rc;
}

/* A store is there, or a server was named. Without one a dashboard can still be read: --coverage. */
static int
open_data(struct page *g, struct err *e)
{
	struct chart_opts *o = g->d.o;
	const char *db = tool_db(o->ask.db);

	g->d.scrape = 15 * TIME_SECOND;
	o->ask.usual_lookback = true;
	if (o->coverage && o->folder == NULL && o->ask.db == NULL && !step_server_is(db) && access(db, F_OK) != 0 && errno == ENOENT) {
		tool_note(o->tool, "%s: no such store: panels are read, not filled", db);
		return 0;
	}
	if (step_ask_open(&o->ask, e) < 0)
		return -1;
	g->d.has_data = true;
	if (o->ask.interval > 0)
		g->d.scrape = (o->ask.interval + TIME_SECOND / 2) / TIME_SECOND * TIME_SECOND;
	if (g->d.scrape <= 0)
		g->d.scrape = TIME_SECOND;
	return 0;
}

static int
do_all(struct page *g, struct err *e)
{
	struct chart_opts *o = g->d.o;
	struct sb json = {0};
	size_t i;
	int rc = io_read_file(o->grafana, MOST_JSON, &json, e);

	if (rc == 0)
		rc = gf_read(o->grafana, sb_sv(&json), &g->d.d, e);
	sb_free(&json);
	if (rc < 0 || open_data(g, e) < 0 || dash_vars(&g->d, e) < 0 || (o->folder != NULL && io_mkdirs(o->folder, e) < 0))
		return -1;
	if (g->d.has_data && o->ask.store != NULL && o->ask.dated && !o->no_events && o->folder != NULL &&
	    step_marks(o->ask.store, o->ask.q.start, o->ask.q.end, &g->d.d.arena, &g->marks, e) < 0)
		return -1;
	place_panels(g);
	for (i = 0; i < g->panel.n; i++)
		if (do_panel(g, &g->panel.v[i], e) < 0)
			return -1;
	return o->folder != NULL ? write_sheet(g, e) : 0;
}

int
chart_dashboard(struct chart_opts *o)
{
	struct page g = {.d = {.o = o}};
	struct err e = {0};
	int status = TOOL_PASS;
	size_t i;

	if (o->folder == NULL && !o->coverage)
		o->folder = ".";
	if (do_all(&g, &e) < 0)
		status = tool_fail(o->tool, &e);
	else if (!o->coverage) {
		tool_note(o->tool, "%zu panels rendered, %zu partly, %zu refused", g.count[0], g.count[1], g.count[2]);
		if (g.count[0] + g.count[1] == 0)
			status = TOOL_INCONCLUSIVE;
	}
	for (i = 0; i < g.parts.n; i++)
		picture_free(&g.parts.v[i].picture);
	for (i = 0; i < g.panel.n; i++)
		sb_free(&g.panel.v[i].reason);
	vec_free(&g.parts);
	vec_free(&g.panel);
	vec_free(&g.names);
	gf_free(&g.d.d);
	return status;
}
