/* promql: a comparison at one moment; what cannot be seen then is never a pass. */
#include "court_help.h"

/* A gauge each minute of ten, by code: a stays 1, b climbs from 0 to 10, c is NaN at the end, d ends after four. */
static void
gauges(void)
{
	int64_t f = court_span("m.om", 0, 10);
	int i;

	for (i = 0; i <= 10; i++) {
		court_sample(f, "g", "a", i, 1);
		court_sample(f, "g", "b", i, i);
		court_sample(f, "h", "c", i, i == 10 ? (double)NAN : 1);
		if (i <= 4)
			court_sample(f, "k", "d", i, 0);
	}
}

static const struct {
	const char *what, *promql, *more;
	enum outcome want;
	const char *observed, *says;
} cases[] = {
	{"holds", "g{code=\"a\"} == 1", "", OUTCOME_PASS, "1", "1 at 2026-01-12T06:10:00Z; required exactly 1"},
	{"does not", "g{code=\"b\"} < 10", "", OUTCOME_FAIL, "10", "required less than 10"},
	{"on the edge", "g{code=\"b\"} <= 10", "", OUTCOME_PASS, "10", ""},
	{"at the start", "g{code=\"b\"} == 0", ", at: start", OUTCOME_PASS, "0", "at 2026-01-12T06:00:00Z"},
	{"at an event", "g{code=\"b\"} == 3", ", at: {event: THREE}", OUTCOME_PASS, "3", "at 2026-01-12T06:03:00Z"},
	{"at an event that never was", "g{code=\"b\"} == 3", ", at: {event: FOUR}", OUTCOME_INCONCLUSIVE, "n/a", "not known"},
	{"the worst of several", "g <= 5", "", OUTCOME_FAIL, "10", "the worst of 2 series"},
	{"the worst of several the other way", "g >= 1", "", OUTCOME_PASS, "1", "the worst of 2 series"},
	{"in parentheses", "((max(g)) > (9))", "", OUTCOME_PASS, "10", "required more than 9"},
	{"not equal", "max(g) != 10", "", OUTCOME_FAIL, "10", "other than 10"},
	{"arithmetic on the right", "max(g) == 2 * 5", "", OUTCOME_PASS, "10", ""},
	{"nothing there", "nope == 0", "", OUTCOME_INCONCLUSIVE, "n/a", "no value"},
	{"nothing of that label", "g{code=\"z\"} == 0", "", OUTCOME_INCONCLUSIVE, "n/a", "no value"},
	{"older than the lookback", "k == 0", "", OUTCOME_INCONCLUSIVE, "n/a", "no value"},
	{"not a number", "h == 1", "", OUTCOME_INCONCLUSIVE, "n/a", "not a number"},
	{"no number to compare with", "max(g) <= 0 / 0", "", OUTCOME_INCONCLUSIVE, "n/a", "not a number"},
	{"a range too short", "sum(rate(g[30s])) == 0", "", OUTCOME_INCONCLUSIVE, "n/a", "cannot be answered"},
	{"a range that is long enough", "sum(increase(g{code=\"b\"}[5m])) > 4", "", OUTCOME_PASS, "5", ""},
	{"a number out of nothing", "vector(0) == 0", "", OUTCOME_INCONCLUSIVE, "n/a", "no series"},
	{"absent of what never was", "absent(nope) == 1", "", OUTCOME_INCONCLUSIVE, "n/a", "no series"},
	{"a default for what never was", "(sum(nope) or vector(0)) == 0", "", OUTCOME_INCONCLUSIVE, "n/a", "no series"},
	{"a default for what was", "(sum(g{code=\"a\"}) or vector(0)) == 1", "", OUTCOME_PASS, "1", ""},
	{"absent where it is", "absent(g) == 1", "", OUTCOME_INCONCLUSIVE, "n/a", "no value"},
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
		court_event(court_log(10), 3, "THREE");
		gauges();
		sb_reset(&profile);
		sb_addf(&profile, RUN_PART "criteria: [{id: c, promql: '%s'%s}]\n", cases[i].promql, cases[i].more);
		court_judge(sb_str(&profile));
		r = &court.v.criteria[0];
		if (r->outcome != cases[i].want || !sv_is(r->observed.text, cases[i].observed) ||
		    sv_find(r->sentence, sv_of(cases[i].says)) == r->sentence.n + (cases[i].says[0] == '\0'))
			fail_msg("%s: %s, %.*s: %.*s", cases[i].what, outcome_text(r->outcome), (int)r->observed.text.n,
			    r->observed.text.p, (int)r->sentence.n, r->sentence.p);
		court_close();
	}
	sb_free(&profile);
}

static void
test_specs_that_are_none(void **state)
{
	static const char *const specs[] = {"promql: 5", "promql: {expr: x}", "promql: max(g)", "promql: 'g =='", "promql: 'g > h'",
		"promql: 'g > bool 1 or g'", "promql: 'g > 1', objective: '> 1'", "events: {name: BEGIN}, at: start"};
	struct sb profile = {0};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(specs) / sizeof(*specs); i++) {
		court_open();
		court_log(10);
		sb_reset(&profile);
		sb_addf(&profile, RUN_PART "criteria: [{id: c, %s}]\n", specs[i]);
		if (court_try(sb_str(&profile)) != -1)
			fail_msg("accepted: %s", specs[i]);
		court_close();
	}
	sb_free(&profile);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_specs_that_are_none),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
