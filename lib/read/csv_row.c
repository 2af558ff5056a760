#include "read/csv_row.h"

#include <inttypes.h>

#include "read/read_lines.h"

void
csv_init(struct csv *c, struct io_src *src, char delimiter)
{
	*c = (struct csv){.delimiter = delimiter};
	io_lines_init(&c->lines, src, CSV_MAX_ROW);
}

void
csv_free(struct csv *c)
{
	io_lines_free(&c->lines);
	sb_free(&c->text);
	vec_free(&c->end);
	vec_free(&c->field);
}

enum state { AT_START, PLAIN, QUOTED, CLOSED };

static void
end_field(struct csv *c)
{
	if (c->end.n < CSV_MAX_FIELDS)
		*vec_add(&c->end) = c->text.n;
}

/* The rest of a row, or of a line of it when it ends QUOTED. */
static enum state
scan(struct csv *c, struct sv line, enum state state)
{
	size_t i;

	for (i = 0; i < line.n; i++) {
		char ch = line.p[i];

		if (state == QUOTED) {
			if (ch != '"')
				sb_addc(&c->text, ch);
			else if (i + 1 < line.n && line.p[i + 1] == '"')
				sb_addc(&c->text, line.p[i++]);
			else
				state = CLOSED;
		} else if (ch == c->delimiter) {
			end_field(c);
			state = AT_START;
		} else if (ch == '"' && state == AT_START) {
			state = QUOTED;
		} else {
			c->stray = c->stray || state == CLOSED;
			sb_addc(&c->text, ch);
			state = PLAIN;
		}
	}
	return state;
}

static void
fields(struct csv *c)
{
	size_t i, at = 0;

	c->field.n = 0;
	for (i = 0; i < c->end.n; i++) {
		*vec_add(&c->field) = sv_head(sv_from(sb_sv(&c->text), at), c->end.v[i] - at);
		at = c->end.v[i];
	}
}

int
csv_next(struct csv *c, const char *name, struct err *e)
{
	enum state state = AT_START;
	struct sv line;
	int rc;

	sb_reset(&c->text);
	c->end.n = 0;
	c->stray = false;
	do {
		if ((rc = io_lines_next(&c->lines, &line, e)) <= 0)
			return rc < 0 ? read_lines_failed(&c->lines, name, e) : 0;
		if (c->lines.line == 1)
			line = read_no_bom(line);
	} while (sv_trim(line).n == 0);
	c->line = c->lines.line;
	while ((state = scan(c, line, state)) == QUOTED) {
		sb_addc(&c->text, '\n');
		if (c->text.n > CSV_MAX_ROW)
			return err_set(e, ERR_LIMIT, "%s:%" PRId64 ": row longer than 1 MiB (a quote that is not closed?)", name, c->line);
		if ((rc = io_lines_next(&c->lines, &line, e)) < 0)
			return read_lines_failed(&c->lines, name, e);
		if (rc == 0)
			return err_set(e, ERR_INPUT, "%s:%" PRId64 ": cut off inside a quoted field", name, c->line);
	}
	end_field(c);
	c->cut = !c->lines.ends_in_newline;
	fields(c);
	return 1;
}
