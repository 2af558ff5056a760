#include "promql/lex.h"

#include <string.h>

#include "base/clean.h"

static const struct keyword {
	const char *name;
	enum pq_tok_kind kind;
	int which; /* the operator or aggregator */
} keywords[] = {
	{"and", TOK_OP, PQ_OP_AND},
	{"or", TOK_OP, PQ_OP_OR},
	{"unless", TOK_OP, PQ_OP_UNLESS},
	{"atan2", TOK_OP, PQ_OP_ATAN2},
	{"sum", TOK_AGGREGATE, PQ_SUM},
	{"avg", TOK_AGGREGATE, PQ_AVG},
	{"count", TOK_AGGREGATE, PQ_COUNT},
	{"min", TOK_AGGREGATE, PQ_MIN},
	{"max", TOK_AGGREGATE, PQ_MAX},
	{"group", TOK_AGGREGATE, PQ_GROUP},
	{"stddev", TOK_AGGREGATE, PQ_STDDEV},
	{"stdvar", TOK_AGGREGATE, PQ_STDVAR},
	{"topk", TOK_AGGREGATE, PQ_TOPK},
	{"bottomk", TOK_AGGREGATE, PQ_BOTTOMK},
	{"quantile", TOK_AGGREGATE, PQ_QUANTILE},
	{"count_values", TOK_AGGREGATE, PQ_COUNT_VALUES},
	{"limitk", TOK_AGGREGATE, PQ_LIMITK},
	{"limit_ratio", TOK_AGGREGATE, PQ_LIMIT_RATIO},
	{"bool", TOK_BOOL, 0},
	{"on", TOK_ON, 0},
	{"ignoring", TOK_IGNORING, 0},
	{"group_left", TOK_GROUP_LEFT, 0},
	{"group_right", TOK_GROUP_RIGHT, 0},
	{"by", TOK_BY, 0},
	{"without", TOK_WITHOUT, 0},
	{"offset", TOK_OFFSET, 0},
	{"anchored", TOK_ANCHORED, 0},
	{"smoothed", TOK_SMOOTHED, 0},
	{"start", TOK_START, 0},
	{"end", TOK_END, 0},
	{"inf", TOK_NUMBER, 0},
	{"nan", TOK_NUMBER, 0},
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The byte k on from here, '\0' past the end. */
static char
ahead(const struct pq_lex *l, size_t k)
{
	return k < l->text.n - l->i ? l->text.p[l->i + k] : '\0';
}

bool
pq_plain_name(struct sv name, bool metric)
{
	size_t i;

	for (i = 0; i < name.n; i++)
		if (!is_alpha(name.p[i]) && !(metric && name.p[i] == ':') &&
		    !(i > 0 && is_digit(name.p[i])))
			return false;
	return name.n > 0;
}

void
pq_lex_init(struct pq_lex *l, struct arena *a, struct sv text, bool matchers)
{
	*l = (struct pq_lex){.a = a, .text = text, .brace = matchers, .matchers = matchers};
}

static void
fail(struct pq_tok *t, size_t at, const char *why)
{
	t->kind = TOK_ERROR;
	t->at = at;
	t->why = why;
}

/* fail(): what, then the n bytes that stand at byte "at", between quotes. */
static void
fail_text(struct pq_lex *l, struct pq_tok *t, size_t at, size_t n, const char *what, char quote)
{
	struct sb s = {0};

	sb_addf(&s, "%s %c", what, quote);
	clean_add(&s, sv_head(sv_from(l->text, at), n < 40 ? n : 40));
	sb_adds(&s, n < 40 ? "" : "...");
	sb_addc(&s, quote);
	fail(t, at, arena_str(l->a, sb_sv(&s)));
	sb_free(&s);
}

/* fail_text() of the one character at "at". */
static void
fail_char(struct pq_lex *l, struct pq_tok *t, size_t at, const char *what)
{
	struct sv rest = sv_from(l->text, at);
	uint32_t c;
	size_t n = rest.n == 0 ? 0 : clean_utf8(rest, &c);

	fail_text(l, t, at, n == 0 ? 1 : n, what, '\'');
}

static void
take(struct pq_lex *l, struct pq_tok *t, enum pq_tok_kind kind, size_t n)
{
	t->kind = kind;
	t->text = sv_head(sv_from(l->text, l->i), n);
	l->i += n;
}

static void
take_op(struct pq_lex *l, struct pq_tok *t, enum pq_op op, size_t n)
{
	take(l, t, TOK_OP, n);
	t->op = op;
}

static void
skip_blanks(struct pq_lex *l)
{
	for (;;) {
		while (l->i < l->text.n && is_space(l->text.p[l->i]))
			l->i++;
		if (l->i >= l->text.n || l->text.p[l->i] != '#')
			return;
		while (l->i < l->text.n && l->text.p[l->i] != '\n' && l->text.p[l->i] != '\r')
			l->i++;
	}
}

static void
lex_string(struct pq_lex *l, struct pq_tok *t)
{
	size_t n = 1, at = 0;
	char quote = ahead(l, 0);

	/* A raw string may go over lines, the others may not. */
	for (; l->i + n < l->text.n && ahead(l, n) != quote; n++) {
		if (quote != '`' && ahead(l, n) == '\n')
			break;
		if (quote != '`' && ahead(l, n) == '\\')
			n++;
	}
	if (l->i + n >= l->text.n || ahead(l, n) != quote) {
		fail(t, l->i, quote == '`' ? "unterminated raw string"
		    : "unterminated quoted string");
		return;
	}
	take(l, t, TOK_STRING, n + 1);
	if (pq_unquote(l->a, t->text, &t->value, &t->why, &at) < 0)
		fail(t, t->at + at, t->why);
}

static void
lex_number(struct pq_lex *l, struct pq_tok *t)
{
	bool hex = ahead(l, 0) == '0' && (ahead(l, 1) | 0x20) == 'x', duration = false;
	size_t n = 0;

	for (; is_digit(ahead(l, n)) || is_alpha(ahead(l, n)) || ahead(l, n) == '.'; n++)
		if (!hex && n > 0 && (ahead(l, n) | 0x20) == 'e' &&
		    (ahead(l, n + 1) == '+' || ahead(l, n + 1) == '-') && is_digit(ahead(l, n + 2)))
			n++;
	take(l, t, TOK_NUMBER, n);
	if (!pq_number(t->text, &t->number, &duration))
		fail_text(l, t, t->at, n, "bad number or duration syntax:", '"');
	else if (duration)
		t->kind = TOK_DURATION;
}

static const struct keyword *
find_keyword(struct sv word)
{
	char low[16];
	size_t i;

	if (word.n >= sizeof(low))
		return NULL;
	for (i = 0; i < word.n; i++)
		low[i] = word.p[i] >= 'A' && word.p[i] <= 'Z' ? (char)(word.p[i] | 0x20) : word.p[i];
	low[word.n] = '\0';
	for (i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
		if (strcmp(low, keywords[i].name) == 0)
			return &keywords[i];
	return NULL;
}

enum pq_tok_kind
pq_word_kind(struct sv word)
{
	const struct keyword *k = find_keyword(word);

	return k == NULL ? TOK_IDENT : k->kind;
}

static void
lex_word(struct pq_lex *l, struct pq_tok *t)
{
	const struct keyword *k;
	bool colon = false, duration;
	size_t n = 0;

	for (; is_alpha(ahead(l, n)) || is_digit(ahead(l, n)) || ahead(l, n) == ':'; n++)
		colon = colon || ahead(l, n) == ':';
	take(l, t, colon ? TOK_METRIC : TOK_IDENT, n);
	k = find_keyword(t->text);
	if (k == NULL)
		return;
	t->kind = k->kind;
	if (k->kind == TOK_OP)
		t->op = (enum pq_op)k->which;
	else if (k->kind == TOK_AGGREGATE)
		t->aggregate = (enum pq_aggregate)k->which;
	else if (k->kind == TOK_NUMBER)
		pq_number(t->text, &t->number, &duration);
}

/* Between '{' and '}': no keywords, no operators but those of matchers. */
static void
lex_in_braces(struct pq_lex *l, struct pq_tok *t)
{
	char c = ahead(l, 0);
	size_t n;

	if (l->i >= l->text.n) {
		if (!l->matchers)
			fail(t, l->i, "unexpected end of input inside braces");
		return;
	}
	if (is_alpha(c)) {
		for (n = 1; is_alpha(ahead(l, n)) || is_digit(ahead(l, n)); n++)
			;
		take(l, t, TOK_IDENT, n);
	} else if (c == '"' || c == '\'' || c == '`') {
		lex_string(l, t);
	} else if (c == ',') {
		take(l, t, TOK_COMMA, 1);
	} else if (c == '=' && ahead(l, 1) == '~') {
		take(l, t, TOK_EQL_RE, 2);
	} else if (c == '=') {
		take(l, t, TOK_EQL, 1);
	} else if (c == '!' && ahead(l, 1) == '~') {
		take(l, t, TOK_NEQ_RE, 2);
	} else if (c == '!' && ahead(l, 1) == '=') {
		take_op(l, t, PQ_OP_NE, 2);
	} else if (c == '!' && l->i + 1 < l->text.n) {
		fail_char(l, t, l->i + 1, "unexpected character after '!' inside braces:");
	} else if (c == '}') {
		take(l, t, TOK_RBRACE, 1);
		l->brace = l->matchers;
	} else {
		fail_char(l, t, l->i, "unexpected character inside braces:");
	}
}

static void
lex_close(struct pq_lex *l, struct pq_tok *t, char c)
{
	if (c == ')') {
		if (l->parens == 0) {
			fail(t, l->i, "unexpected right parenthesis ')'");
			return;
		}
		l->parens--;
		take(l, t, TOK_RPAREN, 1);
	} else {
		if (!l->bracket) {
			fail(t, l->i, "unexpected right bracket ']'");
			return;
		}
		l->bracket = false;
		take(l, t, TOK_RBRACKET, 1);
	}
}

static void
lex_open(struct pq_lex *l, struct pq_tok *t, char c)
{
	if (c == '(') {
		l->parens++;
		take(l, t, TOK_LPAREN, 1);
	} else if (c == '{') {
		l->brace = true;
		take(l, t, TOK_LBRACE, 1);
	} else if (l->bracket) {
		fail(t, l->i, "unexpected left bracket '['");
	} else {
		l->bracket = true;
		take(l, t, TOK_LBRACKET, 1);
	}
}

static void
lex_symbol(struct pq_lex *l, struct pq_tok *t)
{
	static const struct {
		char text[3];
		enum pq_op op;
	} ops[] = {
		{"==", PQ_OP_EQ}, {"!=", PQ_OP_NE}, {"<=", PQ_OP_LE}, {">=", PQ_OP_GE},
		{"<", PQ_OP_LT}, {">", PQ_OP_GT}, {"+", PQ_OP_ADD}, {"-", PQ_OP_SUB},
		{"*", PQ_OP_MUL}, {"/", PQ_OP_DIV}, {"%", PQ_OP_MOD}, {"^", PQ_OP_POW},
	};
	char c = ahead(l, 0);
	size_t i;

	for (i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
		if (sv_starts(sv_from(l->text, l->i), ops[i].text)) {
			take_op(l, t, ops[i].op, strlen(ops[i].text));
			return;
		}
	if (c == ',')
		take(l, t, TOK_COMMA, 1);
	else if (c == '@')
		take(l, t, TOK_AT, 1);
	else if (c == '=' && ahead(l, 1) == '~')
		fail_char(l, t, l->i + 1, "unexpected character after '=':");
	else if (c == '=')
		take(l, t, TOK_EQL, 1);
	else if (c == '!' && l->i + 1 < l->text.n)
		fail_char(l, t, l->i + 1, "unexpected character after '!':");
	else
		fail_char(l, t, l->i, "unexpected character:");
}

static void
lex_plain(struct pq_lex *l, struct pq_tok *t)
{
	char c = ahead(l, 0);

	if (l->i >= l->text.n) {
		if (l->parens > 0)
			fail(t, l->i, "unclosed left parenthesis");
		else if (l->bracket)
			fail(t, l->i, "unclosed left bracket");
		return;
	}
	if (c == '(' || c == '{' || c == '[')
		lex_open(l, t, c);
	else if (c == ')' || c == ']')
		lex_close(l, t, c);
	else if (is_digit(c) || (c == '.' && is_digit(ahead(l, 1))))
		lex_number(l, t);
	else if (c == '"' || c == '\'' || c == '`')
		lex_string(l, t);
	else if (l->bracket && c == ':')
		take(l, t, TOK_COLON, 1);
	else if (l->bracket && is_alpha(c))
		fail_char(l, t, l->i, "unexpected character in duration expression:");
	else if (is_alpha(c) || c == ':')
		lex_word(l, t);
	else
		lex_symbol(l, t);
}

void
pq_lex_next(struct pq_lex *l, struct pq_tok *t)
{
	if (t->kind == TOK_ERROR && t->why != NULL)
		return;
	skip_blanks(l);
	*t = (struct pq_tok){.kind = TOK_EOF, .at = l->i};
	if (l->brace)
		lex_in_braces(l, t);
	else
		lex_plain(l, t);
}
