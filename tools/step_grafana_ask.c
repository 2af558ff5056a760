/*
 * What a panel asks: its targets as PromQL over the store, the answers as frames.
 */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clean.h"
#include "base/mem.h"
#include "base/time.h"
#include "step_grafana.h"

void
dash_say(struct dash_panel *p, enum dash_outcome outcome, const char *fmt, ...)
{
	char text[600];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (outcome > p->outcome)
		p->outcome = outcome;
	if (sv_find(sb_sv(&p->reason), sv_of(text)) < p->reason.n || p->reason.n > 1000)
		return;
	if (p->reason.n > 0)
		sb_adds(&p->reason, "; ");
	clean_add(&p->reason, sv_of(text));
}

/* The legend of a series as the target wants it; empty: by the labels that differ. */
static struct sv
legend_of(const struct gf_target *t)
{
	return sv_is(t->legend, "__auto") ? (struct sv){NULL, 0} : t->legend;
}

static void
add_series_frames(const struct gf_target *t, struct sv legend, const struct pq_result *r, double step, bool alone, struct arena *a, struct gf_frame *out)
{
	struct step_data data = {.n = 0};
	size_t i, k;

	step_data_of(r, a, &data);
	step_names(data.v, data.n, legend, a);
	/* Without labels a series is what was asked. */
	for (i = 0; i < r->n; i++)
		if (!alone && sv_trim(data.v[i].name).n == 0 && r->v[i].labels.n == 0)
			data.v[i].name = t->expr;
	for (i = 0; i < r->n; i++) {
		struct gf_column *c = arena_new(a, 2, sizeof(*c));

		c[0].name = SV("Time");
		c[0].kind = GF_TIME;
		c[1].name = SV("Value");
		c[1].kind = GF_NUMBER;
		c[1].labels = r->v[i].labels;
		c[1].shown = data.v[i].name;
		c[0].cell = arena_new(a, r->v[i].n, sizeof(*c[0].cell));
		c[1].cell = arena_new(a, r->v[i].n, sizeof(*c[1].cell));
		for (k = 0; k < r->v[i].n; k++) {
			c[0].cell[k].v = (double)r->v[i].point[k].t;
			c[1].cell[k].v = r->v[i].point[k].v;
		}
		out[i] = (struct gf_frame){.ref_id = t->ref_id, .name = data.v[i].name, .column = c, .n_columns = 2, .n_rows = r->v[i].n,
		    .step = step};
	}
}

/* One table a query: Time, the labels, the value. */
static void
add_table_frame(const struct gf_target *t, const struct pq_result *r, bool alone, struct arena *a, struct gf_frame *out)
{
	struct sv name[64];
	struct gf_column *c;
	size_t i, k, n = 0;

	for (i = 0; i < r->n; i++)
		for (k = 0; k < r->v[i].labels.n && n < 62; k++) {
			size_t j;

			for (j = 0; j < n && !sv_eq(name[j], r->v[i].labels.v[k].name); j++)
				;
			if (j == n)
				name[n++] = r->v[i].labels.v[k].name;
		}
	c = arena_new(a, n + 2, sizeof(*c));
	for (k = 0; k < n + 2; k++)
		c[k].cell = arena_new(a, r->n, sizeof(*c[k].cell));
	c[0].name = SV("Time");
	c[0].kind = GF_TIME;
	for (k = 0; k < n; k++) {
		c[k + 1].name = name[k];
		c[k + 1].kind = GF_STRING;
	}
	c[n + 1].name = alone ? SV("Value") : sv_of(arena_fmt(a, "Value #%" SV_FMT, SV_ARG(t->ref_id)));
	c[n + 1].kind = GF_NUMBER;
	for (i = 0; i < r->n; i++) {
		const struct pq_result_series *s = &r->v[i];

		for (k = 0; k < n; k++)
			c[k + 1].cell[i].text = labels_get(&s->labels, arena_str(a, name[k]));
		c[0].cell[i].v = s->n > 0 ? (double)s->point[s->n - 1].t : NAN;
		c[n + 1].cell[i].v = s->n > 0 ? s->point[s->n - 1].v : NAN;
	}
	*out = (struct gf_frame){.ref_id = t->ref_id, .name = t->ref_id, .column = c, .n_columns = n + 2, .n_rows = r->n};
}

