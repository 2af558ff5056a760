/* spike: more failures around events than elsewhere; too few requests, or samples too far apart, are no pass. */
#include "court_help.h"

#include <math.h>

/* Ten hours, an event every half hour; so many requests a minute, of which shares are bad. */
struct load {
	double every;        /* minutes between samples */
	double rate;         /* requests a minute */
	double base, around; /* shares of bad; around: in the minute after each event */
	int only;            /* only the event of that number has it; 0: all */
	int stop;            /* the samples end at that minute */
};

static void
fill(const struct load *l)
{
	int64_t f = court_span("m.om", 0, 600), log = court_log(600);
	double all = 0, bad = 0;
	int minute, event;

	for (minute = 30; minute < 600; minute += 30)
		court_event(log, minute, "ROTATED");
	for (minute = 0; minute <= l->stop; minute++) {
		event = minute / 30;
		/* The minute that ends here began at an event. */
		if (minute > 0) {
			all += l->rate;
			bad += l->rate * (minute > 30 && minute % 30 == 1 && (l->only == 0 || l->only == event) ? l->around : l->base);
		}
		if (fmod(minute, l->every) == 0) {
			court_sample(f, "req", "200", minute, all - bad);
			court_sample(f, "req", "500", minute, bad);
		}
	}
}

#define SPEC "total: req, bad: 'req{code=\"500\"}', around: ROTATED, after: 60s, "

static const struct {
	const char *what, *spec;
	struct load load;
	enum outcome want;
	const char *says;
} cases[] = {
	{"none", SPEC "max_increase: 0.5%", {1, 1000, 0.001, 0.001, 0, 600}, OUTCOME_PASS, "Around 19 events"},
	{"at all", SPEC "max_increase: 0.5%", {1, 1000, 0.001, 0.04, 0, 600}, OUTCOME_FAIL, "points more"},
	{"allowed", SPEC "max_increase: 5%", {1, 1000, 0.001, 0.04, 0, 600}, OUTCOME_PASS, "at most 5.000 more"},
	{"at one", SPEC "max_increase: 0.5%", {1, 1000, 0.001, 0.05, 7, 600}, OUTCOME_FAIL, "At 2026-01-12T09:30:00Z it was 5.000 %"},
	{"few requests", SPEC "max_increase: 0.5%", {1, 1, 0, 0, 0, 600}, OUTCOME_INCONCLUSIVE, "too few requests"},
	{"one bad of few", SPEC "max_increase: 0.5%", {1, 10, 0, 0.1, 7, 600}, OUTCOME_INCONCLUSIVE, "too few requests"},
	{"coarse samples", SPEC "max_increase: 0.5%", {60, 1000, 0.001, 0.04, 0, 600}, OUTCOME_INCONCLUSIVE, "too far apart"},
	{"half of the events", SPEC "max_increase: 0.5%", {1, 1000, 0.001, 0.001, 0, 300}, OUTCOME_INCONCLUSIVE, "of the run covered"},
	{"half of the events, and a spike", SPEC "max_increase: 0.5%", {1, 1000, 0.001, 0.04, 0, 300}, OUTCOME_FAIL, "points more"},
	{"no samples", SPEC "max_increase: 0.5%", {1, 1000, 0.001, 0.04, 0, -1}, OUTCOME_INCONCLUSIVE, "no artifact holds"},
	{"no event", "total: req, bad: 'req{code=\"500\"}', around: NOPE, after: 60s, max_increase: 1%", {1, 1000, 0, 0, 0, 600},
	    OUTCOME_INCONCLUSIVE, "no event NOPE"},
	{"good instead of bad", "total: req, good: 'req{code=\"200\"}', around: ROTATED, after: 60s, max_increase: 0.5%",
	    {1, 1000, 0.001, 0.04, 0, 600}, OUTCOME_FAIL, "points more"},
	{"nothing but events", "total: req, bad: 'req{code=\"500\"}', around: ROTATED, after: 30m, before: 30m, max_increase: 1%",
	    {1, 1000, 0, 0, 0, 600}, OUTCOME_INCONCLUSIVE, "away from the events"},
	{"a label that none has", "total: req, bad: 'req{kind=\"x\"}', around: ROTATED, after: 60s, max_increase: 1%",
	    {1, 1000, 0, 0, 0, 600}, OUTCOME_INCONCLUSIVE, "does not tell"},
};

static void
test_cases(void **state)
{
	const struct criterion_result *r;
	struct sb profile = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		court_open();
		fill(&cases[i].load);
		sb_reset(&profile);
		sb_addf(&profile, RUN_PART "criteria: [{id: c, spike: {%s}}]\n", cases[i].spec);
		court_judge(sb_str(&profile));
		r = &court.v.criteria[0];
		if (r->outcome != cases[i].want || sv_find(r->sentence, sv_of(cases[i].says)) == r->sentence.n)
			fail_msg("%s: %s: %.*s", cases[i].what, outcome_text(r->outcome), (int)r->sentence.n, r->sentence.p);
		court_close();
	}
	sb_free(&profile);
}

static void
test_refused(void **state)
{
	static const struct {
		const char *spec, *says;
	} bad[] = {
		{"total: req, bad: req, after: 60s, max_increase: 1%", "'around' is needed"},
		{"total: req, bad: req, around: X, max_increase: 1%", "'after' must be"},
		{"total: req, bad: req, around: X, after: 60s", "'max_increase' must be"},
		{"total: req, bad: req, around: X, after: 60s, max_increase: 5", "'max_increase' must be"},
		{"total: req, bad: req, around: X, after: 60s, before: soon, max_increase: 1%", "'before' must be"},
		{"bad: req, around: X, after: 60s, max_increase: 1%", "'total' and one of"},
		{"total: req, around: X, after: 60s, max_increase: 1%", "'total' and one of"},
		{"total: req, bad: req, good: req, around: X, after: 60s, max_increase: 1%", "'total' and one of"},
		{"total: 'sum(req)', bad: req, around: X, after: 60s, max_increase: 1%", "total"},
		{"total: req, bad: req, aruond: X, after: 60s, max_increase: 1%", "around"},
	};
	struct sb profile = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		court_open();
		court_log(600);
		sb_reset(&profile);
		sb_addf(&profile, RUN_PART "criteria: [{id: c, spike: {%s}}]\n", bad[i].spec);
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
		cmocka_unit_test(test_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
