#include "promql/k6_series.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "store/observation.h"

/* Upper bounds of the buckets, in the series' unit; +Inf comes after them. */
static const double seconds[] = {0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3,
    5, 10, 30, 60};
static const double bytes[] = {64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216};
static const double plain[] = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000, 1000000};

struct layout {
	const char *suffix; /* of the name */
	const double *le;
	size_t n;
	double scale;       /* of k6's values to the unit */
};

/* k6's times are milliseconds; Prometheus' unit is the second. */
static const struct layout layouts[] = {{"_seconds", seconds, sizeof(seconds) / sizeof(*seconds), 1e-3},
    {"_bytes", bytes, sizeof(bytes) / sizeof(*bytes), 1}, {"", plain, sizeof(plain) / sizeof(*plain), 1}};

/*
 * Which of its metric's series it is: PART_VALUE (gauges), PART_TOTAL (counters), PART_ZERO and PART_NONZERO (rates),
 * PART_SUM, PART_COUNT and from PART_BUCKET on the buckets (trends). 7 bits of the id.
 */
enum { PART_VALUE, PART_TOTAL, PART_ZERO, PART_NONZERO, PART_SUM, PART_COUNT, PART_BUCKET };
enum { LAYOUT_BITS = 2, PART_BITS = 7 };

static int64_t
make_id(int64_t series, size_t layout, size_t part)
{
	return -(((series << LAYOUT_BITS | (int64_t)layout) << PART_BITS | (int64_t)part) + 1);
}

struct finder {
	const struct pq_selector *sel;
	const char *name;
	struct arena *a;
	VEC(struct pq_series) found;
	struct sb text;
	char number[NUM_TEXT];
};

/* One series, should it match: its tags, and one label more (name NULL: none). 0 or -1. */
static int
offer(struct finder *f, struct sv name, const struct labels *tags, const char *label, const char *value, int64_t id, struct err *e)
{
	struct labels all = {arena_new(f->a, tags->n + 1, sizeof(*all.v)), tags->n};
	int rc;

	if (tags->n > 0)
		memcpy(all.v, tags->v, tags->n * sizeof(*all.v));
	if (label != NULL) {
		/* A tag of that name gives way: its values would not be told apart. */
		for (size_t i = 0; i < all.n; i++)
			if (sv_is(all.v[i].name, label))
				all.v[i--] = all.v[--all.n];
		all.v[all.n++] = (struct label){sv_of(label), sv_of(arena_str(f->a, sv_of(value)))};
		if (labels_sort(&all) < 0)
			return 0;
	}
	if ((rc = pq_matches(f->sel, name, &all, e)) == 1)
		*vec_add(&f->found) = (struct pq_series){.name = arena_sv(f->a, name), .labels = all, .id = id};
	return rc < 0 ? -1 : 0;
}

/* "k6_" metric suffix; is it a name that can match? */
static bool
named(struct finder *f, struct sv metric, const char *unit, const char *suffix)
{
	sb_reset(&f->text);
	sb_addf(&f->text, "k6_%" SV_FMT "%s%s", SV_ARG(metric), unit, suffix);
	return f->name == NULL || strcmp(f->name, sb_str(&f->text)) == 0;
}

static int
offer_trend(struct finder *f, const struct store_observation_series *row, const struct labels *tags, struct err *e)
{
	size_t k = sv_is(row->contains, "time") ? 0 : sv_is(row->contains, "data") ? 1 : 2, i;
	const struct layout *l = &layouts[k];

	if (named(f, row->metric, l->suffix, "_sum") &&
	    offer(f, sb_sv(&f->text), tags, NULL, NULL, make_id(row->id, k, PART_SUM), e) < 0)
		return -1;
	if (named(f, row->metric, l->suffix, "_count") &&
	    offer(f, sb_sv(&f->text), tags, NULL, NULL, make_id(row->id, k, PART_COUNT), e) < 0)
		return -1;
	if (!named(f, row->metric, l->suffix, "_bucket"))
		return 0;
	for (i = 0; i <= l->n; i++)
		if (offer(f, sb_sv(&f->text), tags, "le", i < l->n ? num_text(l->le[i], f->number) : "+Inf",
			make_id(row->id, k, PART_BUCKET + i), e) < 0)
			return -1;
	return 0;
}

static int
offer_row(struct finder *f, const struct store_observation_series *row, const struct labels *tags, struct err *e)
{
	if (sv_is(row->type, "trend"))
		return offer_trend(f, row, tags, e);
	if (sv_is(row->type, "counter"))
		return named(f, row->metric, "", "_total") ?
		    offer(f, sb_sv(&f->text), tags, NULL, NULL, make_id(row->id, 2, PART_TOTAL), e) : 0;
	if (sv_is(row->type, "rate")) {
		if (!named(f, row->metric, "", "_total"))
			return 0;
		if (offer(f, sb_sv(&f->text), tags, "condition", "zero", make_id(row->id, 2, PART_ZERO), e) < 0)
			return -1;
		return offer(f, sb_sv(&f->text), tags, "condition", "nonzero", make_id(row->id, 2, PART_NONZERO), e);
	}
	return named(f, row->metric, "", "") ? offer(f, sb_sv(&f->text), tags, NULL, NULL, make_id(row->id, 2, PART_VALUE), e) : 0;
}

/* Could any series of this metric have the name? Most have another: their labels need not be read. */
static bool
can_match(const struct finder *f, struct sv metric)
{
	struct sv name = sv_of(f->name);

	return f->name == NULL || (name.n >= 3 + metric.n && sv_eq(sv_head(sv_from(name, 3), metric.n), metric));
}

