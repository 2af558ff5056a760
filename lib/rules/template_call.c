/* Prometheus' functions of templates: template/template.go. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/regex.h"
#include "base/time.h"
#include "promql/regexp.h"
#include "rules/template_in.h"

static struct tmpl_value
number(double v)
{
	return (struct tmpl_value){.kind = TV_FLOAT, .f = v};
}

static struct tmpl_value
taken(struct tmpl_run *r, struct sb *s)
{
	struct tmpl_value v = tmpl_text(arena_sv(r->a, sb_sv(s)));

	sb_free(s);
	return v;
}

static int
want_text(struct tmpl_run *r, const struct tmpl_value *v, const char *fn)
{
	return v->kind == TV_STRING ? 0 : tmpl_fail(r, "wrong type for value; expected string in %s", fn);
}

static int
want_vector(struct tmpl_run *r, const struct tmpl_value *v, const char *fn)
{
	return v->kind == TV_VECTOR ? 0 : tmpl_fail(r, "wrong type for value; expected a query result in %s", fn);
}

static int
want_number(struct tmpl_run *r, const struct tmpl_value *v, const char *fn, double *out)
{
	if (v->kind == TV_FLOAT)
		*out = v->f;
	else if (v->kind == TV_INT)
		*out = (double)v->i;
	else if (v->kind != TV_STRING)
		return tmpl_fail(r, "error calling %s: can't convert to float", fn);
	else if (!num_parse(v->s, out))
		return tmpl_fail(r, "error calling %s: strconv.ParseFloat: parsing \"%" SV_FMT "\": invalid syntax", fn, SV_ARG(v->s));
	return 0;
}

/* ----- query results --------------------------------------------------------------------- */

static int
call_query(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	struct tmpl_sample *v = NULL;

	(void)n;
	if (want_text(r, arg, "query") < 0)
		return -1;
	if (r->data->query == NULL)
		return tmpl_fail(r, "query() is not available here");
	*out = (struct tmpl_value){.kind = TV_VECTOR};
	if (r->data->query(r->data->ctx, arg->s, r->a, &v, &out->n, r->e) < 0)
		return -1;
	out->sample = v;
	return 0;
}

static int
call_first(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	(void)n;
	if (want_vector(r, arg, "first") < 0)
		return -1;
	if (arg->n == 0)
		return tmpl_fail(r, "error calling first: first() called on vector with no elements");
	*out = (struct tmpl_value){.kind = TV_SAMPLE, .sample = arg->sample};
	return 0;
}

static int
call_label(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	(void)n;
	if (want_text(r, arg, "label") < 0)
		return -1;
	if (arg[1].kind != TV_SAMPLE)
		return tmpl_fail(r, "wrong type for value; expected a sample in label");
	*out = tmpl_text(labels_get(&arg[1].sample->labels, arena_str(r->a, arg->s)));
	return 0;
}

static int
call_value(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	(void)n;
	if (arg->kind != TV_SAMPLE)
		return tmpl_fail(r, "wrong type for value; expected a sample in value");
	*out = number(arg->sample->value);
	return 0;
}

static int
call_strvalue(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	(void)n;
	if (arg->kind != TV_SAMPLE)
		return tmpl_fail(r, "wrong type for value; expected a sample in strvalue");
	*out = tmpl_text(labels_get(&arg->sample->labels, "__value__"));
	return 0;
}

static int
by_label(const char *label, const struct tmpl_sample *x, const struct tmpl_sample *y)
{
	return sv_cmp(labels_get(&x->labels, label), labels_get(&y->labels, label));
}

static int
call_sort_by_label(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	const char *label;
	struct tmpl_sample *v, one;
	size_t i, k;

	(void)n;
	if (want_text(r, arg, "sortByLabel") < 0 || want_vector(r, &arg[1], "sortByLabel") < 0)
		return -1;
	if (arg[1].n > 10000)
		return tmpl_fail(r, "sortByLabel: too many samples");
	label = arena_str(r->a, arg->s);
	v = arena_new(r->a, arg[1].n, sizeof(*v));
	for (i = 0; i < arg[1].n; i++) { /* stable; results of queries are short */
		one = arg[1].sample[i];
		for (k = i; k > 0 && by_label(label, &v[k - 1], &one) > 0; k--)
			v[k] = v[k - 1];
		v[k] = one;
	}
	*out = (struct tmpl_value){.kind = TV_VECTOR, .sample = v, .n = arg[1].n};
	return 0;
}

