/*
 * untar - the members of a tar archive as a stream, strictly: what we do not understand is refused, not skipped.
 *
 * ustar, GNU long names and pax headers (path, size). Errors are ERR_INPUT and begin with the name of a reason:
 * "archive-truncated: ...", archive-damaged, archive-trailing, link, hard-link, device, member-kind; or come from
 * the source. Source: POSIX.1-2017 pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format".
 */
#ifndef SOAK_PACK_UNTAR_H
#define SOAK_PACK_UNTAR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/io.h"

struct untar;

struct untar_member {
	struct sv name;  /* as it stands there, without '/' at the end; valid until the next call */
	bool folder;
	int64_t size;
	int64_t mtime;      /* Unix seconds; -1: not a time */
	struct io_src *src; /* a file's bytes; what is left unread is passed over */
};

struct untar *untar_new(struct io_src *src); /* borrows src */
void untar_free(struct untar *t);            /* NULL is fine */

/*
 * The next member: 1; 0 at the archive's end, which is only there after two blocks of zeros with nothing but zeros
 * behind them; -1 with e set.
 */
int untar_next(struct untar *t, struct untar_member *m, struct err *e);

#endif
