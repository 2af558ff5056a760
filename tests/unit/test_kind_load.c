/* load and capacity: what was not there was not tested, and one lucky step carries nothing. */
#include "court_help.h"

extern const struct kind kind_load, kind_capacity;

/*
 * Minutes 0 to 10: users climb by 10 a minute up to 100; latency is 0.1 and 0.9 from the stated minute on, or at that minute
 * only. Of the load nothing is known before minute `from`.
 */
static void
climb(double from, int slow, bool only, const char *configured)
{
	int64_t f;
	int i;

	court_open();
	court_event(court_log(10), 3, "THREE");
	f = court_span("m.om", 0, 10);
	for (i = 0; i <= 10; i++) {
		if (i >= from)
			court_sample(f, "users", NULL, i, 10 * i);
		court_sample(f, "latency", "a", i, i == slow || (i > slow && !only) ? 0.9 : 0.1);
		court_sample(f, "latency", "b", i, 0.1);
		court_sample(f, "broken", NULL, i, (double)NAN);
	}
	f = court_file("conf.json");
	if (configured != NULL)
		court_fact(f, "users", configured);
}

static const struct {
	const char *what, *spec;
	double from;
	int slow;
	bool only;
	const char *configured;
	enum outcome want;
	const char *observed, *says;
} cases[] = {
    {"reached", "load: {reached: users, planned: users}", 0, 99, false, "100", OUTCOME_PASS, "100", "The planned load was there: 100 of 100."},
    {"at the edge of the tolerance", "load: {reached: users, planned: 105.2, tolerance: 5%}", 0, 99, false, NULL, OUTCOME_PASS, "100", ""},
    {"below it", "load: {reached: users, planned: 105.3, tolerance: 5%}", 0, 99, false, NULL, OUTCOME_INCONCLUSIVE, "100",
	"The planned load was not reached: 100 of 105.3. What was measured says nothing"},
    {"more than planned", "load: {reached: users, planned: 50}", 0, 99, false, NULL, OUTCOME_PASS, "100", ""},
    {"at the window's end", "over: early, load: {reached: users, planned: 100}", 0, 99, false, NULL, OUTCOME_INCONCLUSIVE, "30", ""},
    {"the smallest of several", "load: {reached: latency, planned: 0.9}", 0, 5, false, NULL, OUTCOME_INCONCLUSIVE, "0.1", ""},
    {"no plan", "load: {reached: users, planned: users}", 0, 99, false, NULL, OUTCOME_INCONCLUSIVE, "n/a", "no artifact states users"},
    {"a plan of nothing", "load: {reached: users, planned: '0'}", 0, 99, false, NULL, OUTCOME_INCONCLUSIVE, "n/a", "not above 0"},
    {"no samples", "load: {reached: nobody, planned: 100}", 0, 99, false, NULL, OUTCOME_INCONCLUSIVE, "n/a", "no value"},
    {"not a number", "load: {reached: broken, planned: 100}", 0, 99, false, NULL, OUTCOME_INCONCLUSIVE, "n/a", "no value"},
    {"a range too short", "load: {reached: 'rate(users[10s])', planned: 100}", 0, 99, false, NULL, OUTCOME_INCONCLUSIVE, "n/a",
	"too short"},
    {"a window that is not there", "over: lost, load: {reached: users, planned: 1}", 0, 99, false, NULL, OUTCOME_INCONCLUSIVE, "n/a",
	"not known"},

    {"held at all loads, and enough", "capacity: {load: users, holds: ['latency < 0.5']}, objective: '>= 100'", 0, 99, false, NULL,
	OUTCOME_PASS, "100", "The baselines hold up to 100; required at least 100; they never broke, and the load was never above 100"},
    {"never loaded enough", "capacity: {load: users, holds: ['latency < 0.5']}, objective: '>= 101'", 0, 99, false, NULL,
	OUTCOME_INCONCLUSIVE, "100", "they never broke"},
    {"broke above it", "capacity: {load: users, holds: ['latency < 0.5']}, objective: '>= 70'", 0, 8, false, NULL, OUTCOME_PASS, "70",
	"the lowest load at which one broke is 80"},
    {"broke below it", "capacity: {load: users, holds: ['latency < 0.5']}, objective: '> 80'", 0, 8, false, NULL, OUTCOME_FAIL, "70", ""},
    {"between what held and what broke", "capacity: {load: users, holds: ['latency < 0.5']}, objective: '>= 75'", 0, 8, false, NULL,
	OUTCOME_INCONCLUSIVE, "70", ""},
    {"one that broke early is not outvoted", "capacity: {load: users, holds: ['latency < 0.5']}, objective: '>= 50'", 0, 2, true, NULL,
	OUTCOME_FAIL, "10", "the lowest load at which one broke is 20"},
    {"broke at once", "capacity: {load: users, holds: ['latency < 0.5']}, objective: '>= 1'", 0, 0, false, NULL, OUTCOME_FAIL, "0",
	"The baselines hold at no load"},
    {"the worst of the baselines", "capacity: {load: users, holds: ['users < 95', 'latency < 0.5']}, objective: '>= 90'", 0, 99, false,
	NULL, OUTCOME_PASS, "90", "the lowest load at which one broke is 100"},
    {"a baseline that nobody measured", "capacity: {load: users, holds: ['latency < 0.5', 'nobody < 1']}, objective: '>= 1'", 0, 99, false,
	NULL, OUTCOME_INCONCLUSIVE, "n/a", "at no step"},
    {"a baseline that is no number", "capacity: {load: users, holds: ['broken < 1']}, objective: '>= 1'", 0, 99, false, NULL,
	OUTCOME_INCONCLUSIVE, "n/a", "at no step"},
    {"too few steps", "capacity: {load: users, holds: ['latency < 0.5']}, objective: '>= 10'", 1, 99, false, NULL, OUTCOME_INCONCLUSIVE,
	"100", "10 of 11 steps have all values"},
    {"too few steps, and broke", "capacity: {load: users, holds: ['latency < 0.5']}, objective: '>= 100'", 1, 5, false, NULL, OUTCOME_FAIL,
	"40", ""},
    {"few, and that is allowed", "min_coverage: 90%, capacity: {load: users, holds: ['latency < 0.5']}, objective: '>= 10'", 1, 99, false,
	NULL, OUTCOME_PASS, "100", ""},
    {"a load of several series", "capacity: {load: latency, holds: ['latency < 0.5']}, objective: '>= 1'", 0, 99, false, NULL,
	OUTCOME_INCONCLUSIVE, "n/a", "several series"},
    {"a load that nobody measured", "capacity: {load: nobody, holds: ['latency < 0.5']}, objective: '>= 1'", 0, 99, false, NULL,
	OUTCOME_INCONCLUSIVE, "n/a", "at no step"},
    {"a range too short for capacity", "capacity: {load: users, holds: ['rate(latency[10s]) < 0.5']}, objective: '>= 1'", 0, 99, false, NULL,
	OUTCOME_INCONCLUSIVE, "n/a", "too short"},
};

