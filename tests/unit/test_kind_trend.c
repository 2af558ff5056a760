/* trend: a slope against a budget; what is too short or too noisy is no pass. */
#include "kind_help.h"

extern const struct kind kind_trend;

/* A gauge every 5 minutes of the run; its value at a minute. */
struct shape {
	double level, slope, noise; /* slope per minute */
	int from, to;               /* minutes with samples */
	int restart;                /* the value falls back to level then; 0: never */
};

static const char *
run_of(const struct shape *s, size_t n)
{
	static struct sb text;
	unsigned seed = 7;
	int minute;
	size_t i;

	sb_reset(&text);
	sb_adds(&text, "1:");
	for (minute = 0; minute <= RUN_MINUTES; minute += 5)
		sb_addf(&text, " %d@%d", minute, s->restart > 0 && minute >= s->restart ? s->restart - 1 : -7);
	for (i = 0; i < n; i++) {
		sb_addf(&text, "\n1 mem{i=\"%zu\"}:", i);
		for (minute = s[i].from; minute <= s[i].to; minute += 5) {
			seed = seed * 1103515245 + 12345; /* fixed, the same in every run */
			sb_addf(&text, " %d=%.3f", minute, s[i].level +
			    s[i].slope * (minute - (s[i].restart > 0 && minute >= s[i].restart ? s[i].restart : 0)) +
			    s[i].noise * ((double)(seed >> 16 & 1023) / 511.5 - 1));
		}
	}
	sb_addc(&text, '\n');
	return sb_str(&text);
}

#define ALL 0, RUN_MINUTES, 0

