#include "store/merge.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "store/observation.h"
#include "store/private.h"

struct merging {
	struct store *to, *from;
	int64_t old, content; /* of the content at hand: there and here */
	VEC(int64_t) series;  /* of observations: there (index) to here; 0 not met yet */
	struct arena arena;   /* of a row */
};

/* Runs q of the other store with its content's id, and each row through add. 0 or -1. */
static int
rows(struct merging *m, enum stmt q, int64_t id, int (*add)(struct merging *m, sqlite3_stmt *st, struct err *e), struct err *e)
{
	sqlite3_stmt *st = m->from->stmt[q];
	int rc;

	if (sqlite3_bind_parameter_count(st) > 0)
		db_bind_int(m->from, st, 1, id);
	while ((rc = db_step(m->from, st, e)) == 1)
		if (add(m, st, e) < 0) {
			sqlite3_reset(st);
			return -1;
		}
	return rc;
}

static int
add_sample(struct merging *m, sqlite3_stmt *st, struct err *e)
{
	struct store_sample s = {.name = db_text(st, 0), .t = db_time(st, 3), .v = db_num(st, 4), .stale = sqlite3_column_int(st, 5) == STORE_STALE};
	struct labels labels = {0};
	struct sv target = db_text(st, 2);
	int rc;

	arena_free(&m->arena);
	s.target = arena_str(&m->arena, target);
	s.labels = &labels;
	rc = labels_parse(&m->arena, db_text(st, 1), &labels, e);
	return rc < 0 ? -1 : store_add_sample(m->to, m->content, &s, e);
}

static int
add_event(struct merging *m, sqlite3_stmt *st, struct err *e)
{
	const struct store_event ev = {.t = sqlite3_column_int64(st, 0), .t_end = db_time(st, 1), .kind = db_text(st, 2), .name = db_text(st, 3),
	    .text = db_text(st, 4), .line = sqlite3_column_int64(st, 5)};

	return store_add_event(m->to, m->content, &ev, e);
}

static struct store_fact
fact(sqlite3_stmt *st)
{
	return (struct store_fact){.path = db_text(st, 0), .text = db_text(st, 1), .value = db_num(st, 2), .line = sqlite3_column_int64(st, 3)};
}

static int
add_claim(struct merging *m, sqlite3_stmt *st, struct err *e)
{
	const struct store_fact f = fact(st);

	return store_add_claim(m->to, m->content, &f, e);
}

static int
add_run(struct merging *m, sqlite3_stmt *st, struct err *e)
{
	const struct store_fact f = fact(st);

	return store_add_run(m->to, m->content, &f, e);
}

static int
add_result(struct merging *m, sqlite3_stmt *st, struct err *e)
{
	const struct store_result r = {.kind = db_text(st, 0), .suite = db_text(st, 1), .name = db_text(st, 2), .status = db_text(st, 3),
	    .t = db_time(st, 4), .duration = db_num(st, 5), .text = db_text(st, 6), .line = sqlite3_column_int64(st, 7)};

	return store_add_result(m->to, m->content, &r, e);
}

static int
add_problem_of(struct merging *m, sqlite3_stmt *st, int64_t content, int64_t artifact, struct err *e)
{
	/* SQLite ends text in NUL. */
	const struct store_problem p = {.content = content, .artifact = artifact, .line = sqlite3_column_int64(st, 0), .severity = db_text(st, 1).p,
	    .stage = "read", .text = db_text(st, 2)};

	return store_add_problem(m->to, &p, e);
}

static int
add_problem(struct merging *m, sqlite3_stmt *st, struct err *e)
{
	return add_problem_of(m, st, m->content, 0, e);
}

/* m->content is the occurrence then. */
static int
add_artifact_problem(struct merging *m, sqlite3_stmt *st, struct err *e)
{
	return add_problem_of(m, st, 0, m->content, e);
}

static int
add_run_problem(struct merging *m, sqlite3_stmt *st, struct err *e)
{
	return add_problem_of(m, st, 0, 0, e);
}

static int
add_family(struct merging *m, sqlite3_stmt *st, struct err *e)
{
	return store_add_family(m->to, db_text(st, 0), db_text(st, 1), db_text(st, 2), db_text(st, 3), e);
}

/* The series of observations of the other store, made here. */
static int
map_series(struct merging *m, struct err *e)
{
	struct store_rows *r = store_observation_series_open(m->from, e);
	struct store_observation_series s;
	struct labels tags;
	int64_t id = 0;
	int rc = -1;

	while (r != NULL && (rc = store_observation_series_next(r, &s, e)) == 1) {
		arena_free(&m->arena);
		if (labels_parse(&m->arena, s.tags, &tags, e) < 0 || store_observation_metric(m->to, s.metric, s.type, s.contains, e) < 0 ||
		    (id = store_observation_series(m->to, s.metric, &tags, e)) < 0) {
			rc = -1;
			break;
		}
		while ((int64_t)m->series.n <= s.id)
			(void)vec_add(&m->series);
		m->series.v[s.id] = id;
	}
	store_rows_close(r);
	return rc;
}

