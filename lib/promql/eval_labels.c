/* Label sets as evaluation changes and compares them. */
#include "promql/eval_in.h"

#include <string.h>

#include "base/clean.h"
#include "base/mem.h"

bool
pq_label_valid(struct sv name)
{
	bool any = name.n > 0;
	uint32_t c;
	size_t n;

	for (; name.n > 0; name = sv_from(name, n)) {
		n = clean_utf8(name, &c);
		if (n == 0)
			return false;
	}
	return any;
}

bool
pq_names_have(const struct pq_names *names, struct sv name)
{
	size_t i;

	for (i = 0; i < names->n; i++)
		if (sv_eq(names->v[i], name))
			return true;
	return false;
}

/* model/labels and schema: 3.5 drops the type and unit labels wherever it drops the name. */
bool
pq_label_is_name(const struct pq_eval *ev, struct sv name)
{
	return sv_is(name, PQ_NAME) ||
	    (!ev->q->closed_ranges && (sv_is(name, "__type__") || sv_is(name, "__unit__")));
}

struct labels
pq_labels_unnamed(struct pq_eval *ev, const struct labels *l)
{
	struct labels out = {NULL, 0};
	size_t i, n = 0;

	for (i = 0; i < l->n; i++)
		n += !pq_label_is_name(ev, l->v[i].name);
	if (n == l->n)
		return *l;
	out.v = arena_new(&ev->scratch, n, sizeof(*out.v));
	for (i = 0; i < l->n; i++)
		if (!pq_label_is_name(ev, l->v[i].name))
			out.v[out.n++] = l->v[i];
	return out;
}

struct labels
pq_labels_keep(struct arena *a, const struct labels *l, const struct pq_names *names)
{
	struct labels out = {arena_new(a, l->n, sizeof(*out.v)), 0};
	size_t i;

	for (i = 0; i < l->n; i++)
		if (pq_names_have(names, l->v[i].name))
			out.v[out.n++] = l->v[i];
	return out;
}

struct labels
pq_labels_less(struct arena *a, const struct labels *l, const struct pq_names *names, bool name_too)
{
	struct labels out = {arena_new(a, l->n, sizeof(*out.v)), 0};
	size_t i;

	for (i = 0; i < l->n; i++)
		if (!pq_names_have(names, l->v[i].name) && !(name_too && sv_is(l->v[i].name, PQ_NAME)))
			out.v[out.n++] = l->v[i];
	return out;
}

struct labels
pq_labels_set(struct arena *a, const struct labels *l, struct sv name, struct sv value)
{
	struct labels out = {arena_new(a, l->n + 1, sizeof(*out.v)), 0};
	size_t i = 0;

	for (; i < l->n && sv_cmp(l->v[i].name, name) < 0; i++)
		out.v[out.n++] = l->v[i];
	if (value.n > 0)
		out.v[out.n++] = (struct label){name, value};
	if (i < l->n && sv_eq(l->v[i].name, name))
		i++;
	for (; i < l->n; i++)
		out.v[out.n++] = l->v[i];
	return out;
}

struct labels
pq_labels_of(struct arena *a, const struct pq_series *s)
{
	return pq_labels_set(a, &s->labels, SV(PQ_NAME), s->name);
}

/* Lengths before the bytes, so that no two label sets share a key. */
static void
add_label(const struct label *l, struct sb *out)
{
	sb_add(out, &l->name.n, sizeof(l->name.n));
	sb_addv(out, l->name);
	sb_add(out, &l->value.n, sizeof(l->value.n));
	sb_addv(out, l->value);
}

void
pq_signature(const struct labels *l, const struct pq_names *names, bool keep, struct sb *out)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (pq_names_have(names, l->v[i].name) == keep && (keep || !sv_is(l->v[i].name, PQ_NAME)))
			add_label(&l->v[i], out);
}

void
pq_labels_text(const struct labels *l, size_t limit, struct sb *out)
{
	struct labels one = {NULL, 1};
	struct sb shown = {0};
	size_t i;

	sb_addc(out, '{');
	for (i = 0; i < l->n; i++) {
		one.v = &l->v[i];
		sb_reset(&shown);
		labels_show((struct sv){NULL, 0}, &one, &shown);
		sb_adds(out, i > 0 ? ", " : "");
		if (shown.n > limit) {
			sb_adds(out, "...");
			break;
		}
		limit -= shown.n;
		sb_add(out, sb_str(&shown) + 1, shown.n - 2); /* without its braces */
	}
	sb_addc(out, '}');
	sb_free(&shown);
}

struct pq_id {
	struct sv key;
	uint64_t hash;
};

/* FNV-1a, then mixed: slots are taken from the low bits. */
static uint64_t
hash_of(struct sv key)
{
	uint64_t h = UINT64_C(14695981039346656037);
	size_t i;

	for (i = 0; i < key.n; i++)
		h = (h ^ (unsigned char)key.p[i]) * UINT64_C(1099511628211);
	return h ^ h >> 29;
}

/* The slot where key stands or would stand; slots are id + 1, 0 is free. */
static size_t
find_slot(const struct pq_ids *ids, struct sv key, uint64_t hash)
{
	size_t i = (size_t)hash & (ids->slots - 1);
	const struct pq_id *id;

	for (; ids->slot[i] != 0; i = (i + 1) & (ids->slots - 1)) {
		id = &ids->v[ids->slot[i] - 1];
		if (id->hash == hash && sv_eq(id->key, key))
			break;
	}
	return i;
}

static void
more_slots(struct pq_ids *ids)
{
	size_t i, k;

	mem_free(ids->slot);
	ids->slots = ids->slots == 0 ? 64 : 2 * ids->slots;
	ids->slot = mem_new(ids->slots, sizeof(*ids->slot));
	for (i = 0; i < ids->n; i++) {
		k = (size_t)ids->v[i].hash & (ids->slots - 1);
		while (ids->slot[k] != 0)
			k = (k + 1) & (ids->slots - 1);
		ids->slot[k] = i + 1;
	}
}

size_t
pq_ids_of(struct pq_ids *ids, struct sv key)
{
	uint64_t hash = hash_of(key);
	size_t i;

	if (2 * ids->n >= ids->slots)
		more_slots(ids);
	i = find_slot(ids, key, hash);
	if (ids->slot[i] == 0) {
		*vec_add(ids) = (struct pq_id){arena_sv(&ids->a, key), hash};
		ids->slot[i] = ids->n;
	}
	return ids->slot[i] - 1;
}

size_t
pq_ids_labels(struct pq_ids *ids, const struct labels *l)
{
	struct sb key = {0};
	size_t i;

	for (i = 0; i < l->n; i++)
		add_label(&l->v[i], &key);
	i = pq_ids_of(ids, sb_sv(&key));
	sb_free(&key);
	return i;
}

void
pq_ids_free(struct pq_ids *ids)
{
	arena_free(&ids->a);
	mem_free(ids->v);
	mem_free(ids->slot);
	*ids = (struct pq_ids){0};
}
