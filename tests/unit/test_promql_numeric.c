/*
 * The arithmetic of PromQL's functions. The expected values are the formulas of docs/promql.md worked out in exact
 * rational numbers (Python's fractions) or by hand; where one is given as a quotient, that is the exact result.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <float.h>
#include <math.h>
#include <string.h>

#include "promql/numeric.h"

#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))
#define WINDOW(samples, start, end)                                                                \
	((struct pq_window){.s = (samples), .n = LENGTH(samples), .from = (start), .to = (end), .at = (end)})

/* Equal but for a few roundings; NaN equals NaN, and zeros must agree in sign. */
static void
check_value(double got, double want, const char *what, int line)
{
	bool ok;

	if (isnan(want) || isinf(want) || want == 0)
		ok = isnan(want) ? isnan(got) : got == want && !signbit(got) == !signbit(want);
	else
		ok = fabs(got - want) <= 4 * DBL_EPSILON * fabs(want);
	if (!ok)
		fail_msg("line %d: %s: got %.17g, expected %.17g", line, what, got, want);
}
#define is(got, want) check_value((got), (want), #got, __LINE__)

static void
check_range(const char *name, struct pq_window w, double arg, double want, int line)
{
	const struct pq_range_function *f = pq_range_function_find(name);
	double got = -12345;

	if (f == NULL)
		fail_msg("line %d: there is no %s()", line, name);
	else if (!f->fn(&w, &arg, &got))
		fail_msg("line %d: %s(): no result", line, name);
	else
		check_value(got, want, name, line);
}
#define range_is(name, w, want) check_range((name), (w), 0, (want), __LINE__)
#define range_arg_is(name, w, arg, want) check_range((name), (w), (arg), (want), __LINE__)

static bool
has_result(const char *name, struct pq_window w)
{
	double arg = 1, got;

	return pq_range_function_find(name)->fn(&w, &arg, &got);
}

static void
check_rates(struct pq_window w, double rate, double increase, double delta, int line)
{
	check_range("rate", w, 0, rate, line);
	check_range("increase", w, 0, increase, line);
	check_range("delta", w, 0, delta, line);
}
#define rates_are(w, rate, increase, delta) check_rates((w), (rate), (increase), (delta), __LINE__)

static void
test_rate_extrapolates_to_both_edges(void **state)
{
	/* The last sample lies on the edge, the first one interval after the other: 30 in 45 s become 40 in 60 s. */
	static const struct pq_sample s[] = {
		{15000, 1010, false}, {30000, 1020, false}, {45000, 1030, false}, {60000, 1040, false}};
	/* Uneven times, and an edge one millisecond before 0. */
	static const struct pq_sample odd[] = {{333, 7, false}, {15333, 8, false}, {30334, 11, false}};

	(void)state;
	rates_are(WINDOW(s, 0, 60000), 2.0 / 3, 40, 40);
	rates_are(WINDOW(odd, -1, 45001), 4000.0 / 30001, 180008.0 / 30001, 180008.0 / 30001);
	/* A range is divided by in whole, not by what was sampled: 40 in 75 s, the start cut to half an interval. */
	rates_are(WINDOW(s, -15000, 60000), 35.0 / 75, 35, 35);
}

static void
test_rate_counts_resets_from_zero(void **state)
{
	static const struct pq_sample s[] = {{10000, 100, false}, {20000, 120, false}, {30000, 5, false},
		{40000, 25, false}, {50000, 3, false}};
	static const struct pq_sample down[] = {{10000, 9, false}, {20000, 4, false}};

	(void)state;
	/* 20 + 5 + 20 + 3 in 40 s, over 60 s; as a gauge -97 */
	rates_are(WINDOW(s, 0, 60000), 1.2, 72, -145.5);
	rates_are(WINDOW(down, 0, 20000), 0.4, 8, -10);
}

static void
test_rate_does_not_follow_a_counter_below_zero(void **state)
{
	static const struct pq_sample s[] = {{20000, 2, false}, {30000, 12, false}, {40000, 22, false}};
	/* 100 s before the first sample: cut to 30 s, then to the 15 s at which the line is at zero. */
	static const struct pq_sample near_zero[] = {{100000, 1, false}, {160000, 5, false}};
	/* Zero is 40 s before the first sample: the cut to 30 s comes first and stands; in Prometheus 2 it is 40 s. */
	static const struct pq_sample order[] = {{100000, 2, false}, {160000, 5, false}};
	static const struct pq_sample far_zero[] = {{100000, 3, false}, {160000, 5, false}};
	static const struct pq_sample negative[] = {{10000, -5, false}, {20000, 5, false}};
	static const struct pq_sample from_zero[] = {{10000, 0, false}, {20000, 5, false}};
	struct pq_window old;

	(void)state;
	rates_are(WINDOW(s, 0, 45000), 0.6, 27, 30);
	rates_are(WINDOW(near_zero, 0, 300000), 7.0 / 300, 7, 8);
	rates_are(WINDOW(order, 0, 300000), 6.0 / 300, 6, 6);
	old = WINDOW(order, 0, 300000);
	old.zero_first = true;
	rates_are(old, 6.5 / 300, 6.5, 6);
	old = WINDOW(near_zero, 0, 300000);
	old.zero_first = true;
	rates_are(old, 7.0 / 300, 7, 8);
	/* Zero is 90 s away, beyond the limit of 66 s: half an interval in both. */
	old = WINDOW(far_zero, 0, 300000);
	rates_are(old, 4.0 / 300, 4, 4);
	old.zero_first = true;
	rates_are(old, 4.0 / 300, 4, 4);
	rates_are(WINDOW(negative, 0, 30000), 1, 30, 30);
	rates_are(WINDOW(from_zero, 0, 20000), 0.25, 5, 10);
}

