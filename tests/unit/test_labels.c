#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/labels.h"

static struct arena a;
static struct sb s;
static struct err e;

static int
teardown(void **state)
{
	(void)state;
	arena_free(&a);
	sb_free(&s);
	return 0;
}

/* From "name", "value", ..., NULL; not sorted. */
static struct labels
set_of(const char *first, ...)
{
	struct labels l = {arena_new(&a, 16, sizeof(struct label)), 0};
	const char *name;
	va_list ap;

	va_start(ap, first);
	for (name = first; name != NULL; name = va_arg(ap, const char *)) {
		l.v[l.n].name = sv_of(name);
		l.v[l.n++].value = sv_of(va_arg(ap, const char *));
	}
	va_end(ap);
	return l;
}

static void
test_sort(void **state)
{
	struct labels l = set_of("tool", "x", "code", "200", "gone", "", "Z", "1", NULL);
	struct labels none = {0};

	(void)state;
	assert_int_equal(labels_sort(&l), 0);
	assert_int_equal(l.n, 3);
	assert_true(sv_is(l.v[0].name, "Z"));
	assert_true(sv_is(l.v[1].name, "code"));
	assert_true(sv_is(l.v[2].name, "tool"));
	assert_true(sv_is(labels_get(&l, "code"), "200"));
	assert_int_equal(labels_get(&l, "gone").n, 0);
	assert_int_equal(labels_get(&l, "cod").n, 0);
	assert_int_equal(labels_sort(&none), 0);
	assert_int_equal(labels_get(&none, "x").n, 0);
}

static void
test_a_name_twice(void **state)
{
	struct labels l = set_of("a", "1", "b", "2", "a", "3", NULL);
	struct labels same = set_of("a", "1", "a", "1", NULL);
	struct labels empty = set_of("a", "", "a", "1", NULL);

	(void)state;
	assert_int_equal(labels_sort(&l), -1);
	assert_int_equal(labels_sort(&same), -1);
	assert_int_equal(labels_sort(&empty), -1);
}

static int
order(struct labels x, struct labels y)
{
	assert_int_equal(labels_cmp(&x, &y), -labels_cmp(&y, &x));
	return labels_cmp(&x, &y);
}

static void
test_cmp(void **state)
{
	struct labels none = {0};

	(void)state;
	assert_int_equal(order(none, none), 0);
	assert_true(order(none, set_of("a", "1", NULL)) < 0);
	assert_true(order(set_of("a", "1", NULL), set_of("a", "2", NULL)) < 0);
	assert_true(order(set_of("a", "9", NULL), set_of("b", "1", NULL)) < 0);
	assert_true(order(set_of("a", "1", NULL), set_of("a", "1", "b", "1", NULL)) < 0);
	assert_true(order(set_of("a", "2", NULL), set_of("a", "1", "b", "1", NULL)) > 0);
	assert_int_equal(order(set_of("a", "1", NULL), set_of("a", "1", NULL)), 0);
}

static void
assert_json(struct labels l, const char *want)
{
	struct labels back;

	sb_reset(&s);
	labels_json(&l, &s);
	assert_string_equal(sb_str(&s), want);
	if (labels_parse(&a, sb_sv(&s), &back, &e) < 0)
		fail_msg("%s", e.msg);
	assert_int_equal(labels_cmp(&l, &back), 0);
}

static void
test_json_both_ways(void **state)
{
	(void)state;
	assert_json((struct labels){0}, "{}");
	assert_json(set_of("code", "200", "tool", "x", NULL), "{\"code\":\"200\",\"tool\":\"x\"}");
	assert_json(set_of("q", "a\"b\\c\nd", NULL), "{\"q\":\"a\\\"b\\\\c\\nd\"}");
	assert_json(set_of("c", ",,},{\":", NULL), "{\"c\":\",,},{\\\":\"}");
	assert_json(set_of("u", "\xc3\xa9\xf0\x9f\x98\x80", NULL),
	    "{\"u\":\"\xc3\xa9\xf0\x9f\x98\x80\"}");
}

