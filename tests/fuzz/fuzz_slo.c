/* Files of SLOs (OpenSLO, sloth, pyrra, ours): no text may crash their readers, nor what takes their queries apart. */
#include <stdint.h>
#include <stdlib.h>

#include "judge/slo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	struct slos s = {.arena = &a};
	struct err e = {0};
	size_t i;

	if (size <= 20000 && slo_parse(&s, "s.yaml", (struct sv){(const char *)data, size}, &e) == 0) {
		if (s.n == 0)
			abort();
		for (i = 0; i < s.n; i++) {
			if (!(s.v[i].target > 0 && s.v[i].target < 1) || s.v[i].period <= 0 || s.v[i].slice <= 0)
				abort();
			slo_check(&s.v[i], &e);
		}
	}
	arena_free(&a);
	return 0;
}
