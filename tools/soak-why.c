/*
 * soak-why - from a figure's id, as in verdict.json, to query, series, samples, artifacts, digests and lines.
 *
 * The verdict is reached once more from the store, so that nothing in between has to be believed.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clean.h"
#include "judge/chain.h"
#include "step_lines.h"
#include "steps.h"

enum { OPT_START = 256, OPT_WAIVERS, OPT_ATTEST, OPT_NOTES, OPT_NOW, OPT_LIST, OPT_ALL };
static const struct tool_option options[] = {
    {'d', "db", "STORE", "the store (default: $SOAK_DB, else soak.db)"},
    {'p', "profile", "PROFILE", "the criteria, by path or name"},
    {'r', "run", "FOLDER", "a run folder or an unpacked package: its store, profile and artifacts"},
    {OPT_LIST, "list", NULL, "list all ids"},
    {OPT_ALL, "all", NULL, "tell of all ids, with an empty line between them"},
    {OPT_START, "start", "TIME", "when the run started; beats the profile"},
    {OPT_WAIVERS, "waivers", "FILE", "as for soak-judge"},
    {OPT_ATTEST, "attest", "FILE", "as for soak-judge"},
    {OPT_NOTES, "notes", "FILE", "as for soak-judge"},
    {OPT_NOW, "now", "TIME", "as for soak-judge"},
    {0},
};

struct why {
	struct tool t;
	enum { ONE, LIST, ALL } what;
	const char *db, *profile_name, *id;
	struct judge_opts judge;
	struct step_people people;
	char **operand;
	size_t n;
	struct arena arena;
};

/* A file of the run folder, or NULL when it is not there. */
static const char *
in_folder(struct why *w, const char *folder, const char *name)
{
	const char *path = arena_fmt(&w->arena, "%s/%s", folder, name);

	return access(path, R_OK) == 0 ? path : NULL;
}

/* A package unpacked holds a run folder as its data/. */
static int
take_folder(struct why *w, const char *folder, struct err *e)
{
	char **one;

	if (in_folder(w, folder, "data/run.db") != NULL)
		folder = arena_fmt(&w->arena, "%s/data", folder);
	w->db = in_folder(w, folder, "run.db");
	w->profile_name = in_folder(w, folder, "profile.yaml");
	if (w->db == NULL || w->profile_name == NULL)
		return err_set(e, ERR_INPUT, "%s: no run folder and no package: run.db and profile.yaml are expected there", folder);
	if (w->people.waivers == NULL)
		w->people.waivers = in_folder(w, folder, "waivers.yaml");
	if (w->people.attestations == NULL)
		w->people.attestations = in_folder(w, folder, "attestations.yaml");
	if (w->people.notes == NULL)
		w->people.notes = in_folder(w, folder, "notes.yaml");
	if (w->n == 0 && in_folder(w, folder, "artifacts") != NULL) {
		one = arena_new(&w->arena, 1, sizeof(*one));
		one[0] = arena_fmt(&w->arena, "%s/artifacts", folder);
		w->operand = one;
		w->n = 1;
	}
	return 0;
}

static void
print_id(void *ctx, struct sv id)
{
	struct sb *out = ctx;

	clean_add(out, id);
	sb_addc(out, '\n');
}

struct ids {
	VEC(struct sv) of; /* the verdict's */
};

static void
add_id(void *ctx, struct sv id)
{
	struct ids *all = ctx;

	*vec_add(&all->of) = id;
}

static void
head(const struct chain *c, struct sb *out)
{
	if (c->figure != NULL) {
		clean_add(out, c->figure->text);
		if (c->figure->unit.n > 0)
			sb_addf(out, " (%" SV_FMT ")", SV_ARG(c->figure->unit));
		sb_adds(out, "  ");
	}
	clean_add(out, c->id);
	sb_addc(out, '\n');
	if (c->about.n > 0) {
		sb_adds(out, "about       ");
		clean_add(out, c->about);
		sb_addc(out, '\n');
	}
	if (c->sentence.n > 0) {
		sb_adds(out, "because     ");
		clean_add(out, c->sentence);
		sb_addc(out, '\n');
	}
	if (c->method.n > 0) {
		sb_adds(out, "method      ");
		clean_add(out, c->method);
		sb_addc(out, '\n');
	}
}

