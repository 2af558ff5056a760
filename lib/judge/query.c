#include "judge/query.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/sort.h"
#include "judge/life.h"
#include "promql/answer.h"

const struct pq_expr *
query_parse(struct arena *a, const struct doc *node, struct err *e)
{
	const struct pq_expr *x;
	struct err why = {0};

	if (node->kind != DOC_STRING) {
		doc_err(node, e, "%" SV_FMT ": an expression is needed, such as \"max(up)\"", SV_ARG(node->key));
		return NULL;
	}
	if ((x = pq_parse(a, node->text, &why)) == NULL) {
		doc_err(node, e, "%" SV_FMT ": %s", SV_ARG(node->key), why.msg);
		return NULL;
	}
	if (x->type != PQ_VECTOR && x->type != PQ_SCALAR) {
		doc_err(node, e, "%" SV_FMT ": an expression with a value at each moment is needed", SV_ARG(node->key));
		return NULL;
	}
	return x;
}

static struct pq_query
over(int64_t from, int64_t to, int64_t step, int64_t lookback)
{
	return (struct pq_query){.start = from, .end = to, .step = step, .lookback = lookback};
}

int
query_range(struct judging *j, const struct pq_expr *x, int64_t from, int64_t to, int64_t step, int64_t lookback,
    struct pq_result *out, struct err *e)
{
	struct pq_query q = over(from, to, step, lookback);

	return pq_eval(j->source, x, &q, j->arena, out, e);
}

int
query_explain(struct judging *j, const struct pq_expr *x, int64_t from, int64_t to, int64_t step,
    struct pq_explanation *out, struct err *e)
{
	struct pq_query q = over(from, to, step, 0);

	return pq_explain(j->source, x, &q, j->arena, out, e);
}

const struct pq_selector *
query_selector(const struct pq_reading *r)
{
	return r->x->kind == PQ_RANGE ? r->x->range.selector : r->x->selector;
}

const char *
query_selector_text(struct arena *a, const struct pq_expr *x)
{
	struct sb text = {0};
	const char *out;

	pq_format_selector(x->kind == PQ_RANGE ? x->range.selector : x->selector, &text);
	out = arena_str(a, sb_sv(&text));
	sb_free(&text);
	return out;
}

int
query_instants(struct judging *j, const struct pq_expr *x, int64_t from, int64_t to, int64_t **t, size_t *n, struct err *e)
{
	VEC(int64_t) all = {0};
	struct pq_explanation ex;
	struct pq_series *series;
	struct pq_sample *m;
	size_t i, k, l, n_series, count;

	if (query_explain(j, x, from, to, to > from ? to - from : 0, &ex, e) < 0)
		return -1;
	for (i = 0; i < ex.n; i++) {
		if (j->source->series(j->source, query_selector(&ex.v[i]), j->arena, &series, &n_series, e) < 0)
			goto fail;
		for (k = 0; k < n_series; k++) {
			if (j->source->samples(j->source, &series[k], from, to, j->arena, &m, &count, e) < 0)
				goto fail;
			for (l = 0; l < count; l++)
				*vec_add(&all) = m[l].t;
		}
	}
	*n = sort_unique(all.v, all.n);
	*t = arena_keep(j->arena, all.v, *n, sizeof(*all.v));
	return 0;
fail:
	vec_free(&all);
	return -1;
}

static int
by_start(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

int
query_restarts(struct judging *j, const struct pq_expr *x, int64_t from, int64_t to, struct span **span, size_t *n,
    struct err *e)
{
	VEC(struct span) all = {0};
	struct pq_explanation ex;
	struct pq_series *series;
	const struct target_life *l;
	size_t i, k, s, n_series;

	if (query_explain(j, x, from, to, to > from ? to - from : 0, &ex, e) < 0)
		return -1;
	for (i = 0; i < ex.n; i++) {
		if (j->source->series(j->source, query_selector(&ex.v[i]), j->arena, &series, &n_series, e) < 0) {
			vec_free(&all);
			return -1;
		}
		for (k = 0; k < n_series; k++) {
			if ((k > 0 && series[k].target == series[k - 1].target) ||
			    (l = life_find(&j->increase, series[k].target)) == NULL)
				continue;
			for (s = 1; s < l->n; s++)
				if (life_restarted(l, s) && l->scrape[s] > from && l->scrape[s - 1] < to)
					*vec_add(&all) = (struct span){l->scrape[s - 1], l->scrape[s]};
		}
	}
	if (all.n > 1)
		qsort(all.v, all.n, sizeof(*all.v), by_start);
	*n = all.n;
	*span = arena_keep(j->arena, all.v, all.n, sizeof(*all.v));
	return 0;
}

int
query_sources(struct sources *s, struct judging *j, const struct pq_explanation *ex, struct err *e)
{
	for (size_t i = 0; i < ex->n; i++)
		if (sources_samples(s, j, query_selector(&ex->v[i]), ex->v[i].from, ex->v[i].to, e) < 0)
			return -1;
	return 0;
}

const char *
query_series_name(struct arena *a, const struct labels *l)
{
	struct sb text = {0};
	const char *out;

	pq_answer_series(l, &text);
	out = arena_str(a, sb_sv(&text));
	sb_free(&text);
	return out;
}

const char *
query_number(double v, char *buf)
{
	double size = fabs(v), unit, short_v = v;

	if (!isfinite(v) || size == 0)
		return num_text(v, buf);
	if (size >= 1000) {
		unit = pow(10, floor(log10(size)) - 3);
		return num_fixed(round(v / unit) * unit, 0, buf);
	}
	if (size < 1e-6)
		return num_text(v, buf);
	(void)num_parse(sv_of(num_fixed(v, 3 - (int)floor(log10(size)), buf)), &short_v);
	return num_text(short_v, buf);
}
