/*
 * step_history - many runs of one kind, from the verdict.json of their folders: what became of each criterion.
 */
#ifndef SOAK_TOOLS_STEP_HISTORY_H
#define SOAK_TOOLS_STEP_HISTORY_H

#include "tool.h"

/*
 * Prints a row per run (DIR/NAME/verdict.json, by the run's start) and criterion. every > 0: two runs that began more than one and
 * a half times as far apart have missed one between them. The tool's exit status.
 */
int step_history(const struct tool *t, const char *dir, int64_t every, bool tsv);

#endif
