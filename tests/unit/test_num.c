#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/num.h"

static void
assert_num(const char *s, double want)
{
	double v = 42;

	if (!num_parse(sv_of(s), &v) || memcmp(&v, &want, sizeof(v)) != 0)
		fail_msg("'%s' gave %.17g, not %.17g", s, v, want);
}

static void
test_parse(void **state)
{
	(void)state;
	assert_num("0", 0.0);
	assert_num("-0", -0.0);
	assert_num("+7", 7);
	assert_num("98.940", 98.94);
	assert_num("1e3", 1000);
	assert_num("1E+3", 1000);
	assert_num("1.5e-3", 0.0015);
	assert_num(".5", 0.5); /* both as Go's ParseFloat takes them */
	assert_num("5.", 5);
	assert_num("007", 7);
	assert_num("1.7976931348623157e308", DBL_MAX);
	assert_num("4.9406564584124654e-324", 0x1p-1074);
	assert_num("1e-400", 0.0);
	assert_num("-1e-400", -0.0);
	assert_num("0e999999999999999999999", 0.0);
	assert_num("1768197180.123", 1768197180.123);
	assert_num("865440", 865440);
	assert_num("9007199254740993", 9007199254740992.0);
	assert_num("18446744073709551616", 0x1p64);
}

static void
test_parse_special(void **state)
{
	double v;

	(void)state;
	assert_num("Inf", INFINITY);
	assert_num("+Inf", INFINITY);
	assert_num("-inf", -INFINITY);
	assert_num("INFINITY", INFINITY);
	assert_num("-Infinity", -INFINITY);
	assert_true(num_parse(SV("NaN"), &v) && isnan(v));
	assert_true(num_parse(SV("nan"), &v) && isnan(v));
}

/* Known hard cases: halfway between doubles, and a hair beside it. */
static void
test_parse_rounds_correctly(void **state)
{
	(void)state;
	assert_num("9007199254740992.5", 9007199254740992.0);
	assert_num("9007199254740993.0", 9007199254740992.0); /* a tie, to even */
	assert_num("9007199254740993.00000000000000000000000000001", 9007199254740994.0);
	assert_num("9007199254740995", 9007199254740996.0);
	assert_num("2.2250738585072011e-308", 0x0.fffffffffffffp-1022); /* hung PHP and Java */
	assert_num("2.2250738585072012e-308", 0x1p-1022);
	assert_num("2.2250738585072014e-308", 0x1p-1022);
	assert_num("6.9294956446009195e15", 6929495644600920.0); /* a tie too */
	assert_num("1.00000000000000011102230246251565404236316680908203125", 1.0);
	assert_num("1.00000000000000011102230246251565404236316680908203124", 1.0);
	assert_num("1.00000000000000011102230246251565404236316680908203126", 1.0000000000000002);
	assert_num("2.4703282292062327208e-324", 0.0);
	assert_num("2.4703282292062328e-324", 0x1p-1074);
	assert_num("0.1", 0.1);
	assert_num("123456789012345678901234567890", 123456789012345678901234567890.0);
	assert_num("8.5e22", 8.5e22);
	assert_num("3e23", 3e23);
}

static void
test_parse_long(void **state)
{
	struct sb s = {0};
	double v;
	size_t i;

	(void)state;
	sb_adds(&s, "0.");
	for (i = 0; i < 100000; i++)
		sb_addc(&s, '0');
	sb_adds(&s, "1e100001");
	assert_true(num_parse(sb_sv(&s), &v));
	assert_true(v == 1);
	sb_reset(&s);
	for (i = 0; i < 300; i++)
		sb_addc(&s, '9');
	assert_true(num_parse(sb_sv(&s), &v));
	assert_true(v == 1e300);
	for (i = 0; i < 300; i++)
		sb_addc(&s, '9');
	assert_false(num_parse(sb_sv(&s), &v));
	sb_free(&s);
}

static void
test_parse_refused(void **state)
{
	static const char *const bad[] = {
		"", " ", "+", "-", ".", "e5", ".e5", "1e", "1e+", "1e-", " 1", "1 ", "1,5", "1_000",
		"0x10", "0x1p3", "1.2.3", "--1", "+-1", "1e5.5", "1f", "one", "in", "infi",
		"infinityx", "nanx", "nan(0)", "+nan", "-nan", "1e999", "-1e999", "1.8e308", "1n",
		"\xd9\xa1", "1\n",
	};
	double v = 42;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (num_parse(sv_of(bad[i]), &v))
			fail_msg("'%s' was taken as %g", bad[i], v);
	assert_false(num_parse(sv_of(NULL), &v));
	assert_false(num_parse(SV("1\0"), &v));
	assert_true(v == 42);
	assert_true(num_parse(sv_head(SV("12345"), 2), &v)); /* a view ends where it ends */
	assert_true(v == 12);
}

