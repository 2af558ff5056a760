#include "judge/sources.h"

#include "base/mem.h"
#include "base/sort.h"
#include "base/time.h"

struct sources {
	VEC(int64_t) content; /* sorted, each once */
	VEC(int64_t) series;  /* those read already */
	VEC(char *) name;     /* owned */
};

struct sources *
sources_new(void)
{
	return mem_new(1, sizeof(struct sources));
}

void
sources_free(struct sources *s)
{
	size_t i;

	if (s == NULL)
		return;
	for (i = 0; i < s->name.n; i++)
		mem_free(s->name.v[i]);
	vec_free(&s->name);
	vec_free(&s->content);
	vec_free(&s->series);
	mem_free(s);
}

static void
add_content(struct sources *s, int64_t id)
{
	size_t i;

	if (sort_has(s->content.v, s->content.n, id))
		return;
	vec_add(&s->content);
	for (i = s->content.n - 1; i > 0 && s->content.v[i - 1] > id; i--)
		s->content.v[i] = s->content.v[i - 1];
	s->content.v[i] = id;
}

/* One series' contents; neighbouring samples mostly come from one. */
static int
read_contents(struct sources *s, struct store *store, int64_t series, int64_t from, int64_t to, struct err *e)
{
	struct store_rows *rows = store_points_open(store, series, from, to, e);
	struct store_point p;
	int64_t last = 0;
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_points_next(rows, &p, e)) > 0) {
		if (p.content == last || p.flag == STORE_STALE)
			continue;
		last = p.content;
		add_content(s, last);
	}
	store_rows_close(rows);
	return rc;
}

int
sources_samples(struct sources *s, struct judging *j, const struct pq_selector *sel, int64_t from, int64_t to,
    struct err *e)
{
	struct arena scratch = {0};
	struct pq_series *list;
	size_t i, n, known = s->series.n;
	int rc;

	if (j->store == NULL || from == TIME_NONE || to == TIME_NONE)
		return 0;
	rc = j->source->series(j->source, sel, &scratch, &list, &n, e);
	if (rc == 0 && n == 0)
		rc = j->source->series(j->source, pq_selector_metric(&scratch, sel), &scratch, &list, &n, e);
	for (i = 0; rc == 0 && i < n; i++) {
		if (sort_has(s->series.v, known, list[i].id))
			continue;
		rc = read_contents(s, j->store, list[i].id, from, to, e);
		*vec_add(&s->series) = list[i].id;
	}
	sort_ints(s->series.v, s->series.n);
	arena_free(&scratch);
	return rc;
}

void
sources_name(struct sources *s, struct sv name)
{
	size_t i;

	for (i = 0; i < s->name.n; i++)
		if (sv_is(name, s->name.v[i]))
			return;
	*vec_add(&s->name) = mem_dup(name.p, name.n);
}

static bool
wanted(const struct sources *s, const struct store_artifact *a)
{
	size_t i;

	if (a->superseded)
		return false;
	if (sort_has(s->content.v, s->content.n, a->content))
		return true;
	for (i = 0; i < s->name.n; i++)
		if (sv_is(a->name, s->name.v[i]))
			return true;
	return false;
}

int
sources_shared(struct sources *s, struct judging *j, struct store *other, struct sv *name, struct err *e)
{
	struct store_rows *rows = store_artifacts_open(j->store, e);
	struct store_artifact a;
	int64_t found = 0;
	int rc;

	if (rows == NULL)
		return -1;
	while (found == 0 && (rc = store_artifacts_next(rows, &a, e)) > 0)
		if (wanted(s, &a) && (found = store_content_find(other, a.sha256, e)) > 0)
			*name = arena_sv(j->arena, a.name);
	store_rows_close(rows);
	return found != 0 ? found > 0 ? 1 : -1 : rc;
}

int
sources_list(struct sources *s, struct judging *j, struct criterion_result *r, struct err *e)
{
	struct store_artifact a;
	struct store_rows *rows;
	struct sv last = {0};
	int rc;

	if (j->store == NULL)
		return 0;
	if ((rows = store_artifacts_open(j->store, e)) == NULL)
		return -1;
	r->sources = arena_new(j->arena, SOURCES_MAX, sizeof(*r->sources));
	while ((rc = store_artifacts_next(rows, &a, e)) > 0 && r->n_sources < SOURCES_MAX) {
		if (!wanted(s, &a) || sv_eq(a.name, last))
			continue;
		last = arena_sv(j->arena, a.name);
		r->sources[r->n_sources++] = last;
	}
	store_rows_close(rows);
	return rc < 0 ? -1 : 0;
}

int
sources_torn(struct sources *s, struct judging *j, struct criterion_result *r, struct err *e)
{
	struct store_artifact a;
	struct store_rows *rows;
	int rc = 0;

	if (j->store == NULL)
		return 0;
	if ((rows = store_artifacts_open(j->store, e)) == NULL)
		return -1;
	/* Only what a format of lines or paths describes: a scrape that is cut off is a gap, which coverage knows. */
	while (r->torn.n == 0 && (rc = store_artifacts_next(rows, &a, e)) > 0)
		if (a.format_sha256.n > 0 && a.problems > 0 && !a.superseded && sort_has(s->content.v, s->content.n, a.content))
			r->torn = arena_sv(j->arena, a.name);
	store_rows_close(rows);
	return rc < 0 ? -1 : 0;
}
