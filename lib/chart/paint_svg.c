#include "chart/picture.h"

#include <math.h>

#include "base/clean.h"
#include "base/mem.h"
#include "base/num.h"

#define HATCH_PITCH 6
#define CLIP_SLACK 1
#define MANY 200 /* points: a tenth of a pixel is exact enough for each of them */

struct svg {
	const struct picture *p;
	struct fonts *fonts;
	struct sb *out;
	unsigned id; /* of this picture: several may stand in one page */
	VEC(uint32_t) colours; /* used, without alpha */
	VEC(struct prim_box) clips;
	bool hatched;
};

static void
add_fixed(struct sb *out, double v, int decimals)
{
	char buf[NUM_TEXT];
	struct sv text = sv_of(num_fixed(v, decimals, buf));

	if (sv_chr(text, '.') == text.n) {
		sb_addv(out, text);
		return;
	}

	while (sv_ends(text, "0"))
		text.n--;
	if (sv_ends(text, "."))
		text.n--;
	sb_addv(out, text);
}

static void
add_num(struct sb *out, double v)
{
	add_fixed(out, v, 2);
}

/* name="v" with a blank before it. */
static void
add_attr(struct svg *s, const char *name, double v)
{
	sb_addf(s->out, " %s=\"", name);
	add_num(s->out, v);
	sb_addc(s->out, '"');
}

static void
note_colour(struct svg *s, uint32_t rgba)
{
	size_t i;

	for (i = 0; i < s->colours.n; i++)
		if (s->colours.v[i] == rgba >> 8)
			return;
	*vec_add(&s->colours) = rgba >> 8;
}

static size_t
clip_of(struct svg *s, const struct prim *q)
{
	struct prim_box b = picture_clip(s->p, q);
	size_t i;

	for (i = 0; i < s->clips.n; i++)
		if (s->clips.v[i].x == b.x && s->clips.v[i].y == b.y && s->clips.v[i].w == b.w && s->clips.v[i].h == b.h)
			return i;
	*vec_add(&s->clips) = b;
	return s->clips.n - 1;
}

static void
survey(struct svg *s)
{
	unsigned h = 2166136261u; /* FNV-1a of what is told about the picture */
	size_t i;

	for (i = 0; i < s->p->title.n; i++)
		h = (h ^ (unsigned char)s->p->title.p[i]) * 16777619u;
	for (i = 0; i < s->p->alt.n; i++)
		h = (h ^ (unsigned char)s->p->alt.p[i]) * 16777619u;
	s->id = h;
	note_colour(s, PAPER);
	for (i = 0; i < s->p->n; i++) {
		const struct prim *q = &s->p->prim[i];

		note_colour(s, q->rgba);
		s->hatched |= q->kind == PRIM_HATCH;
		if (q->clip)
			clip_of(s, q);
	}
}

/* Classes are named by the light colour: pictures that share a page share their meaning. */
static void
add_rules(struct svg *s, enum theme theme)
{
	size_t i;

	for (i = 0; i < s->colours.n; i++) {
		unsigned name = s->colours.v[i], rgb = style_themed(theme, name << 8 | 0xff) >> 8;

		sb_addf(s->out, ".f%06X{fill:#%06X}.s%06X{stroke:#%06X}", name, rgb, name, rgb);
	}
}

static void
add_defs(struct svg *s)
{
	size_t i;

	sb_adds(s->out, "<defs>");
	for (i = 0; i < s->clips.n; i++) {
		const struct prim_box *b = &s->clips.v[i];

		sb_addf(s->out, "<clipPath id=\"c%08x-%zu\"><rect", s->id, i);
		add_attr(s, "x", b->x - CLIP_SLACK);
		add_attr(s, "y", b->y - CLIP_SLACK);
		add_attr(s, "width", b->w + 2 * CLIP_SLACK);
		add_attr(s, "height", b->h + 2 * CLIP_SLACK);
		sb_adds(s->out, "/></clipPath>");
	}
	if (s->hatched)
		sb_addf(s->out, "<pattern id=\"h%08x\" width=\"%d\" height=\"%d\" patternUnits=\"userSpaceOnUse\">"
		    "<path d=\"M-1 1l2-2M0 6l6-6M5 7l2-2\" class=\"s5B6470\" stroke-opacity=\"0.35\" stroke-width=\"0.6\"/></pattern>",
		    s->id, HATCH_PITCH, HATCH_PITCH);
	sb_adds(s->out, "</defs>\n");
}

