/*
 * window - a name from the profile ("run", "chaos", "steady") as spans of time.
 */
#include "judge/window.h"

#include <string.h>

static const struct profile_window *
window_find(const struct profile *p, struct sv name)
{
	size_t i;

	for (i = 0; i < p->n_windows; i++)
		if (sv_eq(p->windows[i].name, name))
			return &p->windows[i];
	return NULL;
}

bool
span_has(const struct span *v, size_t n, int64_t t)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (t >= v[i].from && t <= v[i].to)
			return true;
	return false;
}

static struct window_result *
result_find(struct verdict *v, struct sv name)
{
	size_t i;

	for (i = 0; i < v->n_windows; i++)
		if (sv_eq(v->windows[i].name, name))
			return &v->windows[i];
	return NULL;
}

int
window_manual(struct judging *j, const struct profile_when *w, int64_t t, struct err *e)
{
	bool said = false, logged = false;
	struct store_rows *rows;
	struct store_event ev;
	int rc;

	if (w->kind == WHEN_EXPR && j->v->n_windows > 0)
		return j->v->windows[0].manual; /* counted from the run's start or end */
	if (w->kind != WHEN_EVENT || j->store == NULL)
		return 0;
	if ((rows = store_events_open(j->store, e)) == NULL)
		return -1;
	while ((rc = store_events_next(rows, &ev, e)) > 0) {
		if (ev.t != t || !sv_eq(sv_head(ev.name, w->event.n), w->event))
			continue;
		said = said || sv_is(ev.kind, "manual");
		logged = logged || !sv_is(ev.kind, "manual");
	}
	store_rows_close(rows);
	return rc < 0 ? -1 : said && !logged;
}

/* Either of the two moments. 0 or -1. */
static int
mark_manual(struct judging *j, const struct profile_when *from, int64_t start, const struct profile_when *to, int64_t end,
    struct window_result *r, struct err *e)
{
	int a = window_manual(j, from, start, e), b = a < 0 ? -1 : window_manual(j, to, end, e);

	r->manual = a > 0 || b > 0;
	return b < 0 ? -1 : 0;
}

/* from and to as one span, cut to the run. No span when either is not in the store. */
static int
resolve_pair(struct judging *j, const struct profile_window *w, struct window_result *r, struct err *e)
{
	const struct when_run *run = &j->v->run;
	struct sv why_from, why_to;
	int64_t from, to;
	int rc;

	rc = when_resolve(j->store, &w->from, run, NULL, j->profile->zone, j->arena, &from, &why_from, e);
	if (rc < 0)
		return -1;
	if (rc == 0) {
		r->source = why_from;
		return 0;
	}
	rc = when_resolve(j->store, &w->to, run, NULL, j->profile->zone, j->arena, &to, &why_to, e);
	if (rc < 0)
		return -1;
	if (rc == 0) {
		r->source = why_to;
		return 0;
	}
	r->source = sv_of(arena_fmt(j->arena, "%" SV_FMT " to %" SV_FMT, SV_ARG(why_from), SV_ARG(why_to)));
	if (mark_manual(j, &w->from, from, &w->to, to, r, e) < 0)
		return -1;
	/* An earlier run's events in the same log are not this run's. */
	if (run->start != TIME_NONE && from < run->start) {
		r->source = sv_of(arena_fmt(j->arena, "%" SV_FMT ": begins before the run", SV_ARG(r->source)));
		return 0;
	}
	if (run->end != TIME_NONE && to > run->end)
		to = run->end;
	if (from >= to) {
		r->source = sv_of(arena_fmt(j->arena, "%" SV_FMT ": ends before it begins, or lies outside the run",
		    SV_ARG(r->source)));
		return 0;
	}
	r->span = arena_new(j->arena, 1, sizeof(*r->span));
	r->span[0] = (struct span){from, to};
	r->n = 1;
	return 0;
}

/* The run without the spans of another window, which must have been resolved before. */
static void
resolve_rest(struct judging *j, const struct profile_window *w, struct window_result *r)
{
	const struct window_result *other = result_find(j->v, w->not_window);
	const struct when_run *run = &j->v->run;
	int64_t at = run->start;
	size_t i;

	r->source = sv_of(arena_fmt(j->arena, "the run without %" SV_FMT, SV_ARG(w->not_window)));
	r->rest = true;
	r->manual = j->v->windows[0].manual || (other != NULL && other->manual);
	if (other == NULL || other->n == 0 || run->start == TIME_NONE || run->end == TIME_NONE) {
		if (other != NULL)
			r->source = other->source;
		return;
	}
	r->span = arena_new(j->arena, other->n + 1, sizeof(*r->span));
	for (i = 0; i < other->n; i++) {
		if (other->span[i].from > at)
			r->span[r->n++] = (struct span){at, other->span[i].from};
		at = other->span[i].to;
	}
	if (at < run->end)
		r->span[r->n++] = (struct span){at, run->end};
}

int
window_resolve_all(struct judging *j, struct err *e)
{
	const struct profile *p = j->profile;
	struct verdict *v = j->v;
	int pass;
	size_t i;

	v->windows = arena_new(j->arena, p->n_windows + 1, sizeof(*v->windows));
	v->windows[0].name = SV("run");
	v->windows[0].source = sv_of(arena_fmt(j->arena, "%" SV_FMT " to %" SV_FMT,
	    SV_ARG(v->run.start_source), SV_ARG(v->run.end_source)));
	if (v->run.start != TIME_NONE && v->run.end != TIME_NONE && v->run.start < v->run.end) {
		v->windows[0].span = arena_new(j->arena, 1, sizeof(struct span));
		v->windows[0].span[0] = (struct span){v->run.start, v->run.end};
		v->windows[0].n = 1;
	}
	v->n_windows = 1;
	/* --start, which beats the profile, is an operand and nobody's event. */
	if (mark_manual(j, &p->start, sv_is(v->run.start_source, "--start") ? TIME_NONE : v->run.start, &p->end,
		v->run.end_planned ? TIME_NONE : v->run.end, &v->windows[0], e) < 0)
		return -1;
	/* Windows with bounds of their own first: a "not" may name one that stands below it. */
	for (pass = 0; pass < 2; pass++)
		for (i = 0; i < p->n_windows; i++) {
			const struct profile_window *w = &p->windows[i];
			struct window_result *r;

			if ((w->not_window.n > 0) != (pass == 1))
				continue;
			r = &v->windows[v->n_windows++];
			r->name = w->name;
			if (pass == 1)
				resolve_rest(j, w, r);
			else if (resolve_pair(j, w, r, e) < 0)
				return -1;
		}
	return 0;
}

int
judge_window(struct judging *j, struct sv name, const struct span **span, size_t *n, struct err *e)
{
	const struct window_result *r = result_find(j->v, name);

	if (r == NULL)
		return err_set(e, ERR_USAGE, "unknown window '%" SV_FMT "'", SV_ARG(name));
	*span = r->span;
	*n = r->n;
	if (r->manual)
		j->manual = sv_is(name, "run") ? SV("the run") : sv_of(arena_fmt(j->arena, "the %" SV_FMT " window", SV_ARG(name)));
	return r->n > 0;
}

int
window_check(const struct profile *p, const struct doc *at, struct sv name, struct err *e)
{
	if (sv_is(name, "run") || window_find(p, name) != NULL)
		return 0;
	return doc_err(at, e, "unknown window '%" SV_FMT "'", SV_ARG(name));
}
