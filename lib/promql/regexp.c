#include "promql/regexp.h"

#include <string.h>

#include "base/clean.h"
#include "base/mem.h"
#include "base/regex.h"
#include "promql/regexp_in.h"

#define MAX_REPEAT 1000
#define MAX_GROUPS 1000 /* nested; RE2's own bound */

/* A group that is open. */
struct group {
	size_t at;      /* where its '(' stands */
	bool lines;     /* the m flag before it */
	unsigned times; /* how often its most repeated part is repeated, at least 1 */
};

enum last { NOTHING, ATOM, REPEATED };

struct translation {
	struct pq_re r;
	VEC(struct group) open;
	bool lines;         /* the m flag is on */
	enum last last;     /* what stands before here, for * + ? {} */
	unsigned last_times;
	unsigned times;     /* as in struct group, for the group that we are in */
	VEC(struct sv) names; /* of the groups that capture, "" without one */
};

int
pq_re_error(struct pq_re *r, size_t at, const char *what)
{
	struct sb shown = {0};

	clean_add(&shown, sv_head(r->in, 120));
	if (r->in.n > 120)
		sb_adds(&shown, "...");
	err_set(r->e, ERR_INPUT, "error parsing regexp \"%s\" at %zu: %s", sb_str(&shown), at + 1,
	    what);
	sb_free(&shown);
	return -1;
}

static void
atom(struct translation *t, unsigned times)
{
	t->last = ATOM;
	t->last_times = times;
	if (t->times < times)
		t->times = times;
}

static void
push(struct translation *t, size_t at)
{
	*vec_add(&t->open) = (struct group){at, t->lines, t->times};
	t->times = 1;
	t->last = NOTHING;
}

/* After "(?": flags such as "i", "-s", "im-sU", up to ')' or ':'. */
static int
flags(struct translation *t)
{
	struct pq_re *r = &t->r;
	bool minus = false, any = false, lines = t->lines;
	size_t start = r->i, k;
	char on[8] = "", off[8] = "", *list, c;

	for (r->i += 2; ; r->i++) {
		c = pq_re_ahead(r, 0);
		if (c == 'm') {
			lines = !minus;
			any = true;
		} else if (c == 'i' || c == 's' || c == 'U') {
			list = minus ? off : on;
			k = strlen(list);
			if (strchr(list, c) == NULL)
				list[k] = c;
			any = true;
		} else if (c == '-' && !minus) {
			minus = true;
			any = false;
		} else {
			break;
		}
	}
	if (r->i >= r->in.n)
		return pq_re_error(r, start, "missing closing )");
	if ((c != ')' && c != ':') || (minus && !any)) {
		if (c == '=' || c == '!')
			return pq_re_error(r, start, "lookaround is not supported");
		if (c == '>')
			return pq_re_error(r, start, "atomic groups are not supported");
		if (c == '#')
			return pq_re_error(r, start, "comments are not supported");
		if (c == 'R' || c == '&' || (c >= '0' && c <= '9') || c == '+')
			return pq_re_error(r, start, "recursion is not supported");
		return pq_re_error(r, start, "unsupported syntax after (?");
	}
	r->i++;
	if (c == ':')
		push(t, start);
	t->lines = lines;
	t->last = NOTHING;
	if (c == ')' && on[0] == '\0' && off[0] == '\0')
		return 0;
	sb_addf(r->out, "(?%s%s%s%c", on, off[0] == '\0' ? "" : "-", off, c);
	return 0;
}

/* (?P<name> or (?<name>, which is followed by its characters. */
static int
named_group(struct translation *t, size_t skip)
{
	struct pq_re *r = &t->r;
	struct sv name = sv_from(r->in, r->i + skip);
	size_t start = r->i, n = sv_chr(name, '>'), i;

	for (i = 0; i < n; i++)
		if (!((name.p[i] | 0x20) >= 'a' && (name.p[i] | 0x20) <= 'z') &&
		    !(name.p[i] >= '0' && name.p[i] <= '9') && name.p[i] != '_')
			return pq_re_error(r, start, "invalid named capture");
	if (n == 0 || n == name.n)
		return pq_re_error(r, start, "invalid named capture");
	r->i += skip + n + 1;
	push(t, start);
	*vec_add(&t->names) = sv_head(name, n);
	sb_addc(r->out, '(');
	return 0;
}

