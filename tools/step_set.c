#include "step_set.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/time.h"

#define MOST_SET ((size_t)1 << 20)

/* By path, or by the name of one in templates/charts. */
static int
load(struct chart_opts *o, struct chart_list *l, struct err *e)
{
	struct sb path = {0}, text = {0};
	const char *name = o->set;
	size_t i;
	int rc;

	sb_adds(&path, name);
	for (i = 0; access(sb_str(&path), R_OK) != 0 && strchr(name, '/') == NULL && i < o->tool->n_dirs; i++) {
		sb_reset(&path);
		sb_addf(&path, "%s/charts/%s%s", o->tool->dir[i], name, strchr(name, '.') == NULL ? ".yaml" : "");
	}
	rc = access(sb_str(&path), R_OK) != 0 ? err_set(e, ERR_USAGE, "%s: no such file, and no chart set of that name in templates/charts", name) :
		io_read_file(sb_str(&path), MOST_SET, &text, e);
	*l = (struct chart_list){.n = 0};
	if (rc == 0)
		rc = set_parse(sb_str(&path), sb_sv(&text), l, e);
	sb_free(&path);
	sb_free(&text);
	return rc;
}

/* The first event whose name is that or begins so; TIME_NONE: none. */
static int
find_event(struct store *s, struct sv name, int64_t after, int64_t *t, struct err *e)
{
	struct store_rows *rows = store_events_open(s, e);
	struct store_event ev;
	struct arena a = {0};
	const char *prefix = arena_str(&a, name);
	int rc = 0;

	*t = TIME_NONE;
	while (rows != NULL && *t == TIME_NONE && (rc = store_events_next(rows, &ev, e)) > 0)
		if (sv_starts(ev.name, prefix) && (after == TIME_NONE || ev.t >= after))
			*t = ev.t;
	store_rows_close(rows);
	arena_free(&a);
	return rows == NULL || rc < 0 ? -1 : 0;
}

/* The part of the run that the chart is about. 1, 0 when its event was not recorded, -1. */
static int
find_times(struct chart_opts *o, const struct set_chart *s, struct pq_query *q, struct err *e)
{
	int64_t from = TIME_NONE, to = TIME_NONE;

	if (s->around.n == 0)
		return 1;
	if (o->ask.store == NULL)
		return 0;
	if (find_event(o->ask.store, s->around, TIME_NONE, &from, e) < 0 ||
	    (s->until.n > 0 && from != TIME_NONE && find_event(o->ask.store, s->until, from, &to, e) < 0))
		return -1;
	if (from == TIME_NONE)
		return 0;
	if (to == TIME_NONE)
		to = from;
	q->start = from - s->before > q->start ? from - s->before : q->start;
	q->end = to + s->after < q->end ? to + s->after : q->end;
	/* On the step's grid, so that a sample an hour is met. */
	if (q->step > 0)
		q->start = o->ask.q.start + (q->start - o->ask.q.start) / q->step * q->step;
	return q->end > q->start;
}

/* $step, $window (four intervals; two of ten minutes and more) and $range as durations. interval: between samples; 0: the steps. */
static struct sv
expand(const struct chart_opts *o, const struct pq_query *q, struct sv expr, int64_t interval, struct arena *a)
{
	int64_t each = interval > 0 ? interval : q->step;
	const struct {
		const char *name;
		int64_t ms;
	} known[] = {{"$window", each >= 10 * TIME_MINUTE ? 2 * each : 4 * each}, {"$step", q->step}, {"$range", o->ask.q.end - o->ask.q.start}};
	struct sv rest = expr, v;
	struct sb out = {0};
	char buf[TIME_TEXT];
	size_t i;

	while (rest.n > 0) {
		for (i = 0; i < 3 && !sv_starts(rest, known[i].name); i++)
			;
		if (i < 3) {
			/* Scrapes jitter: a window of whole seconds, and one more, holds what it should. */
			sb_adds(&out, time_duration_text((known[i].ms + TIME_SECOND - 1) / TIME_SECOND * TIME_SECOND + (i == 0 ? TIME_SECOND : 0), buf));
			rest = sv_from(rest, strlen(known[i].name));
		} else {
			sb_addc(&out, *rest.p);
			rest = sv_from(rest, 1);
		}
	}
	v = arena_sv(a, sb_sv(&out));
	sb_free(&out);
	return v;
}

