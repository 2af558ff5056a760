/*
 * Dumps of databases as evidence: "sql-dump". pg_dump, pg_dumpall, mysqldump, mariadb-dump and sqlite3's .dump end with a line
 * that says so; without it the dump was cut off, and a dump that was cut off is none. The tables and how many rows
 * each has become facts of the run: dump.rows.TABLE. The rows themselves are not read.
 *
 * Read byte by byte: a row or a statement may be larger than memory.
 */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/clean.h"
#include "base/mem.h"
#include "base/num.h"
#include "read/read.h"
#include "read/read_lines.h"

#define PREFIX 512      /* of a line that is looked at */
#define CHUNK 65536
#define TABLES 100000

struct flavour {
	const char *begins, *ends; /* lines that begin so */
	bool backslash;            /* escapes in strings; in standard SQL it is a character like any other */
};

static const struct flavour flavours[] = {
    {"-- PostgreSQL database dump", "-- PostgreSQL database dump complete", false},
    {"-- PostgreSQL database cluster dump", "-- PostgreSQL database cluster dump complete", false},
    {"-- MySQL dump", "-- Dump completed", true},
    {"-- MariaDB dump", "-- Dump completed", true},
    {"/*M!999999\\- enable the sandbox mode */", "-- Dump completed", true}, /* newer mariadb-dump */
    {"PRAGMA foreign_keys=OFF;", "COMMIT;", false}, /* sqlite3 .dump */
};

struct dump_table {
	struct sv name;
	int64_t rows, line;
};

enum mode { PLAIN, COPY, INSERT };

struct dump {
	const struct flavour *flavour;
	struct arena arena;
	VEC(struct dump_table) table;
	size_t current;       /* the table that rows belong to */
	enum mode mode;
	int64_t line;
	char prefix[PREFIX];  /* of the line under way */
	size_t n;
	bool ended;           /* the last line that said anything was the end */
	/* of an INSERT */
	int depth;
	bool quoted, escaped;
};

/* The first line that says anything: which of them begins a dump? */
static const struct flavour *
find_flavour(struct sv head)
{
	struct sv rest = read_no_bom(head), line;
	bool first = true;
	int looked;

	for (looked = 0; looked < 20 && read_head_line(&rest, first, &line); looked++, first = false) {
		line = sv_trim(line);
		if (line.n == 0 || sv_is(line, "--"))
			continue;
		for (size_t i = 0; i < sizeof(flavours) / sizeof(*flavours); i++)
			if (sv_starts(line, flavours[i].begins))
				return &flavours[i];
		break;
	}
	return NULL;
}

static const char *
probe(const struct read_input *in)
{
	return find_flavour(in->head) != NULL ? "sql-dump" : NULL;
}

/* public.agents, `orders`, "Main"."t": up to the blank or bracket after it. */
static struct sv
name_at(struct sv text)
{
	size_t n = 0;
	char quote = 0;

	for (; n < text.n; n++) {
		char c = text.p[n];

		if (quote != 0)
			quote = c == quote ? 0 : quote;
		else if (c == '"' || c == '`')
			quote = c;
		else if (c == ' ' || c == '(' || c == ';' || c == '\t' || c == '\r')
			break;
	}
	return sv_head(text, n);
}

/* Which table of that name; a new one is added. */
static int
table_of(struct dump *d, struct sv name, const char *file, struct err *e)
{
	struct sb clean = {0};
	size_t i;

	clean_add(&clean, name);
	for (i = 0; i < d->table.n && !sv_eq(d->table.v[i].name, sb_sv(&clean)); i++)
		;
	if (i == TABLES) {
		sb_free(&clean);
		return err_set(e, ERR_LIMIT, "%s:%lld: more than %d tables", file, (long long)d->line, TABLES);
	}
	if (i == d->table.n)
		*vec_add(&d->table) = (struct dump_table){arena_sv(&d->arena, sb_sv(&clean)), 0, d->line};
	d->current = i;
	sb_free(&clean);
	return 0;
}

/* Takes word off the beginning. */
static bool
take(struct sv *text, const char *word)
{
	if (!sv_starts(*text, word))
		return false;
	*text = sv_from(*text, strlen(word));
	return true;
}

/* A line outside of rows, or the beginning of one. */
static int
plain_line(struct dump *d, struct sv line, const char *file, struct err *e)
{
	struct sv rest = line;

	if (sv_trim(line).n > 0 && !sv_is(sv_trim(line), "--") && !sv_starts(line, "\\unrestrict"))
		d->ended = sv_starts(line, d->flavour->ends);
	if (take(&rest, "CREATE TABLE ") || take(&rest, "CREATE UNLOGGED TABLE ")) {
		(void)take(&rest, "IF NOT EXISTS ");
		return table_of(d, name_at(rest), file, e);
	}
	if (take(&rest, "COPY ") && sv_ends(sv_trim(line), "FROM stdin;")) {
		d->mode = COPY;
		return table_of(d, name_at(rest), file, e);
	}
	return 0;
}

