/* sli: success ratios and counts, decided only as far as the evidence carries. */
#include "kind_help.h"

#include "promql/store_source.h"

extern const struct kind kind_sli;

#define RATIO "sli: {total: all, bad: 'all{code=~\"5..\"}'}, objective: "
#define GOOD "sli: {total: all, good: 'all{code=~\"2..\"}'}, objective: "
#define COUNT "sli: {count: all}, objective: "
#define EXPECTED "sli: {count: all, expected: '1000 * 10', tolerance: 2%}"

/* 10 000 requests, 100 of them bad; sampled at 60, 300 and 600. */
#define FULL                                                                                                           \
	"1: 60@-7 300@-7 600@-7\n1 all{code=\"200\"}: 60=990 300=4950 600=9900\n1 all{code=\"500\"}: 60=10 300=50 600=100\n"
/* The same process, but seen only from minute 300 on. */
#define LATE "1: 300 600\n1 all{code=\"200\"}: 300=4950 600=9900\n1 all{code=\"500\"}: 300=50 600=100\n"
#define RESTARTED                                                                                                      \
	"1: 60@-7 300@-7 600@331\n1 all{code=\"200\"}: 60=990 300=4950 600=4950\n"                                     \
	"1 all{code=\"500\"}: 60=10 300=50 600=50\n"
#define BROKEN                                                                                                         \
	"1: 60@-7 300@-7 600@-7\n1 all{code=\"200\"}: 60=990 300=4950 600=9900\n"                                     \
	"1 all{code=\"500\"}: 60=10 300=nan 600=nan\n"
#define IDLE "1: 60@-7 600@-7\n1 all{code=\"200\"}: 60=0 600=0\n"