static void
add_rules(const struct set_chart *s, const struct unit *u, struct arena *a, struct chart *c)
{
	struct chart_rule *rule = arena_new(a, s->n_rules + c->n_rules + 1, sizeof(*rule));
	size_t i, n = 0;

	for (i = 0; i < c->n_rules; i++)
		rule[n++] = c->rule[i];
	if (!isnan(s->objective) && strcmp(s->kind != NULL ? s->kind : "", "budget") != 0)
		rule[n++] = (struct chart_rule){.value = s->objective, .colour = RED,
		    .label = sv_of(arena_fmt(a, "objective %" SV_FMT, SV_ARG(unit_text(u, s->objective, 0, a))))};
	for (i = 0; i < s->n_rules; i++)
		rule[n++] = (struct chart_rule){.value = s->rule[i].value, .colour = RED, .label = s->rule[i].label};
	c->rule = rule;
	c->n_rules = n;
}

/* All queries' series side by side. */
static void
join(const struct step_data *d, size_t n, struct arena *a, struct step_data *out)
{
	size_t i, k, all = 0;

	for (i = 0; i < n; i++)
		all += d[i].n;
	*out = (struct step_data){.times = true};
	out->v = arena_new(a, all, sizeof(*out->v));
	for (i = 0; i < n; i++) {
		for (k = 0; k < d[i].n; k++)
			out->v[out->n++] = d[i].v[k];
		out->interval = d[i].interval;
	}
}

/* Asks; *why says what of it is missing when all of it is. */
static int
ask_all(struct chart_opts *o, const struct set_chart *s, const struct pq_query *q, struct arena *a, struct step_data *d, struct sv *why, struct err *e)
{
	size_t i, some = 0;
	struct sv first = SV("");
	int rc;

	for (i = 0; i < s->n_queries; i++) {
		struct sv said, text = expand(o, q, s->query[i].expr, o->ask.interval, a);
		struct pq_query own = *q;
		struct pq_result r;

		step_ask_tile(&o->ask, s->kind, text, &own);
		rc = step_ask_eval(&o->ask, text, &own, a, &r, &said, e);
		/* What is sampled less often than the rest needs a wider window. */
		if (rc == 0 && r.n == 0 && o->ask.longest > o->ask.interval && sv_find(s->query[i].expr, SV("$window")) < s->query[i].expr.n) {
			text = expand(o, q, s->query[i].expr, o->ask.longest, a);
			own = *q;
			step_ask_tile(&o->ask, s->kind, text, &own);
			rc = step_ask_eval(&o->ask, text, &own, a, &r, &said, e);
		}
		if (rc < 0) {
			struct err inner = *e;

			return doc_err(s->at, e, "chart %" SV_FMT ": %s", SV_ARG(s->id), inner.msg);
		}
		step_data_of(&r, a, &d[i]);
		d[i].interval = (double)own.step;
		d[i].from = (double)q->start;
		d[i].to = (double)q->end;
		step_names(d[i].v, d[i].n, s->query[i].legend, a);
		some += r.n > 0;
		if (first.n == 0)
			first = said;
	}
	/* What is made of several queries is made of nothing when one of them has no answer: no errors seen is not "no errors". */
	if (s->kind != NULL && set_is_composed(s->kind) && strcmp(s->kind, "multiples") != 0 && some < s->n_queries)
		some = 0;
	*why = some > 0 || s->n_queries == 0 ? SV("") : s->missing.n > 0 ? sv_of(arena_fmt(a, "%" SV_FMT "\n%" SV_FMT, SV_ARG(s->missing), SV_ARG(first))) : first;
	return 0;
}

/* Why these samples cannot show it, whatever they are; empty: they can. */
static struct sv
too_far_apart(const struct chart_opts *o, const struct set_chart *s, struct arena *a)
{
	char is[TIME_TEXT], want[TIME_TEXT];

	if (s->every == 0 || o->ask.longest <= s->every)
		return SV("");
	return sv_of(arena_fmt(a, "samples are %s apart, this needs one each %s%s%" SV_FMT, time_length_text(o->ask.longest, is),
	    time_length_text(s->every, want), s->because.n > 0 ? ": " : "", SV_ARG(s->because)));
}

