/*
 * What k6 prints on a console: "k6-console". Progress, thresholds and the totals of its summary, also with a CI's time before
 * each line, also in colours; 1.0 and later with its parts (█), 0.x without them. All of it claims, as printed: k6 cuts values
 * to a few digits. Parts of single groups and scenarios are passed over.
 */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "read/emit.h"
#include "read/k6_doc.h"
#include "read/read_lines.h"

#define MAX_LINE ((size_t)1 << 20)

static const char block[] = "\xe2\x96\x88", tick[] = "\xe2\x9c\x93", cross[] = "\xe2\x9c\x97";

/* "running (6m00.2s), 000/070 VUs, 49350 complete and 0 interrupted iterations" */
static bool
is_progress(struct sv line)
{
	return sv_starts(line, "running (") && sv_find(line, SV(" VUs, ")) < line.n &&
	    sv_ends(line, " interrupted iterations");
}

/* Without colours, and without the time that a CI puts before the line. Keeps the blanks at its start. */
static struct sv
plain(struct sb *out, struct sv line)
{
	line = read_no_ansi(line, out);
	/* "2026-11-20T16:13:03.1234567Z ", "[16:13:03] " */
	if (line.n > 20 && line.p[4] == '-' && line.p[10] == 'T' && line.p[13] == ':' && sv_chr(line, ' ') < 36)
		return sv_from(line, sv_chr(line, ' ') + 1);
	if (line.n > 10 && line.p[0] == '[' && line.p[1] >= '0' && line.p[1] <= '9' && sv_find(line, SV("] ")) < 36 &&
	    sv_find(line, SV("] ")) < line.n)
		return sv_from(line, sv_find(line, SV("] ")) + 2);
	return line;
}

static const char *
probe(const struct read_input *in)
{
	struct sv rest = in->head, line;
	struct sb text = {0};
	bool first = true, found = false, points = false;

	for (; read_head_line(&rest, first, &line); first = false) {
		line = sv_trim(plain(&text, line));
		points = points || sv_starts(line, "{\"metric\":") || sv_starts(line, "{\"type\":\"Metric\"");
		found = found || is_progress(line) || (sv_starts(line, block) && sv_ends(line, "TOTAL RESULTS"));
	}
	sb_free(&text);
	return found && !points ? "k6-console" : NULL;
}

enum part { BEFORE, THRESHOLDS, TOTAL, OTHER };

struct console {
	struct k6_teller t;
	enum part part;
	char *metric, *last;  /* the metric that submetrics and thresholds below it belong to; with its tags */
	int64_t line, progress_line;
	bool progress;        /* in the lines below "running (" */
	bool ended;           /* the last of these had a mark: k6 had come to its end */
	int64_t percent;      /* of the least advanced scenario in them */
	struct sb interrupted;
	int64_t claims;
};

static int
printed(struct console *c, struct sv stat, struct sv text, struct err *e)
{
	c->claims++;
	return k6_claim_text(&c->t, "printed", sv_of(c->last), stat, text, NAN, c->line, e);
}

static int
counted(struct console *c, const char *metric, const char *part, struct sv text, struct err *e)
{
	double v;

	if (!num_parse(text, &v))
		return 0;
	c->claims++;
	return k6_claim_text(&c->t, "metric", sv_of(metric), sv_of(part), text, v, c->line, e);
}

static void
set(char **name, struct sv to)
{
	char *text = mem_dup(to.p, to.n);

	mem_free(*name);
	*name = text;
}

/* "{ tool:search }" or "{tool:search}" of the metric above. */
static void
set_submetric(struct console *c, struct sv braces)
{
	struct sb name = {0};

	sb_addf(&name, "%s{%" SV_FMT "}", c->metric, SV_ARG(sv_trim(sv_head(sv_from(braces, 1), braces.n - 2))));
	set(&c->last, sb_sv(&name));
	sb_free(&name);
}

/* "✗ 'p(95)<150' p(95)=163.58ms" */
static int
threshold(struct console *c, struct sv line, bool passed, struct err *e)
{
	struct sv expr, value;
	size_t quote, eq;

	line = sv_from(line, 1);
	/* The quote that a blank follows: the expression itself has none. */
	quote = sv_find(line, SV("' "));
	if (quote == line.n)
		return 0;
	expr = sv_head(line, quote);
	value = sv_trim(sv_from(line, quote + 2));
	c->claims++;
	if (k6_claim_text(&c->t, "threshold", sv_of(c->last), expr, passed ? SV("passed") : SV("crossed"), NAN, c->line, e) < 0)
		return -1;
	eq = sv_chr(value, '=');
	return eq == value.n ? 0 : printed(c, sv_head(value, eq), sv_from(value, eq + 1), e);
}

