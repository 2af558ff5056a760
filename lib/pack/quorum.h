/*
 * quorum - do the approvals that were verified suffice by the policy? Fail closed: what is not counted is told of, what is
 * wrong is an error, any valid REJECT is a veto.
 */
#ifndef SOAK_PACK_QUORUM_H
#define SOAK_PACK_QUORUM_H

#include "pack/approval.h"
#include "pack/inspect.h"
#include "pack/policy.h"

/* What is approved: of the package at hand. */
struct quorum_package {
	struct sv name, decision;      /* Soak-Decision */
	struct sv runner;              /* Soak-Runner's principal; empty: not said */
	struct sv tagmanifest, verdict; /* SHA-256 */
	const struct sv *open;         /* what must be waived */
	size_t n_open;
	bool incomplete; /* the package says that it lacks what its profile requires */
};

/* An approval whose signature ssh-keygen has called good, for that principal and namespace, by this key. */
struct quorum_vote {
	const struct approval *approval;
	const char *fingerprint;
	bool counts; /* out */
};

/* Everything wrong goes to f. */
void quorum_check(const struct policy *p, const struct quorum_package *k, struct quorum_vote *vote, size_t n, int64_t now,
    struct findings *f);

#endif
