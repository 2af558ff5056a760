#include "promql/functions.h"

#include <stdint.h>
#include <string.h>

#define V PQ_VECTOR
#define S PQ_SCALAR

/*
 * After Prometheus' promql/parser/functions.go, less what came after 3.5 but for two of 3.7 that are simple; sorted by name.
 * Those that are behind a flag there and exact here need none (docs/promql.md).
 */
static const struct pq_function functions[] = {
	{"abs", "v", V, false},
	{"absent", "v", V, false},
	{"absent_over_time", "m", V, false},
	{"acos", "v", V, false},
	{"acosh", "v", V, false},
	{"asin", "v", V, false},
	{"asinh", "v", V, false},
	{"atan", "v", V, false},
	{"atanh", "v", V, false},
	{"avg_over_time", "m", V, false},
	{"ceil", "v", V, false},
	{"changes", "m", V, false},
	{"clamp", "vss", V, false},
	{"clamp_max", "vs", V, false},
	{"clamp_min", "vs", V, false},
	{"cos", "v", V, false},
	{"cosh", "v", V, false},
	{"count_over_time", "m", V, false},
	{"day_of_month", "v?", V, false},
	{"day_of_week", "v?", V, false},
	{"day_of_year", "v?", V, false},
	{"days_in_month", "v?", V, false},
	{"deg", "v", V, false},
	{"delta", "m", V, false},
	{"deriv", "m", V, false},
	{"double_exponential_smoothing", "mss", V, false},
	{"exp", "v", V, false},
	{"first_over_time", "m", V, false},
	{"floor", "v", V, false},
	{"histogram_avg", "v", V, false},
	{"histogram_count", "v", V, false},
	{"histogram_fraction", "ssv", V, false},
	{"histogram_quantile", "sv", V, false},
	{"histogram_stddev", "v", V, false},
	{"histogram_stdvar", "v", V, false},
	{"histogram_sum", "v", V, false},
	{"hour", "v?", V, false},
	{"idelta", "m", V, false},
	{"increase", "m", V, false},
	{"info", "vv?", V, true},
	{"irate", "m", V, false},
	{"label_join", "vttt*", V, false},
	{"label_replace", "vtttt", V, false},
	{"last_over_time", "m", V, false},
	{"ln", "v", V, false},
	{"log10", "v", V, false},
	{"log2", "v", V, false},
	{"mad_over_time", "m", V, false},
	{"max_over_time", "m", V, false},
	{"min_over_time", "m", V, false},
	{"minute", "v?", V, false},
	{"month", "v?", V, false},
	{"pi", "", S, false},
	{"predict_linear", "ms", V, false},
	{"present_over_time", "m", V, false},
	{"quantile_over_time", "sm", V, false},
	{"rad", "v", V, false},
	{"rate", "m", V, false},
	{"resets", "m", V, false},
	{"round", "vs?", V, false},
	{"scalar", "v", S, false},
	{"sgn", "v", V, false},
	{"sin", "v", V, false},
	{"sinh", "v", V, false},
	{"sort", "v", V, false},
	{"sort_by_label", "vt*", V, false},
	{"sort_by_label_desc", "vt*", V, false},
	{"sort_desc", "v", V, false},
	{"sqrt", "v", V, false},
	{"stddev_over_time", "m", V, false},
	{"stdvar_over_time", "m", V, false},
	{"sum_over_time", "m", V, false},
	{"tan", "v", V, false},
	{"tanh", "v", V, false},
	{"time", "", S, false},
	{"timestamp", "v", V, false},
	{"ts_of_first_over_time", "m", V, false},
	{"ts_of_last_over_time", "m", V, false},
	{"ts_of_max_over_time", "m", V, false},
	{"ts_of_min_over_time", "m", V, false},
	{"vector", "s", V, false},
	{"year", "v?", V, false},
};

/* In the order of enum pq_aggregate. */
static const char *const aggregates[] = {"sum", "avg", "count", "min", "max", "group", "stddev",
    "stdvar", "topk", "bottomk", "quantile", "count_values", "limitk", "limit_ratio"};

const struct pq_function *
pq_function_find(struct sv name)
{
	size_t i;

	for (i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		if (sv_is(name, functions[i].name))
			return &functions[i];
	return NULL;
}

void
pq_function_arity(const struct pq_function *f, size_t *min, size_t *max)
{
	size_t n = strlen(f->args);
	char last = n == 0 ? '\0' : f->args[n - 1];

	*min = *max = n;
	if (last == '?') {
		*min = n - 2;
		*max = n - 1;
	} else if (last == '*') {
		*min = n - 2;
		*max = SIZE_MAX;
	}
}

enum pq_type
pq_function_arg(const struct pq_function *f, size_t i)
{
	size_t n = strspn(f->args, "vmst");

	switch (f->args[i < n ? i : n - 1]) {
	case 'v':
		return PQ_VECTOR;
	case 'm':
		return PQ_MATRIX;
	case 's':
		return PQ_SCALAR;
	}
	return PQ_STRING;
}

bool
pq_asks_whether(const struct pq_function *f)
{
	return f != NULL && (strcmp(f->name, "absent") == 0 || strcmp(f->name, "absent_over_time") == 0);
}

const char *
pq_type_name(enum pq_type t)
{
	static const char *const names[] = {"scalar", "string", "instant vector", "range vector"};

	return names[t];
}

const char *
pq_aggregate_name(enum pq_aggregate a)
{
	return aggregates[a];
}

bool
pq_aggregate_has_param(enum pq_aggregate a)
{
	return a >= PQ_TOPK;
}
