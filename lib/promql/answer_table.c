/* A result for a terminal: numbers to the right, the series last, folded where the terminal ends. */
#include "promql/answer.h"

#include <math.h>
#include <stdio.h>

#include "base/clean.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "promql/answer_in.h"

#define MOST_CELLS 5
#define LEAST_FOLD 24 /* narrower than this the terminal itself folds better */

struct row {
	struct sv cell[MOST_CELLS], series;
};

struct table {
	struct arena arena;
	const char *const *head; /* names of the cells, NULL ends; then the series */
	size_t n_cells;
	VEC(struct row) rows;
};

static struct row *
add_row(struct table *t, const struct labels *l)
{
	struct row *row = vec_add(&t->rows);
	struct sb text = {0};

	pq_answer_series(l, &text);
	row->series = arena_sv(&t->arena, sb_sv(&text));
	sb_free(&text);
	return row;
}

static struct sv
number(struct table *t, double v)
{
	char buf[NUM_TEXT];

	return arena_sv(&t->arena, sv_of(num_text(v, buf)));
}

/* first, min, max, last, points; min and max pass over NaN unless there is nothing else. */
static void
summarise(struct table *t, const struct pq_result_series *s)
{
	struct row *row = add_row(t, &s->labels);
	double min = NAN, max = NAN;
	size_t i;

	for (i = 0; i < s->n; i++) {
		min = isnan(min) || s->point[i].v < min ? s->point[i].v : min;
		max = isnan(max) || s->point[i].v > max ? s->point[i].v : max;
	}
	row->cell[0] = number(t, s->point[0].v);
	row->cell[1] = number(t, min);
	row->cell[2] = number(t, max);
	row->cell[3] = number(t, s->point[s->n - 1].v);
	row->cell[4] = number(t, (double)s->n);
}

/* Cells are ASCII; the last column needs no width. */
static size_t
width(const struct table *t, size_t cell)
{
	size_t i, w = sv_of(t->head[cell]).n;

	for (i = 0; i < t->rows.n; i++)
		w = t->rows.v[i].cell[cell].n > w ? t->rows.v[i].cell[cell].n : w;
	return w;
}

/* How many bytes of v fit into that many characters; a line rather ends behind a comma. */
static size_t
fold(struct sv v, size_t room)
{
	size_t i = 0, chars = 0, comma = 0, n;
	uint32_t c;

	for (; i < v.n && chars < room; chars++) {
		n = clean_utf8(sv_from(v, i), &c);
		i += n == 0 ? 1 : n;
		if (v.p[i - 1] == ',' && chars >= room / 3)
			comma = i;
	}
	return i == v.n || comma == 0 ? i : comma;
}

static void
add_series(struct sv series, size_t indent, size_t columns, struct sb *out)
{
	size_t room = columns > indent + LEAST_FOLD ? columns - indent : series.n + 1, n;

	for (;; series = sv_from(series, n)) {
		n = fold(series, room);
		sb_addv(out, sv_head(series, n));
		sb_addc(out, '\n');
		if (n >= series.n)
			return;
		sb_addf(out, "%*s", (int)indent, "");
	}
}

static void
print(const struct table *t, int columns, struct sb *out)
{
	size_t w[MOST_CELLS] = {0}, i, k, indent = 0;

	for (k = 0; k < t->n_cells; k++) {
		w[k] = width(t, k);
		indent += w[k] + 2;
		sb_addf(out, "%*s  ", (int)w[k], t->head[k]);
	}
	sb_adds(out, "series\n");
	for (i = 0; i < t->rows.n; i++) {
		for (k = 0; k < t->n_cells; k++)
			sb_addf(out, "%*" SV_FMT "  ", (int)w[k], SV_ARG(t->rows.v[i].cell[k]));
		add_series(t->rows.v[i].series, indent, columns > 0 ? (size_t)columns : 0, out);
	}
}

/* The span of all points: "at T", or "T to T". */
static void
add_span(const struct pq_result *r, struct sb *out)
{
	int64_t from = INT64_MAX, to = INT64_MIN;
	char buf[2][TIME_TEXT];
	size_t i;

	for (i = 0; i < r->n; i++)
		if (r->v[i].n > 0) {
			from = r->v[i].point[0].t < from ? r->v[i].point[0].t : from;
			to = r->v[i].point[r->v[i].n - 1].t > to ? r->v[i].point[r->v[i].n - 1].t : to;
		}
	if (from < to)
		sb_addf(out, "%s to %s\n", time_text(from, buf[0]), time_text(to, buf[1]));
	else if (from == to)
		sb_addf(out, "at %s\n", time_text(from, buf[0]));
}

void
pq_answer_table(const struct pq_result *r, int columns, struct sb *out)
{
	static const char *const one[] = {"value"};
	static const char *const many[] = {"first", "min", "max", "last", "points"};
	bool matrix = r->type == PQ_MATRIX;
	struct table t = {.head = matrix ? many : one, .n_cells = matrix ? MOST_CELLS : 1};
	char buf[NUM_TEXT];
	size_t i;

	if (r->type == PQ_STRING) {
		clean_add(out, r->text);
		sb_addc(out, '\n');
		return;
	}
	add_span(r, out);
	if (r->type == PQ_SCALAR) {
		sb_addf(out, "%s\n", r->n > 0 && r->v[0].n > 0 ? num_text(r->v[0].point[0].v, buf) : "");
		return;
	}
	for (i = 0; i < r->n; i++) {
		if (r->v[i].n == 0)
			continue;
		if (matrix)
			summarise(&t, &r->v[i]);
		else
			add_row(&t, &r->v[i].labels)->cell[0] = number(&t, r->v[i].point[0].v);
	}
	if (t.rows.n > 0)
		print(&t, columns, out);
	else
		sb_adds(out, "empty result\n");
	vec_free(&t.rows);
	arena_free(&t.arena);
}
