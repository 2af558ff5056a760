/* Types: what the grammar allows and the language does not (Prometheus parser/parse.go checkAST). */
#include "promql/parse.h"

#include "base/clean.h"
#include "promql/functions.h"
#include "promql/format.h"

static int
expect(struct pq_parser *p, const struct pq_expr *x, enum pq_type want, const char *where)
{
	return x->type == want ? 0 : pq_parser_error(p, x->from, "expected type %s in %s, got %s",
	    pq_type_name(want), where, pq_type_name(x->type));
}

static int
check_aggregation(struct pq_parser *p, const struct pq_aggregation *g)
{
	if (pq_parser_check(p, g->x) < 0 ||
	    expect(p, g->x, PQ_VECTOR, "aggregation expression") < 0)
		return -1;
	if (g->param == NULL)
		return 0;
	if (pq_parser_check(p, g->param) < 0)
		return -1;
	return expect(p, g->param, g->op == PQ_COUNT_VALUES ? PQ_STRING : PQ_SCALAR,
	    "aggregation parameter");
}

/* Samples from outside of the range: not every function may see them. */
static int
check_extend(struct pq_parser *p, const struct pq_expr *x, const struct pq_function *fn)
{
	static const char *const safe[] = {"delta", "increase", "rate", "changes", "resets"};
	bool anchored;
	size_t i;

	x = pq_strip(x);
	anchored = x->extend == PQ_ANCHORED;
	if (x->kind != PQ_RANGE || x->extend == PQ_PLAIN)
		return 0;
	for (i = 0; i < (anchored ? 5 : 3); i++)
		if (sv_is(sv_of(fn->name), safe[i]))
			return 0;
	return pq_parser_error(p, x->from, anchored ?
	    "anchored modifier can only be used with: changes, delta, increase, rate, resets - not with %s" :
	    "smoothed modifier can only be used with: delta, increase, rate - not with %s", fn->name);
}

static int
check_call(struct pq_parser *p, const struct pq_expr *x)
{
	const struct pq_function *fn = x->call.fn;
	size_t min, max, i;
	enum pq_type want;

	pq_function_arity(fn, &min, &max);
	if (x->call.n < min || x->call.n > max)
		return pq_parser_error(p, x->from,
		    "expected %s%zu argument(s) in call to \"%s\", got %zu",
		    min == max ? "" : x->call.n < min ? "at least " : "at most ",
		    x->call.n < min ? min : max, fn->name, x->call.n);
	for (i = 0; i < x->call.n; i++) {
		if (pq_parser_check(p, x->call.args[i]) < 0)
			return -1;
		want = pq_function_arg(fn, i);
		if (x->call.args[i]->type != want)
			return pq_parser_error(p, x->call.args[i]->from,
			    "expected type %s in call to function \"%s\", got %s",
			    pq_type_name(want), fn->name, pq_type_name(x->call.args[i]->type));
		if (check_extend(p, x->call.args[i], fn) < 0)
			return -1;
	}
	return 0;
}

static bool
is_comparison(enum pq_op op)
{
	return op >= PQ_OP_EQ && op <= PQ_OP_GT;
}

static bool
is_number(const struct pq_expr *x)
{
	return x->type == PQ_SCALAR;
}

/* on (a) group_left (a): the label would have to be equal and copied. */
static int
check_include(struct pq_parser *p, const struct pq_binary *b)
{
	struct sb shown = {0};
	size_t i, k;

	for (i = 0; b->matching.on && i < b->matching.labels.n; i++)
		for (k = 0; k < b->matching.include.n; k++) {
			if (!sv_eq(b->matching.labels.v[i], b->matching.include.v[k]))
				continue;
			clean_add(&shown, sv_head(b->matching.labels.v[i], 60));
			pq_parser_error(p, b->op_at,
			    "label \"%s\" must not occur in ON and GROUP clause at once",
			    sb_str(&shown));
			sb_free(&shown);
			return -1;
		}
	return 0;
}

static int
check_sides(struct pq_parser *p, const struct pq_expr *x)
{
	static const char only[] =
	    "binary expression must contain only scalar and instant vector types";
	const struct pq_binary *b = &x->binary;

	if (b->left->type != PQ_SCALAR && b->left->type != PQ_VECTOR)
		return pq_parser_error(p, b->left->from, "%s", only);
	if (b->right->type != PQ_SCALAR && b->right->type != PQ_VECTOR)
		return pq_parser_error(p, b->right->from, "%s", only);
	return 0;
}

static int
check_binary(struct pq_parser *p, struct pq_expr *x)
{
	struct pq_binary *b = &x->binary;
	bool set = b->op <= PQ_OP_UNLESS;

	if (pq_parser_check(p, b->left) < 0 || pq_parser_check(p, b->right) < 0)
		return -1;
	b->vectors = b->left->type == PQ_VECTOR && b->right->type == PQ_VECTOR;
	if (b->bool_result && !is_comparison(b->op))
		return pq_parser_error(p, b->op_at,
		    "bool modifier can only be used on comparison operators");
	if (is_comparison(b->op) && !b->bool_result && is_number(b->left) && is_number(b->right))
		return pq_parser_error(p, b->op_at,
		    "comparisons between scalars must use BOOL modifier");
	if (check_include(p, b) < 0 || check_sides(p, x) < 0)
		return -1;
	if (!b->vectors && b->matching.labels.n > 0)
		return pq_parser_error(p, x->from,
		    "vector matching only allowed between instant vectors");
	if (set && (is_number(b->left) || is_number(b->right)))
		return pq_parser_error(p, b->op_at,
		    "set operator \"%s\" not allowed in binary scalar expression",
		    pq_op_symbol(b->op));
	if (set && b->matching.card != PQ_ONE_TO_ONE)
		return pq_parser_error(p, b->op_at, "no grouping allowed for \"%s\" operation",
		    pq_op_symbol(b->op));
	if (set)
		b->matching.card = PQ_MANY_TO_MANY;
	else if (!b->vectors) /* "1 + on() 2" means nothing more than "1 + 2" */
		b->matching = (struct pq_matching){0};
	return 0;
}

int
pq_parser_check(struct pq_parser *p, struct pq_expr *x)
{
	switch (x->kind) {
	case PQ_NUMBER:
	case PQ_TEXT:
	case PQ_SELECT:
	case PQ_RANGE:
		return 0;
	case PQ_PAREN:
		return pq_parser_check(p, x->inner);
	case PQ_AGGREGATION:
		return check_aggregation(p, &x->aggregation);
	case PQ_CALL:
		return check_call(p, x);
	case PQ_BINARY:
		return check_binary(p, x);
	case PQ_UNARY:
		if (pq_parser_check(p, x->unary.x) < 0)
			return -1;
		if (x->type != PQ_SCALAR && x->type != PQ_VECTOR)
			return pq_parser_error(p, x->from, "unary expression only allowed on "
			    "expressions of type scalar or instant vector, got \"%s\"",
			    pq_type_name(x->type));
		return 0;
	case PQ_SUBQUERY:
		if (pq_parser_check(p, x->subquery.x) < 0)
			return -1;
		if (x->subquery.x->type != PQ_VECTOR)
			return pq_parser_error(p, x->from, "subquery is only allowed on instant "
			    "vector, got %s instead", pq_type_name(x->subquery.x->type));
		return 0;
	}
	return 0;
}
