/*
 * mustache_parse - a template as a tree; for mustache.c only.
 */
#ifndef SOAK_REPORT_MUSTACHE_PARSE_H
#define SOAK_REPORT_MUSTACHE_PARSE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum mustache_kind {
	MUSTACHE_TEXT,
	MUSTACHE_VALUE,
	MUSTACHE_RAW,
	MUSTACHE_SECTION,
	MUSTACHE_INVERTED,
	MUSTACHE_PARTIAL,
};

struct mustache_node {
	enum mustache_kind kind;
	int line;
	struct sv text;   /* the text, or the tag's name */
	struct sv indent; /* partial alone on its line: the blanks before it */
	struct mustache_node *child, *next;
};

/*
 * Reads text, which must outlive the tree, into *first (NULL when there is
 * nothing to render); the nodes are owned by the arena. 0 or -1 with e set.
 */
int mustache_parse(struct arena *a, const char *file, struct sv text,
    struct mustache_node **first, struct err *e);

#endif
