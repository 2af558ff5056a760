/*
 * format_def - a declarative format as structs; formats.c fills them in from YAML,
 * fmt_lines.c, fmt_json.c, fmt_jsonlines.c and fmt_csv.c read with them.
 */
#ifndef SOAK_READ_FORMAT_DEF_H
#define SOAK_READ_FORMAT_DEF_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/doc.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/regex.h"
#include "base/str.h"
#include "read/emit.h"
#include "read/formats.h"
#include "read/json_records.h"

#define FORMAT_MAX_GROUPS 32 /* in one pattern */
#define FORMAT_MAX_KEPT 64   /* names of values that lines keep for later ones */
#define FORMAT_MAX_BLOCKS 16

/* By which numbers the values of a log's templates are known: those below are the pattern's groups. */
enum format_value {
	FORMAT_KEPT = FORMAT_MAX_GROUPS + 1,              /* and up: kept ones */
	FORMAT_LINE = FORMAT_KEPT + FORMAT_MAX_KEPT,      /* @line: the number of the line */
	FORMAT_LAST,                                      /* @last: the last line before that a pattern matched */
};

struct format_keep {
	int slot, number; /* the kept value, and the value it becomes */
};

struct format_match {
	struct regex *pattern;
	struct emit_set emit;
	struct format_keep *keep;
	size_t nkeep;
	int begin;   /* the block that begins here; -1: none */
	bool end;    /* the block under way ends with this line */
	unsigned in; /* bits of the blocks it applies in, FORMAT_OUTSIDE; 0: anywhere */
};
#define FORMAT_OUTSIDE (1u << FORMAT_MAX_BLOCKS)

struct format_block { /* lines that belong together, such as a checkpoint */
	struct sv name;
	struct sv first[FORMAT_MAX_KEPT]; /* what a kept value is at the beginning */
	bool resets[FORMAT_MAX_KEPT];
	struct emit_set emit; /* made when the block is over */
};

struct format_lines {
	struct regex *recognise;
	struct regex **skip, **continues, **failures; /* failures: a line that no pattern matches must not be passed over */
	size_t nskip, ncontinues, nfailures;
	struct sv kept[FORMAT_MAX_KEPT]; /* their names */
	size_t nkept;
	struct format_block *block;
	size_t nblocks;
	struct format_match *match;
	size_t nmatch;
	enum { OTHERWISE_PROBLEM, OTHERWISE_CONTINUE, OTHERWISE_NOTE } otherwise;
};

struct format_paths {
	struct format_path *v;
	size_t n;
};

struct format_json { /* of a document, or of each line (then only recognise and records) */
	struct format_paths recognise, claims, run;
	struct format_paths needs; /* of lines: what each must have to be used */
	struct json_records_set records;
	bool salvage; /* what is not JSON is read as far as it is certain */
};

struct format_split { /* a column that holds several values: the groups of its pattern */
	size_t column;
	struct regex *pattern;
};

struct format_csv {
	char delimiter;
	struct sv *column;     /* those that are asked for, or all when fixed */
	size_t ncolumns, nrecognise; /* the first nrecognise make the file one of this format */
	bool fixed;            /* the file has no row that names them */
	struct regex *pattern; /* fixed: recognises its lines */
	struct format_split *split;
	size_t nsplits;
	struct emit_set emit;
	struct counts_set counts;
};

enum format_kind { FORMAT_LINES, FORMAT_JSON, FORMAT_JSONL, FORMAT_CSV };

struct format {
	const char *name, *title, *file;
	char sha256[DIGEST_HEX]; /* of the file's text */
	enum format_kind kind;
	struct emit_words *words; /* the maps that values are looked up in */
	size_t nwords;
	int nemit;                /* record templates: for emit_begin() */
	struct format_lines lines;
	struct format_json json;
	struct format_csv csv;
};

struct read_formats {
	struct arena arena;
	VEC(struct format) v; /* by name */
};

/* The format of that name and kind, or NULL; f may be NULL. */
const struct format *format_find(const struct read_formats *f, enum format_kind kind,
    const char *name);

/* One part each of the YAML: fill *out or give -1 with e set (file:line:col). s has the format's words. */
int format_lines_load(struct emit_scope *s, const struct doc *d, struct format_lines *out, struct err *e);
int format_json_load(struct emit_scope *s, const struct doc *d, struct format_json *out, struct err *e);
int format_jsonl_load(struct emit_scope *s, const struct doc *d, struct format_json *out, struct err *e);
int format_csv_load(struct emit_scope *s, const struct doc *d, struct format_csv *out, struct err *e);
void format_csv_free(struct format_csv *f);
/* The value by the number that its templates have: out of the format's columns and the groups of its splits. p NULL: it is empty. */
struct sv format_csv_value(int number, const struct sv *field, const struct sv *group);
/* Has the document all paths by which the format is recognised? */
bool format_json_fits(const struct format_json *f, const struct doc *d);
bool format_paths_all(const struct format_paths *p, const struct doc *d);
/* What the arena does not own: the compiled patterns. */
void format_lines_free(struct format_lines *l);

/* Every key of the map d is one of known (NULL-terminated), else -1. Also when d is no map. */
int format_keys(const struct doc *d, const char *const *known, struct err *e);
/* The non-empty string of a map, NULL with e set when it is missing or something else. */
const struct doc *format_string(const struct doc *map, const char *key, struct err *e);
/*
 * The strings of map's key, which may be one string or a list of them; NULL in *v when the
 * key is not there. -1 with e set for anything else.
 */
int format_strings(struct arena *a, const struct doc *map, const char *key,
    const struct doc ***v, size_t *n, struct err *e);

#endif
