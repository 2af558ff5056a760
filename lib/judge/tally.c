#include "judge/tally.h"

#include <math.h>

#include "base/sort.h"
#include "base/time.h"

enum tally_mark {
	INSIDE = 1,  /* exists and lies wholly inside one span */
	LOST = 2,    /* a matching counter's growth in it is not known */
	BRIDGED = 4, /* part of a wide increment */
	RESET = 8,   /* a counter or its process began anew in it */
	WIDE_RESET = 16, /* a wide increment with a reset ends here and was counted in wide_* */
	FAR = 32,    /* a matching counter was missing for so long that this time does not count as seen, though its growth is known */
};

#define BRIDGE (5 * TIME_MINUTE) /* what PromQL looks back */

/* Is (from, to] wholly inside one span? */
static bool
inside(const struct tally *t, int64_t from, int64_t to)
{
	size_t low = 0, high = t->n_spans, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (t->span[mid].to < to)
			low = mid + 1;
		else
			high = mid;
	}
	return low < t->n_spans && t->span[low].from <= from && from < to;
}

/* Where interval i begins; TIME_NONE when it does not exist. */
static int64_t
begin_of(const struct tally *t, size_t i)
{
	const struct target_life *l = t->life;

	if (i > 0)
		return l->scrape[i - 1];
	if (l->zero_start)
		return t->run->run.start < l->scrape[0] ? t->run->run.start : TIME_NONE;
	/* A process that began in the run counts from its start. */
	return life_born(t->run, l) && l->began[0] < l->scrape[0] ? l->began[0] : TIME_NONE;
}

static bool
told(const struct target_life *l, size_t i)
{
	return l->told != NULL && l->told[i];
}

int64_t
tally_usual(const struct target_life *l)
{
	int64_t *gap, usual;
	size_t i;

	if (l->n < 2)
		return 0;
	gap = mem_new(l->n, sizeof(*gap));
	for (i = 1; i < l->n; i++)
		gap[i - 1] = l->scrape[i] - l->scrape[i - 1];
	sort_ints(gap, l->n - 1);
	usual = gap[(l->n - 1) / 2];
	mem_free(gap);
	return usual;
}

void
tally_open(struct tally *t, const struct increase_run *run, const struct target_life *life,
    const struct span *span, size_t n_spans)
{
	size_t i;

	*t = (struct tally){
	    .run = run,
	    .life = life,
	    .span = span,
	    .n_spans = n_spans,
	    .delta = mem_new(life->n, sizeof(*t->delta)),
	    .mark = mem_new(life->n, sizeof(*t->mark)),
	    .first = TALLY_NOWHERE,
	    .last = TALLY_NOWHERE,
	    .born = TALLY_NOWHERE,
	    .bridge = INT64_MAX,
	};
	for (i = 0; i < life->n; i++) {
		int64_t from = begin_of(t, i);

		if (from != TIME_NONE && inside(t, from, life->scrape[i]))
			t->mark[i] |= INSIDE;
		if (i > 0 && life_restarted(life, i))
			t->mark[i] |= RESET;
	}
}

void
tally_pace(struct tally *t, int64_t usual)
{
	const struct target_life *l = t->life;
	size_t i;

	if (usual == 0)
		return;
	t->bridge = 2 * usual + usual / 20 > BRIDGE ? 2 * usual + usual / 20 : BRIDGE;
	/* Where the process says at both ends that it is the same one, what it counted meanwhile is certain. */
	for (i = 1; i < l->n; i++)
		if (l->scrape[i] - l->scrape[i - 1] > t->bridge && !(told(l, i - 1) && told(l, i) && !life_restarted(l, i)))
			t->mark[i] |= FAR;
}

void
tally_close(struct tally *t)
{
	mem_free(t->delta);
	mem_free(t->mark);
	vec_free(&t->wide);
}

/* Intervals from i to j (j included) get a mark. */
static void
mark_all(struct tally *t, size_t i, size_t j, enum tally_mark mark)
{
	for (; i <= j && i < t->life->n; i++)
		t->mark[i] |= (unsigned char)mark;
}

