/* What the YAML reader accepts can be written as JSON that our reader accepts. */
#include <stdint.h>
#include <stdlib.h>

#include "base/doc.h"
#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sb out = {0};
	struct json j = {.out = &out};
	struct arena a = {0};
	struct err e = {0};
	struct doc *d = doc_yaml(&a, "f", (struct sv){(const char *)data, size}, &e);

	if (d == NULL && e.msg[0] == '\0')
		abort();
	if (d != NULL) {
		json_doc(&j, NULL, d);
		if (doc_json(&a, "f", sb_sv(&out), NULL) == NULL)
			abort();
	}
	sb_free(&out);
	arena_free(&a);
	return 0;
}
