/*
 * style - the house style (charts.md 7): colours, sizes, themes.
 *
 * Charts are laid out in the colours of the light theme; a painter asks style_themed() for those of another.
 */
#ifndef SOAK_CHART_STYLE_H
#define SOAK_CHART_STYLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

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
#define PAPER 0xFFFFFFFFu
#define ORANGE 0xDC771DFFu
#define PASS_FILL 0xDCEFE8FFu
#define PASS_TEXT 0x006B4FFFu
#define NEAR_FILL 0xFCE9C4FFu
#define NEAR_TEXT 0x7A4B00FFu
#define STATE_CALM 0x9CB3C4FFu /* a breaker that is closed */
#define TEXT_SIZE 11.5
#define NOTE_SIZE 10.5
#define TICK_SIZE 11
#define FOOTER_SIZE 9.5
#define EDGE 12 /* of the canvas that stays empty at the left and right */

#define STYLE_SERIES 7 /* colours of series; what comes after them is drawn dashed */

enum theme { THEME_LIGHT, THEME_DARK, THEME_PRINT };

/* "light", "dark", "print"; false: none of them. */
bool style_theme(struct sv name, enum theme *out);
uint32_t style_themed(enum theme theme, uint32_t rgba);

/* The i-th series' colour, and the same dark enough for text. */
uint32_t style_series(size_t i);
uint32_t style_series_text(uint32_t series_colour);
/* 0..1 on the sequential ramp, in STYLE_RAMP steps: heat maps. */
#define STYLE_RAMP 24
uint32_t style_ramp(double v);
/* The colour, darker where it takes that to have a contrast of at least want to white. */
uint32_t style_legible(uint32_t rgba, double want);
/* Is white (not ink) the text colour to put over it? */
bool style_wants_white(uint32_t rgba);
/* "#1a2b3c", "red", "semi-dark-orange", "rgb(1, 2, 3)", "rgba(...)" as dashboards write colours; false: unknown. */
bool style_colour(struct sv name, uint32_t *out);

#endif
