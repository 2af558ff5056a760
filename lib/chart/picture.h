/*
 * picture - a display list: what is drawn where, in about eight primitives, before any painter runs.
 *
 * Coordinates are logical pixels, y downwards. The list prints as text, which is what golden tests compare: PNG
 * bytes depend on the versions of cairo and of the fonts, a layout does not.
 */
#ifndef SOAK_CHART_PICTURE_H
#define SOAK_CHART_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "chart/style.h"

enum prim_kind {
	PRIM_RECT,    /* filled */
	PRIM_LINE,    /* stroked polyline; a point with y = NaN breaks it */
	PRIM_AREA,    /* filled polygon */
	PRIM_TEXT,
	PRIM_HATCH,   /* a rectangle hatched at 45 degrees */
	PRIM_MARK,    /* a small shape at a point */
};
enum prim_anchor { ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END };
enum prim_mark { MARK_DOT, MARK_FLAG, MARK_DOWN, MARK_UP, MARK_TICK, MARK_CROSS };

struct prim_point {
	double x, y;
};

struct prim_box {
	double x, y, w, h;
};

struct prim {
	enum prim_kind kind;
	uint32_t rgba;     /* 0xRRGGBBAA */
	double x, y, w, h; /* RECT, HATCH: box; TEXT, MARK: x, y (text: baseline) */
	struct prim_point *point; /* LINE, AREA */
	size_t n;
	double width;      /* LINE: stroke width */
	double dash, space; /* LINE: 0 solid */
	bool clip;         /* to clip_to */
	const struct prim_box *clip_to; /* NULL: the plot rectangle */
	bool sharp;        /* RECT: no antialiasing, for cells side by side */
	struct sv text;    /* TEXT */
	double size;
	bool bold, halo;   /* halo: a background outline so that text over data stays readable */
	enum prim_anchor anchor;
	enum prim_mark mark;
};

struct picture {
	struct arena arena;
	double width, height;
	double plot_x, plot_y, plot_w, plot_h; /* the plot rectangle, on whole pixels */
	int64_t when; /* the end of the data, ms: what a PDF says it was made at; TIME_NONE unknown */
	struct sv title, alt; /* alt: what a person who cannot see it should know, from the data */
	struct prim *prim;
	size_t n, cap;
};

/* A new primitive at the end of the list (zeroed but for its kind); valid until the next call. */
struct prim *picture_add(struct picture *p, enum prim_kind kind);
void picture_free(struct picture *p);
/* What a primitive is clipped to. */
struct prim_box picture_clip(const struct picture *p, const struct prim *q);
/* A copy of all of part's primitives at (x, y) on p. Texts and points stay part's: free it after p. */
void picture_place(struct picture *p, const struct picture *part, double x, double y);

/* The list as text, one primitive a line, numbers with two decimals. Appends. */
void picture_text(const struct picture *p, struct sb *out);

/* Widths of texts, so that layout can measure before it places. */
struct fonts;
/* Loads the house fonts through a private fontconfig: no system configuration takes part. NULL with e set. */
struct fonts *fonts_open(struct err *e);
void fonts_close(struct fonts *f); /* NULL is fine */
double fonts_width(struct fonts *f, struct sv text, double size, bool bold);
/* What was loaded, for the record: "Inter 4.0". Borrowed. */
const char *fonts_name(const struct fonts *f);

#define PICTURE_MAX 20000 /* logical pixels wide or high */

/*
 * Paints as PNG at a scale (2 = double resolution, with pHYs), with tEXt Title and Description. Appends the file's
 * bytes. Same picture, same libraries: same bytes. 0 or -1.
 */
int picture_png(const struct picture *p, struct fonts *f, enum theme theme, double scale, struct sb *out, struct err *e);
/* The same as PDF, 0.75 points a pixel, fonts embedded, dated p->when. */
int picture_pdf(const struct picture *p, struct fonts *f, enum theme theme, struct sb *out, struct err *e);
/*
 * As SVG: text is <text>, with title, desc and role for screen readers. In the light theme it follows what the reader
 * prefers (CSS, prefers-color-scheme); dark and print are fixed. Appends.
 */
void picture_svg(const struct picture *p, struct fonts *f, enum theme theme, struct sb *out);

#endif
