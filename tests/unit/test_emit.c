#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "read/emit.h"
#include "record.h"

/* Values that are called a to h; a NULL one is not there. */
static const char *value[8];

static struct sv
get(void *ctx, int number)
{
	(void)ctx;
	return sv_of(value[number]);
}

static int
find(void *ctx, const struct doc *d, struct sv name, struct err *e)
{
	(void)ctx;
	if (name.n == 1 && name.p[0] >= 'a' && name.p[0] <= 'h')
		return name.p[0] - 'a';
	return doc_err(d, e, "no value called '%" SV_FMT "'", SV_ARG(name));
}

static int
load(struct arena *a, const char *yaml, struct emit_scope *s, struct emit_set *set, struct err *e)
{
	const struct doc *d = doc_yaml(a, "f", sv_of(yaml), e);
	struct emit_words *words = NULL;
	size_t n = 0;

	*s = (struct emit_scope){.arena = a, .find = find};
	if (d == NULL || emit_words_load(a, doc_get(d, "words"), &words, &n, e) < 0)
		return -1;
	s->words = words;
	s->nwords = n;
	return emit_load(s, d, set, e);
}

/* What the templates make of the values, times local to UTC; line 7. */
static void
gives(const char *yaml, const char *want)
{
	struct record rec = {0};
	struct read_sink sink = record_sink(&rec);
	struct time_zone *utc = time_zone_open("UTC", NULL);
	const struct emit_values values = {get, NULL};
	struct emit_scope s;
	struct emit_set set;
	struct emit_run run;
	struct arena a = {0};
	struct err e = {0};

	if (load(&a, yaml, &s, &set, &e) < 0)
		fail_msg("%s", e.msg);
	emit_begin(&run, &sink, utc, s.count);
	assert_int_equal(emit_all(&run, &set, &values, 7, &e), 0);
	assert_int_equal(emit_tell(&run, &e), 0);
	emit_free(&run);
	assert_string_equal(sb_str(&rec.all), want);
	sb_free(&rec.all);
	time_zone_free(utc);
	arena_free(&a);
}

static void
bad(const char *yaml, const char *want)
{
	struct emit_scope s;
	struct emit_set set;
	struct arena a = {0};
	struct err e = {0};

	assert_int_equal(load(&a, yaml, &s, &set, &e), -1);
	assert_string_equal(e.msg, want);
	arena_free(&a);
}

static void
test_records(void **state)
{
	(void)state;
	value[0] = "2026-01-12 06:00:00";
	value[1] = "PASSED";
	value[2] = " 252.79ms ";
	value[3] = NULL;
	value[4] = "x{y}|z";
	gives("event: {time: a, name: '=ON', text: '{b} {{{c}}}', kind: state, end: a}\n",
	    "event 7 2026-01-12T06:00:00Z to 2026-01-12T06:00:00Z state|ON|PASSED { 252.79ms }\n");
	gives("words: {verdict: {PASSED: pass, '*': fail}, n: {PASSED: 1}}\n"
	      "sample:\n- {metric: 'm_{e}', labels: {z: '{b}', a: '{b|verdict}', gone: '{d}'}, value: c, unit: ms, time: a}\n"
	      "- {metric: ok, value: b|n, type: counter, help: Whether}\n"
	      "result: {kind: test, suite: 's {b}', name: '{e}', status: b|verdict, time: a, duration: c, text: c}\n",
	    "family m_x_y__z|gauge||\n"
	    "sample 7 m_x_y__z{a=\"pass\",z=\"PASSED\"} 0.25279 @1768197600000\n"
	    "family ok|counter||Whether\nsample 7 ok 1\n"
	    "result 7 test|s PASSED|x{y}|z pass @2026-01-12T06:00:00Z 0.25279s  252.79ms \n");
	value[2] = "98.940 %";
	gives("claim: {path: 'checkpoint/{b}/rate', text: c}\nrun: [{path: p, text: '=5'}, {path: q, text: d}]\n",
	    "claim 7 checkpoint/PASSED/rate=98.940 % (98.94)\nrun 7 p=5 (5)\n");
	/* Only where a value is one of these. */
	gives("run: [{path: p, text: b, only: {b: [NO, PASSED]}}, {path: q, text: b, only: {b: NO}}]\n",
	    "run 7 p=PASSED (NaN)\n");
}

/* What is not measured is no 0, and what is not there is no problem. */
static void
test_unmeasured(void **state)
{
	(void)state;
	value[0] = "Error loading SSO Token: \x1b[31m";
	value[1] = "";
	value[2] = NULL;
	value[3] = "maybe";
	gives("sample: [{metric: a, value: a}, {metric: b, value: b}, {metric: c, value: c}]\n",
	    "problem 7 warning a not measured: 'Error loading SSO Token: \\x1b[31m'\n"
	    "problem 7 warning b not measured: ''\n");
	gives("claim: [{path: a, text: b}, {path: b, text: c}]\n", "problem 7 warning a not measured: ''\n");
	gives("result: {kind: check, name: d, status: d, duration: d, time: d}\n",
	    "result 7 check||maybe unknown\n"
	    "problem 7 warning line whose time cannot be read (no zone?), not used\n"
	    "problem 7 warning record not measured: 'maybe'\n"
	    "problem 7 warning 'maybe' is no status that the format knows\n");
	gives("result: {kind: check, name: d, status: c}\n", "result 7 check||maybe unknown\n");
	gives("event: {time: d, name: d, kind: x}\nsample: {metric: m, value: '=1', time: d}\n",
	    "problem 7 warning line whose time cannot be read (no zone?), not used (2 times, first here)\n");
	gives("event: {time: '=2026-01-12T06:00:00Z', name: b, kind: x}\n",
	    "problem 7 warning line that gives no name, not used\n");
}

