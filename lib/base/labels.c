#include "base/labels.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/clean.h"
#include "base/json.h"

static int
by_name(const void *a, const void *b)
{
	const struct label *x = a, *y = b;

	return sv_cmp(x->name, y->name);
}

int
labels_sort(struct labels *l)
{
	size_t i, n = 0;

	if (l->n > 1)
		qsort(l->v, l->n, sizeof(*l->v), by_name);
	for (i = 1; i < l->n; i++)
		if (sv_eq(l->v[i - 1].name, l->v[i].name))
			return -1;
	for (i = 0; i < l->n; i++)
		if (l->v[i].value.n > 0)
			l->v[n++] = l->v[i];
	l->n = n;
	return 0;
}

struct sv
labels_value(const struct labels *l, struct sv name)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (sv_eq(l->v[i].name, name))
			return l->v[i].value;
	return (struct sv){NULL, 0};
}

struct sv
labels_get(const struct labels *l, const char *name)
{
	return labels_value(l, sv_of(name));
}

bool
labels_has(const struct labels *l, struct sv name)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (sv_eq(l->v[i].name, name))
			return true;
	return false;
}

struct labels
labels_copy(struct arena *a, const struct labels *l)
{
	struct labels out = {arena_new(a, l->n, sizeof(*out.v)), l->n};
	size_t i;

	for (i = 0; i < l->n; i++)
		out.v[i] = (struct label){arena_sv(a, l->v[i].name), arena_sv(a, l->v[i].value)};
	return out;
}

int
labels_cmp(const struct labels *a, const struct labels *b)
{
	size_t i;
	int c;

	for (i = 0; i < a->n && i < b->n; i++) {
		if ((c = sv_cmp(a->v[i].name, b->v[i].name)) != 0)
			return c;
		if ((c = sv_cmp(a->v[i].value, b->v[i].value)) != 0)
			return c;
	}
	return (a->n > b->n) - (a->n < b->n);
}

void
labels_json(const struct labels *l, struct sb *out)
{
	size_t i;

	sb_addc(out, '{');
	for (i = 0; i < l->n; i++) {
		if (i > 0)
			sb_addc(out, ',');
		json_quote(out, l->v[i].name);
		sb_addc(out, ':');
		json_quote(out, l->v[i].value);
	}
	sb_addc(out, '}');
}

/* Where a reader of canonical text stands. */
struct reader {
	struct sv all;
	size_t i;
	struct err *e;
};

static int
fail(const struct reader *r, const char *what)
{
	return err_set(r->e, ERR_INPUT, "labels at byte %zu: %s", r->i + 1, what);
}

static bool
take(struct reader *r, char c)
{
	if (r->i >= r->all.n || r->all.p[r->i] != c)
		return false;
	r->i++;
	return true;
}

