/*
 * What an SLO goes by that is no count: a value that must keep a threshold, a ratio that somebody else made.
 */
#include "judge/slo.h"

#include <math.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/sort.h"
#include "base/time.h"
#include "judge/query.h"
#include "judge/result.h"

#define STEP TIME_MINUTE
#define WINDOW_STEP (5 * TIME_MINUTE) /* what {{.window}} becomes: one value does not reach into the next */

struct values {
	struct increase_run *r;
	const struct slo *slo;
	struct slo_units *out;
	VEC(struct slo_unit) of;
	bool odd;      /* a raw ratio that is none */
	double odd_value;
	int64_t odd_at;
};

const struct pq_expr *
slo_value_parse(struct arena *a, const struct slo *o, struct err *e)
{
	struct err why = {0};
	const struct pq_expr *x = pq_parse(a, slo_without_window(a, o->raw), &why);

	if (x != NULL && (x->type == PQ_VECTOR || x->type == PQ_SCALAR))
		return x;
	if (x == NULL)
		err_set(e, ERR_INPUT, "'%" SV_FMT "': %s", SV_ARG(o->raw), why.msg);
	else
		err_set(e, ERR_INPUT, "'%" SV_FMT "' is no number at a time", SV_ARG(o->raw));
	return NULL;
}

/* A value that held from "from" to "to". NaN is none. */
static void
add(struct values *v, int64_t from, int64_t to, double value)
{
	double bad;

	if (isnan(value))
		return;
	switch (v->slo->kind) {
	case SLO_THRESHOLD:
		bad = result_holds(v->slo->op, value, v->slo->limit) ? 0 : 1;
		break;
	case SLO_SUCCESS:
		bad = 1 - value;
		break;
	default:
		bad = value;
		break;
	}
	if ((bad < -1e-9 || bad > 1 + 1e-9) && !v->odd) {
		v->odd = true;
		v->odd_value = value;
		v->odd_at = to;
	}
	*vec_add(&v->of) = (struct slo_unit){from, to, 1, fmin(1, fmax(0, bad))};
}

/* ----- samples of a selector ----------------------------------------------------------------- */

static int64_t
usual_interval(const struct pq_sample *s, size_t n)
{
	int64_t *d = mem_new(n, sizeof(*d)), median;
	size_t i;

	for (i = 1; i < n; i++)
		d[i - 1] = s[i].t - s[i - 1].t;
	median = n > 1 ? sort_median(d, n - 1) : 0;
	mem_free(d);
	return median;
}

/* The samples of a series in a span; how much of it they last. */
static int64_t
add_samples(struct values *v, const struct pq_sample *s, size_t n, int64_t every, const struct span *span)
{
	int64_t from, covered = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		if (s[i].t <= span->from || s[i].t > span->to || s[i].stale || isnan(s[i].v))
			continue;
		from = i > 0 && s[i].t - s[i - 1].t <= 2 * every ? s[i - 1].t : s[i].t - every;
		from = from < span->from ? span->from : from;
		add(v, from, s[i].t, s[i].v);
		covered += s[i].t - from;
	}
	return covered;
}

static int
count_samples(struct values *v, const struct pq_selector *sel, const struct span *span, size_t n_spans, struct err *e)
{
	struct pq_source *src = v->r->source;
	struct arena scratch = {0};
	struct pq_series *series = NULL;
	struct pq_sample *s;
	int64_t every, covered;
	size_t n = 0, i, k, count;
	bool any = false;
	int rc = src->series(src, sel, v->r->arena, &series, &n, e);

	for (i = 0; i < n && rc == 0; i++) {
		/* All that there is: the interval is known from more than a short window, and the sample before it. */
		rc = src->samples(src, &series[i], INT64_MIN / 2, INT64_MAX, &scratch, &s, &count, e);
		every = rc == 0 ? usual_interval(s, count) : 0;
		for (covered = 0, k = 0; k < n_spans && rc == 0; k++)
			covered += add_samples(v, s, count, every, &span[k]);
		/* The series worst off; one that never was in the run says nothing. */
		if (rc == 0 && covered > 0 && (!any || covered < v->out->coverage.covered)) {
			v->out->coverage.covered = covered;
			any = true;
		}
		arena_free(&scratch);
	}
	return rc;
}

