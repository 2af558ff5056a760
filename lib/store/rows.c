#include "store/store.h"

#include <string.h>

#include "base/mem.h"
#include "store/private.h"

struct store_rows *
db_rows_open(struct store *s, enum stmt q, struct err *e)
{
	sqlite3_stmt *st = s->stmt[q];
	struct store_rows *r;

	if (db_samples_flush(s, e) < 0)
		return NULL;
	if (st == NULL && (st = db_prepare(s, q, e)) == NULL)
		return NULL;
	s->stmt[q] = NULL;
	r = mem_new(1, sizeof(*r));
	r->s = s;
	r->q = q;
	r->st = st;
	return r;
}

int
db_rows_next(struct store_rows *r, struct err *e)
{
	int rc;

	if (r->over)
		return 0;
	rc = db_step(r->s, r->st, e);
	r->over = rc != 1;
	return rc;
}

void
store_rows_close(struct store_rows *r)
{
	if (r == NULL)
		return;
	sqlite3_reset(r->st);
	sqlite3_clear_bindings(r->st);
	if (r->s->stmt[r->q] == NULL)
		r->s->stmt[r->q] = r->st;
	else
		sqlite3_finalize(r->st);
	mem_free(r);
}

/* The caller's text may be gone before the first step: SQLite keeps a copy. */
static struct store_rows *
bind_copy(struct store_rows *r, const char *text, struct err *e)
{
	int rc = sqlite3_bind_text(r->st, 1, text, -1, SQLITE_TRANSIENT);

	if (rc == SQLITE_OK)
		return r;
	db_error(r->s, rc, e);
	store_rows_close(r);
	return NULL;
}

struct store_rows *
store_series_open(struct store *s, const char *name, struct err *e)
{
	struct store_rows *r = db_rows_open(s, name == NULL ? Q_SERIES_ROWS : Q_SERIES_ROWS_NAMED, e);

	return r == NULL || name == NULL ? r : bind_copy(r, name, e);
}

int
store_series_next(struct store_rows *r, struct store_series *out, struct err *e)
{
	int rc = db_rows_next(r, e);

	if (rc != 1)
		return rc;
	out->id = sqlite3_column_int64(r->st, 0);
	out->target = sqlite3_column_int64(r->st, 1);
	out->name = db_text(r->st, 2);
	out->labels = db_text(r->st, 3);
	return 1;
}

struct store_rows *
store_points_open(struct store *s, int64_t series, int64_t from, int64_t to, struct err *e)
{
	struct store_rows *r = db_rows_open(s, Q_POINT_ROWS, e);

	if (r == NULL)
		return NULL;
	db_bind_int(s, r->st, 1, series);
	db_bind_int(s, r->st, 2, from);
	db_bind_int(s, r->st, 3, to);
	return r;
}

int
store_points_next(struct store_rows *r, struct store_point *out, struct err *e)
{
	int rc = db_rows_next(r, e);

	if (rc != 1)
		return rc;
	out->t = sqlite3_column_int64(r->st, 0);
	/* NULL, which is NaN, reads as 0.0: the type is asked for only then, this being the innermost loop of a query. */
	out->v = sqlite3_column_double(r->st, 1);
	if (out->v == 0)
		out->v = db_num(r->st, 1);
	out->flag = sqlite3_column_int(r->st, 2);
	out->content = sqlite3_column_int64(r->st, 3);
	return 1;
}

struct store_rows *
store_scrapes_open(struct store *s, int64_t target, struct err *e)
{
	struct store_rows *r = db_rows_open(s, Q_SCRAPE_ROWS, e);

	if (r != NULL)
		db_bind_int(s, r->st, 1, target);
	return r;
}

int
store_scrapes_next(struct store_rows *r, int64_t *t, struct err *e)
{
	int rc = db_rows_next(r, e);

	if (rc == 1)
		*t = sqlite3_column_int64(r->st, 0);
	return rc;
}

struct store_rows *
store_events_open(struct store *s, struct err *e)
{
	return db_rows_open(s, Q_EVENT_ROWS, e);
}

int
store_events_next(struct store_rows *r, struct store_event *out, struct err *e)
{
	int rc = db_rows_next(r, e);

	if (rc != 1)
		return rc;
	out->id = sqlite3_column_int64(r->st, 0);
	out->t = sqlite3_column_int64(r->st, 1);
	out->t_end = db_time(r->st, 2);
	out->kind = db_text(r->st, 3);
	out->name = db_text(r->st, 4);
	out->text = db_text(r->st, 5);
	out->line = sqlite3_column_int64(r->st, 6);
	out->source = db_text(r->st, 7);
	return 1;
}

