/*
 * fonts - what the painter needs of the loaded fonts beside their widths. Private to lib/chart.
 */
#ifndef SOAK_CHART_FONTS_H
#define SOAK_CHART_FONTS_H

#include <pango/pangocairo.h>

#include "chart/picture.h"

/*
 * The text as one line, ready to be shown through cr, whose scale counts. Borrowed, valid until the next call. It is always
 * the same cr until fonts_forget().
 */
PangoLayout *fonts_layout(struct fonts *f, cairo_t *cr, struct sv text, double size, bool bold);
void fonts_forget(struct fonts *f);

#endif
