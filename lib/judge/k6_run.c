#include "judge/k6_run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "store/observation.h"

/* --- what belongs to the run ----------------------------------------------------------------- */

static struct sv
folder_of(struct sv name)
{
	return sv_head(name, name.n - sv_base(name).n);
}

/* Is an artifact of that name one of this run's? */
static bool
near(const struct k6_run *r, bool only, struct sv source)
{
	size_t i;

	for (i = 0; i < r->set.n; i++)
		if (sv_eq(folder_of(r->set.part[i].name), folder_of(source)))
			return true;
	return only;
}

/* Are there no other points in the store? */
static int
is_only(struct store *s, const struct k6_run *r, struct arena *a, bool *only, struct err *e)
{
	struct k6_set all;

	if (k6_set_open(s, SV(""), a, &all, e) < 0)
		return -1;
	*only = all.n == r->set.n;
	return 0;
}

struct names {
	VEC(struct sv) v;
};

static void
add_name(struct names *n, struct arena *a, struct sv name)
{
	size_t i;

	for (i = 0; i < n->v.n; i++)
		if (sv_eq(n->v.v[i], name))
			return;
	*vec_add(&n->v) = arena_sv(a, name);
}

/* "k6/WHAT/NAME/PART": NAME may hold slashes, PART not. */
static bool
split_path(struct sv path, const char *what, struct sv *name, struct sv *part)
{
	size_t i;

	if (!sv_starts(path, "k6/") || !sv_starts(sv_from(path, 3), what))
		return false;
	path = sv_from(path, 3 + strlen(what));
	for (i = path.n; i > 0 && path.p[i - 1] != '/'; i--)
		;
	*name = sv_head(path, i > 0 ? i - 1 : 0);
	*part = sv_from(path, i);
	return true;
}

struct gathering {
	struct k6_run *r;
	struct arena *a;
	bool only;
	struct names names;
	VEC(struct k6_asked) asked;
	VEC(struct k6_stated) stated;
};

static void
ask(struct gathering *g, struct sv metric, struct sv text, struct sv source)
{
	struct k6_asked *k;
	struct err ignored;
	size_t i;

	for (i = 0; i < g->asked.n; i++)
		if (sv_eq(g->asked.v[i].metric, metric) && sv_eq(g->asked.v[i].text, text))
			return;
	k = vec_add(&g->asked);
	k->metric = arena_sv(g->a, metric);
	k->text = arena_sv(g->a, text);
	k->source = arena_sv(g->a, source);
	k->understood = k6_threshold_parse(k->text, &k->threshold, &ignored) == 0;
	add_name(&g->names, g->a, metric);
}

static void
take_fact(struct gathering *g, const struct store_fact *f)
{
	struct k6_run *r = g->r;

	if (sv_starts(f->path, "k6/threshold/"))
		ask(g, sv_from(f->path, strlen("k6/threshold/")), f->text, f->source);
	else if (sv_starts(f->path, "k6/submetric/"))
		add_name(&g->names, g->a, f->text);
	else if (sv_is(f->path, "k6/planned/duration_s"))
		r->planned_s = f->value;
	else if (sv_is(f->path, "k6/planned/vus_most"))
		r->planned_vus = f->value;
	else if (sv_is(f->path, "k6/duration_ms") && !r->seconds_stated && f->value > 0) {
		/* k6 counts nanoseconds, and divides them by 10^9. */
		r->seconds = rint(f->value * 1e6) / 1e9;
		r->seconds_stated = true;
		r->seconds_source = sv_of(arena_fmt(g->a, "%" SV_FMT ":%lld", SV_ARG(f->source), (long long)f->line));
	}
}

static int
gather_facts(struct gathering *g, struct store *s, struct err *e)
{
	struct store_rows *rows = store_runs_open(s, e);
	struct store_fact f;
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_facts_next(rows, &f, e)) == 1)
		if (sv_starts(f.path, "k6/") && near(g->r, g->only, f.source))
			take_fact(g, &f);
	store_rows_close(rows);
	return rc;
}

static int
gather_claims(struct gathering *g, struct store *s, struct err *e)
{
	struct store_rows *rows = store_claims_open(s, e);
	struct sv name, part;
	struct store_fact f;
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_facts_next(rows, &f, e)) == 1) {
		if (!sv_starts(f.path, "k6/") || !near(g->r, g->only, f.source))
			continue;
		*vec_add(&g->stated) = (struct k6_stated){arena_sv(g->a, f.path), arena_sv(g->a, f.text),
		    arena_sv(g->a, f.source), f.value, f.line, f.content};
		if (split_path(f.path, "metric/", &name, &part))
			add_name(&g->names, g->a, name);
		else if (split_path(f.path, "threshold/", &name, &part))
			ask(g, name, part, f.source);
	}
	store_rows_close(rows);
	return rc;
}

