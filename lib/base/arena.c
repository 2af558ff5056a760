#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

#define BLOCK ((size_t)64 * 1024)

struct arena_block {
	struct arena_block *next;
	_Alignas(max_align_t) char bytes[];
};

struct arena_end {
	struct arena_end *next;
	void (*fn)(void *);
	void *thing;
};

void *
arena_new(struct arena *a, size_t n, size_t size)
{
	size_t align = _Alignof(max_align_t), want, cap;
	struct arena_block *b;
	void *p;

	if (size != 0 && n > (SIZE_MAX / 2 - align) / size)
		mem_out();
	want = (n * size + align - 1) / align * align;
	if (a->head == NULL || want > a->cap - a->used) {
		cap = want > BLOCK ? want : BLOCK;
		b = mem_new(sizeof(*b) + cap, 1);
		b->next = a->head;
		a->head = b;
		a->cap = cap;
		a->used = 0;
	}
	p = a->head->bytes + a->used;
	a->used += want;
	return p;
}

void *
arena_keep(struct arena *a, void *v, size_t n, size_t size)
{
	void *kept = arena_new(a, n, size);

	if (n * size > 0)
		memcpy(kept, v, n * size);
	mem_free(v);
	return kept;
}

char *
arena_str(struct arena *a, struct sv v)
{
	char *s = arena_new(a, v.n + 1, 1);

	if (v.n > 0)
		memcpy(s, v.p, v.n);
	return s;
}

struct sv
arena_sv(struct arena *a, struct sv v)
{
	return (struct sv){arena_str(a, v), v.n};
}

char *
arena_fmt(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *s;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	s = arena_new(a, n < 0 ? 1 : (size_t)n + 1, 1);
	if (n > 0) {
		va_start(ap, fmt);
		vsnprintf(s, (size_t)n + 1, fmt, ap);
		va_end(ap);
	}
	return s;
}

void
arena_on_free(struct arena *a, void (*fn)(void *), void *thing)
{
	struct arena_end *end = arena_new(a, 1, sizeof(*end));

	*end = (struct arena_end){a->ends, fn, thing};
	a->ends = end;
}

void
arena_free(struct arena *a)
{
	struct arena_block *b, *next;
	struct arena_end *end;

	for (end = a->ends; end != NULL; end = end->next)
		end->fn(end->thing);

	for (b = a->head; b != NULL; b = next) {
		next = b->next;
		mem_free(b);
	}
	*a = (struct arena){0};
}
