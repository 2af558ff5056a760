/*
 * Statistics against published vectors and peers' numbers: Newcombe 1998 (intervals), scipy 1.10 and pyMannKendall
 * (trends, comparisons), White's MSER and Pettitt's test worked by hand in design/slo-signoff.md.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "stats/compare.h"
#include "stats/order.h"
#include "stats/ratio.h"
#include "stats/trend.h"

#define N(array) (sizeof(array) / sizeof(*(array)))

/* Equal to as many digits as the vector was printed with. */
static void
near_at(double got, double want, double within, const char *file, int line)
{
	if (!(fabs(got - want) <= within)) {
		print_error("%.12g is not %.12g\n", got, want);
		_fail(file, line);
	}
}
#define NEAR(got, want, within) near_at((got), (want), (within), __FILE__, __LINE__)

static void
test_normal(void **state)
{
	(void)state;
	NEAR(stats_normal_quantile(0.90), 1.2815515655446, 1e-13);
	NEAR(stats_normal_quantile(0.95), 1.6448536269514722, 1e-14);
	NEAR(stats_normal_quantile(0.975), 1.959963984540054, 1e-14);
	NEAR(stats_normal_quantile(0.99), 2.3263478740408408, 1e-14);
	NEAR(stats_normal_quantile(0.995), 2.5758293035489004, 1e-14);
	NEAR(stats_normal_quantile(0.025), -1.959963984540054, 1e-14);
	NEAR(stats_normal_quantile(0.5), 0, 1e-14);
	assert_true(isinf(stats_normal_quantile(0)) && isinf(stats_normal_quantile(1)) && isnan(stats_normal_quantile(NAN)));
}

/* The tails against sums of terms, and against each other. */
static void
test_binomial(void **state)
{
	static const double p[] = {0, 1e-9, 0.001, 0.3, 0.5, 0.97, 1};
	double n, k, i, sum;

	(void)state;
	for (n = 1; n <= 60; n += 7)
		for (size_t j = 0; j < N(p); j++)
			for (k = 0; k <= n; k++) {
				for (sum = 0, i = 0; i <= k; i++)
					sum += exp(lgamma(n + 1) - lgamma(i + 1) - lgamma(n - i + 1)) * pow(p[j], i) * pow(1 - p[j], n - i);
				NEAR(stats_binomial_low(k, n, p[j]), sum, 1e-12);
				NEAR(stats_binomial_low(k, n, p[j]) + stats_binomial_high(k + 1, n, p[j]), 1, 1e-12);
			}
	assert_true(stats_binomial_low(-1, 5, 0.5) == 0 && stats_binomial_high(6, 5, 0.5) == 0);
	/* A billion observations: still answered, and near the normal law. */
	NEAR(stats_binomial_low(1e6, 1e9, 0.001), 0.5, 0.001);
}

static void
test_exact(void **state)
{
	static const struct {
		double q, needed[4];
	} row[] = {
		{0.01, {299, 473, 628, 773}},
		{0.005, {598, 947, 1258, 1549}},
		{0.001, {2995, 4742, 6294, 7752}},
		{0.0005, {5990, 9486, 12590, 15505}},
		{0.0001, {29956, 47437, 62956, 77535}},
	};
	static const double refutes[][2] = {{500, 3}, {1000, 4}, {3000, 7}, {10000, 16}, {100000, 118}};
	struct stats_interval i;

	(void)state;
	for (size_t r = 0; r < N(row); r++)
		for (int k = 0; k < 4; k++)
			assert_true(stats_exact_needed(k, row[r].q, 0.95) == row[r].needed[k]);
	/* The fewest failures that refute 99.9 %. */
	for (size_t r = 0; r < N(refutes); r++) {
		assert_true(stats_binomial_high(refutes[r][1], refutes[r][0], 0.001) <= 0.05);
		assert_true(stats_binomial_high(refutes[r][1] - 1, refutes[r][0], 0.001) > 0.05);
	}
	NEAR(stats_binomial_high(1, 500, 0.001), 0.394, 0.0005);
	NEAR(stats_exact_upper(0, 500, 0.95), 0.00597355, 5e-9);
	NEAR(stats_exact(0, 500, 0.95).high, 0.00735061, 5e-9);
	i = stats_exact(3, 10000, 0.95);
	NEAR(i.low, 6.18715e-5, 5e-11);
	NEAR(i.high, 8.76475e-4, 5e-10);
	assert_true(stats_exact_upper(0, 0, 0.95) == 1 && stats_exact_upper(5, 5, 0.95) == 1 && stats_exact_lower(0, 5, 0.95) == 0);
	NEAR(stats_exact_lower(5, 5, 0.95), pow(0.05, 0.2), 1e-12);
	/* Minutes without a bad one: 24, 36 and 48 hours of them. */
	NEAR(stats_exact_upper(0, 1440, 0.95), 0.00208, 5e-6);
	NEAR(stats_exact_upper(0, 2160, 0.95), 0.00139, 5e-6);
	NEAR(stats_exact_upper(0, 2880, 0.95), 0.00104, 5e-6);
}

