#include "rules/hollow.h"

#include <string.h>

#include "promql/functions.h"

struct hollow {
	const struct pq_explanation *ex;
	const bool *unfit; /* NULL: any reading will do */
};

/* Recursions are bounded by PQ_MAX_DEPTH. */
static bool
reads(const struct hollow *h, const struct pq_expr *x)
{
	size_t i;

	switch (x->kind) {
	case PQ_NUMBER:
	case PQ_TEXT:
		return false;
	case PQ_SELECT:
	case PQ_RANGE:
		for (i = 0; i < h->ex->n && h->ex->v[i].x != x; i++)
			;
		return h->unfit == NULL || (i < h->ex->n && h->unfit[i]);
	case PQ_SUBQUERY:
		return reads(h, x->subquery.x);
	case PQ_UNARY:
		return reads(h, x->unary.x);
	case PQ_BINARY:
		return reads(h, x->binary.left) || reads(h, x->binary.right);
	case PQ_AGGREGATION:
		return reads(h, x->aggregation.x);
	case PQ_CALL:
		for (i = 0; i < x->call.n && !reads(h, x->call.args[i]); i++)
			;
		return i < x->call.n;
	case PQ_PAREN:
		return reads(h, x->inner);
	}
	return false;
}

static bool hollow(const struct hollow *h, const struct pq_expr *x);

/* Both sides of "or" must be: a value of the right one counts for itself, unless it is a constant in place of the left one. */
static bool
hollow_or(const struct hollow *h, const struct pq_expr *left, const struct pq_expr *right)
{
	const struct hollow any = {.ex = h->ex};

	return (hollow(h, left) || reads(h, left)) && (hollow(h, right) || !reads(&any, right));
}

static bool
hollow(const struct hollow *h, const struct pq_expr *x)
{
	size_t i;

	switch (x->kind) {
	case PQ_NUMBER:
	case PQ_TEXT:
	case PQ_SELECT:
	case PQ_RANGE:
		return false;
	case PQ_SUBQUERY:
		return hollow(h, x->subquery.x);
	case PQ_UNARY:
		return hollow(h, x->unary.x);
	case PQ_BINARY:
		if (x->binary.op == PQ_OP_OR)
			return hollow_or(h, x->binary.left, x->binary.right);
		if (x->binary.op == PQ_OP_UNLESS)
			return hollow(h, x->binary.left) || reads(h, x->binary.right);
		return hollow(h, x->binary.left) || hollow(h, x->binary.right);
	case PQ_AGGREGATION:
		return hollow(h, x->aggregation.x);
	case PQ_CALL:
		if (strcmp(x->call.fn->name, "absent") == 0 || strcmp(x->call.fn->name, "absent_over_time") == 0)
			return reads(h, x->call.args[0]);
		for (i = 0; i < x->call.n && !hollow(h, x->call.args[i]); i++)
			;
		return i < x->call.n;
	case PQ_PAREN:
		return hollow(h, x->inner);
	}
	return false;
}

bool
rules_hollow(const struct pq_expr *x, const struct pq_explanation *ex, const bool *unfit)
{
	const struct hollow h = {ex, unfit};

	return hollow(&h, x);
}
