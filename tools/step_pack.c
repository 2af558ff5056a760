/*
 * step_pack - from a run folder and the artifacts behind it to one package.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/doc.h"
#include "base/io.h"
#include "base/json.h"
#include "base/time.h"
#include "ingest/folder.h"
#include "pack/pack.h"
#include "pack/statement.h"
#include "profile/profile.h"
#include "step_collect.h"
#include "step_secrets.h"
#include "steps.h"

#define MAX_VERDICT ((size_t)256 * 1024 * 1024)

/* What soak-run leaves in a run folder; anything else there is somebody else's. */
static const char *const product[] = {"run.db", "verdict.json", "profile.yaml", "report.md", "report.html"};
/* Those that are there only when people added something. */
static const char *const added[] = {"summary.md", "waivers.yaml", "attestations.yaml", "notes.yaml", PROFILE_RULE_FILES, "recipe.json", "provenance.json",
    STEP_BASELINE};

struct below {
	struct pack *pack;
	struct sb prefix;      /* "artifacts" or, of several operands, "artifacts/2-reports" */
	const char *folder, *skip;
	const struct doc *verdict;
	struct collect *collect;
	struct sb renamed;     /* names that no bag can hold: what stands for them, and they */
	int n_renamed;
};

/* A name of letters that every system takes, told apart by its number. */
static void
plain_name(struct sb *out, const char *name, int number)
{
	struct sv base = sv_base(sv_of(name));
	size_t i;

	sb_addf(out, "renamed-%d-", number);
	for (i = 0; i < base.n && i < 100; i++) {
		char c = base.p[i];

		if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '.')
			sb_addc(out, c);
		else
			sb_addc(out, '_');
	}
	if (out->buf[out->n - 1] == '.')
		sb_addc(out, '_');
}

/*
 * An artifact under its own name; one whose name cannot travel is packed all the same, under another: evidence
 * must not be lost, nor a verdict, because of how a file is called.
 */
static int
add_named(struct below *b, const char *name, const char *path, struct err *e)
{
	struct sb packed = {0};
	struct stat st;
	int rc;

	if (stat(path, &st) < 0)
		return err_set(e, ERR_SYS, "%s: cannot stat", path);
	if (!collect_takes(b->collect, sv_of(name), st.st_size))
		return 0;
	sb_addf(&packed, "%s/%s", sb_str(&b->prefix), name);
	rc = pack_add_file(b->pack, sb_str(&packed), path, e);
	if (rc < 0) {
		sb_reset(&packed);
		sb_addf(&packed, "%s/", sb_str(&b->prefix));
		plain_name(&packed, name, ++b->n_renamed);
		sb_addf(&b->renamed, "%s\t", sb_str(&packed));
		json_quote(&b->renamed, sv_of(name));
		sb_addf(&b->renamed, "\t%s\n", e->msg);
		rc = pack_add_file(b->pack, sb_str(&packed), path, e);
	}
	sb_free(&packed);
	return rc;
}

/* An artifact that changed since it was read is not what the verdict speaks of. */
static int
check_judged(const struct below *b, const char *name, const char *path, struct err *e)
{
	const struct doc *in;
	char sha256[DIGEST_HEX] = "";
	int64_t size;
	bool known = false, same = false;

	for (in = doc_first(doc_get(b->verdict, "inputs")); in != NULL && !same; in = in->next) {
		const struct doc *n = doc_get(in, "name"), *d = doc_get(in, "sha256");

		if (n == NULL || d == NULL || !sv_is(n->text, name))
			continue;
		/* Only what was judged is read for it. */
		if (!known && digest_file(path, sha256, &size, e) < 0)
			return -1;
		known = true;
		same = sv_is(d->text, sha256);
	}
	if (known && !same)
		return err_set(e, ERR_INPUT, "%s: changed since it was judged: run again", name);
	return 0;
}

/* The walk opens each file to show that it can be read; the package reads it when it is written. */
static int
on_file(void *ctx, int fd, const char *name, const char *path, struct err *e)
{
	struct below *b = ctx;
	struct sb whole = {0};
	int rc;

	(void)fd;
	sb_addf(&whole, "%s/%s", b->folder, path);
	rc = check_judged(b, name, sb_str(&whole), e);
	if (rc == 0)
		rc = add_named(b, path, sb_str(&whole), e);
	sb_free(&whole);
	return rc;
}

/* Ingest has told of it already, as a problem; there is nothing to pack. */
static int
on_unreadable(void *ctx, const char *name, const char *why, struct err *e)
{
	(void)ctx;
	(void)name;
	(void)why;
	(void)e;
	return 0;
}

/* The same files that are read as evidence: no hidden ones, no links. */
static int
add_artifact(struct below *b, const char *path, struct err *e)
{
	const struct folder_sink sink = {b, on_file, on_unreadable, NULL, b->skip};
	struct stat st;

	if (strcmp(path, "-") == 0)
		return err_set(e, ERR_USAGE, "standard input cannot be packed: its bytes are gone");
	if (stat(path, &st) < 0 || !S_ISDIR(st.st_mode)) {
		const char *name = sv_base(sv_of(path)).p;

		return check_judged(b, name, path, e) < 0 ? -1 : add_named(b, name, path, e);
	}
	b->folder = path;
	return folder_walk(path, &sink, e) == 0 ? 0 : -1;
}

