/*
 * step_model_spread - the kinds that show how values spread, from the buckets of a histogram: heat, percentiles, hdr, distribution.
 */
#include "step_model_in.h"

#include <math.h>
#include <stdlib.h>

#include "base/num.h"
#include "base/time.h"

static int
by_number_of_le(const void *a, const void *b)
{
	const struct derive_bucket *x = a, *y = b;

	return (x->le > y->le) - (x->le < y->le);
}

size_t
step_buckets(const struct step_data *d, struct arena *a, struct derive_bucket **out)
{
	struct derive_bucket *b = arena_new(a, d->n, sizeof(*b));
	size_t i, n = 0;
	double le;

	for (i = 0; i < d->n; i++)
		if (num_parse(labels_get(&d->v[i].labels, "le"), &le))
			b[n++] = (struct derive_bucket){le, d->v[i].p, d->v[i].n};
	if (n > 0)
		qsort(b, n, sizeof(*b), by_number_of_le);
	*out = b;
	return n;
}

static int
need_buckets(struct model *b, struct derive_bucket **bucket, size_t *n)
{
	*n = step_buckets(b->d, b->a, bucket);
	if (*n > 1 || b->d->n == 0) /* nothing at all is no evidence, not a mistake */
		return 0;
	return err_set(b->e, ERR_USAGE, "that kind needs the buckets of a histogram: series with a label le, as of "
	    "sum by (le) (increase(x_bucket[5m]))");
}

int
model_heat(struct model *b)
{
	struct derive_bucket *bucket;
	struct chart_data *line;
	struct chart_point *p;
	double interval = b->d->interval;
	size_t n, i, n_p;

	if (need_buckets(b, &bucket, &n) < 0)
		return -1;
	if (interval == 0 && n > 0)
		interval = chart_data(bucket[0].p, bucket[0].n, 0, b->a).interval;
	if (interval == 0)
		interval = (double)TIME_MINUTE;
	b->c->kind = CHART_HEAT;
	if (!derive_heat(bucket, n, interval, &b->unit, b->a, &b->c->heat))
		return 0;
	/* p99 in rows: between the edges of its bucket. */
	p = derive_quantile(bucket, n, 0.99, b->a, &n_p);
	for (i = 0; i < n_p; i++) {
		size_t k = 0;

		p[i].x -= interval / 2;
		while (k + 1 < n && bucket[k].le < p[i].y)
			k++;
		if (!isfinite(p[i].y))
			p[i].y = isnan(p[i].y) ? NAN : (double)b->c->heat.n_rows - 0.5;
		else if (k == 0)
			p[i].y = bucket[0].le > 0 ? p[i].y / bucket[0].le : 0.5;
		else
			p[i].y = (double)k + (p[i].y - bucket[k - 1].le) / (bucket[k].le - bucket[k - 1].le);
	}
	line = arena_new(b->a, 1, sizeof(*line));
	*line = chart_data(p, n_p, interval, b->a);
	b->c->heat.line = line;
	b->c->heat.line_name = SV("p99");
	return 0;
}

/* p50, p95 and p99 per step; in +Inf there is no number: the line ends at the highest bound, and the picture says so. */
int
model_percentiles(struct model *b)
{
	static const struct {
		double q;
		const char *name;
		uint32_t colour;
	} want[] = {{0.5, "p50", 0x6BA6D0FF}, {0.95, "p95", 0x1F66A3FF}, {0.99, "p99", 0x082B59FF}};
	struct chart_series *s = arena_new(b->a, 3, sizeof(*s));
	struct derive_bucket *bucket;
	double top = 0, high = 0, low = INFINITY;
	size_t n, i, k, n_p;

	if (need_buckets(b, &bucket, &n) < 0)
		return -1;
	for (i = 0; i < n; i++)
		top = isinf(bucket[i].le) ? top : fmax(top, bucket[i].le);
	model_add_pane(b);
	b->c->kind = CHART_PLOT;
	b->c->series = s;
	b->c->n_series = 3;
	for (i = 0; i < 3; i++) {
		struct chart_point *p = derive_quantile(bucket, n, want[i].q, b->a, &n_p);
		size_t beyond = 0;

		for (k = 0; k < n_p; k++) {
			beyond += isinf(p[k].y);
			if (isinf(p[k].y))
				p[k].y = top;
			if (p[k].y > 0)
				low = fmin(low, p[k].y);
			high = p[k].y > high ? p[k].y : high;
		}
		s[i] = (struct chart_series){.name = sv_of(want[i].name), .colour = want[i].colour, .data = chart_data(p, n_p, b->d->interval, b->a)};
		if (beyond > 0)
			s[i].note = sv_of(arena_fmt(b->a, "max ≥ %" SV_FMT, SV_ARG(unit_text(&b->unit, top, 0, b->a))));
	}
	if (high / low > 10 && !b->look->log) {
		((struct chart_pane *)b->c->pane)->log = true;
	}
	return 0;
}

