/* availability: what checks say, with bounds from the interval between them. */
#include "court_help.h"

/* Ten hours, a check a minute: a is down from 100 to 109; b is good; gap: nobody checked b from 300 to 400. */
static void
evidence(bool gap)
{
	int64_t f = court_span("m.om", 0, 600), log = court_log(600);
	int i;

	court_event(log, 95, "MAINTENANCE_ON");
	court_event(log, 115, "MAINTENANCE_OFF");
	for (i = 0; i <= 600; i++) {
		court_sample(f, "probe_success", "a", i, i < 100 || i > 109);
		if (!gap || i < 300 || i > 400)
			court_sample(f, "probe_success", "b", i, 1);
	}
}

static const struct {
	const char *what, *criterion;
	bool gap;
	enum outcome want;
	const char *says;
} cases[] = {
	{"down for ten minutes", "availability: {checks: 'probe_success{code=\"a\"}'}, objective: 99%", false, OUTCOME_FAIL,
	    "98.33 % available (98.17 to 98.50 %), 1 outage of 10 min in all, the longest from 2026-01-12T07:40:00Z (confirmed 2026-01-12T07:41:00Z) for 10 min (9 min to 11 min)"},
	{"which is allowed", "availability: {checks: 'probe_success{code=\"a\"}'}, objective: 98%", false, OUTCOME_PASS, "98.33 %"},
	{"the limit is inside the bounds", "availability: {checks: 'probe_success{code=\"a\"}'}, objective: 98.4%", false, OUTCOME_INCONCLUSIVE, "98.33"},
	{"no outage so long", "availability: {checks: probe_success, max_outage: 11m}", false, OUTCOME_PASS, "the worst of 2"},
	{"one may be", "availability: {checks: probe_success, max_outage: 10m}", false, OUTCOME_INCONCLUSIVE, "9 min to 11 min"},
	{"one is", "availability: {checks: probe_success, max_outage: 5m}", false, OUTCOME_FAIL, ""},
	{"all of them together", "availability: {checks: probe_success, max_down: 5m}", false, OUTCOME_FAIL, ""},
	{"maintenance", "availability: {checks: probe_success, exclude: [maintenance]}, objective: 99.99%", false, OUTCOME_PASS, "no outage was confirmed"},
	{"needs more failures", "availability: {checks: probe_success, confirm: 11}, objective: 99.99%", false, OUTCOME_PASS, "no outage was confirmed"},
	{"a gap is no uptime", "availability: {checks: 'probe_success{code=\"b\"}'}, objective: 99%", true, OUTCOME_INCONCLUSIVE, "only 83.16 % of the run covered"},
	{"but hides no outage", "availability: {checks: probe_success}, objective: 99%", true, OUTCOME_FAIL, "98.33 % available"},
	{"no check", "availability: {checks: nope}, objective: 99%", false, OUTCOME_INCONCLUSIVE, "no check was made"},
};

static void
test_cases(void **state)
{
	const struct criterion_result *r;
	struct sb profile = {0};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		court_open();
		evidence(cases[i].gap);
		sb_reset(&profile);
		sb_addf(&profile, RUN_PART "windows: {maintenance: {from: MAINTENANCE_ON, to: MAINTENANCE_OFF}}\ncriteria: [{id: c, %s}]\n",
		    cases[i].criterion);
		court_judge(sb_str(&profile));
		r = &court.v.criteria[0];
		if (r->outcome != cases[i].want || sv_find(r->sentence, sv_of(cases[i].says)) == r->sentence.n + (cases[i].says[0] == '\0'))
			fail_msg("%s: %s: %.*s", cases[i].what, outcome_text(r->outcome), (int)r->sentence.n, r->sentence.p);
		if (r->outcome == OUTCOME_INCONCLUSIVE)
			assert_true(r->settle.n > 0);
		court_close();
	}
	sb_free(&profile);
}

static void
test_refused(void **state)
{
	static const struct {
		const char *criterion, *why;
	} bad[] = {{"availability: 1, objective: 99%", "availability must be a map"}, {"availability: {}, objective: 99%", "'checks' is needed"},
	    {"availability: {checks: up}", "needs an objective, 'max_outage' or 'max_down'"},
	    {"availability: {checks: up, confirm: 0}, objective: 99%", "'confirm' must be a whole number"},
	    {"availability: {checks: up, confirm: 3, of: 2}, objective: 99%", "'of' must be at least 'confirm'"},
	    {"availability: {checks: up, max_outage: soon}", "'max_outage' must be a duration"},
	    {"availability: {checks: up}, objective: '>= 5'", "the objective is a ratio"},
	    {"availability: {checks: up, ever: 1m}, objective: 99%", "unknown key 'ever', did you mean 'every'?"}};
	struct sb profile = {0};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		court_open();
		evidence(false);
		sb_reset(&profile);
		sb_addf(&profile, RUN_PART "criteria: [{id: c, %s}]\n", bad[i].criterion);
		assert_int_equal(court_try(sb_str(&profile)), -1);
		if (strstr(err.msg, bad[i].why) == NULL)
			fail_msg("%s: %s", bad[i].criterion, err.msg);
		court_close();
	}
	sb_free(&profile);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
