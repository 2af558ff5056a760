/*
 * compare_runs - two runs beside each other by one profile: every ratio and every comparison it asks for.
 */
#ifndef SOAK_JUDGE_COMPARE_RUNS_H
#define SOAK_JUDGE_COMPARE_RUNS_H

#include "judge/versus.h"

struct compare_row {
	struct sv id, title;
	bool share, gate;
	struct versus v;
};

struct compare_fact { /* a fact of the run that is not the same; "" where a run does not say */
	struct sv path, baseline, candidate;
};

struct compare_report {
	struct arena arena;
	struct when_run candidate, baseline;
	struct compare_row *row;
	size_t n;
	struct compare_fact *fact;
	size_t n_facts;
	enum outcome outcome; /* FAIL: a gate failed; INCONCLUSIVE: one is, or there was nothing to compare; else PASS */
};

/* 0 or -1. Free r either way. */
int compare_runs(struct store *candidate, struct store *baseline, const struct profile *p, const struct judge_opts *o,
    struct compare_report *r, struct err *e);
void compare_report_free(struct compare_report *r);

#endif
