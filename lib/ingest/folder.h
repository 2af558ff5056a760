/*
 * folder - the regular files of a folder and of those below it, in natural order of names.
 */
#ifndef SOAK_INGEST_FOLDER_H
#define SOAK_INGEST_FOLDER_H

#include <stdint.h>

#include "base/err.h"

#define FOLDER_MAX_DEPTH 32

struct folder_sink {
	void *ctx;
	/*
	 * A file, open for reading from its start; closed afterwards. path is relative to the folder, name is the same
	 * fit to be shown.
	 */
	int (*file)(void *ctx, int fd, const char *name, const char *path, struct err *e);
	/* A file or folder that could not be opened, and why. */
	int (*unreadable)(void *ctx, const char *name, const char *why, struct err *e);
	/* An entry that is not looked at, and why. NULL: nobody asks. */
	int (*left_out)(void *ctx, const char *name, const char *why, struct err *e);
	const char *skip; /* a folder that is left out where it lies below: our own output; NULL none */
};

/*
 * Walks the folder. Hidden entries (".x"), links, devices, pipes and sockets are left out; nothing below leads
 * out of the folder. 0; 1 when the folder itself cannot be read (e says why); -1 when a callback failed.
 */
int folder_walk(const char *path, const struct folder_sink *sink, struct err *e);

#endif
