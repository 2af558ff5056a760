/*
 * soak-run - the whole way in one go: artifacts in, store, verdict, charts, report and package out.
 *
 * The exit code is the judge's. The store is built anew under a temporary name and appears when it is whole.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/time.h"
#include "profile/notes.h"
#include "step_folder.h"
#include "step_init.h"
#include "step_lines.h"
#include "step_provenance.h"
#include "step_recipe.h"
#include "step_trust.h"
#include "steps.h"

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
	const char *folder;
	struct profile *profile;
	struct step_ingest in;
	struct judge_opts judge;
	struct step_people people;
	const char *runner, *allow;
	bool redact, incomplete;
	int lock; /* the output folder, ours until it is closed */
};

/* folder/name, valid until sb is used again. */
static const char *
below(struct sb *sb, const struct run *r, const char *name)
{
	sb_reset(sb);
	sb_addf(sb, "%s/%s", r->folder, name);
	return sb_str(sb);
}

/* A run that was killed may have left it, with its journal. */
static void
remove_store(const char *path)
{
	struct sb journal = {0};

	sb_addf(&journal, "%s-journal", path);
	unlink(sb_str(&journal));
	unlink(path);
	sb_free(&journal);
}

/* A compact copy of a store as folder/name, which appears when it is whole. */
static int
leave_store(struct run *r, struct store *s, const char *name, struct err *e)
{
	struct sb copy = {0}, final = {0};
	int rc;

	below(&copy, r, ".run.db.whole");
	below(&final, r, name);
	remove_store(sb_str(&copy));
	rc = store_copy(s, sb_str(&copy), e);
	if (rc == 0 && rename(sb_str(&copy), sb_str(&final)) < 0)
		rc = err_set(e, ERR_SYS, "%s: %s", sb_str(&final), strerror(errno));
	remove_store(sb_str(&copy));
	sb_free(&copy);
	sb_free(&final);
	return rc;
}

/* Reads the artifacts and leaves a compact run.db; the run to compare with beside it: the verdict cannot be made again without. */
static int
make_store(struct run *r, struct err *e)
{
	struct sb tmp = {0};
	struct store *s;
	int rc = -1;

	below(&tmp, r, ".run.db.reading");
	remove_store(sb_str(&tmp));
	s = store_open(sb_str(&tmp), STORE_WRITE, e);
	if (s != NULL && step_ingest(&r->t, s, &r->in, e) == 0)
		rc = leave_store(r, s, "run.db", e);
	store_close(s);
	remove_store(sb_str(&tmp));
	if (rc == 0 && r->judge.baseline != NULL)
		rc = leave_store(r, r->judge.baseline, STEP_BASELINE, e);
	sb_free(&tmp);
	return rc;
}

static int
write_verdict(struct run *r, const struct verdict *v, struct err *e)
{
	struct sb json = {0}, path = {0};
	int rc;

	verdict_json(v, &json);
	rc = io_write_file(below(&path, r, "verdict.json"), sb_sv(&json), e);
	if (rc == 0)
		rc = io_write_file(below(&path, r, "profile.yaml"), r->profile->text, e);
	if (rc == 0 && r->profile->waivers_text.p != NULL)
		rc = io_write_file(below(&path, r, "waivers.yaml"), r->profile->waivers_text, e);
	if (rc == 0 && r->profile->attestations_text.p != NULL)
		rc = io_write_file(below(&path, r, "attestations.yaml"), r->profile->attestations_text, e);
	if (rc == 0 && r->profile->notes != NULL && r->profile->notes->text.p != NULL)
		rc = io_write_file(below(&path, r, "notes.yaml"), r->profile->notes->text, e);
	if (rc == 0 && r->profile->n_rule_files > 0) {
		sb_reset(&json);
		profile_rule_files_json(r->profile, &json);
		rc = io_write_file(below(&path, r, PROFILE_RULE_FILES), sb_sv(&json), e);
	}
	sb_reset(&json);
	step_recipe_write("soak-run", r->in.n, &r->judge, &json);
	if (rc == 0)
		rc = io_write_file(below(&path, r, "recipe.json"), sb_sv(&json), e);
	sb_free(&json);
	sb_free(&path);
	return rc;
}

static int
read_operands(void *ctx, struct step_lines *lines, struct err *e)
{
	struct run *r = ctx;
	size_t i;

	for (i = 0; i < r->in.n; i++)
		if (step_lines_read(lines, r->in.operand[i], true, e) < 0)
			return -1;
	return 0;
}

static int
write_provenance(struct run *r, struct store *s, const struct verdict *v, struct err *e)
{
	struct sb json = {0}, path = {0};
	int rc = step_provenance(&r->t, s, v, read_operands, r, &json, e);

	if (rc == 0)
		rc = io_write_file(below(&path, r, "provenance.json"), sb_sv(&json), e);
	sb_free(&json);
	sb_free(&path);
	return rc;
}

