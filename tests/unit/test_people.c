/* What people add: docs/rules.md 20 and 22. Never a pass by a waiver, never a statement against what was measured. */
#include "court_help.h"

#define WAIVER(more) "{id: w, observed: x, reason: known, owner: Ada, approver: Ben, created: 2026-01-01, expires: 2026-02-01" more "}"
#define HEAD RUN_PART "criteria:\n" \
	"  - {id: begun, events: {name: BEGIN}}\n" \
	"  - {id: rate, sli: {total: reqs_total, bad: 'reqs_total{code=\"500\"}'}, objective: 97%}\n" \
	"  - {id: alarms, promql: 'ALARM == 0'}\n" \
	"  - {id: nobody, sli: {count: nobody_total}, objective: '>= 1', optional: true}\n" \
	"  - {id: quiet, events: {none: INCIDENT}, optional: true}\n" \
	"  - {id: calm, attest: {statement: No incident happened., role: QA}, optional: true}\n"

static const struct criterion_result *
result(const char *id)
{
	size_t i;

	for (i = 0; i < court.v.n_criteria; i++)
		if (sv_is(court.v.criteria[i].criterion->id, id))
			return &court.v.criteria[i];
	fail_msg("no %s", id);
	return NULL;
}

/* A run of 600 minutes: success rate 90 %, two alarms of which as many as stated are on. The events log ends early. */
static void
scene(int alarms)
{
	int64_t f, log;
	int i;

	court_open();
	log = court_span("events.log", 0, 600);
	court_event(log, 0, "BEGIN");
	court_event(log, 600, "END");
	f = court_span("m.om", 0, 600);
	for (i = 0; i <= 600; i += 60) {
		court_sample(f, "reqs_total", "200", i, 9 * i);
		court_sample(f, "reqs_total", "500", i, i);
		court_sample(f, "ALARM", "a", i, alarms > 0);
		court_sample(f, "ALARM", "b", i, alarms > 1);
	}
	court_span("other.log", 0, 5);
	court_event(court_file("half.log"), 5, "NOISE");
}

