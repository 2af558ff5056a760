#include "pack/quorum.h"

#include <string.h>

#include "base/time.h"

#define CLOCKS_DIFFER (5 * TIME_MINUTE)

static void
refuse(struct findings *f, const struct approval *p, bool error, const char *reason, const char *what)
{
	findings_add(f, error, reason, "%s: %s", p->file, what);
}

/* Is this approval about this package, as it is? */
static bool
is_about(const struct approval *p, const struct policy *policy, const struct quorum_package *k, struct findings *f)
{
	if (!sv_eq(p->package, k->name)) {
		refuse(f, p, true, "approval-other-package", "it is of another package");
	} else if (!sv_eq(p->tagmanifest, k->tagmanifest)) {
		refuse(f, p, true, "approval-stale", "the package is not the one that was signed (tagmanifest)");
	} else if (!sv_eq(p->verdict, k->verdict)) {
		refuse(f, p, true, "approval-stale", "the verdict is not the one that was signed");
	} else if (!sv_eq(p->decision, k->decision)) {
		refuse(f, p, true, "approval-stale", "the decision is not the one that was signed");
	} else if (!sv_is(p->policy, policy->sha256)) {
		refuse(f, p, true, "approval-policy", "it was given under another policy");
	} else {
		return true;
	}
	return false;
}

static bool
is_in_time(const struct approval *p, const struct policy *policy, int64_t now, struct findings *f)
{
	if (p->time > now + CLOCKS_DIFFER) {
		refuse(f, p, true, "approval-future", "it states a time that has not come yet");
	} else if (p->expires <= now) {
		refuse(f, p, false, "approval-expired", "it has expired and does not count");
	} else if (now - p->time > policy->max_age) {
		refuse(f, p, false, "approval-expired", "it is older than the policy's max_age and does not count");
	} else {
		return true;
	}
	return false;
}

static bool
has_role(const struct approval *p, const struct policy *policy, struct findings *f)
{
	const struct policy_role *r = policy_role(policy, p->role);

	if (r == NULL)
		refuse(f, p, true, "role-unknown", "the policy has no such role");
	else if (!policy_allows(r, p->principal))
		refuse(f, p, true, "role-principal", "the policy does not give this role to that principal");
	else
		return true;
	return false;
}

static bool
may_go(const struct approval *p, const struct policy *policy, const struct quorum_package *k, int64_t now,
    struct findings *f)
{
	const char *lack;

	if (k->n_open == 0 && p->n_waivers == 0)
		return true;
	if (!policy->allows_waivers) {
		refuse(f, p, true, "waiver-forbidden", "the verdict is no GO, and the policy allows no waivers");
		return false;
	}
	lack = approval_waivers_lack(&f->arena, p, k->open, k->n_open, now);
	if (lack != NULL)
		refuse(f, p, true, "waiver-missing", lack);
	return lack == NULL;
}

static bool
may_approve(const struct approval *p, const struct policy *policy, const struct quorum_package *k, struct findings *f)
{
	if (policy->runner_may_approve)
		return true;
	if (k->runner.n > 0 && sv_eq(policy_person(policy, k->runner), policy_person(policy, p->principal))) { /* nobody is called ""; mutate: same */
		refuse(f, p, true, "runner-approves", "who ran it does not approve it");
		return false;
	}
	return true;
}

/* One key, one person, one vote. */
static bool
is_first(const struct policy *policy, const struct quorum_vote *vote, size_t i, struct findings *f)
{
	const struct approval *p = vote[i].approval;
	size_t k;

	for (k = 0; k < i; k++) {
		if (!vote[k].counts)
			continue;
		if (strcmp(vote[k].fingerprint, vote[i].fingerprint) == 0) {
			refuse(f, p, true, "key-twice", "its key has signed another approval");
			return false;
		}
		if (sv_eq(policy_person(policy, vote[k].approval->principal), policy_person(policy, p->principal))) {
			refuse(f, p, true, "person-twice", "the same person has given another approval");
			return false;
		}
	}
	return true;
}

static void
count(const struct policy *policy, const struct quorum_vote *vote, size_t n, struct findings *f)
{
	int64_t in, total = 0;
	size_t i, r;

	for (r = 0; r < policy->n_roles; r++) {
		for (i = 0, in = 0; i < n; i++)
			in += vote[i].counts && sv_eq(vote[i].approval->role, policy->role[r].name);
		total += in;
		if (in < policy->role[r].count)
			findings_add(f, true, "quorum-role", "%" SV_FMT ": %lld of %lld approvals", SV_ARG(policy->role[r].name),
			    (long long)in, (long long)policy->role[r].count);
	}
	if (total < policy->total)
		findings_add(f, true, "quorum-total", "%lld of %lld approvals", (long long)total, (long long)policy->total);
}

static void
check_pairs(const struct policy *policy, const struct quorum_vote *vote, size_t n, struct findings *f)
{
	size_t i, k;

	for (i = 0; i < policy->n_pairs; i++) {
		bool a = false, b = false;

		for (k = 0; k < n; k++) {
			a = a || (vote[k].counts && sv_eq(vote[k].approval->principal, policy->pair[i].a));
			b = b || (vote[k].counts && sv_eq(vote[k].approval->principal, policy->pair[i].b));
		}
		if (a && b)
			findings_add(f, true, "not-together", "%" SV_FMT " and %" SV_FMT " do not both approve",
			    SV_ARG(policy->pair[i].a), SV_ARG(policy->pair[i].b));
	}
}

void
quorum_check(const struct policy *policy, const struct quorum_package *k, struct quorum_vote *vote, size_t n, int64_t now,
    struct findings *f)
{
	size_t i;

	if (policy->needs_runner && k->runner.n == 0)
		findings_add(f, true, "runner-unknown", "the package does not say who ran it");
	if (policy->needs_complete && k->incomplete)
		findings_add(f, true, "incomplete", "the package lacks what its profile requires");
	for (i = 0; i < n; i++) {
		const struct approval *p = vote[i].approval;

		vote[i].counts = false;
		if (!is_about(p, policy, k, f) || !has_role(p, policy, f))
			continue;
		if (!p->approve) {
			/* Also one that has expired: who has said no has to say yes. */
			refuse(f, p, true, "rejected", arena_fmt(&f->arena, "%" SV_FMT " rejects it: %" SV_FMT, SV_ARG(p->principal),
			    SV_ARG(p->comment)));
			continue;
		}
		vote[i].counts = is_in_time(p, policy, now, f) && may_approve(p, policy, k, f) && may_go(p, policy, k, now, f) &&
		    is_first(policy, vote, i, f);
	}
	count(policy, vote, n, f);
	check_pairs(policy, vote, n, f);
}
