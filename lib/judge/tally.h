/*
 * tally - one target's part of an increase: what each interval between its scrapes brought, and what is not known.
 *
 * Interval i ends at scrape i and begins at scrape i - 1; interval 0 begins at run.start and exists only when the
 * target's process began with the run (docs/rules.md 12).
 */
#ifndef SOAK_JUDGE_TALLY_H
#define SOAK_JUDGE_TALLY_H

#include "base/mem.h"
#include "judge/life.h"

#define TALLY_NOWHERE SIZE_MAX

struct tally {
	const struct increase_run *run;
	const struct target_life *life;
	const struct span *span; /* in order, neither overlapping nor touching */
	size_t n_spans;
	double *delta;         /* per interval: the sum over all series */
	unsigned char *mark;   /* per interval: see tally.c */
	size_t first, last;    /* the scrapes between which the metric was seen, TALLY_NOWHERE never */
	VEC(struct increment) wide; /* increments over several intervals, inside the spans */
	int64_t wide_restarts, wide_unseen;
};

/* Ready for the series of one target. Memory of its own: tally_close(). */
void tally_open(struct tally *t, const struct increase_run *run, const struct target_life *life,
    const struct span *span, size_t n_spans);
void tally_close(struct tally *t);

/* Adds one counter's samples, in order. */
void tally_add(struct tally *t, const struct pq_sample *m, size_t n);
/* Notes only that the metric was there: a series that does not match, of a metric that does. */
void tally_see(struct tally *t, const struct pq_sample *m, size_t n);
/* After all series: where the metric vanished for good, the time after is not covered. Settles what is lost. */
void tally_finish(struct tally *t);

/* The sum inside the spans, over the intervals that are covered. */
double tally_total(const struct tally *t);
/* All but c->window. */
void tally_coverage(const struct tally *t, struct coverage *c);
/* Appends to out what the intervals inside the spans brought. */
struct tally_steps {
	VEC(struct increment) of;
};
void tally_steps(const struct tally *t, struct tally_steps *out);

#endif
