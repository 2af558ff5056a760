#include "read/log_state.h"

#include <inttypes.h>
#include <stdio.h>

static const char *const odd_text[LOG_NODD] = {
	[LOG_UNKNOWN] = "line that no pattern of the format matches",
	[LOG_FAILURE] = "line that tells of a failure, and no pattern of the format matches it",
	[LOG_LONG] = "event with more text than is kept (4096 bytes)",
	[LOG_JOINED] = "record of more than 64 KiB: what follows is left out",
	[LOG_CUT] = "last line without a newline at the end: it may be cut off",
};

void
log_odd(struct log_state *s, enum log_odd kind)
{
	odd_count(&s->odd[kind], s->line);
}

/* --- events: they wait for the lines that continue them ------------------------------------ */

static int
finish_event(struct log_state *s, struct err *e)
{
	if (!s->open)
		return 0;
	s->open = false;
	s->ev.name = sb_sv(&s->name);
	s->ev.text = sb_sv(&s->text);
	return s->sink->event(s->sink->ctx, &s->ev, e);
}

/* Instead of the sink's event(). */
static int
begin_event(void *ctx, const struct read_event *ev, struct err *e)
{
	struct log_state *s = ctx;

	if (finish_event(s, e) < 0)
		return -1;
	s->open = true;
	s->full = false;
	s->timeless = false;
	s->ev = *ev;
	sb_reset(&s->name);
	sb_reset(&s->text);
	sb_addv(&s->name, ev->name);
	sb_addv(&s->text, ev->text);
	return 0;
}

void
log_continue(struct log_state *s, struct sv text)
{
	if (!s->open) {
		/* It belongs to a line that was counted already, or to nothing. */
		if (!s->timeless)
			log_odd(s, LOG_UNKNOWN);
		return;
	}
	if (s->full)
		return;
	if (s->text.n > 0)
		sb_addc(&s->text, '\n');
	emit_add_text(&s->text, text);
	if (emit_cut(&s->text, EMIT_TEXT)) {
		s->full = true;
		log_odd(s, LOG_LONG);
	}
}

/* --- values, blocks, records ------------------------------------------------------------- */

static struct sv
get_value(void *ctx, int number)
{
	const struct log_state *s = ctx;

	if (number == FORMAT_LINE)
		return sv_of(s->number);
	if (number == FORMAT_LAST)
		return s->last.n > 0 ? sb_sv(&s->last) : (struct sv){NULL, 0};
	if (number >= FORMAT_KEPT)
		return s->set[number - FORMAT_KEPT] ? sb_sv(&s->kept[number - FORMAT_KEPT]) : (struct sv){NULL, 0};
	return s->group != NULL ? s->group[number] : (struct sv){NULL, 0};
}

static int
make_records(struct log_state *s, const struct emit_set *set, int64_t line, struct err *e)
{
	const struct emit_values values = {get_value, s};

	if (emit_makes_event(set)) {
		if (finish_event(s, e) < 0)
			return -1;
		s->timeless = true;
	}
	snprintf(s->number, sizeof(s->number), "%" PRId64, line);
	return emit_all(&s->emit, set, &values, line, e);
}

/* The block is over, whether it came to its end or the next one began. */
static int
end_block(struct log_state *s, struct err *e)
{
	const struct sv *group = s->group;
	int block = s->block, rc;

	s->block = -1;
	if (block < 0)
		return 0;
	s->group = NULL;
	rc = make_records(s, &s->f->block[block].emit, s->block_line, e);
	s->group = group;
	return rc;
}

static void
keep(struct log_state *s, int slot, struct sv v)
{
	if (v.p != NULL && v.p == s->kept[slot].buf)
		return;
	s->set[slot] = v.p != NULL;
	sb_reset(&s->kept[slot]);
	sb_addv(&s->kept[slot], sv_head(v, EMIT_TEXT));
}

static int
begin_block(struct log_state *s, const struct format_match *m, struct err *e)
{
	const struct format_block *b = &s->f->block[m->begin];
	size_t which = (size_t)(m - s->f->match), i;

	/* A headline and "Starting ..." right after it, with nothing in between, begin the same block. */
	if (s->block == m->begin && s->begun && s->begun_by != which) {
		s->begun_by = which;
		return 0;
	}
	if (end_block(s, e) < 0)
		return -1;
	for (i = 0; i < s->f->nkept; i++)
		if (b->resets[i])
			keep(s, (int)i, b->first[i]);
	s->block = m->begin;
	s->block_line = s->line;
	s->begun_by = which;
	return 0;
}

int
log_match(struct log_state *s, const struct format_match *m, const struct sv *group, struct sv text, struct err *e)
{
	size_t i;

	s->group = group;
	if (m->begin >= 0 && begin_block(s, m, e) < 0)
		return -1;
	s->begun = m->begin >= 0;
	for (i = 0; i < m->nkeep; i++)
		keep(s, m->keep[i].slot, get_value(s, m->keep[i].number));
	if (make_records(s, &m->emit, s->line, e) < 0)
		return -1;
	sb_reset(&s->last);
	sb_addv(&s->last, sv_head(sv_trim(text), EMIT_TEXT));
	s->group = NULL;
	return m->end ? end_block(s, e) : 0;
}

bool
log_applies(const struct log_state *s, const struct format_match *m)
{
	return m->in == 0 || (m->in & (s->block < 0 ? FORMAT_OUTSIDE : 1u << s->block)) != 0;
}

static int
tell_odd(struct log_state *s, struct err *e)
{
	int i, rc = 0;

	for (i = 0; i < LOG_NODD && rc == 0; i++)
		rc = odd_tell(&s->odd[i], odd_text[i], i == LOG_FAILURE ? READ_ERROR
		    : i == LOG_UNKNOWN && s->f->otherwise == OTHERWISE_NOTE ? READ_NOTE : READ_WARNING, s->sink, e);
	return rc == 0 ? emit_tell(&s->emit, e) : rc;
}

int
log_end(struct log_state *s, struct err *e)
{
	return end_block(s, e) < 0 || finish_event(s, e) < 0 || tell_odd(s, e) < 0 ? -1 : 0;
}

void
log_begin(struct log_state *s, const struct format *f, const struct read_sink *sink, const struct time_zone *zone)
{
	*s = (struct log_state){.sink = sink, .f = &f->lines, .block = -1};
	emit_begin(&s->emit, sink, zone, f->nemit);
	s->emit.event = begin_event;
	s->emit.ctx = s;
}

void
log_free(struct log_state *s)
{
	size_t i;

	for (i = 0; i < FORMAT_MAX_KEPT; i++)
		sb_free(&s->kept[i]);
	emit_free(&s->emit);
	sb_free(&s->name);
	sb_free(&s->text);
	sb_free(&s->last);
}
