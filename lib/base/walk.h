/*
 * walk - the regular files below a folder, in natural order ("h2" before "h10"), the same on every disk.
 */
#ifndef SOAK_BASE_WALK_H
#define SOAK_BASE_WALK_H

#include "base/err.h"
#include "base/mem.h"

struct walk {
	VEC(char *) file;  /* names relative to the folder, '/' between parts */
	size_t left_out;   /* hidden files, links, devices, folders deeper than WALK_MAX_DEPTH: not followed */
};

#define WALK_MAX_DEPTH 32

/* Fills w (zeroed by the caller). 0, or -1 when the folder itself or one below it cannot be read. Free w either way. */
int walk_folder(struct walk *w, const char *folder, struct err *e);
void walk_free(struct walk *w);

/* Orders names so that runs of digits compare as numbers: <0, 0, >0; equal only when the bytes are. */
int walk_natural(const char *a, const char *b);

#endif
