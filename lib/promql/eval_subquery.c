/* Subqueries: an expression at the multiples of a step, taken as samples. */
#include "promql/eval_in.h"

#include "base/mem.h"

#define DEFAULT_STEP INT64_C(60000) /* Prometheus' global evaluation interval */

/* The multiples of the step that any window of the outer steps covers; n 0 when there is none. */
static struct pq_grid
inner_grid(const struct pq_eval *ev, const struct pq_expr *x, const struct pq_grid *g)
{
	struct pq_grid in = {0, x->subquery.step > 0 ? x->subquery.step : DEFAULT_STEP, 0};
	int64_t from = pq_shifted(ev, &x->shift, g, 0) - x->subquery.range;
	int64_t to = pq_shifted(ev, &x->shift, g, g->n - 1);

	in.start = from / in.step * in.step;
	if (in.start < from || (in.start == from && !ev->q->closed_ranges))
		in.start += in.step;
	if (in.start <= to)
		in.n = (size_t)((to - in.start) / in.step) + 1;
	return in;
}

/* A row's samples with their times. */
static size_t
samples_of(const struct pq_row *r, const struct pq_grid *in, struct pq_sample *out)
{
	size_t i, n = 0;

	for (i = r->first; i < r->first + r->n; i++)
		if (pq_row_has(r, i))
			out[n++] = (struct pq_sample){pq_grid_time(in, i), pq_row_at(r, i), false};
	return n;
}

int
pq_eval_subquery(struct pq_eval *ev, const struct pq_expr *x, const struct pq_grid *g, pq_each_fn *each, void *ctx)
{
	struct pq_grid in = inner_grid(ev, x, g);
	struct pq_value v = {0};
	struct pq_sample *s;
	size_t i;
	int rc;

	if (in.n == 0)
		return 0;
	if ((uint64_t)in.n > (uint64_t)ev->max_samples)
		return err_set(ev->e, ERR_LIMIT, "a subquery of %zu steps is more than max-samples, %lld",
		    in.n, (long long)ev->max_samples);
	rc = pq_eval_node(ev, x->subquery.x, &in, &v);
	for (i = 0; i < v.n && rc == 0; i++) {
		rc = pq_eval_hold(ev, (int64_t)v.row[i].n);
		if (rc < 0)
			break;
		s = mem_new(v.row[i].n, sizeof(*s));
		rc = each(ctx, v.row[i].labels, s, samples_of(&v.row[i], &in, s));
		mem_free(s);
		pq_eval_hold(ev, -(int64_t)v.row[i].n);
		pq_value_drop(ev, &v, i);
	}
	pq_value_free(ev, &v);
	return rc;
}
