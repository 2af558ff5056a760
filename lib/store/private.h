/*
 * private - what the files of lib/store share; the one place that includes SQLite's header. In an extension, SQLite is
 * the one of the program that loads it, behind a table of pointers (tools/ext/).
 *
 * A statement is used like this, every parameter bound each time:
 *
 *	sqlite3_stmt *st = s->stmt[Q_X];
 *	db_bind_int(s, st, 1, id);
 *	return db_do(s, st, e);
 */
#ifndef SOAK_STORE_PRIVATE_H
#define SOAK_STORE_PRIVATE_H

#ifdef SOAK_EXTENSION
#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT3
#else
#include <sqlite3.h>
#endif

#include "base/arena.h"
#include "base/time.h"
#include "store/store.h"

/* Every statement there is; sql.c holds their text in the same order. */
enum stmt {
	Q_BEGIN_READ,
	Q_BEGIN_WRITE,
	Q_COMMIT,
	Q_ROLLBACK,
	Q_COPY,
	Q_CONTENT_FIND,
	Q_CONTENT_NEW,
	Q_CONTENT_DONE,
	Q_TARGET_FIND,
	Q_TARGET_NEW,
	Q_SERIES_FIND,
	Q_SERIES_NEW,
	Q_SAMPLE_NEW,
	Q_SAMPLE_NEW_MANY,
	Q_SAMPLE_GET,
	Q_SAMPLE_SET,
	Q_READING_NEW,
	Q_READING_GET,
	Q_SCRAPE_NEW,
	Q_CONFLICT_NEW,
	Q_FAMILY_ADD,
	Q_FAMILY_TYPE,
	Q_EVENT_FIND,
	Q_EVENT_SAID,
	Q_EVENT_NEW,
	Q_EVENT_END,
	Q_EVENT_SOURCE_NEW,
	Q_CLAIM_NEW,
	Q_RUN_NEW,
	Q_RESULT_NEW,
	Q_PROBLEM_NEW,
	Q_PROBLEM_NEW_ONCE,
	Q_ARTIFACT_NEW,
	Q_ARTIFACT_FIND,
	Q_ARTIFACT_NAMED,
	Q_SUPERSEDE,
	Q_SUPERSEDE_PROBLEMS,
	Q_CONTENT_LIVE,
	Q_CONTENT_ANY,
	Q_CONTENT_SHARED,
	Q_ARTIFACT_BELOW,
	Q_ARTIFACT_DROP,
	Q_ARTIFACT_DROP_PROBLEMS,
	Q_RIVALS,
	Q_DROP_CONFLICTS,
	Q_DROP_SAMPLES,
	Q_DROP_READINGS,
	Q_DROP_EVENT_SOURCES,
	Q_DROP_EVENTS,
	Q_DROP_CLAIMS,
	Q_DROP_RUNS,
	Q_DROP_RESULTS,
	Q_DROP_PROBLEMS,
	Q_REREAD_ARTIFACTS,
	Q_DROP_CONTENT,
	Q_CONTENT_ITEMS,
	Q_SCRAPES_PLACED_ONLY,
	Q_SCRAPES_DROP,
	Q_SCRAPES_REBUILD,
	Q_UNPLACE_SAMPLES,
	Q_UNPLACE_SCRAPES,
	Q_UNPLACE_SCRAPES_BOTH,
	Q_UNPLACE_CONFLICTS,
	Q_UNPLACE_PROBLEMS,
	Q_UNPLACE_ARTIFACTS,
	Q_PLACE_GET,
	Q_PLACE_SET,
	Q_PLACE_TWIN,
	Q_PLACE_READINGS,
	Q_STALE_SNAPSHOTS,
	Q_STALE_READINGS,
	Q_SERIES_ROWS,
	Q_SERIES_ROWS_NAMED,
	Q_POINT_ROWS,
	Q_SAMPLE_ROOT,
	Q_SAMPLE_COLUMNS,
	Q_SCRAPE_ROWS,
	Q_EVENT_ROWS,
	Q_CLAIM_ROWS,
	Q_RUN_ROWS,
	Q_RESULT_ROWS,
	Q_ARTIFACT_ROWS,
	Q_PROBLEM_ROWS,
	Q_CONFLICT_ROWS,
	Q_OBSERVATION_METRIC_ADD,
	Q_OBSERVATION_METRIC_FIND,
	Q_OBSERVATION_METRIC_NEW,
	Q_OBSERVATION_TAGS_FIND,
	Q_OBSERVATION_TAGS_NEW,
	Q_OBSERVATION_SERIES_FIND,
	Q_OBSERVATION_SERIES_NEW,
	Q_OBSERVATION_SERIES_METRIC,
	Q_OBSERVATION_NEW,
	Q_OBSERVATION_SECOND_ADD,
	Q_OBSERVATION_MINUTE_ADD,
	Q_OBSERVATION_BEGINS,
	Q_OBSERVATION_KEPT,
	Q_OBSERVATION_UNREAD,
	Q_DROP_ARTIFACTS,
	Q_DROP_OBSERVATIONS,
	Q_DROP_OBSERVATION_SECONDS,
	Q_DROP_OBSERVATION_MINUTES,
	Q_OBSERVED_ROWS,
	Q_OBSERVATION_SERIES_ROWS,
	Q_OBSERVATION_ROWS,
	Q_MERGE_SAMPLES,
	Q_MERGE_RIVALS,
	Q_MERGE_READINGS,
	Q_MERGE_EVENTS,
	Q_MERGE_CLAIMS,
	Q_MERGE_RUNS,
	Q_MERGE_RESULTS,
	Q_MERGE_PROBLEMS,
	Q_MERGE_ARTIFACT_PROBLEMS,
	Q_MERGE_RUN_PROBLEMS,
	Q_MERGE_FAMILIES,
	Q_MERGE_OPERAND_TIME,
	Q_COUNT,
};