struct store_rows *
store_claims_open(struct store *s, struct err *e)
{
	return db_rows_open(s, Q_CLAIM_ROWS, e);
}

struct store_rows *
store_runs_open(struct store *s, struct err *e)
{
	return db_rows_open(s, Q_RUN_ROWS, e);
}

int
store_facts_next(struct store_rows *r, struct store_fact *out, struct err *e)
{
	int rc = db_rows_next(r, e);

	if (rc != 1)
		return rc;
	out->id = sqlite3_column_int64(r->st, 0);
	out->content = sqlite3_column_int64(r->st, 1);
	out->path = db_text(r->st, 2);
	out->text = db_text(r->st, 3);
	out->value = db_num(r->st, 4);
	out->line = sqlite3_column_int64(r->st, 5);
	out->source = db_text(r->st, 6);
	return 1;
}

struct store_rows *
store_results_open(struct store *s, struct err *e)
{
	return db_rows_open(s, Q_RESULT_ROWS, e);
}

int
store_results_next(struct store_rows *r, struct store_result *out, struct err *e)
{
	int rc = db_rows_next(r, e);

	if (rc != 1)
		return rc;
	out->id = sqlite3_column_int64(r->st, 0);
	out->content = sqlite3_column_int64(r->st, 1);
	out->kind = db_text(r->st, 2);
	out->suite = db_text(r->st, 3);
	out->name = db_text(r->st, 4);
	out->status = db_text(r->st, 5);
	out->t = db_time(r->st, 6);
	out->duration = db_num(r->st, 7);
	out->text = db_text(r->st, 8);
	out->line = sqlite3_column_int64(r->st, 9);
	out->source = db_text(r->st, 10);
	return 1;
}

struct store_rows *
store_artifacts_open(struct store *s, struct err *e)
{
	return db_rows_open(s, Q_ARTIFACT_ROWS, e);
}

int
store_artifacts_next(struct store_rows *r, struct store_artifact *out, struct err *e)
{
	sqlite3_stmt *st = r->st;
	int rc = db_rows_next(r, e);
	struct sv hex;

	if (rc != 1)
		return rc;
	out->id = sqlite3_column_int64(st, 0);
	out->content = sqlite3_column_int64(st, 1);
	out->name = db_text(st, 2);
	hex = sv_head(db_text(st, 3), DIGEST_HEX - 1);
	memcpy(out->sha256, hex.p, hex.n);
	out->sha256[hex.n] = '\0';
	out->size = sqlite3_column_int64(st, 4);
	out->items = sqlite3_column_int64(st, 5);
	out->format = db_text(st, 6);
	out->complete = sqlite3_column_int(st, 7) != 0;
	out->superseded = sqlite3_column_int(st, 8) != 0;
	out->untimed = sqlite3_column_int(st, 9) != 0;
	out->first_ms = db_time(st, 10);
	out->last_ms = db_time(st, 11);
	out->time_ms = db_time(st, 12);
	out->time_source = db_text(st, 13);
	out->time_why = db_text(st, 14);
	out->problems = sqlite3_column_int64(st, 15);
	out->format_sha256 = db_text(st, 16);
	return 1;
}

struct store_rows *
store_problems_open(struct store *s, struct err *e)
{
	return db_rows_open(s, Q_PROBLEM_ROWS, e);
}

int
store_problems_next(struct store_rows *r, struct store_problem *out, struct err *e)
{
	int rc = db_rows_next(r, e);

	if (rc != 1)
		return rc;
	out->content = sqlite3_column_int64(r->st, 0);
	out->artifact = sqlite3_column_int64(r->st, 1);
	out->line = sqlite3_column_int64(r->st, 2);
	out->severity = db_text(r->st, 3).p; /* SQLite ends text in NUL */
	out->stage = db_text(r->st, 4).p;
	out->text = db_text(r->st, 5);
	out->source = db_text(r->st, 6);
	return 1;
}

struct store_rows *
store_conflicts_open(struct store *s, struct err *e)
{
	return db_rows_open(s, Q_CONFLICT_ROWS, e);
}

int
store_conflicts_next(struct store_rows *r, struct store_conflict *out, struct err *e)
{
	int rc = db_rows_next(r, e);

	if (rc != 1)
		return rc;
	out->name = db_text(r->st, 0);
	out->labels = db_text(r->st, 1);
	out->t = sqlite3_column_int64(r->st, 2);
	out->value_a = db_num(r->st, 3);
	out->value_b = db_num(r->st, 4);
	out->source_a = db_text(r->st, 5);
	out->source_b = db_text(r->st, 6);
	return 1;
}
