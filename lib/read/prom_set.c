#include "read/prom_set.h"

#include <string.h>

#include "base/mem.h"

#define FIRST_CAP 256 /* a power of two */

/* Multiply and fold, eight bytes at a time; each part is preceded by its length. */
static void
mix(struct prom_key *k, uint64_t w)
{
	k->a = (k->a ^ w) * UINT64_C(0x9e3779b97f4a7c15);
	k->a ^= k->a >> 32;
	k->b = (k->b + w) * UINT64_C(0xc2b2ae3d27d4eb4f);
	k->b ^= k->b >> 29;
}

static void
mix_text(struct prom_key *k, struct sv v)
{
	uint64_t w;

	mix(k, v.n);
	for (; v.n >= 8; v = sv_from(v, 8)) {
		memcpy(&w, v.p, 8);
		mix(k, w);
	}
	if (v.n > 0) {
		w = 0;
		memcpy(&w, v.p, v.n);
		mix(k, w);
	}
}

struct prom_key
prom_key(struct sv name, const struct labels *labels)
{
	struct prom_key k = {UINT64_C(0x243f6a8885a308d3), UINT64_C(0x13198a2e03707344)};
	size_t i;

	mix_text(&k, name);
	for (i = 0; labels != NULL && i < labels->n; i++) {
		mix_text(&k, labels->v[i].name);
		mix_text(&k, labels->v[i].value);
	}
	mix(&k, k.a ^ k.b);
	return k;
}

static struct prom_slot *
find(struct prom_slot *slot, size_t cap, struct prom_key key)
{
	size_t i = (size_t)key.a & (cap - 1);

	while (slot[i].used && (slot[i].key.a != key.a || slot[i].key.b != key.b))
		i = (i + 1) & (cap - 1);
	return &slot[i];
}

static void
grow(struct prom_set *s)
{
	size_t cap = s->cap == 0 ? FIRST_CAP : s->cap * 2, i;
	struct prom_slot *slot = mem_new(cap, sizeof(*slot));

	for (i = 0; i < s->cap; i++)
		if (s->slot[i].used)
			*find(slot, cap, s->slot[i].key) = s->slot[i];
	mem_free(s->slot);
	s->slot = slot;
	s->cap = cap;
}

uint32_t *
prom_set_at(struct prom_set *s, struct prom_key key)
{
	struct prom_slot *at;

	if (s->cap == 0)
		grow(s);
	at = find(s->slot, s->cap, key);
	if (at->used)
		return &at->value;
	if (s->n >= s->max)
		return NULL;
	if ((s->n + 1) * 4 > s->cap * 3) {
		grow(s);
		at = find(s->slot, s->cap, key);
	}
	at->key = key;
	at->used = 1;
	s->n++;
	return &at->value;
}

uint32_t
prom_set_get(const struct prom_set *s, struct prom_key key)
{
	return s->cap == 0 ? 0 : find(s->slot, s->cap, key)->value;
}

void
prom_set_free(struct prom_set *s)
{
	mem_free(s->slot);
	s->slot = NULL;
	s->n = s->cap = 0;
}