static void
test_parse_int(void **state)
{
	static const char *const bad[] = {
		"", "-", "+5", " 5", "5 ", "5.0", "1e3", "--5", "0x5", "9223372036854775808",
		"-9223372036854775809", "99999999999999999999999", "five",
	};
	int64_t v = 0;
	size_t i;

	(void)state;
	assert_true(num_parse_int(SV("0"), &v) && v == 0);
	assert_true(num_parse_int(SV("-0"), &v) && v == 0);
	assert_true(num_parse_int(SV("-42"), &v) && v == -42);
	assert_true(num_parse_int(SV("9223372036854775807"), &v) && v == INT64_MAX);
	assert_true(num_parse_int(SV("-9223372036854775808"), &v) && v == INT64_MIN);
	v = 42;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (num_parse_int(sv_of(bad[i]), &v))
			fail_msg("'%s' was taken", bad[i]);
	assert_int_equal(v, 42);
}

static void
assert_text(double v, const char *want)
{
	char buf[NUM_TEXT];

	assert_string_equal(num_text(v, buf), want);
}

/* What Go's strconv.FormatFloat(v, 'f' or 'e', -1, 64) gives. */
static void
test_text(void **state)
{
	(void)state;
	assert_text(0, "0");
	assert_text(-0.0, "-0");
	assert_text(865440, "865440");
	assert_text(-1.5, "-1.5");
	assert_text(0.1, "0.1");
	assert_text(0.1 + 0.2, "0.30000000000000004");
	assert_text(0.9944190238491403, "0.9944190238491403");
	assert_text(98.94, "98.94");
	assert_text(100, "100");
	assert_text(1234567.125, "1234567.125");
	assert_text(1e-6, "0.000001");
	assert_text(9.99e-7, "9.99e-07");
	assert_text(1e-7, "1e-07");
	assert_text(1.5e-10, "1.5e-10");
	assert_text(1e20, "100000000000000000000");
	assert_text(123456789012345678901.0, "123456789012345680000");
	assert_text(1e21, "1e+21");
	assert_text(-1.25e22, "-1.25e+22");
	assert_text(1e100, "1e+100");
	assert_text(DBL_MAX, "1.7976931348623157e+308");
	assert_text(DBL_MIN, "2.2250738585072014e-308");
	assert_text(0x1p-1074, "5e-324");
	assert_text(0x1.8p-1072, "3e-323");
	assert_text(9007199254740992.0, "9007199254740992");
	assert_text(9007199254740994.0, "9007199254740994");
	assert_text(5e-324 * 3, "1.5e-323");
	/* Powers of two, whose neighbours below are nearer: 16 digits are enough. */
	assert_text(0x1p-44, "5.684341886080802e-14");
	assert_text(0x1p-1022, "2.2250738585072014e-308");
	assert_text(0x1p89, "6.189700196426902e+26");
	assert_text(NAN, "NaN");
	assert_text(-NAN, "NaN");
	assert_text(INFINITY, "+Inf");
	assert_text(-INFINITY, "-Inf");
}

/* Any bit pattern reads back, and no text with fewer digits would. */
static void
test_text_round_trip(void **state)
{
	char buf[NUM_TEXT];
	uint64_t x = 1, bits;
	double v, back;
	int i;

	(void)state;
	for (i = 0; i < 40000; i++) {
		x = x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		bits = x ^ x >> 29;
		if (i % 4 == 0) /* mostly the sizes people measure */
			bits = (bits & UINT64_C(0x800fffffffffffff)) | (UINT64_C(1000) + bits % 60) << 52;
		memcpy(&v, &bits, sizeof(v));
		if (isnan(v) || isinf(v))
			continue;
		assert_true(num_parse(sv_of(num_text(v, buf)), &back));
		if (memcmp(&v, &back, sizeof(v)) != 0)
			fail_msg("%a printed as %s", v, buf);
		back = strtod(buf, NULL); /* another reader agrees */
		assert_true(v == back);
	}
}

