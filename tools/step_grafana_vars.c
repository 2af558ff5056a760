#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "step_grafana.h"

struct values {
	struct sv *v;
	size_t n, cap;
};

static bool
has(const struct values *v, struct sv text)
{
	size_t i;

	for (i = 0; i < v->n; i++)
		if (sv_eq(v->v[i], text))
			return true;
	return false;
}

static void
add(struct values *v, struct sv text)
{
	if (text.n > 0 && v->n < 5000 && !has(v, text))
		*vec_add(v) = text;
}

static int
by_nature(const void *a, const void *b)
{
	return sv_natural(*(const struct sv *)a, *(const struct sv *)b);
}

/* Instant, over all that is shown: what was there at any time counts. */
static int
ask(struct dash *d, const char *expr, struct pq_result *r)
{
	struct pq_query q = d->o->ask.q;
	struct err e = {0};
	struct sv why;

	q.start = q.end;
	q.step = 0;
	*r = (struct pq_result){.n = 0};
	if (!d->has_data)
		return 0;
	return step_ask_eval(&d->o->ask, sv_of(expr), &q, &d->o->arena, r, &why, &e);
}

/* "f(a, b)": the arguments of a function by that name; commas inside braces and brackets belong to them. */
static bool
call_of(struct sv query, const char *fn, struct sv *first, struct sv *last)
{
	struct sv v = sv_trim(query);
	size_t i, depth = 0, comma;

	if (!sv_starts(v, fn) || !sv_starts(sv_trim(sv_from(v, strlen(fn))), "(") || !sv_ends(v, ")"))
		return false;
	v = sv_trim(sv_from(v, strlen(fn)));
	v = sv_head(sv_from(v, 1), v.n - 2);
	comma = v.n;
	for (i = 0; i < v.n; i++) {
		if (v.p[i] == '(' || v.p[i] == '{' || v.p[i] == '[')
			depth++;
		else if ((v.p[i] == ')' || v.p[i] == '}' || v.p[i] == ']') && depth > 0)
			depth--;
		else if (v.p[i] == ',' && depth == 0)
			comma = i;
	}
	*first = comma < v.n ? sv_trim(sv_head(v, comma)) : (struct sv){NULL, 0};
	*last = sv_trim(comma < v.n ? sv_from(v, comma + 1) : v);
	return true;
}

static void
take_label(struct dash *d, const struct gf_var *v, const struct pq_result *r, const char *label, struct values *out)
{
	struct sv value;
	size_t i;

	for (i = 0; i < r->n; i++) {
		struct sv text = labels_get(&r->v[i].labels, label);

		if (text.n > 0 && gf_var_regex(v->regex, text, &d->o->arena, &value))
			add(out, value);
	}
}

static void
query_values(struct dash *d, const struct gf_var *v, struct values *out)
{
	struct gf_scope scope = {.d = &d->d, .from = d->o->ask.q.start, .to = d->o->ask.q.end, .interval = d->scrape, .scrape = d->scrape};
	struct arena *a = &d->o->arena;
	struct sv query = sv_trim(gf_expand(&scope, v->query, true, a, NULL)), first, last;
	long long range = (long long)((d->o->ask.q.end - d->o->ask.q.start) / 1000 + 1);
	struct pq_result r;
	size_t i;

	if (call_of(query, "label_values", &first, &last)) {
		/* A selector can look back as far as what is shown; any other expression is asked at the end. */
		bool selector = first.n == 0 || sv_chr(first, '(') == first.n;

		if (first.n == 0)
			first = sv_of(arena_fmt(a, "{%" SV_FMT "!=\"\"}", SV_ARG(last)));
		if (ask(d, selector ? arena_fmt(a, "group by (%" SV_FMT ") (last_over_time(%" SV_FMT "[%llds]))", SV_ARG(last), SV_ARG(first), range) :
			arena_fmt(a, "group by (%" SV_FMT ") (%" SV_FMT ")", SV_ARG(last), SV_ARG(first)), &r) == 0)
			take_label(d, v, &r, arena_str(a, last), out);
	} else if (call_of(query, "metrics", &first, &last)) {
		if (ask(d, arena_fmt(a, "group by (__name__) (last_over_time({__name__=~\".*(?:%" SV_FMT ").*\"}[%llds]))", SV_ARG(last), range), &r) == 0)
			take_label(d, v, &r, "__name__", out);
	} else if (call_of(query, "query_result", &first, &last)) {
		struct sv whole = first.n > 0 ? sv_of(arena_fmt(a, "%" SV_FMT ",%" SV_FMT, SV_ARG(first), SV_ARG(last))) : last, value;

		if (ask(d, arena_str(a, whole), &r) == 0)
			for (i = 0; i < r.n; i++) {
				struct sb text = {0};
				struct labels l = r.v[i].labels;

				labels_show(SV(""), &l, &text);
				sb_addf(&text, " %.17g %lld", r.v[i].n > 0 ? r.v[i].point[0].v : 0, (long long)d->o->ask.q.end);
				if (gf_var_regex(v->regex, sb_sv(&text), a, &value))
					add(out, arena_sv(a, value));
				sb_free(&text);
			}
	}
	if (v->sort > 0 && out->n > 1)
		qsort(out->v, out->n, sizeof(*out->v), by_nature);
}