static int
in_thresholds(struct console *c, struct sv line, struct err *e)
{
	bool passed = sv_starts(line, tick);

	if (passed || sv_starts(line, cross)) {
		line = sv_trim(sv_from(line, sizeof(tick) - 1));
		return sv_starts(line, "'") && c->last != NULL ? threshold(c, line, passed, e) : 0;
	}
	if (sv_starts(line, "{") && sv_ends(line, "}") && c->metric != NULL) {
		set_submetric(c, line);
	} else {
		set(&c->last, line);
		set(&c->metric, sv_head(line, sv_chr(line, '{')));
	}
	return 0;
}

/* "avg=45.84ms min=0s ...", after the first value of a gauge. */
static int
pairs(struct console *c, struct sv values, struct err *e)
{
	struct sv word;
	size_t eq;

	while (sv_split(&values, ' ', &word)) {
		eq = sv_chr(word, '=');
		if (eq > 0 && eq + 1 < word.n && printed(c, sv_head(word, eq), sv_from(word, eq + 1), e) < 0)
			return -1;
	}
	return 0;
}

/* The word after mark in text; "" when it is not there. */
static struct sv
after(struct sv text, const char *mark)
{
	size_t i = sv_find(text, sv_of(mark));

	if (i == text.n)
		return SV("");
	text = sv_trim(sv_from(text, i + strlen(mark)));
	return sv_head(text, sv_chr(text, ' '));
}

/* "7.83%  3939 out of 50252", of 0.x "7.83% ✓ 3939 ✗ 46313" */
static int
rate(struct console *c, struct sv values, struct err *e)
{
	struct sv first = sv_head(values, sv_chr(values, ' ')), rest = sv_trim(sv_from(values, first.n)), passes, fails;
	bool failed = strcmp(c->last, "checks_failed") == 0;

	passes = sv_find(rest, SV(" out of ")) < rest.n ? sv_head(rest, sv_chr(rest, ' ')) : after(rest, tick);
	fails = after(rest, cross);
	if (failed || strcmp(c->last, "checks_succeeded") == 0)
		return counted(c, "checks", failed ? "fails" : "passes", passes, e);
	if (printed(c, SV("rate"), first, e) < 0 || counted(c, c->last, "passes", passes, e) < 0)
		return -1;
	return fails.n > 0 ? counted(c, c->last, "fails", fails, e) : 0;
}

/* "50252  139.528227/s", "37 MB  103 kB/s" */
static int
counter(struct console *c, struct sv values, struct err *e)
{
	size_t i, n = 0;

	if (strcmp(c->last, "checks_total") == 0)
		return counted(c, "checks", "count", sv_head(values, sv_chr(values, ' ')), e);
	/* Two blanks or a word that begins with a digit part the two. */
	for (i = 0; i + 1 < values.n; i++)
		if (values.p[i] == ' ' && values.p[i + 1] >= '0' && values.p[i + 1] <= '9')
			n = i;
	if (n == 0)
		return 0;
	if (printed(c, SV("count"), sv_trim(sv_head(values, n)), e) < 0)
		return -1;
	return printed(c, SV("rate"), sv_trim(sv_from(values, n)), e);
}

/* "    http_reqs..................: 50252    139.528227/s" */
static int
in_total(struct console *c, struct sv line, struct err *e)
{
	size_t dots = sv_find(line, SV("...")), colon;
	struct sv label, values;

	if (dots == line.n)
		return 0;
	for (colon = dots; colon < line.n && line.p[colon] == '.'; colon++)
		;
	if (colon == line.n || line.p[colon] != ':')
		return 0;
	label = sv_trim(sv_head(line, dots));
	if (sv_starts(label, tick) || sv_starts(label, cross))
		label = sv_trim(sv_from(label, sizeof(tick) - 1));
	values = sv_trim(sv_from(line, colon + 1));
	if (label.n == 0 || values.n == 0)
		return 0;
	if (sv_starts(label, "{") && sv_ends(label, "}") && c->metric != NULL) {
		set_submetric(c, label);
	} else {
		set(&c->metric, label);
		set(&c->last, label);
	}
	if (sv_find(values, SV("avg=")) < values.n)
		return pairs(c, values, e);
	if (sv_find(values, SV("min=")) < values.n) {
		if (printed(c, SV("value"), sv_head(values, sv_chr(values, ' ')), e) < 0)
			return -1;
		return pairs(c, sv_from(values, sv_chr(values, ' ')), e);
	}
	if (sv_ends(sv_head(values, sv_chr(values, ' ')), "%"))
		return rate(c, values, e);
	return sv_ends(values, "/s") ? counter(c, values, e) : 0;
}

