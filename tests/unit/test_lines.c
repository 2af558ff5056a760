#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "record.h"

static struct record rec;
static struct err err;

static struct read_formats *
format(const char *lines)
{
	struct read_formats *f = formats_new();
	struct sb yaml = {0};

	sb_addf(&yaml, "format: my\ntitle: t\nwords: {verdict: {PASSED: pass}}\nlines:\n  recognise: '.'\n%s", lines);
	if (formats_add(f, "my.yaml", sb_sv(&yaml), &err) < 0)
		fail_msg("%s", err.msg);
	sb_free(&yaml);
	return f;
}

static void
gives(const struct read_formats *f, struct sv text, const char *want)
{
	struct time_zone *utc = time_zone_open("UTC", NULL);
	struct read_input in = {.name = "in", .formats = f, .zone = utc};
	struct read_sink sink;
	const struct reader *r;
	struct io_mem m;

	sb_free(&rec.all);
	rec.calls = 0;
	sink = record_sink(&rec);
	io_mem_init(&m, text);
	in.src = &m.src;
	in.head = sv_head(text, READ_HEAD);
	r = read_recognise(&in);
	assert_non_null(r);
	if (r->read(&in, &sink, &err) < 0)
		fail_msg("%s", err.msg);
	assert_string_equal(sb_str(&rec.all), want);
	time_zone_free(utc);
}

static void
bad(const char *lines, const char *want)
{
	struct read_formats *f = formats_new();
	struct sb yaml = {0};
	struct err e = {0};

	sb_addf(&yaml, "format: my\ntitle: t\nlines:\n  recognise: a\n%s", lines);
	assert_int_equal(formats_add(f, "my.yaml", sb_sv(&yaml), &e), -1);
	assert_string_equal(e.msg, want);
	sb_free(&yaml);
	formats_free(f);
}

#define BLOCKS                                                                                                    \
	"  blocks:\n"                                                                                             \
	"    head:\n"                                                                                             \
	"    round:\n"                                                                                            \
	"      values: {verdict: incomplete, part: null}\n"                                                       \
	"      result: {kind: checkpoint, name: '{n}', time: t, status: verdict|verdict, text: '@last'}\n"        \
	"  match:\n"                                                                                              \
	"    - {pattern: '^# (?<n>\\d+)$', begin: head, keep: n}\n"                                               \
	"    - {pattern: '^at (?<t>.+)$', in: head, begin: round, keep: [t]}\n"                                   \
	"    - {pattern: '^start (?<n>\\d+) (?<t>.+)$', begin: round, keep: [n, t]}\n"                            \
	"    - {pattern: '^part (?<p>.+)$', in: round, keep: {part: p}}\n"                                        \
	"    - {pattern: '^v (?<v>.*)$', in: round, sample: {metric: m, labels: {p: '{part}'}, value: v, time: t}}\n" \
	"    - {pattern: '^verdict (?<verdict>.*)$', in: round, keep: verdict, end: true}\n"                      \
	"    - {pattern: '^out (?<p>.*)$', in: outside, run: {path: 'p{@line}', text: p}}\n"

static void
test_blocks(void **state)
{
	struct read_formats *f = format(BLOCKS);

	(void)state;
	/* What an earlier line said is there for later ones; a block that does not come to its end is incomplete. */
	gives(f, SV("# 1\nat 2026-01-01 00:00:00\npart a\nv 5\nverdict PASSED\nout x\n"
	            "# 2\nat 2026-01-01 06:00:00\nv 6\n"
	            "# 3\nat 2026-01-01 12:00:00\nverdict PASSED\n"),
	    "family m|gauge||\nsample 4 m{p=\"a\"} 5 @1767225600000\n"
	    "result 2 checkpoint||1 pass @2026-01-01T00:00:00Z verdict PASSED\n"
	    "run 6 p6=x (NaN)\n"
	    "sample 9 m 6 @1767247200000\n"
	    "result 8 checkpoint||2 incomplete @2026-01-01T06:00:00Z v 6\n"
	    "result 11 checkpoint||3 pass @2026-01-01T12:00:00Z verdict PASSED\n");
	/* A headline and the start right behind it are one block, two starts are two. */
	gives(f, SV("# 1\nat 2026-01-01 00:00:00\nstart 7 2026-01-01 00:00:01\nstart 8 2026-01-01 06:00:00\nverdict PASSED\n"),
	    "result 2 checkpoint||7 incomplete @2026-01-01T00:00:01Z start 7 2026-01-01 00:00:01\n"
	    "result 4 checkpoint||8 pass @2026-01-01T06:00:00Z verdict PASSED\n");
	/* Outside of a block its lines mean nothing, and the file's end ends one. */
	gives(f, SV("v 1\n# 1\nv 2\nat 2026-01-01 00:00:00\nout x\n"),
	    "result 4 checkpoint||1 incomplete @2026-01-01T00:00:00Z at 2026-01-01 00:00:00\n"
	    "problem 1 warning line that no pattern of the format matches (3 times, first here)\n");
	/* A value that could not be measured is no 0, and what stands in the next block is its own. */
	gives(f, SV("start 1 2026-01-01 00:00:00\nv None\nv \nverdict PASSED\nstart 2 2026-01-01 06:00:00\nverdict bad\n"),
	    "result 1 checkpoint||1 pass @2026-01-01T00:00:00Z verdict PASSED\n"
	    "result 5 checkpoint||2 unknown @2026-01-01T06:00:00Z verdict bad\n"
	    "problem 5 warning 'bad' is no status that the format knows\n"
	    "problem 2 warning m not measured: 'None' (2 times, first here)\n");
	formats_free(f);
}

