/*
 * mustache_parse - a template as a tree; for mustache.c only.
 */
#ifndef SOAK_REPORT_MUSTACHE_PARSE_H
#define SOAK_REPORT_MUSTACHE_PARSE_H

#include <stdbool.h>

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
	MUSTACHE_PARENT, /* a partial with arguments: the blocks among its children */
	MUSTACHE_BLOCK,  /* a place that arguments may fill; in a parent: an argument */
};

/* A template, or a piece of one that begins with other delimiters, on a later line. */
struct mustache_source {
	const char *file;
	struct sv text;
	int line;                   /* of its first byte */
	struct sv opening, closing; /* empty: {{ and }} */
};

struct mustache_node {
	enum mustache_kind kind;
	int line;
	struct sv text;   /* the text, or the tag's name */
	bool dynamic;     /* partial, parent: the name's value is the name */
	struct sv indent; /* partial, parent: alone on its line: the blanks before it. Block: what an argument is indented by */
	bool own_line;    /* block: its first line is indented, too; else that stands there already */
	struct mustache_source body; /* block: as it stands, for use as an argument */
	struct sv dedent; /* ... and how far it is indented itself */
	struct mustache_node *child, *next;
};

/*
 * Reads a source, whose texts must outlive the tree, into *first (NULL when there is nothing to render); the nodes are
 * owned by the arena. 0 or -1 with e set.
 */
int mustache_parse(struct arena *a, const struct mustache_source *s, struct mustache_node **first, struct err *e);

#endif
