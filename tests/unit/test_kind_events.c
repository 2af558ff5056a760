/* events: what is seen was seen; what is not seen did not happen only where a log would have told. */
#include "log_help.h"

extern const struct kind kind_events;

#define WHOLE "START 0 | DONE 600"

static const struct log_case cases[] = {
    {"seen", "events: {name: CHAOS_ON}", "a.log", WHOLE "| CHAOS_ON 65", NULL, NULL, OUTCOME_PASS, "1",
	"In the run it was seen once, CHAOS_ON at 2026-01-12T07:05:00Z; required at least 1.", 1},
    {"once, which is asked for", "events: {name: E, min: 1}", "a.log", WHOLE "| E 5", NULL, NULL, OUTCOME_PASS, "1", "required at least 1.", 1},
    {"seen at the very beginning and end", "events: {name: E, min: 2}", "a.log", "E 0 600", NULL, NULL, OUTCOME_PASS, "2",
	"seen 2 times, first E at 2026-01-12T06:00:00Z", 1},
    {"seen by its prefix", "events: {name: POLICY_UPDATED}", "a.log", WHOLE "| POLICY_UPDATED_OPENAI 65", NULL, NULL,
	OUTCOME_PASS, "1", "POLICY_UPDATED_OPENAI", 1},
    {"the name itself, where it occurs, and not others that begin so", "events: {name: ROTATED, min: 2}", "a.log",
	WHOLE "| ROTATED 5 | ROTATED_NOT 65", NULL, NULL, OUTCOME_FAIL, "1", "In the run it was seen once, ROTATED at", 1},
    {"seen too rarely", "events: {name: E, min: 3}", "a.log", WHOLE "| E 5 6", NULL, NULL, OUTCOME_FAIL, "2",
	"required at least 3; the event log covers all of it.", 1},
    {"not seen by a log that covers the run", "events: {name: E}", "a.log", WHOLE, NULL, NULL, OUTCOME_FAIL, "0",
	"In the run it was not seen; required at least 1; the event log covers all of it.", 1},
    {"not seen, and the log ends early", "events: {name: E}", "a.log", "START 0 599", NULL, NULL, OUTCOME_INCONCLUSIVE, "0",
	"Not decidable: in the run it was not seen; required at least 1; event logs cover 99.83 % of it.", 1},
    {"seen in a log that ends early", "events: {name: E}", "a.log", "START 0 | E 5", NULL, NULL, OUTCOME_PASS, "1", "", 1},
    {"seen in a log that broke off", "events: {name: E}", "!a.log", "START 0 | E 5 600", NULL, NULL, OUTCOME_PASS, "2", "",
	1},
    {"not seen in a log that broke off", "events: {name: E}", "!a.log", WHOLE, NULL, NULL, OUTCOME_INCONCLUSIVE, "0",
	"event logs cover 0 % of it", 0},
    {"seen before and after the run only", "events: {name: E}", "a.log", WHOLE "| E -5 601", NULL, NULL, OUTCOME_FAIL, "0",
	"not seen", 1},
    {"seen before the window only", "events: {name: E}, over: chaos", "a.log", WHOLE "| E 64 96", NULL, NULL, OUTCOME_FAIL,
	"0", "In the chaos window it was not seen", 1},
    {"no events at all", "events: {name: E}", NULL, NULL, NULL, NULL, OUTCOME_INCONCLUSIVE, "0", "Not decidable", 0},
    {"a window without bounds", "events: {name: E}, over: lost", "a.log", WHOLE, NULL, NULL, OUTCOME_INCONCLUSIVE, "n/a",
	"Not measured: when the lost window began", 0},

    {"order: one after the other", "events: {order: [ROTATED, CHAOS_ON, CHAOS_OFF]}", "a.log", WHOLE "| CHAOS_ON 65 | CHAOS_OFF 95 | ROTATED 5 300",
	NULL, NULL, OUTCOME_PASS, "3",
	"In the run, in this order: ROTATED at 2026-01-12T06:05:00Z, then CHAOS_ON at 2026-01-12T07:05:00Z, then CHAOS_OFF at 2026-01-12T07:35:00Z.", 1},
    {"order: the same twice", "events: {order: [E, E]}", "a.log", WHOLE "| E 5 6", NULL, NULL, OUTCOME_PASS, "2", "then E at 2026-01-12T06:06:00Z", 1},
    {"order: the same, and there was one", "events: {order: [E, E]}", "a.log", WHOLE "| E 5", NULL, NULL, OUTCOME_FAIL, "1",
	"E at 2026-01-12T06:05:00Z, but no E after it; the event log covers all of it.", 1},
    {"order: the other way round", "events: {order: [CHAOS_ON, CHAOS_OFF]}", "a.log", WHOLE "| CHAOS_ON 95 | CHAOS_OFF 65", NULL, NULL,
	OUTCOME_FAIL, "1", "Not in the order that is required in the run: CHAOS_ON at 2026-01-12T07:35:00Z, but no CHAOS_OFF after it", 1},
    {"order: the first never happened", "events: {order: [CHAOS_ON, CHAOS_OFF]}", "a.log", WHOLE "| CHAOS_OFF 65", NULL, NULL, OUTCOME_FAIL, "0",
	"required in the run: no CHAOS_ON;", 1},
    {"order: before the window", "events: {order: [A, B]}, over: chaos", "a.log", WHOLE "| A 60 | B 70", NULL, NULL, OUTCOME_FAIL, "0", "no A;", 1},
    {"order: seen in a log that ends early", "events: {order: [A, B]}", "a.log", "START 0 | A 5 | B 6", NULL, NULL, OUTCOME_PASS, "2", "", 1},
    {"order: not seen, and the log ends early", "events: {order: [A, B]}", "a.log", "START 0 599 | A 5", NULL, NULL, OUTCOME_INCONCLUSIVE, "1",
	"Not decidable: in the run A at 2026-01-12T06:05:00Z, but no B after it; event logs cover 99.83 % of it.", 1},
    {"order: the source ends early", "events: {order: [A, B], source: a.log}", "a.log", "START 0 599 | A 5", NULL, NULL, OUTCOME_INCONCLUSIVE, "1",
	"event logs cover 99.83 % of it.", 1},
    {"order: no log", "events: {order: [A, B]}", NULL, NULL, NULL, NULL, OUTCOME_INCONCLUSIVE, "0", "no A;", 0},

    {"none: did not happen", "events: {none: OOM, source: '*.log'}", "a.log", WHOLE, NULL, NULL, OUTCOME_PASS, "0",
	"None was found, and the event log covers all of the run.", 1},
    {"none: no log is known to tell", "events: {none: OOM}", "a.log", WHOLE, NULL, NULL, OUTCOME_INCONCLUSIVE, "0",
	"Not decidable: no event was found, but no log is known to tell of such events.", 1},
    {"none: a log that told of it before the run", "events: {none: OOM}", "a.log", WHOLE "| OOM -10", NULL, NULL, OUTCOME_PASS, "0",
	"", 1},
    {"none: the source is not there", "events: {none: OOM, source: incidents.log}", "a.log", WHOLE, NULL, NULL,
	OUTCOME_INCONCLUSIVE, "0", "no event log covers all of the run (0 % is covered)", 0},
    {"none: happened, in a log that is not the source", "events: {none: OOM, source: incidents.log}", "a.log", WHOLE "| OOM 65", NULL,
	NULL, OUTCOME_FAIL, "1", "", 1},
    {"none: the source among others", "events: {none: OOM, source: b.log}", "a.log", "START 0 200", "b.log", WHOLE, OUTCOME_PASS, "0",
	"", 1},
    {"seen: the source that covers the run does not tell of it", "events: {name: E, source: b.log}", "a.log", "START 0 200", "b.log",
	WHOLE, OUTCOME_FAIL, "0", "", 1},
    {"none: happened", "events: {none: OOM, source: '*.log'}", "a.log", WHOLE "| OOM_KILLED 65 70", NULL, NULL, OUTCOME_FAIL, "2",
	"None is allowed in the run, and it was seen 2 times, first OOM_KILLED at 2026-01-12T07:05:00Z.", 1},
    {"none: both the name and what begins so", "events: {none: OOM, source: '*.log'}", "a.log", WHOLE "| OOM 65 | OOM_KILLED 60", NULL, NULL,
	OUTCOME_FAIL, "2", "first OOM_KILLED", 1},
    {"none: happened, in a log that ends early", "events: {none: OOM, source: '*.log'}", "a.log", "START 0 | OOM 65", NULL, NULL,
	OUTCOME_FAIL, "1", "", 1},
    {"none: happened, in a log that broke off", "events: {none: OOM, source: '*.log'}", "!a.log", "START 0 | OOM 65", NULL, NULL,
	OUTCOME_FAIL, "1", "", 1},
    {"none: the log ends early", "events: {none: OOM, source: '*.log'}", "a.log", "START 0 599", NULL, NULL, OUTCOME_INCONCLUSIVE, "0",
	"Not decidable: no event was found, but no event log covers all of the run (99.83 % is covered).", 1},
    {"none: the log begins late", "events: {none: OOM, source: '*.log'}", "a.log", "START 1 600", NULL, NULL, OUTCOME_INCONCLUSIVE, "0", "",
	1},
    {"none: the log broke off", "events: {none: OOM, source: '*.log'}", "!a.log", WHOLE, NULL, NULL, OUTCOME_INCONCLUSIVE, "0", "", 0},
    {"none: no log", "events: {none: OOM, source: '*.log'}", NULL, NULL, NULL, NULL, OUTCOME_INCONCLUSIVE, "0",
	"no event log covers all of the run (0 % is covered)", 0},
    {"none: an early end does not matter to an earlier window", "events: {none: OOM, source: '*.log'}, over: half", "a.log", "START 0 300",
	NULL, NULL, OUTCOME_PASS, "0", "covers all of the half window", 1},
    {"none: two logs that overlap", "events: {none: OOM, source: '*.log'}", "a.log", "START 0 400", "b.log", "DONE 390 600", OUTCOME_PASS,
	"0", "", 2},
    {"none: two logs with a hole between", "events: {none: OOM, source: '*.log'}", "a.log", "START 0 200", "b.log", "DONE 390 600",
	OUTCOME_INCONCLUSIVE, "0", "(68.33 % is covered)", 2},
    {"none: a log that tells of it elsewhere, and another that would not", "events: {none: OOM}", "a.log", "OOM -10 | X 200",
	"b.log", WHOLE, OUTCOME_INCONCLUSIVE, "0", "(33.33 % is covered)", 1},
};