static int
add_points(struct merging *m, struct err *e)
{
	struct store_rows *r = store_observations_open(m->from, m->old, INT64_MIN, INT64_MAX, e);
	struct observation *v = mem_new(OBSERVATION_BLOCK, sizeof(*v));
	size_t i, n;
	int rc = -1;

	while (r != NULL && (rc = store_observations_next(r, v, &n, e)) == 1) {
		if (m->series.n == 0 && map_series(m, e) < 0) {
			rc = -1;
			break;
		}
		for (i = 0; i < n && v[i].series > 0 && v[i].series < (int64_t)m->series.n && m->series.v[v[i].series] != 0; i++)
			v[i].series = m->series.v[v[i].series];
		if (i < n)
			rc = err_set(e, ERR_DB, "%s: damaged: points of a series that is not there", m->from->path);
		if (rc < 0 || store_observe(m->to, m->content, v, n, e) < 0 || store_observation_relax(m->to, e) < 0) {
			rc = -1;
			break;
		}
	}
	store_rows_close(r);
	mem_free(v);
	return rc;
}

/* All that the content said. */
static int
copy_content(struct merging *m, const struct store_artifact *a, struct err *e)
{
	struct store_content c = {.size = a->size, .items = a->items, .complete = a->complete, .first_ms = a->first_ms, .last_ms = a->last_ms};
	struct sb format = {0}, sha = {0};
	int rc = -1;

	sb_addv(&format, a->format);
	sb_addv(&sha, a->format_sha256);
	c.format = sb_str(&format);
	c.format_sha256 = sb_str(&sha);
	memcpy(c.sha256, a->sha256, sizeof(c.sha256));
	m->old = a->content;
	if ((m->content = store_content_new(m->to, e)) >= 0 && rows(m, Q_MERGE_SAMPLES, m->old, add_sample, e) == 0 &&
	    rows(m, Q_MERGE_RIVALS, m->old, add_sample, e) == 0 && rows(m, Q_MERGE_READINGS, m->old, add_sample, e) == 0 &&
	    rows(m, Q_MERGE_EVENTS, m->old, add_event, e) == 0 && rows(m, Q_MERGE_CLAIMS, m->old, add_claim, e) == 0 &&
	    rows(m, Q_MERGE_RUNS, m->old, add_run, e) == 0 && rows(m, Q_MERGE_RESULTS, m->old, add_result, e) == 0 &&
	    rows(m, Q_MERGE_PROBLEMS, m->old, add_problem, e) == 0 && add_points(m, e) == 0)
		rc = store_content_done(m->to, m->content, &c, e);
	sb_free(&format);
	sb_free(&sha);
	return rc;
}

static int
copy_artifact(struct merging *m, const struct store_artifact *a, struct store_merged *out, struct err *e)
{
	int64_t content = store_content_find(m->to, a->sha256, e), artifact;
	sqlite3_stmt *st = m->to->stmt[Q_MERGE_OPERAND_TIME];
	bool fresh, had = content > 0;

	if (content < 0 || (content == 0 && copy_content(m, a, e) < 0))
		return -1;
	if (!had)
		content = m->content;
	if ((artifact = store_add_artifact(m->to, content, a->name, &fresh, e)) < 0)
		return -1;
	out->contents += !had;
	out->known += had;
	if (!fresh)
		return 0;
	if (sv_is(a->time_source, "operand")) {
		db_bind_int(m->to, st, 1, artifact);
		db_bind_time(m->to, st, 2, a->time_ms);
		db_bind_text(m->to, st, 3, a->time_why);
		if (db_do(m->to, st, e) < 0)
			return -1;
	}
	m->content = artifact;
	return rows(m, Q_MERGE_ARTIFACT_PROBLEMS, a->id, add_artifact_problem, e);
}

int
store_merge(struct store *to, struct store *from, struct store_merged *out, struct err *e)
{
	struct merging m = {.to = to, .from = from};
	struct store_rows *r;
	struct store_artifact a;
	int rc;

	*out = (struct store_merged){0};
	if (db_writing(to, e) < 0 || rows(&m, Q_MERGE_FAMILIES, 0, add_family, e) < 0 || rows(&m, Q_MERGE_RUN_PROBLEMS, 0, add_run_problem, e) < 0 ||
	    (r = store_artifacts_open(from, e)) == NULL)
		return -1;
	while ((rc = store_artifacts_next(r, &a, e)) == 1) {
		if (a.superseded)
			continue;
		if (sv_starts(sv_of(a.sha256), "unread "))
			out->unread++;
		else if (copy_artifact(&m, &a, out, e) < 0) {
			rc = -1;
			break;
		}
	}
	store_rows_close(r);
	arena_free(&m.arena);
	vec_free(&m.series);
	return rc;
}
