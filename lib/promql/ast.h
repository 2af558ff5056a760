/*
 * ast - the tree of a PromQL expression, as parsed. Owned by the arena given to the parser.
 */
#ifndef SOAK_PROMQL_AST_H
#define SOAK_PROMQL_AST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct regex;

enum pq_match_op { PQ_EQ, PQ_NE, PQ_RE, PQ_NRE };

struct pq_matcher {
	enum pq_match_op op;
	struct sv name, value;
	struct regex *re; /* PQ_RE, PQ_NRE: compiled, whole-string; freed with the arena */
};

struct pq_selector {
	struct sv name; /* metric name, "" none; also present as a matcher of __name__ */
	struct pq_matcher *v;
	size_t n;
};

#endif
