#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <string.h>
#include <cairo.h>
#include <cmocka.h>
#include <zlib.h>

#include "chart/picture.h"

#define assert_near(a, b, within) assert_true(fabs((a) - (b)) <= (within))

static struct fonts *fonts;

static int
open_fonts(void **state)
{
	struct err e = {0};

	(void)state;
	fonts = fonts_open(&e);
	return fonts == NULL ? -1 : 0;
}

static int
close_fonts(void **state)
{
	(void)state;
	fonts_close(fonts);
	return 0;
}

static struct prim_point corner[] = {{10, 10}, {20, 10.005}, {20, NAN}, {30, 12}, {40, -0.001}};

/* One of each kind. */
static void
draw_all(struct picture *p)
{
	struct prim *q;

	*p = (struct picture){.width = 120, .height = 60, .plot_x = 10, .plot_y = 5, .plot_w = 100, .plot_h = 40,
	    .title = SV("All"), .alt = SV("Une image, 10 %")};
	q = picture_add(p, PRIM_RECT);
	q->x = 1, q->y = 2, q->w = 3.456, q->h = 4, q->rgba = 0xB9770E24;
	q = picture_add(p, PRIM_HATCH);
	q->x = 50, q->y = 5, q->w = 20, q->h = 40, q->rgba = 0x5B647059;
	q = picture_add(p, PRIM_AREA);
	q->point = corner, q->n = 2, q->rgba = 0xFF0000FF, q->clip = true;
	q = picture_add(p, PRIM_LINE);
	q->point = corner, q->n = 5, q->width = 1.25, q->dash = 5, q->space = 3, q->rgba = 0x21497BFF;
	q = picture_add(p, PRIM_MARK);
	q->mark = MARK_DOWN, q->x = 60, q->y = 6, q->size = 5, q->rgba = 0x000000FF;
	q = picture_add(p, PRIM_TEXT);
	q->text = SV("a \"b\" \xff\n"), q->x = 110, q->y = 30, q->size = 11, q->anchor = ANCHOR_END;
	q->bold = q->halo = true, q->rgba = 0x1A1D21FF;
}

static void
test_text(void **state)
{
	struct picture p;
	struct sb out = {0};

	(void)state;
	draw_all(&p);
	picture_text(&p, &out);
	assert_string_equal(sb_str(&out),
	    "picture 120.00 60.00 plot 10.00 5.00 100.00 40.00\n"
	    "title \"All\"\n"
	    "alt \"Une image, 10 %\"\n"
	    "rect B9770E24 1.00 2.00 3.46 4.00\n"
	    "hatch 5B647059 50.00 5.00 20.00 40.00\n"
	    "area FF0000FF clip: 10.00 10.00 20.00 10.01\n"
	    "line 21497BFF 1.25 dash 5.00 3.00: 10.00 10.00 20.00 10.01 | 30.00 12.00 40.00 0.00\n"
	    "mark 000000FF down 60.00 6.00 5.00\n"
	    "text 1A1D21FF 110.00 30.00 11.00 end bold halo \"a \\\"b\\\" \xef\xbf\xbd\\n\"\n");
	sb_free(&out);
	picture_free(&p);
	assert_int_equal(p.n, 0);
	assert_null(p.prim);
}

static void
test_widths(void **state)
{
	double w = fonts_width(fonts, SV("1111"), 11, false);

	(void)state;
	/* Tabular figures: a column of numbers stays a column. */
	assert_near(w, fonts_width(fonts, SV("8888"), 11, false), 1e-9);
	/* No rounding to pixels: the width is that of the outline, and grows with the size. */
	assert_near(2 * w, fonts_width(fonts, SV("1111"), 22, false), 0.02);
	assert_near(2 * w, fonts_width(fonts, SV("11111111"), 11, false), 0.02);
	assert_true(fonts_width(fonts, SV("Title"), 16, true) > fonts_width(fonts, SV("Title"), 16, false));
	assert_true(fonts_width(fonts, SV(""), 11, false) == 0);
	/* What is in no font has a width nonetheless, as has what is no text. */
	assert_true(fonts_width(fonts, SV("漢字"), 11, false) > 0);
	assert_true(fonts_width(fonts, SV("مرحبا"), 11, false) > 0);
	assert_true(fonts_width(fonts, SV("\xff\xfe\x80"), 11, false) > 0);
	assert_true(fonts_width(fonts, (struct sv){"a\0b", 3}, 11, false) > fonts_width(fonts, SV("a"), 11, false));
	assert_true(strlen(fonts_name(fonts)) > 0);
}

struct chunks {
	int phys, title, description, itxt, idat;
	uint32_t per_metre;
	bool before_data; /* all of ours come before the pixels */
};

