#include "store/store.h"

#include <string.h>

#include "base/mem.h"
#include "store/private.h"

int64_t
store_add_artifact(struct store *s, int64_t content, struct sv name, bool *fresh, struct err *e)
{
	sqlite3_stmt *st = s->stmt[Q_ARTIFACT_NEW];

	if (db_writing(s, e) < 0)
		return -1;
	db_bind_int(s, st, 1, content);
	db_bind_text(s, st, 2, name);
	if (db_do(s, st, e) < 0)
		return -1;
	*fresh = sqlite3_changes(s->db) != 0;
	if (*fresh)
		return sqlite3_last_insert_rowid(s->db);
	st = s->stmt[Q_ARTIFACT_FIND];
	db_bind_int(s, st, 1, content);
	db_bind_text(s, st, 2, name);
	return db_value(s, st, e);
}

int
store_artifact_named(struct store *s, struct sv name, int64_t *size, char sha256[DIGEST_HEX],
    int64_t *content, struct err *e)
{
	sqlite3_stmt *st = s->stmt[Q_ARTIFACT_NAMED];
	struct sv hex;
	int rc;

	db_bind_text(s, st, 1, name);
	if ((rc = db_step(s, st, e)) != 1)
		return rc;
	*size = sqlite3_column_int64(st, 0);
	hex = sv_head(db_text(st, 1), DIGEST_HEX - 1);
	memcpy(sha256, hex.p, hex.n);
	sha256[hex.n] = '\0';
	*content = sqlite3_column_int64(st, 2);
	sqlite3_reset(st);
	return 1;
}

/* Those who disagreed with the content: what they said stands only in the conflict. */
static int
collect_rivals(struct store *s, int64_t content, struct db_sample **v, size_t *n, struct err *e)
{
	VEC(struct db_sample) rivals = {0};
	sqlite3_stmt *st = s->stmt[Q_RIVALS];
	struct db_sample *m;
	int rc;

	db_bind_int(s, st, 1, content);
	while ((rc = db_step(s, st, e)) == 1) {
		m = vec_add(&rivals);
		m->series = sqlite3_column_int64(st, 0);
		m->t = sqlite3_column_int64(st, 1);
		m->content = sqlite3_column_int64(st, 2);
		m->v = db_num(st, 3);
		m->flag = sqlite3_column_type(st, 3) == SQLITE_NULL ? STORE_NAN : STORE_VALUE;
	}
	*v = rivals.v;
	*n = rivals.n;
	return rc;
}

static int
drop(struct store *s, enum stmt q, int64_t content, struct err *e)
{
	db_bind_int(s, s->stmt[q], 1, content);
	return db_do(s, s->stmt[q], e);
}

/* Scrapes are what the samples say; some of those are gone. */
static int
rebuild_scrapes(struct store *s, struct err *e)
{
	db_scrape_forget(s);
	if (db_do(s, s->stmt[Q_SCRAPES_PLACED_ONLY], e) < 0 || db_do(s, s->stmt[Q_SCRAPES_DROP], e) < 0)
		return -1;
	return db_do(s, s->stmt[Q_SCRAPES_REBUILD], e);
}

static int
take_back_samples(struct store *s, int64_t content, struct err *e)
{
	struct db_sample *rival;
	size_t n;
	bool gone = false;
	int rc = collect_rivals(s, content, &rival, &n, e);

	if (rc == 0)
		rc = drop(s, Q_DROP_CONFLICTS, content, e);
	if (rc == 0 && (rc = drop(s, Q_DROP_SAMPLES, content, e)) == 0)
		gone = sqlite3_changes(s->db) != 0;
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = db_put_sample(s, &rival[i], e);
	mem_free(rival);
	return rc == 0 && gone ? rebuild_scrapes(s, e) : rc;
}

/* All that only this content said. */
static int
take_back(struct store *s, int64_t content, struct err *e)
{
	static const enum stmt facts[] = {Q_DROP_READINGS, Q_DROP_EVENT_SOURCES, Q_DROP_CLAIMS, Q_DROP_RUNS,
	    Q_DROP_RESULTS, Q_DROP_PROBLEMS, Q_DROP_OBSERVATIONS, Q_DROP_OBSERVATION_SECONDS,
	    Q_DROP_OBSERVATION_MINUTES};

	if (take_back_samples(s, content, e) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(facts) / sizeof(*facts); i++)
		if (drop(s, facts[i], content, e) < 0)
			return -1;
	return db_do(s, s->stmt[Q_DROP_EVENTS], e);
}

