/* The functions that every Go template has. */
#include <math.h>
#include <string.h>

#include "rules/template_in.h"

static struct tmpl_value
truth(bool b)
{
	return (struct tmpl_value){.kind = TV_BOOL, .truth = b};
}

static int
call_not(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	(void)r;
	(void)n;
	*out = truth(!tmpl_true(arg));
	return 0;
}

static int
call_len(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	(void)n;
	*out = (struct tmpl_value){.kind = TV_INT};
	if (arg->kind == TV_STRING)
		out->i = (int64_t)arg->s.n;
	else if (arg->kind == TV_LABELS)
		out->i = (int64_t)arg->labels->n;
	else if (arg->kind == TV_VECTOR)
		out->i = (int64_t)arg->n;
	else
		return tmpl_fail(r, "error calling len: it has no length");
	return 0;
}

static int
call_index(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	(void)n;
	if (arg->kind == TV_LABELS && arg[1].kind == TV_STRING) {
		*out = tmpl_text(labels_get(arg->labels, arena_str(r->a, arg[1].s)));
		return 0;
	}
	if (arg->kind == TV_VECTOR && arg[1].kind == TV_INT) {
		if (arg[1].i < 0 || (uint64_t)arg[1].i >= arg->n)
			return tmpl_fail(r, "error calling index: index out of range: %lld", (long long)arg[1].i);
		*out = (struct tmpl_value){.kind = TV_SAMPLE, .sample = &arg->sample[arg[1].i]};
		return 0;
	}
	return tmpl_fail(r, "error calling index: it cannot be indexed so");
}

static int
call_slice(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	int64_t from = 0, to;
	size_t i;

	for (i = 1; i < n; i++)
		if (arg[i].kind != TV_INT)
			return tmpl_fail(r, "error calling slice: cannot index slice/array with that");
	if (arg->kind != TV_STRING)
		return tmpl_fail(r, "error calling slice: can't slice item of that type");
	to = (int64_t)arg->s.n;
	from = n > 1 ? arg[1].i : from;
	to = n > 2 ? arg[2].i : to;
	if (from < 0 || to < from || to > (int64_t)arg->s.n)
		return tmpl_fail(r, "error calling slice: index out of range");
	*out = tmpl_text(sv_head(sv_from(arg->s, (size_t)from), (size_t)(to - from)));
	return 0;
}

static struct tmpl_value
taken(struct tmpl_run *r, struct sb *s)
{
	struct tmpl_value v = tmpl_text(arena_sv(r->a, sb_sv(s)));

	sb_free(s);
	return v;
}

/* Sprint puts a blank between two of which neither is a text, Sprintln between all. */
static int
call_print(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	struct sb s = {0};
	size_t i;

	for (i = 0; i < n; i++) {
		if (i > 0 && arg[i].kind != TV_STRING && arg[i - 1].kind != TV_STRING)
			sb_addc(&s, ' ');
		tmpl_print(&arg[i], &s);
	}
	*out = taken(r, &s);
	return 0;
}

static int
call_println(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	struct sb s = {0};
	size_t i;

	for (i = 0; i < n; i++) {
		sb_adds(&s, i > 0 ? " " : "");
		tmpl_print(&arg[i], &s);
	}
	sb_addc(&s, '\n');
	*out = taken(r, &s);
	return 0;
}

static int
call_printf(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	struct sb s = {0};

	if (arg->kind != TV_STRING)
		return tmpl_fail(r, "wrong type for value; expected string in printf");
	tmpl_printf(arg->s, arg + 1, n - 1, &s);
	*out = taken(r, &s);
	return 0;
}

static int
escape(struct tmpl_run *r, const struct tmpl_value *arg, const char *from, const char *const *to, bool blanks,
    struct tmpl_value *out)
{
	struct sb text = {0}, s = {0};
	const char *k;
	size_t i;

	tmpl_print(arg, &text);
	for (i = 0; i < text.n; i++) {
		char c = text.buf[i];

		k = c != '\0' ? strchr(from, c) : NULL;
		if (k != NULL)
			sb_adds(&s, to[k - from]);
		else if (blanks && c == ' ')
			sb_addc(&s, '+');
		else if (blanks && strchr("-_.~", c) == NULL && !((c | 0x20) >= 'a' && (c | 0x20) <= 'z') && !(c >= '0' && c <= '9'))
			sb_addf(&s, "%%%02X", (unsigned char)c);
		else
			sb_addc(&s, c);
	}
	sb_free(&text);
	*out = taken(r, &s);
	return 0;
}

