/* Aggregations: which rows are one group, and one number of each group a step. */
#include "promql/eval_in.h"

#include <math.h>

#include "base/mem.h"
#include "promql/functions.h"
#include "promql/numeric.h"

struct labels
pq_group_labels(struct pq_eval *ev, const struct pq_grouping *g, const struct labels *l)
{
	if (g->without)
		return pq_labels_less(&ev->scratch, l, g->labels, !g->name_too);
	return pq_labels_keep(&ev->scratch, l, g->labels);
}

static double
extreme(const double *v, size_t n, bool max)
{
	double best = v[0];
	size_t i;

	for (i = 1; i < n; i++)
		if (isnan(best) || (max ? v[i] > best : v[i] < best))
			best = v[i];
	return best;
}

static double
sum(const double *v, size_t n)
{
	struct pq_sum s = {0, 0};
	size_t i;

	for (i = 0; i < n; i++)
		pq_sum_add(&s, v[i]);
	return pq_sum_value(&s);
}

/* Of the n > 0 values of a group in a step. */
static double
fold(enum pq_aggregate op, double *v, size_t n, double param)
{
	switch (op) {
	case PQ_SUM:
		return sum(v, n);
	case PQ_AVG:
		return pq_mean(v, n);
	case PQ_COUNT:
		return (double)n;
	case PQ_MIN:
		return extreme(v, n, false);
	case PQ_MAX:
		return extreme(v, n, true);
	case PQ_GROUP:
		return 1;
	case PQ_STDDEV:
		return sqrt(pq_stdvar(v, n));
	case PQ_STDVAR:
		return pq_stdvar(v, n);
	case PQ_QUANTILE:
		return pq_quantile(param, v, n);
	default:
		return NAN;
	}
}

/* member: the rows of one group. */
static int
fold_group(struct pq_eval *ev, const struct pq_aggregation *g, size_t steps, const double *param,
    const struct pq_value *in, const size_t *member, size_t n, struct pq_row *out)
{
	double *v = mem_new(n, sizeof(*v));
	const struct pq_row *r;
	size_t i, k, count;
	int rc = 0;

	for (i = 0; i < steps && rc == 0; i++) {
		rc = pq_eval_go_on(ev);
		for (k = 0, count = 0; k < n; k++) {
			r = &in->row[member[k]];
			if (pq_row_has(r, i))
				v[count++] = pq_row_at(r, i);
		}
		if (count > 0 && rc == 0)
			rc = pq_row_put(ev, out, i, fold(g->op, v, count, param == NULL ? 0 : param[i]));
	}
	mem_free(v);
	return rc;
}

void
pq_groups_make(struct pq_eval *ev, const struct pq_grouping *g, const struct pq_value *in, struct pq_groups *out)
{
	size_t *group = mem_new(in->n, sizeof(*group)), i;
	VEC(struct labels) found = {0};
	struct pq_ids ids = {0};
	struct labels l;

	out->member = mem_new(in->n, sizeof(*out->member));
	for (i = 0; i < in->n; i++) {
		l = pq_group_labels(ev, g, &in->row[i].labels);
		group[i] = pq_ids_labels(&ids, &l);
		if (group[i] == found.n)
			*vec_add(&found) = l;
	}
	out->n = found.n;
	out->labels = found.v;
	out->end = mem_new(out->n + 1, sizeof(*out->end));
	for (i = 0; i < in->n; i++)
		out->end[group[i] + 1]++;
	for (i = 0; i < out->n; i++)
		out->end[i + 1] += out->end[i];
	for (i = 0; i < in->n; i++) /* the starts become the ends, for each is moved by its own members */
		out->member[out->end[group[i]]++] = i;
	pq_ids_free(&ids);
	mem_free(group);
}

void
pq_groups_free(struct pq_groups *g)
{
	mem_free(g->member);
	mem_free(g->end);
	mem_free(g->labels);
	*g = (struct pq_groups){0};
}

size_t
pq_groups_start(const struct pq_groups *g, size_t i)
{
	return i == 0 ? 0 : g->end[i - 1];
}

static int
fold_all(struct pq_eval *ev, const struct pq_aggregation *g, size_t steps, const double *param, struct pq_value *in,
    struct pq_value *out)
{
	struct pq_grouping by = {&g->labels, g->without, false};
	struct pq_groups groups;
	size_t i, start;
	int rc = 0;

	pq_groups_make(ev, &by, in, &groups);
	for (i = 0; i < groups.n && rc == 0; i++) {
		start = pq_groups_start(&groups, i);
		rc = fold_group(ev, g, steps, param, in, groups.member + start, groups.end[i] - start,
		    pq_value_add(out, groups.labels[i]));
	}
	pq_groups_free(&groups);
	return rc;
}

/* k of topk, bottomk and limitk: promql/engine.go checks the extremes of all steps before it starts. */
static int
check_k(struct pq_eval *ev, const double *k, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (isnan(k[i]))
			return err_set(ev->e, ERR_USAGE, "Parameter value is NaN");
		if (k[i] <= -9223372036854775808.0 || k[i] >= 9223372036854774784.0)
			return err_set(ev->e, ERR_USAGE, "Scalar value %g %sflows int64", k[i],
			    k[i] < 0 ? "under" : "over");
	}
	return 0;
}

static int
aggregate(struct pq_eval *ev, const struct pq_aggregation *g, size_t steps, const struct pq_value *param,
    struct pq_value *in, struct pq_value *out)
{
	const double *number = param->n > 0 ? param->row[0].v : NULL;

	switch (g->op) {
	case PQ_LIMIT_RATIO:
		return err_set(ev->e, ERR_USAGE, "not supported: %s() is experimental", pq_aggregate_name(g->op));
	case PQ_LIMITK:
		return check_k(ev, number, steps) < 0 ? -1 : pq_eval_limitk(ev, g, steps, number, in, out);
	case PQ_TOPK:
	case PQ_BOTTOMK:
		return check_k(ev, number, steps) < 0 ? -1 : pq_eval_topk(ev, g, steps, number, in, out);
	case PQ_COUNT_VALUES:
		return pq_eval_count_values(ev, g, steps, param->text, in, out);
	default:
		return fold_all(ev, g, steps, number, in, out);
	}
}

int
pq_eval_aggregation(struct pq_eval *ev, const struct pq_expr *x, const struct pq_grid *g, struct pq_value *out)
{
	const struct pq_aggregation *a = &x->aggregation;
	struct pq_value in = {0}, param = {0};
	int rc = 0;

	if (a->param != NULL)
		rc = pq_eval_node(ev, a->param, g, &param);
	if (rc == 0)
		rc = pq_eval_node(ev, a->x, g, &in);
	if (rc == 0)
		rc = aggregate(ev, a, g->n, &param, &in, out);
	pq_value_free(ev, &in);
	pq_value_free(ev, &param);
	return rc;
}
