/*
 * zip - a zip archive whose bytes depend on nothing but what is put into it (APPNOTE.TXT 6.3.9).
 *
 * Deflated members with data descriptors, zip64 where a member or the archive is large, names in UTF-8, DOS times in UTC, Unix
 * modes 0644 and 0755; no comments, no extra fields besides zip64's.
 */
#ifndef SOAK_PACK_ZIP_H
#define SOAK_PACK_ZIP_H

#include <stdint.h>
#include <stdio.h>

#include "base/err.h"

struct zip;

/* Writes to f, the caller's; path is for errors. Times: Unix seconds, clipped to 1980 to 2107, what DOS can hold. */
struct zip *zip_new(FILE *f, const char *path, int64_t seconds);
void zip_free(struct zip *z); /* NULL is fine */
int zip_folder(struct zip *z, const char *name, struct err *e);
int zip_file(struct zip *z, const char *name, int64_t size, struct err *e);
int zip_data(struct zip *z, const void *p, size_t n, struct err *e);
int zip_end(struct zip *z, struct err *e);

#endif
