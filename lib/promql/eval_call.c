/* Functions. Those of a range vector, of each element and of the calendar come from numeric.h by their names. */
#include "promql/eval_in.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "promql/functions.h"
#include "promql/numeric.h"

#define MAX_SCALARS 3

/* The scalar arguments of a call, in order. */
struct scalars {
	struct pq_value v[MAX_SCALARS];
	size_t n;
};

static void
scalars_free(struct pq_eval *ev, struct scalars *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		pq_value_free(ev, &s->v[i]);
}

static int
scalars_eval(struct pq_eval *ev, const struct pq_call *c, const struct pq_grid *g, struct scalars *s)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (c->args[i]->type == PQ_SCALAR && s->n < MAX_SCALARS &&
		    pq_eval_node(ev, c->args[i], g, &s->v[s->n++]) < 0)
			return -1;
	return 0;
}

static void
scalars_at(const struct scalars *s, size_t step, double *out)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		out[i] = s->v[i].row[0].v[step];
}

struct sv
pq_call_text(const struct pq_call *c, size_t i)
{
	return pq_strip(c->args[i])->text;
}

struct ranged {
	struct pq_eval *ev;
	const struct pq_range_function *fn;
	const struct pq_expr *x;
	const struct pq_grid *g;
	const struct scalars *scalars;
	struct pq_value *out;
};

static int
range_series(void *ctx, struct labels labels, const struct pq_sample *s, size_t n)
{
	struct ranged *c = ctx;
	struct pq_slide slide = {.x = c->x, .g = c->g};
	struct pq_row *r = pq_value_add(c->out, labels);
	double arg[MAX_SCALARS], v;
	struct pq_window w;
	const char *wrong;
	size_t i;

	if (pq_row_reserve(c->ev, r, 0, c->g->n) < 0)
		return -1;
	for (i = 0; i < c->g->n; i++) {
		pq_slide_to(c->ev, &slide, i, s, n);
		if (slide.low == slide.high)
			continue;
		if (pq_eval_go_on(c->ev) < 0)
			return -1;
		w = (struct pq_window){.s = s + slide.low, .n = slide.high - slide.low, .extend = c->x->extend};
		w.to = pq_shifted(c->ev, &c->x->shift, c->g, i);
		w.from = w.to - pq_range_of(c->x);
		w.at = pq_grid_time(c->g, i);
		w.zero_first = c->ev->q->closed_ranges;
		scalars_at(c->scalars, i, arg);
		if (c->fn->wrong != NULL && (wrong = c->fn->wrong(arg)) != NULL)
			return err_set(c->ev->e, ERR_USAGE, "%s", wrong);
		if (c->fn->fn(&w, arg, &v) && pq_row_put(c->ev, r, i, v) < 0)
			return -1;
	}
	return 0;
}

static int
call_range(struct pq_eval *ev, const struct pq_call *c, const struct pq_range_function *fn, const struct pq_grid *g,
    struct pq_value *out)
{
	struct scalars scalars = {.n = 0};
	struct ranged r = {ev, fn, NULL, g, &scalars, out};
	size_t i;
	int rc = scalars_eval(ev, c, g, &scalars);

	for (i = 0; i < c->n; i++)
		if (c->args[i]->type == PQ_MATRIX)
			r.x = pq_strip(c->args[i]);
	if (rc == 0)
		rc = pq_eval_windows(ev, r.x, g, range_series, &r);
	if (rc == 0)
		rc = fn->keeps_name ? pq_value_unite(ev, out) : pq_value_drop_names(ev, out);
	scalars_free(ev, &scalars);
	return rc;
}

static int
call_math(struct pq_eval *ev, const struct pq_call *c, const struct pq_math_function *fn, const struct pq_grid *g,
    struct pq_value *out)
{
	struct scalars scalars = {.n = 0};
	bool clamp = sv_is(sv_of(c->fn->name), "clamp");
	double arg[MAX_SCALARS];
	struct pq_row *r;
	size_t i, k;
	int rc = scalars_eval(ev, c, g, &scalars);

	if (rc == 0)
		rc = pq_eval_node(ev, c->args[0], g, out);
	for (i = 0; rc == 0 && i < out->n; i++) {
		r = &out->row[i];
		for (k = r->first; k < r->first + r->n; k++) {
			if (!pq_row_has(r, k))
				continue;
			scalars_at(&scalars, k, arg);
			if (clamp && arg[0] > arg[1])
				pq_row_clear(r, k);
			else
				r->v[k - r->first] = fn->fn(pq_row_at(r, k), arg, scalars.n);
		}
	}
	scalars_free(ev, &scalars);
	return rc < 0 ? -1 : pq_value_drop_names(ev, out);
}

static int
call_calendar(struct pq_eval *ev, const struct pq_call *c, const struct pq_time_function *fn,
    const struct pq_grid *g, struct pq_value *out)
{
	struct pq_row *r;
	size_t i, k;
	int rc = c->n == 0 ? pq_call_time(ev, c, g, out) : pq_eval_node(ev, c->args[0], g, out);

	for (i = 0; rc == 0 && i < out->n; i++) {
		r = &out->row[i];
		for (k = 0; k < r->n; k++)
			if (pq_row_has(r, r->first + k))
				r->v[k] = fn->fn(r->v[k]);
	}
	return rc < 0 ? -1 : pq_value_drop_names(ev, out);
}

int
pq_call_time(struct pq_eval *ev, const struct pq_call *c, const struct pq_grid *g, struct pq_value *out)
{
	size_t i;

	(void)c;
	if (pq_value_constant(ev, out, g->n, 0) < 0)
		return -1;
	for (i = 0; i < g->n; i++)
		out->row[0].v[i] = (double)pq_grid_time(g, i) / 1000;
	return 0;
}

