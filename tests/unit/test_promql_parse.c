#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "promql/functions.h"
#include "promql/promql.h"
#include "promql_cases.h"

static struct arena a;

static int
teardown(void **state)
{
	(void)state;
	arena_free(&a);
	return 0;
}

static struct pq_expr *
parse(const char *text)
{
	struct err e = {0};
	struct pq_expr *x = pq_parse(&a, sv_of(text), &e);

	if (x == NULL)
		fail_msg("%s: %s", text, e.msg);
	return x;
}

static void
refused(struct sv text, const char *msg)
{
	struct err e = {0};

	if (pq_parse(&a, text, &e) != NULL)
		fail_msg("accepted: %" SV_FMT, SV_ARG(text));
	assert_string_equal(e.msg, msg);
	assert_null(pq_parse(&a, text, NULL));
}

static void
test_accepted(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(promql_accepted) / sizeof(promql_accepted[0]); i++)
		parse(promql_accepted[i].text);
}

static void
test_refused(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(promql_refused) / sizeof(promql_refused[0]); i++)
		refused(sv_of(promql_refused[i].text), promql_refused[i].then);
	refused(SV("a\0"), "1:2: parse error: unexpected character: '\\x00'");
	refused(SV("a{b=\"c\"\0}"), "1:8: parse error: unexpected character inside braces: '\\x00'");
}

