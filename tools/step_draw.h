/*
 * step_draw - a chart as a file: picture and name.json.
 */
#ifndef SOAK_TOOLS_STEP_DRAW_H
#define SOAK_TOOLS_STEP_DRAW_H

#include "chart/model.h"
#include "store/store.h"

enum step_format { FORMAT_PNG, FORMAT_SVG, FORMAT_PDF, FORMAT_TEXT, FORMAT_JSON };

struct step_draw {
	struct fonts *fonts; /* opened when first needed */
	enum theme theme;
	double scale;
	int format;          /* -1: by the file's name */
};

/* "png", "svg", "pdf", "text", "json"; -1: none of them. */
int step_format(const char *name);
/* By the ending of a file's name, PNG for "-"; -1: it has none of them. */
int step_format_of(const char *path);
/* "png", ...: the ending of the files of a format. */
const char *step_format_ending(int format);
void step_draw_close(struct step_draw *d);
/* Paints what was laid out. Appends. 0 or -1. */
int step_paint(struct step_draw *d, const struct picture *p, int format, struct sb *out, struct err *e);
/*
 * Lays c out and writes it to path ("-": stdout), and path with .json for its ending beside it. The picture's alt text goes to
 * *alt when that is not NULL. 0 or -1.
 */
int step_draw(struct step_draw *d, const struct chart *c, const char *path, struct err *e);

/* The store's events within [from, to] as bands and flags, restarts of its processes among them. 0 or -1. */
int step_marks(struct store *s, int64_t from, int64_t to, struct arena *a, struct chart *c, struct err *e);

#endif
