/*
 * soak-judge - the gate: judges a store by a profile; the exit code is the verdict.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "judge/chain.h"
#include "judge/sofar.h"
#include "step_judge_server.h"
#include "steps.h"

enum { OPT_STRICT = 256, OPT_LINT, OPT_START, OPT_WAIVERS, OPT_ATTEST, OPT_NOTES, OPT_NOW, OPT_BASELINE, OPT_EXPLAIN, OPT_SO_FAR, OPT_TOKEN, OPT_USER, OPT_CA, OPT_TIMEOUT };
static const struct tool_option options[] = {
    {'d', "db", "STORE", "the store (default: $SOAK_DB, else soak.db), or the URL of a Prometheus"},
    {'p', "profile", "PROFILE", "the criteria, by path or name (or as operand)"},
    {'o', "output", "FORMAT", "text (default), json, junit, md, github or tsv"},
    {OPT_STRICT, "strict", NULL, "WARN is a failure"},
    {OPT_LINT, "lint", NULL, "only check the profile, against the store if -d is given"},
    {OPT_START, "start", "TIME", "when the run started; beats the profile"},
    {OPT_WAIVERS, "waivers", "FILE", "who accepts what failed, beside those of the profile"},
    {OPT_ATTEST, "attest", "FILE", "what people state, beside what stands in the profile"},
    {OPT_BASELINE, "baseline", "STORE", "the run that criteria of the kind compare look at"},
    {OPT_NOTES, "notes", "FILE", "observations, risks, answers and names for the sign-off"},
    {OPT_NOW, "now", "TIME", "when waivers are looked at (default: $SOURCE_DATE_EPOCH, else the run's end)"},
    {OPT_SO_FAR, "so-far", NULL, "the run still goes on: what passes so far, is lost already, is owed (-o text or json)"},
    {OPT_TOKEN, "token-file", "FILE", "a bearer token for the server"},
    {OPT_USER, "user-file", "FILE", "USER:PASSWORD for the server"},
    {OPT_CA, "ca-file", "FILE", "whom to trust instead of the system's certificates"},
    {OPT_TIMEOUT, "timeout", "DURATION", "how long the server may take (default 2m)"},
    {OPT_EXPLAIN, "explain", "ID", "only the whole reasoning of one criterion"},
    {0},
};

static void
say(void *ctx, const char *text)
{
	tool_say(ctx, "%s", text);
}

static int
lint(struct tool *t, const struct profile *p, const char *db, struct err *e)
{
	struct store *s = NULL;
	int errors;

	if (db != NULL && (s = step_store(db, e)) == NULL)
		return tool_fail(t, e);
	errors = judge_lint(p, s, say, t);
	store_close(s);
	if (errors == 0)
		tool_note(t, "%s: fine", p->file);
	return errors == 0 ? TOOL_PASS : TOOL_TROUBLE;
}

enum format { TEXT, JSON, JUNIT, MD, GITHUB, TSV, FORMATS };
static const char *const formats[FORMATS] = {"text", "json", "junit", "md", "github", "tsv"};

static void
write_as(enum format f, const struct verdict *v, bool strict, struct sb *out)
{
	switch (f) {
	case JSON:
		verdict_json(v, out);
		return;
	case JUNIT:
		verdict_junit(v, strict, out);
		return;
	case MD:
		verdict_md(v, strict, out);
		return;
	case GITHUB:
		verdict_github(v, strict, out);
		return;
	case TSV:
		verdict_tsv(v, strict, out);
		return;
	case TEXT:
	case FORMATS:
		break;
	}
	verdict_text(v, tool_columns(), tool_colour(1), out);
}

/* The step's page in GitHub Actions; a step may have written some of it before. */
static int
append_summary(const struct verdict *v, bool strict, struct err *e)
{
	const char *path = getenv("GITHUB_STEP_SUMMARY");
	struct sb md = {0};
	FILE *f;
	int rc = 0;

	if (path == NULL || path[0] == '\0')
		return 0;
	verdict_md(v, strict, &md);
	f = fopen(path, "a");
	if (f == NULL || fwrite(sb_str(&md), 1, md.n, f) != md.n || fflush(f) != 0)
		rc = err_set(e, ERR_SYS, "%s: %s", path, strerror(errno));
	if (f != NULL)
		fclose(f);
	sb_free(&md);
	return rc;
}

/* --so-far: its exit status. */
static int
so_far(struct verdict *v, enum format format, struct sb *out)
{
	struct sofar s;

	sofar_of(v, &s);
	if (format == JSON)
		sofar_json(v, &s, out);
	else
		sofar_text(v, &s, out);
	return s.status;
}

/* --explain: the exit code stays that of the whole. */
static int
explain(struct store *s, const struct verdict *v, const char *id, struct sb *out, struct err *e)
{
	int rc = verdict_explain(s, v, sv_of(id), out, e);

	return rc > 0 ? 0 : rc < 0 ? -1 : err_set(e, ERR_USAGE, "no criterion has the id '%s'", id);
}