static int
call_args(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	struct tmpl_value *copy = arena_new(r->a, n, sizeof(*copy));

	if (n > 0)
		memcpy(copy, arg, n * sizeof(*copy));
	*out = (struct tmpl_value){.kind = TV_ARGS, .arg = copy, .n = n};
	return 0;
}

/* ----- numbers for people ------------------------------------------------------------------ */

static int
call_humanize(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	static const char *const up[] = {"k", "M", "G", "T", "P", "E", "Z", "Y"};
	static const char *const down[] = {"m", "u", "n", "p", "f", "a", "z", "y"};
	const char *prefix = "";
	struct sb s = {0};
	double v;
	size_t i;

	(void)n;
	if (want_number(r, arg, "humanize", &v) < 0)
		return -1;
	if (v != 0 && isfinite(v) && fabs(v) >= 1) {
		for (i = 0; i < 8 && fabs(v) >= 1000; i++) {
			prefix = up[i];
			v /= 1000;
		}
	} else if (v != 0 && isfinite(v)) {
		for (i = 0; i < 8 && fabs(v) < 1; i++) {
			prefix = down[i];
			v *= 1000;
		}
	}
	tmpl_float4(v, &s);
	sb_adds(&s, prefix);
	*out = taken(r, &s);
	return 0;
}

static int
call_humanize1024(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	static const char *const up[] = {"ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"};
	const char *prefix = "";
	struct sb s = {0};
	double v;
	size_t i;

	(void)n;
	if (want_number(r, arg, "humanize1024", &v) < 0)
		return -1;
	if (fabs(v) > 1 && isfinite(v))
		for (i = 0; i < 8 && fabs(v) >= 1024; i++) {
			prefix = up[i];
			v /= 1024;
		}
	tmpl_float4(v, &s);
	sb_adds(&s, prefix);
	*out = taken(r, &s);
	return 0;
}

static void
add_duration(double v, struct sb *s)
{
	static const char *const down[] = {"m", "u", "n", "p", "f", "a", "z", "y"};
	const char *sign = v < 0 ? "-" : "", *prefix = "";
	int64_t whole, d, h, m;
	size_t i;

	if (!isfinite(v) || v == 0 || fabs(v) > 9e15) {
		tmpl_float4(v, s);
		sb_adds(s, isfinite(v) ? "s" : "");
		return;
	}
	if (fabs(v) >= 1) {
		v = fabs(v);
		whole = (int64_t)v;
		d = whole / 86400;
		h = whole / 3600 % 24;
		m = whole / 60 % 60;
		if (d > 0)
			sb_addf(s, "%s%lldd %lldh %lldm %llds", sign, (long long)d, (long long)h, (long long)m, (long long)(whole % 60));
		else if (h > 0)
			sb_addf(s, "%s%lldh %lldm %llds", sign, (long long)h, (long long)m, (long long)(whole % 60));
		else if (m > 0)
			sb_addf(s, "%s%lldm %llds", sign, (long long)m, (long long)(whole % 60));
		else {
			sb_adds(s, sign);
			tmpl_float4(v, s);
			sb_adds(s, "s");
		}
		return;
	}
	for (i = 0; i < 8 && fabs(v) < 1; i++) {
		prefix = down[i];
		v *= 1000;
	}
	tmpl_float4(v, s);
	sb_addf(s, "%ss", prefix);
}

static int
call_humanize_duration(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	struct sb s = {0};
	double v;

	(void)n;
	if (want_number(r, arg, "humanizeDuration", &v) < 0)
		return -1;
	add_duration(v, &s);
	*out = taken(r, &s);
	return 0;
}

