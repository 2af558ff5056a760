#include "read/prom_line.h"

#include <math.h>
#include <string.h>

#include "base/clean.h"
#include "base/num.h"

#define YEAR_1_MS INT64_C(-62135596800000)
#define YEAR_9999_MS INT64_C(253402300799999)

/* What is left of the line. own: the same bytes, writable, when the line holds a backslash. */
struct scan {
	struct sv rest;
	struct sb *own;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool
is_name(char c)
{
	return is_name_start(c) || (c >= '0' && c <= '9');
}

static char
peek(const struct scan *s)
{
	return s->rest.n == 0 ? '\0' : s->rest.p[0];
}

static void
skip_blanks(struct scan *s)
{
	while (s->rest.n > 0 && is_blank(s->rest.p[0]))
		s->rest = sv_from(s->rest, 1);
}

static bool
take(struct scan *s, char c)
{
	if (s->rest.n == 0 || s->rest.p[0] != c)
		return false;
	s->rest = sv_from(s->rest, 1);
	return true;
}

/* Up to the next blank. */
static struct sv
word(struct scan *s)
{
	struct sv w;
	size_t n = 0;

	while (n < s->rest.n && !is_blank(s->rest.p[n]))
		n++;
	w = sv_head(s->rest, n);
	s->rest = sv_from(s->rest, n);
	return w;
}

/* "what near 'xyz'": the place in the line, harmless to print. */
static int
bad(struct err *e, const char *what, struct sv near)
{
	struct sb shown = {0};

	if (near.n == 0)
		return err_set(e, ERR_INPUT, "%s at the end of the line", what);
	clean_add(&shown, sv_head(near, 40));
	err_set(e, ERR_INPUT, "%s near '%s'", what, sb_str(&shown));
	sb_free(&shown);
	return -1;
}

static bool
is_utf8(struct sv v)
{
	uint32_t c;
	size_t n;

	while (v.n > 0) {
		n = (unsigned char)v.p[0] < 0x80 ? 1 : clean_utf8(v, &c);
		if (n == 0)
			return false;
		v = sv_from(v, n);
	}
	return true;
}

/*
 * Replaces \\ and \n, and \" when quotes is set, in place: the result is never longer.
 * Any other escape stays as written, as the Prometheus server keeps it.
 */
static struct sv
decode(struct scan *s, struct sv v, bool quotes)
{
	size_t first = sv_chr(v, '\\'), i, n;
	char *out;

	if (first == v.n)
		return v;
	out = s->own->buf + (v.p - s->own->buf);
	for (i = n = first; i < v.n; i++) {
		if (v.p[i] == '\\' && i + 1 < v.n) {
			i++;
			if (v.p[i] == 'n')
				out[n++] = '\n';
			else if (v.p[i] == '\\' || (v.p[i] == '"' && quotes))
				out[n++] = v.p[i];
			else {
				out[n++] = '\\';
				out[n++] = v.p[i];
			}
		} else
			out[n++] = v.p[i];
	}
	return sv_head(v, n);
}

/* A quoted string, the opening quote still to come. */
static int
quoted(struct scan *s, struct sv *v, struct err *e)
{
	struct sv from = s->rest;
	size_t n = 1;

	while (n < from.n && from.p[n] != '"')
		n += from.p[n] == '\\' && n + 1 < from.n ? 2 : 1;
	if (n >= from.n)
		return bad(e, "the quote is not closed", from);
	s->rest = sv_from(from, n + 1);
	*v = decode(s, sv_head(sv_from(from, 1), n - 1), true);
	if (!is_utf8(*v))
		return bad(e, "not UTF-8", from);
	return 0;
}

/* A bare or quoted name. colons: a metric's name may hold them. */
static int
name(struct scan *s, bool colons, struct sv *v, struct err *e)
{
	size_t n = 0;

	if (peek(s) == '"') {
		struct sv at = s->rest;

		if (quoted(s, v, e) < 0)
			return -1;
		return v->n == 0 ? bad(e, "empty name", at) : 0;
	}
	while (n < s->rest.n && ((n > 0 ? is_name(s->rest.p[n]) : is_name_start(s->rest.p[n])) ||
	    (colons && s->rest.p[n] == ':')))
		n++;
	if (n == 0)
		return bad(e, colons ? "expected a metric name" : "expected a label name", s->rest);
	*v = sv_head(s->rest, n);
	s->rest = sv_from(s->rest, n);
	return 0;
}

/*
 * What stands between { and }, the { already taken. A quoted string that no '=' follows
 * is the metric's name ({"my.metric","a b"="c"}); metric NULL: there cannot be one.
 */
static int
braces(struct prom_line *l, struct scan *s, struct sv *metric, struct err *e)
{
	struct label *add, got;
	struct sv at;
	bool is_quoted;

	l->room.n = 0;
	for (skip_blanks(s); !take(s, '}'); skip_blanks(s)) {
		at = s->rest;
		is_quoted = peek(s) == '"';
		if (name(s, false, &got.name, e) < 0)
			return -1;
		skip_blanks(s);
		if (take(s, '=')) {
			skip_blanks(s);
			if (peek(s) != '"')
				return bad(e, "expected a quoted label value", s->rest);
			if (quoted(s, &got.value, e) < 0)
				return -1;
			if (sv_is(got.name, "__name__"))
				return bad(e, "__name__ is not a label of its own", at);
			add = vec_add(&l->room);
			*add = got;
		} else if (is_quoted && metric != NULL && metric->n == 0) {
			*metric = got.name;
		} else
			return bad(e, is_quoted && metric != NULL ? "a second metric name" : "expected '='",
			    is_quoted ? at : s->rest);
		skip_blanks(s);
		if (!take(s, ',') && peek(s) != '}')
			return bad(e, "expected ',' or '}'", s->rest);
	}
	return 0;
}

/* Go's "+1" is a number too; num_parse() may be stricter. */
static int
number(struct scan *s, const char *what, double *v, struct err *e)
{
	struct sv at = s->rest, w = word(s);

	if (w.n > 1 && w.p[0] == '+' && (w.p[1] == '.' || (w.p[1] >= '0' && w.p[1] <= '9')))
		w = sv_from(w, 1);
	return num_parse(w, v) ? 0 : bad(e, what, at);
}

/* " # {trace_id="x"} 0.67 1520879607.789", the '#' already taken: checked, not kept. */
static int
exemplar(struct prom_line *l, struct scan *s, struct err *e)
{
	double v;

	skip_blanks(s);
	if (!take(s, '{'))
		return bad(e, "expected '{' of an exemplar", s->rest);
	if (braces(l, s, NULL, e) < 0)
		return -1;
	skip_blanks(s);
	if (number(s, "the exemplar's value is not a number", &v, e) < 0)
		return -1;
	skip_blanks(s);
	if (s->rest.n > 0 && number(s, "the exemplar's timestamp is not a number", &v, e) < 0)
		return -1;
	skip_blanks(s);
	l->exemplar = true;
	return 0;
}

static int
sample(struct prom_line *l, struct scan *s, struct err *e)
{
	struct prom_line side = {0}; /* the exemplar's labels */
	struct sv at = s->rest;
	int rc = 0;

	l->kind = PROM_SAMPLE;
	if (peek(s) == '"')
		return bad(e, "a quoted metric name stands inside {}", at);
	if (peek(s) != '{' && name(s, true, &l->name, e) < 0)
		return -1;
	skip_blanks(s);
	l->room.n = 0;
	if (take(s, '{')) {
		l->braces = true;
		if (braces(l, s, &l->name, e) < 0)
			return -1;
		skip_blanks(s);
	} else if (s->rest.n > 0 && !is_blank(s->rest.p[-1]))
		return bad(e, "unexpected character in a metric name", s->rest);
	if (l->name.n == 0)
		return bad(e, "no metric name", at);
	l->head = sv_trim(sv_head(at, (size_t)(s->rest.p - at.p))).n;
	l->labels = (struct labels){l->room.v, l->room.n};
	if (labels_sort(&l->labels) < 0)
		return bad(e, "a label name stands twice", at);
	if (number(s, "the value is not a number", &l->value, e) < 0)
		return -1;
	skip_blanks(s);
	if (s->rest.n > 0 && peek(s) != '#') {
		l->stamp = word(s);
		skip_blanks(s);
	}
	if (take(s, '#')) {
		rc = exemplar(&side, s, e);
		l->exemplar = side.exemplar;
		prom_line_free(&side);
	}
	if (rc == 0 && s->rest.n > 0)
		return bad(e, "unexpected text after the sample", s->rest);
	return rc;
}

/* The part after '#'. Only HELP, TYPE and UNIT followed by a blank mean anything. */
static int
comment(struct prom_line *l, struct scan *s, struct err *e)
{
	struct sv w;

	skip_blanks(s);
	w = word(s);
	l->kind = sv_is(w, "HELP") ? PROM_HELP : sv_is(w, "TYPE") ? PROM_TYPE :
	    sv_is(w, "UNIT") ? PROM_UNIT : PROM_COMMENT;
	if (l->kind == PROM_COMMENT)
		return 0;
	skip_blanks(s);
	if (name(s, true, &l->name, e) < 0)
		return -1;
	if (s->rest.n > 0 && !is_blank(s->rest.p[0]))
		return bad(e, "unexpected character in a metric name", s->rest);
	skip_blanks(s);
	/* 0.0.4 keeps \" in HELP as it is, OpenMetrics means ": nobody's number depends on it. */
	l->text = l->kind == PROM_HELP ? decode(s, s->rest, false) : word(s);
	if (l->kind == PROM_HELP)
		return 0;
	skip_blanks(s);
	if (s->rest.n > 0)
		return bad(e, "unexpected text after the word", s->rest);
	if (l->kind == PROM_TYPE && l->text.n == 0)
		return bad(e, "no type", s->rest);
	return 0;
}

int
prom_line_parse(struct prom_line *l, struct sv line, struct err *e)
{
	struct scan s = {.rest = sv_trim(line), .own = &l->copy};

	l->kind = PROM_BLANK;
	l->name = l->text = l->stamp = (struct sv){"", 0};
	l->labels = (struct labels){0};
	l->value = 0;
	l->head = 0;
	l->braces = l->exemplar = false;
	if (s.rest.n == 0)
		return 0;
	if (sv_is(s.rest, "# EOF")) {
		l->kind = PROM_EOF;
		return 0;
	}
	if (sv_chr(s.rest, '\\') < s.rest.n) {
		sb_reset(&l->copy);
		sb_addv(&l->copy, s.rest);
		s.rest = sb_sv(&l->copy);
	}
	if (take(&s, '#'))
		return comment(l, &s, e);
	return sample(l, &s, e);
}

void
prom_line_free(struct prom_line *l)
{
	vec_free(&l->room);
	sb_free(&l->copy);
}

/* Whole seconds, or with up to three digits behind the point: what nearly all files have. */
static bool
plain_seconds(struct sv s, int64_t *ms)
{
	int64_t v = 0;
	size_t i, after = 0;
	bool point = false;

	for (i = 0; i < s.n && i < 14; i++) {
		if (s.p[i] == '.' && i > 0 && !point) {
			point = true;
			continue;
		}
		if (s.p[i] < '0' || s.p[i] > '9' || (point && after == 3))
			return false;
		after += point;
		v = v * 10 + (s.p[i] - '0');
	}
	if (i == 0 || i < s.n || (point ? i - 1 - after : i) > 10 || (point && after == 0))
		return false;
	for (; after < 3; after++)
		v *= 10;
	*ms = v;
	return true;
}

bool
prom_stamp_ms(struct sv stamp, int64_t *ms)
{
	return num_parse_int(stamp, ms) && *ms >= YEAR_1_MS && *ms <= YEAR_9999_MS;
}

bool
prom_stamp_seconds(struct sv stamp, int64_t *ms)
{
	double v;

	if (plain_seconds(stamp, ms))
		return true;
	if (stamp.n > 1 && stamp.p[0] == '+')
		stamp = sv_from(stamp, 1);
	if (!num_parse(stamp, &v) || !isfinite(v))
		return false;
	v = round(v * 1000);
	if (!(v >= (double)YEAR_1_MS && v <= (double)YEAR_9999_MS))
		return false;
	*ms = (int64_t)v;
	return true;
}
