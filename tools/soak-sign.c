/*
 * soak-sign - one person's approval or veto of a package, signed with their own SSH key, put into the package.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "base/time.h"
#include "pack/amend.h"
#include "pack/package.h"
#include "step_package.h"
#include "step_ssh.h"
#include "step_trust.h"

enum { OPT_REJECT = 256, OPT_EXPIRES, OPT_TIME, OPT_YES };
static const struct tool_option options[] = {
    {'p', "policy", "FILE", "the policy it is approved under"},
    {'k', "key", "FILE", "the SSH key (a public one is looked for in the agent)"},
    {'I', "principal", "NAME", "who signs, as in allowed_signers"},
    {'r', "role", "ROLE", "in which role of the policy"},
    {OPT_REJECT, "reject", NULL, "a veto instead of an approval"},
    {'w', "waivers", "FILE", "what is waived, by whom, until when: its items are the names after 'not passed'"},
    {'m', "comment", "TEXT", "why"},
    {OPT_EXPIRES, "expires", "TIME", "how long it counts: a time or a duration (default 14d)"},
    {OPT_TIME, "time", "TIME", "when it is signed (default: now)"},
    {OPT_YES, "yes", NULL, "do not ask"},
    {0},
};

struct sign {
	struct tool t;
	const char *policy_path, *key, *waivers, *expires;
	bool yes, has_time;
	struct approval approval;
	struct policy *policy;
	struct step_package package;
	struct arena arena;
};

static void
say_errors(const struct sign *s, const char *path)
{
	const struct findings *f = &s->package.findings;
	size_t i;

	for (i = 0; i < f->item.n; i++)
		if (f->item.v[i].error)
			tool_say(&s->t, "%s: %s: %s", path, f->item.v[i].reason, f->item.v[i].text);
}

static int
read_waivers(struct sign *s, struct err *e)
{
	struct sb bytes = {0};
	int rc;

	if (s->waivers == NULL)
		return 0;
	rc = io_read_file(s->waivers, (size_t)1 << 20, &bytes, e);
	if (rc == 0)
		rc = waivers_parse(&s->arena, s->waivers, arena_sv(&s->arena, sb_sv(&bytes)), &s->approval.waiver,
		    &s->approval.n_waivers, e);
	sb_free(&bytes);
	return rc;
}

/* What the policy, the package and the law of waivers say before anybody is asked. A status. */
static int
check(struct sign *s, const char *path)
{
	const struct policy_role *role = policy_role(s->policy, s->approval.role);
	const struct quorum_package *k = &s->package.about;
	size_t i;
	const char *lack;

	if (role == NULL || !policy_allows(role, s->approval.principal)) {
		tool_say(&s->t, "%s: %" SV_FMT " does not have the role %" SV_FMT, s->policy->file, SV_ARG(s->approval.principal),
		    SV_ARG(s->approval.role));
		return TOOL_TROUBLE;
	}
	if (s->package.findings.errors > 0) {
		say_errors(s, path);
		tool_say(&s->t, "%s: not whole: nothing is signed", path);
		return TOOL_FAIL;
	}
	if (!s->approval.approve)
		return TOOL_PASS;
	if (!s->policy->runner_may_approve && k->runner.n > 0 &&
	    sv_eq(policy_person(s->policy, k->runner), policy_person(s->policy, s->approval.principal))) {
		tool_say(&s->t, "%s: runner-approves: who ran it does not approve it", path);
		return TOOL_FAIL;
	}
	if ((k->n_open > 0 || s->approval.n_waivers > 0) && !s->policy->allows_waivers) {
		tool_say(&s->t, "%s: waiver-forbidden: the decision is %" SV_FMT ", and the policy allows no waivers; --reject is possible",
		    path, SV_ARG(k->decision));
		return TOOL_FAIL;
	}
	lack = approval_waivers_lack(&s->arena, &s->approval, k->open, k->n_open, s->approval.time);
	if (lack == NULL)
		return TOOL_PASS;
	tool_say(&s->t, "%s: waiver-missing: the decision is %" SV_FMT ": %s", path, SV_ARG(k->decision), lack);
	for (i = 0; i < k->n_open; i++)
		tool_say(&s->t, "item to be waived: %" SV_FMT, SV_ARG(k->open[i]));
	return TOOL_FAIL;
}

static void
fill(struct sign *s)
{
	struct approval *a = &s->approval;

	a->package = s->package.about.name;
	a->decision = s->package.about.decision;
	a->tagmanifest = s->package.about.tagmanifest;
	a->verdict = s->package.about.verdict;
	a->policy = sv_of(s->policy->sha256);
}

/* Shown before it is signed, on stderr; asked for on a terminal. */
static bool
is_agreed(const struct sign *s)
{
	const struct approval *a = &s->approval;
	struct sb text = {0};
	char from[TIME_TEXT], to[TIME_TEXT], answer[16] = "";
	size_t i;

	step_package_show(&s->package, &text);
	for (i = 0; i < a->n_waivers; i++)
		sb_addf(&text, "%-12s%" SV_FMT " until %s: %" SV_FMT " (%" SV_FMT ")\n", "waived", SV_ARG(a->waiver[i].item),
		    time_text(a->waiver[i].expires, to), SV_ARG(a->waiver[i].reason), SV_ARG(a->waiver[i].owner));
	sb_addf(&text, "%-12s%s as %" SV_FMT " (%" SV_FMT "), %s until %s\n", "you sign", a->approve ? "APPROVE" : "REJECT",
	    SV_ARG(a->principal), SV_ARG(a->role), time_text(a->time, from), time_text(a->expires, to));
	fputs(sb_str(&text), stderr);
	sb_free(&text);
	if (s->yes)
		return true;
	if (!isatty(0)) {
		tool_say(&s->t, "nobody can be asked: say --yes");
		return false;
	}
	fputs("sign this? [y/N] ", stderr);
	return fgets(answer, sizeof(answer), stdin) != NULL && (answer[0] == 'y' || answer[0] == 'Y');
}

