/* Windows as spans of time, and what becomes of a criterion over one that cannot be found. */
#include "court_help.h"

/* The hours of chaos events within a run of ten hours; NOT: no such event. */
#define NOT 9999.0

static const struct window_result *
window_of(const char *name)
{
	size_t i;

	for (i = 0; i < court.v.n_windows; i++)
		if (sv_is(court.v.windows[i].name, name))
			return &court.v.windows[i];
	fail_msg("no window %s", name);
	return NULL;
}

static void
spans_are(const char *name, const double *minute, size_t n)
{
	const struct window_result *w = window_of(name);
	size_t i;

	if (w->n != n)
		fail_msg("%s: %zu spans, not %zu (%.*s)", name, w->n, n, (int)w->source.n, w->source.p);
	for (i = 0; i < n; i++) {
		if (w->span[i].from != MINUTE(minute[2 * i]) || w->span[i].to != MINUTE(minute[2 * i + 1]))
			fail_msg("%s, span %zu: minute %g to %g", name, i, (double)(w->span[i].from - NOW) / 60000,
			    (double)(w->span[i].to - NOW) / 60000);
		assert_true(w->span[i].from < w->span[i].to);
	}
	assert_true(w->source.n > 0);
}

#define WINDOWS "windows:\n  steady: {not: chaos}\n  chaos: {from: CHAOS_ON, to: CHAOS_OFF}\n"
/* Nothing bad was counted and no such event was logged in any of them: only knowing the window makes it a pass. */
#define OVER_ALL                                                                                                   \
	"criteria:\n"                                                                                              \
	"  - {id: chaos-sli, over: chaos, sli: {total: reqs_total, bad: 'reqs_total{code=\"500\"}'}, objective: 1%}\n" \
	"  - {id: chaos-count, over: chaos, sli: {count: 'reqs_total{code=\"500\"}'}, objective: '== 0'}\n"       \
	"  - {id: chaos-none, over: chaos, events: {none: CRASH, source: '*.log'}}\n"                                               \
	"  - {id: steady-sli, over: steady, max_excluded: 90%, sli: {total: reqs_total, bad: 'reqs_total{code=\"500\"}'}, objective: 1%}\n" \
	"  - {id: steady-count, over: steady, max_excluded: 90%, sli: {count: 'reqs_total{code=\"500\"}'}, objective: '== 0'}\n"     \
	"  - {id: steady-none, over: steady, max_excluded: 90%, events: {none: CRASH, source: '*.log'}}\n"

static void
evidence(double end, double on, double off)
{
	int64_t log, f;
	double t;

	court_open();
	log = court_span("events.log", -1000, 2000);
	court_event(log, 0, "BEGIN");
	if (end != NOT)
		court_event(log, end, "END");
	if (on != NOT)
		court_event(log, on, "CHAOS_ON");
	if (off != NOT)
		court_event(log, off, "CHAOS_OFF");
	f = court_span("m.om", -1000, 2000);
	for (t = -1000; t <= 2000; t += 10) {
		court_sample(f, "reqs_total", "200", t, 1000 + t);
		court_sample(f, "reqs_total", "500", t, 3);
	}
}

static void
all_over(const char *window, enum outcome want)
{
	size_t i, n = strlen(window), seen = 0;

	for (i = 0; i < court.v.n_criteria; i++) {
		const struct criterion_result *r = &court.v.criteria[i];

		if (!sv_eq(sv_head(r->criterion->id, n), sv_of(window)))
			continue;
		seen++;
		if (r->outcome != want)
			fail_msg("%.*s is %s: %.*s", (int)r->criterion->id.n, r->criterion->id.p, outcome_text(r->outcome),
			    (int)r->sentence.n, r->sentence.p);
	}
	assert_int_equal(seen, 3);
}

