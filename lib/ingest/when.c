#include "ingest/when.h"

#include <inttypes.h>
#include <math.h>

#include "base/expr.h"
#include "base/num.h"

#define LISTED 5 /* of the matches that an error lists */
/* The range of base/time.h. */
#define FIRST_TIME INT64_C(-62135596800000)
#define LAST_TIME INT64_C(253402300799999)

/* --- events ------------------------------------------------------------------------------ */

/* The events that one name selects, exactly or as a prefix. */
struct matches {
	int64_t n;
	int64_t first, last;
	struct sv first_source, last_source; /* "soak-events.log:4"; owned by the arena */
	struct sb list;                      /* the first few, for an error */
};

static void
matches_add(struct matches *m, struct arena *a, const struct store_event *ev)
{
	struct sv source = sv_of(arena_fmt(a, "%" SV_FMT ":%" PRId64, SV_ARG(ev->source), ev->line));
	char t[TIME_TEXT];

	if (m->n == 0) {
		m->first = ev->t;
		m->first_source = source;
	}
	/* Of two in the same millisecond the source that came first stays. */
	if (m->n == 0 || ev->t != m->last)
		m->last_source = source;
	m->last = ev->t;
	if (m->n++ < LISTED)
		sb_addf(&m->list, "%s%s (%" SV_FMT ")", m->n > 1 ? ", " : "", time_text(ev->t, t),
		    SV_ARG(source));
}

/* A prefix that ends in a digit must not end inside a number: "hour 1" is not "hour 12". */
static bool
is_prefix(struct sv want, struct sv name)
{
	char end, next;

	if (name.n <= want.n || want.n == 0 || !sv_eq(sv_head(name, want.n), want))
		return false;
	end = want.p[want.n - 1];
	next = name.p[want.n];
	return !(end >= '0' && end <= '9' && next >= '0' && next <= '9');
}

/* Collects the events named so, not before from (TIME_NONE: all). 0 or -1. */
static int
matches_find(struct store *s, struct sv want, int64_t from, struct arena *a, struct matches *exact,
    struct matches *prefix, struct err *e)
{
	struct store_rows *r = store_events_open(s, e);
	struct store_event ev;
	int rc;

	if (r == NULL)
		return -1;
	while ((rc = store_events_next(r, &ev, e)) > 0) {
		if (from != TIME_NONE && ev.t < from)
			continue;
		if (sv_eq(ev.name, want))
			matches_add(exact, a, &ev);
		else if (exact->n == 0 && is_prefix(want, ev.name))
			matches_add(prefix, a, &ev);
	}
	store_rows_close(r);
	return rc;
}

static int
pick(const struct profile_when *w, const struct matches *m, struct sv name, struct arena *a, int64_t *t,
    struct sv *why, struct err *e)
{
	bool last = w->pick == PICK_LAST;
	struct sv source = last ? m->last_source : m->first_source;

	if (m->n == 0) {
		*why = sv_of(arena_fmt(a, "no event %" SV_FMT, SV_ARG(name)));
		return 0;
	}
	if (w->pick == PICK_ONLY && m->first != m->last) {
		err_set(e, ERR_USAGE, "event '%" SV_FMT "' happened %" PRId64 " times: %s%s; say which one: "
		    "{event: ..., pick: first} or {event: ..., pick: last}", SV_ARG(sv_head(name, 80)), m->n,
		    sb_str(&m->list), m->n > LISTED ? ", ..." : "");
		return w->at == NULL || w->at->file == NULL || w->at->line <= 0 ? -1
		    : err_prefix(e, "%s:%d:%d", w->at->file, w->at->line, w->at->col);
	}
	*t = last ? m->last : m->first;
	*why = sv_of(arena_fmt(a, "event %" SV_FMT " (%" SV_FMT ")", SV_ARG(name), SV_ARG(source)));
	return 1;
}

static int
by_event(struct store *s, const struct profile_when *w, int64_t from, const struct profile_captures *c,
    struct arena *a, int64_t *t, struct sv *why, struct err *e)
{
	struct sv name = c == NULL ? w->event : profile_fill(a, w->event, c);
	struct matches exact = {0}, prefix = {0};
	int rc = matches_find(s, name, from, a, &exact, &prefix, e);

	if (rc == 0)
		rc = pick(w, exact.n > 0 ? &exact : &prefix, name, a, t, why, e);
	sb_free(&exact.list);
	sb_free(&prefix.list);
	return rc;
}

/* --- facts ------------------------------------------------------------------------------- */