/* The bytes of an INSERT: each bracket that opens at the outermost level after VALUES is a row; ';' there ends it. */
static void
insert_byte(struct dump *d, char c)
{
	if (d->escaped) {
		d->escaped = false;
	} else if (d->quoted) {
		if (c == '\\')
			d->escaped = d->flavour->backslash;
		else if (c == '\'')
			d->quoted = false;
	} else if (c == '\'') {
		d->quoted = true;
	} else if (c == '(') {
		if (d->depth++ == 0)
			d->table.v[d->current].rows++;
	} else if (c == ')') {
		d->depth -= d->depth > 0;
	} else if (c == ';' && d->depth == 0) {
		d->mode = PLAIN;
	}
}

/* "INSERT INTO t (a, b) VALUES" has been read: what follows are rows. 0 or -1; not an INSERT: nothing happens. */
static int
begin_insert(struct dump *d, const char *file, struct err *e)
{
	struct sv line = {d->prefix, d->n}, rest = line, values = SV("VALUES");
	size_t at;

	if (!take(&rest, "INSERT INTO ") || (at = sv_find(rest, values)) == rest.n)
		return 0;
	if (table_of(d, name_at(rest), file, e) < 0)
		return -1;
	d->mode = INSERT;
	d->depth = 0;
	d->quoted = d->escaped = false;
	d->ended = false;
	return 0;
}

static int
end_line(struct dump *d, const char *file, struct err *e)
{
	struct sv line = {d->prefix, d->n};
	int rc = 0;

	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	if (d->mode == COPY && sv_is(line, "\\."))
		d->mode = PLAIN;
	else if (d->mode == COPY)
		d->table.v[d->current].rows++;
	else if (d->mode == PLAIN)
		rc = plain_line(d, line, file, e);
	d->n = 0;
	return rc;
}

static int
one_byte(struct dump *d, char c, const char *file, struct err *e)
{
	if (d->mode == INSERT) {
		insert_byte(d, c);
		d->line += c == '\n';
		d->n = 0;
		return 0;
	}
	if (c == '\n') {
		if (end_line(d, file, e) < 0)
			return -1;
		d->line++;
		return 0;
	}
	if (d->n < PREFIX) {
		d->prefix[d->n++] = c;
		/* Long before its end the line may hold more rows than memory. */
		if (c == 'S' && d->mode == PLAIN && d->n > 6 && memcmp(d->prefix + d->n - 6, "VALUES", 6) == 0)
			return begin_insert(d, file, e);
	}
	return 0;
}

static int
tell(const struct dump *d, const struct read_sink *sink, struct err *e)
{
	struct read_fact f = {.line = 1};
	char number[NUM_TEXT];
	struct sb path = {0};
	int rc = 0;

	for (size_t i = 0; i <= d->table.n && rc == 0; i++) {
		const struct dump_table *t = i < d->table.n ? &d->table.v[i] : NULL;

		sb_reset(&path);
		sb_addf(&path, t == NULL ? "dump.tables" : "dump.rows.%" SV_FMT, SV_ARG(t == NULL ? SV("") : t->name));
		f.value = t == NULL ? (double)d->table.n : (double)t->rows;
		f.line = t == NULL ? 1 : t->line;
		f.path = sb_sv(&path);
		f.text = sv_of(num_text(f.value, number));
		rc = sink->run(sink->ctx, &f, e);
	}
	sb_free(&path);
	return rc;
}

static int
read_bytes(struct dump *d, const struct read_input *in, struct err *e)
{
	char *chunk = mem_new(CHUNK, 1);
	ptrdiff_t n;
	int rc = 0;

	while (rc == 0 && (n = in->src->read(in->src, chunk, CHUNK, e)) != 0) {
		if (n < 0)
			rc = -1;
		for (ptrdiff_t i = 0; i < n && rc == 0; i++)
			rc = one_byte(d, chunk[i], in->name, e);
	}
	if (rc == 0 && d->n > 0)
		rc = end_line(d, in->name, e);
	mem_free(chunk);
	return rc;
}

static int
read_dump(const struct read_input *in, const struct read_sink *sink, struct err *e)
{
	struct dump d = {.flavour = find_flavour(in->head), .line = 1};
	int rc;

	if (d.flavour == NULL)
		return err_set(e, ERR_INPUT, "%s:1: not a dump of a database", in->name);
	rc = read_bytes(&d, in, e);
	if (rc == 0 && (d.mode != PLAIN || !d.ended))
		rc = err_set(e, ERR_INPUT, "%s:%lld: cut off: a dump ends with \"%s\", and this one does not", in->name,
		    (long long)d.line, d.flavour->ends);
	if (rc == 0)
		rc = tell(&d, sink, e);
	vec_free(&d.table);
	arena_free(&d.arena);
	return rc;
}

const struct reader reader_sqldump = {probe, read_dump, {{"sql-dump",
    "Dump of a database (pg_dump, mysqldump, mariadb-dump, sqlite3 .dump): is it whole, how many rows"}}};
