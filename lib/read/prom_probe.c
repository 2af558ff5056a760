/*
 * Is it one of the two? The first 200 lines of the head that are not blank are parsed. A line
 * counts for it when it is a HELP, TYPE or UNIT comment, "# EOF" or a sample, against it when
 * it does not parse; other comments count for nothing. It is one of the two when more lines
 * count for it than against, and either a HELP, TYPE, UNIT or EOF line or a sample with {} is
 * among them or nothing counts against it. (So a log's "retries 3" between prose, Markdown's
 * "# Title", SQL, CSV and JSON are not claimed, and a snapshot with a broken line is, so that
 * it becomes a finding.)
 *
 * Which? The first of these that the head can answer (all of its lines are looked at):
 *
 * 1. The first timestamp other than 0. With a fraction, or less than 1e11 in size, it counts
 *    seconds: OpenMetrics (1e11 s is the year 5138). A larger whole number counts the
 *    milliseconds of 0.0.4 (1e11 ms is March 1973). That no "# EOF" is near, as in a long
 *    file, does not matter then, nor that an exporter puts one under 0.0.4.
 * 2. A "# EOF" line: OpenMetrics.
 * 3. A UNIT line, an exemplar, or one of the types info, stateset, unknown, gaugehistogram:
 *    OpenMetrics. The type untyped: 0.0.4. Whichever comes first.
 * 4. TYPE x counter followed by a sample x_total (where x does not end so itself):
 *    OpenMetrics, where the family is named without the suffix.
 * 5. Otherwise 0.0.4. So OpenMetrics that was cut off before its first hint is taken for 0.0.4.
 */
#include "read/prom_probe.h"

#include <math.h>

#include "base/num.h"
#include "read/prom_line.h"
#include "read/read_lines.h"

#define JUDGED_LINES 200

struct hints {
	enum prom_format stamp, type;
	bool eof, total;
	struct sv counter; /* family of the last TYPE line, when a counter; into the head */
};

static enum prom_format
by_stamp(struct sv stamp)
{
	double v;

	if (!num_parse(stamp, &v) || v == 0)
		return PROM_FORMAT_NONE;
	return fabs(v) < 1e11 || sv_chr(stamp, '.') < stamp.n ? PROM_FORMAT_OPENMETRICS :
	    PROM_FORMAT_TEXT;
}

static enum prom_format
by_type(struct sv type)
{
	static const char *const newer[] = {"info", "stateset", "unknown", "gaugehistogram"};
	size_t i;

	if (sv_is(type, "untyped"))
		return PROM_FORMAT_TEXT;
	for (i = 0; i < sizeof(newer) / sizeof(newer[0]); i++)
		if (sv_is(type, newer[i]))
			return PROM_FORMAT_OPENMETRICS;
	return PROM_FORMAT_NONE;
}

static bool
is_total_of(struct sv sample, struct sv family)
{
	return family.n > 0 && sample.n > family.n && sv_eq(sv_head(sample, family.n), family) &&
	    sv_is(sv_from(sample, family.n), "_total");
}

static void
look(struct hints *h, const struct prom_line *l)
{
	if (l->kind == PROM_EOF)
		h->eof = true;
	if (h->type == PROM_FORMAT_NONE)
		h->type = l->kind == PROM_UNIT || l->exemplar ? PROM_FORMAT_OPENMETRICS :
		    l->kind == PROM_TYPE ? by_type(l->text) : PROM_FORMAT_NONE;
	/* A name from an escaped line lies in *l, and is gone with the next line. */
	if (l->kind == PROM_TYPE)
		h->counter = sv_is(l->text, "counter") && l->copy.n == 0 ? l->name :
		    (struct sv){"", 0};
	if (l->kind == PROM_SAMPLE) {
		h->total = h->total || is_total_of(l->name, h->counter);
		if (h->stamp == PROM_FORMAT_NONE)
			h->stamp = by_stamp(l->stamp);
	}
}

static enum prom_format
which(const struct hints *h)
{
	if (h->stamp != PROM_FORMAT_NONE)
		return h->stamp;
	if (h->eof)
		return PROM_FORMAT_OPENMETRICS;
	if (h->type != PROM_FORMAT_NONE)
		return h->type;
	return h->total ? PROM_FORMAT_OPENMETRICS : PROM_FORMAT_TEXT;
}

enum prom_format
prom_probe(struct sv head)
{
	struct hints h = {PROM_FORMAT_NONE, PROM_FORMAT_NONE, false, false, {"", 0}};
	struct prom_line l = {0};
	int good = 0, bad = 0, judged = 0;
	bool sure = false, first, parsed;
	struct sv line;

	for (first = true; read_head_line(&head, first, &line); first = false) {
		sb_reset(&l.copy);
		parsed = prom_line_parse(&l, line, NULL) == 0;
		if (parsed)
			look(&h, &l);
		if ((parsed && l.kind == PROM_BLANK) || ++judged > JUDGED_LINES)
			continue;
		bad += !parsed;
		good += parsed && l.kind != PROM_COMMENT;
		if (parsed && l.kind != PROM_COMMENT && (l.kind != PROM_SAMPLE || l.braces))
			sure = true;
	}
	prom_line_free(&l);
	return good > bad && (sure || bad == 0) ? which(&h) : PROM_FORMAT_NONE;
}
