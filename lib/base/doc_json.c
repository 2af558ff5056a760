#include "base/doc.h"

#include <limits.h>
#include <math.h>

#include "base/clean.h"
#include "base/json.h"
#include "base/num.h"

/* Errors cite RFC 8259 by what it asks for, not by section. */

struct reader {
	struct arena *a;
	const char *file;
	struct sv rest;
	int line, col; /* of rest's first character */
	int depth;
	struct sb text; /* scratch for strings with escapes */
	struct err *e;
};

static int
fail(struct reader *r, enum err_code code, const char *what)
{
	return err_set(r->e, code, "%s:%d:%d: %s", r->file, r->line, r->col, what);
}

static void
advance(struct reader *r, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		unsigned char c = (unsigned char)r->rest.p[i];

		if (c == '\n') {
			r->line += r->line < INT_MAX;
			r->col = 1;
		} else if ((c & 0xc0) != 0x80) {
			r->col += r->col < INT_MAX;
		}
	}
	r->rest = sv_from(r->rest, n);
}

/* The next character, '\0' at the end (a NUL in the text is an error like any other). */
static char
peek(const struct reader *r)
{
	return r->rest.n == 0 ? '\0' : r->rest.p[0];
}

static void
blanks(struct reader *r)
{
	size_t n = 0;

	while (n < r->rest.n && (r->rest.p[n] == ' ' || r->rest.p[n] == '\t' ||
	    r->rest.p[n] == '\n' || r->rest.p[n] == '\r'))
		n++;
	advance(r, n);
}

static int
unexpected(struct reader *r, const char *wanted)
{
	struct sb what = {0};
	uint32_t c;
	size_t n = r->rest.n == 0 ? 0 : clean_utf8(r->rest, &c);

	if (r->rest.n == 0) {
		sb_addf(&what, "the text ends where %s should be", wanted);
	} else {
		sb_addf(&what, "%s expected, not '", wanted);
		clean_add(&what, sv_head(r->rest, n == 0 ? 1 : n));
		sb_addc(&what, '\'');
	}
	fail(r, ERR_INPUT, sb_str(&what));
	sb_free(&what);
	return -1;
}

/* The four hex digits at byte i of the rest, or -1. */
static long
hex4(const struct reader *r, size_t i)
{
	long v = 0;
	int k;

	if (r->rest.n < i + 4)
		return -1;
	for (k = 0; k < 4; k++) {
		char c = r->rest.p[i + (size_t)k];

		if (c >= '0' && c <= '9')
			v = v * 16 + (c - '0');
		else if (c >= 'a' && c <= 'f')
			v = v * 16 + (c - 'a' + 10);
		else if (c >= 'A' && c <= 'F')
			v = v * 16 + (c - 'A' + 10);
		else
			return -1;
	}
	return v;
}

/* \uNNNN, or two of them that make one character. */
static int
unicode_escape(struct reader *r)
{
	long c = hex4(r, 2), low;

	if (c < 0)
		return fail(r, ERR_INPUT, "\\u needs four hexadecimal digits");
	if (c < 0xd800 || c > 0xdfff) {
		clean_add_utf8(&r->text, (uint32_t)c);
		advance(r, 6);
		return 0;
	}
	low = c < 0xdc00 && r->rest.n >= 12 && r->rest.p[6] == '\\' && r->rest.p[7] == 'u'
	    ? hex4(r, 8)
	    : -1;
	if (low < 0xdc00 || low > 0xdfff)
		return fail(r, ERR_INPUT, "half of a surrogate pair is not a character");
	clean_add_utf8(&r->text, (uint32_t)(0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00)));
	advance(r, 12);
	return 0;
}

static int
escape(struct reader *r)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	size_t i;

	if (r->rest.n < 2)
		return fail(r, ERR_INPUT, "the text ends inside a string");
	if (r->rest.p[1] == 'u')
		return unicode_escape(r);
	for (i = 0; i < sizeof(from) - 1; i++) {
		if (from[i] == r->rest.p[1]) {
			sb_addc(&r->text, to[i]);
			advance(r, 2);
			return 0;
		}
	}
	return fail(r, ERR_INPUT, "no such escape in JSON");
}

