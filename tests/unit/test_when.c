#include "store_help.h"

#include "ingest/when.h"

static struct store *s;
static struct profile *p;
static struct arena a;
static struct time_zone *zone;

static int
setup(void **state)
{
	char path[96];

	make_folder(state);
	snprintf(path, sizeof(path), "%s/w.db", folder);
	s = store_open(path, STORE_WRITE, &err);
	return s == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	store_close(s);
	profile_free(p);
	p = NULL;
	arena_free(&a);
	time_zone_free(zone);
	zone = NULL;
	return drop_folder(state);
}

/* A content of that name with what follows: "T NAME" events and "PATH=TEXT" facts, one a line. */
static void
says(const char *name, const char *lines)
{
	struct store_content c = {.format = "t", .complete = true, .first_ms = TIME_NONE, .last_ms = TIME_NONE};
	struct sv rest = sv_of(lines), line, left;
	int64_t content, n = 0;
	bool fresh;

	digest_of(sv_of(name), c.sha256);
	OK(store_begin(s, &err));
	content = OK(store_content_new(s, &err));
	while (sv_split(&rest, '\n', &line)) {
		struct store_event ev = {.t_end = TIME_NONE, .kind = SV("state"), .text = SV(""), .line = ++n};
		struct store_fact f = {.line = n};

		left = line;
		if (sv_chr(line, '=') < line.n) {
			sv_split(&left, '=', &f.path);
			f.text = left;
			f.value = NAN;
			OK(store_add_run(s, content, &f, &err));
		} else if (line.n > 0) {
			struct sv t;

			sv_split(&left, ' ', &t);
			assert_true(time_parse(t, &ev.t));
			ev.name = left;
			OK(store_add_event(s, content, &ev, &err));
		}
	}
	OK(store_content_done(s, content, &c, &err));
	OK(store_add_artifact(s, content, sv_of(name), &fresh, &err));
	OK(store_end(s, 0, &err));
}

static void
profile(const char *run)
{
	char text[1024];

	profile_free(p);
	snprintf(text, sizeof(text), "profile: t\n%s\ncriteria:\n  - id: c\n    events: {name: X, count: 1}\n", run);
	p = profile_parse("p.yaml", sv_of(text), &err);
	if (p == NULL)
		fail_msg("%s", err.msg);
}

/* Start and end with their sources, on two lines. */
static void
run_is(int64_t start, const char *want)
{
	char from[TIME_TEXT], to[TIME_TEXT];
	struct when_run run;
	struct sb got = {0};

	OK(when_run(s, p, start, &a, &run, &err));
	sb_addf(&got, "%s: %.*s\n%s: %.*s%s\n", time_text(run.start, from), (int)run.start_source.n,
	    run.start_source.p, time_text(run.end, to), (int)run.end_source.n, run.end_source.p,
	    run.end_planned ? " (planned)" : "");
	assert_string_equal(sb_str(&got), want);
	sb_free(&got);
}

static void
test_event_and_duration(void **state)
{
	(void)state;
	says("soak-events.log", "\n2026-01-12T06:00:00Z SOAK_TEST_STARTED\n2026-01-12T18:00:00Z CHAOS_MODE_ON");
	profile("run: {start: {event: SOAK_TEST_STARTED}, duration: 24h}");
	run_is(TIME_NONE, "2026-01-12T06:00:00Z: event SOAK_TEST_STARTED (soak-events.log:2)\n"
	    "2026-01-13T06:00:00Z: start + 1d (the profile) (planned)\n");
	/* --start beats the profile. */
	run_is(NOW + TIME_HOUR, "2026-01-12T07:00:00Z: --start\n"
	    "2026-01-13T07:00:00Z: start + 1d (the profile) (planned)\n");
}

static void
test_nothing_known(void **state)
{
	(void)state;
	run_is(TIME_NONE, "unknown: no profile says\nunknown: no profile says\n");
	profile("run: {start: {event: NEVER}, duration: 24h}");
	run_is(TIME_NONE, "unknown: no event NEVER\nunknown: the run's start or duration is unknown\n");
}

static void
test_end_event(void **state)
{
	(void)state;
	/* An end of an earlier run does not end this one. */
	says("e.log", "2026-01-11T07:00:00Z DONE\n2026-01-12T06:00:00Z BEGUN\n2026-01-12T09:00:00Z DONE");
	profile("run: {start: {event: BEGUN}, end: {event: DONE}, duration: 24h}");
	run_is(TIME_NONE, "2026-01-12T06:00:00Z: event BEGUN (e.log:2)\n2026-01-12T09:00:00Z: event DONE (e.log:3)\n");
	profile("run: {start: {event: BEGUN}, end: {event: STOPPED}, duration: 2h}");
	run_is(TIME_NONE, "2026-01-12T06:00:00Z: event BEGUN (e.log:2)\n"
	    "2026-01-12T08:00:00Z: start + 2h (the profile) (planned)\n");
}

