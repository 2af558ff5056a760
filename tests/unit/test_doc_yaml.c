#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include <math.h>

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
	struct doc *d = doc_yaml(&a, "p.yaml", sv_of(text), &e);

	if (d == NULL)
		fail_msg("%s: %s", text, e.msg);
	return d;
}

/* The message must start with this. */
static void
refused(struct sv text, const char *start)
{
	struct err e = {0};

	assert_null(doc_yaml(&a, "p.yaml", text, &e));
	if (strncmp(e.msg, start, strlen(start)) != 0)
		fail_msg("%s: \"%s\" does not start with \"%s\"", text.p, e.msg, start);
	assert_null(doc_yaml(&a, "p.yaml", text, NULL));
}

/* YAML 1.2.2, 10.3.2: what a plain scalar is. */
static void
test_core_schema(void **state)
{
	static const struct {
		const char *text;
		enum doc_kind kind;
		double num;
	} table[] = {
		{"null", DOC_NULL, 0}, {"Null", DOC_NULL, 0}, {"NULL", DOC_NULL, 0},
		{"~", DOC_NULL, 0}, {"nULL", DOC_STRING, 0}, {"\"null\"", DOC_STRING, 0},
		{"true", DOC_BOOL, 1}, {"True", DOC_BOOL, 1}, {"TRUE", DOC_BOOL, 1},
		{"false", DOC_BOOL, 0}, {"False", DOC_BOOL, 0}, {"FALSE", DOC_BOOL, 0},
		{"yes", DOC_STRING, 0}, {"no", DOC_STRING, 0}, {"on", DOC_STRING, 0},
		{"off", DOC_STRING, 0}, {"y", DOC_STRING, 0}, {"'true'", DOC_STRING, 0},
		{"0", DOC_NUMBER, 0}, {"-0", DOC_NUMBER, 0}, {"007", DOC_NUMBER, 7},
		{"+12", DOC_NUMBER, 12}, {"-19", DOC_NUMBER, -19},
		{"0o14", DOC_NUMBER, 12}, {"0x3A", DOC_NUMBER, 58}, {"0xfF", DOC_NUMBER, 255},
		{"0o8", DOC_STRING, 0}, {"0x", DOC_STRING, 0}, {"-0x1", DOC_STRING, 0},
		{"0b1", DOC_STRING, 0}, {"0X1", DOC_STRING, 0},
		{"98.940", DOC_NUMBER, 98.94}, {".5", DOC_NUMBER, 0.5}, {"+.5", DOC_NUMBER, 0.5},
		{"-.5", DOC_NUMBER, -0.5}, {"1.", DOC_NUMBER, 1}, {"1.e2", DOC_NUMBER, 100},
		{"12e03", DOC_NUMBER, 12000}, {"-2E+05", DOC_NUMBER, -200000},
		{"1e-3", DOC_NUMBER, 0.001},
		{".", DOC_STRING, 0}, {"-.", DOC_STRING, 0}, {"+", DOC_STRING, 0},
		{"e5", DOC_STRING, 0}, {".e5", DOC_STRING, 0}, {"1e", DOC_STRING, 0},
		{"1e+", DOC_STRING, 0}, {"1_000", DOC_STRING, 0}, {"1,000", DOC_STRING, 0},
		{"1.2.3", DOC_STRING, 0}, {"12:30:45", DOC_STRING, 0}, {"24h", DOC_STRING, 0},
		{"2026-01-12", DOC_STRING, 0}, {"nan", DOC_STRING, 0}, {"inf", DOC_STRING, 0},
		{"+.nan", DOC_STRING, 0}, {".iNF", DOC_STRING, 0},
		{".inf", DOC_NUMBER, INFINITY}, {"-.INF", DOC_NUMBER, -INFINITY},
		{"+.Inf", DOC_NUMBER, INFINITY}, {"1e-999", DOC_NUMBER, 0},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct doc *d = read_ok(table[i].text);

		if (d->kind != table[i].kind)
			fail_msg("%s: kind %d", table[i].text, d->kind);
		if (d->kind == DOC_NUMBER) {
			assert_true(d->num == table[i].num);
			assert_true(sv_is(d->text, table[i].text));
		}
		if (d->kind == DOC_BOOL)
			assert_int_equal(d->truth, table[i].num == 1);
	}
	assert_true(isnan(read_ok(".nan")->num));
	assert_int_equal(read_ok(".NaN")->kind, DOC_NUMBER);
}

