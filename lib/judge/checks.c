#include "judge/checks.h"

#include <math.h>

#include "base/mem.h"
#include "base/sort.h"
#include "stats/order.h"

struct walk {
	const struct checks_opts *o;
	const struct check *v;
	size_t n;
	int64_t every;
	struct availability *out;
	VEC(struct outage) found;
};

static int64_t
usual_interval(const struct check *v, size_t n)
{
	int64_t *d, median;
	size_t i;

	if (n < 2)
		return 0;
	d = mem_new(n - 1, sizeof(*d));
	for (i = 1; i < n; i++)
		d[i - 1] = v[i].t - v[i - 1].t;
	median = sort_median(d, n - 1);
	mem_free(d);
	return median;
}

/* Until when what check i says holds: the next check, unless it is too far away. */
static int64_t
holds_until(const struct walk *w, size_t i)
{
	int64_t next = i + 1 < w->n ? w->v[i + 1].t : w->o->window.to;

	return i + 1 < w->n && next - w->v[i].t <= 2 * w->every ? next :
	    next < w->v[i].t + w->every ? next : w->v[i].t + w->every;
}

/* Does another check follow check i without a gap? */
static bool
goes_on(const struct walk *w, size_t i)
{
	return i + 1 < w->n && w->v[i + 1].t - w->v[i].t <= 2 * w->every;
}

static bool
is_excluded(const struct checks_opts *o, int64_t t)
{
	size_t i;

	for (i = 0; i < o->n_exclude; i++)
		if (t >= o->exclude[i].from && t < o->exclude[i].to)
			return true;
	return false;
}

/* How much of [from, to) lies inside the window, and how much of that is not excluded. */
static int64_t
counts(const struct checks_opts *o, int64_t from, int64_t to)
{
	int64_t sum;
	size_t i;

	from = from > o->window.from ? from : o->window.from;
	to = to < o->window.to ? to : o->window.to;
	sum = to > from ? to - from : 0;
	for (i = 0; i < o->n_exclude && to > from; i++) {
		int64_t x = o->exclude[i].from > from ? o->exclude[i].from : from, y = o->exclude[i].to < to ? o->exclude[i].to : to;

		sum -= y > x ? y - x : 0;
	}
	return sum;
}

/* Is the run of failures from..to (checks) an outage? Then when it was confirmed, else TIME_NONE. */
static int64_t
confirmed_at(const struct walk *w, size_t from, size_t to)
{
	const struct checks_opts *o = w->o;
	size_t i, k, failed;

	if (o->of <= 0)
		return to - from + 1 >= (size_t)o->confirm ? w->v[from + (size_t)o->confirm - 1].t : TIME_NONE;
	for (i = from; i < w->n && w->v[i].t - w->v[from].t < o->of * w->every + w->every; i++) {
		failed = 0;
		for (k = i + 1 < (size_t)o->of ? 0 : i + 1 - (size_t)o->of; k <= i; k++)
			failed += !w->v[k].good;
		if (failed >= (size_t)o->confirm && !w->v[i].good)
			return w->v[i].t;
	}
	return TIME_NONE;
}

/* Checks from .. to failed, one after the other. */
static void
add_outage(struct walk *w, size_t from, size_t to)
{
	int64_t confirmed = confirmed_at(w, from, to), before, after;
	struct outage *x;

	if (confirmed == TIME_NONE)
		return;
	x = vec_add(&w->found);
	*x = (struct outage){.from = w->v[from].t, .to = holds_until(w, to), .confirmed = confirmed};
	x->open = !goes_on(w, to);
	before = from > 0 && goes_on(w, from - 1) ? w->v[from - 1].t : w->v[from].t - w->every;
	after = x->open ? x->to : w->v[to + 1].t;
	x->least = counts(w->o, w->v[from].t, w->v[to].t);
	x->most = counts(w->o, before, after);
}

static void
find_outages(struct walk *w)
{
	size_t i, from = 0;
	bool down = false;

	for (i = 0; i < w->n; i++) {
		bool bad = !w->v[i].good && !is_excluded(w->o, w->v[i].t);

		if (bad && !down)
			from = i;
		else if (!bad && down)
			add_outage(w, from, i - 1);
		if (bad && !goes_on(w, i)) { /* what came after is not known */
			add_outage(w, from, i);
			bad = false;
		}
		down = bad;
	}
	if (down)
		add_outage(w, from, w->n - 1);
}

static void
sum_up(struct walk *w)
{
	struct availability *out = w->out;
	int64_t known = 0;
	size_t i;

	for (i = 0; i < w->n; i++) {
		known += counts(w->o, w->v[i].t, holds_until(w, i));
		out->checks++;
		out->failed += !w->v[i].good && !is_excluded(w->o, w->v[i].t);
	}
	for (i = 0; i < w->found.n; i++) {
		const struct outage *x = &w->found.v[i];

		out->down += counts(w->o, x->from, x->to);
		out->down_least += x->least;
		out->down_most += x->most;
		out->longest_least = x->least > out->longest_least ? x->least : out->longest_least;
		out->longest_most = x->most > out->longest_most ? x->most : out->longest_most;
	}
	out->up = known - out->down;
	out->excluded = w->o->window.to - w->o->window.from - counts(w->o, w->o->window.from, w->o->window.to);
	out->unknown = w->o->window.to - w->o->window.from - out->excluded - known;
	out->ratio = out->low = out->high = (double)NAN;
	if (known <= 0)
		return;
	out->ratio = (double)out->up / (double)known;
	out->low = fmax(0, 1 - (double)out->down_most / (double)known);
	out->high = 1 - (double)out->down_least / (double)known;
}

void
checks_measure(struct arena *a, const struct check *v, size_t n, const struct checks_opts *o, struct availability *out)
{
	struct walk w = {.o = o, .v = v, .n = n, .out = out};

	*out = (struct availability){.every = o->every > 0 ? o->every : usual_interval(v, n)};
	w.every = out->every;
	find_outages(&w);
	sum_up(&w);
	out->n = w.found.n;
	out->outage = arena_keep(a, w.found.v, w.found.n, sizeof(*w.found.v));
}

void
checks_mean_time(const struct outage *v, size_t n, struct mean_time *out)
{
	double *length = mem_new(n, sizeof(*length)), sum = 0;
	size_t i;

	*out = (struct mean_time){(double)NAN, (double)NAN, (double)NAN, 0, 0};
	for (i = 0; i < n; i++) {
		out->open += v[i].open;
		if (v[i].open)
			continue;
		sum += (double)(v[i].to - v[i].from);
		length[out->closed++] = (double)(v[i].to - v[i].from);
	}
	stats_sort(length, out->closed);
	if (out->closed > 0) {
		out->median = stats_median(length, out->closed);
		out->most = length[out->closed - 1];
	}
	if (out->closed >= 5)
		out->mean = sum / (double)out->closed;
	mem_free(length);
}