static void
test_facts(void **state)
{
	(void)state;
	says("a/run-metadata.json", "started_at=2026-01-12T06:00:00.500Z\nhours=48\nlong=1d12h\nbad=soon");
	profile("run: {start: {artifact: run-metadata.json, path: started_at}, "
	    "duration: {artifact: run-metadata.json, path: hours, unit: 1h}}");
	run_is(TIME_NONE, "2026-01-12T06:00:00.500Z: started_at (a/run-metadata.json:1)\n"
	    "2026-01-14T06:00:00.500Z: start + 2d (a/run-metadata.json:2) (planned)\n");
	profile("run: {start: {artifact: run-metadata.json, path: started_at}, "
	    "duration: {artifact: '*.json', path: long}}");
	run_is(TIME_NONE, "2026-01-12T06:00:00.500Z: started_at (a/run-metadata.json:1)\n"
	    "2026-01-13T18:00:00.500Z: start + 1d12h (a/run-metadata.json:3) (planned)\n");
	profile("run: {start: {artifact: run-metadata.json, path: bad}, duration: 1h}");
	run_is(TIME_NONE, "unknown: a/run-metadata.json:4: bad is 'soon', which is not a time\n"
	    "unknown: the run's start or duration is unknown\n");
	profile("run: {start: {artifact: other.json, path: started_at}, duration: 1h}");
	run_is(TIME_NONE, "unknown: no started_at in other.json\n"
	    "unknown: the run's start or duration is unknown\n");
	/* Two artifacts that disagree are not to be chosen from. */
	says("b/run-metadata.json", "started_at=2026-01-12T07:00:00Z");
	profile("run: {start: {artifact: run-metadata.json, path: started_at}, duration: 1h}");
	struct when_run run;
	assert_int_equal(when_run(s, p, TIME_NONE, &a, &run, &err), -1);
	assert_non_null(strstr(err.msg, "2026-01-12T06:00:00.500Z"));
	assert_non_null(strstr(err.msg, "b/run-metadata.json:1"));
}

static void
test_several(void **state)
{
	struct when_run run;

	(void)state;
	says("e.log", "2026-01-12T06:00:00Z GO one\n2026-01-12T07:00:00Z GO two\n2026-01-12T08:00:00Z GO\n"
	    "2026-01-12T09:00:00Z GO\n2026-01-12T10:00:00Z GO\n2026-01-12T11:00:00Z GO\n"
	    "2026-01-12T12:00:00Z GO\n2026-01-12T13:00:00Z GO");
	profile("run: {start: {event: GO}, duration: 1h}");
	assert_int_equal(when_run(s, p, TIME_NONE, &a, &run, &err), -1);
	assert_int_equal(err.code, ERR_USAGE);
	assert_string_equal(err.msg, "p.yaml:2:14: event 'GO' happened 6 times: 2026-01-12T08:00:00Z (e.log:3), "
	    "2026-01-12T09:00:00Z (e.log:4), 2026-01-12T10:00:00Z (e.log:5), 2026-01-12T11:00:00Z (e.log:6), "
	    "2026-01-12T12:00:00Z (e.log:7), ...; say which one: {event: ..., pick: first} or "
	    "{event: ..., pick: last}");
	profile("run: {start: {event: GO, pick: first}, duration: 1h}");
	run_is(TIME_NONE, "2026-01-12T08:00:00Z: event GO (e.log:3)\n"
	    "2026-01-12T09:00:00Z: start + 1h (the profile) (planned)\n");
	profile("run: {start: {event: GO, pick: last}, duration: 1h}");
	run_is(TIME_NONE, "2026-01-12T13:00:00Z: event GO (e.log:8)\n"
	    "2026-01-12T14:00:00Z: start + 1h (the profile) (planned)\n");
	/* A prefix, since nothing is called exactly so. */
	profile("run: {start: {event: 'GO t'}, duration: 1h}");
	run_is(TIME_NONE, "2026-01-12T07:00:00Z: event GO t (e.log:2)\n"
	    "2026-01-12T08:00:00Z: start + 1h (the profile) (planned)\n");
}

