/*
 * step_ahead - several files searched at once, a thread and a searcher each; what was found is told of in the files' order.
 */
#ifndef SOAK_TOOLS_STEP_AHEAD_H
#define SOAK_TOOLS_STEP_AHEAD_H

#include "step_search.h"

struct ahead;

/* Borrows rules, and the strings until it is freed. */
struct ahead *ahead_new(const struct secret_rules *rules);
/* A file, as for search_path(); all of them before the first ahead_take(). */
void ahead_add(struct ahead *a, const char *name, const char *path, bool trusted);
/* The next file in the order in which they were added: waits for it, and gives what was found to the sink. 0 or -1. */
int ahead_take(struct ahead *a, const struct search_sink *sink, struct err *e);
/* Also when not all was taken; NULL is fine. */
void ahead_free(struct ahead *a);

#endif
