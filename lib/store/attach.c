#include "store/attach.h"

#include <string.h>

#include "base/mem.h"
#include "store/private.h"

/* 0 or -1. */
static int
prepare(struct store *s, const char *text, sqlite3_stmt **st, struct err *e)
{
	int rc = sqlite3_prepare_v2(s->db, text, -1, st, NULL);

	return rc == SQLITE_OK ? 0 : db_error(s, rc, e);
}

/* A statement that is under way keeps SQLite's read transaction open. 0 or -1. */
static int
hold(struct store *s, struct err *e)
{
	int rc;

	if (prepare(s, "SELECT 1 FROM main.sqlite_schema", &s->hold, e) < 0)
		return -1;
	rc = sqlite3_step(s->hold);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? 0 : db_error(s, rc, e);
}

struct store *
store_attach(sqlite3 *db, struct err *e)
{
	const char *path = sqlite3_db_filename(db, "main");
	struct store *s = mem_new(1, sizeof(*s));

	if (path == NULL || path[0] == '\0')
		path = "the main database";
	s->path = mem_dup(path, strlen(path));
	s->mode = STORE_READ;
	s->db = db;
	s->borrowed = true;
	if (hold(s, e) == 0 && db_migrate(s, e) == 0 && prepare(s, "SELECT 1", &s->probe, e) == 0)
		return s;
	store_close(s);
	return NULL;
}

/* sqlite3_is_interrupted() is younger (3.41): but any statement that starts now ends at once. */
bool
store_interrupted(struct store *s)
{
	int rc = sqlite3_step(s->probe);

	sqlite3_reset(s->probe);
	return rc == SQLITE_INTERRUPT;
}
