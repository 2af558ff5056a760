#include "base/expr.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/clean.h"
#include "base/num.h"
#include "base/time.h"

#define MAX_DEPTH 64

struct parser {
	struct sv all;
	size_t i;
	int depth;
	expr_name_fn *name;
	void *ctx;
	struct err *e;
};

static int sum(struct parser *p, double *v);

static int
fail_at(const struct parser *p, size_t at, const char *what)
{
	return err_set(p->e, ERR_INPUT, "column %zu: %s", at + 1, what);
}

/* "unexpected" whatever stands here. */
static int
fail_here(const struct parser *p)
{
	struct sv rest = sv_from(p->all, p->i);
	struct sb s = {0};
	uint32_t c;
	size_t n;

	if (rest.n == 0)
		return fail_at(p, p->i, "unexpected end");
	n = clean_utf8(rest, &c);
	sb_adds(&s, "unexpected '");
	clean_add(&s, sv_head(rest, n == 0 ? 1 : n));
	sb_addc(&s, '\'');
	fail_at(p, p->i, sb_str(&s));
	sb_free(&s);
	return -1;
}

/* The next character that is not blank, '\0' at the end. */
static char
peek(struct parser *p)
{
	while (p->i < p->all.n && (p->all.p[p->i] == ' ' || p->all.p[p->i] == '\t' ||
	    p->all.p[p->i] == '\n' || p->all.p[p->i] == '\r'))
		p->i++;
	return p->i < p->all.n ? p->all.p[p->i] : '\0';
}

static bool
take(struct parser *p, char c)
{
	if (p->i >= p->all.n || peek(p) != c)
		return false;
	p->i++;
	return true;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_alpha(char c)
{
	return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
}

/* The character k bytes on, '\0' past the end. */
static char
ahead(const struct parser *p, size_t k)
{
	return k < p->all.n - p->i ? p->all.p[p->i + k] : '\0';
}

/* A number, or a duration such as 1h30m in milliseconds. */
static int
number(struct parser *p, double *v)
{
	size_t n = 0, sign;
	bool unit = false;
	struct sv word;
	int64_t ms;

	while (is_digit(ahead(p, n)) || ahead(p, n) == '.')
		n++;
	sign = ahead(p, n + 1) == '-' || ahead(p, n + 1) == '+';
	if ((ahead(p, n) | 0x20) == 'e' && is_digit(ahead(p, n + 1 + sign)))
		for (n += 1 + sign; is_digit(ahead(p, n)); n++)
			;
	for (; is_digit(ahead(p, n)) || is_alpha(ahead(p, n)) || ahead(p, n) == '.'; n++)
		unit = true;
	word = sv_head(sv_from(p->all, p->i), n);
	if (unit) {
		if (!time_duration(word, &ms))
			return fail_at(p, p->i, "bad number or duration");
		*v = (double)ms;
	} else if (!num_parse(word, v)) {
		return fail_at(p, p->i, "bad number");
	}
	p->i += n;
	return 0;
}

/* A name, after its '{' if it had one. */
static int
name(struct parser *p, bool braces, double *v)
{
	size_t n = 0, at = p->i;
	struct sv word;

	if (is_alpha(ahead(p, 0)))
		while (is_alpha(ahead(p, n)) || is_digit(ahead(p, n)) || ahead(p, n) == '.')
			n++;
	word = sv_head(sv_from(p->all, p->i), n);
	p->i += n;
	if (n == 0)
		return fail_here(p);
	if (braces && ahead(p, 0) != '}')
		return fail_here(p);
	p->i += braces;
	if (p->name(p->ctx, word, braces, v, p->e) < 0)
		return err_prefix(p->e, "column %zu", at + 1);
	return 0;
}

static int
primary(struct parser *p, double *v)
{
	char c = peek(p);

	if (is_digit(c) || c == '.')
		return number(p, v);
	if (is_alpha(c))
		return name(p, false, v);
	if (take(p, '{'))
		return name(p, true, v);
	if (!take(p, '('))
		return fail_here(p);
	if (sum(p, v) < 0)
		return -1;
	return take(p, ')') ? 0 : (peek(p), fail_here(p));
}

static int
unary(struct parser *p, double *v)
{
	bool minus;
	int rc;

	if (p->depth >= MAX_DEPTH)
		return err_set(p->e, ERR_LIMIT, "column %zu: nested deeper than %d", p->i + 1,
		    MAX_DEPTH);
	p->depth++;
	minus = take(p, '-');
	rc = minus ? unary(p, v) : primary(p, v);
	if (minus)
		*v = -*v;
	p->depth--;
	return rc;
}

static int
product(struct parser *p, double *v)
{
	double right = 0;
	char op;

	if (unary(p, v) < 0)
		return -1;
	while ((op = peek(p)) == '*' || op == '/') {
		p->i++;
		if (unary(p, &right) < 0)
			return -1;
		*v = op == '*' ? *v * right : right == 0 ? NAN : *v / right;
	}
	return 0;
}

static int
sum(struct parser *p, double *v)
{
	double right = 0;
	char op;

	if (product(p, v) < 0)
		return -1;
	while ((op = peek(p)) == '+' || op == '-') {
		p->i++;
		if (product(p, &right) < 0)
			return -1;
		*v = op == '+' ? *v + right : *v - right;
	}
	return 0;
}

int
expr_eval(struct sv text, expr_name_fn *name_fn, void *ctx, double *v, struct err *e)
{
	struct parser p = {.all = text, .name = name_fn, .ctx = ctx, .e = e};
	double r = 0;

	if (sum(&p, &r) < 0)
		return -1;
	peek(&p);
	if (p.i < text.n)
		return fail_here(&p);
	*v = r;
	return 0;
}

int
expr_check(struct sv text, expr_name_fn *name_fn, void *ctx, struct err *e)
{
	double unused;

	return expr_eval(text, name_fn, ctx, &unused, e);
}
