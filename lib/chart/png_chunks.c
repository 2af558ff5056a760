#include "chart/png_chunks.h"

#include <math.h>
#include <stdint.h>
#include <zlib.h>

#include "base/clean.h"

#define PNG_HEAD 33 /* signature (8) and the IHDR chunk (25), always the first */

static void
add_u32(struct sb *out, uint32_t v)
{
	unsigned char b[4] = {
	    (unsigned char)(v >> 24), (unsigned char)(v >> 16), (unsigned char)(v >> 8), (unsigned char)v};

	sb_add(out, b, 4);
}

void
png_chunk_add(struct sb *out, const char type[4], struct sv data)
{
	size_t start = out->n + 4;

	add_u32(out, (uint32_t)data.n);
	sb_add(out, type, 4);
	sb_addv(out, data);
	add_u32(out, (uint32_t)crc32(0, (const unsigned char *)out->buf + start, (unsigned)(out->n - start)));
}

void
png_head_add(uint32_t width, uint32_t height, struct sb *out)
{
	struct sb data = {0};

	sb_add(out, "\x89PNG\r\n\x1a\n", 8);
	add_u32(&data, width);
	add_u32(&data, height);
	sb_add(&data, "\x08\x02\0\0\0", 5); /* 8 bits of red, green and blue; deflate, filters, not interlaced */
	png_chunk_add(out, "IHDR", sb_sv(&data));
	sb_free(&data);
}

/* False when the text has a character beyond Latin-1. */
static bool
add_latin1(struct sb *out, struct sv text)
{
	uint32_t c = 0;
	size_t n;

	for (; text.n > 0; text = sv_from(text, n)) {
		n = clean_utf8(text, &c);
		if (n == 0 || c > 0xff)
			return false;
		sb_addc(out, (char)(unsigned char)c);
	}
	return true;
}

static void
add_text(struct sb *out, const char *keyword, struct sv text)
{
	struct sb data = {0};

	if (text.n == 0)
		return;
	sb_add(&data, keyword, sv_of(keyword).n + 1);
	if (add_latin1(&data, text)) {
		png_chunk_add(out, "tEXt", sb_sv(&data));
	} else {
		sb_reset(&data);
		sb_add(&data, keyword, sv_of(keyword).n + 1);
		sb_add(&data, "\0\0\0\0", 4); /* not compressed; no language, no translated keyword */
		sb_addv(&data, text);
		png_chunk_add(out, "iTXt", sb_sv(&data));
	}
	sb_free(&data);
}

static void
add_resolution(struct sb *out, double scale)
{
	struct sb data = {0};
	uint32_t per_metre = (uint32_t)lround(scale * 96 / 0.0254);

	add_u32(&data, per_metre);
	add_u32(&data, per_metre);
	sb_addc(&data, 1); /* the unit is the metre */
	png_chunk_add(out, "pHYs", sb_sv(&data));
	sb_free(&data);
}

int
png_chunks_add(struct sv png, double scale, struct sv title, struct sv description, struct sb *out,
    struct err *e)
{
	if (png.n < PNG_HEAD || !sv_starts(png, "\x89PNG\r\n\x1a\n"))
		return err_set(e, ERR_SYS, "cairo wrote %zu bytes that are no PNG file", png.n);
	sb_addv(out, sv_head(png, PNG_HEAD));
	add_resolution(out, scale);
	add_text(out, "Title", title);
	add_text(out, "Description", description);
	sb_addv(out, sv_from(png, PNG_HEAD));
	return 0;
}
