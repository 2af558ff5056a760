#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "record.h"

#define LOG                                                                                  \
	"format: my-log\ntitle: My log\nlines:\n"                                            \
	"  recognise: '^\\d{4}-'\n"                                                          \
	"  skip: ['^#', '^\\s*$']\n"                                                         \
	"  match:\n"                                                                         \
	"    - pattern: '^(?<t>\\S+ \\S+) (?<what>[a-z]+)(?: (?<more>.*))?$'\n"              \
	"      event: { time: t, name: what, text: more, kind: note }\n"
#define JSON                                                                                 \
	"format: my-json\ntitle: My JSON\njson:\n"                                           \
	"  recognise: [sum.all, who]\n"                                                      \
	"  claims: ['sum.*', 'list.*.rate']\n"                                               \
	"  run: [who, list.1.name]\n"

static struct record rec;
static struct err err;
static struct time_zone *utc;

static struct read_formats *
format(const char *file, const char *yaml)
{
	struct read_formats *f = formats_new();

	if (formats_add(f, file, sv_of(yaml), &err) < 0)
		fail_msg("%s", err.msg);
	return f;
}

/* Recognises and reads text by the one format; -2 when it is not recognised. */
static int
read_text(const struct read_formats *f, struct sv text, const struct time_zone *zone)
{
	struct read_input in = {.name = "in", .formats = f, .zone = zone};
	struct read_sink sink;
	const struct reader *r;
	struct io_mem m;

	sb_free(&rec.all);
	rec.calls = 0;
	err = (struct err){0};
	sink = record_sink(&rec);
	io_mem_init(&m, text);
	in.src = &m.src;
	in.head = sv_head(text, READ_HEAD);
	r = read_recognise(&in);
	return r == NULL ? -2 : r->read(&in, &sink, &err);
}

static void
gives(const struct read_formats *f, const char *text, const char *want)
{
	int rc = read_text(f, sv_of(text), utc);

	if (rc != 0)
		fail_msg("%d %s: %s", rc, err.msg, text);
	assert_string_equal(sb_str(&rec.all), want);
}

static void
bad_format(const char *yaml, const char *want)
{
	struct read_formats *f = formats_new();
	struct err e = {0};

	assert_int_equal(formats_add(f, "d/my.yaml", sv_of(yaml), &e), -1);
	if (strncmp(e.msg, want, strlen(want)) != 0)
		fail_msg("\"%s\" does not start with \"%s\"", e.msg, want);
	formats_free(f);
}

static void
test_lines(void **state)
{
	struct read_formats *f = format("my-log.yaml", LOG);

	(void)state;
	gives(f,
	    "# head\n\n2026-01-12 06:00:00 begin\n2026-01-12T06:00:01.5Z x\n"
	    "2026-01-12 06:00:02+02:00 stop why not\n",
	    "event 3 2026-01-12T06:00:00Z note|begin|\n"
	    "event 5 2026-01-12T04:00:02Z note|stop|why not\n"
	    "problem 4 warning line that no pattern of the format matches\n");
	gives(f, "2026-01-12 06:00:00 a\n2026-01-12 06:00:00 b\nodd\nodd\n",
	    "event 1 2026-01-12T06:00:00Z note|a|\nevent 2 2026-01-12T06:00:00Z note|b|\n"
	    "problem 3 warning line that no pattern of the format matches"
	    " (2 times, first here)\n");
	/* A line without its newline is read and said. */
	gives(f, "\xef\xbb\xbf" "2026-01-12 06:00:00 a\r\n2026-01-12 06:00:00 b",
	    "event 1 2026-01-12T06:00:00Z note|a|\nevent 2 2026-01-12T06:00:00Z note|b|\n"
	    "problem 2 warning last line without a newline at the end: it may be cut off\n");
	formats_free(f);
}

static void
test_local_time(void **state)
{
	struct read_formats *f = format("my-log.yaml", LOG);

	(void)state;
	/* Without a zone a local time is refused, one with an offset is not. */
	assert_int_equal(read_text(f, SV("2026-01-12 06:00:00 a\n2026-01-12 06:00:00Z b\n"), NULL), 0);
	assert_string_equal(sb_str(&rec.all), "event 2 2026-01-12T06:00:00Z note|b|\n"
	    "problem 1 warning line whose time cannot be read (no zone?), not used\n");
	formats_free(f);
}

