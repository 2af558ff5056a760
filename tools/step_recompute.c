#define _XOPEN_SOURCE 700 /* mkdtemp, nftw */
#include "step_recompute.h"

#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "pack/walk.h"
#include "profile/profile.h"
#include "step_provenance.h"
#include "step_recipe.h"
#include "steps.h"

#define MAX_PROVENANCE ((size_t)256 * 1024 * 1024)

struct again {
	struct tool t;             /* with the packed templates only */
	struct step_package *k;
	struct arena arena;
	char *folder;              /* where the evidence is unpacked */
	struct judge_opts judge;
	struct profile *profile;
	const char *version;       /* that packed it */
};

/* Nothing but what is needed. */
static bool
is_needed(struct sv name)
{
	static const char *const file[] = {"data/run.db", "data/profile.yaml", "data/waivers.yaml", "data/attestations.yaml", "data/notes.yaml",
	    "data/" PROFILE_RULE_FILES, "data/" STEP_BASELINE, "data/provenance.json", "data/recipe.json"};
	size_t i;

	for (i = 0; i < sizeof(file) / sizeof(*file); i++)
		if (sv_is(name, file[i]))
			return true;
	return sv_starts(name, "data/templates/");
}

static int
on_item(void *ctx, const struct walk_item *it, struct err *e)
{
	struct again *a = ctx;
	struct sv name = sv_from(it->name, a->k->contents.top.n > 0 ? a->k->contents.top.n + 1 : 0);
	const struct contents_file *known = it->folder ? NULL : contents_find(&a->k->contents, name);
	struct digest *d;
	struct io_out o;
	char *path, chunk[64 * 1024], hex[DIGEST_HEX];
	ptrdiff_t got;

	if (known == NULL || !is_needed(name))
		return 0;
	path = arena_fmt(&a->arena, "%s/%" SV_FMT, a->folder, SV_ARG(sv_from(name, 5)));
	if (io_mkdirs(arena_str(&a->arena, sv_head(sv_of(path), sv_of(path).n - sv_base(sv_of(path)).n)), e) < 0)
		return -1;
	if (io_out_open(&o, path, e) < 0)
		return -1;
	d = digest_new();
	while ((got = it->src->read(it->src, chunk, sizeof(chunk), e)) > 0) {
		digest_add(d, chunk, (size_t)got);
		fwrite(chunk, 1, (size_t)got, o.f);
	}
	digest_hex(d, hex);
	digest_free(d);
	if (got == 0 && strcmp(hex, known->sha256) != 0)
		got = err_set(e, ERR_SYS, "%s: changed while it was verified", a->k->contents.path);
	if (got < 0) {
		io_out_abort(&o);
		return -1;
	}
	return io_out_commit(&o, e);
}

static const char *
in_folder(struct again *a, const char *name)
{
	const char *path = arena_fmt(&a->arena, "%s/%s", a->folder, name);

	return access(path, F_OK) == 0 ? path : NULL;
}

/* The profile as it was, with what people added. */
static int
load(struct again *a, struct err *e)
{
	const struct step_people people = {in_folder(a, "waivers.yaml"), in_folder(a, "attestations.yaml"), in_folder(a, "notes.yaml"), NULL};
	const char *recipe = in_folder(a, "recipe.json");
	struct judge_opts judge;
	struct sb text = {0};
	bool baseline = false;
	int rc;

	if (recipe == NULL)
		return err_set(e, ERR_INPUT, "the package has no data/recipe.json: it cannot be made again");
	rc = io_read_file(recipe, (size_t)1 << 20, &text, e);
	if (rc == 0)
		rc = step_recipe_read(&a->arena, "recipe.json", arena_sv(&a->arena, sb_sv(&text)), &a->judge, &baseline, &a->version, e);
	sb_free(&text);
	if (rc == 0)
		a->profile = step_profile(&a->t, arena_fmt(&a->arena, "%s/profile.yaml", a->folder), e);
	if (a->profile == NULL)
		return -1;
	judge = a->judge;
	if (step_people(&people, a->profile, &a->judge, e) < 0)
		return -1;
	a->judge.has_now = judge.has_now;
	a->judge.now = judge.now;
	a->judge.now_source = judge.now_source;
	if (!baseline)
		return 0;
	if (in_folder(a, STEP_BASELINE) == NULL)
		return err_set(e, ERR_INPUT, "it was compared with another run, whose data/" STEP_BASELINE " is not in the package: it cannot be made again");
	return (a->judge.baseline = store_open(in_folder(a, STEP_BASELINE), STORE_READ, e)) == NULL ? -1 : 0;
}

/* Is data/NAME what was made now? */
static bool
compare(struct again *a, const char *name, struct sv made)
{
	const struct contents_file *f = contents_find(&a->k->contents, sv_of(arena_fmt(&a->arena, "data/%s", name)));
	char hex[DIGEST_HEX];

	digest_of(made, hex);
	return f != NULL && strcmp(hex, f->sha256) == 0;
}

static void
differs(struct again *a, bool error, const char *reason, const char *name)
{
	findings_add(&a->k->findings, error, reason, "data/%s: made again from the evidence it is another%s", name,
	    strcmp(a->version, SOAK_VERSION) == 0 ? "" : " (packed by another version of this program)");
}

/* Without what only the artifacts say: in which lines it stands. No text in JSON holds a bare quotation mark. */
static void
drop_lines(struct sv json, struct sb *out)
{
	const struct sv key = SV(",\"lines\":\"");
	size_t at;

	while ((at = sv_find(json, key)) < json.n) {
		sb_addv(out, sv_head(json, at));
		json = sv_from(json, at + key.n);
		json = sv_from(json, sv_chr(json, '"') + 1);
	}
	sb_addv(out, json);
}