static int
judge(struct tool *t, const struct profile *p, const char *db, struct step_judge_server *at, const struct judge_opts *o,
    enum format format, const char *explained)
{
	struct store *s;
	struct verdict v;
	struct sb out = {0};
	struct err e = {0};
	int status = TOOL_TROUBLE;

	s = o->server ? step_judge_server_open(t, at, p, o->start, &e) : step_store(tool_db(db), &e);
	if (s == NULL) {
		step_judge_server_close(at);
		return tool_fail(t, &e);
	}
	if (judge_run(s, p, o, &v, &e) < 0 || (explained != NULL && explain(s, &v, explained, &out, &e) < 0) ||
	    (explained == NULL && format == GITHUB && append_summary(&v, o->strict, &e) < 0)) {
		tool_fail(t, &e);
	} else {
		status = verdict_exit(&v);
		if (o->so_far)
			status = so_far(&v, format, &out);
		else if (explained == NULL)
			write_as(format, &v, o->strict, &out);
		fwrite(sb_str(&out), 1, out.n, stdout);
	}
	sb_free(&out);
	verdict_free(&v);
	store_close(s);
	step_judge_server_close(at);
	return status;
}

int
main(int argc, char **argv)
{
	struct judge_opts opts = {.start = TIME_NONE};
	struct step_people people = {0};
	struct step_judge_server at = {0};
	const char *db = NULL, *name = NULL, *output = "text", *baseline = NULL, *explained = NULL;
	bool linting = false;
	struct profile *profile;
	struct err e = {0};
	struct tool t;
	int c, format, status;

	tool_init(&t, argc, argv, "soak-judge",
	    "[-d STORE | URL] [--timeout DURATION] [--token-file FILE] [--user-file FILE] [--ca-file FILE] [-o FORMAT] [-q] [--strict] [--lint] [--start TIME] [--baseline STORE] [--waivers FILE] [--attest FILE] [--notes FILE] [--now TIME]\n"
	    "           [--explain ID | --so-far] [-p] PROFILE", options);
	while ((c = tool_option(&t)) != 0)
		switch (c) {
		case 'd':
			db = t.value;
			break;
		case 'p':
			name = t.value;
			break;
		case 'o':
			output = t.value;
			break;
		case OPT_STRICT:
			opts.strict = true;
			break;
		case OPT_LINT:
			linting = true;
			break;
		case OPT_START:
			opts.start = tool_time(&t, "--start");
			break;
		case OPT_WAIVERS:
			people.waivers = t.value;
			break;
		case OPT_NOTES:
			people.notes = t.value;
			break;
		case OPT_ATTEST:
			people.attestations = t.value;
			break;
		case OPT_BASELINE:
			baseline = t.value;
			break;
		case OPT_SO_FAR:
			opts.so_far = true;
			break;
		case OPT_TOKEN:
			at.server.token_file = t.value;
			break;
		case OPT_USER:
			at.server.user_file = t.value;
			break;
		case OPT_CA:
			at.server.ca_file = t.value;
			break;
		case OPT_TIMEOUT:
			if (!time_duration(sv_of(t.value), &at.server.timeout) || at.server.timeout <= 0)
				tool_usage(&t, "--timeout %s: a duration such as 30s is needed", t.value);
			break;
		case OPT_EXPLAIN:
			explained = t.value;
			break;
		case OPT_NOW:
			people.now = t.value;
			break;
		}
	if (name == NULL && t.argc == 1)
		name = t.argv[0];
	else if (name == NULL || t.argc > 0)
		tool_usage(&t, "one profile is needed");
	opts.server = db != NULL && step_server_is(db);
	at.server.url = db;
	if (opts.server && (linting || opts.so_far))
		tool_usage(&t, "-d %s: --lint and --so-far look at a store", db);
	for (format = 0; format < FORMATS && strcmp(output, formats[format]) != 0; format++)
		;
	if (format == FORMATS)
		tool_usage(&t, "-o %s: text, json, junit, md, github or tsv", output);
	if (opts.so_far && (explained != NULL || format > JSON))
		tool_usage(&t, "--so-far is told as text or json, and of all criteria");
	profile = step_profile(&t, name, &e);
	if (profile == NULL)
		return tool_end(&t, tool_fail(&t, &e));
	if (step_people(&people, profile, &opts, &e) < 0)
		status = tool_fail(&t, &e);
	else if (baseline != NULL && (opts.baseline = step_store(baseline, &e)) == NULL)
		status = tool_fail(&t, &e);
	else if (linting)
		status = lint(&t, profile, db, &e);
	else
		status = judge(&t, profile, db, &at, &opts, (enum format)format, explained);
	store_close(opts.baseline);
	profile_free(profile);
	return tool_end(&t, status);
}
