/*
 * functions - the functions of PromQL by name, with what they take and give. No evaluation here.
 */
#ifndef SOAK_PROMQL_FUNCTIONS_H
#define SOAK_PROMQL_FUNCTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "promql/ast.h"

struct pq_function {
	const char *name;
	/*
	 * Arguments, a letter each: v instant vector, m range vector, s scalar, t string. The last
	 * may be followed by '?' (can be left out) or '*' (any number of them, also none).
	 */
	const char *args;
	enum pq_type result;
	bool experimental; /* in Prometheus behind --enable-feature, and not here: refused */
};

/* NULL when there is none. Names are case-sensitive. */
const struct pq_function *pq_function_find(struct sv name);
/* How many arguments: at least *min, at most *max (SIZE_MAX: no limit). */
void pq_function_arity(const struct pq_function *f, size_t *min, size_t *max);
/* The type of argument i, which is less than max. */
enum pq_type pq_function_arg(const struct pq_function *f, size_t i);
/* Does it ask whether there is something (absent(), absent_over_time())? Then nothing is an answer, too. f may be NULL. */
bool pq_asks_whether(const struct pq_function *f);
/* "instant vector", as the documentation calls it. */
const char *pq_type_name(enum pq_type t);

/* Aggregators: "sum"; does it take a parameter? */
const char *pq_aggregate_name(enum pq_aggregate a);
bool pq_aggregate_has_param(enum pq_aggregate a);

#endif