static int64_t
duration_of(struct dash *d, struct sv text, struct arena *a)
{
	struct gf_scope scope = {.d = &d->d, .from = d->o->ask.q.start, .to = d->o->ask.q.end, .interval = d->scrape, .scrape = d->scrape};
	struct sv v = sv_trim(gf_expand(&scope, text, false, a, NULL));
	int64_t ms;

	if (sv_starts(v, ">"))
		v = sv_trim(sv_from(v, 1));
	return v.n > 0 && time_duration(v, &ms) ? ms : 0;
}

/* The panel's own time range and step. */
static void
set_times(struct dash *d, struct dash_panel *p, struct arena *a)
{
	int64_t own = duration_of(d, p->panel->time_from, a), shift = duration_of(d, p->panel->time_shift, a);
	int64_t least = duration_of(d, p->panel->interval, a);
	double points = p->panel->max_points > 0 ? p->panel->max_points : p->w;

	p->from = d->o->ask.q.start;
	p->to = d->o->ask.q.end;
	if (own > 0)
		p->from = p->to - own;
	if (shift > 0) {
		p->from -= shift;
		p->to -= shift;
	}
	least = least > d->scrape ? least : d->scrape;
	p->step = d->o->ask.times.step > 0 ? d->o->ask.times.step : gf_interval(p->to - p->from, fmax(points, 50), least);
	while ((p->to - p->from) / p->step >= PQ_MAX_STEPS)
		p->step *= 2;
}

static const struct gf_panel *
panel_by_id(const struct dash *d, int64_t id)
{
	size_t i;

	for (i = 0; i < d->d.n_panels; i++)
		if (d->d.panel[i].id == id && !sv_is(d->d.panel[i].type, "row"))
			return &d->d.panel[i];
	return NULL;
}

struct frames {
	struct gf_frame *v;
	size_t n, cap;
};

/* Why an expression is none: a variable is missing in it, it is another language, or it is wrong. */
static void
say_unread(const struct dash *d, struct dash_panel *p, const struct gf_target *t, struct sv text, struct sv missing, const struct err *e)
{
	const char *language = gf_other_language(text);

	if (missing.n > 0)
		dash_say(p, OUTCOME_PARTLY, gf_var_named(&d->d, missing) != NULL ? "query %" SV_FMT ": $%" SV_FMT " has no value here (--var)" :
		    "query %" SV_FMT ": $%" SV_FMT " is no variable of this dashboard", SV_ARG(t->ref_id), SV_ARG(missing));
	else if (language != NULL)
		dash_say(p, OUTCOME_PARTLY, "query %" SV_FMT " is %s, not PromQL: %s", SV_ARG(t->ref_id), language, e->msg);
	else
		dash_say(p, OUTCOME_PARTLY, "query %" SV_FMT ": %s", SV_ARG(t->ref_id), e->msg);
}

