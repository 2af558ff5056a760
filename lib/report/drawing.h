/*
 * drawing - is this SVG one that may stand inside a page? Only what our own charts are made of passes.
 */
#ifndef SOAK_REPORT_DRAWING_H
#define SOAK_REPORT_DRAWING_H

#include "base/err.h"
#include "base/str.h"

/*
 * 0: one <svg> of lib/chart's picture_svg() and nothing else: known elements and attributes with harmless values, nested well, so that
 * nothing in it runs, loads, links or leaves the picture. Else -1 with e set: "name:byte N: what". A run folder may be somebody else's,
 * and a chart is the one part of it that a template does not escape.
 */
int drawing_check(const char *name, struct sv svg, struct err *e);

#endif
