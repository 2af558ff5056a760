#include "step_model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"

const char *const step_kinds[] = {"lines", "stack", "columns", "steps", "points", "bars", "stat", "gauge", "table", "heat", "states",
    "percentiles", "distribution", "hdr", "trend", "spark", NULL};

void
step_data_of(const struct pq_result *r, struct arena *a, struct step_data *out)
{
	size_t i, k;

	out->n = r->n;
	out->v = arena_new(a, r->n, sizeof(*out->v));
	out->times = true;
	for (i = 0; i < r->n; i++) {
		struct step_series *s = &out->v[i];

		s->labels = r->v[i].labels;
		s->n = r->v[i].n;
		s->p = arena_new(a, s->n, sizeof(*s->p));
		for (k = 0; k < s->n; k++)
			s->p[k] = (struct chart_point){(double)r->v[i].point[k].t, r->v[i].point[k].v};
	}
}

/* "{{a}} of {{ b }}" with the labels' values in place. */
static struct sv
expand(struct sv legend, const struct labels *l, struct arena *a)
{
	struct sb out = {0};
	struct sv rest = legend, name;

	while (rest.n > 0) {
		size_t open = sv_find(rest, SV("{{")), close;

		sb_addv(&out, sv_head(rest, open));
		rest = sv_from(rest, open);
		close = sv_find(rest, SV("}}"));
		if (close == rest.n) {
			sb_addv(&out, rest);
			break;
		}
		name = sv_trim(sv_head(sv_from(rest, 2), close - 2));
		sb_addv(&out, labels_get(l, arena_str(a, name)));
		rest = sv_from(rest, close + 2);
	}
	name = arena_sv(a, sb_sv(&out));
	sb_free(&out);
	return name;
}

static bool
differs(const struct step_series *v, size_t n, struct sv label, struct arena *a)
{
	const char *name = arena_str(a, label);
	struct sv first = labels_get(&v[0].labels, name);
	size_t i;

	for (i = 1; i < n; i++)
		if (!sv_eq(labels_get(&v[i].labels, name), first))
			return true;
	return false;
}

struct names {
	struct sv *v;
	size_t n, cap;
};

static void
collect_names(const struct step_series *v, size_t n, struct arena *a, struct names *out)
{
	struct names seen = {0};
	size_t i, k, j;

	for (i = 0; i < n; i++)
		for (k = 0; k < v[i].labels.n; k++) {
			for (j = 0; j < seen.n && !sv_eq(seen.v[j], v[i].labels.v[k].name); j++)
				;
			if (j < seen.n)
				continue;
			*vec_add(&seen) = v[i].labels.v[k].name;
			if (differs(v, n, v[i].labels.v[k].name, a))
				*vec_add(out) = v[i].labels.v[k].name;
		}
	vec_free(&seen);
}

/* The one label whose values tell all of them apart; the shortest such values win. n when there is none. */
static size_t
sole_label(const struct step_series *v, size_t n, const struct names *names, struct arena *a)
{
	size_t i, j, k, best = names->n, least = (size_t)-1;

	for (k = 0; k < names->n; k++) {
		const char *name = arena_str(a, names->v[k]);
		size_t all = 0;
		bool unique = n <= 200;

		for (i = 0; unique && i < n; i++) {
			struct sv value = labels_get(&v[i].labels, name);

			all += value.n;
			unique = value.n > 0;
			for (j = 0; unique && j < i; j++)
				unique = !sv_eq(value, labels_get(&v[j].labels, name));
		}
		if (unique && all < least) {
			least = all;
			best = k;
		}
	}
	return best;
}

