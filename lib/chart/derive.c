#include "chart/derive.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stats/order.h"
#include "stats/trend.h"

/* Buckets as columns: counts[x][bound], both sorted. */
struct grid {
	double *x, *le;
	size_t n_x, n_le;
	double *count; /* cumulative; NaN: not measured */
};

static int
by_number(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static size_t
unique(double *v, size_t n)
{
	size_t i, k = 0;

	if (n > 0)
		qsort(v, n, sizeof(*v), by_number);
	for (i = 0; i < n; i++)
		if (k == 0 || v[k - 1] != v[i])
			v[k++] = v[i];
	return k;
}

static size_t
index_of(const double *v, size_t n, double x)
{
	const double *at = bsearch(&x, v, n, sizeof(*v), by_number);

	return at == NULL ? n : (size_t)(at - v);
}

static void
grid_make(struct grid *g, const struct derive_bucket *b, size_t n, struct arena *a)
{
	size_t i, k, all = 0;

	for (i = 0; i < n; i++)
		all += b[i].n;
	g->x = arena_new(a, all, sizeof(*g->x));
	g->le = arena_new(a, n, sizeof(*g->le));
	for (i = 0; i < n; i++) {
		g->le[i] = b[i].le;
		for (k = 0; k < b[i].n; k++)
			g->x[g->n_x++] = b[i].p[k].x;
	}
	g->n_x = unique(g->x, g->n_x);
	g->n_le = unique(g->le, n);
	g->count = arena_new(a, g->n_x * g->n_le, sizeof(*g->count));
	for (i = 0; i < g->n_x * g->n_le; i++)
		g->count[i] = NAN;
	for (i = 0; i < n; i++) {
		size_t row = index_of(g->le, g->n_le, b[i].le);

		for (k = 0; k < b[i].n; k++) {
			double *at = &g->count[index_of(g->x, g->n_x, b[i].p[k].x) * g->n_le + row];

			if (isfinite(b[i].p[k].y))
				*at = isnan(*at) ? b[i].p[k].y : *at + b[i].p[k].y;
		}
	}
}

/* Cumulative counts never fall towards larger bounds, but for the noise of rates; a bound that is missing adds nothing. */
static double
above(const double *column, size_t k)
{
	double low = 0, v = column[k];
	size_t i;

	for (i = 0; i < k; i++)
		if (column[i] > low)
			low = column[i];
	return isnan(v) || v < low ? 0 : v - low;
}

static double
column_total(const double *column, size_t n)
{
	double most = NAN;
	size_t k;

	for (k = 0; k < n; k++)
		if (!isnan(column[k]) && !(most >= column[k]))
			most = column[k];
	return most;
}

bool
derive_heat(const struct derive_bucket *b, size_t n, double interval, const struct unit *unit, struct arena *a, struct chart_heat *out)
{
	struct grid g = {.n_x = 0};
	double *cell;
	int64_t *from;
	struct sv *edge;
	bool any = false;
	size_t i, k;

	grid_make(&g, b, n, a);
	cell = arena_new(a, g.n_x * g.n_le, sizeof(*cell));
	from = arena_new(a, g.n_x, sizeof(*from));
	edge = arena_new(a, g.n_le, sizeof(*edge));
	for (i = 0; i < g.n_x; i++) {
		const double *column = g.count + i * g.n_le;
		double total = column_total(column, g.n_le);

		from[i] = (int64_t)(g.x[i] - interval);
		for (k = 0; k < g.n_le; k++)
			cell[i * g.n_le + k] = isnan(total) ? NAN : total > 0 ? above(column, k) / total : 0;
		any |= total > 0;
	}
	for (k = 0; k < g.n_le; k++)
		edge[k] = isinf(g.le[k]) ? SV("+Inf") : unit_text(unit, g.le[k], 0, a);
	*out = (struct chart_heat){.from = from, .n_columns = g.n_x, .interval = (int64_t)interval, .edge = edge, .n_rows = g.n_le,
	    .cell = cell, .of = SV("share of the column"), .share = true};
	return any;
}

/* As histogram_quantile() does: linear within the bucket, from 0 in the lowest. */
static double
quantile(const double *le, const double *column, size_t n, double q)
{
	double total = column_total(column, n), rank = q * total, low = 0, from = 0;
	size_t k;

	if (!(total > 0))
		return NAN;
	for (k = 0; k < n; k++) {
		if (isnan(column[k]) || column[k] < low)
			continue;
		if (column[k] >= rank) {
			if (isinf(le[k]))
				return INFINITY;
			if (k == 0 && le[k] <= 0)
				return le[k];
			return column[k] > low ? from + (le[k] - from) * (rank - low) / (column[k] - low) : le[k];
		}
		low = column[k];
		from = le[k];
	}
	return INFINITY;
}

struct chart_point *
derive_quantile(const struct derive_bucket *b, size_t n, double q, struct arena *a, size_t *n_out)
{
	struct grid g = {.n_x = 0};
	struct chart_point *p;
	size_t i;

	grid_make(&g, b, n, a);
	p = arena_new(a, g.n_x, sizeof(*p));
	for (i = 0; i < g.n_x; i++)
		p[i] = (struct chart_point){g.x[i], quantile(g.le, g.count + i * g.n_le, g.n_le, q)};
	*n_out = g.n_x;
	return p;
}

double
derive_quantile_all(const struct derive_bucket *b, size_t n, double q, double *total)
{
	struct arena a = {0};
	struct grid g = {.n_x = 0};
	double *sum, v;
	size_t i, k;

	grid_make(&g, b, n, &a);
	sum = arena_new(&a, g.n_le, sizeof(*sum));
	for (i = 0; i < g.n_x; i++)
		for (k = 0; k < g.n_le; k++)
			if (!isnan(g.count[i * g.n_le + k]))
				sum[k] += g.count[i * g.n_le + k];
	*total = column_total(sum, g.n_le);
	v = quantile(g.le, sum, g.n_le, q);
	arena_free(&a);
	return v;
}

size_t
derive_spans_most(const struct chart_data *d)
{
	return d->n;
}

static const struct derive_level *
level_of(double v, const struct derive_level *level, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (v >= level[i].from && v <= level[i].to)
			return &level[i];
	return NULL;
}

void
derive_spans(const struct chart_data *d, size_t row, double end, const struct derive_level *level, size_t n_levels,
    const struct unit *unit, struct arena *a, struct chart_span *out, size_t *n)
{
	static const uint32_t by_level[] = {STATE_CALM, ORANGE, RED};
	size_t i = 0, k = 0;

	while (i < d->n) {
		const struct derive_level *l = level_of(d->point[i].y, level, n_levels);
		struct chart_span *s = &out[(*n)++];
		size_t start = i;
		bool cut = false;

		for (i++; i < d->n; i++) {
			while (k < d->n_cuts && d->cut[k] < i)
				k++;
			cut = k < d->n_cuts && d->cut[k] == i;
			if (cut || (l != NULL ? level_of(d->point[i].y, level, n_levels) != l : d->point[i].y != d->point[start].y))
				break;
		}
		*s = (struct chart_span){.row = row, .from = (int64_t)d->point[start].x};
		/* A state holds until the next sample says otherwise; where that is missing, an interval at most. */
		s->to = (int64_t)(i < d->n && !cut ? d->point[i].x : fmin(d->point[i - 1].x + d->interval, end));
		if (s->to < s->from)
			s->to = s->from;
		s->level = l != NULL && l->level >= 0 ? l->level : d->point[start].y <= 0 ? 0 : d->point[start].y < 2 ? 1 : 2;
		s->colour = l != NULL && l->colour != 0 ? l->colour : by_level[s->level];
		s->label = l != NULL ? l->text : unit_text(unit, d->point[start].y, 0, a);
	}
}

/* --- slopes ---------------------------------------------------------------------------------- */

#define MOST_MEDIANS 300
#define FEWEST 10

/* One median for each of at most MOST_MEDIANS equal spans that hold a sample. */
static size_t
medians(const struct chart_data *d, double from, double to, double *x, double *y)
{
	double *v = mem_new(d->n, sizeof(*v)), width = (to - from) / MOST_MEDIANS, sum = 0;
	size_t i, n = 0, m = 0, span = 0;

	for (i = 0; i <= d->n; i++) {
		bool in = i < d->n && d->point[i].x >= from && d->point[i].x < to && isfinite(d->point[i].y);
		size_t at = in ? (size_t)((d->point[i].x - from) / width) : (size_t)-1;

		if (i < d->n && !in)
			continue;
		if (m > 0 && at != span) {
			x[n] = sum / (double)m;
			stats_sort(v, m);
			y[n++] = stats_median(v, m);
			m = 0;
			sum = 0;
		}
		if (!in || n == MOST_MEDIANS)
			break;
		span = at;
		sum += d->point[i].x;
		v[m++] = d->point[i].y;
	}
	mem_free(v);
	return n;
}

struct derive_trend
derive_trend(const struct chart_data *d, double from, double to)
{
	struct derive_trend t = {.from = from, .to = to};
	double x[MOST_MEDIANS], y[MOST_MEDIANS];
	struct stats_trend line;
	size_t i;

	if (!(to > from))
		return t;
	t.n = medians(d, from, to, x, y);
	if (t.n < FEWEST)
		return t;
	for (i = 0; i < t.n; i++)
		x[i] = (x[i] - from) / 1000;
	stats_trend(x, y, t.n, 0.95, &line);
	t.slope = line.slope;
	t.low = line.slope_interval.low;
	t.high = line.slope_interval.high;
	t.at = from;
	t.value = line.intercept;
	t.known = true;
	return t;
}
