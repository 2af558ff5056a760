/*
 * partial - points that come through a pipe are kept batch by batch: a kill loses one batch, not the run.
 *
 * What is kept before the end is a content of its own, incomplete, with a digest that is none and a problem that says so. The
 * end of the same reading completes it; another reading under the same name that begins with the same points takes its place.
 */
#ifndef SOAK_INGEST_PARTIAL_H
#define SOAK_INGEST_PARTIAL_H

#include "ingest/item.h"

/* A batch of the item under way, called i->name, is in: commits it and goes on. For struct records. 0 or -1. */
int partial_batch(void *ctx, struct err *e);

/*
 * The item is through, its transaction is open: from now on it is as if nothing had been kept; and what an earlier, killed
 * reading of it had kept is dropped. 0 or -1.
 */
int partial_settle(struct ingest *i, struct err *e);
/* Instead of rolling back: nothing of the item stays. Leaves a transaction open for who writes what is known of it. 0 or -1. */
int partial_forget(struct ingest *i, struct err *e);

#endif
