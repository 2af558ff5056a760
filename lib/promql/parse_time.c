#include "promql/parse.h"

#include <math.h>

/*
 * A number or duration, as milliseconds. In "offset" and "[]" a sign may stand before it;
 * arithmetic with durations is an experiment of Prometheus 3.4 that is off by default.
 */
static int
duration(struct pq_parser *p, const char *context, const char *expected, bool positive, int64_t *ms)
{
	size_t at = p->tok.at;
	bool minus = false;
	double v;

	if (p->tok.kind == TOK_OP && (p->tok.op == PQ_OP_ADD || p->tok.op == PQ_OP_SUB)) {
		minus = p->tok.op == PQ_OP_SUB;
		pq_parser_next(p);
	}
	if (p->tok.kind == TOK_LPAREN)
		return pq_parser_error(p, p->tok.at, "duration expressions are not supported");
	if (p->tok.kind != TOK_NUMBER && p->tok.kind != TOK_DURATION)
		return pq_parser_unexpected(p, context, expected);
	v = minus ? -p->tok.number : p->tok.number;
	/* As int64 nanoseconds, in which Prometheus keeps it; NaN fails, too. */
	if (!(fabs(v) <= 9223372036.0))
		return pq_parser_error(p, at, "duration out of range");
	*ms = (int64_t)round(v * 1000);
	pq_parser_next(p);
	if (positive && p->tok.kind == TOK_OP) /* in brackets; after an offset it is an operator like any other */
		return pq_parser_error(p, p->tok.at, "duration expressions are not supported");
	if (positive && *ms <= 0)
		return pq_parser_error(p, at, v > 0 ? "duration must be at least a millisecond"
		    : "duration must be greater than 0");
	return 0;
}

static bool
is_shiftable(const struct pq_expr *x)
{
	return x->kind == PQ_SELECT || x->kind == PQ_RANGE || x->kind == PQ_SUBQUERY;
}

static int
offset(struct pq_parser *p, struct pq_expr *x)
{
	int64_t ms;

	pq_parser_next(p);
	if (duration(p, "offset", "number or duration", false, &ms) < 0)
		return -1;
	if (!is_shiftable(x))
		return pq_parser_error(p, x->from, "offset modifier must be preceded by an instant "
		    "vector selector or range vector selector or a subquery");
	if (x->shift.offset != 0)
		return pq_parser_error(p, x->from, "offset may not be set multiple times");
	x->shift.offset = ms;
	x->to = p->end;
	return 0;
}

/* The T of "@ T", in milliseconds. */
static int
at_time(struct pq_parser *p, struct pq_shift *s)
{
	size_t at = p->tok.at;
	bool minus = false;
	double v;

	if (p->tok.kind == TOK_OP && (p->tok.op == PQ_OP_ADD || p->tok.op == PQ_OP_SUB)) {
		minus = p->tok.op == PQ_OP_SUB;
		pq_parser_next(p);
	}
	if (p->tok.kind != TOK_NUMBER && p->tok.kind != TOK_DURATION)
		return pq_parser_unexpected(p, "@", "timestamp");
	v = minus ? -p->tok.number : p->tok.number;
	/* A whole number of milliseconds that fits and that a double can tell apart. */
	if (!(fabs(v) <= 9.0e15 / 1000))
		return pq_parser_error(p, at, "timestamp out of bounds for @ modifier");
	s->at = PQ_AT_TIME;
	s->at_ms = (int64_t)round(v * 1000);
	pq_parser_next(p);
	return 0;
}

static int
at(struct pq_parser *p, struct pq_expr *x)
{
	struct pq_shift s = {0};

	pq_parser_next(p);
	if (p->tok.kind == TOK_START || p->tok.kind == TOK_END) {
		s.at = p->tok.kind == TOK_START ? PQ_AT_START : PQ_AT_END;
		pq_parser_next(p);
		if (p->tok.kind != TOK_LPAREN)
			return pq_parser_unexpected(p, "@", "\"(\"");
		pq_parser_next(p);
		if (p->tok.kind != TOK_RPAREN)
			return pq_parser_unexpected(p, "@", "\")\"");
		pq_parser_next(p);
	} else if (at_time(p, &s) < 0) {
		return -1;
	}
	if (!is_shiftable(x))
		return pq_parser_error(p, x->from, "@ modifier must be preceded by an instant "
		    "vector selector or range vector selector or a subquery");
	if (x->shift.at != PQ_AT_NONE)
		return pq_parser_error(p, x->from, "@ <timestamp> may not be set multiple times");
	x->shift.at = s.at;
	x->shift.at_ms = s.at_ms;
	x->to = p->end;
	return 0;
}

