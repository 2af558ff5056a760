#include "promql/cover.h"

#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "promql/cover_in.h"
#include "promql/functions.h"

static bool
counts(const struct pq_function *f)
{
	return f != NULL && (strcmp(f->name, "rate") == 0 || strcmp(f->name, "irate") == 0 || strcmp(f->name, "increase") == 0 ||
	    strcmp(f->name, "resets") == 0);
}

/* f: the function that takes the value of x. Recursion is bounded by PQ_MAX_DEPTH. */
static void
walk(struct coverer *c, const struct pq_expr *x, bool absent, const struct pq_function *f)
{
	const struct pq_function *here = x->kind == PQ_CALL ? x->call.fn : x->kind == PQ_PAREN ? f : NULL;
	const struct pq_expr *part;
	size_t i;

	if (x->kind == PQ_SELECT || x->kind == PQ_RANGE)
		*vec_add(&c->use) = (struct cover_use){x, absent, counts(f)};
	for (i = 0; (part = pq_child(x, i)) != NULL; i++)
		walk(c, part, absent || pq_asks_whether(here), here);
}

static int
by_identity(const void *a, const void *b)
{
	const struct cover_member *x = a, *y = b;
	int c = sv_cmp(x->s->name, y->s->name);

	if (c == 0)
		c = labels_cmp(&x->identity, &y->identity);
	return c != 0 ? c : (x->first > y->first) - (x->first < y->first);
}

/* Do they come and go? Then some begin later than the first of them, after "since"; sorted by that. */
static bool
come_and_go(const struct cover_look *w, size_t from, size_t to, int64_t since)
{
	int64_t usual = w->m.v[from].interval > 0 ? w->m.v[from].interval : cover_lookback(w);

	return w->m.v[to - 1].first - w->m.v[from].first > (2 * usual > cover_lookback(w) ? 2 * usual : cover_lookback(w)) &&
	    w->m.v[to - 1].first > since;
}

/* Had the target answered before the series was born? */
static bool
born_later(const struct cover_look *w, const struct cover_member *m)
{
	size_t i;

	for (i = 0; i < w->m.n; i++)
		if (w->m.v[i].s->target == m->s->target && w->m.v[i].first < m->first)
			return true;
	return false;
}

/* How much of the owed time a group leaves open, and the member that leaves most: SIZE_MAX when it is all of them together. */
static int64_t
lack_of_group(const struct cover_look *w, size_t from, size_t to, size_t *who)
{
	bool moving = come_and_go(w, from, to, w->r->from);
	struct stretches all = {0};
	int64_t lack, most = -1;
	size_t i, k;

	*who = SIZE_MAX;
	for (i = from; i < to; i++) {
		const struct cover_member *m = &w->m.v[i];
		bool born = moving || w->by_birth || (w->c->o->births && born_later(w, m));
		int64_t low = born ? m->first : INT64_MIN, high = moving ? m->last : INT64_MAX;

		lack = stretches_common(&w->owed, &w->owed, low, high) - stretches_common(&w->owed, &m->seen, low, high);
		if (lack > most) {
			most = lack;
			*who = i;
		}
		for (k = 0; moving && k < m->seen.of.n; k++)
			*vec_add(&all.of) = m->seen.of.v[k];
	}
	if (moving) {
		stretches_unite(&all);
		lack = stretches_length(&w->owed) - stretches_common(&w->owed, &all, INT64_MIN, INT64_MAX);
		if (lack > most) {
			most = lack;
			*who = SIZE_MAX;
		}
	}
	vec_free(&all.of);
	return most > 0 ? most : 0;
}

static struct sv
name_of(struct arena *a, const struct cover_member *m)
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
fill(const struct cover_look *w, struct pq_cover *c, size_t who)
{
	size_t i;

	c->x = w->r->x;
	c->first = c->last = TIME_NONE;
	for (i = 0; i < w->m.n; i++) {
		const struct cover_member *m = &w->m.v[i];
		int64_t usual = cover_usual(w, m);

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
cover_stretch(struct cover_look *w)
{
	struct pq_cover c = {.window = stretches_length(&w->owed)};
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
cover_moment(struct cover_look *w)
{
	struct pq_cover c = {.window = cover_lookback(w)};
	int64_t since = w->c->o->n > 0 && w->c->o->owed[0].from < w->r->from ? w->c->o->owed[0].from - cover_lookback(w) : w->r->from;
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
cover_counters(struct cover_look *w, struct arena *a, struct pq_cover *out)
{
	struct pq_cover own;

	w->note_resets = true;
	if (cover_take_targets(w, a) < 0)
		return -1;
	w->note_resets = false;
	*out = cover_stretch(w);
	cover_drop(w);
	w->by_birth = true;
	if (cover_take_series(w, a) < 0)
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
owe(struct cover_look *w)
{
	int64_t from = w->r->from - (w->c->q->closed_ranges ? 0 : 1), to = w->r->to, low, high;
	size_t i;

	for (i = 0; i < w->c->o->n; i++) {
		low = w->c->o->owed[i].from > from ? w->c->o->owed[i].from : from;
		high = w->c->o->owed[i].to < to ? w->c->o->owed[i].to : to;
		stretches_add(&w->owed, low, high);
	}
	if (w->owed.of.n == 0)
		stretches_add(&w->owed, from, to);
	stretches_unite(&w->owed);
}

static int
look_at(struct coverer *c, const struct pq_reading *r, const struct cover_use *use)
{
	struct cover_look w = {.c = c, .r = r, .use = use, .sel = r->x->kind == PQ_RANGE ? r->x->range.selector : r->x->selector};
	struct arena scratch = {0};
	struct pq_cover one = {0};
	bool moment = r->x->kind == PQ_SELECT && r->to - r->from <= cover_lookback(&w);
	int rc;

	owe(&w);
	if (use->counter && !moment) {
		rc = cover_counters(&w, &scratch, &one);
	} else {
		rc = cover_take_series(&w, &scratch);
		one = moment ? cover_moment(&w) : cover_stretch(&w);
	}
	if (rc == 0) {
		int64_t least = c->out->x == NULL || one.samples < c->out->least ? one.samples : c->out->least;

		if (c->out->x == NULL || share(&one) < share(c->out))
			*c->out = one;
		c->out->least = least;
	}
	cover_drop(&w);
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
