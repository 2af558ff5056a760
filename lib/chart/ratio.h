/*
 * ratio - the parts of the success-rate chart: its data made safe, its line, its notes. Private to lib/chart.
 */
#ifndef SOAK_CHART_RATIO_H
#define SOAK_CHART_RATIO_H

#include "chart/chart.h"
#include "chart/frame.h"
#include "chart/scale.h"

/* What of the given data can be drawn: steps in order, none overlapping, with a length, within the run. */
struct ratio_data {
	const struct chart_ratio *c;
	bool axis;        /* the run has a length and lies in years 1 to 9999 */
	double objective; /* NaN: none */
	const struct chart_step *step; /* values of known steps are finite */
	size_t n;
	size_t known;     /* how many of the steps */
	size_t missed;    /* known and below the objective */
	size_t lowest;    /* index of the first lowest known step; meaningless when known is 0 */
	int64_t lowest_to; /* where the last of the steps right after it ends that are as low */
	size_t ties;      /* how many known steps elsewhere are as low */
	bool flat;        /* every known step has the same value */
	struct chart_gap *gap;
	size_t n_gaps;
	int64_t no_data;  /* length of all gaps */
};

/* Everything in d is owned by the arena or borrowed from c. */
void ratio_data_make(struct ratio_data *d, const struct chart_ratio *c, struct arena *a);
/* The alt text, from the data alone. */
struct sv ratio_alt(const struct ratio_data *d, struct arena *a);
/* "89.24 % at 18:00–19:00"; for a flat line of more than one step "100 % in all 24 intervals". */
struct sv ratio_lowest_text(const struct ratio_data *d, struct arena *a);

/* A chart being laid out. */
struct ratio_layout {
	struct ratio_data d;
	struct frame f;
	struct scale_values values;
	struct point_list line;            /* as drawn; y = NaN breaks it */
	bool stepped;               /* each value holds over its interval, visibly */
};

/* Where a ratio (cut to what the axis has) lies. */
double ratio_y(const struct ratio_layout *l, double value);

/* Fills in l->line from the steps: at most four points a half pixel column (M4). */
void ratio_trace(struct ratio_layout *l);
/* The areas below the objective, the line, dots where it is too short to be seen, the objective. */
void ratio_draw_line(struct ratio_layout *l);
/* The label of the lowest point: beside it, in the row of notes where that would hide the line, or nowhere. */
void ratio_draw_lowest(struct ratio_layout *l, double notes_baseline);

#endif
