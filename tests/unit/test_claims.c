/* What artifacts claim, against what was counted: docs/rules.md 17. */
#include "court_help.h"

#define COUNTED "quantities: {all: reqs_total, good: 'reqs_total{code=\"200\"}', never: nobody_total}\n"

/* all and good grow by these over ten hours that are wholly seen. */
static void
counters(double all, double good)
{
	int64_t f = court_span("m.om", 0, 600);

	court_log(600);
	court_sample(f, "reqs_total", "200", 0, 0);
	court_sample(f, "reqs_total", "200", 600, good);
	court_sample(f, "reqs_total", "500", 0, 0);
	court_sample(f, "reqs_total", "500", 600, all - good);
}

static const struct claim_result *
claim_of(const struct verdict *v, const char *path)
{
	size_t i;

	for (i = 0; i < v->n_claims; i++)
		if (sv_is(v->claims[i].path, path))
			return &v->claims[i];
	fail_msg("no claim %s", path);
	return NULL;
}

/* One claim x of summary.json with that text, by that definition. */
static enum claim_state
state_of(const char *text, const char *equals)
{
	const struct verdict *v;
	enum claim_state state;
	char profile[500];
	int64_t f = court_file("summary.json");

	court_claim(f, "x", text);
	snprintf(profile, sizeof(profile), RUN_PART COUNTED "claims: [{path: x, file: summary.json, equals: '%s'}]\n" STARTED,
	    equals);
	v = court_judge(profile);
	state = claim_of(v, "x")->state;
	assert_int_equal(v->n_contradictions, state == CLAIM_CONTRADICTED);
	assert_int_equal(v->outcome, state == CLAIM_CONTRADICTED ? OUTCOME_FAIL : OUTCOME_PASS);
	court_close();
	return state;
}

static void
state_is(double all, double good, const char *text, const char *equals, enum claim_state want)
{
	enum claim_state got;

	court_open();
	counters(all, good);
	got = state_of(text, equals);
	if (got != want)
		fail_msg("%.17g of %.17g, '%s' = %s: %s, not %s", good, all, text, equals, claim_state_text(got),
		    claim_state_text(want));
}