/* Of two statements of a time: is the second one the one to pick? */
static bool
picked(const struct profile_when *w, struct sv first, struct sv second)
{
	int64_t a, b;

	if (!time_parse(sv_trim(first), &a) || !time_parse(sv_trim(second), &b))
		return false;
	return w->pick == PICK_FIRST ? b < a : b > a;
}

/*
 * The text of a fact about the run. 1, 0 (*why says what is missing), -1 (error, or several that differ and no pick).
 */
static int
fact_text(struct store *s, const struct profile_when *w, struct arena *a, struct sv *text, struct sv *why,
    struct err *e)
{
	struct store_rows *r = store_runs_open(s, e);
	struct store_fact f;
	int rc, found = 0;

	if (r == NULL)
		return -1;
	*why = sv_of(arena_fmt(a, "no %" SV_FMT " in %" SV_FMT, SV_ARG(w->path), SV_ARG(w->artifact)));
	while ((rc = store_facts_next(r, &f, e)) > 0) {
		if (!sv_eq(f.path, w->path) || !sv_glob(w->artifact, f.source))
			continue;
		if (found && w->pick == PICK_ONLY && !sv_eq(f.text, *text)) {
			rc = err_set(e, ERR_USAGE, "%" SV_FMT " is '%" SV_FMT "' in %" SV_FMT
			    ", but '%" SV_FMT "' in %" SV_FMT ":%" PRId64, SV_ARG(sv_head(w->path, 80)),
			    SV_ARG(sv_head(*text, 80)), SV_ARG(sv_head(*why, 120)), SV_ARG(sv_head(f.text, 80)),
			    SV_ARG(sv_head(f.source, 120)), f.line);
			break;
		}
		if (!found || (w->pick != PICK_ONLY && picked(w, *text, f.text))) {
			*text = arena_sv(a, f.text);
			*why = sv_of(arena_fmt(a, "%" SV_FMT ":%" PRId64, SV_ARG(f.source), f.line));
		}
		found = 1;
	}
	store_rows_close(r);
	return rc < 0 ? -1 : found;
}

static int
by_fact(struct store *s, const struct profile_when *w, const struct time_zone *zone, struct arena *a,
    int64_t *t, struct sv *why, struct err *e)
{
	struct sv text = {NULL, 0}, place = {NULL, 0};
	int rc = fact_text(s, w, a, &text, &place, e);

	*why = place;
	if (rc <= 0)
		return rc;
	if (!time_parse_local(sv_trim(text), zone, t)) {
		*why = sv_of(arena_fmt(a, "%" SV_FMT ": %" SV_FMT " is '%" SV_FMT "', which is not a time",
		    SV_ARG(place), SV_ARG(w->path), SV_ARG(sv_head(text, 80))));
		return 0;
	}
	*why = sv_of(arena_fmt(a, "%" SV_FMT " (%" SV_FMT ")", SV_ARG(w->path), SV_ARG(place)));
	return 1;
}

/* A duration from a fact: "24h", or a number of units. 1 and *ms, 0 none, -1 error. */
static int
duration_fact(struct store *s, const struct profile_when *w, struct arena *a, int64_t *ms, struct sv *why,
    struct err *e)
{
	struct sv text = {NULL, 0};
	int rc = fact_text(s, w, a, &text, why, e);
	double v;

	if (rc <= 0)
		return rc;
	text = sv_trim(text);
	if (num_parse(text, &v)) {
		v *= (double)(w->unit > 0 ? w->unit : TIME_SECOND);
		if (v >= 0 && v < 1e15) {
			*ms = llround(v);
			return 1;
		}
	} else if (time_duration(text, ms)) {
		return 1;
	}
	*why = sv_of(arena_fmt(a, "%" SV_FMT ": '%" SV_FMT "' is not a duration", SV_ARG(*why),
	    SV_ARG(sv_head(text, 80))));
	return 0;
}

/* --- slots ------------------------------------------------------------------------------- */

/* The first of the results: *first stays TIME_NONE when there is none. 0 or -1. */
static int
first_result(struct store *s, const struct profile_when *w, struct arena *a, int64_t *first, struct sv *source, struct err *e)
{
	struct store_rows *r = store_results_open(s, e);
	struct store_result res;
	int rc;

	if (r == NULL)
		return -1;
	while ((rc = store_results_next(r, &res, e)) > 0) {
		if (res.t == TIME_NONE || !sv_eq(res.kind, w->result) || (w->suite.n > 0 && !sv_glob(w->suite, res.suite)) ||
		    (*first != TIME_NONE && res.t >= *first))
			continue;
		*first = res.t;
		*source = sv_of(arena_fmt(a, "%" SV_FMT ":%" PRId64, SV_ARG(res.source), res.line));
	}
	store_rows_close(r);
	return rc;
}

