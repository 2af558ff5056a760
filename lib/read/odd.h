/*
 * odd - what is odd in many lines of one file is said once: at the first of them, with how often.
 */
#ifndef SOAK_READ_ODD_H
#define SOAK_READ_ODD_H

#include "read/read.h"

struct odd {
	int64_t n, first; /* how often; the line of the first */
};

void odd_count(struct odd *o, int64_t line);
/* Gives the sink text, with the number where it is more than one; nothing when it never was. 0 or the sink's -1. */
int odd_tell(const struct odd *o, const char *text, enum read_severity sev, const struct read_sink *sink, struct err *e);

#endif