static const struct {
	const char *what, *yaml;
	struct shape shape[2];
	enum outcome want;
	const char *says;
} cases[] = {
	{"constant", "trend: {expr: mem, max_growth: 10%}", {{100, 0, 0, ALL}}, OUTCOME_PASS, "A growth of 0 % in 10 h"},
	{"steady noise", "trend: {expr: mem, max_growth: 10%}", {{100, 0, 3, ALL}}, OUTCOME_PASS, "at most 10 % is allowed"},
	{"a leak", "trend: {expr: mem, max_growth: 10%}", {{100, 0.05, 3, ALL}}, OUTCOME_FAIL, "A growth of"},
	{"allowed growth", "trend: {expr: mem, max_growth: 40%}", {{100, 0.05, 3, ALL}}, OUTCOME_PASS, "A growth of"},
	{"on the edge", "trend: {expr: mem, max_growth: 30%}", {{100, 0.05, 6, ALL}}, OUTCOME_INCONCLUSIVE, "too noisy"},
	{"in numbers", "trend: {expr: mem, max_growth: 31}", {{100, 0.05, 0, ALL}}, OUTCOME_PASS, "A growth of 30 in 10 h"},
	{"in numbers, too much", "trend: {expr: mem, max_growth: 29}", {{100, 0.05, 0, ALL}}, OUTCOME_FAIL, "A growth of 30 in 10 h"},
	{"falling", "trend: {expr: mem, max_growth: 0}", {{100, -0.05, 0, ALL}}, OUTCOME_PASS, "A growth of -30"},
	{"a decline that must not be", "trend: {expr: mem, max_decline: 10%}", {{100, -0.05, 0, ALL}}, OUTCOME_FAIL, "A decline of"},
	{"no decline", "trend: {expr: mem, max_decline: 10%}", {{100, 0.05, 0, ALL}}, OUTCOME_PASS, "A decline of -"},
	{"full in a week", "trend: {expr: mem, limit: 400, horizon: 7d}", {{100, 0.05, 0, ALL}}, OUTCOME_FAIL, "in 7 d"},
	{"not full in a week", "trend: {expr: mem, limit: 700, horizon: 7d}", {{100, 0.05, 0, ALL}}, OUTCOME_PASS, "in 7 d"},
	{"the worst of two", "trend: {expr: mem, max_growth: 10%}", {{100, 0, 0, ALL}, {100, 0.05, 0, ALL}}, OUTCOME_FAIL,
	    "of mem{i=\"1\"}, the worst of 2 series"},
	{"nothing there", "trend: {expr: nope, max_growth: 10%}", {{100, 0, 0, ALL}}, OUTCOME_INCONCLUSIVE, "no value"},
	{"half of it", "trend: {expr: mem, max_growth: 10%}", {{100, 0, 0, 0, 300, 0}}, OUTCOME_INCONCLUSIVE, "of the run covered"},
	{"half of it fails", "trend: {expr: mem, max_growth: 10%}", {{100, 0.1, 0, 0, 300, 0}}, OUTCOME_FAIL, "A growth of"},
	{"one of two came late", "trend: {expr: mem, max_growth: 10%}", {{100, 0, 0, ALL}, {100, 0, 0, 400, 600, 0}},
	    OUTCOME_INCONCLUSIVE, "of the run covered"},
	{"a moment of it", "trend: {expr: mem, max_growth: 10%}", {{100, 0, 0, 0, 60, 0}}, OUTCOME_INCONCLUSIVE, "no series has 8"},
	{"a range too short", "trend: {expr: 'rate(mem[1m])', max_growth: 10%}", {{100, 0, 0, ALL}}, OUTCOME_INCONCLUSIVE,
	    "shorter than the samples"},
	{"a restart hides the leak", "trend: {expr: mem, max_growth: 10%}", {{100, 0.05, 0, 0, RUN_MINUTES, 300}}, OUTCOME_FAIL,
	    "1 restart: each life was looked at alone"},
	{"a restart, no leak", "trend: {expr: mem, max_growth: 10%}", {{100, 0, 0, 0, RUN_MINUTES, 300}}, OUTCOME_PASS, "1 restart"},
	{"a short life", "trend: {expr: mem, max_growth: 10%}", {{100, 0, 0, 0, RUN_MINUTES, 580}}, OUTCOME_INCONCLUSIVE,
	    "too short"},
	{"a share of nothing", "trend: {expr: mem, max_growth: 10%}", {{0, 0, 0, ALL}}, OUTCOME_INCONCLUSIVE, "level"},
	{"nothing, in numbers", "trend: {expr: mem, max_growth: 1}", {{0, 0, 0, ALL}}, OUTCOME_PASS, "A growth of 0"},
	{"an unknown window", "over: lost, trend: {expr: mem, max_growth: 1}", {{0, 0, 0, ALL}}, OUTCOME_INCONCLUSIVE, "not known"},
};

static void
test_cases(void **state)
{
	struct bench b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t n = cases[i].shape[1].to > 0 ? 2 : 1;
		const struct criterion_result *r = bench_judge(&b, &kind_trend, cases[i].yaml, run_of(cases[i].shape, n), -1, NULL);

		if (r->outcome != cases[i].want || sv_find(r->sentence, sv_of(cases[i].says)) == r->sentence.n)
			fail_msg("%s: %s: %.*s", cases[i].what, outcome_text(r->outcome), (int)r->sentence.n, r->sentence.p);
		bench_close(&b);
	}
}