static void
test_rate_limit_is_eleven_tenths_of_an_interval(void **state)
{
	/* A gap of exactly 22 s with samples 20 s apart is too long: half an interval; 21.999 s is not. */
	static const struct pq_sample at[] = {{22000, 50, false}, {42000, 60, false}, {62000, 70, false}};
	static const struct pq_sample below[] = {{21999, 50, false}, {41999, 60, false}, {61999, 70, false}};
	static const struct pq_sample late[] = {{0, 50, false}, {20000, 60, false}, {40000, 70, false}};

	(void)state;
	rates_are(WINDOW(at, 0, 62000), 25.0 / 62, 25, 25);
	rates_are(WINDOW(below, 0, 61999), 0.5, 30.9995, 30.9995);
	rates_are(WINDOW(late, 0, 62000), 25.0 / 62, 25, 25);
	rates_are(WINDOW(late, 0, 61999), 30.9995 / 61.999, 30.9995, 30.9995);
}

static void
test_rate_of_constant_nan_and_inf(void **state)
{
	static const struct pq_sample flat[] = {{10000, 7, false}, {20000, 7, false}};
	static const struct pq_sample nan_inside[] = {{10000, 1, false}, {20000, NAN, false}, {30000, 4, false}};
	static const struct pq_sample nan_last[] = {{10000, 1, false}, {20000, NAN, false}};
	static const struct pq_sample inf_last[] = {{10000, 1, false}, {20000, INFINITY, false}};

	(void)state;
	rates_are(WINDOW(flat, 0, 30000), 0, 0, 0);
	/* NaN is no reset on either side, and only the ends are subtracted. Zero is 20/3 s before the first sample. */
	rates_are(WINDOW(nan_inside, 0, 30000), 4.0 / 30, 4, 4.5);
	rates_are(WINDOW(nan_last, 0, 30000), NAN, NAN, NAN);
	rates_are(WINDOW(inf_last, 0, 30000), INFINITY, INFINITY, INFINITY);
}

static void
test_one_sample_is_no_rate_and_no_trend(void **state)
{
	static const char *const two[] = {"rate", "increase", "delta", "irate", "idelta", "deriv", "predict_linear"};
	static const struct pq_sample s[] = {{10000, 7, false}};
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH(two); i++)
		assert_false(has_result(two[i], WINDOW(s, 0, 20000)));
	range_is("resets", WINDOW(s, 0, 20000), 0);
	range_is("changes", WINDOW(s, 0, 20000), 0);
}

static void
test_instant_rates_use_the_last_two(void **state)
{
	static const struct pq_sample s[] = {{0, 900, false}, {10000, 10, false}, {12500, 20, false}};
	static const struct pq_sample reset[] = {{10000, 10, false}, {14000, 2, false}};
	static const struct pq_sample nan[] = {{10000, NAN, false}, {14000, 2, false}};
	static const struct pq_sample same[] = {{10000, 1, false}, {14000, 2, false}, {14000, 3, false}};

	(void)state;
	range_is("irate", WINDOW(s, 0, 60000), 4);
	range_is("idelta", WINDOW(s, 0, 60000), 10);
	range_is("irate", WINDOW(reset, 0, 60000), 0.5);
	range_is("idelta", WINDOW(reset, 0, 60000), -8);
	range_is("irate", WINDOW(nan, 0, 60000), NAN);
	assert_false(has_result("irate", WINDOW(same, 0, 60000)));
	assert_false(has_result("idelta", WINDOW(same, 0, 60000)));
}

static void
test_resets_and_changes(void **state)
{
	static const struct pq_sample s[] = {{1, 1, false}, {2, 2, false}, {3, 2, false}, {4, 1, false}, {5, 0, false},
		{6, 5, false}};
	static const struct pq_sample nan[] = {{1, 5, false}, {2, NAN, false}, {3, NAN, false}, {4, 1, false},
		{5, 1, false}};
	static const struct pq_sample zeros[] = {{1, 0.0, false}, {2, -0.0, false}};

	(void)state;
	range_is("resets", WINDOW(s, 0, 6), 2);
	range_is("changes", WINDOW(s, 0, 6), 4);
	range_is("resets", WINDOW(nan, 0, 6), 0);
	range_is("changes", WINDOW(nan, 0, 6), 2);
	range_is("resets", WINDOW(zeros, 0, 6), 0);
	range_is("changes", WINDOW(zeros, 0, 6), 0);
}

