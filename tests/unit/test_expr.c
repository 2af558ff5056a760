#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <math.h>

#include "base/expr.h"

static struct err e;
static int calls;

/* Knows a = 3, run.start = 1000, {hour} = 2; "hour" without braces is something else. */
static int
lookup(void *ctx, struct sv name, int braces, double *v, struct err *err)
{
	(void)ctx;
	calls++;
	if (sv_is(name, "a") && !braces)
		*v = 3;
	else if (sv_is(name, "run.start") && !braces)
		*v = 1000;
	else if (sv_is(name, "_x9") && !braces)
		*v = 9;
	else if (sv_is(name, "hour") && braces)
		*v = 2;
	else
		return err_set(err, ERR_USAGE, "unknown name '%" SV_FMT "'", SV_ARG(name));
	return 0;
}

static void
assert_value(const char *text, double want)
{
	double v = -42;

	if (expr_eval(sv_of(text), lookup, NULL, &v, &e) < 0)
		fail_msg("%s: %s", text, e.msg);
	if (v != want && !(isnan(v) && isnan(want)))
		fail_msg("%s gave %.17g, not %.17g", text, v, want);
}

static void
assert_refused(const char *text, const char *message)
{
	double v = -42;

	e = (struct err){0};
	if (expr_eval(sv_of(text), lookup, NULL, &v, &e) == 0)
		fail_msg("'%s' was taken as %g", text, v);
	assert_string_equal(e.msg, message);
	assert_true(v == -42);
	e = (struct err){0};
	assert_int_equal(expr_check(sv_of(text), lookup, NULL, &e), -1);
	assert_string_equal(e.msg, message);
}

static void
test_arithmetic(void **state)
{
	(void)state;
	assert_value("1", 1);
	assert_value(" 1.5 ", 1.5);
	assert_value(".5", 0.5);
	assert_value("1 + 2 * 3", 7);
	assert_value("(1 + 2) * 3", 9);
	assert_value("10 - 4 - 3", 3);
	assert_value("100 / 10 / 5", 2);
	assert_value("2 * 3 / 4", 1.5);
	assert_value("-2 * -3", 6);
	assert_value("--2", 2);
	assert_value("-(1+2)", -3);
	assert_value("1-2", -1);
	assert_value("1--2", 3);
	assert_value("1e3", 1000);
	assert_value("1e-3 + 2E+2", 200.001);
	assert_value("\t1\n+\r2 ", 3);
	assert_value("((((1))))", 1);
}

static void
test_division_by_zero_is_no_number(void **state)
{
	(void)state;
	assert_value("0 / 0", NAN);
	assert_value("1 / 0", NAN);
	assert_value("-1 / (a - 3)", NAN);
	assert_value("1 / -0", NAN);
	assert_value("1 + 2 / 0", NAN);
}

static void
test_durations_are_milliseconds(void **state)
{
	(void)state;
	assert_value("1h", 3600000);
	assert_value("1h30m", 5400000);
	assert_value("250ms", 250);
	assert_value("2d - 1d", 86400000);
	assert_value("run.start + ({hour} + 1) * 1h", 1000 + 3 * 3600000.0);
	assert_value("5m/1m", 5);
}

static void
test_names(void **state)
{
	(void)state;
	assert_value("a", 3);
	assert_value("-a", -3);
	assert_value("100 * a / (a - 1)", 150);
	assert_value("run.start", 1000);
	assert_value("_x9", 9);
	assert_value("{hour}+{hour}", 4);
	assert_refused("hour", "column 1: unknown name 'hour'");
	assert_refused("{a}", "column 2: unknown name 'a'");
	assert_refused("1 + nope", "column 5: unknown name 'nope'");
}

