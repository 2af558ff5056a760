/*
 * shape_table - verdict.json's schema as tables; as tables, and how they are applied.
 */
#ifndef SOAK_REPORT_SHAPE_TABLE_H
#define SOAK_REPORT_SHAPE_TABLE_H

#include "base/arena.h"
#include "base/doc.h"
#include "base/err.h"

enum {
	SHAPE_STRING = 1 << DOC_STRING,
	SHAPE_NUMBER = 1 << DOC_NUMBER,
	SHAPE_BOOL = 1 << DOC_BOOL,
	SHAPE_MAP = 1 << DOC_MAP,
	SHAPE_LIST = 1 << DOC_LIST,
	SHAPE_NIL = 1 << DOC_NULL,
	SHAPE_ABSENT = 1 << 16, /* may be left out */
};

struct shape {
	const char *key;          /* NULL ends a table */
	unsigned kinds;
	const struct shape *part; /* of a map; of a list's items, which are strings where it is NULL */
};

/* Of the whole document. */
extern const struct shape shape_top[];

/* Copies what the table names from one map into another, an empty one. 0, or -1: something is missing or of another kind. */
int shape_map(struct arena *a, const struct doc *from, const struct shape *part, struct doc *to, struct err *e);

#endif