static const struct {
	const char *what;
	int alarms;
	const char *waivers;
	enum outcome rate, alarm, all;
	const char *decision;
	bool used;
	const char *why;
} cases[] = {
    {"no waiver", 0, "", OUTCOME_FAIL, OUTCOME_PASS, OUTCOME_FAIL, "NO-GO", false, ""},
    {"a whole criterion", 0, WAIVER(", criterion: rate"), OUTCOME_WAIVED, OUTCOME_PASS, OUTCOME_PASS, "GO WITH WAIVERS", true, ""},
    {"given for as much", 0, "{id: w, criterion: rate, observed: '90.0 %', reason: r, owner: A, approver: B, created: 2026-01-01, "
	"expires: 2026-02-01}", OUTCOME_WAIVED, OUTCOME_PASS, OUTCOME_PASS, "GO WITH WAIVERS", true, ""},
    {"given for less", 0, "{id: w, criterion: rate, observed: '90.1 %', reason: r, owner: A, approver: B, created: 2026-01-01, "
	"expires: 2026-02-01}", OUTCOME_FAIL, OUTCOME_PASS, OUTCOME_FAIL, "NO-GO", false, "it was given for 90.1 %, and this is worse"},
    {"given for something worse", 0, "{id: w, criterion: rate, observed: '80 %', reason: r, owner: A, approver: B, created: "
	"2026-01-01, expires: 2026-02-01}", OUTCOME_WAIVED, OUTCOME_PASS, OUTCOME_PASS, "GO WITH WAIVERS", true, ""},
    {"a pass stays one", 0, WAIVER(", criterion: begun"), OUTCOME_FAIL, OUTCOME_PASS, OUTCOME_FAIL, "NO-GO", false,
	"there is nothing to waive: the criterion is PASS"},
    {"labels where none are", 0, WAIVER(", criterion: rate, match: {alarm: x}"), OUTCOME_FAIL, OUTCOME_PASS, OUTCOME_FAIL, "NO-GO",
	false, "nothing that was found bad has labels"},
    {"the named alarm", 1, WAIVER(", criterion: alarms, match: {code: a}"), OUTCOME_FAIL, OUTCOME_WAIVED, OUTCOME_FAIL, "NO-GO", true,
	""},
    {"another alarm", 1, WAIVER(", criterion: alarms, match: {code: b}"), OUTCOME_FAIL, OUTCOME_FAIL, OUTCOME_FAIL, "NO-GO", false,
	"nothing that was found bad has these labels"},
    {"the named one of two", 2, WAIVER(", criterion: alarms, match: {code: a}"), OUTCOME_FAIL, OUTCOME_FAIL, OUTCOME_FAIL, "NO-GO",
	true, ""},
    {"one label of two that are named", 1, WAIVER(", criterion: alarms, match: {code: a, zone: x}"), OUTCOME_FAIL, OUTCOME_FAIL,
	OUTCOME_FAIL, "NO-GO", false, "has these labels"},
    {"given for fewer, where fewer is better", 1, "{id: w, criterion: alarms, observed: '0 alarms', reason: r, owner: A, approver: B, "
	"created: 2026-01-01, expires: 2026-02-01}", OUTCOME_FAIL, OUTCOME_FAIL, OUTCOME_FAIL, "NO-GO", false,
	"it was given for 0 alarms, and this is worse: 1"},
    {"given for as many", 1, "{id: w, criterion: alarms, observed: '1 alarm', reason: r, owner: A, approver: B, created: 2026-01-01, "
	"expires: 2026-02-01}", OUTCOME_FAIL, OUTCOME_WAIVED, OUTCOME_FAIL, "NO-GO", true, ""},
    {"with labels it is the labels that count", 1, "{id: w, criterion: alarms, match: {code: a}, observed: '0', reason: r, owner: A, "
	"approver: B, created: 2026-01-01, expires: 2026-02-01}", OUTCOME_FAIL, OUTCOME_WAIVED, OUTCOME_FAIL, "NO-GO", true, ""},
    {"a number of something else than was measured", 0, "{id: w, criterion: nobody, observed: '5', reason: r, owner: A, approver: B, "
	"created: 2026-01-01, expires: 2026-02-01}", OUTCOME_FAIL, OUTCOME_PASS, OUTCOME_FAIL, "NO-GO", true, ""},
    {"all alarms", 2, WAIVER(", criterion: alarms"), OUTCOME_FAIL, OUTCOME_WAIVED, OUTCOME_FAIL, "NO-GO", true, ""},
};

static void
test_waivers(void **state)
{
	char text[3000];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct verdict *v;

		scene(cases[i].alarms);
		snprintf(text, sizeof(text), "%s%s%s\n", HEAD, cases[i].waivers[0] == '\0' ? "" : "waivers:\n  - ", cases[i].waivers);
		v = court_judge(text);
		if (result("rate")->outcome != cases[i].rate || result("alarms")->outcome != cases[i].alarm ||
		    v->outcome != cases[i].all || !sv_is(v->decision, cases[i].decision))
			fail_msg("%s: %s %s %.*s: %.*s", cases[i].what, outcome_text(result("rate")->outcome),
			    outcome_text(result("alarms")->outcome), (int)v->decision.n, v->decision.p,
			    (int)result("alarms")->sentence.n, result("alarms")->sentence.p);
		if (v->n_waivers > 0) {
			if (v->waivers[0].used != cases[i].used)
				fail_msg("%s: used %d", cases[i].what, v->waivers[0].used);
			if (cases[i].why[0] != '\0')
				says(v->waivers[0].why, cases[i].why);
		}
		court_close();
	}
}

