/* Functions of templates on texts: case, regular expressions. */
#include <string.h>

#include "base/num.h"
#include "base/regex.h"
#include "promql/regexp.h"
#include "rules/template_in.h"

static char
upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static int
each_char(struct tmpl_run *r, const struct tmpl_value *arg, const char *fn, char (*f)(char), struct tmpl_value *out)
{
	struct sb s = {0};
	size_t i;

	if (tmpl_want_text(r, arg, fn) < 0)
		return -1;
	for (i = 0; i < arg->s.n; i++)
		sb_addc(&s, f(arg->s.p[i]));
	*out = tmpl_taken(r, &s);
	return 0;
}

static int
call_to_upper(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	(void)n;
	return each_char(r, arg, "toUpper", upper, out);
}

static int
call_to_lower(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	(void)n;
	return each_char(r, arg, "toLower", lower, out);
}

static bool
in_word(char c)
{
	return (c | 0x20) >= 'a' ? (c | 0x20) <= 'z' || (c & 0x80) != 0 : (c >= '0' && c <= '9') || c == '_' || c == '\'';
}

static int
call_title(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	struct sb s = {0};
	size_t i;

	(void)n;
	if (tmpl_want_text(r, arg, "title") < 0)
		return -1;
	for (i = 0; i < arg->s.n; i++)
		sb_addc(&s, i == 0 || !in_word(arg->s.p[i - 1]) ? upper(arg->s.p[i]) : arg->s.p[i]);
	*out = tmpl_taken(r, &s);
	return 0;
}

static int
call_safe_html(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	(void)n;
	*out = *arg;
	return tmpl_want_text(r, arg, "safeHtml");
}

/* A pattern that matches behind the first "skip" characters of a text, its own match being group 1. */
static struct regex *
compile_after(struct sv pattern, size_t skip, struct err *e)
{
	struct sb s = {0};
	struct regex *re;
	int rc;

	sb_addf(&s, "(?s:\\A.{%zu}.*?)(", skip);
	rc = pq_regexp_translate(pattern, &s, e);
	sb_addc(&s, ')');
	re = rc < 0 ? NULL : regex_new(sb_sv(&s), 0, e);
	sb_free(&s);
	return re;
}

static size_t
count_chars(struct sv s)
{
	size_t i, n = 0;

	for (i = 0; i < s.n; i++)
		n += (s.p[i] & 0xc0) != 0x80;
	return n;
}

/* $1, ${1}, $name in a replacement (Go's regexp.Expand); $$ is a dollar. */
static void
expand(struct sv repl, const struct sv *group, size_t n_groups, const struct sv *names, size_t n_names, struct sb *out)
{
	size_t i, from, k;
	struct sv name;
	int64_t number_of;
	bool braces;

	for (i = 0; i < repl.n; i++) {
		if (repl.p[i] != '$' || i + 1 == repl.n) {
			sb_addc(out, repl.p[i]);
			continue;
		}
		if (repl.p[i + 1] == '$') {
			sb_addc(out, repl.p[i++]);
			continue;
		}
		braces = repl.p[i + 1] == '{';
		from = i + 1 + braces;
		for (k = from; k < repl.n && (repl.p[k] == '_' || (lower(repl.p[k]) >= 'a' && lower(repl.p[k]) <= 'z') ||
		    (repl.p[k] >= '0' && repl.p[k] <= '9')); k++)
			;
		name = sv_head(sv_from(repl, from), k - from);
		if (name.n == 0 || (braces && (k == repl.n || repl.p[k] != '}'))) {
			sb_addc(out, '$');
			continue;
		}
		if (!num_parse_int(name, &number_of))
			for (number_of = (int64_t)n_names - 1; number_of > 0 && !sv_eq(names[number_of], name); number_of--)
				;
		if (number_of >= 0 && (number_of > 0 || name.p[0] == '0') && (size_t)number_of + 1 < n_groups &&
		    group[number_of + 1].p != NULL)
			sb_addv(out, group[number_of + 1]);
		i = braces ? k : k - 1;
	}
}

static int
replace_all(struct tmpl_run *r, struct sv pattern, struct sv repl, struct sv text, struct sb *out)
{
	struct sv group[64], *names = NULL, rest;
	size_t at = 0, chars = 0, n_names = 0, n, from, step;
	struct err why = {0};
	struct regex *re;
	bool ended = false; /* a match ended at "at": an empty one there does not count */
	int rc = 0;

	if (pq_regexp_names(r->a, pattern, &names, &n_names, &why) < 0)
		return tmpl_fail(r, "error calling reReplaceAll: %s", why.msg);
	while (at <= text.n) {
		if (++r->work > TMPL_MAX_WORK)
			return tmpl_fail(r, "it takes too long");
		if (chars > 60000)
			return tmpl_fail(r, "reReplaceAll: the text is too long");
		if ((re = compile_after(pattern, chars, &why)) == NULL)
			return tmpl_fail(r, "error calling reReplaceAll: %s", why.msg);
		n = (size_t)regex_count(re) + 1;
		n = n > 64 ? 64 : n;
		rc = regex_groups(re, text, group, n, &why);
		regex_free(re);
		if (rc < 0)
			return tmpl_fail(r, "error calling reReplaceAll: %s", why.msg);
		if (rc == 0)
			break;
		from = (size_t)(group[1].p - text.p);
		sb_add(out, text.p + at, from - at);
		if (group[1].n > 0 || from != at || !ended)
			expand(repl, group, n, names, n_names, out);
		rest = sv_from(text, from);
		step = group[1].n;
		ended = step > 0;
		if (step == 0 && rest.n > 0) { /* go on behind the next character */
			for (step = 1; step < rest.n && (rest.p[step] & 0xc0) == 0x80; step++)
				;
			sb_add(out, rest.p, step);
		} else if (step == 0) {
			at = text.n;
			break;
		}
		at = from + step;
		chars = count_chars(sv_head(text, at));
	}
	if (at < text.n)
		sb_add(out, text.p + at, text.n - at);
	return 0;
}

static int
call_re_replace_all(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	struct sb s = {0};
	int rc;

	(void)n;
	if (tmpl_want_text(r, arg, "reReplaceAll") < 0 || tmpl_want_text(r, &arg[1], "reReplaceAll") < 0 ||
	    tmpl_want_text(r, &arg[2], "reReplaceAll") < 0)
		return -1;
	rc = replace_all(r, arg[0].s, arg[1].s, arg[2].s, &s);
	*out = tmpl_taken(r, &s);
	return rc;
}

static int
call_match(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	struct err why = {0};
	struct regex *re;
	int rc;

	(void)n;
	if (tmpl_want_text(r, arg, "match") < 0 || tmpl_want_text(r, &arg[1], "match") < 0)
		return -1;
	re = compile_after(arg[0].s, 0, &why);
	rc = re == NULL ? -1 : regex_match(re, arg[1].s, &why);
	regex_free(re);
	if (rc < 0)
		return tmpl_fail(r, "error calling match: %s", why.msg);
	*out = (struct tmpl_value){.kind = TV_BOOL, .truth = rc == 1};
	return 0;
}

const struct tmpl_function tmpl_text_functions[] = {
	{"toUpper", 1, 1, call_to_upper},
	{"toLower", 1, 1, call_to_lower},
	{"title", 1, 1, call_title},
	{"safeHtml", 1, 1, call_safe_html},
	{"reReplaceAll", 3, 3, call_re_replace_all},
	{"match", 2, 2, call_match},
	{0},
};
