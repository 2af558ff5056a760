/*
 * A package is judged by what tar, gzip and sha256sum say of it, not by our own reader.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/io.h"
#include "pack/bag.h"
#include "pack/names.h"
#include "pack/pack.h"

#define WHEN INT64_C(1768284072000) /* 2026-01-13T06:01:12Z */

static char dir[64];
static struct err e;
static struct sb s;

static int
setup(void **state)
{
	(void)state;
	memset(&e, 0, sizeof(e));
	snprintf(dir, sizeof(dir), "/tmp/soak-pack-XXXXXX");
	return mkdtemp(dir) == NULL ? -1 : 0;
}

/* The shell's answer to a command run in the test's folder. */
static int
shell(const char *cmd)
{
	char line[1024];
	int rc;

	snprintf(line, sizeof(line), "cd %s && { %s\n} >out 2>&1", dir, cmd);
	rc = system(line);
	return WIFEXITED(rc) ? WEXITSTATUS(rc) : -1;
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

/* A path in the folder, valid for four calls. */
static const char *
at(const char *name)
{
	static char place[4][512];
	static int turn;

	turn = (turn + 1) % 4;
	snprintf(place[turn], sizeof(place[turn]), "%s/%s", dir, name);
	return place[turn];
}

static const char *
text_of(const char *name)
{
	sb_reset(&s);
	assert_int_equal(io_read_file(at(name), 1 << 20, &s, &e), 0);
	return sb_str(&s);
}

static void
put(const char *name, const char *text)
{
	assert_int_equal(io_write_file(at(name), sv_of(text), &e), 0);
}

static struct pack_info
about(void)
{
	static const struct pack_line line[] = {
		{{"Soak-Decision", 13}, {"GO", 2}}, {{"Soak-Verdict", 12}, {"PASS", 4}}};

	return (struct pack_info){.name = SV("gateway-24h"), .time = WHEN, .line = line, .n_lines = 2};
}

#define LONG_PART "a-folder-whose-name-alone-has-more-than-one-hundred-bytes-so-that-the-old-tar-header-cannot-hold-it-at-all"

/* A payload of every kind, added in an order that is not theirs. */
static struct pack *
payload(void)
{
	struct pack *p = pack_new();

	put("verdict", "{\"schema\": 1}\n");
	put("nothing", "");
	assert_int_equal(pack_add_file(p, "verdict.json", at("verdict"), &e), 0);
	assert_int_equal(pack_add_file(p, "artifacts/empty.prom", at("nothing"), &e), 0);
	assert_int_equal(pack_add_bytes(p, "artifacts/b/c.txt", SV("c\n"), &e), 0);
	assert_int_equal(pack_add_bytes(p, "artifacts/b-c.txt", SV("b-c\n"), &e), 0);
	assert_int_equal(pack_add_bytes(p, "artifacts/" LONG_PART "/soak-h0.prom", SV("x 1\n"), &e), 0);
	assert_int_equal(pack_add_bytes(p, "artifacts/\303\244 blank.txt", SV("y\n"), &e), 0);
	return p;
}

static void
write_to(const char *name)
{
	struct pack_info info = about();
	struct pack *p = payload();

	if (pack_write(p, &info, at(name), OUT_TAR_GZ, &e) < 0)
		fail_msg("%s", e.msg);
	pack_free(p);
}

static void
test_same_bytes(void **state)
{
	(void)state;
	write_to("one.tar.gz");
	assert_int_equal(shell("touch -d 2001-02-03 verdict nothing; chmod 600 verdict"), 0);
	umask(0);
	write_to("two.tar.gz");
	umask(022);
	assert_int_equal(shell("cmp one.tar.gz two.tar.gz"), 0);
}

/* Names are bytes: the character set of the locale must not show. */
static void
test_same_bytes_in_any_locale(void **state)
{
	(void)state;
	write_to("one.tar.gz");
	if (setlocale(LC_ALL, "C.UTF-8") == NULL)
		skip();
	write_to("two.tar.gz");
	setlocale(LC_ALL, "C");
	assert_int_equal(shell("cmp one.tar.gz two.tar.gz"), 0);
}

static void
test_valid_bag(void **state)
{
	(void)state;
	write_to("bag.tar.gz");
	if (shell("gzip -t bag.tar.gz && tar xzf bag.tar.gz") != 0)
		fail_msg("%s", text_of("out"));
	if (shell("cd gateway-24h && sha256sum --strict -c manifest-sha256.txt tagmanifest-sha256.txt") != 0)
		fail_msg("%s", text_of("out"));
	assert_string_equal(text_of("gateway-24h/bagit.txt"),
	    "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
	assert_string_equal(text_of("gateway-24h/bag-info.txt"),
	    "Bag-Software-Agent: soakproof " SOAK_VERSION "\n"
	    "Bagging-Date: 2026-01-13\n"
	    "External-Identifier: gateway-24h\n"
	    "Payload-Oxum: 26.6\n"
	    "Soak-Decision: GO\n"
	    "Soak-Verdict: PASS\n");
	assert_string_equal(text_of("gateway-24h/data/artifacts/" LONG_PART "/soak-h0.prom"), "x 1\n");
	/* Complete (RFC 8493, 3): every payload file is listed, every tag file is in the tagmanifest. */
	assert_int_equal(shell("cd gateway-24h && cut -c67- manifest-sha256.txt >../listed &&"
			       " find data -type f | LC_ALL=C sort | cmp - ../listed"), 0);
	assert_int_equal(shell("cd gateway-24h && cut -c67- tagmanifest-sha256.txt >../listed &&"
			       " find . -maxdepth 1 -type f ! -name 'tagm*' -printf '%P\\n' | LC_ALL=C sort |"
			       " cmp - ../listed"), 0);
}

static void
test_members(void **state)
{
	(void)state;
	write_to("bag.tar.gz");
	/* The version's length is no business of this test. */
	assert_int_equal(shell("TZ=UTC tar tvzf bag.tar.gz --numeric-owner --quoting-style=literal |"
			       " sed '/bag-info/s/ 1[0-9][0-9] / NNN /'"), 0);
	assert_string_equal(text_of("out"),
	    "drwxr-xr-x 0/0               0 2026-01-13 06:01 gateway-24h/\n"
	    "-rw-r--r-- 0/0             NNN 2026-01-13 06:01 gateway-24h/bag-info.txt\n"
	    "-rw-r--r-- 0/0              54 2026-01-13 06:01 gateway-24h/bagit.txt\n"
	    "drwxr-xr-x 0/0               0 2026-01-13 06:01 gateway-24h/data/\n"
	    "drwxr-xr-x 0/0               0 2026-01-13 06:01 gateway-24h/data/artifacts/\n"
	    "drwxr-xr-x 0/0               0 2026-01-13 06:01 gateway-24h/data/artifacts/" LONG_PART "/\n"
	    "-rw-r--r-- 0/0               4 2026-01-13 06:01 gateway-24h/data/artifacts/" LONG_PART "/soak-h0.prom\n"
	    "-rw-r--r-- 0/0               4 2026-01-13 06:01 gateway-24h/data/artifacts/b-c.txt\n"
	    "drwxr-xr-x 0/0               0 2026-01-13 06:01 gateway-24h/data/artifacts/b/\n"
	    "-rw-r--r-- 0/0               2 2026-01-13 06:01 gateway-24h/data/artifacts/b/c.txt\n"
	    "-rw-r--r-- 0/0               0 2026-01-13 06:01 gateway-24h/data/artifacts/empty.prom\n"
	    "-rw-r--r-- 0/0               2 2026-01-13 06:01 gateway-24h/data/artifacts/\303\244 blank.txt\n"
	    "-rw-r--r-- 0/0              14 2026-01-13 06:01 gateway-24h/data/verdict.json\n"
	    "-rw-r--r-- 0/0             649 2026-01-13 06:01 gateway-24h/manifest-sha256.txt\n"
	    "-rw-r--r-- 0/0             241 2026-01-13 06:01 gateway-24h/tagmanifest-sha256.txt\n");
	/* Neither a name nor a time in gzip's header (RFC 1952, 2.3): flags and MTIME are 0. */
	assert_int_equal(shell("head -c 8 bag.tar.gz | od -An -tx1"), 0);
	assert_string_equal(text_of("out"), " 1f 8b 08 00 00 00 00 00\n");
	/* Nobody's name: the owner fields of the first header are empty. */
	assert_int_equal(shell("gzip -dc bag.tar.gz | head -c 329 | tail -c 64 | tr -d '\\000' | wc -c"), 0);
	assert_string_equal(text_of("out"), "0\n");
}

/* RFC 8493, 2: data/ and a manifest are there even for no payload at all. */
static void
test_no_payload(void **state)
{
	struct pack_info info = about();
	struct pack *p = pack_new();

	(void)state;
	info.n_lines = 0;
	assert_int_equal(pack_write(p, &info, at("bag.tar.gz"), OUT_TAR_GZ, &e), 0);
	pack_free(p);
	assert_int_equal(shell("tar xzf bag.tar.gz && test -d gateway-24h/data"), 0);
	assert_string_equal(text_of("gateway-24h/manifest-sha256.txt"), "");
	assert_non_null(strstr(text_of("gateway-24h/bag-info.txt"), "Payload-Oxum: 0.0\n"));
}

static const char *const bad_name[] = {
	"", "/etc/passwd", "../up", "a/../../up", "a/..", "..", ".", "./a", "a/./b", "a//b", "a/", "/",
	"100%.txt", "a%0Ab", "a\nb", "a\rb", "a\tb", "a\033[31mb", "a\177", "caf\351", "\303", "\355\240\200",
	"a\342\200\256b", "a\342\200\250b", "a\302\205b", "\357\273\277a",
	"a\\b", "..\\up", "C:\\x", "c:x", "a<b", "a>b", "a|b", "a?b", "a*b", "a\"b",
	"nul", "NUL", "Con.txt", "x/aux/y", "com1", "COM9.tar.gz", "lpt\302\271", "conin$", "prn .txt",
	"trailing.", "trailing ", "a./b", "a /b",
};

static void
test_bad_names(void **state)
{
	struct pack *p = pack_new();
	char long_name[NAME_MAX_BYTES + 2];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad_name) / sizeof(*bad_name); i++) {
		memset(&e, 0, sizeof(e));
		if (pack_add_bytes(p, bad_name[i], SV("x"), &e) != -1)
			fail_msg("'%s' was packed", bad_name[i]);
		assert_int_equal(e.code, ERR_INPUT);
		if (strpbrk(e.msg, "\n\r\033") != NULL)
			fail_msg("the message for name %zu is not clean", i);
	}
	memset(long_name, 'a', sizeof(long_name));
	long_name[NAME_MAX_BYTES + 1] = '\0';
	assert_int_equal(pack_add_bytes(p, long_name, SV("x"), &e), -1);
	assert_int_equal(pack_add_file(p, long_name + 1, "/dev/null", &e), 0);
	pack_free(p);
}

