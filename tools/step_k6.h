/*
 * step_k6 - k6's end-of-test summary, computed again from the points in the store.
 */
#ifndef SOAK_TOOLS_STEP_K6_H
#define SOAK_TOOLS_STEP_K6_H

#include "store/store.h"
#include "tool.h"

/*
 * Prints it on standard output, one for each folder that holds points. TOOL_PASS; TOOL_INCONCLUSIVE when there are no
 * points; TOOL_TROUBLE with e set.
 */
int step_k6_summary(const struct tool *t, struct store *s, struct err *e);

#endif
