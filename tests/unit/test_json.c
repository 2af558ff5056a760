#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include <math.h>

#include "base/json.h"
#include "base/time.h"

static struct arena a;
static struct sb s;

static int
teardown(void **state)
{
	(void)state;
	arena_free(&a);
	sb_free(&s);
	return 0;
}

static void
test_layout(void **state)
{
	struct json j = {.out = &s};

	(void)state;
	json_map(&j, NULL);
	json_str(&j, "verdict", SV("PASS"));
	json_list(&j, "criteria");
	json_map(&j, NULL);
	json_num(&j, "value", 0.5);
	json_end(&j);
	json_int(&j, NULL, INT64_MIN);
	json_end(&j);
	json_map(&j, "empty");
	json_end(&j);
	json_list(&j, "none");
	json_end(&j);
	json_end(&j);
	assert_string_equal(sb_str(&s), "{\n"
					"  \"verdict\": \"PASS\",\n"
					"  \"criteria\": [\n"
					"    {\n"
					"      \"value\": 0.5\n"
					"    },\n"
					"    -9223372036854775808\n"
					"  ],\n"
					"  \"empty\": {},\n"
					"  \"none\": []\n"
					"}\n");
}

static void
test_compact(void **state)
{
	struct json j = {.out = &s, .compact = true};

	(void)state;
	json_list(&j, NULL);
	json_map(&j, NULL);
	json_bool(&j, "a", true);
	json_bool(&j, "b", false);
	json_end(&j);
	json_null(&j, NULL);
	json_list(&j, NULL);
	json_end(&j);
	json_end(&j);
	assert_string_equal(sb_str(&s), "[{\"a\":true,\"b\":false},null,[]]");
}

static void
test_values(void **state)
{
	struct json j = {.out = &s, .compact = true};

	(void)state;
	json_list(&j, NULL);
	json_num(&j, NULL, NAN);
	json_num(&j, NULL, INFINITY);
	json_num(&j, NULL, -INFINITY);
	json_num(&j, NULL, 0.1);
	json_num(&j, NULL, 865440);
	json_cstr(&j, NULL, NULL);
	json_cstr(&j, NULL, "x");
	json_time(&j, NULL, TIME_NONE);
	json_time(&j, NULL, 0);
	json_doc(&j, NULL, NULL);
	json_end(&j);
	assert_string_equal(sb_str(&s), "[null,null,null,0.1,865440,null,\"x\",null,"
					"\"1970-01-01T00:00:00Z\",null]");
}

static void
test_top_level_scalar(void **state)
{
	struct json j = {.out = &s};

	(void)state;
	json_str(&j, NULL, SV("x"));
	json_end(&j); /* one too many does no harm */
	assert_string_equal(sb_str(&s), "\"x\"\n");
}

static void
quoted(struct sv text, const char *want)
{
	sb_reset(&s);
	json_quote(&s, text);
	assert_string_equal(sb_str(&s), want);
}