/* The same of the samples of a metric. */
static int
first_sample(struct store *s, const struct profile_when *w, struct arena *a, int64_t *first, struct err *e)
{
	struct store_rows *series = store_series_open(s, arena_str(a, w->sample), e), *points;
	struct store_series one;
	struct store_point p;
	int rc;

	if (series == NULL)
		return -1;
	while ((rc = store_series_next(series, &one, e)) > 0) {
		if ((points = store_points_open(s, one.id, INT64_MIN, INT64_MAX, e)) == NULL ||
		    (rc = store_points_next(points, &p, e)) < 0) {
			store_rows_close(points);
			rc = -1;
			break;
		}
		store_rows_close(points);
		if (rc > 0 && (*first == TIME_NONE || p.t < *first))
			*first = p.t;
	}
	store_rows_close(series);
	return rc < 0 ? -1 : 0;
}

/* The time of day that the first such result or sample was meant for. */
static int
by_slot(struct store *s, const struct profile_when *w, const struct time_zone *zone, struct arena *a, int64_t *t,
    struct sv *why, struct err *e)
{
	struct sv what = w->sample.n > 0 ? w->sample : w->result, source = {NULL, 0};
	char ran[TIME_TEXT], slot[TIME_TEXT];
	int64_t first = TIME_NONE;

	if ((w->sample.n > 0 ? first_sample(s, w, a, &first, e) : first_result(s, w, a, &first, &source, e)) < 0)
		return -1;
	*why = sv_of(arena_fmt(a, "no %" SV_FMT " with a time", SV_ARG(what)));
	if (first == TIME_NONE)
		return 0;
	*t = daily_near(w->daily, zone, first);
	time_text(first, ran);
	if (source.n > 0)
		source = sv_of(arena_fmt(a, " (%" SV_FMT ")", SV_ARG(source)));
	if (first < *t - w->tolerance || first > *t + w->tolerance) {
		*why = sv_of(arena_fmt(a, "the first %" SV_FMT ", at %s%" SV_FMT ", is of no slot: the nearest is %s", SV_ARG(what), ran,
		    SV_ARG(source), time_text(*t, slot)));
		return 0;
	}
	*why = sv_of(arena_fmt(a, "slot of the first %" SV_FMT ", %s at %s%" SV_FMT, SV_ARG(what), w->sample.n > 0 ? "seen" : "which ran", ran, SV_ARG(source)));
	return 1;
}

/* --- expressions ------------------------------------------------------------------------- */

struct names {
	const struct when_run *run;
	const struct profile_captures *c;
	const char *missing; /* a name that is right, but has no value here */
};

static int
name_value(void *ctx, struct sv name, int braces, double *v, struct err *e)
{
	struct names *k = ctx;
	int64_t ms = TIME_NONE;
	size_t i;

	for (i = 0; braces && k->c != NULL && i < k->c->n; i++)
		if (sv_eq(k->c->name[i], name)) {
			*v = (double)k->c->value[i];
			return 0;
		}
	if (sv_is(name, "run.start")) {
		k->missing = "the run's start";
		ms = k->run != NULL ? k->run->start : TIME_NONE;
	} else if (sv_is(name, "run.end")) {
		k->missing = "the run's end";
		ms = k->run != NULL ? k->run->end : TIME_NONE;
	} else if (sv_is(name, "run.duration")) {
		k->missing = "the run's duration";
		ms = k->run != NULL ? k->run->duration : TIME_NONE;
	} else {
		return err_set(e, ERR_USAGE, "unknown name '%" SV_FMT "'", SV_ARG(sv_head(name, 80)));
	}
	if (ms == TIME_NONE)
		return err_set(e, ERR_USAGE, "%s is unknown", k->missing);
	k->missing = NULL;
	*v = (double)ms;
	return 0;
}

static int
by_expr(const struct profile_when *w, const struct when_run *run, const struct profile_captures *c,
    struct arena *a, int64_t *t, struct sv *why, struct err *e)
{
	struct names k = {run, c, NULL};
	struct sb s = {0};
	double v;
	size_t i;

	if (expr_eval(w->expr, name_value, &k, &v, e) < 0) {
		if (k.missing == NULL)
			return err_prefix(e, "time '%" SV_FMT "'", SV_ARG(sv_head(w->expr, 80)));
		*why = sv_of(arena_fmt(a, "%s is unknown", k.missing));
		return 0;
	}
	/* Beyond it a {capture} of many digits was at work. */
	if (!(v >= (double)FIRST_TIME && v <= (double)LAST_TIME)) {
		*why = sv_of(arena_fmt(a, "%" SV_FMT " is not a time", SV_ARG(w->expr)));
		return 0;
	}
	*t = llround(v);
	sb_addv(&s, w->expr);
	for (i = 0; c != NULL && i < c->n; i++)
		sb_addf(&s, ", %" SV_FMT " = %" PRId64, SV_ARG(c->name[i]), c->value[i]);
	*why = arena_sv(a, sb_sv(&s));
	sb_free(&s);
	return 1;
}

