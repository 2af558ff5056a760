#include "pack/unpress.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <zlib.h>
#include <zstd.h>

#include "base/mem.h"
#include "pack/unpress_other.h"

#define CHUNK ((size_t)64 * 1024)
#define ZSTD_MAX_WINDOW 27 /* 128 MiB: what zstd itself takes without being asked */

enum kind { UNKNOWN, PLAIN, GZIP, ZLIB, ZSTD, OTHER };

struct unpress {
	struct io_src src; /* first, so that it is the reader */
	struct io_fd file;
	struct io_src *from;
	bool any;                 /* zlib streams, too */
	int ratio;
	enum kind kind;
	int64_t in, out, max;
	unsigned char buf[CHUNK]; /* compressed bytes not used yet: from pos to n */
	size_t pos, n;
	bool file_end, inside;    /* inside: of a gzip member or zstd frame */
	z_stream z;
	ZSTD_DStream *zstd;
	struct io_src rest;       /* what other decompressors read: buf, and then the file */
	struct unpress_other *other;
};

/* 0; a file that is used up is not an error here. */
static int
fill(struct unpress *u, struct err *e)
{
	ptrdiff_t got;

	if (u->pos > 0)
		memmove(u->buf, u->buf + u->pos, u->n - u->pos);
	u->n -= u->pos;
	u->pos = 0;
	while (!u->file_end && u->n < CHUNK) {
		got = u->from->read(u->from, u->buf + u->n, CHUNK - u->n, e);
		if (got < 0)
			return -1;
		u->file_end = got == 0;
		u->n += (size_t)got;
		u->in += got;
	}
	return 0;
}

static bool
starts(const struct unpress *u, const char *magic, size_t n)
{
	return u->n - u->pos >= n && memcmp(u->buf + u->pos, magic, n) == 0;
}

/* zstd frames may be skippable ones: 0x184D2A50 to ...5F, little-endian. */
static bool
is_zstd(const struct unpress *u)
{
	return starts(u, "\x28\xb5\x2f\xfd", 4) ||
	    (u->n - u->pos >= 4 && (u->buf[u->pos] & 0xf0) == 0x50 &&
		memcmp(u->buf + u->pos + 1, "\x2a\x4d\x18", 3) == 0);
}

/* RFC 1950 2.2: deflate, a window of 32 KiB at most, no dictionary, and a check over both bytes. */
static bool
is_zlib(const unsigned char *p, size_t n)
{
	return n >= 2 && (p[0] & 0x0f) == 8 && p[0] >> 4 <= 7 && (p[1] & 0x20) == 0 && (p[0] << 8 | p[1]) % 31 == 0;
}

static ptrdiff_t
read_rest(struct io_src *src, void *buf, size_t n, struct err *e)
{
	struct unpress *u = (struct unpress *)(void *)((char *)src - offsetof(struct unpress, rest));

	if (u->pos == u->n && fill(u, e) < 0)
		return -1;
	n = n < u->n - u->pos ? n : u->n - u->pos;
	memcpy(buf, u->buf + u->pos, n);
	u->pos += n;
	return (ptrdiff_t)n;
}

static int
begin(struct unpress *u, struct err *e)
{
	if (fill(u, e) < 0)
		return -1;
	if (starts(u, "\x1f\x8b", 2)) {
		u->kind = GZIP;
		if (inflateInit2(&u->z, 16 + MAX_WBITS) != Z_OK)
			mem_out();
	} else if (u->any && is_zlib(u->buf + u->pos, u->n - u->pos)) {
		u->kind = ZLIB;
		if (inflateInit2(&u->z, MAX_WBITS) != Z_OK)
			mem_out();
	} else if (u->any ? is_zstd(u) : starts(u, "\x28\xb5\x2f\xfd", 4)) {
		u->kind = ZSTD;
		u->zstd = ZSTD_createDStream();
		if (u->zstd == NULL)
			mem_out();
		ZSTD_DCtx_setParameter(u->zstd, ZSTD_d_windowLogMax, ZSTD_MAX_WINDOW);
	} else if (!u->any && unpress_other_is((struct sv){(const char *)u->buf + u->pos, u->n - u->pos})) {
		u->kind = OTHER;
		u->rest.read = read_rest;
		u->other = unpress_other_new(&u->rest);
	} else {
		u->kind = PLAIN;
	}
	u->inside = u->kind != PLAIN && u->kind != OTHER;
	return 0;
}

/* Behind the end of a gzip member or zstd frame: another, or nothing. 1 another, 0 the end, -1. */
static int
next_part(struct unpress *u, struct err *e)
{
	if (fill(u, e) < 0)
		return -1;
	if (u->pos == u->n)
		return 0;
	if (u->kind == GZIP && starts(u, "\x1f\x8b", 2)) {
		inflateReset(&u->z);
		return 1;
	}
	if (u->kind == ZSTD && is_zstd(u)) {
		ZSTD_DCtx_reset(u->zstd, ZSTD_reset_session_only);
		return 1;
	}
	return err_set(e, ERR_INPUT, "archive-trailing: there are bytes behind the end of the compressed data");
}

