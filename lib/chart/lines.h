/*
 * lines - series from lines of text: what soak-query prints, or any table with times in front.
 */
#ifndef SOAK_CHART_LINES_H
#define SOAK_CHART_LINES_H

#include "base/err.h"
#include "chart/data.h"

struct chart_lines_series {
	struct sv name;
	struct chart_point *point; /* in order of x, equal ones as they came */
	size_t n;
};

struct chart_lines {
	struct chart_lines_series *v;
	size_t n;
	bool times;  /* the first column is a time (x in ms); else a number */
	bool rows;   /* the first column is a name: x counts rows, label has them, and v is one series a column */
	struct sv *label;
	size_t n_labels;
};

/*
 * Columns are separated by tabs, or commas (RFC 4180 quotes), or blanks; what has none is "time value". Long form: a
 * header "time value series" or a third column that is no number. Wide form: time, then one column a series, named by the
 * header where there is one. The first column is RFC 3339, Unix seconds (milliseconds beyond 1e11), a plain number where
 * one is below 1e8, or a name. Empty, "NaN" and "-" values are no samples but gaps. Lines that begin with '#' are skipped. -1 with
 * e set, "NAME:LINE: what". All is the arena's; name is for errors.
 */
int chart_lines(const char *name, struct sv text, struct arena *a, struct chart_lines *out, struct err *e);

#endif
