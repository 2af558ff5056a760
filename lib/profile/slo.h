/*
 * slo - service level objectives as structs: the profile's "slos", OpenSLO v1, and the files of sloth and pyrra.
 *
 * What is good and what is all of it stay texts; whether they can be counted is the judge's business.
 */
#ifndef SOAK_PROFILE_SLO_H
#define SOAK_PROFILE_SLO_H

#include "profile/profile.h"

enum slo_method {
	SLO_OCCURRENCES,      /* good of all */
	SLO_TIMESLICES,       /* slices whose ratio is at least slice_target, of all slices */
	SLO_RATIO_TIMESLICES, /* the mean of the slices' ratios */
};
enum slo_no_data { SLO_SKIP, SLO_GOOD, SLO_BAD }; /* what a slice without traffic is */

#define SLO_PERIOD (30 * TIME_DAY)
#define SLO_MAX_PAIRS 16

/* An alert on burn rates: over both windows more than factor, for "after". */
struct slo_pair {
	struct sv name, severity;
	int64_t lo, sho; /* the long and the short window, ms; sho 0: there is none */
	int64_t after;
	double factor;
	bool or_equal;   /* the condition says gte */
};

/* What a value says that is no count: of raw, one value at a time. */
enum slo_raw {
	SLO_COUNTED,   /* nothing: total, good and bad are counted */
	SLO_SUCCESS,   /* it is the share that was good, 0..1 */
	SLO_FAILURE,   /* it is the share that was bad */
	SLO_THRESHOLD, /* all was good where "value op limit" holds, else bad */
};

struct slo {
	struct sv name, title, service;
	struct sv total, good, bad; /* PromQL; good or bad is ""; all are with raw */
	struct sv raw;              /* PromQL, else "" */
	enum slo_raw kind;
	enum profile_op op;         /* of SLO_THRESHOLD */
	double limit;
	double target;              /* 0..1 */
	struct sv target_text;      /* "99.9%" */
	int64_t period;
	bool calendar;              /* not rolling: months, weeks */
	enum slo_method method;
	double slice_target;
	int64_t slice;              /* ms; default 1 minute */
	enum slo_no_data no_data;
	struct slo_pair pair[SLO_MAX_PAIRS];
	size_t n_pairs;
	struct sv note;             /* what of the file is read in another way than it is written; "" */
	struct sv over;             /* the profile's window that it is measured over; "run" */
	const struct doc *at;
};

struct slos {
	struct slo *v;
	size_t n, cap;
	struct arena *arena; /* owns all */
};

/*
 * Adds the SLOs of a file: YAML (or JSON) documents, OpenSLO v1 (SLO, SLI, AlertPolicy, AlertCondition; other kinds
 * are passed over), sloth (prometheus/v1 or its Kubernetes form), pyrra, or "slos:" as in a profile. 0, or -1 with the place.
 */
int slo_parse(struct slos *s, const char *file, struct sv text, struct err *e);
/* Those of a profile's "slos" list. 0 or -1. */
int slo_profile(struct slos *s, const struct doc *list, struct err *e);

/*
 * The table of the SRE workbook, chapter 5: 2 % of the budget in an hour, 5 % in six, 10 % in a day and in three, each
 * with a window of a twelfth; factors are fraction * period / window, 14.4, 6, 3 and 1 of 30 days. Sets o->pair.
 */
void slo_usual_pairs(struct slo *o);

/* --- inside the loader --- */
struct slo *slo_add(struct slos *s, const struct doc *at);
int slo_openslo(struct slos *s, struct doc *const *docs, size_t n, struct err *e);
int slo_sloth(struct slos *s, const struct doc *root, struct err *e);
int slo_pyrra(struct slos *s, const struct doc *root, struct err *e);
/* "99.9%", 0.999 (percent: 99.9 means 99.9 %) as a target from 0 to below 1. 0 or -1. */
int slo_target(const struct doc *d, bool percent, struct slo *o, struct err *e);
/* OpenSLO's shorthand, 4w, 1M, and Prometheus' durations. 0 or -1. */
int slo_duration(const struct doc *d, int64_t *ms, bool *calendar, struct err *e);
/* A text that must be there. 0 or -1. */
int slo_text(const struct doc *map, const char *key, struct sv *out, struct err *e);

#endif
