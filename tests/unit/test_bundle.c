#include "archive_help.h"

#include <inttypes.h>

#include "base/time.h"
#include "read/bundle.h"

static struct sb in, out;

static int
teardown(void **state)
{
	(void)state;
	sb_free(&in);
	sb_free(&out);
	return 0;
}

/* --- a sink that writes down what it gets --------------------------------------------------- */

struct tape {
	int64_t prefix;
	size_t take;  /* read no more than that of an item; 0: all */
	int stop;     /* the begin that fails, from 1 */
	int begins;
};

static int64_t
on_prefix(void *ctx, const char *name)
{
	(void)name;
	return ((struct tape *)ctx)->prefix;
}

static int
on_begin(void *ctx, struct bundle_item *it, struct err *e)
{
	struct tape *t = ctx;
	char buf[7], when[TIME_TEXT];
	size_t total = 0;
	ptrdiff_t got;
	struct err why = {0};
	struct sb bytes = {0};

	if (++t->begins == t->stop)
		return err_set(e, ERR_DB, "stopped");
	while ((got = it->src->read(it->src, buf, sizeof(buf), &why)) > 0) {
		sb_add(&bytes, buf, (size_t)got);
		total += (size_t)got;
		if (t->take > 0 && total >= t->take)
			break;
	}
	sb_addf(&out, "%d %s", it->depth, it->name);
	if (it->mtime != TIME_NONE)
		sb_addf(&out, " @%s", time_text(it->mtime, when));
	if (bytes.n > 60)
		sb_addf(&out, " %zu bytes", bytes.n);
	else
		sb_addf(&out, " \"%s\"", sb_str(&bytes));
	if (got < 0)
		sb_addf(&out, " broken");
	sb_free(&bytes);
	return 0;
}

static void
add_done(const struct bundle_done *d, const struct err *read_error)
{
	sb_addf(&out, " %" PRId64 " %.6s", d->size, d->sha256);
	if (d->prefix_sha256[0] != '\0')
		sb_addf(&out, " prefix %.6s", d->prefix_sha256);
	if (read_error != NULL)
		sb_addf(&out, " ERROR %s", read_error->msg);
	sb_addc(&out, '\n');
}

static int
on_end(void *ctx, const struct bundle_item *it, const struct bundle_done *d, const struct err *read_error,
    struct err *e)
{
	(void)ctx;
	(void)it;
	(void)e;
	add_done(d, read_error);
	return 0;
}

static int
on_archive(void *ctx, const char *name, const char *format, int64_t members, const struct bundle_done *d,
    const struct err *read_error, struct err *e)
{
	(void)ctx;
	(void)e;
	sb_addf(&out, "%s %s of %" PRId64, name, format, members);
	add_done(d, read_error);
	return 0;
}

static int
on_refused(void *ctx, const char *name, const char *why, struct err *e)
{
	(void)ctx;
	(void)e;
	sb_addf(&out, "refused %s: %s\n", name, why);
	return 0;
}

static int
walk_with(struct tape *t, const char *name, struct sv bytes, struct err *e)
{
	const struct bundle_sink sink = {t, on_prefix, on_begin, on_end, on_archive, on_refused};
	struct io_mem m;

	io_mem_init(&m, bytes);
	sb_reset(&out);
	return bundle_walk(&m.src, name, &sink, e);
}

static const char *
walk(const char *name, struct sv bytes)
{
	struct tape t = {0};
	struct err e = {0};

	if (walk_with(&t, name, bytes, &e) != 0)
		fail_msg("%s", e.msg);
	return sb_str(&out);
}

/* "SIZE SHA" of bytes, as a line ends. */
static const char *
id(struct sv bytes)
{
	static char buf[4][64];
	static int turn;
	char hex[DIGEST_HEX];

	turn = (turn + 1) % 4;
	digest_of(bytes, hex);
	snprintf(buf[turn], sizeof(buf[turn]), "%zu %.6s", bytes.n, hex);
	return buf[turn];
}

