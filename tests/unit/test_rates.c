/* Three success rates side by side (docs/rules.md 18), and a ratio over time for charts. */
#include "court_help.h"

#define GOOD "outcomes: {good: 'code=~\"2..|403\"', total: reqs_total}\n"
#define RATIO                                                                                                      \
	"criteria: [{id: r, sli: {total: reqs_total, bad: 'reqs_total{code=~\"5..\"}'}, objective: 97%}]\n"

static void
add(int64_t f, const char *code, double t0, double v0, double t1, double v1)
{
	court_sample(f, "reqs_total", code, t0, v0);
	court_sample(f, "reqs_total", code, t1, v1);
}

static void
rate_is(int i, double rate, double good, double total, const char *text)
{
	const struct rate_result *r = &court.v.rates[i];

	if (!r->rate.known || fabs(r->rate.value - rate) > 1e-12 || r->good.value != good || r->total.value != total ||
	    !sv_is(r->rate.text, text))
		fail_msg("rate %d: %.*s, %.17g = %.17g / %.17g", i, (int)r->rate.text.n, r->rate.text.p, r->rate.value,
		    r->good.value, r->total.value);
}

static void
unknown(int i)
{
	const struct rate_result *r = &court.v.rates[i];

	if (r->rate.known || !sv_is(r->rate.text, "n/a") || !isnan(r->rate.value))
		fail_msg("rate %d is %.*s", i, (int)r->rate.text.n, r->rate.text.p);
}

static void
test_three_rates(void **state)
{
	int64_t f;

	(void)state;
	court_open();
	court_log(600);
	f = court_span("m.om", 0, 600);
	add(f, "200", 0, 5, 600, 905);
	add(f, "403", 0, 0, 600, 50);
	add(f, "404", 0, 0, 600, 25);
	add(f, "500", 0, 1, 600, 26);
	court_judge(RUN_PART GOOD RATIO);
	assert_int_equal(court.v.n_rates, 3);
	rate_is(0, 0.9, 900, 1000, "90.0000 %");
	rate_is(1, 0.95, 950, 1000, "95.0000 %");
	rate_is(2, 0.975, 975, 1000, "97.5000 %");
	says(court.v.rates[1].matcher, "code=~\"2..|403\"");
	says(court.v.rates[1].rate.query, "reqs_total{");
	court_close();
}

/* 100 % is read only where it is 100 %. */
static void
test_nearly_all(void **state)
{
	int64_t f;

	(void)state;
	court_open();
	court_log(600);
	f = court_span("m.om", 0, 600);
	add(f, "200", 0, 0, 600, 99999999);
	add(f, "500", 0, 0, 600, 1);
	court_judge(RUN_PART GOOD RATIO);
	rate_is(2, 0.99999999, 99999999, 100000000, "99.999999 %");
	court_close();

	court_open();
	court_log(600);
	f = court_span("m.om", 0, 600);
	add(f, "200", 0, 0, 600, 100);
	court_judge(RUN_PART GOOD RATIO);
	rate_is(0, 1, 100, 100, "100.0000 %");
	rate_is(2, 1, 100, 100, "100.0000 %");
	court_close();
}

/* Nothing counted, nothing known: never 100 %, never 0 %. */
static void
test_nothing(void **state)
{
	int i, k;

	(void)state;
	for (k = 0; k < 6; k++) {
		int64_t f;

		court_open();
		court_log(k == 3 ? 0 : 600);
		f = court_span("m.om", 0, 600);
		if (k == 1) /* no traffic */
			add(f, "200", 0, 7, 600, 7), add(f, "500", 0, 0, 600, 0);
		if (k == 2) /* one sample only */
			court_sample(f, "reqs_total", "200", 300, 7);
		if (k == 3) /* a run of no length */
			add(f, "200", 0, 7, 600, 9);
		if (k == 4) /* no numbers */
			add(f, "200", 0, NAN, 600, NAN);
		if (k == 5) /* all of it outside the run */
			add(f, "200", 700, 7, 900, 99);
		court_judge(RUN_PART GOOD RATIO);
		assert_int_equal(court.v.n_rates, 3);
		for (i = 0; i < 3; i++)
			unknown(i);
		assert_int_equal(court.v.outcome, OUTCOME_INCONCLUSIVE);
		court_close();
	}
}

/* Where no series has the label that tells good from bad, nobody told: "!~" would match all of them. */
static void
test_no_such_label(void **state)
{
	int64_t f;
	int i;

	(void)state;
	court_open();
	court_log(600);
	f = court_span("m.om", 0, 600);
	add(f, NULL, 0, 0, 600, 1000);
	court_judge(RUN_PART GOOD RATIO);
	for (i = 0; i < 3; i++)
		unknown(i);
	court_close();
}

/* The code's label is not the first that "good" names. */
static void
test_which_label(void **state)
{
	static const char *const good[] = {"code!=\"\",code=~\"2..|403\"", "code!~\"[45]..\"", "code=\"200\""};
	char text[400];
	size_t i;
	int64_t f;

	(void)state;
	for (i = 0; i < 3; i++) {
		court_open();
		court_log(600);
		f = court_span("m.om", 0, 600);
		add(f, "200", 0, 0, 600, 900);
		add(f, "500", 0, 0, 600, 100);
		snprintf(text, sizeof(text), "%soutcomes: {good: '%s', total: reqs_total}\n%s", RUN_PART, good[i], RATIO);
		court_judge(text);
		says(court.v.rates[0].matcher, "code=~\"2..\"");
		rate_is(0, 0.9, 900, 1000, "90.0000 %");
		rate_is(1, 0.9, 900, 1000, "90.0000 %");
		court_close();
	}
	court_open();
	court_log(600);
	f = court_span("m.om", 0, 600);
	for (i = 0; i < 2; i++) {
		struct label labels[] = {{SV("status"), sv_of(i == 0 ? "200" : "503")}, {SV("tool"), SV("x")}};
		struct labels l = {labels, 2};
		struct store_sample m = {.name = SV("calls_total"), .labels = &l, .t = NOW, .v = 0, .target = ""};

		OK(store_add_sample(court.store, f, &m, &err));
		m.t = MINUTE(600);
		m.v = i == 0 ? 90 : 10;
		OK(store_add_sample(court.store, f, &m, &err));
	}
	court_judge(RUN_PART "outcomes: {good: 'tool=\"x\",status=~\"2..\"', total: calls_total}\n" RATIO);
	says(court.v.rates[2].matcher, "status!~\"5..\"");
	rate_is(0, 0.9, 90, 100, "90.0000 %");
	rate_is(2, 0.9, 90, 100, "90.0000 %");
	court_close();
}

