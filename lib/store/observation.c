#include "store/observation.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/observation_code.h"
#include "store/private.h"

int
store_observation_metric(struct store *s, struct sv name, struct sv type, struct sv contains, struct err *e)
{
	sqlite3_stmt *st = s->stmt[Q_OBSERVATION_METRIC_ADD];

	if (db_writing(s, e) < 0)
		return -1;
	db_bind_text(s, st, 1, name);
	db_bind_text(s, st, 2, type);
	db_bind_text(s, st, 3, contains);
	return db_do(s, st, e);
}

/* The id of the row that add made or that find finds. */
static int64_t
id_of(struct store *s, enum stmt find, enum stmt add, struct sv text, struct err *e)
{
	int64_t id;

	db_bind_text(s, s->stmt[find], 1, text);
	if ((id = db_value(s, s->stmt[find], e)) != 0)
		return id;
	db_bind_text(s, s->stmt[add], 1, text);
	return db_do(s, s->stmt[add], e) < 0 ? -1 : sqlite3_last_insert_rowid(s->db);
}

int64_t
store_observation_series(struct store *s, struct sv metric, const struct labels *tags, struct err *e)
{
	static const enum stmt steps[2] = {Q_OBSERVATION_SERIES_FIND, Q_OBSERVATION_SERIES_NEW};
	int64_t metric_id, tags_id, id = 0;
	struct sb json = {0};

	if (db_writing(s, e) < 0)
		return -1;
	labels_json(tags, &json);
	metric_id = id_of(s, Q_OBSERVATION_METRIC_FIND, Q_OBSERVATION_METRIC_NEW, metric, e);
	tags_id = metric_id < 0 ? -1 : id_of(s, Q_OBSERVATION_TAGS_FIND, Q_OBSERVATION_TAGS_NEW, sb_sv(&json), e);
	sb_free(&json);
	if (tags_id < 0)
		return -1;
	for (int k = 0; k < 2 && id == 0; k++) {
		db_bind_int(s, s->stmt[steps[k]], 1, metric_id);
		db_bind_int(s, s->stmt[steps[k]], 2, tags_id);
		id = db_value(s, s->stmt[steps[k]], e);
	}
	return id != 0 ? id : sqlite3_last_insert_rowid(s->db);
}

static int64_t
floor_div(int64_t v, int64_t by)
{
	return v / by - (v % by < 0);
}

static int
put_block(struct store *s, int64_t content, const struct observation *v, size_t n, struct err *e)
{
	sqlite3_stmt *st = s->stmt[Q_OBSERVATION_NEW];
	int64_t first = v[0].t, last = v[0].t;
	struct sb data = {0};
	size_t i;
	int rc;

	for (i = 1; i < n; i++) {
		first = v[i].t < first ? v[i].t : first;
		last = v[i].t > last ? v[i].t : last;
	}
	observation_encode(v, n, &data);
	db_bind_int(s, st, 1, content);
	db_bind_int(s, st, 2, (int64_t)n);
	db_bind_int(s, st, 3, floor_div(first, 1000000));
	db_bind_int(s, st, 4, floor_div(last, 1000000));
	db_bind_blob(s, st, 5, sb_sv(&data));
	rc = db_do(s, st, e);
	sb_free(&data);
	return rc;
}

/* --- sums ------------------------------------------------------------------------------------ */

struct sum {
	int64_t t, key; /* key: series or metric; 0: a free slot */
	int64_t n;
	double sum, min, max;
};

#define SLOTS ((size_t)2 * OBSERVATION_BLOCK)

struct sums {
	struct sum *slot; /* SLOTS of them, a hash table; squeezed together by sums_sort() */
	struct sum *last; /* the slot used last */
	size_t n;
};

static void
sums_add(struct sums *w, int64_t t, int64_t key, double v)
{
	struct sum *m = w->last;
	size_t i;

	if (m == NULL || m->t != t || m->key != key) {
		i = (size_t)(((uint64_t)t / 1000 * 0x9e3779b1 + (uint64_t)key) * UINT64_C(0x9e3779b97f4a7c15) >> 47);
		for (; w->slot[i].key != 0 && (w->slot[i].key != key || w->slot[i].t != t); i = (i + 1) % SLOTS)
			;
		m = w->last = &w->slot[i];
	}
	if (m->key == 0) {
		*m = (struct sum){t, key, 0, 0, v, v};
		w->n++;
	}
	m->n++;
	m->sum += v;
	m->min = v < m->min ? v : m->min;
	m->max = v > m->max ? v : m->max;
}

static int
by_time(const void *a, const void *b)
{
	const struct sum *x = a, *y = b;

	if (x->t != y->t)
		return x->t < y->t ? -1 : 1;
	return (x->key > y->key) - (x->key < y->key);
}

/* In the order of the table they go to. A second that two blocks share is two rows in one. */
static int
sums_write(struct store *s, struct sums *w, enum stmt q, int64_t content, struct err *e)
{
	sqlite3_stmt *st = s->stmt[q];
	size_t i, n = 0;
	int rc = 0;

	for (i = 0; i < SLOTS; i++)
		if (w->slot[i].key != 0)
			w->slot[n++] = w->slot[i];
	qsort(w->slot, n, sizeof(*w->slot), by_time);
	for (i = 0; i < n && rc == 0; i++) {
		const struct sum *m = &w->slot[i];

		db_bind_int(s, st, 1, content);
		db_bind_int(s, st, 2, m->t);
		db_bind_int(s, st, 3, m->key);
		db_bind_int(s, st, 4, m->n);
		db_bind_num(s, st, 5, m->sum);
		db_bind_num(s, st, 6, m->min);
		db_bind_num(s, st, 7, m->max);
		rc = db_do(s, st, e);
	}
	memset(w->slot, 0, SLOTS * sizeof(*w->slot));
	w->last = NULL;
	w->n = 0;
	return rc;
}

