#include "base/json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/clean.h"
#include "base/num.h"
#include "base/time.h"

#define NO_KEY ((struct sv){NULL, 0})

/*
 * Invariant: depth counts the open lists and maps, also those beyond
 * DOC_MAX_DEPTH, of which nothing is written; kind[] and some[] are only
 * used up to the limit.
 */

static void
indent(struct json *j)
{
	int i;

	if (j->compact)
		return;
	sb_addc(j->out, '\n');
	for (i = 0; i < j->depth; i++)
		sb_adds(j->out, "  ");
}

/*
 * Comma, indent and key before a value; false when the value must not be written.
 * Inside, a key is a view (a tree's key may hold a NUL); without one p is NULL.
 */
static bool
before(struct json *j, struct sv key)
{
	if (j->depth > DOC_MAX_DEPTH)
		return false;
	if (j->depth > 0) {
		if (j->some[j->depth])
			sb_addc(j->out, ',');
		indent(j);
	}
	j->some[j->depth] = true;
	if (key.p != NULL) {
		json_quote(j->out, key);
		sb_adds(j->out, j->compact ? ":" : ": ");
	}
	return true;
}

static void
after(struct json *j)
{
	if (j->depth == 0 && !j->compact)
		sb_addc(j->out, '\n');
}

static void
value(struct json *j, struct sv key, struct sv text)
{
	if (!before(j, key))
		return;
	sb_addv(j->out, text);
	after(j);
}

static void
open(struct json *j, struct sv key, char bracket)
{
	if (j->depth >= DOC_MAX_DEPTH) {
		value(j, key, SV("null"));
		j->depth++;
		return;
	}
	before(j, key);
	sb_addc(j->out, bracket);
	j->kind[j->depth] = (unsigned char)bracket;
	j->some[++j->depth] = false;
}

void
json_map(struct json *j, const char *key)
{
	open(j, sv_of(key), '{');
}

void
json_list(struct json *j, const char *key)
{
	open(j, sv_of(key), '[');
}

void
json_end(struct json *j)
{
	if (j->depth == 0)
		return;
	j->depth--;
	if (j->depth >= DOC_MAX_DEPTH)
		return;
	if (j->some[j->depth + 1])
		indent(j);
	sb_addc(j->out, j->kind[j->depth] == '{' ? '}' : ']');
	after(j);
}

static void
string(struct json *j, struct sv key, struct sv v)
{
	if (!before(j, key))
		return;
	json_quote(j->out, v);
	after(j);
}

void
json_str(struct json *j, const char *key, struct sv v)
{
	string(j, sv_of(key), v);
}

void
json_cstr(struct json *j, const char *key, const char *s)
{
	if (s == NULL)
		json_null(j, key);
	else
		json_str(j, key, sv_of(s));
}

void
json_num(struct json *j, const char *key, double v)
{
	char buf[NUM_TEXT];

	value(j, sv_of(key), isfinite(v) ? sv_of(num_text(v, buf)) : SV("null"));
}

void
json_int(struct json *j, const char *key, int64_t v)
{
	char buf[24];

	snprintf(buf, sizeof(buf), "%" PRId64, v);
	value(j, sv_of(key), sv_of(buf));
}

void
json_bool(struct json *j, const char *key, bool v)
{
	value(j, sv_of(key), v ? SV("true") : SV("false"));
}

void
json_null(struct json *j, const char *key)
{
	value(j, sv_of(key), SV("null"));
}

void
json_time(struct json *j, const char *key, int64_t ms)
{
	char buf[TIME_TEXT];

	if (ms == TIME_NONE)
		json_null(j, key);
	else
		json_str(j, key, sv_of(time_text(ms, buf)));
}

static void
number(struct json *j, struct sv key, const struct doc *d)
{
	char buf[NUM_TEXT];

	if (d->text.n > 0 && json_number(d->text) == d->text.n)
		value(j, key, d->text);
	else
		value(j, key, isfinite(d->num) ? sv_of(num_text(d->num, buf)) : SV("null"));
}

static void
tree(struct json *j, struct sv key, const struct doc *d)
{
	const struct doc *c;

	switch (d == NULL ? DOC_NULL : d->kind) {
	case DOC_NULL:
		value(j, key, SV("null"));
		break;
	case DOC_BOOL:
		value(j, key, d->truth ? SV("true") : SV("false"));
		break;
	case DOC_NUMBER:
		number(j, key, d);
		break;
	case DOC_STRING:
		string(j, key, d->text);
		break;
	case DOC_LIST:
	case DOC_MAP:
		open(j, key, d->kind == DOC_MAP ? '{' : '[');
		/* Deeper nothing would be written; this also bounds the recursion. */
		for (c = j->depth > DOC_MAX_DEPTH ? NULL : d->child; c != NULL; c = c->next)
			tree(j, d->kind != DOC_MAP ? NO_KEY : c->key.p == NULL ? SV("") : c->key, c);
		json_end(j);
	}
}

void
json_doc(struct json *j, const char *key, const struct doc *d)
{
	tree(j, sv_of(key), d);
}

static size_t
digits(struct sv v, size_t i)
{
	while (i < v.n && v.p[i] >= '0' && v.p[i] <= '9')
		i++;
	return i;
}

size_t
json_number(struct sv v)
{
	size_t i = v.n > 0 && v.p[0] == '-', end, k;

	end = digits(v, i);
	if (end == i)
		return 0;
	if (v.p[i] == '0')
		end = i + 1; /* no leading zeros: "01" is "0" and a rest */
	if (end < v.n && v.p[end] == '.') {
		k = digits(v, end + 1);
		if (k == end + 1)
			return 0;
		end = k;
	}
	if (end < v.n && (v.p[end] == 'e' || v.p[end] == 'E')) {
		i = end + 1;
		if (i < v.n && (v.p[i] == '+' || v.p[i] == '-'))
			i++;
		k = digits(v, i);
		if (k == i)
			return 0;
		end = k;
	}
	return end;
}

static void
quote_unit(struct sb *out, uint32_t unit)
{
	switch (unit) {
	case '\b':
		sb_adds(out, "\\b");
		break;
	case '\f':
		sb_adds(out, "\\f");
		break;
	case '\n':
		sb_adds(out, "\\n");
		break;
	case '\r':
		sb_adds(out, "\\r");
		break;
	case '\t':
		sb_adds(out, "\\t");
		break;
	default:
		sb_addf(out, "\\u%04" PRIx32, unit);
	}
}

void
json_quote(struct sb *out, struct sv v)
{
	uint32_t c;
	size_t n;

	sb_addc(out, '"');
	for (; v.n > 0; v = sv_from(v, n)) {
		n = clean_utf8(v, &c);
		if (n == 0) {
			n = 1;
			sb_adds(out, "\xef\xbf\xbd"); /* U+FFFD */
		} else if (c == '"' || c == '\\') {
			sb_addc(out, '\\');
			sb_addc(out, (char)c);
		} else if (clean_keeps(c)) {
			sb_add(out, v.p, n);
		} else if (c < 0x10000) {
			quote_unit(out, c);
		} else {
			quote_unit(out, 0xd800 + ((c - 0x10000) >> 10));
			quote_unit(out, 0xdc00 + ((c - 0x10000) & 0x3ff));
		}
	}
	sb_addc(out, '"');
}
