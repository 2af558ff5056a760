/*
 * unit - what a number is a number of, and how people write it. Named as dashboards name units ("bytes", "s", "reqps").
 */
#ifndef SOAK_CHART_UNIT_H
#define SOAK_CHART_UNIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

enum unit_kind {
	UNIT_NUMBER,  /* k M G in front of the suffix */
	UNIT_IEC,     /* Ki Mi Gi, on powers of 1024 */
	UNIT_FIXED,   /* no prefix: percent, degrees */
	UNIT_TIME,    /* the value in seconds: ns to years */
	UNIT_LENGTH,  /* "2 h 3 min": the value in seconds */
	UNIT_CLOCK,   /* "02:03:04": the value in seconds */
	UNIT_DATE,    /* the value in milliseconds since 1970 */
	UNIT_AGO,     /* the same, told from the end of the data */
	UNIT_BOOL,    /* suffix is "yes/no" */
	UNIT_TEXT,    /* as it is */
	UNIT_COUNT,   /* thousands separated */
};

struct unit {
	enum unit_kind kind;
	double factor;            /* the value times this is in the unit's base: 0.001 for ms, 1000 for kbytes */
	struct sv prefix, suffix; /* "$", "B/s"; the suffix follows a prefix letter or stands after a blank */
	int decimals;             /* -1: as many as three significant digits take */
};

/*
 * "", "short", "none": plain numbers. An unknown name is a suffix as it stands, as are "suffix:x", "prefix:$",
 * "si:m", "count:x", "currency:x", "time:FORMAT", "bool:a/b". False only where the name was not known.
 */
bool unit_find(struct sv name, struct unit *out);

/* How an axis or a column writes its numbers, the same for all of them: "694", "1.5 GiB". */
struct unit_form {
	double divide;  /* what is written is v * factor / divide */
	int decimals;
	struct sv text; /* "k", " GiB", " ms", " %": follows each number that is written in full */
};
/* For values up to |most| with steps of that size (0: three significant digits of most). text is the arena's. */
struct unit_form unit_form(const struct unit *u, double most, double step, struct arena *a);
/* One value alone, in its own best form: "1.5 GiB", "250 ms", "n/a" for NaN, "∞". end: for UNIT_AGO. */
struct sv unit_text(const struct unit *u, double v, int64_t end, struct arena *a);
/* A value in a given form, with or without the form's text; minus is U+2212. */
struct sv unit_number(const struct unit *u, const struct unit_form *f, double v, bool full, struct arena *a);

#endif
