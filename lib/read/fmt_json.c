/*
 * JSON documents, by the formats of kind "json" (docs/formats.md): scalars at named paths
 * become claims of the artifact or facts about the run, elements become records.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "read/format_def.h"
#include "read/json_salvage.h"
#include "read/read_lines.h"

#define MAX_BYTES ((size_t)64 << 20)
#define EMPTY "json-empty" /* "[]" or "{}": of no shape, but it was read */

bool
format_paths_all(const struct format_paths *p, const struct doc *d)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (format_path_find(&p->v[i], d) == NULL)
			return false;
	return true;
}

bool
format_json_fits(const struct format_json *f, const struct doc *d)
{
	return format_paths_all(&f->recognise, d);
}

/* Does "key" stand in text with a ':' behind it? */
static bool
has_key(struct sv text, struct sv key)
{
	struct sv rest;
	size_t i;

	for (; (i = sv_chr(text, '"')) < text.n; text = sv_from(text, i + 1)) {
		rest = sv_from(text, i + 1);
		if (rest.n <= key.n || !sv_eq(sv_head(rest, key.n), key) || rest.p[key.n] != '"')
			continue;
		rest = sv_trim(sv_from(rest, key.n + 1));
		if (rest.n > 0 && rest.p[0] == ':')
			return true;
	}
	return false;
}

static bool
is_index(struct sv element)
{
	int64_t i;

	return num_parse_int(element, &i);
}

static bool
all_keys(const struct format_json *f, struct sv head)
{
	const struct format_path *p;
	size_t i, k, keys = 0;

	for (i = 0; i < f->recognise.n; i++) {
		p = &f->recognise.v[i];
		for (k = 0; k < p->n; k++) {
			if (is_index(p->element[k]))
				continue;
			keys++;
			if (!has_key(head, p->element[k]))
				return false;
		}
	}
	return keys > 0;
}

/* Is the first line a document, and does another begin below? Then this is no document that broke off, but JSON lines. */
static bool
has_documents(struct sv text)
{
	struct arena a = {0};
	size_t n = sv_chr(text, '\n');
	bool lines = n < text.n && sv_starts(sv_trim(sv_from(text, n)), "{") && doc_json(&a, "", sv_head(text, n), NULL) != NULL;

	arena_free(&a);
	return lines;
}

/*
 * A document that the head holds whole must have all paths. What is longer or broken
 * is recognised by the quoted key names: a cut summary is a finding with a line, not an
 * unknown file. The format that asks for the most paths wins, of equal ones the first by name.
 */
static const char *
probe(const struct read_input *in)
{
	struct sv text = sv_trim(read_no_bom(in->head));
	const struct format *f, *best = NULL;
	const struct doc *d = NULL;
	struct arena a = {0};
	size_t i;

	if (in->formats == NULL || text.n == 0 || (text.p[0] != '{' && text.p[0] != '['))
		return NULL;
	if (in->head.n < READ_HEAD)
		d = doc_json(&a, in->name, in->head, NULL);
	if (d == NULL && has_documents(text)) {
		arena_free(&a);
		return NULL;
	}
	if (d != NULL && d->n == 0) {
		arena_free(&a);
		return EMPTY;
	}
	for (i = 0; i < in->formats->v.n; i++) {
		f = &in->formats->v.v[i];
		if (f->kind != FORMAT_JSON ||
		    (best != NULL && f->json.recognise.n <= best->json.recognise.n))
			continue;
		if (d != NULL ? format_json_fits(&f->json, d) : all_keys(&f->json, text))
			best = f;
	}
	arena_free(&a);
	return best == NULL ? NULL : best->name;
}

struct walk {
	const struct read_sink *sink;
	const struct format_json *f;
	struct sv element[DOC_MAX_DEPTH + 1]; /* of the path walked so far */
	char index[DOC_MAX_DEPTH + 1][24];    /* where an element is a list's index */
	size_t n;
	struct sb path;
	int64_t ignored;
};

static bool
selects(const struct format_paths *paths, const struct walk *w)
{
	const struct format_path *p;
	size_t i, k;

	for (i = 0; i < paths->n; i++) {
		p = &paths->v[i];
		if (p->n != w->n)
			continue;
		for (k = 0; k < p->n; k++)
			if (!sv_is(p->element[k], "*") && !sv_eq(p->element[k], w->element[k]))
				break;
		if (k == p->n)
			return true;
	}
	return false;
}

/* "99.04 %" says 99.04: a share in percent, as its definition has it. */
static struct sv
without_percent(struct sv text)
{
	return sv_ends(text, "%") ? sv_trim(sv_head(text, text.n - 1)) : text;
}

