#include "step_query.h"

#include "base/mem.h"
#include "base/time.h"
#include "ingest/when.h"

/* From the first to the last sample; first is TIME_NONE when there is none. */
struct extent {
	int64_t first, last;
};

static int
add_target(struct store *s, int64_t target, struct extent *x, struct err *e)
{
	struct store_rows *rows = store_scrapes_open(s, target, e);
	int64_t t;
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_scrapes_next(rows, &t, e)) > 0) {
		x->first = x->first == TIME_NONE || t < x->first ? t : x->first;
		x->last = t > x->last ? t : x->last;
	}
	store_rows_close(rows);
	return rc;
}

/* Each sample has a scrape of its target at the same time, and there are far fewer of those. */
static int
find_extent(struct store *s, struct extent *x, struct err *e)
{
	struct store_rows *rows = store_series_open(s, NULL, e);
	VEC(int64_t) seen = {0};
	struct store_series row;
	size_t i;
	int rc;

	*x = (struct extent){TIME_NONE, TIME_NONE};
	if (rows == NULL)
		return -1;
	while ((rc = store_series_next(rows, &row, e)) > 0) {
		for (i = seen.n; i > 0 && seen.v[i - 1] != row.target; i--)
			;
		if (i > 0)
			continue;
		*vec_add(&seen) = row.target;
		rc = add_target(s, row.target, x, e);
		if (rc < 0)
			break;
	}
	store_rows_close(rows);
	vec_free(&seen);
	return rc;
}

/* The run by the profile where it is known; a planned end counts only as far as there are samples. */
static int
find_run(struct store *s, const struct profile *p, struct extent *x, struct err *e)
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

/* The smallest of the usual steps that takes at most 250 of them. */
static int64_t
nice_step(int64_t span)
{
	static const int64_t nice[] = {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600,
	    43200};
	size_t i;

	for (i = 0; i < sizeof(nice) / sizeof(*nice); i++)
		if (nice[i] * TIME_SECOND * 250 >= span)
			return nice[i] * TIME_SECOND;
	return (span / 250 + TIME_DAY - 1) / TIME_DAY * TIME_DAY;
}

int
step_query_times(struct store *s, const struct profile *p, const struct step_query *in, struct pq_query *q,
    struct err *e)
{
	bool range = in->start != TIME_NONE || in->end != TIME_NONE || in->step > 0;
	struct extent x = {TIME_NONE, TIME_NONE};
	char from[TIME_TEXT], to[TIME_TEXT];

	if (range ? in->start == TIME_NONE || in->end == TIME_NONE : in->time == TIME_NONE) {
		if (find_extent(s, &x, e) < 0 || (p != NULL && find_run(s, p, &x, e) < 0))
			return -1;
		if (x.first == TIME_NONE || x.last == TIME_NONE)
			return 0;
	}
	if (!range) {
		q->start = q->end = in->time != TIME_NONE ? in->time : x.last;
		return 1;
	}
	q->start = in->start != TIME_NONE ? in->start : x.first;
	q->end = in->end != TIME_NONE ? in->end : x.last;
	if (q->end < q->start)
		return err_set(e, ERR_USAGE, "the end, %s, is before the start, %s", time_text(q->end, to),
		    time_text(q->start, from));
	q->step = in->step > 0 ? in->step : nice_step(q->end - q->start);
	return 1;
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
