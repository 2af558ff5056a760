/*
 * From a panel's frames to the chart of its type.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "step_grafana.h"

struct view {
	struct dash *d;
	struct dash_panel *p;
	struct arena *a;
	const struct gf_frames *f;
	struct chart *c;
};

static const struct gf_column *
column_of(const struct gf_frame *f, enum gf_kind kind)
{
	size_t i;

	for (i = 0; i < f->n_columns; i++)
		if (f->column[i].kind == kind)
			return &f->column[i];
	return NULL;
}

static uint32_t
colour_of(struct sv name)
{
	uint32_t rgba;

	return name.n > 0 && style_colour(name, &rgba) ? rgba | 0xff : 0;
}

/* "${__field.labels.tool}", "${__series.name}", "${__field.name}" in a display name. */
static struct sv
display_name(struct view *v, struct sv text, const struct gf_column *c)
{
	struct sv rest = text, out_v;
	struct sb out = {0};

	while (rest.n > 0) {
		size_t at = sv_find(rest, SV("${__")), end;
		struct sv name;

		sb_addv(&out, sv_head(rest, at));
		rest = sv_from(rest, at);
		end = sv_chr(rest, '}');
		if (rest.n == 0 || end == rest.n) {
			sb_addv(&out, rest);
			break;
		}
		name = sv_head(sv_from(rest, 4), end - 4);
		if (sv_starts(name, "field.labels."))
			sb_addv(&out, labels_get(&c->labels, arena_str(v->a, sv_from(name, strlen("field.labels.")))));
		else
			sb_addv(&out, gf_column_name(c));
		rest = sv_from(rest, end + 1);
	}
	out_v = arena_sv(v->a, sb_sv(&out));
	sb_free(&out);
	return out_v;
}

static double
last_number(const struct gf_column *c, size_t rows)
{
	size_t r;

	for (r = rows; r > 0; r--)
		if (!isnan(c->cell[r - 1].v))
			return c->cell[r - 1].v;
	return NAN;
}

/* The look of a column, its shown name in *name. */
static void
look_of(struct view *v, const struct gf_frame *f, const struct gf_column *c, struct gf_field *out, struct sv *name)
{
	struct gf_name n = {.name = gf_column_name(c), .ref_id = f->ref_id, .number = c->kind == GF_NUMBER, .time = c->kind == GF_TIME,
	    .text = c->kind == GF_STRING, .last = c->kind == GF_STRING ? NAN : last_number(c, f->n_rows)};
	struct gf_scope scope = {.d = &v->d->d, .panel = v->p->panel, .from = v->p->from, .to = v->p->to, .interval = v->p->step, .scrape = v->d->scrape};

	gf_field(&v->d->d, v->p->panel, &n, out);
	*name = n.name;
	if (out->display_name.n > 0)
		*name = gf_expand(&scope, display_name(v, out->display_name, c), false, v->a, NULL);
	if (sv_starts(out->unit, "$"))
		out->unit = gf_expand(&scope, out->unit, false, v->a, NULL);
}

static struct unit
unit_of(const struct gf_field *f)
{
	struct unit u;

	unit_find(f->unit, &u);
	u.decimals = f->decimals;
	return u;
}

static struct sv
value_text(struct view *v, const struct gf_field *f, double value, uint32_t *colour)
{
	struct unit u = unit_of(f);
	struct sv color, text = gf_mapped(f, value, (struct sv){NULL, 0}, v->a, &color);

	if (colour != NULL) {
		*colour = colour_of(color);
		if (*colour == 0 && f->by_threshold)
			*colour = colour_of(gf_threshold(f, value));
		if (*colour == 0)
			*colour = colour_of(f->color);
	}
	if (text.n > 0)
		return text;
	if (isnan(value) && f->no_value.n > 0)
		return f->no_value;
	return unit_text(&u, value, v->p->to, v->a);
}

/* --- time series ----------------------------------------------------------------------------------- */

static struct chart_data
points_of(struct view *v, const struct gf_frame *f, const struct gf_column *time, const struct gf_column *c, double sign)
{
	struct chart_point *p = arena_new(v->a, f->n_rows, sizeof(*p));
	size_t r, n = 0;

	for (r = 0; r < f->n_rows; r++)
		if (n == 0 || time->cell[r].v >= p[n - 1].x)
			p[n++] = (struct chart_point){time->cell[r].v, sign * c->cell[r].v};
	return chart_data(p, n, f->step > 0 ? f->step : (double)v->p->step, v->a);
}