static int
add_artifacts(struct pack *p, const char *run_folder, const struct doc *verdict, struct collect *collect, char *const *artifact,
    size_t n, struct err *e)
{
	struct below b = {.pack = p, .skip = run_folder, .verdict = verdict, .collect = collect};
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < n; i++) {
		sb_reset(&b.prefix);
		sb_adds(&b.prefix, "artifacts");
		if (n > 1)
			sb_addf(&b.prefix, "/%zu", i + 1);
		rc = add_artifact(&b, artifact[i], e);
	}
	if (rc == 0 && b.renamed.n > 0)
		rc = pack_add_bytes(p, "renamed.tsv", sb_sv(&b.renamed), e);
	sb_free(&b.prefix);
	sb_free(&b.renamed);
	return rc;
}

static int
add_charts(struct pack *p, const char *folder, struct err *e)
{
	static const char *const ending[] = {"png", "json", "svg"};
	struct arena a = {0};
	char **stem = NULL;
	size_t i, k, n = 0;
	int rc = step_chart_stems(&a, folder, &stem, &n, e);

	for (i = 0; i < n; i++)
		for (k = 0; k < 3 && rc == 0; k++) {
			const char *name = arena_fmt(&a, "charts/%s.%s", stem[i], ending[k]);
			const char *path = arena_fmt(&a, "%s/%s", folder, name);

			/* The drawing is younger than the other two: not every run folder has it. */
			if (k < 2 || access(path, F_OK) == 0)
				rc = pack_add_file(p, name, path, e);
		}
	arena_free(&a);
	return rc;
}

static int
add_products(struct pack *p, const char *folder, struct err *e)
{
	struct sb path = {0};
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < sizeof(product) / sizeof(*product); i++) {
		sb_reset(&path);
		sb_addf(&path, "%s/%s", folder, product[i]);
		rc = pack_add_file(p, product[i], sb_str(&path), e);
	}
	for (i = 0; rc == 0 && i < sizeof(added) / sizeof(*added); i++) {
		sb_reset(&path);
		sb_addf(&path, "%s/%s", folder, added[i]);
		if (access(sb_str(&path), F_OK) == 0)
			rc = pack_add_file(p, added[i], sb_str(&path), e);
	}
	sb_free(&path);
	return rc < 0 ? -1 : add_charts(p, folder, e);
}

/* The report's templates as they are used now: of each name the first that is found, as report.c does. */
static int
add_templates(struct pack *p, const struct tool *t, struct err *e)
{
	VEC(char *) seen = {0};
	struct arena a = {0};
	size_t i, k;
	int rc = 0;

	for (i = 0; rc == 0 && i < t->n_dirs; i++) {
		struct dirent *d;
		DIR *dir = opendir(arena_fmt(&a, "%s/reports", t->dir[i]));

		while (dir != NULL && rc == 0 && (d = readdir(dir)) != NULL) {
			struct sv name = sv_of(d->d_name);
			struct stat st;
			char *path = arena_fmt(&a, "%s/reports/%s", t->dir[i], d->d_name);

			for (k = 0; k < seen.n && strcmp(seen.v[k], d->d_name) != 0; k++)
				;
			if (k < seen.n || (!sv_ends(name, ".md") && !sv_ends(name, ".html")) || stat(path, &st) < 0 || !S_ISREG(st.st_mode))
				continue;
			*vec_add(&seen) = arena_str(&a, name);
			rc = pack_add_file(p, arena_fmt(&a, "templates/reports/%s", d->d_name), path, e);
		}
		if (dir != NULL)
			closedir(dir);
	}
	vec_free(&seen);
	arena_free(&a);
	return rc;
}

/* SOURCE_DATE_EPOCH, else the run's end, else 1980: what zip and FAT can hold. */
static int64_t
package_time(const struct doc *verdict)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	const struct doc *end = doc_path(verdict, SV("run.end"));
	int64_t ms;

	if (epoch != NULL && time_parse(sv_of(epoch), &ms))
		return ms;
	if (end != NULL && end->kind == DOC_STRING && time_parse(end->text, &ms))
		return ms;
	return INT64_C(315532800000);
}

static struct sv
text_at(const struct doc *d, const char *path)
{
	const struct doc *node = doc_path(d, sv_of(path));

	return node == NULL ? SV("") : node->text;
}

/*
 * The profile's "collect": what is missing is named. 0, 1 refused for it, -1.
 */
