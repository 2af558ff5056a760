#include "step_query.h"

#include "base/time.h"
#include "ingest/when.h"

/* The run by the profile where it is known; a planned end counts only as far as there are samples. */
static int
find_run(struct store *s, const struct profile *p, struct pq_extent *x, struct err *e)
{
	struct arena a = {0};
	struct when_run run;
	int rc;

	rc = when_run(s, p, TIME_NONE, &a, &run, e);
	if (rc == 0 && run.start != TIME_NONE)
		x->first = run.start;
	if (rc == 0 && run.end != TIME_NONE && (!run.end_planned || x->last == TIME_NONE || run.end < x->last))
		x->last = run.end;
	arena_free(&a);
	return rc;
}

int
step_query_times(struct store *s, const struct profile *p, const struct pq_times *in, struct pq_query *q,
    struct err *e)
{
	struct pq_extent x = {TIME_NONE, TIME_NONE};

	if (pq_times_open(in) && (pq_store_extent(s, &x, e) < 0 || (p != NULL && find_run(s, p, &x, e) < 0)))
		return -1;
	return pq_times_fill(in, &x, q, e);
}

int64_t
step_query_untimed(struct store *s, struct err *e)
{
	struct store_rows *rows = store_artifacts_open(s, e);
	struct store_artifact a;
	int64_t n = 0;
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_artifacts_next(rows, &a, e)) > 0)
		n += a.untimed && a.time_ms == TIME_NONE && !a.superseded;
	store_rows_close(rows);
	return rc < 0 ? -1 : n;
}
