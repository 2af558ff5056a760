/*
 * Our JSON reader beside cJSON, an independent one: the same verdict on the
 * same text, and the same values. Where they differ on purpose the table says
 * which of the two accepts, and why.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include <cjson/cJSON.h>

#include "base/doc.h"

enum who { NEITHER = 0, OURS = 1, PEER = 2, BOTH = 3 }; /* nothing that only ours accepts */

static const struct {
	const char *text;
	enum who accepts;
} table[] = {
	{"null", BOTH}, {"true", BOTH}, {"false", BOTH}, {" \t\r\n1 ", BOTH},
	{"0", BOTH}, {"-0", BOTH}, {"-1", BOTH}, {"0.1", BOTH}, {"98.940", BOTH},
	{"1e5", BOTH}, {"1E+5", BOTH}, {"1e-5", BOTH}, {"123456789012345678", BOTH},
	{"1.7976931348623157e308", BOTH}, {"5e-324", BOTH}, {"1e-999", BOTH},
	{"\"\"", BOTH}, {"\"a b\"", BOTH}, {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", BOTH},
	{"\"\\u0041\\u00e9\\u20ac\\uFFFD\"", BOTH}, {"\"\\ud83d\\ude00\"", BOTH},
	{"\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"", BOTH}, {"\"\x7f\"", BOTH},
	{"[]", BOTH}, {"[ ]", BOTH}, {"[1]", BOTH}, {"[1,2 , 3]", BOTH}, {"[[],[[]]]", BOTH},
	{"{}", BOTH}, {"{\"a\":1}", BOTH}, {"{ \"a\" : { \"b\" : [ ] } }", BOTH},
	{"{\"a\":1,\"b\":null,\"\":[true,false]}", BOTH}, {"{\"A\":1,\"a\":2}", BOTH},
	{"\xef\xbb\xbf[1]", BOTH},

	{"", NEITHER}, {" ", NEITHER}, {"nul", NEITHER}, {"True", NEITHER}, {"x", NEITHER},
	{"[", NEITHER}, {"]", NEITHER}, {"[1", NEITHER}, {"[1,", NEITHER}, {"[1,]", NEITHER},
	{"[,1]", NEITHER}, {"[1 2]", NEITHER}, {"{", NEITHER}, {"{\"a\"", NEITHER},
	{"{\"a\":", NEITHER}, {"{\"a\":1", NEITHER}, {"{\"a\":1,}", NEITHER},
	{"{a:1}", NEITHER}, {"{'a':1}", NEITHER}, {"{\"a\" 1}", NEITHER}, {"{1:1}", NEITHER},
	{"{\"a\":1}}", NEITHER}, {"1 2", NEITHER}, {"\"a", NEITHER}, {"\"\\x\"", NEITHER},
	{"\"\\u12\"", NEITHER}, {"\"\\ud800\"", NEITHER},
	{"\"\\udc00\"", NEITHER}, {"\"\\ud800\\u0041\"", NEITHER}, {"'a'", NEITHER},
	{"/**/1", NEITHER}, {"1 // x", NEITHER}, {"NaN", NEITHER}, {"Infinity", NEITHER},
	{"+1", NEITHER}, {".5", NEITHER}, {"-", NEITHER}, {"--1", NEITHER}, {"1e5.5", NEITHER},
	{"0x10", NEITHER}, {"[1}", NEITHER}, {"{\"a\":1]", NEITHER}, {"undefined", NEITHER},

	/* cJSON hands numbers to strtod(), whose grammar is wider than section 6 of the RFC. */
	{"01", PEER}, {"-01", PEER}, {"1.", PEER}, {"-.5", PEER}, {"1.e5", PEER},
	/* cJSON turns these into infinity; a measured value must not become one. */
	{"1e999", PEER}, {"-1e999", PEER},
	/* cJSON takes what is not hexadecimal for zero. */
	{"\"\\u12g4\"", PEER}, {"\"a\\u00zz\"", PEER},
	/* Section 7: control characters must be escaped. */
	{"\"a\nb\"", PEER}, {"\"a\tb\"", PEER}, {"\"\x1b\"", PEER},
	/* Section 8.1: the text is UTF-8. */
	{"\"\xff\"", PEER}, {"\"\xc0\x80\"", PEER}, {"\"\xed\xa0\x80\"", PEER},
	/* Section 4: names should be unique; we insist. */
	{"{\"a\":1,\"a\":2}", PEER}, {"{\"a\":1,\"\\u0061\":2}", PEER},
	/* Every character up to ' ' is a blank to cJSON; section 2 has four. */
	{"[\v1]", PEER}, {"[\f1]", PEER}, {"[\x01" "1]", PEER},
};

static void
same(const char *text, const struct doc *d, const cJSON *c)
{
	const cJSON *next = c->child;
	const struct doc *child;

	switch (d->kind) {
	case DOC_NULL:
		assert_true(cJSON_IsNull(c));
		break;
	case DOC_BOOL:
		assert_true(cJSON_IsBool(c));
		assert_int_equal(d->truth, cJSON_IsTrue(c));
		break;
	case DOC_NUMBER:
		assert_true(cJSON_IsNumber(c));
		if (d->num != c->valuedouble)
			fail_msg("%s: %.17g, cJSON %.17g", text, d->num, c->valuedouble);
		break;
	case DOC_STRING:
		assert_true(cJSON_IsString(c));
		assert_true(sv_is(d->text, c->valuestring));
		break;
	case DOC_LIST:
	case DOC_MAP:
		assert_true(d->kind == DOC_LIST ? cJSON_IsArray(c) : cJSON_IsObject(c));
		for (child = d->child; child != NULL; child = child->next, next = next->next) {
			assert_non_null(next);
			if (d->kind == DOC_MAP)
				assert_true(sv_is(child->key, next->string));
			same(text, child, next);
		}
		assert_null(next);
		break;
	}
}

static void
compare(const char *text, enum who accepts)
{
	struct arena a = {0};
	struct err e = {0};
	struct doc *d = doc_json(&a, "f", sv_of(text), &e);
	cJSON *c = cJSON_ParseWithOpts(text, NULL, 1);
	int who = (d != NULL ? OURS : 0) | (c != NULL ? PEER : 0);

	if (who != (int)accepts)
		fail_msg("'%s': ours %s, cJSON %s%s%s", text, d != NULL ? "accepts" : "refuses",
		    c != NULL ? "accepts" : "refuses", d != NULL ? "" : ": ", e.msg);
	if (who == BOTH)
		same(text, d, c);
	cJSON_Delete(c);
	arena_free(&a);
}

static void
test_table(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		compare(table[i].text, table[i].accepts);
}

/* Every text that both accept is refused by both when it is cut anywhere inside a container. */
static void
test_cut(void **state)
{
	static const char text[] = "{\"a\":[1.5,\"\\u20ac\",null,true],\"b\":{\"c\":-2e3}}";
	char cut[sizeof(text)];
	size_t n;

	(void)state;
	compare(text, BOTH);
	for (n = 0; n < sizeof(text) - 1; n++) {
		memcpy(cut, text, n);
		cut[n] = '\0';
		compare(cut, NEITHER);
	}
}

/* The one difference in values: cJSON's strings end at the NUL. */
static void
test_nul(void **state)
{
	static const char text[] = "\"a\\u0000b\"";
	struct arena a = {0};
	struct doc *d = doc_json(&a, "f", sv_of(text), NULL);
	cJSON *c = cJSON_ParseWithOpts(text, NULL, 1);

	(void)state;
	assert_non_null(d);
	assert_true(sv_eq(d->text, SV("a\0b")));
	assert_non_null(c);
	assert_string_equal(c->valuestring, "a");
	cJSON_Delete(c);
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_nul),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