/* Two waivers for two alarms together; what is not covered is named. */
static void
test_together(void **state)
{
	(void)state;
	scene(2);
	court_judge(HEAD "waivers:\n  - {id: w1, criterion: alarms, match: {code: a}, observed: x, reason: r, owner: A, approver: B, created: "
			 "2026-01-01, expires: 2026-02-01}\n"
			 "  - {id: w2, criterion: alarms, match: {code: b}, observed: x, reason: r, owner: A, approver: B, created: 2026-01-01, "
			 "expires: 2026-02-01}\n");
	assert_int_equal(result("alarms")->outcome, OUTCOME_WAIVED);
	assert_int_equal(result("alarms")->before, OUTCOME_FAIL);
	assert_int_equal(result("alarms")->n_findings, 2);
	assert_true(sv_is(result("alarms")->finding[0].waiver->id, "w1") && sv_is(result("alarms")->finding[1].waiver->id, "w2"));
	court_close();
	scene(2);
	court_judge(HEAD "waivers:\n  - " WAIVER(", criterion: alarms, match: {code: a}") "\n");
	says(result("alarms")->sentence, "Not covered by a waiver: {__name__=\"ALARM\",code=\"b\"}.");
	court_close();
}

/* Up to five of what is not covered are named. */
static void
test_many_open(void **state)
{
	static const char *const code[] = {"a", "b", "c", "d", "e", "f", "g"};
	int n, i;

	(void)state;
	for (n = 6; n <= 7; n++) {
		int64_t f;

		court_open();
		court_log(600);
		f = court_span("m.om", 0, 600);
		for (i = 0; i < n; i++)
			court_sample(f, "ALARM", code[i], 600, 1);
		court_judge(RUN_PART "criteria: [{id: alarms, promql: 'ALARM == 0'}]\nwaivers:\n  - " WAIVER(
		    ", criterion: alarms, match: {code: a}") "\n");
		says(result("alarms")->sentence, n == 6 ? "code=\"f\"}." : "code=\"f\"} and 1 more.");
		court_close();
	}
}

/* What cannot be decided can be waived; nothing but waived criteria is no GO. */
static void
test_open(void **state)
{
	(void)state;
	scene(0);
	court_judge(HEAD "waivers:\n  - " WAIVER(", criterion: nobody") "\n");
	assert_int_equal(result("nobody")->outcome, OUTCOME_WAIVED);
	assert_int_equal(result("nobody")->before, OUTCOME_INCONCLUSIVE);
	court_close();
	scene(0);
	court_judge(RUN_PART "criteria: [{id: nobody, sli: {count: nobody_total}, objective: '>= 1'}]\nwaivers:\n  - " WAIVER(
	    ", criterion: nobody") "\n");
	assert_int_equal(court.v.outcome, OUTCOME_INCONCLUSIVE);
	court_close();
}

static void
judged_at(const char *profile, const char *now, int want, const char *message)
{
	struct judge_opts o = {.start = TIME_NONE, .has_now = now != NULL};

	if (now != NULL)
		assert_true(time_parse(sv_of(now), &o.now));
	OK(store_end(court.store, 0, &err));
	court.profile = profile_parse("p.yaml", sv_of(profile), &err);
	if (court.profile == NULL)
		fail_msg("%s", err.msg);
	assert_int_equal(judge_run(court.store, court.profile, &o, &court.v, &err), want);
	if (want < 0)
		says(sv_of(err.msg), message);
}