static void
converts(const char *text, const char *unit, double want)
{
	double v = -77;
	bool got = emit_convert(sv_of(text), emit_unit_of(sv_of(unit)), NULL, &v);

	if (isnan(want) ? got : !got || v != want)
		fail_msg("'%s' as %s: %d, %.17g", text, unit, got, v);
}

static void
test_convert(void **state)
{
	(void)state;
	converts("1.5", "", 1.5);
	converts("NaN", "", NAN);
	converts("Inf", "", NAN);
	converts("1 2", "", NAN);
	converts("None", "", NAN);
	converts("0.741551s", "s", 0.741551);
	converts("252.79", "ms", 0.25279);
	converts("252.79ms", "s", 0.25279);
	converts("1m30.5s", "s", 90.5);
	converts("1 h 2 min", "ms", 3720);
	converts("12 \xc2\xb5s", "s", 12e-6);
	converts("1m30", "s", NAN);
	converts("30 1m", "s", NAN);
	converts("5 parsecs", "s", NAN);
	converts("", "s", NAN);
	converts("ms", "s", NAN);
	converts("-3ms", "s", -0.003);
	converts("1e3ms", "s", 1);
	converts("0.15 %", "%", 0.0015);
	converts("99.9", "%", 0.999);
	converts("%", "%", NAN);
	converts("20.24MiB", "bytes", 20.24 * 1048576);
	converts("7.732GiB", "bytes", 7.732 * 1073741824);
	converts("2.42kB", "bytes", 2420);
	converts("5.76MB", "bytes", 5760000);
	converts("0B", "bytes", 0);
	converts("17", "bytes", 17);
	converts("512Mi", "bytes", 536870912);
	converts("1MB 2kB", "bytes", NAN);
	converts("True", "bool", 1);
	converts("off", "bool", 0);
	converts("of", "bool", NAN);
	converts("", "bool", NAN);
	converts("2026-01-12T06:00:00Z", "time", 1768197600);
	converts("1768197600123", "time", 1768197600.123);
	converts("1768197600123456789", "time", 1768197600.123);
	converts("2026-01-12 06:00:00", "time", NAN); /* no zone */
	assert_int_equal(emit_unit_of(SV("parsec")), EMIT_NUNITS);
}

static void
test_bad(void **state)
{
	(void)state;
	bad("event: 5", "f:1:8: expected a map or a list of maps");
	bad("event: [{time: a, name: a}]", "f:1:9: missing key \"kind\"");
	bad("sample: {metric: m, value: a, name: a}", "f:1:31: unknown key \"name\"");
	bad("sample: {metric: m, value: z}", "f:1:28: no value called 'z'");
	bad("sample: {metric: '{a', value: a}", "f:1:18: '{' without '}'");
	bad("sample: {metric: 'a}', value: a}", "f:1:18: '}' without '{' (a brace is '}}')");
	bad("sample: {metric: '{}', value: a}", "f:1:18: a value without a name");
	bad("sample: {metric: m, value: a|w}", "f:1:28: the format's \"words\" have no map called 'w'");
	bad("sample: {metric: m, value: a, unit: parsec}", "f:1:37: expected \"s\", \"ms\", \"%\", \"bytes\", \"bool\" or \"time\"");
	bad("sample: {metric: m, value: a, labels: {'a-b': a}}", "f:1:40: 'a-b' is no name for a label");
	bad("sample: {metric: m, value: a, labels: {__name__: a}}", "f:1:40: '__name__' is no name for a label");
	bad("result: {kind: tset, name: a, status: a}",
	    "f:1:16: expected \"test\", \"suite\", \"check\", \"checkpoint\" or \"drill\"");
	bad("result: {kind: test, name: a, status: a, unit: bytes}", "f:1:48: the unit of a duration is \"s\" or \"ms\"");
	bad("words: {a: b}", "f:1:12: expected a map from words to words");
	bad("words: [a]", "f:1:8: expected a map of maps: {verdicts: {PASSED: pass, FAILED: fail}}");
	bad("run: {path: p, text: '='}", "f:1:22: nothing behind '='");
}