static void
test_windows(void **state)
{
	static const struct {
		const char *what;
		double on, off;
		double chaos[2];
		size_t n_chaos;
		double steady[4];
		size_t n_steady;
	} cases[] = {
		{"inside the run", 120, 180, {120, 180}, 1, {0, 120, 180, 600}, 2},
		{"from the run's start", 0, 180, {0, 180}, 1, {180, 600}, 1},
		{"to its end", 120, 600, {120, 600}, 1, {0, 120}, 1},
		{"begins before it: an earlier run's", -30, 60, {0}, 0, {0}, 0},
		{"ends after it", 540, 700, {540, 600}, 1, {0, 540}, 1},
		{"all of it and more", -30, 700, {0}, 0, {0}, 0},
		{"reversed", 180, 120, {0}, 0, {0}, 0},
		{"no length", 120, 120, {0}, 0, {0}, 0},
		{"before the run", -60, -30, {0}, 0, {0}, 0},
		{"ends as it begins", -60, 0, {0}, 0, {0}, 0},
		{"after the run", 660, 700, {0}, 0, {0}, 0},
		{"begins as it ends", 600, 700, {0}, 0, {0}, 0},
		{"never on", NOT, 180, {0}, 0, {0}, 0},
		{"never off", 120, NOT, {0}, 0, {0}, 0},
		{"neither", NOT, NOT, {0}, 0, {0}, 0},
	};
	static const double run[] = {0, 600};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		print_message("# %s\n", cases[i].what);
		evidence(600, cases[i].on, cases[i].off);
		court_judge(RUN_PART WINDOWS OVER_ALL);
		spans_are("run", run, 1);
		spans_are("chaos", cases[i].chaos, cases[i].n_chaos);
		spans_are("steady", cases[i].steady, cases[i].n_steady);
		/* A window that is not there passes nothing, and neither does the run without it. */
		all_over("chaos", cases[i].n_chaos > 0 ? OUTCOME_PASS : OUTCOME_INCONCLUSIVE);
		all_over("steady", cases[i].n_steady > 0 ? OUTCOME_PASS : OUTCOME_INCONCLUSIVE);
		court_close();
	}
}

/* A run that has no end, no length or no start: nothing over it passes. */
static void
test_run_unknown(void **state)
{
	static const char *const run[] = {
		RUN_PART,
		"profile: t\nrun: {start: {event: NEVER_LOGGED}, end: {event: BEGIN}, duration: 10h}\n",
		"profile: t\nrun: {start: {event: BEGIN}, end: {event: BEGIN}}\n",
		"profile: t\nrun: {duration: 10h}\n",
		"profile: t\nrun: {start: {artifact: '*', path: started_at}, duration: 10h}\n",
		"profile: t\n",
	};
	static const double chaos[] = {120, 180};
	char text[2000];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(run) / sizeof(*run); i++) {
		evidence(NOT, 120, 180);
		snprintf(text, sizeof(text), "%s%s%s", run[i], WINDOWS, OVER_ALL
		    "  - {id: run-sli, sli: {total: reqs_total, bad: 'reqs_total{code=\"500\"}'}, objective: 1%}\n"
		    "  - {id: run-count, sli: {count: 'reqs_total{code=\"500\"}'}, objective: '== 0'}\n"
		    "  - {id: run-none, events: {none: CRASH, source: '*.log'}}\n");
		court_judge(text);
		spans_are("run", chaos, 0);
		spans_are("steady", chaos, 0);
		all_over("run", OUTCOME_INCONCLUSIVE);
		all_over("steady", OUTCOME_INCONCLUSIVE);
		assert_int_equal(court.v.outcome, OUTCOME_INCONCLUSIVE);
		court_close();
	}
}

/* Facts that are no duration, or none that anybody can use: the end is unknown, not the start, not before it. */
static void
test_duration_facts(void **state)
{
	static const struct {
		const char *text;
		double end;
	} cases[] = {{"10", 600}, {"0.5", 30}, {"10h", 600}, {" 10 ", 600}, {"-10", NOT}, {"-1h", NOT}, {"NaN", NOT},
	    {"Inf", NOT}, {"-Inf", NOT}, {"", NOT}, {"ten", NOT}, {"1e300", NOT}, {"1e18", NOT}, {"290000000y", NOT},
	    {"9223372036854775807ms", NOT}, {"99999999999999999999", NOT}, {"0", 0}};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct when_run *run;

		evidence(NOT, 120, 180);
		court_fact(court_file("meta.json"), "hours", cases[i].text);
		run = &court_judge("profile: t\nrun: {start: {event: BEGIN}, duration: {artifact: meta.json, path: hours, unit: "
				   "1h}}\ncriteria: [{id: a, events: {none: CRASH, source: '*.log'}}]\n")
			   ->run;
		if (run->end != (cases[i].end == NOT ? TIME_NONE : MINUTE(cases[i].end)))
			fail_msg("'%s': the run ends at %lld", cases[i].text, (long long)run->end);
		assert_true(run->start == NOW);
		assert_int_equal(run->end_planned, cases[i].end != NOT);
		assert_int_equal(court.v.outcome, cases[i].end == NOT || cases[i].end == 0 ? OUTCOME_INCONCLUSIVE : OUTCOME_PASS);
		court_close();
	}
}

