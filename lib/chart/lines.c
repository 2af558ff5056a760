#include "chart/lines.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"

#define MOST_COLUMNS 1024
#define MILLISECONDS 1e11 /* as Unix seconds that would be in the year 5138 */
#define TOO_EARLY 1e8     /* numbers below are no times: 1973 */

struct series {
	struct sv name;
	VEC(struct chart_point) p;
	bool unordered;
};

struct reader {
	const char *name;
	struct arena *arena;
	struct err *e;
	char separator; /* ' ': any run of blanks */
	bool is_long;
	enum { X_UNKNOWN, X_TIMES, X_NUMBERS, X_NAMES } x;
	size_t line;
	VEC(struct series) series;
	VEC(struct sv) label;
	size_t last;    /* series of the line before */
	size_t *table;  /* hash of names to index + 1 */
	size_t cap;
};

static size_t
hash(struct sv v)
{
	size_t h = 1469598103u, i;

	for (i = 0; i < v.n; i++)
		h = (h ^ (unsigned char)v.p[i]) * 16777619u;
	return h;
}

static void
rehash(struct reader *r)
{
	size_t i, at;

	r->cap = r->cap == 0 ? 64 : 2 * r->cap;
	mem_free(r->table);
	r->table = mem_new(r->cap, sizeof(*r->table));
	for (i = 0; i < r->series.n; i++) {
		for (at = hash(r->series.v[i].name) & (r->cap - 1); r->table[at] != 0; at = (at + 1) & (r->cap - 1))
			;
		r->table[at] = i + 1;
	}
}

static size_t
series_of(struct reader *r, struct sv name)
{
	size_t at;

	if (r->series.n > 0 && sv_eq(r->series.v[r->last].name, name))
		return r->last;
	if (2 * (r->series.n + 1) > r->cap)
		rehash(r);
	for (at = hash(name) & (r->cap - 1); r->table[at] != 0; at = (at + 1) & (r->cap - 1))
		if (sv_eq(r->series.v[r->table[at] - 1].name, name))
			return r->last = r->table[at] - 1;
	vec_add(&r->series)->name = arena_sv(r->arena, name);
	r->table[at] = r->series.n;
	return r->last = r->series.n - 1;
}

