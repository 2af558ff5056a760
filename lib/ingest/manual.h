/*
 * manual - an event that no log has: somebody says by name that it happened, and when.
 *
 * It becomes a content of its own, format "manual", so that whatever rests on it names its author and not a file.
 */
#ifndef SOAK_INGEST_MANUAL_H
#define SOAK_INGEST_MANUAL_H

#include "store/store.h"

struct manual_event {
	int64_t t;
	struct sv name, text, by; /* name: as criteria match it, "INCIDENT_P1"; none is empty, all on one line */
};

/*
 * Adds it, as one transaction. The same again changes nothing. ERR_USAGE for what is empty or not one line of UTF-8. 0 or -1.
 */
int manual_add(struct store *s, const struct manual_event *ev, struct err *e);

/*
 * Takes an artifact (with what lay inside it) out of the store, as one transaction: by and why, one line each, stay as a problem of the
 * run, with its digest, and are shown wherever problems are. Reading it again brings it back. 0 or -1.
 */
int manual_remove(struct store *s, struct sv name, struct sv by, struct sv why, struct err *e);

#endif
