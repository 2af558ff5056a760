#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/time.h"

#define BASE INT64_C(1768197600000) /* 2026-01-12T06:00:00Z */

static void
assert_time(const char *s, int64_t want)
{
	int64_t ms = 42;

	if (!time_parse(sv_of(s), &ms) || ms != want)
		fail_msg("'%s' gave %lld, not %lld", s, (long long)ms, (long long)want);
}

static void
assert_no_time(const char *s)
{
	int64_t ms = 42;

	if (time_parse(sv_of(s), &ms))
		fail_msg("'%s' was taken as %lld", s, (long long)ms);
	assert_int_equal(ms, 42);
}

static void
test_rfc3339(void **state)
{
	(void)state;
	assert_time("2026-01-12T06:00:00Z", BASE);
	assert_time("2026-01-12 06:00:00Z", BASE);
	assert_time("2026-01-12t06:00:00z", BASE);
	assert_time("2026-01-12T06:00:00.000Z", BASE);
	assert_time("2026-01-12T08:00:00+02:00", BASE);
	assert_time("2026-01-11T18:30:00-11:30", BASE);
	assert_time("2026-01-12T11:45:00+05:45", BASE);
	assert_time("2026-01-12T06:00:00-00:00", BASE);
	assert_time("2026-01-12T06:00:00.5+00:00", BASE + 500);
	/* The examples of RFC 3339 5.8. */
	assert_time("1985-04-12T23:20:50.52Z", INT64_C(482196050520));
	assert_time("1996-12-19T16:39:57-08:00", INT64_C(851042397000));
	assert_time("1937-01-01T12:00:27.87+00:20", INT64_C(-1041337172130));
	assert_time("1970-01-01T00:00:00Z", 0);
	assert_time("1969-12-31T23:59:59.999Z", -1);
	assert_time("2024-02-29T00:00:00Z", INT64_C(1709164800000));
	assert_time("2000-02-29T12:00:00Z", INT64_C(951825600000));
}

static void
test_fractions_round_half_up(void **state)
{
	(void)state;
	assert_time("2026-01-12T06:00:00.0004Z", BASE);
	assert_time("2026-01-12T06:00:00.0005Z", BASE + 1);
	assert_time("2026-01-12T06:00:00.000499999Z", BASE);
	assert_time("2026-01-12T06:00:00.123456789Z", BASE + 123);
	assert_time("2026-01-12T06:00:00.9995Z", BASE + 1000);
	assert_time("1969-12-31T23:59:59.9995Z", 0);
	assert_time("1969-12-31T23:59:59.0005Z", -999);
	assert_no_time("2026-01-12T06:00:00.1234567890Z");
	assert_no_time("2026-01-12T06:00:00.Z");
}

static void
test_refused(void **state)
{
	static const char *const bad[] = {
		"", " ", "Z", "now", "2026-01-12", "2026-01-12Z", "2026-01-12T06:00Z",
		"2026-01-12T06:00:00", /* no offset */
		"2026-01-12T06:00:00+2:00", "2026-01-12T06:00:00+0200", "2026-01-12T06:00:00+24:00",
		"2026-01-12T06:00:00+02:60", "2026-01-12T06:00:00 Z", "2026-01-12T06:00:00ZZ",
		"2026-01-12T06:00:00Z ", " 2026-01-12T06:00:00Z", "2026-01-12  06:00:00Z",
		"2026-1-12T06:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
		"2026-01-00T00:00:00Z", "2026-01-32T00:00:00Z", "2026-04-31T00:00:00Z",
		"2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-01-12T24:00:00Z",
		"2026-01-12T06:60:00Z", "2026-01-12T06:00:61Z",
		"2016-12-31T23:59:60Z", /* the leap second */
		"0000-01-01T00:00:00Z", "-001-01-01T00:00:00Z", "12026-01-12T06:00:00Z",
		"2026/01/12T06:00:00Z", "2026-01-12T06.00.00Z", "2026-01-12T06:00:00.5",
		"2026-01-12T06:00:00,5Z", "+026-01-12T06:00:00Z", "20x6-01-12T06:00:00Z",
	};
	size_t i;
	int64_t ms;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_no_time(bad[i]);
	assert_false(time_parse(SV("2026-01-12T06:00:00Z\0"), &ms));
	assert_false(time_parse(sv_of(NULL), &ms));
}

