#include "read/gzip_check.h"

#include <stdint.h>
#include <string.h>
#include <zlib.h>

#include "base/mem.h"

/* As of bundle.c, which does not see what nobody reads. */
#define FREE_BYTES (UINT64_C(64) << 20)
#define MAX_RATIO 500

struct gzip_check {
	z_stream z;
	unsigned char out[64 * 1024]; /* decompressed and thrown away: zlib compares the checksum */
	bool between; /* a member has ended */
	bool wrong, bomb;
	uint64_t in_all, out_all;
	size_t behind;
};

bool
gzip_check_begins(const unsigned char *p, size_t n)
{
	return n >= 3 && p[0] == 0x1f && p[1] == 0x8b && p[2] == 8;
}

struct gzip_check *
gzip_check_new(void)
{
	struct gzip_check *g = mem_new(1, sizeof(*g));

	if (inflateInit2(&g->z, 15 + 16) != Z_OK) /* 16: gzip only */
		mem_out();
	return g;
}

/* The bytes behind a member: another one, padding, or what does not belong there. False: there is nothing left. */
static bool
next_member(struct gzip_check *g)
{
	while (g->z.avail_in > 0 && *g->z.next_in != 0x1f) {
		g->behind += *g->z.next_in != 0;
		g->z.next_in++;
		g->z.avail_in--;
	}
	if (g->z.avail_in == 0)
		return false;
	if (g->behind > 0) { /* what looks like a member behind foreign bytes is one of them */
		g->behind += g->z.avail_in;
		g->z.avail_in = 0;
		return false;
	}
	g->between = false;
	return inflateReset(&g->z) == Z_OK;
}

void
gzip_check_add(struct gzip_check *g, const unsigned char *p, size_t n)
{
	int rc = Z_OK;

	g->z.next_in = (unsigned char *)(size_t)(const void *)p; /* zlib does not write there */
	g->z.avail_in = (uInt)n;
	g->in_all += n;
	while (g->z.avail_in > 0 && !g->wrong && !g->bomb) {
		if (g->between && !next_member(g))
			break;
		g->z.next_out = g->out;
		g->z.avail_out = sizeof(g->out);
		rc = inflate(&g->z, Z_NO_FLUSH);
		g->out_all += sizeof(g->out) - g->z.avail_out;
		g->bomb = g->out_all > FREE_BYTES && g->out_all / MAX_RATIO > g->in_all;
		if (rc == Z_STREAM_END)
			g->between = true;
		else if (rc == Z_MEM_ERROR)
			mem_out();
		else if (rc != Z_OK && rc != Z_BUF_ERROR)
			g->wrong = true;
		else if (rc == Z_BUF_ERROR)
			break;
	}
}

const char *
gzip_check_result(const struct gzip_check *g)
{
	if (g->bomb)
		return "decompresses to more than 500 times its size";
	return g->wrong ? "gzip's checksum does not match what it holds: bytes of it were changed" : NULL;
}

size_t
gzip_check_behind(const struct gzip_check *g)
{
	return g->behind;
}

void
gzip_check_free(struct gzip_check *g)
{
	if (g == NULL)
		return;
	inflateEnd(&g->z);
	mem_free(g);
}