static const struct {
	const char *what, *spec, *run;
	enum outcome outcome;
	const char *observed, *sentence, *settle;
} cases[] = {
    {"pass", RATIO "97%", FULL, OUTCOME_PASS, "99.00 %",
	"Success rate 99.00 %: 100 of 10 000 were bad; required at least 97 %; 100 % of the run covered.", ""},
    {"pass at the limit", RATIO "99%", FULL, OUTCOME_PASS, "99.00 %", "required at least 99 %; ", ""},
    {"fail at the limit", RATIO "'> 99%'", FULL, OUTCOME_FAIL, "99.00 %", "required more than 99 %; ", ""},
    {"warn", RATIO "97%, warn: 99.5%", FULL, OUTCOME_WARN, "99.00 %",
	"required at least 97 % (warning below 99.5 %); 100 % of the run covered.", ""},
    {"no warning above it", RATIO "97%, warn: 98.5%", FULL, OUTCOME_PASS, "99.00 %", "required at least 97 %; ", ""},
    {"fail", RATIO "99.9%", FULL, OUTCOME_FAIL, "99.000 %", "required at least 99.9 %; 100 % of the run", ""},
    {"fail beats warn", RATIO "99.9%, warn: 99.95%", FULL, OUTCOME_FAIL, "99.000 %", "", ""},
    {"good", GOOD "97%", FULL, OUTCOME_PASS, "99.00 %", "Success rate 99.00 %: 9 900 of 10 000 were good; ", ""},
    {"an objective as a number", RATIO "0.97", FULL, OUTCOME_PASS, "99.00 %", "required at least 97 %", ""},
    {"no 5xx ever: all were good", RATIO "100%", "1: 60@-7 600@-7\n1 all{code=\"200\"}: 60=9 600=90\n", OUTCOME_PASS,
	"100.00 %", "0 of 90 were bad", ""},
    {"one in a million is not 100 %", RATIO "100%",
	"1: 60@-7 600@-7\n1 all{code=\"200\"}: 60=9 600=999999\n1 all{code=\"500\"}: 600=1\n", OUTCOME_FAIL, "99.9999 %",
	"Success rate 99.9999 %: 1 of 1 000 000 were bad; required at least 100 %;", ""},
    {"no samples", RATIO "97%", "", OUTCOME_INCONCLUSIVE, "n/a", "Not measured: no artifact holds this counter",
	"artifacts with samples of all"},
    {"samples of something else", RATIO "97%", "1: 60@-7 600@-7\n1 other: 60=1 600=2\n", OUTCOME_INCONCLUSIVE, "n/a",
	"Not measured: no artifact holds this counter", "artifacts with samples of all"},
    {"snapshots without a time", RATIO "97%", "1: 60\n1 all{code=\"200\"}: 30=1\n", OUTCOME_INCONCLUSIVE, "n/a",
	"Not measured: when the artifacts that hold this counter were taken is not known.", "the times of those snapshots"},
    {"one sample", RATIO "97%", "1: 60\n1 all{code=\"200\"}: 60=5\n", OUTCOME_INCONCLUSIVE, "n/a",
	"Not measured: no two samples lie inside the run.", "snapshots"},
    {"no traffic", RATIO "97%", IDLE, OUTCOME_INCONCLUSIVE, "n/a",
	"No traffic: nothing was counted in the run, so there is no success rate; 100 % of the run covered.",
	"counters that grew"},
    {"no traffic, good", GOOD "97%", IDLE, OUTCOME_INCONCLUSIVE, "n/a", "No traffic", "counters that grew"},
    {"partly covered: what was seen passes, the rest is open", RATIO "97%", LATE, OUTCOME_INCONCLUSIVE, "99.00 %",
	"Success rate 99.00 %: 50 of 5 000 were bad; required at least 97 %; only 50 % of the run covered, 95 % needed.",
	"samples for the 5 h of the run that none covers"},
    {"partly covered: what was seen fails", RATIO "99.9%", LATE, OUTCOME_FAIL, "99.000 %", "only 50 % of the run covered",
	""},
    {"partly covered, and that is enough", RATIO "97%, min_coverage: 50%", LATE, OUTCOME_PASS, "99.00 %",
	"; 50 % of the run covered.", ""},
    {"passed as measured, which proves less: said in words", RATIO "99.9%",
	"1: 60@-7 600@-7\n1 all{code=\"200\"}: 60=50 600=500\n", OUTCOME_PASS, "100.000 %",
	"100 % of the run covered. This is what was measured: 0 failures of 500 supports 99.40 %, not 99.9 %, with 95 % "
	"confidence.", ""},
    {"... a warning, too", RATIO "99.7%, warn: 99.9%",
	"1: 60@-7 600@-7\n1 all{code=\"200\"}: 60=50 600=499\n1 all{code=\"500\"}: 600=1\n", OUTCOME_WARN, "99.800 %",
	"1 failures of 500 supports 99.05 %, not 99.7 %,", ""},
    {"demonstrated: not by 500", RATIO "99.9%, mode: demonstrated", "1: 60@-7 600@-7\n1 all{code=\"200\"}: 60=50 600=500\n",
	OUTCOME_INCONCLUSIVE, "100.000 %", "required at least 99.9 % demonstrated with 95 % confidence; 100 % of the run covered. "
	"0 failures of 500 supports 99.40 % with 95 % confidence if requests fail independently of each other; 0 of 2 intervals "
	"between samples with the objective missed, as if each were one trial, supports 22.36 %.",
	"a longer run: it takes 2 995 requests with no more than these 0 failures, and 2 995 intervals between samples with no "
	"more than these 0 that missed the objective"},
    {"demonstrated: many requests, of few intervals", RATIO "97%, mode: demonstrated", FULL, OUTCOME_INCONCLUSIVE, "99.00 %",
	"100 failures of 10 000 supports 98.8 %", "and 99 intervals between samples"},
    {"demonstrated: by requests and intervals", RATIO "10%, mode: demonstrated", FULL, OUTCOME_PASS, "99.00 %",
	"0 of 3 intervals between samples with the objective missed, as if each were one trial, supports 36.8 %.", ""},
    {"demonstrated, but not what a warning wants", RATIO "10%, warn: 40%, mode: demonstrated", FULL, OUTCOME_WARN, "99.00 %", "",
	""},
    {"demonstrated: refuted", RATIO "99.9%, mode: demonstrated", "1: 60@-7 600@-7\n1 all{code=\"200\"}: 60=50 600=497\n"
	"1 all{code=\"500\"}: 600=3\n", OUTCOME_FAIL, "99.400 %", "3 failures of 500", ""},
    {"demonstrated: missed, but 2 of 500 refute nothing", RATIO "99.9%, mode: demonstrated",
	"1: 60@-7 600@-7\n1 all{code=\"200\"}: 60=50 600=498\n1 all{code=\"500\"}: 600=2\n", OUTCOME_INCONCLUSIVE, "99.600 %", "",
	"it takes 6 294 requests with no more than these 2 failures"},
    {"demonstrated: not of what was not seen", RATIO "10%, mode: demonstrated", LATE, OUTCOME_INCONCLUSIVE, "99.00 %",
	"only 50 % of the run", "samples for the 5 h of the run"},
    {"demonstrated: 100 % never", RATIO "100%, mode: demonstrated", "1: 60@-7 600@-7\n1 all{code=\"200\"}: 60=50 600=500\n",
	OUTCOME_INCONCLUSIVE, "100.00 %", "", "an objective below 100 %"},
    {"demonstrated: 100 % refuted by one", RATIO "100%, mode: demonstrated",
	"1: 60@-7 600@-7\n1 all{code=\"200\"}: 60=50 600=499\n1 all{code=\"500\"}: 600=1\n", OUTCOME_FAIL, "99.80 %", "", ""},
    {"another window", RATIO "97%, over: half", FULL, OUTCOME_PASS, "99.00 %", "100 % of the half window covered.", ""},
    {"a window between two samples", RATIO "97%, over: chaos", FULL, OUTCOME_INCONCLUSIVE, "n/a",
	"Not measured: no two samples lie inside the chaos window.",
	"snapshots more often than every 30m: the window from 2026-01-12T07:05:00Z to 07:35:00Z lies between two samples"},
    {"a window around one sample", RATIO "97%, over: chaos",
	"1: 60@-7 80@-7 600@-7\n1 all{code=\"200\"}: 60=1 80=2 600=3\n", OUTCOME_INCONCLUSIVE, "n/a", "Not measured",
	"lies around one sample only"},
    {"a window without bounds", RATIO "97%, over: lost", FULL, OUTCOME_INCONCLUSIVE, "n/a",
	"Not measured: when the lost window began and ended is not known.", "the events or times that bound the lost window"},
    {"NaN: the time around it is not covered, for no code", RATIO "97%", BROKEN, OUTCOME_INCONCLUSIVE, "99.00 %",
	"10 of 1 000 were bad; required at least 97 %; only 10 % of the run covered, 95 % needed",
	"samples for the 9 h of the run"},
    {"... and what is left can fail", RATIO "99.9%", BROKEN, OUTCOME_FAIL, "99.000 %", "only 10 % of the run covered", ""},
    {"two counters seen for different times: the time of both counts",
	"sli: {total: all, good: fine}, objective: 97%, min_coverage: 10%",
	"1: 60@-7 300@-7 600@-7\n1 all: 60=1000 300=2000 600=3000\n1 fine: 60=990 300=nan 600=nan\n", OUTCOME_PASS,
	"99.00 %", "990 of 1 000 were good; required at least 97 %; 10 % of the run covered", ""},
    {"a reset: too much was hidden", RATIO "97%", RESTARTED, OUTCOME_INCONCLUSIVE, "99.00 %",
	"100 % of the run covered. A restart hid 31 min before it: totals are at least these. That leaves less than the 95 % of "
	"the run that must be seen.", "samples closer to the restarts, which hid up to 31 min"},
    {"a reset: at least", RATIO "97%, min_coverage: 94%", RESTARTED, OUTCOME_PASS, "99.00 %",
	"100 % of the run covered. A restart hid 31 min before it: totals are at least these.", ""},
    {"a reset, and fail", RATIO "99.9%", RESTARTED, OUTCOME_FAIL, "99.000 %", "A restart hid 31 min before it", ""},
    {"a NaN hides nothing", RATIO "97%",
	"1: 60@-7 300@-7 600@-7\n1 all{code=\"200\"}: 60=990 300=4950 600=9900\n"
	"1 all{code=\"500\"}: 60=0 300=nan 600=1000\n", OUTCOME_FAIL, "90.83 %", "1 000 of 10 900 were bad", ""},
    {"codes that nobody counts by", RATIO "97%", "1: 60@-7 600@-7\n1 all: 60=9 600=90\n", OUTCOME_INCONCLUSIVE, "n/a",
	"Not measured: this counter does not tell such cases", "the label code, which none of them has"},
    {"... and excluding them", "sli: {total: all, good: 'all{code!~\"5..\"}'}, objective: 97%",
	"1: 60@-7 600@-7\n1 all: 60=9 600=90\n", OUTCOME_INCONCLUSIVE, "n/a",
	"Not measured: this counter does not tell good from bad", "the label code, which none of them has"},
    {"what the total excludes too is another matter",
	"sli: {total: 'all{canary!=\"1\"}', bad: 'all{canary!=\"1\",code=\"500\"}'}, objective: 97%", FULL, OUTCOME_PASS,
	"99.00 %", "100 of 10 000", ""},
    {"errors of one target of two", "sli: {total: all, bad: errors}, objective: 97%",
	"1: 60@-7 600@-7\n2: 60@-7 600@-7\n1 all{pod=\"a\"}: 60=9 600=90\n2 all{pod=\"b\"}: 60=9 600=90\n"
	"1 errors{pod=\"a\"}: 60=0 600=0\n", OUTCOME_INCONCLUSIVE, "n/a", "known of some targets only", "errors from all targets"},
    {"... that fail already", "sli: {total: all, bad: errors}, objective: 97%",
	"1: 60@-7 600@-7\n2: 60@-7 600@-7\n1 all{pod=\"a\"}: 60=9 600=90\n2 all{pod=\"b\"}: 60=9 600=90\n"
	"1 errors{pod=\"a\"}: 60=0 600=90\n", OUTCOME_FAIL, "50.00 %", "90 of 180 were bad", ""},
    {"... and of another target altogether", "sli: {total: all, bad: errors}, objective: 97%",
	"1: 60@-7 600@-7\n2: 60@-7 600@-7\n1 all{pod=\"a\"}: 60=9 600=90\n2 errors{pod=\"b\"}: 60=0 600=0\n", OUTCOME_PASS,
	"100.00 %", "0 of 90 were bad", ""},
    {"a part that is more than the whole", "sli: {total: 'all{code=\"200\"}', bad: other}, objective: 97%",
	"1: 60@-7 600@-7\n1 all{code=\"200\"}: 60=1 600=2\n1 other: 60=8 600=9\n", OUTCOME_INCONCLUSIVE, "n/a",
	"Not decidable: 9 bad of a total of 2", "selectors in the profile"},
    {"the bad counter was never seen", "sli: {total: all, bad: errors}, objective: 97%", FULL, OUTCOME_INCONCLUSIVE, "n/a",
	"Not measured: no artifact holds this counter", "artifacts with samples of errors"},
    {"... and the profile says why that is 0",
	"sli: {total: all, bad: errors}, objective: 97%, absent: zero, absent_reason: only written when there are some", FULL,
	OUTCOME_PASS, "100.00 %",
	"0 of 10 000 were bad (never seen, taken as 0: only written when there are some); required", ""},
    {"... which does not make traffic out of nothing",
	"sli: {total: none, bad: errors}, objective: 97%, absent: zero, absent_reason: x", FULL, OUTCOME_INCONCLUSIVE, "n/a",
	"No traffic", "counters that grew"},

    {"count: pass", COUNT "'>= 1'", FULL, OUTCOME_PASS, "10 000",
	"Counted 10 000; required at least 1; 100 % of the run covered.", ""},
    {"count: fail", COUNT "'>= 10001'", FULL, OUTCOME_FAIL, "10 000", "required at least 10 001; 100 %", ""},
    {"count: more than", COUNT "'> 10000'", FULL, OUTCOME_FAIL, "10 000", "required more than 10 000", ""},
    {"count: warn", COUNT "'>= 1', warn: '>= 20000'", FULL, OUTCOME_WARN, "10 000",
	"required at least 1 (without a warning: at least 20 000);", ""},
    {"count: more than the warning asks", COUNT "'>= 1', warn: '>= 10000'", FULL, OUTCOME_PASS, "10 000", "", ""},
    {"count: well below", COUNT "'< 10001'", FULL, OUTCOME_PASS, "10 000", "required less than 10 001", ""},
    {"count: well below what may be", COUNT "'<= 10001'", FULL, OUTCOME_PASS, "10 000", "required at most 10 001", ""},
    {"count: at most", COUNT "'<= 10000'", FULL, OUTCOME_PASS, "10 000", "required at most 10 000", ""},
    {"count: less than", COUNT "'< 10000'", FULL, OUTCOME_FAIL, "10 000", "required less than 10 000", ""},
    {"count: none of it", "sli: {count: 'all{code=\"503\"}'}, objective: '== 0'", FULL, OUTCOME_PASS, "0",
	"Counted 0; required exactly 0;", ""},
    {"count: exactly", COUNT "'== 9999'", FULL, OUTCOME_FAIL, "10 000", "required exactly 9 999", ""},
    {"count: none needed, and the metric unknown", "sli: {count: errors}, objective: '== 0'", FULL, OUTCOME_INCONCLUSIVE,
	"n/a", "Not measured: no artifact holds this counter", "artifacts with samples of errors"},
    {"count: and the profile says why that is 0",
	"sli: {count: errors}, objective: '== 0', absent: zero, absent_reason: x", FULL, OUTCOME_PASS, "0",
	"Counted 0 (never seen, taken as 0: x);", ""},
    {"count: no samples at all, absent or not", "sli: {count: errors}, objective: '== 0', absent: zero, absent_reason: x",
	"", OUTCOME_INCONCLUSIVE, "n/a", "Not measured: no two samples", "snapshots"},
    {"count: partly covered, too many already", COUNT "'<= 4999'", LATE, OUTCOME_FAIL, "5 000",
	"Counted at least 5 000; required at most 4 999; only 50 % of the run covered", ""},
    {"count: partly covered, within the bound so far", COUNT "'<= 5000'", LATE, OUTCOME_INCONCLUSIVE, "5 000",
	"only 50 % of the run covered", "samples for the 5 h"},
    {"count: partly covered, too few so far", COUNT "'>= 10000'", LATE, OUTCOME_INCONCLUSIVE, "5 000",
	"Counted at least 5 000", "samples for the 5 h"},
    {"count: exactly, partly covered", COUNT "'== 5000'", LATE, OUTCOME_INCONCLUSIVE, "5 000", "", "samples for"},
    {"count: exactly, partly covered, too many already", COUNT "'== 4000'", LATE, OUTCOME_FAIL, "5 000", "", ""},
    {"count: NaN", COUNT "'>= 1'",
	"1: 60@-7 300@-7 600@-7\n1 all: 60=990 300=nan 600=nan\n", OUTCOME_PASS, "990",
	"Counted at least 990; required at least 1; only 10 % of the run covered, 95 % needed, but more could only add to it.", ""},
    {"count: NaN, and more would be needed", COUNT "'>= 991'",
	"1: 60@-7 300@-7 600@-7\n1 all: 60=990 300=nan 600=nan\n", OUTCOME_INCONCLUSIVE, "990", "only 10 % of the run covered, 95 % needed.", "samples"},
    {"count: partly covered, and what was seen suffices", COUNT "'>= 5000'", LATE, OUTCOME_PASS, "5 000", "but more could only add to it", ""},
    {"count: partly covered, and one more would suffice", COUNT "'> 5000'", LATE, OUTCOME_INCONCLUSIVE, "5 000", "", "samples for"},
    {"count: partly covered, enough for a pass with a warning", COUNT "'>= 5000', warn: '>= 6000'", LATE, OUTCOME_WARN, "5 000", "", ""},
    {"count: a reset", COUNT "'>= 1'", RESTARTED, OUTCOME_PASS, "10 000",
	"Counted at least 10 000; required at least 1; 100 % of the run covered. A restart hid", ""},
    {"count: a reset, where more would break it", "sli: {count: 'all{code=\"503\"}'}, objective: '== 0'", RESTARTED,
	OUTCOME_INCONCLUSIVE, "0", "Counted at least 0; required exactly 0;", "samples closer to the restarts"},
    {"count: a reset, and already too many", COUNT "'<= 9999'", RESTARTED, OUTCOME_FAIL, "10 000", "A restart hid", ""},
    {"count: a reset, and too few so far", COUNT "'>= 10001'", RESTARTED, OUTCOME_INCONCLUSIVE, "10 000", "A restart hid",
	"samples closer"},
    {"count: not whole", COUNT "'>= 1'", "1: 0@-7 600@-7\n1 all: 0=0 600=1.5\n", OUTCOME_PASS, "1.5", "Counted 1.5;", ""},

    {"expected: pass", EXPECTED, FULL, OUTCOME_PASS, "10 000",
	"Counted 10 000; expected 10 000 \302\261 2 %; 100 % of the run covered.", ""},
    {"expected: none", "sli: {count: 'all{code=\"503\"}', expected: '0', tolerance: 2%}", FULL, OUTCOME_PASS, "0", "expected 0", ""},
    {"expected: the upper edge", "sli: {count: all, expected: '9804', tolerance: 2%}", FULL, OUTCOME_PASS, "10 000", "", ""},
    {"expected: an edge that a double misses", "sli: {count: all, expected: '6100 / 95', tolerance: 5%}",
	"1: 0@-7 600@-7\n1 all: 0=0 600=61\n", OUTCOME_PASS, "61", "", ""},
    {"expected: too many", "sli: {count: all, expected: '9803', tolerance: 2%}", FULL, OUTCOME_FAIL, "10 000",
	"Counted 10 000; expected 9 803 \302\261 2 %;", ""},
    {"expected: the lower edge", "sli: {count: all, expected: '10204', tolerance: 2%}", FULL, OUTCOME_PASS, "10 000", "", ""},
    {"expected: too few", "sli: {count: all, expected: '10205', tolerance: 2%}", FULL, OUTCOME_FAIL, "10 000", "", ""},
    {"expected: too few so far", EXPECTED, LATE, OUTCOME_INCONCLUSIVE, "5 000", "Counted at least 5 000; expected", "samples"},
    {"expected: too many already", "sli: {count: all, expected: '4000', tolerance: 2%}", LATE, OUTCOME_FAIL, "5 000", "", ""},
    {"expected: the run's length", "sli: {count: all, expected: 'run.duration / 3600', tolerance: 0%}", FULL, OUTCOME_PASS,
	"10 000", "expected 10 000 \302\261 0 %", ""},
    {"expected: a missing fact", "sli: {count: all, expected: 'configuration.rps * 3600', tolerance: 2%}", FULL,
	OUTCOME_INCONCLUSIVE, "10 000", "what to expect is not known: no artifact states configuration.rps.",
	"an artifact with the run's configuration: no artifact states configuration.rps"},
    {"expected: less than nothing", "sli: {count: all, expected: '0 - 10000', tolerance: 100%}", FULL,
	OUTCOME_INCONCLUSIVE, "10 000", "comes out below 0", "configuration"},
    {"expected: nothing to divide by", "sli: {count: all, expected: '1 / 0', tolerance: 2%}", FULL, OUTCOME_INCONCLUSIVE,
	"10 000", "what to expect is not known", "configuration"},
    {"expected: no samples", EXPECTED, "", OUTCOME_INCONCLUSIVE, "n/a", "Not measured", "artifacts with samples of all"},
};

