/*
 * soak-verify - is a package whole, and is it signed by whom the policy asks? Or: is a folder or archive a valid BagIt bag?
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "base/time.h"
#include "step_package.h"
#include "step_recompute.h"
#include "step_trust.h"

enum { OPT_BAG = 256, OPT_NOW, OPT_WHOLE, OPT_AGAIN };
static const struct tool_option options[] = {
    {'p', "policy", "FILE", "whose signatures are needed: the verifier's own file"},
    {OPT_WHOLE, "no-signatures", NULL, "only: is the package whole, as it was packed?"},
    {OPT_AGAIN, "recompute", NULL, "make the verdict, report and charts again from the evidence, and compare"},
    {OPT_NOW, "now", "TIME", "verify as of that time (default: the clock)"},
    {OPT_BAG, "bag", "PATH", "only: is this folder or archive a complete and valid BagIt bag, anybody's?"},
    {'o', "output", "FORMAT", "text (default) or json"},
    {0},
};

struct verify {
	struct tool t;
	const char *policy;
	bool whole, json, again;
	int64_t now;
};

static void
print_votes(struct json *j, const struct step_package *k)
{
	const struct doc *d;
	size_t i;

	json_str(j, "name", k->about.name);
	json_str(j, "decision", k->about.decision);
	json_str(j, "tagmanifest_sha256", k->about.tagmanifest);
	json_str(j, "verdict_sha256", k->about.verdict);
	json_bool(j, "complete", doc_first(doc_get(k->collect, "missing")) == NULL);
	json_list(j, "missing");
	for (d = doc_first(doc_get(k->collect, "missing")); d != NULL; d = d->next)
		json_str(j, NULL, d->text);
	json_end(j);
	json_list(j, "approvals");
	for (i = 0; i < k->n_votes; i++) {
		const struct approval *a = k->vote[i].approval;

		json_map(j, NULL);
		json_cstr(j, "decision", a->approve ? "APPROVE" : "REJECT");
		json_str(j, "role", a->role);
		json_str(j, "principal", a->principal);
		json_cstr(j, "key", k->vote[i].fingerprint);
		json_time(j, "time", a->time);
		json_time(j, "expires", a->expires);
		json_bool(j, "counts", k->vote[i].counts);
		json_end(j);
	}
	json_end(j);
}

/* k: NULL for a bag that is looked at as a bag. */
static void
print_json(const char *path, const struct findings *f, const struct step_package *k, bool valid)
{
	struct sb out = {0};
	struct json j = {.out = &out};
	size_t i;

	json_map(&j, NULL);
	json_cstr(&j, "package", path);
	json_bool(&j, "valid", valid);
	if (k != NULL)
		print_votes(&j, k);
	json_list(&j, "findings");
	for (i = 0; i < f->item.n; i++) {
		json_map(&j, NULL);
		json_cstr(&j, "level", f->item.v[i].error ? "error" : "warning");
		json_cstr(&j, "reason", f->item.v[i].reason);
		json_cstr(&j, "text", f->item.v[i].text);
		json_end(&j);
	}
	json_end(&j);
	json_end(&j);
	fwrite(sb_str(&out), 1, out.n, stdout);
	sb_free(&out);
}

static void
say_findings(const struct tool *t, const char *path, const struct findings *f)
{
	size_t i;

	for (i = 0; i < f->item.n; i++)
		tool_say(t, "%s: %s%s: %s", path, f->item.v[i].error ? "" : "warning: ", f->item.v[i].reason, f->item.v[i].text);
	if (f->item.n == FINDINGS_MAX)
		tool_say(t, "%s: %zu errors in all; no more than %d findings are shown", path, f->errors, FINDINGS_MAX);
}

static int
verify_bag(const struct tool *t, const char *path, bool json)
{
	const struct contents_opts opts = {.keep = inspect_keep};
	struct findings f = {0};
	struct contents c;
	struct err e = {0};
	int status, rc = contents_read(&c, path, &opts, &e);

	if (rc < 0 && e.code != ERR_SYS)
		findings_err(&f, &e);
	else if (rc == 0)
		rc = inspect_bag(&c, &f, &e);
	if (rc == 0)
		inspect_windows(&c, &f);
	status = rc < 0 && e.code == ERR_SYS ? tool_fail(t, &e) : f.errors > 0 ? TOOL_FAIL : TOOL_PASS;
	if (status != TOOL_TROUBLE) {
		say_findings(t, path, &f);
		if (json)
			print_json(path, &f, NULL, status == TOOL_PASS);
		else if (status == TOOL_PASS && !t->quiet)
			printf("%s: a valid bag, %zu files\n", path, c.file.n);
	}
	contents_free(&c);
	findings_free(&f);
	return status;
}