/* --- all together ------------------------------------------------------------------------ */

/* when_resolve(), with events counted from a moment on. */
static int
resolve(struct store *s, const struct profile_when *w, const struct when_run *run, int64_t from,
    const struct profile_captures *c, const struct time_zone *zone, struct arena *a, int64_t *t,
    struct sv *why, struct err *e)
{
	struct err inner = {0};
	int rc = 0;

	*why = SV("");
	switch (w->kind) {
	case WHEN_NONE:
		*why = SV("not stated");
		break;
	case WHEN_TIME:
		*t = w->time;
		*why = SV("stated");
		rc = 1;
		break;
	case WHEN_EVENT:
		rc = by_event(s, w, from, c, a, t, why, &inner);
		break;
	case WHEN_FACT:
		rc = by_fact(s, w, zone, a, t, why, &inner);
		break;
	case WHEN_SLOT:
		rc = by_slot(s, w, zone, a, t, why, &inner);
		break;
	case WHEN_EXPR:
		rc = by_expr(w, run, c, a, t, why, &inner);
		break;
	}
	if (rc < 0)
		err_set(e, inner.code, "%s", inner.msg);
	return rc;
}

int
when_resolve(struct store *s, const struct profile_when *w, const struct when_run *run,
    const struct profile_captures *c, const struct time_zone *zone, struct arena *a, int64_t *t,
    struct sv *why, struct err *e)
{
	return resolve(s, w, run, TIME_NONE, c, zone, a, t, why, e);
}

static int
run_duration(struct store *s, const struct profile *p, struct arena *a, struct when_run *run,
    struct sv *source, struct err *e)
{
	int rc;

	run->duration = p->duration;
	*source = SV("the profile");
	if (p->duration != TIME_NONE || p->duration_fact.kind != WHEN_FACT)
		return 0;
	rc = duration_fact(s, &p->duration_fact, a, &run->duration, source, e);
	return rc < 0 ? -1 : 0;
}

static int
run_end(struct store *s, const struct profile *p, struct sv duration_source, struct arena *a,
    struct when_run *run, struct err *e)
{
	char text[TIME_TEXT];
	struct sv why = {NULL, 0};
	int64_t t = TIME_NONE;
	int rc = 0;

	/* A log may hold an earlier run too: what happened before this one began does not end it. */
	if (p->end.kind != WHEN_NONE)
		rc = resolve(s, &p->end, run, run->start, NULL, p->zone, a, &t, &why, e);
	if (rc < 0)
		return -1;
	if (rc > 0 && (run->start == TIME_NONE || t >= run->start)) {
		run->end = t;
		run->end_source = why;
		return 0;
	}
	if (rc > 0)
		why = sv_of(arena_fmt(a, "%" SV_FMT " lies before the start", SV_ARG(why)));
	if (run->start == TIME_NONE || run->duration == TIME_NONE) {
		run->end_source = why.n > 0 ? why : SV("the run's start or duration is unknown");
		return 0;
	}
	if (run->duration > LAST_TIME - run->start) {
		run->end_source = sv_of(arena_fmt(a, "start + %s (%" SV_FMT ") is not a time",
		    time_duration_text(run->duration, text), SV_ARG(duration_source)));
		return 0;
	}
	run->end = run->start + run->duration;
	run->end_planned = true;
	run->end_source = sv_of(arena_fmt(a, "start + %s (%" SV_FMT ")",
	    time_duration_text(run->duration, text), SV_ARG(duration_source)));
	return 0;
}

int
when_run(struct store *s, const struct profile *p, int64_t start_override, struct arena *a,
    struct when_run *run, struct err *e)
{
	struct sv source;
	int rc;

	*run = (struct when_run){.start = TIME_NONE, .end = TIME_NONE, .duration = TIME_NONE};
	run->start_source = run->end_source = SV("no profile says");
	if (start_override != TIME_NONE) {
		run->start = start_override;
		run->start_source = SV("--start");
	} else if (p != NULL) {
		rc = when_resolve(s, &p->start, run, NULL, p->zone, a, &run->start, &run->start_source, e);
		if (rc < 0)
			return -1;
		if (rc == 0)
			run->start = TIME_NONE;
	}
	if (p == NULL)
		return 0;
	if (run_duration(s, p, a, run, &source, e) < 0)
		return -1;
	return run_end(s, p, source, a, run, e);
}