static void
test_trends_are_least_squares(void **state)
{
	static const struct pq_sample s[] = {{0, 2, false}, {10000, 5, false}, {25000, 3, false}, {30000, 11, false},
		{47500, 4, false}};
	struct pq_window w = WINDOW(s, -1000, 60000);

	(void)state;
	range_is("deriv", w, 11.0 / 180);
	range_arg_is("predict_linear", w, 0, 175.0 / 24);
	range_arg_is("predict_linear", w, 3600, 11.0 / 180 * 3600 + 175.0 / 24);
	/* The prediction counts from the evaluation time, not from the end of the range. */
	w.to = 50000;
	range_arg_is("predict_linear", w, 0, 175.0 / 24);
	w.at = 0;
	range_arg_is("predict_linear", w, 0, 29.0 / 8);
}

static void
test_trends_keep_digits_far_from_1970(void **state)
{
	static const struct pq_sample s[] = {{INT64_C(1795191200000), 1e9 + 0.25, false},
		{INT64_C(1795191215000), 1e9 + 1.5, false}, {INT64_C(1795191230000), 1e9 + 1.25, false},
		{INT64_C(1795191245001), 1e9 + 4, false}};
	struct pq_window w = WINDOW(s, INT64_C(1795191190000), INT64_C(1795191260000));
	const struct pq_range_function *f = pq_range_function_find("deriv");
	double later = 600, got;

	(void)state;
	/* A product near 9e10 is exact to 1e-5, divided by a variance of 1125. From 1970 on not one digit would be left. */
	assert_true(f->fn(&w, NULL, &got));
	assert_true(fabs(got - 0.07333239998844553) < 3e-8);
	assert_true(pq_range_function_find("predict_linear")->fn(&w, &later, &got));
	assert_true(fabs(got - 1000000048.4993867) < 660 * 3e-8);
}

static void
test_trends_of_special_values(void **state)
{
	static const struct pq_sample flat[] = {{1000, 0.1, false}, {2000, 0.1, false}, {3000, 0.1, false}};
	static const struct pq_sample inf[] = {{1000, INFINITY, false}, {2000, INFINITY, false}};
	static const struct pq_sample nan[] = {{1000, NAN, false}, {2000, NAN, false}};
	static const struct pq_sample mixed[] = {{1000, 1, false}, {2000, INFINITY, false}};

	(void)state;
	range_is("deriv", WINDOW(flat, 0, 3000), 0);
	range_arg_is("predict_linear", WINDOW(flat, 0, 3000), 1e9, 0.1);
	range_is("deriv", WINDOW(inf, 0, 3000), NAN);
	range_arg_is("predict_linear", WINDOW(inf, 0, 3000), 10, NAN);
	range_is("deriv", WINDOW(nan, 0, 3000), NAN);
	range_is("deriv", WINDOW(mixed, 0, 3000), NAN);
}

static void
test_sums_survive_cancellation(void **state)
{
	static const struct pq_sample s[] = {
		{1, 5, false}, {2, 1e100, false}, {3, 1, false}, {4, -1e100, false}, {5, 3, false}};
	static const struct pq_sample tenths[] = {{1, 0.1, false}, {2, 0.2, false}, {3, 0.3, false}, {4, 0.7, false}};
	struct pq_sum sum = {0, 0};
	int i;

	(void)state;
	range_is("sum_over_time", WINDOW(s, 0, 5), 9);
	range_is("avg_over_time", WINDOW(s, 0, 5), 1.8);
	range_is("sum_over_time", WINDOW(tenths, 0, 5), 1.3);
	/* Ten million tenths; a plain loop gives 999999.9998389754. The double 0.1 itself is 1.0000000000000000555e-1. */
	for (i = 0; i < 10000000; i++)
		pq_sum_add(&sum, 0.1);
	assert_true(pq_sum_value(&sum) == 1000000);
}

static void
test_sums_of_infinities(void **state)
{
	static const struct pq_sample up[] = {
		{1, 1e100, false}, {2, 1, false}, {3, INFINITY, false}, {4, -1e100, false}, {5, 3, false}};
	static const struct pq_sample both[] = {{1, INFINITY, false}, {2, 1, false}, {3, -INFINITY, false}};
	static const struct pq_sample over[] = {{1, DBL_MAX, false}, {2, DBL_MAX, false}};
	static const struct pq_sample nan[] = {{1, 1, false}, {2, NAN, false}, {3, 2, false}};
	static const struct pq_sample minus_zero[] = {{1, -0.0, false}};

	(void)state;
	range_is("sum_over_time", WINDOW(up, 0, 5), INFINITY);
	range_is("avg_over_time", WINDOW(up, 0, 5), INFINITY);
	range_is("sum_over_time", WINDOW(both, 0, 5), NAN);
	range_is("avg_over_time", WINDOW(both, 0, 5), NAN);
	range_is("sum_over_time", WINDOW(over, 0, 5), INFINITY);
	range_is("sum_over_time", WINDOW(nan, 0, 5), NAN);
	range_is("avg_over_time", WINDOW(nan, 0, 5), NAN);
	range_is("sum_over_time", WINDOW(minus_zero, 0, 5), 0);
}

