#include "judge/comparison.h"

#include <math.h>

#include "judge/result.h"

static bool
take_op(enum pq_op op, struct comparison *c)
{
	switch (op) {
	case PQ_OP_EQ:
		c->op = OP_EQ;
		return true;
	case PQ_OP_NE:
		c->op = OP_EQ;
		c->not_equal = true;
		return true;
	case PQ_OP_LT:
		c->op = OP_LT;
		return true;
	case PQ_OP_LE:
		c->op = OP_LE;
		return true;
	case PQ_OP_GT:
		c->op = OP_GT;
		return true;
	case PQ_OP_GE:
		c->op = OP_GE;
		return true;
	default:
		return false;
	}
}

int
comparison_parse(struct arena *a, const struct doc *node, const char *what, struct comparison *c, struct err *e)
{
	const struct pq_expr *x;
	struct err why = {0};

	*c = (struct comparison){0};
	if (node->kind != DOC_STRING)
		return doc_err(node, e, "%s must be an expression: \"max(up) == 1\"", what);
	if ((x = pq_parse(a, node->text, &why)) == NULL)
		return doc_err(node, e, "%s", why.msg);
	x = pq_strip(x);
	if (x->kind != PQ_BINARY || !take_op(x->binary.op, c))
		return doc_err(node, e, "%s: a comparison is needed at the top, such as \"... <= 0.5\"", what);
	if (x->binary.right->type != PQ_SCALAR)
		return doc_err(node, e, "%s: the right side of the comparison must be a number", what);
	c->left = x->binary.left;
	c->right = x->binary.right;
	c->text = sv_head(sv_from(node->text, c->left->from), c->left->to - c->left->from);
	return 0;
}

bool
comparison_holds(const struct comparison *c, double v, double limit)
{
	bool equal = c->op == OP_EQ && result_holds(OP_EQ, v, limit);

	return c->op == OP_EQ ? equal != c->not_equal : result_holds(c->op, v, limit);
}

double
comparison_badness(const struct comparison *c, double v, double limit)
{
	double off = fabs(v - limit);

	if (c->op == OP_EQ)
		return c->not_equal ? -off : off;
	return c->op == OP_LT || c->op == OP_LE ? v - limit : limit - v;
}

const char *
comparison_text(const struct comparison *c)
{
	return c->not_equal ? "other than" : result_op_text(c->op);
}
