#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <stdio.h>

#include "base/mem.h"
#include "base/time.h"

/*
 * A TZif file made by hand (RFC 8536 3): an empty version 1 block, then the
 * transitions given, then the footer.
 */
static struct sb tzif;
static struct err e;

static int
teardown(void **state)
{
	(void)state;
	sb_free(&tzif);
	memset(&e, 0, sizeof(e));
	return 0;
}

static void
add_be(uint64_t v, int bytes)
{
	while (bytes-- > 0)
		sb_addc(&tzif, (char)(v >> (8 * bytes)));
}

static void
add_header(char version, uint32_t leap, uint32_t time, uint32_t type, uint32_t chars)
{
	sb_adds(&tzif, "TZif");
	sb_addc(&tzif, version);
	add_be(0, 8);
	add_be(0, 7);
	add_be(0, 4); /* isutcnt */
	add_be(0, 4); /* isstdcnt */
	add_be(leap, 4);
	add_be(time, 4);
	add_be(type, 4);
	add_be(chars, 4);
}

struct change {
	int64_t at;
	int type;
};

static struct time_zone *
made(const struct change *c, size_t n, const int *offset, size_t types, const char *footer)
{
	size_t i;

	sb_reset(&tzif);
	add_header('2', 0, 0, 1, 1);
	add_be(0, 6);
	add_be(0, 1);
	add_header('2', 0, (uint32_t)n, (uint32_t)types, 4);
	for (i = 0; i < n; i++)
		add_be((uint64_t)c[i].at, 8);
	for (i = 0; i < n; i++)
		add_be((uint64_t)c[i].type, 1);
	for (i = 0; i < types; i++) {
		add_be((uint32_t)offset[i], 4);
		add_be(0, 2);
	}
	sb_add(&tzif, "ABC", 4);
	sb_addf(&tzif, "\n%s\n", footer);
	return time_zone_parse(sb_sv(&tzif), &e);
}

/* A zone of nothing but a footer rule. */
static struct time_zone *
ruled(const char *footer)
{
	const int offset = 0;
	struct time_zone *z = made(NULL, 0, &offset, 1, footer);

	if (z == NULL)
		fail_msg("%s: %s", footer, e.msg);
	return z;
}

static int64_t
utc(const char *s)
{
	int64_t ms = 0;

	if (!time_parse(sv_of(s), &ms))
		fail_msg("'%s' is no time", s);
	return ms;
}

/* At utc the offset is after, a millisecond earlier it is before. */
static void
assert_change(const struct time_zone *z, const char *at, int before, int after)
{
	int64_t ms = utc(at);

	assert_int_equal(time_zone_offset(z, ms - 1), before);
	assert_int_equal(time_zone_offset(z, ms), after);
}

static void
assert_local(const struct time_zone *z, const char *local, const char *want)
{
	char text[TIME_TEXT];
	int64_t ms;

	assert_true(time_parse_local(sv_of(local), z, &ms));
	assert_string_equal(time_text(ms, text), want);
}

/* From the system's tzdata, which is needed here as it is in use. */
static struct time_zone *
opened(const char *name)
{
	struct time_zone *z = time_zone_open(name, &e);

	if (z == NULL)
		fail_msg("%s", e.msg);
	return z;
}

static void
test_utc_needs_no_file(void **state)
{
	struct time_zone *z = time_zone_open("UTC", &e);

	(void)state;
	assert_non_null(z);
	assert_int_equal(time_zone_offset(z, 0), 0);
	assert_int_equal(time_zone_offset(z, INT64_MAX), 0);
	assert_int_equal(time_zone_offset(z, INT64_MIN), 0);
	assert_local(z, "2026-01-12T06:00:00", "2026-01-12T06:00:00Z");
	time_zone_free(z);
	time_zone_free(NULL);
}

static void
test_johannesburg(void **state)
{
	struct time_zone *z = opened("Africa/Johannesburg");

	(void)state;
	assert_int_equal(time_zone_offset(z, utc("2026-01-12T06:00:00Z")), 7200);
	assert_int_equal(time_zone_offset(z, utc("2026-07-12T06:00:00Z")), 7200);
	assert_int_equal(time_zone_offset(z, utc("2300-07-12T06:00:00Z")), 7200);
	/* Summer time there was in the war only. */
	assert_change(z, "1942-09-20T00:00:00Z", 7200, 10800);
	assert_change(z, "1943-03-20T23:00:00Z", 10800, 7200);
	assert_int_equal(time_zone_offset(z, utc("1850-01-01T00:00:00Z")), 6720); /* 1:52 */
	assert_local(z, "2026-01-12 08:00:00", "2026-01-12T06:00:00Z");
	time_zone_free(z);
}

