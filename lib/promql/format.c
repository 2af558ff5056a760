/* Canonical text, spelled as promql/parser/printer.go does, on one line. */
#include "promql/format.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/clean.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "promql/functions.h"
#include "promql/lex.h"
#include "promql/promql.h"

const char *
pq_op_symbol(enum pq_op op)
{
	static const char *const symbols[] = {"or", "and", "unless", "==", "!=", "<=", "<", ">=",
	    ">", "+", "-", "*", "/", "%", "atan2", "^"};

	return symbols[op];
}

/* A string literal with Go's escapes; what a terminal should not see is escaped. */
static void
quote(struct sv v, struct sb *out)
{
	static const char from[] = "\a\b\f\n\r\t\v\"\\", to[] = "abfnrtv\"\\";
	uint32_t c = 0;
	size_t n, k;

	sb_addc(out, '"');
	for (; v.n > 0; v = sv_from(v, n == 0 ? 1 : n)) {
		n = clean_utf8(v, &c);
		k = 0;
		while (from[k] != '\0' && (n == 0 || c != (uint32_t)from[k]))
			k++;
		if (n == 0)
			sb_addf(out, "\\x%02x", (unsigned)(unsigned char)v.p[0]);
		else if (from[k] != '\0')
			sb_addf(out, "\\%c", to[k]);
		else if (clean_keeps(c))
			sb_add(out, v.p, n);
		else if (c < 0x80)
			sb_addf(out, "\\x%02x", (unsigned)c);
		else
			sb_addf(out, c < 0x10000 ? "\\u%04x" : "\\U%08x", (unsigned)c);
	}
	sb_addc(out, '"');
}

static void
label(struct sv v, bool keywords, struct sb *out)
{
	enum pq_tok_kind kind = keywords ? pq_word_kind(v) : TOK_IDENT;

	/* Of the words only these cannot be labels in by (...) and on (...). */
	if (pq_plain_name(v, false) && kind != TOK_NUMBER && kind != TOK_WITHOUT)
		sb_addv(out, v);
	else
		quote(v, out);
}

/* Can it be written without quotes as a metric's name? */
static bool
is_metric(struct sv v)
{
	switch (pq_word_kind(v)) {
	case TOK_NUMBER:
	case TOK_BOOL:
	case TOK_ON:
	case TOK_IGNORING:
	case TOK_GROUP_LEFT:
	case TOK_GROUP_RIGHT:
		return false;
	case TOK_OP:
		return v.n != sizeof("atan2") - 1; /* and, or, unless are names where one is due */
	default:
		return pq_plain_name(v, true);
	}
}

static void
format_matcher(const struct pq_matcher *m, struct sb *out)
{
	static const char *const ops[] = {"=", "!=", "=~", "!~"};

	label(m->name, false, out);
	sb_adds(out, ops[m->op]);
	quote(m->value, out);
}

static int
by_text(const void *a, const void *b)
{
	return sv_cmp(sb_sv(a), sb_sv(b));
}

/* Outside the braces, unless it needs quotes or a second matcher of the name would forbid it. */
static bool
name_outside(const struct pq_selector *sel)
{
	size_t i, names = 0;

	for (i = 0; i < sel->n; i++)
		names += sv_is(sel->v[i].name, "__name__");
	return names == 1 && is_metric(sel->name);
}

void
pq_format_selector(const struct pq_selector *sel, struct sb *out)
{
	struct sb *texts = mem_new(sel->n, sizeof(*texts));
	bool outside = name_outside(sel);
	size_t i, n = 0;

	for (i = 0; i < sel->n; i++)
		if (!outside || !sv_is(sel->v[i].name, "__name__"))
			format_matcher(&sel->v[i], &texts[n++]);
	if (n > 1)
		qsort(texts, n, sizeof(*texts), by_text);
	if (outside)
		sb_addv(out, sel->name);
	if (n > 0 || !outside) {
		sb_addc(out, '{');
		for (i = 0; i < n; i++) {
			sb_adds(out, i > 0 ? "," : "");
			sb_addv(out, sb_sv(&texts[i]));
		}
		sb_addc(out, '}');
	}
	for (i = 0; i < n; i++)
		sb_free(&texts[i]);
	mem_free(texts);
}

static void
names(const char *word, const struct pq_names *l, struct sb *out)
{
	size_t i;

	sb_addf(out, " %s (", word);
	for (i = 0; i < l->n; i++) {
		sb_adds(out, i > 0 ? ", " : "");
		label(l->v[i], true, out);
	}
	sb_addc(out, ')');
}

