/*
 * increase - how much counters grew, exactly: differences of samples, resets added, births from zero.
 *
 * docs/rules.md 11-14. Knows samples and restarts; never knows profiles or verdicts.
 */
#ifndef SOAK_JUDGE_INCREASE_H
#define SOAK_JUDGE_INCREASE_H

#include "judge/judge.h"

/* A growth between two neighbouring scrapes of a target. */
struct increment {
	int64_t from, to;
	double delta;
	bool restart; /* the process restarted in between: delta is what came after, "at least" */
};

/* What a target did: when it answered and when its process began anew. */
struct target_life {
	int64_t target;
	int64_t *scrape;    /* in order */
	size_t n;
	int64_t *began;     /* process start time at each scrape; TIME_NONE unknown */
	bool *told;         /* the scrape itself said so; else it was concluded from its neighbours. NULL: none said so */
	bool zero_start;    /* the process began with the run: counters count from 0 at run.start */
};

struct increase_run { /* the setting: borrowed by all calls */
	struct pq_source *source;
	struct store *store;
	const struct profile *profile;
	struct when_run run;
	struct arena *arena;
	struct target_life *life;
	size_t n_life;
	struct span *restart; /* events named like a restart within (last scrape, next): narrow the unseen time */
	size_t n_restart;
};

/* Reads scrapes and process starts of all targets. 0 or -1. */
int increase_setup(struct increase_run *r, struct err *e);

struct increase {
	double total;       /* the sum over all increments that lie wholly inside the spans; over the covered time only */
	bool known;         /* false: no series of the metric was ever seen, or nothing lies inside */
	bool metric_seen;   /* the metric has series, if not matching ones: then the sum is 0, not unknown (rule 13) */
	bool exists;        /* it has series, if at unknown times only */
	struct sv untold;   /* a label that sel needs and no series of the metric has, or "le with the value 0.5" of a histogram: then nothing is seen or known; else "" */
	struct sv moot;     /* a label that sel excludes by and no series of the metric has: it excludes nothing; else "" */
	int64_t *target;    /* those that have the metric, in order */
	size_t n_targets;
	size_t n_series;
	struct coverage coverage;
	struct coverage there; /* the same without the time before a matching series was there: of what traffic is counted by */
	bool at_least;
	struct increment *step; /* per scrape interval of the targets, merged and in order; for charts */
	size_t n;
	struct pq_series *series;
};

/* Over the union of spans (in order, not overlapping). Memory from r->arena. 0 or -1. */
int increase_over(struct increase_run *r, const struct pq_selector *sel, const struct span *span, size_t n_spans,
    struct increase *out, struct err *e);

#endif