/* Without outcomes there is nothing to set side by side; without a total, the first ratio's is taken. */
static void
test_outcomes(void **state)
{
	int64_t f;

	(void)state;
	court_open();
	court_log(600);
	f = court_span("m.om", 0, 600);
	add(f, "200", 0, 0, 600, 100);
	court_judge(RUN_PART RATIO);
	assert_int_equal(court.v.n_rates, 0);
	court_close();
	court_open();
	court_log(600);
	f = court_span("m.om", 0, 600);
	add(f, "200", 0, 0, 600, 75);
	add(f, "500", 0, 0, 600, 25);
	court_judge(RUN_PART "outcomes: {good: 'code=\"200\"'}\n" RATIO);
	assert_int_equal(court.v.n_rates, 3);
	rate_is(1, 0.75, 75, 100, "75.0000 %");
	court_close();
}

static void
step_is(const struct rate_series *s, size_t i, double from, double to, double good, double total, bool known)
{
	const struct rate_step *p = &s->step[i];

	if (i >= s->n || p->from != MINUTE(from) || p->to != MINUTE(to) || p->known != known ||
	    (known && (p->good != good || p->total != total)))
		fail_msg("step %zu of %zu: %g to %g, %g of %g, known %d", i, s->n, (double)(p->from - NOW) / 60000,
		    (double)(p->to - NOW) / 60000, p->good, p->total, p->known);
}

static void
test_steps(void **state)
{
	const struct rate_series *s;
	int64_t f;

	(void)state;
	court_open();
	court_log(600);
	f = court_span("m.om", 0, 300);
	add(f, "200", 0, 0, 60, 100);
	add(f, "200", 120, 190, 180, 190);
	add(f, "200", 240, 200, 300, 250);
	/* Errors are born in the second hour. */
	add(f, "500", 120, 10, 180, 10);
	add(f, "500", 240, 20, 300, 20);
	s = &court_judge(RUN_PART RATIO)->series[0];
	assert_int_equal(court.v.n_series, 1);
	assert_int_equal(s->n, 5);
	assert_true(s->objective == 0.97);
	step_is(s, 0, 0, 60, 100, 100, true);
	step_is(s, 1, 60, 120, 90, 100, true);
	step_is(s, 2, 120, 180, 0, 0, false); /* no traffic is a gap */
	step_is(s, 3, 180, 240, 10, 20, true);
	step_is(s, 4, 240, 300, 50, 50, true);
	court_close();
}

/* Where the errors are not known the rate is a gap, not 100 %. */
static void
test_steps_unknown(void **state)
{
	static const char profile[] =
	    RUN_PART "criteria: [{id: r, sli: {total: reqs_total, bad: errors_total}, objective: 97%}]\n";
	static const double bad[] = {0, 1, NAN, 5, 6};
	const struct rate_series *s;
	int64_t f;
	size_t i;

	(void)state;
	court_open();
	court_log(240);
	f = court_span("m.om", 0, 240);
	for (i = 0; i < 5; i++) {
		court_sample(f, "reqs_total", NULL, 60.0 * (double)i, 100.0 * (double)i);
		court_sample(f, "errors_total", NULL, 60.0 * (double)i, bad[i]);
	}
	s = &court_judge(profile)->series[0];
	assert_int_equal(s->n, 4);
	step_is(s, 0, 0, 60, 99, 100, true);
	step_is(s, 1, 60, 120, 0, 0, false);
	step_is(s, 2, 120, 180, 0, 0, false);
	step_is(s, 3, 180, 240, 99, 100, true);
	court_close();

	/* More errors than calls: the two do not belong together. */
	court_open();
	court_log(240);
	f = court_span("m.om", 0, 240);
	court_sample(f, "reqs_total", NULL, 0, 0);
	court_sample(f, "reqs_total", NULL, 240, 10);
	court_sample(f, "errors_total", NULL, 0, 0);
	court_sample(f, "errors_total", NULL, 240, 11);
	s = &court_judge(profile)->series[0];
	step_is(s, 0, 0, 240, 0, 0, false);
	assert_int_equal(court.v.outcome, OUTCOME_INCONCLUSIVE);
	court_close();

	/* Errors alone: no total, nothing to draw. */
	court_open();
	court_log(240);
	f = court_span("m.om", 0, 240);
	court_sample(f, "errors_total", NULL, 0, 0);
	court_sample(f, "errors_total", NULL, 240, 0);
	s = &court_judge(profile)->series[0];
	for (i = 0; i < s->n; i++)
		assert_false(s->step[i].known);
	assert_int_equal(court.v.outcome, OUTCOME_INCONCLUSIVE);
	court_close();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_three_rates),
		cmocka_unit_test(test_nearly_all),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_no_such_label),
		cmocka_unit_test(test_which_label),
		cmocka_unit_test(test_outcomes),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_steps_unknown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