/* Some bytes, as many as one call gives; got may stay 0. -1 on damage. */
static int
inflate_some(struct unpress *u, void *buf, size_t n, size_t *got, struct err *e)
{
	int rc;

	u->z.next_in = u->buf + u->pos;
	u->z.avail_in = (unsigned int)(u->n - u->pos);
	u->z.next_out = buf;
	u->z.avail_out = (unsigned int)n;
	rc = inflate(&u->z, Z_NO_FLUSH);
	u->pos = u->n - u->z.avail_in;
	*got = n - u->z.avail_out;
	if (rc == Z_MEM_ERROR)
		mem_out();
	if (rc == Z_STREAM_END)
		u->inside = false;
	else if (rc != Z_OK && rc != Z_BUF_ERROR && *got == 0) /* else the next call says so again */
		return err_set(e, ERR_INPUT, "archive-damaged: %s: %s", u->kind == GZIP ? "gzip" : "zlib", u->z.msg == NULL ? "not readable" : u->z.msg);
	return 0;
}

static int
unzstd_some(struct unpress *u, void *buf, size_t n, size_t *got, struct err *e)
{
	ZSTD_inBuffer in = {u->buf, u->n, u->pos};
	ZSTD_outBuffer out = {buf, n, 0};
	size_t rc = ZSTD_decompressStream(u->zstd, &out, &in);

	u->pos = in.pos;
	*got = out.pos;
	if (ZSTD_isError(rc))
		return err_set(e, ERR_INPUT, "archive-damaged: zstd: %s", ZSTD_getErrorName(rc));
	if (rc == 0)
		u->inside = false;
	return 0;
}

static int
check_limits(const struct unpress *u, struct err *e)
{
	if (u->out > u->max)
		return err_set(e, ERR_LIMIT, "limit-size: more than %lld bytes come out of it", (long long)u->max);
	if (u->kind != PLAIN && u->out > UNPRESS_FREE && u->out / u->ratio > u->in)
		return err_set(e, ERR_LIMIT, "limit-ratio: more than %d times as many bytes come out of it as go in (a bomb?)",
		    u->ratio);
	return 0;
}

static int
some(struct unpress *u, void *buf, size_t n, size_t *got, struct err *e)
{
	*got = 0;
	if (u->kind == PLAIN) {
		*got = n < u->n - u->pos ? n : u->n - u->pos;
		memcpy(buf, u->buf + u->pos, *got);
		u->pos += *got;
		return 0;
	}
	return u->kind != ZSTD ? inflate_some(u, buf, n, got, e) : unzstd_some(u, buf, n, got, e);
}

static ptrdiff_t
read_some(struct io_src *src, void *buf, size_t n, struct err *e)
{
	struct unpress *u = (struct unpress *)src;
	size_t got = 0;
	int rc;

	if (u->kind == UNKNOWN && begin(u, e) < 0)
		return -1;
	if (n > (size_t)1 << 20)
		n = (size_t)1 << 20;
	if (u->kind == OTHER) {
		ptrdiff_t had = unpress_other_read(u->other, buf, n, e);

		u->out += had > 0 ? had : 0;
		return had < 0 || check_limits(u, e) < 0 ? -1 : had;
	}
	while (got == 0) {
		if (!u->inside && u->kind != PLAIN) {
			rc = next_part(u, e);
			if (rc <= 0)
				return rc;
			u->inside = true;
		}
		if (u->pos == u->n && fill(u, e) < 0)
			return -1;
		if (u->pos == u->n && u->kind == PLAIN)
			return 0;
		/* With all input used the decompressor may still hold some output. */
		rc = some(u, buf, n, &got, e);
		if (rc < 0)
			return -1;
		if (got == 0 && u->pos == u->n && u->file_end && u->inside)
			return err_set(e, ERR_INPUT, "archive-truncated: its compressed data has no end");
	}
	u->out += (int64_t)got;
	return check_limits(u, e) < 0 ? -1 : (ptrdiff_t)got;
}

struct unpress *
unpress_new(int fd, const char *name, int64_t max)
{
	struct unpress *u = mem_new(1, sizeof(*u));

	u->src.read = read_some;
	u->max = max;
	u->ratio = UNPRESS_MAX_RATIO;
	io_fd_init(&u->file, fd, name);
	u->from = &u->file.src;
	return u;
}

struct unpress *
unpress_of(struct io_src *in, int64_t max)
{
	struct unpress *u = mem_new(1, sizeof(*u));

	u->src.read = read_some;
	u->max = max;
	u->ratio = UNPRESS_LOOSE_RATIO;
	u->any = true;
	u->from = in;
	return u;
}

bool
unpress_is(struct sv head)
{
	static const unsigned char gzip[] = {0x1f, 0x8b}, zstd[] = {0x28, 0xb5, 0x2f, 0xfd}, skip[] = {0x2a, 0x4d, 0x18};
	const unsigned char *p = (const unsigned char *)head.p;

	return (head.n >= 2 && (memcmp(p, gzip, 2) == 0 || is_zlib(p, head.n))) || (head.n >= 4 && (memcmp(p, zstd, 4) == 0 ||
	    ((p[0] & 0xf0) == 0x50 && memcmp(p + 1, skip, 3) == 0)));
}

struct io_src *
unpress_src(struct unpress *u)
{
	return &u->src;
}

void
unpress_free(struct unpress *u)
{
	if (u == NULL)
		return;
	if (u->kind == GZIP || u->kind == ZLIB)
		inflateEnd(&u->z);
	ZSTD_freeDStream(u->zstd);
	unpress_other_free(u->other);
	mem_free(u);
}
