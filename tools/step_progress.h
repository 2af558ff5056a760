/*
 * step_progress - how far the reading of artifacts is, on a terminal.
 *
 * One line on stderr that is written over: bytes, rate, time left, the artifact at hand. Nothing where stderr is no
 * terminal or with -q. The clock is read for it alone: no output depends on it.
 */
#ifndef SOAK_TOOLS_STEP_PROGRESS_H
#define SOAK_TOOLS_STEP_PROGRESS_H

#include "tool.h"

struct step_progress {
	const struct tool *tool;
	bool on;
	int64_t total, done; /* bytes; total 0: not known */
	int64_t began, shown; /* milliseconds of a clock that only goes forward */
};

/* Adds up what the operands hold. */
void step_progress_begin(struct step_progress *p, const struct tool *t, char *const *operand, size_t n);
/* So many more bytes of that file. */
void step_progress_add(struct step_progress *p, const char *name, size_t bytes);
/* Takes the line away, for other talk or at the end. */
void step_progress_clear(struct step_progress *p);

#endif
