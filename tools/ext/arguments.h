/*
 * arguments - promql('expr', start, end, step): what SQL hands over, as the engine takes it.
 */
#ifndef SOAK_TOOLS_EXT_ARGUMENTS_H
#define SOAK_TOOLS_EXT_ARGUMENTS_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"
#include "promql/store_times.h"

struct sqlite3_value;

#define ARGUMENTS 4 /* expr, start, end, step */

struct arguments {
	struct sqlite3_value *v[ARGUMENTS]; /* NULL: not given */
};

/* given: bit i says that argument i is; v holds those that are. Keeps copies: 1, 0 when one is NULL, -1 out of memory. */
int arguments_take(struct arguments *a, int given, struct sqlite3_value **v);
/* Are these the same, in type and value? */
bool arguments_same(const struct arguments *a, int given, struct sqlite3_value **v);
void arguments_free(struct arguments *a);

/*
 * Times are RFC 3339 text or Unix seconds as text or number, the step is a duration as text or seconds; '' is not given.
 * *expr is borrowed. 0 or -1.
 */
int arguments_read(const struct arguments *a, struct sv *expr, struct pq_times *times, struct err *e);

#endif
