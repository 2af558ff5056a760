/*
 * prom_line - one line of the Prometheus text format 0.0.4 or of OpenMetrics 1.0.
 *
 *	struct prom_line l = {0};
 *	if (prom_line_parse(&l, line, e) < 0)
 *		err_prefix(e, "%s:%d", name, line_number);
 *	prom_line_free(&l);
 *
 * The two formats differ in whole files, not in lines, except for the timestamp,
 * which is therefore handed out as text.
 */
#ifndef SOAK_READ_PROM_LINE_H
#define SOAK_READ_PROM_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/labels.h"
#include "base/mem.h"
#include "base/str.h"

enum prom_kind {
	PROM_BLANK,
	PROM_COMMENT, /* any other text after '#' */
	PROM_HELP,
	PROM_TYPE,
	PROM_UNIT,
	PROM_EOF,
	PROM_SAMPLE,
};

struct prom_line {
	enum prom_kind kind;
	struct sv name;       /* of the family or of the sample */
	struct sv text;       /* HELP: decoded; TYPE and UNIT: the word; empty when missing */
	struct labels labels; /* sample: sorted, without empty values */
	double value;
	struct sv stamp;      /* timestamp as written; empty when there is none */
	size_t head;          /* sample: bytes of the line, trimmed, up to the end of name and labels */
	bool braces;          /* the sample has {} */
	bool exemplar;        /* and was followed by " # {...} value [timestamp]" */

	VEC(struct label) room; /* what labels points to */
	struct sb copy;         /* the line, where an escape was decoded in place */
};

/*
 * Parses one line (without its newline; blanks at both ends do not count). Views in *l
 * point into line or *l and are valid until the next call. -1 with e set to what is wrong,
 * without the place.
 */
int prom_line_parse(struct prom_line *l, struct sv line, struct err *e);
void prom_line_free(struct prom_line *l);

/* Timestamp of 0.0.4: whole milliseconds. False: not one, or outside the years 1 to 9999. */
bool prom_stamp_ms(struct sv stamp, int64_t *ms);
/* Timestamp of OpenMetrics: seconds, also with a fraction, rounded to milliseconds. */
bool prom_stamp_seconds(struct sv stamp, int64_t *ms);

#endif
