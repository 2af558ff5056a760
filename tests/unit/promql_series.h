/*
 * promql_series - samples for tests of PromQL, in memory, from the notation of Prometheus' own tests:
 *
 *	load 30s
 *	  up{job="a"} 1 1 _ stale NaN
 *	  reqs{job="a"} 0+10x20 3x2 _x3
 *
 * _ no sample, _xN N times none, V a value, VxN and V+DxN, V-DxN N+1 values, stale a stale marker. The first stands at 0.
 * Several "load" lines may follow each other.
 */
#ifndef PROMQL_SERIES_H
#define PROMQL_SERIES_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "promql/promql.h"

struct loaded {
	struct pq_series series;
	struct pq_sample *v;
	size_t n, cap;
};

struct memory_source {
	struct pq_source src;
	struct arena a;
	struct loaded *v;
	size_t n, cap;
};

static int
memory_order(const void *a, const void *b)
{
	const struct pq_series *x = a, *y = b;
	int c = sv_cmp(x->name, y->name);

	return c != 0 ? c : labels_cmp(&x->labels, &y->labels);
}

static int
memory_series(struct pq_source *src, const struct pq_selector *sel, struct arena *a, struct pq_series **out, size_t *n,
    struct err *e)
{
	struct memory_source *m = (struct memory_source *)src;
	size_t i;
	int rc = 0;

	*n = 0;
	*out = arena_new(a, m->n, sizeof(**out));
	for (i = 0; i < m->n && rc >= 0; i++) {
		rc = pq_matches(sel, m->v[i].series.name, &m->v[i].series.labels, e);
		if (rc == 1)
			(*out)[(*n)++] = m->v[i].series;
	}
	if (*n > 1)
		qsort(*out, *n, sizeof(**out), memory_order);
	return rc < 0 ? -1 : 0;
}

static int
memory_samples(struct pq_source *src, const struct pq_series *s, int64_t from, int64_t to, struct arena *a,
    struct pq_sample **out, size_t *n, struct err *e)
{
	const struct loaded *l = &((struct memory_source *)src)->v[s->id];
	size_t i;

	(void)e;
	*n = 0;
	*out = arena_new(a, l->n, sizeof(**out));
	for (i = 0; i < l->n; i++)
		if (l->v[i].t >= from && l->v[i].t <= to)
			(*out)[(*n)++] = l->v[i];
	return 0;
}

/* One item of the notation from place *at on: false when it is none. */
static inline bool
memory_item(struct loaded *l, struct sv item, int64_t *at, int64_t step)
{
	size_t x = sv_chr(item, 'x'), i = x;
	struct sv number = sv_head(item, x);
	bool stale = sv_is(number, "stale");
	double v = NAN, d = 0;
	int64_t times = 0;

	if (x < item.n && !num_parse_int(sv_from(item, x + 1), &times))
		return false;
	if (sv_is(number, "_")) {
		*at += (x < item.n ? times : 1) * step;
		return true;
	}
	for (i = 1; i < x && x < item.n; i++) /* the sign of D, but not that of an exponent */
		if ((item.p[i] == '+' || item.p[i] == '-') && item.p[i - 1] != 'e')
			break;
	if (i < x && x < item.n) {
		number = sv_head(item, i);
		if (!num_parse(sv_from(sv_head(item, x), i), &d))
			return false;
	}
	if (!stale && !num_parse(number, &v))
		return false;
	for (; times >= 0; times--, *at += step, v += d)
		*vec_add(l) = (struct pq_sample){*at, v, stale};
	return true;
}

static inline bool
memory_line(struct memory_source *m, struct sv line, int64_t step)
{
	struct arena *a = &m->a;
	size_t end = sv_chr(line, '}') < line.n ? sv_chr(line, '}') + 1 : sv_chr(line, ' ');
	const struct pq_selector *sel = pq_parse_selector(a, sv_head(line, end), NULL);
	struct loaded *l;
	struct sv rest = sv_trim(sv_from(line, end)), item;
	int64_t at = 0;
	size_t i;

	if (sel == NULL)
		return false;
	l = vec_add(m);
	l->series = (struct pq_series){.name = sel->name, .id = (int64_t)m->n - 1};
	l->series.labels.v = arena_new(a, sel->n, sizeof(struct label));
	for (i = 0; i < sel->n; i++)
		if (!sv_is(sel->v[i].name, "__name__"))
			l->series.labels.v[l->series.labels.n++] = (struct label){sel->v[i].name, sel->v[i].value};
	if (labels_sort(&l->series.labels) < 0)
		return false;
	while (sv_split(&rest, ' ', &item))
		if (item.n > 0 && !memory_item(l, item, &at, step))
			return false;
	return true;
}

/* False when the text is not as it should be. Ends with memory_free(). */
static inline bool
memory_load(struct memory_source *m, const char *text)
{
	struct sv rest = sv_of(text), line;
	int64_t step = 0;

	m->src = (struct pq_source){memory_series, memory_samples};
	while (sv_split(&rest, '\n', &line)) {
		line = sv_trim(line);
		if (line.n == 0)
			continue;
		if (sv_starts(line, "load ")) {
			if (!time_duration(sv_from(line, 5), &step))
				return false;
		} else if (!memory_line(m, line, step)) {
			return false;
		}
	}
	return true;
}

static inline void
memory_free(struct memory_source *m)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		vec_free(&m->v[i]);
	mem_free(m->v);
	arena_free(&m->a);
	*m = (struct memory_source){{0}, {0}, NULL, 0, 0};
}

#endif