static void
test_good_names(void **state)
{
	static const char *const good[] = {
		"a", ".hidden", "..a", "a..b", "a b", " a", "~", "console", "com", "com0", "com10", "nullable/x", "-rf",
		"a.prom.gz", "d/\303\234ber.txt", "\346\227\245\346\234\254", "it's", "a=b,c;d&e#f!(g)[h]{i}",
	};
	struct pack *p = pack_new();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(*good); i++)
		if (pack_add_bytes(p, good[i], SV("x"), &e) != 0)
			fail_msg("%s", e.msg);
	pack_free(p);
}

static void
test_twins(void **state)
{
	static const struct {
		const char *first, *second;
		bool fits;
	} pair[] = {
		{"a", "a", false}, {"a", "A", false}, {"x/Read.me", "X/rEAD.ME", false},
		{"\303\234ber", "\303\274BER", false}, {"\320\226", "\320\266", false},
		{"a", "a/b", false}, {"a/b", "a", false}, {"a/b/c", "A/B", false}, {"A", "a/b/c", false},
		{"a", "b", true}, {"a/x", "b/x", true}, {"a/x", "A/y", true}, {"a", "ab", true}, {"a-", "a/b", true},
		{"\303\237", "ss", true},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(pair) / sizeof(*pair); i++) {
		struct pack *p = pack_new();

		assert_int_equal(pack_add_bytes(p, pair[i].first, SV("x"), &e), 0);
		if (pack_add_bytes(p, pair[i].second, SV("x"), &e) != (pair[i].fits ? 0 : -1))
			fail_msg("%s and %s", pair[i].first, pair[i].second);
		pack_free(p);
	}
}

