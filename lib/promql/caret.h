/*
 * caret - shows where in an expression an error stands.
 */
#ifndef SOAK_PROMQL_CARET_H
#define SOAK_PROMQL_CARET_H

#include "base/str.h"

/*
 * Two lines: that line of text which msg ("LINE:COL: ...", as pq_parse() gives) names, cleaned and cut to
 * columns, and '^' under the character. Nothing when msg names no place. Each begins with two blanks. Appends.
 */
void pq_caret(struct sv text, const char *msg, int columns, struct sb *out);

#endif
