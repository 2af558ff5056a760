/* apdex: from the buckets of a histogram. */
#include "court_help.h"

/* An hour, a sample a minute: of 100 requests each 60 within T, 90 within 4 T. */
static void
evidence(int until)
{
	int64_t f = court_span("m.om", 0, 60);
	int i;

	court_log(60);
	for (i = 0; i <= until; i++) {
		court_sample(f, "b_bucket", "t", i, i * 60);
		court_sample(f, "b_bucket", "4t", i, i * 90);
		court_sample(f, "b_count", "a", i, i * 100);
		court_sample(f, "idle_count", "a", i, 3);
	}
}

static const struct {
	const char *total, *objective;
	int until;
	enum outcome want;
	const char *says;
} cases[] = {
	{"b_count", "0.7", 60, OUTCOME_PASS, "Apdex 0.75[3.0] fair in the run; required at least 0.7; 100 % of the run covered."},
	{"b_count", "0.85", 60, OUTCOME_FAIL, "Apdex 0.75[3.0] fair"},
	{"b_count", "0.7", 30, OUTCOME_INCONCLUSIVE, "only 50 % of the run covered"},
	{"idle_count", "0.7", 60, OUTCOME_INCONCLUSIVE, "No traffic"},
	{"nope_count", "0.7", 60, OUTCOME_INCONCLUSIVE, "nope_count was not counted"},
	{"'b_bucket{code=\"t\"}'", "0.7", 60, OUTCOME_INCONCLUSIVE, "do not belong together"},
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
		evidence(cases[i].until);
		sb_reset(&profile);
		sb_addf(&profile, RUN_PART "criteria: [{id: c, objective: %s, apdex: {satisfied: 'b_bucket{code=\"t\"}', tolerating: 'b_bucket{code=\"4t\"}', "
		    "total: %s, threshold: 3s}}]\n", cases[i].objective, cases[i].total);
		court_judge(sb_str(&profile));
		r = &court.v.criteria[0];
		if (r->outcome != cases[i].want || sv_find(r->sentence, sv_of(cases[i].says)) == r->sentence.n)
			fail_msg("%zu: %s: %.*s", i, outcome_text(r->outcome), (int)r->sentence.n, r->sentence.p);
		court_close();
	}
	sb_free(&profile);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