static void
test_cases(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct criterion_result *r;
		struct bench b;

		r = bench_judge(&b, &kind_sli, cases[i].spec, cases[i].run, -1, NULL);
		if (r->outcome != cases[i].outcome)
			fail_msg("%s: outcome %d: %.*s", cases[i].what, r->outcome, (int)r->sentence.n, r->sentence.p);
		if (!sv_is(r->observed.text, cases[i].observed))
			fail_msg("%s: observed %.*s", cases[i].what, (int)r->observed.text.n, r->observed.text.p);
		says(cases[i].what, r->sentence, cases[i].sentence);
		says(cases[i].what, r->settle, cases[i].settle);
		/* What is open says what would settle it; what is not open does not. */
		if ((r->settle.n > 0) != (r->outcome == OUTCOME_INCONCLUSIVE))
			fail_msg("%s: settle '%.*s'", cases[i].what, (int)r->settle.n, r->settle.p);
		bench_close(&b);
	}
}

static void
test_figures(void **state)
{
	const struct criterion_result *r;
	struct bench b;

	(void)state;
	r = bench_judge(&b, &kind_sli, RATIO "97%", FULL, -1, NULL);
	figure_is(&r->observed, "criterion/c/observed", "99.00 %", "ratio");
	figure_is(&r->required, "criterion/c/required", "at least 97 %", "ratio");
	figure_is(&r->margin, "criterion/c/margin", "+2.00 percentage points", "ratio");
	figure_is(&r->n, "criterion/c/n", "10 000", "count");
	figure_is(&r->cover, "criterion/c/coverage", "100 %", "ratio");
	assert_true(r->observed.value == 0.99 && r->required.value == 0.97 && r->cover.value == 1);
	assert_true(sv_is(r->observed.query, "1 - all{code=~\"5..\"} / all"));
	assert_true(sv_is(r->n.query, "all"));
	assert_true(r->has_coverage && !r->at_least && r->method.n > 0);
	bench_close(&b);

	r = bench_judge(&b, &kind_sli, RATIO "99.9%", RESTARTED, 311, NULL);
	figure_is(&r->margin, "criterion/c/margin", "-0.900 percentage points", "ratio");
	assert_true(r->at_least);
	assert_true(r->coverage.unseen_min == 11 * TIME_MINUTE && r->coverage.unseen_max == 31 * TIME_MINUTE);
	says("restart", r->sentence, "A restart hid 11 min to 31 min before it");
	bench_close(&b);

	r = bench_judge(&b, &kind_sli, EXPECTED, FULL, -1, NULL);
	figure_is(&r->required, "criterion/c/required", "10 000 \302\261 2 %", "count");
	figure_is(&r->margin, "criterion/c/margin", "200", "count");
	assert_true(sv_is(r->required.query, "1000 * 10"));
	bench_close(&b);

	/* Almost all is not all. */
	r = bench_judge(&b, &kind_sli, COUNT "'>= 1'", "1: 0.01 600\n1 all: 0.01=1 600=5\n", -1, NULL);
	figure_is(&r->cover, "criterion/c/coverage", "99.99 %", "ratio");
	bench_close(&b);
}

