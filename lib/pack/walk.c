#define _XOPEN_SOURCE 700 /* fdopendir, openat */
#include "pack/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clean.h"
#include "base/mem.h"
#include "pack/contents.h"
#include "pack/unpress.h"
#include "pack/untar.h"
#include "pack/unzip.h"

struct walking {
	int (*each)(void *ctx, const struct walk_item *it, struct err *e);
	void *ctx;
	int64_t left; /* of the bytes allowed */
	struct sb name;
};

static int
refuse(struct sv name, const char *reason, const char *why, struct err *e)
{
	struct sb shown = {0};

	clean_add(&shown, sv_head(name, 300));
	err_set(e, ERR_INPUT, "%s: %s: %s", reason, sb_str(&shown), why);
	sb_free(&shown);
	return -1;
}

int
walk_check_name(struct sv name, struct err *e)
{
	struct sv rest = name, part;
	int depth = 0;

	if (name.n == 0 || sv_chr(name, '\0') < name.n)
		return refuse(name, "name-malformed", "an empty name, or one with a NUL in it", e);
	if (name.n > CONTENTS_MAX_NAME)
		return refuse(name, "limit-name", "longer than 1024 bytes", e);
	if (!clean_is_utf8(name))
		return refuse(name, "name-encoding", "not UTF-8", e);
	if (name.p[0] == '/' || name.p[0] == '\\' ||
	    (name.n > 2 && name.p[1] == ':' && (name.p[2] == '\\' || name.p[2] == '/')))
		return refuse(name, "name-absolute", "an absolute name", e);
	while (sv_split(&rest, '/', &part)) {
		struct sv back = part, piece;

		if (part.n == 0)
			return refuse(name, "name-malformed", "a part of its path is empty", e);
		if (sv_is(part, "."))
			return refuse(name, "name-malformed", "a '.' in its path", e);
		while (sv_split(&back, '\\', &piece))
			if (sv_is(piece, ".."))
				return refuse(name, "name-traversal", "leads out of its folder", e);
		if (++depth > CONTENTS_MAX_DEPTH)
			return refuse(name, "limit-depth", "more than 32 folders deep", e);
	}
	return 0;
}