static uint32_t
u32(const char *p)
{
	const unsigned char *b = (const unsigned char *)p;

	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* Walks the file: every length and every checksum must be right. */
static void
read_chunks(struct sv png, struct chunks *c)
{
	size_t at = 8;

	*c = (struct chunks){.before_data = true};
	assert_memory_equal(png.p, "\x89PNG\r\n\x1a\n", 8);
	while (at < png.n) {
		uint32_t n = u32(png.p + at);
		const char *type = png.p + at + 4, *data = type + 4;

		assert_true(at + 12 + n <= png.n);
		assert_int_equal(crc32(0, (const unsigned char *)type, n + 4), u32(data + n));
		if (memcmp(type, "pHYs", 4) == 0) {
			c->phys++;
			c->per_metre = u32(data);
			assert_int_equal(u32(data + 4), u32(data));
			assert_int_equal(data[8], 1);
			c->before_data &= c->idat == 0;
		}
		if (memcmp(type, "tEXt", 4) == 0 || memcmp(type, "iTXt", 4) == 0) {
			c->title += strcmp(data, "Title") == 0;
			c->description += strcmp(data, "Description") == 0;
			c->itxt += type[0] == 'i';
			c->before_data &= c->idat == 0;
		}
		c->idat += memcmp(type, "IDAT", 4) == 0;
		at += 12 + n;
	}
	assert_int_equal(at, png.n);
}

static cairo_status_t
read_bytes(void *closure, unsigned char *to, unsigned n)
{
	struct sv *rest = closure;

	if (rest->n < n)
		return CAIRO_STATUS_READ_ERROR;
	memcpy(to, rest->p, n);
	*rest = sv_from(*rest, n);
	return CAIRO_STATUS_SUCCESS;
}

static void
test_png(void **state)
{
	struct picture p;
	struct sb png = {0}, again = {0};
	struct sv rest;
	struct err e = {0};
	struct chunks c;
	cairo_surface_t *s;
	const uint32_t *row;

	(void)state;
	draw_all(&p);
	sb_adds(&again, "before");
	assert_int_equal(picture_png(&p, fonts, THEME_LIGHT, 2, &png, &e), 0);
	assert_int_equal(picture_png(&p, fonts, THEME_LIGHT, 2, &again, &e), 0);
	/* Appended, and the same bytes. */
	assert_memory_equal(again.buf, "before", 6);
	assert_int_equal(again.n, png.n + 6);
	assert_memory_equal(again.buf + 6, png.buf, png.n);

	read_chunks(sb_sv(&png), &c);
	assert_int_equal(c.phys, 1);
	assert_int_equal(c.per_metre, 7559);
	assert_int_equal(c.title, 1);
	assert_int_equal(c.description, 1);
	assert_int_equal(c.itxt, 0);
	assert_true(c.before_data);

	rest = sb_sv(&png);
	s = cairo_image_surface_create_from_png_stream(read_bytes, &rest);
	assert_int_equal(cairo_surface_status(s), CAIRO_STATUS_SUCCESS);
	assert_int_equal(cairo_image_surface_get_width(s), 240);
	assert_int_equal(cairo_image_surface_get_height(s), 120);
	/* The rectangle is amber at 14 %, beside it the page is white. */
	row = (const uint32_t *)(const void *)(cairo_image_surface_get_data(s) +
	    6 * cairo_image_surface_get_stride(s));
	assert_int_equal(row[0] & 0xffffff, 0xffffff);
	assert_near((double)(row[4] >> 16 & 0xff), 0xf5, 1);
	assert_near((double)(row[4] >> 8 & 0xff), 0xec, 1);
	assert_near((double)(row[4] & 0xff), 0xdd, 1);
	cairo_surface_destroy(s);
	sb_free(&png);
	sb_free(&again);
	picture_free(&p);
}

static void
test_png_texts(void **state)
{
	struct picture p;
	struct sb png = {0};
	struct err e = {0};
	struct chunks c;

	(void)state;
	draw_all(&p);
	p.title = SV("99 % – 漢"); /* more than Latin-1 */
	p.alt = (struct sv){NULL, 0};
	assert_int_equal(picture_png(&p, fonts, THEME_LIGHT, 1, &png, &e), 0);
	read_chunks(sb_sv(&png), &c);
	assert_int_equal(c.per_metre, 3780);
	assert_int_equal(c.itxt, 1);
	assert_int_equal(c.title, 1);
	assert_int_equal(c.description, 0);
	sb_free(&png);
	picture_free(&p);
}

static void
test_png_refused(void **state)
{
	static const double bad[] = {0, -1, 17, 1e9, NAN};
	struct picture p;
	struct sb png = {0};
	size_t i;

	(void)state;
	draw_all(&p);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err e = {0};

		assert_int_equal(picture_png(&p, fonts, THEME_LIGHT, bad[i], &png, &e), -1);
		assert_int_equal(e.code, ERR_USAGE);
	}
	p.width = 1e6;
	assert_int_equal(picture_png(&p, fonts, THEME_LIGHT, 2, &png, NULL), -1);
	assert_int_equal(png.n, 0);
	picture_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_widths),
		cmocka_unit_test(test_png),
		cmocka_unit_test(test_png_texts),
		cmocka_unit_test(test_png_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, open_fonts, close_fonts);
}