/* Equal at the precision it was printed with; one step beyond the edge is not. */
static void
test_printed_precision(void **state)
{
	static const struct {
		double all, good;
		const char *text;
		bool equal;
	} cases[] = {
		{1e6, 989400, "98.94", true},
		{1e6, 989449, "98.94", true},
		{1e6, 989450, "98.94", true}, /* the edge belongs to both: who knows how they round */
		{1e6, 989450, "98.95", true},
		{1e6, 989451, "98.94", false},
		{1e6, 989350, "98.94", true},
		{1e6, 989349, "98.94", false},
		{1e6, 989400, "98.940", true},
		{1e6, 989449, "98.940", false},
		{1e6, 989400, "98.9", true},
		{1e6, 989400, "99", true},
		{1e6, 989400, "98", false},
		{1e6, 989400, "100", false},
		{1e6, 989400, "9.894e1", true},
		{1e6, 989400, "9.895e1", false},
		{1e6, 1e6, "100.00", true},
		{1e6, 999949, "100.00", false},
		{1e6, 0, "0", true},
		{1e6, 4999, "0", true},
		{1e6, 5001, "0", false},
		{1e6, 0, "-0.0", true},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		state_is(cases[i].all, cases[i].good, cases[i].text, "100 * good / all",
		    cases[i].equal ? CLAIM_EXPLAINED : CLAIM_CONTRADICTED);
}

/* A count off by one is wrong, however large it is. */
static void
test_integers_are_exact(void **state)
{
	(void)state;
	state_is(864000, 864000, "864000", "all", CLAIM_EXPLAINED);
	state_is(864000, 864000, "864001", "all", CLAIM_CONTRADICTED);
	state_is(864000, 864000, "863999", "all", CLAIM_CONTRADICTED);
	state_is(864000, 864000, "864000.0", "all", CLAIM_EXPLAINED);
	state_is(10000000000.0, 0, "10000000000", "all", CLAIM_EXPLAINED);
	state_is(10000000000.0, 0, "10000000001", "all", CLAIM_CONTRADICTED);
	state_is(1000000000000.0, 0, "999999999999", "all", CLAIM_CONTRADICTED);
}

static void
test_what_decides_nothing(void **state)
{
	static const struct {
		const char *text, *equals;
	} cases[] = {
		{"PASS", "all"},
		{"", "all"},
		{"NaN", "all"},
		{"100", "never"}, /* never counted */
		{"0", "never"},
		{"0", "all - never"},
		{"5", "nothing.says.this"},
		{"5", "all / (good - good)"}, /* division by zero */
		{"0", "(all - all) / (good - good)"},
		{"NaN", "(all - all) / (good - good)"},
		{"5", "all * 1e300 * 1e300"}, /* too large */
		{"-5", "0 - all * 1e300 * 1e300"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		state_is(1000, 900, cases[i].text, cases[i].equals, CLAIM_UNDECIDED);
	/* A number all right, only that no counter can have it. */
	state_is(1000, 900, "Inf", "all", CLAIM_CONTRADICTED);
	state_is(1000, 900, "-1000", "all", CLAIM_CONTRADICTED);
}

/* What was not seen may hold a difference; equality is still what it is. */
static void
test_coverage(void **state)
{
	static const struct {
		double until;
		const char *text;
		enum claim_state want;
	} cases[] = {
		{600, "101", CLAIM_CONTRADICTED},
		{570, "101", CLAIM_UNDECIDED}, /* 95 % seen: the rest, twice as busy, could hold 10.5 */
		{570, "110", CLAIM_UNDECIDED},
		{570, "112", CLAIM_CONTRADICTED},
		{599, "101", CLAIM_CONTRADICTED},
		{569, "101", CLAIM_UNDECIDED},
		{60, "1000000", CLAIM_UNDECIDED},
		{60, "100", CLAIM_EXPLAINED},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t f;

		court_open();
		court_log(600);
		f = court_span("m.om", 0, cases[i].until);
		court_sample(f, "reqs_total", "200", 0, 0);
		court_sample(f, "reqs_total", "200", cases[i].until, 100);
		assert_int_equal(state_of(cases[i].text, "all"), cases[i].want);
	}
}

/* A restart within (0, 60] of 600 minutes: up to a tenth of the run was seen by nobody. */
static void
restarted(void)
{
	int64_t f = court_span("m.om", 0, 600);

	court_log(600);
	court_sample(f, "reqs_total", "200", 0, 5000);
	court_sample(f, "reqs_total", "200", 60, 1000);
	court_sample(f, "reqs_total", "200", 600, 10000);
	court_sample(f, "reqs_total", "500", 0, 5000);
	court_sample(f, "reqs_total", "500", 60, 0);
	court_sample(f, "reqs_total", "500", 600, 9990);
}

static void
test_restart(void **state)
{
	static const struct {
		const char *text, *equals;
		enum claim_state want;
	} cases[] = {
		{"10000", "good", CLAIM_EXPLAINED},
		{"11000", "good", CLAIM_UNDECIDED},
		{"20000", "good", CLAIM_CONTRADICTED}, /* a tenth of the time did not double it */
		{"60", "all / good * 30", CLAIM_EXPLAINED},
		/* What is left of two large numbers may be off by far more than its own size tells. */
		{"10", "good - (all - good)", CLAIM_EXPLAINED},
		{"100", "good - (all - good)", CLAIM_UNDECIDED},
		{"9000", "good - (all - good)", CLAIM_CONTRADICTED},
		/* Nothing of it is counted: no restart excuses it. */
		{"601", "run.duration / 1m", CLAIM_CONTRADICTED},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		enum claim_state got;

		court_open();
		restarted();
		got = state_of(cases[i].text, cases[i].equals);
		if (got != cases[i].want)
			fail_msg("'%s' = %s: %s, not %s", cases[i].text, cases[i].equals, claim_state_text(got),
			    claim_state_text(cases[i].want));
	}
}

static void
test_not_audited(void **state)
{
	const struct verdict *v;
	int64_t f;

	(void)state;
	court_open();
	counters(1000, 900);
	f = court_file("summary.json");
	court_claim(f, "score", "99.9");
	court_claim(f, "verdict", "PASS");
	court_claim(court_file("other.json"), "success_rate", "12");
	v = court_judge(RUN_PART COUNTED "claims:\n"
	    "  - {path: score, because: Nobody knows how.}\n"
	    "  - {path: success_rate, file: summary.json, equals: '100 * good / all'}\n" STARTED);
	assert_int_equal(v->n_claims, 3);
	assert_int_equal(claim_of(v, "score")->state, CLAIM_NOT_AUDITED);
	says(claim_of(v, "score")->sentence, "Nobody knows how.");
	assert_int_equal(claim_of(v, "verdict")->state, CLAIM_NOT_AUDITED);
	/* The definition is for another file. */
	assert_int_equal(claim_of(v, "success_rate")->state, CLAIM_NOT_AUDITED);
	assert_int_equal(v->n_contradictions, 0);
	assert_false(claim_of(v, "score")->recomputed.known);
	court_close();
}

/* What the plan says about the end is no evidence of when it ended. */
static void
test_planned_end(void **state)
{
	const struct verdict *v;
	int64_t f;

	(void)state;
	court_open();
	f = court_span("events.log", 0, 60);
	court_event(f, 0, "BEGIN");
	f = court_file("summary.json");
	court_claim(f, "minutes", "600");
	v = court_judge("profile: t\nrun: {start: {event: BEGIN}, end: {event: END}, duration: 10h}\n"
			"claims: [{path: minutes, equals: run.duration / 1m}]\n" STARTED);
	assert_true(v->run.end_planned);
	assert_int_equal(claim_of(v, "minutes")->state, CLAIM_UNDECIDED);
	says(claim_of(v, "minutes")->sentence, "planned");
	court_close();
}

static void
test_checks(void **state)
{
	static const struct {
		const char *a, *b, *c, *check, *equals;
		bool holds;
	} cases[] = {
		{"98.94", "0.50", "0.56", "a + b + c", "100", true},
		{"98.94", "0.50", "0.57", "a + b + c", "100", true},  /* 100.01: within three roundings */
		{"98.94", "0.50", "0.58", "a + b + c", "100", false}, /* 100.02 is not */
		{"98.9", "0.50", "0.61", "a + b + c", "100", true},
		{"98", "1", "2", "a + b + c", "100", false}, /* no decimals, no rounding */
		{"855000", "4000", "859000", "a + b", "c", true},
		{"855000", "4000", "859001", "a + b", "c", false},
		{"9990000000", "10000000", "10000000001", "a + b", "c", false},
		{"0.9894", "98.94", "1", "100 * a", "b", true},
		{"0.9894", "98.95", "1", "100 * a", "b", true},  /* 98.935 to 98.945, 98.945 to 98.955 */
		{"0.9894", "98.96", "1", "100 * a", "b", false},
		{"98.94", "1.06", "x", "a + b + c", "100", true}, /* c is no number: not all of them are stated */
		{"98.94", "0.0", "0", "a / c", "100", true},      /* division by zero is no contradiction */
		{"98.94", "0.0", "0", "a", "100 / c", true},
		{"5", "5", "5", "a + missing", "100", true},
		{"NaN", "1", "1", "a + b", "c", true},
	};
	char profile[500];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct verdict *v;
		int64_t f;

		court_open();
		counters(1000, 900);
		f = court_file("summary.json");
		court_claim(f, "a", cases[i].a);
		court_claim(f, "b", cases[i].b);
		court_claim(f, "c", cases[i].c);
		snprintf(profile, sizeof(profile), RUN_PART "claims: [{check: '%s', equals: '%s', because: It must.}]\n" STARTED,
		    cases[i].check, cases[i].equals);
		v = court_judge(profile);
		if (v->n_contradictions != !cases[i].holds)
			fail_msg("%s %s %s: %s == %s: %zu contradictions", cases[i].a, cases[i].b, cases[i].c, cases[i].check,
			    cases[i].equals, v->n_contradictions);
		if (!cases[i].holds) {
			says(v->contradictions[0].sentence, "It must.");
			says(v->contradictions[0].source, "summary.json");
			assert_int_equal(v->outcome, OUTCOME_FAIL);
		}
		court_close();
	}
}

/* A check against counters that saw a tenth of the run proves nothing. */
static void
test_check_of_half_seen(void **state)
{
	const struct verdict *v;
	int64_t f;

	(void)state;
	court_open();
	court_log(600);
	f = court_span("m.om", 0, 60);
	court_sample(f, "reqs_total", "200", 0, 0);
	court_sample(f, "reqs_total", "200", 60, 100);
	court_claim(court_file("summary.json"), "ok", "1000");
	v = court_judge(RUN_PART COUNTED "claims: [{check: ok, equals: good}]\n" STARTED);
	assert_int_equal(v->n_contradictions, 0);
	court_close();
}

/* Two artifacts that say the same path are two claims; so are two of one name. */
static void
test_two_files(void **state)
{
	const struct verdict *v;
	int64_t f;

	(void)state;
	court_open();
	counters(1000, 900);
	f = court_file("a/summary.json");
	court_claim(f, "ok", "900");
	court_claim(f, "total", "900");
	f = court_file("b/summary.json");
	court_claim(f, "ok", "901");
	court_claim(f, "total", "901");
	f = court_file("b/summary.json");
	court_claim(f, "ok", "902");
	court_claim(f, "total", "903");
	v = court_judge(RUN_PART COUNTED "claims:\n  - {path: ok, file: summary.json, equals: good}\n"
			"  - {check: ok, equals: total}\n" STARTED);
	assert_int_equal(v->n_claims, 6);
	assert_int_equal(v->claims[0].state, CLAIM_EXPLAINED);
	assert_int_equal(v->claims[2].state, CLAIM_CONTRADICTED);
	says(v->claims[2].source, "b/summary.json");
	assert_int_equal(v->claims[4].state, CLAIM_CONTRADICTED);
	/* Two rates, and the check of the one file whose own numbers differ. */
	assert_int_equal(v->n_contradictions, 3);
	court_close();
}

/* A copy under another name that comes first does not take a claim out of its definition's reach. */
static void
test_copy_under_another_name(void **state)
{
	const struct verdict *v;
	int64_t f;

	(void)state;
	court_open();
	counters(1000, 900);
	f = court_file("summary.json");
	court_again(f, "a-copy.txt");
	court_again(f, "reports.tar.gz/summary.json");
	court_claim(f, "ok", "999");
	v = court_judge(RUN_PART COUNTED "claims: [{path: ok, file: summary.json, equals: good}]\n" STARTED);
	assert_int_equal(v->n_claims, 1);
	assert_int_equal(v->claims[0].state, CLAIM_CONTRADICTED);
	assert_int_equal(v->outcome, OUTCOME_FAIL);
	court_close();
}

/* A fact that is stated in two ways is not known, and whoever came first does not win. */
static void
test_facts(void **state)
{
	static const struct {
		const char *first, *second;
		enum claim_state want;
	} cases[] = {
		{"10", NULL, CLAIM_EXPLAINED},
		{"10", "10", CLAIM_EXPLAINED},
		{"10", "10.0", CLAIM_EXPLAINED},
		{"10", "20", CLAIM_UNDECIDED},
		{"20", "10", CLAIM_UNDECIDED},
		{"10", "ten", CLAIM_UNDECIDED},
		{"20", NULL, CLAIM_CONTRADICTED},
		{"ten", NULL, CLAIM_UNDECIDED},
		{NULL, NULL, CLAIM_UNDECIDED},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		court_open();
		counters(1000, 900);
		if (cases[i].first != NULL)
			court_fact(court_file("a.json"), "configuration.rps", cases[i].first);
		if (cases[i].second != NULL)
			court_fact(court_file("b.json"), "configuration.rps", cases[i].second);
		assert_int_equal(state_of("100", "configuration.rps * 10"), cases[i].want);
	}
}

/* A claim is not explained by other claims, only by what was counted. */
static void
test_no_claim_explains_a_claim(void **state)
{
	const struct verdict *v;
	int64_t f;

	(void)state;
	court_open();
	counters(1000, 900);
	f = court_file("summary.json");
	court_claim(f, "a", "7");
	court_claim(f, "b", "7");
	v = court_judge(RUN_PART "claims: [{path: a, equals: b}]\n" STARTED);
	assert_int_equal(claim_of(v, "a")->state, CLAIM_UNDECIDED);
	court_close();
}

/* Two artifacts that disagree about a sample: rule 7. */
static void
test_conflicts(void **state)
{
	static const char *const on[] = {"", "on_contradiction: warn\n"};
	const struct verdict *v;
	char profile[300];
	int64_t f;
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		court_open();
		counters(1000, 900);
		f = court_file("other.om");
		court_sample(f, "reqs_total", "200", 600, 901);
		court_sample(f, "reqs_total", "500", 600, 100); /* the same: no news */
		snprintf(profile, sizeof(profile), RUN_PART "%s" STARTED, on[i]);
		v = court_judge(profile);
		assert_int_equal(v->n_contradictions, 1);
		says(v->contradictions[0].sentence, "900 in m.om");
		says(v->contradictions[0].sentence, "901 in other.om");
		assert_int_equal(v->outcome, i == 0 ? OUTCOME_FAIL : OUTCOME_PASS);
		assert_int_equal(v->n_reasons, 1);
		court_close();
	}
}

/* One log prints 0.65 and another 0.653742: one number, by the fewer digits. Counts are exact. */
static void
test_rounded(void **state)
{
	static const struct {
		const char *what;
		double a[3], b[3];
		size_t n;
		const char *says;
	} cases[] = {
		{"with fewer digits", {0.65, 0.7, 1}, {0.653742, 0.697982, 1.0019}, 3, NULL},
		{"the other way round", {0.653742, 0.697982, 1.0019}, {0.65, 0.7, 1}, 3, NULL},
		{"not rounded so", {0.65, 0.71, 1}, {0.653742, 0.704982, 1.0019}, 3,
		    "took at 2026-01-12T07:00:00Z is 0.71 in a.log and 0.704982 in b.log."},
		{"as many digits", {0.65, 0.7, 1}, {0.66, 0.71, 1.01}, 3, "is 0.65 in a.log and 0.66 in b.log, and 2 more such differences."},
		{"a count is no rounded number", {1, 2, 3}, {1.4, 2.2, 2.8}, 3, "is 1 in a.log and 1.4 in b.log"},
		{"a count that is one more", {1, 2, 3}, {1, 2, 4}, 3, "is 3 in a.log and 4 in b.log."},
		{"one number", {0.65}, {0.653742}, 1, NULL},
		{"one number, near it", {0.65}, {0.6551}, 1, "is 0.65 in a.log and 0.6551 in b.log."},
	};
	const struct verdict *v;
	int64_t a, b;
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		court_open();
		court_log(600);
		a = court_file("a.log");
		b = court_file("b.log");
		for (k = 0; k < cases[i].n; k++) {
			court_sample(a, "took", NULL, 60 * (double)k, cases[i].a[k]);
			court_sample(b, "took", NULL, 60 * (double)k, cases[i].b[k]);
		}
		v = court_judge(RUN_PART STARTED);
		if (v->n_contradictions != (cases[i].says != NULL))
			fail_msg("%s: %zu contradictions", cases[i].what, v->n_contradictions);
		if (cases[i].says != NULL)
			says(v->contradictions[0].sentence, cases[i].says);
		court_close();
	}
}

