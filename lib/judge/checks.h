/*
 * checks - outages from checks that were good or bad: when they began and ended, between which bounds, and what is unknown.
 *
 * An outage is confirmed by N failures in a row, or by N of M; it counts from the first failed check to the first good
 * one. Knows times and outcomes only.
 */
#ifndef SOAK_JUDGE_CHECKS_H
#define SOAK_JUDGE_CHECKS_H

#include "judge/judge.h"

struct check {
	int64_t t;
	bool good;
};

struct checks_opts {
	int64_t every;      /* ms between two; 0: the median */
	int64_t confirm, of; /* failures in a row, or (of > 0) of so many checks */
	struct span window;
	const struct span *exclude; /* in order, not overlapping */
	size_t n_exclude;
};

struct outage {
	int64_t from, to;     /* the first failed check, the first good one (or where it is no longer known) */
	int64_t least, most;  /* how long it may really have been, ms */
	int64_t confirmed;    /* when the check came that confirmed it */
	bool open;            /* no good check followed: lower bounds */
};

struct availability {
	int64_t every;
	struct outage *outage;
	size_t n;
	size_t checks, failed;
	int64_t up, down;     /* ms, without what is excluded or unknown */
	int64_t unknown, excluded;
	int64_t down_least, down_most;
	int64_t longest_least, longest_most; /* of one outage */
	double ratio, low, high; /* up of up and down; NaN: nothing known */
};

/* The checks in order of time. Owned by the arena. */
void checks_measure(struct arena *a, const struct check *v, size_t n, const struct checks_opts *o, struct availability *out);

/* Incidents: how long it took on average over the closed ones; open ones are lower bounds that are counted beside it. */
struct mean_time {
	double mean, median, most; /* ms, of closed ones; NaN: none, mean also when there are fewer than 5 */
	size_t closed, open;
};
void checks_mean_time(const struct outage *v, size_t n, struct mean_time *out);

#endif
