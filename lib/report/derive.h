/*
 * derive - what follows from the whole of a report's data; for data.c only, when it has added all else.
 */
#ifndef SOAK_REPORT_DERIVE_H
#define SOAK_REPORT_DERIVE_H

#include "base/arena.h"
#include "base/doc.h"

/*
 * "not_shown": {what, why, settle, several} for what somebody might think this run proves, and it does not: undecided criteria,
 * parts of windows that were not seen, bounds below what is required, what was never exercised, checks that were not run, windows and rules of objectives
 * that the run is too short for, missing evidence (optional, too), claims that could not be checked, artifacts that were not read.
 */
void derive_not_shown(struct arena *a, struct doc *data);

/* "counts" (lists by their name, criteria and claims by their verdict) and "has_NAME" for each. */
void derive_counts(struct arena *a, struct doc *data);

#endif
