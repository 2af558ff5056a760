/* tests: every test of the suite ran and passed; what was skipped, vanished, is in doubt or told in two ways is no pass. */
#include "kind_help.h"

extern const struct kind kind_tests;

/*
 * An artifact as text: "s.a=pass:0.5@60 s.b=fail" are tests with seconds and minutes, "#all=fail:20" is what the runner says of
 * its tests. Its name: "!x" broke off, "?x" was not understood in all.
 */
static void
add_report(struct store *s, const char *name, const char *rows, int nth)
{
	struct store_content c = {.size = 10, .format = "junit-xml", .items = 1, .complete = name[0] != '!',
	    .first_ms = TIME_NONE, .last_ms = TIME_NONE};
	struct store_problem odd = {.severity = name[0] == '?' ? "warning" : "note", .stage = "read", .text = SV("odd")};
	int64_t line = 1;
	struct sv rest = sv_of(rows), word;

	odd.content = OK(store_content_new(s, &err));
	while (sv_split(&rest, ' ', &word)) {
		struct store_result r = {.kind = SV("test"), .t = TIME_NONE, .duration = NAN, .line = line++};
		size_t n = sv_chr(word, '='), dot = sv_chr(word, '.');

		if (word.n == 0)
			continue;
		if (sv_chr(word, '@') < word.n)
			r.t = MINUTES(number(sv_from(word, sv_chr(word, '@') + 1)));
		if (sv_chr(word, ':') < word.n)
			r.duration = number(sv_head(sv_from(word, sv_chr(word, ':') + 1),
			    sv_chr(word, '@') - sv_chr(word, ':') - 1));
		r.status = sv_head(sv_from(word, n + 1), sv_chr(sv_from(word, n + 1), ':'));
		r.status = sv_head(r.status, sv_chr(r.status, '@'));
		r.name = sv_head(word, n);
		if (word.p[0] == '#') {
			r.kind = SV("suite");
			r.name = sv_from(r.name, 1);
		} else if (dot < n) {
			r.suite = sv_head(r.name, dot);
			r.name = sv_from(r.name, dot + 1);
		}
		if (sv_is(r.status, "fail"))
			r.text = SV("assert 1");
		OK(store_add_result(s, odd.content, &r, &err));
	}
	snprintf(c.sha256, sizeof(c.sha256), "%s%d", name, nth);
	OK(store_content_done(s, odd.content, &c, &err));
	OK(store_add_problem(s, &odd, &err));
	artifact(s, odd.content, name);
}

