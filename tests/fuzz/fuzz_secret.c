/*
 * Any bytes through the scanner and our rules, at once and in pieces: it ends, and what is found lies within them.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "secret/secret.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
on_hit(void *ctx, const struct secret_hit *h, struct err *e)
{
	const int64_t *size = ctx;

	(void)e;
	if (h->rule == NULL || h->line < 1 || h->offset < 0 || h->length < 0 || h->offset + h->length > *size || h->value.p == NULL)
		abort();
	return 0;
}

static void
scan(struct secret_scan *scanner, const uint8_t *data, size_t size, size_t piece)
{
	int64_t all = (int64_t)size;
	struct err e = {0};
	size_t i, n;

	for (i = 0; i < size; i += n) {
		n = size - i < piece ? size - i : piece;
		if (secret_scan_add(scanner, data + i, n, on_hit, &all, &e) < 0)
			abort();
	}
	if (secret_scan_end(scanner, on_hit, &all, &e) < 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct secret_rules *rules; /* kept for all inputs */
	static struct secret_scan *scanner;
	struct err e = {0};

	if (rules == NULL && (rules = secret_rules_load("templates/secrets.yaml", &e)) == NULL)
		abort();
	if (scanner == NULL)
		scanner = secret_scan_new(rules);
	scan(scanner, data, size, size + 1);
	scan(scanner, data, size, 61);
	return 0;
}
