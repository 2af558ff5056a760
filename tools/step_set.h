/*
 * step_set - a chart set: YAML that says which charts show what, and what they need to be able to.
 */
#ifndef SOAK_TOOLS_STEP_SET_H
#define SOAK_TOOLS_STEP_SET_H

#include "step_chart_opts.h"

struct set_query {
	struct sv expr, legend;
};
struct set_rule {
	double value;
	struct sv label;
};

struct set_chart {
	const struct doc *at;
	struct sv id, title, subtitle, unit, missing, because, x_title, around, until, results;
	const char *kind;
	struct set_query *query;
	size_t n_queries;
	struct set_rule *rule;
	size_t n_rules;
	double min, max, objective; /* NaN: none */
	bool log;
	int64_t every;              /* samples must be at least that close; 0 however far */
	int64_t before, after;      /* of the event */
	double width, height;
};

struct chart_list {
	struct arena arena;
	struct sv title;
	struct set_chart *v;
	size_t n;
};

/* Reads a set's text: keys that are unknown are errors with file:line:column. 0 or -1; free l either way. */
int set_parse(const char *name, struct sv text, struct chart_list *l, struct err *e);
void set_free(struct chart_list *l);

/* Kinds that a set has beside those of --kind: they need several queries, or rows of the store. */
bool set_is_composed(const char *kind);
/* The chart of such a kind. d: what each query gave. 0 or -1. */
int set_compose(struct chart_opts *o, const struct set_chart *s, const struct step_data *d, struct arena *a, struct chart *c, struct err *e);

#endif
