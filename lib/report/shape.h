/*
 * shape - verdict.json as templates may rely on it: every name of its schema is there, with the kind it should have.
 */
#ifndef SOAK_REPORT_SHAPE_H
#define SOAK_REPORT_SHAPE_H

#include "base/arena.h"
#include "base/doc.h"
#include "base/err.h"

#define SHAPE_SCHEMA 1 /* the newest verdict.json that is understood; docs/verdict.md */

/*
 * A copy of the verdict with the names of the schema, in its order: what may be absent and is becomes null (strings) or
 * an empty list, unknown names are left out. Owned by the arena. NULL with e set (file:line:col) when it is no verdict,
 * its schema is newer than SHAPE_SCHEMA, or something is missing or of another kind.
 */
struct doc *shape_verdict(struct arena *a, const struct doc *verdict, struct err *e);

/* The value of a name that the schema has: a text ("" for null), a number (NaN for null), a truth. */
struct sv shape_text(const struct doc *d, const char *key);
double shape_number(const struct doc *d, const char *key);
bool shape_true(const struct doc *d, const char *key);

#endif
