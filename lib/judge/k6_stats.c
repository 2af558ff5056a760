#include "judge/k6_stats.h"

#include <math.h>

#include "base/num.h"
#include "base/observation.h"
#include "base/sort.h"
#include "store/observation.h"

/* Which of the statistics each series goes to: indexes times two, plus one where only the hidden ones are counted. */
#define MAX_SPAN_SECONDS 40000000 /* more than a year: coverage is not counted */

struct route {
	uint32_t *to;
	size_t n;
};

struct routes {
	struct arena arena;
	VEC(struct route) series; /* by id */
};

static bool
has_tags(const struct labels *tags, const struct labels *want)
{
	size_t i, k = 0;

	for (i = 0; i < want->n; i++) {
		for (; k < tags->n && sv_cmp(tags->v[k].name, want->v[i].name) < 0; k++)
			;
		if (k == tags->n || !sv_eq(tags->v[k].name, want->v[i].name) || !sv_eq(tags->v[k].value, want->v[i].value))
			return false;
	}
	return true;
}

/* Points whose tags were not kept (lib/read/k6_points.h, docs/schema.md). */
static bool
tags_not_kept(const struct labels *tags)
{
	return tags->n == 1 && sv_is(tags->v[0].name, "soak_tags_not_kept");
}

static int
route_series(struct routes *r, const struct store_observation_series *row, struct k6_stats *st, size_t n, struct arena *keep,
    struct err *e)
{
	struct arena scratch = {0};
	struct labels tags;
	struct route *to;
	VEC(uint32_t) list = {0};
	size_t i;

	for (i = 0; i < n && !sv_eq(st[i].name.metric, row->metric); i++)
		;
	if (i == n)
		return 0;
	if (labels_parse(&scratch, row->tags, &tags, e) < 0) {
		arena_free(&scratch);
		return err_prefix(e, "series %lld", (long long)row->id);
	}
	for (i = 0; i < n; i++) {
		if (!sv_eq(st[i].name.metric, row->metric))
			continue;
		if (!st[i].known) {
			st[i].known = true;
			st[i].type = arena_sv(keep, row->type);
			st[i].contains = arena_sv(keep, row->contains);
		}
		if (st[i].without.n > 0 && labels_has(&tags, st[i].without))
			continue;
		if (has_tags(&tags, &st[i].name.tags))
			*vec_add(&list) = (uint32_t)i * 2;
		else if (tags_not_kept(&tags)) /* who can say whether it would be one of them? */
			*vec_add(&list) = (uint32_t)i * 2 + 1;
	}
	arena_free(&scratch);
	if (list.n == 0)
		return 0;
	while ((int64_t)r->series.n <= row->id)
		(void)vec_add(&r->series);
	to = &r->series.v[row->id];
	to->n = list.n;
	to->to = arena_keep(&r->arena, list.v, list.n, sizeof(*to->to));
	return 0;
}

static int
route_all(struct routes *r, struct store *s, struct k6_stats *st, size_t n, struct arena *keep, struct err *e)
{
	struct store_rows *rows = store_observation_series_open(s, e);
	struct store_observation_series row;
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_observation_series_next(rows, &row, e)) == 1)
		if (row.id < 1 || row.id > INT32_MAX || route_series(r, &row, st, n, keep, e) < 0)
			break;
	store_rows_close(rows);
	if (rc == 1 && (row.id < 1 || row.id > INT32_MAX))
		return err_set(e, ERR_DB, "a series of observations has the number %lld", (long long)row.id);
	return rc == 0 ? 0 : -1;
}

static void
add(struct k6_stats *st, double v)
{
	if (st->n == 0 || v < st->min)
		st->min = v;
	if (st->n == 0 || v > st->max)
		st->max = v;
	st->n++;
	st->nonzero += v != 0;
	st->sum += v;
	st->last = v;
	if (st->keep)
		*vec_add(&st->v) = v;
}

/* Seconds in which there was a point. */
struct clock {
	int64_t base; /* second of the first byte */
	unsigned char *seen;
	size_t n;     /* 0: too long to count */
};

static bool
inside(const struct span *span, size_t n, int64_t t_ns)
{
	int64_t ms = t_ns / 1000000 - (t_ns % 1000000 < 0);
	size_t i;

	for (i = 0; i < n; i++)
		if (ms >= span[i].from && ms < span[i].to)
			return true;
	return n == 0;
}

static void
take(struct routes *r, const struct observation *o, struct k6_stats *st)
{
	const struct route *to;
	size_t i;

	if (o->series >= (int64_t)r->series.n)
		return;
	to = &r->series.v[o->series];
	for (i = 0; i < to->n; i++) {
		if (to->to[i] % 2 == 0)
			add(&st[to->to[i] / 2], o->v);
		else
			st[to->to[i] / 2].hidden++;
	}
}

static int
read_part(struct store *s, const struct k6_part *part, const struct span *span, size_t n_spans, struct routes *r,
    struct k6_stats *st, struct clock *clock, struct k6_seen *seen, struct err *e)
{
	int64_t from = INT64_MIN, to = INT64_MAX, second;
	struct observation *v = mem_new(OBSERVATION_BLOCK, sizeof(*v));
	struct store_rows *rows;
	size_t i, n;
	int rc = -1;

