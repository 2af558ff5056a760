/*
 * words - the texts of a chart: numbers, times and lengths as people read them. Private to lib/chart.
 */
#ifndef SOAK_CHART_WORDS_H
#define SOAK_CHART_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "chart/picture.h"

/* Of a text from an artifact no more than this many bytes are looked at; a label has no room for more. */
#define WORDS_MAX 600

/*
 * "89.24 %": two decimals, or one more than the objective has, and as many more as it takes not to round a value
 * onto the objective (NaN: none), 0 % or 100 % that it does not have.
 */
const char *words_percent(double ratio, double objective, struct arena *a);

/* "18:00–19:00", to the second or millisecond where needed; with the day: "12 Jan 18:00–19:00". UTC. */
const char *words_interval(int64_t from, int64_t to, bool day, struct arena *a);

/* "18:04", with seconds where there are some; with the day "12 Jan 18:04". UTC. */
const char *words_clock(int64_t t, bool day, struct arena *a);

/* time_length_text(), owned by the arena. */
const char *words_length(int64_t ms, struct arena *a);

/* Harmless (clean.h), and its first WORDS_MAX bytes. */
struct sv words_clean(struct sv text, struct arena *a);

/* The same, cut with an ellipsis to be no wider than width. Empty when not even that fits. */
struct sv words_fit(struct sv text, struct fonts *f, double size, bool bold, double width, struct arena *a);

#endif
