/*
 * kind - what a criterion kind is: one file kind_NAME.c that defines `const struct kind kind_NAME`.
 *
 * Every kind is fail-closed: what it cannot see is INCONCLUSIVE with a sentence that says so, never PASS.
 */
#ifndef SOAK_JUDGE_KIND_H
#define SOAK_JUDGE_KIND_H

#include "judge/increase.h"
#include "judge/judge.h"

struct alike;

struct judging { /* one judge_run under way */
	struct store *store;
	const struct profile *profile;
	struct pq_source *source;
	struct increase_run increase;
	struct verdict *v;
	struct arena *arena; /* the verdict's */
	struct judging *baseline; /* the run to compare with; NULL: none */
	const struct alike *alike; /* how alike the two are, once somebody asked (alike.h) */
	struct sv manual;         /* of what the criterion at hand rests on: what only a person states ("the chaos window"); "" none */
};

/* What a kind has a use for. */
#define KIND_MOMENT 1U /* "at" */
#define KIND_MODE 2U   /* "mode" */
#define KIND_ATTEST 4U /* what people state */

struct kind {
	const char *name; /* the profile key: "sli" */
	/* Checks the spec without evidence: unknown keys, selectors that do not parse. 0 or -1. */
	int (*check)(const struct profile *p, const struct profile_criterion *c, struct err *e);
	/* Fills in r (criterion is set, all else zero). 0, or -1 for trouble of ours. */
	int (*judge)(struct judging *j, struct criterion_result *r, struct err *e);
	unsigned uses; /* keys that mean something to it, KIND_...; true is KIND_MOMENT */
};

const struct kind *kind_find(struct sv name);
/* The kind that a mistyped name is nearest to, or NULL. */
const char *kind_near(struct sv name);

/* The parts of a profile that only the judge understands, without evidence. 0 or -1 with the place. */
int judge_check(const struct profile *p, struct err *e);
int judge_check_criterion(const struct profile *p, const struct profile_criterion *c, struct err *e);

/* Two artifacts do not agree: on page one, beside the contradicted claims. Texts live as long as the verdict's arena. */
void judge_contradict(struct judging *j, const char *id, struct sv source, const char *sentence);

struct pq_store_source;
/* Sets up j, whose store, profile, v and arena are set: the run, lives of processes, windows. 0 or -1. */
int judging_open(struct judging *j, struct pq_store_source *source, const struct judge_opts *o, struct err *e);
/* The same for the run to compare with, in b, by j's profile; j->baseline is b then. 0 or -1. */
int judging_baseline(struct judging *j, struct judging *b, struct pq_store_source *source, struct store *baseline,
    struct err *e);

/*
 * The spans of a window by name ("run", "chaos", ...). 1 known, 0 its events are not there, -1 error. Notes in j->manual when only
 * a person says when it was.
 */
int judge_window(struct judging *j, struct sv name, const struct span **span, size_t *n, struct err *e);

#endif