/* Which series and target a name and labels are: a cache over the table, so it may forget. */
struct series_entry {
	uint64_t hash;
	struct sv key;
	int64_t series, target; /* series 0: the slot is free */
};
struct series_cache {
	struct series_entry *slot;
	size_t n, cap; /* cap is 0 or a power of two */
	struct arena keys;
	struct sb key;                  /* of the sample in hand */
	const struct series_entry *last;
};

/* Scrapes this transaction has written already: a cache, so it may forget. */
struct scrape_entry {
	int64_t target, t;
	bool placed;
};
struct scrape_cache {
	struct scrape_entry *v; /* in order of arrival; NULL at first */
	uint16_t *slot;         /* by hash: which of them */
	size_t n, last;         /* last: the one found last */
};

#define OBSERVED_CACHE 1000000

struct observed_cache { /* the metric of each series of observations, 0: look it up */
	int64_t *metric;
	size_t n;
	struct observed_points *points; /* observation_points.c */
};

struct store {
	sqlite3 *db;
	char *path; /* as the caller named it, for messages */
	enum store_mode mode;
	int bound;  /* the first failure to bind since the last step, or SQLITE_OK */
	sqlite3_stmt *stmt[Q_COUNT]; /* NULL while an iteration uses it, see rows.c */
	struct series_cache series;
	struct scrape_cache scrape;
	struct db_sample *batch;     /* samples that were added and are not written yet: sample.c */
	size_t n_batch;
	size_t in_a_row;             /* batches of this transaction; beyond some foreign keys are not checked: sample.c */
	int64_t added;               /* samples since it was opened: db.c */
	struct observed_cache observed;
	int pages;                   /* pages.c: 1 the table's columns are known, -1 they are not, 0 not asked yet */
	bool borrowed;               /* db is somebody else's; then also: */
	sqlite3_stmt *hold, *probe;  /* attach.c */
};

/* --- sql.c: statements ------------------------------------------------------------------ */