static void
test_means_do_not_overflow(void **state)
{
	static const double same[] = {DBL_MAX, DBL_MAX, DBL_MAX}, signs[] = {DBL_MAX, DBL_MAX, -DBL_MAX},
		some[] = {9e307, 9e307, 9e307, 9e307, 0}, inf[] = {-INFINITY}, late[] = {1, 2, INFINITY, 4},
		both[] = {INFINITY, -INFINITY}, over[] = {DBL_MAX, DBL_MAX, INFINITY, -INFINITY}, one[] = {0.1},
		cancel[] = {1e100, 1, -1e100, 1}, lost[] = {DBL_MAX, DBL_MAX, 6, -DBL_MAX, -DBL_MAX};

	(void)state;
	is(pq_mean(same, 3), DBL_MAX);
	is(pq_mean(signs, 3), DBL_MAX / 3);
	is(pq_mean(some, 5), 7.2e307);
	is(pq_mean(inf, 1), -INFINITY);
	is(pq_mean(late, 4), INFINITY);
	is(pq_mean(both, 2), NAN);
	is(pq_mean(over, 4), NAN);
	is(pq_mean(one, 1), 0.1);
	is(pq_mean(cancel, 4), 0.5);
	/* Once incremental the mean is only as exact as its largest step. */
	assert_true(fabs(pq_mean(lost, 5)) < 1e294);
}

static void
test_smallest_and_largest_skip_nan(void **state)
{
	static const struct pq_sample s[] = {
		{1, NAN, false}, {2, 3, false}, {3, -2, false}, {4, NAN, false}, {5, 1, false}};
	static const struct pq_sample inf[] = {{1, NAN, false}, {2, -INFINITY, false}, {3, INFINITY, false}};
	static const struct pq_sample nan[] = {{1, NAN, false}, {2, NAN, false}};
	static const struct pq_sample low[] = {{1, -5, false}};

	(void)state;
	range_is("min_over_time", WINDOW(s, 0, 5), -2);
	range_is("max_over_time", WINDOW(s, 0, 5), 3);
	range_is("min_over_time", WINDOW(inf, 0, 5), -INFINITY);
	range_is("max_over_time", WINDOW(inf, 0, 5), INFINITY);
	range_is("min_over_time", WINDOW(nan, 0, 5), NAN);
	range_is("max_over_time", WINDOW(nan, 0, 5), NAN);
	range_is("max_over_time", WINDOW(low, 0, 5), -5);
	range_is("count_over_time", WINDOW(s, 0, 5), 5);
	range_is("present_over_time", WINDOW(nan, 0, 5), 1);
	range_is("last_over_time", WINDOW(s, 0, 5), 1);
	range_is("last_over_time", WINDOW(nan, 0, 5), NAN);
}

static void
test_variance_is_of_the_population(void **state)
{
	static const struct pq_sample s[] = {{1, 1, false}, {2, 4, false}, {3, 9, false}, {4, 16, false}};
	/* Differences of 1 that a sum of squares would lose; of 1, 2, 3, 4 the variance is 5/4. */
	static const struct pq_sample far[] = {
		{1, 1e15 + 1, false}, {2, 1e15 + 2, false}, {3, 1e15 + 3, false}, {4, 1e15 + 4, false}};
	static const struct pq_sample same[] = {{1, 1.5990505637277868, false}, {2, 1.5990505637277868, false},
		{3, 1.5990505637277868, false}};
	static const struct pq_sample inf[] = {{1, 1, false}, {2, INFINITY, false}};
	static const double squares[] = {1, 4, 9, 16}, tenths[] = {0.1, 0.2, 0.3, 0.7}, one[] = {5},
		infinite[] = {-INFINITY}, nan[] = {1, NAN, 2};

	(void)state;
	range_is("stdvar_over_time", WINDOW(s, 0, 5), 32.25);
	range_is("stddev_over_time", WINDOW(s, 0, 5), 5.6789083458002736);
	range_is("stdvar_over_time", WINDOW(far, 0, 5), 1.25);
	range_is("stdvar_over_time", WINDOW(same, 0, 5), 0);
	range_is("stddev_over_time", WINDOW(inf, 0, 5), NAN);
	is(pq_stdvar(squares, 4), 32.25);
	is(pq_stdvar(tenths, 4), 0.051875);
	is(pq_stdvar(one, 1), 0);
	is(pq_stdvar(infinite, 1), NAN);
	is(pq_stdvar(nan, 3), NAN);
}

