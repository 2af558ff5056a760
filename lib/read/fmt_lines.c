/*
 * Logs, by the formats of kind "lines" (docs/formats.md): one line, one event; a line that
 * no pattern matches belongs to the event before it, or is counted.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/clean.h"
#include "read/format_def.h"
#include "read/odd.h"
#include "read/read_lines.h"

#define MAX_LINE ((size_t)1 << 20)
#define MAX_TEXT ((size_t)4096) /* of an event, with the lines that continue it */
#define JUDGED_LINES 50

/* 1, 0, -1 as regex_match(). */
static int
is_skipped(const struct format_lines *f, struct sv line, struct err *e)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < f->nskip && rc == 0; i++)
		rc = regex_match(f->skip[i], line, e);
	return rc;
}

/* Which share of the head's first lines is of this format? */
static double
share(const struct format_lines *f, struct sv head)
{
	int lines = 0, hits = 0;
	struct sv line;
	bool first;

	for (first = true; lines < JUDGED_LINES && read_head_line(&head, first, &line);
	    first = false) {
		if (is_skipped(f, line, NULL) == 1)
			continue;
		lines++;
		hits += regex_match(f->recognise, line, NULL) == 1;
	}
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

enum odd_kind { ODD_LINE, ODD_LONG, ODD_END, NODD };

static const char *const odd_text[NODD] = {
	[ODD_LINE] = "line that no pattern of the format matches",
	[ODD_LONG] = "event with more text than is kept (4096 bytes)",
	[ODD_END] = "last line without a newline at the end: it may be cut off",
};

struct reading {
	const struct read_input *in;
	const struct read_sink *sink;
	const struct format_lines *f;
	struct emit_run emit;
	int64_t line;
	/* The event under way: lines may still be added to its text. */
	bool open, full, timeless;
	struct read_event ev;
	struct sb name, text;
	struct odd odd[NODD];
};

static void
count(struct reading *r, enum odd_kind kind)
{
	odd_count(&r->odd[kind], r->line);
}

static int
finish_event(struct reading *r, struct err *e)
{
	if (!r->open)
		return 0;
	r->open = false;
	r->ev.name = sb_sv(&r->name);
	r->ev.text = sb_sv(&r->text);
	return r->sink->event(r->sink->ctx, &r->ev, e);
}

/* Instead of the sink: events wait for the lines that continue them. */
static int
begin_event(void *ctx, const struct read_event *ev, struct err *e)
{
	struct reading *r = ctx;

	if (finish_event(r, e) < 0)
		return -1;
	r->open = true;
	r->full = false;
	r->timeless = false;
	r->ev = *ev;
	sb_reset(&r->name);
	sb_reset(&r->text);
	sb_addv(&r->name, ev->name);
	sb_addv(&r->text, ev->text);
	return 0;
}

static void
continue_event(struct reading *r, struct sv line)
{
	if (!r->open) {
		/* It belongs to a line that was counted already, or to nothing. */
		if (!r->timeless)
			count(r, ODD_LINE);
		return;
	}
	if (r->full)
		return;
	if (r->text.n > 0)
		sb_addc(&r->text, '\n');
	emit_add_text(&r->text, line);
	if (emit_cut(&r->text, EMIT_TEXT)) {
		r->full = true;
		count(r, ODD_LONG);
	}
}

static struct sv
get_group(void *ctx, int number)
{
	return ((const struct sv *)ctx)[number];
}

static int
matched(struct reading *r, const struct format_match *m, struct sv *group, struct err *e)
{
	const struct emit_values values = {get_group, group};

	if (emit_makes_event(&m->emit)) {
		if (finish_event(r, e) < 0)
			return -1;
		r->timeless = true;
	}
	return emit_all(&r->emit, &m->emit, &values, r->line, e);
}

static int
one_line(struct reading *r, struct sv line, struct err *e)
{
	struct sv group[FORMAT_MAX_GROUPS + 1];
	const struct format_match *m;
	size_t i;
	int rc = is_skipped(r->f, line, e);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	for (i = 0; i < r->f->nmatch; i++) {
		m = &r->f->match[i];
		rc = regex_groups(m->pattern, line, group, (size_t)regex_count(m->pattern) + 1, e);
		if (rc < 0)
			return -1;
		if (rc > 0)
			return matched(r, m, group, e);
	}
	if (r->f->otherwise_continue)
		continue_event(r, line);
	else
		count(r, ODD_LINE);
	return 0;
}

static int
all_lines(struct reading *r, struct io_lines *lines, struct err *e)
{
	struct err why = {0};
	struct sv line;
	int rc;

	while ((rc = io_lines_next(lines, &line, e)) > 0) {
		r->line = lines->line;
		if (r->line == 1)
			line = read_no_bom(line);
		if (!lines->ends_in_newline && sv_trim(line).n > 0)
			count(r, ODD_END);
		why.code = ERR_NONE;
		if (one_line(r, line, &why) < 0) {
			/* A pattern's limit says nothing of the place; a callback's error is its own. */
			if (why.code == ERR_LIMIT)
				err_prefix(&why, "%s:%" PRId64, r->in->name, r->line);
			return err_set(e, why.code, "%s", why.msg);
		}
	}
	if (rc < 0)
		return read_lines_failed(lines, r->in->name, e);
	return finish_event(r, e);
}

static int
tell_odd(struct reading *r, struct err *e)
{
	int i, rc = 0;

	for (i = 0; i < NODD && rc == 0; i++)
		rc = odd_tell(&r->odd[i], odd_text[i], READ_WARNING, r->sink, e);
	return rc == 0 ? emit_tell(&r->emit, e) : rc;
}

static int
read_lines(const struct read_input *in, const struct read_sink *sink, struct err *e)
{
	const struct format *f = format_find(in->formats, FORMAT_LINES, in->format);
	struct reading r = {.in = in, .sink = sink};
	struct io_lines lines;
	int rc;

	if (f == NULL)
		return err_set(e, ERR_USAGE, "%s: no log format called '%s'", in->name,
		    in->format == NULL ? "" : in->format);
	r.f = &f->lines;
	emit_begin(&r.emit, sink, in->zone, f->nemit);
	r.emit.event = begin_event;
	r.emit.ctx = &r;
	io_lines_init(&lines, in->src, MAX_LINE);
	rc = all_lines(&r, &lines, e);
	if (rc == 0)
		rc = tell_odd(&r, e);
	io_lines_free(&lines);
	emit_free(&r.emit);
	sb_free(&r.name);
	sb_free(&r.text);
	return rc;
}

const struct reader reader_lines = {probe, read_lines};
