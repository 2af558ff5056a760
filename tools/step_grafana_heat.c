/*
 * Heat maps: of buckets that are given, or of values in spans of our own.
 */
#include "step_grafana_draw.h"

#include <math.h>

#include "base/num.h"

static void
bounds_of(struct dash_view *v, double *low, double *high)
{
	size_t i, k, r;

	*low = INFINITY;
	*high = -INFINITY;
	for (i = 0; i < v->f->n; i++)
		for (k = 0; k < v->f->v[i].n_columns; k++)
			for (r = 0; v->f->v[i].column[k].kind == GF_NUMBER && r < v->f->v[i].n_rows; r++) {
				double y = v->f->v[i].column[k].cell[r].v;

				if (isfinite(y)) {
					*low = fmin(*low, y);
					*high = fmax(*high, y);
				}
			}
}

#define OWN_BUCKETS 16

/* A heat map of values: how many of the series lie in each of equal spans. */
static size_t
own_buckets(struct dash_view *v, struct derive_bucket **out)
{
	struct derive_bucket *b = arena_new(v->a, OWN_BUCKETS, sizeof(*b));
	double low, high;
	size_t i, k, r, j, points = 0;

	bounds_of(v, &low, &high);
	if (!(low <= high))
		return 0;
	if (low == high)
		high = low + 1;
	for (i = 0; i < v->f->n; i++)
		points += v->f->v[i].n_rows;
	for (j = 0; j < OWN_BUCKETS; j++) {
		struct chart_point *p = arena_new(v->a, points, sizeof(*p));
		size_t n = 0;

		b[j].le = low + (high - low) * (double)(j + 1) / OWN_BUCKETS;
		for (i = 0; i < v->f->n; i++) {
			const struct gf_column *time = dash_column(&v->f->v[i], GF_TIME);

			for (k = 0; time != NULL && k < v->f->v[i].n_columns; k++)
				for (r = 0; v->f->v[i].column[k].kind == GF_NUMBER && r < v->f->v[i].n_rows && n < points; r++)
					p[n++] = (struct chart_point){time->cell[r].v, v->f->v[i].column[k].cell[r].v <= b[j].le * (1 + 1e-12)};
		}
		b[j].p = p;
		b[j].n = n;
	}
	*out = b;
	return OWN_BUCKETS;
}

static size_t
given_buckets(struct dash_view *v, struct derive_bucket **out)
{
	struct derive_bucket *b = arena_new(v->a, dash_numbers(v->f), sizeof(*b));
	size_t i, k, r, n = 0;

	for (i = 0; i < v->f->n; i++) {
		const struct gf_column *time = dash_column(&v->f->v[i], GF_TIME);

		for (k = 0; time != NULL && k < v->f->v[i].n_columns; k++) {
			const struct gf_column *c = &v->f->v[i].column[k];
			struct chart_point *p;
			double le;

			if (c->kind != GF_NUMBER || !(num_parse(labels_get(&c->labels, "le"), &le) || num_parse(gf_column_name(c), &le)))
				continue;
			p = arena_new(v->a, v->f->v[i].n_rows, sizeof(*p));
			for (r = 0; r < v->f->v[i].n_rows; r++)
				p[r] = (struct chart_point){time->cell[r].v, c->cell[r].v};
			b[n++] = (struct derive_bucket){le, p, v->f->v[i].n_rows};
		}
	}
	*out = b;
	return n;
}

void
dash_heat(struct dash_view *v)
{
	struct gf_name none = {.number = true};
	struct derive_bucket *b = NULL;
	struct gf_field f;
	struct unit u;
	size_t n;

	gf_field(&v->d->d, v->p->panel, &none, &f);
	u = dash_unit(&f);
	n = given_buckets(v, &b);
	if (n == 0)
		n = own_buckets(v, &b);
	v->c->kind = CHART_HEAT;
	v->c->from = (double)v->p->from;
	v->c->to = (double)v->p->to;
	if (n > 0)
		derive_heat(b, n, v->f->n > 0 && v->f->v[0].step > 0 ? v->f->v[0].step : (double)v->p->step, &u, v->a, &v->c->heat);
}
