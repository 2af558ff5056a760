/*
 * plot - series over an axis, being laid out. Private to lib/chart.
 */
#ifndef SOAK_CHART_PLOT_H
#define SOAK_CHART_PLOT_H

#include "chart/axis.h"
#include "chart/frame.h"
#include "chart/model.h"

#define PLOT_MOST_PANES 24
#define DIRECT_MOST 8 /* series that are labelled at their ends */

struct plot_pane {
	struct chart_pane want;
	struct axis axis;
	double y, h;
	size_t n_stacked;
	double low, high; /* of its data, and of thresholds near it */
	double least, most; /* of its data alone */
	size_t n_not_log; /* values that have no place on a logarithmic axis */
	struct prim_box *box;
};

struct plot {
	const struct chart *c;
	struct frame f;
	struct plot_pane pane[PLOT_MOST_PANES];
	size_t n_panes;
	struct axis x;       /* unless over time */
	uint32_t *colour;    /* of each series */
	bool *dashed;
	size_t n_shown;      /* series in the legend */
	bool direct;         /* labels at the ends of the lines */
	size_t legend_rows;  /* else */
	double legend_y;
	struct prim_box *box; /* of all panes */
	struct point_list drawn; /* of all lines, NaN between: what texts should not hide */
	struct plot_peak {
		double v, at;
		size_t series;
		bool any;
	} peak;              /* what is labelled in the plot */
};

double plot_x(const struct plot *l, double x);
double plot_y(const struct plot *l, size_t pane, double v);
/* The value an axis label or a legend gives. */
struct sv plot_value(const struct plot *l, size_t pane, double v);

/* Data. */
void plot_draw_series(struct plot *l, size_t i);
void plot_draw_stack(struct plot *l, size_t pane);
/* Extent of stacked series: sets the pane's low and high. */
void plot_stack_extent(struct plot *l, size_t pane);
bool plot_stacked(const struct plot *l, size_t i);

/* The value that is labelled in the plot; before and after the rest is drawn. */
void plot_find_peak(struct plot *l);
void plot_draw_peak(struct plot *l);
void plot_draw_beyond(struct plot *l);

/* Labels at the ends, or a legend above; the right margin they take. */
double plot_legend_measure(struct plot *l);
void plot_legend_draw(struct plot *l);

/* The axis below, when it is none of time. */
void plot_x_axis(struct plot *l);

/* A polyline or polygon clipped to a pane. */
void plot_add(struct plot *l, enum prim_kind kind, size_t pane, const struct point_list *points, double width, uint32_t rgba,
    bool dashed);

#endif
