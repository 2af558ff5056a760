/*
 * step_grafana - a dashboard over the store: its variables' values, its panels' data, its panels as charts.
 */
#ifndef SOAK_TOOLS_STEP_GRAFANA_H
#define SOAK_TOOLS_STEP_GRAFANA_H

#include "grafana/frame.h"
#include "step_chart_opts.h"

enum dash_outcome { OUTCOME_RENDERED, OUTCOME_PARTLY, OUTCOME_REFUSED };

struct dash {
	struct chart_opts *o;
	struct gf_dashboard d;
	bool has_data;     /* a store or a server is there: else panels are only understood, not filled */
	int64_t scrape;    /* ms between samples */
};

/* What became of a panel. */
struct dash_panel {
	const struct gf_panel *panel;
	enum dash_outcome outcome;
	struct sb reason;  /* several are separated by "; " */
	struct sv title;
	struct chart chart;
	double x, y, w, h; /* in the sheet, logical pixels */
	int64_t from, to, step;
};

/* Fills in each variable's values: --var, the file, the store. Notes on what has none. 0 or -1. */
int dash_vars(struct dash *d, struct err *e);

/* Asks all that a panel asks: its frames, after its transformations. Adds to the outcome. 0, or -1 with e set (our own trouble). */
int dash_frames(struct dash *d, struct dash_panel *p, struct arena *a, struct gf_frames *out, struct err *e);
/* The chart of the panel's type from its frames. */
void dash_chart(struct dash *d, struct dash_panel *p, struct arena *a, const struct gf_frames *f);

/* The outcome gets no better; reason is a format. */
void dash_say(struct dash_panel *p, enum dash_outcome outcome, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
