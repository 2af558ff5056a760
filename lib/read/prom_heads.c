#include "read/prom_heads.h"

#include <string.h>

#define MAX_HEADS ((size_t)1 << 16)
#define MAX_BYTES ((size_t)4 << 20)

struct prom_head *
prom_heads_guess(struct prom_heads *h, struct sv line)
{
	struct prom_head *one;
	size_t i = h->last;

	for (int k = 0; k < 2 && h->all.n > 0; k++) {
		one = &h->all.v[i];
		if (line.n > one->text.n && memcmp(line.p, one->text.p, one->text.n) == 0) {
			h->last = i;
			return one;
		}
		i = one->next;
	}
	return NULL;
}

struct prom_head *
prom_heads_add(struct prom_heads *h, struct sv text, struct sv name, const struct labels *labels)
{
	struct prom_key key = prom_key(text, NULL);
	struct prom_head *one;
	uint32_t *at;
	size_t i = prom_set_get(&h->at, key);

	if (i == 0) {
		if (h->all.n == MAX_HEADS || text.n > MAX_BYTES - h->bytes)
			return NULL;
		h->at.max = MAX_HEADS;
		if ((at = prom_set_at(&h->at, key)) == NULL)
			return NULL;
		one = vec_add(&h->all);
		*one = (struct prom_head){.text = arena_sv(&h->arena, text), .name = arena_sv(&h->arena, name),
		    .labels = labels_copy(&h->arena, labels)};
		h->bytes += text.n;
		i = h->all.n;
		*at = (uint32_t)i;
	}
	one = &h->all.v[i - 1];
	if (!sv_eq(one->text, text))
		return NULL;
	h->all.v[h->last].next = i - 1;
	h->last = i - 1;
	return one;
}

void
prom_heads_free(struct prom_heads *h)
{
	vec_free(&h->all);
	prom_set_free(&h->at);
	arena_free(&h->arena);
}
