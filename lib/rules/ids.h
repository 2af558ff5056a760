/*
 * ids - label sets to numbers 0, 1, 2 ... in the order in which they were first asked for.
 */
#ifndef SOAK_RULES_IDS_H
#define SOAK_RULES_IDS_H

#include "base/labels.h"
#include "base/mem.h"

struct ids {
	struct arena arena;
	VEC(struct ids_key { struct sv name; struct labels labels; }) key;
	size_t *slot, slots; /* number + 1; 0 free */
};

/* The number of a name with labels; *fresh: it is new. The labels are copied. */
size_t ids_of(struct ids *ids, struct sv name, const struct labels *l, bool *fresh);
void ids_free(struct ids *ids);

#endif
