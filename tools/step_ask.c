#include "step_ask.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/sort.h"
#include "base/time.h"
#include "promql/functions.h"

#define SERVER_STEPS 960
#define SERVER_SPAN (6 * TIME_HOUR)
#define MOST_TIMES 4096 /* looked at for the interval of a target */

/* The median time between two answers of a target; 0 for fewer than two. */
static int
target_interval(struct store *s, int64_t target, int64_t *out, struct err *e)
{
	struct store_rows *rows = store_scrapes_open(s, target, e);
	VEC(int64_t) d = {0};
	int64_t t, last = TIME_NONE;
	int rc = 0;

	*out = 0;
	if (rows == NULL)
		return -1;
	while (d.n < MOST_TIMES && (rc = store_scrapes_next(rows, &t, e)) > 0) {
		if (last != TIME_NONE && t > last)
			*vec_add(&d) = t - last;
		last = t;
	}
	store_rows_close(rows);
	if (d.n > 0) {
		sort_ints(d.v, d.n);
		*out = d.v[d.n / 2];
	}
	vec_free(&d);
	return rc < 0 ? -1 : 0;
}

/* The shortest of all targets. */
static int
find_interval(struct step_ask *a, struct err *e)
{
	struct store_rows *rows = store_series_open(a->store, NULL, e);
	VEC(int64_t) seen = {0};
	struct store_series row;
	int64_t interval;
	size_t i;
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_series_next(rows, &row, e)) > 0) {
		for (i = seen.n; i > 0 && seen.v[i - 1] != row.target; i--)
			;
		if (i > 0)
			continue;
		*vec_add(&seen) = row.target;
		rc = target_interval(a->store, row.target, &interval, e);
		if (rc < 0)
			break;
		if (interval > 0 && (a->interval == 0 || interval < a->interval))
			a->interval = interval;
		a->longest = interval > a->longest ? interval : a->longest;
	}
	store_rows_close(rows);
	vec_free(&seen);
	return rc;
}

static void
choose_step(struct step_ask *a)
{
	static const int64_t nice[] = {1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10800, 21600, 43200, 86400};
	int64_t span = a->q.end - a->q.start, least = a->server.url != NULL ? span / SERVER_STEPS : span / (PQ_MAX_STEPS - 1) + 1;
	int64_t wanted = a->interval > 0 ? a->interval : span / 250;
	size_t i;

	if (a->times.step > 0) {
		a->q.step = a->times.step;
		return;
	}
	/* Scrapes jitter by milliseconds; a step is a round time. */
	if (wanted >= 2 * TIME_SECOND)
		wanted = (wanted + TIME_SECOND / 2) / TIME_SECOND * TIME_SECOND;
	if (a->interval > 0 && wanted >= least) {
		/* Several clocks in one target make 59 s of a minute. */
		for (i = 0; i < sizeof(nice) / sizeof(*nice); i++)
			if (llabs(wanted - nice[i] * TIME_SECOND) * 50 <= wanted)
				wanted = nice[i] * TIME_SECOND;
		a->q.step = wanted;
		return;
	}
	for (i = 0; i + 1 < sizeof(nice) / sizeof(*nice) && (nice[i] * TIME_SECOND < least || nice[i] * TIME_SECOND < wanted); i++)
		;
	a->q.step = nice[i] * TIME_SECOND < least ? (least / TIME_DAY + 1) * TIME_DAY : nice[i] * TIME_SECOND;
}

static int
open_store(struct step_ask *a, const char *db, struct err *e)
{
	struct pq_query q = a->q;
	int64_t untimed;
	int rc;

	if (a->profile != NULL && (a->p = step_profile(a->tool, a->profile, e)) == NULL)
		return -1;
	if ((a->store = step_store(db, e)) == NULL || find_interval(a, e) < 0 ||
	    (untimed = step_query_untimed(a->store, e)) < 0)
		return -1;
	if (untimed > 0)
		tool_note(a->tool, "%lld artifact%s no time: what %s cannot be drawn (soak-ingest -p PROFILE places them)",
		    (long long)untimed, untimed == 1 ? " has" : "s have", untimed == 1 ? "it holds" : "they hold");
	/* A range, whatever was stated of it. */
	a->times.time = TIME_NONE;
	if (a->times.start == TIME_NONE && a->times.end == TIME_NONE && a->times.step == 0) {
		struct pq_times range = a->times;

		range.step = 1;
		rc = step_query_times(a->store, a->p, &range, &q, e);
	} else {
		rc = step_query_times(a->store, a->p, &a->times, &q, e);
	}
	if (rc < 0)
		return -1;
	a->dated = rc > 0;
	a->q.start = q.start;
	a->q.end = q.end;
	pq_store_source_init(&a->src, a->store);
	return 0;
}

