#include "judge/conflicts.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"

struct conflict {
	struct sv metric, labels, a, b; /* a, b: the artifacts */
	int64_t t;
	double value_a, value_b;
	size_t order; /* as it was read */
};

static int
decimals(double v)
{
	char buf[NUM_TEXT];

	return isfinite(v) ? num_decimals(sv_of(num_text(v, buf))) : 0;
}

static int
by_pair(const void *x, const void *y)
{
	const struct conflict *a = x, *b = y;
	int c = sv_cmp(a->a, b->a);

	c = c != 0 ? c : sv_cmp(a->b, b->b);
	c = c != 0 ? c : sv_cmp(a->metric, b->metric);
	return c != 0 ? c : a->order < b->order ? -1 : a->order > b->order;
}

static int
by_order(const void *x, const void *y)
{
	const struct conflict *a = x, *b = y;

	return a->order < b->order ? -1 : a->order > b->order;
}

static bool
same_pair(const struct conflict *x, const struct conflict *y)
{
	return sv_eq(x->a, y->a) && sv_eq(x->b, y->b);
}

/* Is the one the other, rounded to the fewer decimals? */
static bool
rounded(double a, double b, int decimals_a, int decimals_b)
{
	int fewer = decimals_a < decimals_b ? decimals_a : decimals_b;

	return decimals_a != decimals_b && fewer > 0 && isfinite(a) && isfinite(b) &&
	    fabs(a - b) <= 0.5 * pow(10, -fewer) + 1e-12 * fmax(fabs(a), fabs(b));
}

/* Leaves out what differs by its rounding only: v in order of pair and metric. The number that is left. */
static size_t
drop_rounded(struct conflict *v, size_t n)
{
	size_t i, k, from, kept = 0;
	int a, b;

	for (from = 0; from < n; from = k) {
		a = b = 0;
		for (k = from; k < n && same_pair(&v[k], &v[from]) && sv_eq(v[k].metric, v[from].metric); k++) {
			a = decimals(v[k].value_a) > a ? decimals(v[k].value_a) : a;
			b = decimals(v[k].value_b) > b ? decimals(v[k].value_b) : b;
		}
		for (i = from; i < k; i++)
			if (!rounded(v[i].value_a, v[i].value_b, a, b))
				v[kept++] = v[i];
	}
	return kept;
}

/* As PromQL writes it. */
static const char *
series_text(struct judging *j, const struct conflict *c)
{
	struct sb out = {0};
	struct err ignored;
	struct labels labels;
	const char *text;

	if (labels_parse(j->arena, c->labels, &labels, &ignored) < 0)
		labels = (struct labels){0};
	labels_show(c->metric, &labels, &out);
	text = arena_str(j->arena, sb_sv(&out));
	sb_free(&out);
	return text;
}

/* All that two artifacts disagree on, told by the first of it: 67 lines would say no more. */
static void
tell(struct judging *j, const struct conflict *all, size_t n, const struct conflict *first)
{
	struct arena *a = j->arena;
	char t[TIME_TEXT], va[NUM_TEXT], vb[NUM_TEXT];
	size_t i, more = 0;

	for (i = 0; i < n; i++)
		more += same_pair(&all[i], first);
	judge_contradict(j, arena_fmt(a, "conflict/%" SV_FMT "/%" SV_FMT, SV_ARG(first->a), SV_ARG(first->b)), first->b,
	    arena_fmt(a, "%s at %s is %s in %" SV_FMT " and %s in %" SV_FMT "%s.", series_text(j, first), time_text(first->t, t), num_text(first->value_a, va), SV_ARG(first->a),
		num_text(first->value_b, vb), SV_ARG(first->b),
		more > 1 ? arena_fmt(a, ", and %zu more such differences", more - 1) : ""));
}

#define PAIRS 200 /* of artifacts; more would not be read */

static void
tell_all(struct judging *j, struct conflict *v, size_t n)
{
	const struct conflict *told[PAIRS];
	size_t i, k, n_told = 0;

	if (n > 1)
		qsort(v, n, sizeof(*v), by_order);
	for (i = 0; i < n && n_told < PAIRS; i++) {
		for (k = 0; k < n_told && !same_pair(told[k], &v[i]); k++)
			;
		if (k == n_told)
			tell(j, v, n, told[n_told++] = &v[i]);
	}
}

int
conflicts_judge(struct judging *j, struct err *e)
{
	struct store_rows *rows = store_conflicts_open(j->store, e);
	VEC(struct conflict) all = {0};
	struct arena names = {0};
	struct store_conflict k;
	size_t n;
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_conflicts_next(rows, &k, e)) > 0) {
		n = all.n;
		*vec_add(&all) = (struct conflict){arena_sv(&names, k.name), arena_sv(&names, k.labels), arena_sv(&names, k.source_a),
		    arena_sv(&names, k.source_b), k.t, k.value_a, k.value_b, n};
	}
	store_rows_close(rows);
	if (all.n > 1)
		qsort(all.v, all.n, sizeof(*all.v), by_pair);
	if (rc == 0)
		tell_all(j, all.v, drop_rounded(all.v, all.n));
	vec_free(&all);
	arena_free(&names);
	return rc;
}
