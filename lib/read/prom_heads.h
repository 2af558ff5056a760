/*
 * prom_heads - how lines of samples began: the next line of a series is not taken apart again.
 *
 * A head is what stands before the value, name{labels}. The same bytes are the same series; what another series may look
 * like is never asked here. Bounded: beyond that, lines are taken apart as ever.
 */
#ifndef SOAK_READ_PROM_HEADS_H
#define SOAK_READ_PROM_HEADS_H

#include "base/arena.h"
#include "base/labels.h"
#include "base/mem.h"
#include "read/prom_set.h"
#include "read/read.h"

struct prom_head {
	struct sv text; /* owned */
	struct sv name;
	struct labels labels;
	struct read_memo memo; /* the sink's */
	size_t next;    /* which one came after it last time */
};

struct prom_heads { /* {0} is empty; prom_heads_free() it */
	VEC(struct prom_head) all;
	struct prom_set at; /* index + 1 by text */
	struct arena arena;
	size_t last, bytes;
};

/* The head that line begins with, if it is that of the line before or the one that came after that; else NULL. */
struct prom_head *prom_heads_guess(struct prom_heads *h, struct sv line);
/* The one with that text, made when new; NULL: there are too many. It is the line's before the next one. Valid until the next call. */
struct prom_head *prom_heads_add(struct prom_heads *h, struct sv text, struct sv name, const struct labels *labels);
void prom_heads_free(struct prom_heads *h);

#endif
