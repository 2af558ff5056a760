/*
 * Tables of separated values, by the formats of kind "csv" (docs/formats.md): each row becomes records, its columns
 * are the values.
 */
#include <string.h>

#include "read/csv_row.h"
#include "read/format_def.h"
#include "read/odd.h"
#include "read/read_lines.h"

#define JUDGED_LINES 50

/* Where each of the format's columns stands in the row that names them; SIZE_MAX: nowhere. How many were found of the first n. */
static size_t
locate(const struct format_csv *f, const struct csv *header, size_t *place, size_t n)
{
	size_t i, k, found = 0;

	for (i = 0; i < f->ncolumns; i++) {
		place[i] = SIZE_MAX;
		for (k = 0; k < header->field.n && place[i] == SIZE_MAX; k++)
			if (sv_eq(sv_trim(header->field.v[k]), f->column[i]))
				place[i] = k;
		found += i < n && place[i] != SIZE_MAX;
	}
	return found;
}

static bool
has_columns(const struct format_csv *f, struct sv line)
{
	size_t *place = mem_new(f->ncolumns, sizeof(*place));
	struct io_mem m;
	struct csv c;
	bool all;

	io_mem_init(&m, line);
	csv_init(&c, &m.src, f->delimiter);
	all = csv_next(&c, "", NULL) > 0 && locate(f, &c, place, f->nrecognise) == f->nrecognise;
	csv_free(&c);
	mem_free(place);
	return all;
}

/* Without a header: do at least half of the first lines look so? */
static bool
has_lines(const struct format_csv *f, struct sv head)
{
	int lines = 0, hits = 0;
	struct sv line;
	bool first;

	for (first = true; lines < JUDGED_LINES && read_head_line(&head, first, &line); first = false) {
		if (sv_trim(line).n == 0)
			continue;
		lines++;
		hits += regex_match(f->pattern, line, NULL) == 1;
	}
	return lines > 0 && hits * 2 >= lines;
}

/* The format that asks for the most columns, of equal ones the first by name. */
static const char *
probe(const struct read_input *in)
{
	const struct format *f, *best = NULL;
	struct sv head = in->head, line;
	bool first = true;
	size_t i;

	if (in->formats == NULL)
		return NULL;
	do {
		if (!read_head_line(&head, first, &line))
			return NULL;
		first = false;
	} while (sv_trim(line).n == 0);
	for (i = 0; i < in->formats->v.n; i++) {
		f = &in->formats->v.v[i];
		if (f->kind != FORMAT_CSV || (best != NULL && f->csv.nrecognise <= best->csv.nrecognise))
			continue;
		if (f->csv.fixed ? has_lines(&f->csv, in->head) : has_columns(&f->csv, line))
			best = f;
	}
	return best == NULL ? NULL : best->name;
}

enum odd_kind { ODD_WIDTH, ODD_QUOTE, ODD_SPLIT, ODD_END, NODD };
static const char *const odd_text[NODD] = {
	[ODD_WIDTH] = "row with more or fewer fields than there are columns, not used",
	[ODD_QUOTE] = "text behind a closing quote",
	[ODD_SPLIT] = "field that its column's pattern does not match",
	[ODD_END] = "last row without a newline at the end: it may be cut off",
};

struct reading {
	const struct read_input *in;
	const struct format_csv *f;
	struct csv csv;
	struct emit_run run;
	struct counts *counts;
	size_t width;      /* fields of a row */
	size_t *place;     /* of each column in the row */
	struct sv *field;  /* of each column; empty is not there */
	struct sv *group;  /* of each split, FORMAT_MAX_GROUPS + 1 */
	struct odd odd[NODD];
};

static struct sv
get(void *ctx, int number)
{
	struct reading *r = ctx;

	return format_csv_value(number, r->field, r->group);
}

