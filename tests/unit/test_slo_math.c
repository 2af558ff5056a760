/* Every number of the design's page on SLOs (part A): burn rates, budgets, evidence, slices, Apdex. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "judge/slo_math.h"
#include "stats/ratio.h"

#define NEAR(got, want, by) assert_true(fabs((got) - (want)) <= (by))

static const struct slo_slice slices[] = {{100, 100}, {100, 100}, {0, 0}, {10, 5}, {100, 99}};

static void
test_methods(void **state)
{
	struct slo_ratio r = slo_ratio(SLO_OCCURRENCES, slices, 5, 0, SLO_SKIP);

	(void)state;
	NEAR(r.ratio, 0.980645, 5e-7);
	NEAR(r.n, 310, 0);
	NEAR(r.bad, 6, 1e-9);
	NEAR(slo_burn(1 - r.ratio, 0.99), 1.93548, 5e-6);
	r = slo_ratio(SLO_TIMESLICES, slices, 5, 0.95, SLO_SKIP);
	NEAR(r.ratio, 3.0 / 4, 1e-12);
	assert_int_equal(r.empty, 1);
	NEAR(slo_ratio(SLO_TIMESLICES, slices, 5, 0.95, SLO_GOOD).ratio, 4.0 / 5, 1e-12);
	NEAR(slo_ratio(SLO_TIMESLICES, slices, 5, 0.95, SLO_BAD).ratio, 3.0 / 5, 1e-12);
	NEAR(slo_ratio(SLO_RATIO_TIMESLICES, slices, 5, 0, SLO_SKIP).ratio, 0.8725, 1e-12);
	NEAR(slo_ratio(SLO_RATIO_TIMESLICES, slices, 5, 0, SLO_GOOD).ratio, 0.898, 1e-12);
	/* 0/0 is no 100 %. */
	assert_true(isnan(slo_ratio(SLO_OCCURRENCES, slices + 2, 1, 0, SLO_SKIP).ratio));
	assert_true(isnan(slo_ratio(SLO_TIMESLICES, slices + 2, 1, 0.95, SLO_SKIP).ratio));
	assert_true(isnan(slo_ratio(SLO_OCCURRENCES, slices, 0, 0, SLO_GOOD).ratio));
}

static void
test_table(void **state)
{
	static const struct {
		double burn, fraction, detect; /* seconds at 99.9 % */
		int64_t lo, sho;
	} rows[] = {{14.4, 0.02, 51.84, TIME_HOUR, 5 * TIME_MINUTE}, {6, 0.05, 129.6, 6 * TIME_HOUR, 30 * TIME_MINUTE},
	    {3, 0.10, 259.2, TIME_DAY, 2 * TIME_HOUR}, {1, 0.10, 259.2, 3 * TIME_DAY, 6 * TIME_HOUR}};
	static const double of28[] = {13.44, 5.6, 2.8, 0.9333333}, of7[] = {3.36, 1.4, 0.7, 0.2333333};
	struct slo o = {.period = 30 * TIME_DAY}, o28 = {.period = 28 * TIME_DAY}, o7 = {.period = 7 * TIME_DAY};
	size_t i;

	(void)state;
	slo_usual_pairs(&o);
	slo_usual_pairs(&o28);
	slo_usual_pairs(&o7);
	assert_int_equal(o.n_pairs, 4);
	for (i = 0; i < 4; i++) {
		NEAR(o.pair[i].factor, rows[i].burn, 1e-12);
		assert_int_equal(o.pair[i].lo, rows[i].lo);
		assert_int_equal(o.pair[i].sho, rows[i].sho);
		NEAR(slo_factor(rows[i].fraction, o.period, rows[i].lo), rows[i].burn, 1e-12);
		NEAR(slo_spent(rows[i].burn, rows[i].lo, o.period), rows[i].fraction, 1e-12);
		NEAR(slo_detects(rows[i].burn, 0.999, rows[i].lo) / 1000, rows[i].detect, 1e-6);
		NEAR(o28.pair[i].factor, of28[i], 1e-6);
		NEAR(o7.pair[i].factor, of7[i], 1e-6);
	}
	/* 14.4 can never fire at or below 93.06 %. */
	assert_true(slo_burn(1, 0.9305) < 14.4);
	assert_true(slo_burn(1, 0.9306) > 14.4);
	/* The workbook's 10 requests an hour with one failure: 100 times, not 1000; 13.9 % of the budget. */
	NEAR(slo_burn(0.1, 0.999), 100, 1e-9);
	NEAR(slo_spent(slo_burn(0.1, 0.999), TIME_HOUR, 30 * TIME_DAY), 0.139, 5e-4);
}

static void
test_allowances(void **state)
{
	static const struct {
		double target, week; /* minutes */
	} weeks[] = {{0.99, 100.8}, {0.995, 50.4}, {0.999, 10.08}, {0.9995, 5.04}, {0.9999, 1.008}};
	size_t i;

	(void)state;
	NEAR(slo_allowance(0.9995, 30 * TIME_DAY) / TIME_MINUTE, 21.6, 1e-9);
	for (i = 0; i < sizeof(weeks) / sizeof(*weeks); i++)
		NEAR(slo_allowance(weeks[i].target, 7 * TIME_DAY) / TIME_MINUTE, weeks[i].week, 1e-9);
	/* Downtime of a month: 99.9 % and 99 %, and 99.99 %, less than one check every 5 minutes can show. */
	NEAR(slo_allowance(0.999, 30 * TIME_DAY) / TIME_MINUTE, 43.2, 1e-9);
	NEAR(slo_allowance(0.99, 30 * TIME_DAY) / TIME_MINUTE, 432, 1e-9);
	NEAR(slo_allowance(0.9999, 30 * TIME_DAY) / TIME_MINUTE, 4.32, 1e-9);
	NEAR(1 - stats_exact_upper(0, 30 * 24 * 12, 0.95), 0.99965, 5e-6);
	/* 36 h of a 30-day window at burn 2: 10 % spent, 15 days until all of it is. */
	NEAR(slo_spent(2, 36 * TIME_HOUR, 30 * TIME_DAY), 0.10, 1e-12);
	NEAR(slo_lasts(2, 30 * TIME_DAY) / TIME_DAY, 15, 1e-12);
	assert_true(isinf(slo_lasts(0, 30 * TIME_DAY)));
}