static int
open_group(struct translation *t)
{
	struct pq_re *r = &t->r;
	struct sv rest = sv_from(r->in, r->i);

	if (t->open.n >= MAX_GROUPS)
		return pq_re_error(r, r->i, "nested too deeply");
	if (sv_starts(rest, "(?<=") || sv_starts(rest, "(?<!"))
		return pq_re_error(r, r->i, "lookaround is not supported");
	if (sv_starts(rest, "(?P="))
		return pq_re_error(r, r->i, "backreferences are not supported");
	if (sv_starts(rest, "(?P>"))
		return pq_re_error(r, r->i, "recursion is not supported");
	if (sv_starts(rest, "(?P<"))
		return named_group(t, 4);
	if (sv_starts(rest, "(?<"))
		return named_group(t, 3);
	if (sv_starts(rest, "(?"))
		return flags(t);
	push(t, r->i++);
	vec_add(&t->names)->n = 0;
	sb_addc(r->out, '(');
	return 0;
}

static int
close_group(struct translation *t)
{
	unsigned times = t->times;
	struct group g;

	if (t->open.n == 0)
		return pq_re_error(&t->r, t->r.i, "unexpected )");
	g = t->open.v[--t->open.n];
	t->lines = g.lines;
	t->times = g.times;
	atom(t, times);
	t->r.i++;
	sb_addc(t->r.out, ')');
	return 0;
}

/* Digits without leading zeros; false if there are none. Too many make it large. */
static bool
count(const struct pq_re *r, size_t *k, unsigned *n)
{
	size_t start = *k;

	*n = 0;
	for (; pq_re_ahead(r, *k) >= '0' && pq_re_ahead(r, *k) <= '9'; ++*k)
		if (*n <= MAX_REPEAT)
			*n = *n * 10 + (unsigned)(pq_re_ahead(r, *k) - '0');
	return *k > start && (*k - start == 1 || pq_re_ahead(r, start) != '0');
}

/* Is {n}, {n,} or {n,m} what stands here? Its length, or 0: then the brace is itself. */
static size_t
braces(const struct pq_re *r, unsigned *min, unsigned *max, bool *open_end)
{
	size_t k = 1;

	*open_end = false;
	if (!count(r, &k, min))
		return 0;
	*max = *min;
	if (pq_re_ahead(r, k) == ',') {
		k++;
		if (pq_re_ahead(r, k) == '}')
			*open_end = true;
		else if (!count(r, &k, max))
			return 0;
	}
	return pq_re_ahead(r, k) == '}' ? k + 1 : 0;
}

static bool
is_repeat(const struct pq_re *r)
{
	unsigned min, max;
	bool open_end;
	char c = pq_re_ahead(r, 0);

	return c == '*' || c == '+' || c == '?' ||
	    (c == '{' && braces(r, &min, &max, &open_end) > 0);
}

static int
repeat(struct translation *t)
{
	struct pq_re *r = &t->r;
	unsigned min = 0, max = 0;
	bool open_end = true;
	size_t n = 1, start = r->i;

	if (t->last == NOTHING)
		return pq_re_error(r, start, "missing argument to repetition operator");
	if (t->last == REPEATED)
		return pq_re_error(r, start, "a repetition of a repetition (as in x** or x*+) "
		    "is not supported");
	if (pq_re_ahead(r, 0) == '{') {
		n = braces(r, &min, &max, &open_end);
		if (min > MAX_REPEAT || max > MAX_REPEAT || max < min)
			return pq_re_error(r, start, "invalid repeat count");
		/* Repeats inside repeats multiply; RE2 bounds the product. {0,} counts as once. */
		if (max >= 2 && t->last_times > MAX_REPEAT / max)
			return pq_re_error(r, start, "invalid repeat count");
		if (max >= 2)
			atom(t, t->last_times * max);
	}
	if (pq_re_ahead(r, n) == '?')
		n++;
	sb_addv(r->out, sv_head(sv_from(r->in, start), n));
	r->i += n;
	t->last = REPEATED;
	return 0;
}

