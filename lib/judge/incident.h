/*
 * incident - incidents, and how long they took on average: what did not end is a lower bound.
 *
 * Knows lengths; where incidents come from is the kind's.
 */
#ifndef SOAK_JUDGE_INCIDENT_H
#define SOAK_JUDGE_INCIDENT_H

#include <stddef.h>
#include <stdint.h>

#define INCIDENT_FEWEST 5 /* of fewer there is no mean */

/* How long something took, ms: between these. */
struct incident_time {
	int64_t least, most; /* most INT64_MAX: it is not over */
};

enum incident_answer { INCIDENT_WITHIN, INCIDENT_BEYOND, INCIDENT_OPEN_QUESTION };

struct incident_mean {
	size_t n, open;
	double least;        /* the mean, with what is open for as long as it was */
	double most;         /* infinite: something is open */
	double closed, median, longest; /* of those that ended (middle of their bounds); NaN: none, closed also with fewer than 5 */
	size_t beyond;       /* that took longer than the target for certain */
};

/*
 * Is the mean within the target (ms)? Of fewer than INCIDENT_FEWEST there is no mean: each must be within it, or each
 * beyond. n > 0.
 */
enum incident_answer incident_mean(const struct incident_time *v, size_t n, int64_t target, struct incident_mean *out);

#endif
