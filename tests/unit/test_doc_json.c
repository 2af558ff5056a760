#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "base/doc.h"

static struct arena a;

static int
teardown(void **state)
{
	(void)state;
	arena_free(&a);
	return 0;
}

static struct doc *
read_ok(const char *text)
{
	struct err e = {0};
	struct doc *d = doc_json(&a, "f.json", sv_of(text), &e);

	if (d == NULL)
		fail_msg("%s: %s", text, e.msg);
	return d;
}

/* The message must be exactly this. */
static void
refused(struct sv text, const char *msg)
{
	struct err e = {0};

	assert_null(doc_json(&a, "f.json", text, &e));
	assert_string_equal(e.msg, msg);
	assert_null(doc_json(&a, "f.json", text, NULL));
}

static void
test_kinds(void **state)
{
	struct doc *d = read_ok("{\"a\": null, \"b\": [true, false], \"c\": -1.50e1, \"d\": \"x\","
				" \"e\": {}, \"\": []}");

	(void)state;
	assert_int_equal(d->kind, DOC_MAP);
	assert_int_equal(d->n, 6);
	assert_int_equal(doc_get(d, "a")->kind, DOC_NULL);
	assert_int_equal(doc_get(d, "b")->kind, DOC_LIST);
	assert_int_equal(doc_get(d, "b")->n, 2);
	assert_true(doc_path(d, SV("b.0"))->truth);
	assert_false(doc_path(d, SV("b.1"))->truth);
	assert_int_equal(doc_get(d, "c")->kind, DOC_NUMBER);
	assert_true(doc_get(d, "c")->num == -15);
	assert_true(sv_is(doc_get(d, "c")->text, "-1.50e1"));
	assert_true(sv_is(doc_get(d, "d")->text, "x"));
	assert_int_equal(doc_get(d, "e")->kind, DOC_MAP);
	assert_int_equal(doc_get(d, "e")->n, 0);
	assert_int_equal(doc_get(d, "")->kind, DOC_LIST);
	assert_null(doc_get(d, "f"));
	assert_true(sv_is(doc_first(d)->key, "a"));
}

static void
test_number_text_is_kept(void **state)
{
	static const char *const texts[] = {"0", "-0", "98.940", "1E+2", "1e-7", "0.10",
	    "123456789012345678901234567890", "9007199254740993", "1e-999"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct doc *d = read_ok(texts[i]);

		assert_int_equal(d->kind, DOC_NUMBER);
		assert_true(sv_is(d->text, texts[i]));
	}
	assert_true(read_ok("9007199254740993")->num == 9007199254740992.0);
	assert_true(read_ok("1e-999")->num == 0);
}

