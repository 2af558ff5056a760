/*
 * step_compare - a comparison of two runs as text.
 */
#ifndef SOAK_TOOLS_STEP_COMPARE_H
#define SOAK_TOOLS_STEP_COMPARE_H

#include "judge/compare_runs.h"

/* Lines of columns: aligned for people, or tab-separated with a heading. Appends. */
void compare_table(const struct compare_report *r, bool tsv, struct sb *out);
/* {"schema":1,...}: docs/man/soak-compare.1. Appends. */
void compare_json(const struct compare_report *r, struct sb *out);

#endif
