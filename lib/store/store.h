/*
 * store - the evidence of one run in one SQLite file; the only user of sqlite3.h.
 *
 * schema/NNN.sql is the layout (docs/schema.md explains it), one file a version; a store
 * of an older version is migrated when opened for writing, one of a newer version is refused.
 *
 * A content (bytes) is read once, in one transaction; its occurrences (names) are light rows.
 * What a content says hangs on the content, so that a folder and its own archive count once.
 *
 * Text in row structs is valid until the next call on the same rows. Functions that return
 * int give 0 or -1 with e set (ERR_DB) unless stated otherwise.
 *
 * All that writes wants an open transaction (store_begin), else it is ERR_USAGE. Another
 * program that writes is waited for, 10 seconds. -0 is stored as 0, as SQLite does.
 */
#ifndef SOAK_STORE_STORE_H
#define SOAK_STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/err.h"
#include "base/labels.h"
#include "base/str.h"

struct store;

/* The version of the layout that this program writes: PRAGMA user_version. */
int64_t store_version(void);

enum store_mode {
	STORE_READ,  /* must exist; nothing is written, not even a journal */
	STORE_WRITE, /* created when missing */
};

/*
 * NULL with e set: not a database, not ours (ERR_DB, and not a byte of it is changed), of a newer version,
 * unreadable (ERR_SYS). STORE_READ also refuses a store of an older version, and one whose writer was killed
 * in the middle: opening it once for writing puts both right.
 */
struct store *store_open(const char *path, enum store_mode mode, struct err *e);
void store_close(struct store *s); /* NULL is fine; an open transaction is rolled back */

/*
 * A compact copy at path (VACUUM INTO): two stores made by the same calls give the same bytes. path must not
 * exist; nothing is left there on failure. Not inside a transaction. Also from a store opened for reading.
 */
int store_copy(struct store *s, const char *path, struct err *e);

/*
 * Makes the file compact again where samples came in since it was opened that are a good part of it: rows that come in order
 * leave an eighth of each page free. Does nothing (0) while others use the store or when there is no room for it.
 */
int store_tidy(struct store *s, struct err *e);

int store_begin(struct store *s, struct err *e);
/*
 * Ends the transaction: commits when outcome is 0, else rolls back. Returns outcome, or -1 when the
 * commit failed (then it is rolled back too). "return store_end(s, work(s, e), e);"
 */
int store_end(struct store *s, int outcome, struct err *e);

/* --- writing a content; all within one transaction ------------------------------------ */

struct store_content {
	char sha256[DIGEST_HEX];
	int64_t size;
	const char *format;
	const char *format_sha256; /* of the format's own text; NULL or "": it is read by code */
	int64_t items;
	bool complete;
	int64_t first_ms, last_ms; /* TIME_NONE when no time stands inside */
};

/* The id of a content with that digest, or 0 when it is not there; -1 on error. */
int64_t store_content_find(struct store *s, const char *sha256, struct err *e);
/* How many items were read from it; -1 on error. */
int64_t store_content_items(struct store *s, int64_t content, struct err *e);
/* A new content whose digest is not known yet: its id, or -1. */
int64_t store_content_new(struct store *s, struct err *e);
/* Fills it in. */
int store_content_done(struct store *s, int64_t content, const struct store_content *c, struct err *e);

/* What values a sample can have besides numbers (sample.flag). */
enum store_flag { STORE_VALUE = 0, STORE_NAN = 1, STORE_STALE = 2 };

/* A series that was found, for its next sample; {0} at first. Not valid beyond the transaction. */
struct store_ref {
	int64_t series, target;
};
struct store_sample {
	struct sv name;
	const struct labels *labels; /* sorted, without __name__ */
	int64_t t;                   /* TIME_NONE: the file carries no time; goes to "reading" */
	double v;                    /* NaN is stored as flag STORE_NAN */
	bool stale;                  /* a stale marker: the series ends there; v is not used */
	const char *target;          /* the target's name ("" by default); job and instance come from the labels */
	struct store_ref *ref;       /* NULL, or the same one for each sample of a series: spares looking it up */
};
/*
 * Adds one sample. The same (series, time) again with an equal value (or both NaN) merges, and
 * the later content becomes its source; with an unequal one the first stays and a conflict is
 * recorded; a placed sample gives way to one whose time stands inside. Without a time, the same
 * series again in one content: the first stays, a different value is recorded as a problem.
 */