/* More names than a table begins with; the last one still knows the first. */
static void
test_many_names(void **state)
{
	struct pack *p = pack_new();
	char name[64];
	int i;

	(void)state;
	for (i = 0; i < 5000; i++) {
		snprintf(name, sizeof(name), "d%d/file-%d", i % 50, i);
		assert_int_equal(pack_add_bytes(p, name, SV(""), &e), 0);
	}
	for (i = 0; i < 5000; i += 99) {
		snprintf(name, sizeof(name), "D%d/FILE-%d", i % 50, i);
		assert_int_equal(pack_add_bytes(p, name, SV(""), &e), -1);
	}
	pack_free(p);
}

static void
test_bad_bag_names(void **state)
{
	struct pack *p = pack_new();
	struct pack_info info = about();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad_name) / sizeof(*bad_name); i++) {
		info.name = sv_of(bad_name[i]);
		if (pack_write(p, &info, at("bag.tar.gz"), OUT_TAR_GZ, &e) != -1)
			fail_msg("a bag is called '%s'", bad_name[i]);
	}
	info.name = SV("a/b");
	assert_int_equal(pack_write(p, &info, at("bag.tar.gz"), OUT_TAR_GZ, &e), -1);
	info.name = (struct sv){"a\0b", 3};
	assert_int_equal(pack_write(p, &info, at("bag.tar.gz"), OUT_TAR_GZ, &e), -1);
	assert_int_not_equal(access(at("bag.tar.gz"), F_OK), 0);
	pack_free(p);
}