__attribute__((format(printf, 2, 3))) static void
is_lines(const char *got, const char *fmt, ...)
{
	char want[4096];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(want, sizeof(want), fmt, ap);
	va_end(ap);
	assert_string_equal(got, want);
}

/* --- tests ------------------------------------------------------------------------------------ */

static void
test_plain(void **state)
{
	(void)state;
	/* sha256 of "abc": FIPS 180-2, appendix B.1 */
	assert_string_equal(walk("a.log", SV("abc")), "0 a.log \"abc\" 3 ba7816\n");
	assert_string_equal(walk("a", SV("")), "0 a \"\" 0 e3b0c4\n");
	/* Text that other formats of libarchive would take for theirs. */
	walk("x", SV("begin 644 a\n#mtree\n/set type=file\n./a size=3\n"));
	assert_non_null(strstr(sb_str(&out), "0 x \"begin 644 a\n#mtree"));
	walk("x", SV("#mtree\n./a type=file size=3\n"));
	assert_non_null(strstr(sb_str(&out), "0 x \"#mtree"));
}

static void
test_compressed(void **state)
{
	static const char *const kinds[] = {"raw.gz", "raw.xz", "raw.bz2", "raw.zst"};
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		sb_reset(&in);
		make_one(kinds[i], "x", SV("hello"), &in);
		is_lines(walk("a.log.z", sb_sv(&in)), "0 a.log.z \"hello\" %s\n", id(sb_sv(&in)));
	}
	/* Compressed nothing is an empty item, not an error. */
	sb_reset(&in);
	make_one("raw.gz", "x", SV(""), &in);
	is_lines(walk("a.gz", sb_sv(&in)), "0 a.gz \"\" %s\n", id(sb_sv(&in)));
}

static void
test_archives(void **state)
{
	static const char *const kinds[] = {"tar", "tar.gz", "tar.xz", "tar.zst", "zip"};
	struct archive *a;
	size_t i;

	(void)state;
	for (i = 0; i < 5; i++) {
		sb_reset(&in);
		a = make_start(kinds[i], &in);
		make_entry(a, "d", AE_IFDIR, NULL, SV(""));
		make_add(a, "d/z.log", SV("abc"));
		make_add(a, "./d/a.log", SV(""));
		make_end(a);
		is_lines(walk("A", sb_sv(&in)),
		    "1 A/d/z.log @2026-01-13T06:01:12Z \"abc\" 3 ba7816\n"
		    "1 A/d/a.log @2026-01-13T06:01:12Z \"\" 0 e3b0c4\n"
		    "A %s of 2 %s\n", kinds[i], id(sb_sv(&in)));
	}
}

static void
test_nested(void **state)
{
	struct sb gz = {0}, inner = {0};
	struct archive *a;

	(void)state;
	make_one("raw.gz", "x", SV("hello"), &gz);
	a = make_start("zip", &inner);
	make_add(a, "in.log.gz", sb_sv(&gz));
	make_end(a);
	a = make_start("tar.gz", &in);
	make_add(a, "first", SV("1"));
	make_add(a, "in.zip", sb_sv(&inner));
	make_add(a, "last", SV("2"));
	make_end(a);
	walk("A", sb_sv(&in));
	is_lines(sb_str(&out),
	    "1 A/first @2026-01-13T06:01:12Z \"1\" %s\n"
	    "2 A/in.zip/in.log.gz @2026-01-13T06:01:12Z \"hello\" %s\n"
	    "A/in.zip zip of 1 %s\n"
	    "1 A/last @2026-01-13T06:01:12Z \"2\" 1 d4735e\n"
	    "A tar.gz of 3 %s\n",
	    id(SV("1")), id(sb_sv(&gz)), id(sb_sv(&inner)), id(sb_sv(&in)));
	sb_free(&gz);
	sb_free(&inner);
}

