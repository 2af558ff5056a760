/*
 * step_redact - text without the secrets that were found in it, and the list of what was taken out of which original.
 */
#ifndef SOAK_TOOLS_STEP_REDACT_H
#define SOAK_TOOLS_STEP_REDACT_H

#include <stdint.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"

struct redact_span {
	int64_t from, to;
	const char *rule;
	size_t number; /* of the secret: redact_number() */
};

struct redact {
	struct arena arena;
	VEC(struct sv) secret; /* digests of values: their places are their numbers */
	struct sb table;       /* redacted.tsv: file, rule, offset, length, the original's SHA-256 */
};

void redact_free(struct redact *r);
/* The same secret has the same number in one package. */
size_t redact_number(struct redact *r, const char *digest);
/* Appends text without what the spans cover (they are sorted here); out must be empty. */
void redact_text(struct redact *r, const char *file, struct sv text, struct redact_span *span, size_t n, struct sb *out);

#endif
