/*
 * layouts - one function a kind of chart; chart_layout() calls them. Private to lib/chart.
 */
#ifndef SOAK_CHART_LAYOUTS_H
#define SOAK_CHART_LAYOUTS_H

#include "chart/frame.h"
#include "chart/model.h"

void layout_plot(const struct chart *c, struct fonts *f, struct picture *p);
void layout_heat(const struct chart *c, struct fonts *f, struct picture *p);
void layout_states(const struct chart *c, struct fonts *f, struct picture *p);
void layout_bars(const struct chart *c, struct fonts *f, struct picture *p);
void layout_pairs(const struct chart *c, struct fonts *f, struct picture *p);
void layout_stat(const struct chart *c, struct fonts *f, struct picture *p);
void layout_gauge(const struct chart *c, struct fonts *f, struct picture *p);
void layout_table(const struct chart *c, struct fonts *f, struct picture *p);
void layout_text(const struct chart *c, struct fonts *f, struct picture *p);
/* Not an empty axis, which looks like a fault of the chart, but the finding itself: "no evidence", and why. */
void layout_nothing(const struct chart *c, struct fonts *f, struct picture *p, const char *why);

/* Title, subtitle and footer as far as the height has room; gives the y from which on there is room for more. */
double layout_head(struct frame *f, const struct chart *c);
/* And where it ends. */
double layout_foot(const struct chart *c, const struct picture *p);
/* Text broken into lines no wider than width at blanks and line ends, at most most of them; the arena's. */
size_t layout_lines(struct fonts *f, struct sv text, double size, double width, size_t most, struct arena *a, struct sv **out);

#endif
