/*
 * out - a package on its way to disk in one of its formats: it appears whole or not at all.
 */
#ifndef SOAK_PACK_OUT_H
#define SOAK_PACK_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum out_format { OUT_TAR_GZ, OUT_TAR_ZST, OUT_ZIP, OUT_DIR };

/* By its name, "tar.gz", "tgz", "tar.zst", "zip" or "dir"; false for others. */
bool out_format_of(struct sv name, enum out_format *format);
/* By how a file's name ends; false when it ends otherwise. */
bool out_format_of_file(struct sv path, enum out_format *format);

struct out;

/*
 * Everything put in has the bag's top folder before it, "bag/data/x"; written as a folder that one is path itself, which
 * must not exist or be empty. seconds: the time of all members, 0 to TAR_MAX_SECONDS. NULL with e set.
 */
struct out *out_open(const char *path, enum out_format format, int64_t seconds, struct err *e);
/* A folder ("bag/data/"), then files: exactly size bytes of data must follow each. 0 or -1. */
int out_folder(struct out *o, const char *name, struct err *e);
int out_file(struct out *o, const char *name, int64_t size, struct err *e);
int out_data(struct out *o, const void *p, size_t n, struct err *e);
/* The package is there: 0; -1 and nothing is left. Frees o. */
int out_commit(struct out *o, struct err *e);
/* Nothing is left. Frees o (NULL is fine). */
void out_abort(struct out *o);

#endif