static void
add_head(struct svg *s, enum theme theme)
{
	sb_adds(s->out, "<svg xmlns=\"http://www.w3.org/2000/svg\"");
	add_attr(s, "width", s->p->width);
	add_attr(s, "height", s->p->height);
	sb_adds(s->out, " viewBox=\"0 0 ");
	add_num(s->out, s->p->width);
	sb_addc(s->out, ' ');
	add_num(s->out, s->p->height);
	sb_addf(s->out, "\" role=\"img\" aria-labelledby=\"t%08x d%08x\" font-family=\"Inter,'DejaVu Sans',system-ui,sans-serif\" "
	    "style=\"font-variant-numeric:tabular-nums\">\n<title id=\"t%08x\">", s->id, s->id, s->id);
	clean_xml(s->out, s->p->title);
	sb_addf(s->out, "</title>\n<desc id=\"d%08x\">", s->id);
	clean_xml(s->out, s->p->alt);
	sb_adds(s->out, "</desc>\n<style>");
	add_rules(s, theme);
	if (theme == THEME_LIGHT) {
		sb_adds(s->out, "\n@media screen and (prefers-color-scheme:dark){");
		add_rules(s, THEME_DARK);
		sb_adds(s->out, "}");
	}
	sb_adds(s->out, "</style>\n");
	add_defs(s);
	sb_adds(s->out, "<rect class=\"fFFFFFF\" width=\"100%\" height=\"100%\"/>\n");
}

static void
add_class(struct svg *s, const struct prim *q, bool stroke)
{
	sb_addf(s->out, " class=\"%c%06X\"", stroke ? 's' : 'f', (unsigned)(q->rgba >> 8));
	if ((q->rgba & 0xff) != 0xff)
		add_attr(s, stroke ? "stroke-opacity" : "fill-opacity", (q->rgba & 0xff) / 255.0);
	if (q->clip)
		sb_addf(s->out, " clip-path=\"url(#c%08x-%zu)\"", s->id, clip_of(s, q));
}

static void
add_path(struct svg *s, const struct prim *q)
{
	int decimals = q->n > MANY ? 1 : 2;
	bool pen_down = false;
	size_t i;

	sb_adds(s->out, " d=\"");
	for (i = 0; i < q->n; i++) {
		if (isnan(q->point[i].y)) {
			pen_down = false;
			continue;
		}
		sb_addc(s->out, pen_down ? 'L' : 'M');
		add_fixed(s->out, q->point[i].x, decimals);
		sb_addc(s->out, ' ');
		add_fixed(s->out, q->point[i].y, decimals);
		pen_down = true;
	}
	if (q->kind == PRIM_AREA)
		sb_addc(s->out, 'Z');
	sb_addc(s->out, '"');
}

static void
add_line(struct svg *s, const struct prim *q)
{
	bool rule = q->n == 2 && !q->clip && (q->point[0].x == q->point[1].x || q->point[0].y == q->point[1].y);

	sb_adds(s->out, "<path fill=\"none\"");
	add_class(s, q, true);
	add_attr(s, "stroke-width", q->width);
	if (q->dash > 0) {
		sb_adds(s->out, " stroke-dasharray=\"");
		add_num(s->out, q->dash);
		sb_addc(s->out, ' ');
		add_num(s->out, q->space);
		sb_addc(s->out, '"');
	} else if (!rule) {
		sb_adds(s->out, " stroke-linecap=\"round\"");
	}
	if (rule)
		sb_adds(s->out, " shape-rendering=\"crispEdges\"");
	else
		sb_adds(s->out, " stroke-linejoin=\"round\"");
	add_path(s, q);
	sb_adds(s->out, "/>\n");
}

static void
add_text(struct svg *s, const struct prim *q)
{
	static const char *const anchor[] = {
	    [ANCHOR_START] = "start", [ANCHOR_MIDDLE] = "middle", [ANCHOR_END] = "end"};

	sb_addf(s->out, "<text class=\"f%06X%s\"", (unsigned)(q->rgba >> 8), q->halo ? " sFFFFFF" : "");
	add_attr(s, "x", q->x);
	add_attr(s, "y", q->y);
	add_attr(s, "font-size", q->size);
	if (q->bold)
		sb_adds(s->out, " font-weight=\"600\"");
	if (q->anchor != ANCHOR_START)
		sb_addf(s->out, " text-anchor=\"%s\"", anchor[q->anchor]);
	if (q->halo)
		sb_adds(s->out, " style=\"paint-order:stroke;stroke-width:6;stroke-linejoin:round\"");
	add_attr(s, "textLength", fonts_width(s->fonts, q->text, q->size, q->bold));
	sb_adds(s->out, " lengthAdjust=\"spacingAndGlyphs\" xml:space=\"preserve\">");
	clean_xml(s->out, q->text);
	sb_adds(s->out, "</text>\n");
}

