/*
 * step_lines - in which lines of the artifacts the samples of a chain stand: by reading the artifacts again.
 *
 * An artifact is known by its digest, wherever it lies now.
 */
#ifndef SOAK_TOOLS_STEP_LINES_H
#define SOAK_TOOLS_STEP_LINES_H

#include "judge/chain.h"
#include "tool.h"

struct step_lines; /* what was found, by source of the chain */

/* Reads the n operands (files, folders, archives). NULL with e set. chain lives as long. */
struct step_lines *step_lines_open(const struct tool *t, const struct chain *chain, const struct profile *p, char *const *operand,
    size_t n, struct err *e);
/* "12-31, 40", or what is to be said instead. For chain_text(). */
const char *step_lines_of(void *lines, size_t source);
void step_lines_close(struct step_lines *l);

#endif
