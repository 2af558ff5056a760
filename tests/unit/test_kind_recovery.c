/* recovery: an interval between two samples against a limit; what straddles it, or was not seen, is no pass. */
#include "court_help.h"

/* A gauge that is 1 but for the minutes of the gap, looked at every so many minutes of ten hours. */
static void
gauge(const char *name, double ill, double well, double every)
{
	int64_t f = court_span("m.om", 0, 600);
	int i;

	for (i = 0; i * every <= 600; i++)
		court_sample(f, name, "a", i * every, i * every > ill && i * every < well ? 0 : 1);
}

static const struct {
	const char *what, *spec;
	double ill, well, every; /* of the gauge */
	enum outcome want;
	const char *observed, *says;
} cases[] = {
	{"within", "after: {event: OFF}, within: 5m", 100, 123, 1, OUTCOME_PASS, "2 min to 3 min", "Healthy again 2 min to 3 min after the fault"},
	{"too late", "after: {event: OFF}, within: 2m", 100, 123, 1, OUTCOME_FAIL, "2 min to 3 min", "at most 2 min is allowed"},
	{"straddles", "after: {event: OFF}, within: 150s", 100, 123, 1, OUTCOME_INCONCLUSIVE, "2 min to 3 min", "too far apart"},
	{"coarse samples", "after: {event: OFF}, within: 5m", 100, 121, 60, OUTCOME_INCONCLUSIVE, "an unknown time", "Not seen healthy 3 times"},
	{"one coarse sample is enough", "after: {event: OFF}, within: 5m, hold: 1", 100, 121, 60, OUTCOME_INCONCLUSIVE, "at most 1 h", "too far apart"},
	{"never ill after it", "after: {event: OFF}, within: 5m", 100, 110, 1, OUTCOME_PASS, "at most 1 min", "never seen unhealthy"},
	{"never again", "after: {event: OFF}, within: 5m", 100, 700, 1, OUTCOME_FAIL, "more than 1 h 40 min", "Still not healthy more than"},
	{"samples end", "after: {event: LATE}, within: 5m", 590, 700, 1, OUTCOME_INCONCLUSIVE, "more than 4 min", "too few samples"},
	{"a window's end", "after: {window: chaos}, within: 5m", 100, 123, 1, OUTCOME_PASS, "2 min to 3 min", ""},
	{"no such event", "after: {event: NOPE}, within: 5m", 100, 123, 1, OUTCOME_INCONCLUSIVE, "n/a", "no fault is known"},
	{"one outage", "after: outage, within: 30m", 100, 123, 1, OUTCOME_PASS, "at most 23 min", "after the last good sample"},
	{"a long outage", "after: outage, within: 5m", 100, 123, 1, OUTCOME_INCONCLUSIVE, "at most 23 min", "its cause ended is not known"},
	{"no outage", "after: outage, within: 5m", 700, 701, 1, OUTCOME_INCONCLUSIVE, "n/a", "no outage was seen"},
	{"begins ill", "after: outage, within: 5m", -1, 3, 1, OUTCOME_PASS, "at most 3 min", ""},
	{"held long enough", "after: {event: OFF}, within: 5m, hold: 400", 100, 123, 1, OUTCOME_INCONCLUSIVE, "more than 2 min", ""},
	{"a metric never seen", "after: {event: OFF}, within: 5m, healthy: 'nope == 1'", 100, 123, 1, OUTCOME_INCONCLUSIVE, "an unknown time", "No sample was taken"},
	{"not a number", "after: {event: OFF}, within: 5m, healthy: 'up * (0 / 0) == 1'", 100, 123, 1, OUTCOME_INCONCLUSIVE, "an unknown time", ""},
};

static void
open_court(double ill, double well, double every)
{
	int64_t log;

	court_open();
	log = court_log(600);
	court_event(log, 100, "ON");
	court_event(log, 120, "OFF");
	court_event(log, 596, "LATE");
	gauge("up", ill, well, every);
}

#define PROFILE RUN_PART "windows: {chaos: {from: ON, to: OFF}}\ncriteria: [{id: c, recovery: {%s%s}}]\n"

