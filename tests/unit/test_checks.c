/* Outages from checks: counted from the first failed one, gaps are unknown, bounds come from the interval. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "judge/checks.h"

static struct arena a;

/* One check a minute from a text: 1 good, 0 bad, _ none. */
static struct availability
measure(const char *text, int64_t confirm, int64_t of, const struct span *exclude, size_t n_exclude)
{
	struct checks_opts o = {.every = TIME_MINUTE, .confirm = confirm, .of = of, .window = {0, (int64_t)strlen(text) * TIME_MINUTE},
	    .exclude = exclude, .n_exclude = n_exclude};
	struct check v[200];
	struct availability out;
	size_t i, n = 0;

	for (i = 0; text[i] != '\0'; i++)
		if (text[i] != '_')
			v[n++] = (struct check){(int64_t)i * TIME_MINUTE, text[i] == '1'};
	checks_measure(&a, v, n, &o, &out);
	return out;
}

#define VECTOR "1110111000111101001111100"

static void
test_vector(void **state)
{
	static const struct {
		int64_t confirm, outages, minutes;
	} cases[] = {{1, 5, 9}, {2, 3, 7}, {3, 1, 3}};
	struct availability v;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		v = measure(VECTOR, cases[i].confirm, 0, NULL, 0);
		assert_int_equal(v.n, cases[i].outages);
		assert_int_equal(v.down, cases[i].minutes * TIME_MINUTE);
		assert_int_equal(v.up + v.down, 25 * TIME_MINUTE);
		assert_int_equal(v.unknown, 0);
		assert_int_equal(v.outage[v.n - 1].open, cases[i].confirm <= 2);
	}
	v = measure(VECTOR, 2, 0, NULL, 0);
	assert_int_equal(v.outage[0].from, 7 * TIME_MINUTE);
	assert_int_equal(v.outage[0].to, 10 * TIME_MINUTE);
	assert_int_equal(v.outage[0].confirmed, 8 * TIME_MINUTE);
	assert_int_equal(v.outage[0].least, 2 * TIME_MINUTE);
	assert_int_equal(v.outage[0].most, 4 * TIME_MINUTE);
	arena_free(&a);
}

static void
test_gaps(void **state)
{
	struct availability v = measure("111____111", 1, 0, NULL, 0);

	(void)state;
	/* The last check before a gap holds for its interval; the rest is unknown, not down. */
	assert_int_equal(v.n, 0);
	assert_int_equal(v.unknown, 4 * TIME_MINUTE);
	assert_int_equal(v.up, 6 * TIME_MINUTE);
	assert_true(v.ratio == 1);
	/* One missing check is no gap. */
	v = measure("111_111", 1, 0, NULL, 0);
	assert_int_equal(v.unknown, 0);
	/* An outage does not reach over a gap: what came then is not known. */
	v = measure("1100____0011", 2, 0, NULL, 0);
	assert_int_equal(v.n, 2);
	assert_true(v.outage[0].open);
	assert_int_equal(v.down, 4 * TIME_MINUTE);
	assert_int_equal(v.unknown, 4 * TIME_MINUTE);
	v = measure("", 1, 0, NULL, 0);
	assert_true(isnan(v.ratio));
	arena_free(&a);
}

static void
test_of(void **state)
{
	struct availability v;

	(void)state;
	v = measure("1111010111", 2, 3, NULL, 0); /* two of three: the outage is that of the failures in it */
	assert_int_equal(v.n, 2);
	v = measure("1110111110", 2, 3, NULL, 0);
	assert_int_equal(v.n, 0);
	v = measure("1110011111", 2, 3, NULL, 0);
	assert_int_equal(v.n, 1);
	assert_int_equal(v.down, 2 * TIME_MINUTE);
	arena_free(&a);
}

static void
test_maintenance(void **state)
{
	static const struct span window[] = {{5 * TIME_MINUTE, 10 * TIME_MINUTE}};
	struct availability v = measure("11111000001111100111", 2, 0, window, 1);

	(void)state;
	assert_int_equal(v.n, 1);
	assert_int_equal(v.down, 2 * TIME_MINUTE);
	assert_int_equal(v.excluded, 5 * TIME_MINUTE);
	assert_int_equal(v.up, 13 * TIME_MINUTE);
	arena_free(&a);
}

static void
test_mean_time(void **state)
{
	struct outage v[6] = {{.from = 0, .to = 60000}, {.from = 0, .to = 120000}, {.from = 0, .to = 180000}, {.from = 0, .to = 240000},
	    {.from = 0, .to = 600000}, {.from = 0, .to = 9000000, .open = true}};
	struct mean_time m;

	(void)state;
	checks_mean_time(v, 6, &m);
	assert_int_equal(m.closed, 5);
	assert_int_equal(m.open, 1);
	assert_true(m.mean == 240000 && m.median == 180000 && m.most == 600000);
	checks_mean_time(v, 4, &m); /* fewer than five: no mean */
	assert_true(isnan(m.mean) && m.median == 150000);
	checks_mean_time(v, 0, &m);
	assert_true(isnan(m.median));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_vector),
	    cmocka_unit_test(test_gaps),
	    cmocka_unit_test(test_of),
	    cmocka_unit_test(test_maintenance),
	    cmocka_unit_test(test_mean_time),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
