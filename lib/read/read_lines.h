/*
 * read_lines - what the line-by-line readers share: the head's lines for recognition,
 * and the message of a line that is too long.
 */
#ifndef SOAK_READ_READ_LINES_H
#define SOAK_READ_READ_LINES_H

#include <stdbool.h>

#include "base/err.h"
#include "base/io.h"
#include "base/str.h"

/*
 * The next line of a head, without its newline. A last line that the head cuts off is left
 * out, unless it is the only one; a byte order mark is left out. *rest is the head to begin
 * with; first is true for the first line.
 */
bool read_head_line(struct sv *rest, bool first, struct sv *line);

/* Without a UTF-8 byte order mark at the start (Windows' editors and shells write one). */
struct sv read_no_bom(struct sv v);

/*
 * line without terminal escape sequences (ECMA-48: CSI such as colours, OSC such as titles, two-byte ones), in out where
 * there are any, else as it is. An ESC that begins none of these stays.
 */
struct sv read_no_ansi(struct sv line, struct sb *out);

/*
 * line as patterns see it: without escape sequences, and with bytes that are not UTF-8 written as \xNN, since no pattern
 * matches such a byte and one of them would hide the whole line. In out where anything changes, else as it is.
 */
struct sv read_plain(struct sv line, struct sb *out);

/* After io_lines_next() gave -1: "NAME:LINE: longer than ..." or the source's own error. -1. */
int read_lines_failed(const struct io_lines *l, const char *name, struct err *e);

#endif
