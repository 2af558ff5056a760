/* What the functions of templates share: Prometheus has them in template/template.go. */
#include "base/num.h"
#include "rules/template_in.h"

struct tmpl_value
tmpl_number(double v)
{
	return (struct tmpl_value){.kind = TV_FLOAT, .f = v};
}

struct tmpl_value
tmpl_taken(struct tmpl_run *r, struct sb *s)
{
	struct tmpl_value v = tmpl_text(arena_sv(r->a, sb_sv(s)));

	sb_free(s);
	return v;
}

int
tmpl_want_text(struct tmpl_run *r, const struct tmpl_value *v, const char *fn)
{
	return v->kind == TV_STRING ? 0 : tmpl_fail(r, "wrong type for value; expected string in %s", fn);
}

int
tmpl_want_vector(struct tmpl_run *r, const struct tmpl_value *v, const char *fn)
{
	return v->kind == TV_VECTOR ? 0 : tmpl_fail(r, "wrong type for value; expected a query result in %s", fn);
}

int
tmpl_want_number(struct tmpl_run *r, const struct tmpl_value *v, const char *fn, double *out)
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

const struct tmpl_function *
tmpl_function_find(struct sv name)
{
	static const struct tmpl_function *const all[] = {tmpl_query_functions, tmpl_number_functions, tmpl_text_functions, tmpl_link_functions,
	    tmpl_builtins};
	const struct tmpl_function *f;
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(*all); i++)
		for (f = all[i]; f->name != NULL; f++)
			if (sv_is(name, f->name))
				return f;
	return NULL;
}
