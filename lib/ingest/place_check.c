/*
 * Do the snapshots agree with the times they were given? The findings are drawn when all series have been read
 * (place_rows), since only then it is known at which slots a target answered at all.
 */
#include "ingest/place.h"

#include <math.h>

#include "base/num.h"
#include "ingest/place_rows.h"

#define NAMED 5 /* of the missing families, in a problem's text */

/* Adds a problem to the snapshot of a target at slot k: an error when it says that the times are off. */
static int
doubt(struct checking *c, int64_t target, size_t k, const char *severity, struct sv text, struct err *e)
{
	struct store_problem p = {.artifact = c->slots.v[k].spot->artifact, .severity = severity,
	    .stage = "place", .text = text};
	int64_t content = place_target(c, target)->content[k];
	size_t i;

	for (i = 0; i < c->p->spots.n; i++)
		if (c->p->spots.v[i].content == content && c->p->spots.v[i].t == c->slots.v[k].t) {
			p.artifact = c->p->spots.v[i].artifact;
			break;
		}

	return store_add_problem(c->p->store, &p, e);
}

/* --- families that are missing between neighbours (docs/rules.md 8) ------------------------ */

enum process { PROCESS_UNKNOWN, PROCESS_SAME, PROCESS_OTHER };

/* Was the target's process at slot b the one it was at slot a? */
static enum process
process_at(const struct checking *c, int64_t target, size_t a, size_t b)
{
	size_t k;

	for (k = 0; k < c->rows.n; k++) {
		const struct row *r = &c->rows.v[k];

		if (r->check >= 0 || r->target != target || !sv_eq(r->name, c->process_start))
			continue;
		if (isnan(r->v[a]) || isnan(r->v[b]))
			return PROCESS_UNKNOWN;
		return r->v[a] == r->v[b] ? PROCESS_SAME : PROCESS_OTHER;
	}
	return PROCESS_UNKNOWN;
}

/* What is missing at slot k of a target that answered there, but is at slots before and after. */
static int
check_cut(struct checking *c, int64_t target, size_t before, size_t k, size_t after, struct err *e)
{
	struct sb text = {0};
	size_t i, n = 0;
	int rc = 0;

	for (i = 0; i < c->rows.n; i++) {
		const struct row *r = &c->rows.v[i];

		if (r->check >= 0 || r->target != target || !isnan(r->v[k]) || isnan(r->v[before]) ||
		    isnan(r->v[after]))
			continue;
		if (n < NAMED)
			sb_addf(&text, "%s%" SV_FMT, n > 0 ? ", " : "possible cut: ", SV_ARG(r->name));
		n++;
	}
	if (n > NAMED)
		sb_addf(&text, " and %zu more", n - NAMED);
	/* After a restart families may have to come anew. */
	if (n > 0 && process_at(c, target, before, k) != PROCESS_OTHER) {
		sb_addf(&text, " %s in the snapshots before and after, but missing here", n == 1 ? "is" : "are");
		rc = doubt(c, target, k, "warning", sb_sv(&text), e);
	}
	sb_free(&text);
	return rc;
}

static int
check_cuts(struct checking *c, const struct row *target, struct err *e)
{
	size_t k, seen = 0, a = 0, b = 0;

	for (k = 0; k < c->slots.n; k++) {
		if (isnan(target->v[k]))
			continue;
		if (seen >= 2 && check_cut(c, target->target, a, b, k, e) < 0)
			return -1;
		a = b;
		b = k;
		seen++;
	}
	return 0;
}

/* --- counters that fell in one process: snapshots that changed places (docs/rules.md 2) ------- */

static int
check_falls(struct checking *c, const struct row *target, struct err *e)
{
	char before[TIME_TEXT];
	size_t k, last = c->slots.n;

	for (k = 0; k < c->slots.n; k++) {
		if (isnan(target->v[k]))
			continue;
		/* One counter alone may have been reset by hand; most of them do not fall together. */
		if (last < c->slots.n && target->fell[k] > 0 && 2 * target->fell[k] >= target->told[k] &&
		    process_at(c, target->target, last, k) == PROCESS_SAME)
			return doubt(c, target->target, k, "error", sv_of(arena_fmt(&c->p->arena,
			    "%d of %d counters stand lower than at %s, in one and the same process: snapshots changed places, "
			    "or their times are off", target->fell[k], target->told[k],
			    time_text(c->slots.v[last].t, before))), e);
		last = k;
	}
	return 0;
}

/* --- the same bytes again and again: not what a running process answers (docs/rules.md 2) --------- */

#define SAME 3 /* the last hourly snapshot and the final one may well be one; three in a row are not */

static int
check_same(struct checking *c, const struct row *target, struct err *e)
{
	char from[TIME_TEXT];
	size_t k, first = 0, n = 0;
	int64_t content = 0;

	for (k = 0; k < c->slots.n; k++) {
		if (isnan(target->v[k]))
			continue;
		if (n == 0 || target->content[k] != content) {
			content = target->content[k];
			first = k;
			n = 0;
		}
		if (++n == SAME && target->told[k] > 0)
			return doubt(c, target->target, k, "error", sv_of(arena_fmt(&c->p->arena,
			    "the same bytes as the %d snapshots from %s on: a copy, or an answer that was not fresh", SAME,
			    time_text(c->slots.v[first].t, from))), e);
	}
	return 0;
}

