/*
 * chart - the success-rate chart: a ratio per interval, its objective, and what happened meanwhile.
 *
 * Data with gaps in, a picture out (picture.h). Knows nothing of stores, profiles or verdicts.
 */
#ifndef SOAK_CHART_CHART_H
#define SOAK_CHART_CHART_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "chart/data.h"
#include "chart/picture.h"

struct chart_step { /* a ratio over (from, to] */
	int64_t from, to;
	double value; /* 0..1 */
	double n;     /* how many it is a ratio of */
	bool known;   /* false: no traffic or not measured, which is a gap */
};

struct chart_ratio {
	struct sv title, subtitle, footer; /* footer: run, source; no wall clock */
	int64_t from, to;                  /* of the x axis: the run */
	double objective;                  /* NaN: none */
	struct sv objective_text;          /* "97 %" as written */
	const struct chart_step *step;     /* in order, not overlapping */
	size_t n;
	const struct chart_band *band;
	size_t n_bands;
	const struct chart_flag *flag;
	size_t n_flags;
};

/* Lays the chart out: measure first, then place; nothing overlaps, nothing is cut. 0 or -1. Free p either way. */
int chart_ratio_layout(const struct chart_ratio *c, struct fonts *f, struct picture *p, struct err *e);

/* name.json: what was plotted, the alt text and the ids. Appends. */
void chart_ratio_json(const struct chart_ratio *c, const struct picture *p, struct sv figure_id, struct sb *out);

#endif
