/*
 * step_model_pair - how the values of one run spread (ECDF), and those of two: the shares overlaid, the percentiles as dumbbells.
 */
#include <math.h>

#include "base/mem.h"
#include "base/num.h"
#include "stats/order.h"
#include "step_model_in.h"

#define MOST_POINTS 1000
#define MOST_PAIRS 7

/* The finite values of a series, rising. mem_free() them. */
static double *
sorted_values(const struct step_series *s, size_t *n)
{
	double *v = mem_new(s->n, sizeof(*v));
	size_t i;

	for (i = 0, *n = 0; i < s->n; i++)
		if (isfinite(s->p[i].y))
			v[(*n)++] = s->p[i].y;
	stats_sort(v, *n);
	return v;
}

static struct sv
counted(double n, struct arena *a)
{
	char count[NUM_TEXT];

	return sv_of(arena_fmt(a, "n = %s", num_count(n < 9e15 ? (int64_t)n : 0, count)));
}

/* Of values: the share that is at most x, one point a value or, of very many, a thousand of them. */
static struct chart_series
share_of_values(const struct step_series *s, struct arena *a)
{
	struct chart_series out = {.name = s->name, .draw = DRAW_STEPS};
	size_t n, i, k, points;
	double *v = sorted_values(s, &n);
	struct chart_point *p;

	points = n < MOST_POINTS ? n : MOST_POINTS;
	p = arena_new(a, points + 1, sizeof(*p));
	for (i = 0; i < points; i++) {
		k = points == n ? i : (size_t)round((double)i * (double)(n - 1) / (double)(points - 1));
		p[i + 1] = (struct chart_point){v[k], (double)(k + 1) / (double)n};
	}
	if (n > 0)
		p[0] = (struct chart_point){v[0], 0};
	mem_free(v);
	out.data = (struct chart_data){.point = p, .n = n > 0 ? points + 1 : 0, .interval = 1};
	out.note = counted((double)n, a);
	return out;
}

/* Of buckets: known at their bounds, straight between them. */
static struct chart_series
share_of_buckets(const struct derive_bucket *b, size_t n, const struct unit *unit, struct arena *a)
{
	struct chart_series out = {.name = SV("")};
	struct chart_point *p = arena_new(a, n, sizeof(*p));
	double total, below = 0;
	char share[NUM_TEXT];
	size_t i, k, m = 0;

	derive_quantile_all(b, n, 0.5, &total);
	for (i = 0; i < n && total > 0; i++) {
		double sum = 0;

		for (k = 0; k < b[i].n; k++)
			sum += isfinite(b[i].p[k].y) ? b[i].p[k].y : 0;
		below = fmax(below, fmin(sum, total));
		if (isfinite(b[i].le))
			p[m++] = (struct chart_point){b[i].le, below / total};
	}
	out.data = (struct chart_data){.point = p, .n = m, .interval = 1};
	out.note = counted(total, a);
	if (m > 0 && p[m - 1].y < 1)
		out.note = sv_of(arena_fmt(a, "%" SV_FMT ", %s %% over %" SV_FMT, SV_ARG(out.note), num_fixed(100 * (1 - p[m - 1].y), 2, share),
		    SV_ARG(unit_text(unit, p[m - 1].x, 0, a))));
	return out;
}

/* Percentiles to read off the curve. */
static void
add_percentiles(struct chart *c, struct arena *a)
{
	static const struct {
		double q;
		const char *name;
	} at[] = {{0.5, "p50"}, {0.95, "p95"}, {0.99, "p99"}};
	struct chart_rule *rule = arena_new(a, 3, sizeof(*rule));
	size_t i;

	for (i = 0; i < 3; i++)
		rule[i] = (struct chart_rule){.value = at[i].q, .colour = PALE_GREY, .label = sv_of(at[i].name)};
	c->rule = rule;
	c->n_rules = 3;
}

static void
share_axes(const struct step_look *look, const struct unit *unit, struct arena *a, struct chart *c)
{
	struct chart_pane *pane = arena_new(a, 1, sizeof(*pane));
	double low = INFINITY, high = 0;
	size_t i, k;

	*pane = (struct chart_pane){.unit = {UNIT_FIXED, 100, SV(""), SV("%"), 0}, .min = 0, .max = 1};
	for (i = 0; i < c->n_series; i++)
		for (k = 0; k < c->series[i].data.n; k++) {
			low = fmin(low, c->series[i].data.point[k].x);
			high = fmax(high, c->series[i].data.point[k].x);
		}
	c->kind = CHART_PLOT;
	c->x = low > 0 && (look->log || high / low > 100) ? X_LOG : X_VALUE;
	c->from = c->to = 0;
	c->x_unit = *unit;
	c->x_title = SV("share of the values that are at most so large");
	c->pane = pane;
	c->n_panes = 1;
	add_percentiles(c, a);
}

static size_t
add_shares(const struct step_data *d, const struct unit *unit, struct arena *a, struct chart_series *out)
{
	struct derive_bucket *bucket;
	size_t i, n = step_buckets(d, a, &bucket);

	if (n > 1) {
		out[0] = share_of_buckets(bucket, n, unit, a);
		return out[0].data.n > 0;
	}
	for (i = n = 0; i < d->n && i < MOST_PAIRS; i++) {
		out[n] = share_of_values(&d->v[i], a);
		n += out[n].data.n > 0;
	}
	return n;
}

int
model_ecdf(struct model *b)
{
	struct chart_series *s = arena_new(b->a, MOST_PAIRS, sizeof(*s));

	b->c->series = s;
	b->c->n_series = add_shares(b->d, &b->unit, b->a, s);
	share_axes(b->look, &b->unit, b->a, b->c);
	return 0;
}

