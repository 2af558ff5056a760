/*
 * unpress_other - xz, bzip2 and lz4 through libarchive: one stream of bytes out of another, to its end.
 */
#ifndef SOAK_PACK_UNPRESS_OTHER_H
#define SOAK_PACK_UNPRESS_OTHER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/io.h"

struct unpress_other;

/* Do these first bytes begin one? */
bool unpress_other_is(struct sv head);
/* Borrows in. */
struct unpress_other *unpress_other_new(struct io_src *in);
/* As a source's read(); -1: archive-truncated, archive-damaged, archive-trailing. */
ptrdiff_t unpress_other_read(struct unpress_other *u, void *buf, size_t n, struct err *e);
void unpress_other_free(struct unpress_other *u); /* NULL is fine */

#endif
