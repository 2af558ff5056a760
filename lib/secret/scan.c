#include "secret/parts.h"

#include <string.h>
#include <strings.h>

#define CHUNK ((size_t)1 << 20)
#define MAX_GROUPS 8

struct secret_scan {
	const struct secret_rules *rules;
	struct regex **pattern; /* by rule: a regex is not for two threads at once */
	struct regex ***allow;
	unsigned char *buf;     /* what is looked at: SECRET_BEHIND bytes that were, then pos to n */
	size_t pos, n, cap;
	int64_t base;           /* offset of buf[0] */
	int64_t line;           /* of counted */
	size_t counted;         /* newlines are counted up to here */
	int64_t *until;         /* by rule: where its last hit ended */
	struct sb text, before;
	bool wide;              /* UTF-16 */
};

const char *
secret_how_text(enum secret_how how)
{
	static const char *const name[] = {"plain", "url", "json", "html", "base64", "name"};

	return name[how];
}

struct secret_scan *
secret_scan_new(const struct secret_rules *r)
{
	struct secret_scan *s = mem_new(1, sizeof(*s));
	size_t i, k;

	s->rules = r;
	s->cap = CHUNK + SECRET_WINDOW + SECRET_BEHIND;
	s->buf = mem_new(s->cap, 1);
	s->pattern = mem_new(r->n, sizeof(*s->pattern));
	s->allow = mem_new(r->n, sizeof(*s->allow));
	s->until = mem_new(r->n, sizeof(*s->until));
	s->line = 1;
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
	for (i = 0; i < s->rules->n; i++) {
		regex_free(s->pattern[i]);
		for (k = 0; k < s->rules->rule[i].n_allow; k++)
			regex_free(s->allow[i][k]);
		mem_free(s->allow[i]);
	}
	mem_free(s->pattern);
	mem_free(s->allow);
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

/* A needle stands at 'at': the secret behind it, plain or decoded. How it was found, or -1. */
static int
decide(struct secret_scan *s, const struct needle *k, size_t at, struct sv *value, size_t *length)
{
	struct sv all = {(const char *)s->buf, s->n}, window;
	enum secret_how how;
	size_t behind = 0, begin = at;

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

static bool
is_needle(const struct needle *k, const unsigned char *p)
{
	return k->any_case ? strncasecmp(k->text.p, (const char *)p, k->text.n) == 0 : memcmp(k->text.p, p, k->text.n) == 0;
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
		hit.how = (enum secret_how)how;
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
look(struct secret_scan *s, size_t end, secret_hit_fn *fn, void *ctx, struct err *e)
{
	const uint64_t *map = s->rules->pair;
	const unsigned char *p = s->buf;
	size_t i;

	for (i = s->pos; i < end; i++) {
		uint16_t pair = (uint16_t)(p[i] | p[i + 1] << 8);

		if ((map[pair / 64] >> pair % 64 & 1) != 0 && at_pair(s, i, pair, fn, ctx, e) < 0)
			return -1;
	}
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

int
secret_scan_add(struct secret_scan *s, const void *bytes, size_t n, secret_hit_fn *fn, void *ctx, struct err *e)
{
	const unsigned char *from = bytes;

	if (s->base == 0 && s->n == 0 && n >= 2)
		s->wide = (from[0] == 0xff && from[1] == 0xfe) || (from[0] == 0xfe && from[1] == 0xff);
	while (n > 0) {
		size_t part = s->cap - s->n - 1 < n ? s->cap - s->n - 1 : n;

		if (s->wide) { /* UTF-16: keys are ASCII, every other byte is 0 */
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
		if (look(s, s->n - SECRET_WINDOW, fn, ctx, e) < 0)
			return -1;
		shift(s);
	}
	return 0;
}

static void
restart(struct secret_scan *s)
{
	s->pos = s->n = s->counted = 0;
	s->base = 0;
	s->line = 1;
	s->wide = false;
	memset(s->until, 0, s->rules->n * sizeof(*s->until));
}

int
secret_scan_end(struct secret_scan *s, secret_hit_fn *fn, void *ctx, struct err *e)
{
	int rc;

	s->buf[s->n] = '\0';
	rc = look(s, s->n, fn, ctx, e);
	restart(s);
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
	restart(s);
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