/* --- what the profile says of the times (docs/rules.md 2) ---------------------------------- */

static int
check_start(struct checking *c, const struct row *r, struct err *e)
{
	char number[NUM_TEXT], t[TIME_TEXT];
	size_t k;

	if (c->p->run.start == TIME_NONE)
		return 0;
	for (k = 0; k < c->slots.n && c->slots.v[k].t <= c->p->run.start; k++)
		if (r->v[k] > 0)
			return doubt(c, r->target, k, "error", sv_of(arena_fmt(&c->p->arena, "%" SV_FMT
			    " already stands at %s at %s, when the run has only begun: the times of the snapshots "
			    "are probably off", SV_ARG(r->name), num_text(r->v[k], number),
			    time_text(c->slots.v[k].t, t))), e) < 0 ? -1 : 1;
	return 0;
}

/* Did the process that answered at slot k begin with the run? Then all that its counters hold is of the run (docs/rules.md 12). */
static bool
began_with_run(const struct checking *c, int64_t target, size_t k)
{
	const struct profile *pr = c->p->profile;
	size_t i;

	for (i = 0; i < c->rows.n; i++) {
		const struct row *r = &c->rows.v[i];

		if (r->check < 0 && r->target == target && sv_eq(r->name, c->process_start))
			return c->p->run.start != TIME_NONE && isfinite(r->v[k]) &&
			    r->v[k] * 1000 >= (double)(c->p->run.start - pr->process_slack);
	}
	return false;
}

/*
 * The slot by which the series has grown for the first time since its target's first snapshot; the number of slots
 * when it has not. A series born later counts from 0 (docs/rules.md 12), and so does what stands in the first snapshot of a
 * process that began with the run.
 */
static size_t
first_growth(struct checking *c, const struct row *r)
{
	const struct row *target = place_target(c, r->target);
	bool began = false;
	double last = 0;
	size_t k;

	for (k = 0; k < c->slots.n; k++) {
		if (isnan(target->v[k]))
			continue;
		if (!isnan(r->v[k])) {
			if (began ? r->v[k] > last || (r->v[k] < last && r->v[k] > 0) : r->v[k] > 0 && began_with_run(c, r->target, k))
				return k;
			last = r->v[k] > 0 ? r->v[k] : 0;
		}
		began = true;
	}
	return k;
}

/* One problem a check is enough: the earliest of its series. */
static int
check_growth(struct checking *c, size_t check, struct err *e)
{
	const struct profile_crosscheck *x = &c->p->profile->crosschecks[check];
	char t[TIME_TEXT], limit[TIME_TEXT];
	size_t k, grew = c->slots.n, first;
	int64_t target = 0;
	struct sv why = {NULL, 0};
	int64_t moment;
	int rc;

	if (x->not_before.kind == WHEN_NONE)
		return 0;
	rc = when_resolve(c->p->store, &x->not_before, &c->p->run, NULL, c->p->profile->zone, &c->p->arena,
	    &moment, &why, e);
	if (rc <= 0)
		return rc;
	for (k = 0; k < c->rows.n; k++)
		if (c->rows.v[k].check == (int)check && (first = first_growth(c, &c->rows.v[k])) < grew) {
			grew = first;
			target = c->rows.v[k].target;
		}
	if (grew == c->slots.n || c->slots.v[grew].t >= moment)
		return 0;
	return doubt(c, target, grew, "error", sv_of(arena_fmt(&c->p->arena, "%" SV_FMT " already grew by %s, "
	    "before %" SV_FMT " at %s: the times of the snapshots are probably off", SV_ARG(x->series),
	    time_text(c->slots.v[grew].t, t), SV_ARG(why), time_text(moment, limit))), e);
}

static int
check_profile(struct checking *c, struct err *e)
{
	const struct profile *pr = c->p->profile;
	size_t k, i;
	int rc;

	for (k = 0; pr != NULL && k < pr->n_crosschecks; k++) {
		if (sv_chr(pr->crosschecks[k].series, '{') < pr->crosschecks[k].series.n)
			return doc_err(pr->crosschecks[k].at, e, "a crosscheck takes a metric's name, without {labels}");
		rc = 0;
		for (i = 0; i < c->rows.n && rc == 0 && pr->crosschecks[k].starts_at_run; i++)
			if (c->rows.v[i].check == (int)k)
				rc = check_start(c, &c->rows.v[i], e);
		if (rc < 0 || check_growth(c, k, e) < 0)
			return -1;
	}
	return 0;
}

int
place_check(struct placing *p, struct err *e)
{
	struct checking c;
	size_t k;
	int rc = place_rows_read(&c, p, e);

	for (k = 0; k < c.targets.n && rc == 0; k++)
		if (check_cuts(&c, &c.targets.v[k], e) < 0 || check_falls(&c, &c.targets.v[k], e) < 0 ||
		    check_same(&c, &c.targets.v[k], e) < 0)
			rc = -1;
	if (c.slots.n > 0 && rc == 0)
		rc = check_profile(&c, e);
	place_rows_free(&c);
	return rc;
}
