/*
 * Panels of values: big ones with their course, gauges, bars, shares.
 */
#include "step_grafana_draw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"

struct rows {
	struct chart_row *v;
	size_t n, cap;
};

static struct sv
name_of_row(const struct gf_frame *f, size_t r)
{
	const struct gf_column *text = dash_column(f, GF_STRING);

	return text != NULL ? text->cell[r].text : SV("");
}

static void
add_row(struct dash_view *v, struct rows *rows, const struct gf_field *f, struct sv name, double value)
{
	struct chart_row *row = vec_add(rows);

	row->name = name;
	row->value = value;
	row->unit = dash_unit(f);
	row->min = f->min;
	row->max = f->max;
	row->text = dash_value(v, f, value, &row->colour);
	if (sv_is(f->unit, "percentunit") && isnan(row->max))
		row->max = 1;
	if (sv_is(f->unit, "percent") && isnan(row->max))
		row->max = 100;
}

/* Which fields a stat shows: "" all numbers, "/regex/", "/.*" "/", a name. */
static bool
wanted(struct sv fields, const struct gf_column *c)
{
	return fields.n == 0 ? c->kind == GF_NUMBER : gf_matches(fields, gf_column_name(c)) || gf_matches(fields, c->name);
}

static void
add_text_row(struct dash_view *v, struct rows *rows, const struct gf_field *f, struct sv name, struct sv text)
{
	struct chart_row *row = vec_add(rows);
	struct sv color, mapped = gf_mapped(f, NAN, text, v->a, &color);

	*row = (struct chart_row){.name = name, .value = NAN, .text = mapped.n > 0 ? mapped : text, .colour = dash_colour(color), .min = NAN, .max = NAN};
}

static void
collect_rows(struct dash_view *v, struct rows *rows)
{
	const struct doc *options = v->p->panel->options;
	const struct doc *values = doc_path(options, SV("reduceOptions.values")), *fields_doc = doc_path(options, SV("reduceOptions.fields"));
	bool all_rows = values != NULL && values->kind == DOC_BOOL && values->truth;
	struct sv fields = fields_doc != NULL && fields_doc->kind == DOC_STRING ? fields_doc->text : (struct sv){NULL, 0}, calc = gf_calc(v->p->panel);
	size_t i, k, r;

	for (i = 0; i < v->f->n; i++) {
		const struct gf_frame *f = &v->f->v[i];
		const struct gf_column *time = dash_column(f, GF_TIME);

		for (k = 0; k < f->n_columns; k++) {
			const struct gf_column *c = &f->column[k];
			struct gf_field field;
			struct sv name;
			double *x, *y;
			bool known;

			if (!wanted(fields, c) || (c->kind == GF_TIME && fields.n == 0))
				continue;
			dash_look(v, f, c, &field, &name);
			if (field.hidden || field.row_hidden)
				continue;
			if (c->kind == GF_STRING) {
				if (f->n_rows > 0)
					add_text_row(v, rows, &field, name, c->cell[f->n_rows - 1].text);
				continue;
			}
			if (all_rows) {
				for (r = 0; r < f->n_rows && rows->n < 500; r++)
					add_row(v, rows, &field, dash_column(f, GF_STRING) != NULL ? name_of_row(f, r) : name, c->cell[r].v);
				continue;
			}
			x = mem_new(f->n_rows, sizeof(*x));
			y = mem_new(f->n_rows, sizeof(*y));
			for (r = 0; r < f->n_rows; r++) {
				x[r] = time != NULL ? time->cell[r].v : (double)r;
				y[r] = c->cell[r].v;
			}
			add_row(v, rows, &field, name, gf_reduce(calc, x, y, f->n_rows, &known));
			if (!known)
				dash_say(v->p, OUTCOME_PARTLY, "the reduction %" SV_FMT " is not known: the last value is shown", SV_ARG(calc));
			if (time != NULL && f->n_rows > 2 && c != time)
				rows->v[rows->n - 1].course = dash_points(v, f, time, c, 1);
			mem_free(x);
			mem_free(y);
		}
	}
}

static bool
option_is(const struct gf_panel *p, const char *path, const char *value)
{
	const struct doc *d = doc_path(p->options, sv_of(path));

	return d != NULL && sv_is(d->text, value);
}

void
dash_stat(struct dash_view *v)
{
	const struct gf_panel *p = v->p->panel;
	const struct doc *course = doc_path(p->doc, SV("sparkline.show"));
	bool no_course = option_is(p, "graphMode", "none") || (sv_is(p->type, "singlestat") && !(course != NULL && course->truth));
	struct rows rows = {0};
	size_t i;

	collect_rows(v, &rows);
	for (i = 0; i < rows.n; i++) {
		if (no_course)
			rows.v[i].course.n = 0;
		/* One value alone is named by its panel. */
		if (rows.n == 1 && !option_is(p, "textMode", "name") && !option_is(p, "textMode", "value_and_name"))
			rows.v[i].name = SV("");
		if (option_is(p, "textMode", "name")) {
			rows.v[i].text = rows.v[i].name;
			rows.v[i].name = SV("");
		}
		if (option_is(p, "textMode", "value"))
			rows.v[i].name = SV("");
		if (option_is(p, "colorMode", "none"))
			rows.v[i].colour = 0;
	}
	v->c->kind = CHART_STAT;
	v->c->n_rows = rows.n;
	v->c->row = arena_keep(v->a, rows.v, rows.n, sizeof(*rows.v));
}

