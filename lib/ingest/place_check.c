/*
 * Do the snapshots agree with the times they were given? Each series is looked at where snapshots
 * were placed ("slots"), all series in one pass, and the findings are drawn afterwards, since
 * only then it is known at which slots a target answered at all.
 */
#include "ingest/place.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"

#define NAMED 5 /* of the missing families, in a problem's text */

struct slot {
	int64_t t;
	const struct spot *spot; /* the first snapshot there */
};

/* The values of a series, or whether a family was there, at each slot. */
struct row {
	struct sv name;
	int64_t target;
	double *v;        /* NaN: not there */
	int64_t *content; /* of a target: which content spoke for it there */
	int check;        /* of the profile; -1: a family or a target */
};

struct checking {
	struct placing *p;
	VEC(struct slot) slots;  /* in order of time, each time once */
	VEC(struct row) rows;    /* families and crosschecked series */
	VEC(struct row) targets; /* v: 1 where it answered */
	double *v;               /* of the series at hand ... */
	int64_t *content;        /* ... and who says so */
	struct sv process_start;
};

static int
by_time(const void *a, const void *b)
{
	const struct slot *x = a, *y = b;

	return (x->t > y->t) - (x->t < y->t);
}

static void
find_slots(struct checking *c)
{
	size_t k, n = 0;

	for (k = 0; k < c->p->spots.n; k++)
		if (place_is_placed(&c->p->spots.v[k]))
			*vec_add(&c->slots) = (struct slot){c->p->spots.v[k].t, &c->p->spots.v[k]};
	if (c->slots.n > 1)
		qsort(c->slots.v, c->slots.n, sizeof(*c->slots.v), by_time);
	for (k = 0; k < c->slots.n; k++)
		if (n == 0 || c->slots.v[n - 1].t != c->slots.v[k].t)
			c->slots.v[n++] = c->slots.v[k];
	c->slots.n = n;
}

static double *
no_values(struct checking *c)
{
	double *v = arena_new(&c->p->arena, c->slots.n, sizeof(*v));
	size_t k;

	for (k = 0; k < c->slots.n; k++)
		v[k] = NAN;
	return v;
}

static struct row *
target_row(struct checking *c, int64_t target)
{
	size_t k;
	struct row *r;

	for (k = 0; k < c->targets.n; k++)
		if (c->targets.v[k].target == target)
			return &c->targets.v[k];
	r = vec_add(&c->targets);
	*r = (struct row){.target = target, .v = no_values(c), .check = -1};
	r->content = arena_new(&c->p->arena, c->slots.n, sizeof(*r->content));
	return r;
}

/* The family's row: series come in order of name, so that it is among the last. */
static struct row *
family_row(struct checking *c, struct sv name, int64_t target)
{
	size_t k;
	struct row *r;

	for (k = c->rows.n; k > 0; k--) {
		r = &c->rows.v[k - 1];
		if (!sv_eq(r->name, name))
			break;
		if (r->check < 0 && r->target == target)
			return r;
	}
	r = vec_add(&c->rows);
	*r = (struct row){.name = arena_sv(&c->p->arena, name), .target = target, .v = no_values(c), .check = -1};
	return r;
}

/* c->v gets the series' values at the slots. *some: there were any. */
static int
read_series(struct checking *c, int64_t series, bool *some, struct err *e)
{
	struct store_rows *r = store_points_open(c->p->store, series, c->slots.v[0].t,
	    c->slots.v[c->slots.n - 1].t, e);
	struct store_point pt;
	struct slot key = {0}, *slot;
	size_t k;
	int rc;

	if (r == NULL)
		return -1;
	for (k = 0; k < c->slots.n; k++)
		c->v[k] = NAN;
	*some = false;
	while ((rc = store_points_next(r, &pt, e)) > 0) {
		key.t = pt.t;
		slot = bsearch(&key, c->slots.v, c->slots.n, sizeof(*c->slots.v), by_time);
		if (slot == NULL || pt.flag == STORE_STALE)
			continue;
		/* NaN is a value here too; it never counts as growth. */
		k = (size_t)(slot - c->slots.v);
		c->v[k] = pt.flag == STORE_NAN ? -INFINITY : pt.v;
		c->content[k] = pt.content;
		*some = true;
	}
	store_rows_close(r);
	return rc;
}

