/*
 * marks_json - what happened meanwhile, as every chart's name.json has it.
 */
#ifndef SOAK_CHART_MARKS_JSON_H
#define SOAK_CHART_MARKS_JSON_H

#include "base/json.h"
#include "chart/data.h"

/* "windows" and "flags" of the map that is open. */
void chart_json_marks(struct json *j, const struct chart_band *band, size_t n_bands, const struct chart_flag *flag, size_t n_flags);

#endif
