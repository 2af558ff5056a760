/*
 * step_pack - from a run folder and the artifacts behind it to one package.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/doc.h"
#include "base/io.h"
#include "base/time.h"
#include "ingest/folder.h"
#include "pack/pack.h"
#include "steps.h"

#define MAX_VERDICT ((size_t)256 * 1024 * 1024)

/* What soak-run leaves in a run folder; anything else there is somebody else's. */
static const char *const product[] = {"run.db", "verdict.json", "profile.yaml", "report.md", "report.html"};

struct below {
	struct pack *pack;
	const char *prefix, *folder;
};

/* The walk opens each file to show that it can be read; the package reads it when it is written. */
static int
on_file(void *ctx, int fd, const char *name, struct err *e)
{
	const struct below *b = ctx;
	struct sb packed = {0}, path = {0};
	int rc;

	(void)fd;
	sb_addf(&packed, "%s/%s", b->prefix, name);
	sb_addf(&path, "%s/%s", b->folder, name);
	rc = pack_add_file(b->pack, sb_str(&packed), sb_str(&path), e);
	sb_free(&packed);
	sb_free(&path);
	return rc;
}

static int
on_unreadable(void *ctx, const char *name, const char *why, struct err *e)
{
	(void)ctx;
	return err_set(e, ERR_SYS, "%s: %s", name, why);
}

/* The same files that are read as evidence: no hidden ones, no links. */
static int
add_below(struct pack *p, const char *prefix, const char *folder, struct err *e)
{
	struct below b = {p, prefix, folder};
	const struct folder_sink sink = {&b, on_file, on_unreadable};
	int64_t left_out;

	return folder_walk(folder, &sink, &left_out, e) == 0 ? 0 : -1;
}

static int
add_artifact(struct pack *p, const char *path, struct err *e)
{
	struct sb name = {0};
	struct stat st;
	int rc;

	if (strcmp(path, "-") == 0)
		return err_set(e, ERR_USAGE, "standard input cannot be packed: its bytes are gone");
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return add_below(p, "artifacts", path, e);
	sb_addf(&name, "artifacts/%" SV_FMT, SV_ARG(sv_base(sv_of(path))));
	rc = pack_add_file(p, sb_str(&name), path, e);
	sb_free(&name);
	return rc;
}

static int
add_products(struct pack *p, const char *folder, struct err *e)
{
	struct sb path = {0};
	struct stat st;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < sizeof(product) / sizeof(*product); i++) {
		sb_reset(&path);
		sb_addf(&path, "%s/%s", folder, product[i]);
		rc = pack_add_file(p, product[i], sb_str(&path), e);
	}
	sb_reset(&path);
	sb_addf(&path, "%s/charts", folder);
	if (rc == 0 && stat(sb_str(&path), &st) == 0)
		rc = add_below(p, "charts", sb_str(&path), e);
	sb_free(&path);
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

int
step_pack(const char *folder, char *const *artifact, size_t n, const char *path, struct err *e)
{
	struct pack_line line[2];
	struct pack_info info = {.line = line, .n_lines = 2};
	struct pack *p = pack_new();
	struct sb json = {0};
	struct arena a = {0};
	struct doc *verdict;
	const char *file;
	size_t i;
	int rc;

	file = arena_fmt(&a, "%s/verdict.json", folder);
	rc = io_read_file(file, MAX_VERDICT, &json, e);
	verdict = rc < 0 ? NULL : doc_json(&a, file, sb_sv(&json), e);
	rc = verdict == NULL ? -1 : add_products(p, folder, e);
	for (i = 0; rc == 0 && i < n; i++)
		rc = add_artifact(p, artifact[i], e);
	if (rc == 0) {
		info.name = text_at(verdict, "profile.name");
		info.time = package_time(verdict);
		line[0] = (struct pack_line){SV("Soak-Decision"), text_at(verdict, "decision")};
		line[1] = (struct pack_line){SV("Soak-Verdict"), text_at(verdict, "verdict")};
		rc = pack_write(p, &info, path, e);
	}
	pack_free(p);
	sb_free(&json);
	arena_free(&a);
	return rc;
}