static int
call_humanize_percentage(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	struct sb s = {0};
	double v;

	(void)n;
	if (want_number(r, arg, "humanizePercentage", &v) < 0)
		return -1;
	tmpl_float4(v * 100, &s);
	sb_addc(&s, '%');
	*out = taken(r, &s);
	return 0;
}

/* humanizeTimestamp as text, toTime as a time: both print the same. */
static int
call_to_time(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	struct sb s = {0};
	double v;

	(void)n;
	if (want_number(r, arg, "toTime", &v) < 0)
		return -1;
	if (!isfinite(v)) {
		tmpl_float4(v, &s);
		*out = taken(r, &s);
		return 0;
	}
	if (fabs(v) > 9e9)
		return tmpl_fail(r, "error calling toTime: it cannot be represented as a time");
	*out = (struct tmpl_value){.kind = TV_TIME, .i = (int64_t)floor(v * 1000)};
	return 0;
}

static int
call_parse_duration(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	int64_t ms;

	(void)n;
	if (want_text(r, arg, "parseDuration") < 0)
		return -1;
	if (!time_duration(arg->s, &ms))
		return tmpl_fail(r, "error calling parseDuration: not a valid duration string: \"%" SV_FMT "\"", SV_ARG(arg->s));
	*out = number((double)ms / 1000);
	return 0;
}

/* ----- texts ------------------------------------------------------------------------------- */

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

	if (want_text(r, arg, fn) < 0)
		return -1;
	for (i = 0; i < arg->s.n; i++)
		sb_addc(&s, f(arg->s.p[i]));
	*out = taken(r, &s);
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
	if (want_text(r, arg, "title") < 0)
		return -1;
	for (i = 0; i < arg->s.n; i++)
		sb_addc(&s, i == 0 || !in_word(arg->s.p[i - 1]) ? upper(arg->s.p[i]) : arg->s.p[i]);
	*out = taken(r, &s);
	return 0;
}

static int
call_safe_html(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	(void)n;
	*out = *arg;
	return want_text(r, arg, "safeHtml");
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
	if (want_text(r, arg, "reReplaceAll") < 0 || want_text(r, &arg[1], "reReplaceAll") < 0 ||
	    want_text(r, &arg[2], "reReplaceAll") < 0)
		return -1;
	rc = replace_all(r, arg[0].s, arg[1].s, arg[2].s, &s);
	*out = taken(r, &s);
	return rc;
}

static int
call_match(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	struct err why = {0};
	struct regex *re;
	int rc;

	(void)n;
	if (want_text(r, arg, "match") < 0 || want_text(r, &arg[1], "match") < 0)
		return -1;
	re = compile_after(arg[0].s, 0, &why);
	rc = re == NULL ? -1 : regex_match(re, arg[1].s, &why);
	regex_free(re);
	if (rc < 0)
		return tmpl_fail(r, "error calling match: %s", why.msg);
	*out = (struct tmpl_value){.kind = TV_BOOL, .truth = rc == 1};
	return 0;
}