static void
test_escapes(void **state)
{
	struct doc *d;

	(void)state;
	assert_true(sv_is(read_ok("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"")->text, "\"\\/\b\f\n\r\t"));
	assert_true(sv_is(read_ok("\"\\u0041\\u00e9\\u20AC\"")->text, "A\xc3\xa9\xe2\x82\xac"));
	assert_true(sv_is(read_ok("\"\\ud83d\\ude00!\"")->text, "\xf0\x9f\x98\x80!"));
	assert_true(sv_is(read_ok("\"\xf0\x9f\x98\x80\x7f\"")->text, "\xf0\x9f\x98\x80\x7f"));
	d = read_ok("\"a\\u0000b\"");
	assert_true(sv_eq(d->text, SV("a\0b")));
}

static void
test_places(void **state)
{
	struct doc *d = read_ok("\xef\xbb\xbf{\r\n  \"\xc3\xa9\": [1,\n\t\"x\"]}"), *list = doc_first(d);
	struct err e = {0};

	(void)state;
	assert_string_equal(d->file, "f.json");
	assert_int_equal(d->line, 1);
	assert_int_equal(d->col, 1);
	assert_int_equal(list->key_line, 2);
	assert_int_equal(list->key_col, 3);
	assert_int_equal(list->line, 2);
	assert_int_equal(list->col, 8); /* characters: the key's two bytes are one */
	assert_int_equal(list->child->next->line, 3);
	assert_int_equal(list->child->next->col, 2);
	assert_int_equal(doc_err(list, &e, "bad %d", 5), -1);
	assert_string_equal(e.msg, "f.json:2:8: bad 5");
	assert_int_equal(e.code, ERR_INPUT);
	doc_err_key(list, &e, "odd");
	assert_string_equal(e.msg, "f.json:2:3: odd");
	doc_err_key(list->child, &e, "no key");
	assert_string_equal(e.msg, "f.json:2:9: no key");
}

static void
test_refused(void **state)
{
	(void)state;
	refused(SV(""), "f.json:1:1: the text ends where a value should be");
	refused(SV(" \n"), "f.json:2:1: the text ends where a value should be");
	refused(SV("{\"a\":1"), "f.json:1:7: the text ends where ',' or '}' should be");
	refused(SV("[1"), "f.json:1:3: the text ends where ',' or ']' should be");
	refused(SV("[1,]"), "f.json:1:4: a value expected, not ']'");
	refused(SV("[,1]"), "f.json:1:2: a value expected, not ','");
	refused(SV("{\"a\":1,}"), "f.json:1:8: a key in double quotes expected, not '}'");
	refused(SV("{a:1}"), "f.json:1:2: a key in double quotes expected, not 'a'");
	refused(SV("{\"a\" 1}"), "f.json:1:6: ':' expected, not '1'");
	refused(SV("1 2"), "f.json:1:3: the end of the text expected, not '2'");
	refused(SV("// x\n1"), "f.json:1:1: a value expected, not '/'");
	refused(SV("nul"), "f.json:1:1: a value expected, not 'n'");
	refused(SV("True"), "f.json:1:1: a value expected, not 'T'");
	refused(SV("NaN"), "f.json:1:1: a value expected, not 'N'");
	refused(SV("01"), "f.json:1:2: the end of the text expected, not '1'");
	refused(SV("-"), "f.json:1:1: not a JSON number");
	refused(SV("1."), "f.json:1:1: not a JSON number");
	refused(SV("1e+"), "f.json:1:1: not a JSON number");
	refused(SV("+1"), "f.json:1:1: a value expected, not '+'");
	refused(SV(".5"), "f.json:1:1: a value expected, not '.'");
	refused(SV("1e999"), "f.json:1:1: the number is too large");
	refused(SV("\0"), "f.json:1:1: a value expected, not '\\x00'");
	refused(SV("[\x1b]"), "f.json:1:2: a value expected, not '\\x1b'");
	refused(SV("\"a\nb\""), "f.json:1:3: a control character in a string must be escaped");
	refused(SV("\"a\\x\""), "f.json:1:3: no such escape in JSON");
	refused(SV("\"a\\"), "f.json:1:3: the text ends inside a string");
	refused(SV("\"a\\u12\""), "f.json:1:3: \\u needs four hexadecimal digits");
	refused(SV("\"\\ud800\""), "f.json:1:2: half of a surrogate pair is not a character");
	refused(SV("\"\\udc00\\ud800\""), "f.json:1:2: half of a surrogate pair is not a character");
	refused(SV("\"\\ud800\\u0041\""), "f.json:1:2: half of a surrogate pair is not a character");
	refused(SV("[\"abc"), "f.json:1:2: the string that starts here has no end");
	refused(SV("\"\xff\""), "f.json:1:2: not UTF-8");
	refused(SV("\"\xc0\x80\""), "f.json:1:2: not UTF-8");
	refused(SV("\"\xed\xa0\x80\""), "f.json:1:2: not UTF-8");
	refused(SV("\xef\xbb\xbf\xef\xbb\xbf" "1"), "f.json:1:1: a value expected, not '\\u{FEFF}'");
}

static void
test_duplicate_keys(void **state)
{
	struct sb s = {0};
	struct err e = {0};
	int i;

	(void)state;
	refused(SV("{\"a\":1,\n\"b\":2, \"a\":3}"),
	    "f.json:2:8: duplicate key \"a\" (also on line 1)");
	refused(SV("{\"z\":1,\"z\":1,\"a\":1,\"a\":1}"),
	    "f.json:1:8: duplicate key \"z\" (also on line 1)");
	refused(SV("{\"a\\n\":1,\"\\u0061\\n\":2}"),
	    "f.json:1:10: duplicate key \"a\\x0a\" (also on line 1)");
	read_ok("{\"a\":{\"a\":1},\"A\":1,\"\":1,\"a\\u0000\":1}");
	/* Many keys must not take many times many steps. */
	sb_addc(&s, '{');
	for (i = 0; i < 200000; i++)
		sb_addf(&s, "\"k%d\":0,", i);
	sb_adds(&s, "\"k7\":0}");
	assert_null(doc_json(&a, "f", sb_sv(&s), &e));
	assert_non_null(strstr(e.msg, "duplicate key \"k7\""));
	sb_free(&s);
}

static void
nest(struct sb *s, const char *open, const char *close, int n)
{
	int i;

	sb_reset(s);
	for (i = 0; i < n; i++)
		sb_adds(s, open);
	sb_adds(s, "1");
	for (i = 0; i < n; i++)
		sb_adds(s, close);
}

static void
test_depth(void **state)
{
	struct sb s = {0};
	struct err e = {0};

	(void)state;
	nest(&s, "[", "]", DOC_MAX_DEPTH);
	assert_non_null(doc_json(&a, "f", sb_sv(&s), &e));
	nest(&s, "{\"a\":", "}", DOC_MAX_DEPTH);
	assert_non_null(doc_json(&a, "f", sb_sv(&s), &e));
	nest(&s, "[", "]", DOC_MAX_DEPTH + 1);
	assert_null(doc_json(&a, "f", sb_sv(&s), &e));
	assert_int_equal(e.code, ERR_LIMIT);
	assert_string_equal(e.msg, "f:1:65: nested too deeply");
	nest(&s, "[", "", 1000000);
	assert_null(doc_json(&a, "f", sb_sv(&s), &e));
	sb_free(&s);
	/* Siblings are not nesting. */
	read_ok("[[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],"
		"[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],"
		"[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[]]");
}

static void
test_every_prefix_is_refused(void **state)
{
	static const char text[] = "{\"a\": [1.5e3, \"\\u20ac\xc3\xa9\", null, true], \"b\": {}}";
	size_t n;

	(void)state;
	read_ok(text);
	for (n = 0; n < sizeof(text) - 1; n++) {
		struct err e = {0};

		assert_null(doc_json(&a, "f", (struct sv){text, n}, &e));
		assert_true(strncmp(e.msg, "f:1:", 4) == 0);
	}
}

static void
test_paths(void **state)
{
	struct doc *d = read_ok("{\"t\":{\"ok\":5},\"items\":[{\"name\":\"x\"},{\"name\":\"y\"}]}");

	(void)state;
	assert_true(doc_path(d, SV("t.ok"))->num == 5);
	assert_true(sv_is(doc_path(d, SV("items.1.name"))->text, "y"));
	assert_null(doc_path(d, SV("items.2.name")));
	assert_null(doc_path(d, SV("items.-1")));
	assert_null(doc_path(d, SV("items.x")));
	assert_null(doc_path(d, SV("items.99999999999999999999")));
	assert_null(doc_path(d, SV("t.ok.more")));
	assert_null(doc_path(d, SV("t.")));
	assert_null(doc_path(d, SV("")));
	assert_null(doc_path(NULL, SV("t")));
	assert_null(doc_get(NULL, "t"));
	assert_null(doc_get(doc_get(d, "items"), "name"));
	assert_null(doc_first(NULL));
}

static void
test_building(void **state)
{
	struct doc *m = doc_new(&a, DOC_MAP), *list;
	char word[] = "text";
	struct err e = {0};

	(void)state;
	list = doc_add(&a, m, "list", doc_new(&a, DOC_LIST));
	doc_add_str(&a, list, NULL, sv_of(word));
	doc_add_bool(&a, list, NULL, true);
	doc_add_num(&a, m, "n", 0.1);
	word[0] = 'X'; /* copied */
	assert_int_equal(list->n, 2);
	assert_true(sv_is(doc_path(m, SV("list.0"))->text, "text"));
	assert_true(sv_is(doc_path(m, SV("list.1"))->text, "true"));
	assert_true(sv_is(doc_get(m, "n")->text, "0.1"));
	assert_int_equal(doc_unique_keys(m, &e), 0);
	doc_err(m, &e, "no place");
	assert_string_equal(e.msg, "no place");
	doc_add_bool(&a, m, "n", false);
	assert_int_equal(doc_unique_keys(m, &e), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_kinds, teardown),
		cmocka_unit_test_teardown(test_number_text_is_kept, teardown),
		cmocka_unit_test_teardown(test_escapes, teardown),
		cmocka_unit_test_teardown(test_places, teardown),
		cmocka_unit_test_teardown(test_refused, teardown),
		cmocka_unit_test_teardown(test_duplicate_keys, teardown),
		cmocka_unit_test_teardown(test_depth, teardown),
		cmocka_unit_test_teardown(test_every_prefix_is_refused, teardown),
		cmocka_unit_test_teardown(test_paths, teardown),
		cmocka_unit_test_teardown(test_building, teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
