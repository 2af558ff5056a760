/*
 * Panels over time: lines, areas, stacks, columns, points; two axes as two plots.
 */
#include "step_grafana_draw.h"

#include <math.h>

void
dash_rules(struct dash_view *v, const struct gf_field *f)
{
	struct chart_rule *rule = arena_new(v->a, f->n_steps, sizeof(*rule));
	struct unit u = dash_unit(f);
	size_t i, n = 0;

	for (i = 0; f->thresholds_drawn && i < f->n_steps; i++) {
		uint32_t colour = dash_colour(f->step[i].color);

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
	*pane = (struct chart_pane){.unit = dash_unit(f), .min = f->min, .max = f->max, .log = f->log_base > 1, .percent = f->percent};
	pane->title = f->axis_label.n > 0 ? f->axis_label : pane->unit.suffix.n > 0 ? sv_of(arena_fmt(a, "in %" SV_FMT, SV_ARG(pane->unit.suffix))) : SV("");
}

/* Two axes are two plots above each other: lines whose crossing means nothing do not cross. */
static void
set_panes(struct dash_view *v, struct pane_use use[2], struct chart_series *s, size_t n)
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

/* What is drawn downwards is still as large as it is. */
static struct sv
highest(struct dash_view *v, const struct gf_field *f, const struct chart_data *d)
{
	struct unit u = dash_unit(f);
	double most = -INFINITY;
	size_t i;

	for (i = 0; i < d->n; i++)
		most = fmax(most, -d->point[i].y);
	return isfinite(most) ? sv_of(arena_fmt(v->a, "max %" SV_FMT ", drawn below 0", SV_ARG(unit_text(&u, most, v->p->to, v->a)))) : SV("");
}

void
dash_plot(struct dash_view *v)
{
	struct chart_series *s = arena_new(v->a, dash_numbers(v->f), sizeof(*s));
	struct pane_use use[2] = {{.used = false}, {.used = false}};
	size_t i, k, n = 0, timeless = 0;

	v->c->kind = CHART_PLOT;
	v->c->series = s;
	v->c->from = (double)v->p->from;
	v->c->to = (double)v->p->to;
	for (i = 0; i < v->f->n; i++) {
		const struct gf_frame *f = &v->f->v[i];
		const struct gf_column *time = dash_column(f, GF_TIME);

		timeless += time == NULL && f->n_columns > 0;
		for (k = 0; time != NULL && k < f->n_columns; k++) {
			const struct gf_column *c = &f->column[k];
			struct gf_field field;
			struct sv name;

			if (c->kind != GF_NUMBER)
				continue;
			dash_look(v, f, c, &field, &name);
			if (field.hidden || field.row_hidden)
				continue;
			s[n].name = name;
			s[n].data = dash_points(v, f, time, c, field.negative ? -1 : 1);
			s[n].colour = dash_colour(field.color);
			s[n].draw = field.draw == GF_BARS ? DRAW_COLUMNS : field.draw == GF_POINTS ? DRAW_POINTS : field.steps ? DRAW_STEPS : DRAW_LINE;
			s[n].fill = field.fill && field.draw == GF_LINE;
			s[n].stack = field.stack.n > 0;
			s[n].pane = field.right_axis;
			if (field.negative)
				s[n].note = highest(v, &field, &s[n].data);
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
	dash_rules(v, use[0].used ? &use[0].field : &use[1].field);
	if (timeless > 0 && n == 0)
		dash_say(v->p, OUTCOME_PARTLY, "after its transformations there is no time");
}

void
dash_candles(struct dash_view *v)
{
	dash_plot(v);
	if (v->c->n_series > 0)
		dash_say(v->p, OUTCOME_PARTLY, "its values are lines, not candles");
}

void
dash_old_graph(struct dash_view *v)
{
	const struct doc *mode = doc_path(v->p->panel->doc, SV("xaxis.mode"));

	if (mode != NULL && sv_is(mode->text, "series")) {
		dash_gauge(v, CHART_BARS);
		return;
	}
	if (mode != NULL && sv_is(mode->text, "histogram")) {
		dash_histogram(v);
		return;
	}
	dash_plot(v);
}