static int
open_server(struct step_ask *a, struct err *e)
{
	struct pq_times range = a->times;

	if (a->profile != NULL)
		return err_set(e, ERR_USAGE, "-p is for a store: give --start and --end");
	if (range.step == 0)
		range.step = TIME_MINUTE;
	/* A server has no first sample: the last hours, as dashboards show them. */
	if (range.start == TIME_NONE) {
		if (range.end == TIME_NONE)
			range.end = (int64_t)time(NULL) * TIME_SECOND;
		range.start = range.end - SERVER_SPAN;
		tool_note(a->tool, "the 6 hours before the end are shown: --start and --end say otherwise");
	}
	if (step_server_times(&range, &a->q, e) < 0 || step_server_open(&a->server, &a->q, e) < 0)
		return -1;
	a->dated = true;
	return 0;
}

int
step_ask_open(struct step_ask *a, struct err *e)
{
	const char *db = tool_db(a->db);
	int rc;

	a->server.url = step_server_is(db) ? db : NULL;
	if (a->server.timeout > 0 || a->server.url != NULL)
		step_server_deadline(&a->deadline, a->server.timeout > 0 ? a->server.timeout : STEP_SERVER_TIMEOUT, &a->q);
	rc = a->server.url != NULL ? open_server(a, e) : open_store(a, db, e);
	if (rc < 0 || !a->dated)
		return rc;
	choose_step(a);
	if (a->q.lookback == 0 && a->server.url == NULL && a->longest > 0) {
		a->q.lookback = a->longest + a->longest / 2;
		if (a->usual_lookback && a->q.lookback < PQ_LOOKBACK)
			a->q.lookback = PQ_LOOKBACK;
	}
	return 0;
}

void
step_ask_close(struct step_ask *a)
{
	if (a->server.url != NULL)
		step_server_warn(a->tool, &a->server);
	step_server_close(&a->server);
	store_close(a->store);
	profile_free(a->p);
	a->store = NULL;
	a->p = NULL;
}

/* What the selectors of an empty answer lack; the first of them says it. */
static int
explain(struct step_ask *a, const struct pq_expr *x, const struct pq_query *q, struct arena *arena, struct sv *why, struct err *e)
{
	struct pq_explanation ex = {0};
	struct sb text = {0};
	size_t i;
	int rc = pq_explain(&a->src.src, x, q, arena, &ex, e);

	for (i = 0; rc == 0 && i < ex.n && text.n == 0; i++) {
		if (ex.v[i].n_series == 0)
			rc = pq_explain_missing(&a->src.src, ex.v[i].x, arena, &text, e);
		else
			pq_reading_doubt(&ex.v[i], &text);
	}
	*why = arena_sv(arena, sb_sv(&text));
	sb_free(&text);
	return rc;
}

static int64_t
widest(const struct pq_expr *x)
{
	int64_t most = x->kind == PQ_RANGE ? x->range.range : x->kind == PQ_SUBQUERY ? x->subquery.range : 0;
	const struct pq_expr *part;
	size_t i;

	for (i = 0; (part = pq_child(x, i)) != NULL; i++) {
		int64_t of = widest(part);

		most = of > most ? of : most;
	}
	return most;
}

void
step_ask_tile(const struct step_ask *a, const char *kind, struct sv text, struct pq_query *q)
{
	static const char *const adds[] = {"hdr", "distribution", "ecdf", "dumbbells", "budget", NULL};
	struct arena arena = {0};
	const struct pq_expr *x = NULL;
	int64_t window;
	size_t i;

	for (i = 0; kind != NULL && adds[i] != NULL; i++)
		if (strcmp(kind, adds[i]) == 0)
			x = pq_parse(&arena, text, NULL);
	window = x != NULL && a->times.step == 0 && q->step > 0 ? widest(x) : 0;
	if (window > q->step) {
		q->step = window;
		q->start = q->end - (q->end - q->start) / window * window;
	}
	arena_free(&arena);
}

int
step_ask_eval(struct step_ask *a, struct sv text, const struct pq_query *times, struct arena *arena, struct pq_result *r,
    struct sv *why, struct err *e)
{
	const struct pq_query *q = times != NULL ? times : &a->q;
	const struct pq_expr *x = pq_parse(arena, text, e);

	*why = SV("");
	*r = (struct pq_result){.type = PQ_MATRIX};
	if (x == NULL)
		return -1;
	if (!a->dated) {
		*why = SV("the store holds no sample that has a time");
		return 0;
	}
	if (x->type == PQ_STRING || x->type == PQ_MATRIX)
		return err_set(e, ERR_USAGE, "a chart needs numbers, the expression is %s", pq_type_name(x->type));
	if (a->server.url != NULL) {
		if (step_server_eval(&a->server, x, text, q, arena, r, e) < 0)
			return -1;
		if (r->n == 0)
			*why = SV("the server has no series for it in the time shown");
		return 0;
	}
	if (pq_eval(&a->src.src, x, q, arena, r, e) < 0)
		return -1;
	return r->n == 0 ? explain(a, x, q, arena, why, e) : 0;
}