static void
test_every_value_comes_back(void **state)
{
	struct labels l = {arena_new(&a, 1, sizeof(struct label)), 1}, back;
	char value[3] = "x?";
	int c;

	(void)state;
	l.v[0].name = SV("n");
	for (c = 0; c < 0x80; c++) {
		value[1] = (char)c;
		l.v[0].value = (struct sv){value, 2};
		sb_reset(&s);
		labels_json(&l, &s);
		assert_int_equal(labels_parse(&a, sb_sv(&s), &back, &e), 0);
		assert_int_equal(labels_cmp(&l, &back), 0);
	}
}

static void
test_parse_escapes(void **state)
{
	struct labels l;

	(void)state;
	assert_int_equal(labels_parse(&a,
	    SV("{\"a\":\"\\u00e9\\ud83d\\uDE00\\/\\b\\f\\n\\r\\t\\u0000\"}"), &l, &e), 0);
	assert_true(sv_eq(l.v[0].value, SV("\xc3\xa9\xf0\x9f\x98\x80/\b\f\n\r\t\0")));
}

static void
test_parse_refused(void **state)
{
	static const char *const bad[] = {
		"", "{", "}", "[]", "null", "{}x", "{} ", " {}", "{\"a\":\"1\"", "{\"a\":\"1\",}",
		"{,}", "{\"a\"}", "{\"a\":}", "{\"a\":1}", "{\"a\": \"1\"}", "{\"a\" :\"1\"}",
		"{a:\"1\"}", "{\"a\":\"1\" \"b\":\"2\"}", "{\"a\":\"1\",\"a\":\"2\"}",
		"{\"b\":\"1\",\"a\":\"2\"}", "{\"a\":\"\"}", "{\"a\":\"1", "{\"a\":\"\\", "{\"a\":\"\\x\"}",
		"{\"a\":\"\\u12\"}", "{\"a\":\"\\u12g4\"}", "{\"a\":\"\\ud800\"}",
		"{\"a\":\"\\udc00\"}", "{\"a\":\"\\ud800\\u0041\"}", "{\"a\":\"\n\"}",
		"{\"a\":\"\xff\"}", "{\"a\":{\"b\":\"c\"}}",
	};
	struct labels l = {0};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		e = (struct err){0};
		if (labels_parse(&a, sv_of(bad[i]), &l, &e) == 0)
			fail_msg("%s was taken", bad[i]);
		assert_int_equal(e.code, ERR_INPUT);
	}
	assert_int_equal(labels_parse(&a, sv_of(NULL), &l, &e), -1);
	assert_int_equal(labels_parse(&a, SV("{\"a\";\"1\"}"), &l, &e), -1);
	assert_string_equal(e.msg, "labels at byte 5: expected ':'");
	assert_int_equal(l.n, 0);
}

static void
assert_show(const char *name, struct labels l, const char *want)
{
	sb_reset(&s);
	labels_show(sv_of(name), &l, &s);
	assert_string_equal(sb_str(&s), want);
}

static void
test_show(void **state)
{
	struct labels none = {0};

	(void)state;
	assert_show("up", none, "up");
	assert_show("", none, "{}");
	assert_show("job:x:rate5m", set_of("a", "b", "c", "d", NULL), "job:x:rate5m{a=\"b\",c=\"d\"}");
	assert_show("", set_of("a", "b", NULL), "{a=\"b\"}");
	assert_show("m", set_of("a", "q\"\\\n\t", NULL), "m{a=\"q\\\"\\\\\\n\\t\"}");
	assert_show("http.requests", none, "{\"http.requests\"}"); /* PromQL 3's quoted names */
	assert_show("http.requests", set_of("x.y", "1", "z", "2", NULL),
	    "{\"http.requests\",\"x.y\"=\"1\",z=\"2\"}");
	assert_show("2xx", none, "{\"2xx\"}");
	assert_show("m", set_of("a", "\x1b[2J\xff\xe2\x80\xae", NULL),
	    "m{a=\"\\x1b[2J\\xff\\u202e\"}");
}

#define T(f) cmocka_unit_test_teardown(f, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_sort), T(test_a_name_twice), T(test_cmp), T(test_json_both_ways),
		T(test_every_value_comes_back), T(test_parse_escapes), T(test_parse_refused),
		T(test_show),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
