/* The store of a connection that somebody else has open: read, held still, left as it was. */
#include "store_help.h"

#include <sqlite3.h>

#include "store/attach.h"

/* A store with two samples, and a connection to it that is not ours. */
static sqlite3 *
guest(const char *name)
{
	struct store *s = opened(at(name), STORE_WRITE);
	sqlite3 *db;
	int64_t c;

	OK(store_begin(s, &err));
	c = content(s, "a");
	OK(sample(s, c, "up", "200", NOW, 1));
	OK(sample(s, c, "up", "200", NOW + 1, 2));
	OK(store_end(s, 0, &err));
	store_close(s);
	assert_int_equal(sqlite3_open_v2(at(name), &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	return db;
}

static void
exec(sqlite3 *db, const char *sql)
{
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
}

static struct store *
attached(sqlite3 *db)
{
	struct store *s = store_attach(db, &err);

	assert_non_null(s);
	return s;
}

/* Its samples' values, one digit each. */
static const char *
values(struct store *s)
{
	static char out[16];
	struct store_rows *all = store_series_open(s, NULL, &err), *points;
	struct store_series series;
	struct store_point p;
	size_t n = 0;

	assert_non_null(all);
	while (OK(store_series_next(all, &series, &err)) == 1) {
		points = store_points_open(s, series.id, INT64_MIN, INT64_MAX, &err);
		assert_non_null(points);
		while (OK(store_points_next(points, &p, &err)) == 1 && n + 1 < sizeof(out))
			out[n++] = (char)('0' + (int)p.v);
		store_rows_close(points);
	}
	store_rows_close(all);
	out[n] = '\0';
	return out;
}

static void
test_read_and_left_alone(void **state)
{
	sqlite3 *db = guest("a.db");
	struct store *s = attached(db);

	(void)state;
	assert_string_equal(values(s), "12");
	store_close(s);
	/* No statement of ours is left, nor a transaction, nor a collation; and it still works. */
	assert_null(sqlite3_next_stmt(db, NULL));
	assert_int_equal(sqlite3_get_autocommit(db), 1);
	assert_int_equal(sqlite3_exec(db, "SELECT 1 ORDER BY 'a' COLLATE by_number", NULL, NULL, NULL), SQLITE_ERROR);
	exec(db, "DELETE FROM sample");
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void
test_inside_a_transaction(void **state)
{
	sqlite3 *db = guest("b.db");
	struct store *s;

	(void)state;
	exec(db, "BEGIN; UPDATE sample SET v = 7 WHERE v = 2");
	exec(db, "CREATE TEMP TABLE series(id, target, name, labels); CREATE TEMP TABLE sample(series, t, v, flag, content)");
	s = attached(db);
	assert_string_equal(values(s), "17");
	store_close(s);
	exec(db, "ROLLBACK");
	s = attached(db);
	assert_string_equal(values(s), "12");
	store_close(s);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void
test_held_still(void **state)
{
	sqlite3 *db = guest("c.db"), *other;
	struct store *s;

	(void)state;
	assert_int_equal(sqlite3_open_v2(at("c.db"), &other, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	s = attached(db);
	assert_int_equal(sqlite3_exec(other, "UPDATE sample SET v = 9", NULL, NULL, NULL), SQLITE_BUSY);
	assert_string_equal(values(s), "12");
	store_close(s);
	exec(other, "UPDATE sample SET v = 9");
	s = attached(db);
	assert_string_equal(values(s), "99");
	store_close(s);
	assert_int_equal(sqlite3_close(other), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void
test_interrupted(void **state)
{
	sqlite3 *db = guest("d.db");
	struct store *s = attached(db);

	(void)state;
	assert_false(store_interrupted(s));
	sqlite3_interrupt(db);
	assert_true(store_interrupted(s));
	assert_true(store_interrupted(s));
	store_close(s);
	s = attached(db);
	assert_false(store_interrupted(s));
	store_close(s);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void
refused(sqlite3 *db, const char *words)
{
	assert_null(store_attach(db, &err));
	assert_int_equal(err.code, ERR_DB);
	assert_non_null(strstr(err.msg, words));
	assert_null(sqlite3_next_stmt(db, NULL));
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void
test_refusals(void **state)
{
	sqlite3 *db;

	(void)state;
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	refused(db, "the main database: not a store of soakproof");
	assert_int_equal(sqlite3_open(at("other.db"), &db), SQLITE_OK);
	exec(db, "CREATE TABLE series(id)");
	refused(db, "other.db: not a store of soakproof");
	db = guest("new.db");
	exec(db, "PRAGMA user_version = 999");
	refused(db, "newer soakproof");
	db = guest("old.db");
	exec(db, "PRAGMA user_version = 0");
	refused(db, "older soakproof");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_and_left_alone),
		cmocka_unit_test(test_inside_a_transaction),
		cmocka_unit_test(test_held_still),
		cmocka_unit_test(test_interrupted),
		cmocka_unit_test(test_refusals),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
