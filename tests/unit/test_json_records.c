/* Records out of JSON documents and JSON lines: paths, labels from siblings and parents, counters; what is cut off or hostile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "record.h"

static struct record rec;
static struct err err;

static struct read_formats *
format(const char *yaml)
{
	struct read_formats *f = formats_new();

	if (formats_add(f, "my.yaml", sv_of(yaml), &err) < 0)
		fail_msg("%s", err.msg);
	return f;
}

/* -2: not recognised. */
static int
read_sv(const struct read_formats *f, struct sv text)
{
	struct read_input in = {.name = "in", .formats = f, .head = sv_head(text, READ_HEAD)};
	struct read_sink sink;
	const struct reader *r;
	struct io_mem m;

	sb_free(&rec.all);
	rec.calls = 0;
	err = (struct err){0};
	sink = record_sink(&rec);
	io_mem_init(&m, text);
	in.src = &m.src;
	r = read_recognise(&in);
	return r == NULL ? -2 : r->read(&in, &sink, &err);
}

static void
gives(const char *yaml, const char *text, const char *want)
{
	struct read_formats *f = format(yaml);
	int rc = read_sv(f, sv_of(text));

	if (rc != 0)
		fail_msg("%d %s: %s", rc, err.msg, text);
	assert_string_equal(sb_str(&rec.all), want);
	formats_free(f);
}

static void
bad(const char *yaml, const char *want)
{
	struct read_formats *f = formats_new();
	struct err e = {0};

	assert_int_equal(formats_add(f, "my.yaml", sv_of(yaml), &e), -1);
	assert_string_equal(e.msg, want);
	formats_free(f);
}

#define HEAD "format: my\ntitle: My\nwords: {up: {'': 'yes', '5*': 'no', '*': 'yes'}}\n"
#define DOC HEAD "json:\n  recognise: [a]\n  records:\n"
#define LINES HEAD "jsonl:\n  recognise: [a]\n  records:\n"

static void
test_paths(void **state)
{
	(void)state;
	gives(DOC "  - {sample: {metric: m, labels: {l: '{b.c}', n: '{list.1}', gone: '{no.where}'}, value: a}}\n",
	    "{\"a\": 1.50, \"b\": {\"c\": \"x y\"}, \"list\": [7, 8]}",
	    "family m|gauge||\nsample 1 m{l=\"x y\",n=\"8\"} 1.5\n");
	/* Elements of lists and maps, their keys, their parents. */
	gives(DOC "  - each: 'm.*.logs.*'\n    event: {time: t, name: 'D {$.m.*.name} {$.m.*@key} {@key}', text: '{$.a}', kind: k}\n",
	    "{\"a\": 1, \"m\": {\"p\": {\"name\": \"P\", \"logs\": [{\"t\": 60}, {\"t\": 120}]}, \"q\": {\"name\": \"Q\", \"logs\": "
	    "[{\"t\": \"1970-01-01T00:03:00Z\"}]},\n \"r\": 5}}",
	    "event 1 1970-01-01T00:01:00Z k|D P p 0|1\nevent 1 1970-01-01T00:02:00Z k|D P p 1|1\n"
	    "event 1 1970-01-01T00:03:00Z k|D Q q 0|1\n");
	/* Elements that are no maps; what stands where no element is. */
	gives(DOC "  - each: 'checks.*'\n    sample: {metric: up, labels: {check: '{@key}'}, value: '@|up', unit: bool}\n"
	    "  - each: 'none.*'\n    sample: {metric: x, value: '=1'}\n",
	    "{\"a\": 1, \"checks\": {\"db\": \"ok\", \"cache\": 500, \"x\": null, \"y\": {}}}",
	    "family up|gauge||\nsample 1 up{check=\"db\"} 1\nsample 1 up{check=\"cache\"} 0\n");
	/* A list at the top. */
	gives("format: my\ntitle: My\njson: {recognise: ['0.a'], records: [{each: '*', sample: {metric: m, labels: {i: '{@key}'}, "
	      "value: a}}]}\n",
	    "[{\"a\": 1},\n {\"a\": true}, {\"a\": false}]",
	    "family m|gauge||\nsample 1 m{i=\"0\"} 1\n"
	    "problem 2 warning m not measured: 'true' (2 times, first here)\n");
}