/* --- what is to be computed -------------------------------------------------------------------- */

struct found_check {
	struct sv name, group;
};

struct wanted {
	struct gathering *g;
	VEC(struct found_check) checks;
};

static int
find_metrics(struct wanted *w, struct store *s, struct err *e)
{
	struct store_rows *rows = store_observation_series_open(s, e);
	struct store_observation_series row;
	struct arena scratch = {0};
	struct found_check *c;
	struct labels tags;
	size_t i;
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_observation_series_next(rows, &row, e)) == 1) {
		add_name(&w->g->names, w->g->a, row.metric);
		if (!sv_is(row.metric, "checks"))
			continue;
		if ((rc = labels_parse(&scratch, row.tags, &tags, e)) < 0)
			break;
		for (i = 0; i < w->checks.n && (!sv_eq(w->checks.v[i].name, labels_get(&tags, "check")) ||
			 !sv_eq(w->checks.v[i].group, labels_get(&tags, "group"))); i++)
			;
		if (i == w->checks.n && labels_has(&tags, SV("check"))) {
			c = vec_add(&w->checks);
			c->name = arena_sv(w->g->a, labels_get(&tags, "check"));
			c->group = arena_sv(w->g->a, labels_get(&tags, "group"));
		}
		arena_free(&scratch);
	}
	store_rows_close(rows);
	arena_free(&scratch);
	return rc;
}

static int
by_name(const void *a, const void *b)
{
	return sv_cmp(*(const struct sv *)a, *(const struct sv *)b);
}

static int
by_path(const void *a, const void *b)
{
	const struct k6_check *x = a, *y = b;

	return sv_cmp(x->path, y->path);
}

static void
want_check(struct k6_run *r, struct arena *a, const struct found_check *c, size_t i)
{
	struct k6_stats *st = &r->stats[i];

	st->name.metric = SV("checks");
	st->name.tags.v = arena_new(a, 2, sizeof(*st->name.tags.v));
	st->name.tags.v[0] = (struct label){SV("check"), c->name};
	st->name.tags.v[1] = (struct label){SV("group"), c->group};
	st->name.tags.n = c->group.n > 0 ? 2 : 1;
	st->without = c->group.n > 0 ? SV("") : SV("group");
	r->shown[i] = sv_of(arena_fmt(a, "%" SV_FMT "::%" SV_FMT, SV_ARG(c->group), SV_ARG(c->name)));
}

/* Names that are none are left out: who looks for them does not find them. */
static int
want_all(struct wanted *w, struct err *e)
{
	struct gathering *g = w->g;
	struct k6_run *r = g->r;
	struct err ignored;
	size_t i;

	(void)e;
	qsort(g->names.v.v, g->names.v.n, sizeof(*g->names.v.v), by_name);
	r->stats = arena_new(g->a, g->names.v.n + w->checks.n, sizeof(*r->stats));
	r->shown = arena_new(g->a, g->names.v.n + w->checks.n, sizeof(*r->shown));
	for (i = 0; i < g->names.v.n; i++) {
		struct k6_stats *st = &r->stats[r->n_named];

		if (k6_name_parse(g->a, g->names.v.v[i], &st->name, &ignored) < 0)
			continue;
		st->keep = true;
		r->shown[r->n_named++] = g->names.v.v[i];
	}
	for (r->n_stats = r->n_named, i = 0; i < w->checks.n; i++)
		want_check(r, g->a, &w->checks.v[i], r->n_stats++);
	return 0;
}

static void
list_checks(struct k6_run *r, const struct wanted *w)
{
	struct arena *a = w->g->a;
	size_t i, k;

	r->check = arena_new(a, w->checks.n, sizeof(*r->check));
	for (i = 0; i < w->checks.n; i++) {
		k = r->n_named + i;
		if (r->stats[k].n > 0)
			r->check[r->n_checks++] = (struct k6_check){r->shown[k], w->checks.v[i].name, k};
	}
	qsort(r->check, r->n_checks, sizeof(*r->check), by_path);
}

size_t
k6_run_find(const struct k6_run *r, struct sv name)
{
	size_t i;

	for (i = 0; i < r->n_named; i++)
		if (sv_eq(r->shown[i], name))
			return i;
	return r->n_stats;
}

