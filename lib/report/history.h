/*
 * history - many runs judged by one profile as one document: what became of each criterion from run to run.
 *
 * Knows verdicts, not folders; docs/report-data.md ("Of many runs") is what templates see.
 */
#ifndef SOAK_REPORT_HISTORY_H
#define SOAK_REPORT_HISTORY_H

#include <stdint.h>

#include "base/arena.h"
#include "base/doc.h"
#include "base/err.h"

struct history_run {
	struct sv name; /* of its folder */
	const struct doc *verdict;
};

/*
 * The data of runs in the order of their start. every > 0, ms: a run was due so often; two that began more than one and a half times as
 * far apart have missed some between them. Owned by the arena. NULL with e set: no runs, one is no verdict of ours, or of another profile.
 */
struct doc *history_data(struct arena *a, const struct history_run *run, size_t n, int64_t every, struct err *e);

#endif