static void
test_quantiles_lie_between_neighbours(void **state)
{
	double v[] = {30, 10, 40, 20}, nan[] = {3, 1, NAN, 2}, inf[] = {INFINITY, 1}, one[] = {7};
	static const struct pq_sample s[] = {{1, 3, false}, {2, 1, false}, {3, 2, false}};

	(void)state;
	is(pq_quantile(0, v, 4), 10);
	is(pq_quantile(0.5, v, 4), 25);
	is(pq_quantile(0.75, v, 4), 32.5);
	is(pq_quantile(1, v, 4), 40);
	is(pq_quantile(-0.1, v, 4), -INFINITY);
	is(pq_quantile(1.1, v, 4), INFINITY);
	is(pq_quantile(NAN, v, 4), NAN);
	is(pq_quantile(0.3, one, 1), 7);
	/* NaN sorts first: NaN 1 2 3 */
	is(pq_quantile(0.5, nan, 4), 1.5);
	is(pq_quantile(1, nan, 4), 3);
	is(pq_quantile(0.1, nan, 4), NAN);
	/* 1 * 1 + Inf * 0, and Inf * 1 + Inf * 0: asked of Prometheus. */
	is(pq_quantile(0, inf, 2), NAN);
	is(pq_quantile(1, inf, 2), NAN);
	range_arg_is("quantile_over_time", WINDOW(s, 0, 3), 0.25, 1.5);
	range_arg_is("quantile_over_time", WINDOW(s, 0, 3), 2, INFINITY);
	assert_true(s[0].v == 3); /* the samples stay in order */
}

static double
math(const char *name, double v, size_t n, double a, double b)
{
	const struct pq_math_function *f = pq_math_function_find(name);
	double arg[2] = {0, 0};

	assert_non_null(f);
	arg[0] = a;
	arg[1] = b;
	return f->fn(v, arg, n);
}

static double
f1(const char *name, double v)
{
	return math(name, v, 0, 0, 0);
}

static void
test_rounding(void **state)
{
	(void)state;
	is(f1("round", 2.5), 3);
	is(f1("round", -2.5), -2);
	is(f1("round", -2.6), -3);
	is(f1("round", NAN), NAN);
	is(f1("round", -INFINITY), -INFINITY);
	is(math("round", 2.25, 1, 0.5, 0), 2.5);
	is(math("round", 17, 1, 5, 0), 15);
	is(math("round", 17.5, 1, 5, 0), 20);
	is(math("round", 0.123456, 1, 0.001, 0), 0.123);
	is(math("round", 3, 1, 0, 0), NAN);
	is(f1("ceil", -1.5), -1);
	is(f1("ceil", -0.5), -0.0);
	is(f1("floor", -1.5), -2);
	is(f1("abs", -0.0), 0);
	is(f1("sgn", -7), -1);
	is(f1("sgn", INFINITY), 1);
	is(f1("sgn", -0.0), -0.0);
	is(f1("sgn", NAN), NAN);
}

static void
test_bounds(void **state)
{
	(void)state;
	is(math("clamp", 5, 2, 1, 3), 3);
	is(math("clamp", -5, 2, 1, 3), 1);
	is(math("clamp", 2, 2, 1, 3), 2);
	is(math("clamp", NAN, 2, 1, 3), NAN);
	is(math("clamp", 2, 2, NAN, 3), NAN);
	is(math("clamp", 2, 2, 1, NAN), NAN);
	is(math("clamp_min", -1, 1, 0, 0), 0);
	is(math("clamp_min", -0.0, 1, 0, 0), 0);
	is(math("clamp_max", 0, 1, -0.0, 0), -0.0);
	is(math("clamp_max", 4, 1, 3, 0), 3);
	is(math("clamp_max", -INFINITY, 1, 3, 0), -INFINITY);
	is(math("clamp_max", NAN, 1, 3, 0), NAN);
	/* As Go's math.Max: what is at least +Inf is +Inf. */
	is(math("clamp_min", NAN, 1, INFINITY, 0), INFINITY);
}

static void
test_logarithms_and_powers(void **state)
{
	(void)state;
	is(f1("exp", 1), 2.718281828459045);
	is(f1("exp", -INFINITY), 0);
	is(f1("ln", 10), 2.302585092994046);
	is(f1("ln", 0), -INFINITY);
	is(f1("ln", -1), NAN);
	is(f1("log2", 8), 3);
	is(f1("log2", 10), 3.3219280948873626);
	is(f1("log2", 0), -INFINITY);
	is(f1("log2", -8), NAN);
	is(f1("log2", INFINITY), INFINITY);
	is(f1("log2", 5e-324), -1074);
	is(f1("log10", 1000), 3);
	is(f1("log10", 0.02), -1.6989700043360187);
	is(f1("log10", 0), -INFINITY);
	/* What Prometheus says (asked on amd64), not what it should say. */
	assert_true(floor(f1("log10", 1e15)) == 14);
	is(f1("sqrt", 2), 1.4142135623730951);
	is(f1("sqrt", -1), NAN);
}

