/* alerts: none fires of those that are asked for; what the samples cannot show is no pass. */
#include "court_help.h"

#define ALERT(text) "groups: [{name: g, rules: [" text "]}]"

/* Three hours, one sample a minute: errors of code b from minute 60 to 69; a drill from 55 to 80. gap: nobody looked from 100 to 160. */
static void
evidence(bool gap)
{
	int64_t f = court_span("m.om", 0, 180), log = court_log(180);
	int i;

	court_event(log, 55, "DRILL_ON");
	court_event(log, 80, "DRILL_OFF");
	for (i = 0; i <= 180; i++) {
		if (gap && i > 100 && i < 160)
			continue;
		court_sample(f, "req_total", "a", i, i * 60);
		court_sample(f, "req_total", "b", i, i < 60 ? 0 : i < 70 ? (i - 59) * 6 : 60);
		court_sample(f, "up", "a", i, 1);
		if (i < 80)
			court_sample(f, "lamp", "b", i, 1);
		court_sample(f, "lamp", "a", i, 1);
		if (i > 100)
			court_sample(f, "late", "b", i, 1);
		court_sample(f, "late", "a", i, 1);
	}
}

#define ERRORS "{alert: Errors, expr: 'rate(req_total{code=\"b\"}[5m]) > 0.05', labels: {severity: page}}"
#define DOWN "{alert: Down, expr: 'up == 0', labels: {severity: page}}"
#define NOWHERE "{alert: Nowhere, expr: 'nope > 1', labels: {severity: ticket}}"

static const struct {
	const char *what, *spec;
	bool gap;
	enum outcome want;
	const char *says;
} cases[] = {
	{"nothing fires", ALERT(DOWN), false, OUTCOME_PASS, "None of 1 alerts fired in the run; 100 % of the run covered."},
	{"one fires", ALERT(DOWN ", " ERRORS), false, OUTCOME_FAIL, "1 of 2 alerts fired in the run: Errors fired from 2026-01-12T07:02:00Z to 07:11:00Z (9 min)."},
	{"one fires in the drill, which is left out", "exclude: [drill], " ALERT(ERRORS), false, OUTCOME_PASS,
	    "None of 1 alerts fired in the run, of which 25 min are left out"},
	{"in the wrong window", "exclude: [late], " ALERT(ERRORS), false, OUTCOME_FAIL, "Errors fired"},
	{"a window that nobody knows", "exclude: [lost], " ALERT(DOWN), false, OUTCOME_INCONCLUSIVE, "when the lost window, which is left out, was is not known"},
	{"one that cannot be answered", ALERT(DOWN ", " NOWHERE), false, OUTCOME_INCONCLUSIVE,
	    "none of 2 alerts fired in the run, but 1 of them could not have been seen to: Nowhere (no series matches nope"},
	{"what fires fails all the same", ALERT(ERRORS ", " NOWHERE), false, OUTCOME_FAIL, "1 of 2 alerts fired"},
	{"one that is not asked for", "none: [page], " ALERT(DOWN ", " NOWHERE), false, OUTCOME_PASS, "None of 1 alerts"},
	{"and that fires", "none: [ticket, critical], " ALERT(ERRORS ", {alert: T, expr: up == 0, labels: {severity: ticket}}"), false, OUTCOME_PASS, "None of 1 alerts"},
	{"no alert of that severity", "none: [critical], " ALERT(DOWN), false, OUTCOME_INCONCLUSIVE, "no alert of the severities"},
	{"no alert at all", ALERT("{record: x, expr: up}"), false, OUTCOME_INCONCLUSIVE, "no alert of the severities"},
	{"a for longer than the run", ALERT("{alert: Long, expr: up == 0, for: 1d}"), false, OUTCOME_INCONCLUSIVE, "for: 1d is not shorter than the run"},
	{"an hour without samples", ALERT(DOWN), true, OUTCOME_INCONCLUSIVE, "samples cover only 69.44 % of the time"},
	{"a series that has gone while its target answers", ALERT("{alert: Out, expr: lamp == 0}"), false, OUTCOME_INCONCLUSIVE,
	    "Out (samples of lamp{code=\"b\"} cover only 44.44 % of the time"},
	{"a series that comes later", ALERT("{alert: Out, expr: late == 0}"), false, OUTCOME_PASS, "100 % of the run covered"},
	{"more than a quarter is left out", "exclude: [late], " ALERT(DOWN), false, OUTCOME_INCONCLUSIVE,
	    "Not decidable: 55.55 % of the run, 1 h 40 min, are left out, and no more than 25 % may be. None of 1 alerts fired"},
	{"and one fires elsewhere", ALERT(DOWN ", " ERRORS), true, OUTCOME_FAIL, "Errors fired"},
};

