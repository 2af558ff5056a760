/*
 * unpress - a compressed file's bytes: gzip (RFC 1952), zstd (RFC 8878), xz, bzip2 and lz4; their checksums and ends looked at.
 *
 * A file that is none of them is given as it is. Errors are ERR_INPUT or ERR_LIMIT and begin with the name of a reason:
 * archive-truncated, archive-damaged (a checksum, too), archive-trailing (bytes behind the end), limit-size, limit-ratio.
 */
#ifndef SOAK_PACK_UNPRESS_H
#define SOAK_PACK_UNPRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/io.h"

#define UNPRESS_MAX_RATIO 200              /* times the file's size ... */
#define UNPRESS_LOOSE_RATIO 2000           /* ... of what is only looked at */
#define UNPRESS_FREE ((int64_t)64 << 20)   /* ... above so many bytes */

struct unpress;

/* max is how many bytes may come out. Borrows fd and name, which is for errors. */
struct unpress *unpress_new(int fd, const char *name, int64_t max);
/* The same of any bytes, by the loose ratio, and zlib streams (RFC 1950), too: all that can be had is given before an error. Borrows in. */
struct unpress *unpress_of(struct io_src *in, int64_t max);
/* Do these first bytes begin a gzip, zstd or zlib stream? */
bool unpress_is(struct sv head);
struct io_src *unpress_src(struct unpress *u);
void unpress_free(struct unpress *u); /* NULL is fine */

#endif
