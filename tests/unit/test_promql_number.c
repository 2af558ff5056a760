#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/num.h"
#include "promql/answer_in.h"

static struct sb out;

static void
same(double v)
{
	char buf[NUM_TEXT];

	sb_reset(&out);
	pq_answer_number(v, &out);
	if (strcmp(sb_str(&out), num_text(v, buf)) != 0)
		fail_msg("%.17g: %s instead of %s", v, sb_str(&out), buf);
}

static uint64_t
next(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *state >> 11;
}

static void
the_edges(void **state)
{
	static const double v[] = {0, -0.0, 1, -1, 0.1, 0.3, 1e-6, 9.999999999999999e-7, 1e-7, 5e-324, 1e15, 1e16, 1e21, 1e22,
	    9007199254740991.0, 9007199254740992.0, 9007199254740994.0, 4503599627370495.5, 4503599627370497.5, 0.5, 0.25, 2.5,
	    1.7976931348623157e308, 0.30000000000000004, 1.0000000000000002, 0.99999999999999989, 9.5, 99999.99999999999,
	    999999999999999.9, 999999999999999.88, 123456789012345.67, 1.0 / 3, 2.0 / 3, 1.0 / 15, 1e-5, 1.1e-6,
	    2251799813685248.25, 5764607523034235e-10};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		same(v[i]);
		same(-v[i]);
		same(nextafter(v[i], INFINITY));
		same(nextafter(v[i], 0));
	}
	same(NAN);
	same(INFINITY);
	same(-INFINITY);
}

static void
powers_and_their_neighbours(void **state)
{
	int i;

	(void)state;
	for (i = -30; i < 60; i++) {
		same(ldexp(1, i));
		same(nextafter(ldexp(1, i), INFINITY));
		same(nextafter(ldexp(1, i), 0));
	}
	for (i = -8; i < 23; i++) {
		same(pow(10, i));
		same(nextafter(pow(10, i), INFINITY));
		same(nextafter(pow(10, i), 0));
	}
}

static void
random_ones(void **state)
{
	uint64_t seed = 42, bits;
	double v;
	int i;

	(void)state;
	for (i = 0; i < 30000; i++) {
		same((double)(next(&seed) % 1000000) / 15 * (double)(next(&seed) % 9));
		same((double)(next(&seed) % 10000000) / 1000);
		same(ldexp((double)next(&seed), (int)(next(&seed) % 80) - 75));
		bits = next(&seed) << 11 | (next(&seed) & 2047);
		memcpy(&v, &bits, sizeof(v));
		if (!isnan(v))
			same(v);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_edges),
	    cmocka_unit_test(powers_and_their_neighbours),
	    cmocka_unit_test(random_ones),
	};
	int rc;

	cmocka_set_message_output(CM_OUTPUT_TAP);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	sb_free(&out);
	return rc;
}
