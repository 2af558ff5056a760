/* The store as a file: made, opened, refused, rolled back, copied. */
#include "store_help.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/io.h"

static struct sb
bytes_of(const char *path)
{
	struct sb b = {0};

	OK(io_read_file(path, (size_t)64 << 20, &b, &err));
	return b;
}

static void
same_bytes(const char *a, const char *b)
{
	struct sb x = bytes_of(a), y = bytes_of(b);

	assert_true(sv_eq(sb_sv(&x), sb_sv(&y)));
	assert_true(x.n > 0);
	sb_free(&x);
	sb_free(&y);
}

static void
put_file(const char *path, const void *p, size_t n)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(p, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

/* Refused with those words, in both modes, and not one byte is changed. */
static void
refused(const char *path, const char *words)
{
	struct sb before = bytes_of(path), after;

	for (int mode = STORE_READ; mode <= STORE_WRITE; mode++) {
		assert_null(store_open(path, (enum store_mode)mode, &err));
		assert_non_null(strstr(err.msg, words));
		assert_non_null(strstr(err.msg, path));
	}
	after = bytes_of(path);
	assert_true(sv_eq(sb_sv(&before), sb_sv(&after)));
	sb_free(&before);
	sb_free(&after);
}

/* A store with one sample in it. */
static void
make_store(const char *path)
{
	struct store *s = opened(path, STORE_WRITE);
	int64_t c;

	OK(store_begin(s, &err));
	c = content(s, "aa");
	artifact(s, c, "a.prom");
	OK(sample(s, c, "up", NULL, NOW, 1));
	OK(store_end(s, 0, &err));
	store_close(s);
}

static void
patch(const char *path, long offset, unsigned char value)
{
	FILE *f = fopen(path, "r+b");

	assert_non_null(f);
	assert_int_equal(fseek(f, offset, SEEK_SET), 0);
	assert_int_equal(fputc(value, f), value);
	assert_int_equal(fclose(f), 0);
}

static void
test_made_and_found_again(void **state)
{
	struct store *s;
	struct stat st;
	struct sb b;

	(void)state;
	make_store(at("a.db"));
	s = opened(at("a.db"), STORE_READ);
	is_text(dump(s), "up{} 0=1/0#1 | 0\nartifact a.prom live -1 unknown  problems 0\n");
	store_close(s);
	/* Bytes 68 and 60 of the header: "SOAK", the version; 18 and 19: no WAL. */
	b = bytes_of(at("a.db"));
	assert_memory_equal(b.buf + 68, "SOAK", 4);
	assert_memory_equal(b.buf + 60, ((const char[]){0, 0, 0, (char)store_version()}), 4);
	assert_memory_equal(b.buf + 18, "\1\1", 2);
	sb_free(&b);
	assert_int_equal(stat(at("a.db-journal"), &st), -1);
	assert_int_equal(stat(at("a.db-wal"), &st), -1);
}

static void
test_refusals(void **state)
{
	static const unsigned char zeros[4096];
	unsigned char foreign[4096] = "SQLite format 3";
	struct stat st;
	char words[128];

	(void)state;
	put_file(at("text.db"), "[2026-01-12] not a database\n", 28);
	refused(at("text.db"), "not a store");
	put_file(at("zeros.db"), zeros, sizeof(zeros));
	refused(at("zeros.db"), "not a store");
	/* A header that is whole but for the application_id. */
	put_file(at("foreign.db"), foreign, sizeof(foreign));
	refused(at("foreign.db"), "not a store");
	put_file(at("short.db"), foreign, 20);
	refused(at("short.db"), "not a store");

	make_store(at("newer.db"));
	patch(at("newer.db"), 63, 77);
	snprintf(words, sizeof(words), "made by a newer soakproof (store version 77, this program knows %d)",
	    (int)store_version());
	refused(at("newer.db"), words);
	make_store(at("older.db"));
	patch(at("older.db"), 63, 0);
	assert_null(store_open(at("older.db"), STORE_READ, &err));
	assert_non_null(strstr(err.msg, "older soakproof"));

	assert_null(store_open(at("missing.db"), STORE_READ, &err));
	assert_non_null(strstr(err.msg, "no such store"));
	assert_int_equal(stat(at("missing.db"), &st), -1);
	put_file(at("empty.db"), "", 0);
	assert_null(store_open(at("empty.db"), STORE_READ, &err));
	assert_null(store_open(folder, STORE_READ, &err));
	assert_null(store_open(folder, STORE_WRITE, &err));
	assert_null(store_open("", STORE_WRITE, &err));
	assert_null(store_open(at("no/such/folder.db"), STORE_WRITE, &err));
	/* An empty file is where mktemp leaves off: it becomes a store. */
	store_close(opened(at("empty.db"), STORE_WRITE));
	store_close(opened(at("empty.db"), STORE_READ));
}

static void
test_damaged(void **state)
{
	struct store *s;
	struct sb b;

	(void)state;
	make_store(at("cut.db"));
	b = bytes_of(at("cut.db"));
	put_file(at("cut.db"), b.buf, 6000);
	s = store_open(at("cut.db"), STORE_READ, &err);
	assert_null(s);
	assert_int_equal(err.code, ERR_DB);
	sb_free(&b);
}

/* To SQLite these are not names of files. */
static void
test_strange_names(void **state)
{
	char here[512];
	struct stat st;

	(void)state;
	assert_non_null(getcwd(here, sizeof(here)));
	assert_int_equal(chdir(folder), 0);
	make_store(":memory:");
	make_store("file:x?mode=memory");
	assert_int_equal(stat(":memory:", &st), 0);
	assert_int_equal(stat("file:x?mode=memory", &st), 0);
	store_close(opened("file:x?mode=memory", STORE_READ));
	assert_int_equal(chdir(here), 0);
}

static void
test_transactions(void **state)
{
	struct store *s = opened(at("tx.db"), STORE_WRITE);
	int64_t c;

	(void)state;
	assert_int_equal(store_content_new(s, &err), -1);
	assert_int_equal(store_end(s, 0, &err), -1);
	OK(store_begin(s, &err));
	assert_int_equal(store_begin(s, &err), -1);
	assert_int_equal(store_end(s, -1, &err), -1);
	OK(store_begin(s, &err));
	assert_int_equal(store_end(s, 3, &err), 3);
	/* Closing rolls back. */
	OK(store_begin(s, &err));
	c = content(s, "aa");
	artifact(s, c, "lost");
	store_close(s);
	s = opened(at("tx.db"), STORE_READ);
	is_text(dump(s), "");
	/* Reading may be one transaction, writing is none. */
	OK(store_begin(s, &err));
	assert_int_equal(store_content_new(s, &err), -1);
	OK(store_end(s, 0, &err));
	store_close(s);
	store_close(NULL);
	store_rows_close(NULL);
}

/* A bad file between two good ones leaves nothing behind, and the good one after it is stored. */
static void
test_rollback(void **state)
{
	struct store *s = opened(at("rb.db"), STORE_WRITE);
	struct store *never = opened(at("never.db"), STORE_WRITE);
	struct store *both[2] = {s, never};
	char *before;
	int64_t c;

	(void)state;
	for (int i = 0; i < 2; i++) {
		OK(store_begin(both[i], &err));
		c = content(both[i], "aa");
		artifact(both[i], c, "a");
		OK(sample(both[i], c, "one_total", "200", NOW, 1));
		OK(store_end(both[i], 0, &err));
	}
	before = dump(s);
	OK(store_begin(s, &err));
	c = content(s, "bb");
	artifact(s, c, "bad");
	OK(sample(s, c, "two_total", "500", NOW, 2));
	OK(sample(s, c, "one_total", "200", NOW, 7));
	event(s, c, NOW, "START", 1);
	assert_int_equal(store_end(s, -1, &err), -1);
	is_text(dump(s), before);
	for (int i = 0; i < 2; i++) {
		OK(store_begin(both[i], &err));
		c = content(both[i], "cc");
		artifact(both[i], c, "c");
		OK(sample(both[i], c, "three_total", "200", NOW + 1, 3));
		OK(sample(both[i], c, "two_total", "500", NOW + 1, 4));
		OK(store_end(both[i], 0, &err));
	}
	is_text(dump(s), "one_total{\"code\":\"200\"} 0=1/0#1 | 0 1\n"
	                 "three_total{\"code\":\"200\"} 1=3/0#2 | 0 1\n"
	                 "two_total{\"code\":\"500\"} 1=4/0#2 | 0 1\n"
	                 "artifact a live -1 unknown  problems 0\n"
	                 "artifact c live -1 unknown  problems 0\n");
	/* The bad one is not even seen in the ids. */
	OK(store_copy(s, at("rb-copy.db"), &err));
	OK(store_copy(never, at("never-copy.db"), &err));
	same_bytes(at("rb-copy.db"), at("never-copy.db"));
	store_close(s);
	store_close(never);
	mem_free(before);
}

/* Everything there is, the same way each time. */
static void
fill(struct store *s)
{
	struct store_fact f = {.path = SV("success_rate"), .text = SV("99.04"), .value = 99.04, .line = 3};
	struct store_problem p = {.line = 9, .severity = "warning", .stage = "read", .text = SV("odd")};
	int64_t c, a;

	for (int i = 0; i < 40; i++) {
		char name[32], digest[80], code[32];

		snprintf(name, sizeof(name), "h%d.prom", i);
		snprintf(digest, sizeof(digest), "%064d", i);
		OK(store_begin(s, &err));
		p.content = f.content = c = content(s, digest);
		artifact(s, c, name);
		for (int k = 0; k < 60; k++) {
			snprintf(code, sizeof(code), "%d", k * 7 % 60 + i);
			OK(sample(s, c, "requests_total", code, TIME_NONE, i * k + 0.5));
			OK(sample(s, c, "log_total", code, NOW + i * 50 + k, k));
		}
		event(s, c, NOW + i, "EVENT", i);
		OK(store_add_claim(s, c, &f, &err));
		OK(store_add_run(s, c, &f, &err));
		OK(store_add_family(s, SV("requests_total"), SV("counter"), SV(""), SV("help"), &err));
		OK(store_add_problem(s, &p, &err));
		OK(store_end(s, 0, &err));
	}
	OK(store_begin(s, &err));
	for (a = 1; a <= 40; a++)
		OK(store_place(s, a, NOW + (a + 1) / 2 * 3600, "profile", SV("why"), &err));
	OK(store_mark_stale(s, &err));
	OK(store_unplace(s, &err));
	for (a = 40; a >= 1; a--)
		OK(store_place(s, a, NOW + a * 3600, "event", SV(""), &err));
	OK(store_mark_stale(s, &err));
	OK(store_supersede(s, SV("h7.prom"), 8, &err));
	OK(store_end(s, 0, &err));
}

static void
test_same_calls_same_bytes(void **state)
{
	struct store *s;

	(void)state;
	for (int i = 0; i < 2; i++) {
		s = opened(at(i == 0 ? "one.db" : "two.db"), STORE_WRITE);
		fill(s);
		OK(store_copy(s, at(i == 0 ? "one-copy.db" : "two-copy.db"), &err));
		/* What exists is not overwritten, not even by itself. */
		assert_int_equal(store_copy(s, at("one-copy.db"), &err), -1);
		assert_int_equal(store_copy(s, at("one.db"), &err), -1);
		assert_int_equal(store_copy(s, at("no/such/folder"), &err), -1);
		assert_int_equal(store_copy(s, "", &err), -1);
		OK(store_begin(s, &err));
		assert_int_equal(store_copy(s, at("inside.db"), &err), -1);
		OK(store_end(s, 0, &err));
		store_close(s);
	}
	same_bytes(at("one-copy.db"), at("two-copy.db"));
	/* From a store that is only read, and a copy of a copy. */
	s = opened(at("one-copy.db"), STORE_READ);
	OK(store_copy(s, at("three-copy.db"), &err));
	store_close(s);
	s = opened(at("three-copy.db"), STORE_WRITE);
	is_text(shell(at("three-copy.db"), "PRAGMA integrity_check; PRAGMA foreign_key_check"), "ok\n");
	store_close(s);
}

/* How the child ended: its exit status, or minus the signal. */
static int
reap(pid_t pid)
{
	int status;

	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* The writer is killed in the middle; the next one finds what was committed and carries on. */
static void
test_killed_writer(void **state)
{
	struct store *s;
	pid_t pid;

	(void)state;
	make_store(at("kill.db"));
	pid = fork();
	if (pid == 0) {
		s = store_open(at("kill.db"), STORE_WRITE, &err);
		if (s == NULL || store_begin(s, &err) < 0)
			_exit(1);
		for (int i = 0; i < 5000; i++)
			if (sample(s, 1, "lost_total", NULL, NOW + i, i) < 0)
				_exit(2);
		kill(getpid(), SIGKILL);
		_exit(3);
	}
	assert_int_equal(reap(pid), -SIGKILL);
	s = opened(at("kill.db"), STORE_WRITE);
	is_text(dump(s), "up{} 0=1/0#1 | 0\nartifact a.prom live -1 unknown  problems 0\n");
	OK(store_begin(s, &err));
	OK(sample(s, 1, "up", NULL, NOW + 1, 0));
	OK(store_end(s, 0, &err));
	store_close(s);
}

/* No file may grow: what a full disk is to SQLite. */
static void
test_disk_full(void **state)
{
	struct store *s;
	pid_t pid;
	char *before, *after;

	(void)state;
	make_store(at("full.db"));
	s = opened(at("full.db"), STORE_READ);
	before = dump(s);
	store_close(s);
	pid = fork();
	if (pid == 0) {
		struct rlimit limit = {256 * 1024, 256 * 1024};
		int rc = 0;

		signal(SIGXFSZ, SIG_IGN);
		s = store_open(at("full.db"), STORE_WRITE, &err);
		if (s == NULL || setrlimit(RLIMIT_FSIZE, &limit) < 0 || store_begin(s, &err) < 0)
			_exit(1);
		for (int i = 0; i < 50000 && rc == 0; i++)
			rc = sample(s, 1, "lost_total", NULL, NOW + i, i + 0.5);
		rc = store_end(s, rc, &err);
		if (rc != -1 || err.code != ERR_DB || strstr(err.msg, "full.db") == NULL)
			_exit(2);
		/* It goes on when there is room again for something small. */
		if (store_begin(s, &err) < 0 || sample(s, 1, "up", NULL, NOW, 1) < 0 || store_end(s, 0, &err) != 0)
			_exit(3);
		if (store_copy(s, at("full-copy.db"), &err) != 0)
			_exit(4);
		store_close(s);
		mem_free(before);
		_exit(0);
	}
	assert_int_equal(reap(pid), 0);
	s = opened(at("full.db"), STORE_READ);
	after = dump(s);
	assert_string_equal(before, after);
	store_close(s);
	mem_free(before);
	mem_free(after);
}

/* On a medium where nothing can be written, by a user who may not. */
static void
test_read_only(void **state)
{
	struct store *s;
	char *text;
	pid_t pid;

	(void)state;
	assert_int_equal(mkdir(at("ro"), 0755), 0);
	make_store(at("ro/a.db"));
	assert_int_equal(chmod(at("ro/a.db"), 0444), 0);
	assert_int_equal(chmod(at("ro"), 0555), 0);
	assert_int_equal(chmod(folder, 0755), 0);
	pid = fork();
	if (pid == 0) {
		if (geteuid() == 0 && setuid(65534) < 0)
			_exit(1);
		s = store_open(at("ro/a.db"), STORE_READ, &err);
		if (s == NULL)
			_exit(2);
		text = dump(s);
		if (strstr(text, "up{} 0=1/0#1") == NULL)
			_exit(3);
		mem_free(text);
		store_close(s);
		if (store_open(at("ro/a.db"), STORE_WRITE, &err) != NULL || strstr(err.msg, "a.db") == NULL)
			_exit(4);
		if (store_open(at("ro/new.db"), STORE_WRITE, &err) != NULL)
			_exit(5);
		_exit(0);
	}
	assert_int_equal(reap(pid), 0);
	assert_int_equal(chmod(at("ro"), 0755), 0);
}

static int64_t
add_batch(struct store *s, char digit, double from, size_t twice)
{
	static struct labels none;
	struct store_content c = {.size = 1, .format = "f", .items = 100, .complete = true, .first_ms = NOW, .last_ms = NOW};
	int64_t id = OK(store_content_new(s, &err));
	size_t i;

	memset(c.sha256, digit, DIGEST_HEX - 1);
	for (i = 0; i < 100; i++) {
		struct store_sample m = {.name = SV("m"), .labels = &none, .t = NOW + (int64_t)i * 1000, .v = from + (double)i, .target = ""};

		OK(store_add_sample(s, id, &m, &err));
		if (i == twice) { /* once more with another value: the first one stays */
			m.v = -1;
			OK(store_add_sample(s, id, &m, &err));
		}
	}
	OK(store_content_done(s, id, &c, &err));
	return id;
}

/* Samples are written many at a time: what they merge and contradict is the same as one by one. */
static void
test_batches(void **state)
{
	struct store *s = opened(at("batches.soak"), STORE_WRITE);
	struct store_rows *rows;
	struct store_conflict k;
	struct store_series series;
	struct store_point p;
	int64_t first, second;
	int n = 0;

	(void)state;
	assert_non_null(s);
	OK(store_begin(s, &err));
	first = add_batch(s, 'a', 0, 40);
	second = add_batch(s, 'b', 0, 1000); /* says the same */
	(void)add_batch(s, 'c', 0.5, 1000);  /* contradicts all of it */
	OK(store_end(s, 0, &err));
	assert_true(first > 0 && second > first);
	rows = store_conflicts_open(s, &err);
	while (OK(store_conflicts_next(rows, &k, &err)) > 0)
		n++;
	store_rows_close(rows);
	assert_int_equal(n, 1 + 100);
	rows = store_series_open(s, "m", &err);
	assert_int_equal(OK(store_series_next(rows, &series, &err)), 1);
	store_rows_close(rows);
	rows = store_points_open(s, series.id, INT64_MIN / 2, INT64_MAX / 2, &err);
	for (n = 0; OK(store_points_next(rows, &p, &err)) > 0; n++) {
		assert_int_equal(p.t, NOW + n * 1000);
		assert_true(p.v == n && p.content == second);
	}
	store_rows_close(rows);
	assert_int_equal(n, 100);
	/* What waits is seen by who looks inside the transaction, and gone when that is taken back. */
	OK(store_begin(s, &err));
	{
		static struct labels none;
		struct store_sample m = {.name = SV("m"), .labels = &none, .t = NOW - 1000, .v = 7, .target = ""};

		OK(store_add_sample(s, first, &m, &err));
	}
	rows = store_points_open(s, series.id, NOW - 1000, NOW - 1000, &err);
	assert_int_equal(OK(store_points_next(rows, &p, &err)), 1);
	store_rows_close(rows);
	assert_int_equal(store_end(s, -1, &err), -1);
	rows = store_points_open(s, series.id, NOW - 1000, NOW - 1000, &err);
	assert_int_equal(OK(store_points_next(rows, &p, &err)), 0);
	store_rows_close(rows);
	store_close(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_made_and_found_again),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_strange_names),
		cmocka_unit_test(test_transactions),
		cmocka_unit_test(test_rollback),
		cmocka_unit_test(test_same_calls_same_bytes),
		cmocka_unit_test(test_killed_writer),
		cmocka_unit_test(test_disk_full),
		cmocka_unit_test(test_read_only),
		cmocka_unit_test(test_batches),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
