/* Operators: scalars, and vectors with scalars. Two vectors are in eval_match.c. */
#include "promql/eval_in.h"

#include "promql/numeric.h"

bool
pq_op_compares(enum pq_op op)
{
	return op >= PQ_OP_EQ && op <= PQ_OP_GT;
}

bool
pq_apply(const struct pq_binary *b, double left, double right, double element, double *out)
{
	double v = pq_binary(b->op, left, right);

	if (pq_op_compares(b->op) && !b->bool_result) {
		*out = element;
		return v != 0;
	}
	*out = v;
	return true;
}

int
pq_eval_unary(struct pq_eval *ev, const struct pq_expr *x, const struct pq_grid *g, struct pq_value *out)
{
	size_t i, k;

	if (pq_eval_node(ev, x->unary.x, g, out) < 0)
		return -1;
	if (!x->unary.minus)
		return 0;
	for (i = 0; i < out->n; i++)
		for (k = 0; k < out->row[i].n; k++)
			if (pq_row_has(&out->row[i], out->row[i].first + k))
				out->row[i].v[k] = -out->row[i].v[k];
	return x->type == PQ_SCALAR ? 0 : pq_value_drop_names(ev, out);
}

/* Each element of *v in place; number has a sample at each step. */
static int
with_scalar(struct pq_eval *ev, const struct pq_binary *b, struct pq_value *v, const struct pq_row *number,
    bool number_is_left)
{
	struct pq_row *r;
	double s, value;
	size_t i, k;

	for (i = 0; i < v->n; i++) {
		r = &v->row[i];
		for (k = r->first; k < r->first + r->n; k++) {
			if (!pq_row_has(r, k))
				continue;
			s = pq_row_at(number, k);
			value = pq_row_at(r, k);
			if (pq_apply(b, number_is_left ? s : value, number_is_left ? value : s, value, &value))
				r->v[k - r->first] = value;
			else
				pq_row_clear(r, k);
		}
	}
	if (pq_op_compares(b->op) && !b->bool_result) {
		pq_value_trim(ev, v);
		return 0;
	}
	return pq_value_drop_names(ev, v);
}

static int
apply(struct pq_eval *ev, const struct pq_binary *b, size_t steps, struct pq_value *left, struct pq_value *right,
    struct pq_value *out)
{
	size_t i;
	int rc;

	if (b->vectors)
		return b->op <= PQ_OP_UNLESS ? pq_eval_set(ev, b, steps, left, right, out) :
		    pq_eval_match(ev, b, steps, left, right, out);
	if (b->left->type == PQ_SCALAR && b->right->type == PQ_SCALAR) {
		for (i = 0; i < steps; i++)
			left->row[0].v[i] = pq_binary(b->op, left->row[0].v[i], right->row[0].v[i]);
		pq_value_move(ev, out, left);
		return 0;
	}
	if (b->right->type == PQ_SCALAR) {
		rc = with_scalar(ev, b, left, &right->row[0], false);
		pq_value_move(ev, out, left);
	} else {
		rc = with_scalar(ev, b, right, &left->row[0], true);
		pq_value_move(ev, out, right);
	}
	return rc;
}

int
pq_eval_binary(struct pq_eval *ev, const struct pq_expr *x, const struct pq_grid *g, struct pq_value *out)
{
	struct pq_value left = {0}, right = {0};
	int rc = pq_eval_node(ev, x->binary.left, g, &left);

	if (rc == 0)
		rc = pq_eval_node(ev, x->binary.right, g, &right);
	if (rc == 0)
		rc = apply(ev, &x->binary, g->n, &left, &right, out);
	pq_value_free(ev, &left);
	pq_value_free(ev, &right);
	return rc;
}