/* Bytes that are no UTF-8, more text than is kept, and a sink that gives up. */
static void
test_hostile(void **state)
{
	struct record rec = {.fail_after = 1};
	struct read_sink sink = record_sink(&rec);
	const struct emit_values values = {get, NULL};
	struct emit_scope s;
	struct emit_set set;
	struct emit_run run;
	struct arena a = {0};
	struct err e = {0};
	struct sb big = {0};

	(void)state;
	value[0] = "\xff\xed\xa0\x80";
	gives("run: {path: p, text: a}\nsample: {metric: m, labels: {l: '{a}'}, value: '=1'}\n",
	    "family m|gauge||\nsample 7 m{l=\"\\\\xff\\\\xed\\\\xa0\\\\x80\"} 1\n"
	    "run 7 p=\\xff\\xed\\xa0\\x80 (NaN)\n");
	while (big.n < 10000)
		sb_adds(&big, "\xc3\xa9x");
	value[0] = sb_str(&big);
	assert_int_equal(load(&a, "run: {path: p, text: a}\n", &s, &set, &e), 0);
	emit_begin(&run, &sink, NULL, s.count);
	assert_int_equal(emit_all(&run, &set, &values, 1, &e), -1);
	assert_string_equal(e.msg, "the sink said no");
	assert_in_range(rec.all.n, 4096, 4096 + 30);
	assert_int_equal(run.cut.n, 1);
	emit_free(&run);
	sb_free(&rec.all);
	sb_free(&big);
	arena_free(&a);
}

/* An event's end: its time, its length, or not yet. */
static void
test_end(void **state)
{
	(void)state;
	value[0] = "60";
	value[1] = "250";
	value[2] = NULL;
	value[3] = "soon";
	value[4] = "1e300";
	gives("event: [{time: a, end: b, name: '=x', kind: k}, {time: a, lasts: b, name: '=y', kind: k}, "
	      "{time: a, lasts: b, unit: ms, name: '=z', kind: k}]\n",
	    "event 7 1970-01-01T00:01:00Z to 1970-01-01T00:04:10Z k|x|\nevent 7 1970-01-01T00:01:00Z to 1970-01-01T00:05:10Z k|y|\n"
	    "event 7 1970-01-01T00:01:00Z to 1970-01-01T00:01:00.250Z k|z|\n");
	gives("event: [{time: a, end: c, name: '=open', kind: k}, {time: a, lasts: c, name: '=open', kind: k}]\n",
	    "event 7 1970-01-01T00:01:00Z k|open|\nevent 7 1970-01-01T00:01:00Z k|open|\n");
	/* It happened, even if its end cannot be read. */
	gives("event: [{time: a, end: d, name: '=x', kind: k}, {time: a, lasts: d, name: '=x', kind: k}, "
	      "{time: a, lasts: e, name: '=x', kind: k}]\n",
	    "event 7 1970-01-01T00:01:00Z k|x|\nevent 7 1970-01-01T00:01:00Z k|x|\nevent 7 1970-01-01T00:01:00Z k|x|\n"
	    "problem 7 warning line whose time cannot be read (no zone?), not used\n"
	    "problem 7 warning record not measured: 'soon'\nproblem 7 warning record not measured: '1e300'\n");
	bad("event: {time: a, end: b, lasts: b, name: '=x', kind: k}\n", "f:1:8: an event has one of \"end\" and \"lasts\"");
	bad("event: {time: a, lasts: b, unit: bytes, name: '=x', kind: k}\n", "f:1:34: the unit of a duration is \"s\" or \"ms\"");
}

static void
test_words_by_beginning(void **state)
{
	(void)state;
	value[0] = "503";
	value[1] = "";
	value[2] = "50";
	gives("words: {w: {'50': exact, '5*': 'no', '': nothing, '*': 'yes'}}\nrun: [{path: a, text: a|w}, {path: b, text: b|w}, "
	      "{path: c, text: c|w}]\n",
	    "run 7 a=no (NaN)\nrun 7 b=nothing (NaN)\nrun 7 c=exact (NaN)\n");
}

/* Prometheus text in a value: whole though it has no last newline, at the time beside it; all of it or nothing. */
static void
test_nested(void **state)
{
	(void)state;
	value[0] = "# TYPE a_total counter\na_total{x=\"1\"} 5\nb 2";
	value[1] = "2026-01-12T06:00:00Z";
	value[2] = "a_total 5\nb{ 3";
	value[3] = "just words";
	value[4] = NULL;
	gives("nested: {text: a, time: b}\n", "family a_total|counter||\nsample 7 a_total{x=\"1\"} 5 @1768197600000\n"
	    "sample 7 b 2 @1768197600000\n");
	gives("nested: [{text: c, time: b}, {text: d, time: b}, {text: e, time: b}, {text: a, time: d}]\n",
	    "problem 7 warning embedded text not recognised (not used)\nproblem 7 warning embedded text not recognised (not used)\n"
	    "problem 7 warning line whose time cannot be read (no zone?), not used\n");
	value[2] = "# TYPE a_total counter\na_total 5\na_total{x=\"1\" 3";
	gives("nested: {text: c, time: b}\n", "problem 7 warning embedded text:3: expected ',' or '}' near '3' (not used)\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_unmeasured),
		cmocka_unit_test(test_convert),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_nested),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_end),
		cmocka_unit_test(test_words_by_beginning),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