int
store_supersede(struct store *s, struct sv name, int64_t content, struct err *e)
{
	static const enum stmt mark[] = {Q_SUPERSEDE, Q_SUPERSEDE_PROBLEMS};
	int64_t live;

	if (db_writing(s, e) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(mark) / sizeof(*mark); i++) {
		db_bind_text(s, s->stmt[mark[i]], 1, name);
		db_bind_int(s, s->stmt[mark[i]], 2, content);
		if (db_do(s, s->stmt[mark[i]], e) < 0)
			return -1;
	}
	db_bind_int(s, s->stmt[Q_CONTENT_LIVE], 1, content);
	if ((live = db_value(s, s->stmt[Q_CONTENT_LIVE], e)) != 0)
		return live < 0 ? -1 : 0; /* the same bytes under another name still say so */
	return take_back(s, content, e);
}

int
store_reread(struct store *s, int64_t old, int64_t content, struct err *e)
{
	sqlite3_stmt *move = s->stmt[Q_REREAD_ARTIFACTS];

	if (db_writing(s, e) < 0 || take_back(s, old, e) < 0)
		return -1;
	db_bind_int(s, move, 1, old);
	db_bind_int(s, move, 2, content);
	return db_do(s, move, e) < 0 ? -1 : drop(s, Q_DROP_CONTENT, old, e);
}

int
store_forget(struct store *s, int64_t content, struct err *e)
{
	if (db_writing(s, e) < 0 || take_back(s, content, e) < 0 || drop(s, Q_DROP_ARTIFACTS, content, e) < 0)
		return -1;
	return drop(s, Q_DROP_CONTENT, content, e);
}

/* Who else said what the content says? 0 nobody, or -1. */
static int
refuse_shared(struct store *s, int64_t content, struct sv name, struct err *e)
{
	int64_t other;

	db_bind_int(s, s->stmt[Q_CONTENT_SHARED], 1, content);
	if ((other = db_value(s, s->stmt[Q_CONTENT_SHARED], e)) <= 0)
		return (int)other;
	return err_set(e, ERR_INPUT, "%.*s: another artifact said some of the same samples, and they would go with it: make the store anew without it",
	    (int)name.n, name.p);
}

struct occurrence {
	int64_t artifact, content;
};

/* One occurrence, and what the content said unless it is also there under another name. */
static int
remove_one(struct store *s, int64_t artifact, int64_t content, struct sv name, struct err *e)
{
	int64_t live, any;

	if (drop(s, Q_ARTIFACT_DROP_PROBLEMS, artifact, e) < 0 || drop(s, Q_ARTIFACT_DROP, artifact, e) < 0)
		return -1;
	db_bind_int(s, s->stmt[Q_CONTENT_LIVE], 1, content);
	if ((live = db_value(s, s->stmt[Q_CONTENT_LIVE], e)) != 0)
		return live < 0 ? -1 : 0;
	if (refuse_shared(s, content, name, e) < 0 || take_back(s, content, e) < 0)
		return -1;
	db_bind_int(s, s->stmt[Q_CONTENT_ANY], 1, content);
	if ((any = db_value(s, s->stmt[Q_CONTENT_ANY], e)) != 0)
		return any < 0 ? -1 : 0;
	return drop(s, Q_DROP_CONTENT, content, e);
}

int
store_remove(struct store *s, struct sv name, int64_t *n, char sha256[DIGEST_HEX], struct err *e)
{
	sqlite3_stmt *st = s->stmt[Q_ARTIFACT_BELOW];
	VEC(struct occurrence) found = {0};
	struct sv hex;
	size_t i;
	int rc;

	if (db_writing(s, e) < 0)
		return -1;
	db_bind_text(s, st, 1, name);
	while ((rc = db_step(s, st, e)) == 1) {
		if (found.n == 0) {
			hex = sv_head(db_text(st, 2), DIGEST_HEX - 1);
			memcpy(sha256, hex.p, hex.n);
			sha256[hex.n] = '\0';
		}
		*vec_add(&found) = (struct occurrence){sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1)};
	}
	if (rc == 0 && found.n == 0)
		rc = err_set(e, ERR_INPUT, "%.*s: there is no such artifact in %s", (int)name.n, name.p, s->path);
	for (i = 0; i < found.n && rc == 0; i++)
		rc = remove_one(s, found.v[i].artifact, found.v[i].content, name, e);
	*n = (int64_t)found.n;
	vec_free(&found);
	return rc;
}
