#include "promql/parse.h"

#include "base/clean.h"
#include "base/mem.h"
#include "promql/functions.h"

/* May the token be a label's name? Keywords may, but for "without"; names with colons may not. */
static bool
is_label(const struct pq_tok *t)
{
	if (t->kind == TOK_OP)
		return t->op == PQ_OP_AND || t->op == PQ_OP_OR || t->op == PQ_OP_UNLESS ||
		    t->op == PQ_OP_ATAN2;
	return t->kind == TOK_IDENT || t->kind == TOK_STRING ||
	    (t->kind >= TOK_AGGREGATE && t->kind != TOK_WITHOUT);
}

static int
names(struct pq_parser *p, struct pq_names *out)
{
	VEC(struct sv) v = {0};
	int rc = 0;

	while (rc == 0 && p->tok.kind != TOK_RPAREN) {
		if (!is_label(&p->tok) || (p->tok.kind == TOK_STRING && p->tok.value.n == 0)) {
			rc = pq_parser_unexpected(p, "grouping opts", "label");
			break;
		}
		*vec_add(&v) = p->tok.kind == TOK_STRING ? p->tok.value : arena_sv(p->a, p->tok.text);
		pq_parser_next(p);
		if (p->tok.kind == TOK_COMMA)
			pq_parser_next(p);
		else if (p->tok.kind != TOK_RPAREN)
			rc = pq_parser_unexpected(p, "grouping opts", "\",\" or \")\"");
	}
	if (rc == 0) {
		out->n = v.n;
		out->v = arena_new(p->a, v.n, sizeof(*out->v));
		for (size_t i = 0; i < v.n; i++)
			out->v[i] = v.v[i];
	}
	vec_free(&v);
	return rc;
}

int
pq_parser_names(struct pq_parser *p, struct pq_names *out)
{
	if (p->tok.kind != TOK_LPAREN)
		return pq_parser_unexpected(p, "grouping opts", "\"(\"");
	pq_parser_next(p);
	if (names(p, out) < 0)
		return -1;
	pq_parser_next(p);
	return 0;
}

/* "(x, y)"; args and their number to the arena. */
static int
arguments(struct pq_parser *p, struct pq_expr ***args, size_t *n)
{
	VEC(struct pq_expr *) v = {0};
	struct pq_expr *x;
	int rc = 0;

	pq_parser_next(p); /* '(' */
	while (rc == 0 && p->tok.kind != TOK_RPAREN) {
		x = pq_parser_expr(p);
		if (x == NULL) {
			rc = -1;
			break;
		}
		*vec_add(&v) = x;
		if (p->tok.kind == TOK_COMMA) {
			size_t at = p->tok.at;

			pq_parser_next(p);
			if (p->tok.kind == TOK_RPAREN)
				rc = pq_parser_error(p, at,
				    "trailing commas not allowed in function call args");
		} else if (p->tok.kind != TOK_RPAREN) {
			rc = pq_parser_unexpected(p, "arguments", "operator, \",\" or \")\"");
		}
	}
	if (rc == 0) {
		pq_parser_next(p);
		*n = v.n;
		*args = arena_new(p->a, v.n, sizeof(**args));
		for (size_t i = 0; i < v.n; i++)
			(*args)[i] = v.v[i];
	}
	vec_free(&v);
	return rc;
}

struct pq_expr *
pq_parser_call(struct pq_parser *p, const struct pq_tok *name)
{
	const struct pq_function *fn = pq_function_find(name->text);
	struct pq_call call = {.fn = fn};
	struct pq_expr *x;
	size_t i;

	if (fn == NULL) {
		pq_parser_error(p, name->at, "unknown function with name \"%" SV_FMT "\"",
		    SV_ARG(sv_head(name->text, 100)));
		return NULL;
	}
	if (fn->experimental) {
		pq_parser_error(p, name->at, "function \"%s\" is experimental in Prometheus and "
		    "not supported", fn->name);
		return NULL;
	}
	if (arguments(p, &call.args, &call.n) < 0)
		return NULL;
	x = pq_parser_node(p, PQ_CALL, fn->result, name->at);
	x->call = call;
	for (i = 0; i < call.n; i++)
		if (pq_parser_child(p, x, call.args[i]) < 0)
			return NULL;
	return x;
}

/* by (...) or without (...), if it stands here and did not before. */
static int
grouping(struct pq_parser *p, struct pq_aggregation *g, bool *seen)
{
	if (*seen || (p->tok.kind != TOK_BY && p->tok.kind != TOK_WITHOUT))
		return 0;
	*seen = true;
	g->without = p->tok.kind == TOK_WITHOUT;
	pq_parser_next(p);
	return pq_parser_names(p, &g->labels);
}

struct pq_expr *
pq_parser_aggregation(struct pq_parser *p, const struct pq_tok *op)
{
	size_t want = pq_aggregate_has_param(op->aggregate) ? 2 : 1, n = 0;
	struct pq_aggregation g = {.op = op->aggregate};
	struct pq_expr **args = NULL, *x;
	bool seen = false;

	if (grouping(p, &g, &seen) < 0)
		return NULL;
	if (p->tok.kind != TOK_LPAREN) {
		pq_parser_unexpected(p, "aggregation", "\"(\"");
		return NULL;
	}
	if (arguments(p, &args, &n) < 0 || grouping(p, &g, &seen) < 0)
		return NULL;
	if (op->aggregate == PQ_LIMIT_RATIO) {
		pq_parser_error(p, op->at, "%s() is experimental in Prometheus and not supported",
		    pq_aggregate_name(op->aggregate));
		return NULL;
	}
	if (n == 0) {
		pq_parser_error(p, op->at, "no arguments for aggregate expression provided");
		return NULL;
	}
	if (n != want) {
		pq_parser_error(p, op->at, "wrong number of arguments for aggregate expression "
		    "provided, expected %zu, got %zu", want, n);
		return NULL;
	}
	g.param = want == 2 ? args[0] : NULL;
	g.x = args[want - 1];
	x = pq_parser_node(p, PQ_AGGREGATION, PQ_VECTOR, op->at);
	x->aggregation = g;
	if (pq_parser_child(p, x, g.x) < 0 || (want == 2 && pq_parser_child(p, x, g.param) < 0))
		return NULL;
	return x;
}
