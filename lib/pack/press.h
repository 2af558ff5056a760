/*
 * press - bytes to a gzip or zstd stream, by as many threads as there are processors; the same bytes whatever their number.
 *
 * gzip: blocks of a fixed size are deflated apart, each with the 32 KiB before it as its dictionary, and joined into one
 * ordinary gzip member without time and name (RFC 1952). zstd: libzstd's own threads. Memory does not grow with the input.
 */
#ifndef SOAK_PACK_PRESS_H
#define SOAK_PACK_PRESS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum press_kind { PRESS_GZIP, PRESS_ZSTD, PRESS_DEFLATE /* raw, for zip */ };

struct press;

/* Where compressed bytes go: 0, or -1 with e set. */
typedef int press_give_fn(void *ctx, const void *p, size_t n, struct err *e);

struct press *press_new(enum press_kind kind, press_give_fn *give, void *ctx);
void press_free(struct press *p); /* NULL is fine */

int press_add(struct press *p, const void *bytes, size_t n, struct err *e);

struct press_sums {
	uint32_t crc;    /* CRC-32 of what went in (not for zstd) */
	int64_t in, out; /* bytes */
};
/* The end of the stream; then another one can begin (PRESS_DEFLATE: the next member). sums may be NULL. */
int press_end(struct press *p, struct press_sums *sums, struct err *e);

#endif