static void
print_text(const struct step_package *k)
{
	struct sb text = {0};
	char time_[TIME_TEXT], until[TIME_TEXT];
	size_t i;

	step_package_show(k, &text);
	for (i = 0; i < k->n_votes; i++) {
		const struct approval *a = k->vote[i].approval;

		if (k->vote[i].counts)
			sb_addf(&text, "%-12s%" SV_FMT " (%" SV_FMT ") %s, until %s, %s\n", "approved", SV_ARG(a->principal), SV_ARG(a->role),
			    time_text(a->time, time_), time_text(a->expires, until), k->vote[i].fingerprint);
	}
	fwrite(sb_str(&text), 1, text.n, stdout);
	sb_free(&text);
}

static int
decide(struct verify *v, const char *path, const struct policy *p)
{
	struct step_package k;
	struct err e = {0};
	int status, rc = step_package_read(&k, path, &e);

	/* Who signed a broken package is no longer of interest, but whoever did is told of as well. */
	if (rc == 0 && p != NULL && k.verdict != NULL)
		rc = step_package_approvals(&k, p, v->now, &e);
	/* Nothing is unpacked of what is not trusted. */
	if (rc == 0 && v->again && k.findings.errors == 0)
		rc = step_recompute(&v->t, &k, &e);
	status = rc < 0 ? tool_fail(&v->t, &e) : k.findings.errors > 0 ? TOOL_FAIL : TOOL_PASS;
	if (rc == 0) {
		say_findings(&v->t, path, &k.findings);
		if (v->json)
			print_json(path, &k.findings, &k, status == TOOL_PASS);
		else if (status == TOOL_PASS && !v->t.quiet)
			print_text(&k);
		if (status == TOOL_PASS)
			tool_note(&v->t, "%s: whole%s", path, p == NULL ? ", signatures were not looked at" : " and signed as the policy asks");
		if (status == TOOL_PASS && v->again)
			tool_note(&v->t, "%s: made again from the evidence, it is the same", path);
	}
	step_package_free(&k);
	return status;
}

static int
verify(struct verify *v, const char *path)
{
	struct policy *p = NULL;
	struct err e = {0};
	int status;

	if (v->policy != NULL) {
		if (step_lies_in(v->policy, path)) {
			tool_say(&v->t, "%s: policy-inside: a package does not bring the policy it is judged by", v->policy);
			return TOOL_FAIL;
		}
		if ((p = policy_load(v->policy, &e)) == NULL)
			return tool_fail(&v->t, &e);
	}
	status = decide(v, path, p);
	policy_free(p);
	return status;
}

int
main(int argc, char **argv)
{
	struct verify v = {.now = TIME_NONE};
	const char *bag = NULL, *output = "text";
	int c, status;

	tool_init(&v.t, argc, argv, "soak-verify", "-p POLICY [--recompute] [-o text|json] [--now TIME] PACKAGE | --no-signatures [--recompute] PACKAGE | --bag PATH",
	    options);
	while ((c = tool_option(&v.t)) != 0)
		switch (c) {
		case 'p':
			v.policy = v.t.value;
			break;
		case OPT_WHOLE:
			v.whole = true;
			break;
		case OPT_AGAIN:
			v.again = true;
			break;
		case OPT_NOW:
			v.now = tool_time(&v.t, "--now");
			break;
		case OPT_BAG:
			bag = v.t.value;
			break;
		case 'o':
			output = v.t.value;
			break;
		}
	v.json = strcmp(output, "json") == 0;
	if (!v.json && strcmp(output, "text") != 0)
		tool_usage(&v.t, "-o %s: text or json", output);
	if ((bag != NULL) + (v.policy != NULL) + v.whole != 1)
		tool_usage(&v.t, "one of a policy, --no-signatures and --bag is needed");
	if (bag != NULL && v.again)
		tool_usage(&v.t, "--recompute is of packages");
	if ((bag == NULL) != (v.t.argc == 1) || v.t.argc > 1)
		tool_usage(&v.t, "one package is needed");
	if (v.now == TIME_NONE)
		v.now = (int64_t)time(NULL) * TIME_SECOND;
	status = bag != NULL ? verify_bag(&v.t, bag, v.json) : verify(&v, v.t.argv[0]);
	return tool_end(&v.t, status);
}