static const struct report_case {
	const char *what, *spec;
	const char *name[3], *rows[3];
	enum outcome outcome;
	const char *observed, *sentence;
	size_t against; /* contradictions */
} cases[] = {
    {"all passed", "tests: {}", {"a.xml"}, {"s.a=pass:1.5@0 s.b=pass:2@0"}, OUTCOME_PASS, "2 of 2 passed",
	"All 2 tests passed in 3.5 s.", 0},
    {"one failed", "tests: {}", {"a.xml"}, {"s.a=pass:1@0 s.b=fail:1@0"}, OUTCOME_FAIL, "1 of 2 passed",
	"1 of 2 tests failed: b (assert 1).", 0},
    {"an error is a failure", "tests: {}", {"a.xml"}, {"s.a=pass@0 s.b=error@0"}, OUTCOME_FAIL, "1 of 2 passed",
	"1 of 2 tests failed: b.", 0},
    {"none", "tests: {}", {NULL}, {NULL}, OUTCOME_INCONCLUSIVE, "n/a", "Not measured: no result of such a test was found.", 0},
    {"a file without tests", "tests: {}", {"a.xml"}, {"#testsuites=skip"}, OUTCOME_INCONCLUSIVE, "n/a", "Not measured", 0},
    {"one skipped", "tests: {}", {"a.xml"}, {"s.a=pass@0 s.b=skip@0"}, OUTCOME_INCONCLUSIVE, "1 of 2 passed",
	"Not decidable: 1 of 2 tests did not pass and did not fail: b (was skipped).", 0},
    {"one skipped, as it may", "tests: {may_skip: [b]}", {"a.xml"}, {"s.a=pass@0 s.b=skip@0"}, OUTCOME_PASS,
	"1 of 1 passed", "All 1 tests passed; 1 more were skipped, as they may.", 0},
    {"all skipped, as they may", "tests: {may_skip: [a, b]}", {"a.xml"}, {"s.a=skip@0 s.b=skip@0"}, OUTCOME_INCONCLUSIVE,
	"0 of 0 passed", "all 2 tests were skipped", 0},
    {"what may be skipped may not fail", "tests: {may_skip: [b]}", {"a.xml"}, {"s.a=pass@0 s.b=fail@0"}, OUTCOME_FAIL,
	"1 of 2 passed", "b (assert 1)", 0},
    {"one broke off", "tests: {}", {"a.xml"}, {"s.a=pass@0 s.b=incomplete@0"}, OUTCOME_INCONCLUSIVE, "1 of 2 passed",
	"b (did not come to its end)", 0},
    {"a failure is not hidden by what is missing", "tests: {expect: [z]}", {"a.xml"}, {"s.a=skip@0 s.b=fail@0"}, OUTCOME_FAIL,
	"0 of 3 passed", "1 of 2 tests failed", 0},
    {"one vanished", "tests: {expect: [a, b, c]}", {"a.xml"}, {"s.a=pass@0 s.b=pass@0"}, OUTCOME_INCONCLUSIVE,
	"2 of 3 passed", "Not decidable: 1 expected test is missing: c.", 0},
    {"expected by suite and name", "tests: {expect: ['s.py::a', s.b]}", {"a.xml"}, {"s.a=pass@0 s.b=pass@0"}, OUTCOME_PASS,
	"2 of 2 passed", "", 0},
    {"too few", "tests: {min: 12}", {"a.xml"}, {"s.a=pass@0 s.b=pass@0"}, OUTCOME_INCONCLUSIVE, "2 of 3 passed",
	"1 expected test is missing: 10 of 12 tests.", 0},
    {"the worst of one artifact's words counts", "tests: {}", {"a.xml"}, {"s.a=pass@0 s.a=fail@0 s.a=pass@0"}, OUTCOME_FAIL,
	"0 of 1 passed", "1 of 1 tests failed", 0},

    {"in time", "tests: {within: 60s}", {"a.xml"}, {"s.a=pass:1@0 #all=pass:20.5@0"}, OUTCOME_PASS, "1 of 1 passed",
	"All 1 tests passed in 20.5 s, 60 s allowed.", 0},
    {"too slow", "tests: {within: 60s}", {"a.xml"}, {"s.a=pass:1@0 #all=pass:60.5@0"}, OUTCOME_FAIL, "1 of 1 passed",
	"The tests took 60.5 s, 60 s allowed", 0},
    {"it is not known how long", "tests: {within: 60s}", {"a.xml"}, {"s.a=pass:1@0 s.b=pass@0"}, OUTCOME_INCONCLUSIVE,
	"2 of 2 passed", "but how long they took is not known", 0},
    {"suites add up, but not with what is in them", "tests: {within: 60s}", {"a.xml"},
	{"s.a=pass@0 #x=pass:40@0 #x/y=pass:40@0 #z=pass:30@0"}, OUTCOME_FAIL, "1 of 1 passed", "70 s", 0},

    {"its counts are in doubt", "tests: {}", {"a.xml"}, {"s.a=pass@0 #all=incomplete@0"}, OUTCOME_INCONCLUSIVE,
	"1 of 1 passed", "what the artifacts list may not be all: a.xml (its end is missing)", 0},
    {"its runner says that tests failed", "tests: {}", {"a.xml"}, {"s.a=pass@0 #all=fail@0"}, OUTCOME_FAIL, "1 of 1 passed",
	"a.xml (it says that tests failed, and lists none that did)", 0},
    {"its runner says that all passed", "tests: {}", {"a.xml"}, {"s.a=fail@0 #testsuites=pass@0"}, OUTCOME_FAIL,
	"0 of 1 passed", "a (assert 1)", 1},
    {"not all of it was understood", "tests: {}", {"?a.xml"}, {"s.a=pass@0"}, OUTCOME_INCONCLUSIVE, "1 of 1 passed",
	"?a.xml (not all of it was understood)", 0},
    {"another broke off", "tests: {}", {"a.xml", "!b.xml"}, {"s.a=pass@0", ""}, OUTCOME_INCONCLUSIVE, "1 of 1 passed",
	"!b.xml (it could not be read)", 0},
    {"another, that was not asked for, broke off", "tests: {file: a.xml}", {"a.xml", "!b.xml"}, {"s.a=pass@0", ""},
	OUTCOME_PASS, "1 of 1 passed", "", 0},

    {"two artifacts agree", "tests: {}", {"a.xml", "b.log"}, {"s.a=pass@5 s.b=pass@5", "s.a=pass s.b=pass"}, OUTCOME_PASS,
	"2 of 2 passed", "All 2 tests passed. A second artifact says the same of 2.", 0},
    {"two artifacts disagree on a skip", "tests: {}", {"a.xml", "b.log"}, {"s.a=pass@5 s.b=pass@5", "s.a=pass s.b=skip"},
	OUTCOME_INCONCLUSIVE, "1 of 2 passed", "Not decidable: artifacts contradict each other on b.", 1},
    {"two artifacts disagree on a failure", "tests: {}", {"a.xml", "b.log"}, {"s.a=pass@5", "s.a=fail"}, OUTCOME_FAIL,
	"0 of 1 passed", "1 of 1 tests failed", 1},
    {"the same test of two suites is two", "tests: {}", {"a.xml", "b.log"}, {"s.a=pass@5", "t.a=pass"}, OUTCOME_PASS,
	"2 of 2 passed", "All 2 tests passed.", 0},

    {"each of two runs", "tests: {expect: [a, b]}", {"a.xml", "b.xml"}, {"s.a=pass@5 s.b=pass@5", "s.a=pass@9 s.b=pass@9"},
	OUTCOME_PASS, "4 of 4 passed", "All 4 tests of 2 runs passed.", 0},
    {"one test vanished from one of them", "tests: {expect: [a, b]}", {"a.xml", "b.xml"},
	{"s.a=pass@5 s.b=pass@5", "s.a=pass@9"}, OUTCOME_INCONCLUSIVE, "3 of 4 passed", "1 expected test is missing: b", 0},
    {"one of two failed", "tests: {}", {"a.xml", "b.xml"}, {"s.a=fail@5", "s.a=pass@9"}, OUTCOME_FAIL, "1 of 2 passed",
	"1 of 2 tests failed", 0},
    {"the last counts", "tests: {runs: last}", {"a.xml", "b.xml"}, {"s.a=fail@5", "s.a=pass@9"}, OUTCOME_PASS,
	"1 of 1 passed", "", 0},
    {"the last failed", "tests: {runs: last}", {"a.xml", "b.xml"}, {"s.a=pass@5", "s.a=fail@9"}, OUTCOME_FAIL,
	"0 of 1 passed", "", 0},
    {"one file for each class", "tests: {runs: one, expect: [a, b]}", {"a.xml", "b.xml"}, {"s.a=pass@5", "t.b=pass@9"},
	OUTCOME_PASS, "2 of 2 passed", "All 2 tests passed.", 0},
    {"three files, one of them without times", "tests: {runs: last}", {"a.xml", "b.xml", "c.log"},
	{"s.a=pass@5", "s.a=pass@9", "s.a=fail"}, OUTCOME_FAIL, "1 of 2 passed", "", 0},

    {"before the run", "tests: {}", {"a.xml"}, {"s.a=pass@-5"}, OUTCOME_INCONCLUSIVE, "n/a",
	"Not measured: no result of such a test lies in the run.", 0},
    {"a failure before the run", "tests: {}", {"a.xml", "b.xml"}, {"s.a=fail@-5", "s.a=pass@5"}, OUTCOME_PASS,
	"1 of 1 passed", "", 0},
    {"in the window", "tests: {}, over: chaos", {"a.xml", "b.xml"}, {"s.a=fail@5", "s.a=pass@65"}, OUTCOME_PASS,
	"1 of 1 passed", "", 0},
    {"a window without bounds", "tests: {}, over: lost", {"a.xml"}, {"s.a=pass@5"}, OUTCOME_INCONCLUSIVE, "n/a",
	"Not measured: when the lost window began", 0},
    {"when they ran is not known", "tests: {}", {"a.log"}, {"s.a=pass"}, OUTCOME_INCONCLUSIVE, "1 of 1 passed",
	"Not decidable: all 1 tests passed, but when they ran is not known.", 0},
    {"when they ran does not matter", "tests: {undated: true}", {"a.log"}, {"s.a=pass"}, OUTCOME_PASS, "1 of 1 passed", "", 0},
    {"when it failed is not known", "tests: {}", {"a.log"}, {"s.a=fail"}, OUTCOME_FAIL, "0 of 1 passed", "", 0},

    {"another suite", "tests: {suite: t}", {"a.xml"}, {"s.a=pass@5"}, OUTCOME_INCONCLUSIVE, "n/a", "Not measured", 0},
    {"one suite of two", "tests: {suite: 't*'}", {"a.xml"}, {"s.a=fail@5 tt.a=pass@5"}, OUTCOME_PASS, "1 of 1 passed", "", 0},
    {"another kind", "tests: {kind: drill}", {"a.xml"}, {"s.a=pass@5"}, OUTCOME_INCONCLUSIVE, "n/a", "Not measured", 0},
    {"many names", "tests: {}", {"a.xml"}, {"a=skip@1 b=skip@1 c=skip@1 d=skip@1 e=skip@1 f=skip@1 g=pass@1"},
	OUTCOME_INCONCLUSIVE, "1 of 7 passed", "e (was skipped) and 1 more.", 0},
};

