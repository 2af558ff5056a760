/*
 * What is shown of values: the text and colour of one, and of many the one that stands for them.
 */
#include <math.h>

#include "base/mem.h"
#include "base/num.h"
#include "grafana/private.h"
#include "stats/order.h"

static struct sv
old_mapped(const struct gf_field *f, double v, struct sv text)
{
	const struct doc *m;
	double want;

	for (m = doc_first(f->mappings); m != NULL; m = m->next) {
		struct sv value = gf_str(m, "value");

		if ((isnan(v) && sv_is(value, "null")) || (text.n > 0 && sv_eq(value, text)) || (num_parse(value, &want) && v == want))
			return gf_str(m, "text");
		if (gf_num(m, "type", 1) == 2 && v >= gf_num(m, "from", INFINITY) && v <= gf_num(m, "to", -INFINITY))
			return gf_str(m, "text");
	}
	return (struct sv){NULL, 0};
}

struct sv
gf_mapped(const struct gf_field *f, double v, struct sv text, struct arena *a, struct sv *color)
{
	const struct doc *m, *result;
	char buf[NUM_TEXT];

	*color = (struct sv){NULL, 0};
	if (f->mappings == NULL)
		return (struct sv){NULL, 0};
	/* Before version 8: {"type": 1, "value": "1", "text": "up"} */
	if (f->old_map || (doc_first(f->mappings) != NULL && doc_get(doc_first(f->mappings), "options") == NULL))
		return old_mapped(f, v, text);
	for (m = doc_first(f->mappings); m != NULL; m = m->next) {
		struct sv type = gf_str(m, "type");
		const struct doc *options = doc_get(m, "options");

		result = NULL;
		if (sv_is(type, "value")) {
			result = doc_get(options, text.n > 0 ? arena_str(a, text) : num_text(v, buf));
		} else if (sv_is(type, "range")) {
			if (!isnan(v) && v >= gf_num(options, "from", -INFINITY) && v <= gf_num(options, "to", INFINITY))
				result = doc_get(options, "result");
		} else if (sv_is(type, "special")) {
			struct sv match = gf_str(options, "match");

			if ((isnan(v) && text.n == 0 && (sv_is(match, "null") || sv_is(match, "nan") || sv_is(match, "null+nan"))) ||
			    (sv_is(match, "true") && sv_is(text, "true")) || (sv_is(match, "false") && sv_is(text, "false")))
				result = doc_get(options, "result");
		} else if (sv_is(type, "regex") && text.n > 0) {
			if (gf_matches(sv_starts(gf_str(options, "pattern"), "/") ? gf_str(options, "pattern") :
				sv_of(arena_fmt(a, "/%" SV_FMT "/", SV_ARG(gf_str(options, "pattern")))), text))
				result = doc_get(options, "result");
		}
		if (result != NULL) {
			*color = gf_str(result, "color");
			return gf_str(result, "text");
		}
	}
	return (struct sv){NULL, 0};
}

struct sv
gf_threshold(const struct gf_field *f, double v)
{
	struct sv color = {NULL, 0};
	double at = v;
	size_t i;

	if (isnan(v) || f->n_steps == 0)
		return color;
	if (f->step_percent) {
		double low = isnan(f->min) ? 0 : f->min, high = isnan(f->max) ? 100 : f->max;

		at = high > low ? 100 * (v - low) / (high - low) : v;
	}
	for (i = 0; i < f->n_steps; i++)
		if (at >= f->step[i].value)
			color = f->step[i].color;
	return color;
}

struct sv
gf_calc(const struct gf_panel *p)
{
	struct sv v = gf_str(p->options, "reduceOptions.calcs.0");

	if (v.n == 0)
		v = gf_str(p->options, "fieldOptions.calcs.0");
	if (v.n == 0 && doc_get(p->doc, "valueName") != NULL && doc_get(p->doc, "valueName")->kind == DOC_STRING)
		v = gf_str(p->doc, "valueName");
	return v.n > 0 ? v : SV("lastNotNull");
}

/* "p95": 0.95. */
static bool
percentile(struct sv calc, double *q)
{
	double v;

	if (!sv_starts(calc, "p") || !num_parse(sv_from(calc, 1), &v) || !(v >= 0 && v <= 100))
		return false;
	*q = v / 100;
	return true;
}