static int
check_collected(const struct tool *t, struct pack *p, struct collect *c, bool incomplete, struct sb *json, struct err *e)
{
	const struct profile *profile = c->profile;
	size_t i;

	if (profile->n_collect == 0)
		return 0;
	collect_end(c);
	for (i = 0; i < profile->n_collect; i++)
		if (profile->collect[i].required && c->found[i] == 0)
			tool_say(t, "missing: %" SV_FMT ": the profile requires it in a package%s", SV_ARG(profile->collect[i].file),
			    incomplete ? "; the package says that it is incomplete" : "");
	if (c->missing > 0 && !incomplete) {
		tool_say(t, "%zu of what the profile requires is not there: nothing is packed (--incomplete packs all the same, and says so)",
		    c->missing);
		return 1;
	}
	if (c->left_out.n > 0)
		tool_note(t, "%zu files are left out: the profile's collect does not name them; data/" COLLECT_FILE " does", c->left_out.n);
	collect_json(c, json);
	return pack_add_bytes(p, COLLECT_FILE, sb_sv(json), e);
}

struct about {
	const struct doc *verdict, *collect;
	struct sv name;
	struct sb text; /* the statement, to be laid beside the package, too */
};

static int
make_statement(void *ctx, const char *tagmanifest_sha256, struct sb *out, struct err *e)
{
	struct about *about = ctx;

	if (statement_write(about->verdict, about->collect, about->name, tagmanifest_sha256, out, e) < 0)
		return -1;
	sb_addv(&about->text, sb_sv(out));
	return 0;
}

/* What bag-info.txt says besides what every bag does. */
static size_t
info_lines(const struct step_pack *in, const struct doc *verdict, const struct doc *collect, struct pack_line line[5])
{
	const struct doc *complete = doc_get(collect, "complete");
	size_t n = 0;

	line[n++] = (struct pack_line){SV("Soak-Decision"), text_at(verdict, "decision")};
	line[n++] = (struct pack_line){SV("Soak-Verdict"), text_at(verdict, "verdict")};
	if (in->runner != NULL)
		line[n++] = (struct pack_line){SV("Soak-Runner"), sv_of(in->runner)};
	if (complete != NULL)
		line[n++] = (struct pack_line){SV("Soak-Complete"), complete->truth ? SV("yes") : SV("no")};
	return n;
}

static int
write_package(struct pack *p, const struct step_pack *in, const struct doc *verdict, const struct doc *collect, struct err *e)
{
	struct about about = {.verdict = verdict, .collect = collect, .name = text_at(verdict, "profile.name")};
	struct pack_line line[5];
	struct pack_info info = {.line = line, .name = about.name, .time = package_time(verdict), .statement = make_statement,
	    .ctx = &about};
	int rc;

	info.n_lines = info_lines(in, verdict, collect, line);
	rc = pack_write(p, &info, in->path, in->format, e);
	if (rc == 0 && in->statement != NULL)
		rc = io_write_file(in->statement, sb_sv(&about.text), e);
	sb_free(&about.text);
	return rc;
}

/* What goes in, in the order of trust: our own first. 0, 1 refused, -1; collected is data/collect.json, NULL without. */
static int
fill(const struct tool *t, struct pack *p, const struct step_pack *in, const struct doc *verdict, const struct profile *profile,
    struct arena *a, struct doc **collected, struct err *e)
{
	struct step_secrets secrets = {.allow = in->allow, .redact = in->redact, .now = package_time(verdict)};
	struct collect collect;
	struct sb json = {0};
	int rc = add_products(p, in->folder, e);

	collect_begin(&collect, profile, verdict);
	if (rc == 0)
		rc = add_templates(p, t, e);
	if (rc == 0)
		rc = add_artifacts(p, in->folder, verdict, &collect, in->artifact, in->n, e);
	if (rc == 0)
		rc = check_collected(t, p, &collect, in->incomplete, &json, e);
	if (rc == 0 && json.n > 0 && (*collected = doc_json(a, COLLECT_FILE, arena_sv(a, sb_sv(&json)), e)) == NULL)
		rc = -1;
	if (rc == 0)
		rc = step_secrets(t, p, &secrets, e);
	collect_free(&collect);
	sb_free(&json);
	return rc;
}

int
step_pack(const struct tool *t, const struct step_pack *in, struct err *e)
{
	struct pack *p = pack_new();
	struct sb json = {0};
	struct arena a = {0};
	struct doc *verdict, *collected = NULL;
	struct profile *profile = NULL;
	const char *file;
	int rc;

	file = arena_fmt(&a, "%s/verdict.json", in->folder);
	rc = io_read_file(file, MAX_VERDICT, &json, e);
	verdict = rc < 0 ? NULL : doc_json(&a, file, sb_sv(&json), e);
	if (verdict != NULL)
		profile = profile_find(arena_fmt(&a, "%s/profile.yaml", in->folder), NULL, 0, e);
	rc = profile == NULL ? -1 : fill(t, p, in, verdict, profile, &a, &collected, e);
	if (rc == 0)
		rc = write_package(p, in, verdict, collected, e);
	profile_free(profile);
	pack_free(p);
	sb_free(&json);
	arena_free(&a);
	return rc;
}
