/*
 * observation - raw points of a load generator in the store: exact, compact, in the order of their file.
 *
 * Points come and go in blocks of up to OBSERVATION_BLOCK. Their per-second and per-minute sums are kept beside them
 * in plain rows, for SQL; nobody here reads those.
 */
#ifndef SOAK_STORE_OBSERVATION_H
#define SOAK_STORE_OBSERVATION_H

#include "base/observation.h"
#include "store/store.h"

/* --- writing: all within a transaction ----------------------------------------------------- */

/* What is known of a metric; the first statement that is not empty stays. 0 or -1. */
int store_observation_metric(struct store *s, struct sv name, struct sv type, struct sv contains, struct err *e);
/* The id of a metric with these tags, made when new. -1 on error. */
int64_t store_observation_series(struct store *s, struct sv metric, const struct labels *tags, struct err *e);
/* Adds a block: 1 to OBSERVATION_BLOCK points, whose series must exist. 0 or -1. */
int store_observe(struct store *s, int64_t content, const struct observation *v, size_t n, struct err *e);
/*
 * A content that is being read stands for what it has so far: incomplete, no digest yet. Needs an artifact and a problem of
 * its own. unkeep: takes its artifacts and problems back, for store_content_done(). 0 or -1.
 */
int store_observation_kept(struct store *s, int64_t content, const char *format, int64_t items, int64_t first_ms,
    int64_t last_ms, struct err *e);
int store_observation_unkeep(struct store *s, int64_t content, struct err *e);
/* The next such content (id > after) that bears the name; 0 there is none, -1 error. */
int64_t store_observation_unread(struct store *s, struct sv name, int64_t after, struct err *e);
/* Does the content begin with all the blocks that another one has? 1, 0 or -1. */
int store_observation_begins(struct store *s, int64_t content, int64_t other, struct err *e);
/* Writes out what has not been yet, and lets go of memory: a long artifact does not fill the cache. 0 or -1. */
int store_observation_relax(struct store *s, struct err *e);

/* --- reading -------------------------------------------------------------------------------- */

/* Contents with points that some artifact still stands for, by its name. */
struct store_observed {
	int64_t content;
	struct sv name, format; /* of the artifact that comes first */
	bool complete;
	int64_t points, first_ms, last_ms;
};
struct store_rows *store_observed_open(struct store *s, struct err *e);
int store_observed_next(struct store_rows *r, struct store_observed *out, struct err *e);

struct store_observation_series {
	int64_t id, metric_id;
	struct sv metric, type, contains, tags; /* tags: canonical JSON */
};
/* All series, by id. */
struct store_rows *store_observation_series_open(struct store *s, struct err *e);
int store_observation_series_next(struct store_rows *r, struct store_observation_series *out, struct err *e);

/* Blocks of one content with points in [from_ms, to_ms], in the order of the file. */
struct store_rows *store_observations_open(struct store *s, int64_t content, int64_t from_ms, int64_t to_ms,
    struct err *e);
/* The next block's points into v (room for OBSERVATION_BLOCK), all of them: 1 and *n; 0 the end; -1 error. */
int store_observations_next(struct store_rows *r, struct observation *v, size_t *n, struct err *e);

struct store_observed_point {
	int64_t t; /* milliseconds */
	double v;
};
/*
 * All points of one series in some contents, by time. Those of its whole metric are read at once and kept until another
 * metric is asked for, so ask metric by metric. Valid until the next call. 0 or -1.
 */
int store_observation_points(struct store *s, const int64_t *content, size_t n_contents, int64_t series,
    const struct store_observed_point **v, size_t *n, struct err *e);

#endif
