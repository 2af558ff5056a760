#include "step_draw.h"

#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/time.h"
#include "tool.h"

static const char *const format_name[] = {[FORMAT_PNG] = "png", [FORMAT_SVG] = "svg", [FORMAT_PDF] = "pdf", [FORMAT_TEXT] = "text",
    [FORMAT_JSON] = "json"};

int
step_format(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(format_name) / sizeof(*format_name); i++)
		if (strcmp(name, format_name[i]) == 0)
			return (int)i;
	return strcmp(name, "txt") == 0 ? FORMAT_TEXT : -1;
}

const char *
step_format_ending(int format)
{
	return format == FORMAT_TEXT ? "txt" : format_name[format < 0 ? FORMAT_PNG : format];
}

void
step_draw_close(struct step_draw *d)
{
	fonts_close(d->fonts);
	d->fonts = NULL;
}

int
step_paint(struct step_draw *d, const struct picture *p, int format, struct sb *out, struct err *e)
{
	switch (format) {
	case FORMAT_SVG:
		picture_svg(p, d->fonts, d->theme, out);
		return 0;
	case FORMAT_PDF:
		return picture_pdf(p, d->fonts, d->theme, out, e);
	case FORMAT_TEXT:
		picture_text(p, out);
		return 0;
	default:
		return picture_png(p, d->fonts, d->theme, d->scale, out, e);
	}
}

int
step_format_of(const char *path)
{
	const char *dot = strrchr(path, '.');

	if (strcmp(path, "-") == 0)
		return FORMAT_PNG;
	return dot != NULL && strchr(dot, '/') == NULL ? step_format(dot + 1) : -1;
}

static int
write_json(const struct chart *c, const struct picture *p, const char *path, struct err *e)
{
	const char *dot = strrchr(path, '.');
	struct sb name = {0}, json = {0};
	int rc;

	chart_json(c, p, &json);
	sb_add(&name, path, dot != NULL && strchr(dot, '/') == NULL ? (size_t)(dot - path) : strlen(path));
	sb_adds(&name, ".json");
	rc = tool_write(strcmp(path, "-") == 0 ? "-" : sb_str(&name), sb_sv(&json), e);
	sb_free(&name);
	sb_free(&json);
	return rc;
}

int
step_draw(struct step_draw *d, const struct chart *c, const char *path, struct err *e)
{
	int format = d->format >= 0 ? d->format : step_format_of(path), rc;
	struct picture p = {.n = 0};
	struct sb out = {0};

	if (d->fonts == NULL && (d->fonts = fonts_open(e)) == NULL)
		return -1;
	rc = chart_layout(c, d->fonts, &p, e);
	if (rc == 0 && format != FORMAT_JSON) {
		rc = step_paint(d, &p, format, &out, e);
		if (rc == 0)
			rc = tool_write(path, sb_sv(&out), e);
	}
	if (rc == 0 && (format == FORMAT_JSON || strcmp(path, "-") != 0))
		rc = write_json(c, &p, path, e);
	sb_free(&out);
	picture_free(&p);
	return rc;
}

/* --- what happened meanwhile ------------------------------------------------------------------ */

struct marks {
	VEC(struct chart_band) band;
	VEC(struct chart_flag) flag;
	struct arena *a;
	int64_t from, to;
};

/* "CHAOS_MODE_ON" begins "CHAOS_MODE", "CHAOS_MODE_OFF" ends it; likewise START(ED), END(ED), BEGIN, STOP(PED). 1, -1, 0 neither. */
static int
edge_of(struct sv name, struct sv *stem)
{
	static const struct {
		const char *ending;
		int edge;
	} known[] = {{"_ON", 1}, {"_OFF", -1}, {"_STARTED", 1}, {"_START", 1}, {"_BEGIN", 1}, {"_ENDED", -1}, {"_END", -1},
	    {"_STOPPED", -1}, {"_STOP", -1}, {"_COMPLETED", -1}, {"_COMPLETE", -1}};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (sv_ends(name, known[i].ending)) {
			*stem = sv_head(name, name.n - strlen(known[i].ending));
			return known[i].edge;
		}
	return 0;
}

static void
add_band(struct marks *m, int64_t from, int64_t to, struct sv label)
{
	/* What lasts the whole time tells nothing. */
	if (to - from < (m->to - m->from) / 10 * 9 && to >= m->from && from <= m->to)
		*vec_add(&m->band) = (struct chart_band){from, to, arena_sv(m->a, label)};
}

static void
add_flag(struct marks *m, int64_t t, struct sv label)
{
	bool restart = sv_find(label, SV("RESTART")) < label.n || sv_find(label, SV("restart")) < label.n;

	if (t > m->from && t < m->to)
		*vec_add(&m->flag) = (struct chart_flag){t, restart ? FLAG_RESTART : FLAG_EVENT, arena_sv(m->a, restart ? SV("restart") : label)};
}

