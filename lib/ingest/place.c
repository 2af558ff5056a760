/*
 * When was each snapshot taken: --time, else the times inside, an event, the profile's pattern, the file's name,
 * the file's own time where that can be believed (docs/rules.md 1 to 4). "Unknown" is an answer.
 */
#include "ingest/place.h"

#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "ingest/item.h"

bool
place_is_placed(const struct spot *s)
{
	return s->untimed && s->t != TIME_NONE && strcmp(s->source, "inside") != 0;
}

static int
load(struct placing *p, struct err *e)
{
	struct store_rows *r = store_artifacts_open(p->store, e);
	struct store_artifact a;
	struct spot *s;
	int rc;

	if (r == NULL)
		return -1;
	while ((rc = store_artifacts_next(r, &a, e)) > 0) {
		if (a.superseded)
			continue;
		s = vec_add(&p->spots);
		*s = (struct spot){.artifact = a.id, .content = a.content, .name = arena_sv(&p->arena, a.name),
		    .untimed = a.untimed, .complete = a.complete, .first_ms = a.first_ms, .last_ms = a.last_ms, .before = a.time_ms,
		    .before_source = arena_sv(&p->arena, a.time_source),
		    .before_why = arena_sv(&p->arena, a.time_why), .t = TIME_NONE, .source = "unknown"};
	}
	store_rows_close(r);
	return rc;
}

static int
by_artifact(const void *a, const void *b)
{
	const struct seen *x = a, *y = b;

	return (x->artifact > y->artifact) - (x->artifact < y->artifact);
}

/* Once for each artifact; fresh where any of them was. */
static void
sort_seen(struct ingest *i)
{
	size_t k, n = 0;

	if (i->seen.n > 1)
		qsort(i->seen.v, i->seen.n, sizeof(*i->seen.v), by_artifact);
	for (k = 0; k < i->seen.n; k++) {
		if (n > 0 && i->seen.v[n - 1].artifact == i->seen.v[k].artifact)
			i->seen.v[n - 1].fresh |= i->seen.v[k].fresh;
		else
			i->seen.v[n++] = i->seen.v[k];
	}
	i->seen.n = n;
}

static struct seen *
find_seen(const struct ingest *i, int64_t artifact)
{
	struct seen key = {.artifact = artifact};

	return i->seen.n == 0 ? NULL
	    : bsearch(&key, i->seen.v, i->seen.n, sizeof(*i->seen.v), by_artifact);
}

/* By the profile's pattern: 1, 0 (s->why says what is missing), -1. */
static int
by_rule(struct placing *p, const struct profile_snapshots *rule, const struct profile_captures *c,
    struct spot *s, struct err *e)
{
	struct sv why = {NULL, 0};
	int64_t t = TIME_NONE;
	int rc = when_resolve(p->store, &rule->time, &p->run, c, p->profile->zone, &p->arena, &t, &why, e);

	if (rc < 0)
		return -1;
	s->why = sv_of(arena_fmt(&p->arena, "%" SV_FMT ": %" SV_FMT, SV_ARG(rule->file), SV_ARG(why)));
	if (rc > 0) {
		s->t = t;
		s->source = rule->time.kind == WHEN_EVENT ? "event" : "profile";
		if (rule->time.kind == WHEN_EVENT)
			s->event = profile_fill(&p->arena, rule->time.event, c);
	}
	return rc;
}

static void
by_name(const struct placing *p, struct spot *s)
{
	struct sv part;
	int64_t t;

	if (when_name(sv_base(s->name), p->profile != NULL ? p->profile->zone : NULL, &t, &part)) {
		s->t = t;
		s->source = "name";
		s->why = part;
	}
}

static int
decide(struct ingest *i, struct placing *p, struct spot *s, struct err *e)
{
	const struct profile_snapshots *rule = NULL;
	struct profile_captures c;

	if (p->profile != NULL)
		rule = profile_snapshot_rule(p->profile, s->name, &c);
	/*
	 * An empty or broken snapshot has its time too: what is missing is missing at that time. Other
	 * artifacts (a summary, a dump) do not have a moment of their own.
	 */
	if (s->untimed || (rule != NULL && s->first_ms == TIME_NONE)) {
		if (i->opts->operand_time != TIME_NONE && find_seen(i, s->artifact) != NULL) {
			s->t = i->opts->operand_time;
			s->source = "operand";
			s->why = SV("--time");
			return 0;
		}
		/* Said by a person, on an earlier command line. */
		if (sv_is(s->before_source, "operand")) {
			s->t = s->before;
			s->source = "operand";
			s->why = s->before_why;
			return 0;
		}
	}
	if (s->first_ms != TIME_NONE) {
		s->t = s->last_ms;
		s->source = "inside";
		return 0;
	}
	if (rule != NULL && by_rule(p, rule, &c, s, e) < 0)
		return -1;
	if (s->t == TIME_NONE && s->untimed)
		by_name(p, s);
	if (s->t == TIME_NONE && s->untimed && s->why.n == 0)
		s->why = p->profile == NULL ? SV("no profile, and no time in its name")
		    : SV("no pattern of the profile, and no time in its name");
	return 0;
}