void
step_names(struct step_series *v, size_t n, struct sv legend, struct arena *a)
{
	struct names names = {0};
	struct sb out = {0};
	size_t i, k, sole;
	bool nameless = false;

	if (legend.n == 0 && n > 1)
		collect_names(v, n, a, &names);
	sole = sole_label(v, n, &names, a);
	for (i = 0; i < n; i++) {
		if (v[i].name.n > 0)
			continue;
		if (legend.n > 0) {
			v[i].name = expand(legend, &v[i].labels, a);
			nameless |= sv_trim(v[i].name).n == 0;
			continue;
		}
		sb_reset(&out);
		for (k = 0; k < names.n; k++) {
			struct sv value = labels_get(&v[i].labels, arena_str(a, names.v[k]));

			if (value.n == 0 || (sole < names.n && sole != k))
				continue;
			if (out.n > 0)
				sb_adds(&out, " ");
			if (names.n > 2 && sole == names.n && !sv_is(names.v[k], "__name__"))
				sb_addf(&out, "%" SV_FMT "=", SV_ARG(names.v[k]));
			sb_addv(&out, value);
		}
		v[i].name = arena_sv(a, sb_sv(&out));
	}
	sb_free(&out);
	vec_free(&names);
	/* A legend of labels that are not there names nothing. */
	if (nameless && n > 1)
		step_names(v, n, (struct sv){NULL, 0}, a);
}

static bool
has_buckets(const struct step_data *d)
{
	size_t i;

	for (i = 0; i < d->n; i++)
		if (!labels_has(&d->v[i].labels, SV("le")))
			return false;
	return d->n > 1;
}

/* A few small whole numbers that hold for a while: states of something. */
static bool
looks_like_states(const struct step_data *d)
{
	double seen[5];
	size_t i, k, j, n = 0, points = 0, changes = 0;

	for (i = 0; i < d->n; i++)
		for (k = 0; k < d->v[i].n; k++) {
			double y = d->v[i].p[k].y;

			if (y != floor(y) || y < -1 || y > 8)
				return false;
			for (j = 0; j < n && seen[j] != y; j++)
				;
			if (j == n) {
				if (n == 4)
					return false;
				seen[n++] = y;
			}
			points++;
			changes += k > 0 && y != d->v[i].p[k - 1].y;
		}
	return points >= 2 * d->n && d->n > 0 && d->n <= 40 && changes * 10 <= points;
}

const char *
step_kind(const struct step_data *d)
{
	size_t i, longest = 0;

	for (i = 0; i < d->n; i++)
		longest = d->v[i].n > longest ? d->v[i].n : longest;
	if (d->label != NULL || (longest == 1 && d->n > 1))
		return "bars";
	if (!d->times)
		return "lines";
	if (has_buckets(d))
		return "heat";
	return looks_like_states(d) ? "states" : "lines";
}

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

/* --- the kinds ------------------------------------------------------------------------------- */

struct build {
	const struct step_data *d;
	const struct step_look *look;
	struct arena *a;
	struct chart *c;
	struct unit unit;
	struct err *e;
};

static void
add_pane(struct build *b)
{
	struct chart_pane *pane = arena_new(b->a, 1, sizeof(*pane));

	pane->unit = b->unit;
	pane->min = b->look->min;
	pane->max = b->look->max;
	pane->log = b->look->log;
	b->c->pane = pane;
	b->c->n_panes = 1;
}

static struct chart_data
data_of(const struct build *b, size_t i)
{
	return chart_data(b->d->v[i].p, b->d->v[i].n, b->d->times ? b->d->interval : 0, b->a);
}

/* x that are no times are joined whatever lies between them. */
static void
join(struct chart_data *d)
{
	d->n_cuts = 0;
}

static int
make_plot(struct build *b, const char *kind)
{
	struct chart_series *s = arena_new(b->a, b->d->n, sizeof(*s));
	size_t i;

	add_pane(b);
	b->c->kind = CHART_PLOT;
	b->c->series = s;
	b->c->n_series = b->d->n;
	b->c->x = b->d->times ? X_TIME : X_VALUE;
	b->c->x_unit = (struct unit){.factor = 1, .decimals = -1};
	for (i = 0; i < b->d->n; i++) {
		s[i].name = b->d->v[i].name;
		s[i].data = data_of(b, i);
		if (!b->d->times)
			join(&s[i].data);
		s[i].draw = strcmp(kind, "columns") == 0 ? DRAW_COLUMNS : strcmp(kind, "points") == 0 ? DRAW_POINTS :
		    strcmp(kind, "steps") == 0                                                        ? DRAW_STEPS :
													DRAW_LINE;
		s[i].stack = strcmp(kind, "stack") == 0 || (strcmp(kind, "columns") == 0 && b->d->n > 1);
		s[i].fill = strcmp(kind, "stack") == 0;
	}
	return 0;
}

