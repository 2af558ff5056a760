/*
 * table - rows of cells: aligned columns for people, tab-separated for programs. Cells are cleaned of control characters.
 *
 *	struct table t = {0};
 *	table_cell(&t, SV("id")); table_cell(&t, SV("value")); table_row(&t);
 *	table_write(&t, tsv, &out);
 *	table_free(&t);
 */
#ifndef SOAK_TOOLS_TABLE_H
#define SOAK_TOOLS_TABLE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"

struct table_cell {
	struct sv text;
	size_t width; /* characters */
	bool last;    /* of its row */
};

struct table {
	struct arena arena;
	VEC(struct table_cell) cell;
};

void table_cell(struct table *t, struct sv text);
/* A cell by format. */
void table_cellf(struct table *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Ends the row. */
void table_row(struct table *t);
/* Appends all rows. */
void table_write(const struct table *t, bool tsv, struct sb *out);
void table_free(struct table *t);

#endif