static void
test_bad_info(void **state)
{
	static const struct pack_line bad[] = {
		{{"", 0}, {"x", 1}}, {{"A:B", 3}, {"x", 1}}, {{"A\nB", 3}, {"x", 1}}, {{" A", 2}, {"x", 1}},
		{{"A", 1}, {"x\nPayload-Oxum: 1.1", 19}}, {{"A", 1}, {"x\rB: y", 6}}, {{"A", 1}, {"\377", 1}},
		{{"A", 1}, {"", 0}}, {{"A", 1}, {" x", 2}}, {{"A", 1}, {"\033[2J", 4}}, {{"A", 1}, {"a\0b", 3}},
		{{"payload-OXUM", 12}, {"1.1", 3}}, {{"Bagging-Date", 12}, {"2001-01-01", 10}},
	};
	static char big[BAG_MAX_LINE + 1];
	struct pack_line line = {SV("A"), {big, sizeof(big)}};
	struct pack *p = pack_new();
	struct pack_info info = about();
	size_t i;

	(void)state;
	info.n_lines = 1;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		info.line = &bad[i];
		if (pack_write(p, &info, at("bag.tar.gz"), OUT_TAR_GZ, &e) != -1)
			fail_msg("line %zu was written", i);
		assert_int_equal(e.code, ERR_USAGE);
	}
	memset(big, 'x', sizeof(big));
	info.line = &line;
	assert_int_equal(pack_write(p, &info, at("bag.tar.gz"), OUT_TAR_GZ, &e), -1);
	line.value.n--;
	assert_int_equal(pack_write(p, &info, at("bag.tar.gz"), OUT_TAR_GZ, &e), 0);
	info.time = -1;
	assert_int_equal(pack_write(p, &info, at("bag.tar.gz"), OUT_TAR_GZ, &e), -1);
	info.time = INT64_MIN; /* TIME_NONE */
	assert_int_equal(pack_write(p, &info, at("bag.tar.gz"), OUT_TAR_GZ, &e), -1);
	info.time = INT64_C(8589934592000);
	assert_int_equal(pack_write(p, &info, at("bag.tar.gz"), OUT_TAR_GZ, &e), -1);
	info.time = INT64_C(8589934591999);
	assert_int_equal(pack_write(p, &info, at("bag.tar.gz"), OUT_TAR_GZ, &e), 0);
	pack_free(p);
}

/* How many files whose name begins so the folder holds. */
static int
n_files(const char *prefix)
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	int n = 0;

	assert_non_null(d);
	while ((entry = readdir(d)) != NULL)
		n += strncmp(entry->d_name, prefix, strlen(prefix)) == 0;
	closedir(d);
	return n;
}

/* The package fails with that code, and an older one of that name stays as it was. */
static void
assert_refused(struct pack *p, enum err_code code, const char *says)
{
	struct pack_info info = about();

	put("bag.tar.gz", "the older one");
	memset(&e, 0, sizeof(e));
	assert_int_equal(pack_write(p, &info, at("bag.tar.gz"), OUT_TAR_GZ, &e), -1);
	assert_int_equal(e.code, code);
	if (strstr(e.msg, says) == NULL)
		fail_msg("'%s' does not say '%s'", e.msg, says);
	assert_string_equal(text_of("bag.tar.gz"), "the older one");
	assert_int_equal(n_files("bag.tar.gz"), 1);
}

static void
test_missing_file(void **state)
{
	struct pack *p = payload();

	(void)state;
	assert_int_equal(unlink(at("verdict")), 0);
	assert_refused(p, ERR_SYS, "/verdict: No such file");
	pack_free(p);
}

static void
test_no_regular_file(void **state)
{
	struct pack *p = pack_new();

	(void)state;
	assert_int_equal(mkdir(at("folder"), 0777), 0);
	assert_int_equal(pack_add_file(p, "x", at("folder"), &e), 0);
	assert_refused(p, ERR_INPUT, "not a regular file");
	pack_free(p);
	p = pack_new();
	assert_int_equal(mkfifo(at("fifo"), 0666), 0); /* would block */
	assert_int_equal(pack_add_file(p, "x", at("fifo"), &e), 0);
	assert_refused(p, ERR_INPUT, "not a regular file");
	pack_free(p);
}