static int
take_series(struct checking *c, const struct store_series *s, struct err *e)
{
	const struct profile *pr = c->p->profile;
	struct row *target, *family, x;
	size_t k;
	bool some;

	if (read_series(c, s->id, &some, e) < 0)
		return -1;
	if (!some)
		return 0;
	target = target_row(c, s->target);
	family = family_row(c, s->name, s->target);
	for (k = 0; k < c->slots.n; k++) {
		if (isnan(c->v[k]))
			continue;
		target->v[k] = 1;
		target->content[k] = c->content[k];
		/* Of several series the first that has a value speaks: enough for a process' start. */
		if (isnan(family->v[k]))
			family->v[k] = c->v[k];
	}
	x = (struct row){.name = family->name, .target = s->target};
	for (k = 0; pr != NULL && k < pr->n_crosschecks; k++)
		if (sv_eq(pr->crosschecks[k].series, s->name)) {
			x.check = (int)k;
			x.v = no_values(c);
			memcpy(x.v, c->v, c->slots.n * sizeof(*x.v));
			*vec_add(&c->rows) = x;
		}
	return 0;
}

static int
take_all(struct checking *c, struct err *e)
{
	struct store_rows *r = store_series_open(c->p->store, NULL, e);
	struct store_series s;
	int rc;

	if (r == NULL)
		return -1;
	while ((rc = store_series_next(r, &s, e)) > 0)
		if (take_series(c, &s, e) < 0) {
			rc = -1;
			break;
		}
	store_rows_close(r);
	return rc;
}

/* Adds a problem to the snapshot of a target at slot k: an error when it says that the times are off. */
static int
doubt(struct checking *c, int64_t target, size_t k, const char *severity, struct sv text, struct err *e)
{
	struct store_problem p = {.artifact = c->slots.v[k].spot->artifact, .severity = severity,
	    .stage = "place", .text = text};
	int64_t content = target_row(c, target)->content[k];
	size_t i;

	for (i = 0; i < c->p->spots.n; i++)
		if (c->p->spots.v[i].content == content && c->p->spots.v[i].t == c->slots.v[k].t) {
			p.artifact = c->p->spots.v[i].artifact;
			break;
		}

	return store_add_problem(c->p->store, &p, e);
}

/* --- families that are missing between neighbours (docs/rules.md 8) ------------------------ */

/* Was the target's process another one at slot b than at slot a? Then its families may have to come anew. */
static bool
restarted(const struct checking *c, int64_t target, size_t a, size_t b)
{
	size_t k;

	for (k = 0; k < c->rows.n; k++) {
		const struct row *r = &c->rows.v[k];

		if (r->check < 0 && r->target == target && sv_eq(r->name, c->process_start))
			return !isnan(r->v[a]) && !isnan(r->v[b]) && r->v[a] != r->v[b];
	}
	return false;
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
	if (n > 0 && !restarted(c, target, before, k)) {
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

/*
 * The slot by which the series has grown for the first time since its target's first snapshot; the number of slots
 * when it has not. A series born later counts from 0 (docs/rules.md 12).
 */
static size_t
first_growth(struct checking *c, const struct row *r)
{
	const struct row *target = target_row(c, r->target);
	bool began = false;
	double last = 0;
	size_t k;

	for (k = 0; k < c->slots.n; k++) {
		if (isnan(target->v[k]))
			continue;
		if (!isnan(r->v[k])) {
			if (began && (r->v[k] > last || (r->v[k] < last && r->v[k] > 0)))
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
	struct checking c = {.p = p, .process_start = SV("process_start_time_seconds")};
	size_t k;
	int rc = 0;

	if (p->profile != NULL && p->profile->process_start.n > 0)
		c.process_start = p->profile->process_start;
	find_slots(&c);
	c.v = arena_new(&p->arena, c.slots.n, sizeof(*c.v));
	c.content = arena_new(&p->arena, c.slots.n, sizeof(*c.content));
	if (c.slots.n > 0)
		rc = take_all(&c, e);
	for (k = 0; k < c.targets.n && rc == 0; k++)
		rc = check_cuts(&c, &c.targets.v[k], e);
	if (c.slots.n > 0 && rc == 0)
		rc = check_profile(&c, e);
	vec_free(&c.slots);
	vec_free(&c.rows);
	vec_free(&c.targets);
	return rc;
}
