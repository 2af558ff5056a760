/*
 * step_search - a file level by level, for the scanner of lib/secret: its bytes, what is compressed in it, members of archives,
 * texts of databases; and whatever of it could not be looked into.
 *
 * Nothing is trusted to say where it ends: the bytes of a container are searched, too, and bytes behind its end are told of.
 */
#ifndef SOAK_TOOLS_STEP_SEARCH_H
#define SOAK_TOOLS_STEP_SEARCH_H

#include <stdbool.h>

#include "base/digest.h"
#include "secret/secret.h"

struct search_hit {
	const char *name;          /* the file, or the member: "artifacts/a.tar.gz/x.log" */
	const struct secret_hit *hit;
	char digest[DIGEST_HEX];   /* of the value; "" of what is only to be looked at */
	bool plain;                /* offset and length are those of the file's own bytes */
};

struct search_sink {
	void *ctx;
	int (*hit)(void *ctx, const struct search_hit *h, struct err *e);
	void (*unseen)(void *ctx, const char *name, const char *why);
};

struct search;

/* Borrows both. */
struct search *search_new(const struct secret_rules *rules, const struct search_sink *sink);
void search_free(struct search *s); /* NULL is fine */

/* A file's name and what is in it. trusted: we wrote it, blobs of it need not be looked into. 0 or -1. */
int search_path(struct search *s, const char *name, const char *path, bool trusted, struct err *e);
/* The same of bytes, which are looked at as they are. */
int search_bytes(struct search *s, const char *name, struct sv bytes, struct err *e);

#endif
