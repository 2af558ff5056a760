/*
 * place - what the files of ingest_finish() share: snapshots with their times, and the doubts about them.
 */
#ifndef SOAK_INGEST_PLACE_H
#define SOAK_INGEST_PLACE_H

#include "base/mem.h"
#include "ingest/when.h"

/* One occurrence and its time. */
struct spot {
	int64_t artifact, content;
	struct sv name;
	bool untimed;              /* its readings hang on this time */
	bool complete;             /* read to its end, and not empty */
	struct sv event;           /* the event that names it; empty: none does */
	int64_t first_ms, last_ms; /* of the times that stand inside */
	int64_t before;            /* its time when we came */
	struct sv before_source, before_why;
	int64_t t;                 /* its time now */
	const char *source;
	struct sv why;
};

/* Texts are owned by the arena. */
struct placing {
	struct store *store;
	const struct profile *profile; /* NULL: none */
	struct arena arena;
	struct when_run run;
	VEC(struct spot) spots; /* natural order of names */
};

/* Do the readings hang on a time that came from outside the file? */
bool place_is_placed(const struct spot *s);

/*
 * Looks at the snapshots placed so far: families that are in their neighbours but not in them, and what the profile's
 * crosschecks say of their times. Adds problems of stage "place". 0 or -1.
 */
int place_check(struct placing *p, struct err *e);

/* For each snapshot that is empty or broken: the failure that a log tells of it. Adds problems of stage "place". 0 or -1. */
int place_why(struct placing *p, struct err *e);

#endif
