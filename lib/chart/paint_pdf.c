#include "chart/picture.h"

#include <cairo-pdf.h>

#include "base/time.h"
#include "chart/paint.h"

#define POINTS_PER_PIXEL 0.75 /* 96 pixels and 72 points to the inch */

static cairo_status_t
write_bytes(void *closure, const unsigned char *p, unsigned n)
{
	sb_add(closure, p, n);
	return CAIRO_STATUS_SUCCESS;
}

/* cairo would write the clock's time (cairo 1.16 knows no SOURCE_DATE_EPOCH): the end of the data is said instead. */
static void
set_metadata(cairo_surface_t *surface, const struct picture *p)
{
	struct arena a = {0};
	char when[TIME_TEXT];

	time_text(p->when == TIME_NONE ? 0 : p->when / 1000 * 1000, when);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, when);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, when);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, arena_str(&a, p->title));
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, arena_str(&a, p->alt));
	arena_free(&a);
}

int
picture_pdf(const struct picture *p, struct fonts *f, enum theme theme, struct sb *out, struct err *e)
{
	cairo_surface_t *surface;
	cairo_t *cr;
	int rc;

	if (paint_size(p, 1, e) < 0)
		return -1;
	surface = cairo_pdf_surface_create_for_stream(write_bytes, out, p->width * POINTS_PER_PIXEL,
	    p->height * POINTS_PER_PIXEL);
	set_metadata(surface, p);
	cr = cairo_create(surface);
	paint_picture(p, f, theme, POINTS_PER_PIXEL, cr);
	cairo_show_page(cr);
	rc = paint_status(cairo_status(cr), p, 1, e);
	cairo_destroy(cr);
	cairo_surface_finish(surface);
	if (rc == 0)
		rc = paint_status(cairo_surface_status(surface), p, 1, e);
	cairo_surface_destroy(surface);
	return rc;
}