static void
test_absent(void **state)
{
	/* What is not there makes no record; with '?' it is the empty text. */
	(void)state;
	gives(LINES "  - sample: [{metric: v, value: b}, {metric: up, value: 'e?|up', unit: bool}]\n",
	    "{\"a\": 1, \"b\": null}\n{\"a\": 1, \"b\": 2, \"e\": \"503\"}\n{\"a\": 1, \"b\": \"\", \"e\": null}\n",
	    "family up|gauge||\nsample 1 up 1\nfamily v|gauge||\nsample 2 v 2\nsample 2 up 0\nsample 3 up 1\n"
	    "problem 3 warning v not measured: ''\n");
}

static void
test_claims_beside(void **state)
{
	(void)state;
	gives("format: my\ntitle: My\njson: {recognise: [a], claims: [a], run: [b], records: [{each: 'c.*', result: {kind: check, "
	      "name: '@key', status: '@'}}]}\n",
	    "{\"a\": 1, \"b\": 2, \"c\": {\"x\": \"pass\", \"y\": \"green\"}}",
	    "claim 1 a=1 (1)\nrun 1 b=2 (2)\nresult 1 check||x pass\nresult 1 check||y unknown\n"
	    "problem 1 warning 'green' is no status that the format knows\n");
}

static void
test_lines(void **state)
{
	(void)state;
	gives(LINES "  - sample: {metric: m, value: a, time: t}\n",
	    "\xef\xbb\xbf{\"a\": 1, \"t\": 1}\r\n\n{\"a\": null}\n{\"a\": null}\n{\"a\": 2, \"t\": 2}\nnoise\n{\"b\": 3}\n{\"a\": 1, \"a\": 2}\n[1]\n{\"a\": 4, \"t\": \"x\"}\n"
	    "{\"a\": 5, \"t\": 1768197180123}\n{\"a\":\"\\ud800\"}\n{\"a\": 6",
	    "family m|gauge||\nsample 1 m 1 @1000\nsample 5 m 2 @2000\nsample 11 m 5 @1768197180123\n"
	    "problem 6 warning line that is no JSON document, not used: column 1: a value expected, not 'n' (4 times, first here)\n"
	    "problem 7 warning line without the paths of the format, not used (2 times, first here)\n"
	    "problem 13 warning last line without a newline at the end: it may be cut off\n"
	    "problem 10 warning line whose time cannot be read (no zone?), not used\n");
}

static void
test_recognised(void **state)
{
	static const char two[] = "format: two\ntitle: T\njsonl: {recognise: [a, b.c], records: [{sample: {metric: two, value: a}}]}\n";
	static const char doc[] = "format: doc\ntitle: D\njson: {recognise: [a, z], run: [a]}\n";
	struct read_formats *f = format(LINES "  - sample: {metric: m, value: a}\n");
	struct sb big = {0};

	(void)state;
	assert_int_equal(formats_add(f, "two.yaml", sv_of(two), &err), 0);
	assert_int_equal(formats_add(f, "doc.yaml", sv_of(doc), &err), 0);
	assert_int_equal(read_sv(f, SV("{\"a\": 1, \"b\": {\"c\": 0}}\n")), 0);
	assert_non_null(strstr(sb_str(&rec.all), "two 1"));
	assert_int_equal(read_sv(f, SV("{\"a\": 1, \"b\": {}}\n{\"a\": 1, \"b\": {\"c\": 0}}\n")), 0);
	assert_non_null(strstr(sb_str(&rec.all), "m 1"));
	/* A document wins; lines are no document that broke off, though its keys stand there. */
	assert_int_equal(read_sv(f, SV("{\"a\": 1, \"z\": 0}")), 0);
	assert_non_null(strstr(sb_str(&rec.all), "run 1 a=1"));
	assert_int_equal(read_sv(f, SV("{\"a\": 1, \"z\": 0}\n{\"a\": 2, \"z\": 0}\n")), 0);
	assert_non_null(strstr(sb_str(&rec.all), "m 2"));
	assert_int_equal(read_sv(f, SV("{\"a\": 1, \"z\": 0")), -1);
	assert_int_equal(read_sv(f, SV("{\"q\": 1}\n{\"q\": 2}\n{\"a\": 2}\n")), -2);
	/* A line that is too long is an error with its number. */
	sb_adds(&big, "{\"a\": 1}\n{\"a\": \"");
	while (big.n < (size_t)3 << 20)
		sb_addc(&big, 'x');
	assert_int_equal(read_sv(f, sb_sv(&big)), -1);
	assert_string_equal(err.msg, "in:2: line longer than 1048576 bytes");
	sb_free(&big);
	formats_free(f);
}