/* A start that is slow and then steady: cut, it passes; left in, it does not. */
static void
test_warm_up(void **state)
{
	static const struct {
		const char *yaml;
		enum outcome want;
	} ways[] = {
		{"trend: {expr: mem, max_growth: 10%}", OUTCOME_INCONCLUSIVE},
		{"trend: {expr: mem, max_growth: 10%, warm_up: 3h}", OUTCOME_PASS},
		{"trend: {expr: mem, max_growth: 10%, warm_up: auto}", OUTCOME_PASS},
		{"trend: {expr: mem, max_growth: 10%, warm_up: 10h}", OUTCOME_INCONCLUSIVE},
	};
	struct sb run = {0};
	struct bench b;
	int minute;
	size_t i;

	(void)state;
	sb_adds(&run, "1:");
	for (minute = 0; minute <= RUN_MINUTES; minute += 5)
		sb_addf(&run, " %d@-7", minute);
	sb_adds(&run, "\n1 mem:");
	for (minute = 0; minute <= RUN_MINUTES; minute += 5)
		sb_addf(&run, " %d=%d", minute, minute < 150 ? 50 + minute / 3 : 100 + minute / 5 % 2);
	sb_addc(&run, '\n');
	for (i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		const struct criterion_result *r = bench_judge(&b, &kind_trend, ways[i].yaml, sb_str(&run), -1, NULL);

		if (r->outcome != ways[i].want)
			fail_msg("%s: %s: %.*s", ways[i].yaml, outcome_text(r->outcome), (int)r->sentence.n, r->sentence.p);
		bench_close(&b);
	}
	sb_free(&run);
}

/* Heaps of a garbage collector: the floor says what stays. */
static void
test_saw(void **state)
{
	struct sb run = {0};
	struct bench b;
	int minute;

	(void)state;
	sb_adds(&run, "1:");
	for (minute = 0; minute <= RUN_MINUTES; minute++)
		sb_addf(&run, " %d@-7", minute);
	sb_adds(&run, "\n1 mem:");
	for (minute = 0; minute <= RUN_MINUTES; minute++)
		sb_addf(&run, " %d=%d", minute, 100 + minute % 10 * (5 + minute / 100));
	sb_addc(&run, '\n');
	assert_int_equal(bench_judge(&b, &kind_trend, "trend: {expr: mem, max_growth: 1%, of: max}", sb_str(&run), -1, NULL)->outcome,
	    OUTCOME_FAIL);
	bench_close(&b);
	assert_int_equal(bench_judge(&b, &kind_trend, "trend: {expr: mem, max_growth: 1%, of: min}", sb_str(&run), -1, NULL)->outcome,
	    OUTCOME_PASS);
	bench_close(&b);
	sb_free(&run);
}

static void
test_refused(void **state)
{
	(void)state;
	refused(&kind_trend, "trend: 5", "must be a map");
	refused(&kind_trend, "trend: {max_growth: 5}", "'expr' is needed");
	refused(&kind_trend, "trend: {expr: mem}", "one of 'max_growth'");
	refused(&kind_trend, "trend: {expr: mem, max_growth: 5, limit: 5, horizon: 1h}", "one of 'max_growth'");
	refused(&kind_trend, "trend: {expr: mem, max_growth: much}", "a number or a share");
	refused(&kind_trend, "trend: {expr: mem, max_growth: -1}", "a number or a share");
	refused(&kind_trend, "trend: {expr: mem, limit: 5%, horizon: 1h}", "'limit' must be a number");
	refused(&kind_trend, "trend: {expr: mem, limit: 5}", "needs the 'horizon'");
	refused(&kind_trend, "trend: {expr: mem, limit: 5, horizon: 0s}", "longer than nothing");
	refused(&kind_trend, "trend: {expr: mem, max_growth: 5, warm_up: long}", "must be a duration");
	refused(&kind_trend, "trend: {expr: mem, max_growth: 5, buckets: 7}", "from 8 to 500");
	refused(&kind_trend, "trend: {expr: mem, max_growth: 5, of: mean}", "median, min or max");
	refused(&kind_trend, "trend: {expr: 'mem[5m]', max_growth: 5}", "a value at each moment");
	refused(&kind_trend, "trend: {expr: 'mem +', max_growth: 5}", "parse error");
	refused(&kind_trend, "trend: {expr: mem, max_growth: 5}, objective: '> 5'", "take the place");
	refused(&kind_trend, "trend: {expr: mem, max_grwoth: 5}", "max_growth");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_warm_up),
		cmocka_unit_test(test_saw),
		cmocka_unit_test(test_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
