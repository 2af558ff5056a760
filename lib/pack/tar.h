/*
 * tar - a .tar.gz or .tar.zst whose bytes depend on nothing but what is put into it. libarchive's one writing home.
 *
 * GNU tar format: unlike pax it stores a name's bytes as they are, of any length, under every locale (libarchive's pax
 * translates names through the locale's character set and gives other bytes, or fails, in "C"). uid and gid 0, no
 * user or host names, 0644 and 0755, one time for all.
 */
#ifndef SOAK_PACK_TAR_H
#define SOAK_PACK_TAR_H

#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "base/str.h"
#include "pack/press.h"

#define TAR_MAX_SECONDS INT64_C(8589934591) /* what the format's 11 octal digits hold: the year 2242 */

struct tar;

/*
 * Writes to f, which stays the caller's; path is for errors, borrowed. Every member gets the time: Unix seconds, 0 to
 * TAR_MAX_SECONDS. NULL with e set.
 */
struct tar *tar_open(FILE *f, const char *path, enum press_kind how, int64_t seconds, struct err *e);
/* A folder, then files: exactly size bytes of data must follow each. 0 or -1. */
int tar_folder(struct tar *t, const char *name, struct err *e);
int tar_file(struct tar *t, const char *name, int64_t size, struct err *e);
int tar_data(struct tar *t, const void *p, size_t n, struct err *e);
/* The end of the archive; all is handed to f, not yet flushed. 0 or -1. */
int tar_end(struct tar *t, struct err *e);
/* Frees t (NULL is fine); without tar_end() nothing more is written. */
void tar_free(struct tar *t);

#endif
