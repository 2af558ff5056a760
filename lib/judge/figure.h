/*
 * figure - numbers as they are printed, each with an id made from its meaning.
 */
#ifndef SOAK_JUDGE_FIGURE_H
#define SOAK_JUDGE_FIGURE_H

#include "judge/judge.h"

/* A ratio as percent with that many decimals: "99.4419 %". NaN: not known. Texts owned by the arena. */
void figure_ratio(struct arena *a, struct figure *f, const char *id, double value, int decimals);
/* A count, "865 440"; a value that is not whole keeps its digits. NaN: not known. */
void figure_count(struct arena *a, struct figure *f, const char *id, double value);
/* Any number with a text of the caller's. */
void figure_text(struct arena *a, struct figure *f, const char *id, double value, const char *unit,
    struct sv text);
/* Not measured: "n/a". */
void figure_unknown(struct arena *a, struct figure *f, const char *id, const char *unit);

struct json;
/* As a map of verdict.json; without an id null. key NULL: in a list. */
void figure_json(struct json *j, const char *key, const struct figure *f);

/* time_length_text(), owned by the arena. */
const char *figure_length(struct arena *a, int64_t ms);

#endif