static int
by_value_down(const void *a, const void *b)
{
	const struct chart_row *x = a, *y = b;

	if (isnan(x->value) || isnan(y->value))
		return isnan(x->value) - isnan(y->value);
	return (x->value < y->value) - (x->value > y->value);
}

static int
make_rows(struct build *b, enum chart_kind kind)
{
	const struct step_data *d = b->d;
	struct chart_row *row = arena_new(b->a, d->label != NULL ? d->n_labels : d->n, sizeof(*row));
	size_t i, n = 0;

	if (d->label != NULL && d->n > 0) {
		if (d->n > 1)
			return err_set(b->e, ERR_USAGE, "bars are of one column of numbers, there are %zu", d->n);
		for (i = 0; i < d->v[0].n && i < d->n_labels; i++)
			row[n++] = (struct chart_row){.name = d->label[i], .value = d->v[0].p[i].y, .unit = b->unit, .min = NAN, .max = NAN};
	}
	for (i = 0; d->label == NULL && i < d->n; i++) {
		const struct step_series *s = &d->v[i];

		row[n] = (struct chart_row){.name = s->name, .value = s->n > 0 ? s->p[s->n - 1].y : NAN, .unit = b->unit, .min = b->look->min,
		    .max = b->look->max};
		if (kind == CHART_STAT)
			row[n].course = data_of(b, i);
		n++;
	}
	if (kind == CHART_BARS && n > 0)
		qsort(row, n, sizeof(*row), by_value_down);
	b->c->kind = kind;
	b->c->row = row;
	b->c->n_rows = n;
	return 0;
}

static int
make_table(struct build *b)
{
	static const char *const head[] = {"series", "last", "min", "max", "mean", "points"};
	struct sv *column = arena_new(b->a, 6, sizeof(*column));
	struct chart_cell *cell = arena_new(b->a, b->d->n * 6, sizeof(*cell));
	size_t i, k;

	for (k = 0; k < 6; k++)
		column[k] = sv_of(head[k]);
	for (i = 0; i < b->d->n; i++) {
		const struct step_series *s = &b->d->v[i];
		double v[5] = {NAN, INFINITY, -INFINITY, 0, (double)s->n};
		struct unit plain = {.kind = UNIT_COUNT, .factor = 1, .decimals = -1};

		for (k = 0; k < s->n; k++) {
			v[0] = s->p[k].y;
			v[1] = fmin(v[1], s->p[k].y);
			v[2] = fmax(v[2], s->p[k].y);
			v[3] += s->p[k].y / (double)s->n;
		}
		cell[i * 6] = (struct chart_cell){.text = s->name, .share = NAN};
		for (k = 0; k < 5; k++)
			cell[i * 6 + k + 1] = (struct chart_cell){.number = true, .share = NAN,
			    .text = unit_text(k == 4 ? &plain : &b->unit, s->n == 0 && k < 4 ? NAN : v[k], b->look->end, b->a)};
	}
	b->c->kind = CHART_TABLE;
	b->c->table = (struct chart_table){.column = column, .n_columns = 6, .cell = cell, .n_rows = b->d->n};
	return 0;
}

#define MOST_LEVELS 8

