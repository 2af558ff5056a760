/*
 * log_state - where the reading of a log is: the block under way, what earlier lines said, the event that waits for the lines
 * that continue it. Knows no bytes and no patterns that match, only what becomes of a match.
 */
#ifndef SOAK_READ_LOG_STATE_H
#define SOAK_READ_LOG_STATE_H

#include "read/format_def.h"

enum log_odd { LOG_UNKNOWN, LOG_FAILURE, LOG_LONG, LOG_JOINED, LOG_CUT, LOG_NODD };

struct log_state {
	const struct read_sink *sink;
	const struct format_lines *f;
	struct emit_run emit;
	int64_t line; /* under way; set it before each call */
	/* The event under way: lines may still be added to its text. */
	bool open, full, timeless;
	struct read_event ev;
	struct sb name, text;
	/* The block under way. */
	int block;          /* -1: none */
	int64_t block_line; /* where it began, */
	size_t begun_by;    /* by which pattern, */
	bool begun;         /* and nothing came of it yet */
	struct sb kept[FORMAT_MAX_KEPT];
	bool set[FORMAT_MAX_KEPT];
	struct sb last;     /* the last line that a pattern matched */
	char number[24];
	const struct sv *group;
	struct odd odd[LOG_NODD];
};

void log_begin(struct log_state *s, const struct format *f, const struct read_sink *sink, const struct time_zone *zone);
void log_free(struct log_state *s);

/* Is the pattern tried where the reading is? */
bool log_applies(const struct log_state *s, const struct format_match *m);
/* The pattern matched text, with these groups. 0 or the sink's -1. */
int log_match(struct log_state *s, const struct format_match *m, const struct sv *group, struct sv text, struct err *e);
/* No pattern matched it: it continues the event under way, or is counted. */
void log_continue(struct log_state *s, struct sv text);
/* Something odd at the line under way, to be told at the end. */
void log_odd(struct log_state *s, enum log_odd kind);
/* The log is over: ends the block and the event, tells what was odd. 0 or the sink's -1. */
int log_end(struct log_state *s, struct err *e);

#endif