static int
compute(struct store *s, struct wanted *w, struct err *e)
{
	struct k6_run *r = w->g->r;
	size_t i;

	if (find_metrics(w, s, e) < 0 || want_all(w, e) < 0 ||
	    k6_stats_collect(s, &r->set, NULL, 0, r->stats, r->n_stats, &r->seen, e) < 0)
		return -1;
	list_checks(r, w);
	for (i = 0; i < w->g->asked.n; i++)
		w->g->asked.v[i].stats = k6_run_find(r, w->g->asked.v[i].metric);
	return 0;
}

static int
open_run(struct gathering *g, struct store *s, struct sv glob, struct err *e)
{
	struct k6_run *r = g->r;

	*r = (struct k6_run){.seconds = NAN, .seconds_source = SV(""), .planned_s = NAN, .planned_vus = NAN};
	if (k6_set_open(s, glob, g->a, &r->set, e) < 0 || is_only(s, r, g->a, &g->only, e) < 0 || gather_facts(g, s, e) < 0)
		return -1;
	if (!r->seconds_stated && r->set.n > 0) {
		r->seconds = (double)(r->set.last_ms - r->set.first_ms) / 1000;
		r->seconds_source = SV("from the first point to the last");
	}
	return 0;
}

int
k6_run_seconds(struct store *s, struct sv glob, struct arena *a, double *seconds, bool *stated, struct sv *source, struct err *e)
{
	struct k6_run r;
	struct gathering g = {.r = &r, .a = a};
	int rc = open_run(&g, s, glob, e);

	*seconds = r.seconds;
	*stated = r.seconds_stated;
	*source = r.seconds_source;
	vec_free(&g.names.v);
	vec_free(&g.asked);
	return rc;
}

/* Keeps what was gathered in the run. */
static void
keep(struct gathering *g)
{
	struct k6_run *r = g->r;

	r->n_asked = g->asked.n;
	r->asked = arena_keep(g->a, g->asked.v, g->asked.n, sizeof(*r->asked));
	r->n_stated = g->stated.n;
	r->stated = arena_keep(g->a, g->stated.v, g->stated.n, sizeof(*r->stated));
	vec_free(&g->names.v);
}

int
k6_run_stated(struct store *s, struct sv glob, struct arena *a, struct k6_run *r, struct err *e)
{
	struct gathering g = {.r = r, .a = a};
	int rc = open_run(&g, s, glob, e) < 0 || gather_claims(&g, s, e) < 0 ? -1 : 0;

	keep(&g);
	return rc;
}

int
k6_run_open(struct store *s, struct sv glob, struct arena *a, struct k6_run *r, struct err *e)
{
	struct gathering g = {.r = r, .a = a};
	struct wanted w = {.g = &g};
	int rc = -1;

	if (open_run(&g, s, glob, e) == 0 && gather_claims(&g, s, e) == 0)
		rc = compute(s, &w, e);
	keep(&g);
	vec_free(&w.checks);
	return rc;
}

#define END_SLACK 2.0 /* seconds: the last iterations of a run end in its last second, more or less */

const char *
k6_run_open_end(const struct k6_run *r, struct arena *a)
{
	char reached[TIME_TEXT], planned[TIME_TEXT];
	double length = r->set.n == 0 ? 0 : (double)(r->set.last_ms - r->set.first_ms) / 1000;
	size_t i;

	/* The audit compares what a summary states with the points: of points that end before it, much differs. */
	for (i = 0; i < r->n_stated; i++)
		if (!sv_starts(r->stated[i].path, "k6/interrupted"))
			return NULL;
	if (isnan(r->planned_s))
		return "nothing says that the run came to its end: there is no summary of it, no load profile and no planned duration";
	if (length >= r->planned_s - fmax(END_SLACK, 0.01 * r->planned_s))
		return NULL;
	return arena_fmt(a, "its points end after %s, planned were %s", time_length_text((int64_t)(length * 1000), reached),
	    time_length_text((int64_t)(r->planned_s * 1000), planned));
}

void
k6_run_close(struct k6_run *r)
{
	k6_stats_free(r->stats, r->n_stats);
	r->n_stats = 0;
}

int
k6_folders(struct store *s, struct arena *a, struct sv **out, size_t *n, struct err *e)
{
	struct names folders = {0};
	struct k6_set all;
	struct sv folder;
	size_t i;

	if (k6_set_open(s, SV(""), a, &all, e) < 0)
		return -1;
	for (i = 0; i < all.n; i++) {
		folder = folder_of(all.part[i].name);
		add_name(&folders, a, folder.n == 0 ? SV("./") : folder);
	}
	*n = folders.v.n;
	*out = arena_keep(a, folders.v.v, folders.v.n, sizeof(**out));
	return 0;
}
