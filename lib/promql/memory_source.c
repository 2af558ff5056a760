#include "promql/memory_source.h"

#include <string.h>

#include "promql/eval_in.h"

/* So that no time overflows: 100 years a step, a date of year 285 428 751 at most. */
#define MAX_STEP (INT64_C(36525) * 86400000)
#define MAX_FROM INT64_C(4000000000000000000)

static int
find_series(struct pq_source *src, const struct pq_selector *sel, struct arena *a, struct pq_series **out, size_t *n,
    struct err *e)
{
	struct pq_memory *m = (struct pq_memory *)src; /* src is its first member */
	size_t i;
	int rc = 0;

	*n = 0;
	*out = arena_new(a, m->series.n, sizeof(**out));
	for (i = 0; i < m->series.n && rc >= 0; i++) {
		rc = pq_matches(sel, m->series.v[i].series.name, &m->series.v[i].series.labels, e);
		if (rc == 1)
			(*out)[(*n)++] = m->series.v[i].series;
	}
	pq_sort_series(*out, *n);
	return rc < 0 ? -1 : 0;
}

/* The number of samples before time t. */
static size_t
before(const struct pq_memory_series *s, int64_t t)
{
	size_t low = 0, high = s->n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (s->v[mid].t < t)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static int
find_samples(struct pq_source *src, const struct pq_series *s, int64_t from, int64_t to, struct arena *a,
    struct pq_sample **out, size_t *n, struct err *e)
{
	const struct pq_memory_series *own = &((struct pq_memory *)src)->series.v[s->id];
	size_t first = before(own, from);

	(void)a;
	(void)e;
	*out = own->v + first;
	*n = to < from ? 0 : before(own, to) - first;
	if (first + *n < own->n && own->v[first + *n].t == to)
		++*n;
	return 0;
}

void
pq_memory_init(struct pq_memory *m)
{
	*m = (struct pq_memory){.src = {find_series, find_samples}};
	m->ids = mem_new(1, sizeof(*m->ids));
}

void
pq_memory_free(struct pq_memory *m)
{
	size_t i;

	for (i = 0; i < m->series.n; i++)
		vec_free(&m->series.v[i]);
	vec_free(&m->series);
	if (m->ids != NULL)
		pq_ids_free(m->ids);
	mem_free(m->ids);
	arena_free(&m->a);
	*m = (struct pq_memory){0};
}

static struct pq_memory_series *
series_of(struct pq_memory *m, struct sv name, const struct labels *l)
{
	struct pq_memory_series *s;
	struct sb key = {0};
	size_t i;

	sb_addf(&key, "%zu ", name.n);
	sb_addv(&key, name);
	for (i = 0; i < l->n; i++) {
		sb_addf(&key, " %zu %zu ", l->v[i].name.n, l->v[i].value.n);
		sb_addv(&key, l->v[i].name);
		sb_addv(&key, l->v[i].value);
	}
	i = pq_ids_of(m->ids, sb_sv(&key));
	sb_free(&key);
	if (i < m->series.n)
		return &m->series.v[i];
	s = vec_add(&m->series);
	s->series = (struct pq_series){.name = arena_sv(&m->a, name), .labels = labels_copy(&m->a, l), .id = (int64_t)i};
	return s;
}

/* The same value, bit for bit, so that NaN is NaN and 0 is not -0. */
static bool
same(const struct pq_sample *x, const struct pq_sample *y)
{
	return x->stale == y->stale && (x->stale || memcmp(&x->v, &y->v, sizeof(x->v)) == 0);
}

static int
add(struct pq_memory_series *s, struct pq_sample one, struct err *e)
{
	struct sb shown = {0};
	size_t i = s->n > 0 && s->v[s->n - 1].t < one.t ? s->n : before(s, one.t);

	if (i < s->n && s->v[i].t == one.t) {
		if (same(&s->v[i], &one))
			return 0;
		labels_show(s->series.name, &s->series.labels, &shown);
		err_set(e, ERR_INPUT, "%s has two values at one time", sb_str(&shown));
		sb_free(&shown);
		return -1;
	}
	vec_add(s);
	memmove(s->v + i + 1, s->v + i, (s->n - 1 - i) * sizeof(*s->v));
	s->v[i] = one;
	return 0;
}

int
pq_memory_add(struct pq_memory *m, struct sv name, const struct labels *l, struct pq_sample s, struct err *e)
{
	return add(series_of(m, name, l), s, e);
}

int
pq_memory_load(struct pq_memory *m, const struct pq_notation *n, int64_t from, int64_t step, struct err *e)
{
	struct pq_memory_series *s = series_of(m, n->name, &n->labels);
	struct pq_sample one;
	size_t i;

	if (step < 0 || step > MAX_STEP || from < -MAX_FROM || from > MAX_FROM)
		return err_set(e, ERR_USAGE, "a time is out of bounds");
	for (i = 0; i < n->n; i++) {
		one = (struct pq_sample){from + (int64_t)i * step, n->v[i].v, n->v[i].kind == PQ_NOTE_STALE};
		if (n->v[i].kind == PQ_NOTE_HISTOGRAM)
			m->n_histograms++;
		else if (n->v[i].kind != PQ_NOTE_NONE && add(s, one, e) < 0)
			return -1;
	}
	return 0;
}