/* The sentence tells the reader what was found, and both numbers. */
static void
test_sentences(void **state)
{
	const struct verdict *v;
	int64_t f;

	(void)state;
	court_open();
	counters(1000, 900);
	f = court_file("summary.json");
	court_claim(f, "rate", "90.0");
	court_claim(f, "lie", "99.9");
	v = court_judge(RUN_PART COUNTED "claims:\n"
	    "  - {path: rate, equals: 100 * good / all, because: Only 200 is good.}\n"
	    "  - {path: lie, equals: 100 * good / all}\n" STARTED);
	says(claim_of(v, "rate")->sentence, "100 * good / all");
	says(claim_of(v, "rate")->sentence, "Only 200 is good.");
	says(claim_of(v, "lie")->sentence, "99.9");
	says(claim_of(v, "lie")->sentence, "90.000");
	says(claim_of(v, "lie")->source, "summary.json:");
	assert_true(claim_of(v, "lie")->recomputed.known);
	says(v->contradictions[0].sentence, "lie");
	court_close();
}

/* A percent sign is no doubt about the number before it. */
static void
test_percent(void **state)
{
	(void)state;
	state_is(1000, 990, "99.0%", "100 * good / all", CLAIM_EXPLAINED);
	state_is(1000, 990, "99 %", "100 * good / all", CLAIM_EXPLAINED);
	state_is(1000, 990, "99.1%", "100 * good / all", CLAIM_CONTRADICTED);
	state_is(1000, 990, "n/a", "100 * good / all", CLAIM_UNDECIDED);
	state_is(1000, 990, "%", "100 * good / all", CLAIM_UNDECIDED);
	/* A comma for the point does not take a claim out of the audit; where it may mean thousands nobody knows. */
	state_is(1000, 990, "99,0", "100 * good / all", CLAIM_EXPLAINED);
	state_is(1000, 990, "99,04 %", "100 * good / all", CLAIM_CONTRADICTED);
	state_is(1000, 990, "100,00", "100 * good / all", CLAIM_CONTRADICTED);
	state_is(1000, 990, "99,000", "100 * good / all", CLAIM_UNDECIDED);
	state_is(1000, 990, "9,9,0", "100 * good / all", CLAIM_UNDECIDED);
	state_is(1000, 990, "99,", "100 * good / all", CLAIM_UNDECIDED);
	state_is(1000, 990, ",", "100 * good / all", CLAIM_UNDECIDED);
}

