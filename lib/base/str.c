#include "base/str.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

struct sv
sv_of(const char *s)
{
	return (struct sv){s, s == NULL ? 0 : strlen(s)};
}

bool
sv_eq(struct sv a, struct sv b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool
sv_is(struct sv a, const char *s)
{
	return sv_eq(a, sv_of(s));
}

int
sv_cmp(struct sv a, struct sv b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n == 0 ? 0 : memcmp(a.p, b.p, n);

	return c != 0 ? c : (a.n > b.n) - (a.n < b.n);
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Takes the run of digits at the start of *rest off it; given without its leading zeros. */
static struct sv
take_number(struct sv *rest)
{
	struct sv v;

	while (rest->n > 0 && rest->p[0] == '0')
		*rest = sv_from(*rest, 1);
	v = *rest;
	while (rest->n > 0 && is_digit(rest->p[0]))
		*rest = sv_from(*rest, 1);
	v.n -= rest->n;
	return v;
}

int
sv_natural(struct sv a, struct sv b)
{
	struct sv p = a, q = b, x, y;
	int c;

	while (p.n > 0 && q.n > 0) {
		if (is_digit(p.p[0]) && is_digit(q.p[0])) {
			x = take_number(&p);
			y = take_number(&q);
			c = x.n != y.n ? (x.n < y.n ? -1 : 1) : sv_cmp(x, y);
			if (c != 0)
				return c;
		} else if (p.p[0] != q.p[0]) {
			return (unsigned char)p.p[0] < (unsigned char)q.p[0] ? -1 : 1;
		} else {
			p = sv_from(p, 1);
			q = sv_from(q, 1);
		}
	}
	if (p.n != q.n)
		return p.n > q.n ? 1 : -1;
	return sv_cmp(a, b);
}

bool
sv_starts(struct sv a, const char *prefix)
{
	size_t n = strlen(prefix);

	return a.n >= n && (n == 0 || memcmp(a.p, prefix, n) == 0);
}

bool
sv_ends(struct sv a, const char *suffix)
{
	size_t n = strlen(suffix);

	return a.n >= n && (n == 0 || memcmp(a.p + a.n - n, suffix, n) == 0);
}

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct sv
sv_trim(struct sv a)
{
	while (a.n > 0 && is_blank(a.p[0])) {
		a.p++;
		a.n--;
	}
	while (a.n > 0 && is_blank(a.p[a.n - 1]))
		a.n--;
	return a;
}

struct sv
sv_from(struct sv a, size_t i)
{
	if (i > a.n)
		i = a.n;
	return (struct sv){i == 0 ? a.p : a.p + i, a.n - i};
}

struct sv
sv_head(struct sv a, size_t n)
{
	return (struct sv){a.p, n < a.n ? n : a.n};
}

size_t
sv_chr(struct sv a, char c)
{
	const char *q = a.n == 0 ? NULL : memchr(a.p, c, a.n);

	return q == NULL ? a.n : (size_t)(q - a.p);
}

size_t
sv_find(struct sv a, struct sv needle)
{
	size_t i;

	for (i = 0; i + needle.n <= a.n; i++)
		if (sv_eq(sv_head(sv_from(a, i), needle.n), needle))
			return i;
	return a.n;
}

bool
sv_split(struct sv *rest, char sep, struct sv *field)
{
	size_t i;

	if (rest->p == NULL)
		return false;
	i = sv_chr(*rest, sep);
	*field = sv_head(*rest, i);
	*rest = i < rest->n ? sv_from(*rest, i + 1) : (struct sv){NULL, 0};
	return true;
}

struct sv
sv_base(struct sv path)
{
	size_t i = path.n;

	while (i > 0 && path.p[i - 1] != '/')
		i--;
	return sv_from(path, i);
}

bool
sv_glob(struct sv pat, struct sv name)
{
	size_t p = 0, s = 0, star = SIZE_MAX, back = 0;

	if (sv_chr(pat, '/') == pat.n)
		name = sv_base(name);
	while (s < name.n) {
		if (p < pat.n && pat.p[p] == '*') {
			star = p++;
			back = s;
		} else if (p < pat.n && (pat.p[p] == '?' || pat.p[p] == name.p[s])) {
			p++;
			s++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			s = ++back;
		} else {
			return false;
		}
	}
	while (p < pat.n && pat.p[p] == '*')
		p++;
	return p == pat.n;
}

void
sb_free(struct sb *s)
{
	mem_free(s->buf);
	*s = (struct sb){0};
}

void
sb_reset(struct sb *s)
{
	s->n = 0;
	if (s->buf != NULL)
		s->buf[0] = '\0';
}

/* Room for n more bytes and the NUL. */
static void
sb_room(struct sb *s, size_t n)
{
	if (n >= SIZE_MAX / 2 - s->n)
		mem_out();
	if (s->n + n + 1 > s->cap) {
		s->cap = s->cap + s->cap / 2 > s->n + n + 1 ? s->cap + s->cap / 2 : s->n + n + 64;
		s->buf = mem_grow(s->buf, s->cap, 1);
	}
}

void
sb_add(struct sb *s, const void *p, size_t n)
{
	sb_room(s, n);
	if (n > 0)
		memcpy(s->buf + s->n, p, n);
	s->n += n;
	s->buf[s->n] = '\0';
}

void
sb_adds(struct sb *s, const char *str)
{
	sb_add(s, str, strlen(str));
}

void
sb_addv(struct sb *s, struct sv v)
{
	sb_add(s, v.p, v.n);
}

void
sb_addc(struct sb *s, char c)
{
	sb_add(s, &c, 1);
}

void
sb_addf(struct sb *s, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	sb_room(s, (size_t)n);
	va_start(ap, fmt);
	vsnprintf(s->buf + s->n, (size_t)n + 1, fmt, ap);
	va_end(ap);
	s->n += (size_t)n;
}

const char *
sb_str(const struct sb *s)
{
	return s->buf == NULL ? "" : s->buf;
}

struct sv
sb_sv(const struct sb *s)
{
	return (struct sv){sb_str(s), s->n};
}

char *
sb_take(struct sb *s)
{
	char *p = s->buf == NULL ? mem_dup("", 0) : s->buf;

	*s = (struct sb){0};
	return p;
}
