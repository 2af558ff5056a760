#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <string.h>
#include <cmocka.h>

#include "base/time.h"
#include "chart/scale.h"
#include "chart/words.h"

#define assert_near(a, b, within) assert_true(fabs((a) - (b)) <= (within))

static int64_t
at(const char *text)
{
	int64_t ms = 0;

	if (!time_parse(sv_of(text), &ms))
		fail_msg("bad time in the test: %s", text);
	return ms;
}

static void
test_percent_table(void **state)
{
	static const struct {
		double lowest, low, step;
		int decimals;
	} row[] = {
		{0.85, 0.85, 5, 0},
		{0.8924, 0.875, 2.5, 1},
		{0.95, 0.95, 1, 0},
		{0.97, 0.97, 1, 0},
		{0.9995, 0.9995, 0.01, 2},
		{0.99, 0.99, 0.2, 1},
		{0.5, 0.5, 10, 0},
		{0, 0, 20, 0},
		{-3, 0, 20, 0},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct scale_values s = scale_percent(row[i].lowest);

		assert_near(scale_low(&s), row[i].low, 1e-12);
		assert_near(s.step, row[i].step, 1e-12);
		assert_int_equal(s.decimals, row[i].decimals);
	}
}

/* Whatever the data: 4 to 6 ticks, 100 % on top, the lowest value on the axis, steps of 1, 2, 2.5, 5. */
static void
test_percent_always(void **state)
{
	double gap;

	(void)state;
	for (gap = 1e-9; gap <= 1; gap *= 1.07) {
		struct scale_values s = scale_percent(1 - gap);
		double mantissa = s.step / pow(10, floor(log10(s.step) + 1e-9));

		assert_in_range(s.intervals, 3, 5);
		assert_true(scale_tick(&s, 0) == 100);
		assert_true(scale_low(&s) >= 0 && scale_low(&s) <= 1 - gap + 1e-9);
		assert_true(fabs(mantissa - 1) < 1e-6 || fabs(mantissa - 2) < 1e-6 || fabs(mantissa - 2.5) < 1e-6 ||
		    fabs(mantissa - 5) < 1e-6);
		/* All decimals of the step are shown. */
		assert_near(s.step * pow(10, s.decimals), round(s.step * pow(10, s.decimals)), 1e-6);
		/* Never more than half of the axis is left empty. */
		assert_true(gap < 1e-8 || (1 - scale_low(&s)) <= 2 * gap + 1e-9);
	}
	assert_int_equal(scale_percent(1).intervals >= 3, 1);
	assert_int_equal(scale_percent(NAN).intervals, 5);
}

static void
check_ticks(const char *from, const char *to, double want, const char *expected)
{
	struct arena a = {0};
	struct scale_time *tick;
	struct sb out = {0};
	size_t n = scale_times(at(from), at(to), want, &a, &tick), i;

	for (i = 0; i < n; i++)
		sb_addf(&out, "%s%s%s%s%s", i > 0 ? " " : "", tick[i].label, tick[i].date != NULL ? "(" : "",
		    tick[i].date != NULL ? tick[i].date : "", tick[i].date != NULL ? ")" : "");
	assert_string_equal(sb_str(&out), expected);
	sb_free(&out);
	arena_free(&a);
}

static void
test_time_tables(void **state)
{
	(void)state;
	check_ticks("2026-01-12T06:00:00Z", "2026-01-13T06:00:00Z", 7,
	    "06:00(12 Jan 2026, UTC) 09:00 12:00 15:00 18:00 21:00 00:00(13 Jan) 03:00 06:00");
	/* A run that starts between ticks; the new year is said at midnight. */
	check_ticks("2025-12-31T18:10:00Z", "2026-01-01T05:50:00Z", 4,
	    "21:00(31 Dec 2025, UTC) 00:00(1 Jan 2026) 03:00");
	check_ticks("2026-01-12T06:00:00Z", "2026-01-14T06:00:00Z", 7,
	    "06:00(12 Jan 2026, UTC) 12:00 18:00 00:00(13 Jan) 06:00 12:00 18:00 00:00(14 Jan) 06:00");
	check_ticks("2026-01-12T06:00:03Z", "2026-01-12T06:01:00Z", 4,
	    "06:00:15(12 Jan 2026, UTC) 06:00:30 06:00:45 06:01:00");
	check_ticks("2026-01-12T06:00:00Z", "2026-01-12T06:00:00.010Z", 2,
	    "06:00:00.000(12 Jan 2026, UTC) 06:00:00.005 06:00:00.010");
	check_ticks("2024-02-27T12:00:00Z", "2024-03-04T00:00:00Z", 6,
	    "28 Feb(2024, UTC) 29 Feb 1 Mar 2 Mar 3 Mar 4 Mar");
	/* Weeks begin on Mondays. */
	check_ticks("2026-11-01T00:00:00Z", "2026-11-24T00:00:00Z", 3, "2 Nov(2026, UTC) 9 Nov 16 Nov 23 Nov");
	check_ticks("2025-11-15T00:00:00Z", "2026-02-15T00:00:00Z", 3, "1 Dec(2025, UTC) 1 Jan(2026) 1 Feb");
	check_ticks("2020-06-01T00:00:00Z", "2026-06-01T00:00:00Z", 6, "2021(UTC) 2022 2023 2024 2025 2026");
	/* Before 1970. */
	check_ticks("1969-12-31T22:00:00Z", "1970-01-01T02:00:00Z", 4,
	    "22:00(31 Dec 1969, UTC) 23:00 00:00(1 Jan 1970) 01:00 02:00");
}

