/* Who may say yes: the policy's own file, allowed_signers, approvals and the quorum. Each case is one word changed in files that are good. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/base64.h"
#include "base/io.h"
#include "base/time.h"
#include "pack/quorum.h"

#define KEY(c) "AAAAC3NzaC1lZDI1NTE5AAAAI" #c "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define SHA(c) #c "123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static const char good_signers[] =
    "# comment\n"
    "\n"
    "lead@x namespaces=\"go@x\" ssh-ed25519 " KEY(A) " a comment\n"
    "qa@x namespaces=\"git,go@x\",valid-before=\"20270101Z\" ssh-ed25519 " KEY(B) "\n"
    "sre@x namespaces=\"go@x\",valid-after=\"20260101123456Z\" ssh-ed25519 " KEY(C) "\n";
static const char good_policy[] =
    "policy: go-live\n"
    "namespace: go@x\n"
    "allowed_signers: signers\n"
    "max_age: 14d\n"
    "roles:\n"
    "  lead: {principals: [lead@x]}\n"
    "  qa: {principals: [qa@x, sre@x]}\n";

static struct arena arena;
static struct err e;
static char dir[64];

static int
setup(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/soak-trust.XXXXXX");
	return mkdtemp(dir) == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	(void)state;
	unlink(arena_fmt(&arena, "%s/policy.yaml", dir));
	unlink(arena_fmt(&arena, "%s/signers", dir));
	rmdir(dir);
	arena_free(&arena);
	return 0;
}

/* text with the first from in it replaced; it must be there. */
static char *
with(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);

	if (at == NULL)
		fail_msg("no %s", from);
	return arena_fmt(&arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static struct policy *
load(const char *policy, const char *signers)
{
	char *file = arena_fmt(&arena, "%s/policy.yaml", dir);

	e = (struct err){0};
	assert_int_equal(0, io_write_file(file, sv_of(policy), &e));
	assert_int_equal(0, io_write_file(arena_fmt(&arena, "%s/signers", dir), sv_of(signers), &e));
	return policy_load(file, &e);
}

/* What the loader says of it; "" when nothing. */
static void
says(struct policy *p, const char *from, const char *to, const char *want)
{
	if (*want == '\0' ? p == NULL : p != NULL || strstr(e.msg, want) == NULL)
		fail_msg("'%s' -> '%s': wanted '%s', got '%s'", from, to, want, p == NULL ? e.msg : "");
	policy_free(p);
}

static const struct {
	const char *from, *to, *want;
} policies[] = {
    {"policy: go-live", "policy: go-live", ""},
    {"policy: go-live\n", "", "'policy' is missing"},
    {"policy: go-live", "policy: []", "'policy' must be a text"},
    {"policy: go-live", "policy: {a: b}", "'policy' must be a text"},
    {"policy: go-live", "policy: ~", "'policy' must be a text"},
    {"policy: go-live", "policy: ' '", "'policy' must be a text"},
    {"policy: go-live", "policy: \"a\\0\"", "'policy' must be a text"},
    {"policy: go-live", "policy: a\nmore: b", "unknown key 'more'"},
    {"namespace: go@x\n", "", "'namespace' is missing"},
    {"namespace: go@x", "namespace: 'go@x,git'", "one namespace"},
    {"namespace: go@x", "namespace: 'go@*'", "one namespace"},
    {"namespace: go@x", "namespace: go x", "one namespace"},
    {"namespace: go@x", "namespace: go", "signers:3: the key may not sign"},
    {"namespace: go@x", "namespace: git", "signers:3: the key may not sign"},
    {"allowed_signers: signers\n", "", "'allowed_signers' is missing"},
    {"allowed_signers: signers", "allowed_signers: nowhere", "nowhere"},
    {"allowed_signers: signers", "allowed_signers: /nowhere/at/all", "/nowhere/at/all: cannot open"},
    {"allowed_signers: signers", "allowed_signers: signers\nrevoked: []", "'revoked' must be a text"},
    {"max_age: 14d\n", "", "'max_age' is missing"},
    {"max_age: 14d", "max_age: 0d", "'max_age' must be a duration"},
    {"max_age: 14d", "max_age: long", "'max_age' must be a duration"},
    {"max_age: 14d", "max_age: 1ms", ""},
    {"roles:\n  lead: {principals: [lead@x]}\n  qa: {principals: [qa@x, sre@x]}\n", "", "'roles' must name who approves"},
    {"roles:\n  lead: {principals: [lead@x]}\n  qa: {principals: [qa@x, sre@x]}\n", "roles: {}\n", "'roles' must name who approves"},
    {"roles:\n  lead: {principals: [lead@x]}\n  qa: {principals: [qa@x, sre@x]}\n", "roles: [lead]\n", "'roles' must name who approves"},
    {"[lead@x]}", "[lead@x], more: 1}", "unknown key 'more'"},
    {"{principals: [lead@x]}", "{count: 1}", "a role needs a list"},
    {"[lead@x]", "lead@x", "a role needs a list"},
    {"[lead@x]", "[]", "a role needs a list"},
    {"[lead@x]", "[[lead@x]]", "a principal expected"},
    {"[lead@x]", "[{a: b}]", "a principal expected"},
    {"[lead@x]", "[boss@x]", "'boss@x' does not stand in"},
    {"[qa@x, sre@x]", "[qa@x, qa@x]", "stands there twice"},
    {"[qa@x, sre@x]", "[qa@x, sre@x], count: 2", ""},
    {"[qa@x, sre@x]", "[qa@x, sre@x], count: 3", "more are needed than there are"},
    {"[qa@x, sre@x]", "[qa@x, sre@x], count: 0", "'count' must be a number from 1"},
    {"[qa@x, sre@x]", "[qa@x, sre@x], count: 101", "'count' must be a number from 1"},
    {"[qa@x, sre@x]", "[qa@x, sre@x], count: 100", "more are needed"},
    {"[qa@x, sre@x]", "[qa@x, sre@x], count: two", "'count' must be a number from 1"},
    {"[qa@x, sre@x]", "[qa@x, sre@x], count: 1.5", "'count' must be a number from 1"},
    {"max_age: 14d", "max_age: 14d\ntotal: 2", ""},
    {"max_age: 14d", "max_age: 14d\ntotal: 1", "'total' is less"},
    {"max_age: 14d", "max_age: 14d\ntotal: many", "'total' must be a number"},
    {"max_age: 14d", "max_age: 14d\npeople: {qa@x: Ann}", ""},
    {"max_age: 14d", "max_age: 14d\npeople: [Ann]", "'people' must be"},
    {"max_age: 14d", "max_age: 14d\npeople: {qa@x: []}", "a person's name"},
    {"max_age: 14d", "max_age: 14d\npeople: {qa@x: {a: b}}", "a person's name"},
    {"max_age: 14d", "max_age: 14d\npeople: {qa@x: ' '}", "a person's name"},
    {"max_age: 14d", "max_age: 14d\nnot_together: [[qa@x, sre@x]]", ""},
    {"max_age: 14d", "max_age: 14d\nnot_together: {a: b}", "must be a list of pairs"},
    {"max_age: 14d", "max_age: 14d\nnot_together: [qa@x]", "a pair of principals"},
    {"max_age: 14d", "max_age: 14d\nnot_together: [[qa@x]]", "a pair of principals"},
    {"max_age: 14d", "max_age: 14d\nnot_together: [[qa@x, boss@x]]", "'boss@x' does not stand"},
    {"max_age: 14d", "max_age: 14d\nnot_together: [[boss@x, qa@x]]", "'boss@x' does not stand"},
    {"max_age: 14d", "max_age: 14d\nneeds_runner: perhaps", "'needs_runner' must be true or false"},
    {"max_age: 14d", "max_age: 14d\nneeds_complete: 1", "'needs_complete' must be true or false"},
    {"max_age: 14d", "max_age: 14d\nrunner_may_approve: x", "'runner_may_approve' must be true or false"},
    {"max_age: 14d", "max_age: 14d\nallow_waivers: x", "'allow_waivers' must be true or false"},
};

static void
test_policies(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(policies); i++)
		says(load(with(good_policy, policies[i].from, policies[i].to), good_signers), policies[i].from, policies[i].to,
		    policies[i].want);
}

