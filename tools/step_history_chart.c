/*
 * Many runs as pictures: criteria by run, and the course of what was observed of each.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/time.h"
#include "step_chart_opts.h"
#include "step_history.h"

#define MOST_RUNS 60
#define NAMES_WIDTH 220
#define COLUMN_WIDTH 46 /* "12 Jan" */

struct past_criterion {
	struct sv id, title, unit;
};
struct past {
	struct chart_opts *o;
	struct step_past *run;
	size_t n;
	VEC(struct past_criterion) criterion;
};

static struct sv
text_at(const struct doc *d, const char *path)
{
	const struct doc *v = doc_path(d, sv_of(path));

	return v == NULL || v->kind == DOC_NULL ? SV("") : v->text;
}

static double
number_at(const struct doc *d, const char *path)
{
	const struct doc *v = doc_path(d, sv_of(path));

	return v != NULL && v->kind == DOC_NUMBER ? v->num : NAN;
}

static const struct doc *
criterion_of(const struct doc *verdict, struct sv id)
{
	const struct doc *c;

	for (c = doc_first(doc_get(verdict, "criteria")); c != NULL; c = c->next)
		if (sv_eq(text_at(c, "id"), id))
			return c;
	return NULL;
}

/* All that any run was judged by, in the order of the latest, then what only earlier ones had. */
static void
find_criteria(struct past *h)
{
	const struct doc *c;
	size_t i, k;

	for (i = h->n; i > 0; i--)
		for (c = doc_first(doc_get(h->run[i - 1].verdict, "criteria")); c != NULL; c = c->next) {
			struct sv id = text_at(c, "id");

			for (k = 0; k < h->criterion.n && !sv_eq(h->criterion.v[k].id, id); k++)
				;
			if (k == h->criterion.n && id.n > 0)
				*vec_add(&h->criterion) = (struct past_criterion){id, text_at(c, "title"), text_at(c, "observed.unit")};
		}
}

static enum chart_state
state_of(struct sv verdict)
{
	return sv_is(verdict, "PASS") || sv_is(verdict, "GO") ? STATE_PASS : sv_is(verdict, "FAIL") || sv_is(verdict, "NO-GO") ? STATE_FAIL :
	    sv_is(verdict, "WARN") || sv_is(verdict, "WAIVED") || sv_is(verdict, "GO WITH WAIVERS") ? STATE_NEAR : STATE_UNKNOWN;
}