static void
test_counts(void **state)
{
	(void)state;
	/* At T stands what happened before T; a new one begins with 0; full minutes while the log goes on. */
	gives(LINES "  - count: {metric: lines_total, labels: {l: '{a}'}, time: t}\n",
	    "{\"a\": \"I\", \"t\": 100.2}\n{\"a\": \"I\", \"t\": 100.9}\n{\"a\": \"E\", \"t\": 101}\n{\"a\": \"I\", \"t\": 100.5}\n"
	    "{\"a\": \"I\", \"t\": 190}\n{\"a\": \"I\", \"t\": 129}\n{\"a\": \"I\", \"t\": \"?\"}\n",
	    "family lines_total|counter||\nsample 1 lines_total{l=\"I\"} 0 @100000\n"
	    "sample 2 lines_total{l=\"I\"} 2 @101000\nsample 3 lines_total{l=\"E\"} 0 @101000\n"
	    "sample 4 lines_total{l=\"I\"} 3 @102000\nsample 3 lines_total{l=\"E\"} 1 @102000\n"
	    "sample 4 lines_total{l=\"I\"} 3 @120000\nsample 3 lines_total{l=\"E\"} 1 @120000\n"
	    "sample 4 lines_total{l=\"I\"} 3 @180000\nsample 3 lines_total{l=\"E\"} 1 @180000\n"
	    "sample 5 lines_total{l=\"I\"} 4 @191000\nsample 3 lines_total{l=\"E\"} 1 @191000\n"
	    "problem 7 warning line whose time cannot be read (no zone?), not used\n"
	    "problem 6 warning line more than a minute behind the one before it, not counted\n");
	gives(LINES "  - count: {metric: d_seconds, value: a, unit: ms, time: t, buckets: [0.1, 2]}\n",
	    "{\"a\": 100, \"t\": 1}\n{\"a\": 101, \"t\": 1}\n{\"a\": 2001, \"t\": 1}\n{\"a\": -1, \"t\": 1}\n{\"a\": \"none\", \"t\": 1}\n",
	    "family d_seconds|histogram||\nsample 1 d_seconds_bucket{le=\"0.1\"} 0 @1000\nsample 1 d_seconds_bucket{le=\"2\"} 0 @1000\n"
	    "sample 1 d_seconds_bucket{le=\"+Inf\"} 0 @1000\nsample 1 d_seconds_sum 0 @1000\nsample 1 d_seconds_count 0 @1000\n"
	    "sample 3 d_seconds_bucket{le=\"0.1\"} 1 @2000\nsample 3 d_seconds_bucket{le=\"2\"} 2 @2000\n"
	    "sample 3 d_seconds_bucket{le=\"+Inf\"} 3 @2000\nsample 3 d_seconds_sum 2.202 @2000\nsample 3 d_seconds_count 3 @2000\n"
	    "problem 5 warning d_seconds not measured: 'none'\nproblem 4 warning value that cannot be counted\n");
}

