/*
 * k6_run - all that k6 sums up at the end of one run, computed again from its points, beside what its artifacts claim.
 */
#ifndef SOAK_JUDGE_K6_RUN_H
#define SOAK_JUDGE_K6_RUN_H

#include "judge/k6_stats.h"

struct k6_check {
	struct sv path; /* "::group::name" */
	struct sv name;
	size_t stats;   /* its number in the run's stats */
};

struct k6_asked { /* a threshold that an artifact states */
	struct sv metric, text, source; /* metric: as in the artifact, perhaps a submetric */
	struct k6_threshold threshold;
	bool understood;
	size_t stats;
};

struct k6_stated { /* a claim whose path begins with k6/ */
	struct sv path, text, source;
	double value;
	int64_t line, content;
};

struct k6_run {
	struct k6_set set;
	struct k6_stats *stats; /* metrics, then submetrics, each by name; then checks. Free with k6_run_close() */
	struct sv *shown;       /* how each is called: "http_req_duration{tool:x}" */
	size_t n_stats, n_named; /* the first n_named are no checks */
	struct k6_check *check; /* by path */
	size_t n_checks;
	struct k6_asked *asked;
	size_t n_asked;
	struct k6_stated *stated;
	size_t n_stated;
	double seconds;         /* the run's length; NaN unknown */
	bool seconds_stated;    /* by a summary; else it is the time between the first and the last point */
	struct sv seconds_source;
	struct k6_seen seen;
	double planned_s, planned_vus; /* NaN: no load profile */
};

/*
 * The run whose points glob selects (k6_set_open()) with the facts and claims of artifacts in the same folders, or of
 * all where no other points are in the store. Owned by the arena but for what k6_run_close() frees. 0 or -1.
 */
int k6_run_open(struct store *s, struct sv glob, struct arena *a, struct k6_run *r, struct err *e);
void k6_run_close(struct k6_run *r);

/* Only what is stated, without computing anything: stats, checks and asked[].stats stay empty. 0 or -1. */
int k6_run_stated(struct store *s, struct sv glob, struct arena *a, struct k6_run *r, struct err *e);

/* Why nothing says that the run came to its end, owned by the arena, or NULL: a summary does, or a load profile whose length was reached. */
const char *k6_run_open_end(const struct k6_run *r, struct arena *a);

/* Only the run's length, as in struct k6_run. 0 or -1. */
int k6_run_seconds(struct store *s, struct sv glob, struct arena *a, double *seconds, bool *stated, struct sv *source,
    struct err *e);

/* The folders that hold points, as globs for the above, in order; owned by the arena. 0 or -1. */
int k6_folders(struct store *s, struct arena *a, struct sv **out, size_t *n, struct err *e);

/* The number of the stats of that name; n_stats when it is not among them. */
size_t k6_run_find(const struct k6_run *r, struct sv name);

/* A value as k6 prints it: "163.58ms", "7.83%", "37 MB", "0.594186"; truncated as k6 does. Appends. */
void k6_humanize(struct sb *out, double v, struct sv type, struct sv contains);

/* k6's end-of-test summary from the points, in the layout of k6 2.x. Appends. */
void k6_text(const struct k6_run *r, struct sb *out);

#endif
