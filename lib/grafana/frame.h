/*
 * frame - tables as dashboards pass them from a query through transformations to a panel: one a series or a query.
 */
#ifndef SOAK_GRAFANA_FRAME_H
#define SOAK_GRAFANA_FRAME_H

#include "base/labels.h"
#include "grafana/grafana.h"

enum gf_kind { GF_TIME, GF_NUMBER, GF_STRING };
struct gf_cell {
	double v;       /* GF_TIME: ms; GF_NUMBER; NaN: none */
	struct sv text; /* GF_STRING */
};
/* What "configFromData" reads from one query for the fields of another. */
#define GF_MOST_CONFIG_STEPS 16
struct gf_config {
	double min, max, decimals; /* NaN: not said */
	struct sv unit, display_name, color;
	struct gf_step step[GF_MOST_CONFIG_STEPS]; /* thresholds, ascending */
	size_t n_steps;
};
struct gf_column {
	struct sv name;       /* "Time", "Value", "instance" */
	struct sv shown;      /* a name it was given: legend, rename; else empty */
	struct labels labels; /* of a value of a series */
	const struct gf_config *config; /* how it looks, as another query says; NULL: nothing */
	enum gf_kind kind;
	struct gf_cell *cell; /* the frame's rows */
};
struct gf_frame {
	struct sv ref_id, name;
	struct gf_column *column;
	size_t n_columns;
	size_t n_rows;
	double step; /* ms between rows; 0 unknown */
};
struct gf_frames {
	struct gf_frame *v;
	size_t n;
	struct arena *arena; /* owns all */
};

/* What a column is called where it is shown. */
struct sv gf_column_name(const struct gf_column *c);
/* The last value of a column of numbers that is one; NaN none. */
double gf_last(const struct gf_column *c, size_t rows);
/* text with "${__field.labels.tool}", "${__series.name}" and "${__field.name}" of the column. The arena's. */
struct sv gf_display_name(struct sv text, const struct gf_column *c, struct arena *a);
/* Lays what a query said of a column over its look. The arena's. */
void gf_configure(const struct gf_column *c, struct gf_field *f, struct arena *a);
/*
 * Applies the panel's transformations in their order. *unknown is set to the first id that is not understood (it is left
 * out), "" none.
 */
void gf_transform(const struct gf_panel *p, struct gf_frames *f, struct sv *unknown);

/* The transformation "merge". */
void gf_merge(struct gf_frames *f);
/* Does a server-side expression read the answer to the query of that name? */
bool gf_express_reads(const struct gf_target *t, struct sv ref);
/*
 * A server-side expression (math, reduce, threshold) over the frames of the queries before it; adds its own, named by its reference and
 * with the labels of what they were made of. NULL, or why it cannot be done (the arena's), and nothing is added.
 */
const char *gf_express(const struct gf_target *t, struct gf_frames *all);

/*
 * How many values of all numbers lie in each of equal spans, with a panel's own options (bucketSize, bucketCount): a row for each span. The first
 * begins at *start, each is *size wide; NaN: there is no value, and no frame.
 */
void gf_histogram(const struct doc *options, struct gf_frames *f, double *start, double *size);

#endif
