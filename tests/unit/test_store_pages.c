/* The samples of a series as pages of the file have them: the same as SQL gives, or left to SQL. */
#include "store_help.h"
#include "store/private.h"

#define SERIES 40

static uint64_t dice = 1;

static uint64_t
roll(void)
{
	dice ^= dice << 13;
	dice ^= dice >> 7;
	dice ^= dice << 17;
	return dice;
}

static void
run(const char *path, const char *sql)
{
	sqlite3 *db;
	char *why = NULL;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
	sqlite3_close(db);
}

/* Series of 1 to some thousand samples: small and large whole numbers, fractions, NaN, stale markers, times of all sizes. */
static void
make_store(const char *name, int page_size)
{
	static const double odd[] = {0, 1, -1, 127, -128, 128, 32767, -32768, 8388607, -8388608, 2147483647.0, -2147483648.0,
		140737488355327.0, -140737488355328.0, 9007199254740992.0, 1e18, -1e18, 0.1, -0.1, 1e308, 5e-324, INFINITY, -INFINITY, NAN};
	struct store *s = fresh_store(name);
	int64_t c = content(s, name), t;
	struct sb sql = {0};
	char code[8];
	size_t i, n;

	for (i = 0; i < SERIES; i++) {
		snprintf(code, sizeof(code), "%zu", i);
		t = i % 3 == 0 ? -500000 : i % 3 == 1 ? NOW : INT64_C(1) << 60;
		for (n = roll() % 4 == 0 ? 3000 : 1 + roll() % 60; n > 0; n--, t += 1 + (int64_t)(roll() % (i % 2 == 0 ? 100 : 100000)))
			OK(sample(s, c, "x", code, t, roll() % 3 == 0 ? odd[roll() % (sizeof(odd) / sizeof(*odd))] : (double)(roll() % 1000)));
	}
	finish(s);
	sb_addf(&sql, "UPDATE sample SET v = NULL, flag = 2 WHERE t %% 17 = 0; PRAGMA page_size = %d; VACUUM", page_size);
	run(at(name), sb_str(&sql));
	sb_free(&sql);
}

struct points {
	VEC(struct store_point) got;
};

static void
take(void *ctx, const struct store_point *p)
{
	*vec_add(&((struct points *)ctx)->got) = *p;
}

static bool
same(double a, double b)
{
	return isnan(a) ? isnan(b) : memcmp(&a, &b, sizeof(a)) == 0;
}

/* By SQL and by pages; pages may decline. 1: the same both ways, 0: declined, -1: SQL fails. */
static int
both_ways(struct store *s, int64_t series, int64_t from, int64_t to)
{
	struct points pages = {0};
	struct store_rows *r = store_points_open(s, series, from, to, &err);
	struct store_point p;
	bool did = db_pages_points(s, series, from, to, take, &pages);
	size_t n = 0;
	int rc = -1;

	assert_true(did || pages.got.n == 0);
	while (r != NULL && (rc = store_points_next(r, &p, &err)) == 1) {
		if (did && (n >= pages.got.n || pages.got.v[n].t != p.t || !same(pages.got.v[n].v, p.v) || pages.got.v[n].flag != p.flag))
			fail_msg("series %lld: %lld (%a, %d) by SQL, %lld (%a, %d) by pages", (long long)series, (long long)p.t, p.v,
			    p.flag, n < pages.got.n ? (long long)pages.got.v[n].t : -1, n < pages.got.n ? pages.got.v[n].v : -1,
			    n < pages.got.n ? pages.got.v[n].flag : -1);
		n++;
	}
	if (did && rc == 0)
		assert_int_equal(n, pages.got.n);
	store_rows_close(r);
	vec_free(&pages.got);
	return rc < 0 ? -1 : did;
}

static void
all_ranges(struct store *s, bool want)
{
	int64_t series, a, b;
	size_t i;

	for (series = 0; series <= SERIES + 1; series++) {
		assert_int_equal(both_ways(s, series, INT64_MIN, INT64_MAX), want);
		assert_int_equal(both_ways(s, series, 5, 4), want);
		for (i = 0; i < 10; i++) {
			a = (series % 3 == 1 ? -500000 : series % 3 == 2 ? NOW : INT64_C(1) << 60) + (int64_t)(roll() % 200000);
			b = a + (int64_t)(roll() % 100000);
			assert_int_equal(both_ways(s, series, a, b), want);
			assert_int_equal(both_ways(s, series, a, a), want);
		}
	}
}

