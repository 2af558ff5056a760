/*
 * mem - memory that is there or the process is not.
 *
 * The choice, made once for the whole library: a short-lived tool that runs
 * out of memory says so and ends with status 2 through mem_out(), the only
 * exit outside tools/ (docs/rules.md 27). The store stays whole, since an
 * unfinished transaction is rolled back when it is next opened. In exchange
 * no caller checks an allocation.
 *
 * Sizes are products checked for overflow.
 */
#ifndef SOAK_BASE_MEM_H
#define SOAK_BASE_MEM_H

#include <stddef.h>

/* Says "out of memory" on descriptor 2 and ends the process with status 2. */
_Noreturn void mem_out(void);

/* n * size zeroed bytes, never NULL (one byte if the product is 0). Caller frees. */
void *mem_new(size_t n, size_t size);

/* p resized to n * size bytes, never NULL; new bytes are not set. Caller frees. */
void *mem_grow(void *p, size_t n, size_t size);

/* A copy of n bytes with a NUL after them. Caller frees. */
char *mem_dup(const char *p, size_t n);

/*
 * A growing array: VEC(int) a = {0}; *vec_add(&a) = 5; a.v[0]; a.n; vec_free(&a).
 * vec_add() gives a pointer to one new zeroed element, valid until the next add.
 */
#define VEC(T)                                                                 \
	struct {                                                               \
		T *v;                                                          \
		size_t n, cap;                                                 \
	}
#define vec_add(a)                                                             \
	((a)->v = vec_room((a)->v, sizeof(*(a)->v), (a)->n, &(a)->cap),        \
	    &(a)->v[(a)->n++])
#define vec_free(a)                                                            \
	(mem_free((a)->v), (a)->v = NULL, (a)->n = 0, (a)->cap = 0)

/* vec_add's engine: v with room for element n, which is zeroed. */
void *vec_room(void *v, size_t size, size_t n, size_t *cap);

/* free(p); NULL is fine. */
void mem_free(void *p);

#endif
