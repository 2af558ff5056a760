/*
 * records - what a reader finds in one content, on its way into the store.
 *
 * Problems are kept in memory until it is known whether the content stays: a broken one is
 * rolled back, and what was wrong with it must not be.
 */
#ifndef SOAK_INGEST_RECORDS_H
#define SOAK_INGEST_RECORDS_H

#include "base/mem.h"
#include "profile/profile.h"
#include "read/read.h"
#include "store/store.h"

#define RECORDS_RELAX 8 /* batches of observations after which the store's memory is given back */
#define RECORDS_PROBLEMS 100 /* kept of one content; the others are counted */

struct records_problem {
	int64_t line;
	enum read_severity severity;
	struct sv text; /* owned by the arena */
};

struct records {
	struct store *store;
	int64_t content;
	const char *target;           /* see struct store_sample */
	const struct labels *extra;   /* for series with neither job nor instance; NULL none */
	int64_t items;
	int64_t first_ms, last_ms;
	struct err trouble;           /* the store failed: ours, not the artifact's fault */
	struct arena arena;
	VEC(struct records_problem) problems;
	int64_t more;                 /* problems beyond those kept ... */
	enum read_severity more_severity; /* ... and the worst of them */
	VEC(struct label) merged;
	int64_t batches;              /* of observations */
	int (*batch)(void *ctx, struct err *e); /* called after each; NULL none */
	void *batch_ctx;
};

/* A content under way; all else is 0. */
void records_init(struct records *r, struct store *s, int64_t content);
void records_free(struct records *r);

/* The sink for a reader; r must stay. */
struct read_sink records_sink(struct records *r);
/* Adds a problem as the reader's callback does. */
void records_problem(struct records *r, int64_t line, enum read_severity severity, struct sv text);
/*
 * The reader gave up with that message: "NAME:LINE: what" becomes an error at its line. Returns the text
 * without the name, owned by r.
 */
struct sv records_broken(struct records *r, const char *name, const char *msg);
/* Writes the problems kept, and how many more there were; *n counts them all. 0 or -1. */
int records_write_problems(struct records *r, int64_t content, int64_t *n, struct err *e);

#endif
