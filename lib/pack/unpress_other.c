#include "pack/unpress_other.h"

#include <errno.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#include "base/mem.h"

#define CHUNK ((size_t)64 * 1024)

struct unpress_other {
	struct io_src *in;
	struct archive *a;
	bool opened;
	int64_t taken;    /* bytes of in */
	struct err err;   /* of in */
	unsigned char buf[CHUNK];
};

bool
unpress_other_is(struct sv head)
{
	return (head.n >= 6 && memcmp(head.p, "\xfd" "7zXZ", 6) == 0) || (head.n >= 3 && memcmp(head.p, "BZh", 3) == 0) ||
	    (head.n >= 4 && memcmp(head.p, "\x04\x22\x4d\x18", 4) == 0);
}

static la_ssize_t
on_read(struct archive *a, void *ctx, const void **block)
{
	struct unpress_other *u = ctx;
	ptrdiff_t got = u->in->read(u->in, u->buf, CHUNK, &u->err);

	*block = u->buf;
	if (got < 0)
		archive_set_error(a, EIO, "%s", u->err.msg);
	else
		u->taken += got;
	return got;
}

struct unpress_other *
unpress_other_new(struct io_src *in)
{
	struct unpress_other *u = mem_new(1, sizeof(*u));

	u->in = in;
	u->a = archive_read_new();
	if (u->a == NULL)
		mem_out();
	archive_read_support_filter_xz(u->a);
	archive_read_support_filter_bzip2(u->a);
	archive_read_support_filter_lz4(u->a);
	archive_read_support_format_raw(u->a);
	return u;
}

void
unpress_other_free(struct unpress_other *u)
{
	if (u == NULL)
		return;
	archive_read_free(u->a);
	mem_free(u);
}

static int
fail(const struct unpress_other *u, struct err *e)
{
	const char *why = archive_error_string(u->a);

	if (u->err.code != ERR_NONE)
		return err_set(e, u->err.code, "%s", u->err.msg);
	why = why == NULL ? "not readable" : why;
	return err_set(e, ERR_INPUT, "%s: %s", strstr(why, "runcated") != NULL ? "archive-truncated" : "archive-damaged", why);
}

/* libarchive stops at the end of the stream, wherever the file's is. */
static int
check_end(struct unpress_other *u, struct err *e)
{
	unsigned char more[1];
	ptrdiff_t got = 0;

	if (archive_filter_bytes(u->a, -1) == u->taken)
		got = u->in->read(u->in, more, 1, e);
	if (got < 0)
		return -1;
	return got > 0 || archive_filter_bytes(u->a, -1) < u->taken ?
	    err_set(e, ERR_INPUT, "archive-trailing: there are bytes behind the end of the compressed data") : 0;
}

ptrdiff_t
unpress_other_read(struct unpress_other *u, void *buf, size_t n, struct err *e)
{
	struct archive_entry *entry;
	la_ssize_t got;

	if (!u->opened && (archive_read_open(u->a, u, NULL, on_read, NULL) != ARCHIVE_OK ||
	    archive_read_next_header(u->a, &entry) != ARCHIVE_OK))
		return fail(u, e);
	u->opened = true;
	got = archive_read_data(u->a, buf, n);
	if (got < 0)
		return fail(u, e);
	return got == 0 ? check_end(u, e) : got;
}
