/*
 * k6_points - on the way from k6's points to the sink: which metrics and tag sets there are, batches, and bounds.
 *
 * A script that puts ids into its tags has as many tag sets as requests. What is beyond the bounds keeps its
 * metric, time and value and loses its tags, which is said as a problem; memory does not grow further.
 */
#ifndef SOAK_READ_K6_POINTS_H
#define SOAK_READ_K6_POINTS_H

#include "base/mem.h"
#include "read/odd.h"
#include "read/read.h"

#define K6_MAX_METRICS 2048
#define K6_MAX_TAGSETS 32768
#define K6_MAX_SERIES 131072
#define K6_MAX_TAG_BYTES ((size_t)16 << 20)
/* The tag, with value "true", of points whose own tags were not kept. */
#define K6_OVERFLOW "soak_tags_not_kept"

struct k6_hashed { /* a slot of a hash table; index 0: free, else from 1 */
	uint64_t hash;
	uint32_t index;
};
struct k6_table {
	struct k6_hashed *slot;
	size_t n, cap; /* cap is 0 or a power of two */
};

#define K6_TAILS 4096    /* remembered, a power of two */
#define K6_MAX_TAIL 2048 /* longer ones are read each time */
struct k6_tail { /* tags that were read before, by their bytes */
	char *text;
	size_t n;
	uint32_t tagset;
};
/* Reads the tags that text holds, owned by the arena. False: it is not what it should be. */
typedef bool k6_tags_fn(void *ctx, struct arena *a, struct sv text, struct labels *tags);

#define K6_RECENT 65536  /* a power of two */
#define K6_WATCHED 2

struct k6_points {
	const struct read_sink *sink;
	struct arena arena;
	VEC(struct sv) metrics;
	VEC(struct labels) tagsets; /* the first is that of K6_OVERFLOW */
	VEC(int64_t) series;        /* the sink's ids */
	struct k6_table metric_table, tagset_table, series_table;
	size_t tag_bytes;
	struct sb key;
	VEC(struct observation) batch; /* up to OBSERVATION_BLOCK */
	int64_t since;              /* time of the batch's first */
	int64_t first, last;        /* of all points */
	int64_t total;
	int64_t line;               /* of the point in hand, for problems */
	struct odd overflow;
	bool exact;                 /* times are nanoseconds and values as k6 has them: what is equal twice is the same point */
	struct observation *recent; /* K6_RECENT of them, by a hash: to find those that come twice */
	struct odd twice, back;
	struct k6_watch {
		uint32_t metric;    /* its number + 1; 0: not seen yet */
		int64_t last;
	} watch[K6_WATCHED];
	struct k6_tail *tail, *last_tail; /* K6_TAILS of them */
	struct arena scratch;
};

void k6_points_init(struct k6_points *p, const struct read_sink *sink);
void k6_points_free(struct k6_points *p);

/* The metric's number, from 0. -1 with e set (ERR_LIMIT) when there are too many. */
int64_t k6_points_metric(struct k6_points *p, struct sv name, struct err *e);
/* The tag set's number, from 0; tags are sorted. */
uint32_t k6_points_tagset(struct k6_points *p, const struct labels *tags);
/*
 * The number of the tag set that text says; text is what a line holds besides metric, time and value, and mostly the same as in
 * the line before. What holds unlike is different in each line, and not worth remembering; NULL none. False when read says so.
 */
bool k6_points_tail(struct k6_points *p, struct sv text, const char *unlike, k6_tags_fn *read, void *ctx, uint32_t *out);
/* The type and unit that a metric of k6's own always has; false when it is none of them. */
bool k6_builtin(struct sv name, struct read_metric *out);
/* What the sink calls that metric with those tags; the tags are lost when there are too many. -1: the sink failed. */
int64_t k6_points_series(struct k6_points *p, uint32_t metric, uint32_t tagset, struct err *e);
/* A point of that metric. Hands full batches to the sink: of OBSERVATION_BLOCK points, or of half a minute. 0 or -1. */
int k6_points_add(struct k6_points *p, uint32_t metric, const struct observation *o, struct err *e);
/* The last batch, when the first and the last point were (run facts k6/first_point, k6/last_point), what was odd. 0 or -1. */
int k6_points_end(struct k6_points *p, struct err *e);

/* A hash of bytes, not for secrets. */
uint64_t k6_hash(struct sv v);

/*
 * "2026-11-20T16:13:03.741562369Z", any offset, 0-9 digits of a second's fraction, to nanoseconds since 1970; false for
 * what is no such time or before 1678 or after 2261, which nanoseconds in 64 bits do not reach.
 */
bool k6_time(struct sv text, int64_t *ns);
/* A JSON number that is a finite double, correctly rounded; one that only reads as 0 since it is too small is none. */
bool k6_number(struct sv text, double *v);

#endif