/* Up to 15 digits, with or without a point, are a double exactly or divided exactly rounded; the rest is num_parse()'s. */
static bool
number(struct sv v, double *out)
{
	static const double power[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
	uint64_t m = 0;
	size_t i = 0, digits = 0, after = 0;
	bool minus = v.n > 0 && v.p[0] == '-', point = false;

	for (i = minus; i < v.n; i++) {
		if (v.p[i] == '.' && !point && digits > 0) {
			point = true;
			continue;
		}
		if (v.p[i] < '0' || v.p[i] > '9' || digits == 15)
			return num_parse(v, out);
		m = m * 10 + (uint64_t)(v.p[i] - '0');
		digits++;
		after += point;
	}
	if (digits == 0 || (point && after == 0))
		return num_parse(v, out);
	*out = (double)m / power[after];
	if (minus)
		*out = -*out;
	return true;
}

static bool
is_missing(struct sv v)
{
	return v.n == 0 || sv_is(v, "-") || sv_is(v, "NaN") || sv_is(v, "nan") || sv_is(v, "null") || sv_is(v, "n/a");
}

/* One field of *rest; false at its end. Quoted ones of CSV are unquoted into the arena. */
static bool
field_of(struct reader *r, struct sv *rest, struct sv *field)
{
	struct sb text = {0};
	size_t i;

	if (rest->p == NULL)
		return false;
	if (r->separator == ' ') {
		*rest = sv_trim(*rest);
		if (rest->n == 0)
			return false;
		for (i = 0; i < rest->n && rest->p[i] != ' ' && rest->p[i] != '\t'; i++)
			;
		*field = sv_head(*rest, i);
		*rest = sv_from(*rest, i);
		return true;
	}
	if (r->separator != ',' || rest->n == 0 || rest->p[0] != '"') {
		sv_split(rest, r->separator, field);
		return true;
	}
	for (i = 1; i < rest->n; i++) {
		if (rest->p[i] == '"' && i + 1 < rest->n && rest->p[i + 1] == '"')
			i++;
		else if (rest->p[i] == '"')
			break;
		sb_addc(&text, rest->p[i]);
	}
	*field = arena_sv(r->arena, sb_sv(&text));
	sb_free(&text);
	*rest = sv_from(*rest, i + 1);
	if (rest->n > 0 && rest->p[0] == ',')
		*rest = sv_from(*rest, 1);
	else
		rest->p = NULL;
	return true;
}

static int
x_of(struct reader *r, struct sv v, double *x)
{
	int64_t ms;

	if (r->x == X_NAMES) {
		*vec_add(&r->label) = arena_sv(r->arena, v);
		*x = (double)r->label.n - 1;
		return 0;
	}
	if (number(v, x)) {
		if (r->x == X_UNKNOWN)
			r->x = fabs(*x) < TOO_EARLY ? X_NUMBERS : X_TIMES;
		if (r->x == X_TIMES && fabs(*x) < MILLISECONDS)
			*x = round(*x * 1000);
		if (fabs(*x) < 2.5e14)
			return 0;
	} else if (r->x != X_NUMBERS && time_parse(v, &ms)) {
		r->x = X_TIMES;
		*x = (double)ms;
		return 0;
	}
	if (r->x == X_UNKNOWN && r->line <= 2) {
		r->x = X_NAMES;
		return x_of(r, v, x);
	}
	return err_set(r->e, ERR_INPUT, "%s:%zu: '%" SV_FMT "' is no time", r->name, r->line, SV_ARG(sv_head(v, 40)));
}

static void
add(struct reader *r, size_t series, double x, double y)
{
	struct series *s = &r->series.v[series];

	if (s->p.n > 0 && s->p.v[s->p.n - 1].x > x)
		s->unordered = true;
	*vec_add(&s->p) = (struct chart_point){x, y};
}

static int
value_of(struct reader *r, struct sv v, double *y)
{
	if (number(v, y))
		return 0;
	if (is_missing(v)) {
		*y = NAN;
		return 0;
	}
	return err_set(r->e, ERR_INPUT, "%s:%zu: '%" SV_FMT "' is no number", r->name, r->line, SV_ARG(sv_head(v, 40)));
}

static int
read_line(struct reader *r, struct sv line)
{
	struct sv rest = line, first = {NULL, 0}, f;
	double x, y;
	size_t i = 0;

	if (!field_of(r, &rest, &first) || x_of(r, first, &x) < 0)
		return rest.p == NULL && first.p == NULL ? 0 : -1;
	if (r->is_long) {
		struct sv value = {NULL, 0};

		if (!field_of(r, &rest, &value))
			return err_set(r->e, ERR_INPUT, "%s:%zu: a line has a time, a value and a series", r->name, r->line);
		/* The series' name is the rest, whatever stands in it; of CSV a field. */
		if (r->separator == ',') {
			if (!field_of(r, &rest, &f))
				f = SV("");
		} else {
			f = rest.p == NULL ? SV("") : r->separator == ' ' ? sv_trim(rest) : rest;
		}
		if (value_of(r, value, &y) < 0)
			return -1;
		add(r, series_of(r, f), x, y);
		return 0;
	}
	for (; field_of(r, &rest, &f); i++) {
		if (i == MOST_COLUMNS)
			return err_set(r->e, ERR_LIMIT, "%s:%zu: more than %d columns", r->name, r->line, MOST_COLUMNS);
		if (r->separator != ' ')
			f = sv_trim(f);
		while (r->series.n <= i) {
			struct series *s = vec_add(&r->series);

			s->name = r->series.n == 1 ? SV("") : sv_of(arena_fmt(r->arena, "column %zu", r->series.n + 1));
		}
		if (value_of(r, f, &y) < 0)
			return -1;
		add(r, i, x, y);
	}
	return 0;
}

/* The first line decides on the separator and the form; true when it is a header. */
static bool
take_header(struct reader *r, struct sv line, struct sv next)
{
	struct sv rest, f, fields[3] = {{NULL, 0}};
	size_t n = 0;
	double v;
	int64_t t;
	bool header;

	r->separator = sv_chr(line, '\t') < line.n ? '\t' : sv_chr(line, ',') < line.n ? ',' : ' ';
	for (rest = line; n < 3 && field_of(r, &rest, &f); n++)
		fields[n] = sv_trim(f);
	header = n > 1 && !number(fields[1], &v) && !is_missing(fields[1]) && !time_parse(fields[0], &t) && !number(fields[0], &v);
	if (n == 3 && !header && !number(fields[2], &v) && !is_missing(fields[2]))
		r->is_long = true;
	if (!header)
		return false;
	if (n == 3 && sv_is(fields[0], "time") && sv_is(fields[1], "value") && sv_is(fields[2], "series")) {
		r->is_long = true;
		return true;
	}
	/* A header's third column names a series, unless what stands below it is no number. */
	for (rest = next, n = 0; n < 3 && field_of(r, &rest, &f); n++)
		fields[n] = sv_trim(f);
	if (n == 3 && !number(fields[2], &v) && !is_missing(fields[2])) {
		r->is_long = true;
		return true;
	}
	rest = line;
	for (field_of(r, &rest, &f); field_of(r, &rest, &f) && r->series.n < MOST_COLUMNS;)
		vec_add(&r->series)->name = arena_sv(r->arena, sv_trim(f));
	return true;
}

static int
by_x(const void *a, const void *b)
{
	const struct chart_point *p = a, *q = b;

	return (p->x > q->x) - (p->x < q->x);
}

static void
finish(struct reader *r, struct chart_lines *out)
{
	size_t i;

	out->v = arena_new(r->arena, r->series.n, sizeof(*out->v));
	out->n = r->series.n;
	out->times = r->x == X_TIMES;
	out->rows = r->x == X_NAMES;
	for (i = 0; i < r->series.n; i++) {
		struct series *s = &r->series.v[i];

		if (s->unordered)
			qsort(s->p.v, s->p.n, sizeof(*s->p.v), by_x);
		if (s->name.n == 0 && r->series.n > 1 && !r->is_long)
			s->name = sv_of(arena_fmt(r->arena, "column %zu", i + 2));
		out->v[i].name = s->name;
		out->v[i].n = s->p.n;
		out->v[i].point = s->p.v; /* moved below: a copy would double what is large */
	}
	out->n_labels = r->label.n;
	out->label = arena_keep(r->arena, r->label.v, r->label.n, sizeof(*r->label.v));
	for (i = 0; i < r->series.n; i++)
		arena_on_free(r->arena, mem_free, r->series.v[i].p.v);
	vec_free(&r->series);
	mem_free(r->table);
}

int
chart_lines(const char *name, struct sv text, struct arena *a, struct chart_lines *out, struct err *e)
{
	struct reader r = {.name = name, .arena = a, .e = e};
	struct sv rest = text, line;
	bool started = false;
	int rc = 0;

	*out = (struct chart_lines){.n = 0};
	while (rc == 0 && rest.p != NULL && sv_split(&rest, '\n', &line)) {
		r.line++;
		if (line.n > 0 && line.p[line.n - 1] == '\r')
			line.n--;
		if (line.n == 0 || line.p[0] == '#')
			continue;
		if (!started) {
			struct sv after = rest, next = {NULL, 0};

			started = true;
			if (after.p != NULL)
				sv_split(&after, '\n', &next);
			if (take_header(&r, line, sv_ends(next, "\r") ? sv_head(next, next.n - 1) : next))
				continue;
		}
		rc = read_line(&r, line);
	}
	finish(&r, out);
	return rc;
}
