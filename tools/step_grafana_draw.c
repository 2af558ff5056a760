/*
 * From a panel's frames to the chart of its type: which function draws what, and what they all need.
 */
#include "step_grafana_draw.h"

#include <math.h>
#include <string.h>

const struct gf_column *
dash_column(const struct gf_frame *f, enum gf_kind kind)
{
	size_t i;

	for (i = 0; i < f->n_columns; i++)
		if (f->column[i].kind == kind)
			return &f->column[i];
	return NULL;
}

uint32_t
dash_colour(struct sv name)
{
	uint32_t rgba;

	return name.n > 0 && style_colour(name, &rgba) ? rgba | 0xff : 0;
}

/* The look of a column, its shown name in *name. */
void
dash_look(struct dash_view *v, const struct gf_frame *f, const struct gf_column *c, struct gf_field *out, struct sv *name)
{
	struct gf_name n = {.name = gf_column_name(c), .ref_id = f->ref_id, .number = c->kind == GF_NUMBER, .time = c->kind == GF_TIME,
	    .text = c->kind == GF_STRING, .last = c->kind == GF_STRING ? NAN : gf_last(c, f->n_rows)};
	struct gf_scope scope = {.d = &v->d->d, .panel = v->p->panel, .from = v->p->from, .to = v->p->to, .interval = v->p->step, .scrape = v->d->scrape};

	gf_field(&v->d->d, v->p->panel, &n, out);
	gf_configure(c, out, v->a);
	*name = n.name;
	if (out->display_name.n > 0)
		*name = gf_expand(&scope, gf_display_name(out->display_name, c, v->a), false, v->a, NULL);
	if (sv_starts(out->unit, "$"))
		out->unit = gf_expand(&scope, out->unit, false, v->a, NULL);
}

struct unit
dash_unit(const struct gf_field *f)
{
	struct unit u;

	unit_find(f->unit, &u);
	u.decimals = f->decimals;
	return u;
}

struct sv
dash_value(struct dash_view *v, const struct gf_field *f, double value, uint32_t *colour)
{
	struct unit u = dash_unit(f);
	struct sv color, text = gf_mapped(f, value, (struct sv){NULL, 0}, v->a, &color);

	if (colour != NULL) {
		*colour = dash_colour(color);
		if (*colour == 0 && f->by_threshold)
			*colour = dash_colour(gf_threshold(f, value));
		if (*colour == 0)
			*colour = dash_colour(f->color);
	}
	if (text.n > 0)
		return text;
	if (isnan(value) && f->no_value.n > 0)
		return f->no_value;
	return unit_text(&u, value, v->p->to, v->a);
}

struct chart_data
dash_points(struct dash_view *v, const struct gf_frame *f, const struct gf_column *time, const struct gf_column *c, double sign)
{
	struct chart_point *p = arena_new(v->a, f->n_rows, sizeof(*p));
	size_t r, n = 0;

	for (r = 0; r < f->n_rows; r++)
		if (n == 0 || time->cell[r].v >= p[n - 1].x)
			p[n++] = (struct chart_point){time->cell[r].v, sign * c->cell[r].v};
	return chart_data(p, n, f->step > 0 ? f->step : (double)v->p->step, v->a);
}

size_t
dash_numbers(const struct gf_frames *f)
{
	size_t i, k, n = 0;

	for (i = 0; i < f->n; i++)
		for (k = 0; k < f->v[i].n_columns; k++)
			n += f->v[i].column[k].kind == GF_NUMBER;
	return n;
}

static void
dash_text(struct dash_view *v)
{
	struct gf_scope scope = {.d = &v->d->d, .panel = v->p->panel, .from = v->d->o->ask.q.start, .to = v->d->o->ask.q.end, .interval = v->d->scrape,
	    .scrape = v->d->scrape};

	v->c->kind = CHART_TEXT;
	v->c->text = gf_plain_text(gf_expand(&scope, v->p->panel->text, false, v->a, NULL), v->a);
}

static void
dash_bars(struct dash_view *v)
{
	dash_gauge(v, CHART_BARS);
}

static void
dash_needle(struct dash_view *v)
{
	dash_gauge(v, CHART_GAUGE);
}

void
dash_chart(struct dash *d, struct dash_panel *p, struct arena *a, const struct gf_frames *f)
{
	struct dash_view v = {.d = d, .p = p, .a = a, .f = f, .c = &p->chart};
	const struct doc *gauge = doc_path(p->panel->doc, SV("gauge.show"));
	static const struct {
		const char *type;
		void (*draw)(struct dash_view *v);
	} kinds[] = {{"timeseries", dash_plot}, {"graph", dash_old_graph}, {"stat", dash_stat}, {"gauge", dash_needle}, {"bargauge", dash_bars}, {"table", dash_table}, {"table-old", dash_table},
	    {"heatmap", dash_heat}, {"heatmap-new", dash_heat}, {"state-timeline", dash_states}, {"status-history", dash_states}, {"natel-discrete-panel", dash_states},
	    {"flant-statusmap-panel", dash_states}, {"piechart", dash_pie}, {"grafana-piechart-panel", dash_pie}, {"barchart", dash_barchart},
	    {"text", dash_text}, {"histogram", dash_histogram}, {"trend", dash_plot}, {"xychart", dash_xy}, {"candlestick", dash_candles}};
	/* Plug-ins that show values in a way of their own: the values as they are. */
	static const struct {
		const char *type;
		void (*draw)(struct dash_view *v);
	} plugins[] = {{"grafana-polystat-panel", dash_stat}, {"vonage-status-panel", dash_stat}, {"btplc-status-dot-panel", dash_stat},
	    {"michaeldmoore-multistat-panel", dash_bars}, {"blackmirror1-singlestat-math-panel", dash_stat}, {"briangann-gauge-panel", dash_needle},
	    {"farski-blendstat-panel", dash_stat}, {"yesoreyeram-boomtable-panel", dash_stat},
	    {"snuids-trafficlights-panel", dash_stat}, {"mtanda-heatmap-epoch-panel", dash_heat}, {"mtanda-histogram-panel", dash_histogram}, {"briangann-datatable-panel", dash_table}};
	struct sv type = p->panel->type;
	size_t i;

	if (sv_is(type, "singlestat") || sv_is(type, "grafana-singlestat-panel")) {
		if (gauge != NULL && gauge->kind == DOC_BOOL && gauge->truth)
			dash_gauge(&v, CHART_GAUGE);
		else
			dash_stat(&v);
		return;
	}
	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (sv_is(type, kinds[i].type)) {
			kinds[i].draw(&v);
			return;
		}
	for (i = 0; i < sizeof(plugins) / sizeof(*plugins); i++)
		if (sv_is(type, plugins[i].type) && plugins[i].draw != NULL) {
			plugins[i].draw(&v);
			dash_say(p, OUTCOME_PARTLY, "a plug-in's panel (%" SV_FMT "): its values as they are", SV_ARG(type));
			return;
		}
	dash_say(p, OUTCOME_REFUSED, "panels of type %" SV_FMT " are not drawn", SV_ARG(type));
}
