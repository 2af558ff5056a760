/*
 * Tables.
 */
#include "step_grafana_draw.h"

#include <math.h>

static struct chart_cell
cell_of(struct dash_view *v, const struct gf_field *f, const struct gf_column *c, size_t r)
{
	struct chart_cell cell = {.share = NAN, .number = c->kind == GF_NUMBER};
	struct unit date = {.kind = UNIT_DATE, .factor = 1, .decimals = -1};
	bool coloured = sv_starts(f->cell, "color-") || sv_is(f->cell, "gauge") || sv_is(f->cell, "basic") || sv_is(f->cell, "lcd-gauge") || sv_is(f->cell, "gradient-gauge");
	uint32_t colour = 0;
	struct sv color;

	if (c->kind == GF_STRING) {
		cell.text = gf_mapped(f, NAN, c->cell[r].text, v->a, &color);
		colour = dash_colour(color);
		if (cell.text.n == 0)
			cell.text = c->cell[r].text;
	} else if (c->kind == GF_TIME && f->unit.n == 0) {
		cell.text = unit_text(&date, c->cell[r].v, v->p->to, v->a);
	} else if (c->kind == GF_NUMBER && isnan(c->cell[r].v) && f->no_value.n == 0 && f->mappings == NULL) {
		cell.text = SV("");
	} else {
		cell.text = dash_value(v, f, c->cell[r].v, &colour);
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
fill_table(struct dash_view *v, const struct gf_frame *f)
{
	struct gf_field *field = arena_new(v->a, f->n_columns, sizeof(*field));
	struct sv *name = arena_new(v->a, f->n_columns, sizeof(*name));
	const struct gf_column **shown = arena_new(v->a, f->n_columns, sizeof(*shown));
	struct chart_cell *cell;
	size_t i, n = 0, r, rows = f->n_rows > 1000 ? 1000 : f->n_rows;

	for (i = 0; i < f->n_columns; i++) {
		const struct gf_column *c = &f->column[i];

		dash_look(v, f, c, &field[n], &name[n]);
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
table_of_series(struct dash_view *v)
{
	struct gf_frame f = {.n_columns = 2};
	size_t i, k, n = 0;

	f.column = arena_new(v->a, 2, sizeof(*f.column));
	f.column[0].name = SV("series");
	f.column[0].kind = GF_STRING;
	f.column[1].name = SV("last value");
	f.column[1].kind = GF_NUMBER;
	for (i = 0; i < 2; i++)
		f.column[i].cell = arena_new(v->a, dash_numbers(v->f), sizeof(struct gf_cell));
	for (i = 0; i < v->f->n; i++)
		for (k = 0; k < v->f->v[i].n_columns; k++)
			if (v->f->v[i].column[k].kind == GF_NUMBER) {
				f.column[0].cell[n].text = gf_column_name(&v->f->v[i].column[k]);
				f.column[1].cell[n++].v = gf_last(&v->f->v[i].column[k], v->f->v[i].n_rows);
			}
	if (n == 0) {
		dash_say(v->p, OUTCOME_RENDERED, "after its transformations nothing is left");
		return;
	}
	f.n_rows = n;
	fill_table(v, &f);
	dash_say(v->p, OUTCOME_PARTLY, "a table of %zu series: of each the last value is shown", n);
}

/* Before version 7 several tables were one without being told so. */
static bool
is_old(const struct gf_panel *p)
{
	return sv_is(p->type, "table-old") || (doc_get(p->doc, "styles") != NULL && p->defaults == NULL);
}

void
dash_table(struct dash_view *v)
{
	struct gf_frames merged = *v->f;
	struct dash_view view = *v;

	v->c->kind = CHART_TABLE;
	if (v->f->n > 1 && is_old(v->p->panel) && dash_column(&v->f->v[0], GF_STRING) != NULL) {
		gf_merge(&merged);
		view.f = &merged;
		v = &view;
	}
	if (v->f->n == 1)
		fill_table(v, &v->f->v[0]);
	else if (v->f->n > 1 && dash_column(&v->f->v[0], GF_STRING) != NULL) {
		fill_table(v, &v->f->v[0]);
		dash_say(v->p, OUTCOME_PARTLY, "the first of %zu tables is shown", v->f->n);
	} else if (v->f->n > 1) {
		table_of_series(v);
	}
}
