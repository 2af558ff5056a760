#define _XOPEN_SOURCE 700 /* realpath() */
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

/*
 * The name to replace: a link is followed, so that it stays a link, and what is
 * no regular file (/dev/null, a directory) is refused rather than renamed away.
 */
static char *
real_place(const char *path, struct err *e)
{
	struct stat st;
	char *real, *copy;

	if (*path == '\0') {
		err_set(e, ERR_USAGE, "an output file needs a name");
		return NULL;
	}
	if (lstat(path, &st) < 0 && errno == ENOENT)
		return mem_dup(path, strlen(path));
	if ((real = realpath(path, NULL)) == NULL || stat(real, &st) < 0) {
		err_set(e, ERR_SYS, "%s: cannot write: %s", path, strerror(errno));
		free(real);
		return NULL;
	}
	copy = mem_dup(real, strlen(real));
	free(real);
	if (S_ISREG(st.st_mode))
		return copy;
	err_set(e, ERR_SYS, "%s: cannot write: %s", path,
	    S_ISDIR(st.st_mode) ? "is a directory" : "not a regular file");
	mem_free(copy);
	return NULL;
}

#define TMP ".tmp" /* FILE.tmp-PID-N */

struct sv
io_out_unfinished(struct sv name)
{
	size_t i = name.n;

	while (i > 0 && (name.p[i - 1] == '-' || (name.p[i - 1] >= '0' && name.p[i - 1] <= '9')))
		i--;
	if (name.n - i < 2 || name.p[i] != '-' || !sv_ends(sv_head(name, i), TMP))
		return SV("");
	return sv_head(name, i - (sizeof(TMP) - 1));
}

/* A new file beside o->path; open() rather than mkstemp(), so that umask decides. */
static int
open_beside(struct io_out *o)
{
	struct sb name = {0};
	int fd = -1, i;

	for (i = 0; i < 1000; i++) {
		sb_reset(&name);
		sb_addf(&name, "%s" TMP "-%ld-%d", o->path, (long)getpid(), i);
		fd = open(sb_str(&name), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (fd >= 0 || (errno != EEXIST && errno != EINTR))
			break;
	}
	if (fd >= 0)
		o->tmp = sb_take(&name);
	else
		sb_free(&name);
	return fd;
}

static void
out_forget(struct io_out *o)
{
	mem_free(o->path);
	mem_free(o->tmp);
	*o = (struct io_out){0};
}

int
io_out_open(struct io_out *o, const char *path, struct err *e)
{
	int fd;

	*o = (struct io_out){0};
	if ((o->path = real_place(path, e)) == NULL)
		return -1;
	if ((fd = open_beside(o)) < 0) {
		err_set(e, ERR_SYS, "%s: cannot create: %s", path, strerror(errno));
		out_forget(o);
		return -1;
	}
	if ((o->f = fdopen(fd, "w")) == NULL) {
		err_set(e, ERR_SYS, "%s: cannot create: %s", path, strerror(errno));
		close(fd);
		io_out_abort(o);
		return -1;
	}
	return 0;
}

/* A rename lasts only once its directory is on the disk. */
static int
sync_dir(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir = slash == NULL ? mem_dup(".", 1)
	    : mem_dup(path, slash == path ? 1 : (size_t)(slash - path));
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), why;

	mem_free(dir);
	if (fd < 0) /* a directory one may write but not read */
		return errno == EACCES ? 0 : -1;
	why = fsync(fd) < 0 ? errno : 0;
	close(fd);
	errno = why;
	return why == 0 || why == EINVAL ? 0 : -1; /* EINVAL: this file system has no such thing */
}

/* Everything to the disk. 0, or why not. */
static int
flush_out(FILE *f)
{
	errno = 0;
	if (fflush(f) == 0 && !ferror(f) && fsync(fileno(f)) == 0)
		return 0;
	/* stdio keeps no errno with its error flag: one more byte meets the same obstacle. */
	if (errno == 0 && write(fileno(f), "", 1) == 1)
		return EIO;
	return errno;
}

int
io_out_commit(struct io_out *o, struct err *e)
{
	int why = flush_out(o->f), rc = 0;

	if (fclose(o->f) != 0 && why == 0)
		why = errno;
	o->f = NULL;
	if (why == 0 && rename(o->tmp, o->path) < 0)
		why = errno;
	if (why != 0) {
		err_set(e, ERR_SYS, "%s: cannot write: %s", o->path, strerror(why));
		io_out_abort(o);
		return -1;
	}
	if (sync_dir(o->path) < 0)
		rc = err_set(e, ERR_SYS, "%s: written, but its directory cannot be synced: %s",
		    o->path, strerror(errno));
	out_forget(o);
	return rc;
}

void
io_out_abort(struct io_out *o)
{
	if (o->f != NULL)
		fclose(o->f);
	if (o->tmp != NULL)
		unlink(o->tmp);
	out_forget(o);
}

int
io_write_file(const char *path, struct sv bytes, struct err *e)
{
	struct io_out o;

	if (io_out_open(&o, path, e) < 0)
		return -1;
	if (bytes.n > 0)
		fwrite(bytes.p, 1, bytes.n, o.f); /* commit looks at ferror() */
	return io_out_commit(&o, e);
}

static bool
is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

int
io_mkdirs(const char *path, struct err *e)
{
	char *part;
	size_t i, n = strlen(path);
	int why, rc = 0;

	if (n == 0)
		return err_set(e, ERR_USAGE, "a directory needs a name");
	part = mem_dup(path, n);
	for (i = 1; i <= n && rc == 0; i++) {
		if (i < n && (path[i] != '/' || path[i - 1] == '/'))
			continue;
		part[i] = '\0';
		if (mkdir(part, 0777) < 0) {
			why = errno;
			/* An existing one says EEXIST, or EROFS or EACCES before that. */
			if (!is_dir(part))
				rc = err_set(e, ERR_SYS, "%s: cannot make directory: %s", part,
				    strerror(why));
		}
		part[i] = path[i];
	}
	mem_free(part);
	return rc;
}
