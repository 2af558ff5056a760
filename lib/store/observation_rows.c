#include "store/observation.h"

#include "store/observation_code.h"
#include "store/private.h"

struct store_rows *
store_observed_open(struct store *s, struct err *e)
{
	return db_rows_open(s, Q_OBSERVED_ROWS, e);
}

int
store_observed_next(struct store_rows *r, struct store_observed *out, struct err *e)
{
	int rc = db_rows_next(r, e);

	if (rc != 1)
		return rc;
	out->content = sqlite3_column_int64(r->st, 0);
	out->name = db_text(r->st, 1);
	out->format = db_text(r->st, 2);
	out->complete = sqlite3_column_int(r->st, 3) != 0;
	out->points = sqlite3_column_int64(r->st, 4);
	out->first_ms = sqlite3_column_int64(r->st, 5);
	out->last_ms = sqlite3_column_int64(r->st, 6);
	return 1;
}

struct store_rows *
store_observation_series_open(struct store *s, struct err *e)
{
	return db_rows_open(s, Q_OBSERVATION_SERIES_ROWS, e);
}

int
store_observation_series_next(struct store_rows *r, struct store_observation_series *out, struct err *e)
{
	int rc = db_rows_next(r, e);

	if (rc != 1)
		return rc;
	out->id = sqlite3_column_int64(r->st, 0);
	out->metric_id = sqlite3_column_int64(r->st, 1);
	out->metric = db_text(r->st, 2);
	out->type = db_text(r->st, 3);
	out->contains = db_text(r->st, 4);
	out->tags = db_text(r->st, 5);
	return 1;
}

struct store_rows *
store_observations_open(struct store *s, int64_t content, int64_t from_ms, int64_t to_ms, struct err *e)
{
	struct store_rows *r = db_rows_open(s, Q_OBSERVATION_ROWS, e);

	if (r == NULL)
		return NULL;
	db_bind_int(s, r->st, 1, content);
	db_bind_int(s, r->st, 2, from_ms);
	db_bind_int(s, r->st, 3, to_ms);
	return r;
}

int
store_observations_next(struct store_rows *r, struct observation *v, size_t *n, struct err *e)
{
	int rc = db_rows_next(r, e);
	struct sv data;
	ptrdiff_t got;

	if (rc != 1)
		return rc;
	data.p = sqlite3_column_blob(r->st, 0);
	data.n = (size_t)sqlite3_column_bytes(r->st, 0);
	if (data.p == NULL)
		data = SV("");
	if ((got = observation_decode(data, v, e)) < 0) {
		r->over = true;
		return err_prefix(e, "%s", r->s->path);
	}
	*n = (size_t)got;
	return 1;
}
