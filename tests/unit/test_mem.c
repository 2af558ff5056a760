#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/mem.h"

static void
test_new_is_zeroed_and_never_null(void **state)
{
	int *p = mem_new(1000, sizeof(*p));
	char *s;
	size_t i;

	(void)state;
	for (i = 0; i < 1000; i++)
		assert_int_equal(p[i], 0);
	mem_free(p);
	s = mem_new(0, 8);
	assert_non_null(s);
	s = mem_grow(s, 0, 8);
	assert_non_null(s);
	mem_free(s);
	mem_free(NULL);
	s = mem_dup("ab\0c", 4);
	assert_memory_equal(s, "ab\0c", 5);
	mem_free(s);
	s = mem_dup(NULL, 0);
	assert_string_equal(s, "");
	mem_free(s);
}

static void
test_vec(void **state)
{
	VEC(long) a = {0};
	size_t i;

	(void)state;
	for (i = 0; i < 5000; i++) {
		long *x = vec_add(&a);

		assert_int_equal(*x, 0);
		*x = (long)i * 3;
	}
	assert_int_equal(a.n, 5000);
	for (i = 0; i < 5000; i++)
		assert_int_equal(a.v[i], (long)i * 3);
	a.n = 10; /* what was cut off comes back zeroed */
	assert_int_equal(*vec_add(&a), 0);
	vec_free(&a);
	assert_null(a.v);
	assert_int_equal(a.n + a.cap, 0);
}

static void
ask_product(void)
{
	/* volatile: the compiler must not see the overflow it would warn about */
	volatile size_t n = SIZE_MAX / 2;

	mem_free(mem_grow(NULL, n, 3));
}

static void
ask_calloc(void)
{
	volatile size_t n = SIZE_MAX / 2;

	mem_free(mem_new(n, 3));
}

static void
ask_arena(void)
{
	struct arena a = {0};
	volatile size_t n = SIZE_MAX / 4;

	arena_new(&a, n, 5);
	arena_free(&a);
}

/* Runs ask in a child: it must say "out of memory" on descriptor 2 and end with status 2. */
static void
assert_out_of_memory(void (*ask)(void))
{
	char said[64] = "";
	int pipes[2], status = 0;
	pid_t child;

	assert_int_equal(pipe(pipes), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		dup2(pipes[1], 2);
		ask();
		_exit(0);
	}
	close(pipes[1]);
	assert_true(read(pipes[0], said, sizeof(said) - 1) > 0);
	close(pipes[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 2);
	assert_string_equal(said, "soak: out of memory\n");
}

static void
test_sizes_that_overflow(void **state)
{
	(void)state;
	assert_out_of_memory(ask_product);
	assert_out_of_memory(ask_arena);
#if !defined(__SANITIZE_ADDRESS__)
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
	return; /* its calloc() reports the overflow in its own words */
#endif
#endif
	assert_out_of_memory(ask_calloc);
#else
	(void)ask_calloc;
#endif
}

static void
test_arena(void **state)
{
	struct arena a = {0};
	unsigned char *p, *q;
	size_t i, k;

	(void)state;
	for (i = 0; i < 3000; i++) {
		p = arena_new(&a, i % 97, 1);
		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		for (k = 0; k < i % 97; k++)
			assert_int_equal(p[k], 0);
		memset(p, 0xff, i % 97);
	}
	q = arena_new(&a, 1000000, 1); /* larger than a block */
	memset(q, 1, 1000000);
	p = arena_new(&a, 8, 1);
	assert_int_equal(p[7], 0);
	assert_int_equal(q[999999], 1);
	arena_free(&a);
	assert_null(a.head);
	assert_string_equal(arena_fmt(&a, "%d-%s", 4, "x"), "4-x");
	assert_string_equal(arena_str(&a, SV("abc")), "abc");
	assert_string_equal(arena_str(&a, sv_of(NULL)), "");
	assert_true(sv_eq(arena_sv(&a, SV("a\0b")), SV("a\0b")));
	arena_free(&a);
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new_is_zeroed_and_never_null),
		cmocka_unit_test(test_vec),
		cmocka_unit_test(test_sizes_that_overflow),
		cmocka_unit_test(test_arena),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