static void
add_rules(struct view *v, const struct gf_field *f)
{
	struct chart_rule *rule = arena_new(v->a, f->n_steps, sizeof(*rule));
	struct unit u = unit_of(f);
	size_t i, n = 0;

	for (i = 0; f->thresholds_drawn && i < f->n_steps; i++) {
		uint32_t colour = colour_of(f->step[i].color);

		if (!isfinite(f->step[i].value) || (colour & 0xff) == 0)
			continue;
		rule[n] = (struct chart_rule){.value = f->step[i].value, .colour = colour, .band = f->thresholds_area};
		rule[n].label = f->thresholds_area ? SV("") : unit_text(&u, f->step[i].value, v->p->to, v->a);
		n++;
	}
	v->c->rule = rule;
	v->c->n_rules = n;
}

struct pane_use {
	bool used;
	struct gf_field field;
};

static void
set_pane(struct chart_pane *pane, const struct gf_field *f, struct arena *a)
{
	*pane = (struct chart_pane){.unit = unit_of(f), .min = f->min, .max = f->max, .log = f->log_base > 1, .percent = f->percent};
	pane->title = f->axis_label.n > 0 ? f->axis_label : pane->unit.suffix.n > 0 ? sv_of(arena_fmt(a, "in %" SV_FMT, SV_ARG(pane->unit.suffix))) : SV("");
}

/* Two axes are two plots above each other: lines whose crossing means nothing do not cross. */
static void
set_panes(struct view *v, struct pane_use use[2], struct chart_series *s, size_t n)
{
	struct chart_pane *pane = arena_new(v->a, 2, sizeof(*pane));
	bool both = use[0].used && use[1].used, same = both && sv_eq(use[0].field.unit, use[1].field.unit);
	size_t i;

	v->c->pane = pane;
	v->c->n_panes = 1;
	set_pane(&pane[0], use[0].used ? &use[0].field : &use[1].field, v->a);
	if (both && !same) {
		set_pane(&pane[1], &use[1].field, v->a);
		if (pane[1].title.n == 0)
			pane[1].title = SV("right axis");
		if (pane[0].title.n == 0)
			pane[0].title = SV("left axis");
		v->c->n_panes = 2;
	}
	for (i = 0; i < n; i++)
		if (v->c->n_panes == 1)
			s[i].pane = 0;
}

static size_t
count_numbers(const struct gf_frames *f)
{
	size_t i, k, n = 0;

	for (i = 0; i < f->n; i++)
		for (k = 0; k < f->v[i].n_columns; k++)
			n += f->v[i].column[k].kind == GF_NUMBER;
	return n;
}

static void
draw_plot(struct view *v)
{
	struct chart_series *s = arena_new(v->a, count_numbers(v->f), sizeof(*s));
	struct pane_use use[2] = {{.used = false}, {.used = false}};
	size_t i, k, n = 0, timeless = 0;

	v->c->kind = CHART_PLOT;
	v->c->series = s;
	v->c->from = (double)v->p->from;
	v->c->to = (double)v->p->to;
	for (i = 0; i < v->f->n; i++) {
		const struct gf_frame *f = &v->f->v[i];
		const struct gf_column *time = column_of(f, GF_TIME);

		timeless += time == NULL && f->n_columns > 0;
		for (k = 0; time != NULL && k < f->n_columns; k++) {
			const struct gf_column *c = &f->column[k];
			struct gf_field field;
			struct sv name;

			if (c->kind != GF_NUMBER)
				continue;
			look_of(v, f, c, &field, &name);
			if (field.hidden || field.row_hidden)
				continue;
			s[n].name = name;
			s[n].data = points_of(v, f, time, c, field.negative ? -1 : 1);
			s[n].colour = colour_of(field.color);
			s[n].draw = field.draw == GF_BARS ? DRAW_COLUMNS : field.draw == GF_POINTS ? DRAW_POINTS : field.steps ? DRAW_STEPS : DRAW_LINE;
			s[n].fill = field.fill && field.draw == GF_LINE;
			s[n].stack = field.stack.n > 0;
			s[n].pane = field.right_axis;
			if (!use[field.right_axis].used)
				use[field.right_axis] = (struct pane_use){true, field};
			n++;
		}
	}
	v->c->n_series = n;
	if (n == 1 && v->f->n == 1 && sv_is(s[0].name, "Value"))
		s[0].name = SV("");
	if (!use[0].used && !use[1].used) {
		struct gf_name none = {.number = true};

		gf_field(&v->d->d, v->p->panel, &none, &use[0].field);
		use[0].used = true;
	}
	set_panes(v, use, s, n);
	add_rules(v, use[0].used ? &use[0].field : &use[1].field);
	if (timeless > 0 && n == 0)
		dash_say(v->p, OUTCOME_PARTLY, "after its transformations there is no time");
}

