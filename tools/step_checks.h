/*
 * step_checks - the SLA table of synthetic checks: availability, outages and times to repair, a line a series.
 */
#ifndef SOAK_TOOLS_STEP_CHECKS_H
#define SOAK_TOOLS_STEP_CHECKS_H

#include "promql/promql.h"
#include "judge/checks.h"
#include "tool.h"

/*
 * Measures each series that sel selects between two times and appends the table (tab-separated, a header line), durations in
 * seconds. How many series had checks, or -1.
 */
int step_checks(struct pq_source *src, const struct pq_selector *sel, struct span window, int64_t confirm, struct sb *out, struct err *e);

#endif