static void
test_same(void **state)
{
	static const int sizes[] = {512, 4096, 65536};
	struct store *s;
	char name[32];
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "same-%d.db", sizes[i]);
		make_store(name, sizes[i]);
		s = opened(at(name), STORE_READ);
		all_ranges(s, true);
		store_close(s);
	}
}

/* Not for one that writes, not where a log may hold what is new, not when a column was moved. */
static void
test_declined(void **state)
{
	struct points got = {0};
	struct store *s;

	(void)state;
	make_store("declined.db", 4096);
	s = opened(at("declined.db"), STORE_WRITE);
	assert_int_equal(both_ways(s, 1, INT64_MIN, INT64_MAX), 0);
	assert_int_equal(store_points_each(s, 1, INT64_MIN, INT64_MAX, take, &got, &err), 0);
	assert_true(got.got.n > 0);
	vec_free(&got.got);
	store_close(s);
	run(at("declined.db"), "PRAGMA journal_mode = WAL; UPDATE sample SET v = 77 WHERE flag = 0");
	s = opened(at("declined.db"), STORE_READ);
	all_ranges(s, false);
	store_close(s);
	run(at("declined.db"), "PRAGMA journal_mode = DELETE");
	s = opened(at("declined.db"), STORE_READ);
	all_ranges(s, true);
	store_close(s);
	run(at("declined.db"), "PRAGMA foreign_keys = OFF; DROP VIEW samples; CREATE TABLE other (t INTEGER, series INTEGER, v REAL, flag INTEGER, "
	    "content INTEGER, placed INTEGER, PRIMARY KEY (series, t)) WITHOUT ROWID;"
	    "INSERT INTO other SELECT t, series, v, flag, content, placed FROM sample; DROP TABLE sample;"
	    "ALTER TABLE other RENAME TO sample");
	s = opened(at("declined.db"), STORE_READ);
	all_ranges(s, false);
	store_close(s);
}

/* While pages are read nobody can write, and after it everybody can: what is written then is seen. */
static void
test_writers(void **state)
{
	struct store *s;
	struct points got = {0};

	(void)state;
	make_store("writers.db", 1024);
	s = opened(at("writers.db"), STORE_READ);
	assert_int_equal(both_ways(s, 1, INT64_MIN, INT64_MAX), 1);
	run(at("writers.db"), "UPDATE sample SET v = 4711, flag = 0; VACUUM");
	assert_int_equal(both_ways(s, 1, INT64_MIN, INT64_MAX), 1);
	assert_true(db_pages_points(s, 1, INT64_MIN, INT64_MAX, take, &got));
	assert_true(got.got.n > 0 && got.got.v[0].v == 4711);
	vec_free(&got.got);
	store_close(s);
}

/* A damaged file: whatever comes, it comes from both, or SQL refuses, or the pages are left to it. */
static void
test_damage(void **state)
{
	struct sb whole = {0}, bad = {0};
	size_t i, k, answered = 0, declined = 0, refused = 0;
	struct store *s;
	FILE *f;
	int c, rc;

	(void)state;
	make_store("whole.db", 512);
	f = fopen(at("whole.db"), "rb");
	assert_non_null(f);
	while ((c = getc(f)) != EOF)
		sb_addc(&whole, (char)c);
	fclose(f);
	for (i = 0; i < 60; i++) {
		sb_reset(&bad);
		sb_addv(&bad, sb_sv(&whole));
		for (k = 0; k < 20; k++) /* not in the first pages: those hold what the tables are */
			bad.buf[whole.n / 2 + roll() % (whole.n / 2)] ^= (char)(1 << roll() % 8);
		f = fopen(at("bad.db"), "wb");
		assert_non_null(f);
		assert_int_equal(fwrite(bad.buf, 1, bad.n, f), bad.n);
		fclose(f);
		s = store_open(at("bad.db"), STORE_READ, &err);
		for (k = 0; s != NULL && k <= SERIES; k++) {
			rc = both_ways(s, (int64_t)k, INT64_MIN, INT64_MAX);
			answered += rc == 1;
			declined += rc == 0;
			refused += rc < 0;
		}
		store_close(s);
	}
	print_message("# %zu the same, %zu left to SQL, %zu refused\n", answered, declined, refused);
	assert_true(answered > 0 && refused > 0);
	sb_free(&whole);
	sb_free(&bad);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same), cmocka_unit_test(test_declined), cmocka_unit_test(test_writers),
		cmocka_unit_test(test_damage),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
