#include "store/store.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "store/private.h"

#define BATCH 32 /* rows of Q_SAMPLE_NEW_MANY */
#define BATCHES_CHECKED 1000
#define SCRAPES ((size_t)1 << 15)

/* Equal values merge, also two NaN. (SQLite does not keep the sign of -0, so neither does this.) */
static bool
same(double a, int a_flag, double b, int b_flag)
{
	return a_flag == b_flag && (a_flag != STORE_VALUE || a == b);
}

/* As parameters first, first + 1 ... */
static void
bind_row(struct store *s, sqlite3_stmt *st, int first, const struct db_sample *m)
{
	db_bind_int(s, st, first, m->series);
	db_bind_int(s, st, first + 1, m->t);
	db_bind_num(s, st, first + 2, m->flag == STORE_VALUE ? m->v : NAN);
	db_bind_int(s, st, first + 3, m->flag);
	db_bind_int(s, st, first + 4, m->content);
	db_bind_int(s, st, first + 5, m->placed);
}

static int
put_row(struct store *s, enum stmt q, const struct db_sample *m, struct err *e)
{
	bind_row(s, s->stmt[q], 1, m);
	return db_do(s, s->stmt[q], e);
}

/* a stays, b does not agree with it. */
static int
put_conflict(struct store *s, const struct db_sample *a, const struct db_sample *b, struct err *e)
{
	sqlite3_stmt *st = s->stmt[Q_CONFLICT_NEW];

	db_bind_int(s, st, 1, a->series);
	db_bind_int(s, st, 2, a->t);
	db_bind_int(s, st, 3, a->content);
	db_bind_num(s, st, 4, a->flag == STORE_VALUE ? a->v : NAN);
	db_bind_int(s, st, 5, b->content);
	db_bind_num(s, st, 6, b->flag == STORE_VALUE ? b->v : NAN);
	db_bind_text(s, st, 7, a->placed || b->placed ? SV("place") : SV("read"));
	return db_do(s, st, e);
}

/* There is one at that time already. */
static int
merge(struct store *s, const struct db_sample *m, struct err *e)
{
	sqlite3_stmt *st = s->stmt[Q_SAMPLE_GET];
	struct db_sample old = *m;
	int rc;

	db_bind_int(s, st, 1, m->series);
	db_bind_int(s, st, 2, m->t);
	if ((rc = db_step(s, st, e)) != 1)
		return rc == 0 ? err_set(e, ERR_DB, "%s: damaged: a sample vanished", s->path) : rc;
	old.v = db_num(st, 0);
	old.flag = sqlite3_column_int(st, 1);
	old.content = sqlite3_column_int64(st, 2);
	old.placed = sqlite3_column_int(st, 3) != 0;
	sqlite3_reset(st);

	if (old.flag == STORE_STALE) /* our own conclusion, not an artifact's statement */
		return put_row(s, Q_SAMPLE_SET, m, e);
	if (m->flag == STORE_STALE)
		return 0; /* and neither does it contradict one */
	if (same(old.v, old.flag, m->v, m->flag)) {
		/*
		 * The later file that says so becomes the source: of a log that grew, the longer version
		 * thus takes over all that the shorter one said (supersede.c).
		 */
		if (m->placed || (old.content == m->content && !old.placed))
			return 0;
		return put_row(s, Q_SAMPLE_SET, m, e);
	}
	if (old.placed && !m->placed) {
		if (put_row(s, Q_SAMPLE_SET, m, e) < 0)
			return -1;
		return put_conflict(s, m, &old, e);
	}
	return put_conflict(s, &old, m, e);
}

int
db_put_sample(struct store *s, const struct db_sample *m, struct err *e)
{
	if (put_row(s, Q_SAMPLE_NEW, m, e) < 0)
		return -1;
	return sqlite3_changes(s->db) != 0 ? 0 : merge(s, m, e);
}

/*
 * Foreign keys are checked in the first batches of a transaction only: for each row it would cost a quarter of the time of a long
 * file, and the ids that samples carry were looked up or made in the same transaction. Statements are prepared anew
 * when the switch is turned, so not for every small file.
 */
static void
check_less(struct store *s)
{
	if (++s->in_a_row == BATCHES_CHECKED)
		sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_FKEY, 0, NULL);
}

void
db_samples_checked(struct store *s)
{
	if (s->in_a_row >= BATCHES_CHECKED)
		sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
	s->in_a_row = 0;
}

/* Many in one statement take half the time. Where one of them was there already, each is looked at. */
int
db_samples_flush(struct store *s, struct err *e)
{
	sqlite3_stmt *st = s->stmt[Q_SAMPLE_NEW_MANY];
	size_t n = s->n_batch, i;
	int rc = 0;

	s->n_batch = 0;
	if (n < BATCH) {
		for (i = 0; i < n && rc == 0; i++)
			rc = db_put_sample(s, &s->batch[i], e);
		return rc;
	}
	for (i = 0; i < BATCH; i++)
		bind_row(s, st, (int)i * 6 + 1, &s->batch[i]);
	check_less(s);
	if (db_do(s, st, e) < 0)
		return -1;
	if (sqlite3_changes(s->db) == BATCH)
		return 0;
	for (i = 0; i < BATCH && rc == 0; i++)
		rc = merge(s, &s->batch[i], e);
	return rc;
}