/* "burst  ✗ [  36% ] 01/10 VUs    1m04.9s/3m0s  51.82 iters/s"; before the end without a mark. */
static void
scenario(struct console *c, struct sv line)
{
	size_t open = sv_chr(line, '['), percent;
	struct sv name = sv_trim(sv_head(line, open));
	bool passed = sv_ends(name, tick), failed = sv_ends(name, cross);
	int64_t done;

	percent = sv_chr(sv_from(line, open), '%');
	if (open == line.n || percent >= line.n - open || !num_parse_int(sv_trim(sv_head(sv_from(line, open + 1), percent - 1)), &done)) {
		c->progress = false;
		return;
	}
	c->ended = passed || failed;
	if (passed || failed)
		name = sv_trim(sv_head(name, name.n - (sizeof(tick) - 1)));
	if (!passed && (failed || done < c->percent))
		sb_addf(&c->interrupted, "%sscenario %" SV_FMT " stopped at %lld %%", c->interrupted.n > 0 ? ", " : "", SV_ARG(name),
		    (long long)done);
}

static int
take(struct console *c, struct sv line, struct err *e)
{
	struct sv text = sv_trim(line);

	if (is_progress(text)) {
		c->progress = true;
		c->progress_line = c->line;
		c->percent = 101; /* what has no mark is under way, also at 100 % */
		c->ended = false;
		sb_reset(&c->interrupted);
		return 0;
	}
	if (text.n == 0)
		return 0;
	if (sv_starts(text, block)) {
		c->progress = false;
		c->part = sv_ends(text, " THRESHOLDS") ? THRESHOLDS : sv_ends(text, " TOTAL RESULTS") ? TOTAL : OTHER;
		return 0;
	}
	if (c->progress) {
		scenario(c, text);
		if (c->progress)
			return 0;
	}
	if (c->part == THRESHOLDS)
		return in_thresholds(c, text, e);
	return c->part == OTHER ? 0 : in_total(c, text, e);
}

static int
finish(struct console *c, struct err *e)
{
	if (k6_fact(&c->t, "summary", SV(""), SV(""), SV("console"), NAN, c->line > 0 ? c->line : 1, e) < 0)
		return -1;
	if (c->progress_line == 0 || (c->ended && c->interrupted.n == 0))
		return 0;
	return k6_claim_text(&c->t, "interrupted", SV(""), SV(""),
	    c->interrupted.n > 0 ? sb_sv(&c->interrupted) : SV("the console ends before k6 did"), NAN, c->progress_line, e);
}

static int
read_k6_console(const struct read_input *in, const struct read_sink *sink, struct err *e)
{
	struct console c = {.t = {.sink = sink}};
	struct sb text = {0}, clean = {0};
	struct io_lines l;
	struct sv line;
	int rc;

	io_lines_init(&l, in->src, MAX_LINE);
	while ((rc = io_lines_next(&l, &line, e)) == 1) {
		c.line = l.line;
		sb_reset(&clean);
		emit_add_text(&clean, plain(&text, l.line == 1 ? read_no_bom(line) : line));
		if ((rc = take(&c, sb_sv(&clean), e)) < 0)
			break;
	}
	if (rc < 0 && e != NULL && e->code == ERR_LIMIT)
		rc = read_lines_failed(&l, in->name, e);
	if (rc == 0)
		rc = finish(&c, e);
	mem_free(c.metric);
	mem_free(c.last);
	sb_free(&c.interrupted);
	sb_free(&c.t.path);
	sb_free(&clean);
	sb_free(&text);
	io_lines_free(&l);
	return rc < 0 ? -1 : 0;
}

const struct reader reader_k6_console = {probe, read_k6_console, {{"k6-console", "What k6 prints: metrics, checks, thresholds"}}};
