#include "pack/tar.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#include "base/mem.h"

struct tar {
	struct archive *a;
	struct archive_entry *entry;
	FILE *f;
	const char *path;
	int64_t seconds;
	struct press *press;
	struct err why; /* of what failed first; nothing is written after it */
	bool end; /* nothing more is wanted */
};

static int
give(void *ctx, const void *p, size_t n, struct err *e)
{
	struct tar *t = ctx;

	errno = 0;
	if (fwrite(p, 1, n, t->f) != n)
		return err_set(e, ERR_SYS, "%s: cannot write: %s", t->path, strerror(errno == 0 ? EIO : errno));
	return 0;
}

/*
 * libarchive's callback. libarchive 3.6 leaks its buffers when told of a failure before it is closed, so the failure
 * is only kept here, where each call below looks for it.
 */
static la_ssize_t
take(struct archive *a, void *ctx, const void *p, size_t n)
{
	struct tar *t = ctx;

	(void)a;
	if (t->end)
		return -1;
	if (t->why.code == ERR_NONE)
		press_add(t->press, p, n, &t->why);
	return (la_ssize_t)n;
}

static int
fail(struct tar *t, struct err *e)
{
	const char *what = archive_error_string(t->a);

	if (t->why.code != ERR_NONE)
		return err_set(e, t->why.code, "%s", t->why.msg);
	return err_set(e, ERR_SYS, "%s: cannot write: %s", t->path, what == NULL ? "unknown error" : what);
}

struct tar *
tar_open(FILE *f, const char *path, enum press_kind how, int64_t seconds, struct err *e)
{
	struct tar *t = mem_new(1, sizeof(*t));

	t->f = f;
	t->path = path;
	t->seconds = seconds;
	t->press = press_new(how, give, t);
	t->a = archive_write_new();
	t->entry = archive_entry_new();
	if (t->a == NULL || t->entry == NULL)
		mem_out();
	if (archive_write_set_format_gnutar(t->a) == ARCHIVE_OK &&
	    archive_write_add_filter_none(t->a) == ARCHIVE_OK &&
	    archive_write_set_bytes_per_block(t->a, 256 * 1024) == ARCHIVE_OK &&
	    archive_write_set_bytes_in_last_block(t->a, 1) == ARCHIVE_OK &&
	    archive_write_open(t->a, t, NULL, take, NULL) == ARCHIVE_OK)
		return t;
	fail(t, e);
	tar_free(t);
	return NULL;
}

static int
header(struct tar *t, const char *name, unsigned type, unsigned mode, int64_t size, struct err *e)
{
	archive_entry_clear(t->entry);
	archive_entry_copy_pathname(t->entry, name);
	archive_entry_set_filetype(t->entry, type);
	archive_entry_set_perm(t->entry, (__LA_MODE_T)mode);
	archive_entry_set_size(t->entry, size);
	archive_entry_set_mtime(t->entry, (time_t)t->seconds, 0);
	/* A warning is a name or number that was bent to fit: not what was asked for. */
	return archive_write_header(t->a, t->entry) == ARCHIVE_OK && t->why.code == ERR_NONE ? 0 : fail(t, e);
}

int
tar_folder(struct tar *t, const char *name, struct err *e)
{
	return header(t, name, AE_IFDIR, 0755, 0, e);
}

int
tar_file(struct tar *t, const char *name, int64_t size, struct err *e)
{
	return header(t, name, AE_IFREG, 0644, size, e);
}

int
tar_data(struct tar *t, const void *p, size_t n, struct err *e)
{
	if (n > 0 && archive_write_data(t->a, p, n) != (la_ssize_t)n)
		return fail(t, e);
	return t->why.code == ERR_NONE ? 0 : fail(t, e);
}

int
tar_end(struct tar *t, struct err *e)
{
	if (archive_write_close(t->a) != ARCHIVE_OK || t->why.code != ERR_NONE)
		return fail(t, e);
	return press_end(t->press, NULL, e);
}

void
tar_free(struct tar *t)
{
	if (t == NULL)
		return;
	t->end = true; /* an archive given up would be completed now */
	archive_write_free(t->a);
	archive_entry_free(t->entry);
	press_free(t->press);
	mem_free(t);
}