static int
by_from(const void *a, const void *b)
{
	const struct derive_level *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

/* What is usual is thin, the other values are taller the further they are from it. */
static size_t
find_levels(const struct build *b, struct derive_level *level)
{
	size_t count[MOST_LEVELS] = {0}, n = 0, usual = 0, i, k, j;

	for (i = 0; i < b->d->n; i++)
		for (k = 0; k < b->d->v[i].n; k++) {
			double y = b->d->v[i].p[k].y;

			for (j = 0; j < n && level[j].from != y; j++)
				;
			if (j == n && (n == MOST_LEVELS || isnan(y)))
				continue;
			if (j == n)
				level[n++] = (struct derive_level){.from = y, .to = y, .text = unit_text(&b->unit, y, 0, b->a)};
			count[j]++;
		}
	for (j = 1; j < n; j++)
		if (count[j] > count[usual])
			usual = j;
	for (j = 0; j < n; j++)
		level[j].level = j == usual ? 0 : n == 2 || fabs(level[j].from - level[usual].from) >= 2 ? 2 : 1;
	if (n > 0)
		qsort(level, n, sizeof(*level), by_from);
	return n;
}

static struct sv
state_key(const struct build *b, const struct derive_level *level, size_t n)
{
	static const char *const height[] = {"thin", "medium", "tall"};
	struct sb out = {0};
	struct sv key;
	size_t j;

	for (j = 0; j < n; j++)
		sb_addf(&out, "%s%" SV_FMT " %s", j > 0 ? ", " : "", SV_ARG(level[j].text), height[level[j].level]);
	sb_adds(&out, ": height carries the value, colour repeats it");
	key = arena_sv(b->a, sb_sv(&out));
	sb_free(&out);
	return key;
}

static int
make_states(struct build *b)
{
	struct sv *row = arena_new(b->a, b->d->n, sizeof(*row));
	struct chart_span *span;
	struct chart_data *data = arena_new(b->a, b->d->n, sizeof(*data));
	struct derive_level level[MOST_LEVELS];
	size_t i, k, most = 0, n_levels;

	for (i = 0; i < b->d->n; i++) {
		data[i] = data_of(b, i);
		most += derive_spans_most(&data[i]);
	}
	span = arena_new(b->a, most, sizeof(*span));
	n_levels = find_levels(b, level);
	for (i = 0; i < b->d->n; i++) {
		row[i] = b->d->v[i].name;
		derive_spans(&data[i], i, b->d->to, level, n_levels, &b->unit, b->a, span, &b->c->n_spans);
	}
	for (k = 0; k < b->c->n_spans; k++) {
		char length[TIME_TEXT];

		/* What is usual needs no label. */
		span[k].label = span[k].level == 0 ? SV("") :
			sv_of(arena_fmt(b->a, "%" SV_FMT " for %s", SV_ARG(span[k].label), time_length_text(span[k].to - span[k].from, length)));
	}
	b->c->kind = CHART_STATES;
	b->c->state_row = row;
	b->c->n_state_rows = b->d->n;
	b->c->span = span;
	b->c->state_key = state_key(b, level, n_levels);
	return 0;
}

static int
need_buckets(struct build *b, struct derive_bucket **bucket, size_t *n)
{
	*n = step_buckets(b->d, b->a, bucket);
	if (*n > 1 || b->d->n == 0) /* nothing at all is no evidence, not a mistake */
		return 0;
	return err_set(b->e, ERR_USAGE, "that kind needs the buckets of a histogram: series with a label le, as of "
	    "sum by (le) (increase(x_bucket[5m]))");
}

static int
make_heat(struct build *b)
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
static int
make_percentiles(struct build *b)
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
	add_pane(b);
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

static int
make_hdr(struct build *b)
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
	add_pane(b);
	b->c->kind = CHART_PLOT;
	b->c->x = X_PERCENTILE;
	b->c->to = fmin(total, 1e6);
	b->c->x_title = sv_of(arena_fmt(b->a, "percentile of %s observations; interpolated within buckets",
	    num_count(total < 9e15 ? (int64_t)total : 0, count)));
	s->data = chart_data(p, m, 1, b->a);
	join(&s->data);
	b->c->series = s;
	b->c->n_series = 1;
	return 0;
}

/* Bars by true bucket width over a logarithmic axis would need densities; rows by bucket say the same without trickery. */
static int
make_distribution(struct build *b)
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