int store_add_sample(struct store *s, int64_t content, const struct store_sample *m, struct err *e);
/* A family's metadata; the first non-empty statement stays. */
int store_add_family(struct store *s, struct sv name, struct sv type, struct sv unit, struct sv help,
    struct err *e);

struct store_event {
	int64_t id;
	int64_t t, t_end; /* t_end TIME_NONE: an instant */
	struct sv kind, name, text;
	int64_t line;
	struct sv source; /* reading only: one artifact that says so */
};
/*
 * The same (t, kind, name, text) from another content is corroboration; twice in this one, two events. An end that
 * only one of them knows is taken, two that differ are a problem. Without a time: ERR_USAGE.
 */
int store_add_event(struct store *s, int64_t content, const struct store_event *ev, struct err *e);

struct store_fact { /* a row of claim or run */
	int64_t id, content;
	struct sv path, text;
	double value; /* NaN when text is not a number */
	int64_t line;
	struct sv source; /* reading only: one artifact that says so */
};
int store_add_claim(struct store *s, int64_t content, const struct store_fact *f, struct err *e);
int store_add_run(struct store *s, int64_t content, const struct store_fact *f, struct err *e);

struct store_result { /* how something came out that was to be done */
	int64_t id, content;
	struct sv kind, suite, name; /* "test", "check", "checkpoint", "drill" */
	struct sv status;  /* "pass", "fail", "error", "skip", "incomplete", "unknown" */
	int64_t t;         /* when it began; TIME_NONE: not said */
	double duration;   /* seconds; NaN: not said */
	struct sv text;
	int64_t line;
	struct sv source;  /* reading only: one artifact that says so */
};
/* A row for each time an artifact says so: whether two mean the same fact is for who reads them. */
int store_add_result(struct store *s, int64_t content, const struct store_result *r, struct err *e);

struct store_problem {
	int64_t content, artifact; /* 0: none */
	int64_t line;              /* 0: none */
	const char *severity;      /* "note", "warning", "error" */
	const char *stage;         /* "read", "place" */
	struct sv text;
	struct sv source; /* reading only */
};
/* One of no content is recorded once, however often it is met. */
int store_add_problem(struct store *s, const struct store_problem *p, struct err *e);

/* --- occurrences ------------------------------------------------------------------------ */

struct store_artifact {
	int64_t id, content;
	struct sv name;
	char sha256[DIGEST_HEX];
	int64_t size, items;
	struct sv format;
	bool complete, superseded;
	bool untimed;              /* its content has readings: it needs a time from outside */
	int64_t first_ms, last_ms; /* of the content */
	int64_t time_ms;           /* TIME_NONE: unknown */
	struct sv time_source, time_why;
	int64_t problems;
	struct sv format_sha256;   /* "" for what is read by code */
};
/* Adds an occurrence; the same (name, content) again changes nothing. *fresh says which. Its id or -1. */
int64_t store_add_artifact(struct store *s, int64_t content, struct sv name, bool *fresh, struct err *e);
/*
 * The newest live occurrence of that name: 1 and *size, sha256, *content; 0 none; -1 error.
 */
int store_artifact_named(struct store *s, struct sv name, int64_t *size, char sha256[DIGEST_HEX],
    int64_t *content, struct err *e);
/*
 * The same bytes were read better, as content: it takes the place of old, occurrences and all. Before store_content_done()
 * gives it their digest.
 */
int store_reread(struct store *s, int64_t old, int64_t content, struct err *e);
/* Takes a content back with all that it said and its occurrences. */
int store_forget(struct store *s, int64_t content, struct err *e);
/*
 * Takes back every occurrence of that name and of what lay inside it (an archive's members), and all that only they said.
 * *n: how many; sha256: of the first. ERR_INPUT where another content said some of the same samples: which of them nobody
 * knows any more. What was placed must be placed anew. 0 or -1.
 */
int store_remove(struct store *s, struct sv name, int64_t *n, char sha256[DIGEST_HEX], struct err *e);
/*
 * The file grew: the occurrence (name, content) is superseded, and what only that content said is taken back, unless
 * the same content lives on under another name. The longer content may be read before or after, in the same
 * transaction: it begins with the same bytes, so it says all of it again. What was placed must be placed anew.
 */
