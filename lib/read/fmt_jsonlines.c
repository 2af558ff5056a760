/*
 * JSON lines, by the formats of kind "jsonl" (docs/formats.md): each line is a document, and becomes records. A
 * line that is none is counted and not used: a log may hold others, and its last one may be cut off.
 */
#include "base/clean.h"
#include "read/format_def.h"
#include "read/odd.h"
#include "read/read_lines.h"

#define MAX_LINE ((size_t)1 << 20)
#define JUDGED_LINES 50

/* The share of the head's first lines that have all paths. */
static double
share(const struct format_json *f, struct sv head)
{
	int lines = 0, hits = 0;
	struct arena a = {0};
	const struct doc *d;
	struct sv line;
	bool first;

	for (first = true; lines < JUDGED_LINES && read_head_line(&head, first, &line); first = false) {
		if (sv_trim(line).n == 0)
			continue;
		lines++;
		d = doc_json(&a, "", line, NULL);
		hits += d != NULL && format_json_fits(f, d);
		arena_free(&a);
	}
	return lines == 0 ? 0 : (double)hits / lines;
}

/* The highest share of at least a half; of equal ones the one with the most paths, then the first by name. */
static const char *
probe(const struct read_input *in)
{
	struct sv text = sv_trim(read_no_bom(in->head));
	const struct format *f, *best = NULL;
	double best_share = 0, s;
	size_t i;

	if (in->formats == NULL || text.n == 0 || (text.p[0] != '{' && text.p[0] != '['))
		return NULL;
	for (i = 0; i < in->formats->v.n; i++) {
		f = &in->formats->v.v[i];
		if (f->kind != FORMAT_JSONL)
			continue;
		s = share(&f->json, in->head);
		if (s >= 0.5 && (s > best_share || (s >= best_share && f->json.recognise.n > best->json.recognise.n))) {
			best = f;
			best_share = s;
		}
	}
	return best == NULL ? NULL : best->name;
}

struct reading {
	const struct read_input *in;
	const struct read_sink *sink;
	const struct format *f;
	struct emit_run run;
	struct counts *counts;
	struct odd broken, other, end;
	struct sb why; /* of the first broken line */
};

static int
one_line(struct reading *r, struct sv line, int64_t number, struct err *e)
{
	struct arena a = {0};
	struct err why = {0};
	const struct doc *d;
	int rc = 0;

	if (sv_trim(line).n == 0)
		return 0;
	d = doc_json(&a, "?", line, &why);
	if (d == NULL) {
		/* "?:1:17: what": only the column is news. */
		if (r->broken.n == 0) {
			sb_adds(&r->why, "column ");
			clean_add(&r->why, sv_from(sv_of(why.msg), 4));
		}
		odd_count(&r->broken, number);
	} else if (!format_paths_all(&r->f->json.needs, d)) {
		odd_count(&r->other, number);
	} else {
		rc = json_records_give(&r->f->json.records, d, &r->run, r->counts, number, e);
	}
	arena_free(&a);
	return rc;
}

static int
all_lines(struct reading *r, struct io_lines *lines, struct err *e)
{
	struct sv line;
	int rc;

	while ((rc = io_lines_next(lines, &line, e)) > 0) {
		if (lines->line == 1)
			line = read_no_bom(line);
		if (!lines->ends_in_newline && sv_trim(line).n > 0)
			odd_count(&r->end, lines->line);
		if (one_line(r, line, lines->line, e) < 0)
			return -1;
	}
	return rc < 0 ? read_lines_failed(lines, r->in->name, e) : 0;
}

static int
tell(struct reading *r, struct err *e)
{
	struct sb text = {0};
	int rc;

	sb_addf(&text, "line that is no JSON document, not used: %s", sb_str(&r->why));
	rc = odd_tell(&r->broken, sb_str(&text), READ_WARNING, r->sink, e);
	sb_free(&text);
	if (rc < 0 || odd_tell(&r->other, "line without the paths of the format, not used", READ_WARNING, r->sink, e) < 0 ||
	    odd_tell(&r->end, "last line without a newline at the end: it may be cut off", READ_WARNING, r->sink, e) < 0)
		return -1;
	return emit_tell(&r->run, e) < 0 ? -1 : counts_finish(r->counts, e);
}

static int
read_jsonlines(const struct read_input *in, const struct read_sink *sink, struct err *e)
{
	const struct format *f = format_find(in->formats, FORMAT_JSONL, in->format);
	struct reading r = {.in = in, .sink = sink, .f = f};
	struct io_lines lines;
	int rc;

	if (f == NULL)
		return err_set(e, ERR_USAGE, "%s: no format of JSON lines called '%s'", in->name,
		    in->format == NULL ? "" : in->format);
	emit_begin(&r.run, sink, in->zone, f->nemit);
	r.counts = counts_new(sink, in->zone, f->nemit);
	io_lines_init(&lines, in->src, MAX_LINE);
	rc = all_lines(&r, &lines, e);
	if (rc == 0)
		rc = tell(&r, e);
	io_lines_free(&lines);
	emit_free(&r.run);
	counts_free(r.counts);
	sb_free(&r.why);
	return rc;
}

const struct reader reader_jsonlines = {.probe = probe, .read = read_jsonlines}; /* its formats are YAML files */