static void
test_structure(void **state)
{
	struct doc *d = read_ok("run:\n"
				"  name: soak # a remark\n"
				"  empty:\n"
				"  list: [a, {b: 1}, []]\n"
				"  block:\n"
				"  - x\n"
				"  -\n"
				"    - y\n"
				"  text: |\n"
				"    one\n"
				"    two\n"
				"  fold: >-\n"
				"    one\n"
				"    two\n"
				"\"5\": \"a\\u20acb\\n\"\n"
				"'6': 'it''s'\n");

	(void)state;
	assert_int_equal(d->n, 3);
	assert_true(sv_is(doc_path(d, SV("run.name"))->text, "soak"));
	assert_int_equal(doc_path(d, SV("run.empty"))->kind, DOC_NULL);
	assert_int_equal(doc_path(d, SV("run.list"))->n, 3);
	assert_true(doc_path(d, SV("run.list.1.b"))->num == 1);
	assert_int_equal(doc_path(d, SV("run.list.2"))->kind, DOC_LIST);
	assert_true(sv_is(doc_path(d, SV("run.block.1.0"))->text, "y"));
	assert_true(sv_is(doc_path(d, SV("run.text"))->text, "one\ntwo\n"));
	assert_true(sv_is(doc_path(d, SV("run.fold"))->text, "one two"));
	assert_true(sv_is(doc_get(d, "5")->text, "a\xe2\x82\xac" "b\n"));
	assert_true(sv_is(doc_get(d, "6")->text, "it's"));
}

static void
test_places(void **state)
{
	struct doc *d = read_ok("\xef\xbb\xbf# top\na: 1\nl\xc3\xa9: {x: y}\r\nlist:\n- z\n"), *c;

	(void)state;
	assert_string_equal(d->file, "p.yaml");
	assert_int_equal(d->line, 2);
	c = doc_get(d, "l\xc3\xa9");
	assert_int_equal(c->key_line, 3);
	assert_int_equal(c->key_col, 1);
	assert_int_equal(c->line, 3);
	assert_int_equal(c->col, 5); /* characters, not bytes */
	c = doc_path(d, SV("list.0"));
	assert_int_equal(c->line, 5);
	assert_int_equal(c->col, 3);
}

static void
test_refused(void **state)
{
	(void)state;
	refused(SV(""), "p.yaml:1:1: no document here");
	refused(SV("# only a remark\n"), "p.yaml:2:1: no document here");
	refused(SV("a: &x 1\n"), "p.yaml:1:4: anchors (&name) are not allowed here");
	refused(SV("a: 1\nb: *x\n"), "p.yaml:2:4: aliases (*name) are not allowed here");
	refused(SV("&x a: 1\n"), "p.yaml:1:1: anchors (&name) are not allowed here");
	refused(SV("a: &l [1]\n"), "p.yaml:1:4: anchors (&name) are not allowed here");
	refused(SV("? *x\n: 1\n"), "p.yaml:1:3: aliases (*name) are not allowed here");
	refused(SV("a: !!str 1\n"), "p.yaml:1:4: tags (!name) are not allowed here");
	refused(SV("a: !thing {b: 1}\n"), "p.yaml:1:4: tags (!name) are not allowed here");
	refused(SV("a: ! 1\n"), "p.yaml:1:4: tags (!name) are not allowed here");
	refused(SV("a: 1\nb: 2\na: 3\n"), "p.yaml:3:1: duplicate key \"a\" (also on line 1)");
	refused(SV("a: {b: 1, 'b': 2}\n"), "p.yaml:1:11: duplicate key \"b\" (also on line 1)");
	refused(SV("? [a]\n: 1\n"), "p.yaml:1:3: a key must be a plain word or a string");
	refused(SV("{a: 1}: 1\n"), "p.yaml:1:1: a key must be a plain word or a string");
	refused(SV("a: 1\n---\nb: 2\n"), "p.yaml:2:1: a second document is not allowed here");
	refused(SV("a: 1e999\n"), "p.yaml:1:4: the number is too large");
	refused(SV("a: -1e999\n"), "p.yaml:1:4: the number is too large");
	refused(SV("a: [1, 2\n"), "p.yaml:2:1: ");
	refused(SV("a: 'x\n"), "p.yaml:2:1: ");
	refused(SV("a: \"\\q\"\n"), "p.yaml:1:");
	refused(SV("a:\n\tb: 1\n"), "p.yaml:2:1: ");
	refused(SV("a: b: c\n"), "p.yaml:1:5: ");
	refused(SV("%YAML 3.0\n---\na: 1\n"), "p.yaml:1:1: ");
}