/* Each series with the line fitted to each life of its process: restarts are the chart's flags. */
static int
make_trend(struct build *b)
{
	struct chart_series *s;
	size_t i, k, m = 0, lives = 1;

	for (k = 0; k < b->c->n_flags; k++)
		lives += b->c->flag[k].kind == FLAG_RESTART;
	s = arena_new(b->a, b->d->n * (1 + lives), sizeof(*s));
	add_pane(b);
	b->c->kind = CHART_PLOT;
	b->c->series = s;
	for (i = 0; i < b->d->n; i++) {
		double from = b->d->from, end = b->d->to;
		size_t at = m++;
		struct sb note = {0};

		s[at] = (struct chart_series){.name = b->d->v[i].name.n > 0 ? b->d->v[i].name : SV("measured"), .data = data_of(b, i)};
		if (s[at].data.n == 0)
			continue;
		if (!(from <= end)) {
			from = s[at].data.point[0].x;
			end = s[at].data.point[s[at].data.n - 1].x;
		}
		for (k = 0; k <= b->c->n_flags; k++) {
			double to = k < b->c->n_flags ? (double)b->c->flag[k].t : end + 1;
			struct derive_trend t;
			struct chart_point *p;

			if (k < b->c->n_flags && b->c->flag[k].kind != FLAG_RESTART)
				continue;
			t = derive_trend(&s[at].data, from, to);
			if (t.known) {
				p = arena_new(b->a, 2, sizeof(*p));
				p[0] = (struct chart_point){t.from, t.value};
				p[1] = (struct chart_point){fmin(t.to, end), t.value + t.slope * (fmin(t.to, end) - t.from) / 1000};
				s[m] = (struct chart_series){.colour = INK, .dashed = true, .quiet = true, .data = chart_data(p, 2, 1, b->a)};
				join(&s[m].data);
				m++;
				sb_addf(&note, "%s%s%" SV_FMT "/h", note.n > 0 ? "; " : "", t.slope >= 0 ? "+" : "",
				    SV_ARG(unit_text(&b->unit, t.slope * 3600, 0, b->a)));
			}
			from = to;
		}
		s[at].note = note.n > 0 ? arena_sv(b->a, sb_sv(&note)) : SV("too few samples for a slope");
		sb_free(&note);
	}
	b->c->n_series = m;
	return 0;
}

int
step_model(const struct step_data *d, const struct step_look *look, struct arena *a, struct chart *c, struct err *e)
{
	const char *kind = look->kind != NULL ? look->kind : step_kind(d);
	struct build b = {.d = d, .look = look, .a = a, .c = c, .e = e};

	unit_find(look->unit, &b.unit);
	c->title = look->title;
	c->subtitle = look->subtitle;
	c->footer = look->footer;
	c->id = look->id;
	c->width = look->width;
	c->height = look->height;
	c->end = look->end;
	c->from = d->from;
	c->to = d->to;
	c->x = X_TIME;
	if (strcmp(kind, "bars") == 0)
		return make_rows(&b, CHART_BARS);
	if (strcmp(kind, "stat") == 0)
		return make_rows(&b, CHART_STAT);
	if (strcmp(kind, "gauge") == 0)
		return make_rows(&b, CHART_GAUGE);
	if (strcmp(kind, "table") == 0)
		return make_table(&b);
	if (d->label != NULL)
		return err_set(e, ERR_USAGE, "rows by name can be bars or a table, not %s", kind);
	if (!d->times && strcmp(kind, "lines") != 0 && strcmp(kind, "points") != 0 && strcmp(kind, "steps") != 0 && strcmp(kind, "spark") != 0)
		return err_set(e, ERR_USAGE, "the first column is no time: it can be lines, points or steps, not %s", kind);
	if (strcmp(kind, "states") == 0)
		return make_states(&b);
	if (strcmp(kind, "heat") == 0)
		return make_heat(&b);
	if (strcmp(kind, "percentiles") == 0)
		return make_percentiles(&b);
	if (strcmp(kind, "hdr") == 0)
		return make_hdr(&b);
	if (strcmp(kind, "distribution") == 0)
		return make_distribution(&b);
	if (strcmp(kind, "trend") == 0)
		return make_trend(&b);
	return make_plot(&b, kind);
}