/* Several events without "pick" are an error that lists them, not a guess. */
static void
test_ambiguous(void **state)
{
	int64_t log;

	(void)state;
	evidence(600, 120, 180);
	log = court_span("more.log", 0, 600);
	court_event(log, 240, "CHAOS_ON");
	assert_int_equal(court_try(RUN_PART WINDOWS OVER_ALL), -1);
	says(sv_of(err.msg), "CHAOS_ON");
	says(sv_of(err.msg), "p.yaml:5:");
	assert_int_equal(verdict_exit(&court.v), 3);
	court_close();
}

/* Bounds that are counted from the run. */
static void
test_expressions(void **state)
{
	static const double warm[] = {0, 10}, late[] = {590, 600}, rest[] = {10, 600};

	(void)state;
	evidence(600, NOT, NOT);
	court_judge(RUN_PART "windows:\n  warm-up: {from: run.start, to: run.start + 10m}\n"
			     "  late: {from: run.end - 10m, to: run.end + 1d}\n  rest: {not: warm-up}\n"
			     "  turned: {from: run.end, to: run.start}\n"
			     "criteria: [{id: a, events: {name: BEGIN}}]\n");
	spans_are("warm-up", warm, 1);
	spans_are("late", late, 1);
	spans_are("rest", rest, 1);
	spans_are("turned", rest, 0);
	court_close();
}

static const struct criterion_result *
criterion(const char *id)
{
	size_t i;

	for (i = 0; i < court.v.n_criteria; i++)
		if (sv_is(court.v.criteria[i].criterion->id, id))
			return &court.v.criteria[i];
	fail_msg("no criterion %s", id);
	return NULL;
}

