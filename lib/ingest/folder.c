#include "ingest/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/mem.h"
#include "base/str.h"

struct walk {
	const struct folder_sink *sink;
	struct sb path;   /* as it lies on the disk; the cleaned name goes along as an argument */
	struct stat skip; /* st_ino 0: nothing is skipped */
};

struct names {
	VEC(char *) list; /* each owned */
};

static int
natural(const void *a, const void *b)
{
	return sv_natural(sv_of(*(const char *const *)a), sv_of(*(const char *const *)b));
}

static void
names_free(struct names *n)
{
	size_t i;

	for (i = 0; i < n->list.n; i++)
		mem_free(n->list.v[i]);
	vec_free(&n->list);
}

/* 0, or -1 with errno. */
static int
names_read(DIR *dir, struct names *n)
{
	struct dirent *d;

	for (errno = 0; (d = readdir(dir)) != NULL; errno = 0) {
		if (strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0)
			*vec_add(&n->list) = mem_dup(d->d_name, strlen(d->d_name));
	}
	if (errno != 0)
		return -1;
	if (n->list.n > 1)
		qsort(n->list.v, n->list.n, sizeof(*n->list.v), natural);
	return 0;
}

static int walk_folder(struct walk *w, int fd, struct sb *prefix, int depth, struct err *e);

static int
unreadable(struct walk *w, const struct sb *name, const char *what, struct err *e)
{
	return w->sink->unreadable(w->sink->ctx, sb_str(name), what, e);
}

static int
left_out(struct walk *w, const struct sb *name, const char *why, struct err *e)
{
	return w->sink->left_out == NULL ? 0 : w->sink->left_out(w->sink->ctx, sb_str(name), why, e);
}

static int
open_failed(struct walk *w, const struct sb *name, struct err *e)
{
	struct sb why = {0};
	int rc;

	sb_addf(&why, "cannot open: %s", strerror(errno));
	rc = unreadable(w, name, sb_str(&why), e);
	sb_free(&why);
	return rc;
}

static int
walk_entry(struct walk *w, int dir, const char *entry, struct sb *name, int depth, struct err *e)
{
	struct stat st;
	int fd, rc;

	if (entry[0] == '.')
		return left_out(w, name, "hidden", e);
	if (fstatat(dir, entry, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : open_failed(w, name, e); /* gone meanwhile */
	if (st.st_ino == w->skip.st_ino && st.st_dev == w->skip.st_dev)
		return 0;
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return left_out(w, name, S_ISLNK(st.st_mode) ? "a link" : "no file", e);
	if (S_ISDIR(st.st_mode) && depth >= FOLDER_MAX_DEPTH)
		return unreadable(w, name, "folders inside folders, too deep", e);
	fd = openat(dir, entry, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK |
	    (S_ISDIR(st.st_mode) ? O_DIRECTORY : 0));
	if (fd < 0)
		return open_failed(w, name, e);
	if (S_ISDIR(st.st_mode)) {
		sb_addc(name, '/');
		sb_addc(&w->path, '/');
		return walk_folder(w, fd, name, depth + 1, e);
	}
	rc = w->sink->file(w->sink->ctx, fd, sb_str(name), sb_str(&w->path), e);
	close(fd);
	return rc;
}

/* fd is closed. prefix is "" or ends in '/'. */
static int
walk_folder(struct walk *w, int fd, struct sb *prefix, int depth, struct err *e)
{
	struct names names = {{0}};
	size_t i, n = prefix->n, n_path = w->path.n;
	DIR *dir = fdopendir(fd);
	int rc = 0;

	if (dir == NULL) {
		close(fd);
		return err_set(e, ERR_SYS, "cannot read a folder: %s", strerror(errno));
	}
	if (names_read(dir, &names) < 0) {
		sb_addf(prefix, "%s", n == 0 ? "." : "");
		rc = open_failed(w, prefix, e);
	}
	for (i = 0; i < names.list.n && rc == 0; i++) {
		prefix->n = n;
		w->path.n = n_path;
		clean_add(prefix, sv_of(names.list.v[i]));
		sb_adds(&w->path, names.list.v[i]);
		rc = walk_entry(w, dirfd(dir), names.list.v[i], prefix, depth, e);
	}
	prefix->n = n;
	w->path.n = n_path;
	names_free(&names);
	closedir(dir);
	return rc;
}

int
folder_walk(const char *path, const struct folder_sink *sink, struct err *e)
{
	struct walk w = {.sink = sink};
	struct sb prefix = {0};
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_DIRECTORY), rc;

	if (fd < 0) {
		err_set(e, ERR_SYS, "%s: cannot open: %s", path, strerror(errno));
		return 1;
	}
	if (sink->skip == NULL || stat(sink->skip, &w.skip) < 0)
		w.skip.st_ino = 0;
	rc = walk_folder(&w, fd, &prefix, 0, e);
	sb_free(&prefix);
	sb_free(&w.path);
	return rc;
}
