#include "promql/parse.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/clean.h"
#include "promql/promql.h"

void
pq_parser_init(struct pq_parser *p, struct arena *a, struct sv text, bool matchers, struct err *e)
{
	*p = (struct pq_parser){.a = a, .e = e};
	pq_lex_init(&p->lex, a, text, matchers);
	pq_lex_next(&p->lex, &p->tok);
}

void
pq_parser_next(struct pq_parser *p)
{
	p->end = p->tok.at + p->tok.text.n;
	pq_lex_next(&p->lex, &p->tok);
}

/* Line and column of a byte, in characters; a byte that is not UTF-8 counts as one. */
static void
place(struct sv text, size_t at, size_t *line, size_t *col)
{
	uint32_t c;
	size_t i, n;

	*line = *col = 1;
	for (i = 0; i < at && i < text.n; i += n) {
		n = clean_utf8(sv_from(text, i), &c);
		n = n == 0 ? 1 : n;
		++*col;
		if (text.p[i] == '\n') {
			++*line;
			*col = 1;
		}
	}
}

int
pq_parser_error(struct pq_parser *p, size_t at, const char *fmt, ...)
{
	char what[384];
	size_t line, col;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	place(p->lex.text, at, &line, &col);
	return err_set(p->e, ERR_INPUT, "%zu:%zu: parse error: %s", line, col, what);
}

/* What the token in hand is, for a message. */
static void
describe(const struct pq_tok *t, struct sb *out)
{
	static const char *const kinds[] = {[TOK_IDENT] = "identifier ",
	    [TOK_METRIC] = "metric identifier ", [TOK_NUMBER] = "number ",
	    [TOK_DURATION] = "duration ", [TOK_STRING] = "string "};

	if (t->kind == TOK_EOF) {
		sb_adds(out, "end of input");
		return;
	}
	if (t->kind <= TOK_STRING && kinds[t->kind] != NULL)
		sb_adds(out, kinds[t->kind]);
	if (t->kind != TOK_STRING)
		sb_addc(out, '"');
	clean_add(out, sv_head(t->text, 60));
	sb_adds(out, t->text.n > 60 ? "..." : "");
	if (t->kind != TOK_STRING)
		sb_addc(out, '"');
}

int
pq_parser_unexpected(struct pq_parser *p, const char *context, const char *expected)
{
	struct sb s = {0};

	if (p->tok.kind == TOK_ERROR)
		return pq_parser_error(p, p->tok.at, "%s", p->tok.why);
	sb_adds(&s, "unexpected ");
	describe(&p->tok, &s);
	if (context[0] != '\0')
		sb_addf(&s, " in %s", context);
	if (expected[0] != '\0')
		sb_addf(&s, ", expected %s", expected);
	pq_parser_error(p, p->tok.at, "%s", sb_str(&s));
	sb_free(&s);
	return -1;
}

struct pq_expr *
pq_parser_node(struct pq_parser *p, enum pq_kind kind, enum pq_type type, size_t from)
{
	struct pq_expr *x = arena_new(p->a, 1, sizeof(*x));

	x->kind = kind;
	x->type = type;
	x->from = from;
	x->to = p->end;
	x->depth = 1;
	return x;
}

static int
too_deep(struct pq_parser *p, size_t at)
{
	pq_parser_error(p, at, "nested deeper than %d levels", PQ_MAX_DEPTH);
	if (p->e != NULL)
		p->e->code = ERR_LIMIT;
	return -1;
}

int
pq_parser_child(struct pq_parser *p, struct pq_expr *x, const struct pq_expr *child)
{
	if (child->depth >= PQ_MAX_DEPTH)
		return too_deep(p, x->from);
	if (x->depth <= child->depth)
		x->depth = child->depth + 1;
	return 0;
}

/* Binding strength; ^ also to the right. */
#define LEVEL_LOWEST 1
#define LEVEL_POWER 6

static int
level(enum pq_op op)
{
	if (op == PQ_OP_OR)
		return LEVEL_LOWEST;
	if (op <= PQ_OP_UNLESS)
		return 2;
	if (op <= PQ_OP_GT)
		return 3;
	if (op <= PQ_OP_SUB)
		return 4;
	return op == PQ_OP_POW ? LEVEL_POWER : 5;
}

static struct pq_expr *binary(struct pq_parser *p, int lowest);

/* + or -, in front of what binds tighter than * (so -2^2 is -4); on a number it becomes its sign. */
static struct pq_expr *
unary(struct pq_parser *p)
{
	bool minus = p->tok.op == PQ_OP_SUB;
	size_t from = p->tok.at;
	struct pq_expr *x, *inner;

	pq_parser_next(p);
	inner = binary(p, LEVEL_POWER);
	if (inner == NULL)
		return NULL;
	if (inner->kind == PQ_NUMBER) {
		inner->number.value = minus ? -inner->number.value : inner->number.value;
		inner->from = from;
		return inner;
	}
	x = pq_parser_node(p, PQ_UNARY, inner->type, from);
	x->unary.minus = minus;
	x->unary.x = inner;
	return pq_parser_child(p, x, inner) < 0 ? NULL : x;
}

static struct pq_expr *
paren(struct pq_parser *p)
{
	size_t from = p->tok.at;
	struct pq_expr *x, *inner;

	pq_parser_next(p);
	inner = pq_parser_expr(p);
	if (inner == NULL)
		return NULL;
	if (p->tok.kind != TOK_RPAREN) {
		pq_parser_unexpected(p, "", "operator or \")\"");
		return NULL;
	}
	pq_parser_next(p);
	x = pq_parser_node(p, PQ_PAREN, inner->type, from);
	x->inner = inner;
	return pq_parser_child(p, x, inner) < 0 ? NULL : x;
}

