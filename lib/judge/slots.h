/*
 * slots - what was to be done at times of the day, and which run of it was for which slot. Says nothing of what that is
 * worth.
 *
 * The same run in two artifacts (a checkpoint's log and cron's) is one run with two sources. Each run is for the
 * nearest slot within the tolerance, each slot has one run.
 */
#ifndef SOAK_JUDGE_SLOTS_H
#define SOAK_JUDGE_SLOTS_H

#include "base/daily.h"
#include "judge/kind.h"

struct slot_plan {
	struct sv result, suite;   /* kind of the results; glob of their suite, empty any */
	const struct daily *daily; /* NULL: not stated */
	int64_t tolerance;
	int64_t stand_in;          /* one run may stand for so many missing slots before it; 0 none */
};

/* From best to worst: of what two artifacts say of one run the better counts, where the other does not say how it ended. */
enum slot_status { SLOT_DONE, SLOT_FAILED, SLOT_CUT, SLOT_UNKNOWN /* it ended, with no verdict that is known */ };

struct slot_run {
	int64_t t;
	enum slot_status status;
	struct sv name, text, source; /* of the best source; source "file:line" */
	size_t sources;
	bool disputed;                /* one artifact says it passed, another that it failed */
	bool used;                    /* it is some slot's */
};

struct slot {
	int64_t t;
	const struct slot_run *run; /* NULL: missing */
	const struct slot_run *stands_in; /* of a missing one; NULL none */
	bool told;                  /* missing, and an artifact that would have told of it was read without a flaw */
};

struct slots {
	struct arena arena; /* owns all */
	struct slot_run *run; /* in order of time */
	size_t n_runs;
	struct slot *slot;
	size_t n;
	int64_t *content;     /* whose results these are, each once */
	size_t n_contents;
};

/* The keys result, suite, at, tolerance, stand_in of a spec. 0 or -1. daily is owned by the arena. */
int slots_plan(struct arena *a, const struct doc *spec, struct slot_plan *p, struct err *e);
/* Reads the runs that are not more than the tolerance outside of the span. 0 or -1; without a store none. Free either way. */
int slots_read(struct judging *j, const struct slot_plan *p, struct span span, struct slots *out, struct err *e);
/* Then makes the slots of the plan's times from <= t < to, and assigns. 0 or -1. */
int slots_assign(struct judging *j, const struct slot_plan *p, struct span span, struct slots *out, struct err *e);
void slots_free(struct slots *s);

#endif
