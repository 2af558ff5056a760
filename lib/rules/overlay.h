/*
 * overlay - a source of series: another one, read ahead and remembered, under what rules have recorded.
 *
 * A replay asks for the same selectors at each step, a little later each time: series are looked up once, and
 * samples are read in stretches. Recorded series stand in memory; a metric that rules record hides that of the source below.
 */
#ifndef SOAK_RULES_OVERLAY_H
#define SOAK_RULES_OVERLAY_H

#include "base/mem.h"
#include "promql/promql.h"
#include "rules/ids.h"

struct overlay_series { /* recorded */
	struct sv name;
	struct labels labels;
	VEC(struct pq_sample) sample; /* in order of time */
};

struct overlay {
	struct pq_source src;
	struct pq_source *base; /* borrowed */
	struct arena arena;
	int64_t now;            /* the step's time: what is read ahead is counted from there */
	VEC(struct sv) hidden;  /* metrics of base that are not seen */
	VEC(struct overlay_series) recorded;
	struct ids ids;         /* of them */
	VEC(struct overlay_lookup { const struct pq_selector *sel; struct pq_series *v; size_t n; }) lookup;
	struct overlay_ahead *ahead;
	size_t n_ahead, cap_ahead;
};

void overlay_init(struct overlay *o, struct pq_source *base);
void overlay_free(struct overlay *o);
/* From now on only recorded series have that name. Borrowed. */
void overlay_hide(struct overlay *o, struct sv name);

/*
 * Adds a sample to the recorded series of that name and labels (without __name__, sorted), which is made when it is not
 * there; its number. A sample that is not later than the last one is dropped, as Prometheus does.
 */
size_t overlay_record(struct overlay *o, struct sv name, const struct labels *labels, const struct pq_sample *s);

#endif
