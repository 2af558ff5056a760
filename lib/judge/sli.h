/*
 * sli - the two shapes of an sli criterion, and what they share: measuring a counter, saying why it was not.
 *
 * kind_sli.c reads the spec and hands over to sli_ratio.c or sli_count.c.
 */
#ifndef SOAK_JUDGE_SLI_H
#define SOAK_JUDGE_SLI_H

#include "judge/kind.h"

struct sli_part { /* one counter of the sli */
	struct sv text;
	const struct pq_selector *sel;
	struct increase grew;
	bool assumed; /* the metric was never seen, and the profile says that this is 0 */
};

struct sli_amounts { /* of a ratio */
	double all, some;
};

/* Intervals between samples in which something was counted, and those of them in which the objective was missed. */
struct sli_slices {
	double n, bad;
};

/* Whole failures of whole requests: what is not whole counts against it. */
struct sli_proof {
	double n, failures;
	struct sli_slices slices;
	double by_requests, by_slices; /* the success ratio is at least this, with 95 % confidence, one-sided */
};

/* What the amounts prove; sets r->demonstrated and r->confidence. */
void sli_prove(struct judging *j, struct criterion_result *r, struct sli_amounts m, const struct sli_part *total,
    const struct sli_part *part, bool good, struct sli_proof *p);
/*
 * Mode "demonstrated": the objective is proven by requests and by the intervals that they came in (PASS, WARN), disproven
 * (FAIL), or neither: then r->settle says what it takes.
 */
enum outcome sli_demonstrated(struct judging *j, struct criterion_result *r, const struct sli_proof *p);
/* " ... 0 failures of 500 supports 99.40 %, not 99.9 % ..." where the measured ratio is met and not proven, or "". */
const char *sli_unproven(struct judging *j, const struct criterion_result *r, const struct sli_proof *p);

/* {total, bad} or {total, good}: fills in r from the spans. 0 or -1. */
int sli_judge_ratio(struct judging *j, struct criterion_result *r, const struct span *span, size_t n, struct err *e);
/* {count} with an objective or {count, expected, tolerance}. 0 or -1. */
int sli_judge_count(struct judging *j, struct criterion_result *r, const struct span *span, size_t n, struct err *e);

/* The increase of the selector at key of the spec. 0 or -1. */
int sli_measure(struct judging *j, const struct criterion_result *r, const char *key, const struct span *span, size_t n,
    struct sli_part *part, struct err *e);
/* Was the counter measured at all? If not, r says why. */
bool sli_measured(struct judging *j, struct criterion_result *r, const struct sli_part *p, const struct span *span,
    size_t n);
/* Lists the artifacts behind one or two (b NULL: one) counters. 0 or -1. */
int sli_sources(struct judging *j, struct criterion_result *r, const struct sli_part *a, const struct sli_part *b,
    struct err *e);

/* What would settle a result that rests on too little. */
const char *sli_more(struct judging *j, const struct criterion_result *r);
/* " (never seen, taken as 0: REASON)" where the profile says so, else "". */
const char *sli_assumption(struct judging *j, const struct criterion_result *r, const struct sli_part *p);
/* "865 440" */
const char *sli_count_text(struct arena *a, double v);
/* "2%" as 0.02. False: something else. */
bool sli_tolerance(const struct doc *node, double *v);

#endif
