/*
 * step_try - what a format makes of a file, line by line, for people who write one. Nothing is stored.
 */
#ifndef SOAK_TOOLS_STEP_TRY_H
#define SOAK_TOOLS_STEP_TRY_H

#include <stddef.h>

#include "base/err.h"
#include "base/time.h"
#include "tool.h"

/* Prints every format, tab-separated: name, whence (a file, or "built in"), title. 0 or -1. */
int step_list_formats(const struct tool *t, struct err *e);

/*
 * Reads the files by the format (a name, or the path of a NAME.yaml) and prints what each line became. zone: for local
 * times, NULL none. 0, 1 when something did not match, could not be used or a file would not be recognised as
 * of that format; -1 with e set.
 */
int step_try(const struct tool *t, const char *format, char *const *file, size_t n, const struct time_zone *zone,
    struct err *e);

#endif