static void
test_trigonometry(void **state)
{
	static const double pi = 3.141592653589793;

	(void)state;
	is(f1("sin", 1), 0.8414709848078965);
	is(f1("cos", 1), 0.5403023058681398);
	is(f1("tan", 1), 1.5574077246549023);
	is(f1("asin", 1), pi / 2);
	is(f1("acos", -1), pi);
	is(f1("atan", 1), pi / 4);
	is(f1("asin", 1.1), NAN);
	is(f1("sin", INFINITY), NAN);
	is(f1("sinh", 1), 1.1752011936438014);
	is(f1("cosh", 1), 1.5430806348152437);
	is(f1("tanh", 1), 0.7615941559557649);
	is(f1("asinh", 1), 0.881373587019543);
	is(f1("acosh", 2), 1.3169578969248166);
	is(f1("acosh", 0.5), NAN);
	is(f1("atanh", 0.5), 0.5493061443340549);
	is(f1("atanh", 1), INFINITY);
	is(f1("deg", pi), 180);
	is(f1("rad", 180), pi);
}

static void
test_calendar(void **state)
{
	static const char *const names[] = {"minute", "hour", "day_of_month", "day_of_week", "day_of_year",
		"days_in_month", "month", "year"};
	/* From Python's datetime and calendar. */
	static const struct {
		double seconds, want[8];
	} cases[] = {
		{0, {0, 0, 1, 4, 1, 31, 1, 1970}},
		{951868799, {59, 23, 29, 2, 60, 29, 2, 2000}},
		{-2203891200, {0, 0, 1, 4, 60, 31, 3, 1900}},
		{4133916428, {7, 6, 31, 5, 365, 31, 12, 2100}},
		{-1, {59, 23, 31, 3, 365, 31, 12, 1969}},
		{-0.9, {0, 0, 1, 4, 1, 31, 1, 1970}}, /* cut, not floored */
		{1735648200.999, {30, 12, 31, 2, 366, 31, 12, 2024}},
		{1675209600, {0, 0, 1, 3, 32, 28, 2, 2023}},
	};
	static const double no_time[] = {NAN, INFINITY, -INFINITY, 1e19, -1e19, 0x1p63};
	size_t i, k;

	(void)state;
	for (k = 0; k < LENGTH(names); k++) {
		const struct pq_time_function *f = pq_time_function_find(names[k]);

		assert_non_null(f);
		for (i = 0; i < LENGTH(cases); i++)
			check_value(f->fn(cases[i].seconds), cases[i].want[k], names[k], (int)i);
		for (i = 0; i < LENGTH(no_time); i++)
			assert_true(isnan(f->fn(no_time[i])));
		assert_false(isnan(f->fn(-0x1p63)));
	}
	is(pq_time_function_find("year")->fn(1e15), 31690708); /* asked of Prometheus */
}

#define QUANTILE(q, ...)                                                                           \
	pq_bucket_quantile((q), (struct pq_bucket[]){__VA_ARGS__},                                 \
	    sizeof((struct pq_bucket[]){__VA_ARGS__}) / sizeof(struct pq_bucket))
#define FRACTION(low, high, ...)                                                                   \
	pq_bucket_fraction((low), (high), (struct pq_bucket[]){__VA_ARGS__},                       \
	    sizeof((struct pq_bucket[]){__VA_ARGS__}) / sizeof(struct pq_bucket))
#define LATENCY {0.1, 50}, {0.2, 70}, {0.5, 90}, {1, 99}, {INFINITY, 100}
#define SIGNED {-2, 10}, {0, 20}, {3, 40}, {INFINITY, 50}

static void
test_bucket_quantiles_interpolate(void **state)
{
	(void)state;
	is(QUANTILE(0.25, LATENCY), 0.05);
	is(QUANTILE(0.5, LATENCY), 0.1);
	is(QUANTILE(0.71, LATENCY), 0.215);
	is(QUANTILE(0.9, LATENCY), 0.5);
	is(QUANTILE(0.95, LATENCY), 7.0 / 9);
	/* Above the highest finite bound: that bound. */
	is(QUANTILE(0.995, LATENCY), 1);
	is(QUANTILE(1, LATENCY), 1);
	is(QUANTILE(0, LATENCY), 0);
	/* The order of the series does not matter, nor do two spellings of a bound. */
	is(QUANTILE(0.5, {INFINITY, 100}, {1, 30}, {0.5, 20}, {1, 30}), 0.875);
	/* A lowest bucket at or below zero has no lower end. */
	is(QUANTILE(0.1, SIGNED), -2);
	is(QUANTILE(0.3, SIGNED), -1);
	is(QUANTILE(0.6, SIGNED), 1.5);
	is(QUANTILE(0.9, SIGNED), 3);
	is(QUANTILE(0.5, {0, 5}, {INFINITY, 8}), 0);
}

