/*
 * step_lines - in which lines of the artifacts the samples of chains stand: by reading the artifacts again, once for all chains.
 *
 * An artifact is known by its digest, wherever it lies now.
 */
#ifndef SOAK_TOOLS_STEP_LINES_H
#define SOAK_TOOLS_STEP_LINES_H

#include <stdbool.h>

#include "base/io.h"
#include "judge/chain.h"
#include "tool.h"

struct step_lines; /* what was found, by chain and source */

/* For the n chains, which live as long. NULL with e set. */
struct step_lines *step_lines_new(const struct tool *t, const struct chain *const *chain, size_t n, const struct profile *p, struct err *e);
/*
 * Reads the operand: a file, a folder, an archive. known: its files have the names that the chains have (the operands of the run
 * itself), so that what no chain names is passed over. 0 or -1.
 */
int step_lines_read(struct step_lines *l, const char *operand, bool known, struct err *e);
/* Reads an item that is at hand. 0 or -1. */
int step_lines_feed(struct step_lines *l, struct io_src *src, const char *name, struct err *e);
/* "12-31, 40" where the lines are known ("" else), and in words: "lines 12-31, 40", or what is to be said instead. */
const char *step_lines_numbers(struct step_lines *l, size_t chain, size_t source);
const char *step_lines_text(struct step_lines *l, size_t chain, size_t source);
/* For chain_text() of the first chain. */
const char *step_lines_of(void *lines, size_t source);
void step_lines_close(struct step_lines *l);

#endif
