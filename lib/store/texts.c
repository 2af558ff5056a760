#include "store/texts.h"

#include "base/arena.h"
#include "base/mem.h"
#include "store/private.h"

struct reading {
	sqlite3 *db;
	const char *path;
	int (*fn)(void *ctx, const char *table, struct sv text, struct err *e);
	void *ctx;
	struct arena arena;
};

static int
fail(const struct reading *r, struct err *e)
{
	return err_set(e, ERR_DB, "%s: %s", r->path, r->db == NULL ? "not a database" : sqlite3_errmsg(r->db));
}

/* A name in double quotes, as SQL wants it. */
static void
quote(struct sb *out, const char *name)
{
	sb_addc(out, '"');
	for (; *name != '\0'; name++) {
		if (*name == '"')
			sb_addc(out, '"');
		sb_addc(out, *name);
	}
	sb_addc(out, '"');
}

static int
read_table(struct reading *r, const char *table, struct err *e)
{
	sqlite3_stmt *st = NULL;
	struct sb sql = {0};
	int rc, i, step = SQLITE_DONE;

	sb_adds(&sql, "SELECT * FROM ");
	quote(&sql, table);
	rc = sqlite3_prepare_v2(r->db, sb_str(&sql), -1, &st, NULL) == SQLITE_OK ? 0 : fail(r, e);
	while (rc == 0 && (step = sqlite3_step(st)) == SQLITE_ROW)
		for (i = 0; rc == 0 && i < sqlite3_column_count(st); i++) {
			int type = sqlite3_column_type(st, i);
			struct sv v = {NULL, 0};

			if (type != SQLITE_TEXT && type != SQLITE_BLOB)
				continue;
			v.p = type == SQLITE_TEXT ? (const char *)sqlite3_column_text(st, i) : sqlite3_column_blob(st, i);
			v.n = (size_t)sqlite3_column_bytes(st, i);
			if (v.p != NULL)
				rc = r->fn(r->ctx, table, v, e);
		}
	if (rc == 0 && step != SQLITE_DONE)
		rc = fail(r, e);
	sqlite3_finalize(st);
	sb_free(&sql);
	return rc;
}

/* Tables that can hold a text: those with a column that is not INTEGER or REAL. */
static int
list_tables(struct reading *r, char ***out, size_t *n, struct err *e)
{
	static const char sql[] = "SELECT s.name FROM sqlite_schema s WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite_%' AND EXISTS "
	    "(SELECT 1 FROM pragma_table_info(s.name) c WHERE upper(c.type) NOT IN ('INTEGER', 'REAL', 'INT')) ORDER BY s.name";
	VEC(char *) name = {0};
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v2(r->db, sql, -1, &st, NULL) == SQLITE_OK ? 0 : fail(r, e), step = SQLITE_DONE;

	while (rc == 0 && (step = sqlite3_step(st)) == SQLITE_ROW)
		if (sqlite3_column_text(st, 0) != NULL)
			*vec_add(&name) = arena_str(&r->arena, sv_of((const char *)sqlite3_column_text(st, 0)));
	if (rc == 0 && step != SQLITE_DONE)
		rc = fail(r, e);
	sqlite3_finalize(st);
	*n = name.n;
	*out = arena_keep(&r->arena, name.v, name.n, sizeof(*name.v));
	return rc;
}

int
store_texts(const char *path, int (*fn)(void *ctx, const char *table, struct sv text, struct err *e), void *ctx, struct err *e)
{
	struct reading r = {.path = path, .fn = fn, .ctx = ctx};
	char **table = NULL;
	size_t i, n = 0;
	int rc;

	rc = sqlite3_open_v2(path, &r.db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK ? 0 : fail(&r, e);
	if (rc == 0) {
		sqlite3_db_config(r.db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
		sqlite3_db_config(r.db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
		rc = list_tables(&r, &table, &n, e);
	}
	for (i = 0; rc == 0 && i < n; i++)
		rc = read_table(&r, table[i], e);
	sqlite3_close(r.db);
	arena_free(&r.arena);
	return rc;
}
