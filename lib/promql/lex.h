/*
 * lex - PromQL text to tokens, one at a time (Prometheus 3.x promql/parser/lex.go).
 *
 * What a character means depends on where it stands: inside braces there are no
 * keywords, inside brackets no names; the lexer keeps track of that.
 */
#ifndef SOAK_PROMQL_LEX_H
#define SOAK_PROMQL_LEX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"
#include "promql/ast.h"

enum pq_tok_kind {
	TOK_EOF,
	TOK_ERROR,  /* why says what is wrong */
	TOK_IDENT,  /* name without colons */
	TOK_METRIC, /* name with colons */
	TOK_NUMBER,
	TOK_DURATION,
	TOK_STRING,
	TOK_LPAREN, TOK_RPAREN,
	TOK_LBRACE, TOK_RBRACE,
	TOK_LBRACKET, TOK_RBRACKET,
	TOK_COMMA, TOK_COLON,
	TOK_EQL,    /* "=", never an operator of expressions */
	TOK_EQL_RE, /* "=~" */
	TOK_NEQ_RE, /* "!~" */
	TOK_AT,
	TOK_OP,        /* op says which; "!=" in braces is PQ_OP_NE as well */
	TOK_AGGREGATE, /* aggregate says which */
	TOK_BOOL, TOK_ON, TOK_IGNORING, TOK_GROUP_LEFT, TOK_GROUP_RIGHT,
	TOK_BY, TOK_WITHOUT, TOK_OFFSET, TOK_ANCHORED, TOK_SMOOTHED, TOK_START, TOK_END,
};

struct pq_tok {
	enum pq_tok_kind kind;
	size_t at;       /* first byte of the token, or of what is wrong */
	struct sv text;  /* as written; borrows from the text */
	struct sv value; /* TOK_STRING: without quotes and escapes */
	double number;   /* TOK_NUMBER; TOK_DURATION in seconds */
	enum pq_op op;
	enum pq_aggregate aggregate;
	const char *why; /* TOK_ERROR; safe to print */
};

struct pq_lex {
	struct arena *a;
	struct sv text;
	size_t i;
	size_t parens;
	bool brace, bracket;
	bool matchers; /* the text is the inside of braces */
};

/* matchers: the text is the inside of braces and ends where it ends. */
void pq_lex_init(struct pq_lex *l, struct arena *a, struct sv text, bool matchers);
/* After TOK_EOF or TOK_ERROR the same again. Decoded strings and messages are owned by the arena. */
void pq_lex_next(struct pq_lex *l, struct pq_tok *t);

/* A name that needs no quotes: [a-zA-Z_][a-zA-Z0-9_]*, metric names with ':' too. */
bool pq_plain_name(struct sv name, bool metric);

/* What a word is outside braces: a keyword's token, TOK_NUMBER for Inf and NaN, else TOK_IDENT. */
enum pq_tok_kind pq_word_kind(struct sv word);

/*
 * A number or duration token as a value: decimal with '_' between digits, hexadecimal,
 * octal (010), Inf, NaN; "1h30m" (*duration) in seconds. False if it is neither.
 */
bool pq_number(struct sv text, double *v, bool *duration);

/*
 * Decodes a string token, quotes included. 0, or -1 with *why (in the arena) and *at, the
 * offset in text of what is wrong. text has its closing quote.
 */
int pq_unquote(struct arena *a, struct sv text, struct sv *value, const char **why, size_t *at);

#endif
