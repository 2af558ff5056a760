/*
 * pack - a folder of evidence as one deterministic BagIt 1.0 bag (RFC 8493).
 *
 * Same payload and options, same bytes: members sorted by name, uid and gid 0, fixed modes and times, no time in
 * the gzip header. Memory does not grow with the payload: each file is read once, digested while it is written, and
 * the manifests come last. tar.c is libarchive's one writing home.
 */
#ifndef SOAK_PACK_PACK_H
#define SOAK_PACK_PACK_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "pack/out.h"

struct pack;

struct pack_info {
	struct sv name;  /* the bag's top folder and its External-Identifier */
	int64_t time;    /* of all members and of Bagging-Date; milliseconds */
	const struct pack_line { /* more lines for bag-info.txt, "Soak-Decision: GO"; no CR, LF in either */
		struct sv label, value;
	} *line;
	size_t n_lines;
	/* What statement.intoto.jsonl is to hold, by the tag manifest's digest; NULL: none. */
	int (*statement)(void *ctx, const char *tagmanifest_sha256, struct sb *out, struct err *e);
	void *ctx;
};

struct pack *pack_new(void);
void pack_free(struct pack *p); /* NULL is fine */

/*
 * A file of the payload: data/NAME with the bytes of path, read when the package is written. -1 with e set: a name that cannot
 * travel (absolute, "..", control characters, '%', not UTF-8, Windows' own, differing only in case from another, the
 * same as another, a file where another needs a folder, longer than 240 bytes: names.h).
 */
int pack_add_file(struct pack *p, const char *name, const char *path, struct err *e);
/* The same with bytes in memory, which are copied. */
int pack_add_bytes(struct pack *p, const char *name, struct sv bytes, struct err *e);

/* Each file so far: its name ("data/x") and either its path or (path NULL) its bytes. Stops when fn does not return 0, and returns that. */
int pack_each(struct pack *p, int (*fn)(void *ctx, const char *name, const char *path, struct sv bytes, struct err *e), void *ctx,
    struct err *e);
/* Other bytes, copied, for a file that is there. */
void pack_replace(struct pack *p, const char *name, struct sv bytes);

/*
 * Writes the package to path: whole or not at all. 0 or -1: a file changed while it was read, a name that cannot be a
 * folder's (ERR_INPUT); a time outside 1970 to 2242, a line that bag-info.txt cannot hold (ERR_USAGE: bag.h).
 */
int pack_write(struct pack *p, const struct pack_info *info, const char *path, enum out_format format, struct err *e);

#endif
