/*
 * What the JSON reader accepts, the writer writes so that it reads back to the
 * same text again.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/doc.h"
#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sv text = {(const char *)data, size};
	struct sb once = {0}, twice = {0};
	struct json j = {.out = &once}, k = {.out = &twice};
	struct arena a = {0};
	struct err e = {0};
	struct doc *d = doc_json(&a, "f", text, &e);

	if (d == NULL && e.msg[0] == '\0')
		abort();
	if (d != NULL) {
		json_doc(&j, NULL, d);
		d = doc_json(&a, "f", sb_sv(&once), NULL);
		if (d == NULL)
			abort();
		json_doc(&k, NULL, d);
		if (!sv_eq(sb_sv(&once), sb_sv(&twice)))
			abort();
	}
	sb_free(&once);
	sb_free(&twice);
	arena_free(&a);
	return 0;
}
