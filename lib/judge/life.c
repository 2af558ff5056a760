#include "judge/life.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"
#include "base/time.h"

#define DEFAULT_PROCESS_START "process_start_time_seconds"
/* Some exporters compute "now - uptime" anew at each scrape; no process restarts within a second of its start. */
#define JITTER TIME_SECOND

struct times {
	VEC(int64_t) t;
};

static int
by_target(const void *a, const void *b)
{
	const struct target_life *x = a, *y = b;

	return (x->target > y->target) - (x->target < y->target);
}

const struct target_life *
life_find(const struct increase_run *r, int64_t target)
{
	struct target_life key = {.target = target};

	if (r->n_life == 0)
		return NULL;
	return bsearch(&key, r->life, r->n_life, sizeof(*r->life), by_target);
}

static bool
same_start(int64_t a, int64_t b)
{
	return a < b ? b - a <= JITTER : a - b <= JITTER;
}

/*
 * Scrapes from i to j - 1 carry no process start. The next known one, began[j], is theirs too when they came after
 * it; those before it belong to the process known before them.
 */
static void
fill_unknown(struct target_life *l, size_t i, size_t j)
{
	int64_t before = i > 0 ? l->began[i - 1] : TIME_NONE;

	for (; i < j; i++)
		l->began[i] = j < l->n && l->scrape[i] >= l->began[j] ? l->began[j] : before;
}

void
life_settle(const struct increase_run *r, struct target_life *l)
{
	int64_t slack = r->profile->process_slack;
	size_t i, j;

	l->told = arena_new(r->arena, l->n, sizeof(*l->told));
	for (i = 0; i < l->n; i++)
		l->told[i] = l->began[i] != TIME_NONE;
	for (i = 0; i < l->n; i = j + 1) {
		for (j = i; j < l->n && l->began[j] == TIME_NONE; j++)
			;
		fill_unknown(l, i, j);
	}
	l->zero_start = l->n > 0 && l->began[0] != TIME_NONE && r->run.start != TIME_NONE &&
	    l->began[0] >= r->run.start - slack && l->began[0] <= r->run.start + slack;
}

bool
life_born(const struct increase_run *r, const struct target_life *l)
{
	return !l->zero_start && l->n > 0 && l->told != NULL && l->told[0] && l->began[0] <= l->scrape[0] && r->run.start != TIME_NONE &&
	    l->began[0] > r->run.start;
}

bool
life_restarted(const struct target_life *l, size_t i)
{
	return l->began[i - 1] != TIME_NONE && l->began[i] != TIME_NONE &&
	    !same_start(l->began[i - 1], l->began[i]);
}

/* The first restart event in (from, to], TIME_NONE when there is none. */
static int64_t
restart_event(const struct increase_run *r, int64_t from, int64_t to)
{
	int64_t t = TIME_NONE;
	size_t i;

	for (i = 0; i < r->n_restart; i++)
		if (r->restart[i].from > from && r->restart[i].from <= to &&
		    (t == TIME_NONE || r->restart[i].from < t))
			t = r->restart[i].from;
	return t;
}

void
life_unseen(const struct increase_run *r, const struct target_life *l, size_t i, int64_t *least, int64_t *most)
{
	int64_t from = l->scrape[i - 1], to = l->scrape[i], event, began = TIME_NONE;

	if (life_restarted(l, i) && l->began[i] > from && l->began[i] <= to)
		began = l->began[i];
	event = restart_event(r, from, to);
	if (event != TIME_NONE && began != TIME_NONE) {
		/* An event may be logged when all is up again. */
		*least = (event < began ? event : began) - from;
		*most = began - from;
	} else if (event != TIME_NONE || began != TIME_NONE) {
		*least = *most = (event != TIME_NONE ? event : began) - from;
	} else {
		*least = 0;
		*most = to - from;
	}
}

/* --- reading them ------------------------------------------------------------------------- */

/* The targets of all series, in order and each once. */
static int
read_targets(struct store *s, struct times *out, struct err *e)
{
	struct store_series row;
	struct store_rows *rows;
	int rc;

	if ((rows = store_series_open(s, NULL, e)) == NULL)
		return -1;
	while ((rc = store_series_next(rows, &row, e)) > 0)
		if (out->t.n == 0 || out->t.v[out->t.n - 1] != row.target)
			*vec_add(&out->t) = row.target;
	store_rows_close(rows);
	if (rc < 0)
		return -1;
	out->t.n = sort_unique(out->t.v, out->t.n);
	return 0;
}

static int
read_scrapes(struct increase_run *r, struct target_life *l, struct err *e)
{
	struct times found = {0};
	struct store_rows *rows;
	int64_t t;
	size_t i;
	int rc;

	if ((rows = store_scrapes_open(r->store, l->target, e)) == NULL)
		return -1;
	while ((rc = store_scrapes_next(rows, &t, e)) > 0)
		*vec_add(&found.t) = t;
	store_rows_close(rows);
	l->n = found.t.n;
	l->scrape = arena_new(r->arena, l->n, sizeof(*l->scrape));
	l->began = arena_new(r->arena, l->n, sizeof(*l->began));
	for (i = 0; i < l->n; i++) {
		l->scrape[i] = found.t.v[i];
		l->began[i] = TIME_NONE;
	}
	vec_free(&found.t);
	return rc;
}

