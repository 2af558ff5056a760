/*
 * unzip - the members of a zip archive by its central directory, strictly.
 *
 * What the directory and the members' own headers say must agree, members must not overlap, nothing may lie before the
 * first one or behind the directory: else two programs see two archives in one file. Stored and deflated members, zip64. Errors
 * begin with the name of a reason, as in untar.h. Source: APPNOTE.TXT 6.3.9.
 */
#ifndef SOAK_PACK_UNZIP_H
#define SOAK_PACK_UNZIP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/io.h"

struct unzip;

struct unzip_member {
	struct sv name; /* without '/' at the end; valid until the next call */
	bool folder;
	int64_t size;
	int64_t mtime;      /* Unix seconds, taken for UTC */
	struct io_src *src; /* a file's bytes; its checksum is looked at at its end */
};

/* Does the file begin like a zip? */
bool unzip_is(int fd);
/* Reads the directory: borrows fd and name (for errors); max bytes may come out of all members. NULL with e set. */
struct unzip *unzip_open(int fd, const char *name, int64_t max, struct err *e);
void unzip_free(struct unzip *z); /* NULL is fine */
/* 1 a member, 0 the end, -1. A member's bytes are all looked at, read or not. */
int unzip_next(struct unzip *z, struct unzip_member *m, struct err *e);

#endif