static void
test_cases(void **state)
{
	(void)state;
	log_cases(&kind_events, cases, sizeof(cases) / sizeof(*cases));
}

static void
test_figures(void **state)
{
	struct store *s = log_store("figures.db", "a.log", WHOLE "| OOM 5 | E 7 8 9", NULL, NULL);
	const struct criterion_result *r;
	struct bench b;

	(void)state;
	r = bench_judge(&b, &kind_events, "events: {name: E, min: 2}", "", -1, s);
	figure_is(&r->observed, "criterion/c/observed", "3", "count");
	figure_is(&r->required, "criterion/c/required", "at least 2", "count");
	figure_is(&r->margin, "criterion/c/margin", "1", "count");
	figure_is(&r->n, "criterion/c/n", "3", "count");
	figure_is(&r->cover, "criterion/c/coverage", "100 %", "ratio");
	assert_true(sv_is(r->observed.query, "E"));
	assert_true(sv_is(r->sources[0], "a.log"));
	bench_close(&b);
	r = bench_judge(&b, &kind_events, "events: {none: OOM, source: '*.log'}", "", -1, s);
	figure_is(&r->required, "criterion/c/required", "none", "count");
	figure_is(&r->margin, "criterion/c/margin", "-1", "count");
	bench_close(&b);
	store_close(s);
}

