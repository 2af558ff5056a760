/* Exact binomial bounds, against the tables and vectors of design/slo-signoff.md A3 (computed there with scipy). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "judge/bounds.h"

static void
near(double got, double want, double off)
{
	if (!(fabs(got - want) <= off))
		fail_msg("%.12g is not %.12g", got, want);
}

/* "n for k = 0, 1, 2, 3 (95 % exact)" */
static void
test_needed(void **state)
{
	static const struct {
		double share, n[4];
	} rows[] = {
	    {0.01, {299, 473, 628, 773}},
	    {0.005, {598, 947, 1258, 1549}},
	    {0.001, {2995, 4742, 6294, 7752}},
	    {0.0005, {5990, 9486, 12590, 15505}},
	    {0.0001, {29956, 47437, 62956, 77535}},
	};
	size_t i;
	int k;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		for (k = 0; k < 4; k++) {
			near(bounds_needed(k, rows[i].share, 0.95), rows[i].n[k], 0);
			/* The least: enough with it, not enough with one fewer. */
			assert_true(bounds_upper(k, rows[i].n[k], 0.95) <= rows[i].share);
			assert_true(bounds_upper(k, rows[i].n[k] - 1, 0.95) > rows[i].share);
		}
	assert_true(isinf(bounds_needed(0, 0, 0.95)));
	near(bounds_needed(0, 1, 0.95), 1, 0);
	near(bounds_needed(7, 1, 0.95), 7, 0);
}

static void
test_upper(void **state)
{
	(void)state;
	near(bounds_upper(0, 500, 0.95), 0.00597355, 1e-8);
	near(bounds_upper(0, 500, 0.975), 0.00735061, 1e-8);
	/* Two-sided exact 3 of 10000: 6.18715e-5 to 8.76475e-4. */
	near(bounds_upper(3, 10000, 0.975), 8.76475e-4, 1e-9);
	near(1 - bounds_upper(9997, 10000, 0.975), 6.18715e-5, 1e-9);
	/* Bad slices of a run of minutes, with none bad. */
	near(bounds_upper(0, 24 * 60, 0.95), 0.00208, 5e-6);
	near(bounds_upper(0, 36 * 60, 0.95), 0.00139, 5e-6);
	near(bounds_upper(0, 48 * 60, 0.95), 0.00104, 5e-6);
	near(bounds_upper(5, 5, 0.95), 1, 0);
	assert_true(isnan(bounds_upper(0, 0, 0.95)));
	/* Of very many the bound is near the share itself, and above it. */
	assert_true(bounds_upper(864, 864000, 0.95) > 0.001);
	near(bounds_upper(864, 864000, 0.95), 0.001 + 1.645 * sqrt(0.001 * 0.999 / 864000), 3e-6);
	assert_true(bounds_upper(1e9, 1e12, 0.95) > 0.001 && bounds_upper(1e9, 1e12, 0.95) < 0.0010001);
}

static void
test_chances(void **state)
{
	/* "Failures that refute 99.9 %": so many come up with a chance of at most 5 %, one fewer does not. */
	static const double refute[][2] = {{500, 3}, {1000, 4}, {3000, 7}, {10000, 16}, {100000, 118}};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(refute) / sizeof(*refute); i++) {
		assert_true(bounds_at_least(refute[i][1], refute[i][0], 0.001) <= 0.05);
		assert_true(bounds_at_least(refute[i][1] - 1, refute[i][0], 0.001) > 0.05);
	}
	near(bounds_at_least(1, 500, 0.001), 0.394, 5e-4);
	near(bounds_at_most(0, 500, 0.001), 0.61, 5e-3);
	near(bounds_at_most(0, 500, 0.005), 0.082, 5e-4);
	/* Bin(2, 1/2): 1/4, 3/4, 1. */
	near(bounds_at_most(0, 2, 0.5), 0.25, 1e-12);
	near(bounds_at_most(1, 2, 0.5), 0.75, 1e-12);
	near(bounds_at_most(2, 2, 0.5), 1, 0);
	near(bounds_at_most(-1, 2, 0.5), 0, 0);
	near(bounds_at_least(0, 2, 0.5), 1, 0);
	near(bounds_at_least(2, 2, 0.5), 0.25, 1e-12);
	near(bounds_at_least(3, 2, 0.5), 0, 0);
	near(bounds_at_most(1, 3, 0), 1, 0);
	near(bounds_at_most(1, 3, 1), 0, 0);
	near(bounds_at_least(1, 3, 0), 0, 0);
	near(bounds_at_least(1, 3, 1), 1, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_needed),
	    cmocka_unit_test(test_upper),
	    cmocka_unit_test(test_chances),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