static int
write_charts(struct run *r, const struct verdict *v, struct err *e)
{
	struct step_charts charts = {{0}};
	int rc = step_charts(v, 2, &charts, e);

	if (rc == 0)
		rc = step_charts_write(&charts, r->folder, e);
	step_charts_free(&charts);
	return rc;
}

static int
write_report(struct run *r, const char *template, const char *file, struct err *e)
{
	struct sb text = {0}, path = {0};
	int rc = step_report(&r->t, r->folder, template, &text, e);

	if (rc == 0)
		rc = io_write_file(below(&path, r, file), sb_sv(&text), e);
	sb_free(&text);
	sb_free(&path);
	return rc;
}

static int
write_reports(struct run *r, struct err *e)
{
	struct arena a = {0};
	int rc = write_report(r, step_report_name(r->profile, "md", &a), "report.md", e);

	if (rc == 0)
		rc = write_report(r, step_report_name(r->profile, "html", &a), "report.html", e);
	if (rc == 0)
		rc = write_report(r, "summary.md", "summary.md", e);
	arena_free(&a);
	return rc;
}

static int
write_package(struct run *r, struct err *e)
{
	struct sb name = {0}, path = {0}, statement = {0};
	struct step_pack pack = {.folder = r->folder, .artifact = r->in.operand, .n = r->in.n, .format = OUT_TAR_GZ,
	    .runner = r->runner, .allow = r->allow, .redact = r->redact, .incomplete = r->incomplete};
	int rc;

	sb_addf(&name, "%" SV_FMT ".tar.gz", SV_ARG(r->profile->name));
	pack.path = below(&path, r, sb_str(&name));
	pack.statement = below(&statement, r, "statement.intoto.jsonl");
	rc = step_pack(&r->t, &pack, e);
	if (rc == 1)
		rc = err_set(e, ERR_INPUT, "%s: no package was made, for what is said above", r->folder);
	sb_free(&name);
	sb_free(&path);
	sb_free(&statement);
	return rc;
}

/* Everything after the store. The verdict is on disk before anything is drawn. */
static int
make_products(struct run *r, struct err *e)
{
	struct verdict v = {.profile = r->profile};
	struct sb path = {0}, text = {0};
	struct store *s;
	int status = TOOL_TROUBLE;

	s = store_open(below(&path, r, "run.db"), STORE_READ, e);
	if (s != NULL && judge_run(s, r->profile, &r->judge, &v, e) == 0 && write_verdict(r, &v, e) == 0 &&
	    write_provenance(r, s, &v, e) == 0 && write_charts(r, &v, e) == 0 && write_reports(r, e) == 0 &&
	    write_package(r, e) == 0) {
		status = verdict_exit(&v);
		verdict_text(&v, tool_columns(), tool_colour(1), &text);
		fwrite(sb_str(&text), 1, text.n, stdout);
	}
	verdict_free(&v);
	store_close(s);
	sb_free(&path);
	sb_free(&text);
	return status;
}

/* Whoever has come so far is told what comes next. */
static void
next_step(const struct run *r, int status)
{
	const char *f = r->folder;

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

	r->in.skip = r->folder;
	if ((r->lock = step_folder_take(r->folder, r->in.operand, r->in.n, &e)) < 0 || make_store(r, &e) < 0)
		return tool_fail(&r->t, &e);
	status = make_products(r, &e);
	if (status == TOOL_TROUBLE)
		return tool_fail(&r->t, &e);
	tool_note(&r->t, "report: %s/report.html, package: %s/%" SV_FMT ".tar.gz", r->folder, r->folder,
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
	remove_store(sb_str(&tmp));
	rc = step_init(&r->t, r->t.argv, (size_t)r->t.argc, sb_str(&tmp), &text, &e);
	remove_store(sb_str(&tmp));
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
	struct run r = {.folder = "out", .lock = -1, .in = {.operand_time = TIME_NONE, .start = TIME_NONE}, .judge = {.start = TIME_NONE}};
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
			r.allow = r.t.value;
			break;
		case OPT_REDACT:
			r.redact = true;
			break;
		case OPT_INCOMPLETE:
			r.incomplete = true;
			break;
		case OPT_RUNNER:
			r.runner = r.t.value;
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
	if (folder != NULL)
		r.folder = folder;
	r.profile = step_trusted_profile(&r.t, name, r.in.operand, r.in.n, &e);
	if (r.profile == NULL)
		return tool_end(&r.t, tool_fail(&r.t, &e));
	if (step_people(&r.people, r.profile, &r.judge, &e) < 0 ||
	    (baseline != NULL && (r.judge.baseline = step_store(baseline, &e)) == NULL)) {
		profile_free(r.profile);
		return tool_end(&r.t, tool_fail(&r.t, &e));
	}
	r.in.profile = r.profile;
	tool_note(&r.t, "profile %s", r.profile->file);
	status = run(&r);
	store_close(r.judge.baseline);
	profile_free(r.profile);
	return tool_end(&r.t, status);
}