/* A string with its quotes; *v is owned by the arena. */
static int
string(struct reader *r, struct sv *v)
{
	int line = r->line, col = r->col;
	uint32_t c;
	size_t n;

	sb_reset(&r->text);
	advance(r, 1);
	while (peek(r) != '"') {
		/* Runs of what needs no care first: most strings are one such run. */
		for (n = 0; n < r->rest.n; n++) {
			unsigned char b = (unsigned char)r->rest.p[n];

			if (b < 0x20 || b == '"' || b == '\\' || b >= 0x80)
				break;
		}
		sb_add(&r->text, r->rest.p, n);
		advance(r, n);
		if (r->rest.n == 0) {
			r->line = line;
			r->col = col;
			return fail(r, ERR_INPUT, "the string that starts here has no end");
		}
		if (peek(r) == '"')
			break;
		if (peek(r) == '\\') {
			if (escape(r) < 0)
				return -1;
			continue;
		}
		if ((unsigned char)peek(r) < 0x20)
			return fail(r, ERR_INPUT, "a control character in a string must be escaped");
		n = clean_utf8(r->rest, &c);
		if (n == 0)
			return fail(r, ERR_INPUT, "not UTF-8");
		sb_add(&r->text, r->rest.p, n);
		advance(r, n);
	}
	advance(r, 1);
	*v = arena_sv(r->a, sb_sv(&r->text));
	return 0;
}

static int
number(struct reader *r, struct doc *d)
{
	size_t n = json_number(r->rest);

	if (n == 0)
		return fail(r, ERR_INPUT, "not a JSON number");
	d->kind = DOC_NUMBER;
	d->text = arena_sv(r->a, sv_head(r->rest, n));
	/* The grammar is right, so only the size can be wrong: 1e999. */
	if (!num_parse(d->text, &d->num) || !isfinite(d->num))
		return fail(r, ERR_INPUT, "the number is too large");
	advance(r, n);
	return 0;
}

static int
word(struct reader *r, struct doc *d)
{
	static const struct {
		const char *text;
		enum doc_kind kind;
		bool truth;
	} words[] = {
		{"true", DOC_BOOL, true},
		{"false", DOC_BOOL, false},
		{"null", DOC_NULL, false},
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (sv_starts(r->rest, words[i].text)) {
			d->kind = words[i].kind;
			d->truth = words[i].truth;
			d->text = sv_of(words[i].text);
			advance(r, d->text.n);
			return 0;
		}
	}
	return unexpected(r, "a value");
}

static int value(struct reader *r, struct doc *d);

static int
key(struct reader *r, struct doc *d)
{
	if (peek(r) != '"')
		return unexpected(r, "a key in double quotes");
	d->key_line = r->line;
	d->key_col = r->col;
	if (string(r, &d->key) < 0)
		return -1;
	blanks(r);
	if (peek(r) != ':')
		return unexpected(r, "':'");
	advance(r, 1);
	blanks(r);
	return 0;
}

/* A list or a map from its opening bracket on. */
static int
children(struct reader *r, struct doc *d, char close)
{
	struct doc *child;

	if (r->depth == DOC_MAX_DEPTH)
		return fail(r, ERR_LIMIT, "nested too deeply");
	r->depth++;
	advance(r, 1);
	blanks(r);
	while (d->n > 0 || peek(r) != close) {
		child = doc_new(r->a, DOC_NULL);
		if ((d->kind == DOC_MAP && key(r, child) < 0) || value(r, child) < 0)
			return -1;
		doc_add(r->a, d, NULL, child);
		blanks(r);
		if (peek(r) == close)
			break;
		if (peek(r) != ',')
			return unexpected(r, close == '}' ? "',' or '}'" : "',' or ']'");
		advance(r, 1);
		blanks(r);
	}
	advance(r, 1);
	r->depth--;
	return doc_unique_keys(d, r->e);
}

static int
value(struct reader *r, struct doc *d)
{
	char c = peek(r);

	d->file = r->file;
	d->line = r->line;
	d->col = r->col;
	if (c == '{') {
		d->kind = DOC_MAP;
		return children(r, d, '}');
	}
	if (c == '[') {
		d->kind = DOC_LIST;
		return children(r, d, ']');
	}
	if (c == '"') {
		d->kind = DOC_STRING;
		return string(r, &d->text);
	}
	if (c == '-' || (c >= '0' && c <= '9'))
		return number(r, d);
	return word(r, d);
}

struct doc *
doc_json(struct arena *a, const char *file, struct sv text, struct err *e)
{
	struct reader r = {.a = a, .rest = text, .line = 1, .col = 1, .e = e};
	struct doc *d = doc_new(a, DOC_NULL);
	int result;

	r.file = arena_str(a, sv_of(file));
	if (sv_starts(r.rest, "\xef\xbb\xbf"))
		r.rest = sv_from(r.rest, 3);
	blanks(&r);
	result = value(&r, d);
	if (result == 0) {
		blanks(&r);
		if (r.rest.n > 0)
			result = unexpected(&r, "the end of the text");
	}
	sb_free(&r.text);
	return result < 0 ? NULL : d;
}