static void
test_cases(void **state)
{
	struct sb text = {0};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct criterion_result *r;

		climb(cases[i].from, cases[i].slow, cases[i].only, cases[i].configured);
		sb_reset(&text);
		sb_addf(&text, RUN_PART "windows: {early: {from: BEGIN, to: THREE}, lost: {from: NOT, to: EVER}}\ncriteria: [{id: c, %s}]\n",
		    cases[i].spec);
		r = &court_judge(sb_str(&text))->criteria[0];
		if (r->outcome != cases[i].want || !sv_is(r->observed.text, cases[i].observed) ||
		    (r->settle.n > 0) != (r->outcome == OUTCOME_INCONCLUSIVE))
			fail_msg("%s: %s, %.*s: %.*s", cases[i].what, outcome_text(r->outcome), (int)r->observed.text.n, r->observed.text.p,
			    (int)r->sentence.n, r->sentence.p);
		if (cases[i].says[0] != '\0')
			says(r->sentence, cases[i].says);
		court_close();
	}
	sb_free(&text);
}

static void
test_duration(void **state)
{
	static const struct {
		const char *run;
		enum outcome want;
		const char *says;
	} rows[] = {
	    {"run: {start: {event: BEGIN}, end: {event: END}, duration: 10m}\n", OUTCOME_PASS, "The planned load was there: 10 min of 10 min."},
	    {"run: {start: {event: BEGIN}, end: {event: END}, duration: 10m31s}\n", OUTCOME_PASS, ""},
	    {"run: {start: {event: BEGIN}, end: {event: END}, duration: 10m32s}\n", OUTCOME_INCONCLUSIVE, "not reached: 10 min of 10 min 32 s"},
	    {"run: {start: {event: BEGIN}, duration: 10m}\n", OUTCOME_INCONCLUSIVE, "nothing says when the run really began and ended"},
	    {"run: {end: {event: END}, duration: 10m}\n", OUTCOME_INCONCLUSIVE, "nothing says when the run really began and ended"},
	    {"run: {start: {event: BEGIN}, end: {event: END}}\n", OUTCOME_INCONCLUSIVE, "how long the run should last"},
	};
	char text[300];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		climb(0, 99, false, NULL);
		snprintf(text, sizeof(text), "profile: t\n%scriteria: [{id: c, load: {duration: planned}}]\n", rows[i].run);
		court_judge(text);
		if (court.v.criteria[0].outcome != rows[i].want)
			fail_msg("%s: %.*s", rows[i].run, (int)court.v.criteria[0].sentence.n, court.v.criteria[0].sentence.p);
		if (rows[i].says[0] != '\0')
			says(court.v.criteria[0].sentence, rows[i].says);
		court_close();
	}
}

