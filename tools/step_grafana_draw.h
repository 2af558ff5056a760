/*
 * step_grafana_draw - what the files that draw a kind of panel share.
 */
#ifndef SOAK_TOOLS_STEP_GRAFANA_DRAW_H
#define SOAK_TOOLS_STEP_GRAFANA_DRAW_H

#include "chart/derive.h"
#include "chart/style.h"
#include "step_grafana.h"

struct dash_view {
	struct dash *d;
	struct dash_panel *p;
	struct arena *a;
	const struct gf_frames *f;
	struct chart *c;
};

/* The first column of a kind; NULL none. */
const struct gf_column *dash_column(const struct gf_frame *f, enum gf_kind kind);
/* How many columns of numbers there are in all frames. */
size_t dash_numbers(const struct gf_frames *f);
/* A colour as dashboards name it; 0 none. */
uint32_t dash_colour(struct sv name);
/* The look of a column, its shown name in *name. */
void dash_look(struct dash_view *v, const struct gf_frame *f, const struct gf_column *c, struct gf_field *out, struct sv *name);
struct unit dash_unit(const struct gf_field *f);
/* A value as it is shown, mapped or in its unit; *colour (unless NULL) 0 where none is wanted. */
struct sv dash_value(struct dash_view *v, const struct gf_field *f, double value, uint32_t *colour);
struct chart_data dash_points(struct dash_view *v, const struct gf_frame *f, const struct gf_column *time, const struct gf_column *c, double sign);
/* The thresholds that are drawn. */
void dash_rules(struct dash_view *v, const struct gf_field *f);

void dash_plot(struct dash_view *v);
/* A candlestick panel: its series as lines. */
void dash_candles(struct dash_view *v);
void dash_xy(struct dash_view *v);
void dash_old_graph(struct dash_view *v);
void dash_stat(struct dash_view *v);
/* CHART_GAUGE or CHART_BARS. */
void dash_gauge(struct dash_view *v, enum chart_kind kind);
void dash_pie(struct dash_view *v);
void dash_barchart(struct dash_view *v);
/* How often values lie in equal spans: bars. */
void dash_histogram(struct dash_view *v);
void dash_table(struct dash_view *v);
void dash_heat(struct dash_view *v);
void dash_states(struct dash_view *v);

#endif
