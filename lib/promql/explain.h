/*
 * explain - what an expression reads, and whether that can answer it.
 *
 * A rate over 5 minutes of hourly snapshots has no value, ever. That is not "no alert": it is a question that
 * these samples cannot answer, and this is where one learns so.
 */
#ifndef SOAK_PROMQL_EXPLAIN_H
#define SOAK_PROMQL_EXPLAIN_H

#include "promql/eval.h"

/* Does a range hold what its function needs? Always PQ_FIT for an instant selector, and when nothing matches. */
enum pq_fit {
	PQ_FIT,       /* yes */
	PQ_FIT_ONE,   /* one sample at most times: enough for max_over_time() and its like, and not more */
	PQ_FIT_NEVER, /* unanswerable: too short for the two samples of rate(), or for even one */
};

/* What one selector reads, over all steps of the query. */
struct pq_reading {
	const struct pq_expr *x; /* PQ_SELECT or PQ_RANGE */
	int64_t from, to;        /* the times it reads, ms, after offset and @: from the first step's to the last one's */
	size_t n_series;         /* that match, whenever they were */
	size_t n_samples;        /* of them with from <= t <= to, without stale markers */
	int64_t interval;        /* between two samples, ms: the median of each series over all it has, and of these the
	                          * median; 0: no series has two */
	enum pq_fit fit;
};

struct pq_explanation {
	struct pq_reading *v; /* in the order in which they stand in the text */
	size_t n;
	bool unanswerable;    /* some range is PQ_FIT_NEVER */
};

/* Looks up each selector of x. All of out is owned by the arena. 0 or -1. */
int pq_explain(struct pq_source *src, const struct pq_expr *x, const struct pq_query *q, struct arena *a,
    struct pq_explanation *out, struct err *e);

/*
 * Does x read a range that is anchored or smoothed? Such a range has a value (0) even where its samples cannot tell, so that an
 * unanswerable one does not show in an empty result.
 */
bool pq_reads_extended(const struct pq_expr *x);

/*
 * Is r, x's result that ex explains, no answer at all? No selector matched anything; or a range is unanswerable and r is empty, or
 * extended: pq_reads_extended(x). An empty result of neither kind is one: "nothing is above 5".
 */
bool pq_no_answer(const struct pq_result *r, const struct pq_explanation *ex, bool extended);

/* The tree, a node a line, with what each selector reads below it. Appends. */
void pq_explain_text(const struct pq_expr *x, const struct pq_explanation *ex, struct sb *out);

/*
 * What is wrong with a reading, one sentence without a full stop: "range 5m of up[5m] is shorter than ...: cannot be
 * answered from these samples"; nothing when it fits. Appends.
 */
void pq_reading_doubt(const struct pq_reading *r, struct sb *out);

/*
 * Why a selector matches nothing: "no series matches up{jbo="x"}: no metric is called so; did you mean ...". Appends. 0 or
 * -1.
 */
int pq_explain_missing(struct pq_source *src, const struct pq_expr *x, struct arena *a, struct sb *out, struct err *e);

#endif
