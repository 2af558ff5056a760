/*
 * csv_row - rows of separated values (RFC 4180), one at a time: fields in quotes may hold delimiters, quotes written twice and line
 * ends. Knows no columns.
 */
#ifndef SOAK_READ_CSV_ROW_H
#define SOAK_READ_CSV_ROW_H

#include "base/io.h"
#include "base/mem.h"

#define CSV_MAX_ROW ((size_t)1 << 20)
#define CSV_MAX_FIELDS 4096

struct csv {
	struct io_lines lines;
	char delimiter;
	int64_t line;  /* the row began in, from 1 */
	bool stray;    /* the row given last: something stood behind a closing quote, and was taken as text */
	bool cut;      /* no newline behind it */
	struct sb text;
	VEC(size_t) end; /* of each field in text */
	VEC(struct sv) field;
};

void csv_init(struct csv *c, struct io_src *src, char delimiter);
void csv_free(struct csv *c);
/* The next row that is not blank, in c->field until the next call: 1, 0 the end, -1 with e set ("NAME:LINE: ..."). */
int csv_next(struct csv *c, const char *name, struct err *e);

#endif
