/*
 * compare_runs - two runs beside each other by one profile: every ratio and every comparison it asks for.
 */
#ifndef SOAK_JUDGE_COMPARE_RUNS_H
#define SOAK_JUDGE_COMPARE_RUNS_H

#include "judge/alike.h"
#include "judge/versus.h"

struct compare_row {
	struct sv id, title;
	bool share, gate;
	struct versus v;
};

struct compare_report {
	struct arena arena;
	struct when_run candidate, baseline;
	struct compare_row *row;
	size_t n;
	const struct alike *alike; /* what differs besides the numbers */
	const char *unlike;        /* why the two runs are not comparable; NULL: nothing speaks against it */
	enum outcome outcome; /* FAIL: a gate failed; INCONCLUSIVE: one is, or there was nothing to compare; else PASS */
};

/* 0 or -1. Free r either way. */
int compare_runs(struct store *candidate, struct store *baseline, const struct profile *p, const struct judge_opts *o,
    struct compare_report *r, struct err *e);
void compare_report_free(struct compare_report *r);

#endif