static bool
is_all(struct sv v)
{
	return sv_is(v, "$__all") || sv_is(v, "All") || sv_is(v, "all");
}

static void
set_all(struct gf_var *v, const struct values *known, struct values *out)
{
	size_t i;

	v->all = true;
	for (i = 0; i < known->n; i++)
		add(out, known->v[i]);
}

/* What was saved counts where the store knows it; else all, else the first. */
static void
choose(struct gf_var *v, const struct values *known, struct values *out)
{
	size_t i;

	if (sv_is(v->type, "interval") && v->n_current > 0 && (sv_starts(v->current[0], "$__auto") || sv_is(v->current[0], "auto"))) {
		add(out, v->current[0]);
		return;
	}
	for (i = 0; i < v->n_current; i++)
		if (is_all(v->current[i]) && (v->include_all || sv_is(v->current[i], "$__all"))) {
			set_all(v, known, out);
			return;
		}
	for (i = 0; i < v->n_current; i++)
		if (known->n == 0 || has(known, v->current[i]))
			add(out, v->current[i]);
	if (out->n > 0 || known->n == 0)
		return;
	if (v->include_all)
		set_all(v, known, out);
	else if (v->multi)
		set_all(v, known, out), v->all = false;
	else
		add(out, known->v[0]);
}

static void
find_values(struct dash *d, struct gf_var *v, struct values *out)
{
	struct values known = {0};
	size_t i;

	for (i = 0; i < d->o->var.n; i++)
		if (sv_eq(d->o->var.v[i].name, v->name)) {
			if (is_all(d->o->var.v[i].value) && v->include_all)
				v->all = true;
			else
				add(out, d->o->var.v[i].value);
		}
	if (out->n > 0 || sv_is(v->type, "adhoc"))
		return;
	if (sv_is(v->type, "query") || sv_is(v->type, "")) {
		query_values(d, v, &known);
	} else if (sv_is(v->type, "datasource")) {
		add(out, v->n_current > 0 ? v->current[0] : SV("store"));
	} else if (sv_is(v->type, "constant") || sv_is(v->type, "textbox")) {
		add(out, sv_is(v->type, "textbox") && v->n_current > 0 ? v->current[0] : v->query);
	} else {
		for (i = 0; i < v->n_options; i++)
			add(&known, v->option[i]);
	}
	if (v->all)
		set_all(v, &known, out);
	else if (out->n == 0)
		choose(v, &known, out);
	vec_free(&known);
}

int
dash_vars(struct dash *d, struct err *e)
{
	size_t i, k;

	for (i = 0; i < d->o->var.n; i++)
		if (gf_var_named(&d->d, d->o->var.v[i].name) == NULL)
			return err_set(e, ERR_USAGE, "--var %" SV_FMT "=...: the dashboard has no such variable", SV_ARG(d->o->var.v[i].name));
	/* In their order: a query may use the variables before it. */
	for (i = 0; i < d->d.n_vars; i++) {
		struct gf_var *v = &d->d.var[i];
		struct values out = {0};

		find_values(d, v, &out);
		v->value = arena_new(&d->o->arena, out.n, sizeof(*v->value));
		for (k = 0; k < out.n; k++)
			v->value[k] = arena_sv(&d->o->arena, out.v[k]);
		v->n_values = out.n;
		vec_free(&out);
	}
	return 0;
}
