#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/daily.h"

static int64_t
at(const char *text)
{
	int64_t t;

	assert_true(time_parse(sv_of(text), &t));
	return t;
}

static void
is(int64_t t, const char *want)
{
	char text[TIME_TEXT];

	assert_string_equal(time_text(t, text), want);
}

static void
test_daily(void **state)
{
	struct time_zone *jnb = time_zone_open("Africa/Johannesburg", NULL), *berlin = time_zone_open("Europe/Berlin", NULL);
	struct daily d = {0};

	(void)state;
	assert_true(daily_add(&d, SV("20:00")));
	assert_true(daily_add(&d, SV("02:00")));
	assert_true(daily_add(&d, SV("14:00:30")));
	assert_false(daily_add(&d, SV("14:00:30")));
	assert_false(daily_add(&d, SV("24:00")));
	assert_false(daily_add(&d, SV("2:00")));
	assert_false(daily_add(&d, SV("02:60")));
	assert_false(daily_add(&d, SV("02:00:")));
	assert_false(daily_add(&d, SV("02:00:00Z")));
	assert_false(daily_add(&d, SV("")));
	assert_int_equal(d.n, 3);
	assert_int_equal(d.at[1], 14 * TIME_HOUR + 30 * TIME_SECOND);
	is(daily_next(&d, jnb, at("2026-01-07T18:00:00Z")), "2026-01-07T18:00:00Z"); /* itself */
	is(daily_next(&d, jnb, at("2026-01-07T18:00:01Z")), "2026-01-08T00:00:00Z");
	is(daily_next(&d, NULL, at("2026-01-07T18:00:01Z")), "2026-01-07T20:00:00Z");
	is(daily_near(&d, jnb, at("2026-01-07T17:25:00Z")), "2026-01-07T18:00:00Z");
	is(daily_near(&d, jnb, at("2026-01-07T20:59:59Z")), "2026-01-07T18:00:00Z");
	is(daily_near(&d, jnb, at("2026-01-07T21:00:00Z")), "2026-01-08T00:00:00Z"); /* in the middle: the later */
	/* Clocks go forward over 02:00 to 03:00, and back from 03:00 to 02:00. */
	is(daily_near(&d, berlin, at("2026-03-29T00:50:00Z")), "2026-03-29T01:00:00Z");
	is(daily_next(&d, berlin, at("2026-10-24T23:00:00Z")), "2026-10-25T00:00:00Z");
	is(daily_next(&d, berlin, at("2026-10-25T00:30:00Z")), "2026-10-25T13:00:30Z");
	is(daily_near(&d, jnb, at("1969-12-31T18:10:00Z")), "1969-12-31T18:00:00Z");
	time_zone_free(jnb);
	time_zone_free(berlin);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_daily),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