void
db_scrape_forget(struct store *s)
{
	s->scrape.n = 0;
	s->scrape.last = 0;
}

/* Has this transaction written it already? Files tend to go through the same times again for each series. */
static bool
scrape_known(struct scrape_cache *c, const struct scrape_entry *want, uint16_t *slot)
{
	size_t i = c->last + 1 < c->n ? c->last + 1 : 0;

	for (int k = 0; k < 2; k++, i = *slot) {
		if (i < c->n && c->v[i].t == want->t && c->v[i].target == want->target && c->v[i].placed == want->placed) {
			c->last = i;
			return true;
		}
	}
	return false;
}

int
db_put_scrape(struct store *s, int64_t target, int64_t t, bool placed, struct err *e)
{
	const struct scrape_entry want = {target, t, placed};
	uint64_t h = ((uint64_t)t * 31 + (uint64_t)target) * UINT64_C(0x9e3779b97f4a7c15);
	struct scrape_cache *c = &s->scrape;
	sqlite3_stmt *st = s->stmt[Q_SCRAPE_NEW];
	uint16_t *slot;

	if (c->v == NULL) {
		c->v = mem_new(SCRAPES, sizeof(*c->v));
		c->slot = mem_new(SCRAPES, sizeof(*c->slot));
	}
	slot = &c->slot[h >> 49]; /* SCRAPES is 2^15; what a slot says of entries that are gone is compared and found wrong */
	if (scrape_known(c, &want, slot))
		return 0;
	db_bind_int(s, st, 1, target);
	db_bind_int(s, st, 2, t);
	db_bind_int(s, st, 3, placed);
	if (db_do(s, st, e) < 0)
		return -1;
	if (c->n == SCRAPES)
		db_scrape_forget(s);
	c->v[c->n] = want;
	*slot = (uint16_t)c->n;
	c->last = c->n++;
	return 0;
}

/* A file without times cannot say two values of one series. */
static int
reading_twice(struct store *s, const struct store_sample *m, const struct db_sample *d, struct err *e)
{
	static const struct labels none;
	sqlite3_stmt *st = s->stmt[Q_READING_GET];
	struct store_problem p = {.content = d->content, .severity = "warning", .stage = "read"};
	struct sb text = {0};
	double v;
	int flag, rc;

	db_bind_int(s, st, 1, d->content);
	db_bind_int(s, st, 2, d->series);
	if ((rc = db_step(s, st, e)) != 1)
		return rc;
	v = db_num(st, 0);
	flag = sqlite3_column_int(st, 1);
	sqlite3_reset(st);
	if (same(v, flag, d->v, d->flag))
		return 0;
	labels_show(m->name, m->labels != NULL ? m->labels : &none, &text);
	sb_adds(&text, " stands here twice with different values; the first is used");
	p.text = sb_sv(&text);
	rc = store_add_problem(s, &p, e);
	sb_free(&text);
	return rc;
}

static int
add_reading(struct store *s, const struct store_sample *m, const struct db_sample *d, struct err *e)
{
	sqlite3_stmt *st = s->stmt[Q_READING_NEW];

	db_bind_int(s, st, 1, d->content);
	db_bind_int(s, st, 2, d->series);
	db_bind_num(s, st, 3, d->v);
	db_bind_int(s, st, 4, d->flag);
	if (db_do(s, st, e) < 0)
		return -1;
	return sqlite3_changes(s->db) != 0 ? 0 : reading_twice(s, m, d, e);
}

/* The series of a sample, and its target. */
static int
find_series(struct store *s, const struct store_sample *m, struct store_ref *ref, struct err *e)
{
	const struct series_entry *series;

	if (m->ref != NULL && m->ref->series != 0) {
		*ref = *m->ref;
		return 0;
	}
	if ((series = db_series(s, m, e)) == NULL)
		return -1;
	*ref = (struct store_ref){series->series, series->target};
	if (m->ref != NULL)
		*m->ref = *ref;
	return 0;
}

int
store_add_sample(struct store *s, int64_t content, const struct store_sample *m, struct err *e)
{
	struct db_sample d = {.t = m->t, .v = m->v, .content = content};
	struct store_ref ref;

	if (sqlite3_get_autocommit(s->db) && db_writing(s, e) < 0)
		return -1;
	if (find_series(s, m, &ref, e) < 0)
		return -1;
	d.series = ref.series;
	d.flag = m->stale ? STORE_STALE : isnan(m->v) ? STORE_NAN : STORE_VALUE;
	if (m->t == TIME_NONE)
		return add_reading(s, m, &d, e);
	if (s->batch == NULL)
		s->batch = mem_new(BATCH, sizeof(*s->batch));
	s->batch[s->n_batch++] = d;
	s->added++;
	if (s->n_batch == BATCH && db_samples_flush(s, e) < 0)
		return -1;
	return m->stale ? 0 : db_put_scrape(s, ref.target, m->t, false, e); /* nobody answered then */
}
