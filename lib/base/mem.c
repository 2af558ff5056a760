#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
mem_out(void)
{
	static const char msg[] = "soak: out of memory\n";

	if (write(2, msg, sizeof(msg) - 1) < 0)
		_exit(2);
	_exit(2);
}

void *
mem_new(size_t n, size_t size)
{
	void *p = n == 0 || size == 0 ? calloc(1, 1) : calloc(n, size);

	if (p == NULL)
		mem_out();
	return p;
}

void *
mem_grow(void *p, size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size)
		mem_out();
	p = realloc(p, n * size == 0 ? 1 : n * size);
	if (p == NULL)
		mem_out();
	return p;
}

char *
mem_dup(const char *p, size_t n)
{
	char *s;

	if (n == SIZE_MAX)
		mem_out();
	s = mem_new(n + 1, 1);
	if (n > 0)
		memcpy(s, p, n);
	return s;
}

void *
vec_room(void *v, size_t size, size_t n, size_t *cap)
{
	if (n == *cap) {
		*cap = *cap < 8 ? 8 : *cap + *cap / 2;
		v = mem_grow(v, *cap, size);
	}
	memset((char *)v + n * size, 0, size);
	return v;
}

void
mem_free(void *p)
{
	free(p);
}
