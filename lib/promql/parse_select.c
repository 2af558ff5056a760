#include "promql/parse.h"

#include "base/clean.h"
#include "base/mem.h"
#include "base/regex.h"
#include "promql/regexp.h"

static void
free_regex(void *re)
{
	regex_free(re);
}

static bool
match_op(const struct pq_tok *t, enum pq_match_op *op)
{
	if (t->kind == TOK_EQL)
		*op = PQ_EQ;
	else if (t->kind == TOK_EQL_RE)
		*op = PQ_RE;
	else if (t->kind == TOK_NEQ_RE)
		*op = PQ_NRE;
	else if (t->kind == TOK_OP && t->op == PQ_OP_NE)
		*op = PQ_NE;
	else
		return false;
	return true;
}

/* One matcher, or a metric's name in quotes. */
static int
matcher(struct pq_parser *p, struct pq_matcher *m, bool *is_name)
{
	struct err why = {0};
	size_t at = p->tok.at;

	*is_name = false;
	if (p->tok.kind != TOK_IDENT && p->tok.kind != TOK_STRING)
		return pq_parser_unexpected(p, "label matching", "identifier or \"}\"");
	m->name = p->tok.kind == TOK_STRING ? p->tok.value : p->tok.text;
	*is_name = p->tok.kind == TOK_STRING;
	pq_parser_next(p);
	if (!match_op(&p->tok, &m->op)) {
		if (!*is_name)
			return pq_parser_unexpected(p, "label matching", "label matching operator");
		m->value = m->name;
		m->name = SV("__name__");
		m->op = PQ_EQ;
		return 0;
	}
	*is_name = false;
	m->name = arena_sv(p->a, m->name);
	pq_parser_next(p);
	if (p->tok.kind != TOK_STRING)
		return pq_parser_unexpected(p, "label matching", "string");
	m->value = p->tok.value;
	pq_parser_next(p);
	if (m->op != PQ_RE && m->op != PQ_NRE)
		return 0;
	m->re = pq_regexp_new(m->value, &why);
	if (m->re == NULL)
		return pq_parser_error(p, at, "%s", why.msg);
	arena_on_free(p->a, free_regex, m->re);
	return 0;
}

static void
add_name(struct pq_parser *p, struct pq_selector *s, struct pq_matcher *m, struct sv name)
{
	s->name = arena_sv(p->a, name);
	*m = (struct pq_matcher){.op = PQ_EQ, .name = SV("__name__"), .value = s->name};
}

struct pq_selector *
pq_parser_matchers(struct pq_parser *p, struct sv name)
{
	enum pq_tok_kind end = p->lex.matchers ? TOK_EOF : TOK_RBRACE;
	struct pq_selector *s = arena_new(p->a, 1, sizeof(*s));
	VEC(struct pq_matcher) v = {0};
	bool is_name;
	int rc = 0;

	if (name.n > 0)
		add_name(p, s, vec_add(&v), name);
	while (rc == 0 && p->tok.kind != end) {
		rc = matcher(p, vec_add(&v), &is_name);
		if (rc == 0 && is_name && s->name.n == 0)
			s->name = v.v[v.n - 1].value;
		if (rc < 0)
			break;
		if (p->tok.kind == TOK_COMMA)
			pq_parser_next(p);
		else if (p->tok.kind != end)
			rc = pq_parser_unexpected(p, "label matching",
			    p->lex.matchers ? "\",\" or end of input" : "\",\" or \"}\"");
	}
	if (rc == 0) {
		s->n = v.n;
		s->v = arena_new(p->a, v.n, sizeof(*s->v));
		for (size_t i = 0; i < v.n; i++)
			s->v[i] = v.v[i];
	}
	vec_free(&v);
	return rc < 0 ? NULL : s;
}

/* Does it match the empty value, and so series without the label? 1, 0 or -1. */
static int
matches_empty(const struct pq_matcher *m, struct err *e)
{
	int rc;

	if (m->op == PQ_EQ || m->op == PQ_NE)
		return (m->value.n == 0) == (m->op == PQ_EQ);
	rc = regex_match(m->re, SV(""), e);
	return rc < 0 ? -1 : rc == (m->op == PQ_RE);
}

/* The rules of a selector as a whole: one name, and not everything there is. */
static int
check(struct pq_parser *p, const struct pq_selector *s, struct sv name, size_t from)
{
	struct sb shown = {0};
	size_t i;
	int rc = 1;

	for (i = 1; name.n > 0 && i < s->n; i++)
		if (sv_is(s->v[i].name, "__name__")) {
			clean_add(&shown, sv_head(s->v[i].value, 60));
			pq_parser_error(p, from, "metric name must not be set twice: \"%" SV_FMT
			    "\" or \"%s\"", SV_ARG(sv_head(name, 60)), sb_str(&shown));
			sb_free(&shown);
			return -1;
		}
	for (i = 0; i < s->n && rc == 1; i++)
		rc = matches_empty(&s->v[i], p->e);
	if (rc < 0)
		return -1;
	return rc == 0 ? 0 : pq_parser_error(p, from,
	    "vector selector must contain at least one non-empty matcher");
}

struct pq_expr *
pq_parser_select(struct pq_parser *p, struct sv name, size_t from)
{
	struct pq_selector *s;
	struct pq_expr *x;

	if (p->tok.kind == TOK_LBRACE) {
		pq_parser_next(p);
		s = pq_parser_matchers(p, name);
		if (s == NULL)
			return NULL;
		pq_parser_next(p); /* '}' */
	} else {
		s = arena_new(p->a, 1, sizeof(*s));
		s->v = arena_new(p->a, 1, sizeof(*s->v));
		s->n = 1;
		add_name(p, s, s->v, name);
	}
	if (check(p, s, name, from) < 0)
		return NULL;
	x = pq_parser_node(p, PQ_SELECT, PQ_VECTOR, from);
	x->selector = s;
	return x;
}
