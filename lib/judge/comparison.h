/*
 * comparison - "EXPR OP NUMBER" taken apart, so that what was observed can be printed beside what is required.
 */
#ifndef SOAK_JUDGE_COMPARISON_H
#define SOAK_JUDGE_COMPARISON_H

#include "judge/kind.h"
#include "promql/eval.h"

/* "left OP right", without parentheses around it all. */
struct comparison {
	const struct pq_expr *left, *right;
	enum profile_op op;
	bool not_equal;
	struct sv text; /* of left */
};

/* Parses a spec's node; what names it in messages ("promql"). Owned by the arena. 0, or -1 with the node's place. */
int comparison_parse(struct arena *a, const struct doc *node, const char *what, struct comparison *c, struct err *e);

bool comparison_holds(const struct comparison *c, double v, double limit);
/* How far v is from being what is required: the larger, the worse. */
double comparison_badness(const struct comparison *c, double v, double limit);
/* "at least", "other than", ... */
const char *comparison_text(const struct comparison *c);

#endif