/* What "[...]" holds: a range, or (with a colon) range and step of a subquery. */
struct brackets {
	size_t from;
	bool colon;
	int64_t range, step;
};

static int
brackets(struct pq_parser *p, struct brackets *b)
{
	const char *where = "subquery or range";

	b->from = p->tok.at;
	pq_parser_next(p);
	if (duration(p, where, "number or duration", true, &b->range) < 0)
		return -1;
	if (p->tok.kind == TOK_COLON) {
		where = "subquery selector";
		b->colon = true;
		pq_parser_next(p);
		if (p->tok.kind != TOK_RBRACKET &&
		    duration(p, where, "number or duration or \"]\"", true, &b->step) < 0)
			return -1;
	}
	if (p->tok.kind != TOK_RBRACKET)
		return pq_parser_unexpected(p, where, b->colon ? "\"]\"" : "\":\" or \"]\"");
	pq_parser_next(p);
	return 0;
}

static struct pq_expr *
subquery(struct pq_parser *p, struct pq_expr *inner, const struct brackets *b)
{
	struct pq_expr *x = pq_parser_node(p, PQ_SUBQUERY, PQ_MATRIX, inner->from);

	x->subquery.x = inner;
	x->subquery.range = b->range;
	x->subquery.step = b->step;
	return pq_parser_child(p, x, inner) < 0 ? NULL : x;
}

static struct pq_expr *
range(struct pq_parser *p, struct pq_expr *x, const struct brackets *b)
{
	const struct pq_selector *s = x->selector;

	if (x->kind != PQ_SELECT) {
		pq_parser_error(p, b->from, "ranges only allowed for vector selectors");
		return NULL;
	}
	if (x->shift.offset != 0) {
		pq_parser_error(p, b->from, "no offset modifiers allowed before range");
		return NULL;
	}
	if (x->extend != PQ_PLAIN) {
		pq_parser_error(p, b->from, "no smoothed modifier allowed before range");
		return NULL;
	}
	/* "x @ start() [5m]" slips through in Prometheus, and so it does here. */
	if (x->shift.at == PQ_AT_TIME) {
		pq_parser_error(p, b->from, "no @ modifiers allowed before range");
		return NULL;
	}
	x->kind = PQ_RANGE;
	x->type = PQ_MATRIX;
	x->to = p->end;
	x->range.selector = s;
	x->range.range = b->range;
	return x;
}

/* anchored, smoothed */
static int
extend(struct pq_parser *p, struct pq_expr *x)
{
	bool anchored = p->tok.kind == TOK_ANCHORED;
	const char *name = anchored ? "anchored" : "smoothed";

	pq_parser_next(p);
	if (x->kind == PQ_SUBQUERY)
		return pq_parser_error(p, x->from, "%s modifier is not supported for subqueries", name);
	if (x->kind != PQ_RANGE && (anchored || x->kind != PQ_SELECT))
		return pq_parser_error(p, x->from, "%s modifier must be preceded by %sa range vector selector", name,
		    anchored ? "" : "an instant vector selector or ");
	if (x->extend != PQ_PLAIN && x->extend != (anchored ? PQ_ANCHORED : PQ_SMOOTHED))
		return pq_parser_error(p, x->from, "anchored and smoothed modifiers cannot be used together");
	x->extend = anchored ? PQ_ANCHORED : PQ_SMOOTHED;
	x->to = p->end;
	return 0;
}

struct pq_expr *
pq_parser_postfix(struct pq_parser *p, struct pq_expr *x)
{
	struct brackets b;

	while (x != NULL) {
		if (p->tok.kind == TOK_OFFSET) {
			if (offset(p, x) < 0)
				return NULL;
		} else if (p->tok.kind == TOK_AT) {
			if (at(p, x) < 0)
				return NULL;
		} else if (p->tok.kind == TOK_ANCHORED || p->tok.kind == TOK_SMOOTHED) {
			if (extend(p, x) < 0)
				return NULL;
		} else if (p->tok.kind == TOK_LBRACKET) {
			b = (struct brackets){0};
			if (brackets(p, &b) < 0)
				return NULL;
			x = b.colon ? subquery(p, x, &b) : range(p, x, &b);
		} else {
			break;
		}
	}
	return x;
}