static void
test_depth(void **state)
{
	struct sb next = {0};
	int i;

	(void)state;
	sb_adds(&in, "core");
	for (i = 0; i < BUNDLE_MAX_DEPTH + 2; i++) {
		sb_reset(&next);
		make_one("tar", i == 0 ? "f" : "t", sb_sv(&in), &next);
		sb_reset(&in);
		sb_addv(&in, sb_sv(&next));
	}
	walk("A", sb_sv(&in));
	assert_non_null(strstr(sb_str(&out), "refused A/t/t/t/t: "));
	assert_null(strstr(sb_str(&out), "core"));
	assert_non_null(strstr(sb_str(&out), "A/t/t/t tar of 1 "));
	/* One level less fits. */
	sb_reset(&in);
	sb_adds(&in, "core");
	for (i = 0; i < BUNDLE_MAX_DEPTH; i++) {
		sb_reset(&next);
		make_one("tar", i == 0 ? "f" : "t", sb_sv(&in), &next);
		sb_reset(&in);
		sb_addv(&in, sb_sv(&next));
	}
	walk("A", sb_sv(&in));
	assert_non_null(strstr(sb_str(&out), "4 A/t/t/t/f @2026-01-13T06:01:12Z \"core\""));
	sb_free(&next);
}

static void
test_refused(void **state)
{
	struct archive *a = make_start("tar", &in);

	(void)state;
	make_add(a, "/etc/passwd", SV("1"));
	make_add(a, "a/../../b", SV("2"));
	make_add(a, "bell\a", SV("3"));
	make_add(a, "latin\xe9", SV("4"));
	make_entry(a, "soft", AE_IFLNK, "/etc/passwd", SV(""));
	make_add(a, "good", SV("5"));
	make_entry(a, "hard", AE_IFREG, "good", SV(""));
	make_entry(a, "pipe", AE_IFIFO, NULL, SV(""));
	make_entry(a, "null", AE_IFCHR, NULL, SV(""));
	make_add(a, "caf\xc3\xa9..", SV("6"));
	make_end(a);
	is_lines(walk("A", sb_sv(&in)),
	    "refused A//etc/passwd: its name is absolute\n"
	    "refused A/a/../../b: its name leads out of the archive\n"
	    "refused A/bell\\x07: its name holds a character that does not show\n"
	    "refused A/latin\\xe9: its name is not UTF-8\n"
	    "refused A/soft: a link\n"
	    "1 A/good @2026-01-13T06:01:12Z \"5\" %s\n"
	    "refused A/hard: a link\n"
	    "refused A/pipe: neither a file nor a folder\n"
	    "refused A/null: neither a file nor a folder\n"
	    "1 A/caf\xc3\xa9.. @2026-01-13T06:01:12Z \"6\" %s\n"
	    "A tar of 10 %s\n", id(SV("5")), id(SV("6")), id(sb_sv(&in)));
}

/* Names that the archive declares as UTF-8, in the C locale that tests and tools run in. */
static void
test_utf8_names(void **state)
{
	/* APPNOTE.TXT 4.3.7, flag bit 11: "d/café", stored, one byte. Then the end of the central directory. */
	static const char zip[] = "PK\3\4\24\0\0\10\0\0\372\223t]\203\26\334\214\1\0\0\0\1\0\0\0\7\0\0\0"
	    "d/caf\303\251x"
	    "PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
	static const char pax[] = "14 path=caf\303\251\n";
	struct archive *a = make_start("tar", &in);
	unsigned sum = 0;
	size_t k;

	(void)state;
	walk("z", (struct sv){zip, sizeof(zip) - 1});
	assert_non_null(strstr(sb_str(&out), "z/d/caf\303\251 "));
	assert_non_null(strstr(sb_str(&out), " \"x\" 1 2d7116"));

	/* POSIX.1-2001 pax: a header of type 'x' before the file's own. */
	make_add(a, "PaxHeader", (struct sv){pax, sizeof(pax) - 1});
	make_add(a, "plain", SV("x"));
	make_end(a);
	in.buf[156] = 'x';
	for (k = 148; k < 156; k++)
		in.buf[k] = ' ';
	for (k = 0; k < 512; k++)
		sum += (unsigned char)in.buf[k];
	snprintf(in.buf + 148, 8, "%06o", sum);
	walk("t", sb_sv(&in));
	assert_non_null(strstr(sb_str(&out), "t/caf\303\251 "));
	assert_non_null(strstr(sb_str(&out), " \"x\" 1 2d7116"));
}