/* --- values ------------------------------------------------------------------------------------------ */

struct rows {
	struct chart_row *v;
	size_t n, cap;
};

static struct sv
name_of_row(const struct gf_frame *f, size_t r)
{
	const struct gf_column *text = column_of(f, GF_STRING);

	return text != NULL ? text->cell[r].text : SV("");
}

static void
add_row(struct view *v, struct rows *rows, const struct gf_field *f, struct sv name, double value)
{
	struct chart_row *row = vec_add(rows);

	row->name = name;
	row->value = value;
	row->unit = unit_of(f);
	row->min = f->min;
	row->max = f->max;
	row->text = value_text(v, f, value, &row->colour);
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
add_text_row(struct view *v, struct rows *rows, const struct gf_field *f, struct sv name, struct sv text)
{
	struct chart_row *row = vec_add(rows);
	struct sv color, mapped = gf_mapped(f, NAN, text, v->a, &color);

	*row = (struct chart_row){.name = name, .value = NAN, .text = mapped.n > 0 ? mapped : text, .colour = colour_of(color), .min = NAN, .max = NAN};
}

static void
collect_rows(struct view *v, struct rows *rows)
{
	const struct doc *options = v->p->panel->options;
	const struct doc *values = doc_path(options, SV("reduceOptions.values")), *fields_doc = doc_path(options, SV("reduceOptions.fields"));
	bool all_rows = values != NULL && values->kind == DOC_BOOL && values->truth;
	struct sv fields = fields_doc != NULL && fields_doc->kind == DOC_STRING ? fields_doc->text : (struct sv){NULL, 0}, calc = gf_calc(v->p->panel);
	size_t i, k, r;

	for (i = 0; i < v->f->n; i++) {
		const struct gf_frame *f = &v->f->v[i];
		const struct gf_column *time = column_of(f, GF_TIME);

		for (k = 0; k < f->n_columns; k++) {
			const struct gf_column *c = &f->column[k];
			struct gf_field field;
			struct sv name;
			double *x, *y;
			bool known;

			if (!wanted(fields, c) || (c->kind == GF_TIME && fields.n == 0))
				continue;
			look_of(v, f, c, &field, &name);
			if (field.hidden || field.row_hidden)
				continue;
			if (c->kind == GF_STRING) {
				if (f->n_rows > 0)
					add_text_row(v, rows, &field, name, c->cell[f->n_rows - 1].text);
				continue;
			}
			if (all_rows) {
				for (r = 0; r < f->n_rows && rows->n < 500; r++)
					add_row(v, rows, &field, column_of(f, GF_STRING) != NULL ? name_of_row(f, r) : name, c->cell[r].v);
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
				rows->v[rows->n - 1].course = points_of(v, f, time, c, 1);
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

static void
draw_stat(struct view *v)
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

static void
draw_gauge(struct view *v, enum chart_kind kind)
{
	struct rows rows = {0};
	struct gf_field f;
	struct gf_name none = {.number = true};

	collect_rows(v, &rows);
	gf_field(&v->d->d, v->p->panel, &none, &f);
	f.thresholds_drawn = !f.step_percent;
	f.thresholds_area = false;
	if (kind == CHART_GAUGE)
		add_rules(v, &f);
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
static void
draw_pie(struct view *v)
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
static void
draw_barchart(struct view *v)
{
	struct rows rows = {0};
	size_t i, k, r, numbers;

	for (i = 0; i < v->f->n; i++) {
		const struct gf_frame *f = &v->f->v[i];
		const struct gf_column *text = column_of(f, GF_STRING), *time = column_of(f, GF_TIME);

		if (text == NULL && time != NULL && f->n_rows > 1) {
			draw_plot(v);
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
				look_of(v, f, &f->column[k], &field, &name);
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

/* --- tables -------------------------------------------------------------------------------------------- */

static struct chart_cell
cell_of(struct view *v, const struct gf_field *f, const struct gf_column *c, size_t r)
{
	struct chart_cell cell = {.share = NAN, .number = c->kind == GF_NUMBER};
	struct unit date = {.kind = UNIT_DATE, .factor = 1, .decimals = -1};
	bool coloured = sv_starts(f->cell, "color-") || sv_is(f->cell, "gauge") || sv_is(f->cell, "basic") || sv_is(f->cell, "lcd-gauge") || sv_is(f->cell, "gradient-gauge");
	uint32_t colour = 0;
	struct sv color;

	if (c->kind == GF_STRING) {
		cell.text = gf_mapped(f, NAN, c->cell[r].text, v->a, &color);
		colour = colour_of(color);
		if (cell.text.n == 0)
			cell.text = c->cell[r].text;
	} else if (c->kind == GF_TIME && f->unit.n == 0) {
		cell.text = unit_text(&date, c->cell[r].v, v->p->to, v->a);
	} else if (c->kind == GF_NUMBER && isnan(c->cell[r].v) && f->no_value.n == 0 && f->mappings == NULL) {
		cell.text = SV("");
	} else {
		cell.text = value_text(v, f, c->cell[r].v, &colour);
	}
	if (coloured && colour != 0) {
		cell.state = STATE_COLOUR;
		cell.colour = colour;
	}
	if (sv_find(f->cell, SV("gauge")) < f->cell.n && c->kind == GF_NUMBER) {
		double low = isnan(f->min) ? 0 : f->min, high = isnan(f->max) ? (sv_is(f->unit, "percentunit") ? 1 : 100) : f->max;

		cell.share = high > low ? (c->cell[r].v - low) / (high - low) : NAN;
		cell.state = STATE_NONE;
	}
	return cell;
}

static void
fill_table(struct view *v, const struct gf_frame *f)
{
	struct gf_field *field = arena_new(v->a, f->n_columns, sizeof(*field));
	struct sv *name = arena_new(v->a, f->n_columns, sizeof(*name));
	const struct gf_column **shown = arena_new(v->a, f->n_columns, sizeof(*shown));
	struct chart_cell *cell;
	size_t i, n = 0, r, rows = f->n_rows > 1000 ? 1000 : f->n_rows;

	for (i = 0; i < f->n_columns; i++) {
		const struct gf_column *c = &f->column[i];

		look_of(v, f, c, &field[n], &name[n]);
		if (field[n].row_hidden || field[n].hidden)
			continue;
		shown[n++] = c;
	}
	cell = arena_new(v->a, n * rows, sizeof(*cell));
	for (r = 0; r < rows; r++)
		for (i = 0; i < n; i++)
			cell[r * n + i] = cell_of(v, &field[i], shown[i], r);
	v->c->table = (struct chart_table){.column = name, .n_columns = n, .cell = cell, .n_rows = rows};
}

/* Series without a transformation: Grafana would show one of them at a time; here each has a row with its last value. */
static void
table_of_series(struct view *v)
{
	struct gf_frame f = {.n_columns = 2};
	size_t i, k, n = 0;

	f.column = arena_new(v->a, 2, sizeof(*f.column));
	f.column[0].name = SV("series");
	f.column[0].kind = GF_STRING;
	f.column[1].name = SV("last value");
	f.column[1].kind = GF_NUMBER;
	for (i = 0; i < 2; i++)
		f.column[i].cell = arena_new(v->a, count_numbers(v->f), sizeof(struct gf_cell));
	for (i = 0; i < v->f->n; i++)
		for (k = 0; k < v->f->v[i].n_columns; k++)
			if (v->f->v[i].column[k].kind == GF_NUMBER) {
				f.column[0].cell[n].text = gf_column_name(&v->f->v[i].column[k]);
				f.column[1].cell[n++].v = last_number(&v->f->v[i].column[k], v->f->v[i].n_rows);
			}
	f.n_rows = n;
	fill_table(v, &f);
	dash_say(v->p, OUTCOME_PARTLY, "a table of %zu series: of each the last value is shown", n);
}

static void
draw_table(struct view *v)
{
	v->c->kind = CHART_TABLE;
	if (v->f->n == 1)
		fill_table(v, &v->f->v[0]);
	else if (v->f->n > 1 && column_of(&v->f->v[0], GF_STRING) != NULL) {
		fill_table(v, &v->f->v[0]);
		dash_say(v->p, OUTCOME_PARTLY, "the first of %zu tables is shown", v->f->n);
	} else if (v->f->n > 1) {
		table_of_series(v);
	}
}

/* --- heat maps and states -------------------------------------------------------------------------------- */

static void
bounds_of(struct view *v, double *low, double *high)
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
own_buckets(struct view *v, struct derive_bucket **out)
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
			const struct gf_column *time = column_of(&v->f->v[i], GF_TIME);

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
given_buckets(struct view *v, struct derive_bucket **out)
{
	struct derive_bucket *b = arena_new(v->a, count_numbers(v->f), sizeof(*b));
	size_t i, k, r, n = 0;

	for (i = 0; i < v->f->n; i++) {
		const struct gf_column *time = column_of(&v->f->v[i], GF_TIME);

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

static void
draw_heat(struct view *v)
{
	struct gf_name none = {.number = true};
	struct derive_bucket *b = NULL;
	struct gf_field f;
	struct unit u;
	size_t n;

	gf_field(&v->d->d, v->p->panel, &none, &f);
	u = unit_of(&f);
	n = given_buckets(v, &b);
	if (n == 0)
		n = own_buckets(v, &b);
	v->c->kind = CHART_HEAT;
	v->c->from = (double)v->p->from;
	v->c->to = (double)v->p->to;
	if (n > 0)
		derive_heat(b, n, v->f->n > 0 && v->f->v[0].step > 0 ? v->f->v[0].step : (double)v->p->step, &u, v->a, &v->c->heat);
}

struct levels {
	struct derive_level *v;
	size_t n, cap;
};

static bool
has_level(const struct levels *l, double value)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (l->v[i].from == value)
			return true;
	return false;
}

/* Each value that occurs, with its text and colour: at most 64 of them, the rest by themselves. */
static void
add_levels(struct view *v, const struct gf_field *f, const struct gf_column *c, size_t rows, struct levels *out)
{
	size_t r;

	out->n = 0;
	for (r = 0; r < rows && out->n < 64; r++) {
		double y = c->cell[r].v;
		struct derive_level *l;

		if (isnan(y) || has_level(out, y))
			continue;
		l = vec_add(out);
		l->from = l->to = y;
		l->level = 2;
		l->text = value_text(v, f, y, &l->colour);
		if (l->colour == 0)
			l->colour = colour_of(gf_threshold(f, y));
		l->colour = l->colour != 0 ? style_legible(l->colour, 1.6) : STATE_CALM;
	}
}

static void
draw_states(struct view *v)
{
	size_t rows = count_numbers(v->f), i, k, n = 0, most = 0;
	struct sv *name = arena_new(v->a, rows, sizeof(*name));
	struct chart_span *span;
	struct levels levels = {0};

	for (i = 0; i < v->f->n; i++)
		most += v->f->v[i].n_rows * v->f->v[i].n_columns;
	span = arena_new(v->a, most, sizeof(*span));
	for (i = 0; i < v->f->n; i++) {
		const struct gf_frame *f = &v->f->v[i];
		const struct gf_column *time = column_of(f, GF_TIME);

		for (k = 0; time != NULL && k < f->n_columns; k++) {
			struct gf_field field;
			struct chart_data data;
			struct unit u;

			if (f->column[k].kind != GF_NUMBER)
				continue;
			look_of(v, f, &f->column[k], &field, &name[n]);
			u = unit_of(&field);
			data = points_of(v, f, time, &f->column[k], 1);
			add_levels(v, &field, &f->column[k], f->n_rows, &levels);
			derive_spans(&data, n, (double)v->p->to, levels.v, levels.n, &u, v->a, span, &v->c->n_spans);
			n++;
		}
	}
	vec_free(&levels);
	v->c->kind = CHART_STATES;
	v->c->from = (double)v->p->from;
	v->c->to = (double)v->p->to;
	v->c->state_row = name;
	v->c->n_state_rows = n;
	v->c->span = span;
}

/* --- text ------------------------------------------------------------------------------------------------- */

/* HTML without its tags, Markdown without its hashes and stars: what is left to read. */
static struct sv
plain_text(struct sv text, struct arena *a)
{
	struct sb out = {0};
	struct sv v;
	bool tag = false;
	size_t i;

	for (i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == '<' && i + 1 < text.n && (text.p[i + 1] == '/' || text.p[i + 1] == '!' || (text.p[i + 1] >= 'A' && text.p[i + 1] <= 'z'))) {
			tag = true;
			if (sv_starts(sv_from(text, i), "<br") || sv_starts(sv_from(text, i), "</p") || sv_starts(sv_from(text, i), "</div") ||
			    sv_starts(sv_from(text, i), "</h") || sv_starts(sv_from(text, i), "</li"))
				sb_addc(&out, '\n');
		}
		if (!tag && c != '#' && c != '*' && c != '`')
			sb_addc(&out, c);
		if (c == '>')
			tag = false;
	}
	v = arena_sv(a, sv_trim(sb_sv(&out)));
	sb_free(&out);
	return v;
}

static void
draw_text(struct view *v)
{
	struct gf_scope scope = {.d = &v->d->d, .panel = v->p->panel, .from = v->d->o->ask.q.start, .to = v->d->o->ask.q.end, .interval = v->d->scrape,
	    .scrape = v->d->scrape};

	v->c->kind = CHART_TEXT;
	v->c->text = plain_text(gf_expand(&scope, v->p->panel->text, false, v->a, NULL), v->a);
}

static void
draw_old_graph(struct view *v)
{
	const struct doc *mode = doc_path(v->p->panel->doc, SV("xaxis.mode"));

	if (mode != NULL && sv_is(mode->text, "series")) {
		draw_gauge(v, CHART_BARS);
		return;
	}
	if (mode != NULL && sv_is(mode->text, "histogram"))
		dash_say(v->p, OUTCOME_PARTLY, "a histogram of values is drawn as lines over time");
	draw_plot(v);
}

void
dash_chart(struct dash *d, struct dash_panel *p, struct arena *a, const struct gf_frames *f)
{
	struct view v = {.d = d, .p = p, .a = a, .f = f, .c = &p->chart};
	const struct doc *gauge = doc_path(p->panel->doc, SV("gauge.show"));
	static const struct {
		const char *type;
		void (*draw)(struct view *v);
	} kinds[] = {{"timeseries", draw_plot}, {"graph", draw_old_graph}, {"stat", draw_stat}, {"table", draw_table}, {"table-old", draw_table},
	    {"heatmap", draw_heat}, {"state-timeline", draw_states}, {"status-history", draw_states}, {"natel-discrete-panel", draw_states},
	    {"flant-statusmap-panel", draw_states}, {"piechart", draw_pie}, {"grafana-piechart-panel", draw_pie}, {"barchart", draw_barchart},
	    {"text", draw_text}, {"grafana-polystat-panel", draw_stat}, {"trend", draw_plot}};
	struct sv type = p->panel->type;
	size_t i;

	if (sv_is(type, "singlestat") || sv_is(type, "grafana-singlestat-panel")) {
		if (gauge != NULL && gauge->kind == DOC_BOOL && gauge->truth)
			draw_gauge(&v, CHART_GAUGE);
		else
			draw_stat(&v);
		return;
	}
	if (sv_is(type, "gauge") || sv_is(type, "bargauge")) {
		draw_gauge(&v, sv_is(type, "gauge") ? CHART_GAUGE : CHART_BARS);
		return;
	}
	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (sv_is(type, kinds[i].type)) {
			kinds[i].draw(&v);
			return;
		}
	dash_say(p, OUTCOME_REFUSED, "panels of type %" SV_FMT " are not drawn", SV_ARG(type));
}
