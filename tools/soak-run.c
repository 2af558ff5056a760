/*
 * soak-run - the whole way in one go: artifacts in, store, verdict, charts, report and package out.
 *
 * The exit code is the judge's. The store is built anew under a temporary name and appears when it is whole.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/time.h"
#include "step_folder.h"
#include "step_init.h"
#include "step_products.h"
#include "step_trust.h"

enum { OPT_STRICT = 256, OPT_TIME, OPT_START, OPT_WAIVERS, OPT_ATTEST, OPT_NOTES, OPT_NOW, OPT_RUNNER, OPT_ALLOW, OPT_REDACT, OPT_INCOMPLETE,
	OPT_BASELINE, OPT_LIST, OPT_INIT };
static const struct tool_option options[] = {
    {'p', "profile", "PROFILE", "what kind of run it was, by path or name"},
    {'o', "output", "FOLDER", "where everything goes (default: out)"},
    {OPT_STRICT, "strict", NULL, "WARN is a failure"},
    {OPT_TIME, "time", "TIME", "when the untimed artifacts were taken"},
    {OPT_START, "start", "TIME", "when the run started; beats the profile"},
    {OPT_WAIVERS, "waivers", "FILE", "who accepts what failed, beside those of the profile"},
    {OPT_ATTEST, "attest", "FILE", "what people state, beside what stands in the profile"},
    {OPT_NOTES, "notes", "FILE", "observations, risks, answers and names for the sign-off"},
    {OPT_NOW, "now", "TIME", "when waivers are looked at (default: $SOURCE_DATE_EPOCH, else the run's end)"},
    {OPT_RUNNER, "runner", "PRINCIPAL", "who ran it: does not approve it"},
    {OPT_ALLOW, "allow", "FILE", "what may be packed although it looks like a secret"},
    {OPT_REDACT, "redact", NULL, "pack plain files without the secrets that were found in them"},
    {OPT_INCOMPLETE, "incomplete", NULL, "pack although what the profile requires is not there, and say so"},
    {OPT_BASELINE, "baseline", "STORE", "the run that criteria of the kind compare look at"},
    {OPT_LIST, "list-profiles", NULL, "list the profiles there are, with their titles"},
    {OPT_INIT, "init", NULL, "look at the artifacts and propose a profile for them, to -o FILE (default: soakproof.yaml)"},
    {0},
};

struct run {
	struct tool t;
	struct profile *profile;
	struct step_ingest in;
	struct judge_opts judge;
	struct step_people people;
	struct step_products out;
	int lock; /* the output folder, ours until it is closed */
};

/* Whoever has come so far is told what comes next. */
static void
next_step(const struct run *r, int status)
{
	const char *f = r->out.folder;

	if (status == TOOL_PASS)
		tool_note(&r->t, "next: soak-sign -p POLICY -k KEY -I YOU -r ROLE %s/%" SV_FMT ".tar.gz (docs/package.md)", f,
		    SV_ARG(r->profile->name));
	else if (status == TOOL_FAIL)
		tool_note(&r->t, "next: soak-judge -d %s/run.db --explain ID %s/profile.yaml (what was counted), soak-why -r %s --list (from figures to lines)", f, f, f);
	else
		tool_note(&r->t, "next: \"would settle it\" says what each open criterion needs; what people state: --attest FILE, what somebody accepts: --waivers FILE (docs/profile.md)");
}

static int
run(struct run *r)
{
	struct err e = {0};
	int status;

	if ((r->lock = step_folder_take(r->out.folder, r->in.operand, r->in.n, &e)) < 0 ||
	    (status = step_products(&r->out, &e)) == TOOL_TROUBLE)
		return tool_fail(&r->t, &e);
	tool_note(&r->t, "report: %s/report.html, package: %s/%" SV_FMT ".tar.gz", r->out.folder, r->out.folder,
	    SV_ARG(r->profile->name));
	next_step(r, status);
	return status;
}

/* A proposal is written once: what somebody edited is not lost. */
static int
init(struct run *r, const char *path)
{
	struct sb text = {0}, tmp = {0};
	struct err e = {0};
	int rc;

	path = path == NULL ? "soakproof.yaml" : path;
	if (strcmp(path, "-") != 0 && access(path, F_OK) == 0) {
		tool_say(&r->t, "%s is there, and is not overwritten: say another name with -o", path);
		return TOOL_TROUBLE;
	}
	sb_addf(&tmp, "%s.reading", strcmp(path, "-") == 0 ? "soakproof.yaml" : path);
	step_remove_store(sb_str(&tmp));
	rc = step_init(&r->t, r->t.argv, (size_t)r->t.argc, sb_str(&tmp), &text, &e);
	step_remove_store(sb_str(&tmp));
	if (rc == 0)
		rc = tool_write(path, sb_sv(&text), &e);
	sb_free(&text);
	sb_free(&tmp);
	if (rc < 0)
		return tool_fail(&r->t, &e);
	tool_note(&r->t, "%s: look through it, then: soak-run -p %s%s -o out %s", path, strchr(path, '/') == NULL ? "./" : "", path, r->t.argv[0]);
	return TOOL_PASS;
}

