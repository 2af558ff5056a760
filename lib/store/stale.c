#include "store/store.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "store/private.h"

/* A target answered in a snapshot placed at t; one of the contents that say so. */
struct snapshot {
	int64_t target, t, content;
};
struct snapshots {
	VEC(struct snapshot) all; /* by target, then t */
};

static int
collect(struct store *s, struct snapshots *out, struct err *e)
{
	sqlite3_stmt *st = s->stmt[Q_STALE_SNAPSHOTS];
	struct snapshot *one;
	int rc;

	while ((rc = db_step(s, st, e)) == 1) {
		one = vec_add(&out->all);
		one->target = sqlite3_column_int64(st, 0);
		one->t = sqlite3_column_int64(st, 1);
		one->content = sqlite3_column_int64(st, 2);
	}
	return rc;
}

static int
compare(const void *va, const void *vb)
{
	const struct snapshot *a = va, *b = vb;

	if (a->target != b->target)
		return a->target < b->target ? -1 : 1;
	return (a->t > b->t) - (a->t < b->t);
}

/* The target's snapshot after the one at t; NULL when that is its last. */
static const struct snapshot *
after(const struct snapshots *all, int64_t target, int64_t t)
{
	struct snapshot key = {target, t, 0};
	const struct snapshot *end = all->all.v + all->all.n;
	const struct snapshot *found = bsearch(&key, all->all.v, all->all.n, sizeof(key), compare);

	if (found == NULL || found + 1 == end || found[1].target != target)
		return NULL;
	return found + 1;
}

/* Where the series has a sample nothing happens: that is the key of the table. */
static int
put_marker(struct store *s, int64_t series, const struct snapshot *later, struct err *e)
{
	sqlite3_stmt *st = s->stmt[Q_SAMPLE_NEW];

	db_bind_int(s, st, 1, series);
	db_bind_int(s, st, 2, later->t);
	db_bind_num(s, st, 3, NAN);
	db_bind_int(s, st, 4, STORE_STALE);
	db_bind_int(s, st, 5, later->content);
	db_bind_int(s, st, 6, 1);
	return db_do(s, st, e);
}

/*
 * Goes by the readings, not by the samples: a series of the same target that stands in a log, with times of
 * its own, does not vanish because the next snapshot does not have it. One pass, however many targets.
 */
int
store_mark_stale(struct store *s, struct err *e)
{
	sqlite3_stmt *st = s->stmt[Q_STALE_READINGS];
	struct snapshots all = {0};
	const struct snapshot *later = NULL;
	int64_t target = 0, t = 0;
	int rc;

	if (db_writing(s, e) < 0)
		return -1;
	rc = collect(s, &all, e);
	while (rc == 0 && all.all.n > 0 && (rc = db_step(s, st, e)) == 1) {
		if (sqlite3_column_int64(st, 0) != target || sqlite3_column_int64(st, 1) != t) {
			target = sqlite3_column_int64(st, 0);
			t = sqlite3_column_int64(st, 1);
			later = after(&all, target, t);
		}
		rc = later == NULL ? 0 : put_marker(s, sqlite3_column_int64(st, 2), later, e);
	}
	sqlite3_reset(st);
	vec_free(&all.all);
	return rc;
}
