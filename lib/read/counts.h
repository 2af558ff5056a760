/*
 * counts - lines that are events of their own, as counters: how many there were by label, at the end of each second.
 *
 *	count:
 *	  - { metric: soak_log_lines_total, labels: {level: '{level}'}, time: timestamp }
 *	  - { metric: soak_log_duration_seconds, value: duration_ms, unit: ms, time: timestamp, buckets: [0.1, 1, 10] }
 *
 *	- { metric: checks_total, labels: {check: '{check}', outcome: up}, per: [check], time: ts }
 *
 * The sample at T counts what happened before T; a second that saw a change gives one, and so does each full minute while no five minutes
 * are silent; the last second gives all. After five silent minutes counters end with a stale marker until the next line: those that have
 * the values of the labels "per" in common with no line (without "per": when no line came at all). A counter that is new begins with 0 at its second's start. With buckets the values become a
 * histogram (_bucket, _sum, _count). Must never know where the values come from. Memory grows with the label sets, not with the lines.
 */
#ifndef SOAK_READ_COUNTS_H
#define SOAK_READ_COUNTS_H

#include "base/doc.h"
#include "read/emit.h"

#define COUNTS_MAX 10000 /* label sets of one file */

struct count_def {
	struct emit_set emit; /* one sample template */
	double *bucket;       /* ascending; n 0: a counter */
	size_t nbuckets;
	struct sv *per;       /* labels whose silence is told apart */
	size_t nper;
};

struct counts_set {
	struct count_def *v;
	size_t n;
};

/* The key "count" of the map d, when it is there. 0 or -1 with e set (file:line:col). */
int counts_load(struct emit_scope *s, const struct doc *d, struct counts_set *out, struct err *e);

struct counts;

/* Gives sink what it counts. count: as for emit_begin(). */
struct counts *counts_new(const struct read_sink *sink, const struct time_zone *zone, int count);
/* Counts one line. 0 or the sink's -1. */
int counts_add(struct counts *c, const struct counts_set *set, const struct emit_values *values, int64_t line, struct err *e);
/* The last second, and what was odd. 0 or the sink's -1. */
int counts_finish(struct counts *c, struct err *e);
void counts_free(struct counts *c); /* NULL is fine */

#endif