/* One check is not made for five minutes while others are: its counters end, all of them, until its next line. */
static void
test_silence_of_one(void **state)
{
	(void)state;
	gives(LINES "  - count: {metric: n_total, labels: {c: '{a}', o: '{o}'}, per: [c], time: t}\n",
	    "{\"a\": \"x\", \"o\": \"1\", \"t\": 0}\n{\"a\": \"x\", \"o\": \"2\", \"t\": 0}\n{\"a\": \"y\", \"o\": \"1\", \"t\": 200}\n"
	    "{\"a\": \"y\", \"o\": \"1\", \"t\": 310}\n{\"a\": \"x\", \"o\": \"1\", \"t\": 400}\n",
	    "family n_total|counter||\n"
	    "sample 1 n_total{c=\"x\",o=\"1\"} 0 @0\nsample 2 n_total{c=\"x\",o=\"2\"} 0 @0\n"
	    "sample 1 n_total{c=\"x\",o=\"1\"} 1 @1000\nsample 2 n_total{c=\"x\",o=\"2\"} 1 @1000\n"
	    "sample 1 n_total{c=\"x\",o=\"1\"} 1 @60000\nsample 2 n_total{c=\"x\",o=\"2\"} 1 @60000\n"
	    "sample 1 n_total{c=\"x\",o=\"1\"} 1 @120000\nsample 2 n_total{c=\"x\",o=\"2\"} 1 @120000\n"
	    "sample 1 n_total{c=\"x\",o=\"1\"} 1 @180000\nsample 2 n_total{c=\"x\",o=\"2\"} 1 @180000\n"
	    "sample 3 n_total{c=\"y\",o=\"1\"} 0 @200000\nsample 3 n_total{c=\"y\",o=\"1\"} 1 @201000\n"
	    "sample 1 n_total{c=\"x\",o=\"1\"} 1 @240000\nsample 2 n_total{c=\"x\",o=\"2\"} 1 @240000\nsample 3 n_total{c=\"y\",o=\"1\"} 1 @240000\n"
	    "sample 1 n_total{c=\"x\",o=\"1\"} 1 @300000\nsample 2 n_total{c=\"x\",o=\"2\"} 1 @300000\nsample 3 n_total{c=\"y\",o=\"1\"} 1 @300000\n"
	    "sample 4 n_total{c=\"y\",o=\"1\"} 2 @311000\n"
	    "sample 1 n_total{c=\"x\",o=\"1\"} stale @301000\nsample 2 n_total{c=\"x\",o=\"2\"} stale @301000\n"
	    "sample 4 n_total{c=\"y\",o=\"1\"} 2 @360000\n"
	    "sample 5 n_total{c=\"x\",o=\"1\"} 2 @401000\nsample 2 n_total{c=\"x\",o=\"2\"} 1 @401000\n"
	    "sample 4 n_total{c=\"y\",o=\"1\"} 2 @401000\n");
	bad(LINES "  - count: {metric: m, time: t, labels: {c: '{a}'}, per: [d]}\n", "my.yaml:7:59: \"per\" names labels that stand in \"labels\"");
	bad(LINES "  - count: {metric: m, time: t, labels: {c: '{a}'}, per: c}\n", "my.yaml:7:58: expected a list of labels");
}

/* Five minutes without a line are a hole, and label sets have an end. */
static void
test_counts_bounded(void **state)
{
	struct read_formats *f = format(LINES "  - count: {metric: lines_total, labels: {l: '{a}'}, time: t}\n");
	struct sb text = {0};
	int i;

	(void)state;
	assert_int_equal(read_sv(f, SV("{\"a\": \"I\", \"t\": 0}\n{\"a\": \"I\", \"t\": 253402300799}\n")), 0);
	assert_int_equal(rec.calls, 5); /* the family, two for the first second, its end after five minutes, one for the last */
	assert_int_equal(read_sv(f, SV("{\"a\": \"I\", \"t\": 0}\n{\"a\": \"I\", \"t\": 300}\n")), 0);
	assert_int_equal(rec.calls, 9);
	assert_int_equal(read_sv(f, SV("{\"a\": \"I\", \"t\": 0}\n{\"a\": \"I\", \"t\": 301}\n")), 0);
	assert_int_equal(rec.calls, 5);
	for (i = 0; i < 10100; i++)
		sb_addf(&text, "{\"a\": %d, \"t\": 5}\n", i);
	assert_int_equal(read_sv(f, sb_sv(&text)), 0);
	assert_non_null(strstr(sb_str(&rec.all),
	    "problem 10001 warning more than 10000 sets of labels to count, not counted (100 times, first here)\n"));
	sb_free(&text);
	formats_free(f);
}