struct open_edge {
	struct sv stem, name;
	int64_t t;
	bool closed;
};
struct edges {
	struct open_edge *v;
	size_t n, cap;
};

static int
read_events(struct store *s, struct marks *m, struct err *e)
{
	struct store_rows *rows = store_events_open(s, e);
	struct edges open = {0};
	struct store_event ev;
	struct sv stem;
	size_t i;
	int rc, edge;

	if (rows == NULL)
		return -1;
	while ((rc = store_events_next(rows, &ev, e)) > 0) {
		struct sv name = ev.name.n > 0 ? ev.name : ev.kind;

		if (ev.t_end != TIME_NONE) {
			add_band(m, ev.t, ev.t_end, name);
			continue;
		}
		edge = edge_of(name, &stem);
		if (edge > 0) {
			*vec_add(&open) = (struct open_edge){arena_sv(m->a, stem), arena_sv(m->a, name), ev.t, false};
			continue;
		}
		for (i = open.n; edge < 0 && i > 0; i--)
			if (!open.v[i - 1].closed && sv_eq(open.v[i - 1].stem, stem))
				break;
		if (edge < 0 && i > 0) {
			open.v[i - 1].closed = true;
			add_band(m, open.v[i - 1].t, ev.t, stem);
		} else {
			add_flag(m, ev.t, name);
		}
	}
	store_rows_close(rows);
	for (i = 0; i < open.n; i++)
		if (!open.v[i].closed)
			add_flag(m, open.v[i].t, open.v[i].name);
	vec_free(&open);
	return rc;
}

/* A process start time that changes is a restart, at that time. */
static int
read_restarts(struct store *s, struct marks *m, struct err *e)
{
	struct store_rows *series = store_series_open(s, "process_start_time_seconds", e), *rows;
	struct store_series row;
	struct store_point point;
	VEC(int64_t) at = {0};
	int rc, rc2 = 0;
	size_t i;

	if (series == NULL)
		return -1;
	while ((rc = store_series_next(series, &row, e)) > 0) {
		double last = -1;

		rows = store_points_open(s, row.id, m->from, m->to, e);
		while (rows != NULL && (rc2 = store_points_next(rows, &point, e)) > 0) {
			int64_t t = point.t;

			if (point.flag != STORE_VALUE)
				continue;
			if (point.v > 0 && point.v < 2.5e11 && (int64_t)(point.v * 1000) < t)
				t = (int64_t)(point.v * 1000);
			for (i = 0; i < at.n && at.v[i] != t; i++)
				;
			if (last >= 0 && point.v > last + 1 && i == at.n) {
				*vec_add(&at) = t;
				add_flag(m, t, SV("restart"));
			}
			last = point.v;
		}
		store_rows_close(rows);
		if (rows == NULL || rc2 < 0)
			break;
	}
	store_rows_close(series);
	vec_free(&at);
	return rc < 0 || rc2 < 0 ? -1 : 0;
}

#define FREQUENT 8

/* What happens again and again is a row of ticks, and told once with its number. */
static void
thin_out(struct marks *m)
{
	size_t i, k, count;

	for (i = 0; i < m->flag.n; i++) {
		if (m->flag.v[i].kind != FLAG_EVENT || m->flag.v[i].label.n == 0)
			continue;
		for (k = i, count = 0; k < m->flag.n; k++)
			count += m->flag.v[k].kind == FLAG_EVENT && sv_eq(m->flag.v[k].label, m->flag.v[i].label);
		if (count <= FREQUENT)
			continue;
		for (k = i + 1; k < m->flag.n; k++)
			if (m->flag.v[k].kind == FLAG_EVENT && sv_eq(m->flag.v[k].label, m->flag.v[i].label)) {
				m->flag.v[k].kind = FLAG_TICK;
				m->flag.v[k].label = SV("");
			}
		m->flag.v[i].kind = FLAG_TICK;
		m->flag.v[i].label = sv_of(arena_fmt(m->a, "%" SV_FMT " (%zu times)", SV_ARG(m->flag.v[i].label), count));
	}
}

static int
by_time(const void *a, const void *b)
{
	const struct chart_flag *x = a, *y = b;

	return (x->t > y->t) - (x->t < y->t);
}

int
step_marks(struct store *s, int64_t from, int64_t to, struct arena *a, struct chart *c, struct err *e)
{
	struct marks m = {.a = a, .from = from, .to = to};
	int rc = read_events(s, &m, e) < 0 || read_restarts(s, &m, e) < 0 ? -1 : 0;

	if (m.flag.n > 0)
		qsort(m.flag.v, m.flag.n, sizeof(*m.flag.v), by_time);
	thin_out(&m);
	c->n_bands = m.band.n;
	c->band = arena_keep(a, m.band.v, m.band.n, sizeof(*m.band.v));
	c->n_flags = m.flag.n;
	c->flag = arena_keep(a, m.flag.v, m.flag.n, sizeof(*m.flag.v));
	return rc;
}
