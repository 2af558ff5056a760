/*
 * step_checks - the SLA table of synthetic checks: availability, outages and times to repair, a line a series.
 */
#ifndef SOAK_TOOLS_STEP_CHECKS_H
#define SOAK_TOOLS_STEP_CHECKS_H

#include "promql/promql.h"
#include "judge/checks.h"
#include "tool.h"

struct step_checks {
	struct span window;
	int64_t confirm;
	const char *by;   /* a label: a line for each of its values, that of the check worst off; NULL: a line a series */
	double objective; /* 0..1; 0: not asked */
	/* out */
	size_t missed, unknown; /* lines whose objective is missed, or may be */
};

/*
 * Measures each series that sel selects between two times and appends the table (tab-separated, a header line), durations in
 * seconds. With an objective: how much downtime it allows in that time, how much of that is used, and met, missed or unknown:
 * what nobody saw may have been down. How many lines, or -1.
 */
int step_checks(struct pq_source *src, const struct pq_selector *sel, struct step_checks *o, struct sb *out, struct err *e);

#endif