int
pq_call_pi(struct pq_eval *ev, const struct pq_call *c, const struct pq_grid *g, struct pq_value *out)
{
	(void)c;
	return pq_value_constant(ev, out, g->n, 3.14159265358979323846);
}

/* A selector's samples have their own times, all else that of the evaluation. */
int
pq_call_timestamp(struct pq_eval *ev, const struct pq_call *c, const struct pq_grid *g, struct pq_value *out)
{
	const struct pq_expr *x = pq_strip(c->args[0]);
	struct pq_row *r;
	size_t i, k;

	if (x->kind == PQ_SELECT) {
		if (pq_eval_select(ev, x, g, true, out) < 0)
			return -1;
	} else {
		if (pq_eval_node(ev, x, g, out) < 0)
			return -1;
		for (i = 0; i < out->n; i++)
			for (r = &out->row[i], k = 0; k < r->n; k++)
				r->v[k] = (double)pq_grid_time(g, r->first + k) / 1000;
	}
	return pq_value_drop_names(ev, out);
}

/* A scalar is held as a vector's one element without labels is. */
int
pq_call_vector(struct pq_eval *ev, const struct pq_call *c, const struct pq_grid *g, struct pq_value *out)
{
	return pq_eval_node(ev, c->args[0], g, out);
}

int
pq_call_scalar(struct pq_eval *ev, const struct pq_call *c, const struct pq_grid *g, struct pq_value *out)
{
	struct pq_value in = {0};
	size_t i, k, n;
	double v = NAN;
	int rc = pq_eval_node(ev, c->args[0], g, &in);

	if (rc == 0)
		rc = pq_value_constant(ev, out, g->n, NAN);
	for (i = 0; rc == 0 && i < g->n; i++) {
		for (n = 0, k = 0; k < in.n && n < 2; k++)
			if (pq_row_has(&in.row[k], i)) {
				v = pq_row_at(&in.row[k], i);
				n++;
			}
		if (n == 1)
			out->row[0].v[i] = v;
	}
	pq_value_free(ev, &in);
	return rc;
}

/* NaN stands last both ways; equal values keep the order of their labels. */
static int
by_value(const struct pq_row *x, const struct pq_row *y, int sign)
{
	double a = x->v[0], b = y->v[0];

	if (isnan(a) || isnan(b))
		return isnan(a) == isnan(b) ? labels_cmp(&x->labels, &y->labels) : isnan(a) ? 1 : -1;
	return a < b ? -sign : a > b ? sign : labels_cmp(&x->labels, &y->labels);
}

static int
upwards(const void *a, const void *b)
{
	return by_value(a, b, 1);
}

static int
downwards(const void *a, const void *b)
{
	return by_value(a, b, -1);
}

/* Over more than one step there is no order but that of labels. */
static int
sort_rows(struct pq_eval *ev, const struct pq_call *c, const struct pq_grid *g, struct pq_value *out,
    int (*order)(const void *, const void *))
{
	if (pq_eval_node(ev, c->args[0], g, out) < 0)
		return -1;
	pq_value_trim(ev, out);
	if (g->n == 1 && out->n > 1)
		qsort(out->row, out->n, sizeof(*out->row), order);
	out->ordered = true;
	return 0;
}

int
pq_call_sort(struct pq_eval *ev, const struct pq_call *c, const struct pq_grid *g, struct pq_value *out)
{
	return sort_rows(ev, c, g, out, upwards);
}

int
pq_call_sort_desc(struct pq_eval *ev, const struct pq_call *c, const struct pq_grid *g, struct pq_value *out)
{
	return sort_rows(ev, c, g, out, downwards);
}

static const struct {
	const char *name;
	pq_call_fn *fn;
} special[] = {
	{"absent", pq_call_absent},
	{"absent_over_time", pq_call_absent_over_time},
	{"histogram_fraction", pq_call_histogram_fraction},
	{"histogram_quantile", pq_call_histogram_quantile},
	{"label_join", pq_call_label_join},
	{"label_replace", pq_call_label_replace},
	{"pi", pq_call_pi},
	{"scalar", pq_call_scalar},
	{"sort", pq_call_sort},
	{"sort_by_label", pq_call_sort_by_label},
	{"sort_by_label_desc", pq_call_sort_by_label},
	{"sort_desc", pq_call_sort_desc},
	{"time", pq_call_time},
	{"timestamp", pq_call_timestamp},
	{"vector", pq_call_vector},
};

int
pq_eval_call(struct pq_eval *ev, const struct pq_expr *x, const struct pq_grid *g, struct pq_value *out)
{
	const struct pq_call *c = &x->call;
	const struct pq_range_function *range;
	const struct pq_time_function *calendar;
	const struct pq_math_function *math;
	size_t i;

	if (c->fn->experimental)
		return err_set(ev->e, ERR_USAGE, "not supported: %s() is experimental", c->fn->name);
	for (i = 0; i < sizeof(special) / sizeof(special[0]); i++)
		if (strcmp(special[i].name, c->fn->name) == 0)
			return special[i].fn(ev, c, g, out);
	if ((range = pq_range_function_find(c->fn->name)) != NULL)
		return call_range(ev, c, range, g, out);
	if ((math = pq_math_function_find(c->fn->name)) != NULL)
		return call_math(ev, c, math, g, out);
	if ((calendar = pq_time_function_find(c->fn->name)) != NULL)
		return call_calendar(ev, c, calendar, g, out);
	return err_set(ev->e, ERR_USAGE, "not supported: %s() works on native histograms", c->fn->name);
}
