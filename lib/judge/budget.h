/*
 * budget - the profile's objectives as part of the verdict: what the run says of each, and what it cannot say.
 *
 * They decide nothing: a criterion of the kind slo does. Must never know how a report looks.
 */
#ifndef SOAK_JUDGE_BUDGET_H
#define SOAK_JUDGE_BUDGET_H

#include "judge/kind.h"
#include "judge/slo.h"

struct budget_result { /* one of the profile's slos */
	const struct slo *slo;
	struct slo_result measured;
	const char *outcome; /* "met", "missed", "too little covered", "not measured" */
	struct sv title, period, sentence;
	struct figure required, observed, n, bad, burn, demonstrated;
	struct figure *highest; /* burn, of each of measured.window */
	int64_t from, to;       /* of its window; TIME_NONE: unknown */
};

/* After windows are known. 0 or -1. */
int budget_judge(struct judging *j, struct err *e);

/* The slos' windows exist, and their texts can be counted. 0 or -1 with the place. */
int budget_check(const struct profile *p, struct err *e);

/* The objective that the figure is of, and the figure; NULL: of none. The id of the objective itself gives no figure. */
const struct budget_result *budget_find(const struct verdict *v, struct sv id, const struct figure **f);
/* The ids of all of its figures, in the order of verdict.json. */
void budget_ids(const struct verdict *v, void (*fn)(void *ctx, struct sv id), void *ctx);

struct json;
/* "slos" of verdict.json; nothing where the profile has none. */
void budget_json(const struct verdict *v, struct json *j);

#endif
