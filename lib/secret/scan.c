#include "secret/parts.h"

#include <string.h>

#define CHUNK ((size_t)1 << 20)
#define INNER_CHUNK ((size_t)32 << 10)
#define MAX_GROUPS 8

const char *
secret_how_text(enum secret_how how)
{
	static const char *const name[] = {"plain", "url", "json", "html", "base64", "hex", "utf-16", "name"};

	return name[how];
}

static struct secret_scan *
scan_new(const struct secret_rules *r, size_t chunk)
{
	struct secret_scan *s = mem_new(1, sizeof(*s));

	s->rules = r;
	s->cap = chunk + SECRET_WINDOW + SECRET_BEHIND;
	s->buf = mem_new(s->cap, 1);
	s->until = mem_new(r->n, sizeof(*s->until));
	s->line = 1;
	return s;
}

struct secret_scan *
secret_scan_inner(const struct secret_scan *s)
{
	struct secret_scan *inner = scan_new(s->rules, INNER_CHUNK);

	inner->borrows = true;
	inner->pattern = s->pattern;
	inner->allow = s->allow;
	return inner;
}

struct secret_scan *
secret_scan_new(const struct secret_rules *r)
{
	struct secret_scan *s = scan_new(r, CHUNK);
	size_t i, k;

	s->pattern = mem_new(r->n, sizeof(*s->pattern));
	s->allow = mem_new(r->n, sizeof(*s->allow));
	s->runs = secret_runs_new(s);
	for (i = 0; i < r->n; i++) {
		const struct rule *rule = &r->rule[i];

		/* They were compiled when the rules were loaded: they compile. */
		if (rule->pattern != NULL)
			s->pattern[i] = regex_new(sv_of(rule->pattern),
			    REGEX_BYTES | REGEX_START | REGEX_DOTALL | (rule->any_case ? REGEX_NOCASE : 0), NULL);
		s->allow[i] = mem_new(rule->n_allow, sizeof(**s->allow));
		for (k = 0; k < rule->n_allow; k++)
			s->allow[i][k] = regex_new(rule->allow[k], REGEX_BYTES, NULL);
	}
	return s;
}

void
secret_scan_free(struct secret_scan *s)
{
	size_t i, k;

	if (s == NULL)
		return;
	secret_runs_free(s->runs);
	for (i = 0; i < s->rules->n && !s->borrows; i++) {
		regex_free(s->pattern[i]);
		for (k = 0; k < s->rules->rule[i].n_allow; k++)
			regex_free(s->allow[i][k]);
		mem_free(s->allow[i]);
	}
	if (!s->borrows) {
		mem_free(s->pattern);
		mem_free(s->allow);
	}
	mem_free(s->until);
	mem_free(s->buf);
	sb_free(&s->text);
	sb_free(&s->before);
	mem_free(s);
}

/* Does the rule's pattern stand at 'at' of text, and is it meant? */
static bool
matches(struct secret_scan *s, size_t rule, struct sv text, size_t at, struct sv *value, size_t *length)
{
	const struct rule *r = &s->rules->rule[rule];
	struct sv group[MAX_GROUPS];
	size_t i;

	if (s->pattern[rule] == NULL || at > text.n ||
	    regex_groups_at(s->pattern[rule], text, at, group, MAX_GROUPS, NULL) != 1)
		return false;
	*value = group[r->group].p != NULL ? group[r->group] : group[0];
	*length = group[0].n;
	if (!secret_checked(r, *value))
		return false;
	for (i = 0; i < r->n_allow; i++)
		if (s->allow[rule][i] == NULL || regex_match(s->allow[rule][i], *value, NULL) == 1)
			return false;
	return true;
}

