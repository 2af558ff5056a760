#define _XOPEN_SOURCE 700 /* mkdtemp, nftw */
#include "pack/out.h"

#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/time.h"
#include "pack/tar.h"
#include "pack/zip.h"

struct out {
	enum out_format format;
	struct io_out file;   /* an archive's */
	struct tar *tar;
	struct zip *zip;
	/* a folder */
	char *path, *tmp;     /* tmp: where it is built, beside path */
	int64_t seconds;
	FILE *f;              /* the member under way */
	struct sb name;
};

static const struct {
	const char *name;
	enum out_format format;
} formats[] = {{"tar.gz", OUT_TAR_GZ}, {"tgz", OUT_TAR_GZ}, {"tar.zst", OUT_TAR_ZST}, {"zip", OUT_ZIP}, {"dir", OUT_DIR}};

bool
out_format_of(struct sv name, enum out_format *format)
{
	size_t i;

	for (i = 0; i < sizeof(formats) / sizeof(*formats); i++)
		if (sv_is(name, formats[i].name)) {
			*format = formats[i].format;
			return true;
		}
	return false;
}

bool
out_format_of_file(struct sv path, enum out_format *format)
{
	size_t i;

	for (i = 0; i < sizeof(formats) / sizeof(*formats); i++) {
		size_t n = strlen(formats[i].name);

		if (formats[i].format != OUT_DIR && path.n > n + 1 && path.p[path.n - n - 1] == '.' &&
		    sv_ends(path, formats[i].name)) {
			*format = formats[i].format;
			return true;
		}
	}
	return false;
}

static int
open_folder(struct out *o, const char *path, struct err *e)
{
	struct sb tmp = {0};

	o->path = mem_dup(path, strlen(path));
	while (strlen(o->path) > 1 && o->path[strlen(o->path) - 1] == '/')
		o->path[strlen(o->path) - 1] = '\0';
	sb_addf(&tmp, "%s.XXXXXX", o->path);
	o->tmp = sb_take(&tmp);
	if (mkdtemp(o->tmp) == NULL) {
		err_set(e, ERR_SYS, "%s: cannot make a folder: %s", o->path, strerror(errno));
		mem_free(o->tmp);
		o->tmp = NULL;
		return -1;
	}
	return chmod(o->tmp, 0755) == 0 ? 0 : err_set(e, ERR_SYS, "%s: %s", o->tmp, strerror(errno));
}

struct out *
out_open(const char *path, enum out_format format, int64_t seconds, struct err *e)
{
	struct out *o = mem_new(1, sizeof(*o));

	o->format = format;
	o->seconds = seconds;
	if (format == OUT_DIR) {
		if (open_folder(o, path, e) == 0)
			return o;
	} else if (io_out_open(&o->file, path, e) == 0) {
		if (format == OUT_ZIP)
			o->zip = zip_new(o->file.f, o->file.path, seconds);
		else
			o->tar = tar_open(o->file.f, o->file.path, format == OUT_TAR_ZST ? PRESS_ZSTD : PRESS_GZIP, seconds, e);
		if (o->zip != NULL || o->tar != NULL)
			return o;
	} else {
		mem_free(o);
		return NULL;
	}
	out_abort(o);
	return NULL;
}

/* Without the top folder, below tmp. */
static const char *
place(struct out *o, const char *name)
{
	struct sv v = sv_of(name);

	sb_reset(&o->name);
	sb_addf(&o->name, "%s/", o->tmp);
	sb_addv(&o->name, sv_from(v, sv_chr(v, '/') + 1));
	return sb_str(&o->name);
}

static int
cannot(const char *path, struct err *e)
{
	return err_set(e, ERR_SYS, "%s: cannot write: %s", path, strerror(errno == 0 ? EIO : errno));
}

static int
close_file(struct out *o, struct err *e)
{
	struct timespec t[2] = {{.tv_sec = (time_t)o->seconds}, {.tv_sec = (time_t)o->seconds}};
	FILE *f = o->f;
	int rc = 0;

	if (f == NULL)
		return 0;
	o->f = NULL;
	errno = 0;
	if (fflush(f) != 0 || fsync(fileno(f)) != 0 || futimens(fileno(f), t) != 0)
		rc = cannot(sb_str(&o->name), e);
	if (fclose(f) != 0 && rc == 0)
		rc = cannot(sb_str(&o->name), e);
	return rc;
}

int
out_folder(struct out *o, const char *name, struct err *e)
{
	const char *path;

	if (o->tar != NULL)
		return tar_folder(o->tar, name, e);
	if (o->zip != NULL)
		return zip_folder(o->zip, name, e);
	if (close_file(o, e) < 0)
		return -1;
	path = place(o, name);
	return mkdir(path, 0755) == 0 || errno == EEXIST ? 0 : cannot(path, e);
}

int
out_file(struct out *o, const char *name, int64_t size, struct err *e)
{
	if (o->tar != NULL)
		return tar_file(o->tar, name, size, e);
	if (o->zip != NULL)
		return zip_file(o->zip, name, size, e);
	if (close_file(o, e) < 0)
		return -1;
	o->f = fopen(place(o, name), "wbx");
	return o->f != NULL ? 0 : cannot(sb_str(&o->name), e);
}

int
out_data(struct out *o, const void *p, size_t n, struct err *e)
{
	if (o->tar != NULL)
		return tar_data(o->tar, p, n, e);
	if (o->zip != NULL)
		return zip_data(o->zip, p, n, e);
	errno = 0;
	return fwrite(p, 1, n, o->f) == n ? 0 : cannot(sb_str(&o->name), e);
}

static void
release(struct out *o)
{
	tar_free(o->tar);
	zip_free(o->zip);
	mem_free(o->path);
	mem_free(o->tmp);
	sb_free(&o->name);
	mem_free(o);
}

int
out_commit(struct out *o, struct err *e)
{
	int rc = 0;

	if (o->tar != NULL)
		rc = tar_end(o->tar, e);
	else if (o->zip != NULL)
		rc = zip_end(o->zip, e);
	else
		rc = close_file(o, e);
	if (rc < 0) {
		out_abort(o);
		return -1;
	}
	if (o->format != OUT_DIR) {
		rc = io_out_commit(&o->file, e);
	} else if (rename(o->tmp, o->path) < 0) {
		/* An empty folder is replaced; any other is somebody's. */
		rc = err_set(e, ERR_SYS, "%s: cannot be put there: %s", o->path, strerror(errno));
		out_abort(o);
		return rc;
	}
	release(o);
	return rc;
}

static int
on_entry(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

void
out_abort(struct out *o)
{
	if (o == NULL)
		return;
	if (o->f != NULL)
		fclose(o->f);
	if (o->format == OUT_DIR && o->tmp != NULL)
		nftw(o->tmp, on_entry, 16, FTW_DEPTH | FTW_PHYS);
	else if (o->format != OUT_DIR)
		io_out_abort(&o->file);
	release(o);
}