/* A small cache, as blocks follow each other. */
int64_t
db_observed_metric(struct store *s, int64_t series, struct err *e)
{
	struct observed_cache *c = &s->observed;
	int64_t metric;

	if (series > 0 && (size_t)series < c->n && c->metric[series] != 0)
		return c->metric[series];
	db_bind_int(s, s->stmt[Q_OBSERVATION_SERIES_METRIC], 1, series);
	metric = db_value(s, s->stmt[Q_OBSERVATION_SERIES_METRIC], e);
	if (metric == 0)
		return err_set(e, ERR_USAGE, "%s: a point of a series that is not there", s->path);
	if (metric < 0 || series >= OBSERVED_CACHE)
		return metric;
	if ((size_t)series >= c->n) {
		size_t n = (size_t)series + 1024;

		c->metric = mem_grow(c->metric, n, sizeof(*c->metric));
		memset(c->metric + c->n, 0, (n - c->n) * sizeof(*c->metric));
		c->n = n;
	}
	return c->metric[series] = metric;
}

void
db_observed_forget(struct store *s)
{
	mem_free(s->observed.metric);
	db_observed_points_free(s->observed.points);
	s->observed = (struct observed_cache){0};
}

/* The beginning of the span of by nanoseconds that holds t; *last is that of the call before, at first 0. */
static int64_t
begin_of(int64_t t, int64_t by, int64_t *last)
{
	/* Nearly always that of the point before. */
	if ((uint64_t)t - (uint64_t)*last >= (uint64_t)by)
		*last = floor_div(t, by) * by;
	return *last;
}

static int
put_sums(struct store *s, int64_t content, const struct observation *v, size_t n, struct err *e)
{
	struct sums w = {.slot = mem_new(SLOTS, sizeof(*w.slot))};
	int64_t metric, second = 0, minute = 0;
	size_t i;
	int rc = 0;

	for (i = 0; i < n && rc == 0; i++) {
		if ((metric = db_observed_metric(s, v[i].series, e)) < 0)
			rc = -1;
		else
			sums_add(&w, begin_of(v[i].t, INT64_C(1000000000), &second) / 1000000, metric, v[i].v);
	}
	if (rc == 0)
		rc = sums_write(s, &w, Q_OBSERVATION_SECOND_ADD, content, e);
	for (i = 0; i < n && rc == 0; i++)
		sums_add(&w, begin_of(v[i].t, INT64_C(60000000000), &minute) / 1000000, v[i].series, v[i].v);
	if (rc == 0)
		rc = sums_write(s, &w, Q_OBSERVATION_MINUTE_ADD, content, e);
	mem_free(w.slot);
	return rc;
}

int
store_observe(struct store *s, int64_t content, const struct observation *v, size_t n, struct err *e)
{
	if (db_writing(s, e) < 0)
		return -1;
	if (n == 0 || n > OBSERVATION_BLOCK)
		return err_set(e, ERR_USAGE, "%s: a block of %zu points", s->path, n);
	return put_block(s, content, v, n, e) < 0 ? -1 : put_sums(s, content, v, n, e);
}

int
store_observation_kept(struct store *s, int64_t content, const char *format, int64_t items, int64_t first_ms,
    int64_t last_ms, struct err *e)
{
	sqlite3_stmt *st = s->stmt[Q_OBSERVATION_KEPT];

	if (db_writing(s, e) < 0)
		return -1;
	db_bind_int(s, st, 1, content);
	db_bind_text(s, st, 2, sv_of(format));
	db_bind_int(s, st, 3, items);
	db_bind_time(s, st, 4, first_ms);
	db_bind_time(s, st, 5, last_ms);
	return db_do(s, st, e);
}

int
store_observation_unkeep(struct store *s, int64_t content, struct err *e)
{
	static const enum stmt drop[] = {Q_DROP_PROBLEMS, Q_DROP_ARTIFACTS};

	if (db_writing(s, e) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(drop) / sizeof(*drop); i++) {
		db_bind_int(s, s->stmt[drop[i]], 1, content);
		if (db_do(s, s->stmt[drop[i]], e) < 0)
			return -1;
	}
	return 0;
}

int64_t
store_observation_unread(struct store *s, struct sv name, int64_t after, struct err *e)
{
	sqlite3_stmt *st = s->stmt[Q_OBSERVATION_UNREAD];

	db_bind_text(s, st, 1, name);
	db_bind_int(s, st, 2, after);
	return db_value(s, st, e);
}

int
store_observation_begins(struct store *s, int64_t content, int64_t other, struct err *e)
{
	sqlite3_stmt *st = s->stmt[Q_OBSERVATION_BEGINS];

	db_bind_int(s, st, 1, content);
	db_bind_int(s, st, 2, other);
	return (int)db_value(s, st, e);
}

int
store_observation_relax(struct store *s, struct err *e)
{
	int rc = sqlite3_db_cacheflush(s->db);

	/* Pages in use stay; nobody waits for them. */
	if (rc != SQLITE_OK && rc != SQLITE_BUSY)
		return db_error(s, rc, e);
	sqlite3_db_release_memory(s->db);
	return 0;
}
