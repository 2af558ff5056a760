/* The points of one metric, taken out of their blocks and sorted by series and time. */
#include "store/observation.h"

#include <stdlib.h>

#include "base/mem.h"
#include "store/private.h"

struct keyed {
	int64_t series, t, nth; /* nth: in the order of the files */
	double v;
};

struct observed_points {
	int64_t metric;
	struct store_observed_point *v; /* by series, time, order in the files */
	int64_t *series;                /* of each */
	size_t n;
};

void
db_observed_points_free(struct observed_points *p)
{
	if (p == NULL)
		return;
	mem_free(p->v);
	mem_free(p->series);
	mem_free(p);
}

static int
by_series_and_time(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;

	if (x->series != y->series)
		return x->series < y->series ? -1 : 1;
	if (x->t != y->t)
		return x->t < y->t ? -1 : 1;
	return (x->nth > y->nth) - (x->nth < y->nth);
}

struct found {
	VEC(struct keyed) v;
};

static int
read_content(struct store *s, int64_t content, int64_t metric, struct observation *block, struct found *out, struct err *e)
{
	struct store_rows *rows = store_observations_open(s, content, INT64_MIN, INT64_MAX, e);
	int64_t of;
	size_t i, n;
	int rc = -1;

	while (rows != NULL && (rc = store_observations_next(rows, block, &n, e)) == 1) {
		for (i = 0; i < n; i++) {
			if ((of = db_observed_metric(s, block[i].series, e)) < 0) {
				store_rows_close(rows);
				return -1;
			}
			if (of == metric)
				*vec_add(&out->v) = (struct keyed){block[i].series,
				    block[i].t / 1000000 - (block[i].t % 1000000 < 0), (int64_t)out->v.n, block[i].v};
		}
	}
	store_rows_close(rows);
	return rc;
}

static int
load(struct store *s, const int64_t *content, size_t n, int64_t metric, struct err *e)
{
	struct observation *block = mem_new(OBSERVATION_BLOCK, sizeof(*block));
	struct observed_points *p;
	struct found found = {0};
	size_t i;
	int rc = 0;

	for (i = 0; i < n && rc == 0; i++)
		rc = read_content(s, content[i], metric, block, &found, e);
	mem_free(block);
	if (rc == 0) {
		if (found.v.n > 1)
			qsort(found.v.v, found.v.n, sizeof(*found.v.v), by_series_and_time);
		db_observed_points_free(s->observed.points);
		p = s->observed.points = mem_new(1, sizeof(*p));
		p->metric = metric;
		p->n = found.v.n;
		p->v = mem_new(p->n, sizeof(*p->v));
		p->series = mem_new(p->n, sizeof(*p->series));
		for (i = 0; i < p->n; i++) {
			p->v[i] = (struct store_observed_point){found.v.v[i].t, found.v.v[i].v};
			p->series[i] = found.v.v[i].series;
		}
	}
	vec_free(&found.v);
	return rc;
}

/* The first point of that series, or where it would be. */
static size_t
begin_of(const struct observed_points *p, int64_t series)
{
	size_t low = 0, high = p->n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (p->series[mid] < series)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

int
store_observation_points(struct store *s, const int64_t *content, size_t n_contents, int64_t series,
    const struct store_observed_point **v, size_t *n, struct err *e)
{
	int64_t metric = db_observed_metric(s, series, e);
	size_t from;

	if (metric < 0 || ((s->observed.points == NULL || s->observed.points->metric != metric) &&
	    load(s, content, n_contents, metric, e) < 0))
		return -1;
	from = begin_of(s->observed.points, series);
	*v = s->observed.points->v + from;
	*n = begin_of(s->observed.points, series + 1) - from;
	return 0;
}