static void
test_wilson(void **state)
{
	static const struct {
		double k, n, low, high;
	} row[] = {
		{81, 263, 0.255289, 0.366210},
		{15, 148, 0.062386, 0.160487},
		{0, 20, 0, 0.161125},
		{1, 29, 0.006113, 0.171755},
	};
	struct stats_interval i;

	(void)state;
	for (size_t r = 0; r < N(row); r++) {
		i = stats_wilson(row[r].k, row[r].n, 0.95);
		NEAR(i.low, row[r].low, 5e-7);
		NEAR(i.high, row[r].high, 5e-7);
	}
	NEAR(stats_wilson(0, 500, 0.95).high, 0.00762434, 5e-9);
	i = stats_wilson(20, 20, 0.95);
	assert_true(i.high == 1);
	i = stats_wilson(0, 0, 0.95);
	assert_true(i.low == 0 && i.high == 1);
}

static void
test_difference(void **state)
{
	struct stats_interval i;

	(void)state;
	NEAR(stats_difference(56, 70, 48, 80, 0.95, &i), 0.2, 1e-15);
	NEAR(i.low, 0.0524315, 5e-8);
	NEAR(i.high, 0.3338727, 5e-8);
	NEAR(stats_difference(9, 1200, 12, 60000, 0.95, &i), 0.0073, 1e-15);
	NEAR(i.low, 0.0037476, 5e-8);
	NEAR(i.high, 0.0139929, 5e-8);
	NEAR(stats_more_often(12, 60000, 9, 1200), 1.01723e-10, 5e-16);
	NEAR(stats_more_often(12, 60000, 1, 1200), 0.226967, 5e-7);
	assert_true(stats_more_often(0, 100, 0, 10) == 1);
}

static void
test_order(void **state)
{
	static const struct {
		size_t n;
		double q;
		size_t low, high;
	} row[] = {
		{1000, 0.99, 983, 997}, {500, 0.99, 490, 500}, {300, 0.99, 293, 0}, {6, 0.5, 1, 6}, {10, 0.5, 2, 9},
		{20, 0.5, 6, 15}, {50, 0.5, 18, 33}, {100, 0.5, 40, 61}, {5, 0.5, 0, 0}, {0, 0.5, 0, 0},
	};
	double v[] = {3, 1, 2, 10}, w[] = {1, 1, 2, 2, 4, 6, 9};
	size_t low, high;

	(void)state;
	stats_sort(v, N(v));
	assert_true(stats_median(v, 4) == 2.5 && stats_median(v, 3) == 2 && isnan(stats_median(v, 0)));
	assert_true(stats_quantile(v, 4, 0) == 1 && stats_quantile(v, 4, 1) == 10 && stats_quantile(v, 4, 0.5) == 2.5);
	NEAR(stats_quantile(v, 4, 0.95), 3 + 7 * 0.85, 1e-12);
	assert_true(stats_mad(w, N(w)) == 1.4826);
	for (size_t r = 0; r < N(row); r++) {
		stats_quantile_ranks(row[r].n, row[r].q, 0.95, &low, &high);
		if (row[r].n == 300)
			assert_int_equal(high, 0);
		else if (low != row[r].low || high != row[r].high)
			fail_msg("n %zu: ranks %zu-%zu", row[r].n, low, high);
	}
}

