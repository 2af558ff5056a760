/*
 * step_history - many runs of one kind, from the verdict.json of their folders: what became of each criterion.
 */
#ifndef SOAK_TOOLS_STEP_HISTORY_H
#define SOAK_TOOLS_STEP_HISTORY_H

#include "base/arena.h"
#include "base/doc.h"
#include "tool.h"

struct step_past { /* one run */
	const char *name;
	int64_t start; /* TIME_NONE unknown */
	const struct doc *verdict;
};

/*
 * Prints a row per run (DIR/NAME/verdict.json, by the run's start) and criterion. every > 0: two runs that began more than one and
 * a half times as far apart have missed one between them. The tool's exit status.
 */
int step_history(const struct tool *t, const char *dir, int64_t every, bool tsv);

/*
 * The runs of DIR by their start; the arena's. What is none is said and sets *failed. 0 or -1 with e set.
 */
int step_history_read(const struct tool *t, const char *dir, struct arena *a, struct step_past **v, size_t *n, bool *failed, struct err *e);

#endif