/* A place between characters. PCRE2 repeats such a thing only inside a group. */
static void
place(struct translation *t, size_t n, const char *text)
{
	t->r.i += n;
	sb_addf(t->r.out, is_repeat(&t->r) ? "(?:%s)" : "%s", text);
	atom(t, 1);
}

/* \Q...\E: every character stands for itself. */
static int
quoted(struct translation *t)
{
	struct pq_re *r = &t->r;
	size_t start = r->i, end;
	uint32_t c;

	r->i += 2;
	end = sv_find(sv_from(r->in, r->i), SV("\\E")) + r->i;
	if (end >= r->in.n) /* it would swallow the ")$" that Prometheus adds */
		return pq_re_error(r, start, "\\Q without \\E");
	while (r->i < end) {
		if (pq_re_char(r, &c) < 0)
			return -1;
		pq_re_emit(r->out, c);
		atom(t, 1);
	}
	r->i += 2;
	return 0;
}

static int
escape(struct translation *t)
{
	struct pq_re *r = &t->r;
	uint32_t c;
	int rc;

	switch (pq_re_ahead(r, 1)) {
	case 'A':
		place(t, 2, "\\A");
		return 0;
	case 'z':
		place(t, 2, "\\z");
		return 0;
	case 'b':
		place(t, 2, "\\b");
		return 0;
	case 'B':
		place(t, 2, "\\B");
		return 0;
	case 'Q':
		return quoted(t);
	}
	rc = pq_re_class_escape(r, false);
	if (rc == 0) {
		rc = pq_re_escape(r, &c);
		if (rc == 0)
			pq_re_emit(r->out, c);
	}
	if (rc < 0)
		return -1;
	atom(t, 1);
	return 0;
}

static int
piece(struct translation *t)
{
	struct pq_re *r = &t->r;
	char here = pq_re_ahead(r, 0);
	uint32_t c;

	if (is_repeat(r))
		return repeat(t);
	switch (here) {
	case '(':
		return open_group(t);
	case ')':
		return close_group(t);
	case '\\':
		return escape(t);
	case '^':
		place(t, 1, t->lines ? "(?<![^\\n])" : "\\A");
		return 0;
	case '$':
		place(t, 1, t->lines ? "(?![^\\n])" : "\\z");
		return 0;
	case '[':
		if (pq_re_class(r) < 0)
			return -1;
		atom(t, 1);
		return 0;
	case '|':
	case '.':
		sb_addc(r->out, here);
		r->i++;
		atom(t, 1);
		t->last = here == '|' ? NOTHING : ATOM;
		return 0;
	}
	if (pq_re_char(r, &c) < 0)
		return -1;
	pq_re_emit(r->out, c);
	atom(t, 1);
	return 0;
}

static int
translate(struct translation *t)
{
	int rc = 0;

	while (rc == 0 && t->r.i < t->r.in.n)
		rc = piece(t);
	if (rc == 0 && t->open.n > 0)
		rc = pq_re_error(&t->r, t->open.v[t->open.n - 1].at, "missing closing )");
	vec_free(&t->open);
	return rc;
}

int
pq_regexp_translate(struct sv pattern, struct sb *out, struct err *e)
{
	struct translation t = {.r = {pattern, 0, out, e}, .times = 1};
	int rc = translate(&t);

	vec_free(&t.names);
	return rc;
}

int
pq_regexp_names(struct arena *a, struct sv pattern, struct sv **names, size_t *n, struct err *e)
{
	struct sb unused = {0};
	struct translation t = {.r = {pattern, 0, &unused, e}, .times = 1};
	size_t i;
	int rc = translate(&t);

	*n = t.names.n + 1;
	*names = arena_new(a, *n, sizeof(**names)); /* the whole match has none */
	for (i = 0; rc == 0 && i < t.names.n; i++)
		(*names)[i + 1] = t.names.v[i];
	vec_free(&t.names);
	sb_free(&unused);
	return rc;
}

struct regex *
pq_regexp_new(struct sv pattern, struct err *e)
{
	struct regex *re = NULL;
	struct sb s = {0};

	if (pq_regexp_translate(pattern, &s, e) == 0) {
		re = regex_new(sb_sv(&s), REGEX_WHOLE | REGEX_DOTALL, e);
		if (re == NULL)
			err_prefix(e, "error parsing regexp");
	}
	sb_free(&s);
	return re;
}
