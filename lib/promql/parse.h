/*
 * parse - inside the parser: what its files share. Users include promql.h.
 *
 * Recursive descent with one token in hand (p->tok). A function that fails has set the
 * error and returns -1 or NULL; nobody goes on after that.
 */
#ifndef SOAK_PROMQL_PARSE_H
#define SOAK_PROMQL_PARSE_H

#include "base/arena.h"
#include "base/err.h"
#include "promql/ast.h"
#include "promql/lex.h"

struct pq_parser {
	struct pq_lex lex;
	struct pq_tok tok; /* not used up yet */
	size_t end;        /* where the token before it ended */
	struct arena *a;
	struct err *e;
	int depth;
};

/* --- parse.c --------------------------------------------------------------------- */

void pq_parser_init(struct pq_parser *p, struct arena *a, struct sv text, bool matchers, struct err *e);
void pq_parser_next(struct pq_parser *p);
/* "LINE:COL: parse error: ..."; lines and columns from 1, in characters. -1. */
int pq_parser_error(struct pq_parser *p, size_t at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* The token in hand does not fit: "unexpected X in CONTEXT, expected EXPECTED"; both may be "". -1. */
int pq_parser_unexpected(struct pq_parser *p, const char *context, const char *expected);
/* A new node that starts at byte "from" and ends where the last token taken did. */
struct pq_expr *pq_parser_node(struct pq_parser *p, enum pq_kind kind, enum pq_type type, size_t from);
/* Notes that x has that child. 0, or -1: the tree became too deep. */
int pq_parser_child(struct pq_parser *p, struct pq_expr *x, const struct pq_expr *child);
struct pq_expr *pq_parser_expr(struct pq_parser *p);

/* --- parse_select.c -------------------------------------------------------------- */

/* name is empty when there is none; the token in hand is what follows it. */
struct pq_expr *pq_parser_select(struct pq_parser *p, struct sv name, size_t from);
/* Matchers up to '}' or the end, which is not taken; name as above. NULL with e set. */
struct pq_selector *pq_parser_matchers(struct pq_parser *p, struct sv name);

/* --- parse_time.c ---------------------------------------------------------------- */

/* All of "offset", "@" and "[...]" that follow x. */
struct pq_expr *pq_parser_postfix(struct pq_parser *p, struct pq_expr *x);

/* --- parse_call.c ---------------------------------------------------------------- */

/* "(a, b)": label names. 0 or -1. */
int pq_parser_names(struct pq_parser *p, struct pq_names *names);
/* The name or aggregator was taken; the token in hand follows it. */
struct pq_expr *pq_parser_call(struct pq_parser *p, const struct pq_tok *name);
struct pq_expr *pq_parser_aggregation(struct pq_parser *p, const struct pq_tok *op);

/* --- check.c --------------------------------------------------------------------- */

/* Types and the rules that need them. 0 or -1. */
int pq_parser_check(struct pq_parser *p, struct pq_expr *x);

#endif
