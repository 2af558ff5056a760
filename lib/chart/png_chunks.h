/*
 * png_chunks - what cairo leaves out of a PNG file: its resolution and its texts. Private to lib/chart.
 */
#ifndef SOAK_CHART_PNG_CHUNKS_H
#define SOAK_CHART_PNG_CHUNKS_H

#include "base/err.h"
#include "base/str.h"

/*
 * Appends png (as cairo wrote it) to out with chunks after its header: pHYs for scale (1 is 96 dpi), Title and
 * Description as tEXt, or as iTXt where the text does not fit Latin-1, which is all tEXt can hold (PNG, third
 * edition, 11.3.3 and 11.3.4.3). Texts are clean UTF-8; an empty one is left out. 0, or -1 when png is no PNG file.
 */
int png_chunks_add(struct sv png, double scale, struct sv title, struct sv description, struct sb *out,
    struct err *e);

#endif