static int
sign(struct sign *s, const char *path, struct err *e)
{
	struct amend_file file[3];
	struct sb json = {0}, sig = {0};
	struct sshsig parsed;
	const char *why = "";
	int rc;

	approval_write(&s->approval, &json);
	file[0].name = approval_file(&s->arena, s->approval.role, s->approval.principal);
	file[1].name = arena_fmt(&s->arena, "%s.sig", file[0].name);
	rc = step_ssh_sign(s->key, arena_str(&s->arena, s->policy->namespace_), sb_sv(&json), &sig, e);
	if (rc == 0)
		rc = sshsig_parse(&s->arena, sb_sv(&sig), &parsed, e);
	if (rc == 0) {
		rc = step_ssh_verify(s->policy, s->approval.principal, parsed.fingerprint, sb_sv(&sig), sb_sv(&json),
		    s->approval.time, &s->arena, &why, e);
		if (rc == 0)
			rc = err_set(e, ERR_USAGE, "%s: the key (%s) is not %" SV_FMT "'s by %s%s%s", s->key, parsed.fingerprint,
			    SV_ARG(s->approval.principal), s->policy->signers_path, *why == '\0' ? "" : ": ", why);
	}
	if (rc > 0) {
		file[0].bytes = sb_sv(&json);
		file[1].bytes = sb_sv(&sig);
		rc = amend(path, file, 2, e);
	}
	if (rc == 0)
		tool_note(&s->t, "%s: added, signed by %s", file[0].name, parsed.fingerprint);
	sb_free(&json);
	sb_free(&sig);
	return rc;
}

/* Everything is read; a status. */
static int
go(struct sign *s, const char *path)
{
	struct err e = {0};
	int status;

	if (step_lies_in(s->policy_path, path)) {
		tool_say(&s->t, "%s: policy-inside: a package does not bring the policy it is judged by", s->policy_path);
		return TOOL_FAIL;
	}
	if ((s->policy = policy_load(s->policy_path, &e)) == NULL || read_waivers(s, &e) < 0 ||
	    step_package_read(&s->package, path, &e) < 0)
		return tool_fail(&s->t, &e);
	if ((status = check(s, path)) != TOOL_PASS)
		return status;
	fill(s);
	if (!is_agreed(s)) {
		tool_say(&s->t, "nothing is signed");
		return TOOL_TROUBLE;
	}
	return sign(s, path, &e) < 0 ? tool_fail(&s->t, &e) : TOOL_PASS;
}

static void
set_times(struct sign *s)
{
	int64_t length = 14 * TIME_DAY;

	if (!s->has_time)
		s->approval.time = (int64_t)time(NULL) * TIME_SECOND;
	if (s->expires != NULL && time_parse(sv_of(s->expires), &s->approval.expires) && strchr(s->expires, '-') != NULL)
		return;
	if (s->expires != NULL && !time_duration(sv_of(s->expires), &length))
		tool_usage(&s->t, "--expires: '%s' is neither a time nor a duration", s->expires);
	s->approval.expires = s->approval.time + length;
}

int
main(int argc, char **argv)
{
	struct sign s = {.approval = {.approve = true, .comment = SV("")}};
	int c, status;

	tool_init(&s.t, argc, argv, "soak-sign", "-p POLICY -k KEY -I PRINCIPAL -r ROLE [--reject] [-w WAIVERS] [-m COMMENT] [--yes] PACKAGE",
	    options);
	while ((c = tool_option(&s.t)) != 0)
		switch (c) {
		case 'p':
			s.policy_path = s.t.value;
			break;
		case 'k':
			s.key = s.t.value;
			break;
		case 'I':
			s.approval.principal = sv_of(s.t.value);
			break;
		case 'r':
			s.approval.role = sv_of(s.t.value);
			break;
		case OPT_REJECT:
			s.approval.approve = false;
			break;
		case 'w':
			s.waivers = s.t.value;
			break;
		case 'm':
			s.approval.comment = sv_of(s.t.value);
			break;
		case OPT_EXPIRES:
			s.expires = s.t.value;
			break;
		case OPT_TIME:
			s.approval.time = tool_time(&s.t, "--time");
			s.has_time = true;
			break;
		case OPT_YES:
			s.yes = true;
			break;
		}
	if (s.policy_path == NULL || s.key == NULL || s.approval.principal.n == 0 || s.approval.role.n == 0 || s.t.argc != 1)
		tool_usage(&s.t, "a policy, a key, a principal, a role and one package are needed");
	set_times(&s);
	if (s.approval.expires <= s.approval.time)
		tool_usage(&s.t, "it would expire before it is given");
	status = go(&s, s.t.argv[0]);
	step_package_free(&s.package);
	policy_free(s.policy);
	arena_free(&s.arena);
	return tool_end(&s.t, status);
}
