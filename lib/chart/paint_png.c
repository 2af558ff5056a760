/* The PNG file is written here, not by cairo: its filters cost time and bytes on pictures this plain. */
#include "chart/picture.h"

#include <math.h>
#include <string.h>
#include <zlib.h>

#include "base/mem.h"
#include "chart/paint.h"
#include "chart/png_chunks.h"

#define PIXELS_AT_ONCE 64 /* rows given to zlib at a time */

static int
deflate_rows(cairo_surface_t *surface, struct sb *out, struct err *e)
{
	int width = cairo_image_surface_get_width(surface), height = cairo_image_surface_get_height(surface);
	size_t stride = (size_t)cairo_image_surface_get_stride(surface), row_n = 3 * (size_t)width + 1;
	const unsigned char *data = cairo_image_surface_get_data(surface);
	unsigned char *rows = mem_new(PIXELS_AT_ONCE, row_n), block[1 << 14];
	z_stream z = {0};
	int y, x, rc = Z_OK;

	if (deflateInit2(&z, 4, Z_DEFLATED, 15, 9, Z_DEFAULT_STRATEGY) != Z_OK) {
		mem_free(rows);
		return err_set(e, ERR_SYS, "zlib does not start");
	}
	for (y = 0; rc != Z_STREAM_END;) {
		int n = 0;

		for (; n < PIXELS_AT_ONCE && y < height; n++, y++) {
			const unsigned char *from = data + (size_t)y * stride;
			unsigned char *to = rows + (size_t)n * row_n;

			*to++ = 0; /* no filter */
			for (x = 0; x < width; x++, to += 3) {
				uint32_t pixel;

				memcpy(&pixel, from + 4 * (size_t)x, 4);
				to[0] = (unsigned char)(pixel >> 16);
				to[1] = (unsigned char)(pixel >> 8);
				to[2] = (unsigned char)pixel;
			}
		}
		z.next_in = rows;
		z.avail_in = (unsigned)((size_t)n * row_n);
		do {
			z.next_out = block;
			z.avail_out = sizeof(block);
			rc = deflate(&z, y < height ? Z_NO_FLUSH : Z_FINISH);
			sb_add(out, block, sizeof(block) - z.avail_out);
		} while (z.avail_out == 0);
	}
	deflateEnd(&z);
	mem_free(rows);
	return 0;
}

static int
encode(cairo_surface_t *surface, struct sb *out, struct err *e)
{
	struct sb data = {0};
	int rc;

	cairo_surface_flush(surface);
	png_head_add((uint32_t)cairo_image_surface_get_width(surface),
	    (uint32_t)cairo_image_surface_get_height(surface), out);
	rc = deflate_rows(surface, &data, e);
	png_chunk_add(out, "IDAT", sb_sv(&data));
	png_chunk_add(out, "IEND", SV(""));
	sb_free(&data);
	return rc;
}

int
picture_png(const struct picture *p, struct fonts *f, enum theme theme, double scale, struct sb *out, struct err *e)
{
	cairo_surface_t *surface;
	struct sb png = {0};
	cairo_t *cr;
	int rc;

	if (paint_size(p, scale, e) < 0)
		return -1;
	surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)ceil(p->width * scale), (int)ceil(p->height * scale));
	cr = cairo_create(surface);
	paint_picture(p, f, theme, scale, cr);
	rc = paint_status(cairo_status(cr), p, scale, e);
	if (rc == 0)
		rc = encode(surface, &png, e);
	if (rc == 0)
		rc = png_chunks_add(sb_sv(&png), scale, p->title, p->alt, out, e);
	cairo_destroy(cr);
	cairo_surface_destroy(surface);
	sb_free(&png);
	return rc;
}