static void
see(struct tally *t, size_t k)
{
	if (t->first == TALLY_NOWHERE || k < t->first)
		t->first = k;
	if (t->last == TALLY_NOWHERE || k > t->last)
		t->last = k;
}

/* Growth between scrapes i and k, which are not neighbours: the series was absent at those between. */
static void
add_wide(struct tally *t, size_t i, size_t k, double delta, bool reset)
{
	const struct target_life *l = t->life;

	if (!inside(t, l->scrape[i], l->scrape[k])) {
		/* It crosses a boundary (or lies outside): nobody knows on which side it grew, unless it did not. */
		if (delta > 0 || reset)
			mark_all(t, i + 1, k, LOST);
		else if (l->scrape[k] - l->scrape[i] > t->bridge)
			mark_all(t, i + 1, k, FAR);
		return;
	}
	mark_all(t, i + 1, k, BRIDGED);
	if (l->scrape[k] - l->scrape[i] > t->bridge)
		mark_all(t, i + 1, k, FAR);
	*vec_add(&t->wide) = (struct increment){l->scrape[i], l->scrape[k], delta, reset};
	if (reset && !(t->mark[k] & WIDE_RESET)) {
		t->mark[k] |= WIDE_RESET;
		t->wide_restarts++;
		t->wide_unseen += l->scrape[k] - l->scrape[i];
	}
}

/* The last scrape in (i, k] before which the process began anew; TALLY_NOWHERE none. */
static size_t
restart_between(const struct tally *t, size_t i, size_t k)
{
	for (; k > i; k--)
		if (life_restarted(t->life, k))
			return k;
	return TALLY_NOWHERE;
}

/* Does the target say when its process began, anywhere? */
static bool
tells(const struct target_life *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (told(l, i))
			return true;
	return false;
}

/* One and the same process does not count backwards: one of the two values is wrong. */
static bool
backwards(const struct tally *t, size_t i, double old, size_t k, double v)
{
	return v < old && told(t->life, i) && told(t->life, k) && restart_between(t, i, k) == TALLY_NOWHERE;
}

/* A counter stood at old at scrape i and stands at v at scrape k. */
static void
add_growth(struct tally *t, size_t i, double old, size_t k, double v)
{
	size_t again = restart_between(t, i, k);

	if (again != TALLY_NOWHERE) {
		/*
		 * Absent at the scrapes before k, it was born in interval k, or interval k is the restart's: either way
		 * v is that interval's. What it did while absent before the restart nobody saw.
		 */
		t->delta[k] += v;
		if (again > i + 1)
			mark_all(t, i + 1, again - 1, LOST);
	} else if (k == i + 1) {
		t->delta[k] += v < old ? v : v - old;
		if (v < old)
			t->mark[k] |= RESET;
	} else {
		add_wide(t, i, k, v < old ? v : v - old, v < old);
	}
}

/*
 * A series seen for the first time, at scrape born, and with a number at scrape k: it counts from 0 since the scrape
 * before, unless that scrape was of something else: it did not say when the process began, though others do, and the
 * process was there already. At the target's first scrape interval 0 does not exist unless the process began with the
 * run; its delta is then never summed.
 */
static void
add_birth(struct tally *t, size_t born, size_t k, double v)
{
	size_t again = restart_between(t, born, k);
	int64_t from = begin_of(t, born);

	if (born > 0 && again == TALLY_NOWHERE && tells(t->life) && !told(t->life, born - 1) &&
	    !(told(t->life, born) && t->life->began[born] > t->life->scrape[born - 1])) {
		mark_all(t, born, k, LOST);
	} else if (born == k || again != TALLY_NOWHERE) {
		t->delta[k] += v;
		if (born < k)
			mark_all(t, born, again - 1, LOST);
	} else if (from != TIME_NONE && inside(t, from, t->life->scrape[k])) {
		mark_all(t, born, k, BRIDGED);
		*vec_add(&t->wide) = (struct increment){from, t->life->scrape[k], v, false};
	} else if (from == TIME_NONE || v > 0) {
		mark_all(t, born, k, LOST);
	}
}