/* Four hex digits; false if they are not. */
static bool
take_hex4(struct reader *r, uint32_t *v)
{
	int k;
	char c;

	*v = 0;
	for (k = 0; k < 4; k++, r->i++) {
		c = r->i < r->all.n ? r->all.p[r->i] : '\0';
		if (c >= '0' && c <= '9')
			*v = *v << 4 | (uint32_t)(c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			*v = *v << 4 | (uint32_t)((c | 0x20) - 'a' + 10);
		else
			return false;
	}
	return true;
}

/* What follows a backslash. */
static int
read_escape(struct reader *r, struct sb *out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	uint32_t c, low;
	size_t k;

	if (take(r, 'u')) {
		if (!take_hex4(r, &c))
			return fail(r, "bad \\u escape");
		if (c >= 0xd800 && c <= 0xdbff) {
			if (!take(r, '\\') || !take(r, 'u') || !take_hex4(r, &low) ||
			    low < 0xdc00 || low > 0xdfff)
				return fail(r, "lone surrogate");
			c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
		} else if (c >= 0xdc00 && c <= 0xdfff) {
			return fail(r, "lone surrogate");
		}
		clean_add_utf8(out, c);
		return 0;
	}
	for (k = 0; from[k] != '\0'; k++)
		if (take(r, from[k])) {
			sb_addc(out, to[k]);
			return 0;
		}
	return fail(r, "bad escape");
}

static int
read_string(struct reader *r, struct arena *a, struct sv *v)
{
	struct sb s = {0};
	struct sv rest;
	uint32_t c;
	size_t n;
	int rc = 0;

	if (!take(r, '"'))
		return fail(r, "expected '\"'");
	while (rc == 0 && !take(r, '"')) {
		rest = sv_from(r->all, r->i);
		if (rest.n == 0)
			rc = fail(r, "string without end");
		else if (take(r, '\\'))
			rc = read_escape(r, &s);
		else if ((n = clean_utf8(rest, &c)) == 0)
			rc = fail(r, "not UTF-8");
		else if (c < 0x20)
			rc = fail(r, "control character in a string");
		else {
			sb_add(&s, rest.p, n);
			r->i += n;
		}
	}
	if (rc == 0)
		*v = arena_sv(a, sb_sv(&s));
	sb_free(&s);
	return rc;
}

int
labels_parse(struct arena *a, struct sv json, struct labels *l, struct err *e)
{
	struct reader r = {json, 0, e};
	size_t most = 0, i;
	struct label *v;

	/* Every pair but the last is followed by a comma. */
	for (i = 0; i < json.n; i++)
		most += json.p[i] == ',';
	v = arena_new(a, most + 1, sizeof(*v));
	i = 0;
	if (!take(&r, '{'))
		return fail(&r, "expected '{'");
	while (!take(&r, '}')) {
		if (i > 0 && !take(&r, ','))
			return fail(&r, "expected ',' or '}'");
		if (read_string(&r, a, &v[i].name) < 0)
			return -1;
		if (i > 0 && sv_cmp(v[i - 1].name, v[i].name) >= 0)
			return fail(&r, "names are not in order");
		if (!take(&r, ':'))
			return fail(&r, "expected ':'");
		if (read_string(&r, a, &v[i].value) < 0)
			return -1;
		if (v[i].value.n == 0)
			return fail(&r, "empty value");
		i++;
	}
	if (r.i != json.n)
		return fail(&r, "text after the end");
	l->v = v;
	l->n = i;
	return 0;
}

bool
labels_plain_name(struct sv name, bool metric)
{
	size_t i;
	char c;

	for (i = 0; i < name.n; i++) {
		c = name.p[i];
		if (!((c | 0x20) >= 'a' && (c | 0x20) <= 'z') && c != '_' &&
		    !(c == ':' && metric) && !(i > 0 && c >= '0' && c <= '9'))
			return false;
	}
	return name.n > 0;
}

/* A PromQL string literal; what a terminal should not see is escaped as Go does. */
static void
show_quoted(struct sv v, struct sb *out)
{
	uint32_t c = 0;
	size_t n;

	sb_addc(out, '"');
	for (; v.n > 0; v = sv_from(v, n == 0 ? 1 : n)) {
		n = clean_utf8(v, &c);
		if (n == 0)
			sb_addf(out, "\\x%02x", (unsigned)(unsigned char)v.p[0]);
		else if (c == '"' || c == '\\')
			sb_addf(out, "\\%c", (char)c);
		else if (c == '\n' || c == '\t' || c == '\r')
			sb_adds(out, c == '\n' ? "\\n" : c == '\t' ? "\\t" : "\\r");
		else if (clean_keeps(c))
			sb_add(out, v.p, n);
		else if (c < 0x80)
			sb_addf(out, "\\x%02x", (unsigned)c);
		else
			sb_addf(out, c < 0x10000 ? "\\u%04x" : "\\U%08x", (unsigned)c);
	}
	sb_addc(out, '"');
}

void
labels_show(struct sv name, const struct labels *l, struct sb *out)
{
	bool quoted = name.n > 0 && !labels_plain_name(name, true);
	size_t i;

	if (name.n > 0 && !quoted) {
		sb_addv(out, name);
		if (l->n == 0)
			return;
	}
	sb_addc(out, '{');
	if (quoted) /* {"http.requests",code="200"} */
		show_quoted(name, out);
	for (i = 0; i < l->n; i++) {
		if (i > 0 || quoted)
			sb_addc(out, ',');
		if (labels_plain_name(l->v[i].name, false))
			sb_addv(out, l->v[i].name);
		else
			show_quoted(l->v[i].name, out);
		sb_addc(out, '=');
		show_quoted(l->v[i].value, out);
	}
	sb_addc(out, '}');
}
