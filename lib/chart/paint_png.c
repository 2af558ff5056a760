#include "chart/picture.h"

#include <cairo.h>
#include <math.h>

#include "chart/fonts.h"
#include "chart/png_chunks.h"

#define HATCH_PITCH 6
#define HATCH_WIDTH 0.6
#define HALO_WIDTH 3
/* How far data may leave the plot rectangle: half a line's width at the edge. */
#define CLIP_SLACK 1

struct paint {
	cairo_t *cr;
	struct fonts *fonts;
	const struct picture *p;
	double scale;
};

static void
set_colour(cairo_t *cr, uint32_t rgba)
{
	cairo_set_source_rgba(cr, (rgba >> 24) / 255.0, (rgba >> 16 & 0xff) / 255.0, (rgba >> 8 & 0xff) / 255.0,
	    (rgba & 0xff) / 255.0);
}

/* A rule (two points, along an axis, not data) lies on whole device pixels: it is sharp, not two grey rows. */
static bool
is_rule(const struct prim *q)
{
	return q->n == 2 && !q->clip && (q->point[0].x == q->point[1].x || q->point[0].y == q->point[1].y);
}

static double
snap(double v, double scale, double device_width)
{
	double d = v * scale;

	return (fmod(device_width, 2) == 1 ? floor(d) + 0.5 : round(d)) / scale;
}

static void
paint_rule(struct paint *t, const struct prim *q)
{
	double width = fmax(1, round(q->width * t->scale));
	bool upright = q->point[0].x == q->point[1].x;
	double at = snap(upright ? q->point[0].x : q->point[0].y, t->scale, width);

	cairo_set_line_cap(t->cr, CAIRO_LINE_CAP_BUTT);
	cairo_set_line_width(t->cr, width / t->scale);
	cairo_move_to(t->cr, upright ? at : q->point[0].x, upright ? q->point[0].y : at);
	cairo_line_to(t->cr, upright ? at : q->point[1].x, upright ? q->point[1].y : at);
}

static void
trace(cairo_t *cr, const struct prim *q)
{
	bool pen_down = false;
	size_t i;

	for (i = 0; i < q->n; i++) {
		if (isnan(q->point[i].y))
			pen_down = false;
		else if (pen_down)
			cairo_line_to(cr, q->point[i].x, q->point[i].y);
		else
			cairo_move_to(cr, q->point[i].x, q->point[i].y);
		pen_down = !isnan(q->point[i].y);
	}
}

static void
paint_line(struct paint *t, const struct prim *q)
{
	double dash[2] = {q->dash, q->space};

	if (q->dash > 0)
		cairo_set_dash(t->cr, dash, 2, 0);
	cairo_set_line_join(t->cr, CAIRO_LINE_JOIN_ROUND);
	if (is_rule(q)) {
		paint_rule(t, q);
	} else {
		cairo_set_line_cap(t->cr, q->dash > 0 ? CAIRO_LINE_CAP_BUTT : CAIRO_LINE_CAP_ROUND);
		cairo_set_line_width(t->cr, q->width);
		trace(t->cr, q);
	}
	cairo_stroke(t->cr);
}

/* The lines start from the picture's origin, so that hatches side by side are one. */
static void
paint_hatch(struct paint *t, const struct prim *q)
{
	double first = floor((q->x + q->y) / HATCH_PITCH) * HATCH_PITCH, s;

	cairo_rectangle(t->cr, q->x, q->y, q->w, q->h);
	cairo_clip(t->cr);
	cairo_set_line_width(t->cr, HATCH_WIDTH);
	cairo_set_line_cap(t->cr, CAIRO_LINE_CAP_BUTT);
	for (s = first; s <= q->x + q->w + q->y + q->h; s += HATCH_PITCH) {
		cairo_move_to(t->cr, s - q->y, q->y);
		cairo_line_to(t->cr, s - q->y - q->h, q->y + q->h);
	}
	cairo_stroke(t->cr);
}

static void
paint_mark(struct paint *t, const struct prim *q)
{
	double s = q->size;

	switch (q->mark) {
	case MARK_DOT:
		cairo_arc(t->cr, q->x, q->y, s / 2, 0, 8 * atan(1));
		break;
	case MARK_FLAG: /* a pennant, its staff at x */
		cairo_move_to(t->cr, q->x, q->y);
		cairo_line_to(t->cr, q->x + s, q->y + s / 2);
		cairo_line_to(t->cr, q->x, q->y + s);
		break;
	case MARK_DOWN: /* its tip at y + size */
		cairo_move_to(t->cr, q->x - s * 0.6, q->y);
		cairo_line_to(t->cr, q->x + s * 0.6, q->y);
		cairo_line_to(t->cr, q->x, q->y + s);
		break;
	}
	cairo_close_path(t->cr);
	cairo_fill(t->cr);
}

