/*
 * bundle - walks what a file holds: itself, what is compressed in it (gz, xz, zst, bz2), the members of an
 * archive (tar, zip), nested; through libarchive (its one reading home), without unpacking to disk.
 */
#ifndef SOAK_READ_BUNDLE_H
#define SOAK_READ_BUNDLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/err.h"
#include "base/io.h"

#define BUNDLE_MAX_DEPTH 4 /* members of archives inside archives ... */

/*
 * Formats: tar and zip (read as a stream: its central directory is not consulted); filters: gzip, bzip2, xz, zstd,
 * lz4. Bounds: 64 GiB decompressed in one walk, 500 times an item's size above 64 MiB, a million members
 * (ERR_LIMIT as the item's error). Where compressed bytes end too early, up to the last 64 KiB before
 * the end are lost with it: libarchive hands out whole blocks.
 */

struct bundle_item {
	const char *name;     /* "archive.tar.gz/dir/member", or the operand's own name */
	struct io_src *src;   /* decompressed bytes */
	int64_t mtime;        /* archive member's, milliseconds; TIME_NONE unknown */
	int depth;            /* 0 for the operand itself */
};

/* The digest is of the item's bytes as they lie there (still compressed). Known only once all is read. */
struct bundle_done {
	char sha256[DIGEST_HEX];
	char prefix_sha256[DIGEST_HEX]; /* of the first prefix_size bytes, "" when there were fewer */
	int64_t size;
	int64_t read; /* of these, what was needed to come to the archive's own end (only of bundle_walk_flat) */
	bool damaged;      /* gzip's checksum does not match: nothing that was decompressed can be trusted */
};

struct bundle_sink {
	void *ctx;
	/* Before an item is read: how many leading bytes to digest apart (a file that grew); 0 none. */
	int64_t (*prefix_size)(void *ctx, const char *name);
	/*
	 * A plain item. Read as much as wanted of it->src; it is then drained to its end. Return 0 or -1 (trouble
	 * of ours, ends the walk). A reading error of the item itself is returned by src->read.
	 */
	int (*begin)(void *ctx, struct bundle_item *it, struct err *e);
	/* The item begun last is through. read_error: NULL, or why its bytes ended too early. */
	int (*end)(void *ctx, const struct bundle_item *it, const struct bundle_done *d, const struct err *read_error,
	    struct err *e);
	/* An archive (its members came before): its own name, digest and format; error as above. */
	int (*archive)(void *ctx, const char *name, const char *format, int64_t members, const struct bundle_done *d,
	    const struct err *read_error, struct err *e);
	/* A member that is not read: link, device, hostile name, too deep. */
	int (*refused)(void *ctx, const char *name, const char *why, struct err *e);
};

/* Walks src, called name. 0, or -1 when a callback failed. */
int bundle_walk(struct io_src *src, const char *name, const struct bundle_sink *sink, struct err *e);

/*
 * One level only, for those who look into what a level leaves over: the members of a tar or zip as they lie there, or (BUNDLE_PACKED) what is
 * compressed in xz, bzip2 or lz4. The item itself, at depth 0, comes when it is packed, or is no archive after all; of members, at
 * depth 1, the end tells no digest and no size.
 */
enum bundle_level { BUNDLE_ALL, BUNDLE_MEMBERS, BUNDLE_PACKED };
int bundle_walk_flat(struct io_src *src, const char *name, enum bundle_level what, const struct bundle_sink *sink, struct err *e);

#endif