static void
test_trend(void **state)
{
	static const double rising[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, tied[] = {10, 10, 12, 11, 12, 12, 13, 14, 13, 15},
	    memory[] = {512, 514, 513, 517, 516, 519, 521, 520, 524, 523, 527, 526},
	    flat[] = {512, 514, 511, 513, 512, 515, 511, 512, 514, 513, 512, 511};
	static const struct {
		const double *y;
		size_t n;
		double s, variance, z, p, slope, low, high, intercept;
	} row[] = {
		{rising, N(rising), 45, 125, 3.93547964, 8.303070e-5, 1, 1, 1, 1},
		{tied, N(tied), 36, 119.3333333, 3.20396054, 1.3555105e-3, 0.5, 0.3333333, 0.6666667, 9.75},
		{memory, N(memory), 56, 212.6666667, 3.77149015, 1.6227557e-4, 1.4285714, 1.125, 1.5, 511.6428571},
		{flat, N(flat), -7, 198.3333333, -0.42604296, 0.67007654, 0, -0.5, 0.25, 512},
	};
	static const double t[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, late[] = {0, 1, 2, 4, 7, 11, 16},
	    grown[] = {10, 11.5, 11, 14, 17.5, 20, 26}, same[] = {5, 5, 5, 5};
	struct stats_trend got;

	(void)state;
	for (size_t r = 0; r < N(row); r++) {
		stats_trend(t, row[r].y, row[r].n, 0.95, &got);
		assert_true(got.s == row[r].s);
		NEAR(got.variance, row[r].variance, 5e-8);
		NEAR(got.z, row[r].z, 5e-9);
		NEAR(got.p, row[r].p, row[r].p * 1e-7);
		NEAR(got.slope, row[r].slope, 5e-8);
		NEAR(got.slope_interval.low, row[r].low, 5e-8);
		NEAR(got.slope_interval.high, row[r].high, 5e-8);
		NEAR(got.intercept, row[r].intercept, 5e-8);
	}
	stats_trend(late, grown, N(late), 0.95, &got);
	NEAR(got.slope, 1, 1e-12);
	NEAR(got.slope_interval.low, 0.8333333, 5e-8);
	NEAR(got.slope_interval.high, 1.2, 5e-8);
	NEAR(got.intercept, 10, 1e-12);
	stats_trend(t, same, N(same), 0.95, &got);
	assert_true(got.p == 1 && got.z == 0 && got.slope == 0);
	/* Two values bound no slope. */
	stats_trend(t, rising, 2, 0.95, &got);
	assert_true(isinf(got.slope_interval.low) && isinf(got.slope_interval.high));
}

static void
test_resemblance(void **state)
{
	static const double t[] = {0, 1, 2, 3, 4, 5, 6, 7}, saw[] = {0, 1, 0, 1, 0, 1, 0, 1}, slow[] = {0, 1, 2, 3, 3, 2, 1, 0};
	double line[8];

	(void)state;
	for (int i = 0; i < 8; i++)
		line[i] = 3 * i;
	assert_true(stats_resemblance(t, line, 8) == 0);
	assert_true(stats_resemblance(t, saw, 8) < -0.5);
	NEAR(stats_resemblance(t, slow, 8), 0.475, 1e-12);
	assert_true(stats_resemblance(t, slow, 2) == 0);
}

static void
test_warm_up(void **state)
{
	static const double y[] = {100, 60, 40, 30, 25, 22, 21, 20, 20, 21, 19, 20, 20, 21, 20, 19, 20, 20, 21, 20};
	double least;

	(void)state;
	assert_int_equal(stats_warm_up(y, N(y), &least), 7);
	NEAR(least, 0.0291306, 5e-8);
	assert_int_equal(stats_warm_up(y, 10, NULL), 5); /* still falling: half of it */
}

static void
test_step(void **state)
{
	static const double y[] = {10, 11, 9, 10, 10, 11, 10, 9, 10, 10, 20, 21, 19, 20, 22, 20};
	size_t at;
	double k;

	(void)state;
	NEAR(stats_step(y, N(y), &at, &k), 0.0139806, 5e-8);
	assert_int_equal(at, 10);
	assert_true(k == 60);
	assert_true(stats_step(y, 2, &at, &k) == 1);
}

static void
test_compare(void **state)
{
	static const double a[] = {19, 22, 16, 29, 24}, b[] = {20, 11, 17, 12},
	    c[] = {.80, .83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, .73, 1.46}, d[] = {1.15, .88, .90, .74, 1.21},
	    e[] = {1, 2, 2, 3, 5, 5, 8}, f[] = {2, 3, 3, 5, 6, 9, 9, 10}, same[] = {4, 4, 4};
	double many[50], more[50];
	struct stats_shift got;

	(void)state;
	stats_compare(a, N(a), b, N(b), 0.95, &got);
	assert_true(got.exact && got.u == 17 && got.shift == 7);
	NEAR(got.p, 0.1111111, 5e-8);
	NEAR(got.chance, 17. / 20, 1e-15);
	assert_true(got.interval.low == -1 && got.interval.high == 17);
	NEAR(got.confidence, 0.968, 5e-4);
	stats_compare(c, N(c), d, N(d), 0.95, &got);
	assert_true(got.u == 35);
	NEAR(got.p, 0.2544123, 5e-8);
	NEAR(got.p_greater, 0.1272061, 5e-8);
	NEAR(got.shift, 0.305, 1e-12);
	NEAR(got.interval.low, -0.15, 1e-12);
	NEAR(got.interval.high, 0.76, 1e-12);
	NEAR(got.confidence, 0.960, 5e-4);
	stats_compare(e, N(e), f, N(f), 0.95, &got);
	assert_true(!got.exact && got.u == 15 && got.shift == -2);
	NEAR(got.p, 0.1432806, 5e-8);
	stats_compare(same, 3, same, 3, 0.95, &got);
	assert_true(got.p == 1 && got.shift == 0 && got.chance == 0.5);
	stats_compare(a, 1, b, 1, 0.95, &got);
	assert_true(isinf(got.interval.low) && isinf(got.interval.high));
	for (int i = 0; i < 50; i++) {
		many[i] = 100 + i;
		more[i] = 125 + i;
	}
	stats_compare(more, 50, many, 50, 0.95, &got);
	assert_true(!got.exact && got.shift == 25 && got.interval.low > 0 && got.interval.high > 25 && got.p < 0.001);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_normal),
		cmocka_unit_test(test_binomial),
		cmocka_unit_test(test_exact),
		cmocka_unit_test(test_wilson),
		cmocka_unit_test(test_difference),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_trend),
		cmocka_unit_test(test_resemblance),
		cmocka_unit_test(test_warm_up),
		cmocka_unit_test(test_step),
		cmocka_unit_test(test_compare),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
