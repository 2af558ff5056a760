/*
 * The "csv:" part of a format's YAML; docs/formats.md explains the keys.
 */
#include "read/format_def.h"

#include <string.h>

#define MAX_COLUMNS 256
#define OPTIONAL (1 << 20)

struct building {
	struct arena *a;
	struct format_csv *f;
};

/* The number of a column, which is added when it is new; -1 when there are too many. */
static int
column(struct building *b, const struct doc *d, struct sv name, struct err *e)
{
	struct format_csv *f = b->f;
	size_t i;

	for (i = 0; i < f->ncolumns; i++)
		if (sv_eq(f->column[i], name))
			return (int)i;
	if (f->fixed)
		return doc_err(d, e, "\"columns\" name no column '%" SV_FMT "'", SV_ARG(sv_head(name, 80)));
	if (f->ncolumns == MAX_COLUMNS)
		return doc_err(d, e, "more than %d columns", MAX_COLUMNS);
	f->column[f->ncolumns] = arena_sv(b->a, name);
	return (int)f->ncolumns++;
}

/* For emit_load(): a column is its number, group g of split s is MAX_COLUMNS * (s + 1) + g; OPTIONAL is added for "name?". */
static int
find_value(void *ctx, const struct doc *d, struct sv name, struct err *e)
{
	bool optional = sv_ends(name, "?");
	struct sv plain = optional ? sv_head(name, name.n - 1) : name;
	struct building *b = ctx;
	char *text = mem_dup(plain.p, plain.n);
	int group = -1, number;
	size_t i;

	for (i = 0; i < b->f->nsplits && group < 0; i++)
		group = regex_group(b->f->split[i].pattern, text);
	mem_free(text);
	number = group >= 0 ? (int)(MAX_COLUMNS * i) + group : column(b, d, plain, e);
	return number >= 0 && optional ? number + OPTIONAL : number;
}

struct sv
format_csv_value(int number, const struct sv *field, const struct sv *group)
{
	int n = number % OPTIONAL;
	struct sv v;

	if (n < MAX_COLUMNS)
		v = sv_trim(field[n]);
	else
		v = sv_trim(group[((size_t)n / MAX_COLUMNS - 1) * (FORMAT_MAX_GROUPS + 1) + (size_t)n % MAX_COLUMNS]);
	if (v.n > 0)
		return v;
	return number >= OPTIONAL ? SV("") : (struct sv){NULL, 0};
}

static int
load_delimiter(const struct doc *d, struct format_csv *out, struct err *e)
{
	const struct doc *c = doc_get(d, "delimiter");

	out->delimiter = ',';
	if (c == NULL)
		return 0;
	if (sv_is(c->text, "tab"))
		out->delimiter = '\t';
	else if (c->kind == DOC_STRING && c->text.n == 1 && c->text.p[0] != '"' && c->text.p[0] != '\n')
		out->delimiter = c->text.p[0];
	else
		return doc_err(c, e, "expected one character (or \"tab\")");
	return 0;
}

static int
load_split(struct building *b, const struct doc *d, struct err *e)
{
	struct format_csv *f = b->f;
	const struct doc *c;
	struct err why = {0};
	int number;

	if (d == NULL)
		return 0;
	if (d->kind != DOC_MAP || d->n > 32)
		return doc_err(d, e, "expected a map of up to 32 columns: {MEM USAGE / LIMIT: '^(?<used>\\S+) / (?<limit>\\S+)$'}");
	f->split = arena_new(b->a, d->n, sizeof(*f->split));
	for (c = doc_first(d); c != NULL; c = c->next) {
		if ((number = column(b, c, c->key, e)) < 0 || format_string(d, arena_str(b->a, c->key), e) == NULL)
			return -1;
		f->split[f->nsplits].column = (size_t)number;
		if ((f->split[f->nsplits].pattern = regex_new(c->text, 0, &why)) == NULL)
			return doc_err(c, e, "%s", why.msg);
		if (regex_count(f->split[f->nsplits++].pattern) > FORMAT_MAX_GROUPS)
			return doc_err(c, e, "more than %d groups in one pattern", FORMAT_MAX_GROUPS);
	}
	return 0;
}

/* With "columns" the file has no header, and "recognise" is a pattern of its lines; else the names of columns. */
static int
load_recognise(struct building *b, const struct doc *d, struct err *e)
{
	const struct doc *columns = doc_get(d, "columns"), *recognise, **names;
	struct format_csv *f = b->f;
	struct err why = {0};
	size_t i, n;

	if (columns != NULL) {
		if ((recognise = format_string(d, "recognise", e)) == NULL)
			return -1;
		if ((f->pattern = regex_new(recognise->text, 0, &why)) == NULL)
			return doc_err(recognise, e, "%s", why.msg);
	}
	if (format_strings(b->a, d, columns != NULL ? "columns" : "recognise", &names, &n, e) < 0)
		return -1;
	if (n == 0)
		return doc_err(d, e, "\"%s\" names no column", columns != NULL ? "columns" : "recognise");
	for (i = 0; i < n; i++)
		if (column(b, names[i], names[i]->text, e) != (int)i)
			return doc_err(names[i], e, "this column is named twice");
	f->nrecognise = n;
	f->fixed = columns != NULL;
	return 0;
}

int
format_csv_load(struct emit_scope *s, const struct doc *d, struct format_csv *out, struct err *e)
{
	static const char *const keys[] = {"recognise", "columns", "delimiter", "split", EMIT_KEYS, "count", NULL};
	struct building b = {s->arena, out};

	out->column = arena_new(s->arena, MAX_COLUMNS, sizeof(*out->column));
	if (format_keys(d, keys, e) < 0 || load_delimiter(d, out, e) < 0 || load_recognise(&b, d, e) < 0 ||
	    load_split(&b, doc_get(d, "split"), e) < 0)
		return -1;
	s->find = find_value;
	s->ctx = &b;
	if (emit_load(s, d, &out->emit, e) < 0 || counts_load(s, d, &out->counts, e) < 0)
		return -1;
	if (out->emit.n + out->counts.n == 0)
		return doc_err(d, e, "missing key \"sample\" (or \"event\", \"result\", \"claim\", \"run\", \"count\")");
	return 0;
}

void
format_csv_free(struct format_csv *f)
{
	size_t i;

	regex_free(f->pattern);
	for (i = 0; i < f->nsplits; i++)
		regex_free(f->split[i].pattern);
	*f = (struct format_csv){0};
}