static const struct {
	const char *from, *to, *want;
} signers[] = {
    {"# comment", "   # comment", ""},
    {" a comment", "", ""},
    {"lead@x namespaces", "lead@x\t namespaces", ""},
    {"lead@x namespaces", "lead@x,boss@x namespaces", "signers:3: one principal a line"},
    {"lead@x namespaces", "*@x namespaces", "signers:3: one principal a line"},
    {"lead@x namespaces", "lea?@x namespaces", "signers:3: one principal a line"},
    {"lead@x namespaces", "!lead@x namespaces", "signers:3: one principal a line"},
    {"lead@x namespaces", "\"lead@x\" namespaces", "signers:3: one principal a line"},
    {"qa@x namespaces", "lead@x namespaces", "signers:4: a principal that stands in another line already"},
    {" namespaces=\"go@x\" ssh", " ssh", "signers:3: namespaces=\"...\" is missing"},
    {"namespaces=\"go@x\" ssh", "namespaces=\"*\" ssh", "signers:3: namespaces=\"...\" is missing or holds a wildcard"},
    {"namespaces=\"go@x\" ssh", "namespaces=\"\" ssh", "signers:3: namespaces=\"...\" is missing"},
    {"namespaces=\"go@x\" ssh", "namespaces=go@x ssh", "signers:3: an option is NAME="},
    {"namespaces=\"go@x\" ssh", "namespaces=\" ssh", "signers:3: an option is NAME="},
    {"namespaces=\"go@x\" ssh", "cert-authority ssh", "signers:3: an option is NAME="},
    {"namespaces=\"go@x\" ssh", "cert-authority,namespaces=\"go@x\" ssh", "signers:3: an option is NAME="},
    {"namespaces=\"go@x\" ssh", "more=\"x\",namespaces=\"go@x\" ssh", "signers:3: an option other than"},
    {"namespaces=\"go@x\" ssh-ed25519", "namespaces=\"go@x\" rsa", "signers:3: no key"},
    {"namespaces=\"go@x\" ssh-ed25519", "namespaces=\"go@x\" ecdsa-sha2-nistp256", ""},
    {"namespaces=\"go@x\" ssh-ed25519", "namespaces=\"go@x\" sk-ssh-ed25519@openssh.com", ""},
    {KEY(A), "!", "signers:3: the key is not base64"},
    {KEY(A), "AAAAC3NzaC1lZDI1NTE5AAAAIAAA", ""}, /* 21 bytes */
    {KEY(A), "AAAAC3NzaC1lZDI1NTE5AAAAIAA=", "signers:3: the key is not base64"}, /* 20 */
    {KEY(B), KEY(A), "signers:4: a key that stands in another line already"},
    {"20270101Z", "20270101", "signers:4: a date must be"},
    {"20270101Z", "2027010Z", "signers:4: a date must be"},
    {"20270101Z", "2027-101Z", "signers:4: a date must be"},
    {"20270101Z", "2027:101Z", "signers:4: a date must be"},
    {"20270101Z", "20271301Z", "signers:4: not a date"},
    {"20270101Z", "202701011200Z", ""},
    {"20270101Z", "202701012500Z", "signers:4: not a date"},
    {"20270101Z", "20270101120099Z", "signers:4: not a date"},
};

