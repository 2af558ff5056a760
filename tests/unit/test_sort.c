#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/sort.h"

#define MANY 1000

/* A stream of numbers that is the same everywhere (Knuth's MMIX generator), with many twins below 2^9. */
static uint64_t
next(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *state >> 33;
}

static void
test_ints(void **state)
{
	static int64_t v[MANY];
	int64_t ends[] = {INT64_MAX, -1, INT64_MIN, 0, INT64_MAX}, sum = 0, after = 0;
	uint64_t seed = 1;
	size_t i;

	(void)state;
	sort_ints(NULL, 0);
	sort_ints(ends, 1);
	assert_int_equal(ends[0], INT64_MAX);
	sort_ints(ends, 5);
	assert_true(ends[0] == INT64_MIN && ends[1] == -1 && ends[2] == 0 && ends[3] == INT64_MAX && ends[4] == INT64_MAX);
	for (i = 0; i < MANY; i++)
		sum += v[i] = (int64_t)(next(&seed) & 511) - 256;
	sort_ints(v, MANY);
	for (i = 0; i < MANY; i++)
		after += v[i];
	assert_true(sum == after);
	for (i = 1; i < MANY; i++)
		assert_true(v[i - 1] <= v[i]);
}

static void
test_unique(void **state)
{
	int64_t v[] = {5, 1, 5, 3, 1, 5}, same[] = {7, 7, 7};

	(void)state;
	assert_int_equal(sort_unique(NULL, 0), 0);
	assert_int_equal(sort_unique(v, 6), 3);
	assert_true(v[0] == 1 && v[1] == 3 && v[2] == 5);
	assert_int_equal(sort_unique(same, 3), 1);
	assert_int_equal(same[0], 7);
}

static void
test_has(void **state)
{
	const int64_t v[] = {-3, 0, 8};

	(void)state;
	assert_false(sort_has(NULL, 0, 0));
	assert_true(sort_has(v, 3, -3) && sort_has(v, 3, 0) && sort_has(v, 3, 8));
	assert_false(sort_has(v, 3, -4) || sort_has(v, 3, 1) || sort_has(v, 3, 9) || sort_has(v, 2, 8));
}

static void
test_median(void **state)
{
	int64_t odd[] = {9, 1, 5}, even[] = {40, 10, 30, 20};

	(void)state;
	assert_int_equal(sort_median(NULL, 0), 0);
	assert_int_equal(sort_median(odd, 1), 9);
	assert_int_equal(sort_median(odd, 3), 5);
	assert_int_equal(sort_median(even, 4), 20); /* the lower one */
}

/* Few are compared, many go through the radix sort: both keep every bit, and -0 before 0 where bits are the key. */
static void
test_doubles(void **state)
{
	static double v[MANY], few[100];
	uint64_t seed = 2;
	size_t i;

	(void)state;
	for (i = 0; i < MANY; i++)
		v[i] = ((double)next(&seed) - 1e9) * (i % 7 == 0 ? 1e-300 : 1.5);
	v[3] = INFINITY;
	v[4] = -INFINITY;
	v[5] = 0.0;
	v[6] = -0.0;
	memcpy(few, v, sizeof(few));
	sort_doubles(v, MANY);
	sort_doubles(few, 100);
	assert_true(v[0] == -INFINITY && v[MANY - 1] == INFINITY && few[0] == -INFINITY && few[99] == INFINITY);
	for (i = 1; i < MANY; i++) {
		assert_true(v[i - 1] <= v[i]);
		assert_true(v[i] != 0 || v[i - 1] != 0 || (signbit(v[i - 1]) && !signbit(v[i])));
	}
	for (i = 1; i < 100; i++)
		assert_true(few[i - 1] <= few[i]);
}

#define T(f) cmocka_unit_test(f)

int
main(void)
{
	const struct CMUnitTest tests[] = {T(test_ints), T(test_unique), T(test_has), T(test_median), T(test_doubles)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