/* "12 Jan", or the folder's name where the start is unknown. */
static struct sv
day_of(const struct step_past *p, struct arena *a)
{
	static const char *const month[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	char text[TIME_TEXT];
	const char *t;
	int m;

	if (p->start == TIME_NONE)
		return sv_of(p->name);
	t = time_text(p->start, text);
	m = (t[5] - '0') * 10 + t[6] - '0';
	return sv_of(arena_fmt(a, "%d %s", (t[8] - '0') * 10 + t[9] - '0', m >= 1 && m <= 12 ? month[m - 1] : "?"));
}

static void
strip(const struct past *h, struct chart *c)
{
	struct arena *a = &h->o->arena;
	size_t columns = h->n + 1, rows = h->criterion.n + 1, i, k;
	struct chart_cell *cell = arena_new(a, rows * columns, sizeof(*cell));
	struct sv *head = arena_new(a, columns, sizeof(*head));

	for (i = 0; i < h->n; i++)
		head[i + 1] = day_of(&h->run[i], a);
	for (k = 0; k < rows; k++) {
		cell[k * columns] = (struct chart_cell){.text = k == 0 ? SV("decision") : h->criterion.v[k - 1].id, .share = NAN};
		for (i = 0; i < h->n; i++) {
			const struct doc *at = k == 0 ? NULL : criterion_of(h->run[i].verdict, h->criterion.v[k - 1].id);
			struct sv verdict = k == 0 ? text_at(h->run[i].verdict, "decision") : text_at(at, "verdict");

			cell[k * columns + i + 1] = (struct chart_cell){.state = state_of(verdict), .share = NAN};
		}
	}
	c->kind = CHART_TABLE;
	c->table = (struct chart_table){.column = head, .n_columns = columns, .cell = cell, .n_rows = rows, .strip = true};
}

/* As the verdict's units are drawn. */
static struct unit
unit_of(struct sv unit)
{
	struct unit u;

	unit_find(sv_is(unit, "ratio") ? SV("percentunit") : sv_is(unit, "count") ? SV("short") : unit, &u);
	return u;
}

/* What was observed over the runs, and what was required of the last. False: no run has a number. */
static bool
course(const struct past *h, const struct past_criterion *of, struct chart *c)
{
	struct arena *a = &h->o->arena;
	struct chart_point *p = arena_new(a, h->n, sizeof(*p));
	struct chart_series *s = arena_new(a, 2, sizeof(*s));
	struct chart_pane *pane = arena_new(a, 1, sizeof(*pane));
	struct chart_rule *rule = arena_new(a, 1, sizeof(*rule));
	size_t i, n = 0;

	rule->value = NAN;
	for (i = 0; i < h->n; i++) {
		const struct doc *at = criterion_of(h->run[i].verdict, of->id);
		double v = number_at(at, "observed.value");

		if (!isnan(number_at(at, "required.value")))
			*rule = (struct chart_rule){.value = number_at(at, "required.value"), .colour = RED,
			    .label = sv_of(arena_fmt(a, "required %" SV_FMT, SV_ARG(text_at(at, "required.text"))))};
		if (h->run[i].start != TIME_NONE && !isnan(v))
			p[n++] = (struct chart_point){(double)h->run[i].start, v};
	}
	if (n == 0)
		return false;
	*c = (struct chart){.kind = CHART_PLOT, .title = of->title.n > 0 ? of->title : of->id, .id = sv_of(arena_fmt(a, "history/%" SV_FMT, SV_ARG(of->id))),
	    .subtitle = sv_of(arena_fmt(a, "observed in %zu of %zu runs", n, h->n)), .from = p[0].x, .to = p[n - 1].x, .end = (int64_t)p[n - 1].x};
	if (c->from == c->to) {
		c->from -= (double)TIME_DAY;
		c->to += (double)TIME_DAY;
	}
	*pane = (struct chart_pane){.unit = unit_of(of->unit), .min = NAN, .max = NAN};
	s[0] = (struct chart_series){.colour = NAVY, .quiet = true, .data = chart_data(p, n, 0, a)};
	s[1] = (struct chart_series){.colour = NAVY, .quiet = true, .draw = DRAW_POINTS, .data = s[0].data};
	c->pane = pane;
	c->n_panes = 1;
	c->series = s;
	c->n_series = 2;
	c->rule = rule;
	c->n_rules = !isnan(rule->value);
	return true;
}

static int
draw_all(struct past *h, struct err *e)
{
	struct chart_opts *o = h->o;
	const char *folder = o->folder != NULL ? o->folder : ".", *path = o->output;
	struct chart c = {.title = o->look.title.n > 0 ? o->look.title : SV("Criteria by run"), .id = SV("history"), .end = h->n > 0 ? h->run[h->n - 1].start : TIME_NONE,
	    .width = o->look.width, .height = o->look.height};
	size_t i;

	c.subtitle = sv_of(arena_fmt(&o->arena, "%zu run%s, by their start", h->n, h->n == 1 ? "" : "s"));
	if (h->n > MOST_RUNS) { /* the latest */
		c.subtitle = sv_of(arena_fmt(&o->arena, "the last %d of %zu runs, by their start", MOST_RUNS, h->n));
		h->run += h->n - MOST_RUNS;
		h->n = MOST_RUNS;
	}
	if (c.width == 0)
		c.width = fmax(760, NAMES_WIDTH + COLUMN_WIDTH * (double)h->n);
	strip(h, &c);
	if (path == NULL) {
		if (io_mkdirs(folder, e) < 0)
			return -1;
		path = arena_fmt(&o->arena, "%s/history.%s", folder, step_format_ending(o->draw.format));
		printf("%s\n", path);
	}
	if (step_draw(&o->draw, &c, path, e) < 0)
		return -1;
	for (i = 0; o->output == NULL && i < h->criterion.n; i++) {
		if (!course(h, &h->criterion.v[i], &c))
			continue;
		c.width = o->look.width;
		c.height = o->look.height;
		path = arena_fmt(&o->arena, "%s/history-%" SV_FMT ".%s", folder, SV_ARG(h->criterion.v[i].id), step_format_ending(o->draw.format));
		if (step_draw(&o->draw, &c, path, e) < 0)
			return -1;
		printf("%s\n", path);
	}
	return 0;
}

int
chart_history(struct chart_opts *o)
{
	struct past h = {.o = o};
	struct err e = {0};
	bool failed = false;
	int status;

	if (step_history_read(o->tool, o->history, &o->arena, &h.run, &h.n, &failed, &e) < 0)
		return tool_fail(o->tool, &e);
	if (h.n == 0) {
		tool_say(o->tool, "%s: no folder with a verdict.json in it", o->history);
		return failed ? TOOL_TROUBLE : TOOL_INCONCLUSIVE;
	}
	find_criteria(&h);
	status = draw_all(&h, &e) < 0 ? tool_fail(o->tool, &e) : failed ? TOOL_TROUBLE : TOOL_PASS;
	vec_free(&h.criterion);
	return status;
}
