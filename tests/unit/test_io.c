#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"

static char dir[64];
static char place[128]; /* what in_dir() gives */
static struct err e;
static struct sb s;

static int
setup(void **state)
{
	(void)state;
	memset(&e, 0, sizeof(e));
	snprintf(dir, sizeof(dir), "/tmp/soak-io-XXXXXX");
	return mkdtemp(dir) == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	char cmd[96];

	(void)state;
	sb_free(&s);
	snprintf(cmd, sizeof(cmd), "rm -rf %s", dir);
	return system(cmd) == 0 ? 0 : -1;
}

static const char *
in_dir(const char *name)
{
	snprintf(place, sizeof(place), "%s/%s", dir, name);
	return place;
}

/* How many names the test's directory holds. */
static int
n_files(void)
{
	DIR *d = opendir(dir);
	struct dirent *ent;
	int n = 0;

	assert_non_null(d);
	while ((ent = readdir(d)) != NULL)
		n += strcmp(ent->d_name, ".") != 0 && strcmp(ent->d_name, "..") != 0;
	closedir(d);
	return n;
}

static void
assert_holds(const char *path, const char *text)
{
	sb_reset(&s);
	assert_int_equal(io_read_file(path, 1 << 20, &s, &e), 0);
	assert_string_equal(sb_str(&s), text);
}

/* Gives its bytes in small pieces, then (if broken) an error instead of the end. */
struct drip {
	struct io_src src;
	struct sv rest;
	size_t piece;
	bool broken;
};

static ptrdiff_t
drip_read(struct io_src *src, void *buf, size_t n, struct err *err)
{
	struct drip *d = (struct drip *)src;

	if (d->rest.n == 0 && d->broken)
		return err_set(err, ERR_SYS, "the wire broke");
	n = n < d->piece ? n : d->piece;
	n = n < d->rest.n ? n : d->rest.n;
	memcpy(buf, d->rest.p, n);
	d->rest = sv_from(d->rest, n);
	return (ptrdiff_t)n;
}

static void
test_read_all_is_bounded(void **state)
{
	struct io_mem m;

	(void)state;
	io_mem_init(&m, SV("abcdef"));
	sb_adds(&s, ">");
	assert_int_equal(io_read_all(&m.src, "six", 6, &s, &e), 0);
	assert_string_equal(sb_str(&s), ">abcdef");
	io_mem_init(&m, SV("abcdef"));
	assert_int_equal(io_read_all(&m.src, "six", 5, &s, &e), -1);
	assert_int_equal(e.code, ERR_LIMIT);
	assert_string_equal(e.msg, "six: larger than 5 bytes");
	io_mem_init(&m, SV(""));
	sb_reset(&s);
	assert_int_equal(io_read_all(&m.src, "none", 0, &s, &e), 0);
	assert_int_equal(s.n, 0);
	io_mem_init(&m, sv_of(NULL));
	assert_int_equal(io_read_all(&m.src, "none", 0, &s, &e), 0);
}

static void
test_read_all_passes_an_error_on(void **state)
{
	struct drip d = {{drip_read}, SV("abc"), 2, true};

	(void)state;
	assert_int_equal(io_read_all(&d.src, "x", 100, &s, &e), -1);
	assert_string_equal(e.msg, "the wire broke");
}

static void
test_open(void **state)
{
	int fd;

	(void)state;
	assert_int_equal(io_open(in_dir("none"), &e), -1);
	assert_int_equal(e.code, ERR_SYS);
	assert_non_null(strstr(e.msg, "none: cannot open: No such file"));
	assert_int_equal(io_open(dir, &e), -1);
	assert_non_null(strstr(e.msg, "is a directory"));
	assert_int_equal(io_open("/dev/null", &e), -1);
	assert_non_null(strstr(e.msg, "/dev/null: neither"));
	assert_int_equal(mkfifo(in_dir("pipe"), 0600), 0);
	fd = open(place, O_RDWR);
	assert_int_equal(write(fd, "x", 1), 1);
	close(io_open(place, &e));
	close(fd);
	assert_int_equal(io_write_file(in_dir("f"), SV("x"), &e), 0);
	fd = io_open(place, &e);
	assert_true(fd >= 0);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	close(fd);
}

static void
test_fd_source_says_its_name(void **state)
{
	struct io_fd f;
	char b[4];

	(void)state;
	io_fd_init(&f, -1, "reports.tar");
	assert_int_equal(f.src.read(&f.src, b, sizeof(b), &e), -1);
	assert_string_equal(e.msg, "reports.tar: cannot read: Bad file descriptor");
}

