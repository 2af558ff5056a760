/* The query as a whole: its steps, its nodes, its answer. */
#include "promql/eval.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "promql/eval_in.h"
#include "promql/functions.h"
#include "promql/numeric.h"

#define MAX_SAMPLES INT64_C(50000000)
/* Times beyond this are no dates, and sums of them with ranges and offsets must not overflow. */
#define MAX_TIME INT64_C(10000000000000000)

int
pq_eval_hold(struct pq_eval *ev, int64_t n)
{
	if (n > 0 && n > ev->max_samples - ev->held)
		return err_set(ev->e, ERR_LIMIT, "query processing would load too many samples into memory: "
		    "more than max-samples, %lld", (long long)ev->max_samples);
	ev->held += n;
	return 0;
}

int
pq_eval_go_on(struct pq_eval *ev)
{
	if (ev->q->stop == NULL || !ev->q->stop(ev->q->stop_ctx))
		return 0;
	return err_set(ev->e, ERR_LIMIT, "query timed out");
}

static bool is_constant(const struct pq_expr *x);

static bool
call_is_constant(const struct pq_call *c)
{
	static const char *const of_time[] = {"time", "timestamp", "predict_linear", "minute", "hour", "day_of_week",
	    "day_of_month", "day_of_year", "days_in_month", "month", "year"};
	size_t i;

	for (i = 0; i < sizeof(of_time) / sizeof(of_time[0]); i++)
		if (sv_is(sv_of(c->fn->name), of_time[i]) && (c->n == 0 || i <= 2))
			return false;
	for (i = 0; i < c->n; i++)
		if (!is_constant(c->args[i]))
			return false;
	return true;
}

/* Has it the same value at all steps, for @ stands at all its selectors? (PreprocessExpr) */
static bool
is_constant(const struct pq_expr *x)
{
	switch (x->kind) {
	case PQ_NUMBER:
	case PQ_TEXT:
		return true;
	case PQ_SELECT:
	case PQ_RANGE:
	case PQ_SUBQUERY:
		return x->shift.at != PQ_AT_NONE;
	case PQ_UNARY:
		return is_constant(x->unary.x);
	case PQ_PAREN:
		return is_constant(x->inner);
	case PQ_BINARY:
		return is_constant(x->binary.left) && is_constant(x->binary.right);
	case PQ_AGGREGATION:
		return is_constant(x->aggregation.x) &&
		    (x->aggregation.param == NULL || is_constant(x->aggregation.param));
	case PQ_CALL:
		return call_is_constant(&x->call);
	}
	return false;
}

static int
evaluate(struct pq_eval *ev, const struct pq_expr *x, const struct pq_grid *g, struct pq_value *out)
{
	switch (x->kind) {
	case PQ_NUMBER:
		return pq_value_constant(ev, out, g->n, x->number.value);
	case PQ_TEXT:
		out->text = x->text;
		return 0;
	case PQ_SELECT:
		return pq_eval_select(ev, x, g, false, out);
	case PQ_UNARY:
		return pq_eval_unary(ev, x, g, out);
	case PQ_BINARY:
		return pq_eval_binary(ev, x, g, out);
	case PQ_AGGREGATION:
		return pq_eval_aggregation(ev, x, g, out);
	case PQ_CALL:
		return pq_eval_call(ev, x, g, out);
	case PQ_PAREN:
		return pq_eval_node(ev, x->inner, g, out);
	case PQ_RANGE:
	case PQ_SUBQUERY:
		break;
	}
	return err_set(ev->e, ERR_USAGE, "a range vector has no place here");
}

int
pq_eval_node(struct pq_eval *ev, const struct pq_expr *x, const struct pq_grid *g, struct pq_value *out)
{
	struct pq_grid once = {g->start, g->step, 1};

	if (pq_eval_go_on(ev) < 0)
		return -1;
	if (g->n == 1 || !is_constant(x))
		return evaluate(ev, x, g, out);
	return evaluate(ev, x, &once, out) < 0 ? -1 : pq_value_spread(ev, out, g->n);
}

static int
by_labels(const void *a, const void *b)
{
	const struct pq_result_series *x = a, *y = b;

	return labels_cmp(&x->labels, &y->labels);
}

static void
answer(const struct pq_value *v, const struct pq_grid *g, struct arena *a, struct pq_result *r)
{
	struct pq_result_series *s;
	const struct pq_row *row;
	size_t i, k, n;

	r->v = arena_new(a, v->n, sizeof(*r->v));
	for (i = 0; i < v->n; i++) {
		row = &v->row[i];
		for (n = 0, k = row->first; k < row->first + row->n; k++)
			n += pq_row_has(row, k);
		if (n == 0)
			continue;
		s = &r->v[r->n++];
		s->labels = labels_copy(a, &row->labels);
		s->point = arena_new(a, n, sizeof(*s->point));
		for (k = row->first; k < row->first + row->n; k++)
			if (pq_row_has(row, k))
				s->point[s->n++] = (struct pq_point){pq_grid_time(g, k), pq_row_at(row, k)};
	}
	if (r->n > 1 && !(r->type == PQ_VECTOR && v->ordered))
		qsort(r->v, r->n, sizeof(*r->v), by_labels);
}

