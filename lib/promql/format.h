/*
 * format - the spelling of operators. (The formatter itself is in promql.h.)
 */
#ifndef SOAK_PROMQL_FORMAT_H
#define SOAK_PROMQL_FORMAT_H

#include "promql/ast.h"

/* "+", "and", "==". */
const char *pq_op_symbol(enum pq_op op);

#endif
