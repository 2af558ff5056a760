#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/regex.h"
#include "base/time.h"
#include "grafana/private.h"

struct names {
	struct sv *v;
	size_t n, cap;
};

static struct sv *
keep(struct gf_dashboard *d, struct names *v, size_t *n)
{
	*n = v->n;
	return arena_keep(&d->arena, v->v, v->n, sizeof(*v->v));
}

/* "a, b : c, d\,e": values separated by commas, "text : value" has a value of its own. */
static void
add_custom(struct gf_dashboard *d, struct names *out, struct sv query)
{
	struct sb item = {0};
	size_t i;

	for (i = 0; i <= query.n; i++) {
		struct sv v;
		size_t colon;

		if (i < query.n && query.p[i] == '\\' && i + 1 < query.n && query.p[i + 1] == ',') {
			sb_addc(&item, ',');
			i++;
			continue;
		}
		if (i < query.n && query.p[i] != ',') {
			sb_addc(&item, query.p[i]);
			continue;
		}
		v = sv_trim(sb_sv(&item));
		colon = sv_find(v, SV(" : "));
		if (colon < v.n)
			v = sv_trim(sv_from(v, colon + 3));
		if (v.n > 0)
			*vec_add(out) = arena_sv(&d->arena, v);
		sb_reset(&item);
	}
	sb_free(&item);
}

static void
read_current(struct gf_dashboard *d, const struct doc *m, struct gf_var *v)
{
	const struct doc *value = doc_path(m, SV("current.value")), *one;
	struct names out = {0};

	if (value != NULL && value->kind == DOC_LIST) {
		for (one = value->child; one != NULL; one = one->next)
			if (one->kind == DOC_STRING || one->kind == DOC_NUMBER)
				*vec_add(&out) = one->text;
	} else if (value != NULL && value->kind != DOC_NULL && value->kind != DOC_MAP && value->text.n > 0) {
		*vec_add(&out) = value->text;
	}
	v->current = keep(d, &out, &v->n_current);
}

static void
read_var(struct gf_dashboard *d, const struct doc *m, struct gf_var *v)
{
	const struct doc *query = doc_get(m, "query"), *option;
	struct names options = {0};

	v->name = gf_str(m, "name");
	v->type = gf_str(m, "type");
	v->regex = gf_str(m, "regex");
	v->all_value = gf_str(m, "allValue");
	v->multi = gf_bool(m, "multi", false);
	v->include_all = gf_bool(m, "includeAll", false);
	v->sort = gf_num(m, "sort", 0);
	if (query != NULL && query->kind == DOC_MAP) {
		v->query = gf_str(query, "query");
		if (v->query.n == 0)
			v->query = gf_str(query, "spec.query");
		if (v->query.n == 0)
			v->query = gf_str(query, "expr");
	} else {
		v->query = gf_str(m, "query");
	}
	if (v->query.n == 0)
		v->query = gf_str(m, "definition");
	if (sv_is(v->type, "datasource") && v->query.n == 0)
		v->query = gf_str(m, "pluginId");
	read_current(d, m, v);
	if (sv_is(v->type, "custom") || sv_is(v->type, "interval"))
		add_custom(d, &options, v->query);
	for (option = doc_first(doc_get(m, "options")); option != NULL && options.n == 0; option = option->next) {
		struct sv value = gf_str(option, "value");

		if (value.n > 0 && !sv_starts(value, "$__"))
			*vec_add(&options) = value;
	}
	v->option = keep(d, &options, &v->n_options);
}