static int
list_profiles(struct run *r)
{
	struct sb text = {0};
	struct err e = {0};
	int rc = step_profile_list(&r->t, &text, &e);

	fwrite(sb_str(&text), 1, text.n, stdout);
	sb_free(&text);
	return rc < 0 ? tool_fail(&r->t, &e) : TOOL_PASS;
}

/* What cannot be opened is trouble; what cannot be read as evidence is a finding, and judged. */
static bool
can_open(struct run *r)
{
	int i;

	for (i = 0; i < r->t.argc; i++)
		if (strcmp(r->t.argv[i], "-") == 0) {
			tool_usage(&r->t, "standard input cannot be packed: use soak-ingest - and the other tools");
		} else if (access(r->t.argv[i], R_OK) < 0) {
			tool_say(&r->t, "%s: %s", r->t.argv[i], strerror(errno));
			return false;
		}
	return true;
}

int
main(int argc, char **argv)
{
	struct run r = {.lock = -1, .in = {.operand_time = TIME_NONE, .start = TIME_NONE}, .judge = {.start = TIME_NONE}};
	const char *name = NULL, *folder = NULL, *baseline = NULL;
	bool listing = false, initing = false;
	struct err e = {0};
	int c, status;

	tool_init(&r.t, argc, argv, "soak-run", "-p PROFILE [-o FOLDER] [-q] [--strict] [--runner PRINCIPAL] [--allow FILE] [--redact] [--incomplete] [--time TIME] [--start TIME] [--waivers FILE] [--attest FILE] [--notes FILE] [--now TIME] [--baseline STORE] FILE|FOLDER ...\n       soak-run --init [-o FILE] FILE|FOLDER ...\n       soak-run --list-profiles",
	    options);
	while ((c = tool_option(&r.t)) != 0)
		switch (c) {
		case 'p':
			name = r.t.value;
			break;
		case 'o':
			folder = r.t.value;
			break;
		case OPT_BASELINE:
			baseline = r.t.value;
			break;
		case OPT_LIST:
			listing = true;
			break;
		case OPT_INIT:
			initing = true;
			break;
		case OPT_STRICT:
			r.judge.strict = true;
			break;
		case OPT_ALLOW:
			r.out.allow = r.t.value;
			break;
		case OPT_REDACT:
			r.out.redact = true;
			break;
		case OPT_INCOMPLETE:
			r.out.incomplete = true;
			break;
		case OPT_RUNNER:
			r.out.runner = r.t.value;
			break;
		case OPT_TIME:
			r.in.operand_time = tool_time(&r.t, "--time");
			break;
		case OPT_START:
			r.in.start = r.judge.start = tool_time(&r.t, "--start");
			break;
		case OPT_WAIVERS:
			r.people.waivers = r.t.value;
			break;
		case OPT_ATTEST:
			r.people.attestations = r.t.value;
			break;
		case OPT_NOTES:
			r.people.notes = r.t.value;
			break;
		case OPT_NOW:
			r.people.now = r.t.value;
			break;
		}
	if (listing)
		return tool_end(&r.t, list_profiles(&r));
	if (initing ? name != NULL || r.t.argc == 0 : name == NULL || r.t.argc == 0)
		tool_usage(&r.t, initing ? "--init needs the artifacts, and no profile" : "a profile (-p) and the artifacts are needed");
	if (!can_open(&r))
		return tool_end(&r.t, TOOL_TROUBLE);
	r.in.operand = r.t.argv;
	r.in.n = (size_t)r.t.argc;
	step_trust_templates(&r.t, r.in.operand, r.in.n);
	if (initing)
		return tool_end(&r.t, init(&r, folder));
	r.profile = step_trusted_profile(&r.t, name, r.in.operand, r.in.n, &e);
	if (r.profile == NULL)
		return tool_end(&r.t, tool_fail(&r.t, &e));
	if (step_people(&r.people, r.profile, &r.judge, &e) < 0 ||
	    (baseline != NULL && (r.judge.baseline = step_store(baseline, &e)) == NULL)) {
		profile_free(r.profile);
		return tool_end(&r.t, tool_fail(&r.t, &e));
	}
	r.in.profile = r.profile;
	r.out.t = &r.t;
	r.out.in = &r.in;
	r.out.judge = &r.judge;
	r.out.profile = r.profile;
	r.in.skip = r.out.folder = folder != NULL ? folder : "out";
	tool_note(&r.t, "profile %s", r.profile->file);
	status = run(&r);
	store_close(r.judge.baseline);
	profile_free(r.profile);
	return tool_end(&r.t, status);
}
