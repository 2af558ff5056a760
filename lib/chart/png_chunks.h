/*
 * png_chunks - the parts of a PNG file beside its pixels. Private to lib/chart.
 */
#ifndef SOAK_CHART_PNG_CHUNKS_H
#define SOAK_CHART_PNG_CHUNKS_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

/* Signature and IHDR of a picture with 8 bits of red, green and blue. Appends. */
void png_head_add(uint32_t width, uint32_t height, struct sb *out);
void png_chunk_add(struct sb *out, const char type[4], struct sv data);

/*
 * Appends png to out with chunks after its header: pHYs for scale (1 is 96 dpi), Title and
 * Description as tEXt, or as iTXt where the text does not fit Latin-1, which is all tEXt can hold (PNG, third
 * edition, 11.3.3 and 11.3.4.3). Texts are clean UTF-8; an empty one is left out. 0, or -1 when png is no PNG file.
 */
int png_chunks_add(struct sv png, double scale, struct sv title, struct sv description, struct sb *out,
    struct err *e);

#endif
