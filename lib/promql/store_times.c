#include "promql/store_times.h"

#include "base/mem.h"
#include "base/time.h"
#include "store/observation.h"

static int
add_target(struct store *s, int64_t target, struct pq_extent *x, struct err *e)
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

/* Raw points are no samples with scrapes, but PromQL has them as series, to the end of the second. */
static int
add_points(struct store *s, struct pq_extent *x, struct err *e)
{
	struct store_rows *rows = store_observed_open(s, e);
	struct store_observed o;
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_observed_next(rows, &o, e)) > 0) {
		x->first = x->first == TIME_NONE || o.first_ms < x->first ? o.first_ms : x->first;
		x->last = o.last_ms + TIME_SECOND > x->last ? (o.last_ms / TIME_SECOND + 1) * TIME_SECOND : x->last;
	}
	store_rows_close(rows);
	return rc;
}

/* Each sample has a scrape of its target at the same time, and there are far fewer of those. */
int
pq_store_extent(struct store *s, struct pq_extent *x, struct err *e)
{
	struct store_rows *rows = store_series_open(s, NULL, e);
	VEC(int64_t) seen = {0};
	struct store_series row;
	size_t i;
	int rc;

	*x = (struct pq_extent){TIME_NONE, TIME_NONE};
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
	return rc < 0 ? -1 : add_points(s, x, e);
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

static bool
is_range(const struct pq_times *in)
{
	return in->start != TIME_NONE || in->end != TIME_NONE || in->step > 0;
}

bool
pq_times_open(const struct pq_times *in)
{
	return is_range(in) ? in->start == TIME_NONE || in->end == TIME_NONE : in->time == TIME_NONE;
}

int
pq_times_fill(const struct pq_times *in, const struct pq_extent *x, struct pq_query *q, struct err *e)
{
	char from[TIME_TEXT], to[TIME_TEXT];

	if (pq_times_open(in) && (x->first == TIME_NONE || x->last == TIME_NONE))
		return 0;
	if (!is_range(in)) {
		q->start = q->end = in->time != TIME_NONE ? in->time : x->last;
		return 1;
	}
	q->start = in->start != TIME_NONE ? in->start : x->first;
	q->end = in->end != TIME_NONE ? in->end : x->last;
	if (q->end < q->start)
		return err_set(e, ERR_USAGE, "the end, %s, is before the start, %s", time_text(q->end, to),
		    time_text(q->start, from));
	q->step = in->step > 0 ? in->step : nice_step(q->end - q->start);
	return 1;
}
