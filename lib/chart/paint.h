/*
 * paint - a display list through cairo, onto whatever surface. Private to lib/chart.
 */
#ifndef SOAK_CHART_PAINT_H
#define SOAK_CHART_PAINT_H

#include <cairo.h>

#include "chart/picture.h"

/* Fills the surface with the theme's paper and draws p, a logical pixel being scale units wide. */
void paint_picture(const struct picture *p, struct fonts *f, enum theme theme, double scale, cairo_t *cr);
/* 0, or -1 with e set: p is too large at that scale, or cairo ended with a status that is no success. */
int paint_size(const struct picture *p, double scale, struct err *e);
int paint_status(cairo_status_t status, const struct picture *p, double scale, struct err *e);

#endif
