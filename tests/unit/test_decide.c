/* From results to the decision: docs/rules.md 19. */
#include "court_help.h"

#include "judge/decide.h"

#define GO OUTCOME_PASS
#define NO_GO OUTCOME_FAIL
#define OPEN OUTCOME_INCONCLUSIVE

/*
 * One criterion alone, and beside a required one that passed; each with all evidence there and with a required piece
 * missing. A standing contradiction makes all of them NO-GO.
 */
static const struct {
	enum outcome criterion;
	bool optional;
	enum outcome alone, alone_missing, beside, beside_missing;
	bool waived;
} cases[] = {
	{OUTCOME_PASS, false, GO, OPEN, GO, OPEN, false},
	{OUTCOME_PASS, true, OPEN, OPEN, GO, OPEN, false},
	{OUTCOME_WARN, false, GO, OPEN, GO, OPEN, false},
	{OUTCOME_WARN, true, OPEN, OPEN, GO, OPEN, false},
	{OUTCOME_FAIL, false, NO_GO, NO_GO, NO_GO, NO_GO, false},
	{OUTCOME_FAIL, true, NO_GO, NO_GO, NO_GO, NO_GO, false},
	{OUTCOME_WAIVED, false, OPEN, OPEN, GO, OPEN, true},
	{OUTCOME_WAIVED, true, OPEN, OPEN, GO, OPEN, true},
	{OUTCOME_INCONCLUSIVE, false, OPEN, OPEN, OPEN, OPEN, false},
	{OUTCOME_INCONCLUSIVE, true, OPEN, OPEN, GO, OPEN, false},
};

enum contradicted { NOT, STANDS, WARNS };
enum missing { NOTHING, OPTIONAL, REQUIRED };

static void
verdict_is(const struct verdict *v, enum outcome want, bool waived, const char *what)
{
	static const int code[] = {[OUTCOME_PASS] = 0, [OUTCOME_FAIL] = 1, [OUTCOME_INCONCLUSIVE] = 3};
	const char *decision = want == GO ? waived ? "GO WITH WAIVERS" : "GO" : want == NO_GO ? "NO-GO" : "INCONCLUSIVE";

	if (v->outcome != want || !sv_is(v->decision, decision) || verdict_exit(v) != code[want] ||
	    v->headline.n == 0 || (want != GO && v->n_reasons == 0))
		fail_msg("%s: %s, %.*s, exit %d, %zu reasons; not %s", what, outcome_text(v->outcome), (int)v->decision.n,
		    v->decision.p, verdict_exit(v), v->n_reasons, outcome_text(want));
}

static void
decide_one(size_t i, bool beside, enum contradicted k, enum missing m)
{
	struct profile_criterion mine = {.id = SV("mine"), .optional = cases[i].optional};
	struct profile_criterion other = {.id = SV("other")};
	struct criterion_result r[2] = {{.criterion = &mine, .outcome = cases[i].criterion},
	    {.criterion = &other, .outcome = OUTCOME_PASS}};
	struct evidence_result ev[2] = {{.id = SV("evidence/a"), .present = true, .sentence = SV("a: there")},
	    {.id = SV("evidence/b"), .present = m == NOTHING, .optional = m == OPTIONAL, .sentence = SV("b: 0 of 1")}};
	struct contradiction c = {SV("claim/x"), SV("x claims y"), SV("f:1")};
	struct profile p = {.contradiction_fails = k != WARNS};
	struct verdict v = {.profile = &p, .criteria = r, .n_criteria = beside ? 2 : 1, .evidence = ev, .n_evidence = 2,
	    .contradictions = &c, .n_contradictions = k == NOT ? 0 : 1};
	enum outcome want = beside ? m == REQUIRED ? cases[i].beside_missing : cases[i].beside
	    : m == REQUIRED ? cases[i].alone_missing : cases[i].alone;
	char what[100];

	snprintf(what, sizeof(what), "%s%s%s, contradiction %d, missing %d", outcome_text(cases[i].criterion),
	    cases[i].optional ? " optional" : "", beside ? " beside PASS" : "", k, m);
	decide(&v, false);
	verdict_is(&v, k == STANDS ? NO_GO : want, cases[i].waived, what);
	verdict_free(&v);
	/* Strict: a warning is a failure, and nothing else changes. */
	v.arena = (struct arena){0};
	decide(&v, true);
	verdict_is(&v, k == STANDS || cases[i].criterion == OUTCOME_WARN ? NO_GO : want, cases[i].waived, what);
	verdict_free(&v);
	/* Times in doubt: never a GO. */
	v.arena = (struct arena){0};
	v.misplaced = true;
	decide(&v, false);
	verdict_is(&v, k == STANDS ? NO_GO : want == GO ? OUTCOME_INCONCLUSIVE : want, cases[i].waived, what);
	verdict_free(&v);
}

