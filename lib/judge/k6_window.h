/*
 * k6_window - which points a criterion of the kind k6 is about: of which run, from when to when.
 */
#ifndef SOAK_JUDGE_K6_WINDOW_H
#define SOAK_JUDGE_K6_WINDOW_H

#include "judge/k6_stats.h"
#include "judge/kind.h"

struct k6_window {
	struct k6_set set;
	struct sv glob;          /* that selects the set */
	struct span *span;       /* n 0: all points */
	size_t n;
	int64_t length;          /* ms, of all spans; of all points: from the first to the last */
	double seconds;          /* for rates of counters: length, or for all points what a summary states */
	const char *note;        /* " Rates are over ..." or "" */
	const char *open_end;    /* why it may have been cut short before it went wrong, or NULL */
	const char *claims;      /* what summaries claim of the metric and threshold, or "" */
};

/*
 * The points that glob selects (empty: those of the only run in the store), in the criterion's window without its first
 * after_ms. 1; 0 when there are none or it is not clear which are meant (r says so); -1.
 */
int k6_window_open(struct judging *j, struct criterion_result *r, struct sv glob, struct sv metric, struct sv threshold,
    int64_t after_ms, struct k6_window *w, struct err *e);

/* Names the artifacts in r. 0 or -1. */
int k6_window_sources(struct judging *j, struct criterion_result *r, const struct k6_window *w, struct err *e);

#endif
