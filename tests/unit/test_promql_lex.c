#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <string.h>
#include <cmocka.h>

#include "promql/lex.h"

static struct arena a;

static int
teardown(void **state)
{
	(void)state;
	arena_free(&a);
	return 0;
}

/* The tokens of text up to the end or an error must be these kinds. */
static void
kinds(const char *text, bool matchers, const enum pq_tok_kind *want, size_t n)
{
	struct pq_lex l;
	struct pq_tok t = {0};
	size_t i;

	pq_lex_init(&l, &a, sv_of(text), matchers);
	for (i = 0; i < n; i++) {
		pq_lex_next(&l, &t);
		if (t.kind != want[i])
			fail_msg("%s: token %zu is %d, not %d", text, i, t.kind, want[i]);
	}
	/* It stays at the end. */
	pq_lex_next(&l, &t);
	assert_int_equal(t.kind, want[n - 1]);
}
#define KINDS(text, ...)                                                                           \
	kinds(text, false, (const enum pq_tok_kind[]){__VA_ARGS__},                                \
	    sizeof((const enum pq_tok_kind[]){__VA_ARGS__}) / sizeof(enum pq_tok_kind))
#define INSIDE(text, ...)                                                                          \
	kinds(text, true, (const enum pq_tok_kind[]){__VA_ARGS__},                                 \
	    sizeof((const enum pq_tok_kind[]){__VA_ARGS__}) / sizeof(enum pq_tok_kind))

static struct pq_tok
first(const char *text)
{
	struct pq_lex l;
	struct pq_tok t = {0};

	pq_lex_init(&l, &a, sv_of(text), false);
	pq_lex_next(&l, &t);
	return t;
}

static void
test_symbols(void **state)
{
	(void)state;
	KINDS("", TOK_EOF);
	KINDS(" \t\r\n", TOK_EOF);
	KINDS("+-*/%^", TOK_OP, TOK_OP, TOK_OP, TOK_OP, TOK_OP, TOK_OP, TOK_EOF);
	KINDS("== != <= >= < >", TOK_OP, TOK_OP, TOK_OP, TOK_OP, TOK_OP, TOK_OP, TOK_EOF);
	KINDS("===", TOK_OP, TOK_EQL, TOK_EOF);
	KINDS("(),@", TOK_LPAREN, TOK_RPAREN, TOK_COMMA, TOK_AT, TOK_EOF);
	KINDS("{}[]", TOK_LBRACE, TOK_RBRACE, TOK_LBRACKET, TOK_RBRACKET, TOK_EOF);
	assert_int_equal(first("<=").op, PQ_OP_LE);
	assert_int_equal(first("<").op, PQ_OP_LT);
	assert_int_equal(first(">=").op, PQ_OP_GE);
	assert_int_equal(first("!=").op, PQ_OP_NE);
	assert_int_equal(first("^").op, PQ_OP_POW);
	assert_int_equal(first("%").op, PQ_OP_MOD);
}

static void
test_words(void **state)
{
	(void)state;
	KINDS("a _b c9 a:b :c", TOK_IDENT, TOK_IDENT, TOK_IDENT, TOK_METRIC, TOK_METRIC, TOK_EOF);
	KINDS("AND Or unLESS atan2", TOK_OP, TOK_OP, TOK_OP, TOK_OP, TOK_EOF);
	KINDS("Sum count_values LIMITK", TOK_AGGREGATE, TOK_AGGREGATE, TOK_AGGREGATE, TOK_EOF);
	KINDS("bool ON ignoring group_LEFT group_right by without offset start end", TOK_BOOL,
	    TOK_ON, TOK_IGNORING, TOK_GROUP_LEFT, TOK_GROUP_RIGHT, TOK_BY, TOK_WITHOUT, TOK_OFFSET,
	    TOK_START, TOK_END, TOK_EOF);
	KINDS("inf NaN infinity", TOK_NUMBER, TOK_NUMBER, TOK_IDENT, TOK_EOF);
	KINDS("sum: sum1 sums", TOK_METRIC, TOK_IDENT, TOK_IDENT, TOK_EOF);
	assert_int_equal(first("BottomK").aggregate, PQ_BOTTOMK);
	assert_int_equal(first("unless").op, PQ_OP_UNLESS);
	assert_true(isinf(first("iNf").number));
	assert_true(isnan(first("NAN").number));
	assert_true(sv_is(first("  up{").text, "up"));
	assert_int_equal(first("  up{").at, 2);
}

