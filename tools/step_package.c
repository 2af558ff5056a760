#include "step_package.h"

#include <string.h>

#include "base/clean.h"
#include "base/time.h"
#include "pack/package.h"
#include "pack/statement.h"
#include "profile/profile.h"
#include "step_ssh.h"

static struct sv
text_at(const struct doc *d, const char *path)
{
	const struct doc *v = doc_path(d, sv_of(path));

	return v == NULL || v->kind != DOC_STRING ? SV("") : v->text;
}

/* The statement lies outside the tag manifest: it is what this program makes of the rest, or a lie. */
static void
check_statement(struct step_package *k)
{
	const struct contents_file *f = contents_find(&k->contents, SV(PACKAGE_STATEMENT));
	struct sb made = {0};
	struct err e = {0};

	if (f == NULL)
		return;
	if (k->verdict == NULL || !f->kept ||
	    statement_write(k->verdict, k->collect, k->about.name, k->about.tagmanifest.p, &made, &e) < 0 ||
	    !sv_eq(f->bytes, sb_sv(&made)))
		findings_add(&k->findings, true, "statement-mismatch", PACKAGE_STATEMENT ": not what the package says");
	sb_free(&made);
}

static void
read_verdict(struct step_package *k)
{
	const struct contents_file *v = contents_find(&k->contents, SV(PACKAGE_VERDICT));
	struct arena *a = &k->findings.arena;
	struct sv *open = NULL;
	struct err e = {0};

	if (v == NULL || !v->kept) {
		findings_add(&k->findings, true, "verdict-missing", "there is no " PACKAGE_VERDICT);
		return;
	}
	k->about.verdict = sv_of(v->sha256);
	k->verdict = doc_json(a, "verdict.json", v->bytes, &e);
	if (k->verdict == NULL || approval_open_items(a, k->verdict, &open, &k->about.n_open, &e) < 0) {
		findings_add(&k->findings, true, "verdict-unreadable", "%s", e.msg);
		k->verdict = NULL;
		return;
	}
	k->about.open = open;
	k->about.decision = text_at(k->verdict, "decision");
}

/*
 * A verdict that says GO above and tells of failures below was written by somebody else than the judge (rules 19); that the
 * rest of it is true, only --recompute can tell.
 */
static void
check_decision(struct step_package *k)
{
	bool go = sv_starts(k->about.decision, "GO");
	const struct doc *c;
	struct sv verdict;

	if (go != sv_is(text_at(k->verdict, "verdict"), "PASS"))
		findings_add(&k->findings, true, "decision-mismatch", "the verdict's own words do not agree: decision and verdict");
	if (!go)
		return;
	for (c = doc_first(doc_get(k->verdict, "criteria")); c != NULL; c = c->next) {
		verdict = text_at(c, "verdict");
		if (sv_is(verdict, "FAIL") || (sv_is(verdict, "INCONCLUSIVE") && !(doc_get(c, "optional") != NULL &&
		    doc_get(c, "optional")->truth)))
			findings_add(&k->findings, true, "decision-mismatch", "the verdict says %" SV_FMT ", and its criterion %" SV_FMT
			    " is %" SV_FMT, SV_ARG(k->about.decision), SV_ARG(text_at(c, "id")), SV_ARG(verdict));
	}
	for (c = doc_first(doc_get(k->verdict, "evidence")); c != NULL; c = c->next)
		if (doc_get(c, "present") != NULL && !doc_get(c, "present")->truth &&
		    !(doc_get(c, "optional") != NULL && doc_get(c, "optional")->truth))
			findings_add(&k->findings, true, "decision-mismatch", "the verdict says %" SV_FMT ", and its evidence %" SV_FMT
			    " is missing", SV_ARG(k->about.decision), SV_ARG(text_at(c, "id")));
}

static bool
says_missing(const struct step_package *k, struct sv glob)
{
	const struct doc *d;

	for (d = doc_first(doc_get(k->collect, "missing")); d != NULL; d = d->next)
		if (sv_eq(d->text, glob))
			return true;
	return false;
}