/*
 * What is no number (NaN, infinite, negative, too large to count with) is as good as absent: the numbers on both sides
 * of it show what was counted meanwhile, and where one side has none it is not known. Of two values that contradict each
 * other neither is used.
 */
void
tally_add(struct tally *t, const struct pq_sample *m, size_t n)
{
	const struct target_life *l = t->life;
	size_t i, k = 0, born = TALLY_NOWHERE, last = TALLY_NOWHERE, before = 0;
	bool number = true, doubted = false; /* the value at scrape last */
	double value = 0; /* at scrape last */

	for (i = 0; i < n; i++) {
		while (k < l->n && l->scrape[k] < m[i].t)
			k++;
		/* The store records a scrape for each sample's time; a stale marker only says "absent here". */
		if (m[i].stale || k == l->n || l->scrape[k] != m[i].t)
			continue;
		see(t, k);
		if (born == TALLY_NOWHERE)
			born = k;
		if (t->born == TALLY_NOWHERE || k < t->born)
			t->born = k;
		/* Beyond 2^53 a double does not count single things any more. */
		number = m[i].v >= 0 && m[i].v <= 9007199254740992.0;
		if (!number)
			continue;
		if (last == TALLY_NOWHERE) {
			add_birth(t, born, k, m[i].v);
		} else if (backwards(t, last, value, k, m[i].v)) {
			mark_all(t, before, k, LOST);
			doubted = true;
		} else if (doubted) {
			mark_all(t, last + 1, k, LOST);
			doubted = false;
		} else {
			add_growth(t, last, value, k, m[i].v);
		}
		before = last == TALLY_NOWHERE ? born : last + 1; /* the first interval that needs this value */
		last = k;
		value = m[i].v;
	}
	if (!number)
		mark_all(t, last == TALLY_NOWHERE ? born : last + 1, l->n, LOST);
	/* It ended while its process went on: what it would have counted since is not known. */
	for (i = last + 1; number && last != TALLY_NOWHERE && i < l->n && !life_restarted(l, i); i++)
		mark_all(t, i, i, LOST);
}

void
tally_see(struct tally *t, const struct pq_sample *m, size_t n)
{
	const struct target_life *l = t->life;
	size_t i, k = 0;

	for (i = 0; i < n; i++) {
		while (k < l->n && l->scrape[k] < m[i].t)
			k++;
		if (!m[i].stale && k < l->n && l->scrape[k] == m[i].t)
			see(t, k);
	}
}

/* The interval that ends at a scrape. */
static size_t
interval_at(const struct tally *t, int64_t at)
{
	const struct target_life *l = t->life;
	size_t low = 0, high = l->n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (l->scrape[mid] < at)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* What is known of a sum is known of whole intervals: a wide increment of which a part is lost is lost. */
static void
lose_wide(struct tally *t)
{
	bool more = t->wide.n > 0;
	size_t w, i, k, lost;

	while (more) {
		more = false;
		for (w = 0; w < t->wide.n; w++) {
			i = interval_at(t, t->wide.v[w].from);
			i += t->life->scrape[i] == t->wide.v[w].from; /* else it begins with the run */
			k = interval_at(t, t->wide.v[w].to);
			for (lost = 0; i + lost <= k && !(t->mark[i + lost] & LOST); lost++)
				;
			if (i + lost > k)
				continue;
			mark_all(t, i, k, LOST);
			t->wide.v[w--] = t->wide.v[--t->wide.n];
			more = true;
		}
	}
}

void
tally_finish(struct tally *t)
{
	size_t again, n = t->life->n;

	if (t->last == TALLY_NOWHERE) {
		mark_all(t, 0, n, LOST);
		return;
	}
	/* After a restart a counter that never counts is not there, as before its birth; else it vanished. */
	for (again = t->last + 1; again < n && !life_restarted(t->life, again); again++)
		;
	if (again == n || again > t->last + 1)
		mark_all(t, t->last + 1, again, LOST);
	lose_wide(t);
}

/* Is interval i part of the sum: inside, and the growth of all series in it known? */
static bool
counts(const struct tally *t, size_t i)
{
	return (t->mark[i] & (INSIDE | LOST)) == INSIDE;
}

double
tally_total(const struct tally *t)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < t->life->n; i++)
		if (counts(t, i))
			sum += t->delta[i];
	for (i = 0; i < t->wide.n; i++)
		sum += t->wide.v[i].delta;
	return sum;
}