static int
emit(struct walking *w, const struct walk_item *it, struct err *e)
{
	return walk_check_name(it->name, e) < 0 ? -1 : w->each(w->ctx, it, e);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int
list(int fd, const char *path, struct arena *a, char ***out, size_t *n, struct err *e)
{
	VEC(char *) name = {0};
	struct dirent *d;
	DIR *dir;
	int copy = dup(fd), failed;

	if (copy < 0 || (dir = fdopendir(copy)) == NULL) {
		if (copy >= 0)
			close(copy);
		return err_set(e, ERR_SYS, "%s: cannot read: %s", path, strerror(errno));
	}
	while (errno = 0, (d = readdir(dir)) != NULL)
		if (strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0)
			*vec_add(&name) = arena_str(a, sv_of(d->d_name));
	failed = errno;
	closedir(dir);
	*n = name.n;
	*out = arena_keep(a, name.v, name.n, sizeof(*name.v));
	if (failed != 0)
		return err_set(e, ERR_SYS, "%s: cannot read: %s", path, strerror(failed));
	if (*n > 0)
		qsort(*out, *n, sizeof(**out), by_name);
	return 0;
}

static int folder(struct walking *w, int fd, const char *path, struct err *e);

static int
entry(struct walking *w, int dir, const char *name, const char *path, struct err *e)
{
	struct walk_item it = {0};
	struct io_fd in;
	struct stat st;
	size_t before = w->name.n;
	int fd, rc;

	sb_addf(&w->name, "%s%s", before == 0 ? "" : "/", name);
	it.name = sb_sv(&w->name);
	if (walk_check_name(it.name, e) < 0)
		return -1;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return err_set(e, ERR_SYS, "%s/%s: %s", path, sb_str(&w->name), strerror(errno));
	if (S_ISLNK(st.st_mode))
		return refuse(it.name, "link", "a symbolic link", e);
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return refuse(it.name, "device", "neither a file nor a folder", e);
	fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return err_set(e, ERR_SYS, "%s/%s: cannot open: %s", path, sb_str(&w->name), strerror(errno));
	it.folder = S_ISDIR(st.st_mode);
	it.size = it.folder ? 0 : st.st_size;
	it.mtime = st.st_mtime;
	io_fd_init(&in, fd, sb_str(&w->name));
	it.src = it.folder ? NULL : &in.src;
	w->left -= it.size;
	if (w->left < 0)
		rc = err_set(e, ERR_LIMIT, "limit-size: the files are larger than what may be read");
	else
		rc = w->each(w->ctx, &it, e);
	if (rc == 0 && it.folder)
		rc = folder(w, fd, path, e);
	close(fd);
	w->name.n = before;
	w->name.buf[before] = '\0';
	return rc;
}

static int
folder(struct walking *w, int fd, const char *path, struct err *e)
{
	struct arena a = {0};
	char **name = NULL;
	size_t i, n = 0;
	int rc = list(fd, path, &a, &name, &n, e);

	for (i = 0; rc == 0 && i < n; i++)
		rc = entry(w, fd, name[i], path, e);
	arena_free(&a);
	return rc;
}

/* "./bag/x" is "bag/x"; "./" itself is nobody. */
static bool
strip(struct sv *name)
{
	while (sv_starts(*name, "./"))
		*name = sv_from(*name, 2);
	return !sv_is(*name, ".") && name->n > 0;
}

static int
tarball(struct walking *w, int fd, const char *path, struct err *e)
{
	struct unpress *u = unpress_new(fd, path, w->left);
	struct untar *t = untar_new(unpress_src(u));
	struct untar_member m;
	int rc;

	while ((rc = untar_next(t, &m, e)) > 0) {
		struct walk_item it = {m.name, m.folder, m.size, m.mtime, m.folder ? NULL : m.src};

		if (m.size > w->left) {
			rc = err_set(e, ERR_LIMIT, "limit-size: a member is larger than what may be read");
			break;
		}
		if ((m.folder && !strip(&it.name)) || (!m.folder && sv_starts(it.name, "./") && !strip(&it.name)))
			continue;
		if ((rc = emit(w, &it, e)) != 0)
			break;
	}
	untar_free(t);
	unpress_free(u);
	return rc;
}

static int
zipfile(struct walking *w, int fd, const char *path, struct err *e)
{
	struct unzip *z = unzip_open(fd, path, w->left, e);
	struct unzip_member m;
	int rc = -1;

	while (z != NULL && (rc = unzip_next(z, &m, e)) > 0) {
		struct walk_item it = {m.name, m.folder, m.size, m.mtime, m.folder ? NULL : m.src};

		if ((rc = emit(w, &it, e)) != 0)
			break;
	}
	unzip_free(z);
	return rc;
}

int
walk(const char *path, int64_t max_bytes, bool *archive, int (*each)(void *ctx, const struct walk_item *it, struct err *e),
    void *ctx, struct err *e)
{
	struct walking w = {each, ctx, max_bytes, {0}};
	struct stat st;
	int fd, rc;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0)
			return err_set(e, ERR_SYS, "%s: cannot open: %s", path, strerror(errno));
		if (archive != NULL)
			*archive = false;
		rc = folder(&w, fd, path, e);
	} else {
		if ((fd = io_open(path, e)) < 0)
			return -1;
		if (archive != NULL)
			*archive = true;
		rc = unzip_is(fd) ? zipfile(&w, fd, path, e) : tarball(&w, fd, path, e);
	}
	close(fd);
	sb_free(&w.name);
	return rc < 0 ? -1 : 0;
}