static void
test_all_combinations(void **state)
{
	size_t i;
	int beside, k, m;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		for (beside = 0; beside < 2; beside++)
			for (k = NOT; k <= WARNS; k++)
				for (m = NOTHING; m <= REQUIRED; m++)
					decide_one(i, beside != 0, (enum contradicted)k, (enum missing)m);
}

/* What is told first is what matters most; an optional criterion that is open is no reason. */
static void
test_reasons(void **state)
{
	struct profile_criterion c[4] = {{.id = SV("open")}, {.id = SV("bad")}, {.id = SV("maybe"), .optional = true},
	    {.id = SV("good")}};
	struct criterion_result r[4] = {
	    {.criterion = &c[0], .outcome = OUTCOME_INCONCLUSIVE, .sentence = SV("who knows")},
	    {.criterion = &c[1], .outcome = OUTCOME_FAIL, .sentence = SV("too many")},
	    {.criterion = &c[2], .outcome = OUTCOME_INCONCLUSIVE, .sentence = SV("no matter")},
	    {.criterion = &c[3], .outcome = OUTCOME_PASS}};
	struct evidence_result ev = {.sentence = SV("log: 0 of 1")};
	struct contradiction k = {SV("claim/x"), SV("x is a lie"), SV("f:1")};
	struct profile p = {.contradiction_fails = true};
	struct verdict v = {.profile = &p, .criteria = r, .n_criteria = 4, .evidence = &ev, .n_evidence = 1,
	    .contradictions = &k, .n_contradictions = 1};

	(void)state;
	decide(&v, false);
	assert_int_equal(v.n_reasons, 4);
	says(v.reasons[0], "FAIL bad: too many");
	says(v.reasons[1], "x is a lie");
	says(v.reasons[2], "log: 0 of 1");
	says(v.reasons[3], "INCONCLUSIVE open: who knows");
	verdict_free(&v);
}

/* "No evidence is never a pass", over real stores. */

static const char *const empty_hopes[] = {
	"sli: {total: reqs_total, bad: 'reqs_total{code=~\"5..\"}'}, objective: 1%",
	"sli: {total: reqs_total, good: 'reqs_total{code=~\"2..\"}'}, objective: 1%, min_coverage: 0%",
	"sli: {count: errors_total}, objective: '== 0'",
	"sli: {count: errors_total}, objective: '>= 0'",
	"sli: {count: errors_total}, objective: '== 0', min_coverage: 0%, absent: zero, absent_reason: never written",
	"sli: {count: errors_total, expected: run.duration, tolerance: 100%}",
	"sli: {count: errors_total, expected: '0', tolerance: 100%}",
	"events: {none: CRASH}",
	"events: {name: BEGIN}",
	"schedule: {event: TICK, every: 15m, tolerance: 60s}",
};

static void
test_empty_store(void **state)
{
	static const char *const runs[] = {"run: {start: {event: BEGIN}, end: {event: END}, duration: 24h}\n",
	    "run: {start: '2026-01-12T06:00:00Z', end: '2026-01-13T06:00:00Z'}\n",
	    "run: {start: '2026-01-12T06:00:00Z', end: '2026-01-12T06:00:00Z'}\n", ""};
	static const char *const optional[] = {"", ", optional: true"};
	size_t i, k, o;
	char text[600];

	(void)state;
	for (i = 0; i < sizeof(empty_hopes) / sizeof(*empty_hopes); i++)
		for (k = 0; k < 4; k++)
			for (o = 0; o < 2; o++) {
				snprintf(text, sizeof(text), "profile: t\n%scriteria: [{id: a, %s%s}]\n", runs[k],
				    empty_hopes[i], optional[o]);
				court_open();
				verdict_is(court_judge(text), OPEN, false, text);
				court_close();
			}
}

