#include "store/private.h"

#include <string.h>

#include "base/mem.h"

/* So many series are remembered; then the cache starts anew. */
#define SERIES_MAX ((size_t)1 << 20)

/* FNV-1a, 64 bit. */
static uint64_t
hash_of(struct sv key)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < key.n; i++)
		h = (h ^ (unsigned char)key.p[i]) * UINT64_C(1099511628211);
	return h;
}

static void
add_part(struct sb *key, struct sv part)
{
	uint64_t n = part.n;

	sb_add(key, &n, sizeof(n));
	sb_addv(key, part);
}

/* Name and labels, each behind its length: no two series have the same key. */
static struct sv
make_key(struct sb *key, const struct store_sample *m)
{
	sb_reset(key);
	add_part(key, m->name);
	for (size_t i = 0; m->labels != NULL && i < m->labels->n; i++) {
		add_part(key, m->labels->v[i].name);
		add_part(key, m->labels->v[i].value);
	}
	return sb_sv(key);
}

/* The slot of key, or the free one where it would go. */
static struct series_entry *
find_slot(struct series_cache *c, uint64_t hash, struct sv key)
{
	size_t i = hash & (c->cap - 1);

	while (c->slot[i].series != 0 && (c->slot[i].hash != hash || !sv_eq(c->slot[i].key, key)))
		i = (i + 1) & (c->cap - 1);
	return &c->slot[i];
}

static void
clear(struct series_cache *c)
{
	mem_free(c->slot);
	arena_free(&c->keys);
	c->slot = NULL;
	c->n = c->cap = 0;
	c->last = NULL;
}

/* Never more than half full, so that a free slot is near. */
static void
make_room(struct series_cache *c)
{
	struct series_entry *old = c->slot;
	size_t n = c->cap;

	if (c->n >= SERIES_MAX) {
		clear(c);
		old = NULL;
		n = 0;
	} else if (c->n * 2 < c->cap) {
		return;
	}
	c->cap = n == 0 ? 1024 : n * 2;
	c->slot = mem_new(c->cap, sizeof(*c->slot));
	for (size_t i = 0; i < n; i++)
		if (old[i].series != 0)
			*find_slot(c, old[i].hash, old[i].key) = old[i];
	mem_free(old);
	c->last = NULL;
}

static int64_t
target_of(struct store *s, const struct store_sample *m, struct err *e)
{
	static const struct labels none;
	const struct labels *labels = m->labels != NULL ? m->labels : &none;
	struct sv part[3] = {sv_of(m->target), labels_get(labels, "job"), labels_get(labels, "instance")};
	enum stmt steps[2] = {Q_TARGET_FIND, Q_TARGET_NEW};
	int64_t id = 0;

	for (int k = 0; k < 2 && id == 0; k++) {
		for (int i = 0; i < 3; i++)
			db_bind_text(s, s->stmt[steps[k]], i + 1, part[i]);
		id = db_value(s, s->stmt[steps[k]], e);
	}
	return id != 0 ? id : sqlite3_last_insert_rowid(s->db);
}

/* Looks the series up in the table, or puts it there. The series belongs to the target that had it first. */
static int
load(struct store *s, const struct store_sample *m, struct series_entry *out, struct err *e)
{
	static const struct labels none;
	sqlite3_stmt *st = s->stmt[Q_SERIES_FIND];
	struct sb json = {0};
	int rc;

	labels_json(m->labels != NULL ? m->labels : &none, &json);
	db_bind_text(s, st, 1, m->name);
	db_bind_text(s, st, 2, sb_sv(&json));
	rc = db_step(s, st, e);
	if (rc == 1) {
		out->series = sqlite3_column_int64(st, 0);
		out->target = sqlite3_column_int64(st, 1);
		sqlite3_reset(st);
		rc = 0;
	} else if (rc == 0) {
		st = s->stmt[Q_SERIES_NEW];
		out->target = target_of(s, m, e);
		if (out->target < 0) {
			rc = -1;
		} else {
			db_bind_text(s, st, 1, m->name);
			db_bind_text(s, st, 2, sb_sv(&json));
			db_bind_int(s, st, 3, out->target);
			rc = db_do(s, st, e);
			out->series = sqlite3_last_insert_rowid(s->db);
		}
	}
	sb_free(&json);
	return rc;
}

const struct series_entry *
db_series(struct store *s, const struct store_sample *m, struct err *e)
{
	struct series_cache *c = &s->series;
	struct sv key = make_key(&c->key, m);
	struct series_entry found = {0}, *slot;

	/* Files with times tend to say all of one series first. */
	if (c->last != NULL && sv_eq(c->last->key, key))
		return c->last;
	make_room(c);
	found.hash = hash_of(key);
	slot = find_slot(c, found.hash, key);
	if (slot->series == 0) {
		if (load(s, m, &found, e) < 0)
			return NULL;
		found.key = arena_sv(&c->keys, key);
		*slot = found;
		c->n++;
	}
	c->last = slot;
	return slot;
}

void
db_series_forget(struct store *s)
{
	clear(&s->series);
	sb_free(&s->series.key);
}