static void
test_bad_formats(void **state)
{
	(void)state;
	bad(HEAD "jsonl: {recognise: [a]}\n", "my.yaml:4:8: \"records\" are missing");
	bad(HEAD "jsonl: {records: [{sample: {metric: m, value: a}}]}\n", "my.yaml:4:8: \"recognise\" names no path");
	bad(HEAD "jsonl: {recognise: [a], claims: [a], records: [{sample: {metric: m, value: a}}]}\n",
	    "my.yaml:4:25: unknown key \"claims\"");
	bad(HEAD "jsonl: {recognise: [a], records: {}}\n", "my.yaml:4:34: expected a list of records");
	bad(HEAD "jsonl: {recognise: [a], records: [{each: a}]}\n",
	    "my.yaml:4:35: these records are none: \"event\", \"sample\", \"result\", \"claim\", \"run\" or \"count\" is missing");
	bad(HEAD "jsonl: {recognise: [a], records: [{each: 'a..b', sample: {metric: m, value: a}}]}\n",
	    "my.yaml:4:42: empty element in a path");
	bad(DOC "  - {sample: {metric: m, value: 'b.*'}}\n", "my.yaml:7:33: no '*' here: each of these paths must exist");
	bad(DOC "  - {each: 'x.*', sample: {metric: m, value: '$.y.*.z'}}\n",
	    "my.yaml:7:46: '*' stands in a value only as far as it goes with \"each\"");
	bad(DOC "  - {each: 'x.*', sample: {metric: m, value: 'z@key'}}\n",
	    "my.yaml:7:46: '@key' is that of an element on the way of \"each\"");
	bad(DOC "  - {sample: {metric: m, value: 'a|nowords'}}\n", "my.yaml:7:33: the format's \"words\" have no map called 'nowords'");
	bad(LINES "  - count: {metric: m}\n", "my.yaml:7:12: missing key \"time\"");
	bad(LINES "  - count: {metric: m, time: t, type: gauge}\n",
	    "my.yaml:7:39: a count is a counter, or with \"buckets\" a histogram");
	bad(LINES "  - count: {metric: m, time: t, buckets: [2, 1]}\n",
	    "my.yaml:7:46: the limits of buckets are numbers, each above the one before it");
	bad(LINES "  - count: {metric: m, time: t, bucket: [2, 1]}\n", "my.yaml:7:33: unknown key \"bucket\"");
	bad(HEAD "jsonl: {recognise: [a], records: [{sample: {metric: m, value: a}}]}\njson: {}\n",
	    "my.yaml:1:1: a format has one of \"lines\", \"json\", \"jsonl\" and \"csv\"");
}

static void
test_sink_fails(void **state)
{
	static const char text[] = "{\"a\": 1, \"t\": 1}\n{\"a\": 2, \"t\": 100}\nx\n";
	struct read_formats *f = format(LINES "  - sample: {metric: m, value: a, time: t}\n    event: {time: t, name: '=e', kind: k}\n"
	                                      "    count: {metric: n_total, time: t}\n");
	int i, calls;

	(void)state;
	rec.fail_after = 0;
	assert_int_equal(read_sv(f, SV(text)), 0);
	calls = rec.calls;
	assert_true(calls > 8);
	for (i = 1; i <= calls; i++) {
		rec.fail_after = i;
		assert_int_equal(read_sv(f, SV(text)), -1);
		assert_string_equal(err.msg, "the sink said no");
		assert_int_equal(rec.calls, i);
	}
	rec.fail_after = 0;
	formats_free(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_absent),
		cmocka_unit_test(test_claims_beside),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_recognised),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_silence_of_one),
		cmocka_unit_test(test_counts_bounded),
		cmocka_unit_test(test_bad_formats),
		cmocka_unit_test(test_sink_fails),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
