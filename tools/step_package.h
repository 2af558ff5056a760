/*
 * step_package - one package read and looked at: what soak-sign shows and soak-verify decides on.
 */
#ifndef SOAK_TOOLS_STEP_PACKAGE_H
#define SOAK_TOOLS_STEP_PACKAGE_H

#include "pack/contents.h"
#include "pack/inspect.h"
#include "pack/quorum.h"
#include "tool.h"

struct step_package {
	struct contents contents;
	struct findings findings;   /* whole and pinned when there are no errors */
	const struct doc *verdict;  /* NULL when there is none that can be read */
	const struct doc *collect;  /* data/collect.json; NULL: its profile asks for nothing */
	struct quorum_package about; /* digests, name, decision, what is open */
	struct quorum_vote *vote;   /* approvals with good signatures */
	size_t n_votes, n_approvals;
};

/* Reads and inspects; 0, or -1 for trouble of ours. k is to be freed in both cases. */
int step_package_read(struct step_package *k, const char *path, struct err *e);
void step_package_free(struct step_package *k);

/* Verifies the approvals by the policy at now; findings grow. 0, or -1 for trouble of ours. */
int step_package_approvals(struct step_package *k, const struct policy *p, int64_t now, struct err *e);

/* "verdict PASS, decision GO" and the digests, as text for people. Appends. */
void step_package_show(const struct step_package *k, struct sb *out);

#endif