static void
test_refused(void **state)
{
	(void)state;
	refused(&kind_sli, "sli: all, objective: 1%", "sli must be a map");
	refused(&kind_sli, "sli: {totl: all, bad: all}, objective: 97%", "total");
	refused(&kind_sli, "sli: {total: all}, objective: 97%", "needs one of 'bad' and 'good'");
	refused(&kind_sli, "sli: {total: all, bad: all, good: all}, objective: 97%", "needs one of 'bad' and 'good'");
	refused(&kind_sli, "sli: {bad: all}, objective: 97%", "one of 'total'");
	refused(&kind_sli, "sli: {total: all, count: all, bad: all}, objective: 97%", "one of 'total'");
	refused(&kind_sli, "sli: {total: 'all{', bad: all}, objective: 97%", "total: ");
	refused(&kind_sli, "sli: {total: all, bad: 'rate(all[5m])'}, objective: 97%", "bad: ");
	refused(&kind_sli, "sli: {total: 5, bad: all}, objective: 97%", "must be a selector");
	refused(&kind_sli, "sli: {count: all}, objective: '>= 1', mode: demonstrated", "only a ratio can be demonstrated");
	refused(&kind_sli, "sli: {total: all, bad: all}", "an objective is needed");
	refused(&kind_sli, "sli: {total: all, bad: all}, objective: '< 1%'", "that of success");
	refused(&kind_sli, "sli: {total: all, bad: all}, objective: '>= 97'", "between 0% and 100%");
	refused(&kind_sli, "sli: {total: all, bad: all}, objective: '>= 0.97', warn: '>= 1.5'", "warn: a success ratio");
	refused(&kind_sli, "sli: {total: all, bad: all, tolerance: 2%}, objective: 97%", "go with 'count'");
	refused(&kind_sli, "sli: {count: all, bad: all}, objective: '>= 1'", "go with 'total'");
	refused(&kind_sli, "sli: {count: all}", "a count needs an objective");
	refused(&kind_sli, "sli: {count: all}, objective: 97%", "a count is not a ratio");
	refused(&kind_sli, "sli: {count: all, expected: '5'}", "go together");
	refused(&kind_sli, "sli: {count: all, tolerance: 5%}, objective: '>= 1'", "go together");
	refused(&kind_sli, "sli: {count: all, expected: '5', tolerance: 5%}, objective: '>= 1'", "takes the place");
	refused(&kind_sli, "sli: {count: all, expected: '5', tolerance: 5}", "a share such as 2%");
	refused(&kind_sli, "sli: {count: all, expected: '5', tolerance: -5%}", "a share such as 2%");
	refused(&kind_sli, "sli: {count: all, expected: '5 +', tolerance: 5%}", "expected: column 4");
	refused(&kind_sli, "sli: {count: all, expected: '{hour}', tolerance: 5%}", "has no meaning here");
}