/* Splits text, given in pieces, at lines; each is followed by '|' ('~' without a newline). */
static int
lines_of(struct sv text, size_t piece, size_t max)
{
	struct drip d = {{drip_read}, text, piece, false};
	struct io_lines l;
	struct sv line;
	int64_t n = 0;
	int rc;

	sb_reset(&s);
	io_lines_init(&l, &d.src, max);
	while ((rc = io_lines_next(&l, &line, &e)) == 1) {
		assert_int_equal(l.line, ++n);
		sb_addv(&s, line);
		sb_addc(&s, l.ends_in_newline ? '|' : '~');
	}
	assert_int_equal(io_lines_next(&l, &line, &e), rc); /* and it stays so */
	io_lines_free(&l);
	return rc;
}

static void
test_lines(void **state)
{
	static const size_t pieces[] = {1, 2, 3, 1000};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		assert_int_equal(lines_of(SV("a\nbc\n\nd"), pieces[i], 100), 0);
		assert_string_equal(sb_str(&s), "a|bc||d~");
		assert_int_equal(lines_of(SV("a\r\n\r\nb\rc\r\n"), pieces[i], 100), 0);
		assert_string_equal(sb_str(&s), "a||b\rc|");
		assert_int_equal(lines_of(SV("end\r"), pieces[i], 100), 0);
		assert_string_equal(sb_str(&s), "end\r~");
		assert_int_equal(lines_of(SV("x\r\r\n"), pieces[i], 100), 0);
		assert_string_equal(sb_str(&s), "x\r|");
		assert_int_equal(lines_of(SV(""), pieces[i], 100), 0);
		assert_int_equal(s.n, 0);
		assert_int_equal(lines_of(SV("\n"), pieces[i], 100), 0);
		assert_string_equal(sb_str(&s), "|");
		assert_int_equal(lines_of(SV("a\0b\n\0"), pieces[i], 100), 0);
		assert_true(sv_eq(sb_sv(&s), SV("a\0b|\0~")));
	}
}

static void
test_line_length(void **state)
{
	static const size_t pieces[] = {1, 5, 1000};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		assert_int_equal(lines_of(SV("ok\nabcd\nabcd\r\nabcd"), pieces[i], 4), 0);
		assert_string_equal(sb_str(&s), "ok|abcd|abcd|abcd~");
		assert_int_equal(lines_of(SV("ok\nabcde\nx\n"), pieces[i], 4), -1);
		assert_string_equal(sb_str(&s), "ok|");
		assert_int_equal(e.code, ERR_LIMIT);
		assert_string_equal(e.msg, "line 2: longer than 4 bytes");
		assert_int_equal(lines_of(SV("abcde\r\n"), pieces[i], 4), -1);
		assert_int_equal(lines_of(SV("abcde"), pieces[i], 4), -1);
		assert_int_equal(lines_of(SV("abcd\r"), pieces[i], 4), -1);
		assert_int_equal(lines_of(SV("a\n"), pieces[i], SIZE_MAX), 0);
		assert_string_equal(sb_str(&s), "a|");
	}
}

/* Without an end in sight only as much is kept as the limit allows. */
static ptrdiff_t
endless_read(struct io_src *src, void *buf, size_t n, struct err *err)
{
	(void)src, (void)err;
	memset(buf, 'x', n);
	return (ptrdiff_t)n;
}

static void
test_endless_line_takes_bounded_memory(void **state)
{
	struct io_src src = {endless_read};
	struct io_lines l;
	struct sv line;

	(void)state;
	io_lines_init(&l, &src, 100000);
	assert_int_equal(io_lines_next(&l, &line, &e), -1);
	assert_int_equal(e.code, ERR_LIMIT);
	assert_true(l.buf.n < 300000);
	io_lines_free(&l);
	assert_int_equal(io_read_all(&src, "endless", 100000, &s, &e), -1);
	assert_true(s.n <= 100000);
}

static void
test_lines_pass_an_error_on(void **state)
{
	struct drip d = {{drip_read}, SV("a\nb"), 2, true};
	struct io_lines l;
	struct sv line;

	(void)state;
	io_lines_init(&l, &d.src, 100);
	assert_int_equal(io_lines_next(&l, &line, &e), 1);
	assert_int_equal(io_lines_next(&l, &line, &e), -1);
	assert_string_equal(e.msg, "the wire broke");
	io_lines_free(&l);
}