static void
test_berlin(void **state)
{
	struct time_zone *z = opened("Europe/Berlin");

	(void)state;
	assert_change(z, "2026-03-29T01:00:00Z", 3600, 7200);
	assert_change(z, "2026-10-25T01:00:00Z", 7200, 3600);
	assert_local(z, "2026-03-29T01:59:59", "2026-03-29T00:59:59Z");
	assert_local(z, "2026-03-29T03:00:00", "2026-03-29T01:00:00Z");
	/* 02:30 does not exist: +01:00 goes on. */
	assert_local(z, "2026-03-29T02:00:00", "2026-03-29T01:00:00Z");
	assert_local(z, "2026-03-29T02:30:00", "2026-03-29T01:30:00Z");
	/* 02:30 exists twice: the first, in summer time. */
	assert_local(z, "2026-10-25T01:59:59", "2026-10-24T23:59:59Z");
	assert_local(z, "2026-10-25T02:30:00.250", "2026-10-25T00:30:00.250Z");
	assert_local(z, "2026-10-25T02:59:59.999", "2026-10-25T00:59:59.999Z");
	assert_local(z, "2026-10-25T03:00:00", "2026-10-25T02:00:00Z");
	/* A written offset and Unix time win over the zone. */
	assert_local(z, "2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00Z");
	assert_local(z, "1768197600", "2026-01-12T06:00:00Z");
	time_zone_free(z);
}

static void
test_new_york_beyond_the_table(void **state)
{
	struct time_zone *z = opened("America/New_York");

	(void)state;
	/* Second Sunday of March, first Sunday of November, at 02:00 local. */
	assert_change(z, "2050-03-13T07:00:00Z", -18000, -14400);
	assert_change(z, "2050-11-06T06:00:00Z", -14400, -18000);
	assert_change(z, "2026-03-08T07:00:00Z", -18000, -14400);
	assert_change(z, "9998-03-08T07:00:00Z", -18000, -14400);
	assert_local(z, "2050-11-06T01:30:00", "2050-11-06T05:30:00Z");
	assert_local(z, "2050-03-13T02:30:00", "2050-03-13T07:30:00Z");
	assert_int_equal(time_zone_offset(z, utc("1800-01-01T00:00:00Z")), -17762);
	time_zone_free(z);
}

static void
test_others(void **state)
{
	struct time_zone *z = opened("Australia/Lord_Howe"); /* half an hour, southern */

	(void)state;
	assert_change(z, "2050-04-02T15:00:00Z", 39600, 37800);
	assert_change(z, "2050-10-01T15:30:00Z", 37800, 39600);
	assert_local(z, "2050-04-03T01:45:00", "2050-04-02T14:45:00Z");
	time_zone_free(z);
	z = opened("Asia/Kathmandu");
	assert_int_equal(time_zone_offset(z, utc("2026-01-01T00:00:00Z")), 20700);
	time_zone_free(z);
	z = opened("Pacific/Apia"); /* had no 30 December 2011 */
	assert_change(z, "2011-12-30T10:00:00Z", -36000, 50400);
	assert_local(z, "2011-12-29T23:00:00", "2011-12-30T09:00:00Z");
	assert_local(z, "2011-12-31T00:00:00", "2011-12-30T10:00:00Z");
	assert_local(z, "2011-12-30T12:00:00", "2011-12-30T22:00:00Z");
	time_zone_free(z);
	z = opened("Europe/Dublin"); /* its "summer time" is negative, in winter */
	assert_change(z, "2050-03-27T01:00:00Z", 0, 3600);
	assert_change(z, "2050-10-30T01:00:00Z", 3600, 0);
	time_zone_free(z);
}

static void
test_table(void **state)
{
	const struct change c[] = {{-100, 1}, {0, 2}, {1000, 1}};
	const int offset[] = {60, 3600, -7200};
	struct time_zone *z = made(c, 3, offset, 3, "");

	(void)state;
	assert_non_null(z);
	assert_int_equal(time_zone_offset(z, INT64_MIN), 60);
	assert_int_equal(time_zone_offset(z, -100001), 60); /* before the first: type 0 */
	assert_int_equal(time_zone_offset(z, -100000), 3600);
	assert_int_equal(time_zone_offset(z, -1), 3600);
	assert_int_equal(time_zone_offset(z, 0), -7200);
	assert_int_equal(time_zone_offset(z, 999999), -7200);
	assert_int_equal(time_zone_offset(z, 1000000), 3600);
	assert_int_equal(time_zone_offset(z, INT64_MAX), 3600); /* no footer: the last type */
	time_zone_free(z);
	z = made(c, 3, offset, 3, "<-03>3"); /* the footer takes over at the last transition */
	assert_non_null(z);
	assert_int_equal(time_zone_offset(z, 999999), -7200);
	assert_int_equal(time_zone_offset(z, 1000000), -10800);
	time_zone_free(z);
}