/* A person, and no log, says when it was: what rests on it is marked and says so; nothing else is. */
static void
test_manual(void **state)
{
	static const char *const moved[] = {"over-said", "over-not-said", "over-late", "excluded", "at"}, *const others[] = {"over-chaos", "over-steady", "whole", "both"};
	struct store_event ev = {.t_end = TIME_NONE, .kind = SV("manual"), .line = 1};
	int64_t said;
	size_t i;

	(void)state;
	evidence(600, 120, 180);
	said = court_file("manual/Mallory/1");
	ev.t = MINUTE(300), ev.name = SV("SAID_ON");
	OK(store_add_event(court.store, said, &ev, &err));
	ev.t = MINUTE(310), ev.name = SV("SAID_OFF");
	OK(store_add_event(court.store, said, &ev, &err));
	/* This one stands in the log as well. */
	ev.t = MINUTE(120), ev.name = SV("CHAOS_ON");
	OK(store_add_event(court.store, said, &ev, &err));
	court_judge(RUN_PART "windows:\n  chaos: {from: {event: CHAOS_ON, pick: first}, to: CHAOS_OFF}\n  steady: {not: chaos}\n"
	    "  said: {from: SAID_ON, to: SAID_OFF}\n  not-said: {not: said}\n  late: {from: SAID_OFF, to: run.end}\n"
	    "criteria:\n"
	    "- {id: over-said, over: said, sli: {count: reqs_total}, objective: '>= 1'}\n"
	    "- {id: over-not-said, over: not-said, sli: {count: reqs_total}, objective: '>= 1'}\n"
	    "- {id: over-late, over: late, sli: {count: reqs_total}, objective: '>= 1'}\n"
	    "- {id: at, promql: 'sum(reqs_total) > 0', at: {event: SAID_ON}}\n"
	    "- id: excluded\n  alerts: {exclude: [said], groups: [{name: g, rules: [{alert: A, expr: 'rate(reqs_total[30m]) < 0'}]}]}\n"
	    "- {id: over-chaos, over: chaos, sli: {count: reqs_total}, objective: '>= 1'}\n"
	    "- {id: over-steady, over: steady, sli: {count: reqs_total}, objective: '>= 1'}\n"
	    "- {id: both, promql: 'sum(reqs_total) > 0', at: {event: CHAOS_ON, pick: first}}\n"
	    "- {id: whole, sli: {count: reqs_total}, objective: '>= 1'}\n");
	for (i = 0; i < sizeof(moved) / sizeof(*moved); i++) {
		if (!criterion(moved[i])->manual)
			fail_msg("%s is not marked", moved[i]);
		says(criterion(moved[i])->sentence, "A person states when the ");
	}
	for (i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (criterion(others[i])->manual || sv_find(criterion(others[i])->sentence, SV("A person")) < criterion(others[i])->sentence.n)
			fail_msg("%s is marked", others[i]);
	assert_true(window_of("said")->manual && window_of("not-said")->manual && window_of("late")->manual);
	assert_true(!window_of("chaos")->manual && !window_of("steady")->manual && !window_of("run")->manual);
	court_close();
}

/* The run itself: all that is over it. */
static void
test_manual_run(void **state)
{
	struct store_event ev = {.t = MINUTE(600), .t_end = TIME_NONE, .kind = SV("manual"), .name = SV("END"), .line = 1};

	(void)state;
	evidence(NOT, NOT, NOT);
	OK(store_add_event(court.store, court_file("manual/Mallory/1"), &ev, &err));
	court_judge(RUN_PART "windows: {late: {from: run.end - 1h, to: run.end}}\ncriteria:\n- {id: a, sli: {count: reqs_total}, objective: '>= 1'}\n"
	    "- {id: b, over: late, sli: {count: reqs_total}, objective: '>= 1'}\n");
	assert_int_equal(criterion("a")->outcome, OUTCOME_PASS);
	says(criterion("a")->sentence, "A person states when the run was (manual).");
	assert_true(criterion("a")->manual && criterion("b")->manual);
	court_close();
}

/* The run without something: no pass on the little that is left, unless the profile allows it. */
static void
test_left_out(void **state)
{
	static const struct {
		const char *more;
		double on, off;
		enum outcome want;
	} cases[] = {
		{"", 120, 270, OUTCOME_PASS},
		{"", 120, 271, OUTCOME_INCONCLUSIVE},
		{", max_excluded: 50%", 120, 420, OUTCOME_PASS},
		{", max_excluded: 50%", 120, 421, OUTCOME_INCONCLUSIVE},
		{", max_excluded: 0%", 120, 130, OUTCOME_INCONCLUSIVE},
		{", objective: '> 9999999'", 10, 590, OUTCOME_FAIL},
	};
	char text[600];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		evidence(600, cases[i].on, cases[i].off);
		snprintf(text, sizeof(text), "%s%scriteria:\n- {id: a, over: steady, sli: {count: reqs_total}%s%s}\n- {id: b, over: chaos, sli: {count: reqs_total}, objective: '>= 0'}\n",
		    RUN_PART, WINDOWS, strstr(cases[i].more, "objective") == NULL ? ", objective: '>= 1'" : "", cases[i].more);
		court_judge(text);
		if (criterion("a")->outcome != cases[i].want)
			fail_msg("%zu: %s: %.*s", i, outcome_text(criterion("a")->outcome), (int)criterion("a")->sentence.n, criterion("a")->sentence.p);
		if (cases[i].want == OUTCOME_INCONCLUSIVE)
			says(criterion("a")->sentence, "are left out, and no more than ");
		assert_int_equal(criterion("b")->outcome, OUTCOME_PASS); /* a window that is asked for leaves nothing out */
		court_close();
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_windows),
		cmocka_unit_test(test_run_unknown),
		cmocka_unit_test(test_duration_facts),
		cmocka_unit_test(test_ambiguous),
		cmocka_unit_test(test_expressions),
		cmocka_unit_test(test_manual),
		cmocka_unit_test(test_manual_run),
		cmocka_unit_test(test_left_out),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