static void
test_many_lines(void **state)
{
	struct io_lines l;
	struct io_mem m;
	struct sv line;
	int64_t i;

	(void)state;
	for (i = 0; i < 50000; i++)
		sb_addf(&s, "line %d\n", (int)i);
	io_mem_init(&m, sb_sv(&s));
	io_lines_init(&l, &m.src, 20);
	for (i = 0; io_lines_next(&l, &line, &e) == 1; i++) {
		char want[24];

		snprintf(want, sizeof(want), "line %d", (int)i);
		assert_true(sv_is(line, want));
	}
	assert_int_equal(i, 50000);
	io_lines_free(&l);
}

static void
test_out_appears_whole(void **state)
{
	struct io_out o;
	struct stat st;
	mode_t mask;

	(void)state;
	assert_int_equal(io_write_file(in_dir("f"), SV("old"), &e), 0);
	mask = umask(022);
	assert_int_equal(io_out_open(&o, place, &e), 0);
	umask(mask);
	fputs("new", o.f);
	fflush(o.f);
	assert_holds(place, "old");
	assert_int_equal(io_out_commit(&o, &e), 0);
	assert_holds(place, "new");
	assert_int_equal(n_files(), 1);
	assert_int_equal(stat(place, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644); /* what umask leaves, not mkstemp's 0600 */
}

static void
test_out_abort(void **state)
{
	struct io_out o;

	(void)state;
	assert_int_equal(io_out_open(&o, in_dir("f"), &e), 0);
	fputs("half", o.f);
	io_out_abort(&o);
	assert_int_equal(n_files(), 0);
	io_out_abort(&o); /* nothing is left to do */
}

/* By the name alone, as of a process that was killed; what is called a little so is somebody else's. */
static void
test_out_unfinished(void **state)
{
	static const char *const foreign[] = {"", "f", "f.tmp", "f.tmp-", "f.tmp-x", "f.tmp-1-0.bak", "tmp-1-0", "f.tmp1-0", "2026-11-21"};
	struct io_out o;
	size_t i;

	(void)state;
	assert_int_equal(io_out_open(&o, in_dir("f-1"), &e), 0);
	assert_true(sv_is(io_out_unfinished(sv_base(sv_of(o.tmp))), "f-1"));
	io_out_abort(&o);
	assert_true(sv_is(io_out_unfinished(SV("a.tmp-1-0.tmp-77-12")), "a.tmp-1-0"));
	for (i = 0; i < sizeof(foreign) / sizeof(*foreign); i++)
		assert_int_equal(io_out_unfinished(sv_of(foreign[i])).n, 0);
}

static void
test_out_cannot_create(void **state)
{
	struct io_out o;

	(void)state;
	assert_int_equal(io_out_open(&o, in_dir("no/such/f"), &e), -1);
	assert_int_equal(e.code, ERR_SYS);
	assert_non_null(strstr(e.msg, "no/such/f: cannot create: No such file"));
	assert_null(o.f);
	assert_int_equal(io_out_open(&o, "", &e), -1);
	assert_int_equal(io_out_open(&o, dir, &e), -1);
	assert_non_null(strstr(e.msg, "is a directory"));
	io_out_abort(&o);
}

/* As root a rename onto /dev/null would replace it for everyone. */
static void
test_out_refuses_devices(void **state)
{
	struct io_out o;

	(void)state;
	assert_int_equal(mkfifo(in_dir("pipe"), 0600), 0);
	assert_int_equal(io_out_open(&o, place, &e), -1);
	assert_non_null(strstr(e.msg, "pipe: cannot write: not a regular file"));
	assert_int_equal(io_write_file("/dev/full", SV("x"), &e), -1);
	assert_int_equal(n_files(), 1);
}

static void
test_out_follows_a_link(void **state)
{
	char link[128];
	struct stat st;

	(void)state;
	assert_int_equal(io_mkdirs(in_dir("real"), &e), 0);
	assert_int_equal(io_write_file(in_dir("real/f"), SV("old"), &e), 0);
	snprintf(link, sizeof(link), "%s/link", dir);
	assert_int_equal(symlink("real/f", link), 0);
	assert_int_equal(io_write_file(link, SV("new"), &e), 0);
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_holds(in_dir("real/f"), "new");
	assert_int_equal(unlink(place), 0);
	assert_int_equal(io_write_file(link, SV("x"), &e), -1); /* leads nowhere */
	assert_int_equal(n_files(), 2);
}

/* The same as a full disk, as far as write() is concerned: EFBIG for ENOSPC. */
static void
test_out_of_room(void **state)
{
	struct rlimit old, small;
	void (*handler)(int);
	char big[20000];
	struct io_out o;
	size_t i;
	int one, many;

	(void)state;
	memset(big, 'x', sizeof(big));
	assert_int_equal(io_write_file(in_dir("f"), SV("old"), &e), 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small = old;
	small.rlim_cur = 10000;
	handler = signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	one = io_write_file(place, (struct sv){big, sizeof(big)}, &e);
	if (io_out_open(&o, place, NULL) < 0) {
		many = 1;
	} else {
		for (i = 0; i < 40; i++)
			fwrite(big, 1, 500, o.f); /* through the buffer, in several writes */
		many = io_out_commit(&o, NULL);
	}
	setrlimit(RLIMIT_FSIZE, &old);
	signal(SIGXFSZ, handler);
	assert_int_equal(one, -1);
	assert_int_equal(many, -1);
	assert_int_equal(e.code, ERR_SYS);
	assert_non_null(strstr(e.msg, "/f: cannot write: File too large"));
	assert_holds(place, "old");
	assert_int_equal(n_files(), 1);
}

static void
test_rename_fails(void **state)
{
	struct io_out o;

	(void)state;
	assert_int_equal(io_out_open(&o, in_dir("f"), &e), 0);
	assert_int_equal(io_mkdirs(place, &e), 0);
	assert_int_equal(io_out_commit(&o, &e), -1);
	assert_non_null(strstr(e.msg, "/f: cannot write: Is a directory"));
	assert_int_equal(n_files(), 1);
}

static void
test_two_at_once(void **state)
{
	struct io_out a, b;

	(void)state;
	assert_int_equal(io_out_open(&a, in_dir("f"), &e), 0);
	assert_int_equal(io_out_open(&b, place, &e), 0);
	fputs("a", a.f);
	fputs("b", b.f);
	assert_int_equal(io_out_commit(&a, &e), 0);
	assert_holds(place, "a");
	assert_int_equal(io_out_commit(&b, &e), 0);
	assert_holds(place, "b");
	assert_int_equal(n_files(), 1);
}

static void
test_relative_path(void **state)
{
	char old[1024];

	(void)state;
	assert_non_null(getcwd(old, sizeof(old)));
	assert_int_equal(chdir(dir), 0);
	assert_int_equal(io_write_file("here", SV("x"), &e), 0);
	assert_int_equal(io_mkdirs("sub/deep", &e), 0);
	assert_int_equal(io_write_file("sub/deep/f", SV("x"), &e), 0);
	assert_int_equal(chdir(old), 0);
	assert_holds(in_dir("here"), "x");
	assert_holds(in_dir("sub/deep/f"), "x");
}

static void
test_mkdirs(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(io_mkdirs(in_dir("a//b/c/"), &e), 0);
	assert_int_equal(stat(in_dir("a/b/c"), &st), 0);
	assert_true(S_ISDIR(st.st_mode));
	assert_int_equal(io_mkdirs(place, &e), 0);
	assert_int_equal(io_mkdirs("/", &e), 0);
	assert_int_equal(io_mkdirs("/proc/self", &e), 0); /* cannot be made, but is there */
	assert_int_equal(io_mkdirs("", &e), -1);
	assert_int_equal(io_write_file(in_dir("a/file"), SV(""), &e), 0);
	assert_int_equal(io_mkdirs(place, &e), -1);
	assert_non_null(strstr(e.msg, "a/file: cannot make directory: File exists"));
	assert_int_equal(io_mkdirs(in_dir("a/file/x"), &e), -1);
	assert_int_equal(e.code, ERR_SYS);
	assert_int_equal(io_mkdirs("/proc/soak/x", &e), -1);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_read_all_is_bounded), T(test_read_all_passes_an_error_on), T(test_open),
		T(test_fd_source_says_its_name), T(test_lines), T(test_line_length),
		T(test_endless_line_takes_bounded_memory), T(test_lines_pass_an_error_on),
		T(test_many_lines), T(test_out_appears_whole), T(test_out_abort), T(test_out_unfinished),
		T(test_out_cannot_create), T(test_out_refuses_devices),
		T(test_out_follows_a_link), T(test_out_of_room), T(test_rename_fails),
		T(test_two_at_once), T(test_relative_path), T(test_mkdirs),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
