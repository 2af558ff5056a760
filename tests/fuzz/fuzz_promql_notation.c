/* A series in the notation of tests: it is read, within its bounds, or refused with a message. */
#include <stdint.h>
#include <stdlib.h>

#include "promql/memory_source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	struct pq_notation n;
	struct pq_memory m;
	struct err e = {0};

	pq_memory_init(&m);
	if (pq_notation_parse(&a, (struct sv){(const char *)data, size}, &n, &e) < 0) {
		if (e.msg[0] == '\0')
			abort();
	} else if (n.n > PQ_NOTES_MAX || (n.n < 1000 && pq_memory_load(&m, &n, 0, 1000, &e) < 0)) {
		abort();
	}
	pq_memory_free(&m);
	arena_free(&a);
	return 0;
}