static void
test_hours(void **state)
{
	struct profile_when w = {.kind = WHEN_EVENT, .event = SV("Capturing hour {hour}"), .pick = PICK_LAST};
	struct profile_captures c = {.name = {SV("hour")}, .value = {1}, .n = 1};
	struct when_run run = {.start = NOW, .end = TIME_NONE, .duration = TIME_NONE};
	struct sv why;
	int64_t t;

	(void)state;
	says("e.log", "2026-01-12T07:00:00Z Capturing hour 12\n2026-01-12T08:00:00Z Capturing hour 3: late");
	/* "hour 1" is no prefix of "hour 12". */
	assert_int_equal(when_resolve(s, &w, &run, &c, NULL, &a, &t, &why, &err), 0);
	assert_true(sv_is(why, "no event Capturing hour 1"));
	c.value[0] = 3;
	assert_int_equal(when_resolve(s, &w, &run, &c, NULL, &a, &t, &why, &err), 1);
	assert_int_equal(t, NOW + 2 * TIME_HOUR);

	w = (struct profile_when){.kind = WHEN_EXPR, .expr = SV("run.start + ({hour} + 1) * 1h")};
	assert_int_equal(when_resolve(s, &w, &run, &c, NULL, &a, &t, &why, &err), 1);
	assert_int_equal(t, NOW + 4 * TIME_HOUR);
	assert_true(sv_is(why, "run.start + ({hour} + 1) * 1h, hour = 3"));
	c.value[0] = INT64_MAX;
	assert_int_equal(when_resolve(s, &w, &run, &c, NULL, &a, &t, &why, &err), 0);
	w.expr = SV("run.end");
	assert_int_equal(when_resolve(s, &w, &run, NULL, NULL, &a, &t, &why, &err), 0);
	assert_true(sv_is(why, "the run's end is unknown"));
	w.expr = SV("run.stat");
	assert_int_equal(when_resolve(s, &w, &run, NULL, NULL, &a, &t, &why, &err), -1);
}

static void
name_is(const char *name, const char *want)
{
	struct sv part;
	char text[TIME_TEXT];
	int64_t t;

	if (!when_name(sv_of(name), zone, &t, &part))
		t = TIME_NONE;
	if (strcmp(time_text(t, text), want) != 0)
		fail_msg("%s: %s instead of %s", name, text, want);
}

static void
test_names(void **state)
{
	struct sv part;
	int64_t t;

	(void)state;
	name_is("metrics-1795191178.prom", "2026-11-20T16:12:58Z");
	name_is("metrics-1795191178123.prom", "2026-11-20T16:12:58.123Z");
	name_is("x-20260113T060112Z.prom", "2026-01-13T06:01:12Z");
	name_is("2026-01-13T06-01-12Z.prom", "2026-01-13T06:01:12Z");
	name_is("2026-01-13T06-01-12-123Z.prom", "2026-01-13T06:01:12.123Z");
	name_is("2026-01-13T06:01:12.123Z.prom", "2026-01-13T06:01:12.123Z");
	/* Said twice is said once; said otherwise is ambiguous. */
	name_is("20260113T060112Z-20260113T060112Z", "2026-01-13T06:01:12Z");
	name_is("20260113T060112Z-20260113T060113Z", "unknown");
	/* No time: a date, a number, a digest, an impossible moment, an offset. */
	name_is("soak-h10.prom", "unknown");
	name_is("2026-01-13.prom", "unknown");
	name_is("20260113.prom", "unknown");
	name_is("0000000010.prom", "unknown");
	name_is("ab1795191178cd.prom", "unknown");
	name_is("17951911781.prom", "unknown");
	name_is("20261313T060112Z.prom", "unknown");
	name_is("20260113T060112+0200.prom", "unknown");
	name_is("", "unknown");
	/* Local times need the zone. */
	name_is("artifacts-20260113-060112.prom", "unknown");
	zone = time_zone_open("Africa/Johannesburg", &err);
	if (zone == NULL)
		skip();
	name_is("artifacts-20260113-060112.prom", "2026-01-13T04:01:12Z");
	name_is("20260113060112.prom", "2026-01-13T04:01:12Z");
	name_is("2026-01-13_060112.prom", "2026-01-13T04:01:12Z");
	name_is("2026-01-13 06.01.12.prom", "2026-01-13T04:01:12Z");
	assert_true(when_name(SV("a-20260113-060112.prom"), zone, &t, &part));
	assert_true(sv_is(part, "20260113-060112"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_event_and_duration, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nothing_known, setup, teardown),
		cmocka_unit_test_setup_teardown(test_end_event, setup, teardown),
		cmocka_unit_test_setup_teardown(test_facts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_several, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hours, setup, teardown),
		cmocka_unit_test_setup_teardown(test_names, setup, teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
