/*
 * contents - what a package or folder holds, without unpacking it: names, sizes, digests, and the bytes of small files asked for.
 *
 * A tar (plain or in gzip, zstd, xz, bzip2, lz4) or zip file, or a folder. Whatever could mean different things to two programs is refused:
 * links, devices, hard links, absolute names and such with "..", two members of one name, names that are not UTF-8,
 * bytes behind the end, a missing end. Errors of the contents are ERR_INPUT or ERR_LIMIT and begin with the name of
 * a reason ("name-traversal: ..."; docs/package.md lists them); of the system ERR_SYS.
 */
#ifndef SOAK_PACK_CONTENTS_H
#define SOAK_PACK_CONTENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/mem.h"

#define CONTENTS_MAX_BYTES ((int64_t)64 << 30) /* uncompressed, in all */
#define CONTENTS_MAX_FILES 1000000
#define CONTENTS_MAX_NAME 1024
#define CONTENTS_MAX_DEPTH 32
#define CONTENTS_MAX_KEPT ((int64_t)256 << 20) /* bytes of kept files in all */

struct contents_file {
	struct sv name; /* relative to the top folder */
	int64_t size;
	char sha256[DIGEST_HEX];
	bool kept;
	struct sv bytes; /* of a kept one */
};

struct contents {
	const char *path;
	struct sv top;          /* an archive's one top folder, else empty */
	bool archive, has_data; /* has_data: a folder data/ is there, be it empty */
	VEC(struct contents_file) file; /* sorted by name, bytewise */
	struct arena arena;
};

/* max_bytes 0: CONTENTS_MAX_BYTES. keep: is this file, by its name and size, to be kept? */
struct contents_opts {
	int64_t max_bytes;
	bool (*keep)(void *ctx, struct sv name, int64_t size);
	void *ctx;
};

/* Reads all of path; 0 or -1. c is to be freed in both cases. */
int contents_read(struct contents *c, const char *path, const struct contents_opts *o, struct err *e);
void contents_free(struct contents *c);

/* By its name; NULL. */
const struct contents_file *contents_find(const struct contents *c, struct sv name);

/*
 * Reads path once more: digests of all files by n other algorithms (digest_new_of() knows them), and tells that a
 * file is another now (ERR_INPUT "changed-meanwhile: ..."). got(ctx, file, which algorithm, hex).
 */
int contents_digest(const struct contents *c, const struct sv *algorithm, size_t n,
    int (*got)(void *ctx, const struct contents_file *f, size_t which, struct sv hex), void *ctx, struct err *e);

/* One file's bytes to out, as they are read; what() of it as in contents_read. ERR_INPUT when it is not there. */
int contents_extract(const char *path, struct sv name, int (*give)(void *ctx, const void *p, size_t n, struct err *e),
    void *ctx, struct err *e);

#endif