static void
judge(const char *spec, const char *more)
{
	struct sb profile = {0};

	sb_addf(&profile, RUN_PART "windows: {drill: {from: DRILL_ON, to: DRILL_OFF}, late: {from: DRILL_OFF, to: run.end}, lost: {from: NO, to: NO}}\n"
	    "criteria: [{id: c, alerts: {%s}}]\n%s", spec, more);
	court_judge(sb_str(&profile));
	sb_free(&profile);
}

static void
test_cases(void **state)
{
	const struct criterion_result *r;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		court_open();
		evidence(cases[i].gap);
		judge(cases[i].spec, "");
		r = &court.v.criteria[0];
		if (r->outcome != cases[i].want || sv_find(r->sentence, sv_of(cases[i].says)) == r->sentence.n)
			fail_msg("%s: %s: %.*s", cases[i].what, outcome_text(r->outcome), (int)r->sentence.n, r->sentence.p);
		if (r->outcome == OUTCOME_INCONCLUSIVE)
			assert_true(r->settle.n > 0);
		court_close();
	}
}

/* Waivers match the labels of what fired. */
static void
test_findings(void **state)
{
	const struct criterion_result *r;

	(void)state;
	court_open();
	evidence(false);
	judge(ALERT(ERRORS), "");
	r = &court.v.criteria[0];
	assert_int_equal(r->n_findings, 1);
	assert_true(sv_is(labels_get(&r->finding[0].labels, "alertname"), "Errors"));
	assert_true(sv_is(labels_get(&r->finding[0].labels, "severity"), "page"));
	assert_true(sv_is(labels_get(&r->finding[0].labels, "code"), "b"));
	assert_true(sv_is(r->observed.text, "1"));
	assert_int_equal(r->n_sources, 1);
	court_close();
}

static void
refuse(const char *spec, const char *want)
{
	struct judge_opts o = {.start = TIME_NONE};
	struct sb text = {0};
	struct profile *p;
	struct verdict v;

	court_open();
	evidence(false);
	OK(store_end(court.store, 0, &err));
	sb_addf(&text, RUN_PART "criteria: [{id: c, %s}]\n", spec);
	p = profile_parse("p.yaml", sb_sv(&text), &err);
	if (p != NULL)
		assert_int_equal(judge_run(court.store, p, &o, &v, &err), -1);
	if (strstr(err.msg, want) == NULL)
		fail_msg("%s: %s", spec, err.msg);
	if (p != NULL)
		verdict_free(&v);
	profile_free(p);
	sb_free(&text);
	court_close();
}

static void
test_refused(void **state)
{
	(void)state;
	refuse("alerts: 5", "p.yaml:3:28: alerts must be a map");
	refuse("alerts: {}", "'groups' is needed");
	refuse("alerts: {non: all, groups: []}", "unknown key 'non', did you mean 'none'?");
	refuse("alerts: {none: 5, groups: []}", "'none' is all, or a list of severities");
	refuse("alerts: {exclude: [nope], groups: []}", "nope");
	refuse("alerts: {groups: [{name: g, rules: [{alert: A, expr: 'sum('}]}]}", "could not parse expression");
	refuse("objective: '== 0', alerts: {groups: []}", "takes the place of");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_findings),
		cmocka_unit_test(test_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
