/*
 * step_store - a store for reading: a file, or the one inside a package.
 */
#define _XOPEN_SOURCE 700 /* mkstemp */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pack/package.h"
#include "steps.h"

struct taking {
	FILE *f;
	struct digest *d;
};

static int
give(void *ctx, const void *p, size_t n, struct err *e)
{
	struct taking *t = ctx;

	digest_add(t->d, p, n);
	return fwrite(p, 1, n, t->f) == n ? 0 : err_set(e, ERR_SYS, "a temporary file: %s", strerror(errno));
}

/* A package that is whole; its first fault is the error. */
static int
inspect(struct contents *c, const char *path, struct err *e)
{
	const struct contents_opts opts = {.keep = package_keep};
	struct findings f = {0};
	size_t i;
	int rc = contents_read(c, path, &opts, e);

	if (rc < 0)
		return err_prefix(e, "%s", path);
	rc = package_inspect(c, &f, e);
	for (i = 0; rc == 0 && i < f.item.n; i++)
		if (f.item.v[i].error)
			rc = err_set(e, ERR_INPUT, "%s: %s: %s", path, f.item.v[i].reason, f.item.v[i].text);
	findings_free(&f);
	return rc;
}

/* The store's bytes to f, those that were inspected. */
static int
take(const struct contents *c, const char *path, FILE *f, struct err *e)
{
	const struct contents_file *db = contents_find(c, SV("data/run.db"));
	struct taking t = {f, digest_new()};
	char hex[DIGEST_HEX];
	int rc = db == NULL ? err_set(e, ERR_INPUT, "%s: a package without data/run.db", path) :
	    contents_extract(path, db->name, give, &t, e);

	digest_hex(t.d, hex);
	digest_free(t.d);
	if (rc == 0 && strcmp(hex, db->sha256) != 0)
		rc = err_set(e, ERR_INPUT, "%s: changed while it was read", path);
	if (rc == 0 && fflush(f) != 0)
		rc = err_set(e, ERR_SYS, "a temporary file: %s", strerror(errno));
	return rc;
}

/* The file goes as soon as it is open. */
static struct store *
open_package(const char *path, struct err *e)
{
	const char *tmp = getenv("TMPDIR");
	struct contents c = {0};
	struct store *s = NULL;
	struct sb name = {0};
	FILE *f = NULL;
	int fd;

	sb_addf(&name, "%s/soak-store.XXXXXX", tmp == NULL || *tmp == '\0' ? "/tmp" : tmp);
	if (inspect(&c, path, e) == 0) {
		fd = mkstemp(name.buf);
		if (fd < 0 || (f = fdopen(fd, "wb")) == NULL)
			err_set(e, ERR_SYS, "%s: %s", sb_str(&name), strerror(errno));
		else if (take(&c, path, f, e) == 0)
			s = store_open(sb_str(&name), STORE_READ, e);
		if (fd >= 0)
			unlink(sb_str(&name));
	}
	if (f != NULL)
		fclose(f);
	contents_free(&c);
	sb_free(&name);
	return s;
}

static bool
is_package(const char *path)
{
	enum out_format format;
	struct sb bagit = {0};
	struct stat st;
	bool is;

	if (stat(path, &st) < 0)
		return false;
	if (S_ISREG(st.st_mode))
		return out_format_of_file(sv_of(path), &format);
	sb_addf(&bagit, "%s/bagit.txt", path);
	is = S_ISDIR(st.st_mode) && access(sb_str(&bagit), F_OK) == 0;
	sb_free(&bagit);
	return is;
}

struct store *
step_store(const char *path, struct err *e)
{
	return is_package(path) ? open_package(path, e) : store_open(path, STORE_READ, e);
}

void
step_remove_store(const char *path)
{
	struct sb journal = {0};

	sb_addf(&journal, "%s-journal", path);
	unlink(sb_str(&journal));
	unlink(path);
	sb_free(&journal);
}
