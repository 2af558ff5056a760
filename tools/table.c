#include "table.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/clean.h"

#define COLUMNS 32

void
table_cell(struct table *t, struct sv text)
{
	struct table_cell *c = vec_add(&t->cell);
	struct sb clean = {0};

	clean_add(&clean, text);
	for (size_t i = 0; i < clean.n; i++)
		c->width += ((unsigned char)clean.buf[i] & 0xc0) != 0x80;
	c->text = arena_sv(&t->arena, sb_sv(&clean));
	sb_free(&clean);
}

void
table_cellf(struct table *t, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	table_cell(t, sv_of(text));
}

void
table_row(struct table *t)
{
	if (t->cell.n > 0)
		t->cell.v[t->cell.n - 1].last = true;
}

void
table_write(const struct table *t, bool tsv, struct sb *out)
{
	size_t width[COLUMNS] = {0}, i, column;

	for (i = 0, column = 0; i < t->cell.n; i++) {
		if (column < COLUMNS && t->cell.v[i].width > width[column])
			width[column] = t->cell.v[i].width;
		column = t->cell.v[i].last ? 0 : column + 1;
	}
	for (i = 0, column = 0; i < t->cell.n; i++) {
		const struct table_cell *c = &t->cell.v[i];

		sb_addv(out, c->text);
		if (c->last)
			sb_addc(out, '\n');
		else if (tsv)
			sb_addc(out, '\t');
		else
			sb_addf(out, "%*s", (int)(column < COLUMNS ? width[column] - c->width + 2 : 2), "");
		column = c->last ? 0 : column + 1;
	}
}

void
table_free(struct table *t)
{
	arena_free(&t->arena);
	vec_free(&t->cell);
}