/* The run is of 12 January 2026. */
static void
test_expiry(void **state)
{
	static const struct {
		const char *expires, *now;
		int want;
		const char *message;
	} rows[] = {
	    {"2026-02-01", "2026-02-01T23:59:59Z", 0, ""},
	    {"2026-02-01", "2026-02-02T00:00:00Z", -1, "the waiver w expired at 2026-02-02T00:00:00Z; now is 2026-02-02T00:00:00Z"},
	    {"2026-02-01T12:00:00Z", "2026-02-01T11:59:59Z", 0, ""},
	    {"2026-02-01T12:00:00Z", "2026-02-01T12:00:00Z", -1, "p.yaml:11:"},
	    {"2026-01-11", NULL, -1, "expired at 2026-01-12T00:00:00Z; now is 2026-01-12T16:00:00Z"},
	    {"2026-01-12", NULL, 0, ""},
	};
	char text[3000];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scene(0);
		snprintf(text, sizeof(text), "%swaivers:\n"
		    "  - {id: w, criterion: rate, observed: x, reason: r, owner: A, approver: B, created: 2026-01-01, expires: %s}\n", HEAD,
		    rows[i].expires);
		judged_at(text, rows[i].now, rows[i].want, rows[i].message);
		court_close();
	}
	/* Nothing says when the run ended, and nobody when now is: then no waiver holds. */
	court_open();
	judged_at("profile: t\ncriteria: [{id: nobody, events: {name: X}}]\nwaivers:\n  - " WAIVER(", criterion: nobody") "\n", NULL, 0, "");
	assert_false(court.v.waivers[0].used);
	says(court.v.waivers[0].why, "nothing says when the run ended");
	assert_int_equal(court.v.criteria[0].outcome, OUTCOME_INCONCLUSIVE);
	court_close();
}

static const struct {
	const char *what, *said, *id;
	enum outcome outcome;
	bool manual;
	const char *sentence;
} stated[] = {
    {"nobody states it", "", "calm", OUTCOME_INCONCLUSIVE, false, "Nobody has stated it: No incident happened."},
    {"stated", "{criterion: calm, statement: No incident happened., holds: true, by: Ada, role: QA, stated: 2026-01-13}", "calm", OUTCOME_PASS, true,
	"It is stated by Ada (QA) at 2026-01-13T00:00:00Z (manual): No incident happened."},
    {"in the same words", "{criterion: calm, statement: '  no  Incident happened ', holds: true, by: Ada, role: QA, stated: 2026-01-13}", "calm",
	OUTCOME_PASS, true, "by Ada"},
    {"something else", "{criterion: calm, statement: The weather was fine., holds: true, by: Ada, role: QA, stated: 2026-01-13}", "calm",
	OUTCOME_INCONCLUSIVE, false, "does not count: it states \"The weather was fine.\", which is not what is asked."},
    {"nearly the same", "{criterion: calm, statement: No incident happened on Monday., holds: true, by: Ada, role: QA, stated: 2026-01-13}", "calm",
	OUTCOME_INCONCLUSIVE, false, "which is not what is asked"},
    {"denied", "{criterion: calm, statement: 'Two.', holds: false, by: Ada, role: QA, stated: 2026-01-13}", "calm", OUTCOME_FAIL, true,
	"(manual): Two."},
    {"by the wrong role", "{criterion: calm, statement: No incident happened., holds: true, by: Ada, stated: 2026-01-13}", "calm",
	OUTCOME_INCONCLUSIVE, false, "A statement of Ada does not count: the profile asks for the role QA"},
    {"before the run was over", "{criterion: calm, statement: No incident happened., holds: true, by: Ada, role: QA, stated: '2026-01-12T15:59:59Z'}",
	"calm", OUTCOME_INCONCLUSIVE, false, "stated before the run ended at 2026-01-12T16:00:00Z"},
    {"in the moment it was", "{criterion: calm, statement: No incident happened., holds: true, by: Ada, role: QA, stated: '2026-01-12T16:00:00Z'}",
	"calm", OUTCOME_PASS, true, ""},
    {"one no beats one yes", "{criterion: calm, statement: No incident happened., holds: true, by: Ada, role: QA, stated: 2026-01-13}\n"
	"  - {criterion: calm, statement: One., holds: false, by: Ben, role: QA, stated: 2026-01-13}", "calm", OUTCOME_FAIL, true, "One."},
    {"... whoever says it first", "{criterion: calm, statement: One., holds: false, by: Ben, role: QA, stated: 2026-01-13}\n"
	"  - {criterion: calm, statement: No incident happened., holds: true, by: Ada, role: QA, stated: 2026-01-13}", "calm", OUTCOME_FAIL, true, "One."},
    {"no event list is not no events", "", "quiet", OUTCOME_INCONCLUSIVE, false, "no log is known to tell of such events"},
    {"... a person says it", "{criterion: quiet, statement: None., holds: true, by: Ada, stated: 2026-01-13}", "quiet", OUTCOME_PASS,
	true, "It is stated by Ada at 2026-01-13T00:00:00Z (manual): None. From the artifacts alone: Not decidable"},
    {"... a person denies it", "{criterion: quiet, statement: Two., holds: false, by: Ada, stated: 2026-01-13}", "quiet", OUTCOME_FAIL,
	true, ""},
};

