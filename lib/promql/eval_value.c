/* Rows: a series over the steps. */
#include "promql/eval_in.h"

#include <string.h>

#include "base/mem.h"

static size_t
words(size_t steps)
{
	return (steps + 63) / 64;
}

int
pq_row_grow(struct pq_eval *ev, struct pq_row *r, size_t n)
{
	size_t cap = n > 2 * r->cap ? n : 2 * r->cap, old = words(r->cap);

	if (pq_eval_hold(ev, (int64_t)(cap - r->cap)) < 0)
		return -1;
	r->v = mem_grow(r->v, cap, sizeof(*r->v));
	r->has = mem_grow(r->has, words(cap), sizeof(*r->has));
	memset(r->has + old, 0, (words(cap) - old) * sizeof(*r->has));
	r->cap = cap;
	return 0;
}

int
pq_row_reserve(struct pq_eval *ev, struct pq_row *r, size_t first, size_t n)
{
	r->first = first;
	return r->cap >= n ? 0 : pq_row_grow(ev, r, n);
}

static void
row_free(struct pq_eval *ev, struct pq_row *r)
{
	ev->held -= (int64_t)r->cap;
	mem_free(r->v);
	mem_free(r->has);
	*r = (struct pq_row){.labels = r->labels};
}

void
pq_value_free(struct pq_eval *ev, struct pq_value *v)
{
	size_t i;

	for (i = 0; i < v->n; i++)
		row_free(ev, &v->row[i]);
	mem_free(v->row);
	*v = (struct pq_value){0};
}

void
pq_value_move(struct pq_eval *ev, struct pq_value *to, struct pq_value *from)
{
	pq_value_free(ev, to);
	*to = *from;
	*from = (struct pq_value){0};
}

struct pq_row *
pq_value_add(struct pq_value *v, struct labels l)
{
	v->row = vec_room(v->row, sizeof(*v->row), v->n, &v->cap);
	v->row[v->n].labels = l;
	return &v->row[v->n++];
}

void
pq_value_drop(struct pq_eval *ev, struct pq_value *v, size_t i)
{
	row_free(ev, &v->row[i]);
}

void
pq_value_trim(struct pq_eval *ev, struct pq_value *v)
{
	size_t i, k, n = 0;
	uint64_t any;

	for (i = 0; i < v->n; i++) {
		any = 0;
		for (k = 0; k < words(v->row[i].n) && any == 0; k++)
			any |= v->row[i].has[k];
		if (any != 0)
			v->row[n++] = v->row[i];
		else
			row_free(ev, &v->row[i]);
	}
	v->n = n;
}

/* The samples of *more into *r, which has none of the same steps. */
static int
unite(struct pq_eval *ev, struct pq_row *r, struct pq_row *more)
{
	struct pq_row sum = {.labels = r->labels};
	size_t first = r->first < more->first ? r->first : more->first;
	size_t end = r->first + r->n > more->first + more->n ? r->first + r->n : more->first + more->n;
	size_t i;
	int rc = pq_row_reserve(ev, &sum, first, end - first);

	for (i = first; rc == 0 && i < end; i++) {
		if (pq_row_has(r, i) && pq_row_has(more, i))
			rc = err_set(ev->e, ERR_USAGE,
			    "vector cannot contain metrics with the same labelset");
		else if (pq_row_has(r, i))
			rc = pq_row_put(ev, &sum, i, pq_row_at(r, i));
		else if (pq_row_has(more, i))
			rc = pq_row_put(ev, &sum, i, pq_row_at(more, i));
	}
	row_free(ev, r);
	row_free(ev, more);
	*r = sum;
	return rc;
}

int
pq_value_unite(struct pq_eval *ev, struct pq_value *v)
{
	struct pq_ids ids = {0};
	size_t i, k, *owner = mem_new(v->n, sizeof(*owner)), before;
	int rc = 0;

	pq_value_trim(ev, v);
	for (i = 0; i < v->n && rc == 0; i++) {
		before = ids.n;
		k = pq_ids_labels(&ids, &v->row[i].labels);
		if (k == before)
			owner[k] = i;
		else
			rc = unite(ev, &v->row[owner[k]], &v->row[i]);
	}
	if (rc == 0 && ids.n < v->n)
		pq_value_trim(ev, v);
	pq_ids_free(&ids);
	mem_free(owner);
	return rc;
}

int
pq_value_spread(struct pq_eval *ev, struct pq_value *v, size_t n)
{
	size_t i, k;

	pq_value_trim(ev, v);
	if (v->n > 0 && n > (uint64_t)ev->max_samples / v->n) /* before anything of it is held */
		return pq_eval_hold(ev, INT64_MAX);
	for (i = 0; i < v->n; i++) {
		if (pq_row_grow(ev, &v->row[i], n) < 0)
			return -1;
		for (k = 1; k < n; k++)
			if (pq_row_put(ev, &v->row[i], k, v->row[i].v[0]) < 0)
				return -1;
	}
	return 0;
}

int
pq_value_constant(struct pq_eval *ev, struct pq_value *out, size_t n, double v)
{
	struct pq_row *r = pq_value_add(out, (struct labels){0});
	size_t i;

	if (pq_row_reserve(ev, r, 0, n) < 0)
		return -1;
	for (i = 0; i < n; i++)
		if (pq_row_put(ev, r, i, v) < 0)
			return -1;
	return 0;
}

int
pq_value_drop_names(struct pq_eval *ev, struct pq_value *v)
{
	size_t i;

	for (i = 0; i < v->n; i++)
		v->row[i].labels = pq_labels_unnamed(ev, &v->row[i].labels);
	return pq_value_unite(ev, v);
}