static void
fact(struct store *s, int64_t of, const char *path, const char *text, double value)
{
	struct store_fact f = {.path = sv_of(path), .text = sv_of(text), .value = value, .line = 3};

	OK(store_add_run(s, of, &f, &err));
}

/* Facts and the names of the artifacts come out of a store. */
static void
test_store(void **state)
{
	const char *spec = "sli: {count: all, expected: 'configuration.rps * configuration.hours * 3600', tolerance: 2%}";
	struct store *s = opened(at("sli.db"), STORE_WRITE);
	const struct criterion_result *r;
	struct bench b;
	int64_t c, i;
	char name[32], digest[65];

	(void)state;
	OK(store_begin(s, &err));
	c = content(s, "facts");
	artifact(s, c, "summary.json");
	fact(s, c, "configuration.rps", "10", 10);
	fact(s, c, "configuration.hours", "10", (double)NAN);
	fact(s, c, "configuration.name", "ten", (double)NAN);
	for (i = 0; i <= 10; i++) { /* h0 ... h10, at the run's start and each hour after it */
		snprintf(digest, sizeof(digest), "snapshot%d", (int)i);
		snprintf(name, sizeof(name), "h%d.prom", (int)i);
		c = content(s, digest);
		artifact(s, c, name);
		OK(sample(s, c, "all", "200", MINUTES(60 * i), (double)(36000 * i)));
		if (i > 4)
			OK(sample(s, c, "all", "503", MINUTES(60 * i), 1));
	}
	OK(store_end(s, 0, &err));

	r = bench_judge(&b, &kind_sli, spec, "1: 0 300 600\n1 all: 0=0 300=1 600=360000\n", -1, s);
	assert_int_equal(r->outcome, OUTCOME_PASS);
	figure_is(&r->required, "criterion/c/required", "360 000 \302\261 2 %", "count");
	bench_close(&b);

	r = bench_judge(&b, &kind_sli, "sli: {count: all, expected: configuration.name, tolerance: 2%}", FULL, -1, s);
	assert_int_equal(r->outcome, OUTCOME_INCONCLUSIVE);
	says("not a number", r->sentence, "configuration.name is not a number in summary.json:3");
	bench_close(&b);

	/* Two artifacts that disagree. */
	OK(store_begin(s, &err));
	c = content(s, "other facts");
	artifact(s, c, "other.json");
	fact(s, c, "configuration.rps", "5", 5);
	OK(store_end(s, 0, &err));
	r = bench_judge(&b, &kind_sli, spec, FULL, -1, s);
	assert_int_equal(r->outcome, OUTCOME_INCONCLUSIVE);
	says("two ways", r->sentence, "the artifacts state configuration.rps in two ways");
	bench_close(&b);
	store_close(s);
}