static void
format_duration(int64_t ms, struct sb *out)
{
	char buf[TIME_TEXT];

	sb_adds(out, time_duration_text(ms, buf));
}

static void
format_number(double v, bool duration, struct sb *out)
{
	char buf[NUM_TEXT];

	if (duration)
		format_duration((int64_t)round(v * 1000), out);
	else if (isinf(v) && v > 0)
		sb_adds(out, "Inf"); /* "+Inf ^ 2" would be read as +(Inf ^ 2) */
	else
		sb_adds(out, num_text(v, buf));
}

static void
format_shift(const struct pq_expr *x, struct sb *out)
{
	const struct pq_shift *s = &x->shift;
	uint64_t ms = s->at_ms < 0 ? 0 - (uint64_t)s->at_ms : (uint64_t)s->at_ms;

	if (x->extend != PQ_PLAIN)
		sb_adds(out, x->extend == PQ_ANCHORED ? " anchored" : " smoothed");
	if (s->at == PQ_AT_TIME)
		sb_addf(out, " @ %s%" PRIu64 ".%03u", s->at_ms < 0 ? "-" : "", ms / 1000,
		    (unsigned)(ms % 1000));
	else if (s->at != PQ_AT_NONE)
		sb_adds(out, s->at == PQ_AT_START ? " @ start()" : " @ end()");
	if (s->offset != 0) {
		sb_adds(out, " offset ");
		format_duration(s->offset, out);
	}
}

static void
format_binary(const struct pq_binary *b, struct sb *out)
{
	const struct pq_matching *m = &b->matching;
	bool group = m->card == PQ_MANY_TO_ONE || m->card == PQ_ONE_TO_MANY;

	pq_format(b->left, out);
	sb_addf(out, " %s%s", pq_op_symbol(b->op), b->bool_result ? " bool" : "");
	if (m->labels.n > 0 || m->on || group)
		names(m->on ? "on" : "ignoring", &m->labels, out);
	if (group)
		names(m->card == PQ_MANY_TO_ONE ? "group_left" : "group_right", &m->include, out);
	sb_addc(out, ' ');
	pq_format(b->right, out);
}

static void
format_aggregation(const struct pq_aggregation *g, struct sb *out)
{
	sb_adds(out, pq_aggregate_name(g->op));
	if (g->without || g->labels.n > 0) {
		names(g->without ? "without" : "by", &g->labels, out);
		sb_addc(out, ' ');
	}
	sb_addc(out, '(');
	if (g->param != NULL) {
		pq_format(g->param, out);
		sb_adds(out, ", ");
	}
	pq_format(g->x, out);
	sb_addc(out, ')');
}

static void
format_call(const struct pq_call *c, struct sb *out)
{
	size_t i;

	sb_addf(out, "%s(", c->fn->name);
	for (i = 0; i < c->n; i++) {
		sb_adds(out, i > 0 ? ", " : "");
		pq_format(c->args[i], out);
	}
	sb_addc(out, ')');
}

/* "[5m]", "[1h:5m]". */
static void
format_brackets(const struct pq_expr *x, struct sb *out)
{
	bool sub = x->kind == PQ_SUBQUERY;

	sb_addc(out, '[');
	format_duration(sub ? x->subquery.range : x->range.range, out);
	if (sub)
		sb_addc(out, ':');
	if (sub && x->subquery.step != 0)
		format_duration(x->subquery.step, out);
	sb_addc(out, ']');
	format_shift(x, out);
}

void
pq_format(const struct pq_expr *x, struct sb *out)
{
	switch (x->kind) {
	case PQ_NUMBER:
		format_number(x->number.value, x->number.duration, out);
		break;
	case PQ_TEXT:
		quote(x->text, out);
		break;
	case PQ_SELECT:
		pq_format_selector(x->selector, out);
		format_shift(x, out);
		break;
	case PQ_RANGE:
		pq_format_selector(x->range.selector, out);
		format_brackets(x, out);
		break;
	case PQ_SUBQUERY:
		pq_format(x->subquery.x, out);
		format_brackets(x, out);
		break;
	case PQ_UNARY:
		sb_addc(out, x->unary.minus ? '-' : '+');
		pq_format(x->unary.x, out);
		break;
	case PQ_BINARY:
		format_binary(&x->binary, out);
		break;
	case PQ_AGGREGATION:
		format_aggregation(&x->aggregation, out);
		break;
	case PQ_CALL:
		format_call(&x->call, out);
		break;
	case PQ_PAREN:
		sb_addc(out, '(');
		pq_format(x->inner, out);
		sb_addc(out, ')');
		break;
	}
}
