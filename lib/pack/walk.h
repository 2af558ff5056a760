/*
 * walk - the files of a folder, tar or zip one after another, the names as they stand there; hostile ones end the walk.
 */
#ifndef SOAK_PACK_WALK_H
#define SOAK_PACK_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/io.h"

struct walk_item {
	struct sv name; /* "bag/data/x"; of a folder walked: "data/x" */
	bool folder;
	int64_t size, mtime; /* mtime: Unix seconds */
	struct io_src *src; /* NULL of a folder */
};

/*
 * Each file and folder of path, in the order they lie there (a folder's sorted by name). each returns 0, 1 to end the
 * walk, -1. archive, unless NULL: was it one? 0 or -1: errors as contents.h says.
 */
int walk(const char *path, int64_t max_bytes, bool *archive, int (*each)(void *ctx, const struct walk_item *it, struct err *e),
    void *ctx, struct err *e);

/*
 * 0, or -1 with e set: a name that no archive should have. "name-absolute", "name-traversal", "name-malformed" (empty parts, NUL),
 * "name-encoding", "limit-depth", "limit-name".
 */
int walk_check_name(struct sv name, struct err *e);

#endif
