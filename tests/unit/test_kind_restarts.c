/* restarts: what a process start time says counts more than a log's silence. */
#include "court_help.h"

#define GONE ((double)NAN)
#define PROFILE(max, more) RUN_PART "criteria: [{id: c, restarts: {max: " #max more "}}]\n"

/* Scrapes at each hour of the ten; the process that each saw began at the given minute. GONE: the scrape says nothing of it. */
static void
scrapes(const double began[11])
{
	int64_t f = court_span("m.om", 0, 600);
	int i;

	for (i = 0; i <= 10; i++) {
		court_sample(f, "reqs_total", "200", i * 60.0, i);
		if (!isnan(began[i]))
			court_sample(f, "process_start_time_seconds", NULL, i * 60.0, (double)MINUTE(began[i]) / 1000);
	}
}

static const struct criterion_result *
judged(const char *profile)
{
	court_judge(profile);
	assert_int_equal(court.v.n_criteria, 1);
	return &court.v.criteria[0];
}

static void
test_by_start_times(void **state)
{
	static const struct {
		const char *what;
		double began[11];
		enum outcome want;
		double observed;
	} cases[] = {
		{"one process throughout", {-5, -5, -5, -5, -5, -5, -5, -5, -5, -5, -5}, OUTCOME_PASS, 0},
		{"restarted once", {-5, -5, -5, -5, 200, 200, 200, 200, 200, 200, 200}, OUTCOME_FAIL, 1},
		{"restarted twice", {-5, -5, -5, -5, 200, 200, 320, 320, 320, 320, 320}, OUTCOME_FAIL, 2},
		{"the last scrape alone tells", {GONE, GONE, GONE, GONE, GONE, GONE, GONE, GONE, GONE, GONE, -5}, OUTCOME_PASS, 0},
		{"only the first half is told", {-5, -5, -5, -5, -5, -5, GONE, GONE, GONE, GONE, GONE}, OUTCOME_INCONCLUSIVE, 0},
		{"began in the middle, seen once", {GONE, GONE, GONE, GONE, GONE, GONE, GONE, GONE, GONE, GONE, 300}, OUTCOME_INCONCLUSIVE, 0},
		{"nothing is told", {GONE, GONE, GONE, GONE, GONE, GONE, GONE, GONE, GONE, GONE, GONE}, OUTCOME_INCONCLUSIVE, 0},
	};
	const struct criterion_result *r;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		court_open();
		court_log(600);
		scrapes(cases[i].began);
		r = judged(PROFILE(0, ));
		if (r->outcome != cases[i].want || r->observed.value != cases[i].observed)
			fail_msg("%s: %s, %g seen: %.*s", cases[i].what, outcome_text(r->outcome), r->observed.value,
			    (int)r->sentence.n, r->sentence.p);
		court_close();
	}
}

static const double steady[11] = {-5, -5, -5, -5, -5, -5, -5, -5, -5, -5, -5};
static const double once[11] = {-5, -5, -5, -5, 200, 200, 200, 200, 200, 200, 200};
static const double silent[11] = {GONE, GONE, GONE, GONE, GONE, GONE, GONE, GONE, GONE, GONE, GONE};

/* A log and a start time that tell of the same restart tell of one; each alone is enough to know of it. */
static void
test_with_logs(void **state)
{
	static const struct {
		const char *what;
		const double *began;
		double event;
		enum outcome want;
		double observed;
		const char *says;
	} cases[] = {
		{"both", once, 199, OUTCOME_FAIL, 1, "1 restart in the run"},
		{"start time alone", once, -1, OUTCOME_FAIL, 1, "no log tells of it"},
		{"log alone, start times silent", silent, 199, OUTCOME_FAIL, 1, "by the logs"},
		{"log alone, start times against it", steady, 199, OUTCOME_FAIL, 1, "by the logs"},
		{"neither, start times rule it out", steady, -1, OUTCOME_PASS, 0, "No restart was seen"},
		{"neither, the log covers the run", silent, -1, OUTCOME_PASS, 0, "No restart was seen"},
	};
	const struct criterion_result *r;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t log;

		court_open();
		log = court_log(600);
		if (cases[i].event >= 0)
			court_event(log, cases[i].event, "GATEWAY_RESTARTED");
		scrapes(cases[i].began);
		r = judged(PROFILE(0, ", event: GATEWAY_RESTART"));
		if (r->outcome != cases[i].want || r->observed.value != cases[i].observed || sv_find(r->sentence, sv_of(cases[i].says)) == r->sentence.n)
			fail_msg("%s: %s, %g seen: %.*s", cases[i].what, outcome_text(r->outcome), r->observed.value,
			    (int)r->sentence.n, r->sentence.p);
		court_close();
	}
}

static void
test_allowed(void **state)
{
	(void)state;
	court_open();
	court_log(600);
	scrapes(once);
	assert_int_equal(judged(PROFILE(1, ))->outcome, OUTCOME_PASS);
	court_close();
}

static void
test_specs_that_are_none(void **state)
{
	static const char *const specs[] = {"0", "{}", "{max: -1}", "{max: many}", "{max: 0, evnt: X}", "{max: 1.5}"};
	char profile[200];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(specs) / sizeof(*specs); i++) {
		snprintf(profile, sizeof(profile), RUN_PART "criteria: [{id: c, restarts: %s}]\n", specs[i]);
		court_open();
		court_log(600);
		assert_int_equal(court_try(profile), -1);
		court_close();
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_start_times),
		cmocka_unit_test(test_with_logs),
		cmocka_unit_test(test_allowed),
		cmocka_unit_test(test_specs_that_are_none),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
