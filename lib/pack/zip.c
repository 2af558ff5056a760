#include "pack/zip.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/time.h"
#include "pack/press.h"

#define LARGE INT64_C(0xf0000000) /* from here on zip64: a deflated member may be a little larger than itself */

struct zip {
	FILE *f;
	const char *path;
	uint16_t date, time;
	struct press *press;
	struct sb dir; /* the central directory so far */
	int64_t at, n; /* bytes written, members */
	/* the member under way; open: a file */
	bool open;
	char *name;
	int64_t size, header_at;
};

static int
put(struct zip *z, const void *p, size_t n, struct err *e)
{
	errno = 0;
	if (n > 0 && fwrite(p, 1, n, z->f) != n)
		return err_set(e, ERR_SYS, "%s: cannot write: %s", z->path, strerror(errno == 0 ? EIO : errno));
	z->at += (int64_t)n;
	return 0;
}

static int
give(void *ctx, const void *p, size_t n, struct err *e)
{
	return put(ctx, p, n, e);
}

static void
le(struct sb *out, uint64_t v, size_t n)
{
	for (; n > 0; n--, v >>= 8)
		sb_addc(out, (char)(v & 255));
}

struct zip *
zip_new(FILE *f, const char *path, int64_t seconds)
{
	struct zip *z = mem_new(1, sizeof(*z));
	int64_t year, day = seconds / 86400, second = seconds % 86400;
	int month, mday;

	z->f = f;
	z->path = path;
	time_date(day, &year, &month, &mday);
	if (year < 1980) {
		year = 1980, month = mday = 1;
		second = 0;
	} else if (year > 2107) {
		year = 2107, month = 12, mday = 31;
	}
	z->date = (uint16_t)((year - 1980) << 9 | month << 5 | mday);
	z->time = (uint16_t)(second / 3600 << 11 | second / 60 % 60 << 5 | second % 60 / 2);
	z->press = press_new(PRESS_DEFLATE, give, z);
	return z;
}

void
zip_free(struct zip *z)
{
	if (z == NULL)
		return;
	press_free(z->press);
	sb_free(&z->dir);
	mem_free(z->name);
	mem_free(z);
}

/* What local header and directory have in common, from "version needed" to the name's length. */
static void
common(const struct zip *z, struct sb *out, bool folder, bool large, uint32_t crc, uint64_t packed, uint64_t size)
{
	le(out, large ? 45 : 20, 2);
	le(out, folder ? 0x800 : 0x808, 2); /* names are UTF-8; sizes follow the bytes */
	le(out, folder ? 0 : 8, 2);
	le(out, z->time, 2);
	le(out, z->date, 2);
	le(out, crc, 4);
	le(out, packed, 4);
	le(out, size, 4);
	le(out, strlen(z->name), 2);
}

static void
directory(struct zip *z, bool folder, uint32_t crc, int64_t packed, int64_t size)
{
	bool large = size >= LARGE, far = z->header_at >= LARGE;
	size_t extra = (large ? 16U : 0U) + (far ? 8U : 0U);

	le(&z->dir, 0x02014b50, 4);
	le(&z->dir, 3 << 8 | 45, 2); /* made by Unix */
	common(z, &z->dir, folder, large || far, crc, large ? 0xffffffff : (uint64_t)packed, large ? 0xffffffff : (uint64_t)size);
	le(&z->dir, extra > 0 ? extra + 4 : 0, 2);
	le(&z->dir, 0, 2);
	le(&z->dir, 0, 2);
	le(&z->dir, 0, 2);
	le(&z->dir, (uint64_t)(folder ? 040755 : 0100644) << 16 | (folder ? 0x10 : 0), 4);
	le(&z->dir, far ? 0xffffffff : (uint64_t)z->header_at, 4);
	sb_adds(&z->dir, z->name);
	if (extra > 0) {
		le(&z->dir, 1, 2);
		le(&z->dir, extra, 2);
		if (large) {
			le(&z->dir, (uint64_t)size, 8);
			le(&z->dir, (uint64_t)packed, 8);
		}
		if (far)
			le(&z->dir, (uint64_t)z->header_at, 8);
	}
	z->n++;
}

