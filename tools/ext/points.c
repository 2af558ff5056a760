#include "points.h"

#include <inttypes.h>
#include <string.h>

#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT3

#include "base/mem.h"
#include "base/time.h"
#include "store/attach.h"
#include "store/observation.h"

#define SECOND INT64_C(1000000000)

enum column { METRIC, TYPE, TAGS, T, TIME, VALUE, ARTIFACT };

struct table {
	sqlite3_vtab base;
	sqlite3 *db;
};

/* A series as rows show it. */
struct known {
	int64_t id;
	struct sv metric, type, tags;
};

struct cursor {
	sqlite3_vtab_cursor base;
	struct store *store;
	struct arena arena;       /* what the rows point to */
	VEC(struct known) series; /* by id */
	VEC(struct store_observed) content;
	struct sv only;           /* the metric asked for; p NULL: all */
	size_t of;                /* the content under way */
	struct store_rows *blocks;
	struct observation *block;
	size_t n, i;
	const struct known *row;
	sqlite3_int64 number;
	bool over;
};

static int
fail(sqlite3_vtab *t, const struct err *e)
{
	sqlite3_free(t->zErrMsg);
	t->zErrMsg = sqlite3_mprintf("k6_points: %s", e->msg);
	return SQLITE_ERROR;
}

static int
points_connect(sqlite3 *db, void *aux, int argc, const char *const *argv, sqlite3_vtab **out, char **message)
{
	struct table *t;
	int rc;

	(void)aux, (void)argc, (void)argv, (void)message;
	rc = sqlite3_declare_vtab(db, "CREATE TABLE x(metric TEXT, type TEXT, tags TEXT, t INTEGER, time TEXT, value REAL, artifact TEXT)");
	if (rc != SQLITE_OK)
		return rc;
	if ((t = sqlite3_malloc(sizeof(*t))) == NULL)
		return SQLITE_NOMEM;
	*t = (struct table){.db = db};
	*out = &t->base;
	return SQLITE_OK;
}

static int
points_disconnect(sqlite3_vtab *t)
{
	sqlite3_free(t);
	return SQLITE_OK;
}

/* One metric is a part of the points; all else SQLite has to pick out itself. */
static int
points_best_index(sqlite3_vtab *t, sqlite3_index_info *x)
{
	(void)t;
	x->estimatedCost = 1e7;
	x->estimatedRows = 10000000;
	for (int i = 0; i < x->nConstraint; i++) {
		if (x->aConstraint[i].iColumn != METRIC || x->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ ||
		    !x->aConstraint[i].usable)
			continue;
		x->aConstraintUsage[i].argvIndex = 1;
		x->idxNum = 1;
		x->estimatedCost = 1e6;
		break;
	}
	return SQLITE_OK;
}

static void
clear(struct cursor *c)
{
	store_rows_close(c->blocks);
	store_close(c->store);
	mem_free(c->block);
	vec_free(&c->series);
	vec_free(&c->content);
	arena_free(&c->arena);
	*c = (struct cursor){.base = c->base};
}

static int
points_open(sqlite3_vtab *t, sqlite3_vtab_cursor **out)
{
	struct cursor *c = sqlite3_malloc(sizeof(*c));

	(void)t;
	if (c == NULL)
		return SQLITE_NOMEM;
	*c = (struct cursor){.over = true};
	*out = &c->base;
	return SQLITE_OK;
}

static int
points_close(sqlite3_vtab_cursor *base)
{
	clear((struct cursor *)base);
	sqlite3_free(base);
	return SQLITE_OK;
}

static int
read_series(struct cursor *c, struct err *e)
{
	struct store_rows *rows = store_observation_series_open(c->store, e);
	struct store_observation_series s;
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_observation_series_next(rows, &s, e)) == 1)
		*vec_add(&c->series) = (struct known){s.id, arena_sv(&c->arena, s.metric), arena_sv(&c->arena, s.type),
		    arena_sv(&c->arena, s.tags)};
	store_rows_close(rows);
	return rc;
}

static int
read_contents(struct cursor *c, struct err *e)
{
	struct store_rows *rows = store_observed_open(c->store, e);
	struct store_observed o;
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_observed_next(rows, &o, e)) == 1) {
		o.name = arena_sv(&c->arena, o.name);
		*vec_add(&c->content) = o;
	}
	store_rows_close(rows);
	return rc;
}

static const struct known *
series_of(const struct cursor *c, int64_t id)
{
	size_t low = 0, high = c->series.n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (c->series.v[mid].id < id)
			low = mid + 1;
		else
			high = mid;
	}
	return low < c->series.n && c->series.v[low].id == id ? &c->series.v[low] : NULL;
}

