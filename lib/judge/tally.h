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
	size_t born;           /* the first scrape with a series that matches, TALLY_NOWHERE none */
	int64_t bridge;        /* longest time in ms that a counter may be missing while its target answers */
	VEC(struct increment) wide; /* increments over several intervals, inside the spans */
	int64_t wide_restarts, wide_unseen;
};

/* Ready for the series of one target. Memory of its own: tally_close(). */
void tally_open(struct tally *t, const struct increase_run *run, const struct target_life *life,
    const struct span *span, size_t n_spans);
void tally_close(struct tally *t);
/* What lies between two scrapes, the median, in ms; 0: there are no two. */
int64_t tally_usual(const struct target_life *l);
/*
 * Before all series: how far apart scrapes of this kind usually are (0: not known). What lies further than two of these (and
 * five minutes) apart is not seen: a target that did not answer, a series that was not there.
 */
void tally_pace(struct tally *t, int64_t usual);

/* Adds one counter's samples, in order. */
void tally_add(struct tally *t, const struct pq_sample *m, size_t n);
/* Notes only that the metric was there: a series that does not match, of a metric that does. */
void tally_see(struct tally *t, const struct pq_sample *m, size_t n);
/* After all series: where the metric vanished for good, the time after is not covered. Settles what is lost. */
void tally_finish(struct tally *t);

/* The sum inside the spans, over the intervals that are covered. */
double tally_total(const struct tally *t);
/* All but c->window. born: time before the first series that matches was there is not covered. */
void tally_coverage(const struct tally *t, bool born, struct coverage *c);
/* Of the time in which the target answered, inside the spans: what is not covered. ms. */
int64_t tally_lacks(const struct tally *t, bool born);
struct tally_steps {
	VEC(struct increment) of;
};
/* Appends the intervals that are covered, without what they brought. */
void tally_seen(const struct tally *t, bool born, struct tally_steps *out);
/* Appends to out what the intervals inside the spans brought. */
void tally_steps(const struct tally *t, struct tally_steps *out);

#endif