/* Is an artifact of that name there, or a member of one? */
static bool
has_artifact(const struct step_package *k, struct sv glob)
{
	const struct doc *in;
	size_t i;

	for (i = 0; i < k->contents.file.n; i++) {
		const struct contents_file *f = &k->contents.file.v[i];
		struct sv name = f->name;

		if (!sv_starts(name, "data/artifacts/") || f->size == 0)
			continue;
		name = sv_from(name, 15);
		/* Of several operands each is below a number. */
		if (sv_glob(glob, name) || sv_glob(glob, sv_from(name, sv_chr(name, '/') + 1)))
			return true;
	}
	for (in = doc_first(doc_get(k->verdict, "inputs")); in != NULL; in = in->next)
		if (sv_glob(glob, text_at(in, "name")) && doc_get(in, "size") != NULL && !sv_is(doc_get(in, "size")->text, "0"))
			return true;
	return false;
}

/* What the profile in it requires, and it does not have, must be said; what is said, is told of. */
static void
check_collect(struct step_package *k)
{
	const struct contents_file *f = contents_find(&k->contents, SV(PACKAGE_COLLECT)),
	    *profile = contents_find(&k->contents, SV(PACKAGE_PROFILE));
	const struct doc *d;
	struct profile *p;
	struct err e = {0};
	size_t i;

	if (f != NULL && (!f->kept || (k->collect = doc_json(&k->findings.arena, "collect.json", f->bytes, &e)) == NULL))
		findings_add(&k->findings, true, "collect-mismatch", "%s", f->kept ? e.msg : PACKAGE_COLLECT ": too large");
	for (d = doc_first(doc_get(k->collect, "missing")); d != NULL; d = d->next)
		findings_add(&k->findings, false, "incomplete", "%" SV_FMT ": the profile requires it, and it is not in the package",
		    SV_ARG(d->text));
	k->about.incomplete = doc_first(doc_get(k->collect, "missing")) != NULL;
	d = doc_get(k->collect, "complete");
	if (k->collect != NULL && (d == NULL || d->truth != (doc_first(doc_get(k->collect, "missing")) == NULL) ||
	    !sv_is(package_info(&k->contents, "Soak-Complete"), d->truth ? "yes" : "no")))
		findings_add(&k->findings, true, "collect-mismatch", "bag-info.txt and " PACKAGE_COLLECT " do not agree whether it is complete");
	if (profile == NULL || !profile->kept || (p = profile_parse("data/profile.yaml", profile->bytes, &e)) == NULL)
		return;
	for (i = 0; i < p->n_collect; i++)
		if (p->collect[i].required && !says_missing(k, p->collect[i].file) && !has_artifact(k, p->collect[i].file))
			findings_add(&k->findings, true, "collect-mismatch", "%" SV_FMT ": the profile requires it, it is not there, and nothing says so",
			    SV_ARG(p->collect[i].file));
	profile_free(p);
}

int
step_package_read(struct step_package *k, const char *path, struct err *e)
{
	const struct contents_opts opts = {.keep = package_keep};
	const struct contents_file *tags;
	struct err why = {0};

	*k = (struct step_package){0};
	if (contents_read(&k->contents, path, &opts, &why) < 0) {
		if (why.code == ERR_SYS) {
			*e = why;
			return -1;
		}
		findings_err(&k->findings, &why);
		return 0;
	}
	if (package_inspect(&k->contents, &k->findings, e) < 0)
		return -1;
	k->about.name = package_info(&k->contents, "External-Identifier");
	k->about.runner = package_info(&k->contents, "Soak-Runner");
	if (k->about.name.n == 0)
		findings_add(&k->findings, true, "info-malformed", "bag-info.txt: no External-Identifier");
	read_verdict(k);
	if (k->verdict != NULL && !sv_eq(package_info(&k->contents, "Soak-Decision"), k->about.decision))
		findings_add(&k->findings, true, "decision-mismatch", "bag-info.txt states another decision than the verdict");
	if (k->verdict != NULL)
		check_decision(k);
	check_collect(k);
	if ((tags = contents_find(&k->contents, SV(PACKAGE_TAGMANIFEST))) != NULL) {
		k->about.tagmanifest = sv_of(tags->sha256);
		check_statement(k);
	}
	return 0;
}

void
step_package_free(struct step_package *k)
{
	contents_free(&k->contents);
	findings_free(&k->findings);
}

