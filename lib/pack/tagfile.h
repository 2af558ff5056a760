/*
 * tagfile - the lines of a bag's tag files: bagit.txt, manifests, fetch.txt, bag-info.txt (RFC 8493 2; versions 0.93 to 1.0).
 *
 * Knows text, no files: whether what is listed is there is inspect.c's part.
 */
#ifndef SOAK_PACK_TAGFILE_H
#define SOAK_PACK_TAGFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

struct tag_declaration {
	int version; /* 97 is 0.97, 100 is 1.0 */
	struct sv charset;
};
/* bagit.txt, exactly its two lines. -1 with e set ("bagit-malformed: ..."). */
int tag_declaration(struct sv text, struct tag_declaration *out, struct err *e);

/* The next line of *rest (ended by LF, CRLF or CR) into *line; false at the end. */
bool tag_line(struct sv *rest, struct sv *line);

/*
 * "manifest-ALG.txt" or "tagmanifest-ALG.txt", a file's whole name; the algorithm as it stands there. *tags: is it a tag manifest?
 */
bool tag_manifest_name(struct sv name, struct sv *algorithm, bool *tags);

/* A manifest's line in two; false when it is none. The path is not decoded. */
bool tag_manifest_line(struct sv line, struct sv *hex, struct sv *path);

/* A path with %0A, %0D (and with percent %25) as the characters they stand for. Owned by the arena, or path itself. */
struct sv tag_decode(struct arena *a, struct sv path, bool percent);

/* Why a listed path may not be used ("../x", "/x", "~x", a drive), or NULL. */
const char *tag_unsafe(struct sv path);

/* "URL LENGTH PATH"; false when it is none. */
bool tag_fetch_line(struct sv line, struct sv *url, struct sv *length, struct sv *path);

#endif
