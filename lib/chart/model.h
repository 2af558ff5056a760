/*
 * model - a chart before it is laid out: what is shown, over what, in which units, with what happened meanwhile.
 *
 * Knows nothing of queries, stores or dashboards. All is borrowed from the caller and must outlive the layout.
 */
#ifndef SOAK_CHART_MODEL_H
#define SOAK_CHART_MODEL_H

#include "base/json.h"
#include "chart/data.h"
#include "chart/picture.h"
#include "chart/unit.h"

enum chart_kind {
	CHART_PLOT,   /* series over time or over a value: lines, areas, stacks, columns, points */
	CHART_HEAT,   /* time x buckets */
	CHART_STATES, /* rows of spans over time */
	CHART_BARS,   /* a bar a row */
	CHART_STAT,   /* one big value a row, with its course behind it */
	CHART_GAUGE,  /* a value on its scale, a row each */
	CHART_TABLE,
	CHART_TEXT,
	CHART_PAIRS,  /* dumbbells: two values a row */
};

enum chart_draw { DRAW_LINE, DRAW_POINTS, DRAW_COLUMNS, DRAW_STEPS };
struct chart_series {
	struct sv name;         /* "": the chart has one series and its title names it */
	struct chart_data data;
	uint32_t colour;        /* 0: the next of the palette */
	size_t pane;
	enum chart_draw draw;
	bool fill;              /* down to zero */
	bool stack;             /* onto the stacked ones before it */
	bool dashed;            /* a forecast, a partial window, a fit */
	bool quiet;             /* not in the legend */
	struct sv note;         /* beside its name, in place of "max 694" */
};

struct chart_pane { /* plots above each other, over the same x */
	struct sv title;
	struct unit unit;
	double min, max;   /* NaN: as the data wants */
	bool log, zero;
	bool percent;      /* stacks are shares of their sum */
	double weight;     /* of its height; 0 is 1 */
};

struct chart_rule { /* a threshold, an objective */
	size_t pane;
	double value;
	uint32_t colour;
	struct sv label;   /* "" none */
	bool band;         /* a pale band from here to the next rule above instead of a line */
};

struct chart_row { /* BARS, STAT, GAUGE, PAIRS */
	struct sv name;
	double value;      /* NaN: n/a */
	double other;      /* PAIRS: what the value is compared with; NaN: n/a */
	double bad;        /* BARS: the part of it that is bad; 0 none */
	struct sv text;    /* "": the value in its unit */
	uint32_t colour;   /* 0: of the chart */
	struct unit unit;
	double min, max;   /* GAUGE: its scale; NaN: 0 and the largest value */
	struct chart_data course; /* STAT: drawn small behind the value; n == 0 none */
};

enum chart_state { STATE_NONE, STATE_PASS, STATE_NEAR, STATE_FAIL, STATE_UNKNOWN, STATE_COLOUR };
struct chart_cell {
	struct sv text;
	bool number;       /* set to the right */
	enum chart_state state; /* STATE_COLOUR: fill it with colour */
	uint32_t colour;
	double share;      /* 0..1: a bar in the cell; NaN none */
};
struct chart_table {
	const struct sv *column;
	size_t n_columns;
	const struct chart_cell *cell; /* row by row */
	size_t n_rows;
	bool strip;        /* criteria by checkpoint: all columns but the first are equally wide */
};

struct chart_span {
	size_t row;
	int64_t from, to;
	int level;         /* 0 thin, 1 medium, 2 tall: height carries the state, colour repeats it */
	uint32_t colour;
	struct sv label;   /* "OPEN 20 min"; "" none */
};

struct chart_heat {
	const int64_t *from; /* of each column; it ends where the next begins, or after interval */
	size_t n_columns;
	int64_t interval;
	const struct sv *edge; /* the upper edge of each row, lowest first: "5 ms", ..., "+Inf" */
	size_t n_rows;
	const double *cell;  /* column by column, lowest row first; NaN: no data */
	struct sv of;        /* what a cell is: "share of requests" */
	bool share;          /* cells are shares of their column */
	const struct chart_data *line; /* over it, in rows (2.5: the middle of the third); NULL none */
	struct sv line_name;
};

enum chart_x { X_TIME, X_ELAPSED, X_VALUE, X_LOG, X_PERCENTILE };
struct chart {
	enum chart_kind kind;
	struct sv id;      /* what soak-why understands; "" none */
	struct sv title, subtitle, footer;
	double width, height; /* logical pixels; 0: the house's size for the kind */
	enum chart_x x;
	double from, to;   /* of the x axis; X_ELAPSED: seconds; X_PERCENTILE: the highest 1/(1-q) is to */
	struct unit x_unit;
	struct sv x_title;
	const struct chart_pane *pane; /* NULL: one plain one */
	size_t n_panes;
	const struct chart_series *series;
	size_t n_series;
	const struct chart_rule *rule;
	size_t n_rules;
	const struct chart_band *band;
	size_t n_bands;
	const struct chart_flag *flag;
	size_t n_flags;
	const struct chart_row *row;
	size_t n_rows;
	struct chart_table table;
	const struct sv *state_row;
	size_t n_state_rows;
	const struct chart_span *span;
	size_t n_spans;
	struct sv state_key; /* "CLOSED thin, OPEN tall" */
	struct chart_heat heat;
	struct sv text;
	struct sv cannot;  /* why it cannot show what it is asked to: said in the picture, in the place of the data */
	struct sv why;     /* why there is nothing to draw, said where there is nothing; "" unknown */
	bool no_legend;
	int64_t end;       /* of the data, ms; TIME_NONE unknown */
};

/* Measure first, then place. 0 or -1 with e set. Free p either way. */
int chart_layout(const struct chart *c, struct fonts *f, struct picture *p, struct err *e);

/* What a person who cannot see it should know, from the data; the arena's. */
struct sv chart_alt(const struct chart *c, struct arena *a);
/* name.json: kind, title, alt text, ids, and what was plotted. Appends. */
void chart_json(const struct chart *c, const struct picture *p, struct sb *out);
/*
 * Unicode sparklines, one line a series with its name, minimum, maximum and last value; gaps are blanks. columns: of the
 * terminal. Appends.
 */
void chart_spark(const struct chart *c, int columns, struct sb *out);

#endif
