/*
 * k6_stats - k6's statistics again, from the points in the store and exactly as k6 computes them (grafana/k6,
 * metrics/sink.go): sums in the order of the file, percentiles linear at p (n - 1) of all values.
 */
#ifndef SOAK_JUDGE_K6_STATS_H
#define SOAK_JUDGE_K6_STATS_H

#include "base/mem.h"
#include "judge/judge.h"
#include "judge/k6_expr.h"

/* The contents whose points are one run's. */
struct k6_set {
	struct arena *arena;   /* borrowed */
	struct k6_part {
		int64_t content;
		struct sv name, format;
		bool complete; /* read to its end */
		bool damaged;  /* an error was found in it: points are missing, or their tags */
		int64_t points, first_ms, last_ms;
	} *part;               /* owned by the arena */
	size_t n;
	struct sv other;       /* the name of a part in another form that was left out (CSV beside NDJSON), or "" */
	struct sv again;       /* the name of a part that looks like another one in the same form, or "": then nothing is whole */
	int64_t first_ms, last_ms, points;
	bool whole;            /* every part is complete and undamaged */
	bool csv;              /* values are rounded to 6 decimals, times perhaps to seconds */
};
/*
 * Those that glob matches (empty: all; "DIR/": in that folder, "./" in none). Of two with the same number of points and span,
 * one CSV, the CSV is left out. 0 (perhaps with n 0) or -1.
 */
int k6_set_open(struct store *s, struct sv glob, struct arena *a, struct k6_set *set, struct err *e);

/* What one metric, or the part of it with some tags, comes to. */
struct k6_stats {
	struct k6_name name;      /* what is asked for */
	struct sv without;        /* a tag that must not be there; "" none */
	bool known;               /* the metric is in the store */
	struct sv type, contains; /* "counter" ...; "": not stated */
	int64_t n, nonzero, hidden; /* hidden: points of the metric whose tags were not kept, and tags are asked for */
	double sum, min, max, last;
	bool keep;                /* for percentiles: keep all values */
	VEC(double) v;            /* sorted after k6_stats_collect() */
};
void k6_stats_free(struct k6_stats *st, size_t n);

/* When there were points, of any metric, in the spans. */
struct k6_seen {
	int64_t first_ms, last_ms; /* TIME_NONE: never */
	int64_t covered, longest_gap; /* ms; a stretch of more than K6_GAP without a point is not covered */
	int64_t n;
};
#define K6_GAP (10 * TIME_SECOND)

/*
 * Each HTTP request yields one point of http_reqs (a 1), one of http_req_duration and one of http_req_failed. Asks st[0..2] for them.
 */
#define K6_PAIRED 3
void k6_paired_ask(struct k6_stats st[K6_PAIRED]);
/* How those that are there do not agree, owned by the arena, or NULL. */
const char *k6_paired_differ(struct arena *a, const struct k6_stats st[K6_PAIRED]);

/*
 * Reads the set's points with from <= t < to in any of the spans (n_spans 0: all) once for all n of st, whose name and
 * keep are set. seen may be NULL. 0 or -1.
 */
int k6_stats_collect(struct store *s, const struct k6_set *set, const struct span *span, size_t n_spans,
    struct k6_stats *st, size_t n, struct k6_seen *seen, struct err *e);

/*
 * One statistic; NaN when it has none (rate of a counter: seconds is the run's length, NaN unknown). Percentiles want
 * keep. What k6 gives for no points at all, 0, is 0 here too: ask n.
 */
double k6_stats_get(const struct k6_stats *st, enum k6_stat stat, double p, double seconds);

#endif