/*
 * Another process waits until the package is being written and then does a thing to the file that comes last, while
 * the one before it, which does not compress, keeps the packer busy.
 */
static void
meddle(const char *how)
{
	struct pack_info info = about();
	struct pack *p = pack_new();
	char cmd[512];
	pid_t child;
	int status;

	if (n_files("big") == 0)
		assert_int_equal(shell("head -c 20000000 /dev/urandom >big"), 0);
	put("small", "0123456789");
	assert_int_equal(pack_add_file(p, "a", at("big"), &e), 0);
	assert_int_equal(pack_add_file(p, "b", at("small"), &e), 0);
	snprintf(cmd, sizeof(cmd), "cd %s; until ls bag.tar.gz.tmp-* >/dev/null 2>&1; do :; done; %s", dir, how);
	put("bag.tar.gz", "the older one");
	child = fork();
	if (child == 0) {
		execl("/bin/sh", "sh", "-c", cmd, (char *)NULL);
		_exit(127);
	}
	memset(&e, 0, sizeof(e));
	assert_int_equal(pack_write(p, &info, at("bag.tar.gz"), OUT_TAR_GZ, &e), -1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(e.code, ERR_INPUT);
	if (strstr(e.msg, "/small: changed while it was packed") == NULL)
		fail_msg("%s: %s", how, e.msg);
	assert_string_equal(text_of("bag.tar.gz"), "the older one");
	assert_int_equal(n_files("bag.tar.gz"), 1);
	pack_free(p);
}

static void
test_changed_file(void **state)
{
	(void)state;
	meddle("printf more >>small");
	meddle("printf 012 >small");
	meddle("printf 9876543210 >small"); /* the same size */
	meddle("printf 0123456789 >new; mv new small");
}

/* A file that states one size and has another: /proc's files are empty, but not when read. */
static void
test_longer_than_stated(void **state)
{
	struct pack *p = pack_new();
	struct stat st;

	(void)state;
	if (stat("/proc/self/status", &st) < 0 || st.st_size != 0)
		skip();
	assert_int_equal(pack_add_file(p, "status", "/proc/self/status", &e), 0);
	assert_refused(p, ERR_INPUT, "changed while it was packed");
	pack_free(p);
}

/* RLIMIT_FSIZE stands for the full disk; in a child, since it cannot be raised again. */
static void
test_full_disk(void **state)
{
	struct pack_info info = about();
	struct pack *p = pack_new();
	struct rlimit limit = {100000, 100000};
	pid_t child;
	int status;

	(void)state;
	assert_int_equal(shell("head -c 1000000 /dev/urandom >big"), 0);
	put("bag.tar.gz", "the older one");
	assert_int_equal(pack_add_file(p, "big", at("big"), &e), 0);
	child = fork();
	if (child == 0) {
		signal(SIGXFSZ, SIG_IGN);
		if (setrlimit(RLIMIT_FSIZE, &limit) != 0 || pack_write(p, &info, at("bag.tar.gz"), OUT_TAR_GZ, &e) != -1)
			_exit(1);
		pack_free(p);
		_exit(e.code == ERR_SYS && strstr(e.msg, "bag.tar.gz: cannot write: File too large") != NULL ? 0 : 2);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_string_equal(text_of("bag.tar.gz"), "the older one");
	assert_int_equal(n_files("bag.tar.gz"), 1);
	pack_free(p);
}

/* A folder of the output that is not there. */
static void
test_no_place(void **state)
{
	struct pack_info info = about();
	struct pack *p = payload();

	(void)state;
	assert_int_equal(pack_write(p, &info, at("none/bag.tar.gz"), OUT_TAR_GZ, &e), -1);
	assert_int_equal(e.code, ERR_SYS);
	pack_free(p);
	pack_free(NULL);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	static const struct CMUnitTest tests[] = {
		T(test_same_bytes),
		T(test_same_bytes_in_any_locale),
		T(test_valid_bag),
		T(test_members),
		T(test_no_payload),
		T(test_bad_names),
		T(test_good_names),
		T(test_twins),
		T(test_many_names),
		T(test_bad_bag_names),
		T(test_bad_info),
		T(test_missing_file),
		T(test_no_regular_file),
		T(test_changed_file),
		T(test_longer_than_stated),
		T(test_full_disk),
		T(test_no_place),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