static void
test_every_prefix_is_refused(void **state)
{
	struct sv full = SV("2026-01-12T06:00:00.250+02:00");
	int64_t ms;
	size_t n;

	(void)state;
	for (n = 5; n < full.n; n++) /* "2026" alone is Unix time */
		if (time_parse(sv_head(full, n), &ms))
			fail_msg("a prefix of %zu bytes was taken", n);
	assert_true(time_parse(full, &ms));
}

static void
test_year_bounds(void **state)
{
	(void)state;
	assert_time("0001-01-01T00:00:00Z", INT64_C(-62135596800000));
	assert_time("9999-12-31T23:59:59.999Z", INT64_C(253402300799999));
	assert_no_time("0001-01-01T00:00:00+00:01");
	assert_no_time("9999-12-31T23:59:59-00:01");
	assert_no_time("9999-12-31T23:59:59.9996Z"); /* rounds into the year 10000 */
	assert_time("253402300799", INT64_C(253402300799000));
	assert_no_time("253402300800");
	assert_time("-62135596800", INT64_C(-62135596800000));
	assert_no_time("-62135596801");
	assert_no_time("99999999999999999999999999");
}

static void
test_unix(void **state)
{
	(void)state;
	assert_time("1768197180", INT64_C(1768197180000));
	assert_time("1768197180.5", INT64_C(1768197180500));
	assert_time("1768197180.0005", INT64_C(1768197180001));
	assert_time("1768197180.000499999", INT64_C(1768197180000));
	assert_time("0", 0);
	assert_time("-1.5", -1500);
	assert_time("-0.0005", 0);
	assert_time("-0.0006", -1);
	assert_no_time("1768197180.");
	assert_no_time(".5");
	assert_no_time("1.7e9");
	assert_no_time("+1");
	assert_no_time("--1");
	assert_no_time("-");
	assert_no_time("1768197180 ");
	assert_no_time("NaN");
	assert_no_time("0x10");
}

static void
assert_text(int64_t ms, const char *want)
{
	char buf[TIME_TEXT];

	assert_string_equal(time_text(ms, buf), want);
}

static void
test_text(void **state)
{
	(void)state;
	assert_text(BASE, "2026-01-12T06:00:00Z");
	assert_text(BASE + 7, "2026-01-12T06:00:00.007Z");
	assert_text(BASE + 500, "2026-01-12T06:00:00.500Z");
	assert_text(0, "1970-01-01T00:00:00Z");
	assert_text(-1, "1969-12-31T23:59:59.999Z");
	assert_text(INT64_C(-62135596800000), "0001-01-01T00:00:00Z");
	assert_text(INT64_C(253402300799999), "9999-12-31T23:59:59.999Z");
	assert_text(TIME_NONE, "unknown");
	assert_text(INT64_MAX, "out of range");
	assert_text(TIME_NONE + 1, "out of range");
}

static void
test_text_reads_back(void **state)
{
	char buf[TIME_TEXT];
	int64_t ms, back;

	(void)state;
	for (ms = INT64_C(-62135596800000); ms < INT64_C(253402300799999);
	     ms += INT64_C(86400000) * 13 + 3599001) {
		assert_true(time_parse(sv_of(time_text(ms, buf)), &back));
		assert_int_equal(back, ms);
	}
}

static void
test_calendar(void **state)
{
	static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int64_t days = time_days(1, 1, 1), year, y;
	int month, day, m, d, n;

	(void)state;
	assert_int_equal(time_days(1970, 1, 1), 0);
	assert_int_equal(time_days(2000, 3, 1), 11017);
	assert_int_equal(days, -719162);
	/* Counted day by day over one whole cycle of 400 years and some. */
	for (y = 1; y <= 405; y++)
		for (m = 1; m <= 12; m++) {
			n = length[m - 1] + (m == 2 && y % 4 == 0 && (y % 100 != 0 || y % 400 == 0));
			for (d = 1; d <= n; d++, days++) {
				assert_int_equal(time_days(y, m, d), days);
				time_date(days, &year, &month, &day);
				assert_true(year == y && month == m && day == d);
			}
		}
}