void
gf_read_vars(struct gf_dashboard *d, const struct doc *list)
{
	static const struct {
		const char *kind, *type;
	} kinds[] = {{"QueryVariable", "query"}, {"CustomVariable", "custom"}, {"IntervalVariable", "interval"}, {"DatasourceVariable", "datasource"},
	    {"TextVariable", "textbox"}, {"ConstantVariable", "constant"}, {"AdhocVariable", "adhoc"}};
	const struct doc *m;
	size_t i;

	if (list == NULL || list->kind != DOC_LIST)
		return;
	d->var = arena_new(&d->arena, list->n, sizeof(*d->var));
	for (m = list->child; m != NULL; m = m->next) {
		struct gf_var *v = &d->var[d->n_vars];
		struct sv kind = gf_str(m, "kind");

		if (m->kind != DOC_MAP)
			continue;
		d->n_vars++;
		read_var(d, doc_get(m, "spec") != NULL && kind.n > 0 ? doc_get(m, "spec") : m, v);
		for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
			if (sv_is(kind, kinds[i].kind))
				v->type = sv_of(kinds[i].type);
	}
}

struct gf_var *
gf_var_named(const struct gf_dashboard *d, struct sv name)
{
	size_t i;

	for (i = 0; i < d->n_vars; i++)
		if (sv_eq(d->var[i].name, name))
			return &d->var[i];
	return NULL;
}

bool
gf_var_regex(struct sv regex, struct sv text, struct arena *a, struct sv *out)
{
	struct sv pattern = sv_trim(regex), group[2];
	struct regex *re;
	int rc, value;

	*out = text;
	if (pattern.n == 0)
		return true;
	if (sv_starts(pattern, "/")) {
		size_t end = pattern.n;

		while (end > 1 && pattern.p[end - 1] != '/')
			end--;
		pattern = end > 1 ? sv_head(sv_from(pattern, 1), end - 2) : sv_from(pattern, 1);
	}
	re = regex_new(pattern, 0, NULL);
	if (re == NULL)
		return false;
	value = regex_group(re, "value");
	if (value < 0)
		value = regex_count(re) > 0 ? 1 : 0;
	{
		struct sv all[16] = {{NULL, 0}};

		rc = regex_groups(re, text, all, 16, NULL);
		group[0] = all[value < 16 ? value : 0];
		if (group[0].p == NULL)
			group[0] = all[0];
	}
	regex_free(re);
	if (rc <= 0)
		return false;
	*out = arena_sv(a, group[0]);
	return true;
}

int64_t
gf_interval(int64_t span, double points, int64_t least)
{
	static const int64_t ladder[] = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 15000, 20000, 30000, 60000, 120000, 300000,
	    600000, 900000, 1200000, 1800000, 3600000, 7200000, 10800000, 21600000, 43200000, 86400000, 604800000, 2592000000, 31536000000};
	double want = (double)span / fmax(points, 1);
	size_t i;

	for (i = 0; i + 1 < sizeof(ladder) / sizeof(*ladder); i++)
		if (want < (double)(ladder[i] + ladder[i + 1]) / 2)
			break;
	return ladder[i] > least ? ladder[i] : least;
}

/* --- replacing --------------------------------------------------------------------------------- */

static void
add_escaped(struct sb *out, struct sv v, const char *special)
{
	size_t i;

	for (i = 0; i < v.n; i++) {
		if (v.p[i] != '\0' && strchr(special, v.p[i]) != NULL)
			sb_adds(out, "\\\\");
		sb_addc(out, v.p[i]);
	}
}

#define REGEX_SPECIAL ".+*?()|[]{}^$\\"

/* As Grafana's formats: default for an expression "(a|b)", regexp-escaped where there are several or the variable could have them. */
static void
add_values(struct sb *out, const struct sv *v, size_t n, bool multi, struct sv format, bool regex)
{
	const char *between = ",";
	size_t i;

	if (sv_is(format, "regex") || sv_is(format, "pipe") || (format.n == 0 && regex && n > 1))
		between = "|";
	if (sv_is(format, "glob") && n > 1)
		sb_adds(out, "{");
	if (between[0] == '|' && n > 1 && !sv_is(format, "pipe"))
		sb_addc(out, '(');
	for (i = 0; i < n; i++) {
		if (i > 0)
			sb_adds(out, between);
		if (sv_is(format, "doublequote"))
			sb_addc(out, '"');
		if (sv_is(format, "singlequote"))
			sb_addc(out, '\'');
		if (regex && (sv_is(format, "regex") || (format.n == 0 && multi)))
			add_escaped(out, v[i], REGEX_SPECIAL);
		else
			sb_addv(out, v[i]);
		if (sv_is(format, "doublequote"))
			sb_addc(out, '"');
		if (sv_is(format, "singlequote"))
			sb_addc(out, '\'');
	}
	if (between[0] == '|' && n > 1 && !sv_is(format, "pipe"))
		sb_addc(out, ')');
	if (sv_is(format, "glob") && n > 1)
		sb_adds(out, "}");
}