static void
test_number_values(void **state)
{
	static const struct {
		const char *text;
		double v;
		bool duration;
	} cases[] = {
		{"5m", 300, true}, {"1y", 365 * 86400.0, true}, {"1w", 7 * 86400.0, true},
		{"1d", 86400, true}, {"7ms", 0.007, true}, {"010", 8, false}, {"-5m", -300, true},
		{"0x1F", 31, false}, {"1_000", 1000, false}, {"08", 8, false}, {"300", 300, false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pq_expr *x = parse(cases[i].text);

		assert_int_equal(x->kind, PQ_NUMBER);
		assert_int_equal(x->type, PQ_SCALAR);
		assert_true(x->number.value == cases[i].v);
		assert_int_equal(x->number.duration, cases[i].duration);
	}
}

static void
test_selector(void **state)
{
	struct pq_expr *x = parse("up{job=\"a\",b!~\"x.*\"}[5m] @ 1.5 offset -1h");
	const struct pq_selector *s = x->range.selector;

	(void)state;
	assert_int_equal(x->kind, PQ_RANGE);
	assert_int_equal(x->type, PQ_MATRIX);
	assert_int_equal(x->range.range, 300000);
	assert_int_equal(x->shift.offset, -3600000);
	assert_int_equal(x->shift.at, PQ_AT_TIME);
	assert_int_equal(x->shift.at_ms, 1500);
	assert_int_equal(x->from, 0);
	assert_int_equal(x->to, 41);
	assert_true(sv_is(s->name, "up"));
	assert_int_equal(s->n, 3);
	assert_true(sv_is(s->v[0].name, "__name__"));
	assert_true(sv_is(s->v[0].value, "up"));
	assert_int_equal(s->v[0].op, PQ_EQ);
	assert_true(sv_is(s->v[1].name, "job"));
	assert_true(sv_is(s->v[2].value, "x.*"));
	assert_int_equal(s->v[2].op, PQ_NRE);
	assert_non_null(s->v[2].re);
	s = parse("{\"http.requests\"}")->selector;
	assert_true(sv_is(s->name, "http.requests"));
	assert_int_equal(s->n, 1);
	assert_true(sv_is(s->v[0].name, "__name__"));
}

/* Which operator is at the top says how the rest was grouped. */
static void
test_precedence(void **state)
{
	static const struct {
		const char *text;
		enum pq_op top;
		bool right; /* the right side is an operation, too, else the left one */
	} cases[] = {
		{"a or b and c", PQ_OP_OR, true}, {"a and b or c", PQ_OP_OR, false},
		{"a and b unless c", PQ_OP_UNLESS, false}, {"a unless b > c", PQ_OP_UNLESS, true},
		{"a > b + c", PQ_OP_GT, true}, {"a > 1 < 5", PQ_OP_LT, false},
		{"a - b * c", PQ_OP_SUB, true}, {"a - b - c", PQ_OP_SUB, false},
		{"a * b ^ c", PQ_OP_MUL, true}, {"a atan2 b * c", PQ_OP_MUL, false},
		{"a % b atan2 c", PQ_OP_ATAN2, false}, {"a ^ b ^ c", PQ_OP_POW, true},
		{"a == b != c", PQ_OP_NE, false}, {"a / b / c", PQ_OP_DIV, false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pq_expr *x = parse(cases[i].text);

		assert_int_equal(x->kind, PQ_BINARY);
		assert_int_equal(x->binary.op, cases[i].top);
		assert_int_equal(x->binary.right->kind == PQ_BINARY, cases[i].right);
		assert_int_equal(x->binary.left->kind == PQ_BINARY, !cases[i].right);
	}
}

static void
test_unary(void **state)
{
	struct pq_expr *x = parse("-2 ^ 2");

	(void)state;
	assert_int_equal(x->kind, PQ_UNARY); /* -(2^2) = -4 */
	assert_true(x->unary.minus);
	assert_int_equal(x->unary.x->kind, PQ_BINARY);
	x = parse("-a * b");
	assert_int_equal(x->kind, PQ_BINARY);
	assert_int_equal(x->binary.left->kind, PQ_UNARY);
	x = parse("-a offset 5m");
	assert_int_equal(x->kind, PQ_UNARY);
	assert_int_equal(x->unary.x->shift.offset, 300000);
	x = parse("a offset -2 ^ 2");
	assert_int_equal(x->kind, PQ_BINARY);
	assert_int_equal(x->binary.left->shift.offset, -2000);
	x = parse("a + b offset 1m");
	assert_int_equal(x->binary.left->shift.offset, 0);
	assert_int_equal(x->binary.right->shift.offset, 60000);
}

static void
test_matching(void **state)
{
	struct pq_binary *b = &parse("a > bool on(x, \"y z\") group_left(w) b")->binary;

	(void)state;
	assert_true(b->bool_result);
	assert_true(b->vectors);
	assert_true(b->matching.on);
	assert_int_equal(b->matching.card, PQ_MANY_TO_ONE);
	assert_int_equal(b->matching.labels.n, 2);
	assert_true(sv_is(b->matching.labels.v[1], "y z"));
	assert_int_equal(b->matching.include.n, 1);
	assert_true(sv_is(b->matching.include.v[0], "w"));
	assert_int_equal(parse("a / ignoring(x) group_right b")->binary.matching.card, PQ_ONE_TO_MANY);
	assert_int_equal(parse("a and b")->binary.matching.card, PQ_MANY_TO_MANY);
	b = &parse("a * b")->binary;
	assert_int_equal(b->matching.card, PQ_ONE_TO_ONE);
	assert_false(b->matching.on);
	assert_false(parse("a * 2")->binary.vectors);
}

static void
test_aggregation_and_call(void **state)
{
	struct pq_expr *x = parse("topk(3, a) without (x, y)");

	(void)state;
	assert_int_equal(x->kind, PQ_AGGREGATION);
	assert_int_equal(x->aggregation.op, PQ_TOPK);
	assert_true(x->aggregation.without);
	assert_int_equal(x->aggregation.labels.n, 2);
	assert_true(x->aggregation.param->number.value == 3);
	assert_int_equal(x->aggregation.x->kind, PQ_SELECT);
	x = parse("histogram_quantile(0.9, a)");
	assert_int_equal(x->kind, PQ_CALL);
	assert_string_equal(x->call.fn->name, "histogram_quantile");
	assert_int_equal(x->call.n, 2);
	assert_int_equal(x->type, PQ_VECTOR);
	assert_int_equal(parse("time()")->type, PQ_SCALAR);
	x = parse("rate(a[5m])[1h:5m] offset 1d");
	assert_int_equal(x->kind, PQ_SUBQUERY);
	assert_int_equal(x->type, PQ_MATRIX);
	assert_int_equal(x->subquery.range, 3600000);
	assert_int_equal(x->subquery.step, 300000);
	assert_int_equal(x->shift.offset, 86400000);
	assert_int_equal(parse("a[1h:]")->subquery.step, 0);
}

static void
repeat(struct sb *s, const char *text, size_t n)
{
	while (n-- > 0)
		sb_adds(s, text);
}

/* Whatever nests is an error when it nests too far, and never a crash. */
static void
test_depth(void **state)
{
	static const struct {
		const char *before, *middle, *after;
	} shapes[] = {
		{"(", "a", ")"}, {"-", "a", ""}, {"2^", "2", ""}, {"", "a", "+a"}, {"abs(", "a", ")"},
		{"sum(", "a", ")"}, {"", "a", "[5m:]"}, {"a-(", "a", ")"}, {"(", "", ""},
		{"sum(", "", ""}, {"", "a", " or a"},
	};
	struct sb s = {0};
	struct err e;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		sb_reset(&s);
		e = (struct err){0};
		repeat(&s, shapes[i].before, 10000);
		sb_adds(&s, shapes[i].middle);
		repeat(&s, shapes[i].after, 10000);
		assert_null(pq_parse(&a, sb_sv(&s), &e));
		assert_int_equal(e.code, ERR_LIMIT);
		assert_non_null(strstr(e.msg, "nested deeper than 500 levels"));
	}
	sb_reset(&s);
	repeat(&s, "(", 400);
	sb_adds(&s, "a");
	repeat(&s, ")", 400);
	parse(sb_str(&s));
	sb_reset(&s);
	repeat(&s, "a or ", 400);
	sb_adds(&s, "a");
	parse(sb_str(&s));
	sb_free(&s);
}

/* A cut text is refused or a shorter expression, at every length. */
static void
test_truncated(void **state)
{
	static const char text[] = "sum by (x) (rate(a{b=~\"c|d\",e='\\u00e9'}[5m:1m] @ end() offset 1h))"
				   " / on (x) group_left (y) f > bool 1_0.5e-1";
	struct err e;
	size_t n;

	(void)state;
	for (n = 0; n < sizeof(text) - 1; n++) {
		char *copy = arena_str(&a, sv_head(SV(text), n));

		e = (struct err){0};
		if (pq_parse(&a, (struct sv){copy, n}, &e) == NULL)
			assert_non_null(strstr(e.msg, ": parse error: "));
	}
	parse(text);
}

static void
selector_refused(const char *text, const char *msg)
{
	struct err e = {0};

	assert_null(pq_parse_selector(&a, sv_of(text), &e));
	assert_string_equal(e.msg, msg);
}

static void
test_parse_selector(void **state)
{
	static const char want[] = "1:1: parse error: an instant selector without offset or @ "
				   "expected, as in name{label=\"value\"}";
	const struct pq_selector *s = pq_parse_selector(&a, SV("up{a=\"b\"}"), NULL);

	(void)state;
	assert_non_null(s);
	assert_true(sv_is(s->name, "up"));
	assert_int_equal(s->n, 2);
	selector_refused("up[5m]", want);
	selector_refused("up offset 5m", want);
	selector_refused("up @ 5", want);
	selector_refused("(up)", want);
	selector_refused("1", want);
	selector_refused("up{", "1:4: parse error: unexpected end of input inside braces");
}

static void
matchers_refused(const char *text, const char *msg)
{
	struct err e = {0};

	assert_null(pq_parse_matchers(&a, sv_of(text), &e));
	assert_string_equal(e.msg, msg);
}

static void
test_parse_matchers(void **state)
{
	const struct pq_selector *sel = pq_parse_selector(&a, SV("up{a=\"b\"}"), NULL);
	const struct pq_selector *m = pq_parse_matchers(&a, SV("code=~\"2..|403\", on!=\"1\","), NULL);
	const struct pq_selector *both;

	(void)state;
	assert_non_null(m);
	assert_int_equal(m->n, 2);
	assert_int_equal(m->name.n, 0);
	assert_int_equal(m->v[0].op, PQ_RE);
	assert_true(sv_is(m->v[1].name, "on"));
	both = pq_selector_and(&a, sel, m);
	assert_int_equal(both->n, 4);
	assert_true(sv_is(both->name, "up"));
	assert_int_equal(sel->n, 2);
	m = pq_parse_matchers(&a, SV(" # nothing"), NULL);
	assert_non_null(m);
	assert_int_equal(m->n, 0);
	assert_int_equal(pq_selector_and(&a, sel, m)->n, 2);
	matchers_refused("a=\"b\"}", "1:6: parse error: unexpected \"}\" in label matching, "
				     "expected \",\" or end of input");
	matchers_refused("{a=\"b\"}", "1:1: parse error: unexpected character inside braces: '{'");
	matchers_refused("a=", "1:3: parse error: unexpected end of input in label matching, "
			       "expected string");
	matchers_refused("a=~\"[\"", "1:1: parse error: error parsing regexp \"[\" at 1: missing closing ]");
}

static void
test_functions(void **state)
{
	size_t min, max;

	(void)state;
	assert_null(pq_function_find(SV("Rate")));
	assert_null(pq_function_find(SV("")));
	pq_function_arity(pq_function_find(SV("label_join")), &min, &max);
	assert_int_equal(min, 3);
	assert_true(max == SIZE_MAX);
	assert_int_equal(pq_function_arg(pq_function_find(SV("label_join")), 9), PQ_STRING);
	pq_function_arity(pq_function_find(SV("hour")), &min, &max);
	assert_int_equal(min, 0);
	assert_int_equal(max, 1);
	pq_function_arity(pq_function_find(SV("pi")), &min, &max);
	assert_int_equal(max, 0);
	pq_function_arity(pq_function_find(SV("clamp")), &min, &max);
	assert_int_equal(min, 3);
	assert_int_equal(max, 3);
	assert_int_equal(pq_function_arg(pq_function_find(SV("rate")), 0), PQ_MATRIX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_accepted, teardown),
		cmocka_unit_test_teardown(test_refused, teardown),
		cmocka_unit_test_teardown(test_number_values, teardown),
		cmocka_unit_test_teardown(test_selector, teardown),
		cmocka_unit_test_teardown(test_precedence, teardown),
		cmocka_unit_test_teardown(test_unary, teardown),
		cmocka_unit_test_teardown(test_matching, teardown),
		cmocka_unit_test_teardown(test_aggregation_and_call, teardown),
		cmocka_unit_test_teardown(test_depth, teardown),
		cmocka_unit_test_teardown(test_truncated, teardown),
		cmocka_unit_test_teardown(test_parse_selector, teardown),
		cmocka_unit_test_teardown(test_parse_matchers, teardown),
		cmocka_unit_test(test_functions),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