static int
build(struct chart_opts *o, const struct set_chart *s, struct arena *a, struct chart *c, struct err *e)
{
	struct step_data *d = arena_new(a, s->n_queries + 1, sizeof(*d)), all;
	struct step_look look = {.kind = s->kind, .title = s->title, .subtitle = s->subtitle, .unit = s->unit, .min = s->min, .max = s->max,
	    .log = s->log, .width = s->width, .height = s->height, .end = o->ask.dated ? o->ask.q.end : TIME_NONE};
	struct pq_query q = o->ask.q;
	struct unit unit;
	struct sv why;
	char each[TIME_TEXT];
	int rc = find_times(o, s, &q, e);

	if (rc < 0)
		return -1;
	unit_find(s->unit, &unit);
	look.id = sv_of(arena_fmt(a, "chart/%" SV_FMT, SV_ARG(s->id)));
	*c = (struct chart){.title = s->title, .subtitle = s->subtitle, .id = look.id, .from = (double)q.start, .to = (double)q.end, .end = look.end,
	    .width = s->width, .height = s->height};
	if (rc == 0) {
		c->cannot = sv_of(arena_fmt(a, "no event %" SV_FMT " was recorded", SV_ARG(s->around)));
		return 0;
	}
	c->cannot = too_far_apart(o, s, a);
	if (c->cannot.n > 0)
		return 0;
	if (s->kind != NULL && (strcmp(s->kind, "bars") == 0 || strcmp(s->kind, "gauge") == 0)) {
		q.start = q.end;
		q.step = 0;
	}
	if (ask_all(o, s, &q, a, d, &why, e) < 0)
		return -1;
	if (look.subtitle.n == 0 && q.step > 0)
		look.subtitle = sv_of(arena_fmt(a, "one value each %s", time_length_text(s->n_queries > 0 ? (int64_t)d[0].interval : q.step, each)));
	if (s->n_queries > 0)
		look.footer = expand(o, &q, s->query[0].expr, o->ask.interval, a);
	if (o->ask.store != NULL && o->ask.dated && !o->no_events && step_marks(o->ask.store, (int64_t)c->from, (int64_t)c->to, a, c, e) < 0)
		return -1;
	if (s->kind != NULL && set_is_composed(s->kind)) {
		c->subtitle = look.subtitle;
		c->footer = look.footer;
		if (why.n > 0)
			c->cannot = why;
		rc = set_compose(o, s, d, a, c, e);
	} else {
		join(d, s->n_queries, a, &all);
		all.from = c->from;
		all.to = c->to;
		rc = step_model(&all, &look, a, c, e);
	}
	if (rc == 0 && c->kind == CHART_PLOT)
		add_rules(s, &unit, a, c);
	if (rc == 0 && why.n > 0)
		c->why = why;
	return rc;
}

static bool
is_empty(const struct chart *c)
{
	size_t i;

	if (c->cannot.n > 0)
		return true;
	for (i = 0; i < c->n_series; i++)
		if (c->series[i].data.n > 0)
			return false;
	return c->n_rows == 0 && c->table.n_rows == 0 && c->n_spans == 0 && c->heat.n_columns == 0;
}

/* On one line. */
static void
say_cannot(struct chart_opts *o, const struct set_chart *s, struct sv why)
{
	size_t line = sv_chr(why, '\n');

	if (line < why.n)
		tool_note(o->tool, "%" SV_FMT ": %" SV_FMT ": %" SV_FMT, SV_ARG(s->id), SV_ARG(sv_head(why, line)), SV_ARG(sv_from(why, line + 1)));
	else
		tool_note(o->tool, "%" SV_FMT ": %" SV_FMT, SV_ARG(s->id), SV_ARG(why));
}

static int
draw_all(struct chart_opts *o, const struct chart_list *l, struct err *e)
{
	const char *folder = o->folder != NULL ? o->folder : ".";
	size_t i, drawn = 0;

	if (io_mkdirs(folder, e) < 0)
		return -1;
	for (i = 0; i < l->n; i++) {
		struct arena a = {0};
		struct chart c;
		const char *path = arena_fmt(&a, "%s/%" SV_FMT ".%s", folder, SV_ARG(l->v[i].id), step_format_ending(o->draw.format));
		int rc = build(o, &l->v[i], &a, &c, e);

		if (rc == 0 && o->look.width > 0) {
			c.width = o->look.width;
			c.height = o->look.height;
		}
		if (rc == 0)
			rc = step_draw(&o->draw, &c, path, e);
		if (rc == 0) {
			printf("%s\n", path);
			drawn += !is_empty(&c);
			if (c.cannot.n > 0)
				say_cannot(o, &l->v[i], c.cannot);
		}
		arena_free(&a);
		if (rc < 0)
			return -1;
	}
	return drawn > 0 ? TOOL_PASS : TOOL_INCONCLUSIVE;
}

int
chart_set(struct chart_opts *o)
{
	struct chart_list l;
	struct err e = {0};
	int status = load(o, &l, &e);

	if (status == 0)
		status = step_ask_open(&o->ask, &e);
	if (status == 0)
		status = draw_all(o, &l, &e);
	set_free(&l);
	return status < 0 ? tool_fail(o->tool, &e) : status;
}