static void
test_refused(void **state)
{
	(void)state;
	assert_refused("", "column 1: unexpected end");
	assert_refused("  ", "column 3: unexpected end");
	assert_refused("1 +", "column 4: unexpected end");
	assert_refused("1 2", "column 3: unexpected '2'");
	assert_refused("(1", "column 3: unexpected end");
	assert_refused("1)", "column 2: unexpected ')'");
	assert_refused("()", "column 2: unexpected ')'");
	assert_refused("*1", "column 1: unexpected '*'");
	assert_refused("+1", "column 1: unexpected '+'");
	assert_refused("a b", "column 3: unexpected 'b'");
	assert_refused("a(1)", "column 2: unexpected '('");
	assert_refused("2 ^ 3", "column 3: unexpected '^'");
	assert_refused("{hour", "column 6: unexpected end");
	assert_refused("{}", "column 2: unexpected '}'");
	assert_refused("{ hour}", "column 2: unexpected ' '");
	assert_refused("{9}", "column 2: unexpected '9'");
	assert_refused("1.2.3", "column 1: bad number");
	assert_refused(".", "column 1: bad number");
	assert_refused("a * 1e999", "column 5: bad number");
	assert_refused("5x", "column 1: bad number or duration");
	assert_refused("1.5h", "column 1: bad number or duration");
	assert_refused("30m1h", "column 1: bad number or duration");
	assert_refused("0x10", "column 1: bad number or duration");
	assert_refused("1e", "column 1: bad number or duration");
	assert_refused("1 \x1b", "column 3: unexpected '\\x1b'");
	assert_refused("1 \xff", "column 3: unexpected '\\xff'");
	assert_refused("\xc3\xa9", "column 1: unexpected '\xc3\xa9'");
}

static void
test_views(void **state)
{
	double v;

	(void)state;
	assert_int_equal(expr_eval(sv_head(SV("1 + 23"), 5), lookup, NULL, &v, &e), 0);
	assert_true(v == 3);
	assert_int_equal(expr_eval(SV("1\0"), lookup, NULL, &v, &e), -1);
	assert_string_equal(e.msg, "column 2: unexpected '\\x00'");
	assert_int_equal(expr_eval(sv_of(NULL), lookup, NULL, &v, &e), -1);
}

static void
assert_too_deep(const char *open, const char *close)
{
	struct sb s = {0};
	double v;
	int i;

	for (i = 0; i < 1000000; i++)
		sb_adds(&s, open);
	sb_addc(&s, '1');
	for (i = 0; i < 1000000; i++)
		sb_adds(&s, close);
	assert_int_equal(expr_eval(sb_sv(&s), lookup, NULL, &v, &e), -1);
	assert_int_equal(e.code, ERR_LIMIT);
	assert_non_null(strstr(e.msg, "nested deeper"));
	sb_free(&s);
}

static void
test_depth(void **state)
{
	struct sb s = {0};
	double v;
	int i;

	(void)state;
	assert_too_deep("(", ")");
	assert_too_deep("-", "");
	assert_too_deep("-(", ")");
	sb_adds(&s, "0"); /* length alone is no depth */
	for (i = 0; i < 100000; i++)
		sb_adds(&s, "+1*(1)");
	assert_int_equal(expr_eval(sb_sv(&s), lookup, NULL, &v, &e), 0);
	assert_true(v == 100000);
	sb_free(&s);
	assert_value("((((((((((((((((((((((((((((((1))))))))))))))))))))))))))))))", 1);
}

static void
test_check(void **state)
{
	(void)state;
	calls = 0;
	assert_int_equal(expr_check(SV("100 * a / ({hour} - run.start)"), lookup, NULL, &e), 0);
	assert_int_equal(calls, 3);
	assert_int_equal(expr_check(SV("1 / 0"), lookup, NULL, &e), 0);
	assert_int_equal(expr_check(SV("1 +"), lookup, NULL, &e), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arithmetic),
		cmocka_unit_test(test_division_by_zero_is_no_number),
		cmocka_unit_test(test_durations_are_milliseconds),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_views),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_check),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