/* What an artifact says of its own sums, without a definition. */
static const struct {
	const char *what, *claim[5][2];
	bool contradicted;
	const char *profile, *says;
} sums[] = {
    {"adds up", {{"t.total", "100"}, {"t.ok", "95"}, {"t.failed", "5"}}, false, "", ""},
    {"does not", {{"t.total", "100"}, {"t.ok", "95"}, {"t.failed", "6"}}, true, "",
	"s.json: t.total is 100, which its parts do not add up to: t.ok 95 and t.failed 6."},
    {"too little", {{"t.total", "100"}, {"t.passed", "95"}, {"t.errors", "4"}}, true, "", ""},
    {"one is part of another", {{"t.total", "100"}, {"t.ok", "95"}, {"t.failed", "5"}, {"t.errors", "2"}}, false, "", ""},
    {"three parts", {{"t.total", "100"}, {"t.ok", "90"}, {"t.denied", "6"}, {"t.failed", "4"}}, false, "", ""},
    {"something else beside them", {{"t.total", "100"}, {"t.ok", "90"}, {"t.failed", "4"}, {"t.p95", "7"}}, false, "", ""},
    {"only good ones", {{"t.total", "100"}, {"t.ok", "90"}, {"t.passed", "80"}}, false, "", ""},
    {"no numbers", {{"t.total", "100"}, {"t.ok", "n/a"}, {"t.failed", "4"}}, false, "", ""},
    {"of different maps", {{"t.total", "100"}, {"u.ok", "90"}, {"v.failed", "4"}}, false, "", ""},
    {"no total", {{"t.ok", "90"}, {"t.failed", "4"}}, false, "", ""},
    {"at the top", {{"total", "100"}, {"ok", "90"}, {"failed", "4"}}, true, "", ""},
    {"a check takes its place", {{"total", "100"}, {"ok", "90"}, {"failed", "4"}}, false,
	"claims: [{check: ok + failed + 6, equals: total}]\n", ""},
    {"shares of 100 %", {{"success_rate", "99.5"}, {"failure_rate", "0.5"}}, false, "", ""},
    {"within their rounding", {{"success_rate", "99.44"}, {"denial_rate", "0.33"}, {"failure_rate", "0.24"}}, false, "", ""},
    {"beyond it", {{"success_rate", "99.44"}, {"denial_rate", "0.33"}, {"failure_rate", "0.25"}}, true, "",
	"s.json: the shares do not total 100 %: success_rate 99.44, denial_rate 0.33 and failure_rate 0.25."},
    {"as fractions", {{"success_rate", "0.995"}, {"error_rate", "0.005"}}, false, "", ""},
    {"as fractions that do not", {{"success_rate", "0.995"}, {"error_rate", "0.015"}}, true, "", ""},
    {"a rate of something else", {{"success_rate", "99.5"}, {"hit_rate", "70"}}, false, "", ""},
    {"... beside those that do", {{"success_rate", "99.5"}, {"error_rate", "0.5"}, {"hit_rate", "70"}}, false, "", ""},
};