/* False: it could not be asked. */
static bool
ask_target(struct dash *d, struct dash_panel *p, const struct gf_target *t, bool alone, struct arena *a, struct frames *out)
{
	struct gf_scope scope = {.d = &d->d, .panel = p->panel, .from = p->from, .to = p->to, .scrape = d->scrape};
	int64_t least = duration_of(d, t->interval, a);
	struct pq_query q = d->o->ask.q;
	struct sv missing = {NULL, 0}, text, why, legend;
	struct pq_result r;
	struct err e = {0};
	bool instant = t->instant;
	size_t i;

	scope.interval = p->step > least ? p->step : least;
	text = gf_expand(&scope, t->expr, true, a, &missing);
	legend = gf_expand(&scope, legend_of(t), false, a, NULL);
	q.step = (int64_t)((double)scope.interval * (t->interval_factor >= 1 && t->interval_factor <= 100 ? t->interval_factor : 1));
	q.start = p->from;
	q.end = p->to;
	if (instant || t->table) {
		q.start = q.end;
		q.step = 0;
		instant = true;
	}
	if (pq_parse(a, text, &e) == NULL) {
		say_unread(d, p, t, text, missing, &e);
		return false;
	}
	if (!d->has_data)
		return true;
	if (missing.n > 0 && gf_var_named(&d->d, missing) == NULL) {
		dash_say(p, OUTCOME_PARTLY, "query %" SV_FMT ": $%" SV_FMT " is no variable of this dashboard", SV_ARG(t->ref_id), SV_ARG(missing));
		if (sv_starts(missing, "__"))
			return false;
	}
	if (step_ask_eval(&d->o->ask, text, &q, a, &r, &why, &e) < 0) {
		dash_say(p, OUTCOME_PARTLY, "query %" SV_FMT ": %s", SV_ARG(t->ref_id), e.msg);
		return false;
	}
	if (r.n == 0) {
		dash_say(p, OUTCOME_RENDERED, "query %" SV_FMT " has no data: %s", SV_ARG(t->ref_id),
		    missing.n > 0 ? arena_fmt(a, "$%" SV_FMT " has no value here", SV_ARG(missing)) : why.n > 0 ? arena_str(a, why) : "nothing in the time shown");
		return true;
	}
	if (t->table) {
		add_table_frame(t, &r, alone, a, vec_add(out));
		return true;
	}
	for (i = 0; i < r.n; i++)
		vec_add(out);
	add_series_frames(t, legend, &r, (double)q.step, alone, a, out->v + out->n - r.n);
	return true;
}

/* --- server-side expressions -------------------------------------------------------------------- */

enum answer { ANSWER_NONE, ANSWER_DONE, ANSWER_FAILED };

static bool
is_read(const struct gf_panel *p, struct sv ref)
{
	size_t i;

	for (i = 0; i < p->n_targets; i++)
		if (gf_express_reads(&p->target[i], ref))
			return true;
	return false;
}

/* What the expression reads: all of it answered, some of it not, or some not yet. The first that is not in *which. */
static enum answer
what_it_reads(const struct gf_panel *p, const struct gf_target *t, const enum answer *done, struct sv *which)
{
	enum answer all = ANSWER_DONE;
	size_t i;

	for (i = 0; i < p->n_targets; i++)
		if (gf_express_reads(t, p->target[i].ref_id) && done[i] != ANSWER_DONE && all != ANSWER_FAILED) {
			*which = p->target[i].ref_id;
			all = done[i];
		}
	return all;
}

/* What is computed is named by the labels that tell its parts apart. */
static void
name_computed(struct gf_frame *f, size_t n, struct arena *a)
{
	struct step_series *s = arena_new(a, n, sizeof(*s));
	size_t i;

	for (i = 0; i < n; i++)
		s[i].labels = f[i].column[f[i].n_columns - 1].labels;
	step_names(s, n, (struct sv){NULL, 0}, a);
	for (i = 0; i < n; i++) {
		f[i].column[f[i].n_columns - 1].shown = s[i].name;
		f[i].name = s[i].name.n > 0 ? s[i].name : f[i].ref_id;
	}
}

