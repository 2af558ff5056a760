/* The literals of PromQL: numbers, durations and strings. */
#include "promql/lex.h"

#include "base/clean.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The value of a digit in any base up to 16, 16 when it is none. */
static unsigned
digit_value(char c)
{
	if (is_digit(c))
		return (unsigned)(c - '0');
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 16;
}

/* Digits of a base as a whole number that fits an int64 (strconv.ParseInt). */
static bool
read_whole(struct sv s, unsigned base, double *v)
{
	uint64_t r = 0;
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (digit_value(s.p[i]) >= base ||
		    r > ((uint64_t)INT64_MAX - digit_value(s.p[i])) / base)
			return false;
		r = r * base + digit_value(s.p[i]);
	}
	*v = (double)r;
	return s.n > 0;
}

/* text without its '_', each of which must stand between two digits (or after 0x, 0). */
static bool
drop_underscores(struct sv text, bool hex, struct sb *out)
{
	unsigned base = hex ? 16 : 10;
	size_t i;

	for (i = 0; i < text.n; i++) {
		if (text.p[i] != '_') {
			sb_addc(out, text.p[i]);
			continue;
		}
		if (i == 0 || i + 1 == text.n || digit_value(text.p[i + 1]) >= base)
			return false;
		if (digit_value(text.p[i - 1]) >= base && !(hex && i == 2))
			return false;
	}
	return true;
}

static bool
read_number(struct sv text, double *v)
{
	bool hex = text.n > 2 && text.p[0] == '0' && (text.p[1] | 0x20) == 'x', ok;
	struct sb s = {0};
	struct sv digits;

	ok = drop_underscores(text, hex, &s);
	digits = sb_sv(&s);
	if (ok && hex)
		ok = read_whole(sv_from(digits, 2), 16, v);
	else if (ok && digits.n > 1 && digits.p[0] == '0' && read_whole(digits, 8, v))
		ok = true; /* 010 is 8, but 09 is 9: Go's ParseInt first, then ParseFloat */
	else
		ok = ok && num_parse(digits, v);
	sb_free(&s);
	return ok;
}

bool
pq_number(struct sv text, double *v, bool *duration)
{
	int64_t ms;

	*duration = false;
	if (text.n == 0 || text.p[0] == '-' || text.p[0] == '+') /* signs are operators */
		return false;
	if (read_number(text, v))
		return true;
	/* Go keeps durations in int64 nanoseconds; plain "90" was read as a number above. */
	if (sv_chr(text, '.') < text.n || is_digit(text.p[text.n - 1]) ||
	    !time_duration(text, &ms) || ms > INT64_MAX / 1000000)
		return false;
	*v = (double)ms / 1000;
	*duration = true;
	return true;
}

/* A string being decoded. */
struct reader {
	struct arena *a;
	struct sv s;
	size_t i;
	struct sb out;
	const char *why;
};

static int
bad_escape(struct reader *r, const char *why)
{
	r->why = why;
	return -1;
}

/* n digits of a base from r->i on; the backslash stood at "from". */
static int
read_code(struct reader *r, size_t n, unsigned base, uint32_t *c, size_t from)
{
	*c = 0;
	for (; n > 0; n--, r->i++) {
		if (digit_value(r->s.p[r->i]) >= base) {
			r->i = from;
			return bad_escape(r, "illegal character in escape sequence");
		}
		*c = *c * base + digit_value(r->s.p[r->i]);
	}
	return 0;
}

/* What follows the backslash at r->i (Go's escapes). The closing quote ends every scan. */
static int
read_escape(struct reader *r)
{
	static const char from[] = "abfnrtv\\", to[] = "\a\b\f\n\r\t\v\\";
	size_t k, start = r->i++;
	char c = r->s.p[r->i];
	uint32_t code;

	for (k = 0; from[k] != '\0'; k++)
		if (c == from[k]) {
			sb_addc(&r->out, to[k]);
			r->i++;
			return 0;
		}
	if (c == r->s.p[0]) {
		sb_addc(&r->out, c);
		r->i++;
		return 0;
	}
	if (c == 'x' || (c >= '0' && c <= '7')) {
		r->i += c == 'x';
		if (read_code(r, c == 'x' ? 2 : 3, c == 'x' ? 16 : 8, &code, start) < 0)
			return -1;
		if (code <= 255) {
			sb_addc(&r->out, (char)(unsigned char)code);
			return 0;
		}
	} else if (c == 'u' || c == 'U') {
		r->i++;
		if (read_code(r, c == 'u' ? 4 : 8, 16, &code, start) < 0)
			return -1;
		if (code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)) {
			clean_add_utf8(&r->out, code);
			return 0;
		}
	} else {
		r->i = start;
		return bad_escape(r, "unknown escape sequence");
	}
	r->i = start;
	return bad_escape(r, "escape sequence is an invalid Unicode code point");
}

int
pq_unquote(struct arena *a, struct sv text, struct sv *value, const char **why, size_t *at)
{
	struct reader r = {.a = a, .s = text, .i = 1};
	bool raw = text.p[0] == '`';
	uint32_t c;
	size_t n;
	int rc = 0;

	while (rc == 0 && r.i + 1 < text.n) {
		if (!raw && text.p[r.i] == '\\') {
			rc = read_escape(&r);
		} else if ((n = clean_utf8(sv_from(text, r.i), &c)) == 0) {
			rc = bad_escape(&r, "invalid UTF-8 in a string");
		} else {
			sb_add(&r.out, text.p + r.i, n);
			r.i += n;
		}
	}
	if (rc == 0)
		*value = arena_sv(a, sb_sv(&r.out));
	sb_free(&r.out);
	*why = r.why;
	*at = r.i;
	return rc;
}