static void
test_wrong_encoding(void **state)
{
	(void)state;
	refused(SV("a: 1\nb: \xff\n"), "p.yaml:2:4: ");
	refused(SV("a: \xc3"), "p.yaml:1:4: ");
	refused(SV("a: \0\n"), "p.yaml:1:4: ");
	refused(SV("a: \x1b[31m\n"), "p.yaml:1:4: ");
	refused(SV("a: \xed\xa0\x80\n"), "p.yaml:1:4: ");
	refused(SV("\xff\xfe" "a\0:\0 \0" "1\0"), "p.yaml:1:1: ");
	refused(SV("\xfe\xff\0a\0:\0 \0" "1"), "p.yaml:1:1: ");
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
	assert_non_null(doc_yaml(&a, "f", sb_sv(&s), &e));
	nest(&s, "{a: ", "}", DOC_MAX_DEPTH);
	assert_non_null(doc_yaml(&a, "f", sb_sv(&s), &e));
	nest(&s, "- ", "", DOC_MAX_DEPTH);
	assert_non_null(doc_yaml(&a, "f", sb_sv(&s), &e));
	nest(&s, "[", "]", DOC_MAX_DEPTH + 1);
	assert_null(doc_yaml(&a, "f", sb_sv(&s), &e));
	assert_int_equal(e.code, ERR_LIMIT);
	assert_string_equal(e.msg, "f:1:65: nested too deeply");
	nest(&s, "[", "", 100000);
	assert_null(doc_yaml(&a, "f", sb_sv(&s), &e));
	nest(&s, "- ", "", 100000);
	assert_null(doc_yaml(&a, "f", sb_sv(&s), &e));
	sb_free(&s);
}

/* A JSON text is a YAML text; both readers must see the same tree. */
static void
same(const struct doc *x, const struct doc *y)
{
	const struct doc *c, *d;

	assert_int_equal(x->kind, y->kind);
	assert_true(sv_eq(x->key, y->key));
	assert_true(sv_eq(x->text, y->text));
	assert_int_equal(x->line, y->line);
	assert_int_equal(x->col, y->col);
	assert_int_equal(x->key_line, y->key_line);
	assert_int_equal(x->key_col, y->key_col);
	assert_int_equal(x->n, y->n);
	for (c = x->child, d = y->child; c != NULL; c = c->next, d = d->next)
		same(c, d);
}

static void
test_json_is_yaml(void **state)
{
	static const char text[] = "{\"a\": [1.50, -2e3, \"\xc3\xa9 x\", null, true],\n"
				   "  \"b\": {\"c\": {}, \"d\": []}}\n";
	struct err e = {0};
	struct doc *json = doc_json(&a, "f", sv_of(text), &e);

	(void)state;
	assert_non_null(json);
	same(json, read_ok(text));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_core_schema, teardown),
		cmocka_unit_test_teardown(test_structure, teardown),
		cmocka_unit_test_teardown(test_places, teardown),
		cmocka_unit_test_teardown(test_refused, teardown),
		cmocka_unit_test_teardown(test_wrong_encoding, teardown),
		cmocka_unit_test_teardown(test_depth, teardown),
		cmocka_unit_test_teardown(test_json_is_yaml, teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
