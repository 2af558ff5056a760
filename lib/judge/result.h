/*
 * result - filling in a criterion_result: what all kinds of criteria have in common.
 *
 * Sentences are for managers: figures and window names, no selectors.
 */
#ifndef SOAK_JUDGE_RESULT_H
#define SOAK_JUDGE_RESULT_H

#include "judge/kind.h"

/* Starts r: INCONCLUSIVE, each figure unknown with its id. unit is that of observed, required and margin. */
void result_open(struct judging *j, struct criterion_result *r, const char *method, const char *unit);

/* "criterion/ID/PART", owned by the verdict's arena. */
const char *result_id(struct judging *j, const struct criterion_result *r, const char *part);

/*
 * The spans of the criterion's window: 1, or 0 when its events are not in the store (r says so), or -1.
 */
int result_window(struct judging *j, struct criterion_result *r, const struct span **span, size_t *n, struct err *e);

/* Sets r->coverage and its figure. */
void result_cover(struct judging *j, struct criterion_result *r, const struct coverage *c);
/* Is as much of the window covered as the criterion wants? */
bool result_enough(const struct criterion_result *r);
/*
 * Is it still enough without what restarts may have hidden? Totals are lower bounds then: what more could break does not
 * pass on them ("at least 0 errors" in a time that nobody saw).
 */
bool result_unhidden(const struct criterion_result *r);
/* " That leaves less than the 95 % of the run that must be seen." where only the restarts make it too little, or "". */
const char *result_shortfall(struct judging *j, const struct criterion_result *r);
/* "100 % of the run covered", "only 58.33 % of the run covered, 95 % needed" */
const char *result_covered(struct judging *j, const struct criterion_result *r);
/* " A restart hid up to 40 s: totals are at least these." with its blank, or "". */
const char *result_hidden(struct judging *j, const struct criterion_result *r);

/*
 * Where more of the run is left out than max_excluded allows, a pass becomes INCONCLUSIVE; what rests on a window of which
 * only a person says when it was is marked manual and says so. After judging, whatever the kind.
 */
void result_left_out(struct judging *j, struct criterion_result *r);

/* Where less was looked at than min_samples asks for, a pass becomes INCONCLUSIVE. After judging, whatever the kind. */
void result_many(struct judging *j, struct criterion_result *r);

/*
 * A log of which lines were lost (sources_torn()): they may be those that fail. What counts its lines is no pass then. After judging,
 * whatever the kind.
 */
void result_torn(struct judging *j, struct criterion_result *r);

/* Adds one of the things that fail, for waivers that match labels. The labels are copied, text is kept. */
void result_finding(struct judging *j, struct criterion_result *r, const struct labels *labels, struct sv text);

/* INCONCLUSIVE, with a sentence and what would settle it. */
void result_undecided(struct criterion_result *r, const char *sentence, const char *settle);

/* "the run", "the chaos window" */
const char *result_over(struct judging *j, const struct criterion_result *r);
/* "2026-01-12T18:00:05Z to 18:30:05Z"; the date again where it differs. */
const char *result_times(struct arena *a, int64_t from, int64_t to);

/* Does value satisfy op limit? What rounding in the last digits of a double could turn counts as equal. */
bool result_holds(enum profile_op op, double value, double limit);
/* "at least", "less than", ... */
const char *result_op_text(enum profile_op op);
/* How far value is inside the limit; negative: outside. */
double result_margin(enum profile_op op, double value, double limit);

/* Decimals that a percentage written in text has: "99.9%" 1, "97%" 0, "0.975" 1. */
int result_percent_decimals(struct sv text);
/*
 * Decimals to print a ratio with beside its limit: two more than the limit has, at least two, and as many more (to
 * 12) as it takes not to look equal to it, or to 100 %, when it is not.
 */
int result_decimals(double value, double limit, int limit_decimals);

/* A selector in a spec: 0, or -1 with its place when it does not parse. a and sel NULL: only checks. */
int result_selector(struct arena *a, const struct doc *node, const struct pq_selector **sel, struct err *e);

#endif
