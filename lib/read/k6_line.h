/*
 * k6_line - one line of k6's NDJSON (--out json): what kind it is, and a point's parts.
 */
#ifndef SOAK_READ_K6_LINE_H
#define SOAK_READ_K6_LINE_H

#include "base/arena.h"
#include "base/labels.h"
#include "base/str.h"

/* A point whose line is laid out as k6 does it; views into the line. */
struct k6_point_line {
	struct sv metric, time, value;
	struct sv tail; /* from "tags": to the line's end: mostly the same as in the line before */
};

/* True when the line is laid out so; false says nothing, see k6_line_any(). The tail is not looked into. */
bool k6_line_point(struct sv line, struct k6_point_line *out);

/* Tags of such a tail, owned by the arena. False when it is not the end of such a line. */
bool k6_line_tags(struct arena *a, struct sv tail, struct labels *tags);

enum k6_line { K6_LINE_POINT, K6_LINE_METRIC, K6_LINE_NEITHER };

struct k6_metric_line {
	struct sv name, type, contains;
	struct sv *threshold;
	size_t n_thresholds;
	struct sv *submetric;
	size_t n_submetrics;
};

/*
 * A line of any layout, strictly as JSON; all owned by the arena. K6_LINE_NEITHER: *why says what it is not. Unknown
 * fields are passed over. The value is the text of the number.
 */
enum k6_line k6_line_any(struct arena *a, struct sv line, struct k6_point_line *point, struct labels *tags,
    struct k6_metric_line *metric, const char **why);

#endif
