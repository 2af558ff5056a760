#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <math.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "store/observation_code.h"

static struct err err;

/* Encodes, decodes, compares bit for bit; the number of bytes. */
static size_t
there_and_back(const struct observation *v, size_t n)
{
	struct observation *back = mem_new(OBSERVATION_BLOCK, sizeof(*back));
	struct sb block = {0};
	size_t bytes, i;

	observation_encode(v, n, &block);
	bytes = block.n;
	assert_int_equal(observation_decode(sb_sv(&block), back, &err), n);
	for (i = 0; i < n; i++) {
		assert_true(back[i].t == v[i].t);
		assert_true(back[i].series == v[i].series);
		assert_memory_equal(&back[i].v, &v[i].v, sizeof(double));
	}
	sb_free(&block);
	mem_free(back);
	return bytes;
}

static void
test_exact(void **state)
{
	static const double odd[] = {0, -0.0, 1, -1, 0.1, 1e-7, 1.323794, 1e300, -1e-300, 5e-324, 9007199254740992.0,
	    9007199254740994.0, 123456789.123456789, 0.1 + 0.2, 1.0 / 3, 60.000123456789, 9223372036854775807.0};
	static const int64_t times[] = {0, 1, -1, INT64_MAX, INT64_MIN, 1795191183741562369, 0, 0};
	struct observation v[17 * 8];
	size_t i;

	(void)state;
	for (i = 0; i < 17 * 8; i++)
		v[i] = (struct observation){times[i % 8], odd[i % 17], (int64_t)(i * 7919 % 13) + 1};
	there_and_back(v, 17 * 8);
	v[3].series = INT64_MAX;
	there_and_back(v, 17 * 8);
	there_and_back(v, 1);
}

static void
test_full_block(void **state)
{
	struct observation *v = mem_new(OBSERVATION_BLOCK, sizeof(*v));
	size_t i, bytes;

	(void)state;
	/* Requests of nine points that share time and tags, as k6 writes them. */
	for (i = 0; i < OBSERVATION_BLOCK; i++)
		v[i] = (struct observation){INT64_C(1795191183000000000) + (int64_t)(i / 9) * 8123457,
		    i % 9 == 1 ? (double)(i * 7919 % 1000003) / 1e6 : i % 9 == 0, (int64_t)(i % 9 + i / 9 % 5 * 9) + 1};
	bytes = there_and_back(v, OBSERVATION_BLOCK);
	assert_true(bytes < 2 * OBSERVATION_BLOCK);
	/* Each of its own series. */
	for (i = 0; i < OBSERVATION_BLOCK; i++)
		v[i].series = (int64_t)(OBSERVATION_BLOCK - i) * 3;
	there_and_back(v, OBSERVATION_BLOCK);
	mem_free(v);
}

/* Whatever a block holds: an error or points, never a read or write outside. */
static void
test_damaged(void **state)
{
	struct observation v[200], *back = mem_new(OBSERVATION_BLOCK, sizeof(*back));
	struct sb block = {0};
	char *copy;
	size_t i, n;
	ptrdiff_t got;

	(void)state;
	for (i = 0; i < 200; i++)
		v[i] = (struct observation){(int64_t)(i / 3) * 1000003, i % 7 == 0 ? 1.0 / 3 : (double)i / 8, (int64_t)(i % 5) + 1};
	observation_encode(v, 200, &block);
	for (n = 0; n < block.n; n++) {
		copy = mem_dup(block.buf, n);
		assert_int_equal(observation_decode((struct sv){copy, n}, back, &err), -1);
		mem_free(copy);
	}
	for (i = 0; i < block.n * 8; i++) {
		copy = mem_dup(block.buf, block.n);
		copy[i / 8] = (char)(copy[i / 8] ^ 1 << i % 8);
		got = observation_decode((struct sv){copy, block.n}, back, &err);
		assert_true(got == -1 || (got > 0 && got <= OBSERVATION_BLOCK));
		mem_free(copy);
	}
	block.buf[0] = 2;
	assert_int_equal(observation_decode(sb_sv(&block), back, &err), -1);
	assert_string_equal(err.msg, "a block of observations of version 2: a newer program is needed");
	sb_free(&block);
	mem_free(back);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_exact),
	    cmocka_unit_test(test_full_block),
	    cmocka_unit_test(test_damaged),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