static void
test_text_of_short_decimals(void **state)
{
	char want[32], buf[NUM_TEXT];
	double v;
	int i, k;

	(void)state;
	for (i = 1; i < 20000; i += 7) {
		for (k = 1; k <= 4; k++) { /* i / 10^k without trailing zeros is its own shortest */
			if (i % 10 == 0)
				continue;
			snprintf(want, sizeof(want), "%de-%d", i, k);
			assert_true(num_parse(sv_of(want), &v));
			num_text(v, buf);
			assert_int_equal(num_decimals(sv_of(buf)), k);
		}
	}
}

static void
assert_fixed(double v, int decimals, const char *want)
{
	char buf[NUM_TEXT];

	assert_string_equal(num_fixed(v, decimals, buf), want);
}

static void
test_fixed(void **state)
{
	char buf[NUM_TEXT];

	(void)state;
	assert_fixed(98.94, 2, "98.94");
	assert_fixed(98.94, 0, "99");
	assert_fixed(0.5, 0, "0"); /* exact ties go to even */
	assert_fixed(1.5, 0, "2");
	assert_fixed(2.5, 0, "2");
	assert_fixed(0.125, 2, "0.12");
	assert_fixed(1.005, 2, "1.00"); /* not a tie: the double is below it */
	assert_fixed(-0.4, 0, "0");
	assert_fixed(-0.0, 3, "0.000");
	assert_fixed(-0.001, 2, "0.00");
	assert_fixed(-0.006, 2, "-0.01");
	assert_fixed(99.9999, 2, "100.00");
	assert_fixed(1, 17, "1.00000000000000000");
	assert_fixed(1, 99, "1.00000000000000000");
	assert_fixed(1.7, -5, "2");
	assert_fixed(NAN, 2, "NaN");
	assert_fixed(INFINITY, 2, "+Inf");
	assert_fixed(-INFINITY, 2, "-Inf");
	assert_int_equal(strlen(num_fixed(-DBL_MAX, 17, buf)), 1 + 309 + 1 + 17);
}

static void
assert_count(int64_t v, const char *want)
{
	char buf[NUM_TEXT];

	assert_string_equal(num_count(v, buf), want);
}

static void
test_count(void **state)
{
	(void)state;
	assert_count(0, "0");
	assert_count(999, "999");
	assert_count(1000, "1 000");
	assert_count(865440, "865 440");
	assert_count(-865440, "-865 440");
	assert_count(-100, "-100");
	assert_count(1234567890, "1 234 567 890");
	assert_count(INT64_MAX, "9 223 372 036 854 775 807");
	assert_count(INT64_MIN, "-9 223 372 036 854 775 808");
}

static void
test_decimals(void **state)
{
	(void)state;
	assert_int_equal(num_decimals(SV("98.94")), 2);
	assert_int_equal(num_decimals(SV("-98.940")), 3);
	assert_int_equal(num_decimals(SV("864000")), 0);
	assert_int_equal(num_decimals(SV("1e-3")), 3);
	assert_int_equal(num_decimals(SV("1.50e1")), 1);
	assert_int_equal(num_decimals(SV("1.5e3")), 0);
	assert_int_equal(num_decimals(SV("5.")), 0);
	assert_int_equal(num_decimals(SV("0.00")), 2);
	assert_int_equal(num_decimals(SV("NaN")), 0);
	assert_int_equal(num_decimals(SV("")), 0);
	assert_true(num_decimals(SV("1e-99999999999999999999")) > 1000);
}

static void
test_a_locale_with_comma(void **state)
{
	static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "fr_FR"};
	char buf[NUM_TEXT];
	double v;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (setlocale(LC_ALL, names[i]) != NULL)
			break;
	if (i == sizeof(names) / sizeof(names[0]))
		return; /* none is installed here: nothing to see */
	assert_string_equal(localeconv()->decimal_point, ",");
	assert_text(0.30000000000000004, "0.30000000000000004");
	assert_text(1.5e-10, "1.5e-10");
	assert_string_equal(num_fixed(98.94, 2, buf), "98.94");
	assert_string_equal(num_fixed(-98.94, 0, buf), "-99");
	assert_num("0.30000000000000004", 0.1 + 0.2);
	assert_false(num_parse(SV("1,5"), &v));
	setlocale(LC_ALL, "C");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_parse_special),
		cmocka_unit_test(test_parse_rounds_correctly),
		cmocka_unit_test(test_parse_long),
		cmocka_unit_test(test_parse_refused),
		cmocka_unit_test(test_parse_int),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_text_round_trip),
		cmocka_unit_test(test_text_of_short_decimals),
		cmocka_unit_test(test_fixed),
		cmocka_unit_test(test_count),
		cmocka_unit_test(test_decimals),
		cmocka_unit_test(test_a_locale_with_comma),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