/* Prepares one statement afresh; NULL with e set. */
sqlite3_stmt *db_prepare(struct store *s, enum stmt q, struct err *e);
/* Prepares all. 0 or -1. */
int db_prepare_all(struct store *s, struct err *e);
/* Turns SQLite's last error into ours. -1. */
int db_error(struct store *s, int rc, struct err *e);

/* A failed binding is remembered and reported by the next step. Text is borrowed until then. */
void db_bind_int(struct store *s, sqlite3_stmt *st, int i, int64_t v);
void db_bind_id(struct store *s, sqlite3_stmt *st, int i, int64_t id);  /* 0 is NULL */
void db_bind_time(struct store *s, sqlite3_stmt *st, int i, int64_t t); /* TIME_NONE is NULL */
void db_bind_num(struct store *s, sqlite3_stmt *st, int i, double v);   /* NaN is NULL */
void db_bind_text(struct store *s, sqlite3_stmt *st, int i, struct sv v);

void db_bind_blob(struct store *s, sqlite3_stmt *st, int i, struct sv v);

/* 1 a row, 0 the end, -1 error; unless it gave a row the statement is reset. */
int db_step(struct store *s, sqlite3_stmt *st, struct err *e);
/* Runs a statement that gives no rows. 0 or -1. */
int db_do(struct store *s, sqlite3_stmt *st, struct err *e);
/* The first column of the only row, 0 when there is none; -1 on error. */
int64_t db_value(struct store *s, sqlite3_stmt *st, struct err *e);

struct sv db_text(sqlite3_stmt *st, int i);
int64_t db_time(sqlite3_stmt *st, int i); /* NULL is TIME_NONE */
double db_num(sqlite3_stmt *st, int i);   /* NULL is NaN */

/* --- db.c ------------------------------------------------------------------------------- */

/* Is it a store of this version? One opened for writing is made so. 0 or -1. */
int db_migrate(struct store *s, struct err *e);
/* 0 inside a transaction, and all samples that were added are written; else -1 with e set: what writes wants one. */
int db_writing(struct store *s, struct err *e);

/* --- pages.c ------------------------------------------------------------------------------ */

/* What store_points_each() does, from the file's pages; false: nothing was done, SQL has to. */
bool db_pages_points(struct store *s, int64_t series, int64_t from, int64_t to, store_point_fn *each, void *ctx);

/* --- series.c --------------------------------------------------------------------------- */

/* The series of a sample, made when new. Valid until the next call. NULL with e set. */
const struct series_entry *db_series(struct store *s, const struct store_sample *m, struct err *e);
void db_series_forget(struct store *s);

/* --- sample.c --------------------------------------------------------------------------- */

struct db_sample {
	int64_t series, t;
	double v;
	int flag;
	int64_t content;
	bool placed;
};
/* Writes the samples that wait. Whoever looks at samples comes after it. 0 or -1. */
int db_samples_flush(struct store *s, struct err *e);
/* A transaction is over: foreign keys are checked again. */
void db_samples_checked(struct store *s);
/* Writes a sample by the rules of store_add_sample(). */
int db_put_sample(struct store *s, const struct db_sample *m, struct err *e);
/* Records that the target answered at t. */
int db_put_scrape(struct store *s, int64_t target, int64_t t, bool placed, struct err *e);
void db_scrape_forget(struct store *s);

/* --- rows.c, observation.c -------------------------------------------------------------- */

/*
 * An iteration owns its statement: it takes the prepared one out of the store,
 * or makes another when that is in use, so that iterations can be nested.
 */
struct store_rows {
	struct store *s;
	enum stmt q;
	sqlite3_stmt *st;
	bool over; /* the end was reached or an error happened; SQLite would start again */
};
struct store_rows *db_rows_open(struct store *s, enum stmt q, struct err *e);
/* Steps; 1 a row, 0 the end, -1 error. */
int db_rows_next(struct store_rows *r, struct err *e);

void db_observed_forget(struct store *s);
/* The metric of a series of observations; -1 with e set. */
int64_t db_observed_metric(struct store *s, int64_t series, struct err *e);
void db_observed_points_free(struct observed_points *p); /* NULL is fine */

#endif