static void
one_case(const struct report_case *c)
{
	const struct criterion_result *r;
	struct store *s;
	struct bench b;
	int i;

	remove(at("tests.db"));
	s = opened(at("tests.db"), STORE_WRITE);
	OK(store_begin(s, &err));
	for (i = 0; i < 3 && c->name[i] != NULL; i++)
		add_report(s, c->name[i], c->rows[i], i);
	OK(store_end(s, 0, &err));
	r = bench_judge(&b, &kind_tests, c->spec, "", -1, s);
	if (r->outcome != c->outcome || !sv_is(r->observed.text, c->observed) || b.v.n_contradictions != c->against)
		fail_msg("%s: outcome %d, %.*s, %zu contradictions: %.*s", c->what, r->outcome, (int)r->observed.text.n,
		    r->observed.text.p, b.v.n_contradictions, (int)r->sentence.n, r->sentence.p);
	says(c->what, r->sentence, c->sentence);
	if ((r->settle.n > 0) != (r->outcome == OUTCOME_INCONCLUSIVE))
		fail_msg("%s: settle '%.*s'", c->what, (int)r->settle.n, r->settle.p);
	bench_close(&b);
	store_close(s);
}

static void
test_cases(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		one_case(&cases[i]);
}

static void
test_figures(void **state)
{
	struct store *s = opened(at("figures.db"), STORE_WRITE);
	const struct criterion_result *r;
	struct bench b;

	(void)state;
	OK(store_begin(s, &err));
	add_report(s, "a.xml", "s.a=pass@1 s.b=pass@1", 0);
	add_report(s, "b.log", "s.a=pass s.b=error", 1);
	OK(store_end(s, 0, &err));
	r = bench_judge(&b, &kind_tests, "tests: {expect: [c]}", "", -1, s);
	figure_is(&r->observed, "criterion/c/observed", "1 of 3 passed", "count");
	figure_is(&r->required, "criterion/c/required", "all", "count");
	figure_is(&r->margin, "criterion/c/margin", "-2", "count");
	figure_is(&r->n, "criterion/c/n", "2", "count");
	assert_int_equal(r->n_sources, 2);
	assert_int_equal(b.v.n_contradictions, 1);
	assert_true(sv_is(b.v.contradictions[0].id, "criterion/c/contradiction/1"));
	assert_true(sv_is(b.v.contradictions[0].source, "b.log"));
	assert_true(sv_is(b.v.contradictions[0].sentence, "b: a.xml says that it passed, and b.log that it failed."));
	bench_close(&b);
	store_close(s);
}

static void
test_refused(void **state)
{
	(void)state;
	refused(&kind_tests, "tests: smoke", "tests must be a map");
	refused(&kind_tests, "tests: {suit: a}", "suit");
	refused(&kind_tests, "tests: {suite: [a]}", "suite");
	refused(&kind_tests, "tests: {expect: a}", "a list of names");
	refused(&kind_tests, "tests: {expect: []}", "a list of names");
	refused(&kind_tests, "tests: {may_skip: [1]}", "the name of a test");
	refused(&kind_tests, "tests: {min: 0}", "at least 1");
	refused(&kind_tests, "tests: {min: 1.5}", "at least 1");
	refused(&kind_tests, "tests: {within: soon}", "within: a duration");
	refused(&kind_tests, "tests: {within: 0s}", "within: a duration");
	refused(&kind_tests, "tests: {runs: all}", "one of 'every', 'last' and 'one'");
	refused(&kind_tests, "tests: {undated: 1}", "true or false");
	refused(&kind_tests, "tests: {}, objective: '>= 1'", "every test must pass");
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