static void
test_signers(void **state)
{
	struct policy *p;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(signers); i++)
		says(load(good_policy, with(good_signers, signers[i].from, signers[i].to)), signers[i].from, signers[i].to, signers[i].want);
	says(load(good_policy, ""), "all", "", "nobody stands in it");
	assert_non_null(p = load(good_policy, good_signers));
	assert_int_equal(3, p->signers.n);
	assert_true(sv_is(p->signers.v[0].principal, "lead@x") && sv_is(p->signers.v[0].key, KEY(A)));
	assert_null(p->revoked_path);
	assert_true(p->signers.v[0].after == TIME_NONE && p->signers.v[0].before == TIME_NONE);
	assert_int_equal(1798761600000, p->signers.v[1].before);
	assert_int_equal(1767270896000, p->signers.v[2].after);
	assert_int_equal(5, p->signers.v[2].line);
	policy_free(p);
	/* The same key again when the first has an end would be the same key twice; another one for the same person is not. */
	assert_non_null(p = load(good_policy, with(good_signers, "sre@x namespaces=\"go@x\",valid-after=\"20260101123456Z\" ssh-ed25519 " KEY(C),
	    "qa@x namespaces=\"go@x\",valid-after=\"20270101Z\" ssh-ed25519 " KEY(D) "\nsre@x namespaces=\"go@x\" ssh-ed25519 " KEY(C))));
	policy_free(p);
}

