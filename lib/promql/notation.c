#include "promql/notation.h"

#include <string.h>

#include "base/clean.h"
#include "base/mem.h"
#include "promql/parse.h"

/* Values being read. */
struct reader {
	struct pq_parser *p; /* for messages */
	struct sv text;
	size_t i;
	VEC(struct pq_note) out;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char
here(const struct reader *r)
{
	return r->i < r->text.n ? r->text.p[r->i] : '\0';
}

static int
bad(struct reader *r, size_t at, const char *expected)
{
	struct sb shown = {0};
	size_t n = 0;

	while (at + n < r->text.n && n < 40 && !is_blank(r->text.p[at + n]))
		n++;
	clean_add(&shown, sv_head(sv_from(r->text, at), n));
	pq_parser_error(r->p, at, "unexpected \"%s\" in series values, expected %s", sb_str(&shown), expected);
	sb_free(&shown);
	return -1;
}

/* A number without a sign: no hexadecimal ("0x3" is three more zeros), no durations. */
static bool
number(struct reader *r, double *v)
{
	size_t from = r->i, at;
	bool duration;

	if ((here(r) | 0x20) == 'i' || (here(r) | 0x20) == 'n') {
		r->i += 3;
		if (r->i > r->text.n || !pq_number(sv_head(sv_from(r->text, from), 3), v, &duration)) {
			r->i = from;
			return false;
		}
		return true;
	}
	for (; is_digit(here(r)) || here(r) == '.' || here(r) == '_' || (here(r) | 0x20) == 'e'; r->i++) {
		at = r->i + 1;
		if ((here(r) | 0x20) == 'e' && at < r->text.n && (r->text.p[at] == '+' || r->text.p[at] == '-'))
			r->i++;
	}
	return r->i > from && pq_number(sv_head(sv_from(r->text, from), r->i - from), v, &duration) && !duration;
}

/* "x12": *n; without it 0 and *given false. */
static bool
times(struct reader *r, int64_t *n, bool *given)
{
	size_t from = r->i + 1;

	*n = 0;
	*given = here(r) == 'x';
	if (!*given)
		return true;
	for (r->i++; is_digit(here(r)); r->i++)
		if (*n <= PQ_NOTES_MAX)
			*n = 10 * *n + (r->text.p[r->i] - '0');
	return r->i > from;
}

static int
put(struct reader *r, struct pq_note first, double d, int64_t n)
{
	if (n > (int64_t)(PQ_NOTES_MAX - r->out.n)) {
		pq_parser_error(r->p, r->i, "more than %d values", PQ_NOTES_MAX);
		if (r->p->e != NULL)
			r->p->e->code = ERR_LIMIT;
		return -1;
	}
	for (; n > 0; n--, first.v += d)
		*vec_add(&r->out) = first;
	return 0;
}

/* From "{{" to after "}}". */
static bool
histogram(struct reader *r)
{
	size_t n = sv_find(sv_from(r->text, r->i), SV("}}"));

	r->i += n + 2;
	return r->i <= r->text.n;
}

static int
histograms(struct reader *r)
{
	size_t from = r->i;
	int64_t n;
	bool given;

	if (!histogram(r))
		return bad(r, from, "\"}}\"");
	if (here(r) == '+' || here(r) == '-') {
		r->i++;
		if (!sv_starts(sv_from(r->text, r->i), "{{") || !histogram(r) || here(r) != 'x')
			return bad(r, from, "a histogram and its times");
	}
	if (!times(r, &n, &given))
		return bad(r, from, "a number of times");
	return put(r, (struct pq_note){PQ_NOTE_HISTOGRAM, 0}, 0, n + 1);
}

static int
value(struct reader *r)
{
	struct pq_note first = {PQ_NOTE_VALUE, 0};
	size_t from = r->i;
	bool minus = here(r) == '-', given;
	double d = 0;
	int64_t n;

	if (sv_starts(sv_from(r->text, r->i), "stale")) {
		first.kind = PQ_NOTE_STALE;
		r->i += 5;
	} else {
		r->i += minus || here(r) == '+';
		if (!number(r, &first.v))
			return bad(r, from, "number or \"stale\"");
		first.v = minus ? -first.v : first.v;
		minus = here(r) == '-';
		if (minus || here(r) == '+') {
			r->i++;
			if (!number(r, &d) || here(r) != 'x')
				return bad(r, from, "a number and its times, as in 1+2x3");
			d = minus ? -d : d;
		}
	}
	if (!times(r, &n, &given))
		return bad(r, from, "a number of times");
	return put(r, first, d, n + 1);
}

static int
item(struct reader *r)
{
	size_t from = r->i;
	int64_t n;
	bool given;

	if (here(r) == '{')
		return histograms(r);
	if (here(r) != '_')
		return value(r);
	r->i++;
	if (!times(r, &n, &given))
		return bad(r, from, "a number of times");
	return put(r, (struct pq_note){PQ_NOTE_NONE, 0}, 0, given ? n : 1);
}

/* The values from byte "from" of the text on. */
static int
values(struct pq_parser *p, struct arena *a, struct sv text, size_t from, struct pq_notation *out)
{
	struct reader r = {.p = p, .text = text, .i = from};
	size_t at;
	int rc = 0;

	while (rc == 0) {
		while (is_blank(here(&r)))
			r.i++;
		if (r.i == text.n)
			break;
		at = r.i;
		rc = item(&r);
		if (rc == 0 && r.i < text.n && !is_blank(here(&r)))
			rc = bad(&r, at, "a blank after each item");
	}
	out->n = r.out.n;
	out->v = arena_keep(a, r.out.v, r.out.n, sizeof(*r.out.v));
	return rc;
}

/* The series at the start of the text; *end: the byte after it. */
static int
series(struct pq_parser *p, struct arena *a, struct pq_notation *out, size_t *end)
{
	struct pq_selector *sel;
	struct sv name = {NULL, 0};
	size_t i;

	if (p->tok.kind != TOK_LBRACE) {
		if (!pq_plain_name(p->tok.text, true))
			return pq_parser_unexpected(p, "series", "metric name or \"{\"");
		name = arena_sv(a, p->tok.text);
		pq_parser_next(p);
	}
	*out = (struct pq_notation){.name = name};
	*end = p->end;
	if (p->tok.kind != TOK_LBRACE || (name.n > 0 && p->tok.at != p->end))
		return 0;
	pq_parser_next(p);
	sel = pq_parser_matchers(p, (struct sv){NULL, 0});
	if (sel == NULL)
		return -1;
	*end = p->tok.at + 1;
	out->labels.v = arena_new(a, sel->n, sizeof(*out->labels.v));
	for (i = 0; i < sel->n; i++) {
		if (sel->v[i].op != PQ_EQ)
			return pq_parser_error(p, 0, "a series has labels, no matchers: only \"=\"");
		if (!sv_is(sel->v[i].name, "__name__"))
			out->labels.v[out->labels.n++] = (struct label){sel->v[i].name, sel->v[i].value};
		else if (out->name.n > 0)
			return pq_parser_error(p, 0, "metric name must not be set twice");
		else
			out->name = sel->v[i].value;
	}
	return labels_sort(&out->labels) == 0 ? 0 : pq_parser_error(p, 0, "a label stands twice");
}

int
pq_notation_parse(struct arena *a, struct sv text, struct pq_notation *out, struct err *e)
{
	struct pq_parser p;
	size_t end = 0;

	*out = (struct pq_notation){0};
	pq_parser_init(&p, a, text, false, e);
	if (series(&p, a, out, &end) < 0)
		return -1;
	if (end < text.n && !is_blank(text.p[end]))
		return pq_parser_error(&p, end, "a blank expected between a series and its values");
	return values(&p, a, text, end, out);
}

int
pq_notation_series(struct arena *a, struct sv text, struct pq_notation *out, struct err *e)
{
	struct pq_parser p;
	size_t end = 0;

	*out = (struct pq_notation){0};
	pq_parser_init(&p, a, text, false, e);
	if (series(&p, a, out, &end) < 0)
		return -1;
	return sv_trim(sv_from(text, end)).n == 0 ? 0 :
	    pq_parser_error(&p, end, "nothing expected after the series");
}

int
pq_notation_values(struct arena *a, struct sv text, struct pq_notation *out, struct err *e)
{
	struct pq_parser p;

	pq_parser_init(&p, a, text, false, e);
	return values(&p, a, text, 0, out);
}
