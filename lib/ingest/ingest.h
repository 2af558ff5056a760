/*
 * ingest - from files, folders, archives and streams into the store: recognising, nesting, timing.
 *
 * One content is one transaction. The same bytes twice change nothing; a kill loses at most the artifact
 * being read. Bad artifacts are recorded, never fatal; trouble of ours (disk, store) is.
 */
#ifndef SOAK_INGEST_INGEST_H
#define SOAK_INGEST_INGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "profile/profile.h"
#include "read/formats.h"
#include "store/store.h"

enum ingest_status {
	INGEST_STORED,       /* new, read to its end */
	INGEST_KNOWN,        /* these bytes under this name were there already */
	INGEST_SAME,         /* these bytes were there under another name: a new occurrence */
	INGEST_GREW,         /* a longer version of a known file replaced it */
	INGEST_BROKEN,       /* recognised, but not readable to its end: nothing of it is used */
	INGEST_EMPTY,        /* no bytes */
	INGEST_UNRECOGNISED, /* listed, not read */
};

struct ingest_note { /* about one artifact, when it is done */
	enum ingest_status status;
	const char *name, *format;
	int64_t items, problems;
	const char *reason; /* broken and refused ones, may begin "NAME:LINE:"; else NULL */
};

struct ingest_opts {
	const struct profile *profile;      /* NULL: no patterns, no zone */
	const struct read_formats *formats;
	int64_t operand_time;               /* --time; TIME_NONE */
	int64_t start;                      /* --start; TIME_NONE */
	const char *skip;                   /* a folder below an operand that is not read: our own output; NULL none */
	void (*note)(void *ctx, const struct ingest_note *n); /* may be NULL */
	void (*progress)(void *ctx, const char *name, size_t bytes); /* so many more were read of that operand or file; may be NULL */
	void *ctx;
};

struct ingest_totals {
	int64_t stored, known, broken, empty, unrecognised; /* files and members; archives only when broken */
	int64_t refused;  /* members of archives that are not read: links, hostile names */
	int64_t left_out; /* in folders: hidden files, links, devices */
	int64_t placed, retimed, untimed; /* snapshots: with a time; whose time changed; without one */
};

struct ingest;

/* Borrows store and opts until ingest_close(). */
struct ingest *ingest_open(struct store *s, const struct ingest_opts *o);
void ingest_close(struct ingest *i);

/*
 * One operand: a file, a folder (walked in natural order of names, names relative to it; hidden files and links are left
 * out and noted as problems), or "-" for standard input (descriptor 0, called "stdin"). 0; 1 when the operand itself could
 * not be opened or held nothing usable (e says why; others can go on); -1 for trouble of ours.
 */
int ingest_operand(struct ingest *i, const char *path, struct err *e);

/*
 * Places untimed snapshots in time with what the store knows now, marks vanished series stale, looks for cut
 * files and for placings that the counters contradict (problems of stage "place"). One transaction. 0; -1 for trouble
 * with the store, or (ERR_USAGE, file:line:col) when an event that the profile names happened several times
 * and it does not say which one is meant; then the placing stays as it was.
 */
int ingest_finish(struct ingest *i, struct err *e);

const struct ingest_totals *ingest_totals(const struct ingest *i);

#endif