/* Unix seconds as ms; TIME_NONE for what cannot be a process start. */
static int64_t
start_of(double seconds)
{
	if (!(seconds > 0 && seconds < 253402300800.0)) /* year 10000 */
		return TIME_NONE;
	return (int64_t)llround(seconds * 1000);
}

/* Puts one process start series into the life of its target. Two that disagree at a scrape: unknown there. */
static int
read_starts(struct increase_run *r, const struct pq_series *s, struct target_life *l, bool *clash, struct err *e)
{
	struct arena scratch = {0};
	struct pq_sample *m;
	size_t n, i, k = 0;
	int64_t began;

	if (r->source->samples(r->source, s, INT64_MIN, INT64_MAX, &scratch, &m, &n, e) < 0) {
		arena_free(&scratch);
		return -1;
	}
	for (i = 0; i < n; i++) {
		while (k < l->n && l->scrape[k] < m[i].t)
			k++;
		began = m[i].stale ? TIME_NONE : start_of(m[i].v);
		if (k == l->n || l->scrape[k] != m[i].t || began == TIME_NONE)
			continue;
		if (l->began[k] != TIME_NONE && !same_start(l->began[k], began))
			clash[k] = true;
		l->began[k] = began;
	}
	arena_free(&scratch);
	return 0;
}

static int
read_all_starts(struct increase_run *r, struct err *e)
{
	struct sv name = r->profile->process_start.n > 0 ? r->profile->process_start : SV(DEFAULT_PROCESS_START);
	const struct pq_selector *sel;
	const struct target_life *l;
	struct pq_series *s;
	size_t n, i, k, at;
	bool **clash;
	int rc = 0;

	if ((sel = pq_parse_selector(r->arena, name, e)) == NULL)
		return err_prefix(e, "%s: process_start", r->profile->file);
	if (r->source->series(r->source, sel, r->arena, &s, &n, e) < 0)
		return -1;
	/* Per target and scrape: several process starts that contradict each other. */
	clash = mem_new(r->n_life, sizeof(*clash));
	for (i = 0; i < n && rc == 0; i++) {
		if ((l = life_find(r, s[i].target)) == NULL)
			continue;
		at = (size_t)(l - r->life);
		if (clash[at] == NULL)
			clash[at] = mem_new(l->n, sizeof(**clash));
		rc = read_starts(r, &s[i], &r->life[at], clash[at], e);
	}
	for (at = 0; at < r->n_life; at++) {
		for (k = 0; clash[at] != NULL && k < r->life[at].n; k++)
			if (clash[at][k])
				r->life[at].began[k] = TIME_NONE;
		mem_free(clash[at]);
	}
	mem_free(clash);
	return rc;
}

/* "GATEWAY_RESTARTED", "pod restart" */
static bool
names_restart(struct sv name)
{
	static const char word[] = "restart";
	size_t i, k;

	for (i = 0; i + sizeof(word) - 1 <= name.n; i++) {
		for (k = 0; k < sizeof(word) - 1 && (name.p[i + k] | 0x20) == word[k]; k++)
			;
		if (k == sizeof(word) - 1)
			return true;
	}
	return false;
}

static int
read_restart_events(struct increase_run *r, struct err *e)
{
	VEC(struct span) found = {0};
	struct store_event ev;
	struct store_rows *rows;
	int rc;

	if ((rows = store_events_open(r->store, e)) == NULL)
		return -1;
	while ((rc = store_events_next(rows, &ev, e)) > 0)
		if (names_restart(ev.name))
			*vec_add(&found) = (struct span){ev.t, ev.t_end == TIME_NONE ? ev.t : ev.t_end};
	store_rows_close(rows);
	r->n_restart = found.n;
	r->restart = arena_new(r->arena, found.n, sizeof(*r->restart));
	for (size_t i = 0; i < found.n; i++)
		r->restart[i] = found.v[i];
	vec_free(&found);
	return rc;
}

int
increase_setup(struct increase_run *r, struct err *e)
{
	struct times target = {0};
	size_t i;
	int rc;

	rc = read_targets(r->store, &target, e);
	r->n_life = target.t.n;
	r->life = arena_new(r->arena, r->n_life, sizeof(*r->life));
	for (i = 0; i < r->n_life && rc == 0; i++) {
		r->life[i].target = target.t.v[i];
		rc = read_scrapes(r, &r->life[i], e);
	}
	vec_free(&target.t);
	if (rc < 0 || read_all_starts(r, e) < 0)
		return -1;
	for (i = 0; i < r->n_life; i++)
		life_settle(r, &r->life[i]);
	return r->restart != NULL ? 0 : read_restart_events(r, e);
}