/* For any span: ticks in order and inside, at least one, not many more than asked for. */
static void
test_time_always(void **state)
{
	int64_t from = at("2026-01-12T06:07:08.009Z"), span;

	(void)state;
	for (span = 1; span < 7900 * 365 * TIME_DAY; span = span * 5 / 4 + 1) {
		struct arena a = {0};
		struct scale_time *tick;
		size_t n = scale_times(from, from + span, 7, &a, &tick), i;

		assert_in_range(n, 1, 20);
		for (i = 0; i < n; i++) {
			assert_true(tick[i].t >= from && tick[i].t <= from + span);
			assert_true(i == 0 || tick[i].t > tick[i - 1].t);
			assert_non_null(tick[i].label);
		}
		assert_non_null(tick[0].date);
		arena_free(&a);
	}
}

static void
test_percent_words(void **state)
{
	struct arena a = {0};

	(void)state;
	assert_string_equal(words_percent(0.8924, 0.97, &a), "89.24 %");
	assert_string_equal(words_percent(1, 0.97, &a), "100 %");
	assert_string_equal(words_percent(0, NAN, &a), "0 %");
	/* One decimal more than the objective has. */
	assert_string_equal(words_percent(0.99912, 0.9995, &a), "99.912 %");
	/* Rounding must not turn a miss into a hit, nor a loss into nothing. */
	assert_string_equal(words_percent(0.969999, 0.97, &a), "96.9999 %");
	assert_string_equal(words_percent(0.999999, 0.97, &a), "99.9999 %");
	assert_string_equal(words_percent(0.000001, NAN, &a), "0.0001 %");
	assert_string_equal(words_percent(0.97, 0.97, &a), "97.00 %");
	/* An objective that nobody wrote down with two decimals. */
	assert_string_equal(words_percent(0.5, 1.0 / 3, &a), "50.00 %");
	arena_free(&a);
}

static void
test_time_words(void **state)
{
	struct arena a = {0};

	(void)state;
	assert_string_equal(
	    words_interval(at("2026-01-12T18:00:00Z"), at("2026-01-12T19:00:00Z"), false, &a), "18:00–19:00");
	assert_string_equal(words_interval(at("2026-01-12T18:00:00Z"), at("2026-01-12T18:00:15Z"), false, &a),
	    "18:00:00–18:00:15");
	assert_string_equal(words_interval(at("2026-01-12T18:00:00Z"), at("2026-01-12T18:00:00.5Z"), false, &a),
	    "18:00:00.000–18:00:00.500");
	assert_string_equal(words_interval(at("2026-01-12T18:00:00Z"), at("2026-01-12T19:00:00Z"), true, &a),
	    "12 Jan 18:00–19:00");
	assert_string_equal(words_interval(at("2026-01-12T23:00:00Z"), at("2026-01-13T00:00:00Z"), true, &a),
	    "12 Jan 23:00 to 13 Jan 00:00");
	assert_string_equal(words_interval(at("1969-12-31T23:00:00Z"), at("1969-12-31T23:30:00Z"), false, &a),
	    "23:00–23:30");
	assert_string_equal(words_length(0, &a), "0 s");
	assert_string_equal(words_length(250, &a), "250 ms");
	assert_string_equal(words_length(15 * TIME_SECOND, &a), "15 s");
	assert_string_equal(words_length(54 * TIME_MINUTE, &a), "54 min");
	assert_string_equal(words_length(125 * TIME_SECOND, &a), "2 min 5 s");
	assert_string_equal(words_length(TIME_DAY, &a), "24 h");
	assert_string_equal(words_length(190 * TIME_MINUTE, &a), "3 h 10 min");
	assert_string_equal(words_length(123 * TIME_HOUR, &a), "5 d 3 h");
	arena_free(&a);
}

static void
test_fit(void **state)
{
	struct arena a = {0};
	struct err e = {0};
	struct fonts *f = fonts_open(&e);
	char wide[2000];
	double width;

	(void)state;
	assert_non_null(f);
	memset(wide, 'M', sizeof(wide));
	assert_true(sv_is(words_fit(SV("short"), f, 11, false, 100, &a), "short"));
	for (width = 0; width < 120; width += 7) {
		struct sv v = words_fit((struct sv){wide, sizeof(wide)}, f, 11, false, width, &a);

		assert_true(fonts_width(f, v, 11, false) <= width);
		assert_true(width < 40 || sv_ends(v, "M…"));
	}
	/* Never half a character, never half of what clean.h writes for a byte that is no text. */
	assert_true(sv_ends(words_fit(SV("ééééééééé"), f, 11, false, 30, &a), "é…"));
	assert_true(sv_is(words_fit(SV("a\xff\n"), f, 11, false, 300, &a), "a\\xff"));
	assert_int_equal(words_fit(SV(""), f, 11, false, 300, &a).n, 0);
	fonts_close(f);
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_percent_table),
		cmocka_unit_test(test_percent_always),
		cmocka_unit_test(test_time_tables),
		cmocka_unit_test(test_time_always),
		cmocka_unit_test(test_percent_words),
		cmocka_unit_test(test_time_words),
		cmocka_unit_test(test_fit),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
