#include "promql/ast.h"

const struct pq_expr *
pq_child(const struct pq_expr *x, size_t i)
{
	switch (x->kind) {
	case PQ_NUMBER:
	case PQ_TEXT:
	case PQ_SELECT:
	case PQ_RANGE:
		return NULL;
	case PQ_SUBQUERY:
		return i == 0 ? x->subquery.x : NULL;
	case PQ_UNARY:
		return i == 0 ? x->unary.x : NULL;
	case PQ_BINARY:
		return i == 0 ? x->binary.left : i == 1 ? x->binary.right : NULL;
	case PQ_AGGREGATION:
		if (x->aggregation.param == NULL)
			i++;
		return i == 0 ? x->aggregation.param : i == 1 ? x->aggregation.x : NULL;
	case PQ_CALL:
		return i < x->call.n ? x->call.args[i] : NULL;
	case PQ_PAREN:
		return i == 0 ? x->inner : NULL;
	}
	return NULL;
}

const struct pq_expr *
pq_strip(const struct pq_expr *x)
{
	while (x != NULL && x->kind == PQ_PAREN)
		x = x->inner;
	return x;
}