static void
test_cases(void **state)
{
	const struct criterion_result *r;
	struct sb profile = {0};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		open_court(cases[i].ill, cases[i].well, cases[i].every);
		sb_reset(&profile);
		sb_addf(&profile, PROFILE, cases[i].spec, strstr(cases[i].spec, "healthy") ? "" : ", healthy: 'up == 1'");
		court_judge(sb_str(&profile));
		r = &court.v.criteria[0];
		if (r->outcome != cases[i].want || !sv_is(r->observed.text, cases[i].observed))
			fail_msg("%s: %s, %.*s: %.*s", cases[i].what, outcome_text(r->outcome), (int)r->observed.text.n,
			    r->observed.text.p, (int)r->sentence.n, r->sentence.p);
		says(r->sentence, cases[i].says);
		court_close();
	}
	sb_free(&profile);
}

/* The clock starts when the dependency is back, which is between two samples, too. */
static void
test_dependency(void **state)
{
	static const struct {
		const char *within;
		enum outcome want;
	} ways[] = {{"6m", OUTCOME_PASS}, {"3m", OUTCOME_FAIL}, {"4m", OUTCOME_INCONCLUSIVE}};
	struct sb profile = {0};
	int64_t f;
	int i;

	(void)state;
	for (size_t w = 0; w < 3; w++) {
		open_court(100, 126, 1);
		f = court_span("redis.om", 0, 600);
		for (i = 0; i <= 300; i++)
			court_sample(f, "redis", "a", i * 2, i * 2 > 102 && i * 2 < 122 ? 0 : 1);
		sb_reset(&profile);
		sb_addf(&profile, PROFILE, "healthy: 'up == 1', after: {promql: 'redis == 1'}, within: ", ways[w].within);
		court_judge(sb_str(&profile));
		/* redis back in (120, 122], up again in (125, 126]: more than 3 minutes, at most 6 */
		assert_true(sv_is(court.v.criteria[0].observed.text, "3 min to 6 min"));
		assert_int_equal(court.v.criteria[0].outcome, ways[w].want);
		court_close();
	}
	sb_free(&profile);
}

/* Of two faults the worse one counts, and the second one's beginning ends the wait for the first. */
static void
test_two(void **state)
{
	int64_t log, f;
	int i;

	(void)state;
	court_open();
	log = court_log(600);
	court_event(log, 100, "OFF");
	court_event(log, 300, "OFF");
	f = court_span("m.om", 0, 600);
	for (i = 0; i <= 600; i++)
		court_sample(f, "up", "a", i, (i > 90 && i < 102) || (i > 290 && i < 310) ? 0 : 1);
	court_judge(RUN_PART "criteria: [{id: c, recovery: {healthy: 'up == 1', after: {event: OFF}, within: 5m}}]\n");
	assert_int_equal(court.v.criteria[0].outcome, OUTCOME_FAIL);
	says(court.v.criteria[0].sentence, "9 min to 10 min");
	says(court.v.criteria[0].sentence, "the worst of 2 faults");
	court_close();
}

static void
test_refused(void **state)
{
	static const struct {
		const char *spec, *says;
	} bad[] = {
		{"within: 5m, healthy: 'up == 1'", "'after' is needed"},
		{"after: outage, healthy: 'up == 1'", "'within' must be"},
		{"after: outage, within: 5m", "'healthy' is needed"},
		{"after: outage, within: 5m, healthy: up", "a comparison is needed"},
		{"after: sometimes, within: 5m, healthy: 'up == 1'", "'after' must be"},
		{"after: {event: A, window: chaos}, within: 5m, healthy: 'up == 1'", "'after' must be"},
		{"after: {window: nope}, within: 5m, healthy: 'up == 1'", "nope"},
		{"after: {evnt: A}, within: 5m, healthy: 'up == 1'", "event"},
		{"after: {event: [A]}, within: 5m, healthy: 'up == 1'", "the name of an event"},
		{"after: outage, within: 5m, healthy: 'up == 1', hold: 0", "from 1 to"},
		{"after: outage, within: 5m, healthy: 'up == 1', hodl: 3", "hold"},
	};
	struct sb profile = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		open_court(100, 123, 60);
		sb_reset(&profile);
		sb_addf(&profile, PROFILE, bad[i].spec, "");
		assert_int_equal(court_try(sb_str(&profile)), -1);
		if (strstr(err.msg, bad[i].says) == NULL || strncmp(err.msg, "p.yaml:", 7) != 0)
			fail_msg("%s: %s", bad[i].spec, err.msg);
		court_close();
	}
	sb_free(&profile);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_dependency),
		cmocka_unit_test(test_two),
		cmocka_unit_test(test_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
