/*
 * step_model_in - a chart while it is made, for step_model.c and step_model_spread.c only.
 */
#ifndef SOAK_TOOLS_STEP_MODEL_IN_H
#define SOAK_TOOLS_STEP_MODEL_IN_H

#include "step_model.h"

struct model {
	const struct step_data *d;
	const struct step_look *look;
	struct arena *a;
	struct chart *c;
	struct unit unit;
	struct err *e;
};

/* The chart's one pane, scaled as was asked. */
void model_add_pane(struct model *b);
/* Series i as points with gaps. */
struct chart_data model_data_of(const struct model *b, size_t i);
/* x that are no times are joined whatever lies between them. */
void model_join(struct chart_data *d);

/* The kinds made of buckets. 0, or -1 with b->e set where there are none. */
int model_heat(struct model *b);
int model_percentiles(struct model *b);
int model_hdr(struct model *b);
int model_distribution(struct model *b);
/* Of buckets or of values as they are. */
int model_ecdf(struct model *b);

#endif