static bool
add_built_in(const struct gf_scope *s, struct sv name, struct sv format, struct sb *out)
{
	char buf[TIME_TEXT], num[NUM_TEXT];
	int64_t range = s->to - s->from, rate = s->interval + s->scrape > 4 * s->scrape ? s->interval + s->scrape : 4 * s->scrape;
	bool iso = sv_starts(format, "date");

	if (sv_is(name, "__interval"))
		sb_adds(out, time_duration_text(s->interval, buf));
	else if (sv_is(name, "__interval_ms"))
		sb_addf(out, "%lld", (long long)s->interval);
	else if (sv_is(name, "__rate_interval"))
		sb_adds(out, time_duration_text(rate, buf));
	else if (sv_is(name, "__rate_interval_ms"))
		sb_addf(out, "%lld", (long long)rate);
	else if (sv_is(name, "__range"))
		sb_addf(out, "%llds", (long long)(range / 1000 > 0 ? range / 1000 : 1));
	else if (sv_is(name, "__range_s"))
		sb_adds(out, num_fixed((double)(range / 1000), 0, num));
	else if (sv_is(name, "__range_ms"))
		sb_addf(out, "%lld", (long long)range);
	else if (sv_is(name, "__from") || sv_is(name, "__to")) {
		int64_t t = sv_is(name, "__from") ? s->from : s->to;

		if (sv_is(format, "date:seconds"))
			sb_addf(out, "%lld", (long long)(t / 1000));
		else if (iso)
			sb_adds(out, time_text(t, buf));
		else
			sb_addf(out, "%lld", (long long)t);
	} else if (sv_is(name, "__dashboard"))
		sb_addv(out, s->d->title);
	else if (sv_is(name, "__org") || sv_is(name, "__org.id"))
		sb_adds(out, "1");
	else if (sv_starts(name, "__auto_interval"))
		sb_adds(out, time_duration_text(s->interval, buf));
	else if (sv_is(name, "timezone") || sv_is(name, "__timezone"))
		sb_adds(out, "UTC");
	else
		return false;
	return true;
}

/* "${VAR_PREFIX}": what an export asks for when it is imported, with the value it proposes. */
static bool
add_input(const struct gf_dashboard *d, struct sv name, struct sb *out)
{
	const struct doc *in;

	for (in = doc_first(doc_get(d->root, "__inputs")); in != NULL; in = in->next)
		if (sv_eq(gf_str(in, "name"), name) && sv_is(gf_str(in, "type"), "constant")) {
			sb_addv(out, gf_str(in, "value"));
			return true;
		}
	return false;
}

/* Is what was written so far within the brackets of a range? */
static bool
in_range(struct sv out)
{
	while (out.n > 0 && strchr("[]\"", out.p[out.n - 1]) == NULL)
		out.n--;
	return out.n > 0 && out.p[out.n - 1] == '[';
}

/* Does what was written so far end in an equality's quote: x="? There a value stands as it is; in x=~" it is a regular expression. */
static bool
in_equality(struct sv out)
{
	if (!sv_ends(out, "\"") && !sv_ends(out, "'"))
		return false;
	out = sv_trim(sv_head(out, out.n - 1));
	return sv_ends(out, "=");
}

