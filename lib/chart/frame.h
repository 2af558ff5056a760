/*
 * frame - what all charts over time share: titles, the time axis, bands, flags, gaps and their labels. Private to lib/chart.
 */
#ifndef SOAK_CHART_FRAME_H
#define SOAK_CHART_FRAME_H

#include "base/mem.h"
#include "chart/data.h"
#include "chart/picture.h"
#include "chart/style.h"

struct box {
	double x0, y0, x1, y1;
};

struct point_list { /* a VEC with a name */
	struct prim_point *v;
	size_t n, cap;
};

/* A chart being laid out. What it points to is borrowed; texts is the caller's to free. */
struct frame {
	struct picture *p; /* with its plot rectangle, once that is known */
	struct fonts *fonts;
	int64_t from, to;
	const struct chart_band *band;
	size_t n_bands;
	const struct chart_flag *flag;
	size_t n_flags;
	const struct chart_gap *gap;
	size_t n_gaps;
	VEC(struct box) texts; /* of what is placed so far */
};

bool boxes_meet(struct box a, struct box b);
/* Is text of that size in the way of another? It takes x0..x1 around the baseline y. */
struct box text_box(double x0, double x1, double y, double size);

/* Where an instant lies (cut to the axis). */
double frame_x(const struct frame *f, int64_t t);

/* Appends text and keeps its place in f->texts. */
void frame_text(struct frame *f, double x, double y, double size, bool bold, enum prim_anchor anchor, uint32_t rgba,
    struct sv text);
void frame_rule(struct frame *f, double x0, double y0, double x1, double y1, double width, uint32_t rgba, double dash,
    double space);
void frame_rect(struct frame *f, enum prim_kind kind, double x0, double y0, double x1, double y1, uint32_t rgba);
void frame_dot(struct frame *f, double x, double y, double size, uint32_t rgba);
/* A box of dashed lines: room for what is not there. */
void frame_dashed_box(struct frame *f, double x0, double y0, double x1, double y1);
double frame_width(const struct frame *f, const char *text, double size, bool bold);

/* Title, subtitle and footer at their places, cut to the canvas. */
void frame_titles(struct frame *f, struct sv title, struct sv subtitle, struct sv footer);
/* The time axis with its two rows of labels below the plot. */
void frame_times(struct frame *f);

/* A label above the plot, or, where there is no room for it, a number that the key explains. */
struct note {
	double x, x1;       /* of the mark; x1 > x for a band or a gap */
	struct sv text;
	double text_width;
	uint32_t rgba;
	bool centred;
	enum { NOTE_TEXT, NOTE_NUMBER, NOTE_DROPPED } how;
	int number;
	bool placed;
	double at, width;   /* left end of what is shown, and how wide it is */
};
struct notes {
	VEC(struct note) note;
	struct sv key;      /* "1 restart   2 reload"; empty: no number is used */
	size_t unlabelled;  /* marks that have neither */
};

/* Decides on the notes; needs the plot's x and width only, since the key decides on its height. */
void frame_place_notes(struct frame *f, struct notes *notes);
/* Their texts, above the plot at baseline and inside wide gaps at inside. */
void frame_draw_notes(struct frame *f, const struct notes *notes, double baseline, double inside);

/* A gap as it is seen: those too near each other to be told apart are one. */
struct seen_gap {
	double x0, x1;
	int64_t length; /* of the gaps, without what is known between them */
	size_t count;
};
/* Their number; owned by the picture's arena. */
size_t frame_seen_gaps(const struct frame *f, struct seen_gap **gap);
/* "no data 54 min" */
struct sv frame_gap_text(const struct frame *f, const struct seen_gap *gap);

/* Hatches and bands, which lie under the grid; flags, which lie over the line. */
void frame_draw_bands(struct frame *f);
void frame_draw_flags(struct frame *f);

/*
 * M4 (Jugel et al., VLDB 2014): of the points in one column the first, the last, the lowest and the highest are kept, in
 * the order of x. A column is half a logical pixel, one device pixel at the usual scale of 2.
 */
struct m4 {
	double number; /* of the column; NaN: no point yet */
	struct prim_point first, low, high, last;
	size_t first_seq, low_seq, high_seq, last_seq;
};
#define M4_COLUMN(x) floor((x) * 2)
void m4_feed(struct point_list *line, struct m4 *c, double x, double y, size_t seq);
void m4_flush(struct point_list *line, struct m4 *c);

#endif