static double
quantile_of(const double *v, size_t n, double q)
{
	double *sorted = mem_new(n, sizeof(*sorted)), value;
	size_t i, k = 0;

	for (i = 0; i < n; i++)
		if (!isnan(v[i]))
			sorted[k++] = v[i];
	stats_sort(sorted, k);
	value = k > 0 ? stats_quantile(sorted, k, q) : NAN;
	mem_free(sorted);
	return value;
}

static size_t
distinct(const double *v, size_t n)
{
	double *sorted = mem_new(n, sizeof(*sorted));
	size_t i, k = 0, count = 0;

	for (i = 0; i < n; i++)
		if (!isnan(v[i]))
			sorted[k++] = v[i];
	stats_sort(sorted, k);
	for (i = 0; i < k; i++)
		count += i == 0 || sorted[i] != sorted[i - 1];
	mem_free(sorted);
	return count;
}

static double
least_above_zero(const double *v, size_t n)
{
	double low = NAN;
	size_t i;

	for (i = 0; i < n; i++)
		if (v[i] > 0 && !(low <= v[i]))
			low = v[i];
	return low;
}

double
gf_reduce(struct sv calc, const double *x, const double *v, size_t n, bool *known)
{
	double sum = 0, low = NAN, high = NAN, first = NAN, last = NAN, delta = 0, before = NAN, q = 0.5;
	size_t i, count = 0;

	*known = true;
	for (i = 0; i < n; i++) {
		if (isnan(v[i]))
			continue;
		if (count == 0)
			first = low = high = v[i];
		low = fmin(low, v[i]);
		high = fmax(high, v[i]);
		if (!isnan(before))
			delta += v[i] >= before ? v[i] - before : v[i];
		before = last = v[i];
		sum += v[i];
		count++;
	}
	if (sv_is(calc, "lastNotNull") || sv_is(calc, "current") || sv_is(calc, "last") || sv_is(calc, ""))
		return last;
	if (sv_is(calc, "first") || sv_is(calc, "firstNotNull"))
		return first;
	if (sv_is(calc, "mean") || sv_is(calc, "avg"))
		return count > 0 ? sum / (double)count : NAN;
	if (sv_is(calc, "max"))
		return high;
	if (sv_is(calc, "min"))
		return low;
	if (sv_is(calc, "sum") || sv_is(calc, "total"))
		return count > 0 ? sum : NAN;
	if (sv_is(calc, "count"))
		return (double)count;
	if (sv_is(calc, "range"))
		return high - low;
	if (sv_is(calc, "delta"))
		return count > 0 ? delta : NAN;
	if (sv_is(calc, "diff"))
		return last - first;
	if (sv_is(calc, "diffperc"))
		return (last - first) / first;
	if (sv_is(calc, "last_time"))
		return n > 0 ? x[n - 1] : NAN;
	if (sv_is(calc, "step"))
		return n > 1 ? x[1] - x[0] : NAN;
	if (sv_is(calc, "distinctCount") || sv_is(calc, "uniqueValues"))
		return (double)distinct(v, n);
	if (sv_is(calc, "changeCount")) {
		double changes = 0;

		for (i = 1; i < n; i++)
			changes += !isnan(v[i]) && v[i] != v[i - 1];
		return changes;
	}
	if (sv_is(calc, "stdDev") || sv_is(calc, "variance")) {
		double mean = sum / (double)count, square = 0;

		for (i = 0; i < n; i++)
			square += isnan(v[i]) ? 0 : (v[i] - mean) * (v[i] - mean);
		return sv_is(calc, "variance") ? square / (double)count : sqrt(square / (double)count);
	}
	if (sv_is(calc, "median") || percentile(calc, &q))
		return quantile_of(v, n, q);
	if (sv_is(calc, "allIsZero") || sv_is(calc, "allIsNull"))
		return sv_is(calc, "allIsNull") ? count == 0 : count > 0 && low == 0 && high == 0;
	if (sv_is(calc, "logmin"))
		return least_above_zero(v, n);
	*known = false;
	return last;
}