/* The last time a snapshot can have been written at; TIME_NONE: unknown. */
static int64_t
file_time(const struct ingest *i, const struct spot *s)
{
	const struct seen *seen = find_seen(i, s->artifact);

	/* A session that did not see the file goes on believing the one that did. */
	if (seen == NULL)
		return sv_is(s->before_source, "mtime") ? s->before : TIME_NONE;
	return seen->mtime;
}

/*
 * Why the file times of the n spots cannot be believed ("" goes without saying); NULL when they can: two or more, no two alike, all inside a run whose
 * bounds are known from elsewhere. A copy or a clone makes them alike, or moves them out of the run. That counters grow
 * with them is checked when they are placed (place_check).
 */
static const char *
why_not(const struct placing *p, const int64_t *t, size_t n)
{
	size_t k;

	if (p->run.start == TIME_NONE || p->run.end == TIME_NONE)
		return "";
	if (n < 2)
		return "one file time alone proves nothing";
	for (k = 0; k < n; k++)
		if (t[k] < p->run.start || t[k] > p->run.end || (k > 0 && t[k] == t[k - 1]))
			return "the file times are those of a copy: alike, or outside the run";
	return NULL;
}

/* Snapshots that nothing else places, all together or none of them. */
static void
by_file_times(const struct ingest *i, struct placing *p)
{
	VEC(int64_t) times = {0};
	const char *why;
	size_t k;

	for (k = 0; k < p->spots.n; k++)
		if (p->spots.v[k].untimed && p->spots.v[k].t == TIME_NONE)
			*vec_add(&times) = file_time(i, &p->spots.v[k]);
	sort_ints(times.v, times.n);
	why = why_not(p, times.v, times.n);
	for (k = 0; k < p->spots.n; k++) {
		struct spot *s = &p->spots.v[k];

		if (!s->untimed || s->t != TIME_NONE)
			continue;
		if (why != NULL) {
			if (*why != '\0')
				s->why = sv_of(arena_fmt(&p->arena, "%" SV_FMT "; %s", SV_ARG(s->why), why));
			continue;
		}
		s->t = file_time(i, s);
		s->source = "mtime";
		s->why = SV("when the file was written");
	}
	vec_free(&times);
}

static int
place_all(struct ingest *i, struct placing *p, struct err *e)
{
	size_t k;

	if (load(p, e) < 0 || store_unplace(p->store, e) < 0 ||
	    when_run(p->store, p->profile, i->opts->start, &p->arena, &p->run, e) < 0)
		return -1;
	for (k = 0; k < p->spots.n; k++)
		if (decide(i, p, &p->spots.v[k], e) < 0)
			return -1;
	by_file_times(i, p);
	for (k = 0; k < p->spots.n; k++) {
		const struct spot *s = &p->spots.v[k];

		if (store_place(p->store, s->artifact, s->t, s->source, s->why, e) < 0)
			return -1;
	}
	if (store_mark_stale(p->store, e) < 0)
		return -1;
	return place_check(p, e) < 0 || place_why(p, e) < 0 ? -1 : 0;
}

static void
count(struct ingest *i, const struct placing *p)
{
	const struct seen *seen;
	size_t k;

	i->totals.placed = i->totals.retimed = i->totals.untimed = 0;
	for (k = 0; k < p->spots.n; k++) {
		const struct spot *s = &p->spots.v[k];

		if (!s->untimed)
			continue;
		seen = find_seen(i, s->artifact);
		if (s->t == TIME_NONE)
			i->totals.untimed++;
		else
			i->totals.placed++;
		if (s->t != s->before && (seen == NULL || !seen->fresh))
			i->totals.retimed++;
	}
	/* Placing again in this session compares with what it has placed now. */
	for (k = 0; k < i->seen.n; k++)
		i->seen.v[k].fresh = false;
}

int
ingest_finish(struct ingest *i, struct err *e)
{
	struct placing p = {.store = i->store, .profile = i->opts->profile};
	int rc;

	sort_seen(i);
	if ((rc = store_begin(i->store, e)) == 0)
		rc = store_end(i->store, place_all(i, &p, e), e);
	if (rc == 0)
		count(i, &p);
	vec_free(&p.spots);
	arena_free(&p.arena);
	return rc;
}
