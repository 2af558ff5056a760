/* Functions of templates on the results of queries. */
#include <string.h>

#include "base/num.h"
#include "rules/template_in.h"

static int
call_query(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out)
{
	struct tmpl_sample *v = NULL;

	(void)n;
	if (tmpl_want_text(r, arg, "query") < 0)
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
	if (tmpl_want_vector(r, arg, "first") < 0)
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
	if (tmpl_want_text(r, arg, "label") < 0)
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
	*out = tmpl_number(arg->sample->value);
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
	if (tmpl_want_text(r, arg, "sortByLabel") < 0 || tmpl_want_vector(r, &arg[1], "sortByLabel") < 0)
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

const struct tmpl_function tmpl_query_functions[] = {
	{"query", 1, 1, call_query},
	{"first", 1, 1, call_first},
	{"label", 2, 2, call_label},
	{"value", 1, 1, call_value},
	{"strvalue", 1, 1, call_strvalue},
	{"sortByLabel", 2, 2, call_sort_by_label},
	{"args", 0, SIZE_MAX, call_args},
	{0},
};