static void
test_footer_forms(void **state)
{
	struct time_zone *z = ruled("<+0545>-5:45:30");

	(void)state;
	assert_int_equal(time_zone_offset(z, 0), 20730);
	assert_int_equal(time_zone_offset(z, INT64_MAX), 20730);
	assert_int_equal(time_zone_offset(z, INT64_MIN), 20730);
	time_zone_free(z);

	z = ruled("CET-1CEST,M3.5.0,M10.5.0/3");
	assert_change(z, "2027-03-28T01:00:00Z", 3600, 7200);
	assert_change(z, "2027-10-31T01:00:00Z", 7200, 3600);
	time_zone_offset(z, INT64_MAX);
	time_zone_offset(z, INT64_MIN);
	time_zone_free(z);

	/* J60 is 1 March in every year, 59 is 29 February in a leap year; a time of its own. */
	z = ruled("AAA0BBB-2,J60/0,J300");
	assert_change(z, "2024-03-01T00:00:00Z", 0, 7200);
	assert_change(z, "2023-03-01T00:00:00Z", 0, 7200);
	assert_change(z, "2024-10-27T00:00:00Z", 7200, 0);
	time_zone_free(z);
	z = ruled("AAA0BBB,59/0,300/1:30");
	assert_change(z, "2024-02-29T00:00:00Z", 0, 3600);
	assert_change(z, "2023-03-01T00:00:00Z", 0, 3600);
	assert_change(z, "2023-10-28T00:30:00Z", 3600, 0);
	time_zone_free(z);

	/* Southern: summer lasts over the new year. */
	z = ruled("AEST-10AEDT,M10.1.0,M4.1.0/3");
	assert_int_equal(time_zone_offset(z, utc("2026-01-01T00:00:00Z")), 39600);
	assert_int_equal(time_zone_offset(z, utc("2026-07-01T00:00:00Z")), 36000);
	assert_change(z, "2026-04-04T16:00:00Z", 39600, 36000);
	time_zone_free(z);

	/* Times before midnight and past the day's end (RFC 8536 3.3.1; Nuuk, Gaza). */
	z = ruled("<-02>2<-01>,M3.5.0/-1,M10.5.0/0");
	assert_change(z, "2024-03-31T01:00:00Z", -7200, -3600);
	assert_change(z, "2024-10-27T01:00:00Z", -3600, -7200);
	time_zone_free(z);
	z = ruled("EET-2EEST,M3.4.4/50,M10.4.4/50");
	assert_change(z, "2026-03-28T00:00:00Z", 7200, 10800);
	assert_change(z, "2026-10-23T23:00:00Z", 10800, 7200);
	time_zone_free(z);

	z = ruled("XXX3EDT4,0/0,J365/23"); /* all the year, RFC 8536's own example */
	assert_int_equal(time_zone_offset(z, utc("2026-01-01T03:00:00Z")), -14400);
	assert_int_equal(time_zone_offset(z, utc("2026-01-01T02:59:59Z")), -14400);
	assert_int_equal(time_zone_offset(z, utc("2026-07-01T00:00:00Z")), -14400);
	assert_int_equal(time_zone_offset(z, utc("2026-12-31T23:59:59Z")), -14400);
	time_zone_free(z);
}

static void
test_bad_footers(void **state)
{
	static const char *const bad[] = {
		"A", "AB1", "ABC", "ABC+", "ABC25", "ABC1:60", "ABC1:00:60", "<AB", "<AB>", "1",
		"ABC1DEF", /* POSIX leaves its rule open, TZif may not */
		"ABC1DEF,", "ABC1DEF,M3.5.0", "ABC1DEF,M3.5.0,", "ABC1DEF,M13.1.0,M10.1.0",
		"ABC1DEF,M0.1.0,M10.1.0", "ABC1DEF,M3.6.0,M10.1.0", "ABC1DEF,M3.0.0,M10.1.0",
		"ABC1DEF,M3.1.7,M10.1.0", "ABC1DEF,J0,J5", "ABC1DEF,J366,J5", "ABC1DEF,366,5",
		"ABC1DEF,5/168,6", "ABC1DEF,5/-168,6", "ABC1DEF,5,6x", "ABC1DEF,5,6,7", "ABC1 ",
		"ABC99999999999999999999", "\x80\x80\x80-1",
	};
	const int offset = 0;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (made(NULL, 0, &offset, 1, bad[i]) != NULL)
			fail_msg("'%s' was taken", bad[i]);
		assert_int_equal(e.code, ERR_INPUT);
	}
}

