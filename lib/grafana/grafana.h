/*
 * grafana - a Grafana dashboard's JSON as structs: panels with what they ask and how they look, variables.
 *
 * Knows no query language, no data source and no picture; what it does not understand it keeps as text for a reason. The
 * field names are those of Grafana's own JSON (schema versions up to 42; rows[] before 16, panels[] since; elements and layout in the second generation).
 */
#ifndef SOAK_GRAFANA_GRAFANA_H
#define SOAK_GRAFANA_GRAFANA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/doc.h"

struct gf_target {
	struct sv ref_id, expr, legend, interval;
	struct sv source;      /* type of its data source: "prometheus", "loki", "" unknown */
	bool hide, instant, table, heatmap, has_expr;
	double interval_factor;
	struct sv expression;  /* server-side expressions: "math", "reduce", ..., of which expr is the formula or the query it reads; else empty */
	const struct doc *doc;
	int64_t panel;         /* "-- Dashboard --": shows what that panel asks; 0 none */
};

struct gf_panel {
	int64_t id;
	struct sv title, type; /* the current name of the type: graph stays "graph" */
	struct sv text;        /* of a text panel: Markdown or HTML */
	double x, y, w, h;     /* in the dashboard's grid of 24 columns */
	struct sv repeat;      /* variable whose values repeat it */
	bool repeat_down;
	struct sv interval, time_from, time_shift;
	double max_points;     /* 0: as wide as it is */
	bool library;          /* its body is elsewhere */
	struct gf_target *target;
	size_t n_targets;
	const struct doc *doc; /* the panel, for gf_field() and the transformations */
	const struct doc *options, *defaults, *overrides, *transformations; /* NULL: none */
	struct sv row_repeat;  /* repeat of the row it is in */
	size_t section;        /* a row's heading and what stands below it; what follows a collapsed row is a section without a heading */
	int64_t copy_of;       /* a panel saved as the repetition of that one; 0 none */
	/* set when a repeat was expanded */
	struct sv scope_name, scope_value;
	struct sv scope_name2, scope_value2;
};

struct gf_var {
	struct sv name, type;  /* query, custom, interval, datasource, textbox, constant, adhoc */
	struct sv query, regex, all_value;
	bool multi, include_all;
	double sort;
	struct sv *current;    /* as saved; "$__all" stands for all */
	size_t n_current;
	struct sv *option;     /* that stand in the file: custom, interval */
	size_t n_options;
	/* set by the caller */
	struct sv *value;
	size_t n_values;
	bool all;
};

struct gf_dashboard {
	struct arena arena;
	struct sv title, uid;
	int64_t schema;        /* schemaVersion; 0 unknown */
	bool second;           /* elements and layout */
	struct gf_panel *panel;
	size_t n_panels;       /* rows among them, type "row" */
	struct gf_var *var;
	size_t n_vars;
	const struct doc *root;
};

/* Reads the JSON of a dashboard, bare or as the API wraps it. name is for errors. 0 or -1; free d either way. */
int gf_read(const char *name, struct sv json, struct gf_dashboard *d, struct err *e);
void gf_free(struct gf_dashboard *d);

/* Why a panel of that type is never drawn; NULL: it may be. */
const char *gf_refused_type(struct sv type);
/* Why a target cannot be asked of a Prometheus; NULL: it can. The arena's. */
const char *gf_refused_target(const struct gf_target *t, struct arena *a);
/* "LogQL", "MetricsQL": what an expression that is no PromQL seems to be; NULL unknown. */
const char *gf_other_language(struct sv expr);

/* --- where the panels stand ------------------------------------------------------------------- */

struct gf_place {
	const struct gf_panel *panel; /* with the value that it repeats for */
	double x, y, w, h;            /* in the grid; a row is one high */
	size_t left_out;              /* so many more values of its variable are not drawn */
};
/*
 * Repeats panels and rows for the variables' values and gives each its place, in reading order: nothing lies over anything; what
 * would is moved down. The dashboard's arena's.
 */
struct gf_place *gf_place_all(struct gf_dashboard *d, size_t *n);

/* --- how a series looks: defaults and what overrides them ------------------------------------- */

struct gf_step {
	double value; /* -inf for the first */
	struct sv color;
};

enum gf_draw { GF_LINE, GF_BARS, GF_POINTS };
struct gf_field {
	struct sv unit, display_name, color, no_value, axis_label, cell;
	int decimals;         /* -1: by itself */
	double min, max;      /* NaN: not set */
	double log_base;      /* 1: straight */
	enum gf_draw draw;
	bool by_threshold;    /* the colour is that of the threshold its value is in */
	bool steps, fill, right_axis, negative, hidden, percent;
	struct sv stack;      /* "" not stacked, else its group */
	bool thresholds_drawn; /* in the plot, as lines or areas */
	bool thresholds_area;
	const struct gf_step *step;
	size_t n_steps;
	bool step_percent;
	const struct doc *mappings;
	bool old_map;         /* mappings are those before version 8 */
	bool row_hidden;      /* a column that is not shown */
};

/* The names a series can be matched by. */
struct gf_name {
	struct sv name, ref_id;
	bool number, time, text;
	double last; /* for byValue */
};
/* The look of a field of a panel. Texts are the dashboard's. */
void gf_field(struct gf_dashboard *d, const struct gf_panel *p, const struct gf_name *n, struct gf_field *out);
/* Text that a mapping puts in a value's place, *color as well; empty: none does. */
struct sv gf_mapped(const struct gf_field *f, double v, struct sv text, struct arena *a, struct sv *color);
/* The threshold's colour for a value; empty: none is set. */
struct sv gf_threshold(const struct gf_field *f, double v);
/* "lastNotNull", "mean", ...: the one reduction of a stat, gauge or table; "" default. */
struct sv gf_calc(const struct gf_panel *p);
/* Applies one to n values (NaN: no value). *known is false for a name that is not understood. */
double gf_reduce(struct sv calc, const double *x, const double *v, size_t n, bool *known);
/* Is the pattern "/regex/" or a plain name? Does it match? */
bool gf_matches(struct sv pattern, struct sv text);

/* A text panel's Markdown or HTML without its marks and tags. The arena's. */
struct sv gf_plain_text(struct sv text, struct arena *a);

/* --- variables -------------------------------------------------------------------------------- */

struct gf_scope {
	const struct gf_dashboard *d;
	const struct gf_panel *panel; /* whose repeat counts; NULL none */
	int64_t from, to, interval, scrape; /* ms: $__from, $__to, $__interval, of which $__rate_interval is made */
};
/*
 * text with $name, ${name}, ${name:format}, [[name]] and the built-in ones replaced. regex: as in an expression: several values
 * become "(a|b)" and are escaped. *missing is set to a name that has no value and is none of ours. The arena's.
 */
struct sv gf_expand(const struct gf_scope *s, struct sv text, bool regex, struct arena *a, struct sv *missing);
struct gf_var *gf_var_named(const struct gf_dashboard *d, struct sv name);
/* Grafana's ladder for $__interval: 1, 2, 5, 10, 15, 20, 30 s, ...; ms. */
int64_t gf_interval(int64_t span, double points, int64_t least);
/* Applies a variable's regex: the match or its first group. False: it does not match. */
bool gf_var_regex(struct sv regex, struct sv text, struct arena *a, struct sv *out);

#endif