/* In the order in which they read each other. The number that could not be answered. */
static size_t
express(struct dash_panel *p, const struct gf_panel *asks, enum answer *done, struct arena *a, struct gf_frames *out)
{
	struct sv which = {NULL, 0};
	size_t i, round, failed = 0;

	for (round = 0; round < asks->n_targets; round++)
		for (i = 0; i < asks->n_targets; i++) {
			const struct gf_target *t = &asks->target[i];
			const char *why;
			size_t n = out->n;

			if (t->expression.n == 0 || done[i] != ANSWER_NONE || what_it_reads(asks, t, done, &which) == ANSWER_NONE)
				continue;
			why = what_it_reads(asks, t, done, &which) == ANSWER_FAILED ? arena_fmt(a, "query %" SV_FMT ", which it reads, was not answered", SV_ARG(which)) :
										      gf_express(t, out);
			done[i] = why != NULL ? ANSWER_FAILED : ANSWER_DONE;
			if (why != NULL)
				dash_say(p, OUTCOME_PARTLY, "query %" SV_FMT ": %s", SV_ARG(t->ref_id), why);
			else
				name_computed(out->v + n, out->n - n, a);
		}
	for (i = 0; i < asks->n_targets; i++)
		if (asks->target[i].expression.n > 0) {
			if (done[i] == ANSWER_NONE)
				dash_say(p, OUTCOME_PARTLY, "query %" SV_FMT ": it reads itself", SV_ARG(asks->target[i].ref_id));
			failed += done[i] != ANSWER_DONE && !asks->target[i].hide;
		}
	return failed;
}

/* What is hidden was only asked to be read. */
static void
drop_hidden(const struct gf_panel *p, struct gf_frames *f)
{
	size_t i, k, n = 0;

	for (i = 0; i < f->n; i++) {
		for (k = 0; k < p->n_targets && !(p->target[k].hide && sv_eq(p->target[k].ref_id, f->v[i].ref_id)); k++)
			;
		if (k == p->n_targets)
			f->v[n++] = f->v[i];
	}
	f->n = n;
}

/* Asks all queries of a panel, its own or another's. */
static void
ask_all(struct dash *d, struct dash_panel *p, const struct gf_panel *asks, struct arena *a, struct gf_frames *out)
{
	enum answer *done = arena_new(a, asks->n_targets, sizeof(*done));
	size_t i, asked = 0, shown = 0, failed = 0;
	struct frames frames = {0};

	for (i = 0; i < asks->n_targets; i++)
		shown += !asks->target[i].hide;
	for (i = 0; i < asks->n_targets; i++) {
		const struct gf_target *t = &asks->target[i];
		const char *why = gf_refused_target(t, a);

		if ((t->hide && !is_read(asks, t->ref_id)) || (t->has_expr && t->expr.n == 0 && asks->n_targets > 1))
			continue; /* an empty query asks nothing */
		asked += !t->hide;
		if (t->expression.n > 0)
			continue;
		if (why != NULL)
			dash_say(p, OUTCOME_PARTLY, "%s", why);
		done[i] = why == NULL && ask_target(d, p, t, shown == 1, a, &frames) ? ANSWER_DONE : ANSWER_FAILED;
		failed += done[i] == ANSWER_FAILED && !t->hide;
	}
	out->n = frames.n;
	out->v = arena_keep(a, frames.v, frames.n, sizeof(*frames.v));
	failed += express(p, asks, done, a, out);
	drop_hidden(asks, out);
	if (asked == 0)
		dash_say(p, OUTCOME_REFUSED, asks->n_targets == 0 ? "it asks nothing" : "all of its queries are hidden");
	else if (failed == asked)
		dash_say(p, OUTCOME_REFUSED, "nothing of it can be asked here");
}

int
dash_frames(struct dash *d, struct dash_panel *p, struct arena *a, struct gf_frames *out, struct err *e)
{
	const struct gf_panel *asks = p->panel;
	struct sv unknown;

	(void)e;
	*out = (struct gf_frames){.arena = a};
	set_times(d, p, a);
	if (asks->n_targets > 0 && asks->target[0].panel != 0 && asks->target[0].expr.n == 0) {
		asks = panel_by_id(d, asks->target[0].panel);
		if (asks == NULL) {
			dash_say(p, OUTCOME_REFUSED, "it shows what another panel asks, and that is not in the dashboard");
			return 0;
		}
	}
	ask_all(d, p, asks, a, out);
	gf_transform(p->panel, out, &unknown);
	if (unknown.n > 0)
		dash_say(p, OUTCOME_PARTLY, "transformation %" SV_FMT " is not applied", SV_ARG(unknown));
	return 0;
}