void
dash_gauge(struct dash_view *v, enum chart_kind kind)
{
	struct rows rows = {0};
	struct gf_field f;
	struct gf_name none = {.number = true};

	collect_rows(v, &rows);
	gf_field(&v->d->d, v->p->panel, &none, &f);
	f.thresholds_drawn = !f.step_percent;
	f.thresholds_area = false;
	if (kind == CHART_GAUGE)
		dash_rules(v, &f);
	v->c->kind = kind;
	v->c->n_rows = rows.n;
	v->c->row = arena_keep(v->a, rows.v, rows.n, sizeof(*rows.v));
}

static int
by_value_down(const void *a, const void *b)
{
	const struct chart_row *x = a, *y = b;

	if (isnan(x->value) || isnan(y->value))
		return isnan(x->value) - isnan(y->value);
	return (x->value < y->value) - (x->value > y->value);
}

/* Slices are compared badly, bars well: a pie is drawn as bars with their shares. */
void
dash_pie(struct dash_view *v)
{
	struct rows rows = {0};
	double sum = 0;
	char share[NUM_TEXT];
	size_t i;

	collect_rows(v, &rows);
	for (i = 0; i < rows.n; i++)
		sum += rows.v[i].value > 0 ? rows.v[i].value : 0;
	for (i = 0; i < rows.n; i++)
		if (sum > 0 && rows.v[i].value >= 0)
			rows.v[i].text = sv_of(arena_fmt(v->a, "%" SV_FMT " · %s %%", SV_ARG(rows.v[i].text), num_fixed(100 * rows.v[i].value / sum, 1, share)));
	if (rows.n > 1)
		qsort(rows.v, rows.n, sizeof(*rows.v), by_value_down);
	v->c->kind = CHART_BARS;
	v->c->n_rows = rows.n;
	v->c->row = arena_keep(v->a, rows.v, rows.n, sizeof(*rows.v));
}

/* A bar a row and number; over time it is columns. */
void
dash_barchart(struct dash_view *v)
{
	struct rows rows = {0};
	size_t i, k, r, numbers;

	for (i = 0; i < v->f->n; i++) {
		const struct gf_frame *f = &v->f->v[i];
		const struct gf_column *text = dash_column(f, GF_STRING), *time = dash_column(f, GF_TIME);

		if (text == NULL && time != NULL && f->n_rows > 1) {
			dash_plot(v);
			for (k = 0; k < v->c->n_series; k++)
				((struct chart_series *)v->c->series)[k].draw = DRAW_COLUMNS;
			return;
		}
		for (k = 0, numbers = 0; k < f->n_columns; k++)
			numbers += f->column[k].kind == GF_NUMBER;
		for (r = 0; r < f->n_rows && rows.n < 500; r++)
			for (k = 0; k < f->n_columns; k++) {
				struct gf_field field;
				struct sv name;

				if (f->column[k].kind != GF_NUMBER)
					continue;
				dash_look(v, f, &f->column[k], &field, &name);
				if (text != NULL)
					name = numbers > 1 ? sv_of(arena_fmt(v->a, "%" SV_FMT " · %" SV_FMT, SV_ARG(text->cell[r].text), SV_ARG(name))) :
							     text->cell[r].text;
				add_row(v, &rows, &field, name, f->column[k].cell[r].v);
			}
	}
	v->c->kind = CHART_BARS;
	v->c->n_rows = rows.n;
	v->c->row = arena_keep(v->a, rows.v, rows.n, sizeof(*rows.v));
}

/* Counts over values: a column a span. One table that was counted already is drawn as it is. */
void
dash_histogram(struct dash_view *v)
{
	struct chart_series *series = arena_new(v->a, 1, sizeof(*series));
	struct chart_pane *pane = arena_new(v->a, 1, sizeof(*pane));
	const struct doc *options = v->p->panel->options, *combine = doc_get(options, "combine");
	struct gf_frames counted = *v->f;
	struct chart_point *p;
	struct gf_field field;
	double start, size;
	struct sv name;
	size_t i, k, r;

	if (v->f->n == 1 && dash_column(&v->f->v[0], GF_STRING) != NULL) {
		dash_barchart(v);
		return;
	}
	v->c->kind = CHART_PLOT;
	v->c->x = X_VALUE;
	v->c->pane = pane;
	v->c->n_panes = 1;
	v->c->series = series;
	pane->min = pane->max = NAN;
	pane->unit = (struct unit){.factor = 1, .decimals = -1};
	for (i = v->f->n; i > 0; i--)
		for (k = v->f->v[i - 1].n_columns; k > 0; k--)
			if (v->f->v[i - 1].column[k - 1].kind == GF_NUMBER)
				dash_look(v, &v->f->v[i - 1], &v->f->v[i - 1].column[k - 1], &field, &name);
	if (dash_numbers(v->f) > 1 && sv_is(v->p->panel->type, "histogram") && !(combine != NULL && combine->truth))
		dash_say(v->p, OUTCOME_PARTLY, "the values of %zu series are counted together", dash_numbers(v->f));
	gf_histogram(options, &counted, &start, &size);
	if (counted.n == 0)
		return;
	p = arena_new(v->a, counted.v[0].n_rows, sizeof(*p));
	/* A column stands for what lies before its x. */
	for (r = 0; r < counted.v[0].n_rows; r++)
		p[r] = (struct chart_point){start + size * (double)(r + 1), counted.v[0].column[1].cell[r].v};
	v->c->x_unit = dash_unit(&field);
	v->c->x_title = SV("how many values lie in each span");
	*series = (struct chart_series){.draw = DRAW_COLUMNS, .colour = dash_colour(field.color), .data = {.point = p, .n = counted.v[0].n_rows, .interval = size}};
	v->c->n_series = 1;
}
