#include "rules/hollow.h"

#include "promql/functions.h"

struct hollow {
	const struct pq_explanation *ex;
	const bool *unfit; /* NULL: any reading will do */
};

/* Of an aggregation its parameter says nothing about whether there is a value. Recursions are bounded by PQ_MAX_DEPTH. */
static const struct pq_expr *
part_of(const struct pq_expr *x, size_t i)
{
	return x->kind != PQ_AGGREGATION ? pq_child(x, i) : i == 0 ? x->aggregation.x : NULL;
}

static bool
reads(const struct hollow *h, const struct pq_expr *x)
{
	const struct pq_expr *part;
	size_t i;

	if (x->kind == PQ_SELECT || x->kind == PQ_RANGE) {
		for (i = 0; i < h->ex->n && h->ex->v[i].x != x; i++)
			;
		return h->unfit == NULL || (i < h->ex->n && h->unfit[i]);
	}
	for (i = 0; (part = part_of(x, i)) != NULL && !reads(h, part); i++)
		;
	return part != NULL;
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
	const struct pq_expr *part;
	size_t i;

	if (x->kind == PQ_BINARY && x->binary.op == PQ_OP_OR)
		return hollow_or(h, x->binary.left, x->binary.right);
	if (x->kind == PQ_BINARY && x->binary.op == PQ_OP_UNLESS)
		return hollow(h, x->binary.left) || reads(h, x->binary.right);
	if (x->kind == PQ_CALL && pq_asks_whether(x->call.fn))
		return reads(h, x->call.args[0]);
	for (i = 0; (part = part_of(x, i)) != NULL && !hollow(h, part); i++)
		;
	return part != NULL;
}

bool
rules_hollow(const struct pq_expr *x, const struct pq_explanation *ex, const bool *unfit)
{
	const struct hollow h = {ex, unfit};

	return hollow(&h, x);
}
