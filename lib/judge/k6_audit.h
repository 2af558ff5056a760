/*
 * k6_audit - what k6's summaries claim, against its points: number by number, to the last digit.
 */
#ifndef SOAK_JUDGE_K6_AUDIT_H
#define SOAK_JUDGE_K6_AUDIT_H

#include "judge/k6_run.h"
#include "judge/kind.h"

enum k6_agreement {
	K6_EQUAL,
	K6_DIFFERS,
	K6_OPEN,  /* the points cannot tell: the run's length is not stated, points are missing, no samples */
	K6_NOT_OURS, /* nothing that points could be asked for */
};

/* One claim of r->stated; *value and *why (a reason for K6_OPEN, else "") are set. */
enum k6_agreement k6_audit_claim(const struct k6_run *r, const struct k6_stated *claim, double *value, const char **why);

/*
 * All runs in the store: a claim result for each summary, a contradiction for each of its numbers that the points do not
 * give, and an evidence item where a run was interrupted. Appends to the verdict. 0 or -1.
 */
int k6_audit(struct judging *j, struct err *e);

/* Is it a claim that k6_audit() takes care of? */
bool k6_audits(struct sv path);

#endif
