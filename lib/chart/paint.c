#include "chart/paint.h"

#include <math.h>

#include "chart/fonts.h"

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
	enum theme theme;
};

static void
set_colour(struct paint *t, uint32_t light)
{
	uint32_t rgba = style_themed(t->theme, light);

	cairo_set_source_rgba(t->cr, (rgba >> 24) / 255.0, (rgba >> 16 & 0xff) / 255.0, (rgba >> 8 & 0xff) / 255.0,
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

/* Signs that fonts may lack are drawn: their box is size wide and high, x at its left, y at its bottom. */
static void
stroke_sign(struct paint *t, const struct prim *q)
{
	double s = q->size, x = q->x, y = q->y;

	cairo_set_line_width(t->cr, s / 5);
	cairo_set_line_cap(t->cr, CAIRO_LINE_CAP_ROUND);
	cairo_set_line_join(t->cr, CAIRO_LINE_JOIN_ROUND);
	if (q->mark == MARK_TICK) {
		cairo_move_to(t->cr, x, y - s * 0.45);
		cairo_line_to(t->cr, x + s * 0.35, y - s * 0.1);
		cairo_line_to(t->cr, x + s, y - s * 0.8);
	} else {
		cairo_move_to(t->cr, x + s * 0.1, y - s * 0.8);
		cairo_line_to(t->cr, x + s * 0.8, y - s * 0.1);
		cairo_move_to(t->cr, x + s * 0.8, y - s * 0.8);
		cairo_line_to(t->cr, x + s * 0.1, y - s * 0.1);
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
	case MARK_UP:
		cairo_move_to(t->cr, q->x - s * 0.6, q->y + s);
		cairo_line_to(t->cr, q->x + s * 0.6, q->y + s);
		cairo_line_to(t->cr, q->x, q->y);
		break;
	case MARK_TICK:
	case MARK_CROSS:
		stroke_sign(t, q);
		return;
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
		set_colour(t, PAPER);
		cairo_set_line_join(t->cr, CAIRO_LINE_JOIN_ROUND);
		cairo_set_line_width(t->cr, 2 * HALO_WIDTH);
		cairo_stroke(t->cr);
		set_colour(t, q->rgba);
	}
	cairo_move_to(t->cr, x, q->y);
	pango_cairo_show_layout_line(t->cr, line);
}

static void
paint_prim(struct paint *t, const struct prim *q)
{
	const struct picture *p = t->p;

	cairo_save(t->cr);
	if (q->clip) {
		struct prim_box b = picture_clip(p, q);

		cairo_rectangle(t->cr, b.x - CLIP_SLACK, b.y - CLIP_SLACK, b.w + 2 * CLIP_SLACK, b.h + 2 * CLIP_SLACK);
		cairo_clip(t->cr);
	}
	set_colour(t, q->rgba);
	switch (q->kind) {
	case PRIM_RECT:
		if (q->sharp) /* cells side by side show no seams */
			cairo_set_antialias(t->cr, CAIRO_ANTIALIAS_NONE);
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

void
paint_picture(const struct picture *p, struct fonts *f, enum theme theme, double scale, cairo_t *cr)
{
	struct paint t = {.cr = cr, .fonts = f, .p = p, .scale = scale, .theme = theme};
	size_t i;

	set_colour(&t, PAPER);
	cairo_paint(cr);
	cairo_scale(cr, scale, scale);
	for (i = 0; i < p->n; i++)
		paint_prim(&t, &p->prim[i]);
	fonts_forget(f);
}

int
paint_size(const struct picture *p, double scale, struct err *e)
{
	if (!(scale >= 0.25 && scale <= 16) || !(p->width >= 1 && p->width <= PICTURE_MAX) ||
	    !(p->height >= 1 && p->height <= PICTURE_MAX) || p->width * scale > 32000 || p->height * scale > 32000)
		return err_set(e, ERR_USAGE, "a picture is 1 to %d pixels wide and high, its scale 0.25 to 16, and both "
		    "together at most 32000 pixels", PICTURE_MAX);
	return 0;
}

int
paint_status(cairo_status_t status, const struct picture *p, double scale, struct err *e)
{
	if (status == CAIRO_STATUS_SUCCESS)
		return 0;
	if (status == CAIRO_STATUS_NO_MEMORY || status == CAIRO_STATUS_INVALID_SIZE)
		return err_set(e, ERR_LIMIT, "no memory for a picture of %.0f by %.0f pixels", p->width * scale,
		    p->height * scale);
	return err_set(e, ERR_SYS, "cairo: %s", cairo_status_to_string(status));
}
