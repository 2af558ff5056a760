/*
 * Logs, by the formats of kind "lines" (docs/formats.md): the first pattern that matches a line makes records of
 * it, of values that earlier lines kept, too. A block (a checkpoint) makes its own when it is over.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/clean.h"
#include "read/format_def.h"
#include "read/odd.h"
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
		line = read_no_ansi(line, &plain);
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

enum odd_kind { ODD_LINE, ODD_LONG, ODD_JOINED, ODD_END, NODD };

static const char *const odd_text[NODD] = {
	[ODD_LINE] = "line that no pattern of the format matches",
	[ODD_LONG] = "event with more text than is kept (4096 bytes)",
	[ODD_JOINED] = "record of more than 64 KiB: what follows is left out",
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
	/* The block under way. */
	int block;           /* -1: none */
	int64_t block_line;  /* where it began, */
	size_t begun_by;     /* by which pattern, */
	bool begun;          /* and nothing came of it yet */
	struct sb kept[FORMAT_MAX_KEPT];
	bool set[FORMAT_MAX_KEPT];
	struct sb last;      /* the last line that a pattern matched */
	char number[24];
	const struct sv *group;
	struct odd odd[NODD];
};

static void
count(struct reading *r, enum odd_kind kind)
{
	odd_count(&r->odd[kind], r->line);
}

static void
trace(const struct reading *r, struct sv line, const char *what)
{
	if (r->in->trace != NULL)
		r->in->trace->line(r->in->trace->ctx, r->line, line, what);
}

/* --- events: they wait for the lines that continue them ------------------------------------ */

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

/* Instead of the sink's event(). */
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

/* --- values, blocks, records ------------------------------------------------------------- */

static struct sv
get_value(void *ctx, int number)
{
	const struct reading *r = ctx;

	if (number == FORMAT_LINE)
		return sv_of(r->number);
	if (number == FORMAT_LAST)
		return r->last.n > 0 ? sb_sv(&r->last) : (struct sv){NULL, 0};
	if (number >= FORMAT_KEPT)
		return r->set[number - FORMAT_KEPT] ? sb_sv(&r->kept[number - FORMAT_KEPT]) : (struct sv){NULL, 0};
	return r->group != NULL ? r->group[number] : (struct sv){NULL, 0};
}

static int
make_records(struct reading *r, const struct emit_set *set, int64_t line, struct err *e)
{
	const struct emit_values values = {get_value, r};

	if (emit_makes_event(set)) {
		if (finish_event(r, e) < 0)
			return -1;
		r->timeless = true;
	}
	snprintf(r->number, sizeof(r->number), "%" PRId64, line);
	return emit_all(&r->emit, set, &values, line, e);
}

/* The block is over, whether it came to its end or the next one began. */
static int
end_block(struct reading *r, struct err *e)
{
	const struct sv *group = r->group;
	int block = r->block, rc;

	r->block = -1;
	if (block < 0)
		return 0;
	r->group = NULL;
	rc = make_records(r, &r->f->block[block].emit, r->block_line, e);
	r->group = group;
	return rc;
}

static void
keep(struct reading *r, int slot, struct sv v)
{
	if (v.p != NULL && v.p == r->kept[slot].buf)
		return;
	r->set[slot] = v.p != NULL;
	sb_reset(&r->kept[slot]);
	sb_addv(&r->kept[slot], sv_head(v, EMIT_TEXT));
}

static int
begin_block(struct reading *r, const struct format_match *m, struct err *e)
{
	const struct format_block *b = &r->f->block[m->begin];
	size_t which = (size_t)(m - r->f->match), i;

	/* A headline and "Starting ..." right after it, with nothing in between, begin the same block. */
	if (r->block == m->begin && r->begun && r->begun_by != which) {
		r->begun_by = which;
		return 0;
	}
	if (end_block(r, e) < 0)
		return -1;
	for (i = 0; i < r->f->nkept; i++)
		if (b->resets[i])
			keep(r, (int)i, b->first[i]);
	r->block = m->begin;
	r->block_line = r->line;
	r->begun_by = which;
	return 0;
}

static int
matched(struct reading *r, const struct format_match *m, struct sv line, struct err *e)
{
	char what[32];
	size_t i;

	snprintf(what, sizeof(what), "pattern %zu", (size_t)(m - r->f->match) + 1);
	trace(r, line, what);
	if (m->begin >= 0 && begin_block(r, m, e) < 0)
		return -1;
	r->begun = m->begin >= 0;
	for (i = 0; i < m->nkeep; i++)
		keep(r, m->keep[i].slot, get_value(r, m->keep[i].number));
	if (make_records(r, &m->emit, r->line, e) < 0)
		return -1;
	sb_reset(&r->last);
	sb_addv(&r->last, sv_head(sv_trim(line), EMIT_TEXT));
	return m->end ? end_block(r, e) : 0;
}

static bool
applies(const struct reading *r, const struct format_match *m)
{
	return m->in == 0 || (m->in & (r->block < 0 ? FORMAT_OUTSIDE : 1u << r->block)) != 0;
}

