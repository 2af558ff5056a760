#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "record.h"

static struct read_formats *formats;

/* The format's name, "-" for none. */
static const char *
format_of(struct sv text)
{
	struct read_input in = {.name = "x", .head = sv_head(text, READ_HEAD), .formats = formats};
	const struct reader *r = read_recognise(&in);

	assert_true((r == NULL) == (in.format == NULL));
	return r == NULL ? "-" : in.format;
}

static void
is(const char *text, const char *want)
{
	const char *got = format_of(sv_of(text));

	if (strcmp(got, want) != 0)
		fail_msg("%s, not %s: %s", got, want, text);
}

static void
test_text_or_openmetrics(void **state)
{
	(void)state;
	is("# TYPE a_total counter\na_total 1\n", "prometheus-text");
	is("up 1\n", "prometheus-text");
	is("a{b=\"c\"} 1", "prometheus-text"); /* cut off: a finding, not an unknown file */
	is("# HELP a b\n", "prometheus-text");
	/* 1. timestamps: milliseconds or seconds, whatever else stands there */
	is("a 1 1768197659000\n", "prometheus-text");
	is("a 1 1768197659000\n# EOF\n", "prometheus-text");
	is("a 1 1768197659\n", "openmetrics");
	is("a 1 1768197659.000\n", "openmetrics");
	is("# TYPE a untyped\na 1 1768197659.000\n", "openmetrics");
	is("a 1 0\n", "prometheus-text");
	/* 2. the end mark */
	is("a 1\n# EOF\n", "openmetrics");
	is("# EOF\n", "openmetrics");
	is("# TYPE a untyped\na 1\n# EOF\n", "openmetrics");
	/* 3. what only one of them has */
	is("# UNIT a_seconds seconds\na_seconds 1\n", "openmetrics");
	is("# TYPE a info\na_info 1\n", "openmetrics");
	is("a 1 # {t=\"x\"} 1\n", "openmetrics");
	is("# TYPE a untyped\na 1\n# TYPE b info\n", "prometheus-text");
	/* 4. the counter's family without its suffix */
	is("# TYPE a counter\na_total{b=\"c\"} 1\n", "openmetrics");
	is("# TYPE a_total counter\na_total_total 1\n", "openmetrics");
	is("# TYPE a counter\na 1\n", "prometheus-text");
	is("# TYPE a gauge\na_total 1\n", "prometheus-text");
}

/* The mark that tells is far behind the head. */
static void
test_long_openmetrics(void **state)
{
	struct sb s = {0};
	int i;

	(void)state;
	sb_adds(&s, "# TYPE a gauge\n");
	for (i = 0; s.n < 2 * READ_HEAD; i++)
		sb_addf(&s, "a{b=\"c\"} 1 17681%05d\n", i);
	sb_adds(&s, "# EOF\n");
	assert_string_equal(format_of(sb_sv(&s)), "openmetrics");
	sb_free(&s);
}

static void
test_not_claimed(void **state)
{
	(void)state;
	is("", "-");
	is("\n\n", "-");
	is("# Title\n\nSome prose about things.\n\n## TYPE of things\n", "-");
	is("# a script\nset -e\necho 1\n", "-");
	is("name,cpu,mem\ngw,1.5%,20MiB\n", "-");
	is("-- dump\nCREATE TABLE t (a int);\nINSERT INTO t VALUES (1);\n", "-");
	is("{\"a\": 1}\n", "-");
	is("[1,2]", "-");
	is("1795191163 server start pid=21494\n", "-");
	is("Starting\nretries 3\nattempts 5\ndone\n", "-");
	is("[2026-01-12T06:00:00.000Z] [INFO] hello\n", "-");
	is("<html><body>502 Bad Gateway</body></html>\n", "-");
	assert_string_equal(format_of(SV("up 1\n\0\0")), "-");
	assert_string_equal(format_of(SV("\xff\xfe" "u\0p\0")), "-");
}

/* A snapshot with a line that is broken must become a finding. */
static void
test_broken_snapshot(void **state)
{
	(void)state;
	is("# HELP a b\n# TYPE a gauge\na 1\na{ 2\n", "prometheus-text");
	is("a{b=\"c\"} 1\ncurl: (52) Empty reply from server\na{b=\"d\"} 1\n", "prometheus-text");
}

static void
test_no_formats(void **state)
{
	struct read_formats *kept = formats;

	(void)state;
	formats = NULL;
	is("{\"totals\": {\"total\": 1}}", "-");
	is("[2026-01-12T06:00:00.000Z] STARTED\n", "-");
	formats = kept;
}

static void
test_shipped_formats(void **state)
{
	(void)state;
	is("# Events\n\n[2026-01-12T06:00:00.000Z] SOAK_TEST_STARTED\n", "gateway-events");
	is("[2025-08-17T14:18:59.086Z] === HOUR 1 OF 48 ===\n"
	   "[2025-08-17T14:18:59.092Z] EXECUTING: Capturing metrics for hour 1\n"
	   "curl: (7) Failed to connect\n",
	    "burn-in-events");
	is("[2025-08-17T13:18:56.358Z] [INFO] Starting 48-hour burn-in monitor\n"
	   "[2025-08-17T13:18:56.361Z] [INFO] Monitor iteration 1\n"
	   "[2025-08-17T13:26:10.465Z] [ERROR] Failed to fetch metrics: Command failed: curl\n"
	   "curl: (52) Empty reply from server\n",
	    "burn-in-monitor");
	is("{\"totals\":{\"ok\":1,\"total\":1},\"configuration\":{\"rps\":1},\"success_rate\":\"1\"}",
	    "gateway-summary");
	is("{\"totals\":{\"ok\":1,\"total\":1},\"configuration\":{\"rps\":1}}", "-");
	is("{\"test_id\":\"x\",\"started_at\":\"y\",\"duration_hours\":1,\"load_profile\":{\"steady_rps\":1}}",
	    "burn-in-metadata");
}

static int
load(void **state)
{
	struct err e = {0};
	struct sb dir = {0};
	const char *root = getenv("SOAK_ROOT"), *path;

	(void)state;
	sb_addf(&dir, "%s/templates/formats", root == NULL ? "." : root);
	path = sb_str(&dir);
	formats = formats_load(&path, 1, &e);
	sb_free(&dir);
	if (formats == NULL)
		print_error("%s\n", e.msg);
	return formats == NULL ? -1 : 0;
}

static int
unload(void **state)
{
	(void)state;
	formats_free(formats);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_text_or_openmetrics),
	    cmocka_unit_test(test_long_openmetrics),
	    cmocka_unit_test(test_not_claimed),
	    cmocka_unit_test(test_broken_snapshot),
	    cmocka_unit_test(test_no_formats),
	    cmocka_unit_test(test_shipped_formats),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, load, unload);
}
