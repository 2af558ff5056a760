/*
 * runs - long runs of hex digits, and base64 that goes over several lines: decoded, and the bytes looked at by scanners of their own.
 *
 * A keyword's bytes may be torn by a line's end there, and in hex each of its pairs of digits is everywhere in logs: the index
 * of pairs is no help. Only every 20th byte is looked at to find that there is no run of 40.
 */
#include "secret/parts.h"

#include <string.h>

#define STRIDE 20
#define MIN_RUN ((size_t)2 * STRIDE)
#define TEXT_RUN 12
#define MAX_INDENT 64 /* blanks before a run's next line */

enum kind { NONE = 0, HEX = 2, BASE64 = 4 }; /* how many ways to begin there are: it may begin behind a stray digit */

struct secret_runs {
	struct secret_scan *scan[4]; /* one for each way, made when first needed */
	const struct secret_scan *of;
	enum kind kind;
	int64_t from, next, line;    /* the run's beginning; what is to be looked at next: offsets */
	int64_t counted, lines;      /* newlines before this offset */
	unsigned int bits[4], have[4];
	size_t digits;
	struct sb out[4];
};

struct found {
	const struct secret_runs *r;
	secret_hit_fn *fn;
	void *ctx;
};

/* Digits by their bytes, and 1: 0 is none. */
static const unsigned char hex_digit[256] = {['0'] = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ['A'] = 11, 12, 13, 14, 15, 16,
    ['a'] = 11, 12, 13, 14, 15, 16};
static const unsigned char base64_digit[256] = {['A'] = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
    24, 25, 26, ['a'] = 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, ['0'] = 53,
    54, 55, 56, 57, 58, 59, 60, 61, 62, ['+'] = 63, ['-'] = 63, ['/'] = 64, ['_'] = 64};

static const unsigned char *
digits(enum kind kind)
{
	return kind == HEX ? hex_digit : base64_digit;
}

struct secret_runs *
secret_runs_new(const struct secret_scan *s)
{
	struct secret_runs *r = mem_new(1, sizeof(*r));

	r->of = s;
	return r;
}

void
secret_runs_free(struct secret_runs *r)
{
	size_t i;

	if (r == NULL)
		return;
	for (i = 0; i < 4; i++) {
		secret_scan_free(r->scan[i]);
		sb_free(&r->out[i]);
	}
	mem_free(r);
}

static int
on_hit(void *ctx, const struct secret_hit *hit, struct err *e)
{
	const struct found *f = ctx;
	struct secret_hit outer = *hit;

	if (hit->rule->review)
		return 0;
	outer.how = f->r->kind == HEX ? SECRET_HEX : SECRET_BASE64;
	outer.line = f->r->line;
	outer.offset = f->r->from;
	outer.length = f->r->next - f->r->from;
	return f->fn(f->ctx, &outer, e);
}

static int
pass_on(struct secret_runs *r, struct found *f, bool end, struct err *e)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < (size_t)r->kind; i++) {
		if (rc == 0)
			rc = secret_scan_add(r->scan[i], r->out[i].buf, r->out[i].n, on_hit, f, e);
		if (rc == 0 && end)
			rc = secret_scan_end(r->scan[i], on_hit, f, e);
		sb_reset(&r->out[i]);
	}
	return rc;
}

