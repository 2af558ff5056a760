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

/* What an expression evaluates to. */
enum pq_type { PQ_SCALAR, PQ_STRING, PQ_VECTOR, PQ_MATRIX };

enum pq_kind {
	PQ_NUMBER,
	PQ_TEXT,        /* a string literal */
	PQ_SELECT,      /* instant selector: up{job="x"} */
	PQ_RANGE,       /* range selector: up[5m] */
	PQ_SUBQUERY,    /* e[1h:5m] */
	PQ_UNARY,
	PQ_BINARY,
	PQ_AGGREGATION,
	PQ_CALL,
	PQ_PAREN,
};

/* In the order of the symbol table of format.c. */
enum pq_op {
	PQ_OP_OR, PQ_OP_AND, PQ_OP_UNLESS,
	PQ_OP_EQ, PQ_OP_NE, PQ_OP_LE, PQ_OP_LT, PQ_OP_GE, PQ_OP_GT,
	PQ_OP_ADD, PQ_OP_SUB,
	PQ_OP_MUL, PQ_OP_DIV, PQ_OP_MOD, PQ_OP_ATAN2,
	PQ_OP_POW,
};

enum pq_aggregate {
	PQ_SUM, PQ_AVG, PQ_COUNT, PQ_MIN, PQ_MAX, PQ_GROUP, PQ_STDDEV, PQ_STDVAR,
	PQ_TOPK, PQ_BOTTOMK, PQ_QUANTILE, PQ_COUNT_VALUES, /* these four take a parameter, */
	PQ_LIMITK, PQ_LIMIT_RATIO, /* so do these; the latter is known by name and refused */
};

enum pq_at_kind { PQ_AT_NONE, PQ_AT_TIME, PQ_AT_START, PQ_AT_END };

/* The modifiers of a selector or subquery; milliseconds. */
struct pq_shift {
	int64_t offset; /* 0 none; negative looks ahead */
	enum pq_at_kind at;
	int64_t at_ms;  /* PQ_AT_TIME */
};

/* How a selector uses the samples beside its range (promql-extended-range-selectors of Prometheus 3.7). */
enum pq_extend {
	PQ_PLAIN,
	PQ_ANCHORED, /* the newest sample at or before the range's start counts as its first */
	PQ_SMOOTHED, /* the values at both ends are interpolated between the samples around them */
};

struct pq_names {
	struct sv *v;
	size_t n;
};

enum pq_card { PQ_ONE_TO_ONE, PQ_MANY_TO_ONE, PQ_ONE_TO_MANY, PQ_MANY_TO_MANY };

/* How the sides of a binary operator find each other. */
struct pq_matching {
	enum pq_card card;       /* PQ_MANY_TO_ONE: group_left */
	bool on;                 /* labels are those of on(), else of ignoring() */
	struct pq_names labels;
	struct pq_names include; /* of group_left(), group_right() */
};

struct pq_function;
struct pq_expr;

struct pq_binary {
	enum pq_op op;
	bool bool_result;            /* the "bool" modifier */
	bool vectors;                /* both sides are vectors: matching counts */
	struct pq_matching matching;
	struct pq_expr *left, *right;
	size_t op_at;                /* byte offset of the operator */
};

struct pq_aggregation {
	enum pq_aggregate op;
	bool without;            /* labels are those of without(), else of by() */
	struct pq_names labels;
	struct pq_expr *param;   /* NULL: takes none */
	struct pq_expr *x;
};

struct pq_call {
	const struct pq_function *fn; /* promql/functions.h */
	struct pq_expr **args;
	size_t n;
};

struct pq_expr {
	enum pq_kind kind;
	enum pq_type type;
	size_t from, to; /* bytes of the text, [from, to) */
	int depth;       /* 1 for a leaf; at most PQ_MAX_DEPTH */
	struct pq_shift shift; /* PQ_SELECT, PQ_RANGE, PQ_SUBQUERY */
	enum pq_extend extend; /* PQ_RANGE; PQ_SELECT: never PQ_ANCHORED */
	union {
		struct {
			double value;
			bool duration; /* written as "5m"; value in seconds */
		} number;
		struct sv text;
		const struct pq_selector *selector; /* PQ_SELECT */
		struct {
			const struct pq_selector *selector;
			int64_t range;
		} range; /* PQ_RANGE */
		struct {
			struct pq_expr *x;
			int64_t range, step; /* step 0: the global evaluation interval */
		} subquery;
		struct {
			bool minus;
			struct pq_expr *x;
		} unary;
		struct pq_binary binary;
		struct pq_aggregation aggregation;
		struct pq_call call;
		struct pq_expr *inner; /* PQ_PAREN */
	};
};

/* The parts of x that are expressions themselves, as they are written, from 0 on; NULL: there are no more. */
const struct pq_expr *pq_child(const struct pq_expr *x, size_t i);

/* x without parentheses around it; NULL of NULL. */
const struct pq_expr *pq_strip(const struct pq_expr *x);

/* Deepest tree: every walk over one may recurse. Chains ("a or b or ...") count, too. */
#define PQ_MAX_DEPTH 500

#endif
