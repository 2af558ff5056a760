/*
 * policy - the verifier's own file: whose signatures, in which roles, how many, for how long. docs/package.md has an example.
 *
 * It comes from whoever verifies, never out of the package; allowed_signers and revoked lie beside it.
 */
#ifndef SOAK_PACK_POLICY_H
#define SOAK_PACK_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "pack/signers.h"

struct policy_role {
	struct sv name;
	struct sv *principal;
	size_t n;
	int64_t count; /* how many of them must approve */
};

struct policy {
	struct arena arena;
	const char *file;
	char sha256[DIGEST_HEX];   /* of the file's bytes */
	struct sv name, namespace_;
	const char *signers_path, *revoked_path; /* revoked_path NULL: none */
	struct sv signers_text;    /* the bytes that were checked */
	struct signers signers;
	struct policy_role *role;
	size_t n_roles;
	int64_t total;             /* approvals in all; at least the sum of the roles' counts */
	int64_t max_age;           /* milliseconds */
	bool runner_may_approve, needs_runner, needs_complete, allows_waivers;
	struct policy_person {
		struct sv principal, person;
	} *person;
	size_t n_persons;
	struct policy_pair {
		struct sv a, b;
	} *pair;                   /* principals who do not both count */
	size_t n_pairs;
};

/* NULL with e set (file:line:col). Caller frees with policy_free(). */
struct policy *policy_load(const char *file, struct err *e);
void policy_free(struct policy *p); /* NULL is fine */

const struct policy_role *policy_role(const struct policy *p, struct sv name);
bool policy_allows(const struct policy_role *r, struct sv principal);
/* Who a principal is: two principals may be one person. */
struct sv policy_person(const struct policy *p, struct sv principal);

#endif