static void
test_bucket_quantiles_of_nothing(void **state)
{
	(void)state;
	is(QUANTILE(NAN, LATENCY), NAN);
	is(QUANTILE(-0.01, LATENCY), -INFINITY);
	is(QUANTILE(1.01, LATENCY), INFINITY);
	is(pq_bucket_quantile(0.5, NULL, 0), NAN);
	is(QUANTILE(0.5, {INFINITY, 10}), NAN);
	is(QUANTILE(0.5, {INFINITY, 5}, {INFINITY, 5}), NAN);
	is(QUANTILE(0.5, {1, 10}, {2, 10}), NAN);
	is(QUANTILE(0.5, {1, 0}, {INFINITY, 0}), NAN);
	is(QUANTILE(0, {1, 0}, {2, 5}, {INFINITY, 5}), NAN); /* 0/0 */
	is(QUANTILE(0.5, {NAN, 3}, {1, 10}, {INFINITY, 10}), 0.5);
	is(QUANTILE(0.5, {1, NAN}, {INFINITY, NAN}), 1);
}

static void
test_bucket_counts_are_made_monotonic(void **state)
{
	(void)state;
	/* 10 8 20 is 10 10 20 */
	is(QUANTILE(0.75, {1, 10}, {2, 8}, {3, 20}, {INFINITY, 20}), 2.5);
	/* The total may be too small, too. */
	is(QUANTILE(0.5, {1, 10}, {2, 30}, {INFINITY, 25}), 1.25);
	/*
	 * A rounding error upwards is none: without the repair the rank 10.000000000001 would fall into the
	 * second bucket and the answer be near 2.
	 */
	is(QUANTILE(1, {1, 10}, {2, 10.000000000001}, {INFINITY, 10.000000000001}), 1);
	is(QUANTILE(1, {1, 10}, {2, 10.0000000001}, {INFINITY, 10.0000000001}), 2);
}

static void
test_bucket_fractions(void **state)
{
	(void)state;
	is(FRACTION(-INFINITY, INFINITY, LATENCY), 1);
	is(FRACTION(-INFINITY, 0.1, LATENCY), 0.5);
	is(FRACTION(0.1, 0.2, LATENCY), 0.2);
	is(FRACTION(0, 0.35, LATENCY), 0.8);
	is(FRACTION(0.05, 0.15, LATENCY), 0.35);
	is(FRACTION(1, INFINITY, LATENCY), 0.01);
	/* Nothing is known about where above the highest bound the rest is. */
	is(FRACTION(2, INFINITY, LATENCY), 0.01);
	is(FRACTION(0, 1e9, LATENCY), 0.99);
	is(FRACTION(-5, -1, LATENCY), 0);
	is(FRACTION(0.2, 0.2, LATENCY), 0);
	is(FRACTION(0.3, 0.2, LATENCY), 0);
	is(FRACTION(NAN, 1, LATENCY), NAN);
	is(FRACTION(0, NAN, LATENCY), NAN);
	is(FRACTION(-1, 1.5, SIGNED), 0.3);
	is(FRACTION(-INFINITY, -2, SIGNED), 0.2);
	/* In a lowest bucket without a lower end all count as below. */
	is(FRACTION(-3, 0, SIGNED), 0.2);
	is(FRACTION(0, 1, {1, 3}, {2, 5}), NAN);
	is(FRACTION(0, 1, {1, 0}, {INFINITY, 0}), NAN);
	is(pq_bucket_fraction(0, 1, NULL, 0), NAN);
	/* Three series of a bound: 1 + 2 + 3 of 12 */
	is(FRACTION(0, 1, {1, 1}, {INFINITY, 12}, {1, 3}, {1, 2}), 0.5);
}

static void
test_operators(void **state)
{
	(void)state;
	is(pq_binary(PQ_OP_ADD, 1, 2), 3);
	is(pq_binary(PQ_OP_SUB, 1, 2), -1);
	is(pq_binary(PQ_OP_MUL, 3, 2), 6);
	is(pq_binary(PQ_OP_DIV, 1, 0), INFINITY);
	is(pq_binary(PQ_OP_DIV, -1, 0), -INFINITY);
	is(pq_binary(PQ_OP_DIV, 0, 0), NAN);
	is(pq_binary(PQ_OP_MOD, 5.5, 2), 1.5);
	is(pq_binary(PQ_OP_MOD, -5, 3), -2);
	is(pq_binary(PQ_OP_MOD, 5, 0), NAN);
	is(pq_binary(PQ_OP_MOD, 5, INFINITY), 5);
	is(pq_binary(PQ_OP_POW, 2, 10), 1024);
	is(pq_binary(PQ_OP_POW, -8, 1.0 / 3), NAN);
	is(pq_binary(PQ_OP_POW, NAN, 0), 1);
	is(pq_binary(PQ_OP_ATAN2, 1, -1), 2.356194490192345);
	is(pq_binary(PQ_OP_ATAN2, -0.0, -1), -3.141592653589793);
}