static int
leaf(struct walk *w, const struct doc *d, struct err *e)
{
	bool claim = selects(&w->f->claims, w), run = selects(&w->f->run, w);
	struct read_fact fact = {.text = d->text, .value = NAN, .line = d->line};
	size_t i;

	/* null states nothing. */
	if (d->kind == DOC_NULL || (!claim && !run)) {
		w->ignored++;
		return 0;
	}
	sb_reset(&w->path);
	for (i = 0; i < w->n; i++) {
		if (i > 0)
			sb_addc(&w->path, '.');
		sb_addv(&w->path, w->element[i]);
	}
	fact.path = sb_sv(&w->path);
	if (d->kind == DOC_BOOL)
		fact.text = d->truth ? SV("true") : SV("false");
	else if (!num_parse(without_percent(sv_trim(d->text)), &fact.value))
		fact.value = NAN;
	if (claim && w->sink->claim(w->sink->ctx, &fact, e) < 0)
		return -1;
	return run ? w->sink->run(w->sink->ctx, &fact, e) : 0;
}

/* Depth is bounded by doc_json(). */
static int
walk(struct walk *w, const struct doc *d, struct err *e)
{
	const struct doc *c;
	size_t i = 0;
	int n;

	if (d->kind != DOC_LIST && d->kind != DOC_MAP)
		return leaf(w, d, e);
	for (c = doc_first(d); c != NULL; c = c->next, i++) {
		w->element[w->n] = c->key;
		if (d->kind == DOC_LIST) {
			n = snprintf(w->index[w->n], sizeof(w->index[0]), "%zu", i);
			w->element[w->n] = (struct sv){w->index[w->n], (size_t)n};
		}
		w->n++;
		if (walk(w, c, e) < 0)
			return -1;
		w->n--;
	}
	return 0;
}

static int
give_records(const struct format *f, const struct doc *d, const struct read_input *in, const struct read_sink *sink,
    struct err *e)
{
	struct emit_run run;
	struct counts *counts = counts_new(sink, in->zone, f->nemit);
	int rc;

	emit_begin(&run, sink, in->zone, f->nemit);
	rc = json_records_give(&f->json.records, d, &run, counts, 0, e);
	if (rc == 0)
		rc = emit_tell(&run, e);
	if (rc == 0)
		rc = counts_finish(counts, e);
	emit_free(&run);
	counts_free(counts);
	return rc;
}

static int
read_doc(const struct format *f, const struct doc *d, const struct read_input *in, const struct read_sink *sink,
    struct err *e)
{
	struct walk w = {.sink = sink, .f = &f->json};
	struct sb text = {0};
	int rc;

	if (!format_json_fits(&f->json, d))
		return doc_err(d, e, "has the key names of format %s, but not in their places",
		    f->name);
	rc = walk(&w, d, e);
	if (rc == 0 && f->json.records.n > 0) /* how much of a document its records use is not counted */
		rc = give_records(f, d, in, sink, e);
	else if (rc == 0 && w.ignored > 0) {
		sb_addf(&text, "%" PRId64 " value%s that format %s does not select", w.ignored,
		    w.ignored == 1 ? "" : "s", f->name);
		rc = sink->problem(sink->ctx, 0, READ_NOTE, sb_sv(&text), e);
	}
	sb_free(&text);
	sb_free(&w.path);
	return rc;
}

static int
read_json(const struct read_input *in, const struct read_sink *sink, struct err *e)
{
	const struct format *f = format_find(in->formats, FORMAT_JSON, in->format);
	struct arena a = {0};
	struct sb text = {0};
	const struct doc *d;
	struct err why = {0};
	bool failed = false;
	int rc;

	if (in->format != NULL && strcmp(in->format, EMPTY) == 0)
		return sink->problem(sink->ctx, 0, READ_NOTE, SV("an empty list or map: it says nothing"), e);
	if (f == NULL)
		return err_set(e, ERR_USAGE, "%s: no JSON format called '%s'", in->name,
		    in->format == NULL ? "" : in->format);
	rc = io_read_all(in->src, in->name, MAX_BYTES, &text, e);
	if (rc == 0) {
		rc = -1;
		d = doc_json(&a, in->name, sb_sv(&text), &why);
		if (d == NULL && f->json.salvage)
			d = json_salvage(&a, in->name, sb_sv(&text), sink, &failed, e);
		if (d != NULL)
			rc = read_doc(f, d, in, sink, e);
		else if (!failed)
			err_set(e, why.code, "%s", why.msg);
	}
	arena_free(&a);
	sb_free(&text);
	return rc;
}

const struct reader reader_json = {probe, read_json, {{EMPTY, "An empty JSON list or map"}}};