/* Whatever is cut off: no crash, the members before the cut are there, and the cut is told. */
static void
test_truncated(void **state)
{
	struct sb noise = {0};
	struct archive *a;
	uint32_t x = 1;
	int i;
	size_t n;

	(void)state;
	for (i = 0; i < 100000; i++) {
		x = x * 1103515245 + 12345;
		sb_addc(&noise, (char)('!' + (x >> 16) % 90));
	}
	a = make_start("tar.gz", &in);
	make_add(a, "one", sb_sv(&noise));
	make_add(a, "two", sb_sv(&noise));
	make_end(a);
	for (n = 0; n < in.n; n += 1999) {
		walk("A", sv_head(sb_sv(&in), n));
		if (n > 20)
			assert_non_null(strstr(sb_str(&out), "ERROR"));
	}
	walk("A", sv_head(sb_sv(&in), in.n - 200));
	assert_non_null(strstr(sb_str(&out), "1 A/one @2026-01-13T06:01:12Z 100000 bytes 100000 "));
	assert_non_null(strstr(sb_str(&out), "1 A/two "));
	assert_non_null(strstr(sb_str(&out), "A tar.gz of 2 "));

	sb_reset(&in);
	make_one("tar", "one", sb_sv(&noise), &in);
	walk("A", sv_head(sb_sv(&in), 2000));
	assert_non_null(strstr(sb_str(&out), "A tar of 1 2000 "));
	assert_non_null(strstr(sb_str(&out), "ERROR A/one: "));

	sb_reset(&in);
	make_one("raw.gz", "x", sb_sv(&noise), &in);
	walk("A", sv_head(sb_sv(&in), 1000));
	assert_non_null(strstr(sb_str(&out), "ERROR A: "));
	/* The digest is that of the bytes that are there. */
	assert_non_null(strstr(sb_str(&out), id(sv_head(sb_sv(&in), 1000))));
	sb_free(&noise);
}

static void
test_prefix(void **state)
{
	struct tape t = {.prefix = 3};
	struct err e = {0};

	(void)state;
	assert_int_equal(walk_with(&t, "a", SV("abcdef"), &e), 0);
	is_lines(sb_str(&out), "0 a \"abcdef\" %s prefix ba7816\n", id(SV("abcdef")));
	assert_int_equal(walk_with(&t, "a", SV("abc"), &e), 0);
	assert_non_null(strstr(sb_str(&out), " prefix ba7816"));
	assert_int_equal(walk_with(&t, "a", SV("ab"), &e), 0);
	assert_null(strstr(sb_str(&out), "prefix"));
	/* Across blocks. */
	t.prefix = 200000;
	while (in.n < 300000)
		sb_adds(&in, "0123456789");
	assert_int_equal(walk_with(&t, "a", sb_sv(&in), &e), 0);
	assert_non_null(strstr(sb_str(&out), strchr(id(sv_head(sb_sv(&in), 200000)), ' ')));
	assert_non_null(strstr(sb_str(&out), id(sb_sv(&in))));
}

/* An item whose bytes are not asked for is digested all the same. */
static void
test_drained(void **state)
{
	struct tape t = {.take = 5};
	struct err e = {0};
	struct archive *a = make_start("tar", &in);

	(void)state;
	make_add(a, "a", SV("abcdefghijklmnop"));
	make_add(a, "b", SV("q"));
	make_end(a);
	assert_int_equal(walk_with(&t, "A", sb_sv(&in), &e), 0);
	is_lines(sb_str(&out),
	    "1 A/a @2026-01-13T06:01:12Z \"abcdefg\" %s\n1 A/b @2026-01-13T06:01:12Z \"q\" %s\nA tar of 2 %s\n",
	    id(SV("abcdefghijklmnop")), id(SV("q")), id(sb_sv(&in)));
}

