#include "step_model_in.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"

const char *const step_kinds[] = {"lines", "stack", "columns", "steps", "points", "bars", "stat", "gauge", "table", "heat", "states",
    "percentiles", "distribution", "hdr", "ecdf", "dumbbells", "trend", "spark", NULL};

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

void
model_add_pane(struct model *b)
{
	struct chart_pane *pane = arena_new(b->a, 1, sizeof(*pane));

	pane->unit = b->unit;
	pane->min = b->look->min;
	pane->max = b->look->max;
	pane->log = b->look->log;
	b->c->pane = pane;
	b->c->n_panes = 1;
}

struct chart_data
model_data_of(const struct model *b, size_t i)
{
	return chart_data(b->d->v[i].p, b->d->v[i].n, b->d->times ? b->d->interval : 0, b->a);
}

void
model_join(struct chart_data *d)
{
	d->n_cuts = 0;
}

static int
make_plot(struct model *b, const char *kind)
{
	struct chart_series *s = arena_new(b->a, b->d->n, sizeof(*s));
	size_t i;

	model_add_pane(b);
	b->c->kind = CHART_PLOT;
	b->c->series = s;
	b->c->n_series = b->d->n;
	b->c->x = b->d->times ? X_TIME : X_VALUE;
	b->c->x_unit = (struct unit){.factor = 1, .decimals = -1};
	for (i = 0; i < b->d->n; i++) {
		s[i].name = b->d->v[i].name;
		s[i].data = model_data_of(b, i);
		if (!b->d->times)
			model_join(&s[i].data);
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
make_rows(struct model *b, enum chart_kind kind)
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
			row[n].course = model_data_of(b, i);
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
make_table(struct model *b)
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
find_levels(const struct model *b, struct derive_level *level)
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
state_key(const struct model *b, const struct derive_level *level, size_t n)
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
make_states(struct model *b)
{
	struct sv *row = arena_new(b->a, b->d->n, sizeof(*row));
	struct chart_span *span;
	struct chart_data *data = arena_new(b->a, b->d->n, sizeof(*data));
	struct derive_level level[MOST_LEVELS];
	size_t i, k, most = 0, n_levels;

	for (i = 0; i < b->d->n; i++) {
		data[i] = model_data_of(b, i);
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

/* Each series with the line fitted to each life of its process: restarts are the chart's flags. */
static int
make_trend(struct model *b)
{
	struct chart_series *s;
	size_t i, k, m = 0, lives = 1;

	for (k = 0; k < b->c->n_flags; k++)
		lives += b->c->flag[k].kind == FLAG_RESTART;
	s = arena_new(b->a, b->d->n * (1 + lives), sizeof(*s));
	model_add_pane(b);
	b->c->kind = CHART_PLOT;
	b->c->series = s;
	for (i = 0; i < b->d->n; i++) {
		double from = b->d->from, end = b->d->to;
		size_t at = m++;
		struct sb note = {0};

		s[at] = (struct chart_series){.name = b->d->v[i].name.n > 0 ? b->d->v[i].name : SV("measured"), .data = model_data_of(b, i)};
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
				model_join(&s[m].data);
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
	struct model b = {.d = d, .look = look, .a = a, .c = c, .e = e};

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
		return model_heat(&b);
	if (strcmp(kind, "percentiles") == 0)
		return model_percentiles(&b);
	if (strcmp(kind, "hdr") == 0)
		return model_hdr(&b);
	if (strcmp(kind, "distribution") == 0)
		return model_distribution(&b);
	if (strcmp(kind, "ecdf") == 0)
		return model_ecdf(&b);
	if (strcmp(kind, "dumbbells") == 0)
		return err_set(e, ERR_USAGE, "dumbbells compare two runs: --baseline");
	if (strcmp(kind, "trend") == 0)
		return make_trend(&b);
	return make_plot(&b, kind);
}
