/*
 * arena - memory that lives exactly as long as one input or one report.
 *
 *	struct arena a = {0};
 *	struct thing *t = arena_new(&a, 1, sizeof(*t));
 *	arena_free(&a);		// and everything is gone
 */
#ifndef SOAK_BASE_ARENA_H
#define SOAK_BASE_ARENA_H

#include <stddef.h>

#include "base/str.h"

struct arena_block;
struct arena_end;

struct arena {
	struct arena_block *head;
	size_t used, cap;
	struct arena_end *ends;
};

/* n * size zeroed bytes, aligned for any object; owned by the arena. */
void *arena_new(struct arena *a, size_t n, size_t size);
/*
 * Moves a VEC's elements into the arena, where they outlive it, and frees the VEC's memory (n stays):
 * r->v = arena_keep(&r->arena, list.v, list.n, sizeof(*list.v)).
 */
void *arena_keep(struct arena *a, void *v, size_t n, size_t size);
/* A NUL-terminated copy of v; owned by the arena. */
char *arena_str(struct arena *a, struct sv v);
/* The same as a view. */
struct sv arena_sv(struct arena *a, struct sv v);
/* A formatted string; owned by the arena. */
char *arena_fmt(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* fn(thing) is called when the arena is freed, last added first: for what is not plain memory. */
void arena_on_free(struct arena *a, void (*fn)(void *), void *thing);
/* Frees all; the arena can be used again. */
void arena_free(struct arena *a);

#endif