static struct pq_expr *
literal(struct pq_parser *p)
{
	struct pq_tok t = p->tok;
	struct pq_expr *x;

	pq_parser_next(p);
	x = pq_parser_node(p, t.kind == TOK_STRING ? PQ_TEXT : PQ_NUMBER,
	    t.kind == TOK_STRING ? PQ_STRING : PQ_SCALAR, t.at);
	if (t.kind == TOK_STRING) {
		x->text = t.value;
	} else {
		x->number.value = t.number;
		x->number.duration = t.kind == TOK_DURATION;
	}
	return x;
}

/* Something that starts with a word: a call, an aggregation or a metric's name. */
static struct pq_expr *
word(struct pq_parser *p)
{
	struct pq_tok t = p->tok;

	pq_parser_next(p);
	if (t.kind == TOK_AGGREGATE && (p->tok.kind == TOK_LPAREN || p->tok.kind == TOK_BY ||
	    p->tok.kind == TOK_WITHOUT))
		return pq_parser_aggregation(p, &t);
	if (t.kind == TOK_IDENT && p->tok.kind == TOK_LPAREN)
		return pq_parser_call(p, &t);
	return pq_parser_select(p, t.text, t.at);
}

static struct pq_expr *
primary(struct pq_parser *p)
{
	switch (p->tok.kind) {
	case TOK_NUMBER:
	case TOK_DURATION:
	case TOK_STRING:
		return literal(p);
	case TOK_LPAREN:
		return paren(p);
	case TOK_LBRACE:
		return pq_parser_select(p, (struct sv){NULL, 0}, p->tok.at);
	case TOK_OP:
		/* Where an operand is due, these three are metric names. */
		if (p->tok.op != PQ_OP_AND && p->tok.op != PQ_OP_OR && p->tok.op != PQ_OP_UNLESS)
			break;
		return word(p);
	case TOK_IDENT:
	case TOK_METRIC:
	case TOK_AGGREGATE:
	case TOK_BY:
	case TOK_WITHOUT:
	case TOK_OFFSET:
	case TOK_ANCHORED:
	case TOK_SMOOTHED:
	case TOK_START:
	case TOK_END:
		return word(p);
	default:
		break;
	}
	if (p->tok.kind == TOK_EOF && p->end == 0)
		pq_parser_error(p, 0, "no expression found in input");
	else
		pq_parser_unexpected(p, "", "expression");
	return NULL;
}

static struct pq_expr *
operand(struct pq_parser *p)
{
	struct pq_expr *x;

	if (p->tok.kind == TOK_OP && (p->tok.op == PQ_OP_ADD || p->tok.op == PQ_OP_SUB))
		return unary(p);
	x = primary(p);
	return x == NULL ? NULL : pq_parser_postfix(p, x);
}

/* bool, on/ignoring, group_left/group_right. */
static int
modifiers(struct pq_parser *p, struct pq_binary *b)
{
	if (p->tok.kind == TOK_BOOL) {
		b->bool_result = true;
		pq_parser_next(p);
	}
	if (p->tok.kind != TOK_ON && p->tok.kind != TOK_IGNORING)
		return 0;
	b->matching.on = p->tok.kind == TOK_ON;
	pq_parser_next(p);
	if (pq_parser_names(p, &b->matching.labels) < 0)
		return -1;
	if (p->tok.kind != TOK_GROUP_LEFT && p->tok.kind != TOK_GROUP_RIGHT)
		return 0;
	b->matching.card = p->tok.kind == TOK_GROUP_LEFT ? PQ_MANY_TO_ONE : PQ_ONE_TO_MANY;
	pq_parser_next(p);
	/* "(" belongs to group_left, even where an operand could start with it. */
	return p->tok.kind == TOK_LPAREN ? pq_parser_names(p, &b->matching.include) : 0;
}

/* Operators that bind at least as tightly as "lowest". */
static struct pq_expr *
binary(struct pq_parser *p, int lowest)
{
	struct pq_expr *left, *x;
	struct pq_binary b;
	int l;

	if (p->depth >= PQ_MAX_DEPTH) {
		too_deep(p, p->tok.at);
		return NULL;
	}
	p->depth++;
	left = operand(p);
	while (left != NULL && p->tok.kind == TOK_OP && (l = level(p->tok.op)) >= lowest) {
		b = (struct pq_binary){.op = p->tok.op, .op_at = p->tok.at, .left = left};
		pq_parser_next(p);
		if (modifiers(p, &b) < 0)
			return NULL;
		b.right = binary(p, l == LEVEL_POWER ? l : l + 1);
		if (b.right == NULL)
			return NULL;
		x = pq_parser_node(p, PQ_BINARY, PQ_SCALAR, left->from);
		x->binary = b;
		if (left->type == PQ_VECTOR || b.right->type == PQ_VECTOR)
			x->type = PQ_VECTOR;
		if (pq_parser_child(p, x, left) < 0 || pq_parser_child(p, x, b.right) < 0)
			return NULL;
		left = x;
	}
	p->depth--;
	return left;
}

struct pq_expr *
pq_parser_expr(struct pq_parser *p)
{
	return binary(p, LEVEL_LOWEST);
}

struct pq_expr *
pq_parse(struct arena *a, struct sv text, struct err *e)
{
	struct pq_parser p;
	struct pq_expr *x;

	pq_parser_init(&p, a, text, false, e);
	x = pq_parser_expr(&p);
	if (x == NULL)
		return NULL;
	if (p.tok.kind != TOK_EOF) {
		pq_parser_unexpected(&p, "", "operator or end of input");
		return NULL;
	}
	return pq_parser_check(&p, x) < 0 ? NULL : x;
}