static void
test_continue(void **state)
{
	struct read_formats *f = format("my-log.yaml", LOG "  otherwise: continue\n");
	struct sb s = {0};
	const char *p;
	int i;

	(void)state;
	gives(f, "stray\n2026-01-12 06:00:00 a one\ntwo\n# no\n  three\n2026-01-12 06:00:01 b\nfour\n"
	         "2026-01-12 06:00:02 c\n2026-01-12 06:00:03 d\n",
	    "event 2 2026-01-12T06:00:00Z note|a|one\ntwo\n  three\n"
	    "event 6 2026-01-12T06:00:01Z note|b|four\n"
	    "event 8 2026-01-12T06:00:02Z note|c|\nevent 9 2026-01-12T06:00:03Z note|d|\n"
	    "problem 1 warning line that no pattern of the format matches\n");
	/* Lines that continue an event without a time do not go to the one before. */
	gives(f, "2026-01-12 06:00:00 a\n2026-99-12 06:00:00 b\nlost\n",
	    "event 1 2026-01-12T06:00:00Z note|a|\n"
	    "problem 2 warning line whose time cannot be read (no zone?), not used\n");
	sb_adds(&s, "2026-01-12 06:00:00 a\n2026-01-12 06:00:00 a\n");
	for (i = 0; i < 10000; i++)
		sb_adds(&s, "\xc3\xa9\xc3\xa9\xc3\xa9.more.of.it\n");
	assert_int_equal(read_text(f, sv_head(sb_sv(&s), 30), utc), 0);
	assert_int_equal(read_text(f, sb_sv(&s), utc), -2); /* the share is too low */
	sb_reset(&s);
	for (i = 0; i < 60; i++)
		sb_adds(&s, "2026-01-12 06:00:00 a\n");
	for (i = 0; i < 10000; i++)
		sb_adds(&s, "\xc3\xa9\xc3\xa9\xc3\xa9.more.of.it\n");
	assert_int_equal(read_text(f, sb_sv(&s), utc), 0);
	p = strstr(sb_str(&rec.all), "event 60 ");
	assert_non_null(p);
	assert_in_range(strlen(p), 4096, 4096 + 200);
	assert_non_null(strstr(p, "problem 288 warning event with more text than is kept"));
	sb_free(&s);
	formats_free(f);
}

static void
test_hostile_lines(void **state)
{
	struct read_formats *f = format("my-log.yaml", LOG);
	struct sb s = {0};

	(void)state;
	assert_int_equal(read_text(f, SV("2026-01-12 06:00:00 a \xff\xfe\n"), utc), 0);
	assert_string_equal(sb_str(&rec.all), "event 1 2026-01-12T06:00:00Z note|a|\\xff\\xfe\n");
	sb_adds(&s, "2026-01-12 06:00:00 a\n");
	while (s.n < (1 << 20) + 100)
		sb_adds(&s, "xxxxxxxx");
	assert_int_equal(read_text(f, sb_sv(&s), utc), -1);
	assert_string_equal(err.msg, "in:2: line longer than 1048576 bytes");
	formats_free(f);
	/* A pattern that runs away ends the reading and names the place. */
	f = format("my.yaml", "format: my\ntitle: t\nlines:\n  recognise: '^a'\n  match:\n"
	    "    - {pattern: '^(?<t>(a+)+)$', event: {time: t, name: t, kind: x}}\n");
	sb_reset(&s);
	while (s.n < 60)
		sb_addc(&s, 'a');
	sb_adds(&s, "b\n");
	assert_int_equal(read_text(f, sb_sv(&s), utc), -1);
	assert_true(sv_starts(sv_of(err.msg), "in:1: pattern"));
	formats_free(f);
	sb_free(&s);
}

static void
test_best_share(void **state)
{
	struct read_formats *f = format("b.yaml", "format: b\ntitle: b\nlines:\n  recognise: '^x'\n  match:\n"
	    "    - {pattern: '^(?<a>.)(?<n>.*)', event: {time: a, name: n, kind: b}}\n");
	struct read_input in = {.name = "in", .formats = f};

	(void)state;
	assert_int_equal(formats_add(f, "a.yaml", SV("format: a\ntitle: a\nlines:\n"
	    "  recognise: '^xy'\n  match:\n"
	    "    - {pattern: '^(?<a>.)(?<n>.*)', event: {time: a, name: n, kind: a}}\n"), &err), 0);
	in.head = SV("xy\nxy\n");
	assert_non_null(read_recognise(&in));
	assert_string_equal(in.format, "a"); /* equal shares: the first by name */
	in.head = SV("xy\nx\n");
	assert_non_null(read_recognise(&in));
	assert_string_equal(in.format, "b"); /* 2 of 2 beats 1 of 2 */
	in.head = SV("x\n-\n");
	assert_non_null(read_recognise(&in)); /* half is enough */
	in.head = SV("x\n-\n-\n");
	assert_null(read_recognise(&in));
	in.head = SV("-\nx");
	assert_null(read_recognise(&in)); /* the cut line does not count */
	in.head = SV("x");
	assert_non_null(read_recognise(&in)); /* unless it is all there is */
	formats_free(f);
}