int
k6_series_find(struct store *s, const struct pq_selector *sel, const char *name, struct arena *a, struct k6_found *out,
    struct err *e)
{
	struct finder f = {.sel = sel, .name = name, .a = a};
	struct store_observation_series row;
	struct store_rows *rows;
	struct labels tags;
	int rc = 0;

	*out = (struct k6_found){NULL, 0};
	if (name != NULL && strncmp(name, "k6_", 3) != 0)
		return 0;
	if ((rows = store_observation_series_open(s, e)) == NULL)
		return -1;
	while ((rc = store_observation_series_next(rows, &row, e)) == 1) {
		if (row.id < 1 || row.id > INT32_MAX || !can_match(&f, row.metric))
			continue;
		if (labels_parse(a, row.tags, &tags, e) < 0 || offer_row(&f, &row, &tags, e) < 0) {
			rc = -1;
			break;
		}
	}
	store_rows_close(rows);
	sb_free(&f.text);
	out->n = f.found.n;
	out->v = arena_keep(a, f.found.v, f.found.n, sizeof(*out->v));
	return rc;
}

/* --- samples ------------------------------------------------------------------------------------ */

struct known {
	int64_t content, points, first, last;
	bool csv;
};

/* All that an artifact stands for; of the same points as NDJSON and as CSV the former. */
static int
find_contents(struct store *s, struct k6_contents *c, struct err *e)
{
	struct store_rows *rows = store_observed_open(s, e);
	VEC(struct known) all = {0};
	struct store_observed o;
	size_t i, k;
	int rc;

	if (rows == NULL)
		return -1;
	*c = (struct k6_contents){.known = true, .last = INT64_MIN};
	while ((rc = store_observed_next(rows, &o, e)) == 1)
		*vec_add(&all) = (struct known){o.content, o.points, o.first_ms / 1000, o.last_ms / 1000, sv_is(o.format, "k6-csv")};
	store_rows_close(rows);
	for (i = 0; i < all.n; i++) {
		for (k = 0; k < all.n && !(all.v[i].csv && !all.v[k].csv && all.v[i].points == all.v[k].points &&
				     all.v[i].first - all.v[k].first <= 1 && all.v[k].first - all.v[i].first <= 1); k++)
			;
		if (k < all.n)
			continue;
		if (c->n == K6_CONTENTS) {
			rc = err_set(e, ERR_LIMIT, "more than %d files of k6 points", K6_CONTENTS);
			break;
		}
		c->id[c->n++] = all.v[i].content;
		c->last = all.v[i].last > c->last ? all.v[i].last : c->last;
	}
	vec_free(&all);
	return rc;
}

#define ALIVE (60 * TIME_SECOND) /* a sample at least so often, as long as the run goes on */

struct samples {
	int64_t from, to;
	VEC(struct pq_sample) v;
	int64_t at; /* of the sample before */
	double last;
	bool any;
};

static void
put(struct samples *m, int64_t t, double v)
{
	if (t >= m->from && t <= m->to)
		*vec_add(&m->v) = (struct pq_sample){t, v, false};
	m->at = t;
	m->last = v;
	m->any = true;
}

/* What stood still until the second before t, told often enough. */
static void
bridge(struct samples *m, int64_t t)
{
	while (m->any && t - m->at > ALIVE)
		put(m, m->at + ALIVE, m->last);
	if (m->any && t - m->at > TIME_SECOND)
		put(m, t - TIME_SECOND, m->last);
}

/* What one point adds to the part. */
static double
add(double sum, double v, const struct layout *l, size_t part)
{
	switch (part) {
	case PART_VALUE:
		return v;
	case PART_TOTAL:
		return sum + v;
	case PART_SUM:
		return sum + v * l->scale;
	case PART_ZERO:
		return sum + (v == 0);
	case PART_NONZERO:
		return sum + (v != 0);
	case PART_COUNT:
		return sum + 1;
	default:
		return sum + (part - PART_BUCKET >= l->n || v * l->scale <= l->le[part - PART_BUCKET]);
	}
}

int
k6_series_samples(struct store *s, struct k6_contents *c, int64_t id, int64_t from, int64_t to, struct arena *a,
    struct pq_sample **out, size_t *n, struct err *e)
{
	uint64_t code = (uint64_t)(-(id + 1));
	size_t part = code & ((1u << PART_BITS) - 1), k = code >> PART_BITS & ((1u << LAYOUT_BITS) - 1), i, count;
	const struct store_observed_point *p;
	struct samples m = {.from = from, .to = to};
	double value = 0;
	int64_t second;
	int rc = c->known ? 0 : find_contents(s, c, e);

	if (rc == 0)
		rc = store_observation_points(s, c->id, c->n, (int64_t)(code >> (PART_BITS + LAYOUT_BITS)), &p, &count, e);
	for (i = 0; rc == 0 && i < count; ) {
		second = p[i].t / TIME_SECOND - (p[i].t % TIME_SECOND < 0);
		/* Counters are born at 0: what is counted in the first second is an increase. */
		if (!m.any && part != PART_VALUE)
			put(&m, second * TIME_SECOND, 0);
		bridge(&m, (second + 1) * TIME_SECOND);
		for (; i < count && p[i].t < (second + 1) * TIME_SECOND; i++)
			value = add(value, p[i].v, &layouts[k], part);
		put(&m, (second + 1) * TIME_SECOND, value);
	}
	if (rc == 0 && m.any) {
		bridge(&m, (c->last + 1) * TIME_SECOND);
		if (m.at < (c->last + 1) * TIME_SECOND)
			put(&m, (c->last + 1) * TIME_SECOND, value);
	}
	*n = m.v.n;
	*out = arena_keep(a, m.v.v, m.v.n, sizeof(**out));
	return rc;
}
