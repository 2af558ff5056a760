/*
 * provenance - provenance.json as templates use it: each figure with the place in the report that tells what it was made of.
 */
#ifndef SOAK_REPORT_PROVENANCE_H
#define SOAK_REPORT_PROVENANCE_H

#include "base/arena.h"
#include "base/doc.h"
#include "base/err.h"

#define PROVENANCE_SCHEMA 1 /* the newest that is understood; docs/verdict.md */

/*
 * Adds to a report's data (report_data()) "href" to each figure, and "provenance", a list of chains with their figures, to each
 * criterion, rate, claim, contradiction, evidence item, objective and the score: docs/report-data.md. provenance NULL: there is
 * none, href is null and the lists are empty. 0, or -1 with e set when it is not ours, newer, or damaged.
 */
int provenance_add(struct arena *a, struct doc *data, const struct doc *provenance, struct err *e);

#endif
