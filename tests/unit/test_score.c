/* The score: one number more that can spoil a verdict, and never mend one; and min_samples. */
#include "kind_help.h"

#include "judge/decide.h"
#include "judge/result.h"
#include "judge/score.h"

#define P OUTCOME_PASS
#define W OUTCOME_WARN
#define F OUTCOME_FAIL
#define V OUTCOME_WAIVED
#define I OUTCOME_INCONCLUSIVE

static const struct {
	const char *what;
	enum outcome of[3];
	double weight[3];
	enum outcome score;
	const char *observed, *possible;
} cases[] = { /* pass: 90 %, warn: 75 % */
    {"all", {P, P, P}, {1, 1, 1}, P, "100.00 %", "100.00 %"},
    {"a warning is half", {P, P, W}, {1, 1, 1}, W, "83.33 %", "83.33 %"},
    {"weights", {P, P, W}, {4, 4, 2}, P, "90.00 %", "90.00 %"},
    {"just below", {P, P, W}, {4, 4, 2.1}, W, "89.60 %", "89.60 %"},
    {"at the lower one", {P, P, F}, {2, 1, 1}, W, "75.00 %", "75.00 %"},
    {"below it", {P, P, F}, {1, 1, 1}, F, "66.67 %", "66.67 %"},
    {"open adds nothing", {P, P, I}, {1, 1, 1}, I, "66.67 %", "100.00 %"},
    {"open, and enough without it", {P, P, I}, {9, 1, 1}, P, "90.91 %", "100.00 %"},
    {"open, and too late for it", {P, F, I}, {1, 1, 1}, F, "33.33 %", "66.67 %"},
    {"open, and it may be a warning or a pass", {P, P, I}, {8, 0.5, 1.5}, W, "85.00 %", "100.00 %"},
    {"waived is out of the sum", {P, P, V}, {1, 1, 100}, P, "100.00 %", "100.00 %"},
    {"all waived", {V, V, V}, {1, 1, 1}, I, "n/a", "n/a"},
    {"no weight", {P, P, P}, {0, 0, 0}, I, "n/a", "n/a"},
    {"all open", {I, I, I}, {1, 1, 1}, I, "0.00 %", "100.00 %"},
};

static void
test_cases(void **state)
{
	struct profile p = {.has_score = true, .score_pass = 0.9, .score_warn = 0.75};
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct profile_criterion c[3] = {{.id = SV("a")}, {.id = SV("b")}, {.id = SV("c")}};
		struct criterion_result r[3] = {0};
		struct verdict v = {.profile = &p, .criteria = r, .n_criteria = 3};

		for (k = 0; k < 3; k++) {
			c[k].weight = cases[i].weight[k];
			r[k] = (struct criterion_result){.criterion = &c[k], .outcome = cases[i].of[k]};
		}
		score_judge(&v);
		if (v.score.outcome != cases[i].score || !v.score.asked)
			fail_msg("%s: %s", cases[i].what, outcome_text(v.score.outcome));
		if (v.score.observed.known && (sv_find(v.score.sentence, SV("if all that is open")) < v.score.sentence.n) !=
						  !sv_is(v.score.possible.text, cases[i].observed))
			fail_msg("%s: %.*s", cases[i].what, (int)v.score.sentence.n, v.score.sentence.p);
		figure_is(&v.score.observed, "score/observed", cases[i].observed, "ratio");
		figure_is(&v.score.possible, "score/possible", cases[i].possible, "ratio");
		figure_is(&v.score.required, "score/required", "90.00 %", "ratio");
		figure_is(&v.score.warn, "score/warn", "75.00 %", "ratio");
		verdict_free(&v);
	}
}

/* Three that pass beside what the score says: it decides, or (asked false) nothing does. */
static void
test_decision(void **state)
{
	static const struct {
		enum outcome score, plain, strict;
		const char *headline;
	} rows[] = {{P, P, P, "3 of 3 criteria passed"}, {W, P, F, "the score warns"}, {F, F, F, "the score is too low"},
	    {I, I, I, "the score is not decided"}};
	struct profile p = {.contradiction_fails = true};
	struct profile_criterion c = {.id = SV("a")};
	struct criterion_result r[3] = {{.criterion = &c}, {.criterion = &c}, {.criterion = &c}};
	size_t i;
	int strict;

	(void)state;
	for (i = 0; i < 4; i++)
		for (strict = 0; strict < 2; strict++) {
			struct verdict v = {.profile = &p, .criteria = r, .n_criteria = 3,
			    .score = {.asked = true, .outcome = rows[i].score, .sentence = SV("Score 1 %.")}};

			decide(&v, strict);
			assert_int_equal(v.outcome, strict ? rows[i].strict : rows[i].plain);
			if (!strict)
				says("headline", v.headline, rows[i].headline);
			assert_int_equal(v.n_reasons, rows[i].score != P);
			v.score.asked = false;
			decide(&v, strict);
			assert_int_equal(v.outcome, P);
			verdict_free(&v);
		}
}

/* Key criteria that failed are named in the headline; those that passed are not. */
static void
test_key(void **state)
{
	struct profile p = {.contradiction_fails = true};
	struct profile_criterion c[3] = {{.id = SV("first"), .key = true}, {.id = SV("second"), .key = true}, {.id = SV("third")}};
	struct criterion_result r[3] = {{.criterion = &c[0], .outcome = F}, {.criterion = &c[1], .outcome = P},
	    {.criterion = &c[2], .outcome = F}};
	struct verdict v = {.profile = &p, .criteria = r, .n_criteria = 3};

	(void)state;
	decide(&v, false);
	assert_true(sv_is(v.headline, "2 of 3 criteria failed (key: first)"));
	verdict_free(&v);
}

static void
test_many(void **state)
{
	static const struct {
		enum outcome before;
		double n;
		int64_t min;
		enum outcome after;
	} rows[] = {{P, 99, 100, I}, {P, 100, 100, P}, {P, 1, 0, P}, {W, 99, 100, I}, {W, 100, 100, W}, {F, 99, 100, F}, {I, 99, 100, I},
	    {P, (double)NAN, 1, I}};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct profile_criterion c = {.id = SV("a"), .min_samples = rows[i].min};
		struct verdict v = {0};
		struct judging j = {.v = &v, .arena = &v.arena};
		struct criterion_result r = {.criterion = &c, .outcome = rows[i].before, .sentence = SV("All well."),
		    .n = {.known = !isnan(rows[i].n), .value = rows[i].n, .text = SV("99")}};

		result_many(&j, &r);
		assert_int_equal(r.outcome, rows[i].after);
		says("settle", r.settle, rows[i].before != I && rows[i].after == I ? "to look at" : "");
		says("sentence", r.sentence, rows[i].before != I && rows[i].after == I ? "Too few: 99 were looked at, and 1" : "All well.");
		verdict_free(&v);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_decision),
	    cmocka_unit_test(test_key),
	    cmocka_unit_test(test_many),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