/* The line of a byte that is not before the last one asked for. */
static int64_t
line_at(struct secret_runs *r, const struct secret_scan *s, size_t at)
{
	const unsigned char *p = s->buf + (r->counted - s->base), *end = s->buf + at, *nl;

	while (p < end && (nl = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		r->lines++;
		p = nl + 1;
	}
	if (p <= end)
		r->counted = s->base + (int64_t)at;
	return r->lines + 1;
}

static void
begin(struct secret_runs *r, const struct secret_scan *s, enum kind kind, size_t at)
{
	size_t i;

	r->kind = kind;
	r->from = r->next = s->base + (int64_t)at;
	r->line = line_at(r, s, at);
	r->digits = 0;
	for (i = 0; i < (size_t)kind; i++) {
		r->bits[i] = r->have[i] = 0;
		sb_reset(&r->out[i]);
		if (r->scan[i] == NULL)
			r->scan[i] = secret_scan_inner(r->of);
	}
}

static void
take(struct secret_runs *r, unsigned int value)
{
	unsigned int width = r->kind == HEX ? 4 : 6;
	size_t i;

	/* The way i begins behind i digits. */
	for (i = 0; i < (size_t)r->kind && i <= r->digits; i++) {
		r->bits[i] = (r->bits[i] << width | value) & 0xffff;
		r->have[i] += width;
		if (r->have[i] >= 8) {
			r->have[i] -= 8;
			sb_addc(&r->out[i], (char)(r->bits[i] >> r->have[i] & 0xff));
		}
	}
	r->digits++;
}

/* The end of a line as it stands there, or as a string writes it ("\n"), and what the next one is indented by: where it goes on, or at. */
static size_t
line_end(const struct secret_scan *s, size_t at)
{
	size_t i = at;

	while (i < s->n && (s->buf[i] == '\n' || s->buf[i] == '\r'))
		i++;
	while (i + 1 < s->n && s->buf[i] == '\\' && (s->buf[i + 1] == 'n' || s->buf[i + 1] == 'r'))
		i += 2;
	if (i == at)
		return at;
	while (i < s->n && i - at < MAX_INDENT && (s->buf[i] == ' ' || s->buf[i] == '\t'))
		i++;
	return i;
}

/* As far as it goes, up to end; 1 it has ended. */
static int
go_on(struct secret_scan *s, struct secret_runs *r, size_t end, struct found *f, struct err *e)
{
	const unsigned char *digit = digits(r->kind);
	size_t i = (size_t)(r->next - s->base), next;
	bool ended = false;

	while (i < end && !ended) {
		if (digit[s->buf[i]] > 0) {
			take(r, digit[s->buf[i]] - 1U);
			i++;
			continue;
		}
		next = line_end(s, i);
		ended = next == i || next >= s->n || digit[s->buf[next]] == 0;
		if (!ended)
			i = next;
	}
	r->next = s->base + (int64_t)i;
	if (pass_on(r, f, ended, e) < 0)
		return -1;
	return ended ? 1 : 0;
}

/* Does the run of this kind around 'at' reach MIN_RUN? Then where it begins and stops. */
static bool
around(const struct secret_scan *s, enum kind kind, size_t at, size_t *start, size_t *stop)
{
	const unsigned char *digit = digits(kind), *p = s->buf;
	size_t a = at, b = at;

	if (at + STRIDE >= s->n || digit[p[at]] == 0 || digit[p[at + 5]] == 0 || digit[p[at + 10]] == 0 || digit[p[at + 15]] == 0 ||
	    digit[p[at + STRIDE]] == 0)
		return false;
	while (a > 0 && at - a < MIN_RUN && digit[p[a - 1]] > 0)
		a--;
	while (b < s->n && digit[p[b]] > 0)
		b++;
	*start = a;
	*stop = b;
	return b - a >= MIN_RUN;
}

/* Base64 that is wrapped fills its next line, too, or ends there; the next line of a log begins with a word or a date. */
static bool
is_wrapped(const struct secret_scan *s, size_t stop)
{
	size_t next = line_end(s, stop), i = next;

	if (stop == s->n)
		return true;
	while (i < s->n && base64_digit[s->buf[i]] > 0)
		i++;
	return next > stop && i > next && (i == s->n || strchr("\r\n\\\"'=,<;)}]", s->buf[i]) != NULL);
}

/* The first of two digits of a character from blank to '~'. */
static bool
is_ascii(unsigned char c)
{
	return hex_digit[c] > 2 && hex_digit[c] < 9;
}

/* Digests and ids are hex, too: TEXT_RUN characters of ASCII in a row are no chance. One of so many stands at a multiple of it. */
static bool
spells_text(const unsigned char *p, size_t n)
{
	size_t way, i, a, b;

	for (way = 0; way < 2; way++)
		for (i = way; i + 1 < n; i += 2 * TEXT_RUN) {
			if (!is_ascii(p[i]))
				continue;
			for (a = i; a >= 2 && is_ascii(p[a - 2]); a -= 2)
				;
			for (b = i + 2; b + 1 < n && is_ascii(p[b]); b += 2)
				;
			if (b - a >= 2 * TEXT_RUN)
				return true;
		}
	return false;
}

int
secret_runs_look(struct secret_scan *s, size_t end, bool last, secret_hit_fn *fn, void *ctx, struct err *e)
{
	struct secret_runs *r = s->runs;
	struct found f = {r, fn, ctx};
	size_t i = s->pos, known = 0, start, stop; /* known: a run that is not wrapped goes on up to here */
	int rc = 0;

	while (rc == 0 && (i < end || r->kind != NONE)) {
		if (r->kind != NONE) {
			rc = go_on(s, r, end, &f, e);
			if (rc == 0 && last)
				rc = pass_on(r, &f, true, e) < 0 ? -1 : 1;
			if (rc <= 0)
				break;
			i = (size_t)(r->next - s->base);
			r->kind = NONE;
			rc = 0;
			continue;
		}
		/* On one line the index of pairs finds what is in base64. */
		if (i >= known && around(s, BASE64, i, &start, &stop)) {
			known = stop;
			if (is_wrapped(s, stop))
				begin(r, s, BASE64, start);
		}
		if (!around(s, HEX, i, &start, &stop)) {
			i += STRIDE;
		} else if (spells_text(s->buf + start, stop - start)) {
			begin(r, s, HEX, start);
		} else {
			i = stop + 1;
		}
	}
	/* What is before the end will be gone. */
	line_at(r, s, end);
	return rc;
}

void
secret_runs_restart(struct secret_runs *r)
{
	size_t i;

	r->kind = NONE;
	r->counted = r->lines = 0;
	for (i = 0; i < 4; i++) {
		sb_reset(&r->out[i]);
		if (r->scan[i] != NULL)
			secret_scan_reset(r->scan[i]);
	}
}
