/*
 * table - one question of SQL to the engine: its arguments in, the points of its answer out.
 */
#ifndef SOAK_TOOLS_EXT_TABLE_H
#define SOAK_TOOLS_EXT_TABLE_H

#include <stdbool.h>

#include "base/arena.h"
#include "promql/eval.h"
#include "promql/store_times.h"

struct sqlite3;

struct table_answer {
	struct arena arena;
	struct pq_result r; /* owned by the arena */
	bool interrupted;   /* the error, if any, comes from sqlite3_interrupt() */
};

/*
 * Evaluates expr over the store that db has open as its main database. ERR_USAGE also for what has no rows because it
 * cannot: no series was ever seen that it selects, or its ranges are too short for the samples (docs/rules.md 21). 0 or -1;
 * the caller frees a->arena in any case.
 */
int table_ask(struct sqlite3 *db, struct sv expr, const struct pq_times *times, struct table_answer *a, struct err *e);

#endif
