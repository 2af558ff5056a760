#include "judge/listing.h"

#include <stdlib.h>

#include "base/mem.h"

static int
list_artifacts(struct judging *j, struct err *e)
{
	struct store_rows *rows = store_artifacts_open(j->store, e);
	VEC(struct input_line) in = {0};
	struct store_artifact a;
	int rc = -1;

	if (rows == NULL)
		return -1;
	while ((rc = store_artifacts_next(rows, &a, e)) > 0) {
		struct input_line *l = vec_add(&in);

		l->name = arena_sv(j->arena, a.name);
		l->format = arena_sv(j->arena, a.format);
		l->format_sha256 = arena_sv(j->arena, a.format_sha256);
		l->sha256 = arena_sv(j->arena, sv_of(a.sha256));
		l->time_source = arena_sv(j->arena, a.time_source);
		l->time_why = arena_sv(j->arena, a.time_why);
		l->size = a.size;
		l->items = a.items;
		l->time = a.time_ms;
		l->first = a.first_ms;
		l->last = a.last_ms;
		l->complete = a.complete;
		l->superseded = a.superseded;
		l->untimed = a.untimed;
		l->recognised = !sv_is(a.format, "unrecognised") && !sv_is(a.format, "empty");
	}
	store_rows_close(rows);
	j->v->n_inputs = in.n;
	j->v->inputs = arena_keep(j->arena, in.v, in.n, sizeof(*in.v));
	return rc;
}

static int
list_problems(struct judging *j, struct err *e)
{
	struct store_rows *rows = store_problems_open(j->store, e);
	VEC(struct problem_line) list = {0};
	struct store_problem p;
	int rc = -1;

	if (rows == NULL)
		return -1;
	while ((rc = store_problems_next(rows, &p, e)) > 0) {
		struct problem_line *l = vec_add(&list);

		l->source = arena_sv(j->arena, p.source);
		l->severity = arena_sv(j->arena, sv_of(p.severity));
		l->text = arena_sv(j->arena, p.text);
		l->line = p.line;
		/* Stage "place": errors are about times, warnings about what may be cut. */
		l->placing = sv_is(sv_of(p.stage), "place") && sv_is(l->severity, "error");
		j->v->misplaced |= l->placing;
	}
	store_rows_close(rows);
	j->v->n_problems = list.n;
	j->v->problems = arena_keep(j->arena, list.v, list.n, sizeof(*list.v));
	return rc;
}

int
listing_inputs(struct judging *j, struct err *e)
{
	if (list_artifacts(j, e) < 0)
		return -1;
	return list_problems(j, e);
}

struct sv
listing_why(const struct judging *j, const struct input_line *in)
{
	size_t i;

	if (in->size == 0)
		return SV("empty file: 0 bytes");
	for (i = 0; i < j->v->n_problems; i++)
		if (sv_eq(j->v->problems[i].source, in->name) && sv_is(j->v->problems[i].severity, "error"))
			return j->v->problems[i].text;
	if (!in->recognised)
		return SV("not recognised");
	return in->complete ? SV("nothing in it") : SV("not readable to its end");
}

static int
by_time(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;

	return (x->t > y->t) - (x->t < y->t);
}

/* More often than this within the run, and an event is routine. */
#define RARE 3

static int
by_name(const void *a, const void *b)
{
	return sv_cmp(*(const struct sv *)a, *(const struct sv *)b);
}

/* The names of all events in order: how often one occurs is how long its run is. Freed by the caller. */
static struct sv *
names_in_order(const struct mark *m, size_t n)
{
	struct sv *name = mem_new(n, sizeof(*name));
	size_t i;

	for (i = 0; i < n; i++)
		name[i] = m[i].name;
	if (n > 0)
		qsort(name, n, sizeof(*name), by_name);
	return name;
}

static bool
is_rare(const struct sv *names, size_t n, struct sv name)
{
	size_t low = 0, high = n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (sv_cmp(names[mid], name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low + RARE >= n || !sv_eq(names[low + RARE], name);
}

static int
list_events(struct judging *j, struct mark **out, size_t *n, struct err *e)
{
	struct store_rows *rows = store_events_open(j->store, e);
	VEC(struct mark) all = {0};
	struct store_event ev;
	int rc = -1;

	if (rows == NULL)
		return -1;
	while ((rc = store_events_next(rows, &ev, e)) > 0) {
		struct mark *m;

		if (j->v->run.start == TIME_NONE || ev.t < j->v->run.start ||
		    (j->v->run.end != TIME_NONE && ev.t > j->v->run.end))
			continue;
		m = vec_add(&all);
		m->t = ev.t;
		m->manual = sv_is(ev.kind, "manual");
		m->name = arena_sv(j->arena, ev.name);
		m->source = sv_of(arena_fmt(j->arena, "%" SV_FMT ":%lld", SV_ARG(ev.source), (long long)ev.line));
	}
	store_rows_close(rows);
	*n = all.n;
	*out = arena_keep(j->arena, all.v, all.n, sizeof(*all.v));
	return rc;
}

/* Is there an event between two scrapes that tells of the restart already? */
static bool
told(const struct mark *m, size_t n, int64_t from, int64_t to)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (m[i].t > from && m[i].t <= to &&
		    (sv_find(m[i].name, SV("RESTART")) < m[i].name.n || sv_find(m[i].name, SV("restart")) < m[i].name.n))
			return true;
	return false;
}

int
listing_marks(struct judging *j, struct err *e)
{
	VEC(struct mark) marks = {0};
	struct mark *all;
	struct sv *names;
	size_t i, k, n;

	if (list_events(j, &all, &n, e) < 0)
		return -1;
	names = names_in_order(all, n);
	for (i = 0; i < n; i++)
		if (is_rare(names, n, all[i].name))
			*vec_add(&marks) = all[i];
	mem_free(names);
	for (i = 0; i < j->increase.n_life; i++) {
		const struct target_life *life = &j->increase.life[i];

		for (k = 1; k < life->n; k++) {
			struct mark *m;

			if (life->began[k] == TIME_NONE || life->began[k - 1] == TIME_NONE ||
			    life->began[k] == life->began[k - 1] ||
			    told(all, n, life->scrape[k - 1], life->scrape[k]))
				continue;
			m = vec_add(&marks);
			m->t = life->began[k];
			m->name = SV("restart");
			m->source = SV("process start time changed");
		}
	}
	if (marks.n > 0)
		qsort(marks.v, marks.n, sizeof(*marks.v), by_time);
	j->v->n_marks = marks.n;
	j->v->marks = arena_keep(j->arena, marks.v, marks.n, sizeof(*marks.v));
	return 0;
}
