#include "chart/data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define GAP_FACTOR 1.5
#define SAMPLED 20001 /* distances looked at for the median one */

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The median distance of neighbours (the lower one of two), from evenly spread samples of them. */
static double
median_interval(const struct chart_point *p, size_t n)
{
	size_t stride = 1 + n / SAMPLED, count = 0, i;
	double *d, median;

	if (n < 3)
		return 0;
	d = mem_new(n / stride + 1, sizeof(*d));
	for (i = 1; i < n; i += stride)
		d[count++] = p[i].x - p[i - 1].x;
	qsort(d, count, sizeof(*d), by_value);
	median = d[(count - 1) / 2];
	mem_free(d);
	return median;
}

struct chart_data
chart_data(const struct chart_point *given, size_t n, double interval, struct arena *a)
{
	struct chart_data d = {.interval = interval};
	struct chart_point *p = arena_new(a, n, sizeof(*p));
	VEC(size_t) cuts = {0};
	bool nan = false;
	size_t i;

	for (i = 0; i < n; i++) {
		if (isnan(given[i].y)) {
			nan = true;
			d.dropped++;
			continue;
		}
		if (d.n > 0 && p[d.n - 1].x == given[i].x) {
			p[d.n - 1] = given[i];
			continue;
		}
		if (nan && d.n > 0)
			*vec_add(&cuts) = d.n;
		nan = false;
		p[d.n++] = given[i];
	}
	d.point = p;
	if (!(d.interval > 0))
		d.interval = median_interval(p, d.n);
	/* Merge what the distances say into what the NaNs said. */
	if (d.n > 1) {
		VEC(size_t) all = {0};
		size_t k = 0;

		for (i = 1; i < d.n; i++) {
			bool cut = k < cuts.n && cuts.v[k] == i;

			k += cut;
			if (cut || d.interval == 0 || p[i].x - p[i - 1].x > GAP_FACTOR * d.interval)
				*vec_add(&all) = i;
		}
		d.n_cuts = all.n;
		d.cut = arena_keep(a, all.v, all.n, sizeof(*all.v));
	}
	vec_free(&cuts);
	return d;
}

/* Covered stretches of one series, from first to last point of each run. */
struct stretch {
	double from, to;
};

static int
by_start(const void *a, const void *b)
{
	const struct stretch *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

static void
add_gap(struct chart_gap *gap, size_t *n, double from, double to)
{
	if (to - from >= 1)
		gap[(*n)++] = (struct chart_gap){(int64_t)from, (int64_t)to};
}

size_t
chart_gaps(const struct chart_data *const *d, size_t n, int64_t from, int64_t to, struct arena *a, struct chart_gap **out)
{
	VEC(struct stretch) s = {0};
	double reached = (double)from, interval = 0;
	struct chart_gap *gap;
	size_t n_gaps = 0, i, k;
	bool some = false;

	for (i = 0; i < n; i++) {
		size_t start = 0;

		interval = fmax(interval, d[i]->interval);
		for (k = 0; k <= d[i]->n_cuts && d[i]->n > 0; k++) {
			size_t end = k < d[i]->n_cuts ? d[i]->cut[k] : d[i]->n;

			*vec_add(&s) = (struct stretch){d[i]->point[start].x, d[i]->point[end - 1].x};
			start = end;
		}
	}
	if (s.n > 0)
		qsort(s.v, s.n, sizeof(*s.v), by_start);
	gap = arena_new(a, s.n + 1, sizeof(*gap));
	for (i = 0; i < s.n; i++) {
		/* Samples need not fall on the ends of the axis: up to an interval there is no gap. */
		if (s.v[i].from > reached && (some || (interval > 0 && s.v[i].from - reached > GAP_FACTOR * interval)))
			add_gap(gap, &n_gaps, reached, fmin(s.v[i].from, (double)to));
		if (s.v[i].to > reached || !some)
			reached = fmax(reached, s.v[i].to);
		some = true;
	}
	if (some && (double)to - reached > GAP_FACTOR * interval && interval > 0)
		add_gap(gap, &n_gaps, reached, (double)to);
	vec_free(&s);
	*out = gap;
	return n_gaps;
}
