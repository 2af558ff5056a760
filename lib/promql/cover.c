#include "promql/cover.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "promql/explain.h"
#include "promql/functions.h"

/* How a selector is used. */
struct use {
	const struct pq_expr *x;
	bool absent;  /* absent() asks whether it is there */
	bool counter; /* rate() and its like */
};

struct stretches {
	VEC(struct pq_stretch) of;
};

/* A series, or what stands for one: all series of a metric at one target. */
struct member {
	const struct pq_series *s;
	struct labels identity; /* its labels without those that name an instance */
	struct stretches seen;
	int64_t first, last;    /* of all it has */
	int64_t interval;       /* usual; 0: too few to tell */
	int64_t samples, gap;   /* of what is read */
	int64_t read_first, read_last;
	bool now;               /* a sample within the lookback */
};

struct coverer {
	struct pq_source *src;
	const struct pq_query *q;
	const struct pq_cover_opts *o;
	struct arena *a;
	struct pq_cover *out;
	VEC(struct use) use;
	struct err *e;
};

/* A counter of the metric began anew at that target. */
struct reset {
	int64_t target, t;
};

/* One selector. */
struct look {
	struct coverer *c;
	const struct pq_reading *r;
	const struct use *use;
	const struct pq_selector *sel;
	struct stretches owed;
	VEC(struct member) m;
	VEC(struct reset) reset; /* of counters */
	int64_t interval; /* of those that have one */
	int64_t pace;     /* of most series of the metric, where these are far apart; 0: not asked */
	bool by_birth;    /* members owe nothing before their first sample */
	bool note_resets;
};

/* ----- stretches of time ---------------------------------------------------------------------- */