/* Why a signature was not accepted, as far as it says itself; ssh-keygen's own words come after it. */
static const char *
reason_of(const struct policy *p, const struct approval *a, const struct sshsig *s, int64_t now)
{
	bool listed = false, his = false;
	size_t i;

	if (!sv_eq(s->namespace_, p->namespace_))
		return "signature-namespace";
	for (i = 0; i < p->signers.n; i++) {
		const struct signer *g = &p->signers.v[i];

		if (!sv_eq(g->key, s->key))
			continue;
		listed = true;
		his = sv_eq(g->principal, a->principal);
		if (his && g->before != TIME_NONE && now >= g->before)
			return "key-expired";
		if (his && g->after != TIME_NONE && now < g->after)
			return "key-not-yet";
	}
	return !listed ? "key-unknown" : !his ? "key-principal" : "signature-bad";
}

static int
check_approval(struct step_package *k, const struct policy *p, const struct contents_file *f, int64_t now, struct err *e)
{
	struct arena *a = &k->findings.arena;
	const struct contents_file *sig;
	const char *file = arena_str(a, f->name), *why = "", *reason;
	struct approval *approval;
	struct sshsig *s = arena_new(a, 1, sizeof(*s));
	struct err bad = {0};
	int rc;

	sig = contents_find(&k->contents, sv_of(arena_fmt(a, "%s.sig", file)));
	if (sig == NULL || !sig->kept || !f->kept)
		return 0; /* told of already: approvals-extra */
	approval = approval_parse(a, file, f->bytes, &bad);
	if (approval == NULL) {
		findings_add(&k->findings, true, "approval-malformed", "%s", bad.msg);
		return 0;
	}
	if (sshsig_parse(a, sig->bytes, s, &bad) < 0) {
		findings_add(&k->findings, true, "signature-malformed", "%s.sig: %s", file, bad.msg);
		return 0;
	}
	rc = step_ssh_verify(p, approval->principal, s->fingerprint, sig->bytes, f->bytes, now, a, &why, e);
	if (rc < 0)
		return -1;
	reason = reason_of(p, approval, s, now);
	if (rc == 0 || strcmp(reason, "signature-bad") != 0) {
		findings_add(&k->findings, true, reason, "%s: not verified as %" SV_FMT "'s%s%s", file, SV_ARG(approval->principal),
		    *why == '\0' ? "" : ": ", why);
		return 0;
	}
	k->vote[k->n_votes++] = (struct quorum_vote){approval, s->fingerprint, false};
	return 0;
}

int
step_package_approvals(struct step_package *k, const struct policy *p, int64_t now, struct err *e)
{
	size_t i, n = k->contents.file.n;

	k->vote = arena_new(&k->findings.arena, n, sizeof(*k->vote));
	for (i = 0; i < n; i++) {
		const struct contents_file *f = &k->contents.file.v[i];

		if (!sv_starts(f->name, PACKAGE_APPROVALS) || !sv_ends(f->name, ".json"))
			continue;
		k->n_approvals++;
		if (check_approval(k, p, f, now, e) < 0)
			return -1;
	}
	if (k->n_approvals == 0)
		findings_add(&k->findings, true, "approvals-missing", "nobody has signed it");
	quorum_check(p, &k->about, k->vote, k->n_votes, now, &k->findings);
	return 0;
}

static void
line(struct sb *out, const char *label, struct sv value)
{
	sb_addf(out, "%-12s", label);
	clean_add(out, sv_head(value, 1000));
	sb_addc(out, '\n');
}

void
step_package_show(const struct step_package *k, struct sb *out)
{
	struct sb open = {0};
	const struct doc *d;
	size_t i;

	line(out, "package", k->about.name);
	line(out, "decision", k->about.decision);
	line(out, "because", text_at(k->verdict, "headline"));
	line(out, "profile", text_at(k->verdict, "profile.name"));
	sb_addf(out, "%-12s%.*s to %.*s\n", "run", (int)text_at(k->verdict, "run.start").n, text_at(k->verdict, "run.start").p,
	    (int)text_at(k->verdict, "run.end").n, text_at(k->verdict, "run.end").p);
	if (k->about.runner.n > 0)
		line(out, "run by", k->about.runner);
	for (d = doc_first(doc_get(k->collect, "missing")); d != NULL; d = d->next)
		line(out, "missing", d->text);
	for (i = 0; i < k->about.n_open; i++)
		sb_addf(&open, "%s%" SV_FMT, i == 0 ? "" : ", ", SV_ARG(k->about.open[i]));
	if (open.n > 0)
		line(out, "not passed", sb_sv(&open));
	line(out, "tagmanifest", k->about.tagmanifest);
	line(out, "verdict", k->about.verdict);
	sb_free(&open);
}
