#include "ingest/place_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/sort.h"

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

	for (k = 0; k < c->p->spots.n; k++) {
		if (!place_is_placed(&c->p->spots.v[k]))
			continue;
		*vec_add(&c->slots) = (struct slot){c->p->spots.v[k].t, &c->p->spots.v[k]};
		*vec_add(&c->placed) = c->p->spots.v[k].content;
	}
	sort_ints(c->placed.v, c->placed.n);
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

struct row *
place_target(struct checking *c, int64_t target)
{
	size_t k;
	struct row *r;

	for (k = 0; k < c->targets.n; k++)
		if (c->targets.v[k].target == target)
			return &c->targets.v[k];
	r = vec_add(&c->targets);
	*r = (struct row){.target = target, .v = no_values(c), .check = -1};
	r->content = arena_new(&c->p->arena, c->slots.n, sizeof(*r->content));
	r->fell = arena_new(&c->p->arena, c->slots.n, sizeof(*r->fell));
	r->told = arena_new(&c->p->arena, c->slots.n, sizeof(*r->told));
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
		if (slot == NULL || pt.flag == STORE_STALE ||
		    !sort_has(c->placed.v, c->placed.n, pt.content))
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

/* Did the counter at hand fall from one slot to the next at which it was there? */
static void
count_falls(struct checking *c, struct row *target)
{
	double last = NAN;
	size_t k;

	for (k = 0; k < c->slots.n; k++) {
		if (!isfinite(c->v[k]))
			continue;
		if (!isnan(last)) {
			target->told[k]++;
			target->fell[k] += c->v[k] < last;
		}
		last = c->v[k];
	}
}

static int
take_series(struct checking *c, const struct store_series *s, struct err *e)
{
	const struct profile *pr = c->p->profile;
	struct row *target, *family, x;
	char type[32];
	size_t k;
	bool some;

	if (read_series(c, s->id, &some, e) < 0)
		return -1;
	if (!some)
		return 0;
	target = place_target(c, s->target);
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
	if (store_family_type(c->p->store, arena_str(&c->p->arena, s->name), type, e) < 0)
		return -1;
	if (strcmp(type, "counter") == 0)
		count_falls(c, target);
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

int
place_rows_read(struct checking *c, struct placing *p, struct err *e)
{
	*c = (struct checking){.p = p, .process_start = SV("process_start_time_seconds")};
	if (p->profile != NULL && p->profile->process_start.n > 0)
		c->process_start = p->profile->process_start;
	find_slots(c);
	c->v = arena_new(&p->arena, c->slots.n, sizeof(*c->v));
	c->content = arena_new(&p->arena, c->slots.n, sizeof(*c->content));
	return c->slots.n > 0 ? take_all(c, e) : 0;
}

void
place_rows_free(struct checking *c)
{
	vec_free(&c->slots);
	vec_free(&c->placed);
	vec_free(&c->rows);
	vec_free(&c->targets);
}
