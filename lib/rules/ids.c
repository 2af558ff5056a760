#include "rules/ids.h"

#include <stdint.h>

static uint64_t
add_hash(uint64_t h, struct sv s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * UINT64_C(0x100000001b3); /* FNV-1a */
	return (h ^ 0xff) * UINT64_C(0x100000001b3);
}

static size_t
slot_of(const struct ids *ids, struct sv name, const struct labels *l)
{
	uint64_t h = add_hash(UINT64_C(0xcbf29ce484222325), name);
	const struct ids_key *k;
	size_t i;

	for (i = 0; i < l->n; i++)
		h = add_hash(add_hash(h, l->v[i].name), l->v[i].value);
	for (i = (size_t)(h ^ h >> 32) & (ids->slots - 1); ids->slot[i] != 0; i = (i + 1) & (ids->slots - 1)) {
		k = &ids->key.v[ids->slot[i] - 1];
		if (sv_eq(k->name, name) && labels_cmp(&k->labels, l) == 0)
			break;
	}
	return i;
}

static void
grow(struct ids *ids)
{
	size_t i;

	ids->slots = ids->slots > 0 ? ids->slots * 2 : 64;
	mem_free(ids->slot);
	ids->slot = mem_new(ids->slots, sizeof(*ids->slot));
	for (i = 0; i < ids->key.n; i++)
		ids->slot[slot_of(ids, ids->key.v[i].name, &ids->key.v[i].labels)] = i + 1;
}

size_t
ids_of(struct ids *ids, struct sv name, const struct labels *l, bool *fresh)
{
	struct ids_key *k;
	size_t i;

	if (ids->key.n * 2 >= ids->slots)
		grow(ids);
	i = slot_of(ids, name, l);
	*fresh = ids->slot[i] == 0;
	if (*fresh) {
		k = vec_add(&ids->key);
		k->name = arena_sv(&ids->arena, name);
		k->labels = labels_copy(&ids->arena, l);
		ids->slot[i] = ids->key.n;
	}
	return ids->slot[i] - 1;
}

void
ids_free(struct ids *ids)
{
	mem_free(ids->slot);
	vec_free(&ids->key);
	arena_free(&ids->arena);
	*ids = (struct ids){0};
}