static void
test_continues(void **state)
{
	struct read_formats *f = format("  continues: ['^ ', '^Caused by']\n  match:\n"
	    "    - {pattern: '(?s)^(?<t>\\S+) (?<n>\\w+).*?(?:^Caused by: (?<c>[^\\n]*)|\\Z)', event: {time: t, name: n, text: c, kind: x}}\n");
	struct sb s = {0};

	(void)state;
	gives(f, SV(" stray\n2026-01-01T00:00:00Z ERR a\n  at b\nCaused by: c\n  d\n2026-01-01T00:00:01Z OK\n"),
	    "event 2 2026-01-01T00:00:00Z x|ERR|\nevent 6 2026-01-01T00:00:01Z x|OK|\n"
	    "problem 1 warning line that no pattern of the format matches\n");
	formats_free(f);
	f = format("  continues: '^ '\n  match:\n"
	    "    - {pattern: '(?s)^(?<t>\\S+) (?<n>\\w+)(?:.*\\n  code: (?<c>\\d+))?', event: {time: t, name: n, text: c, kind: x}}\n");
	gives(f, SV("2026-01-01T00:00:00Z ERR a\n  at b\n  code: 5\n"), "event 1 2026-01-01T00:00:00Z x|ERR|5\n");
	sb_adds(&s, "2026-01-01T00:00:00Z A\n2026-01-01T00:00:01Z B\n");
	while (s.n < 200000)
		sb_adds(&s, " x.................................................................................\n");
	gives(f, sb_sv(&s), "event 1 2026-01-01T00:00:00Z x|A|\nevent 2 2026-01-01T00:00:01Z x|B|\n"
	    "problem 782 warning record of more than 64 KiB: what follows is left out\n");
	sb_free(&s);
	formats_free(f);
}

static void
test_ansi_and_notes(void **state)
{
	struct read_formats *f = format("  match:\n"
	    "    - {pattern: '^\\[INFO\\] (?<x>.*)$', run: {path: x, text: x}}\n  otherwise: note\n");

	(void)state;
	gives(f, SV("\x1b[0;32m[INFO]\x1b[0m a\x1b]0;title\x07\x1b(B!\x1b\nother\n\x1b[1mother\x1b[\r\n"),
	    "run 1 x=a!\x1b (NaN)\nproblem 2 note line that no pattern of the format matches (2 times, first here)\n");
	formats_free(f);
}

static void
test_bad(void **state)
{
	(void)state;
	bad("  match:\n    - {pattern: a}\n", "my.yaml:6:7: missing key \"event\" (or \"sample\", \"result\", \"claim\", "
	    "\"run\", \"keep\", \"begin\", \"end\"): nothing would come of it");
	bad("  match:\n    - {pattern: a, begin: b}\n", "my.yaml:6:27: no block called 'b'");
	bad("  match:\n    - {pattern: a, in: [b], end: true}\n", "my.yaml:6:25: no block called 'b'");
	bad("  match:\n    - {pattern: a, end: false}\n", "my.yaml:6:25: 'end: true' says that a block ends with this line");
	bad("  match:\n    - {pattern: a, keep: b}\n", "my.yaml:6:26: the pattern has no group (?<b>...)");
	bad("  match:\n    - {pattern: a, keep: {b: c}}\n", "my.yaml:6:30: the pattern has no group (?<c>...)");
	bad("  match:\n    - {pattern: a, keep: 5}\n", "my.yaml:6:26: expected names: [when, number], or {kept: group}");
	bad("  match:\n    - {pattern: '(?<a>.)', keep: {'@a': a}}\n", "my.yaml:6:41: '@a' is no name for a value");
	bad("  blocks: {outside: {}}\n  match:\n    - {pattern: a, end: true}\n",
	    "my.yaml:5:12: no block can be called 'outside': that is where no block is");
	bad("  blocks: {b: {run: {path: p, text: x}}}\n  match:\n    - {pattern: a, end: true}\n",
	    "my.yaml:5:37: no line keeps a value called 'x'");
	bad("  blocks: {b: {value: {}}}\n  match:\n    - {pattern: a, end: true}\n", "my.yaml:5:16: unknown key \"value\"");
	bad("  blocks: {b: {values: []}}\n  match:\n    - {pattern: a, end: true}\n",
	    "my.yaml:5:24: expected a map: {verdict: incomplete}");
}

/* A line of 100,000 characters, bytes that are no text, CRLF: nothing of it stops the reading, nor hides a line. */
static void
test_hostile(void **state)
{
	struct read_formats *f = format("  match:\n    - {pattern: '^x(?<x>.{3})', run: {path: x, text: x}}\n");
	struct sb s = {0};
	int i;

	(void)state;
	sb_adds(&s, "xabc\r\n");
	for (i = 0; i < 100000; i++)
		sb_addc(&s, 'y');
	sb_adds(&s, "\r\nx\xed\xa0\x80 lone\nx\xff\xfe\n");
	sb_add(&s, "xn\0l\n", 5);
	gives(f, sb_sv(&s), "run 1 x=abc (NaN)\nrun 3 x=\\xe (NaN)\nrun 4 x=\\xf (NaN)\nrun 5 x=n\\x00l (NaN)\n"
	    "problem 2 warning line that no pattern of the format matches\n");
	sb_free(&s);
	sb_free(&rec.all);
	formats_free(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_continues),
		cmocka_unit_test(test_ansi_and_notes),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_hostile),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
