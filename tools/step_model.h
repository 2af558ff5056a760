/*
 * step_model - from series with labels to a chart: what it is called, which kind suits it.
 */
#ifndef SOAK_TOOLS_STEP_MODEL_H
#define SOAK_TOOLS_STEP_MODEL_H

#include "base/labels.h"
#include "chart/derive.h"
#include "promql/eval.h"

struct step_series {
	struct labels labels;
	struct sv name;          /* as shown; set by step_names() where it was empty */
	struct chart_point *p;
	size_t n;
};

struct step_data {
	struct step_series *v;
	size_t n;
	double interval;         /* between samples, ms; 0: found out */
	double from, to;         /* of the axis; from > to: as the data */
	bool times;              /* x is a time */
	const struct sv *label;  /* of the rows when x counts them; NULL */
	size_t n_labels;
};

/* How it shall look; zero: as suits it. */
struct step_look {
	const char *kind;
	struct sv title, subtitle, footer, unit, legend, id;
	double width, height;
	double min, max;  /* NaN: not fixed */
	bool log;
	int64_t end;
};

/* The kinds that --kind knows; NULL at the end. */
extern const char *const step_kinds[];

/* A result's series; its points are copied to the arena. */
void step_data_of(const struct pq_result *r, struct arena *a, struct step_data *out);
/*
 * Names what has none: by legend ("{{tool}} {{code}}"), else by the labels that differ between them; the only one of its
 * kind has none. A series' metric name counts as a label. The arena's.
 */
void step_names(struct step_series *v, size_t n, struct sv legend, struct arena *a);
/* The kind that suits the data: heat for buckets, states for a few whole numbers, bars for one instant, else lines. */
const char *step_kind(const struct step_data *d);
/* The chart of a kind. All is the arena's or the data's. -1, ERR_USAGE: the data cannot be shown so. */
int step_model(const struct step_data *d, const struct step_look *look, struct arena *a, struct chart *c, struct err *e);

/* Buckets from series with a label le, added up over all else. Their number. */
size_t step_buckets(const struct step_data *d, struct arena *a, struct derive_bucket **out);

/* Two runs: the shares of their values overlaid, the baseline grey. */
void step_pair_ecdf(const struct step_data *candidate, const struct step_data *base, const struct step_look *look, struct arena *a, struct chart *c);
/* p50, p95 and p99 of each pair as dumbbells; *method says how, count[] of how many values: ", n = 12". The number of series that have no partner, no value or no room. */
size_t step_pair_dumbbells(const struct step_data *candidate, const struct step_data *base, const struct step_look *look, struct arena *a, struct chart *c,
    struct sv *method, struct sv count[2]);

#endif
