/*
 * ratio - the parts of the success-rate chart: its data made safe, its line, its notes. Private to lib/chart.
 */
#ifndef SOAK_CHART_RATIO_H
#define SOAK_CHART_RATIO_H

#include "base/mem.h"
#include "chart/chart.h"
#include "chart/scale.h"

/* The house style (charts.md 7). */
#define INK 0x1A1D21FFu
#define GREY 0x5B6470FFu
#define PALE_GREY 0x8A929CFFu
#define GRID 0xE3E6EAFFu
#define NAVY 0x21497BFFu
#define RED 0xB3261EFFu
#define RED_FILL 0xECC9C7FFu /* a quarter of RED, opaque: the same over a band and beside it */
#define AMBER 0xB9770EFFu
#define AMBER_FILL 0xB9770E24u
#define AMBER_TEXT 0x8A5A00FFu
#define HATCH 0x5B647059u
#define DASHED 0xB8BEC6FFu
#define TEXT_SIZE 11.5
#define NOTE_SIZE 10.5
#define TICK_SIZE 11
#define FOOTER_SIZE 9.5
#define EDGE 12 /* of the canvas that stays empty at the left and right */

/* A stretch of the run without a known ratio: never shorter than a millisecond, never beside another. */
struct ratio_gap {
	int64_t from, to;
};

/* What of the given data can be drawn: steps in order, none overlapping, with a length, within the run. */
struct ratio_data {
	const struct chart_ratio *c;
	bool axis;        /* the run has a length and lies in years 1 to 9999 */
	double objective; /* NaN: none */
	const struct chart_step *step; /* values of known steps are finite */
	size_t n;
	size_t known;     /* how many of the steps */
	size_t missed;    /* known and below the objective */
	size_t lowest;    /* index of the first lowest known step; meaningless when known is 0 */
	int64_t lowest_to; /* where the last of the steps right after it ends that are as low */
	size_t ties;      /* how many known steps elsewhere are as low */
	bool flat;        /* every known step has the same value */
	struct ratio_gap *gap;
	size_t n_gaps;
	int64_t no_data;  /* length of all gaps */
};

/* Everything in d is owned by the arena or borrowed from c. */
void ratio_data_make(struct ratio_data *d, const struct chart_ratio *c, struct arena *a);
/* The alt text, from the data alone. */
struct sv ratio_alt(const struct ratio_data *d, struct arena *a);
/* "89.24 % at 18:00–19:00"; for a flat line of more than one step "100 % in all 24 intervals". */
struct sv ratio_lowest_text(const struct ratio_data *d, struct arena *a);

struct box {
	double x0, y0, x1, y1;
};

struct point_list { /* a VEC with a name */
	struct prim_point *v;
	size_t n, cap;
};

/* A chart being laid out. */
struct ratio_layout {
	struct ratio_data d;
	struct fonts *fonts;
	struct picture *p;
	struct scale_values values;
	struct point_list line;            /* as drawn; y = NaN breaks it */
	bool stepped;               /* each value holds over its interval, visibly */
	VEC(struct box) texts;      /* of what is placed so far */
};

bool boxes_meet(struct box a, struct box b);
/* Is text of that size in the way of another? It takes x0..x1 around the baseline y. */
struct box text_box(double x0, double x1, double y, double size);

/* Where an instant and a ratio (cut to what the axis has) lie. */
double ratio_x(const struct ratio_layout *l, int64_t t);
double ratio_y(const struct ratio_layout *l, double value);

/* Appends text and keeps its place in l->texts. */
void ratio_text(struct ratio_layout *l, double x, double y, double size, bool bold, enum prim_anchor anchor,
    uint32_t rgba, struct sv text);
void ratio_rule(struct ratio_layout *l, double x0, double y0, double x1, double y1, double width, uint32_t rgba,
    double dash, double space);

/* Fills in l->line from the steps: at most four points a half pixel column (M4). */
void ratio_trace(struct ratio_layout *l);
/* The areas below the objective, the line, dots where it is too short to be seen, the objective. */
void ratio_draw_line(struct ratio_layout *l);
/* The label of the lowest point: beside it, in the row of notes where that would hide the line, or nowhere. */
void ratio_draw_lowest(struct ratio_layout *l, double notes_baseline);

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
void ratio_place_notes(struct ratio_layout *l, struct notes *notes);
/* Their texts, above the plot and inside wide gaps. */
void ratio_draw_notes(struct ratio_layout *l, const struct notes *notes, double baseline);

/* A gap as it is seen: those too near each other to be told apart are one. */
struct seen_gap {
	double x0, x1;
	int64_t length; /* of the gaps, without what is known between them */
	size_t count;
};
/* Their number; owned by the picture's arena. */
size_t ratio_seen_gaps(const struct ratio_layout *l, struct seen_gap **gap);
/* "no data 54 min" */
struct sv ratio_gap_text(const struct ratio_layout *l, const struct seen_gap *gap);

/* Hatches and bands, which lie under the grid; flags, which lie over the line. */
void ratio_draw_bands(struct ratio_layout *l);
void ratio_draw_flags(struct ratio_layout *l);

#endif