static void
test_json(void **state)
{
	struct read_formats *f = format("my-json.yaml", JSON);

	(void)state;
	gives(f,
	    "{\n \"sum\": {\"all\": 98.940, \"s\": \"12.50\", \"ok\": true, \"n\": null,\n"
	    "  \"deep\": {\"x\": 1}},\n \"who\": \"me\",\n"
	    " \"list\": [{\"rate\": \"5 %\", \"name\": \"a\"}, {\"rate\": 1e3, \"name\": \"b\"}]}",
	    "claim 2 sum.all=98.940 (98.94)\nclaim 2 sum.s=12.50 (12.5)\nclaim 2 sum.ok=true (NaN)\n"
	    "run 4 who=me (NaN)\nclaim 5 list.0.rate=5 % (5)\nclaim 5 list.1.rate=1e3 (1000)\n"
	    "run 5 list.1.name=b (NaN)\n"
	    "problem 0 note 3 values that format my-json does not select\n");
	gives(f, "{\"sum\":{\"all\":0},\"who\":{\"a\":[]}}", "claim 1 sum.all=0 (0)\n");
	assert_int_equal(read_text(f, SV("{\"sum\":{},\"who\":1,\"all\":2}"), utc), -2);
	assert_int_equal(read_text(f, SV("[{\"sum\":{\"all\":0},\"who\":1}]"), utc), -2);
	assert_int_equal(read_text(f, SV("\"sum\" \"all\" \"who\""), utc), -2);
	formats_free(f);
}

/* Cut off or broken, but its key names tell what it was meant to be. */
static void
test_broken_json(void **state)
{
	struct read_formats *f = format("my-json.yaml", JSON);
	struct sb s = {0};

	(void)state;
	assert_int_equal(read_text(f, SV("{\"who\": 1,\n \"sum\" : {\"all\": 9"), utc), -1);
	if (strncmp(err.msg, "in:2:", 5) != 0)
		fail_msg("%s", err.msg);
	assert_int_equal(rec.calls, 0);
	assert_int_equal(read_text(f, SV("{\"who\": 1,\n \"sum\" : {\"other\": 9"), utc), -2);
	assert_int_equal(read_text(f, SV("{\"who\": \"all\",\n \"sum\" : {\"x\": 9"), utc), -2);
	/* Longer than the head: by key names, then by what is really there. */
	sb_adds(&s, "{\"who\": 1, \"sum\": {\"all\": 2}, \"pad\": \"");
	while (s.n < READ_HEAD + 10)
		sb_addc(&s, 'x');
	sb_adds(&s, "\"}");
	assert_int_equal(read_text(f, sb_sv(&s), utc), 0);
	sb_reset(&s);
	sb_adds(&s, "{\"who\": 1, \"sum\": 3, \"all\": 2, \"pad\": \"");
	while (s.n < READ_HEAD + 10)
		sb_addc(&s, 'x');
	sb_adds(&s, "\"}");
	assert_int_equal(read_text(f, sb_sv(&s), utc), -1);
	assert_string_equal(err.msg,
	    "in:1:1: has the key names of format my-json, but not in their places");
	sb_free(&s);
	formats_free(f);
}