/* A profile without criteria is refused before anything is judged. */
static void
test_no_criteria(void **state)
{
	(void)state;
	assert_null(profile_parse("p.yaml", SV("profile: t\n"), &err));
	assert_null(profile_parse("p.yaml", SV("profile: t\ncriteria: []\n"), &err));
}

/* Whoever forgets to look at the return value must not read a pass. */
static void
test_failed_judging(void **state)
{
	(void)state;
	court_open();
	assert_int_equal(court_try(RUN_PART "criteria: [{id: a, sli: {total: 'x{', bad: y}, objective: 97%}]\n"), -1);
	assert_int_equal(verdict_exit(&court.v), 3);
	court_close();
	court_open();
	assert_int_equal(court_try(RUN_PART "criteria: [{id: a, telepathy: {}}]\n"), -1);
	says(sv_of(err.msg), "telepathy");
	assert_int_equal(verdict_exit(&court.v), 3);
	court_close();
}

/* Missing evidence never hides a FAIL. */
static void
test_fail_shines_through(void **state)
{
	int64_t f;

	(void)state;
	court_open();
	court_log(600);
	f = court_span("m.om", 0, 60);
	court_sample(f, "reqs_total", "200", 0, 0);
	court_sample(f, "reqs_total", "200", 60, 100);
	court_sample(f, "reqs_total", "500", 0, 0);
	court_sample(f, "reqs_total", "500", 60, 100);
	verdict_is(court_judge(RUN_PART "evidence: [{file: nowhere.log}]\n"
				   "criteria: [{id: a, sli: {total: reqs_total, bad: 'reqs_total{code=\"500\"}'}, objective: "
				   "97%, optional: true}]\n"),
	    NO_GO, false, "half of what was seen failed");
	court_close();
}

/* "CHECKPOINT 12" is not that "CHECKPOINT 1" was reached: rule 5, as for moments. */
static void
test_number_in_a_name(void **state)
{
	static const char *const name[] = {"CHECKPOINT 1", "CHECKPOINT 12", "CHECKPOINT 1 reached", "CHECKPOINT"};
	static const enum outcome want[] = {OUTCOME_FAIL, OUTCOME_PASS, OUTCOME_FAIL, OUTCOME_PASS};
	char text[200];
	int i;

	(void)state;
	for (i = 0; i < 4; i++) {
		court_open();
		court_event(court_log(600), 10, "CHECKPOINT 12");
		snprintf(text, sizeof(text), "%scriteria: [{id: a, events: {name: '%s'}}]\n", RUN_PART, name[i]);
		assert_int_equal(court_judge(text)->outcome, want[i]);
		court_close();
	}
}

/* absent: zero is about a metric that was never written, not about one whose snapshots have no time. */
static void
test_absent_is_not_untimed(void **state)
{
	int64_t f;
	int untimed;

	(void)state;
	for (untimed = 0; untimed < 2; untimed++) {
		court_open();
		court_log(600);
		f = court_span("m.om", 0, 600);
		court_sample(f, "reqs_total", NULL, 0, 0);
		court_sample(f, "reqs_total", NULL, 600, 1000);
		if (untimed)
			OK(sample(court.store, court_file("late.prom"), "errors_total", NULL, TIME_NONE, 1000));
		court_judge(RUN_PART "criteria: [{id: a, sli: {total: reqs_total, bad: errors_total}, objective: 97%, absent: zero, "
				     "absent_reason: only written when there are some}]\n");
		assert_int_equal(court.v.outcome, untimed ? OPEN : GO);
		court_close();
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_combinations),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test_setup_teardown(test_empty_store, make_folder, drop_folder),
		cmocka_unit_test(test_no_criteria),
		cmocka_unit_test_setup_teardown(test_failed_judging, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(test_fail_shines_through, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(test_number_in_a_name, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(test_absent_is_not_untimed, make_folder, drop_folder),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