/* 0, or -1 when a pattern reached its limit. */
static int
split(struct reading *r, struct err *e)
{
	struct sv *group, field;
	size_t i, n;
	int rc;

	memset(r->group, 0, r->f->nsplits * (FORMAT_MAX_GROUPS + 1) * sizeof(*r->group));
	for (i = 0; i < r->f->nsplits; i++) {
		field = r->field[r->f->split[i].column];
		group = r->group + i * (FORMAT_MAX_GROUPS + 1);
		n = (size_t)regex_count(r->f->split[i].pattern) + 1;
		if (sv_trim(field).n == 0)
			continue;
		if ((rc = regex_groups(r->f->split[i].pattern, sv_trim(field), group, n, e)) < 0)
			return err_prefix(e, "%s:%lld", r->in->name, (long long)r->csv.line);
		if (rc == 0)
			odd_count(&r->odd[ODD_SPLIT], r->csv.line);
	}
	return 0;
}

static int
one_row(struct reading *r, struct err *e)
{
	const struct emit_values values = {get, r};
	size_t i;

	if (r->csv.cut)
		odd_count(&r->odd[ODD_END], r->csv.line);
	if (r->csv.stray)
		odd_count(&r->odd[ODD_QUOTE], r->csv.line);
	if (r->csv.field.n != r->width) {
		odd_count(&r->odd[ODD_WIDTH], r->csv.line);
		return 0;
	}
	for (i = 0; i < r->f->ncolumns; i++)
		r->field[i] = r->place[i] == SIZE_MAX ? (struct sv){NULL, 0} : r->csv.field.v[r->place[i]];
	if (split(r, e) < 0 || emit_all(&r->run, &r->f->emit, &values, r->csv.line, e) < 0)
		return -1;
	return counts_add(r->counts, &r->f->counts, &values, r->csv.line, e);
}

/* The row that names the columns, where there is one. */
static int
header(struct reading *r, struct err *e)
{
	size_t i;
	int rc;

	r->width = r->f->ncolumns;
	for (i = 0; i < r->f->ncolumns; i++)
		r->place[i] = i;
	if (r->f->fixed)
		return 0;
	if ((rc = csv_next(&r->csv, r->in->name, e)) < 0)
		return -1;
	if (rc == 0 || locate(r->f, &r->csv, r->place, r->f->nrecognise) < r->f->nrecognise)
		return err_set(e, ERR_INPUT, "%s:1: the columns of the format are not there", r->in->name);
	r->width = r->csv.field.n;
	return 0;
}

static int
all_rows(struct reading *r, const struct read_sink *sink, struct err *e)
{
	int i, rc;

	if (header(r, e) < 0)
		return -1;
	while ((rc = csv_next(&r->csv, r->in->name, e)) > 0)
		if (one_row(r, e) < 0)
			return -1;
	for (i = 0; i < NODD && rc == 0; i++)
		rc = odd_tell(&r->odd[i], odd_text[i], READ_WARNING, sink, e);
	if (rc == 0)
		rc = emit_tell(&r->run, e);
	return rc == 0 ? counts_finish(r->counts, e) : rc;
}

static int
read_csv(const struct read_input *in, const struct read_sink *sink, struct err *e)
{
	const struct format *f = format_find(in->formats, FORMAT_CSV, in->format);
	struct reading r = {.in = in};
	int rc;

	if (f == NULL)
		return err_set(e, ERR_USAGE, "%s: no CSV format called '%s'", in->name, in->format == NULL ? "" : in->format);
	r.f = &f->csv;
	r.place = mem_new(r.f->ncolumns, sizeof(*r.place));
	r.field = mem_new(r.f->ncolumns, sizeof(*r.field));
	r.group = mem_new(r.f->nsplits * (FORMAT_MAX_GROUPS + 1), sizeof(*r.group));
	emit_begin(&r.run, sink, in->zone, f->nemit);
	r.counts = counts_new(sink, in->zone, f->nemit);
	csv_init(&r.csv, in->src, r.f->delimiter);
	rc = all_rows(&r, sink, e);
	csv_free(&r.csv);
	counts_free(r.counts);
	emit_free(&r.run);
	mem_free(r.place);
	mem_free(r.field);
	mem_free(r.group);
	return rc;
}

const struct reader reader_csv = {.probe = probe, .read = read_csv}; /* its formats are YAML files */