static void
test_sums(void **state)
{
	char text[500];
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(sums) / sizeof(*sums); i++) {
		const struct verdict *v;
		int64_t f;

		court_open();
		court_log(600);
		f = court_file("s.json");
		for (k = 0; k < 5 && sums[i].claim[k][0] != NULL; k++)
			court_claim(f, sums[i].claim[k][0], sums[i].claim[k][1]);
		snprintf(text, sizeof(text), RUN_PART "%s" STARTED, sums[i].profile);
		v = court_judge(text);
		if (v->n_contradictions != sums[i].contradicted)
			fail_msg("%s: %zu contradictions", sums[i].what, v->n_contradictions);
		if (sums[i].says[0] != '\0')
			says(v->contradictions[0].sentence, sums[i].says);
		court_close();
	}
}

/* How many snapshots the report speaks of, against how many there are. */
static void
test_evidence_counts(void **state)
{
	static const struct {
		const char *claimed, *equals;
		enum claim_state want;
	} rows[] = {{"3", "evidence.the_snaps.expected", CLAIM_EXPLAINED}, {"3", "evidence.the_snaps.found", CLAIM_CONTRADICTED},
	    {"2", "evidence.the_snaps.found", CLAIM_EXPLAINED}, {"2", "evidence.other.found", CLAIM_UNDECIDED},
	    {"2", "evidence.the_snaps", CLAIM_UNDECIDED}};
	char text[500];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		court_open();
		court_log(600);
		court_snapshot("h0.prom", 60, true);
		court_snapshot("h1.prom", 120, true);
		court_claim(court_file("s.json"), "snapshots", rows[i].claimed);
		snprintf(text, sizeof(text), RUN_PART "evidence: [{id: the-snaps, snapshots: {file: 'h{h}.prom', time: 'run.start + ({h} + 1) * "
		    "1h', count: 3}}]\nclaims: [{path: snapshots, equals: %s}]\n" STARTED, rows[i].equals);
		court_judge(text);
		if (claim_of(&court.v, "snapshots")->state != rows[i].want)
			fail_msg("%s = %s: %s", rows[i].claimed, rows[i].equals, claim_state_text(claim_of(&court.v, "snapshots")->state));
		court_close();
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_printed_precision),
		cmocka_unit_test(test_integers_are_exact),
		cmocka_unit_test(test_what_decides_nothing),
		cmocka_unit_test(test_coverage),
		cmocka_unit_test(test_restart),
		cmocka_unit_test(test_not_audited),
		cmocka_unit_test(test_planned_end),
		cmocka_unit_test(test_checks),
		cmocka_unit_test(test_check_of_half_seen),
		cmocka_unit_test(test_two_files),
		cmocka_unit_test(test_copy_under_another_name),
		cmocka_unit_test(test_facts),
		cmocka_unit_test(test_no_claim_explains_a_claim),
		cmocka_unit_test(test_conflicts),
		cmocka_unit_test(test_rounded),
		cmocka_unit_test(test_sentences),
		cmocka_unit_test_setup_teardown(test_sums, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(test_evidence_counts, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(test_percent, make_folder, drop_folder),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