int store_supersede(struct store *s, struct sv name, int64_t content, struct err *e);

/* --- placing files without times in time ----------------------------------------------- */

/* Takes back everything that was placed: samples, scrapes, stale markers, problems, conflicts of stage 'place', times. */
int store_unplace(struct store *s, struct err *e);
/*
 * Gives one occurrence its time. When its content is untimed, its readings become samples at t. t == TIME_NONE
 * records only source and why. A value that does not equal the one there is a conflict of stage 'place'; what was
 * placed first, or has its time inside, stays. The same content at the same t again merges. An untimed one that is
 * placed elsewhere already is ERR_USAGE: store_unplace() comes first. source: see artifact.time_source.
 */
int store_place(struct store *s, int64_t artifact, int64_t t, const char *source, struct sv why, struct err *e);
/*
 * After all are placed: a series that is in one placed snapshot of its target and not in the next becomes stale at
 * the next (as a scrape would make it, Prometheus scrape/scrape.go).
 */
int store_mark_stale(struct store *s, struct err *e);

/* --- reading ------------------------------------------------------------------------------ */

struct store_rows; /* an iteration under way */
void store_rows_close(struct store_rows *r); /* NULL is fine */

/* Each *_open: NULL with e set on error. Each *_next: 1 a row, 0 the end, -1 error. */

struct store_series {
	int64_t id, target;
	struct sv name, labels; /* labels: canonical JSON */
};
/* All series (name NULL), or those of one metric name; ordered by name, then labels. */
struct store_rows *store_series_open(struct store *s, const char *name, struct err *e);
int store_series_next(struct store_rows *r, struct store_series *out, struct err *e);

struct store_point {
	int64_t t;
	double v; /* NaN also for STORE_NAN and STORE_STALE: look at flag */
	int flag;
	int64_t content;
};
/* Samples of one series with from <= t <= to, in order of time. */
struct store_rows *store_points_open(struct store *s, int64_t series, int64_t from, int64_t to, struct err *e);
int store_points_next(struct store_rows *r, struct store_point *out, struct err *e);

/*
 * The same to a function: the way to read many. content may be 0. The function must not use the store. 0, or -1; then some may
 * have been given.
 */
typedef void store_point_fn(void *ctx, const struct store_point *p);
int store_points_each(struct store *s, int64_t series, int64_t from, int64_t to, store_point_fn *each, void *ctx,
    struct err *e);

/* Times at which a target (a series' target) answered, in order. *t each. */
struct store_rows *store_scrapes_open(struct store *s, int64_t target, struct err *e);
int store_scrapes_next(struct store_rows *r, int64_t *t, struct err *e);

/* The type of a family ("" when unknown), copied into type[32]. */
int store_family_type(struct store *s, const char *name, char type[32], struct err *e);

/* Events in order of time. */
struct store_rows *store_events_open(struct store *s, struct err *e);
int store_events_next(struct store_rows *r, struct store_event *out, struct err *e);

/* Claims or run facts, in order of source name and line. */
struct store_rows *store_claims_open(struct store *s, struct err *e);
struct store_rows *store_runs_open(struct store *s, struct err *e);
int store_facts_next(struct store_rows *r, struct store_fact *out, struct err *e);

/* Results by kind, suite, time and name; those without a time come first. */
struct store_rows *store_results_open(struct store *s, struct err *e);
int store_results_next(struct store_rows *r, struct store_result *out, struct err *e);

/* Occurrences in natural order of name ("h2" before "h10"). */
struct store_rows *store_artifacts_open(struct store *s, struct err *e);
int store_artifacts_next(struct store_rows *r, struct store_artifact *out, struct err *e);

/* Problems in order of source name and line. */
struct store_rows *store_problems_open(struct store *s, struct err *e);
int store_problems_next(struct store_rows *r, struct store_problem *out, struct err *e);

struct store_conflict {
	struct sv name, labels;
	int64_t t;
	double value_a, value_b;
	struct sv source_a, source_b;
};
struct store_rows *store_conflicts_open(struct store *s, struct err *e);
int store_conflicts_next(struct store_rows *r, struct store_conflict *out, struct err *e);

#endif
