#include "rules/overlay.h"

#include <string.h>

#include "base/time.h"

#define READ_AHEAD TIME_HOUR

/* Samples of a series below, from <= t <= to; a slot of a hash table by id. */
struct overlay_ahead {
	bool used;
	int64_t id, from, to;
	int64_t back, on; /* how far before and behind now it was ever asked for */
	struct pq_sample *v;
	size_t n;
	struct arena arena;
};

static bool
is_hidden(const struct overlay *o, struct sv name)
{
	size_t i;

	for (i = 0; i < o->hidden.n; i++)
		if (sv_eq(o->hidden.v[i], name))
			return true;
	return false;
}

/* What base has for a selector, looked up once. NULL with e set. */
static const struct overlay_lookup *
look_up(struct overlay *o, const struct pq_selector *sel, struct err *e)
{
	struct pq_series *v = NULL;
	struct overlay_lookup *l;
	size_t i, n = 0, k = 0;

	for (i = 0; i < o->lookup.n; i++)
		if (o->lookup.v[i].sel == sel)
			return &o->lookup.v[i];
	if (o->base->series(o->base, sel, &o->arena, &v, &n, e) < 0)
		return NULL;
	for (i = 0; i < n; i++)
		if (!is_hidden(o, v[i].name))
			v[k++] = v[i];
	l = vec_add(&o->lookup);
	*l = (struct overlay_lookup){sel, v, k};
	return l;
}

/* Recorded series have the ids -1, -2, ... */
static int
find_series(struct pq_source *src, const struct pq_selector *sel, struct arena *a, struct pq_series **out, size_t *n,
    struct err *e)
{
	struct overlay *o = (struct overlay *)src; /* src is its first member */
	const struct overlay_lookup *l = look_up(o, sel, e);
	size_t i, below;
	int rc = 0;

	if (l == NULL)
		return -1;
	*out = arena_new(a, l->n + o->recorded.n, sizeof(**out));
	if (l->n > 0)
		memcpy(*out, l->v, l->n * sizeof(**out));
	*n = below = l->n;
	for (i = 0; i < o->recorded.n && rc >= 0; i++) {
		const struct overlay_series *r = &o->recorded.v[i];

		if (sel->name.n > 0 && !sv_eq(sel->name, r->name))
			continue;
		rc = pq_matches(sel, r->name, &r->labels, e);
		if (rc == 1)
			(*out)[(*n)++] = (struct pq_series){.name = r->name, .labels = r->labels, .id = -1 - (int64_t)i};
	}
	if (*n > below)
		pq_sort_series(*out, *n);
	return rc < 0 ? -1 : 0;
}

static struct overlay_ahead *
slot_of(struct overlay_ahead *v, size_t cap, int64_t id)
{
	size_t i = (size_t)((uint64_t)id * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (cap - 1);

	while (v[i].used && v[i].id != id)
		i = (i + 1) & (cap - 1);
	return &v[i];
}

static struct overlay_ahead *
ahead_of(struct overlay *o, int64_t id)
{
	struct overlay_ahead *v, *s;
	size_t i, cap;

	if (o->n_ahead * 2 >= o->cap_ahead) {
		cap = o->cap_ahead > 0 ? o->cap_ahead * 2 : 64;
		v = mem_new(cap, sizeof(*v));
		for (i = 0; i < o->cap_ahead; i++)
			if (o->ahead[i].used)
				*slot_of(v, cap, o->ahead[i].id) = o->ahead[i];
		mem_free(o->ahead);
		o->ahead = v;
		o->cap_ahead = cap;
	}
	s = slot_of(o->ahead, o->cap_ahead, id);
	if (!s->used) {
		*s = (struct overlay_ahead){.used = true, .id = id, .from = 1, .to = 0};
		o->n_ahead++;
	}
	return s;
}

/* The first of v that is not before t. */
static size_t
first_from(const struct pq_sample *v, size_t n, int64_t t)
{
	size_t low = 0, high = n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (v[mid].t < t)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void
cut(struct pq_sample *v, size_t n, int64_t from, int64_t to, struct pq_sample **out, size_t *count)
{
	size_t low = first_from(v, n, from), high = low;

	high = to == INT64_MAX ? n : first_from(v, n, to + 1);
	*out = v + low;
	*count = high > low ? high - low : 0;
}

/* Far times, of those who ask for all there is, are not remembered. */
static bool
is_far(const struct overlay *o, int64_t t)
{
	return t < o->now - 400 * TIME_DAY || t > o->now + 400 * TIME_DAY;
}

static int
find_samples(struct pq_source *src, const struct pq_series *s, int64_t from, int64_t to, struct arena *a,
    struct pq_sample **out, size_t *n, struct err *e)
{
	struct overlay *o = (struct overlay *)src;
	struct overlay_ahead *h;

	if (s->id < 0) {
		struct overlay_series *r = &o->recorded.v[-1 - s->id];

		cut(r->sample.v, r->sample.n, from, to, out, n);
		return 0;
	}
	if (is_far(o, from) || is_far(o, to))
		return o->base->samples(o->base, s, from, to, a, out, n, e);
	h = ahead_of(o, s->id);
	if (from < h->from || to > h->to) {
		h->back = o->now - from > h->back ? o->now - from : h->back;
		h->on = to - o->now > h->on ? to - o->now : h->on;
		arena_free(&h->arena);
		h->v = NULL;
		h->n = 0;
		h->from = 1;
		h->to = 0;
		if (o->base->samples(o->base, s, o->now - h->back, o->now + h->on + READ_AHEAD, &h->arena, &h->v, &h->n, e) < 0)
			return -1;
		h->from = o->now - h->back;
		h->to = o->now + h->on + READ_AHEAD;
	}
	cut(h->v, h->n, from, to, out, n);
	return 0;
}

void
overlay_init(struct overlay *o, struct pq_source *base)
{
	*o = (struct overlay){.src = {find_series, find_samples}, .base = base};
}

void
overlay_free(struct overlay *o)
{
	size_t i;

	for (i = 0; i < o->cap_ahead; i++)
		arena_free(&o->ahead[i].arena);
	mem_free(o->ahead);
	for (i = 0; i < o->recorded.n; i++)
		vec_free(&o->recorded.v[i].sample);
	vec_free(&o->recorded);
	ids_free(&o->ids);
	vec_free(&o->lookup);
	vec_free(&o->hidden);
	arena_free(&o->arena);
}

void
overlay_hide(struct overlay *o, struct sv name)
{
	if (!is_hidden(o, name))
		*vec_add(&o->hidden) = name;
}

size_t
overlay_record(struct overlay *o, struct sv name, const struct labels *labels, const struct pq_sample *s)
{
	struct overlay_series *r;
	bool fresh;
	size_t i = ids_of(&o->ids, name, labels, &fresh);

	if (fresh)
		*vec_add(&o->recorded) = (struct overlay_series){.name = o->ids.key.v[i].name, .labels = o->ids.key.v[i].labels};
	r = &o->recorded.v[i];
	if (r->sample.n == 0 || r->sample.v[r->sample.n - 1].t < s->t)
		*vec_add(&r->sample) = *s;
	return i;
}
