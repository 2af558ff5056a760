#include "step_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/doc.h"
#include "base/io.h"
#include "profile/profile.h"
#include "step_trust.h"
#include "steps.h"

#define MAX_VERDICT ((size_t)256 * 1024 * 1024)

/* The verdict is the last to be removed: it is how the rest is known. */
static const char *const product[] = {"run.db", "profile.yaml", "waivers.yaml", "attestations.yaml", "notes.yaml", PROFILE_RULE_FILES, "report.md",
    "report.html", STEP_BASELINE, "summary.md", "provenance.json", "recipe.json", "statement.intoto.jsonl", "verdict.json"};
#define PRODUCTS (sizeof(product) / sizeof(*product))

/* What lies in the folder. */
struct former {
	struct arena arena;
	bool known;          /* its verdict is one of ours */
	const char *package; /* or NULL */
	VEC(const char *) name;
};

static int
list(struct former *f, const char *folder, struct err *e)
{
	struct dirent *entry;
	DIR *d = opendir(folder);

	if (d == NULL)
		return err_set(e, ERR_SYS, "%s: %s", folder, strerror(errno));
	while ((entry = readdir(d)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			*vec_add(&f->name) = arena_str(&f->arena, sv_of(entry->d_name));
	closedir(d);
	return 0;
}

static void
read_verdict(struct former *f, const char *folder)
{
	struct sb json = {0};
	const struct doc *v = NULL, *profile;

	if (io_read_file(arena_fmt(&f->arena, "%s/verdict.json", folder), MAX_VERDICT, &json, NULL) == 0)
		v = doc_json(&f->arena, "verdict.json", arena_sv(&f->arena, sb_sv(&json)), NULL);
	sb_free(&json);
	f->known = doc_get(v, "schema") != NULL && doc_get(v, "decision") != NULL &&
	    doc_path(v, SV("profile.sha256")) != NULL;
	if (f->known && (profile = doc_path(v, SV("profile.name"))) != NULL)
		f->package = arena_fmt(&f->arena, "%" SV_FMT ".tar.gz", SV_ARG(sv_base(profile->text)));
}

/* Is name that of a file we made, or of one that a killed run was about to make? */
static bool
is_file(const char *name, const char *ours)
{
	return strcmp(name, ours) == 0 || sv_is(io_out_unfinished(sv_of(name)), ours);
}

/* Is name what a run left of one of its files when it was killed? Known by that alone: the verdict may be the file. */
static bool
is_leftover(const char *name)
{
	struct sv of = io_out_unfinished(sv_of(name));
	size_t i;

	for (i = 0; i < PRODUCTS; i++)
		if (sv_is(of, product[i]))
			return true;
	return false;
}

/* Did a former run make it? Which product it is, else PRODUCTS for the package; -1 when not. */
static int
made(const struct former *f, const char *name)
{
	size_t i;

	for (i = 0; i < PRODUCTS && f->known; i++)
		if (is_file(name, product[i]))
			return (int)i;
	return f->package != NULL && is_file(name, f->package) ? (int)PRODUCTS : -1;
}

/*
 * The output folder is not read as evidence. One that lies among the artifacts must therefore hold nothing else: a log left
 * in it would be left out of the verdict.
 */
static int
check(const struct former *f, const char *folder, char *const *operand, size_t n, struct err *e)
{
	size_t i, k;

	for (i = 0; i < n; i++)
		for (k = 0; k < f->name.n && step_lies_in(folder, operand[i]); k++)
			if (f->name.v[k][0] != '.' && made(f, f->name.v[k]) < 0 &&
			    !(f->known && strcmp(f->name.v[k], "charts") == 0))
				return err_set(e, ERR_USAGE, "-o %s: lies among the artifacts and holds %s, which is none of ours: "
				    "take another folder", folder, f->name.v[k]);
	return 0;
}

static void
drop(struct sb *path, const char *folder, const char *name)
{
	sb_reset(path);
	sb_addf(path, "%s/%s", folder, name);
	unlink(sb_str(path));
}

/*
 * A package that says GO must not lie beside a verdict that says NO-GO, and another profile's chart not in this one's
 * package.
 */
static int
clear(const struct former *f, const char *folder, struct err *e)
{
	struct sb path = {0};
	size_t i, k;
	int rc = f->known ? step_charts_clear(folder, e) : 0;

	for (k = 0; k < f->name.n && rc == 0; k++)
		if (is_leftover(f->name.v[k]))
			drop(&path, folder, f->name.v[k]);
	for (i = 0; i <= PRODUCTS && rc == 0; i++) /* the package first, the verdict last */
		for (k = 0; k < f->name.n; k++)
			if (made(f, f->name.v[k]) == (int)((i + PRODUCTS) % (PRODUCTS + 1)))
				drop(&path, folder, f->name.v[k]);
	sb_free(&path);
	return rc;
}

static int
take(const char *folder, struct err *e)
{
	int fd;

	if (io_mkdirs(folder, e) < 0)
		return -1;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || access(folder, W_OK) < 0)
		err_set(e, ERR_SYS, "%s: %s", folder, strerror(errno));
	/* A file system without locks is no reason not to run. */
	else if (flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK)
		err_set(e, ERR_SYS, "%s: another soak-run is at work there", folder);
	else
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

int
step_folder_take(const char *folder, char *const *operand, size_t n, struct err *e)
{
	struct former f = {0};
	int fd = take(folder, e);

	if (fd >= 0 && list(&f, folder, e) == 0) {
		read_verdict(&f, folder);
		if (check(&f, folder, operand, n, e) == 0 && clear(&f, folder, e) == 0)
			goto out;
	}
	if (fd >= 0)
		close(fd);
	fd = -1;
out:
	vec_free(&f.name);
	arena_free(&f.arena);
	return fd;
}