static void
test_who_is_who(void **state)
{
	struct policy *p = load(with(good_policy, "roles:", "people: {qa@x: ' Ann ', sre@x: Ann}\nrevoked: gone\nroles:"), good_signers);

	(void)state;
	assert_non_null(p);
	assert_true(sv_is(policy_person(p, SV("qa@x")), "Ann") && sv_is(policy_person(p, SV("sre@x")), "Ann"));
	assert_true(sv_is(policy_person(p, SV("lead@x")), "lead@x"));
	assert_true(policy_allows(policy_role(p, SV("qa")), SV("sre@x")));
	assert_false(policy_allows(policy_role(p, SV("qa")), SV("lead@x")));
	assert_null(policy_role(p, SV("boss")));
	assert_string_equal(arena_fmt(&arena, "%s/gone", dir), p->revoked_path);
	assert_int_equal(2, p->total);
	assert_false(p->runner_may_approve || p->needs_runner || p->needs_complete || p->allows_waivers);
	policy_free(p);
}

/* --- approvals ----------------------------------------------------------------- */

static const char good_approval[] =
    "{\"schema\": \"soakproof-approval/1\", \"decision\": \"APPROVE\", \"role\": \"lead\", \"principal\": \"lead@x\", "
    "\"time\": \"2026-11-21T12:00:00Z\", \"expires\": \"2026-12-05\", \"package\": \"p\", \"package_decision\": \"GO\", "
    "\"tagmanifest_sha256\": \"" SHA(0) "\", \"verdict_sha256\": \"" SHA(a) "\", \"policy_sha256\": \"" SHA(f) "\", "
    "\"waivers\": [{\"item\": \"a\", \"reason\": \"r\", \"owner\": \"boss\", \"expires\": \"2027-01-01\", \"ticket\": \"T\"}], \"comment\": \"c\"}";