static int
one_line(struct reading *r, struct sv line, struct err *e)
{
	struct sv group[FORMAT_MAX_GROUPS + 1];
	const struct format_match *m;
	size_t i;
	int rc = any_of(r->f->skip, r->f->nskip, line, e);

	if (rc > 0)
		trace(r, line, "skipped");
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	for (i = 0; i < r->f->nmatch; i++) {
		m = &r->f->match[i];
		if (!applies(r, m))
			continue;
		rc = regex_groups(m->pattern, line, group, (size_t)regex_count(m->pattern) + 1, e);
		if (rc < 0)
			return -1;
		if (rc > 0) {
			r->group = group;
			rc = matched(r, m, line, e);
			r->group = NULL;
			return rc;
		}
	}
	trace(r, line, r->f->otherwise == OTHERWISE_CONTINUE && r->open ? "continues the event before" : "no pattern");
	if (r->f->otherwise == OTHERWISE_CONTINUE)
		continue_event(r, line);
	else
		count(r, ODD_LINE);
	return 0;
}

/* --- lines ------------------------------------------------------------------------------- */

/* What "continues" joins: a line, and those that belong to it. */
struct joined {
	struct sb text, plain;
	int64_t line; /* its first; 0: there is none */
	bool full;
};

/* Takes the next line in; the one before is complete unless it goes on. */
static int
join(struct reading *r, struct joined *j, struct sv line, struct err *e)
{
	int rc = j->line > 0 ? any_of(r->f->continues, r->f->ncontinues, line, e) : 0;
	int64_t at = r->line;

	if (rc < 0)
		return -1;
	if (rc > 0) {
		if (j->text.n + line.n + 1 > MAX_JOINED) {
			if (!j->full)
				count(r, ODD_JOINED);
			j->full = true;
			return 0;
		}
		sb_addc(&j->text, '\n');
		sb_addv(&j->text, line);
		return 0;
	}
	if (j->line > 0) {
		r->line = j->line;
		if (one_line(r, sb_sv(&j->text), e) < 0)
			return -1;
		r->line = at;
	}
	sb_reset(&j->text);
	sb_addv(&j->text, line);
	j->line = at;
	j->full = false;
	return 0;
}

static int
take_line(struct reading *r, struct joined *j, struct sv line, struct err *e)
{
	line = read_no_ansi(line, &j->plain);
	return r->f->ncontinues > 0 ? join(r, j, line, e) : one_line(r, line, e);
}

static int
last_line(struct reading *r, struct joined *j, struct err *e)
{
	if (j->line > 0) {
		r->line = j->line;
		if (one_line(r, sb_sv(&j->text), e) < 0)
			return -1;
	}
	return end_block(r, e) < 0 ? -1 : finish_event(r, e);
}

static int
all_lines(struct reading *r, struct io_lines *lines, struct joined *j, struct err *e)
{
	struct err why = {0};
	struct sv line;
	int rc = 0, bad = 0;

	while (bad == 0 && (rc = io_lines_next(lines, &line, e)) > 0) {
		r->line = lines->line;
		if (r->line == 1)
			line = read_no_bom(line);
		if (!lines->ends_in_newline && sv_trim(line).n > 0)
			count(r, ODD_END);
		bad = take_line(r, j, line, &why);
	}
	if (rc < 0)
		return read_lines_failed(lines, r->in->name, e);
	if (bad == 0)
		bad = last_line(r, j, &why);
	if (bad == 0)
		return 0;
	/* A pattern's limit says nothing of the place; a callback's error is its own. */
	if (why.code == ERR_LIMIT)
		err_prefix(&why, "%s:%" PRId64, r->in->name, r->line);
	return err_set(e, why.code, "%s", why.msg);
}

static int
tell_odd(struct reading *r, struct err *e)
{
	int i, rc = 0;

	for (i = 0; i < NODD && rc == 0; i++)
		rc = odd_tell(&r->odd[i], odd_text[i],
		    i == ODD_LINE && r->f->otherwise == OTHERWISE_NOTE ? READ_NOTE : READ_WARNING, r->sink, e);
	return rc == 0 ? emit_tell(&r->emit, e) : rc;
}

static void
reading_free(struct reading *r)
{
	size_t i;

	for (i = 0; i < FORMAT_MAX_KEPT; i++)
		sb_free(&r->kept[i]);
	emit_free(&r->emit);
	sb_free(&r->name);
	sb_free(&r->text);
	sb_free(&r->last);
}

static int
read_lines(const struct read_input *in, const struct read_sink *sink, struct err *e)
{
	const struct format *f = format_find(in->formats, FORMAT_LINES, in->format);
	struct reading r = {.in = in, .sink = sink, .block = -1};
	struct joined j = {0};
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
	rc = all_lines(&r, &lines, &j, e);
	if (rc == 0)
		rc = tell_odd(&r, e);
	io_lines_free(&lines);
	sb_free(&j.text);
	sb_free(&j.plain);
	reading_free(&r);
	return rc;
}

const struct reader reader_lines = {.probe = probe, .read = read_lines}; /* its formats are YAML files */