/* A 48 h soak with 1-minute slices cannot show 99.9 %; 0 of 500 supports 99.40 %. */
static void
test_evidence(void **state)
{
	static const struct {
		double q, n[4];
	} needed[] = {{0.01, {299, 473, 628, 773}}, {0.005, {598, 947, 1258, 1549}}, {0.001, {2995, 4742, 6294, 7752}},
	    {0.0005, {5990, 9486, 12590, 15505}}, {0.0001, {29956, 47437, 62956, 77535}}};
	static const struct {
		double n, k;
	} refutes[] = {{500, 3}, {1000, 4}, {3000, 7}, {10000, 16}, {100000, 118}};
	/* So many without a failure, by Wilson's interval: one-sided, two-sided. */
	static const double wilson[][2] = {{268, 381}, {539, 765}, {2703, 3838}, {5409, 7680}, {27053, 38411}};
	struct stats_interval w;
	size_t i, k;

	(void)state;
	for (i = 0; i < 5; i++)
		for (k = 0; k < 4; k++)
			NEAR(stats_exact_needed((double)k, needed[i].q, 0.95), needed[i].n[k], 0);
	for (i = 0; i < 5; i++)
		for (k = 0; k < 2; k++) {
			double confidence = k == 0 ? 0.90 : 0.95; /* a two-sided 90 % bound is a one-sided 95 % one */

			assert_true(stats_wilson(0, wilson[i][k], confidence).high <= needed[i].q);
			assert_true(stats_wilson(0, wilson[i][k] - 1, confidence).high > needed[i].q);
		}
	/* A 48-hour soak in slices of a minute has 2 880 of the 2 995 that 99.9 % needs: 49 h 55 min. 0 of 500 supports 99.40 %. */
	assert_true(48 * 60 < needed[2].n[0] && needed[2].n[0] == 49 * 60 + 55);
	assert_true(stats_exact_upper(0, 48 * 60, 0.95) > 0.001);
	NEAR(1 - stats_exact_upper(0, 500, 0.95), 0.9940, 5e-5);
	for (i = 0; i < 5; i++) {
		assert_true(stats_binomial_high(refutes[i].k, refutes[i].n, 0.001) <= 0.05);
		assert_true(stats_binomial_high(refutes[i].k - 1, refutes[i].n, 0.001) > 0.05);
	}
	NEAR(stats_binomial_high(1, 500, 0.001), 0.394, 5e-4);
	NEAR(stats_exact_upper(0, 500, 0.95), 0.00597355, 5e-9);
	NEAR(stats_exact(0, 500, 0.95).high, 0.00735061, 5e-9);
	NEAR(stats_wilson(0, 500, 0.95).high, 0.00762434, 5e-9);
	NEAR(stats_binomial_low(0, 500, 0.001), 0.61, 5e-3);
	NEAR(stats_binomial_low(0, 500, 0.005), 0.082, 5e-4);
	w = stats_wilson(81, 263, 0.95);
	NEAR(w.low, 0.255289, 5e-7);
	NEAR(w.high, 0.366210, 5e-7);
	w = stats_wilson(15, 148, 0.95);
	NEAR(w.low, 0.062386, 5e-7);
	NEAR(w.high, 0.160487, 5e-7);
	NEAR(stats_wilson(0, 20, 0.95).high, 0.161125, 5e-7);
	w = stats_wilson(1, 29, 0.95);
	NEAR(w.low, 0.006113, 5e-7);
	NEAR(w.high, 0.171755, 5e-7);
	w = stats_exact(3, 10000, 0.95);
	NEAR(w.low, 6.18715e-5, 5e-10);
	NEAR(w.high, 8.76475e-4, 5e-9);
	NEAR(stats_exact_upper(0, 24 * 60, 0.95), 0.00208, 5e-6);
	NEAR(stats_exact_upper(0, 36 * 60, 0.95), 0.00139, 5e-6);
	NEAR(stats_exact_upper(0, 48 * 60, 0.95), 0.00104, 5e-6);
}

static void
test_apdex(void **state)
{
	static const struct {
		double satisfied, tolerating, n, t;
		const char *text;
	} cases[] = {{60, 30, 100, 3, "0.75[3.0] fair"}, {0, 0, 0, 0.5, "NS[0.5]"}, {94, 0, 100, 0.5, "0.94[0.5] excellent"},
	    {85, 0, 100, 0.5, "0.85[0.5] good"}, {50, 0, 100, 0.5, "0.50[0.5] poor"}, {49, 0, 100, 0.5, "0.49[0.5] unacceptable"},
	    {10, 0, 10, 0.5, "1.00[0.5]* excellent"}};
	struct sb out = {0};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		sb_reset(&out);
		slo_apdex_text(cases[i].satisfied, cases[i].tolerating, cases[i].n, cases[i].t, &out);
		assert_string_equal(sb_str(&out), cases[i].text);
	}
	sb_free(&out);
	assert_true(isnan(slo_apdex(0, 0, 0)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_methods),
	    cmocka_unit_test(test_table),
	    cmocka_unit_test(test_allowances),
	    cmocka_unit_test(test_evidence),
	    cmocka_unit_test(test_apdex),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