/* Inside braces words are only words. */
static void
test_braces(void **state)
{
	(void)state;
	KINDS("{sum=\"a\",by!='b',on=~`c`,inf!~\"d\"}sum", TOK_LBRACE, TOK_IDENT, TOK_EQL,
	    TOK_STRING, TOK_COMMA, TOK_IDENT, TOK_OP, TOK_STRING, TOK_COMMA, TOK_IDENT, TOK_EQL_RE,
	    TOK_STRING, TOK_COMMA, TOK_IDENT, TOK_NEQ_RE, TOK_STRING, TOK_RBRACE, TOK_AGGREGATE,
	    TOK_EOF);
	KINDS("{a", TOK_LBRACE, TOK_IDENT, TOK_ERROR);
	KINDS("{a:b}", TOK_LBRACE, TOK_IDENT, TOK_ERROR);
	KINDS("{1", TOK_LBRACE, TOK_ERROR);
	KINDS("{+", TOK_LBRACE, TOK_ERROR);
	KINDS("{!", TOK_LBRACE, TOK_ERROR);
	INSIDE("a=\"b\"", TOK_IDENT, TOK_EQL, TOK_STRING, TOK_EOF);
	INSIDE("", TOK_EOF);
	INSIDE("sum } sum", TOK_IDENT, TOK_RBRACE, TOK_IDENT, TOK_EOF);
}

static void
test_brackets(void **state)
{
	(void)state;
	KINDS("[5m:1m]:a", TOK_LBRACKET, TOK_DURATION, TOK_COLON, TOK_DURATION, TOK_RBRACKET,
	    TOK_METRIC, TOK_EOF);
	KINDS("[300]", TOK_LBRACKET, TOK_NUMBER, TOK_RBRACKET, TOK_EOF);
	KINDS("[a]", TOK_LBRACKET, TOK_ERROR);
	KINDS("[[", TOK_LBRACKET, TOK_ERROR);
	KINDS("[5m", TOK_LBRACKET, TOK_DURATION, TOK_ERROR);
	KINDS("]", TOK_ERROR);
	KINDS("(", TOK_LPAREN, TOK_ERROR);
	KINDS(")", TOK_ERROR);
}

static void
test_comments(void **state)
{
	(void)state;
	KINDS("# all", TOK_EOF);
	KINDS("a # b\nc", TOK_IDENT, TOK_IDENT, TOK_EOF);
	KINDS("a # b\rc", TOK_IDENT, TOK_IDENT, TOK_EOF);
	KINDS("{#}\n}", TOK_LBRACE, TOK_RBRACE, TOK_EOF);
	KINDS("\"#\"", TOK_STRING, TOK_EOF);
}