/* The end of the file under way, when there is one. */
static int
close_member(struct zip *z, struct err *e)
{
	struct press_sums sums;
	struct sb tail = {0};
	bool large = z->size >= LARGE;
	int rc;

	if (!z->open)
		return 0;
	z->open = false;
	if (press_end(z->press, &sums, e) < 0)
		return -1;
	if (sums.in != z->size)
		return err_set(e, ERR_INPUT, "%s: %s: another size than was said", z->path, z->name);
	le(&tail, 0x08074b50, 4);
	le(&tail, sums.crc, 4);
	le(&tail, (uint64_t)sums.out, large ? 8 : 4);
	le(&tail, (uint64_t)sums.in, large ? 8 : 4);
	rc = put(z, tail.buf, tail.n, e);
	sb_free(&tail);
	directory(z, false, sums.crc, sums.out, sums.in);
	return rc;
}

static int
begin(struct zip *z, const char *name, bool folder, int64_t size, struct err *e)
{
	struct sb h = {0};
	bool large = size >= LARGE;
	int rc;

	if (close_member(z, e) < 0)
		return -1;
	mem_free(z->name);
	z->name = mem_dup(name, strlen(name));
	z->size = size;
	z->header_at = z->at;
	le(&h, 0x04034b50, 4);
	common(z, &h, folder, large, 0, large ? 0xffffffff : 0, large ? 0xffffffff : 0);
	le(&h, large ? 20 : 0, 2);
	sb_adds(&h, name);
	if (large) {
		le(&h, 1, 2);
		le(&h, 16, 2);
		le(&h, 0, 8);
		le(&h, 0, 8);
	}
	rc = put(z, h.buf, h.n, e);
	sb_free(&h);
	return rc;
}

int
zip_folder(struct zip *z, const char *name, struct err *e)
{
	if (begin(z, name, true, 0, e) < 0)
		return -1;
	directory(z, true, 0, 0, 0);
	return 0;
}

int
zip_file(struct zip *z, const char *name, int64_t size, struct err *e)
{
	if (begin(z, name, false, size, e) < 0)
		return -1;
	z->open = true;
	return 0;
}

int
zip_data(struct zip *z, const void *p, size_t n, struct err *e)
{
	return press_add(z->press, p, n, e);
}

int
zip_end(struct zip *z, struct err *e)
{
	struct sb end = {0};
	int64_t at, end_at;
	bool large;
	int rc;

	if (close_member(z, e) < 0)
		return -1;
	at = z->at;
	if (put(z, z->dir.buf, z->dir.n, e) < 0)
		return -1;
	end_at = z->at;
	large = z->n >= 0xffff || at >= LARGE || z->dir.n >= (size_t)LARGE;
	if (large) {
		le(&end, 0x06064b50, 4);
		le(&end, 44, 8);
		le(&end, 3 << 8 | 45, 2);
		le(&end, 45, 2);
		le(&end, 0, 4);
		le(&end, 0, 4);
		le(&end, (uint64_t)z->n, 8);
		le(&end, (uint64_t)z->n, 8);
		le(&end, z->dir.n, 8);
		le(&end, (uint64_t)at, 8);
		le(&end, 0x07064b50, 4);
		le(&end, 0, 4);
		le(&end, (uint64_t)end_at, 8);
		le(&end, 1, 4);
	}
	le(&end, 0x06054b50, 4);
	le(&end, 0, 4);
	le(&end, large ? 0xffff : (uint64_t)z->n, 2);
	le(&end, large ? 0xffff : (uint64_t)z->n, 2);
	le(&end, large ? 0xffffffff : z->dir.n, 4);
	le(&end, large ? 0xffffffff : (uint64_t)at, 4);
	le(&end, 0, 2);
	rc = put(z, end.buf, end.n, e);
	sb_free(&end);
	return rc;
}