/* ----- values of an expression ------------------------------------------------------------------ */

static int64_t
step_of(const struct slo *o)
{
	return sv_find(o->raw, SV("{{")) < o->raw.n ? WINDOW_STEP : STEP;
}

static int
count_values(struct values *v, const struct pq_expr *x, const struct span *span, size_t n_spans, struct err *e)
{
	int64_t step = step_of(v->slo), last = INT64_MIN;
	struct pq_query q = {.step = step};
	struct pq_result r;
	struct arena scratch = {0};
	size_t i, k, m, first;
	int rc = 0;

	for (i = 0; i < n_spans && rc == 0; i++) {
		for (q.start = span[i].from + step; q.start <= span[i].to && rc == 0; q.start = q.end + step) {
			q.end = q.start + (PQ_MAX_STEPS - 1) * step < span[i].to ? q.start + (PQ_MAX_STEPS - 1) * step : span[i].to;
			first = v->of.n;
			rc = pq_eval(v->r->source, x, &q, &scratch, &r, e);
			for (k = 0; rc == 0 && k < r.n; k++)
				for (m = 0; m < r.v[k].n; m++)
					add(v, r.v[k].point[m].t - step, r.v[k].point[m].t, r.v[k].point[m].v);
			v->of.n = first + slo_unite(v->of.v + first, v->of.n - first);
			for (k = first; k < v->of.n; k++) {
				v->out->coverage.covered += v->of.v[k].to != last ? step : 0;
				last = v->of.v[k].to;
			}
			arena_free(&scratch);
		}
	}
	return rc;
}

int
slo_value_count(struct increase_run *r, const struct slo *o, const struct span *span, size_t n, struct slo_units *out, struct err *e)
{
	const struct pq_expr *x = slo_value_parse(r->arena, o, e);
	struct values v = {.r = r, .slo = o, .out = out};
	char at[TIME_TEXT], num[NUM_TEXT];
	size_t i;
	int rc = x == NULL ? -1 : 0;

	*out = (struct slo_units){.known = true};
	for (i = 0; i < n; i++)
		out->coverage.window += span[i].to - span[i].from;
	x = pq_strip(x);
	if (rc == 0)
		rc = x->kind == PQ_SELECT && x->shift.at == PQ_AT_NONE && x->shift.offset == 0 ? count_samples(&v, x->selector, span, n, e) :
		    count_values(&v, x, span, n, e);
	out->n = slo_unite(v.of.v, v.of.n);
	out->v = arena_keep(r->arena, v.of.v, out->n, sizeof(*v.of.v));
	out->coverage.first = out->n > 0 ? out->v[0].from : TIME_NONE;
	out->coverage.last = out->n > 0 ? out->v[out->n - 1].to : TIME_NONE;
	out->coverage.samples = (int64_t)out->n;
	if (rc == 0 && out->n == 0) {
		out->known = false;
		out->why = sv_of(arena_fmt(r->arena, "%" SV_FMT " has no value in the run", SV_ARG(o->raw)));
	} else if (v.odd) {
		out->known = false;
		out->why = sv_of(arena_fmt(r->arena, "%" SV_FMT " is no ratio: it was %s at %s", SV_ARG(o->raw), num_text(v.odd_value, num),
		    time_text(v.odd_at, at)));
	}
	return rc;
}

int
slo_value_sources(struct sources *s, struct judging *j, const struct slo *o, int64_t from, int64_t to, struct err *e)
{
	const struct pq_expr *x = slo_value_parse(j->arena, o, e);
	struct pq_explanation ex;

	if (x == NULL || query_explain(j, x, from, to, step_of(o), &ex, e) < 0)
		return -1;
	return query_sources(s, j, &ex, e);
}