	for (i = 0; i < n_spans; i++) {
		from = i == 0 || span[i].from < from ? span[i].from : from;
		to = i == 0 || span[i].to > to ? span[i].to : to;
	}
	rows = store_observations_open(s, part->content, from, to, e);
	while (rows != NULL && (rc = store_observations_next(rows, v, &n, e)) == 1) {
		for (i = 0; i < n; i++) {
			if (!inside(span, n_spans, v[i].t))
				continue;
			take(r, &v[i], st);
			seen->n++;
			second = v[i].t / 1000000000 - clock->base;
			if (second >= 0 && second < (int64_t)clock->n)
				clock->seen[second] = 1;
		}
	}
	store_rows_close(rows);
	mem_free(v);
	return rc;
}

/* From the seconds with points: what lies between two that are at most K6_GAP apart. */
static void
count_seen(const struct clock *c, struct k6_seen *seen)
{
	int64_t last = -1, gap, i;

	for (i = 0; i < (int64_t)c->n; i++) {
		if (c->seen[i] == 0)
			continue;
		if (last < 0) {
			seen->first_ms = (c->base + i) * 1000;
		} else {
			gap = (i - last) * 1000;
			seen->longest_gap = gap > seen->longest_gap ? gap : seen->longest_gap;
			seen->covered += gap <= K6_GAP ? gap : 0;
		}
		last = i;
	}
	if (last >= 0) {
		seen->last_ms = (c->base + last) * 1000;
		seen->covered += 1000;
	}
}

int
k6_stats_collect(struct store *s, const struct k6_set *set, const struct span *span, size_t n_spans,
    struct k6_stats *st, size_t n, struct k6_seen *seen, struct err *e)
{
	struct k6_seen ignored;
	struct routes r = {0};
	struct clock clock = {.base = set->first_ms / 1000};
	size_t i;
	int rc;

	if (seen == NULL)
		seen = &ignored;
	*seen = (struct k6_seen){.first_ms = TIME_NONE, .last_ms = TIME_NONE};
	if (set->n > 0 && set->last_ms / 1000 - clock.base < MAX_SPAN_SECONDS)
		clock.n = (size_t)(set->last_ms / 1000 - clock.base) + 1;
	clock.seen = mem_new(clock.n, 1);
	rc = route_all(&r, s, st, n, set->arena, e);
	for (i = 0; i < set->n && rc == 0; i++)
		rc = read_part(s, &set->part[i], span, n_spans, &r, st, &clock, seen, e);
	count_seen(&clock, seen);
	for (i = 0; i < n && rc == 0; i++)
		sort_doubles(st[i].v.v, st[i].v.n);
	mem_free(clock.seen);
	vec_free(&r.series);
	arena_free(&r.arena);
	return rc;
}

void
k6_stats_free(struct k6_stats *st, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		vec_free(&st[i].v);
}

/* Linear between the two values around p (n - 1). */
static double
percentile(const double *v, size_t n, double p)
{
	double i = p * ((double)n - 1.0), j, k;

	if (n <= 1)
		return n == 0 ? 0 : v[0];
	j = v[(size_t)floor(i)];
	k = v[(size_t)ceil(i)];
	return j + (k - j) * (i - floor(i));
}

double
k6_stats_get(const struct k6_stats *st, enum k6_stat stat, double p, double seconds)
{
	switch (stat) {
	case K6_COUNT:
		return sv_is(st->type, "counter") ? st->sum : (double)st->n;
	case K6_RATE:
		if (sv_is(st->type, "counter"))
			return seconds > 0 ? st->sum / seconds : NAN;
		return st->n == 0 ? 0 : (double)st->nonzero / (double)st->n;
	case K6_VALUE:
		return st->last;
	case K6_AVG:
		return st->n == 0 ? 0 : st->sum / (double)st->n;
	case K6_MIN:
		return st->min;
	case K6_MAX:
		return st->max;
	case K6_MED:
	case K6_P:
		return st->keep ? percentile(st->v.v, st->v.n, p) : NAN;
	}
	return NAN;
}

static const char *const paired[K6_PAIRED] = {"http_reqs", "http_req_duration", "http_req_failed"};

void
k6_paired_ask(struct k6_stats st[K6_PAIRED])
{
	size_t i;

	for (i = 0; i < K6_PAIRED; i++)
		st[i] = (struct k6_stats){.name = {.metric = sv_of(paired[i])}, .without = SV("")};
}

const char *
k6_paired_differ(struct arena *a, const struct k6_stats st[K6_PAIRED])
{
	char one[NUM_TEXT], other[NUM_TEXT];
	size_t i, k;

	if (st[0].known && st[0].sum != (double)st[0].n)
		return arena_fmt(a, "%s points of http_reqs count %s requests", num_count(st[0].n, one), num_text(st[0].sum, other));
	for (i = 0; i < K6_PAIRED; i++)
		for (k = i + 1; k < K6_PAIRED; k++)
			if (st[i].known && st[k].known && st[i].n != st[k].n)
				return arena_fmt(a, "%s points of %s, but %s of %s: each request yields one of each", num_count(st[i].n, one), paired[i],
				    num_count(st[k].n, other), paired[k]);
	return NULL;
}