static const double hdr_q[] = {0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99, 0.995, 0.9975, 0.999, 0.9995, 0.99975, 0.9999, 0.99995, 0.99999,
    0.999999};

int
model_hdr(struct model *b)
{
	struct chart_series *s = arena_new(b->a, 1, sizeof(*s));
	struct chart_point *p = arena_new(b->a, sizeof(hdr_q) / sizeof(*hdr_q), sizeof(*p));
	struct derive_bucket *bucket;
	double total = 0;
	char count[NUM_TEXT];
	size_t n, i, m = 0;

	if (need_buckets(b, &bucket, &n) < 0)
		return -1;
	for (i = 0; i < sizeof(hdr_q) / sizeof(*hdr_q); i++) {
		double v = derive_quantile_all(bucket, n, hdr_q[i], &total);

		/* No 99.99 % from 500 samples. */
		if (isfinite(v) && 1 / (1 - hdr_q[i]) <= total)
			p[m++] = (struct chart_point){hdr_q[i], v};
	}
	model_add_pane(b);
	b->c->kind = CHART_PLOT;
	b->c->x = X_PERCENTILE;
	b->c->to = fmin(total, 1e6);
	b->c->x_title = sv_of(arena_fmt(b->a, "percentile of %s observations; interpolated within buckets",
	    num_count(total < 9e15 ? (int64_t)total : 0, count)));
	s->data = chart_data(p, m, 1, b->a);
	model_join(&s->data);
	b->c->series = s;
	b->c->n_series = 1;
	return 0;
}

/* Bars by true bucket width over a logarithmic axis would need densities; rows by bucket say the same without trickery. */
int
model_distribution(struct model *b)
{
	struct derive_bucket *bucket;
	struct chart_row *row;
	double below = 0, total, p50, p95, p99;
	size_t n, i, k;

	if (need_buckets(b, &bucket, &n) < 0)
		return -1;
	row = arena_new(b->a, n, sizeof(*row));
	p50 = derive_quantile_all(bucket, n, 0.5, &total);
	p95 = derive_quantile_all(bucket, n, 0.95, &total);
	p99 = derive_quantile_all(bucket, n, 0.99, &total);
	for (i = 0; i < n; i++) {
		double sum = 0, from = i > 0 ? bucket[i - 1].le : 0;
		struct sb name = {0}, mark = {0};
		char share[NUM_TEXT];

		for (k = 0; k < bucket[i].n; k++)
			sum += isfinite(bucket[i].p[k].y) ? bucket[i].p[k].y : 0;
		row[i].value = fmax(0, sum - below);
		below = fmax(below, sum);
		if (isinf(bucket[i].le))
			sb_addf(&name, "over %" SV_FMT, SV_ARG(unit_text(&b->unit, from, 0, b->a)));
		else
			sb_addf(&name, "up to %" SV_FMT, SV_ARG(unit_text(&b->unit, bucket[i].le, 0, b->a)));
		if (p50 > from && p50 <= bucket[i].le)
			sb_adds(&mark, "  p50");
		if (p95 > from && p95 <= bucket[i].le)
			sb_adds(&mark, "  p95");
		if (p99 > from && p99 <= bucket[i].le)
			sb_adds(&mark, "  p99");
		row[i].name = arena_sv(b->a, sb_sv(&name));
		row[i].text = sv_of(arena_fmt(b->a, "%s %%%s", num_fixed(total > 0 ? 100 * row[i].value / total : 0, 2, share), sb_str(&mark)));
		sb_free(&name);
		sb_free(&mark);
	}
	b->c->kind = CHART_BARS;
	b->c->row = row;
	b->c->n_rows = n;
	return 0;
}
