/* schedule: a slot each 60 minutes of 600 has nine of them: neither the beginning nor the end is one. */
#include "log_help.h"

extern const struct kind kind_schedule;

#define HOURLY "schedule: {event: TICK, every: 1h, tolerance: 60s}"
#define WHOLE "START 0 | END 600 | "

static const struct log_case cases[] = {
    {"all met", HOURLY, "a.log", WHOLE "TICK 60 120.5 179 240 301 360 420 480 540", NULL, NULL, OUTCOME_PASS, "9",
	"9 of 9 slots in the run were met, none more than 1 min off; 0 other events of that name.", 1},
    {"events at the beginning and the end are no slots", HOURLY, "a.log",
	WHOLE "TICK 0 60 120 180 240 300 360 420 480 540 600", NULL, NULL, OUTCOME_PASS, "9",
	"none more than 0 s off; 2 other events", 1},
    {"twice in a slot is once", HOURLY, "a.log", WHOLE "TICK 59.5 60 60.2 120 180 240 300 360 420 480 540", NULL, NULL,
	OUTCOME_PASS, "9", "none more than 0 s off; 2 other events", 1},
    {"... and does not fill the next", HOURLY, "a.log", WHOLE "TICK 60 60.5 180 240 300 360 420 480 540", NULL, NULL,
	OUTCOME_FAIL, "8", "8 of 9 slots in the run were met; missing: 2026-01-12T08:00:00Z; the event log covers 100 % of it.",
	1},
    {"just outside the tolerance", HOURLY, "a.log", WHOLE "TICK 60 121.01 180 240 300 360 420 480 540", NULL, NULL,
	OUTCOME_FAIL, "8", "missing: 2026-01-12T08:00:00Z", 1},
    {"another name that begins so", HOURLY, "a.log", WHOLE "TICK 60 120 180 240 300 360 420 480 | TICK_FAILED 540", NULL,
	NULL, OUTCOME_FAIL, "8", "missing: 2026-01-12T15:00:00Z", 1},
    {"none at all, by a log that covers the run", HOURLY, "a.log", "START 0 | END 600", NULL, NULL, OUTCOME_FAIL, "0",
	"0 of 9 slots in the run were met; missing: 2026-01-12T07:00:00Z, 2026-01-12T08:00:00Z,", 1},
    {"the log ends early, and nothing is missing in it", HOURLY, "a.log", "START 0 | TICK 60 120 180", NULL, NULL,
	OUTCOME_INCONCLUSIVE, "3", "Not decidable: 3 of 9 slots in the run were met; missing: 2026-01-12T10:00:00Z", 1},
    {"the log ends early, but one is missing in it already", HOURLY, "a.log", "START 0 | TICK 60 180", NULL, NULL,
	OUTCOME_FAIL, "2", "2 of 9 slots in the run were met; missing: 2026-01-12T08:00:00Z, 2026-01-12T10:00:00Z", 1},
    {"the log ends within the tolerance of the next", HOURLY, "a.log", "START 0 119.5 | TICK 60", NULL, NULL,
	OUTCOME_INCONCLUSIVE, "1", "", 1},
    {"all met in a log that ends after the last", HOURLY, "a.log", "TICK 60 120 180 240 300 360 420 480 540", NULL, NULL,
	OUTCOME_PASS, "9", "", 1},
    {"all met in a log that broke off", HOURLY, "!a.log", "TICK 60 120 180 240 300 360 420 480 540", NULL, NULL,
	OUTCOME_PASS, "9", "", 0},
    {"missing in a log that broke off", HOURLY, "!a.log", WHOLE "TICK 60 180", NULL, NULL, OUTCOME_INCONCLUSIVE, "2", "", 0},
    {"missing where only another log goes on", HOURLY, "a.log", "START 0 | TICK 60 120", "b.log", "X 0 600",
	OUTCOME_INCONCLUSIVE, "2", "", 1},
    {"no log", HOURLY, NULL, NULL, NULL, NULL, OUTCOME_INCONCLUSIVE, "0", "Not decidable: 0 of 9 slots", 0},
    {"a shorter window counts from its own beginning", "schedule: {event: TICK, every: 10m, tolerance: 10s}, over: chaos",
	"a.log", WHOLE "TICK 75 85", NULL, NULL, OUTCOME_PASS, "2", "2 of 2 slots in the chaos window were met", 1},
    {"a window without a slot", HOURLY ", over: chaos", "a.log", WHOLE "TICK 60", NULL, NULL, OUTCOME_INCONCLUSIVE, "0",
	"Not decidable: no slot lies inside the chaos window.", 1},
    {"a window without bounds", HOURLY ", over: lost", "a.log", WHOLE "TICK 60", NULL, NULL, OUTCOME_INCONCLUSIVE, "n/a",
	"Not measured: when the lost window began", 0},
    {"a long list is cut", "schedule: {event: TICK, every: 10m, tolerance: 0s}", "a.log", WHOLE "TICK 10", NULL, NULL,
	OUTCOME_FAIL, "1", "2026-01-12T07:50:00Z and 48 more; the event log", 1},
};

static void
test_cases(void **state)
{
	(void)state;
	log_cases(&kind_schedule, cases, sizeof(cases) / sizeof(*cases));
}

static void
test_figures(void **state)
{
	struct store *s = log_store("figures.db", "a.log", WHOLE "TICK 60 120 180 190", NULL, NULL);
	const struct criterion_result *r;
	struct bench b;

	(void)state;
	r = bench_judge(&b, &kind_schedule, HOURLY, "", -1, s);
	figure_is(&r->observed, "criterion/c/observed", "3", "count");
	figure_is(&r->required, "criterion/c/required", "9", "count");
	figure_is(&r->margin, "criterion/c/margin", "-6", "count");
	figure_is(&r->n, "criterion/c/n", "4", "count");
	figure_is(&r->cover, "criterion/c/coverage", "100 %", "ratio");
	bench_close(&b);
	store_close(s);
}

static void
test_refused(void **state)
{
	(void)state;
	refused(&kind_schedule, "schedule: TICK", "schedule must be a map");
	refused(&kind_schedule, "schedule: {event: A, every: 1h, tolerance: 1m, min: 3}", "min");
	refused(&kind_schedule, "schedule: {every: 1h, tolerance: 1m}", "'event' is needed");
	refused(&kind_schedule, "schedule: {event: A, tolerance: 1m}", "'every' must be a duration");
	refused(&kind_schedule, "schedule: {event: A, every: 0s, tolerance: 0s}", "'every' must be a duration");
	refused(&kind_schedule, "schedule: {event: A, every: 1h}", "'tolerance' must be a duration");
	refused(&kind_schedule, "schedule: {event: A, every: 1h, tolerance: 30m}", "less than half of 'every'");
	refused(&kind_schedule, "schedule: {event: A, every: 1h, tolerance: 1m}, objective: 97%", "takes no 'objective'");
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
