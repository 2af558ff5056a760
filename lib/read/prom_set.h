/*
 * prom_set - small numbers beside names and series, in bounded memory.
 *
 * A key is 128 bits of hash: two different series meet with a chance below 1e-26 at
 * a million of them. It is no defence against somebody who looks for a collision;
 * who can write the file can leave a line out more easily.
 */
#ifndef SOAK_READ_PROM_SET_H
#define SOAK_READ_PROM_SET_H

#include <stddef.h>
#include <stdint.h>

#include "base/labels.h"
#include "base/str.h"

struct prom_key {
	uint64_t a, b;
};

struct prom_slot {
	struct prom_key key;
	uint32_t used, value;
};

struct prom_set { /* {.max = N} is an empty one */
	struct prom_slot *slot;
	size_t n, cap, max;
};

/* labels may be NULL. */
struct prom_key prom_key(struct sv name, const struct labels *labels);
/*
 * The number beside key, 0 when it was not there yet; valid until the next call.
 * NULL: key is new and the set holds max keys.
 */
uint32_t *prom_set_at(struct prom_set *s, struct prom_key key);
/* The number beside key, 0 also when it is not there; adds nothing. */
uint32_t prom_set_get(const struct prom_set *s, struct prom_key key);
void prom_set_free(struct prom_set *s);

#endif