static void
assert_duration(const char *s, int64_t want)
{
	int64_t ms = 42;

	if (!time_duration(sv_of(s), &ms) || ms != want)
		fail_msg("'%s' gave %lld, not %lld", s, (long long)ms, (long long)want);
}

static void
test_duration(void **state)
{
	(void)state;
	assert_duration("1h30m", 5400000);
	assert_duration("2d", 2 * TIME_DAY);
	assert_duration("250ms", 250);
	assert_duration("1y2w3d4h5m6s7ms", 365 * TIME_DAY + 14 * TIME_DAY + 3 * TIME_DAY +
	    4 * TIME_HOUR + 5 * TIME_MINUTE + 6 * TIME_SECOND + 7);
	assert_duration("90", 90000);
	assert_duration("0.5", 500);
	assert_duration("0.0005", 1);
	assert_duration("0", 0);
	assert_duration("0s", 0);
	assert_duration("24h", TIME_DAY);
	assert_duration("90m", 90 * TIME_MINUTE);
	assert_duration("9223372036854775807ms", INT64_MAX);
	assert_duration("9223372036854775.807", INT64_MAX);
	assert_duration("292471208y", INT64_C(292471208) * 365 * TIME_DAY);
}

static void
test_duration_refused(void **state)
{
	static const char *const bad[] = {
		"", " ", "s", "h1", "-5m", "+5m", "1.5h", "1h 30m", "30m1h", "1h1h", "1hm",
		"1h30", "5 m", "5M", "5sec", "1ms1s", "1msx", "1d2", ".5", "5.", "1e3", "-1",
		"9223372036854775808ms", "9223372036854776s", "9223372036854775.808",
		"292471209y", "106751991167d7h12m55s808ms", "99999999999999999999999s", "0x5s",
	};
	size_t i;
	int64_t ms = 42;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (time_duration(sv_of(bad[i]), &ms))
			fail_msg("'%s' was taken as %lld", bad[i], (long long)ms);
	assert_false(time_duration(sv_of(NULL), &ms));
	assert_int_equal(ms, 42);
}

static void
assert_duration_text(int64_t ms, const char *want)
{
	char buf[TIME_TEXT];

	assert_string_equal(time_duration_text(ms, buf), want);
}

/* As Prometheus' model.Duration writes them. */
static void
test_duration_text(void **state)
{
	(void)state;
	assert_duration_text(0, "0s");
	assert_duration_text(5400000, "1h30m");
	assert_duration_text(250, "250ms");
	assert_duration_text(TIME_DAY, "1d");
	assert_duration_text(7 * TIME_DAY, "1w");
	assert_duration_text(90 * TIME_DAY, "90d");
	assert_duration_text(365 * TIME_DAY, "1y");
	assert_duration_text(366 * TIME_DAY, "366d");
	assert_duration_text(TIME_DAY + 1, "1d1ms");
	assert_duration_text(-90000, "-1m30s");
	assert_duration_text(INT64_MAX, "106751991167d7h12m55s807ms");
	assert_duration_text(INT64_MIN, "-106751991167d7h12m55s808ms");
}

static void
test_lengths_for_people(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} cases[] = {
		{0, "0 s"}, {250, "250 ms"}, {12500, "12.5 s"}, {15000, "15 s"}, {59999, "59.999 s"}, {60000, "1 min"},
		{125000, "2 min 5 s"}, {54 * TIME_MINUTE, "54 min"}, {TIME_HOUR, "1 h"}, {190 * TIME_MINUTE, "3 h 10 min"},
		{TIME_DAY, "24 h"}, {3 * TIME_DAY, "72 h"}, {123 * TIME_HOUR, "5 d 3 h"}, {-90000, "-1 min 30 s"},
		{INT64_MIN, "-106751991167 d 7 h"},
	};
	char buf[TIME_TEXT];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(time_length_text(cases[i].ms, buf), cases[i].text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rfc3339),
		cmocka_unit_test(test_fractions_round_half_up),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_every_prefix_is_refused),
		cmocka_unit_test(test_year_bounds),
		cmocka_unit_test(test_unix),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_text_reads_back),
		cmocka_unit_test(test_calendar),
		cmocka_unit_test(test_duration),
		cmocka_unit_test(test_duration_refused),
		cmocka_unit_test(test_duration_text),
		cmocka_unit_test(test_lengths_for_people),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