static void
test_bad_tables(void **state)
{
	const struct change same[] = {{5, 0}, {5, 0}}, back[] = {{5, 0}, {4, 0}};
	const struct change unknown[] = {{5, 2}};
	const int offset[] = {0, 3600}, far[] = {100 * 3600}, minimum[] = {INT32_MIN};

	(void)state;
	assert_null(made(same, 2, offset, 2, ""));
	assert_null(made(back, 2, offset, 2, ""));
	assert_null(made(unknown, 1, offset, 2, ""));
	assert_non_null(strstr(e.msg, "unknown type 2"));
	assert_null(made(NULL, 0, offset, 0, ""));
	assert_null(made(NULL, 0, far, 1, ""));
	assert_null(made(NULL, 0, minimum, 1, ""));
}

static void
test_every_cut_is_refused(void **state)
{
	const struct change c[] = {{-100, 1}, {0, 0}};
	const int offset[] = {60, 3600};
	struct time_zone *z = made(c, 2, offset, 2, "CET-1CEST,M3.5.0,M10.5.0/3");
	size_t n;

	(void)state;
	assert_non_null(z);
	time_zone_free(z);
	for (n = 0; n < tzif.n; n++) {
		char *exact = NULL; /* its own allocation, so that a read too far is seen */
		struct sb copy = {0};

		sb_add(&copy, tzif.buf, n);
		exact = sb_take(&copy);
		if (time_zone_parse((struct sv){exact, n}, &e) != NULL)
			fail_msg("the first %zu of %zu bytes were taken", n, tzif.n);
		copy.buf = exact;
		sb_free(&copy);
	}
}

static void
test_hostile_headers(void **state)
{
	(void)state;
	assert_null(time_zone_parse(sv_of(NULL), &e));
	assert_null(time_zone_parse(SV("TZif"), &e));
	sb_reset(&tzif);
	add_header('2', UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX);
	sb_addf(&tzif, "%500d", 1);
	assert_null(time_zone_parse(sb_sv(&tzif), &e));
	assert_non_null(strstr(e.msg, "cut short"));
	sb_reset(&tzif);
	add_header('2', 0, 0, 0, 0);
	add_header('2', UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX);
	sb_addf(&tzif, "%500d", 1);
	assert_null(time_zone_parse(sb_sv(&tzif), &e));
	sb_reset(&tzif);
	add_header('\0', 0, 0, 1, 0); /* version 1 */
	add_be(0, 6);
	assert_null(time_zone_parse(sb_sv(&tzif), &e));
	assert_non_null(strstr(e.msg, "version 1"));
	sb_reset(&tzif);
	add_header('2', 0, 0, 0, 0);
	add_header('2', 1, 0, 1, 0); /* a leap second */
	add_be(0, 6);
	add_be(0, 4);
	add_be(0, 8);
	sb_adds(&tzif, "\n\n");
	assert_null(time_zone_parse(sb_sv(&tzif), &e));
	assert_non_null(strstr(e.msg, "leap seconds"));
}

static void
test_names(void **state)
{
	static const char *const bad[] = {
		"", "/etc/passwd", "../../../etc/passwd", "Europe/../UTC", "Europe/", "Eu rope",
		"Europe/Berlin\n", "a.b", ".", "..",
	};
	char *long_name = mem_new(5001, 1);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_null(time_zone_open(bad[i], &e));
		assert_int_equal(e.code, ERR_INPUT);
		assert_non_null(strstr(e.msg, "is not a time zone name"));
	}
	memset(long_name, 'x', 5000);
	assert_null(time_zone_open(long_name, &e));
	assert_int_equal(e.code, ERR_INPUT);
	mem_free(long_name);
	assert_null(time_zone_open("Europe/Nowhere", &e));
	assert_int_equal(e.code, ERR_SYS);
	assert_non_null(strstr(e.msg, "time zone Europe/Nowhere: "));
	assert_null(time_zone_open("Europe", &e)); /* a directory */
	assert_null(time_zone_open("zone", &e));   /* nothing, or not TZif */
}

#define T(f) cmocka_unit_test_teardown(f, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_utc_needs_no_file), T(test_johannesburg), T(test_berlin),
		T(test_new_york_beyond_the_table), T(test_others), T(test_table),
		T(test_footer_forms), T(test_bad_footers), T(test_bad_tables),
		T(test_every_cut_is_refused), T(test_hostile_headers), T(test_names),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
