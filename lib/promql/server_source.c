/* A server as a source of series: what the selectors of one expression need, fetched piece by piece. */
#include "promql/server.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "promql/explain.h"

#define MAX_SAMPLES INT64_C(50000000)

/* What one answer had of one series. */
struct segment {
	struct sv name;
	struct labels labels; /* without __name__ */
	const struct pq_point *point;
	size_t n, piece;
};

struct fetch {
	struct pq_server_source *self;
	struct pq_server_selector *want;
	struct arena scratch; /* answers live until they are joined */
	VEC(struct segment) found;
	size_t pieces;
};

/* A new element for each series of an answer. */
static int
take_piece(void *ctx, const struct pq_result *r, int64_t from, int64_t to, struct err *e)
{
	const struct pq_result_series *in;
	struct fetch *f = ctx;
	struct pq_server_source *self = f->self;
	struct segment *s;
	size_t i, k;

	(void)from, (void)to;
	for (i = 0; i < r->n; i++) {
		in = &r->v[i];
		self->held += (int64_t)in->n;
		if (in->n == 0)
			continue;
		s = vec_add(&f->found);
		*s = (struct segment){.labels = {arena_new(&f->scratch, in->labels.n, sizeof(struct label)), 0},
		    .point = in->point, .n = in->n, .piece = f->pieces};
		for (k = 0; k < in->labels.n; k++)
			if (sv_is(in->labels.v[k].name, "__name__"))
				s->name = in->labels.v[k].value;
			else
				s->labels.v[s->labels.n++] = in->labels.v[k];
	}
	f->pieces++;
	if (self->held > self->max_samples)
		return err_set(e, ERR_LIMIT, "query processing would load too many samples into memory: "
		    "more than max-samples, %lld", (long long)self->max_samples);
	if (self->stop != NULL && self->stop(self->stop_ctx))
		return err_set(e, ERR_LIMIT, "query timed out");
	return 0;
}

static int
same_series(const struct segment *a, const struct segment *b)
{
	int c = sv_cmp(a->name, b->name);

	return c != 0 ? c : labels_cmp(&a->labels, &b->labels);
}

static int
by_series(const void *a, const void *b)
{
	const struct segment *x = a, *y = b;
	int c = same_series(x, y);

	return c != 0 ? c : (x->piece > y->piece) - (x->piece < y->piece);
}

/* Pieces are in order of time and do not overlap: one after the other they are a series. */
static struct pq_sample *
join_samples(struct arena *a, const struct segment *s, size_t n, size_t *count)
{
	struct pq_sample *out;
	size_t i, k;

	for (*count = i = 0; i < n; i++)
		*count += s[i].n;
	out = arena_new(a, *count, sizeof(*out));
	for (*count = i = 0; i < n; i++)
		for (k = 0; k < s[i].n; k++)
			out[(*count)++] = (struct pq_sample){s[i].point[k].t, s[i].point[k].v, false};
	return out;
}

static void
join(struct fetch *f)
{
	struct pq_server_selector *w = f->want;
	struct arena *a = &f->self->arena;
	struct segment *s = f->found.v;
	size_t i, same;

	if (f->found.n > 1)
		qsort(s, f->found.n, sizeof(*s), by_series);
	w->series = arena_new(a, f->found.n, sizeof(*w->series));
	w->sample = arena_new(a, f->found.n, sizeof(*w->sample));
	w->n_samples = arena_new(a, f->found.n, sizeof(*w->n_samples));
	for (i = 0; i < f->found.n; i += same) {
		for (same = 1; i + same < f->found.n && same_series(&s[i], &s[i + same]) == 0; same++)
			;
		w->series[w->n] = (struct pq_series){.name = arena_sv(a, s[i].name),
		    .labels = labels_copy(a, &s[i].labels), .id = (int64_t)w->n, .target = w - f->self->v};
		w->sample[w->n] = join_samples(a, &s[i], same, &w->n_samples[w->n]);
		w->n++;
	}
	w->fetched = true;
}

static int
find_series(struct pq_source *src, const struct pq_selector *sel, struct arena *a, struct pq_series **out, size_t *n,
    struct err *e)
{
	struct pq_server_source *self = (struct pq_server_source *)src; /* src is its first member */
	struct fetch f = {.self = self};
	size_t i;
	int rc = 0;

	(void)a;
	for (i = 0; i < self->n && self->v[i].sel != sel; i++)
		;
	if (i == self->n)
		return err_set(e, ERR_USAGE, "%s: a selector that is not part of the expression", self->server->url);
	f.want = &self->v[i];
	if (!f.want->fetched && (rc = pq_server_pieces(self->server, f.want->sel, f.want->from, f.want->to, &f.scratch, take_piece, &f, e)) == 0)
		join(&f);
	vec_free(&f.found);
	arena_free(&f.scratch);
	*out = f.want->series;
	*n = f.want->n;
	return rc;
}

/* The first sample at t or later. */
static size_t
lower_bound(const struct pq_sample *s, size_t n, int64_t t)
{
	size_t low = 0, mid;

	while (low < n) {
		mid = low + (n - low) / 2;
		if (s[mid].t < t)
			low = mid + 1;
		else
			n = mid;
	}
	return low;
}

static int
find_samples(struct pq_source *src, const struct pq_series *s, int64_t from, int64_t to, struct arena *a,
    struct pq_sample **out, size_t *n, struct err *e)
{
	struct pq_server_source *self = (struct pq_server_source *)src;
	const struct pq_server_selector *w = &self->v[s->target];
	struct pq_sample *all = w->sample[s->id];
	size_t count = w->n_samples[s->id], low = lower_bound(all, count, from);

	(void)a, (void)e;
	*out = all + low;
	*n = (to == INT64_MAX ? count : lower_bound(all, count, to + 1)) - low;
	return 0;
}

/* A source of nothing: pq_explain() over it finds only the times that are read. */
static int
no_series(struct pq_source *src, const struct pq_selector *sel, struct arena *a, struct pq_series **out, size_t *n,
    struct err *e)
{
	(void)src, (void)sel, (void)a, (void)e;
	*out = NULL;
	*n = 0;
	return 0;
}

static int
no_samples(struct pq_source *src, const struct pq_series *s, int64_t from, int64_t to, struct arena *a,
    struct pq_sample **out, size_t *n, struct err *e)
{
	(void)src, (void)s, (void)from, (void)to, (void)a, (void)e;
	*out = NULL;
	*n = 0;
	return 0;
}

int
pq_server_source_init(struct pq_server_source *s, struct pq_server *server, const struct pq_expr *x,
    const struct pq_query *q, int64_t earlier, struct err *e)
{
	struct pq_source nothing = {no_series, no_samples};
	struct pq_explanation ex;
	const struct pq_reading *r;
	size_t i;

	*s = (struct pq_server_source){.src = {find_series, find_samples}, .server = server, .stop = q->stop,
	    .stop_ctx = q->stop_ctx, .max_samples = q->max_samples > 0 ? q->max_samples : MAX_SAMPLES};
	if (pq_explain(&nothing, x, q, &s->arena, &ex, e) < 0)
		return -1;
	s->v = arena_new(&s->arena, ex.n, sizeof(*s->v));
	for (i = 0; i < ex.n; i++) {
		r = &ex.v[i];
		s->v[s->n++] = (struct pq_server_selector){.from = r->from - earlier, .to = r->to,
		    .sel = r->x->kind == PQ_RANGE ? r->x->range.selector : r->x->selector};
	}
	return 0;
}

void
pq_server_source_free(struct pq_server_source *s)
{
	arena_free(&s->arena);
}