/* All about one id. 0 or -1. */
static int
tell(struct why *w, struct store *s, const struct profile *p, const struct verdict *v, struct sv id, struct sb *out, struct err *e)
{
	struct step_lines *lines = NULL;
	const struct chain *chain;
	struct chain c;
	size_t i;
	int rc = chain_open(s, v, id, &c, e);

	if (rc == 0)
		rc = err_set(e, ERR_USAGE, "no figure has the id '%" SV_FMT "' (soak-why --list)", SV_ARG(id));
	chain = &c;
	if (rc > 0 && w->n > 0 && (lines = step_lines_new(&w->t, &chain, 1, p, e)) == NULL)
		rc = -1;
	for (i = 0; rc > 0 && i < w->n; i++)
		if (step_lines_read(lines, w->operand[i], false, e) < 0)
			rc = -1;
	if (rc > 0) {
		head(&c, out);
		chain_text(&c, lines != NULL ? step_lines_of : NULL, lines, out);
		if (c.n_series + c.n_lines + c.n_sources == 0)
			sb_adds(out, c.rule.n > 0 ? "nothing else: it stands in the profile, or no artifact says anything about it\n"
						  : "nothing in the store is behind it\n");
	}
	step_lines_close(lines);
	chain_close(&c);
	return rc < 0 ? -1 : 0;
}

static int
tell_all(struct why *w, struct store *s, const struct profile *p, const struct verdict *v, struct sb *out, struct err *e)
{
	struct ids ids = {0};
	size_t i;
	int rc = 0;

	chain_ids(v, add_id, &ids);
	for (i = 0; i < ids.of.n && rc == 0; i++) {
		if (i > 0)
			sb_addc(out, '\n');
		rc = tell(w, s, p, v, ids.of.v[i], out, e);
	}
	vec_free(&ids.of);
	return rc;
}

static int
work(struct why *w, struct err *e)
{
	struct profile *p = step_profile(&w->t, w->profile_name, e);
	struct store *s = NULL;
	struct verdict v = {0};
	struct sb out = {0};
	int rc = p == NULL ? -1 : step_people(&w->people, p, &w->judge, e);

	if (rc == 0 && (s = step_store(tool_db(w->db), e)) == NULL)
		rc = -1;
	if (rc == 0)
		rc = judge_run(s, p, &w->judge, &v, e);
	if (rc == 0 && w->what == LIST)
		chain_ids(&v, print_id, &out);
	else if (rc == 0)
		rc = w->what == ALL ? tell_all(w, s, p, &v, &out, e) : tell(w, s, p, &v, sv_of(w->id), &out, e);
	if (rc == 0)
		fwrite(sb_str(&out), 1, out.n, stdout);
	sb_free(&out);
	verdict_free(&v);
	store_close(s);
	profile_free(p);
	return rc;
}

int
main(int argc, char **argv)
{
	struct why w = {.judge = {.start = TIME_NONE}};
	const char *folder = NULL;
	struct err e = {0};
	int c, status;

	tool_init(&w.t, argc, argv, "soak-why",
	    "[-d STORE] -p PROFILE | -r FOLDER  [-q] [--start TIME] [--waivers FILE] [--attest FILE] [--notes FILE] [--now TIME] ID [FILE|FOLDER ...] | --list | --all",
	    options);
	while ((c = tool_option(&w.t)) != 0)
		switch (c) {
		case 'd':
			w.db = w.t.value;
			break;
		case 'p':
			w.profile_name = w.t.value;
			break;
		case 'r':
			folder = w.t.value;
			break;
		case OPT_LIST:
			w.what = LIST;
			break;
		case OPT_ALL:
			w.what = ALL;
			break;
		case OPT_START:
			w.judge.start = tool_time(&w.t, "--start");
			break;
		case OPT_WAIVERS:
			w.people.waivers = w.t.value;
			break;
		case OPT_ATTEST:
			w.people.attestations = w.t.value;
			break;
		case OPT_NOTES:
			w.people.notes = w.t.value;
			break;
		case OPT_NOW:
			w.people.now = w.t.value;
			break;
		}
	if ((folder != NULL) == (w.profile_name != NULL) || (folder != NULL && w.db != NULL))
		tool_usage(&w.t, "a profile (-p), or a run folder (-r), is needed");
	if (w.what == LIST ? w.t.argc > 0 : w.what == ONE && w.t.argc == 0)
		tool_usage(&w.t, w.what == LIST ? "--list lists all ids" : "an id is needed (--list lists them)");
	w.id = w.what == ONE ? w.t.argv[0] : NULL;
	w.operand = w.t.argv + (w.what == ONE);
	w.n = (size_t)w.t.argc - (w.what == ONE);
	status = (folder != NULL && take_folder(&w, folder, &e) < 0) || work(&w, &e) < 0 ? tool_fail(&w.t, &e) : TOOL_PASS;
	arena_free(&w.arena);
	return tool_end(&w.t, status);
}