static void
test_refused(void **state)
{
	static const char *const rows[][2] = {
	    {"load: 5", "load must be a map"},
	    {"load: {}", "one of 'reached' and 'duration'"},
	    {"load: {reached: up}", "needs 'planned'"},
	    {"load: {reached: 'up{', planned: 1}", "reached: "},
	    {"load: {reached: up, planned: '1 +'}", "planned: "},
	    {"load: {reached: up, planned: 1, tolerance: 5}", "a share such as 5%"},
	    {"load: {reached: up, planned: 1, tolerance: '5'}", "a share such as 5%"},
	    {"load: {reached: up, planned: 1, duration: planned}", "one of 'reached' and 'duration'"},
	    {"load: {duration: planned, planned: 5}", "goes with 'reached'"},
	    {"load: {duration: 24h}", "duration: planned"},
	    {"load: {reachd: up, planned: 1}", "did you mean 'reached'"},
	    {"load: {reached: up, planned: 1}, objective: '>= 1'", "takes the place of 'objective'"},
	    {"capacity: up, objective: '>= 1'", "capacity must be a map"},
	    {"capacity: {load: up}, objective: '>= 1'", "needs 'load' and 'holds'"},
	    {"capacity: {load: up, holds: []}, objective: '>= 1'", "needs 'load' and 'holds'"},
	    {"capacity: {load: up, holds: ['up']}, objective: '>= 1'", "a comparison is needed"},
	    {"capacity: {load: 'up{', holds: ['up > 1']}, objective: '>= 1'", "load: "},
	    {"capacity: {load: up, holds: ['up > 1']}", "an objective such as"},
	    {"capacity: {load: up, holds: ['up > 1']}, objective: '<= 5'", "an objective such as"},
	    {"capacity: {load: up, holds: ['up > 1']}, objective: 90%", "an objective such as"},
	    {"capacity: {load: up, holds: ['up > 1'], step: 1ms}, objective: '>= 1'", "at least a second"},
	    {"capacity: {load: up, holds: ['up > 1']}, objective: '>= 1', warn: '>= 2'", "takes no 'warn'"},
	};
	char text[300];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		court_open();
		snprintf(text, sizeof(text), "profile: t\ncriteria:\n- {id: c, %s}\n", rows[i][0]);
		if (court_try(text) != -1)
			fail_msg("accepted: %s", rows[i][0]);
		says(sv_of(err.msg), rows[i][1]);
		says(sv_of(err.msg), "p.yaml:3:");
		court_close();
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_cases, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(test_duration, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(test_refused, make_folder, drop_folder),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