static void
test_attestations(void **state)
{
	char text[3000];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(stated) / sizeof(*stated); i++) {
		const struct criterion_result *r;

		scene(0);
		snprintf(text, sizeof(text), "%s%s%s\n", HEAD, stated[i].said[0] == '\0' ? "" : "attestations:\n  - ", stated[i].said);
		court_judge(text);
		r = result(stated[i].id);
		if (r->outcome != stated[i].outcome || r->manual != stated[i].manual ||
		    (r->settle.n > 0) != (r->outcome == OUTCOME_INCONCLUSIVE))
			fail_msg("%s: %s: %.*s", stated[i].what, outcome_text(r->outcome), (int)r->sentence.n, r->sentence.p);
		if (stated[i].sentence[0] != '\0')
			says(r->sentence, stated[i].sentence);
		/* Artifacts have nothing to say of what only people state. */
		if (sv_is(r->criterion->id, "calm"))
			assert_true(sv_find(r->sentence, SV("From the artifacts alone")) == r->sentence.n);
		court_close();
	}
}

/* A denial counts whatever the order; the statement that it contradicts is not used. */
static void
test_denied(void **state)
{
	int first;

	(void)state;
	for (first = 0; first < 2; first++) {
		scene(0);
		court_judge(first ? HEAD "attestations:\n  - {criterion: calm, statement: No., holds: false, by: B, role: QA, stated: 2026-01-13}\n"
					 "  - {criterion: calm, statement: No incident happened, holds: true, by: A, role: QA, stated: 2026-01-13}\n"
				  : HEAD "attestations:\n  - {criterion: calm, statement: No incident happened, holds: true, by: A, role: QA, stated: 2026-01-13}\n"
					 "  - {criterion: calm, statement: No., holds: false, by: B, role: QA, stated: 2026-01-13}\n");
		assert_true(court.v.attestations[first ? 0 : 1].used);
		assert_false(court.v.attestations[first ? 1 : 0].used);
		says(court.v.attestations[first ? 1 : 0].why, "another person states the contrary");
		court_close();
	}
}

/* What was seen to happen did happen, whoever says that it did not. */
static void
test_seen_is_seen(void **state)
{
	int64_t f;

	(void)state;
	scene(0);
	f = court_span("incidents.log", 0, 600);
	court_event(f, 30, "INCIDENT_P1");
	court_judge(HEAD "attestations:\n  - {criterion: quiet, statement: None., holds: true, by: Ada, stated: 2026-01-13}\n");
	assert_int_equal(result("quiet")->outcome, OUTCOME_FAIL);
	assert_false(result("quiet")->manual);
	says(court.v.attestations[0].why, "the artifacts prove the contrary");
	court_close();
}

/* A statement about what is measured is an error, before anything is judged. */
static void
test_measured(void **state)
{
	(void)state;
	scene(0);
	judged_at(HEAD "attestations:\n  - {criterion: rate, statement: Fine., holds: true, by: Ada, stated: 2026-01-13}\n", NULL, -1,
	    "p.yaml:11:17: 'rate' is of the kind sli, which is measured");
	court_close();
	scene(0);
	judged_at(HEAD "attestations:\n  - {criterion: begun, statement: Fine., holds: true, by: Ada, stated: 2026-01-13}\n", NULL, -1,
	    "'begun' is of the kind events, which is measured");
	court_close();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_waivers, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(test_together, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(test_many_open, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(test_open, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(test_expiry, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(test_attestations, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(test_denied, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(test_seen_is_seen, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(test_measured, make_folder, drop_folder),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