/* A sample used: scrapes come in order, an interval's end is often the next one's beginning. */
static void
use_sample(struct coverage *c, int64_t at)
{
	if (c->samples > 0 && c->last == at)
		return;
	if (c->samples == 0)
		c->first = at;
	c->last = at;
	c->samples++;
}

/* How many scrapes there should be in the window, by how far apart they usually are. */
static int64_t
expected(const struct target_life *l, int64_t window)
{
	int64_t usual = tally_usual(l);

	return usual > 0 ? (window + usual / 2) / usual : 0;
}

/* Is interval i covered: what grew in it is known, and its counters were there, or missing for a moment only? */
static bool
seen(const struct tally *t, size_t i, bool born)
{
	if (!counts(t, i) || t->born == TALLY_NOWHERE) /* a target that has none which matches may have had one */
		return counts(t, i);
	return !(t->mark[i] & FAR) && (!born || i >= t->born);
}

int64_t
tally_lacks(const struct tally *t, bool born)
{
	int64_t sum = 0;
	size_t i;

	for (i = 0; i < t->life->n; i++)
		if (t->mark[i] & INSIDE && !seen(t, i, born))
			sum += t->life->scrape[i] - begin_of(t, i);
	return sum;
}

void
tally_seen(const struct tally *t, bool born, struct tally_steps *out)
{
	size_t i;

	for (i = 0; i < t->life->n; i++)
		if (seen(t, i, born))
			*vec_add(&out->of) = (struct increment){begin_of(t, i), t->life->scrape[i], 0, false};
}

void
tally_coverage(const struct tally *t, bool born, struct coverage *c)
{
	const struct target_life *l = t->life;
	int64_t window = c->window, from, length, least, most;
	size_t i;

	*c = (struct coverage){.window = window, .first = TIME_NONE, .last = TIME_NONE};
	for (i = 0; i < l->n; i++) {
		if (!(t->mark[i] & INSIDE))
			continue;
		if (t->mark[i] & RESET && i > 0) {
			life_unseen(t->run, l, i, &least, &most);
			c->restarts++;
			c->unseen_min += least;
			c->unseen_max += most;
			if (!(t->mark[i] & LOST))
				c->hidden += most;
		}
		if (!seen(t, i, born))
			continue;
		from = begin_of(t, i);
		length = l->scrape[i] - from;
		c->covered += length;
		if (length > c->longest_gap)
			c->longest_gap = length;
		if (i > 0)
			use_sample(c, from);
		use_sample(c, l->scrape[i]);
	}
	c->expected = expected(l, window);
	c->restarts += t->wide_restarts;
	c->unseen_max += t->wide_unseen;
	c->hidden += t->wide_unseen;
	if (c->hidden > c->covered)
		c->hidden = c->covered;
}

void
tally_steps(const struct tally *t, struct tally_steps *out)
{
	size_t i;

	for (i = 0; i < t->life->n; i++) {
		/* Nothing in an interval is a finding; nothing known is a gap. */
		if (!counts(t, i) || (t->delta[i] == 0 && t->mark[i] & BRIDGED))
			continue;
		*vec_add(&out->of) = (struct increment){begin_of(t, i), t->life->scrape[i], t->delta[i],
		    (t->mark[i] & RESET) != 0};
	}
	for (i = 0; i < t->wide.n; i++)
		*vec_add(&out->of) = t->wide.v[i];
}