static int
call_html(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	static const char *const to[] = {"&lt;", "&gt;", "&amp;", "&#34;", "&#39;"};

	(void)n;
	return escape(r, arg, "<>&\"'", to, false, out);
}

static int
call_js(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	static const char *const to[] = {"\\u003C", "\\u003E", "\\u0026", "\\\"", "\\'", "\\\\", "\\u003D", "\\u000A"};

	(void)n;
	return escape(r, arg, "<>&\"'\\=\n", to, false, out);
}

static int
call_urlquery(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	(void)n;
	return escape(r, arg, "", NULL, true, out);
}

/* -1, 0, 1; 2 for a NaN; -2: not comparable (said). */
static int
compare(struct tmpl_run *r, const struct tmpl_value *x, const struct tmpl_value *y)
{
	if (x->kind == y->kind && x->kind == TV_FLOAT)
		return isnan(x->f) || isnan(y->f) ? 2 : (x->f > y->f) - (x->f < y->f);
	if (x->kind == y->kind && x->kind == TV_INT)
		return (x->i > y->i) - (x->i < y->i);
	if (x->kind == y->kind && x->kind == TV_STRING)
		return (sv_cmp(x->s, y->s) > 0) - (sv_cmp(x->s, y->s) < 0);
	if (x->kind == y->kind && x->kind == TV_BOOL)
		return x->truth == y->truth ? 0 : 2;
	tmpl_fail(r, "incompatible types for comparison");
	return -2;
}

static int
call_eq(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	size_t i;
	int c;

	*out = truth(false);
	for (i = 1; i < n; i++) {
		if ((c = compare(r, arg, &arg[i])) == -2)
			return -1;
		if (c == 0) {
			*out = truth(true);
			return 0;
		}
	}
	return 0;
}

static int
call_ne(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	int c = compare(r, arg, &arg[1]);

	(void)n;
	*out = truth(c != 0);
	return c == -2 ? -1 : 0;
}

static int
ordered(struct tmpl_run *r, const struct tmpl_value *arg, int *c)
{
	if (arg->kind == TV_BOOL)
		return tmpl_fail(r, "invalid type for comparison");
	*c = compare(r, arg, &arg[1]);
	return *c == -2 ? -1 : 0;
}

static int
call_lt(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	int c = 2, rc = ordered(r, arg, &c);

	(void)n;
	*out = truth(rc == 0 && c == -1);
	return rc;
}

static int
call_le(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	int c = 2, rc = ordered(r, arg, &c);

	(void)n;
	*out = truth(rc == 0 && (c == -1 || c == 0));
	return rc;
}

static int
call_gt(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	int c = 2, rc = ordered(r, arg, &c);

	(void)n;
	*out = truth(rc == 0 && (c == 1 || c == 2));
	return rc;
}

static int
call_ge(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	int c = 2, rc = ordered(r, arg, &c);

	(void)n;
	*out = truth(rc == 0 && c != -1);
	return rc;
}

/* and, or are evaluated where commands are: they look at no more than they must. */
const struct tmpl_function tmpl_builtins[] = {
	{"and", 1, SIZE_MAX, call_not},
	{"or", 1, SIZE_MAX, call_not},
	{"not", 1, 1, call_not},
	{"len", 1, 1, call_len},
	{"index", 2, 2, call_index},
	{"slice", 1, 3, call_slice},
	{"print", 0, SIZE_MAX, call_print},
	{"println", 0, SIZE_MAX, call_println},
	{"printf", 1, SIZE_MAX, call_printf},
	{"html", 1, 1, call_html},
	{"js", 1, 1, call_js},
	{"urlquery", 1, 1, call_urlquery},
	{"eq", 2, SIZE_MAX, call_eq},
	{"ne", 2, 2, call_ne},
	{"lt", 2, 2, call_lt},
	{"le", 2, 2, call_le},
	{"gt", 2, 2, call_gt},
	{"ge", 2, 2, call_ge},
	{0},
};