/* The next block there is: 1, 0 none, -1. */
static int
next_block(struct cursor *c, struct err *e)
{
	int rc;

	for (;;) {
		if (c->blocks == NULL) {
			if (c->of == c->content.n)
				return 0;
			c->blocks = store_observations_open(c->store, c->content.v[c->of].content, INT64_MIN, INT64_MAX, e);
			if (c->blocks == NULL)
				return -1;
		}
		if ((rc = store_observations_next(c->blocks, c->block, &c->n, e)) != 0)
			break;
		store_rows_close(c->blocks);
		c->blocks = NULL;
		c->of++;
	}
	c->i = 0;
	return rc;
}

/* To the next row that is wanted, the one in hand included. */
static int
settle(struct cursor *c)
{
	struct err e = {0};
	int rc = 1;

	for (;; c->i++) {
		if (c->i >= c->n && (rc = next_block(c, &e)) <= 0)
			break;
		c->row = series_of(c, c->block[c->i].series);
		if (c->row != NULL && (c->only.p == NULL || sv_eq(c->row->metric, c->only)))
			return SQLITE_OK;
	}
	c->over = true;
	return rc == 0 ? SQLITE_OK : fail(c->base.pVtab, &e);
}

static int
points_filter(sqlite3_vtab_cursor *base, int given, const char *text, int argc, sqlite3_value **argv)
{
	struct cursor *c = (struct cursor *)base;
	struct err e = {0};

	(void)text, (void)argc;
	clear(c);
	c->over = true;
	if (given != 0 && sqlite3_value_type(argv[0]) != SQLITE_TEXT)
		return SQLITE_OK; /* no metric is called so */
	c->store = store_attach(((struct table *)base->pVtab)->db, &e);
	if (c->store == NULL || read_series(c, &e) < 0 || read_contents(c, &e) < 0)
		return fail(base->pVtab, &e);
	if (given != 0)
		c->only = arena_sv(&c->arena, (struct sv){(const char *)sqlite3_value_text(argv[0]), (size_t)sqlite3_value_bytes(argv[0])});
	c->block = mem_new(OBSERVATION_BLOCK, sizeof(*c->block));
	c->over = false;
	return settle(c);
}

static int
points_next(sqlite3_vtab_cursor *base)
{
	struct cursor *c = (struct cursor *)base;

	c->i++;
	c->number++;
	return settle(c);
}

static int
points_eof(sqlite3_vtab_cursor *base)
{
	return ((struct cursor *)base)->over;
}

static void
result_text(sqlite3_context *ctx, struct sv v)
{
	sqlite3_result_text64(ctx, v.p == NULL ? "" : v.p, v.n, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/* RFC 3339 to the nanosecond: what the file said, whatever its zone. */
static void
result_time(sqlite3_context *ctx, int64_t t)
{
	int64_t ns = t % SECOND, s = t / SECOND;
	char whole[TIME_TEXT], out[TIME_TEXT + 16];

	if (ns < 0) {
		ns += SECOND;
		s--;
	}
	time_text(s * 1000, whole); /* "2026-01-12T06:00:00Z" */
	whole[strlen(whole) - 1] = '\0';
	sqlite3_snprintf((int)sizeof(out), out, "%s.%09lldZ", whole, (long long)ns);
	sqlite3_result_text(ctx, out, -1, SQLITE_TRANSIENT);
}

static int
points_column(sqlite3_vtab_cursor *base, sqlite3_context *ctx, int column)
{
	struct cursor *c = (struct cursor *)base;
	const struct observation *o = &c->block[c->i];

	switch ((enum column)column) {
	case METRIC:
		result_text(ctx, c->row->metric);
		break;
	case TYPE:
		result_text(ctx, c->row->type);
		break;
	case TAGS:
		result_text(ctx, c->row->tags);
		break;
	case T:
		sqlite3_result_int64(ctx, o->t / 1000000 - (o->t % 1000000 < 0));
		break;
	case TIME:
		result_time(ctx, o->t);
		break;
	case VALUE:
		sqlite3_result_double(ctx, o->v);
		break;
	case ARTIFACT:
		result_text(ctx, c->content.v[c->of].name);
		break;
	}
	return SQLITE_OK;
}

static int
points_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *row)
{
	*row = ((struct cursor *)base)->number;
	return SQLITE_OK;
}

static const sqlite3_module module = {
    .xConnect = points_connect,
    .xBestIndex = points_best_index,
    .xDisconnect = points_disconnect,
    .xOpen = points_open,
    .xClose = points_close,
    .xFilter = points_filter,
    .xNext = points_next,
    .xEof = points_eof,
    .xColumn = points_column,
    .xRowid = points_rowid,
};

int
points_register(sqlite3 *db)
{
	return sqlite3_create_module_v2(db, "k6_points", &module, NULL, NULL);
}