static void
paint_text(struct paint *t, const struct prim *q)
{
	PangoLayout *layout = fonts_layout(t->fonts, t->cr, q->text, q->size, q->bold);
	double w = fonts_width(t->fonts, q->text, q->size, q->bold);
	double x = q->x - (q->anchor == ANCHOR_END ? w : q->anchor == ANCHOR_MIDDLE ? w / 2 : 0);
	PangoLayoutLine *line = pango_layout_get_line_readonly(layout, 0);

	/* Piled-up combining marks stay in their own line of text. */
	cairo_rectangle(t->cr, x - HALO_WIDTH, q->y - 1.25 * q->size, w + 2 * HALO_WIDTH, 1.7 * q->size);
	cairo_clip(t->cr);
	if (q->halo) {
		cairo_move_to(t->cr, x, q->y);
		pango_cairo_layout_line_path(t->cr, line);
		cairo_set_source_rgb(t->cr, 1, 1, 1);
		cairo_set_line_join(t->cr, CAIRO_LINE_JOIN_ROUND);
		cairo_set_line_width(t->cr, 2 * HALO_WIDTH);
		cairo_stroke(t->cr);
		set_colour(t->cr, q->rgba);
	}
	cairo_move_to(t->cr, x, q->y);
	pango_cairo_show_layout_line(t->cr, line);
	g_object_unref(layout);
}

static void
paint_prim(struct paint *t, const struct prim *q)
{
	const struct picture *p = t->p;

	cairo_save(t->cr);
	if (q->clip) {
		cairo_rectangle(t->cr, p->plot_x - CLIP_SLACK, p->plot_y - CLIP_SLACK, p->plot_w + 2 * CLIP_SLACK,
		    p->plot_h + 2 * CLIP_SLACK);
		cairo_clip(t->cr);
	}
	set_colour(t->cr, q->rgba);
	switch (q->kind) {
	case PRIM_RECT:
		cairo_rectangle(t->cr, q->x, q->y, q->w, q->h);
		cairo_fill(t->cr);
		break;
	case PRIM_LINE:
		paint_line(t, q);
		break;
	case PRIM_AREA:
		trace(t->cr, q);
		cairo_close_path(t->cr);
		cairo_fill(t->cr);
		break;
	case PRIM_TEXT:
		paint_text(t, q);
		break;
	case PRIM_HATCH:
		paint_hatch(t, q);
		break;
	case PRIM_MARK:
		paint_mark(t, q);
		break;
	}
	cairo_restore(t->cr);
}

static cairo_status_t
write_bytes(void *closure, const unsigned char *p, unsigned n)
{
	sb_add(closure, p, n);
	return CAIRO_STATUS_SUCCESS;
}

int
picture_png(const struct picture *p, struct fonts *f, double scale, struct sb *out, struct err *e)
{
	struct paint t = {.fonts = f, .p = p, .scale = scale};
	cairo_surface_t *surface;
	cairo_status_t status;
	struct sb png = {0};
	size_t i;
	int rc = -1;

	if (!(scale >= 0.25 && scale <= 16) || !(p->width >= 1 && p->width <= 2000) ||
	    !(p->height >= 1 && p->height <= 2000))
		return err_set(e, ERR_USAGE, "a picture is 1 to 2000 pixels wide and high, its scale 0.25 to 16");
	surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)ceil(p->width * scale),
	    (int)ceil(p->height * scale));
	t.cr = cairo_create(surface);
	cairo_set_source_rgb(t.cr, 1, 1, 1);
	cairo_paint(t.cr);
	cairo_scale(t.cr, scale, scale);
	for (i = 0; i < p->n; i++)
		paint_prim(&t, &p->prim[i]);
	status = cairo_status(t.cr);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_write_to_png_stream(surface, write_bytes, &png);
	if (status == CAIRO_STATUS_NO_MEMORY)
		err_set(e, ERR_LIMIT, "no memory for a picture of %.0f by %.0f pixels", p->width * scale,
		    p->height * scale);
	else if (status != CAIRO_STATUS_SUCCESS)
		err_set(e, ERR_SYS, "cairo: %s", cairo_status_to_string(status));
	else
		rc = png_chunks_add(sb_sv(&png), scale, p->title, p->alt, out, e);
	cairo_destroy(t.cr);
	cairo_surface_destroy(surface);
	sb_free(&png);
	return rc;
}