struct raw {
	struct pq_eval *ev;
	const struct pq_expr *x;
	const struct pq_grid *g;
	struct arena *a;
	VEC(struct pq_result_series) found;
};

/* The samples of a range vector as they are. */
static int
take_raw(void *ctx, struct labels labels, const struct pq_sample *s, size_t n)
{
	struct raw *c = ctx;
	struct pq_slide w = {.x = c->x, .g = c->g};
	struct pq_result_series *out;
	struct pq_window all;
	struct pq_sample *ends;
	size_t i;

	pq_slide_to(c->ev, &w, 0, s, n);
	s += w.low;
	n = w.high - w.low;
	if (n == 0)
		return 0;
	if (pq_eval_hold(c->ev, (int64_t)n) < 0)
		return -1;
	if (c->x->extend != PQ_PLAIN) {
		all = (struct pq_window){.s = s, .n = n, .extend = c->x->extend};
		all.to = pq_shifted(c->ev, &c->x->shift, c->g, 0);
		all.from = all.to - c->x->range.range;
		s = ends = arena_new(c->a, n + 2, sizeof(*ends));
		n = pq_extended_samples(&all, ends);
	}
	if (n == 0)
		return 0;
	out = vec_add(&c->found);
	out->labels = labels_copy(c->a, &labels);
	out->point = arena_new(c->a, n, sizeof(*out->point));
	for (i = 0; i < n; i++)
		out->point[out->n++] = (struct pq_point){s[i].t, s[i].v};
	return 0;
}

static int
eval_raw(struct pq_eval *ev, const struct pq_expr *x, const struct pq_grid *g, struct arena *a, struct pq_result *r)
{
	struct raw c = {.ev = ev, .x = pq_strip(x), .g = g, .a = a};
	size_t i;
	int rc = pq_eval_windows(ev, c.x, g, take_raw, &c);

	if (rc == 0) {
		r->n = c.found.n;
		r->v = arena_new(a, r->n, sizeof(*r->v));
		for (i = 0; i < r->n; i++)
			r->v[i] = c.found.v[i];
		if (r->n > 1)
			qsort(r->v, r->n, sizeof(*r->v), by_labels);
	}
	vec_free(&c.found);
	return rc;
}

/* The steps that q asks for. */
static int
grid_of(const struct pq_query *q, const struct pq_expr *x, struct pq_grid *g, struct err *e)
{
	if (q->start < -MAX_TIME || q->end > MAX_TIME || q->start > MAX_TIME || q->end < -MAX_TIME)
		return err_set(e, ERR_USAGE, "a time is out of bounds");
	if (q->lookback < 0 || q->lookback > MAX_TIME)
		return err_set(e, ERR_USAGE, "the lookback is out of bounds");
	if (q->step < 0 || (q->step == 0 && q->start != q->end))
		return err_set(e, ERR_USAGE, "zero or negative query resolution step widths are not accepted");
	if (q->end < q->start)
		return err_set(e, ERR_USAGE, "end timestamp must not be before start time");
	*g = (struct pq_grid){q->start, q->step > 0 ? q->step : 1, 1};
	if (q->step == 0)
		return 0;
	if ((q->end - q->start) / q->step > PQ_MAX_STEPS)
		return err_set(e, ERR_USAGE, "exceeded maximum resolution of %d points per timeseries: a longer "
		    "step or a shorter range is needed", PQ_MAX_STEPS);
	if (x->type != PQ_SCALAR && x->type != PQ_VECTOR)
		return err_set(e, ERR_USAGE, "invalid expression type \"%s\" for range query, must be scalar or "
		    "instant vector", pq_type_name(x->type));
	g->n = (size_t)((q->end - q->start) / q->step) + 1;
	return 0;
}

int
pq_eval(struct pq_source *src, const struct pq_expr *x, const struct pq_query *q, struct arena *a, struct pq_result *r,
    struct err *e)
{
	struct pq_eval ev = {.src = src, .q = q, .e = e};
	struct pq_value v = {0};
	struct pq_grid g;
	int rc;

	*r = (struct pq_result){.type = q->step > 0 ? PQ_MATRIX : x->type};
	if (grid_of(q, x, &g, e) < 0)
		return -1;
	ev.lookback = q->lookback > 0 ? q->lookback : PQ_LOOKBACK;
	ev.max_samples = q->max_samples > 0 ? q->max_samples : MAX_SAMPLES;
	if (x->type == PQ_MATRIX) {
		rc = eval_raw(&ev, x, &g, a, r);
	} else {
		rc = pq_eval_node(&ev, x, &g, &v);
		if (rc == 0 && x->type == PQ_STRING)
			r->text = arena_sv(a, v.text);
		else if (rc == 0)
			answer(&v, &g, a, r);
		pq_value_free(&ev, &v);
	}
	r->n_selected = ev.n_selected;
	arena_free(&ev.scratch);
	return rc;
}