static void
add_rect(struct svg *s, const struct prim *q)
{
	sb_adds(s->out, "<rect");
	if (q->kind == PRIM_HATCH)
		sb_addf(s->out, " fill=\"url(#h%08x)\"", s->id);
	else
		add_class(s, q, false);
	add_attr(s, "x", q->x);
	add_attr(s, "y", q->y);
	add_attr(s, "width", q->w);
	add_attr(s, "height", q->h);
	sb_adds(s->out, q->sharp ? " shape-rendering=\"crispEdges\"/>\n" : "/>\n");
}

static void
add_mark(struct svg *s, const struct prim *q)
{
	double z = q->size, x = q->x, y = q->y;
	bool sign = q->mark == MARK_TICK || q->mark == MARK_CROSS;
	struct prim_point at[4] = {{x, y}, {x + z, y + z / 2}, {x, y + z}, {0, 0}};
	struct prim shape = *q;

	shape.point = at;
	shape.n = 3;
	shape.kind = sign ? PRIM_LINE : PRIM_AREA;
	if (q->mark == MARK_DOT) {
		sb_adds(s->out, "<circle");
		add_class(s, q, false);
		add_attr(s, "cx", x);
		add_attr(s, "cy", y);
		add_attr(s, "r", z / 2);
		sb_adds(s->out, "/>\n");
		return;
	}
	if (q->mark == MARK_DOWN || q->mark == MARK_UP) {
		double base = q->mark == MARK_DOWN ? y : y + z;

		at[0] = (struct prim_point){x - z * 0.6, base};
		at[1] = (struct prim_point){x + z * 0.6, base};
		at[2] = (struct prim_point){x, q->mark == MARK_DOWN ? y + z : y};
	} else if (q->mark == MARK_TICK) {
		at[0] = (struct prim_point){x, y - z * 0.45};
		at[1] = (struct prim_point){x + z * 0.35, y - z * 0.1};
		at[2] = (struct prim_point){x + z, y - z * 0.8};
	}
	sb_adds(s->out, sign ? "<path fill=\"none\" stroke-linecap=\"round\" stroke-linejoin=\"round\"" : "<path");
	add_class(s, q, sign);
	if (sign)
		add_attr(s, "stroke-width", z / 5);
	if (q->mark == MARK_CROSS) {
		sb_adds(s->out, " d=\"M");
		add_num(s->out, x + z * 0.1);
		sb_addc(s->out, ' ');
		add_num(s->out, y - z * 0.8);
		sb_adds(s->out, "l");
		add_num(s->out, z * 0.7);
		sb_addc(s->out, ' ');
		add_num(s->out, z * 0.7);
		sb_adds(s->out, "m0 ");
		add_num(s->out, -z * 0.7);
		sb_adds(s->out, "l");
		add_num(s->out, -z * 0.7);
		sb_addc(s->out, ' ');
		add_num(s->out, z * 0.7);
		sb_addc(s->out, '"');
	} else {
		add_path(s, &shape);
	}
	sb_adds(s->out, "/>\n");
}

void
picture_svg(const struct picture *p, struct fonts *f, enum theme theme, struct sb *out)
{
	struct svg s = {.p = p, .fonts = f, .out = out};
	size_t i;

	survey(&s);
	add_head(&s, theme);
	for (i = 0; i < p->n; i++) {
		const struct prim *q = &p->prim[i];

		switch (q->kind) {
		case PRIM_RECT:
		case PRIM_HATCH:
			add_rect(&s, q);
			break;
		case PRIM_LINE:
			if (q->n > 0)
				add_line(&s, q);
			break;
		case PRIM_AREA:
			sb_adds(out, "<path");
			add_class(&s, q, false);
			add_path(&s, q);
			sb_adds(out, "/>\n");
			break;
		case PRIM_TEXT:
			add_text(&s, q);
			break;
		case PRIM_MARK:
			add_mark(&s, q);
			break;
		}
	}
	sb_adds(out, "</svg>\n");
	vec_free(&s.colours);
	vec_free(&s.clips);
}