static int64_t
line_at(struct secret_scan *s, size_t at)
{
	const unsigned char *p = s->buf + s->counted, *end = s->buf + at, *nl;

	while (p < end && (nl = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		s->line++;
		p = nl + 1;
	}
	if (at > s->counted)
		s->counted = at;
	return s->line;
}

/* How the window may be written besides: only when it looks so. */
static bool
looks(enum secret_how how, struct sv v)
{
	v = sv_head(v, 512);
	return how == SECRET_URL ? sv_chr(v, '%') < v.n : how == SECRET_JSON ? sv_chr(v, '\\') < v.n :
	    sv_find(v, SV("&")) < v.n;
}

/* UTF-16 or UTF-32 in the midst of other bytes. */
static int
decide_wide(struct secret_scan *s, const struct needle *k, size_t at, struct sv *value, size_t *length)
{
	struct sv all = {(const char *)s->buf, s->n};
	size_t unit = k->align, begin = at, behind = 0, z;

	/* With a little of what is before it, for patterns that look back. */
	while (begin >= unit && behind < 32 && s->buf[begin - unit] != '\0') {
		for (z = 1; z < unit && s->buf[begin - z] == '\0'; z++)
			;
		if (z < unit)
			break;
		begin -= unit;
		behind++;
	}
	secret_narrow(sv_from(all, begin), unit, SECRET_WINDOW / unit + behind, &s->text);
	if (!matches(s, k->rule, sb_sv(&s->text), behind, value, length))
		return -1;
	*length *= unit;
	return SECRET_WIDE;
}

/* A needle stands at 'at': the secret behind it, plain or decoded. How it was found, or -1. */
static int
decide(struct secret_scan *s, const struct needle *k, size_t at, struct sv *value, size_t *length)
{
	struct sv all = {(const char *)s->buf, s->n}, window;
	enum secret_how how;
	size_t behind = 0, begin = at;

	if (k->how == SECRET_WIDE)
		return decide_wide(s, k, at, value, length);
	if (k->how == SECRET_BASE64) {
		static const size_t skipped[3] = {0, 2, 3};

		if (begin < skipped[k->align])
			return -1;
		begin -= skipped[k->align];
		/* Whole groups before it, for patterns that look back. */
		while (begin >= 4 && behind < 16 && strspn((const char *)s->buf + begin - 4,
		    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_") >= 4) {
			begin -= 4;
			behind++;
		}
		secret_decode(SECRET_BASE64, sv_head(sv_from(all, begin), SECRET_WINDOW), SECRET_WINDOW, &s->text);
		if (!matches(s, k->rule, sb_sv(&s->text), behind * 3 + k->align, value, length))
			return -1;
		*length = *length * 4 / 3 + 2;
		return SECRET_BASE64;
	}
	if (k->how == SECRET_PLAIN && matches(s, k->rule, sv_head(all, at + SECRET_WINDOW), at, value, length))
		return SECRET_PLAIN;
	window = sv_head(sv_from(all, at), SECRET_WINDOW);
	for (how = SECRET_URL; how <= SECRET_HTML; how++) {
		if (k->how == SECRET_PLAIN ? !looks(how, window) : k->how != how)
			continue;
		/* With a little of what is before it, for patterns that look back. */
		secret_decode(how, sv_from(sv_head(all, at), at > 64 ? at - 64 : 0), SECRET_WINDOW, &s->before);
		behind = s->before.n;
		secret_decode(how, window, SECRET_WINDOW, &s->text);
		sb_addv(&s->before, sb_sv(&s->text));
		if (matches(s, k->rule, sb_sv(&s->before), behind, value, length))
			return (int)how;
	}
	return -1;
}

static unsigned char
low(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? c | 32 : c;
}

static bool
is_needle(const struct needle *k, const unsigned char *p)
{
	size_t i;

	if (!k->any_case)
		return memcmp(k->text.p, p, k->text.n) == 0;
	for (i = 0; i < k->text.n; i++)
		if (low((unsigned char)k->text.p[i]) != low(p[i]))
			return false;
	return true;
}

static int
at_pair(struct secret_scan *s, size_t i, uint16_t pair, secret_hit_fn *fn, void *ctx, struct err *e)
{
	const struct secret_rules *r = s->rules;
	uint32_t k;

	for (k = r->at[pair]; k < r->at[pair + 1]; k++) {
		const struct needle *n = &r->needle.v[r->order[k]];
		struct secret_hit hit = {0};
		size_t at, length = 0;
		int how;

		if (i < n->pair || s->n - (i - n->pair) < n->text.n || !is_needle(n, s->buf + i - n->pair))
			continue;
		at = i - n->pair;
		if (s->base + (int64_t)at < s->until[n->rule] || (how = decide(s, n, at, &hit.value, &length)) < 0)
			continue;
		hit.rule = &r->rule[n->rule].shown;
		hit.how = s->wide ? SECRET_WIDE : (enum secret_how)how;
		hit.line = line_at(s, at);
		hit.offset = s->base + (int64_t)at;
		hit.length = (int64_t)length;
		s->until[n->rule] = hit.offset + hit.length;
		if (fn(ctx, &hit, e) < 0)
			return -1;
	}
	return 0;
}

/* The pass: from pos to end, which leaves a window behind unless it is the last. */
static int
look(struct secret_scan *s, size_t end, bool last, secret_hit_fn *fn, void *ctx, struct err *e)
{
	const uint64_t *map = s->rules->pair;
	const unsigned char *p = s->buf;
	size_t i;

	for (i = s->pos; i < end; i++) {
		uint16_t pair = (uint16_t)(p[i] | p[i + 1] << 8);

		if ((map[pair / 64] >> pair % 64 & 1) != 0 && at_pair(s, i, pair, fn, ctx, e) < 0)
			return -1;
	}
	if (s->runs != NULL && secret_runs_look(s, end, last, fn, ctx, e) < 0)
		return -1;
	s->pos = end;
	return 0;
}

/* What was looked at goes, but for what a pattern may look back at. */
static void
shift(struct secret_scan *s)
{
	size_t gone = s->pos > SECRET_BEHIND ? s->pos - SECRET_BEHIND : 0;

	if (gone == 0)
		return;
	line_at(s, gone);
	memmove(s->buf, s->buf + gone, s->n - gone);
	s->n -= gone;
	s->pos -= gone;
	s->counted -= gone;
	s->base += (int64_t)gone;
}

/* Every second byte a zero, or three of four, and hardly another: text of one and two alphabets in UTF-16 or UTF-32. */
static bool
is_wide(const unsigned char *p, size_t n)
{
	size_t unit, i, k, zeros[4], few, many;

	if (n >= 2 && ((p[0] == 0xff && p[1] == 0xfe) || (p[0] == 0xfe && p[1] == 0xff)))
		return true;
	n = n > 512 ? 512 : n & ~(size_t)3;
	if (n < 16)
		return false;
	for (unit = 2; unit <= 4; unit += 2) {
		memset(zeros, 0, sizeof(zeros));
		for (i = 0; i < n; i++)
			zeros[i % unit] += p[i] == 0;
		for (k = few = many = 0; k < unit; k++) {
			few += zeros[k] * 10 <= n / unit;
			many += zeros[k] * 10 >= 9 * (n / unit);
		}
		if (few == 1 && many == unit - 1)
			return true;
	}
	return false;
}

int
secret_scan_add(struct secret_scan *s, const void *bytes, size_t n, secret_hit_fn *fn, void *ctx, struct err *e)
{
	const unsigned char *from = bytes;

	if (s->base == 0 && s->n == 0)
		s->wide = is_wide(from, n);
	while (n > 0) {
		size_t part = s->cap - s->n - 1 < n ? s->cap - s->n - 1 : n;

		if (s->wide) { /* keys are ASCII: their other bytes are 0 */
			size_t i;

			for (i = 0; i < part; i++)
				if (from[i] != 0)
					s->buf[s->n++] = from[i];
		} else {
			memcpy(s->buf + s->n, from, part);
			s->n += part;
		}
		from += part;
		n -= part;
		if (s->n + 1 < s->cap)
			continue;
		if (look(s, s->n - SECRET_WINDOW, false, fn, ctx, e) < 0)
			return -1;
		shift(s);
	}
	return 0;
}

void
secret_scan_reset(struct secret_scan *s)
{
	s->pos = s->n = s->counted = 0;
	s->base = 0;
	s->line = 1;
	s->wide = false;
	memset(s->until, 0, s->rules->n * sizeof(*s->until));
	if (s->runs != NULL)
		secret_runs_restart(s->runs);
}

int
secret_scan_end(struct secret_scan *s, secret_hit_fn *fn, void *ctx, struct err *e)
{
	int rc;

	s->buf[s->n] = '\0';
	rc = look(s, s->n, true, fn, ctx, e);
	secret_scan_reset(s);
	return rc;
}

int
secret_scan_src(struct secret_scan *s, struct io_src *src, secret_hit_fn *fn, void *ctx, struct err *e)
{
	static const size_t piece = 64 * 1024;
	char *chunk = mem_new(piece, 1);
	ptrdiff_t got;
	int rc = 0;

	while (rc == 0 && (got = src->read(src, chunk, piece, e)) != 0)
		rc = got < 0 ? -1 : secret_scan_add(s, chunk, (size_t)got, fn, ctx, e);
	mem_free(chunk);
	if (rc == 0)
		return secret_scan_end(s, fn, ctx, e);
	secret_scan_reset(s);
	return -1;
}

int
secret_scan_name(struct secret_scan *s, struct sv name, secret_hit_fn *fn, void *ctx, struct err *e)
{
	size_t i, k;

	for (i = 0; i < s->rules->n; i++)
		for (k = 0; k < s->rules->rule[i].n_names; k++)
			if (sv_glob(s->rules->rule[i].name[k], name)) {
				struct secret_hit hit = {.rule = &s->rules->rule[i].shown, .how = SECRET_NAME, .value = name};

				if (fn(ctx, &hit, e) < 0)
					return -1;
			}
	return secret_scan_add(s, name.p, name.n, fn, ctx, e) < 0 ? -1 : secret_scan_end(s, fn, ctx, e);
}