static void
test_quote(void **state)
{
	(void)state;
	quoted(SV(""), "\"\"");
	quoted((struct sv){NULL, 0}, "\"\"");
	quoted(SV("a\"b\\c/d"), "\"a\\\"b\\\\c/d\"");
	quoted(SV("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"");
	quoted(SV("\0\x1b\x7f"), "\"\\u0000\\u001b\\u007f\"");
	quoted(SV("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"), "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"");
	/* A right-to-left override, a line separator, a tag character. */
	quoted(SV("\xe2\x80\xae|\xe2\x80\xa8|\xf3\xa0\x80\x81"), "\"\\u202e|\\u2028|\\udb40\\udc01\"");
	quoted(SV("a\xff\xfe" "b"), "\"a\xef\xbf\xbd\xef\xbf\xbd" "b\"");
	quoted(SV("\xe2\x82"), "\"\xef\xbf\xbd\xef\xbf\xbd\"");
}

static void
test_quote_reads_back(void **state)
{
	char all[256 * 2], *p = all;
	struct doc *d;
	int c;

	(void)state;
	for (c = 0; c < 0x80; c++)
		*p++ = (char)c;
	for (c = 0x80; c < 0x100; c++) { /* U+0080 to U+00FF */
		*p++ = (char)(0xc0 | c >> 6);
		*p++ = (char)(0x80 | (c & 0x3f));
	}
	json_quote(&s, (struct sv){all, (size_t)(p - all)});
	d = doc_json(&a, "f", sb_sv(&s), NULL);
	assert_non_null(d);
	assert_true(sv_eq(d->text, (struct sv){all, (size_t)(p - all)}));
}

static void
test_doc_round_trip(void **state)
{
	static const char text[] = "{\n"
				   "  \"a\": 98.940,\n"
				   "  \"b\\u0000\": [\n"
				   "    1E+2,\n"
				   "    -0,\n"
				   "    null,\n"
				   "    true,\n"
				   "    false,\n"
				   "    {}\n"
				   "  ],\n"
				   "  \"\": \"x\"\n"
				   "}\n";
	struct json j = {.out = &s};

	(void)state;
	json_doc(&j, NULL, doc_json(&a, "f", sv_of(text), NULL));
	assert_string_equal(sb_str(&s), text);
}

static void
test_yaml_numbers_become_json(void **state)
{
	struct json j = {.out = &s, .compact = true};

	(void)state;
	json_doc(&j, NULL, doc_yaml(&a, "f", SV("[0x1F, .5, +7, 1., 007, .inf, .nan, 1.50]"), NULL));
	assert_string_equal(sb_str(&s), "[31,0.5,7,1,7,null,null,1.50]");
}

static void
test_number_grammar(void **state)
{
	(void)state;
	assert_int_equal(json_number(SV("")), 0);
	assert_int_equal(json_number(SV("-")), 0);
	assert_int_equal(json_number(SV("0")), 1);
	assert_int_equal(json_number(SV("01")), 1);
	assert_int_equal(json_number(SV("-0.50e-10,")), 9);
	assert_int_equal(json_number(SV("1.")), 0);
	assert_int_equal(json_number(SV("1e")), 0);
	assert_int_equal(json_number(SV("+1")), 0);
	assert_int_equal(json_number(SV("12x")), 2);
}

/* Deeper than the limit nothing is written out of bounds, and the text is still JSON. */
static void
test_too_deep(void **state)
{
	struct json j = {.out = &s, .compact = true};
	struct doc *top = doc_new(&a, DOC_LIST), *d = top;
	int i;

	(void)state;
	for (i = 0; i < DOC_MAX_DEPTH + 100; i++)
		json_list(&j, NULL);
	json_num(&j, NULL, 1);
	for (i = 0; i < DOC_MAX_DEPTH + 100; i++)
		json_end(&j);
	assert_int_equal(j.depth, 0);
	assert_non_null(doc_json(&a, "f", sb_sv(&s), NULL));
	assert_non_null(strstr(sb_str(&s), "[null]"));

	for (i = 0; i < 300000; i++)
		d = doc_add(&a, d, NULL, doc_new(&a, DOC_LIST));
	sb_reset(&s);
	json_doc(&j, NULL, top);
	assert_non_null(doc_json(&a, "f", sb_sv(&s), NULL));
	assert_non_null(strstr(sb_str(&s), "[null]"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_layout, teardown),
		cmocka_unit_test_teardown(test_compact, teardown),
		cmocka_unit_test_teardown(test_values, teardown),
		cmocka_unit_test_teardown(test_top_level_scalar, teardown),
		cmocka_unit_test_teardown(test_quote, teardown),
		cmocka_unit_test_teardown(test_quote_reads_back, teardown),
		cmocka_unit_test_teardown(test_doc_round_trip, teardown),
		cmocka_unit_test_teardown(test_yaml_numbers_become_json, teardown),
		cmocka_unit_test_teardown(test_number_grammar, teardown),
		cmocka_unit_test_teardown(test_too_deep, teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