static void
test_numbers(void **state)
{
	static const struct {
		const char *text;
		double v;
		bool duration;
	} good[] = {
		{"0", 0, false}, {"00", 0, false}, {"1", 1, false}, {".5", 0.5, false},
		{"5.", 5, false}, {"1.5e+3", 1500, false}, {"1E-2", 0.01, false}, {"0x0", 0, false},
		{"0XaF", 175, false}, {"0x7fffffffffffffff", 9223372036854775807.0, false},
		{"017", 15, false}, {"08", 8, false}, {"0777777777777777777777", 9223372036854775807.0,
		    false},
		{"1_000_000", 1e6, false}, {"0_17", 15, false}, {"0x_f_f", 255, false},
		{"1.0_1", 1.01, false}, {"1e1_0", 1e10, false}, {"4.9e-324", 4.9e-324, false},
		{"1s", 1, true}, {"1500ms", 1.5, true}, {"1h30m", 5400, true}, {"2w", 1209600, true},
		{"1y1ms", 31536000.001, true}, {"0m", 0, true}, {"292y", 292 * 31536000.0, true},
	};
	static const char *const bad[] = {"", "_1", "1_", "1__0", "1._5", "1_.5", "1e_5", "1_e5",
	    "1e", "1e+", "1.2.3", "0x", "0x_", "0x8000000000000000", "0x1.8", "0xg", "0b1", "0o7", "1e400", "1h_",
	    "1_0m", "m", "5 m", "5mm", "5S", "1s1m", "1d1w", "1m1m", "1.5m", "1h.5m", "-5", "-5m",
	    "293y", "99999999999999999999s", "1m5", "1mss"};
	bool duration;
	size_t i;
	double v;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		if (!pq_number(sv_of(good[i].text), &v, &duration))
			fail_msg("refused: %s", good[i].text);
		assert_true(v == good[i].v);
		assert_int_equal(duration, good[i].duration);
		assert_int_equal(first(good[i].text).kind, duration ? TOK_DURATION : TOK_NUMBER);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (pq_number(sv_of(bad[i]), &v, &duration))
			fail_msg("accepted: %s", bad[i]);
	KINDS("1+2-3", TOK_NUMBER, TOK_OP, TOK_NUMBER, TOK_OP, TOK_NUMBER, TOK_EOF);
	KINDS("1e+2+3", TOK_NUMBER, TOK_OP, TOK_NUMBER, TOK_EOF);
	KINDS("0xe+1", TOK_NUMBER, TOK_OP, TOK_NUMBER, TOK_EOF);
	KINDS("1.a", TOK_ERROR);
}

static void
test_strings(void **state)
{
	static const struct {
		const char *text, *value;
	} good[] = {
		{"\"\"", ""}, {"''", ""}, {"``", ""}, {"\"a'b`c\"", "a'b`c"},
		{"'\\a\\b\\f\\n\\r\\t\\v\\\\\\''", "\a\b\f\n\r\t\v\\'"}, {"\"\\x00\\x7e\"", "\0~"},
		{"\"\\101\\377\"", "A\xff"}, {"\"\\u20AC\\U0010ffff\"", "\xe2\x82\xac\xf4\x8f\xbf\xbf"},
		{"`\\n\n\"'`", "\\n\n\"'"}, {"\"\xe2\x82\xac\xef\xbf\xbd\"", "\xe2\x82\xac\xef\xbf\xbd"},
	};
	static const struct {
		const char *text;
		size_t at;
	} bad[] = {
		{"\"", 0}, {"'a", 0}, {"`a", 0}, {"\"a'", 0}, {"\"\n\"", 0}, {"\"\\\"", 0}, {"\"\\\n\"", 1},
		{"\"ab\\z\"", 3}, {"\"\\'\"", 1}, {"'\\\"'", 1}, {"\"\\`\"", 1}, {"\"\\8\"", 1},
		{"\"\\1\"", 1}, {"\"\\12\"", 1}, {"\"\\x\"", 1}, {"\"\\xg0\"", 1}, {"\"\\u12\"", 1},
		{"\"\\udfff\"", 1}, {"\"\\U0000d800\"", 1}, {"\"\\Uffffffff\"", 1},
		{"\"a\x80\"", 2}, {"`a\xc3`", 2}, {"\"\xed\xa0\x80\"", 1},
	};
	struct pq_tok t;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		t = first(good[i].text);
		assert_int_equal(t.kind, TOK_STRING);
		assert_int_equal(t.text.n, strlen(good[i].text));
		if (t.value.n > 0 && t.value.p[0] == '\0')
			assert_memory_equal(t.value.p, "\0~", 2);
		else
			assert_string_equal(t.value.p, good[i].value);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		t = first(bad[i].text);
		if (t.kind != TOK_ERROR || t.at != bad[i].at)
			fail_msg("%s: kind %d at %zu", bad[i].text, t.kind, t.at);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_symbols, teardown),
		cmocka_unit_test_teardown(test_words, teardown),
		cmocka_unit_test_teardown(test_braces, teardown),
		cmocka_unit_test_teardown(test_brackets, teardown),
		cmocka_unit_test_teardown(test_comments, teardown),
		cmocka_unit_test_teardown(test_numbers, teardown),
		cmocka_unit_test_teardown(test_strings, teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