static void
test_stopped(void **state)
{
	struct tape t = {.stop = 2};
	struct err e = {0};
	struct archive *a = make_start("tar.gz", &in);

	(void)state;
	make_add(a, "a", SV("1"));
	make_add(a, "b", SV("2"));
	make_add(a, "c", SV("3"));
	make_end(a);
	assert_int_equal(walk_with(&t, "A", sb_sv(&in), &e), -1);
	assert_string_equal(e.msg, "stopped");
	assert_null(strstr(sb_str(&out), "A/c"));
}

struct failing {
	struct io_src src;
	int left;
};

static ptrdiff_t
failing_read(struct io_src *src, void *buf, size_t n, struct err *e)
{
	struct failing *f = (struct failing *)src;

	if (f->left-- <= 0)
		return err_set(e, ERR_SYS, "a: cannot read: Input/output error");
	memset(buf, 'x', n < 10 ? n : 10);
	return n < 10 ? (ptrdiff_t)n : 10;
}

/* A disk that gives up: the item's error, not the walk's. */
static void
test_io_error(void **state)
{
	struct tape t = {0};
	const struct bundle_sink sink = {&t, on_prefix, on_begin, on_end, on_archive, on_refused};
	int left;

	(void)state;
	for (left = 0; left < 4; left++) {
		struct failing f = {{failing_read}, left};
		struct err e = {0};

		sb_reset(&out);
		assert_int_equal(bundle_walk(&f.src, "a", &sink, &e), 0);
		assert_non_null(strstr(sb_str(&out), "broken"));
		assert_non_null(strstr(sb_str(&out), "ERROR a: cannot read: Input/output error\n"));
	}
}

/* 300 MiB in 50 KiB. */
static void
test_bomb(void **state)
{
	static char much[1 << 20];
	struct archive *a = archive_write_new();
	struct archive_entry *entry = archive_entry_new();
	struct tape t = {.take = 1};
	struct err e = {0};
	int i;

	(void)state;
	memset(much, 'a', sizeof(much));
	archive_write_set_format_raw(a);
	archive_write_add_filter_xz(a);
	assert_int_equal(archive_write_open(a, &in, NULL, make_write, NULL), ARCHIVE_OK);
	archive_entry_set_pathname(entry, "x");
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_write_header(a, entry);
	for (i = 0; i < 300; i++)
		assert_int_equal(archive_write_data(a, much, sizeof(much)), sizeof(much));
	archive_entry_free(entry);
	make_end(a);
	assert_true(in.n * 500 < 300 * sizeof(much));
	assert_int_equal(walk_with(&t, "A", sb_sv(&in), &e), 0);
	assert_non_null(strstr(sb_str(&out), "ERROR A: decompresses to more than 500 times its size"));
	assert_non_null(strstr(sb_str(&out), id(sb_sv(&in))));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_plain, teardown),
		cmocka_unit_test_teardown(test_compressed, teardown),
		cmocka_unit_test_teardown(test_archives, teardown),
		cmocka_unit_test_teardown(test_nested, teardown),
		cmocka_unit_test_teardown(test_depth, teardown),
		cmocka_unit_test_teardown(test_refused, teardown),
		cmocka_unit_test_teardown(test_utf8_names, teardown),
		cmocka_unit_test_teardown(test_truncated, teardown),
		cmocka_unit_test_teardown(test_prefix, teardown),
		cmocka_unit_test_teardown(test_drained, teardown),
		cmocka_unit_test_teardown(test_stopped, teardown),
		cmocka_unit_test_teardown(test_io_error, teardown),
		cmocka_unit_test_teardown(test_bomb, teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