static void
test_refused(void **state)
{
	(void)state;
	refused(&kind_events, "events: OOM", "events must be a map");
	refused(&kind_events, "events: {}", "one of 'name' and 'none'");
	refused(&kind_events, "events: {nam: OOM}", "nam");
	refused(&kind_events, "events: {name: A, none: B}", "one of 'name' and 'none'");
	refused(&kind_events, "events: {none: A, min: 2}", "'min' goes with 'name'");
	refused(&kind_events, "events: {name: A, min: 0}", "at least 1");
	refused(&kind_events, "events: {name: A, min: 1.5}", "at least 1");
	refused(&kind_events, "events: {name: A, min: many}", "at least 1");
	refused(&kind_events, "events: {name: [A]}", "name");
	refused(&kind_events, "events: {none: [A]}", "none");
	refused(&kind_events, "events: {name: A, source: [a.log]}", "source");
	refused(&kind_events, "events: {order: A}", "a list of two names or more");
	refused(&kind_events, "events: {order: [A]}", "a list of two names or more");
	refused(&kind_events, "events: {order: [A, [B]]}", "the name of an event");
	refused(&kind_events, "events: {order: [A, B], name: A}", "one of 'name' and 'none'");
	refused(&kind_events, "events: {order: [A, B], none: A}", "one of 'name' and 'none'");
	refused(&kind_events, "events: {order: [A, B], min: 2}", "'min' goes with 'name'");
	refused(&kind_events, "events: {name: A}, objective: '>= 1'", "takes the place");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_figures),
	    cmocka_unit_test(test_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