static bool
add_var(const struct gf_scope *s, struct sv name, struct sv format, bool regex, struct sb *out, struct sv *missing)
{
	const struct gf_var *v;
	const struct gf_panel *p = s->panel;
	struct sv all[1];

	if (sv_starts(name, "__") || sv_is(name, "timezone")) {
		if (add_built_in(s, name, format, out))
			return true;
	}
	if (p != NULL && (sv_eq(p->scope_name, name) || sv_eq(p->scope_name2, name))) {
		all[0] = sv_eq(p->scope_name, name) ? p->scope_value : p->scope_value2;
		add_values(out, all, 1, !in_equality(sb_sv(out)), format, regex);
		return true;
	}
	v = gf_var_named(s->d, name);
	if (v == NULL)
		return add_input(s->d, name, out);
	if (v->all && v->all_value.n > 0) {
		sb_addv(out, v->all_value);
		return true;
	}
	if (v->n_values == 0 && regex && in_range(sb_sv(out))) {
		add_built_in(s, SV("__interval"), SV(""), out);
		return true;
	}
	if (v->n_values == 0) {
		*missing = name;
		if (!regex)
			return false;
		/* Nothing to put there: in a matcher of a regular expression that is anything. */
		sb_adds(out, v->include_all || v->multi ? ".*" : "");
		return true;
	}
	if (sv_is(v->type, "interval") && (sv_starts(v->value[0], "$__auto") || sv_is(v->value[0], "auto"))) {
		add_built_in(s, SV("__interval"), SV(""), out);
		return true;
	}
	add_values(out, v->value, v->n_values, (v->multi || v->include_all) && !(v->n_values == 1 && in_equality(sb_sv(out))), format, regex);
	return true;
}

static size_t
word_length(struct sv v)
{
	size_t i;

	for (i = 0; i < v.n; i++)
		if (!(v.p[i] == '_' || (v.p[i] >= '0' && v.p[i] <= '9') || (v.p[i] >= 'a' && v.p[i] <= 'z') || (v.p[i] >= 'A' && v.p[i] <= 'Z')))
			break;
	return i;
}

struct sv
gf_expand(const struct gf_scope *s, struct sv text, bool regex, struct arena *a, struct sv *missing)
{
	struct sb out = {0};
	struct sv rest = text, v;
	struct sv none = {NULL, 0};

	if (missing == NULL)
		missing = &none;
	while (rest.n > 0) {
		struct sv name = {NULL, 0}, format = {NULL, 0};
		size_t taken = 0;

		if (sv_starts(rest, "${")) {
			size_t end = sv_chr(rest, '}');

			if (end < rest.n) {
				name = sv_head(sv_from(rest, 2), end - 2);
				taken = end + 1;
			}
		} else if (sv_starts(rest, "[[") && !sv_starts(rest, "[[[")) {
			size_t end = sv_find(rest, SV("]]"));

			if (end < rest.n) {
				name = sv_head(sv_from(rest, 2), end - 2);
				taken = end + 2;
			}
		} else if (sv_starts(rest, "$") && rest.n > 1 && word_length(sv_from(rest, 1)) > 0 && !(rest.p[1] >= '0' && rest.p[1] <= '9')) {
			name = sv_head(sv_from(rest, 1), word_length(sv_from(rest, 1)));
			taken = name.n + 1;
		}
		if (taken > 0 && sv_chr(name, ':') < name.n) {
			format = sv_from(name, sv_chr(name, ':') + 1);
			name = sv_head(name, sv_chr(name, ':'));
		}
		if (taken > 0 && sv_chr(name, '.') < name.n && !sv_starts(name, "__")) /* ${x.text} */
			name = sv_head(name, sv_chr(name, '.'));
		if (taken > 0 && add_var(s, sv_trim(name), format, regex, &out, missing)) {
			rest = sv_from(rest, taken);
			continue;
		}
		if (taken > 0 && regex && missing->n == 0 && name.n > 0 && gf_var_named(s->d, name) == NULL)
			*missing = arena_sv(a, name);
		sb_addc(&out, *rest.p);
		rest = sv_from(rest, 1);
	}
	v = arena_sv(a, sb_sv(&out));
	sb_free(&out);
	return v;
}
