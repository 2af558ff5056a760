/*
 * Logs, by the formats of kind "lines" (docs/formats.md): the first pattern that matches a line makes records of
 * it, of values that earlier lines kept, too. A block (a checkpoint) makes its own when it is over.
 */
#include <inttypes.h>
#include <stdio.h>

#include "read/log_state.h"
#include "read/read_lines.h"

#define MAX_LINE ((size_t)1 << 20)
#define MAX_JOINED ((size_t)64 * 1024) /* of a line with those that continue it */
#define JUDGED_LINES 50

/* Does any of them match? 1, 0, -1 as regex_match(). */
static int
any_of(struct regex *const *r, size_t n, struct sv line, struct err *e)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < n && rc == 0; i++)
		rc = regex_match(r[i], line, e);
	return rc;
}

/* Which share of the head's first lines is of this format? */
static double
share(const struct format_lines *f, struct sv head)
{
	int lines = 0, hits = 0;
	struct sb plain = {0};
	struct sv line;
	bool first;

	for (first = true; lines < JUDGED_LINES && read_head_line(&head, first, &line);
	    first = false) {
		line = read_plain(line, &plain);
		if (any_of(f->skip, f->nskip, line, NULL) == 1 || any_of(f->continues, f->ncontinues, line, NULL) == 1)
			continue;
		lines++;
		hits += regex_match(f->recognise, line, NULL) == 1;
	}
	sb_free(&plain);
	return lines == 0 ? 0 : (double)hits / lines;
}

/* The highest share of at least a half; of equal ones the first by name. */
static const char *
probe(const struct read_input *in)
{
	const struct format *f, *best = NULL;
	double best_share = 0, s;
	size_t i;

	for (i = 0; in->formats != NULL && i < in->formats->v.n; i++) {
		f = &in->formats->v.v[i];
		if (f->kind != FORMAT_LINES)
			continue;
		s = share(&f->lines, in->head);
		if (s >= 0.5 && s > best_share) {
			best = f;
			best_share = s;
		}
	}
	return best == NULL ? NULL : best->name;
}

struct reading {
	const struct read_input *in;
	const struct format_lines *f;
	struct log_state state;
	/* What "continues" joins: a line, and those that belong to it. */
	struct sb joined, plain;
	int64_t joined_line; /* its first; 0: there is none */
	bool full;
};

static void
trace(const struct reading *r, struct sv line, const char *what)
{
	if (r->in->trace != NULL)
		r->in->trace->line(r->in->trace->ctx, r->state.line, line, what);
}

static int
one_line(struct reading *r, struct sv line, struct err *e)
{
	struct sv group[FORMAT_MAX_GROUPS + 1];
	const struct format_match *m;
	char what[32];
	size_t i;
	int rc = any_of(r->f->skip, r->f->nskip, line, e);

	if (rc > 0)
		trace(r, line, "skipped");
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	for (i = 0; i < r->f->nmatch; i++) {
		m = &r->f->match[i];
		if (!log_applies(&r->state, m))
			continue;
		rc = regex_groups(m->pattern, line, group, (size_t)regex_count(m->pattern) + 1, e);
		if (rc < 0)
			return -1;
		if (rc == 0)
			continue;
		snprintf(what, sizeof(what), "pattern %zu", i + 1);
		trace(r, line, what);
		return log_match(&r->state, m, group, line, e);
	}
	if ((rc = any_of(r->f->failures, r->f->nfailures, line, e)) < 0)
		return -1;
	trace(r, line, rc > 0 ? "no pattern, and it tells of a failure"
	    : r->f->otherwise == OTHERWISE_CONTINUE && r->state.open ? "continues the event before" : "no pattern");
	if (rc > 0)
		log_odd(&r->state, LOG_FAILURE);
	else if (r->f->otherwise == OTHERWISE_CONTINUE)
		log_continue(&r->state, line);
	else
		log_odd(&r->state, LOG_UNKNOWN);
	return 0;
}

/* The joined lines are complete. */
static int
take_joined(struct reading *r, struct err *e)
{
	int64_t at = r->state.line;
	int rc;

	if (r->joined_line == 0)
		return 0;
	r->state.line = r->joined_line;
	rc = one_line(r, sb_sv(&r->joined), e);
	r->state.line = rc < 0 ? r->joined_line : at;
	return rc;
}

/* Takes the next line in; the one before is complete unless it goes on. */
static int
join(struct reading *r, struct sv line, struct err *e)
{
	int rc = r->joined_line > 0 ? any_of(r->f->continues, r->f->ncontinues, line, e) : 0;

	if (rc < 0)
		return -1;
	if (rc > 0 && r->joined.n + line.n + 1 > MAX_JOINED) {
		if (!r->full)
			log_odd(&r->state, LOG_JOINED);
		r->full = true;
	} else if (rc > 0) {
		sb_addc(&r->joined, '\n');
		sb_addv(&r->joined, line);
	} else {
		if (take_joined(r, e) < 0)
			return -1;
		sb_reset(&r->joined);
		sb_addv(&r->joined, line);
		r->joined_line = r->state.line;
		r->full = false;
	}
	return 0;
}

static int
all_lines(struct reading *r, struct io_lines *lines, struct err *e)
{
	struct err why = {0};
	struct sv line;
	int rc = 0, bad = 0;

	while (bad == 0 && (rc = io_lines_next(lines, &line, e)) > 0) {
		r->state.line = lines->line;
		if (lines->line == 1)
			line = read_no_bom(line);
		if (!lines->ends_in_newline && sv_trim(line).n > 0)
			log_odd(&r->state, LOG_CUT);
		line = read_plain(line, &r->plain);
		bad = r->f->ncontinues > 0 ? join(r, line, &why) : one_line(r, line, &why);
	}
	if (rc < 0)
		return read_lines_failed(lines, r->in->name, e);
	if (bad == 0)
		bad = take_joined(r, &why);
	if (bad == 0)
		bad = log_end(&r->state, &why);
	if (bad == 0)
		return 0;
	/* A pattern's limit says nothing of the place; a callback's error is its own. */
	if (why.code == ERR_LIMIT)
		err_prefix(&why, "%s:%" PRId64, r->in->name, r->state.line);
	return err_set(e, why.code, "%s", why.msg);
}

static int
read_lines(const struct read_input *in, const struct read_sink *sink, struct err *e)
{
	const struct format *f = format_find(in->formats, FORMAT_LINES, in->format);
	struct reading r = {.in = in};
	struct io_lines lines;
	int rc;

	if (f == NULL)
		return err_set(e, ERR_USAGE, "%s: no log format called '%s'", in->name,
		    in->format == NULL ? "" : in->format);
	r.f = &f->lines;
	log_begin(&r.state, f, sink, in->zone);
	io_lines_init(&lines, in->src, MAX_LINE);
	rc = all_lines(&r, &lines, e);
	io_lines_free(&lines);
	sb_free(&r.joined);
	sb_free(&r.plain);
	log_free(&r.state);
	return rc;
}

const struct reader reader_lines = {.probe = probe, .read = read_lines}; /* its formats are YAML files */