/* The report rests on it. Packages of earlier versions have none. */
static int
compare_provenance(struct again *a, struct store *s, const struct verdict *v, struct err *e)
{
	const char *path = in_folder(a, "provenance.json");
	struct sb text = {0}, packed = {0}, made = {0};
	int rc = path == NULL ? 0 : io_read_file(path, MAX_PROVENANCE, &text, e);

	if (path != NULL && rc == 0)
		rc = step_provenance(&a->t, s, v, NULL, NULL, &made, e);
	drop_lines(sb_sv(&text), &packed);
	if (rc == 0 && !sv_eq(sb_sv(&packed), sb_sv(&made)))
		differs(a, true, "recompute-provenance", "provenance.json");
	sb_free(&text);
	sb_free(&packed);
	sb_free(&made);
	return rc;
}

static int
compare_charts(struct again *a, const struct verdict *v, bool *alike, struct err *e)
{
	struct step_charts charts = {{0}};
	size_t i;
	int rc = step_charts(v, 2, &charts, e);

	*alike = true;
	for (i = 0; rc == 0 && i < charts.chart.n; i++) {
		struct step_chart *c = &charts.chart.v[i];
		struct sv stem = sv_of(c->file);
		char *json, *svg;

		stem.n -= 4; /* .png */
		json = arena_fmt(&a->arena, "%" SV_FMT ".json", SV_ARG(stem));
		if (!compare(a, json, (struct sv){c->json, c->json_n}))
			differs(a, true, "recompute-chart", json);
		svg = arena_fmt(&a->arena, "%" SV_FMT ".svg", SV_ARG(stem));
		if (contents_find(&a->k->contents, sv_of(arena_fmt(&a->arena, "data/%s", svg))) == NULL) {
			mem_free(c->svg); /* a package of an earlier version: its report has the picture */
			c->svg = NULL;
			c->svg_n = 0;
		} else if (!compare(a, svg, (struct sv){c->svg, c->svg_n})) {
			*alike = false;
			differs(a, false, "recompute-picture", svg);
		}
		if (!compare(a, c->file, (struct sv){c->png, c->png_n})) {
			*alike = false;
			differs(a, false, "recompute-picture", c->file);
		}
	}
	if (rc == 0)
		rc = step_charts_write(&charts, a->folder, e);
	step_charts_free(&charts);
	return rc;
}

static int
compare_report(struct again *a, const char *template, const char *name, bool alike, struct err *e)
{
	struct sb text = {0};
	int rc = step_report(&a->t, a->folder, template, &text, e);

	if (rc == 0 && alike && !compare(a, name, sb_sv(&text)))
		differs(a, true, "recompute-report", name);
	sb_free(&text);
	return rc;
}

/* Packages of earlier versions have no summary. */
static int
compare_reports(struct again *a, bool alike, struct err *e)
{
	int rc = compare_report(a, step_report_name(a->profile, "md", &a->arena), "report.md", true, e);

	if (rc == 0)
		rc = compare_report(a, step_report_name(a->profile, "html", &a->arena), "report.html", alike, e);
	if (rc == 0 && contents_find(&a->k->contents, SV("data/summary.md")) != NULL)
		rc = compare_report(a, "summary.md", "summary.md", true, e);
	return rc;
}

static int
make(struct again *a, struct err *e)
{
	struct verdict v = {.profile = a->profile};
	struct sb json = {0};
	struct store *s = store_open(arena_fmt(&a->arena, "%s/run.db", a->folder), STORE_READ, e);
	bool alike = true;
	int rc = s == NULL ? -1 : judge_run(s, a->profile, &a->judge, &v, e);

	if (rc == 0) {
		verdict_json(&v, &json);
		if (!compare(a, "verdict.json", sb_sv(&json)))
			differs(a, true, "recompute-verdict", "verdict.json");
		rc = io_write_file(arena_fmt(&a->arena, "%s/verdict.json", a->folder), sb_sv(&json), e);
	}
	if (rc == 0)
		rc = compare_provenance(a, s, &v, e);
	if (rc == 0)
		rc = compare_charts(a, &v, &alike, e);
	if (rc == 0)
		rc = compare_reports(a, alike, e);
	if (s != NULL)
		verdict_free(&v);
	store_close(s);
	sb_free(&json);
	return rc;
}

static int
remove_entry(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

int
step_recompute(const struct tool *t, struct step_package *k, struct err *e)
{
	struct again a = {.t = *t, .k = k, .version = ""};
	const char *tmp = getenv("TMPDIR");
	int rc = 0;

	a.folder = arena_fmt(&a.arena, "%s/soak-verify.XXXXXX", tmp == NULL || *tmp == '\0' ? "/tmp" : tmp);
	if (mkdtemp(a.folder) == NULL) {
		err_set(e, ERR_SYS, "%s: cannot make a folder: %s", a.folder, strerror(errno));
		arena_free(&a.arena);
		return -1;
	}
	a.t.n_dirs = 1;
	a.t.dir[0] = arena_fmt(&a.arena, "%s/templates", a.folder);
	rc = walk(k->contents.path, CONTENTS_MAX_BYTES, NULL, on_item, &a, e);
	if (rc == 0)
		rc = load(&a, e);
	if (rc == 0)
		rc = make(&a, e);
	store_close(a.judge.baseline);
	profile_free(a.profile);
	nftw(a.folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	arena_free(&a.arena);
	return rc;
}
