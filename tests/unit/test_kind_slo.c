/* slo: the profile's objective in the run, and its alerts on burn rates. */
#include "court_help.h"

/* Three hours, a sample a minute, 100 requests each; every "nth" minute one is bad; a burst of 30 a minute from 90 to 100. */
static void
evidence(int nth, bool burst, int until)
{
	int64_t f = court_span("m.om", 0, 180);
	int i, bad = 0;

	court_log(180);
	for (i = 0; i <= until; i++) {
		bad += i > 0 && i % nth == 0;
		bad += burst && i > 90 && i <= 100 ? 30 : 0;
		court_sample(f, "req_total", "200", i, i * 100 - bad);
		court_sample(f, "req_total", "500", i, bad);
		court_sample(f, "idle_total", "200", i, 7);
	}
}

static const struct {
	const char *what, *slo, *criterion;
	int nth, until;
	bool burst;
	enum outcome want;
	const char *says;
} cases[] = {
	{"met", "objective: 99%", "slo: a", 10, 180, false, OUTCOME_PASS, "99.90 % in the run, required at least 99 %; 100 % of the run covered. 3 h observed of a 30-day window (0.42 %). Burn 0.10"},
	{"missed", "objective: 99.95%", "slo: a", 10, 180, false, OUTCOME_FAIL, "required at least 99.95 %"},
	{"met, but a page went out", "objective: 98%", "slo: a", 1000, 180, true, OUTCOME_PASS, "98.33"},
	{"a page went out", "objective: 98.2%, period: 3d", "slo: a", 1000, 180, true, OUTCOME_FAIL, "the 1h alert on burn above 1.4 fired from"},
	{"which is not asked for", "objective: 98.2%, period: 3d", "slo: {id: a, alerts: []}", 1000, 180, true, OUTCOME_PASS, ""},
	{"too short for the long windows", "objective: 99%", "slo: a", 10, 180, false, OUTCOME_PASS, "Not evaluable: windows of 6h, 1d, 3d."},
	{"half of it is not covered", "objective: 99%", "slo: a", 10, 90, false, OUTCOME_INCONCLUSIVE, "only 50 % of the run covered"},
	{"too few to prove it", "objective: 99.99%", "slo: a, mode: demonstrated", 1000, 180, false, OUTCOME_INCONCLUSIVE, "Demonstrated with 95 % confidence: at least 99.98"},
	{"and enough", "objective: 99.9%", "slo: a, mode: demonstrated", 1000, 180, false, OUTCOME_PASS, "Nothing was bad in 18 000"},
};

static void
judge(const char *slo, const char *sli, const char *criterion)
{
	struct sb profile = {0};

	sb_addf(&profile, RUN_PART "slos: [{id: a, sli: %s, %s}]\ncriteria: [{id: c, %s}]\n", sli, slo, criterion);
	court_judge(sb_str(&profile));
	sb_free(&profile);
}

#define REQ "{total: req_total, bad: 'req_total{code=\"500\"}'}"

static void
test_cases(void **state)
{
	const struct criterion_result *r;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		court_open();
		evidence(cases[i].nth, cases[i].burst, cases[i].until);
		judge(cases[i].slo, REQ, cases[i].criterion);
		r = &court.v.criteria[0];
		if (r->outcome != cases[i].want || sv_find(r->sentence, sv_of(cases[i].says)) == r->sentence.n + (cases[i].says[0] == '\0'))
			fail_msg("%s: %s: %.*s", cases[i].what, outcome_text(r->outcome), (int)r->sentence.n, r->sentence.p);
		if (r->outcome == OUTCOME_INCONCLUSIVE)
			assert_true(r->settle.n > 0);
		assert_int_equal(r->n_sources, 1);
		court_close();
	}
}

static void
test_nothing(void **state)
{
	(void)state;
	court_open();
	evidence(10, false, 180);
	judge("objective: 99%", "{total: idle_total, bad: 'idle_total{code=\"500\"}'}", "slo: a");
	assert_int_equal(court.v.criteria[0].outcome, OUTCOME_INCONCLUSIVE);
	says(court.v.criteria[0].sentence, "no traffic");
	court_close();
	court_open();
	evidence(10, false, 180);
	judge("objective: 99%", "{total: nope_total, bad: 'nope_total{code=\"500\"}'}", "slo: a");
	assert_int_equal(court.v.criteria[0].outcome, OUTCOME_INCONCLUSIVE);
	says(court.v.criteria[0].sentence, "nope_total was never seen");
	court_close();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_nothing),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