static void
test_comparisons(void **state)
{
	static const struct {
		enum pq_op op;
		bool less, equal, more, with_nan;
	} ops[] = {
		{PQ_OP_EQ, false, true, false, false}, {PQ_OP_NE, true, false, true, true},
		{PQ_OP_LT, true, false, false, false}, {PQ_OP_LE, true, true, false, false},
		{PQ_OP_GT, false, false, true, false}, {PQ_OP_GE, false, true, true, false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH(ops); i++) {
		is(pq_binary(ops[i].op, 1, 2), ops[i].less);
		is(pq_binary(ops[i].op, -0.0, 0), ops[i].equal);
		is(pq_binary(ops[i].op, INFINITY, INFINITY), ops[i].equal);
		is(pq_binary(ops[i].op, 2, 1), ops[i].more);
		is(pq_binary(ops[i].op, NAN, NAN), ops[i].with_nan);
		is(pq_binary(ops[i].op, NAN, 1), ops[i].with_nan);
	}
}

static void
test_functions_are_found_by_name(void **state)
{
	static const char *const ranges[] = {"avg_over_time", "changes", "count_over_time", "delta", "deriv",
		"double_exponential_smoothing", "first_over_time", "idelta",
		"increase", "irate", "last_over_time", "mad_over_time", "max_over_time", "min_over_time", "predict_linear",
		"present_over_time", "quantile_over_time", "rate", "resets", "stddev_over_time", "stdvar_over_time",
		"sum_over_time", "ts_of_first_over_time", "ts_of_last_over_time", "ts_of_max_over_time",
		"ts_of_min_over_time"};
	static const char *const maths[] = {"abs", "acos", "acosh", "asin", "asinh", "atan", "atanh", "ceil", "clamp",
		"clamp_max", "clamp_min", "cos", "cosh", "deg", "exp", "floor", "ln", "log10", "log2", "rad", "round",
		"sgn", "sin", "sinh", "sqrt", "tan", "tanh"};
	static const char *const none[] = {"", "rat", "rates", "Rate", "zzz", "mad_over", "absent", "time", "pi"};
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH(ranges); i++) {
		const struct pq_range_function *f = pq_range_function_find(ranges[i]);

		assert_non_null(f);
		assert_string_equal(f->name, ranges[i]);
		assert_int_equal(f->keeps_name, strcmp(f->name, "last_over_time") == 0 ||
		    strcmp(f->name, "first_over_time") == 0);
	}
	for (i = 0; i < LENGTH(maths); i++) {
		assert_non_null(pq_math_function_find(maths[i]));
		assert_string_equal(pq_math_function_find(maths[i])->name, maths[i]);
	}
	for (i = 0; i < LENGTH(none); i++) {
		assert_null(pq_range_function_find(none[i]));
		assert_null(pq_math_function_find(none[i]));
		assert_null(pq_time_function_find(none[i]));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rate_extrapolates_to_both_edges),
		cmocka_unit_test(test_rate_counts_resets_from_zero),
		cmocka_unit_test(test_rate_does_not_follow_a_counter_below_zero),
		cmocka_unit_test(test_rate_limit_is_eleven_tenths_of_an_interval),
		cmocka_unit_test(test_rate_of_constant_nan_and_inf),
		cmocka_unit_test(test_one_sample_is_no_rate_and_no_trend),
		cmocka_unit_test(test_instant_rates_use_the_last_two),
		cmocka_unit_test(test_resets_and_changes),
		cmocka_unit_test(test_trends_are_least_squares),
		cmocka_unit_test(test_trends_keep_digits_far_from_1970),
		cmocka_unit_test(test_trends_of_special_values),
		cmocka_unit_test(test_sums_survive_cancellation),
		cmocka_unit_test(test_sums_of_infinities),
		cmocka_unit_test(test_means_do_not_overflow),
		cmocka_unit_test(test_smallest_and_largest_skip_nan),
		cmocka_unit_test(test_variance_is_of_the_population),
		cmocka_unit_test(test_quantiles_lie_between_neighbours),
		cmocka_unit_test(test_rounding),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_logarithms_and_powers),
		cmocka_unit_test(test_trigonometry),
		cmocka_unit_test(test_calendar),
		cmocka_unit_test(test_bucket_quantiles_interpolate),
		cmocka_unit_test(test_bucket_quantiles_of_nothing),
		cmocka_unit_test(test_bucket_counts_are_made_monotonic),
		cmocka_unit_test(test_bucket_fractions),
		cmocka_unit_test(test_operators),
		cmocka_unit_test(test_comparisons),
		cmocka_unit_test(test_functions_are_found_by_name),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