/* The real source, scrapes and process starts: the troubled gateway in small, by increase_setup(). */
static void
test_whole(void **state)
{
	static const double bad[] = {1, 2, 3, 4, 405, 1, 2, 3, 4, 5};
	struct store *s = opened(at("whole.db"), STORE_WRITE);
	const struct criterion_result *r;
	struct pq_store_source source;
	struct bench b;
	int64_t c, i;
	char name[32], digest[65];

	(void)state;
	OK(store_begin(s, &err));
	for (i = 1; i <= 10; i++) { /* restarted at minute 331: hours 6 to 10 are of a new process */
		int64_t of = i <= 5 ? i : i - 5;

		snprintf(digest, sizeof(digest), "snapshot%d", (int)i);
		snprintf(name, sizeof(name), "h%d.prom", (int)i);
		c = content(s, digest);
		artifact(s, c, name);
		OK(sample(s, c, "start_seconds", NULL, MINUTES(60 * i), (double)MINUTES(i <= 5 ? -7 : 331) / 1000));
		OK(sample(s, c, "all", "200", MINUTES(60 * i), (double)(1000 * of)));
		OK(sample(s, c, "all", "500", MINUTES(60 * i), i == 5 ? 5 : bad[i - 1]));
		if (i == 5)
			OK(sample(s, c, "all", "503", MINUTES(60 * i), 400)); /* born in the chaos hour */
	}
	c = content(s, "log");
	artifact(s, c, "events.log");
	event(s, c, MINUTES(311), "GATEWAY_RESTARTED", 9);
	OK(store_end(s, 0, &err));

	r = bench_judge(&b, &kind_sli, RATIO "97%", "", -1, s); /* to be judged again, with the real source */
	pq_store_source_init(&source, s);
	b.profile->process_start = SV("start_seconds");
	b.j.source = &source.src;
	b.j.increase = (struct increase_run){.source = &source.src, .store = s, .profile = b.profile, .run = b.v.run,
	    .arena = &b.v.arena};
	OK(increase_setup(&b.j.increase, &err));
	assert_int_equal(b.j.increase.n_life, 1);
	assert_int_equal(b.j.increase.life[0].n, 10);
	assert_true(b.j.increase.life[0].zero_start);
	b.r = (struct criterion_result){.criterion = r->criterion};
	OK(kind_sli.judge(&b.j, &b.r, &err));
	assert_true(b.r.n.value == 10000 + 410);
	assert_true(b.r.observed.value == 10000.0 / 10410);
	assert_int_equal(b.r.outcome, OUTCOME_FAIL);
	assert_true(b.r.cover.value == 1 && b.r.at_least);
	assert_true(b.r.coverage.unseen_min == 11 * TIME_MINUTE && b.r.coverage.unseen_max == 31 * TIME_MINUTE);
	assert_int_equal(b.r.n_sources, 10);
	assert_true(sv_is(b.r.sources[0], "h1.prom") && sv_is(b.r.sources[1], "h2.prom"));
	assert_true(sv_is(b.r.sources[9], "h10.prom"));
	bench_close(&b);
	store_close(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_figures),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_store),
	    cmocka_unit_test(test_whole),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