void
step_pair_ecdf(const struct step_data *candidate, const struct step_data *base, const struct step_look *look, struct arena *a, struct chart *c)
{
	struct chart_series *s = arena_new(a, 2 * MOST_PAIRS, sizeof(*s));
	struct unit unit;
	size_t i, n, m;

	unit_find(look->unit, &unit);
	n = add_shares(candidate, &unit, a, s);
	m = add_shares(base, &unit, a, s + n);
	for (i = 0; i < n + m; i++) {
		const char *run = i < n ? "candidate" : "baseline";

		s[i].colour = i < n ? style_series(i) : PALE_GREY;
		s[i].dashed = i > n;
		s[i].name = s[i].name.n == 0 ? sv_of(run) : sv_of(arena_fmt(a, "%" SV_FMT ", %s", SV_ARG(s[i].name), run));
	}
	c->series = s;
	c->n_series = n + m;
	share_axes(look, &unit, a, c);
}

/* --- dumbbells ---------------------------------------------------------------------------------- */

static const double percentile[] = {0.5, 0.95, 0.99};

/* The percentiles of a series' values, or of all buckets; inf: beyond the last bound, which is *top. False: no value. */
static bool
percentiles(const struct step_data *d, const struct step_series *s, struct arena *a, double out[3], double *top, double *count)
{
	struct derive_bucket *bucket;
	size_t i, n = step_buckets(d, a, &bucket);
	double total = 0, *v;

	*top = NAN;
	if (n > 1) {
		for (i = 0; i < 3; i++)
			out[i] = derive_quantile_all(bucket, n, percentile[i], &total);
		for (i = 0; i < n; i++)
			*top = isfinite(bucket[i].le) ? bucket[i].le : *top;
		*count += total;
		return total > 0;
	}
	v = sorted_values(s, &n);
	for (i = 0; i < 3; i++)
		out[i] = n > 0 ? stats_quantile(v, n, percentile[i]) : NAN;
	mem_free(v);
	*count += (double)n;
	return n > 0;
}

static struct sv
amount(double v, double top, const struct unit *unit, struct arena *a)
{
	struct sv text = unit_text(unit, isinf(v) ? top : v, 0, a);

	return isinf(v) ? sv_of(arena_fmt(a, "\xe2\x89\xa5 %" SV_FMT, SV_ARG(text))) : text;
}

/* "312 ms to 405 ms, +30 %" */
static struct sv
said(double base, double base_top, double v, double top, const struct unit *unit, struct arena *a)
{
	struct sv from = amount(base, base_top, unit, a), to = amount(v, top, unit, a);
	double more = 100 * (v - base) / fabs(base);
	char text[NUM_TEXT];

	if (!isfinite(more))
		return sv_of(arena_fmt(a, "%" SV_FMT " to %" SV_FMT, SV_ARG(from), SV_ARG(to)));
	return sv_of(arena_fmt(a, "%" SV_FMT " to %" SV_FMT ", %s%s %%", SV_ARG(from), SV_ARG(to), more < 0 ? "\xe2\x88\x92" : "+",
	    num_fixed(fabs(more), fabs(more) < 9.95 ? 1 : 0, text)));
}

static const struct step_series *
named(const struct step_data *d, struct sv name)
{
	size_t i;

	for (i = 0; i < d->n; i++)
		if (sv_eq(d->v[i].name, name))
			return &d->v[i];
	return NULL;
}

size_t
step_pair_dumbbells(const struct step_data *candidate, const struct step_data *base, const struct step_look *look, struct arena *a, struct chart *c,
    struct sv *method, struct sv count[2])
{
	static const char *const name[] = {"p50", "p95", "p99"};
	struct derive_bucket *bucket;
	bool buckets = step_buckets(candidate, a, &bucket) > 1 && step_buckets(base, a, &bucket) > 1;
	size_t i, k, n = buckets ? candidate->n > 0 : candidate->n, left_out = 0;
	struct chart_row *row = arena_new(a, 3 * n, sizeof(*row));
	double counts[2] = {0, 0};
	struct unit unit;

	unit_find(look->unit, &unit);
	c->kind = CHART_PAIRS;
	c->row = row;
	c->x = look->log ? X_LOG : X_VALUE;
	for (i = 0; i < n; i++) {
		const struct step_series *s = &candidate->v[i], *other = buckets ? &base->v[0] : candidate->n == 1 && base->n == 1 ? &base->v[0] : named(base, s->name);
		double v[3], w[3], top, other_top;

		if (other == NULL || i >= MOST_PAIRS || !percentiles(candidate, s, a, v, &top, &counts[0]) || !percentiles(base, other, a, w, &other_top, &counts[1])) {
			left_out++;
			continue;
		}
		for (k = 0; k < 3; k++) {
			struct chart_row *r = &row[c->n_rows++];

			*r = (struct chart_row){.name = sv_of(name[k]), .unit = unit, .min = NAN, .max = NAN};
			if (n > 1)
				r->name = sv_of(arena_fmt(a, "%" SV_FMT " %s", SV_ARG(s->name), name[k]));
			r->text = said(w[k], other_top, v[k], top, &unit, a);
			r->value = isinf(v[k]) ? top : v[k];
			r->other = isinf(w[k]) ? other_top : w[k];
		}
	}
	*method = buckets ? SV("percentiles, interpolated within buckets,") : SV("percentiles");
	for (k = 0; k < 2; k++)
		count[k] = sv_of(arena_fmt(a, ", %" SV_FMT, SV_ARG(counted(counts[k], a))));
	if (c->n_rows == 0)
		c->why = SV("no series of the candidate has one of the same name in the baseline (--legend names them)");
	return left_out;
}