/* url.QueryEscape */
static void
add_escaped(struct sv s, struct sb *out)
{
	size_t i;

	for (i = 0; i < s.n; i++) {
		if ((lower(s.p[i]) >= 'a' && lower(s.p[i]) <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') ||
		    strchr("-_.~", s.p[i]) != NULL)
			sb_addc(out, s.p[i]);
		else if (s.p[i] == ' ')
			sb_addc(out, '+');
		else
			sb_addf(out, "%%%02X", (unsigned char)s.p[i]);
	}
}

static int
link_to(struct tmpl_run *r, const struct tmpl_value *arg, const char *fn, int tab, struct tmpl_value *out)
{
	struct sb s = {0};

	if (want_text(r, arg, fn) < 0)
		return -1;
	sb_adds(&s, "/graph?g0.expr=");
	add_escaped(arg->s, &s);
	sb_addf(&s, "&g0.tab=%d", tab);
	*out = taken(r, &s);
	return 0;
}

static int
call_graph_link(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	(void)n;
	return link_to(r, arg, "graphLink", 0, out);
}

static int
call_table_link(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	(void)n;
	return link_to(r, arg, "tableLink", 1, out);
}

static int
call_external_url(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	(void)arg;
	(void)n;
	*out = tmpl_text(r->data->external_url);
	return 0;
}

static int
call_path_prefix(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	struct sv url = r->data->external_url;
	size_t k = sv_find(url, SV("://"));

	(void)arg;
	(void)n;
	url = k < url.n ? sv_from(url, k + 3) : url;
	*out = tmpl_text(sv_from(url, sv_chr(url, '/')));
	return 0;
}

/* "host:port" in its two parts; false when there is no port. */
static bool
split_port(struct sv s, struct sv *host, struct sv *port)
{
	size_t k = s.n;

	while (k > 0 && s.p[k - 1] != ':')
		k--;
	if (k == 0)
		return false;
	*host = sv_head(s, k - 1);
	*port = sv_from(s, k);
	if (host->n > 1 && host->p[0] == '[' && host->p[host->n - 1] == ']')
		*host = sv_head(sv_from(*host, 1), host->n - 2);
	else if (sv_chr(*host, ':') < host->n)
		return false;
	return true;
}

static int
call_strip_port(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	struct sv host, port;

	(void)n;
	if (want_text(r, arg, "stripPort") < 0)
		return -1;
	*out = tmpl_text(split_port(arg->s, &host, &port) ? host : arg->s);
	return 0;
}

static bool
is_address(struct sv s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (s.p[i] != '.' && (s.p[i] < '0' || s.p[i] > '9'))
			return sv_chr(s, ':') < s.n;
	return true;
}

static int
call_strip_domain(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	struct sv host, port = SV("");
	struct sb s = {0};
	bool has_port;

	(void)n;
	if (want_text(r, arg, "stripDomain") < 0)
		return -1;
	has_port = split_port(arg->s, &host, &port);
	if (!has_port)
		host = arg->s;
	if (is_address(host)) {
		*out = *arg;
		return 0;
	}
	sb_addv(&s, sv_head(host, sv_chr(host, '.')));
	if (has_port)
		sb_addf(&s, ":%" SV_FMT, SV_ARG(port));
	*out = taken(r, &s);
	return 0;
}

static const struct tmpl_function functions[] = {
	{"query", 1, 1, call_query},
	{"first", 1, 1, call_first},
	{"label", 2, 2, call_label},
	{"value", 1, 1, call_value},
	{"strvalue", 1, 1, call_strvalue},
	{"sortByLabel", 2, 2, call_sort_by_label},
	{"args", 0, SIZE_MAX, call_args},
	{"humanize", 1, 1, call_humanize},
	{"humanize1024", 1, 1, call_humanize1024},
	{"humanizeDuration", 1, 1, call_humanize_duration},
	{"humanizePercentage", 1, 1, call_humanize_percentage},
	{"humanizeTimestamp", 1, 1, call_to_time},
	{"toTime", 1, 1, call_to_time},
	{"parseDuration", 1, 1, call_parse_duration},
	{"toUpper", 1, 1, call_to_upper},
	{"toLower", 1, 1, call_to_lower},
	{"title", 1, 1, call_title},
	{"safeHtml", 1, 1, call_safe_html},
	{"reReplaceAll", 3, 3, call_re_replace_all},
	{"match", 2, 2, call_match},
	{"graphLink", 1, 1, call_graph_link},
	{"tableLink", 1, 1, call_table_link},
	{"externalURL", 0, 0, call_external_url},
	{"pathPrefix", 0, 0, call_path_prefix},
	{"stripPort", 1, 1, call_strip_port},
	{"stripDomain", 1, 1, call_strip_domain},
};

const struct tmpl_function *
tmpl_function_find(struct sv name)
{
	size_t i;

	for (i = 0; i < sizeof(functions) / sizeof(*functions); i++)
		if (sv_is(name, functions[i].name))
			return &functions[i];
	for (i = 0; tmpl_builtins[i].name != NULL; i++)
		if (sv_is(name, tmpl_builtins[i].name))
			return &tmpl_builtins[i];
	return NULL;
}
