#include "promql/store_source.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"

/* The metric name that a series must have, NUL-terminated; NULL when there is no single one. */
static const char *
only_name(const struct pq_selector *sel, struct arena *a)
{
	size_t i;

	for (i = 0; i < sel->n; i++)
		if (sel->v[i].op == PQ_EQ && sv_is(sel->v[i].name, "__name__") &&
		    sv_chr(sel->v[i].value, '\0') == sel->v[i].value.n)
			return arena_str(a, sel->v[i].value);
	return NULL;
}

/* Does the row match? Then it is copied to *s and the arena. 1, 0 or -1. */
static int
take(const struct store_series *row, const struct pq_selector *sel, struct arena *a,
    struct pq_series *s, struct err *e)
{
	struct arena scratch = {0};
	struct labels l = {0};
	int rc;

	if (labels_parse(&scratch, row->labels, &l, e) < 0)
		rc = err_prefix(e, "series %lld", (long long)row->id);
	else
		rc = pq_matches(sel, row->name, &l, e);
	arena_free(&scratch);
	if (rc != 1)
		return rc;
	*s = (struct pq_series){.name = arena_sv(a, row->name), .id = row->id,
	    .target = row->target};
	return labels_parse(a, row->labels, &s->labels, e) < 0 ? -1 : 1;
}

static int
find_series(struct pq_source *src, const struct pq_selector *sel, struct arena *a,
    struct pq_series **out, size_t *n, struct err *e)
{
	struct pq_store_source *self = (struct pq_store_source *)src; /* src is its first member */
	struct store_rows *rows;
	struct store_series row;
	VEC(struct pq_series) found = {0};
	struct k6_found k6 = {NULL, 0};
	struct pq_series one;
	int rc;

	rows = store_series_open(self->store, only_name(sel, a), e);
	if (rows == NULL)
		return -1;
	while ((rc = store_series_next(rows, &row, e)) == 1) {
		rc = take(&row, sel, a, &one, e);
		if (rc < 0)
			break;
		if (rc == 1)
			*vec_add(&found) = one;
	}
	store_rows_close(rows);
	if (rc == 0)
		rc = k6_series_find(self->store, sel, only_name(sel, a), a, &k6, e);
	for (size_t i = 0; i < k6.n; i++)
		*vec_add(&found) = k6.v[i];
	if (rc == 0) {
		*n = found.n;
		*out = arena_new(a, found.n, sizeof(**out));
		if (found.n > 0)
			memcpy(*out, found.v, found.n * sizeof(**out));
		/* The store orders by the labels' JSON, in which {"a":"b"} comes before {}. */
		pq_sort_series(*out, found.n);
	}
	vec_free(&found);
	return rc;
}

/* Samples in the making. */
struct samples {
	VEC(struct pq_sample) found;
};

static void
take_sample(void *ctx, const struct store_point *p)
{
	struct samples *s = ctx;
	bool stale = p->flag == STORE_STALE;

	*vec_add(&s->found) = (struct pq_sample){p->t, stale ? NAN : p->v, stale};
}

static int
find_samples(struct pq_source *src, const struct pq_series *s, int64_t from, int64_t to,
    struct arena *a, struct pq_sample **out, size_t *n, struct err *e)
{
	struct pq_store_source *self = (struct pq_store_source *)src;
	struct samples all = {0};
	int rc;

	if (s->id < 0)
		return k6_series_samples(self->store, &self->k6, s->id, from, to, a, out, n, e);
	rc = store_points_each(self->store, s->id, from, to, take_sample, &all, e);
	if (rc == 0) {
		*n = all.found.n;
		*out = arena_new(a, all.found.n, sizeof(**out));
		if (all.found.n > 0)
			memcpy(*out, all.found.v, all.found.n * sizeof(**out));
	}
	vec_free(&all.found);
	return rc;
}

void
pq_store_source_init(struct pq_store_source *s, struct store *store)
{
	*s = (struct pq_store_source){.src = {find_series, find_samples}, .store = store};
}