static int
by_from(const void *a, const void *b)
{
	const struct pq_stretch *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

/* In order, each moment once. */
static void
unite(struct stretches *s)
{
	size_t i, n = 0;

	if (s->of.n > 1)
		qsort(s->of.v, s->of.n, sizeof(*s->of.v), by_from);
	for (i = 0; i < s->of.n; i++) {
		if (n > 0 && s->of.v[i].from <= s->of.v[n - 1].to)
			s->of.v[n - 1].to = s->of.v[i].to > s->of.v[n - 1].to ? s->of.v[i].to : s->of.v[n - 1].to;
		else
			s->of.v[n++] = s->of.v[i];
	}
	s->of.n = n;
}

static void
add(struct stretches *s, int64_t from, int64_t to)
{
	if (from < to)
		*vec_add(&s->of) = (struct pq_stretch){from, to};
}

static int64_t
length(const struct stretches *s)
{
	int64_t sum = 0;
	size_t i;

	for (i = 0; i < s->of.n; i++)
		sum += s->of.v[i].to - s->of.v[i].from;
	return sum;
}

/* How much of both there is from .. to; both in order. */
static int64_t
common(const struct stretches *s, const struct stretches *t, int64_t from, int64_t to)
{
	int64_t sum = 0, low, high;
	size_t i = 0, k = 0;

	while (i < s->of.n && k < t->of.n) {
		low = s->of.v[i].from > t->of.v[k].from ? s->of.v[i].from : t->of.v[k].from;
		high = s->of.v[i].to < t->of.v[k].to ? s->of.v[i].to : t->of.v[k].to;
		low = low > from ? low : from;
		high = high < to ? high : to;
		sum += high > low ? high - low : 0;
		if (s->of.v[i].to < t->of.v[k].to)
			i++;
		else
			k++;
	}
	return sum;
}

/* ----- the expression's shape ------------------------------------------------------------------- */

static bool
counts(const struct pq_function *f)
{
	return f != NULL && (strcmp(f->name, "rate") == 0 || strcmp(f->name, "irate") == 0 || strcmp(f->name, "increase") == 0 ||
	    strcmp(f->name, "resets") == 0);
}

static bool
asks_whether(const struct pq_function *f)
{
	return strcmp(f->name, "absent") == 0 || strcmp(f->name, "absent_over_time") == 0;
}

/* Recursion is bounded by PQ_MAX_DEPTH. */
static void
walk(struct coverer *c, const struct pq_expr *x, bool absent, const struct pq_function *f)
{
	size_t i;

	switch (x->kind) {
	case PQ_NUMBER:
	case PQ_TEXT:
		break;
	case PQ_SELECT:
	case PQ_RANGE:
		*vec_add(&c->use) = (struct use){x, absent, counts(f)};
		break;
	case PQ_SUBQUERY:
		walk(c, x->subquery.x, absent, NULL);
		break;
	case PQ_UNARY:
		walk(c, x->unary.x, absent, NULL);
		break;
	case PQ_BINARY:
		walk(c, x->binary.left, absent, NULL);
		walk(c, x->binary.right, absent, NULL);
		break;
	case PQ_AGGREGATION:
		if (x->aggregation.param != NULL)
			walk(c, x->aggregation.param, absent, NULL);
		walk(c, x->aggregation.x, absent, NULL);
		break;
	case PQ_CALL:
		for (i = 0; i < x->call.n; i++)
			walk(c, x->call.args[i], absent || asks_whether(x->call.fn), x->call.fn);
		break;
	case PQ_PAREN:
		walk(c, x->inner, absent, f);
		break;
	}
}

/* ----- series --------------------------------------------------------------------------------------- */

/* The labels by which one replica of something is told from another: after a restart they are others. */
static bool
names_instance(struct sv label)
{
	static const char *const names[] = {"instance", "pod", "pod_name", "pod_ip", "node", "host", "hostname", "container_id", "id", "uid"};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (sv_is(label, names[i]))
			return true;
	return false;
}

static struct labels
identity_of(struct arena *a, const struct labels *l)
{
	struct labels id = {arena_new(a, l->n, sizeof(*id.v)), 0};
	size_t i;

	for (i = 0; i < l->n; i++)
		if (!names_instance(l->v[i].name))
			id.v[id.n++] = l->v[i];
	return id;
}

static int
by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int64_t
median(int64_t *v, size_t n)
{
	if (n == 0)
		return 0;
	qsort(v, n, sizeof(*v), by_value);
	return v[(n - 1) / 2];
}

static int64_t
lookback_of(const struct look *w)
{
	return w->c->q->lookback > 0 ? w->c->q->lookback : PQ_LOOKBACK;
}

/* The times at which series have a number, in order and each once; owned by the arena. 0 or -1. */
static int
read_times(struct look *w, const struct pq_series *s, size_t n, struct arena *a, int64_t **t, size_t *count)
{
	VEC(int64_t) all = {0};
	struct pq_sample *p;
	double value = (double)NAN;
	size_t i, k, n_p;
	int rc = 0;

	for (i = 0; i < n && rc == 0; i++) {
		rc = w->c->src->samples(w->c->src, &s[i], INT64_MIN, INT64_MAX, a, &p, &n_p, w->c->e);
		for (k = 0; rc == 0 && k < n_p; k++) {
			if (p[k].stale || isnan(p[k].v))
				continue;
			*vec_add(&all) = p[k].t;
			if (w->note_resets && value > p[k].v)
				*vec_add(&w->reset) = (struct reset){s[i].target, p[k].t};
			value = p[k].v;
		}
		value = (double)NAN;
	}
	if (n > 1 && all.n > 1)
		qsort(all.v, all.n, sizeof(*all.v), by_value);
	for (i = k = 0; i < all.n; i++)
		if (k == 0 || all.v[i] != all.v[k - 1])
			all.v[k++] = all.v[i];
	*count = k;
	*t = arena_keep(a, all.v, k, sizeof(*all.v));
	return rc;
}

static void
measure_interval(struct member *m, const int64_t *t, size_t n, struct arena *a)
{
	int64_t *gap = arena_new(a, n, sizeof(*gap));
	size_t i;

	for (i = 1; i < n; i++)
		gap[i - 1] = t[i] - t[i - 1];
	m->interval = n >= PQ_COVER_LEAST ? median(gap, n - 1) : 0;
	m->first = t[0];
	m->last = t[n - 1];
}

/* Are most series of the metric sampled more than twice as often? Then it has lost most of its samples. */
static bool
goes_by_others(const struct look *w, int64_t interval)
{
	return w->pace > 0 && interval > 2 * w->pace + w->pace / 20;
}

/* How far apart its samples should be; 0: not known. */
static int64_t
usual_of(const struct look *w, const struct member *m)
{
	int64_t own = m->interval > 0 ? m->interval : w->interval;

	return goes_by_others(w, own) ? w->pace : own;
}

/* Did the target's counters begin anew soon after t? What does not count any more is then not there, as before its birth. */
static bool
reset_after(const struct look *w, const struct member *m, int64_t t, int64_t reach)
{
	size_t i;

	for (i = 0; i < w->reset.n; i++)
		if (w->by_birth && w->reset.v[i].target == m->s->target && w->reset.v[i].t > t && w->reset.v[i].t <= t + reach)
			return true;
	return false;
}

/* What the samples cover, as far apart as they usually are. A counter bridges what PromQL itself looks back. */
static void
see(struct look *w, struct member *m, const int64_t *t, size_t n)
{
	int64_t usual = usual_of(w, m), half, reach;
	size_t i;

	usual = usual > 0 ? usual : lookback_of(w);
	half = usual / 2;
	reach = w->use->counter && usual + half < lookback_of(w) ? lookback_of(w) : usual + half;
	add(&m->seen, t[0] - usual, t[0]);
	for (i = 1; i < n; i++) {
		if (t[i] - t[i - 1] <= reach || reset_after(w, m, t[i - 1], reach)) {
			add(&m->seen, t[i - 1], t[i]);
		} else {
			add(&m->seen, t[i - 1], t[i - 1] + half);
			add(&m->seen, t[i] - half, t[i]);
		}
	}
	add(&m->seen, t[n - 1], reset_after(w, m, t[n - 1], reach) ? INT64_MAX : t[n - 1] + usual);
	unite(&m->seen);
	m->read_first = m->read_last = TIME_NONE;
	for (i = 0; i < n; i++) {
		if (t[i] < w->r->from || t[i] > w->r->to)
			continue;
		if (m->samples++ == 0)
			m->read_first = t[i];
		else if (t[i] - m->read_last > m->gap)
			m->gap = t[i] - m->read_last;
		m->read_last = t[i];
	}
	m->now = m->samples > 0;
}

/* One member of these series, if they have a sample. 0 or -1. */
static int
measure(struct look *w, const struct pq_series *s, size_t n, struct member *out)
{
	struct arena scratch = {0};
	struct member m = {.s = s, .identity = out->identity};
	int64_t *t;
	size_t count;
	int rc = read_times(w, s, n, &scratch, &t, &count);

	if (rc == 0 && count > 0) {
		measure_interval(&m, t, count, &scratch);
		see(w, &m, t, count);
		vec_free(&out->seen.of);
		*out = m;
	}
	arena_free(&scratch);
	return rc;
}

static int
take(struct look *w, const struct pq_series *s, size_t n, struct labels identity)
{
	struct member m = {.identity = identity};
	int rc = measure(w, s, n, &m);

	if (m.s != NULL)
		*vec_add(&w->m) = m;
	return rc;
}

static void
drop(struct look *w)
{
	size_t i;

	for (i = 0; i < w->m.n; i++)
		vec_free(&w->m.v[i].seen.of);
	vec_free(&w->m);
}

static int
by_target(const void *a, const void *b)
{
	const struct pq_series *x = a, *y = b;

	return (x->target > y->target) - (x->target < y->target);
}

/* All series of the metric at one target are one member. 0 or -1. */
static int
take_targets(struct look *w, struct arena *a)
{
	struct pq_series *s;
	size_t n, i, k;

	if (w->c->src->series(w->c->src, pq_selector_metric(a, w->sel), a, &s, &n, w->c->e) < 0)
		return -1;
	if (n > 1)
		qsort(s, n, sizeof(*s), by_target);
	for (i = 0; i < n; i = k) {
		for (k = i + 1; k < n && s[k].target == s[i].target; k++)
			;
		if (take(w, &s[i], k - i, (struct labels){0}) < 0)
			return -1;
	}
	return 0;
}

/* The median of the intervals of all series of the metric. 0 or -1. */
static int
metric_pace(struct look *w, struct arena *a, int64_t *pace)
{
	struct pq_series *s;
	size_t n, i, k = 0;
	int64_t *interval;

	if (w->c->src->series(w->c->src, pq_selector_metric(a, w->sel), a, &s, &n, w->c->e) < 0)
		return -1;
	interval = arena_new(a, n, sizeof(*interval));
	for (i = 0; i < n; i++) {
		struct member m = {0};

		if (measure(w, &s[i], 1, &m) < 0)
			return -1;
		vec_free(&m.seen.of);
		if (m.interval > 0)
			interval[k++] = m.interval;
	}
	*pace = median(interval, k);
	return 0;
}

static int
take_series(struct look *w, struct arena *a)
{
	struct pq_series *s;
	size_t n, i, k = 0;
	int64_t *interval;

	if (w->c->src->series(w->c->src, w->sel, a, &s, &n, w->c->e) < 0)
		return -1;
	for (i = 0; i < n; i++)
		if (take(w, &s[i], 1, identity_of(a, &s[i].labels)) < 0)
			return -1;
	interval = arena_new(a, w->m.n, sizeof(*interval));
	for (i = 0; i < w->m.n; i++)
		if (w->m.v[i].interval > 0)
			interval[k++] = w->m.v[i].interval;
	w->interval = median(interval, k);
	for (i = 0; i < w->m.n && w->m.v[i].interval <= lookback_of(w); i++)
		;
	if (i < w->m.n && metric_pace(w, a, &w->pace) < 0)
		return -1;
	/* Those with too few samples go by the others' interval. */
	for (i = 0; i < w->m.n && k > 0; i++)
		if ((w->m.v[i].interval == 0 || goes_by_others(w, w->m.v[i].interval)) && measure(w, w->m.v[i].s, 1, &w->m.v[i]) < 0)
			return -1;
	return 0;
}

/* ----- what is covered -------------------------------------------------------------------------------- */

static int
by_identity(const void *a, const void *b)
{
	const struct member *x = a, *y = b;
	int c = sv_cmp(x->s->name, y->s->name);

	if (c == 0)
		c = labels_cmp(&x->identity, &y->identity);
	return c != 0 ? c : (x->first > y->first) - (x->first < y->first);
}

/* Do they come and go? Then some begin later than the first of them, after "since"; sorted by that. */
static bool
come_and_go(const struct look *w, size_t from, size_t to, int64_t since)
{
	int64_t usual = w->m.v[from].interval > 0 ? w->m.v[from].interval : lookback_of(w);

	return w->m.v[to - 1].first - w->m.v[from].first > (2 * usual > lookback_of(w) ? 2 * usual : lookback_of(w)) &&
	    w->m.v[to - 1].first > since;
}

/* Had the target answered before the series was born? */
static bool
born_later(const struct look *w, const struct member *m)
{
	size_t i;

	for (i = 0; i < w->m.n; i++)
		if (w->m.v[i].s->target == m->s->target && w->m.v[i].first < m->first)
			return true;
	return false;
}

/* How much of the owed time a group leaves open, and the member that leaves most: SIZE_MAX when it is all of them together. */
static int64_t
lack_of_group(const struct look *w, size_t from, size_t to, size_t *who)
{
	bool moving = come_and_go(w, from, to, w->r->from);
	struct stretches all = {0};
	int64_t lack, most = -1;
	size_t i, k;

	*who = SIZE_MAX;
	for (i = from; i < to; i++) {
		const struct member *m = &w->m.v[i];
		bool born = moving || w->by_birth || (w->c->o->births && born_later(w, m));
		int64_t low = born ? m->first : INT64_MIN, high = moving ? m->last : INT64_MAX;

		lack = common(&w->owed, &w->owed, low, high) - common(&w->owed, &m->seen, low, high);
		if (lack > most) {
			most = lack;
			*who = i;
		}
		for (k = 0; moving && k < m->seen.of.n; k++)
			*vec_add(&all.of) = m->seen.of.v[k];
	}
	if (moving) {
		unite(&all);
		lack = length(&w->owed) - common(&w->owed, &all, INT64_MIN, INT64_MAX);
		if (lack > most) {
			most = lack;
			*who = SIZE_MAX;
		}
	}
	vec_free(&all.of);
	return most > 0 ? most : 0;
}

static struct sv
name_of(struct arena *a, const struct member *m)
{
	struct sb text = {0};
	struct sv out;

	labels_show(m->s->name, &m->s->labels, &text);
	out = arena_sv(a, sb_sv(&text));
	sb_free(&text);
	return out;
}

static double
share(const struct pq_cover *c)
{
	return c->window > 0 ? (double)c->covered / (double)c->window : 0;
}

/* The counts of all members into one; the longest gap is that of the one that lacks most. */
static void
fill(const struct look *w, struct pq_cover *c, size_t who)
{
	size_t i;

	c->x = w->r->x;
	c->first = c->last = TIME_NONE;
	for (i = 0; i < w->m.n; i++) {
		const struct member *m = &w->m.v[i];
		int64_t usual = usual_of(w, m);

		c->samples += m->samples;
		c->expected += usual > 0 ? (c->window + usual / 2) / usual : 0;
		if (m->read_first != TIME_NONE && (c->first == TIME_NONE || m->read_first < c->first))
			c->first = m->read_first;
		if (m->read_last != TIME_NONE && (c->last == TIME_NONE || m->read_last > c->last))
			c->last = m->read_last;
		if (who == SIZE_MAX && m->gap > c->longest_gap)
			c->longest_gap = m->gap;
	}
	if (who != SIZE_MAX && who < w->m.n) {
		c->longest_gap = w->m.v[who].gap;
		c->series = name_of(w->c->a, &w->m.v[who]);
	}
}

/* Of these members each group by itself; the worst one. */
static struct pq_cover
cover_stretch(struct look *w)
{
	struct pq_cover c = {.window = length(&w->owed)};
	int64_t lack, most = 0;
	size_t i, k, who, worst = SIZE_MAX;

	if (w->m.n > 1)
		qsort(w->m.v, w->m.n, sizeof(*w->m.v), by_identity);
	for (i = 0; i < w->m.n; i = k) {
		for (k = i + 1; k < w->m.n && sv_eq(w->m.v[k].s->name, w->m.v[i].s->name) &&
		    labels_cmp(&w->m.v[k].identity, &w->m.v[i].identity) == 0; k++)
			;
		lack = lack_of_group(w, i, k, &who);
		if (lack > most) {
			most = lack;
			worst = who;
		}
	}
	c.covered = w->m.n == 0 ? 0 : c.window - most;
	fill(w, &c, worst);
	return c;
}

/* At one moment each series that was there before is there, or another one stands in its place. */
static struct pq_cover
cover_moment(struct look *w)
{
	struct pq_cover c = {.window = lookback_of(w)};
	int64_t since = w->c->o->n > 0 && w->c->o->owed[0].from < w->r->from ? w->c->o->owed[0].from - lookback_of(w) : w->r->from;
	size_t i, k, l, known, present, worst = SIZE_MAX;

	if (w->m.n > 1)
		qsort(w->m.v, w->m.n, sizeof(*w->m.v), by_identity);
	for (i = 0; i < w->m.n; i = k) {
		known = present = 0;
		for (k = i; k < w->m.n && sv_eq(w->m.v[k].s->name, w->m.v[i].s->name) &&
		    labels_cmp(&w->m.v[k].identity, &w->m.v[i].identity) == 0; k++) {
			known += w->m.v[k].first <= w->r->to && w->m.v[k].last >= since;
			present += w->m.v[k].now;
		}
		if (present > 0 && present < known && come_and_go(w, i, k, since))
			known = present;
		for (l = i; l < k && present < known && worst == SIZE_MAX; l++)
			if (!w->m.v[l].now && w->m.v[l].first <= w->r->to && w->m.v[l].last >= since)
				worst = l;
		c.known += known;
		c.present += present;
	}
	c.covered = c.known > 0 ? (int64_t)((double)c.window * (double)c.present / (double)c.known) : 0;
	fill(w, &c, worst);
	c.expected = 0;
	return c;
}

/* Counters: their metric must be there all the time, and each of them from its birth on. 0 or -1. */
static int
cover_counters(struct look *w, struct arena *a, struct pq_cover *out)
{
	struct pq_cover own;

	w->note_resets = true;
	if (take_targets(w, a) < 0)
		return -1;
	w->note_resets = false;
	*out = cover_stretch(w);
	drop(w);
	w->by_birth = true;
	if (take_series(w, a) < 0)
		return -1;
	own = cover_stretch(w);
	if (w->m.n == 0)
		return 0; /* none of its kind: 0, while there are others */
	if (share(out) < share(&own)) {
		own.covered = out->covered;
		own.longest_gap = out->longest_gap;
		own.series = out->series;
	}
	*out = own;
	return 0;
}

static void
owe(struct look *w)
{
	int64_t from = w->r->from - (w->c->q->closed_ranges ? 0 : 1), to = w->r->to, low, high;
	size_t i;

	for (i = 0; i < w->c->o->n; i++) {
		low = w->c->o->owed[i].from > from ? w->c->o->owed[i].from : from;
		high = w->c->o->owed[i].to < to ? w->c->o->owed[i].to : to;
		add(&w->owed, low, high);
	}
	if (w->owed.of.n == 0)
		add(&w->owed, from, to);
	unite(&w->owed);
}

static int
look_at(struct coverer *c, const struct pq_reading *r, const struct use *use)
{
	struct look w = {.c = c, .r = r, .use = use, .sel = r->x->kind == PQ_RANGE ? r->x->range.selector : r->x->selector};
	struct arena scratch = {0};
	struct pq_cover one = {0};
	bool moment = r->x->kind == PQ_SELECT && r->to - r->from <= lookback_of(&w);
	int rc;

	owe(&w);
	if (use->counter && !moment) {
		rc = cover_counters(&w, &scratch, &one);
	} else {
		rc = take_series(&w, &scratch);
		one = moment ? cover_moment(&w) : cover_stretch(&w);
	}
	if (rc == 0) {
		int64_t least = c->out->x == NULL || one.samples < c->out->least ? one.samples : c->out->least;

		if (c->out->x == NULL || share(&one) < share(c->out))
			*c->out = one;
		c->out->least = least;
	}
	drop(&w);
	vec_free(&w.reset);
	vec_free(&w.owed.of);
	arena_free(&scratch);
	return rc;
}

int
pq_cover(struct pq_source *src, const struct pq_expr *x, const struct pq_query *q, const struct pq_cover_opts *o,
    struct arena *a, struct pq_cover *out, struct err *e)
{
	struct coverer c = {.src = src, .q = q, .o = o, .a = a, .out = out, .e = e};
	struct pq_explanation ex;
	size_t i, k;
	int rc;

	*out = (struct pq_cover){.first = TIME_NONE, .last = TIME_NONE};
	rc = pq_explain(src, x, q, a, &ex, e);
	if (rc == 0)
		walk(&c, x, false, NULL);
	for (i = 0; rc == 0 && i < ex.n; i++) {
		for (k = 0; k < c.use.n && c.use.v[k].x != ex.v[i].x; k++)
			;
		/* What matches nothing at all is told by those who ask for a value. */
		if (k < c.use.n && !c.use.v[k].absent && ex.v[i].n_series > 0)
			rc = look_at(&c, &ex.v[i], &c.use.v[k]);
	}
	vec_free(&c.use);
	return rc;
}