static void
test_bad_formats(void **state)
{
	(void)state;
	bad_format("", "d/my.yaml:");
	bad_format("- a\n", "d/my.yaml:1:1: expected a map");
	bad_format("format: my\ntitle: t\nline: {}\n", "d/my.yaml:3:1: unknown key \"line\"");
	bad_format("format: my\ntitle: t\n", "d/my.yaml:1:1: a format has one of");
	bad_format("format: my\nlines: {}\n", "d/my.yaml:1:1: missing key \"title\"");
	bad_format("format: 7\ntitle: t\nlines: {}\n", "d/my.yaml:1:9: expected a text");
	bad_format("format: other\ntitle: t\nlines: {}\n",
	    "d/my.yaml:1:9: format \"other\" belongs into a file other.yaml");
	bad_format("format: my\ntitle: t\nlines: {recognise: '(', match: []}\n",
	    "d/my.yaml:3:20: bad pattern");
	bad_format("format: my\ntitle: t\nlines: {recognise: a, match: []}\n",
	    "d/my.yaml:3:30: expected a list of patterns");
	bad_format("format: my\ntitle: t\nlines: {recognise: a, skip: [b, '['], match: []}\n",
	    "d/my.yaml:3:33: bad pattern");
	bad_format("format: my\ntitle: t\nlines:\n  recognise: a\n  match:\n"
	           "    - pattern: '(?<t>.)'\n      event: {time: t, name: n, kind: x}\n",
	    "d/my.yaml:7:30: the pattern has no group (?<n>...)");
	bad_format("format: my\ntitle: t\nlines:\n  recognise: a\n  match:\n"
	           "    - pattern: '(?<t>.)'\n      event: {time: t, name: t, kind: x, when: t}\n",
	    "d/my.yaml:7:42: unknown key \"when\"");
	bad_format("format: my\ntitle: t\nlines:\n  recognise: a\n  match:\n"
	           "    - pattern: '(?<t>.)'\n      event: {time: t, name: t, kind: x}\n  otherwise: skip\n",
	    "d/my.yaml:8:14: expected \"continue\", \"problem\" or \"note\"");
	bad_format("format: my\ntitle: t\njson: {recognise: ['a.*'], claims: [a]}\n",
	    "d/my.yaml:3:20: no '*' here");
	bad_format("format: my\ntitle: t\njson: {recognise: [a], claims: ['a*']}\n",
	    "d/my.yaml:3:33: '*' stands for one whole element");
	bad_format("format: my\ntitle: t\njson: {recognise: [a..b], run: [a]}\n",
	    "d/my.yaml:3:20: empty element");
	bad_format("format: my\ntitle: t\njson: {recognise: [a]}\n",
	    "d/my.yaml:3:7: neither \"claims\" nor \"run\"");
	bad_format("format: my\ntitle: t\njson: {claims: [a]}\n",
	    "d/my.yaml:3:7: \"recognise\" names no path");
}

static void
write_file(const char *dir, const char *name, const char *text)
{
	struct sb path = {0};

	sb_addf(&path, "%s/%s", dir, name);
	if (io_write_file(sb_str(&path), sv_of(text), &err) < 0)
		fail_msg("%s", err.msg);
	sb_free(&path);
}

static void
remove_file(const char *dir, const char *name)
{
	struct sb path = {0};

	sb_addf(&path, "%s/%s", dir, name);
	unlink(sb_str(&path));
	sb_free(&path);
}

static void
list(void *ctx, const char *name, const char *title, const char *file)
{
	sb_addf(ctx, "%s|%s|%s\n", name, title, strrchr(file, '/') + 1);
}

static void
test_folders(void **state)
{
	char one[] = "/tmp/soak-formats-XXXXXX", two[] = "/tmp/soak-formats-XXXXXX";
	const char *dirs[3] = {one, "/nonexistent/formats", two};
	struct read_formats *f;
	struct sb seen = {0};

	(void)state;
	assert_non_null(mkdtemp(one));
	assert_non_null(mkdtemp(two));
	write_file(one, "my-log.yaml", LOG);
	write_file(one, "my-json.yaml", JSON);
	write_file(one, "notes.txt", "not a format");
	write_file(one, ".my-log.yaml", "an editor's");
	write_file(two, "my-log.yaml", "format: my-log\ntitle: Mine\njson: {recognise: [a], run: [a]}\n");
	f = formats_load(dirs, 3, &err);
	if (f == NULL)
		fail_msg("%s", err.msg);
	formats_each(f, list, &seen);
	assert_string_equal(sb_str(&seen), "my-json|My JSON|my-json.yaml\nmy-log|Mine|my-log.yaml\n");
	formats_free(f);
	write_file(two, "x.yaml", "format: x\ntitle: [\n");
	err = (struct err){0};
	assert_null(formats_load(dirs, 3, &err));
	assert_non_null(strstr(err.msg, "/x.yaml:"));
	dirs[0] = "/dev/null/x";
	err = (struct err){0};
	assert_null(formats_load(dirs, 1, &err));
	assert_int_equal(err.code, ERR_SYS);
	f = formats_load(NULL, 0, &err);
	assert_non_null(f);
	formats_free(f);
	remove_file(one, "my-log.yaml");
	remove_file(one, "my-json.yaml");
	remove_file(one, "notes.txt");
	remove_file(one, ".my-log.yaml");
	remove_file(two, "my-log.yaml");
	remove_file(two, "x.yaml");
	rmdir(one);
	rmdir(two);
	sb_free(&seen);
}

static int
setup(void **state)
{
	(void)state;
	utc = time_zone_open("UTC", &err);
	return utc == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	(void)state;
	time_zone_free(utc);
	sb_free(&rec.all);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_lines),
	    cmocka_unit_test(test_local_time),
	    cmocka_unit_test(test_continue),
	    cmocka_unit_test(test_hostile_lines),
	    cmocka_unit_test(test_best_share),
	    cmocka_unit_test(test_json),
	    cmocka_unit_test(test_broken_json),
	    cmocka_unit_test(test_bad_formats),
	    cmocka_unit_test(test_folders),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