static const struct {
	const char *from, *to, *want;
} approvals[] = {
    {"approval/1", "approval/1", ""},
    {"approval/1", "approval/2", "not an approval that this program knows"},
    {"\"schema\": \"soakproof-approval/1\"", "\"schema\": []", "'schema' must be a text"},
    {"\"schema\": \"soakproof-approval/1\"", "\"schema\": {}", "'schema' must be a text"},
    {"\"schema\": \"soakproof-approval/1\"", "\"schema\": null", "'schema' must be a text"},
    {"\"comment\": \"c\"", "\"comment\": \"c\", \"x\": 1", "unknown key 'x'"},
    {", \"comment\": \"c\"", "", "'comment' is missing"},
    {"\"comment\": \"c\"", "\"comment\": \"\"", ""},
    {"\"comment\": \"c\"", "\"comment\": \"a\\u0000b\"", "must not hold a NUL"},
    {", \"role\": \"lead\"", "", "'role' is missing"},
    {"\"role\": \"lead\"", "\"role\": \" \"", "'role' is empty"},
    {"\"principal\": \"lead@x\"", "\"principal\": \"\"", "'principal' is empty"},
    {"\"package\": \"p\"", "\"package\": \"\"", "'package' is empty"},
    {"\"package_decision\": \"GO\"", "\"package_decision\": \"\"", "'package_decision' is empty"},
    {"APPROVE", "REJECT", ""},
    {"APPROVE", "approve", "'decision' must be APPROVE or REJECT"},
    {"\"decision\": \"APPROVE\"", "\"decision\": []", "'decision' must be a text"},
    {"2026-11-21T12:00:00Z", "soon", "'time' must be a time"},
    {"2026-11-21T12:00:00Z", "1795608000", "'time' must be a time"},
    {"2026-11-21T12:00:00Z", "2026-13-01", "'time' must be a time"},
    {"\"expires\": \"2026-12-05\"", "\"expires\": \"never\"", "'expires' must be a time"},
    {"\"expires\": \"2026-12-05\"", "\"expires\": \"2026-11-21T12:00:00Z\"", "expires before it was given"},
    {"\"expires\": \"2026-12-05\"", "\"expires\": \"2026-11-21T12:00:01Z\"", ""},
    {SHA(0), "0" , "'tagmanifest_sha256' must be a SHA-256"},
    {SHA(0), "0" SHA(0), "'tagmanifest_sha256' must be a SHA-256"},
    {SHA(0), "G123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "'tagmanifest_sha256' must be a SHA-256"},
    {SHA(0), "A123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "'tagmanifest_sha256' must be a SHA-256"},
    {SHA(a), "x", "'verdict_sha256' must be a SHA-256"},
    {SHA(f), "x", "'policy_sha256' must be a SHA-256"},
    {"\"waivers\": [", "\"waivers\": [] , \"comment2\": [", "unknown key"},
    {", \"ticket\": \"T\"", "", ""},
    {", \"ticket\": \"T\"", ", \"ticket\": []", "'ticket' must be a text"},
    {"\"item\": \"a\", ", "", "'item' is missing"},
    {"\"item\": \"a\"", "\"item\": \"\"", "'item' is empty"},
    {"\"reason\": \"r\"", "\"reason\": \"\"", "'reason' is empty"},
    {"\"owner\": \"boss\"", "\"owner\": \"\"", "'owner' is empty"},
    {"\"expires\": \"2027-01-01\"", "\"expires\": \"x\"", "'expires' must be a time"},
    {"{\"item\"", "{\"more\": 1, \"item\"", "unknown key 'more'"},
    {"[{\"item\": \"a\", \"reason\": \"r\", \"owner\": \"boss\", \"expires\": \"2027-01-01\", \"ticket\": \"T\"}]", "{}", "a list of waivers expected"},
};

static struct approval *
approval(const char *text)
{
	e = (struct err){0};
	return approval_parse(&arena, "a.json", sv_of(text), &e);
}

static void
test_approvals(void **state)
{
	struct approval *p;
	struct sb out = {0};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(approvals); i++) {
		p = approval(with(good_approval, approvals[i].from, approvals[i].to));
		if (*approvals[i].want == '\0' ? p == NULL : p != NULL || strstr(e.msg, approvals[i].want) == NULL)
			fail_msg("'%s' -> '%s': wanted '%s', got '%s'", approvals[i].from, approvals[i].to, approvals[i].want, p == NULL ? e.msg : "");
	}
	p = approval(good_approval);
	assert_true(p->approve && p->n_waivers == 1);
	assert_int_equal(1795262400000, p->time);
	assert_int_equal(1796515199000, p->expires); /* a day counts to its end */
	approval_write(p, &out);
	assert_non_null(p = approval(arena_str(&arena, sb_sv(&out))));
	assert_true(sv_is(p->waiver[0].ticket, "T") && sv_is(p->comment, "c") && sv_is(p->policy, SHA(f)));
	sb_free(&out);
	assert_string_equal("approvals/lead--a-b.c@x_y_.json", approval_file(&arena, SV("lead"), SV("a-b.c@x_y/")));
	assert_string_equal("approvals/_lead--_Z09_.json", approval_file(&arena, SV(".lead"), (struct sv){"-Z09\0", 5}));
}

static void
open_items(const char *verdict, const char *want)
{
	struct sv *item = NULL;
	struct sb all = {0};
	size_t i, n = 0;
	const struct doc *d = doc_json(&arena, "v", sv_of(verdict), &e);

	assert_non_null(d);
	if (approval_open_items(&arena, d, &item, &n, &e) < 0)
		sb_adds(&all, "error");
	for (i = 0; i < n; i++)
		sb_addf(&all, "%s%" SV_FMT, i == 0 ? "" : " ", SV_ARG(item[i]));
	assert_string_equal(want, sb_str(&all));
	sb_free(&all);
}

static void
test_what_is_to_be_waived(void **state)
{
#define V(verdict, criteria, more) "{\"schema\": 1, \"verdict\": \"" verdict "\", \"decision\": \"D\", \"criteria\": [" criteria "]" more "}"
	(void)state;
	open_items(V("PASS", "{\"id\": \"a\", \"verdict\": \"PASS\"}", ""), "");
	open_items(V("FAIL", "{\"id\": \"a\", \"verdict\": \"FAIL\"}, {\"id\": \"b\", \"verdict\": \"PASS\"}", ""), "a");
	open_items(V("FAIL", "{\"id\": \"a\", \"verdict\": \"FAIL\", \"optional\": true}", ""), "a");
	open_items(V("INCONCLUSIVE", "{\"id\": \"a\", \"verdict\": \"INCONCLUSIVE\", \"optional\": false}", ""), "a");
	open_items(V("INCONCLUSIVE", "{\"id\": \"a\", \"verdict\": \"INCONCLUSIVE\", \"optional\": true}", ""), "decision");
	open_items(V("INCONCLUSIVE", "{\"id\": \"a\", \"verdict\": \"INCONCLUSIVE\", \"optional\": \"true\"}", ""), "a");
	open_items(V("FAIL", "", ", \"evidence\": [{\"id\": \"e\", \"present\": false}, {\"id\": \"f\", \"present\": true}, {\"id\": \"g\", \"optional\": true}]"), "e");
	open_items(V("FAIL", "", ", \"contradictions\": [1]"), "contradictions");
	open_items(V("FAIL", "", ", \"contradictions\": []"), "decision");
	open_items("{\"schema\": 2, \"verdict\": \"PASS\", \"decision\": \"D\", \"criteria\": []}", "error");
	open_items("{\"verdict\": \"PASS\", \"decision\": \"D\", \"criteria\": []}", "error");
	open_items("{\"schema\": 1, \"decision\": \"D\", \"criteria\": []}", "error");
	open_items("{\"schema\": 1, \"verdict\": true, \"decision\": \"D\", \"criteria\": []}", "error");
	open_items("{\"schema\": 1, \"verdict\": \"PASS\", \"criteria\": []}", "error");
	open_items("{\"schema\": 1, \"verdict\": \"PASS\", \"decision\": \"D\"}", "error");
}

/* --- the quorum ------------------------------------------------------------------ */

#define NOW INT64_C(1795262400000) /* 2026-11-21T12:00:00Z */

static struct scene {
	struct policy *policy;
	struct quorum_package package;
	struct approval a[3];
	struct quorum_vote vote[3];
	size_t n;
	int64_t now;
	struct waiver waiver[2];
	struct sv open[2];
} s;

/* Two approvals that suffice. */
static void
scene(const char *more)
{
	static const char *const who[] = {"lead@x", "qa@x", "sre@x"}, *const role[] = {"lead", "qa", "qa"};
	static const char *const key[] = {"SHA256:A", "SHA256:B", "SHA256:C"};
	size_t i;

	policy_free(s.policy);
	s = (struct scene){.policy = load(with(good_policy, "roles:", arena_fmt(&arena, "%sroles:", more)), good_signers), .n = 2, .now = NOW};
	assert_non_null(s.policy);
	s.package = (struct quorum_package){.name = SV("p"), .decision = SV("GO"), .tagmanifest = SV(SHA(0)), .verdict = SV(SHA(a)), .open = s.open};
	for (i = 0; i < 3; i++) {
		s.a[i] = (struct approval){.file = who[i], .approve = true, .role = sv_of(role[i]), .principal = sv_of(who[i]), .package = SV("p"),
		    .decision = SV("GO"), .comment = SV("why"), .time = NOW, .expires = NOW + 1, .tagmanifest = SV(SHA(0)), .verdict = SV(SHA(a)),
		    .policy = sv_of(s.policy->sha256), .waiver = s.waiver};
		s.vote[i] = (struct quorum_vote){&s.a[i], key[i], false};
	}
}

/* The reasons in their order, a '?' behind a warning's. */
static void
gives(const char *want)
{
	struct findings f = {0};
	struct sb all = {0};
	size_t i;

	quorum_check(s.policy, &s.package, s.vote, s.n, s.now, &f);
	for (i = 0; i < f.item.n; i++)
		sb_addf(&all, "%s%s%s", i == 0 ? "" : " ", f.item.v[i].reason, f.item.v[i].error ? "" : "?");
	assert_string_equal(want, sb_str(&all));
	sb_free(&all);
	findings_free(&f);
}

static void
test_of_this_package(void **state)
{
	(void)state;
	scene(""); gives("");
	assert_true(s.vote[0].counts && s.vote[1].counts);
	scene(""); s.n = 0; gives("quorum-role quorum-role quorum-total");
	scene(""); s.n = 1; gives("quorum-role quorum-total");
	scene(""); s.a[0].package = SV("q"); gives("approval-other-package quorum-role quorum-total");
	assert_false(s.vote[0].counts);
	scene(""); s.a[0].tagmanifest = SV(SHA(1)); gives("approval-stale quorum-role quorum-total");
	scene(""); s.a[0].verdict = SV(SHA(1)); gives("approval-stale quorum-role quorum-total");
	scene(""); s.a[0].decision = SV("NO-GO"); gives("approval-stale quorum-role quorum-total");
	scene(""); s.a[0].policy = SV(SHA(1)); gives("approval-policy quorum-role quorum-total");
	scene(""); s.a[0].role = SV("boss"); gives("role-unknown quorum-role quorum-total");
	scene(""); s.a[0].role = SV("qa"); gives("role-principal quorum-role quorum-total");
	scene(""); s.a[0].approve = false; gives("rejected quorum-role quorum-total");
	scene(""); s.n = 3; s.a[2].approve = false; s.a[2].expires = NOW; gives("rejected"); /* a veto, though it expired and two suffice */
	policy_free(s.policy);
	s.policy = NULL;
}

static void
test_in_time(void **state)
{
	(void)state;
	scene(""); s.a[0].expires = NOW; gives("approval-expired? quorum-role quorum-total");
	scene(""); s.a[0].time = NOW + 5 * TIME_MINUTE; gives("");
	scene(""); s.a[0].time = NOW + 5 * TIME_MINUTE + 1; gives("approval-future quorum-role quorum-total");
	scene(""); s.a[0].time = NOW - 14 * TIME_DAY; gives("");
	scene(""); s.a[0].time = NOW - 14 * TIME_DAY - 1; gives("approval-expired? quorum-role quorum-total");
	policy_free(s.policy);
	s.policy = NULL;
}

static void
test_of_different_people(void **state)
{
	(void)state;
	scene(""); s.vote[1].fingerprint = "SHA256:A"; gives("key-twice quorum-role quorum-total");
	scene("people: {lead@x: Ann, qa@x: Ann}\n"); gives("person-twice quorum-role quorum-total");
	assert_true(s.vote[0].counts && !s.vote[1].counts);
	scene(""); s.a[0].expires = NOW; s.vote[1].fingerprint = "SHA256:A"; gives("approval-expired? quorum-role quorum-total"); /* what does not count is no first */
	scene("not_together: [[lead@x, qa@x]]\n"); gives("not-together");
	scene("not_together: [[qa@x, lead@x]]\n"); gives("not-together");
	scene("not_together: [[lead@x, sre@x]]\n"); gives("");
	scene("not_together: [[sre@x, lead@x]]\n"); gives("");
	scene("not_together: [[lead@x, sre@x]]\n"); s.n = 3; gives("not-together");
	scene("total: 3\n"); gives("quorum-total");
	scene("total: 3\n"); s.n = 3; gives("");
	scene(""); s.package.runner = SV("lead@x"); gives("runner-approves quorum-role quorum-total");
	scene("runner_may_approve: true\n"); s.package.runner = SV("lead@x"); gives("");
	scene("people: {lead@x: Ann, ci@x: Ann}\n"); s.package.runner = SV("ci@x"); gives("runner-approves quorum-role quorum-total");
	scene(""); s.package.runner = SV("ci@x"); gives("");
	scene("needs_runner: true\n"); gives("runner-unknown");
	scene("needs_runner: true\n"); s.package.runner = SV("ci@x"); gives("");
	scene("needs_complete: true\n"); gives("");
	scene("needs_complete: true\n"); s.package.incomplete = true; gives("incomplete");
	scene(""); s.package.incomplete = true; gives("");
	policy_free(s.policy);
	s.policy = NULL;
}

static void
waive(int64_t expires, const char *owner)
{
	scene("allow_waivers: true\n");
	s.package.n_open = 1;
	s.open[0] = SV("rate");
	s.waiver[0] = (struct waiver){.item = SV("rate"), .reason = SV("r"), .owner = sv_of(owner), .expires = expires};
	s.a[0].n_waivers = s.a[1].n_waivers = 1;
}

static void
test_waivers(void **state)
{
	(void)state;
	waive(NOW + 1, "boss"); gives("");
	waive(NOW, "boss"); gives("waiver-missing waiver-missing quorum-role quorum-role quorum-total");
	waive(NOW + 1, "qa@x"); gives("waiver-missing quorum-role quorum-total");
	waive(NOW + 1, "boss"); s.a[0].n_waivers = 0; gives("waiver-missing quorum-role quorum-total");
	waive(NOW + 1, "boss"); s.open[0] = SV("other"); gives("waiver-missing waiver-missing quorum-role quorum-role quorum-total");
	waive(NOW + 1, "boss"); s.package.n_open = 0; gives("waiver-missing waiver-missing quorum-role quorum-role quorum-total"); /* nothing to waive */
	waive(NOW + 1, "boss"); s.policy->allows_waivers = false; gives("waiver-forbidden waiver-forbidden quorum-role quorum-role quorum-total");
	scene(""); s.package.n_open = 1; s.open[0] = SV("rate"); gives("waiver-forbidden waiver-forbidden quorum-role quorum-role quorum-total");
	scene(""); s.a[0].n_waivers = 1; gives("waiver-forbidden quorum-role quorum-total");
	policy_free(s.policy);
	s.policy = NULL;
}

/* --- what a signature says of itself ---------------------------------------------- */

static void
add_string(struct sb *out, const char *text, size_t n)
{
	const char size[4] = {0, 0, (char)(n >> 8), (char)n};

	sb_addv(out, (struct sv){size, 4});
	sb_addv(out, (struct sv){text, n});
}

/* An armoured signature; more is bytes behind it in the blob, cut how many are missing. */
static char *
armour(const char *magic, const char *version, const char *more, size_t cut)
{
	struct sb raw = {0}, out = {0};
	char *text;

	sb_adds(&raw, magic);
	sb_addv(&raw, (struct sv){version, 4});
	add_string(&raw, "key", 3);
	add_string(&raw, "go@x", 4);
	add_string(&raw, "", 0);
	add_string(&raw, "sha512", 6);
	add_string(&raw, "sig", 3);
	sb_adds(&raw, more);
	sb_adds(&out, "-----BEGIN SSH SIGNATURE-----\n");
	base64_encode(sv_head(sb_sv(&raw), raw.n - cut), &out);
	sb_adds(&out, "\n-----END SSH SIGNATURE-----\n");
	text = arena_str(&arena, sb_sv(&out));
	sb_free(&raw);
	sb_free(&out);
	return text;
}

static void
refuses(const char *text, const char *want)
{
	struct sshsig sig = {0};

	e = (struct err){0};
	assert_int_equal(-1, sshsig_parse(&arena, sv_of(text), &sig, &e));
	assert_non_null(strstr(e.msg, want));
}

static void
test_signatures(void **state)
{
	const char *good = armour("SSHSIG", "\0\0\0\1", "", 0);
	struct sshsig sig = {0};
	size_t i;

	(void)state;
	assert_int_equal(0, sshsig_parse(&arena, sv_of(good), &sig, &e));
	assert_true(sv_is(sig.key, "a2V5") && sv_is(sig.namespace_, "go@x"));
	/* printf key | openssl sha256 -binary | base64, without its padding */
	assert_string_equal("SHA256:LHDhK3oGRvkiefQnx7OOczTY5Tic/xZ6HcMOc/gmtoM", sig.fingerprint);
	refuses("", "not an SSH signature");
	refuses(with(good, "-----BEGIN", "----BEGIN"), "not an SSH signature");
	refuses(arena_fmt(&arena, "\n%s", good), "not an SSH signature");
	refuses(arena_fmt(&arena, "%sx", good), "something behind its end");
	refuses(arena_fmt(&arena, "%s%s", good, good), "something behind its end");
	refuses(with(good, "\n-----END", "\n----END"), "something behind its end, or without one");
	refuses(with(good, "-----\n", "-----\n!"), "malformed");
	refuses(armour("SSHSIX", "\0\0\0\1", "", 0), "malformed");
	refuses(armour("SSHSIG", "\0\0\0\2", "", 0), "malformed");
	refuses(armour("SSHSIG", "\1\0\0\1", "", 0), "malformed");
	refuses(armour("SSHSIG", "\0\0\0\1", "x", 0), "malformed");
	for (i = 1; i < 46; i++)
		refuses(armour("SSHSIG", "\0\0\0\1", "", i), "malformed");
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(test_policies), T(test_signers), T(test_who_is_who), T(test_approvals), T(test_what_is_to_be_waived), T(test_of_this_package),
	    T(test_in_time), T(test_of_different_people), T(test_waivers), T(test_signatures),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
