#include "store/private.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"

/* An artifact that says what content ?: the live one that comes first. */
#define SOURCE_OF(content)                                                     \
	"(SELECT a.name FROM artifact a WHERE a.content = " content            \
	" ORDER BY a.superseded, a.name COLLATE by_number LIMIT 1)"

/* Which of an event's sources is shown, and at which line. */
#define EVENT_SOURCE(what)                                                     \
	"(SELECT " what " FROM event_source o JOIN artifact a ON a.content = o.content" \
	" WHERE o.event = e.id ORDER BY a.superseded, a.name COLLATE by_number, o.line LIMIT 1)"

/* Rows of six parameters, in order. */
#define ROW "(?, ?, ?, ?, ?, ?)"
#define ROWS8 ROW "," ROW "," ROW "," ROW "," ROW "," ROW "," ROW "," ROW

#define FACT_NEW(table)                                                        \
	"INSERT INTO " table "(content, path, text, value, line) VALUES (?1, ?2, ?3, ?4, ?5)"
#define FACT_ROWS(table)                                                       \
	"SELECT f.id, f.content, f.path, f.text, f.value, f.line, "            \
	"coalesce(" SOURCE_OF("f.content") ", '') AS source FROM " table " f " \
	"ORDER BY source COLLATE by_number, f.line, f.id"

/* A second or minute that two blocks share: one row. */
#define OBSERVATION_ADD(span, key)                                             \
	"INSERT INTO observation_" span "(content, t, " key ", n, sum, min, max) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) " \
	"ON CONFLICT DO UPDATE SET n = n + excluded.n, sum = sum + excluded.sum, " \
	"min = min(min, excluded.min), max = max(max, excluded.max)"

static const char *const sql[Q_COUNT] = {
	[Q_BEGIN_READ] = "BEGIN",
	[Q_BEGIN_WRITE] = "BEGIN IMMEDIATE",
	[Q_COMMIT] = "COMMIT",
	[Q_ROLLBACK] = "ROLLBACK",
	[Q_COPY] = "VACUUM INTO ?1",

	[Q_CONTENT_FIND] = "SELECT id FROM content WHERE sha256 = ?1",
	/* The digest comes last, when all has been read: until then a text that is none. */
	[Q_CONTENT_NEW] = "INSERT INTO content(sha256, size, format, items, complete) "
	    "SELECT 'unread ' || (coalesce(max(id), 0) + 1), 0, '', 0, 0 FROM content",
	[Q_CONTENT_DONE] = "UPDATE content SET sha256 = ?2, size = ?3, format = ?4, items = ?5, "
	    "complete = ?6, first_ms = ?7, last_ms = ?8, format_sha256 = ?9 WHERE id = ?1",

	[Q_TARGET_FIND] = "SELECT id FROM target WHERE name = ?1 AND job = ?2 AND instance = ?3",
	[Q_TARGET_NEW] = "INSERT INTO target(name, job, instance) VALUES (?1, ?2, ?3)",
	[Q_SERIES_FIND] = "SELECT id, target FROM series WHERE name = ?1 AND labels = ?2",
	[Q_SERIES_NEW] = "INSERT INTO series(name, labels, target) VALUES (?1, ?2, ?3)",

	[Q_SAMPLE_NEW] = "INSERT INTO sample(series, t, v, flag, content, placed) "
	    "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
	[Q_SAMPLE_NEW_MANY] = "INSERT INTO sample(series, t, v, flag, content, placed) "
	    "VALUES " ROWS8 "," ROWS8 "," ROWS8 "," ROWS8 " ON CONFLICT DO NOTHING",
	[Q_SAMPLE_GET] = "SELECT v, flag, content, placed FROM sample WHERE series = ?1 AND t = ?2",
	[Q_SAMPLE_SET] = "UPDATE sample SET v = ?3, flag = ?4, content = ?5, placed = ?6 "
	    "WHERE series = ?1 AND t = ?2",
	[Q_READING_NEW] = "INSERT INTO reading(content, series, v, flag) VALUES (?1, ?2, ?3, ?4) "
	    "ON CONFLICT DO NOTHING",
	[Q_READING_GET] = "SELECT v, flag FROM reading WHERE content = ?1 AND series = ?2",
	[Q_SCRAPE_NEW] = "INSERT INTO scrape(target, t, placed) VALUES (?1, ?2, ?3) "
	    "ON CONFLICT DO UPDATE SET placed = 2 WHERE placed = 1 - excluded.placed",
	[Q_CONFLICT_NEW] = "INSERT INTO conflict(series, t, content_a, value_a, content_b, value_b, stage) "
	    "SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE NOT EXISTS (SELECT 1 FROM conflict "
	    "WHERE series = ?1 AND t = ?2 AND content_b = ?5 AND value_b IS ?6 AND content_a = ?3 AND stage = ?7)",
	[Q_FAMILY_ADD] = "INSERT INTO family(name, type, unit, help) VALUES (?1, ?2, ?3, ?4) "
	    "ON CONFLICT DO UPDATE SET type = CASE type WHEN '' THEN excluded.type ELSE type END, "
	    "unit = CASE unit WHEN '' THEN excluded.unit ELSE unit END, "
	    "help = CASE help WHEN '' THEN excluded.help ELSE help END",
	[Q_FAMILY_TYPE] = "SELECT type FROM family WHERE name = ?1",

	[Q_EVENT_FIND] = "SELECT id, t_end FROM event "
	    "WHERE t = ?1 AND kind = ?2 AND name = ?3 AND text = ?4 AND nth = ?5",
	[Q_EVENT_SAID] = "SELECT 1 FROM event_source WHERE event = ?1 AND content = ?2",
	[Q_EVENT_NEW] = "INSERT INTO event(t, t_end, kind, name, text, nth) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	[Q_EVENT_END] = "UPDATE event SET t_end = ?2 WHERE id = ?1",
	[Q_EVENT_SOURCE_NEW] = "INSERT INTO event_source(event, content, line) VALUES (?1, ?2, ?3)",
	[Q_CLAIM_NEW] = FACT_NEW("claim"),
	[Q_RUN_NEW] = FACT_NEW("run"),
	[Q_RESULT_NEW] = "INSERT INTO result(content, kind, suite, name, status, t, duration, text, line) "
	    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
	[Q_PROBLEM_NEW] = "INSERT INTO problem(content, artifact, line, severity, stage, text) "
	    "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	[Q_PROBLEM_NEW_ONCE] = "INSERT INTO problem(content, artifact, line, severity, stage, text) "
	    "SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE NOT EXISTS (SELECT 1 FROM problem WHERE content IS ?1 "
	    "AND artifact IS ?2 AND line IS ?3 AND severity = ?4 AND stage = ?5 AND text = ?6)",

	[Q_ARTIFACT_NEW] = "INSERT INTO artifact(content, name) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
	[Q_ARTIFACT_FIND] = "SELECT id FROM artifact WHERE content = ?1 AND name = ?2",
	[Q_ARTIFACT_NAMED] = "SELECT c.size, c.sha256, c.id FROM artifact a JOIN content c ON c.id = a.content "
	    "WHERE a.name = ?1 AND a.superseded = 0 ORDER BY a.id DESC LIMIT 1",

	[Q_SUPERSEDE] = "UPDATE artifact SET superseded = 1 WHERE name = ?1 AND content = ?2",
	[Q_SUPERSEDE_PROBLEMS] = "DELETE FROM problem WHERE artifact IN "
	    "(SELECT id FROM artifact WHERE name = ?1 AND content = ?2)",
	[Q_CONTENT_LIVE] = "SELECT 1 FROM artifact WHERE content = ?1 AND superseded = 0 LIMIT 1",
	[Q_CONTENT_ANY] = "SELECT 1 FROM artifact WHERE content = ?1 LIMIT 1",
	/* Who said as much as it says itself, at times that this one tells of, and is not the source of all that it said? */
	[Q_CONTENT_SHARED] = "SELECT o.id FROM content c JOIN content o ON o.id <> c.id AND o.complete AND o.first_ms <= c.last_ms "
	    "AND o.last_ms >= c.first_ms WHERE c.id = ?1 AND EXISTS (SELECT 1 FROM sample WHERE content = ?1 AND placed = 0) "
	    "AND NOT EXISTS (SELECT 1 FROM observation WHERE content = o.id) AND o.items > "
	    "(SELECT count(*) FROM sample WHERE content = o.id) + (SELECT count(*) FROM reading WHERE content = o.id) + "
	    "(SELECT count(*) FROM conflict WHERE content_b = o.id) + (SELECT count(*) FROM event_source WHERE content = o.id) + "
	    "(SELECT count(*) FROM claim WHERE content = o.id) + (SELECT count(*) FROM run WHERE content = o.id) + "
	    "(SELECT count(*) FROM result WHERE content = o.id) LIMIT 1",
	[Q_ARTIFACT_BELOW] = "SELECT a.id, a.content, c.sha256 FROM artifact a JOIN content c ON c.id = a.content "
	    "WHERE a.name = ?1 OR substr(a.name, 1, length(?1) + 1) = ?1 || '/' ORDER BY a.name, a.id",
	[Q_ARTIFACT_DROP] = "DELETE FROM artifact WHERE id = ?1",
	[Q_ARTIFACT_DROP_PROBLEMS] = "DELETE FROM problem WHERE artifact = ?1",
	[Q_RIVALS] = "SELECT series, t, content_b, value_b FROM conflict "
	    "WHERE content_a = ?1 AND content_b <> ?1 AND stage = 'read' ORDER BY id",
	[Q_DROP_CONFLICTS] = "DELETE FROM conflict WHERE content_a = ?1 OR content_b = ?1",
	[Q_DROP_SAMPLES] = "DELETE FROM sample WHERE content = ?1",
	[Q_DROP_READINGS] = "DELETE FROM reading WHERE content = ?1",
	[Q_DROP_EVENT_SOURCES] = "DELETE FROM event_source WHERE content = ?1",
	[Q_DROP_EVENTS] = "DELETE FROM event WHERE NOT EXISTS "
	    "(SELECT 1 FROM event_source o WHERE o.event = event.id)",
	[Q_DROP_CLAIMS] = "DELETE FROM claim WHERE content = ?1",
	[Q_DROP_RUNS] = "DELETE FROM run WHERE content = ?1",
	[Q_DROP_RESULTS] = "DELETE FROM result WHERE content = ?1",
	[Q_DROP_PROBLEMS] = "DELETE FROM problem WHERE content = ?1",
	[Q_REREAD_ARTIFACTS] = "UPDATE artifact SET content = ?2 WHERE content = ?1",
	[Q_DROP_CONTENT] = "DELETE FROM content WHERE id = ?1",
	[Q_CONTENT_ITEMS] = "SELECT items FROM content WHERE id = ?1",
	[Q_SCRAPES_PLACED_ONLY] = "UPDATE scrape SET placed = 1 WHERE placed = 2",
	[Q_SCRAPES_DROP] = "DELETE FROM scrape WHERE placed = 0",
	[Q_SCRAPES_REBUILD] = "INSERT INTO scrape(target, t, placed) "
	    "SELECT DISTINCT s.target, m.t, 0 FROM sample m JOIN series s ON s.id = m.series "
	    "WHERE m.placed = 0 AND m.flag <> 2 ON CONFLICT DO UPDATE SET placed = 2",

	[Q_UNPLACE_SAMPLES] = "DELETE FROM sample WHERE placed = 1",
	[Q_UNPLACE_SCRAPES] = "DELETE FROM scrape WHERE placed = 1",
	[Q_UNPLACE_SCRAPES_BOTH] = "UPDATE scrape SET placed = 0 WHERE placed = 2",
	[Q_UNPLACE_CONFLICTS] = "DELETE FROM conflict WHERE stage = 'place'",
	[Q_UNPLACE_PROBLEMS] = "DELETE FROM problem WHERE stage = 'place'",
	[Q_UNPLACE_ARTIFACTS] = "UPDATE artifact SET time_ms = NULL, time_source = 'unknown', time_why = ''",
	[Q_PLACE_GET] = "SELECT a.content, a.time_ms, a.superseded, "
	    "EXISTS (SELECT 1 FROM reading r WHERE r.content = a.content) FROM artifact a WHERE a.id = ?1",
	[Q_PLACE_SET] = "UPDATE artifact SET time_ms = ?2, time_source = ?3, time_why = ?4 WHERE id = ?1",
	/* Has another occurrence of the same bytes been placed at the same time? */
	[Q_PLACE_TWIN] = "SELECT 1 FROM artifact WHERE content = ?1 AND time_ms = ?2 AND id <> ?3 "
	    "AND superseded = 0 LIMIT 1",
	[Q_PLACE_READINGS] = "SELECT r.series, r.v, r.flag, s.target FROM reading r "
	    "JOIN series s ON s.id = r.series WHERE r.content = ?1 ORDER BY r.series",
	/* Which targets answered in the snapshots placed at t. CROSS JOIN keeps the order of the loops. */
	[Q_STALE_SNAPSHOTS] = "SELECT s.target, a.time_ms, min(a.content) FROM artifact a "
	    "CROSS JOIN reading r ON r.content = a.content CROSS JOIN series s ON s.id = r.series "
	    "WHERE a.time_ms IS NOT NULL AND a.superseded = 0 GROUP BY 1, 2 ORDER BY 1, 2",
	[Q_STALE_READINGS] = "SELECT s.target, a.time_ms, r.series FROM artifact a "
	    "CROSS JOIN reading r ON r.content = a.content CROSS JOIN series s ON s.id = r.series "
	    "WHERE a.time_ms IS NOT NULL AND a.superseded = 0",

	/* main: as an extension we are guests where a temporary table may have the same name (attach.h). */
	[Q_SERIES_ROWS] = "SELECT id, target, name, labels FROM main.series ORDER BY name, labels",
	[Q_SERIES_ROWS_NAMED] = "SELECT id, target, name, labels FROM main.series WHERE name = ?1 ORDER BY labels",
	[Q_SAMPLE_ROOT] = "SELECT rootpage FROM main.sqlite_schema WHERE type = 'table' AND name = 'sample'",
	[Q_SAMPLE_COLUMNS] = "SELECT group_concat(name || ' ' || pk || ' ' || hidden, ',') "
	    "FROM (SELECT name, pk, hidden FROM pragma_table_xinfo('sample') ORDER BY cid)",
	[Q_POINT_ROWS] = "SELECT t, v, flag, content FROM main.sample WHERE series = ?1 AND t >= ?2 AND t <= ?3 ORDER BY t",
	[Q_SCRAPE_ROWS] = "SELECT t FROM main.scrape WHERE target = ?1 ORDER BY t",
	[Q_EVENT_ROWS] = "SELECT e.id, e.t, e.t_end, e.kind, e.name, e.text, "
	    "coalesce(" EVENT_SOURCE("o.line") ", 0), coalesce(" EVENT_SOURCE("a.name") ", '') "
	    "FROM event e ORDER BY e.t, e.id",
	[Q_CLAIM_ROWS] = FACT_ROWS("claim"),
	[Q_RUN_ROWS] = FACT_ROWS("run"),
	[Q_RESULT_ROWS] = "SELECT r.id, r.content, r.kind, r.suite, r.name, r.status, r.t, r.duration, r.text, r.line, "
	    "coalesce(" SOURCE_OF("r.content") ", '') AS source FROM result r "
	    "ORDER BY r.kind, r.suite, r.t, r.name, source COLLATE by_number, r.line, r.id",
	[Q_ARTIFACT_ROWS] = "SELECT a.id, a.content, a.name, c.sha256, c.size, c.items, c.format, c.complete, "
	    "a.superseded, EXISTS (SELECT 1 FROM reading r WHERE r.content = c.id), c.first_ms, c.last_ms, "
	    "a.time_ms, a.time_source, a.time_why, "
	    "(SELECT count(*) FROM problem p WHERE p.content = c.id OR p.artifact = a.id), c.format_sha256 "
	    "FROM artifact a JOIN content c ON c.id = a.content ORDER BY a.name COLLATE by_number, a.id",
	[Q_PROBLEM_ROWS] = "SELECT p.content, p.artifact, p.line, p.severity, p.stage, p.text, "
	    "coalesce((SELECT name FROM artifact WHERE id = p.artifact), " SOURCE_OF("p.content") ", '') AS source "
	    "FROM problem p ORDER BY source COLLATE by_number, p.line, p.id",
	[Q_CONFLICT_ROWS] = "SELECT s.name, s.labels, k.t, k.value_a, k.value_b, "
	    "coalesce(" SOURCE_OF("k.content_a") ", ''), coalesce(" SOURCE_OF("k.content_b") ", '') "
	    "FROM conflict k JOIN series s ON s.id = k.series ORDER BY k.t, s.name, s.labels, k.id",

	[Q_OBSERVATION_METRIC_ADD] = "INSERT INTO observation_metric(name, type, contains) VALUES (?1, ?2, ?3) "
	    "ON CONFLICT DO UPDATE SET type = CASE type WHEN '' THEN excluded.type ELSE type END, "
	    "contains = CASE contains WHEN '' THEN excluded.contains ELSE contains END",
	[Q_OBSERVATION_METRIC_FIND] = "SELECT id FROM observation_metric WHERE name = ?1",
	[Q_OBSERVATION_METRIC_NEW] = "INSERT INTO observation_metric(name) VALUES (?1)",
	[Q_OBSERVATION_TAGS_FIND] = "SELECT id FROM observation_tags WHERE tags = ?1",
	[Q_OBSERVATION_TAGS_NEW] = "INSERT INTO observation_tags(tags) VALUES (?1)",
	[Q_OBSERVATION_SERIES_FIND] = "SELECT id FROM observation_series WHERE metric = ?1 AND tags = ?2",
	[Q_OBSERVATION_SERIES_NEW] = "INSERT INTO observation_series(metric, tags) VALUES (?1, ?2)",
	[Q_OBSERVATION_SERIES_METRIC] = "SELECT metric FROM main.observation_series WHERE id = ?1",
	[Q_OBSERVATION_NEW] = "INSERT INTO observation(content, nth, points, first_ms, last_ms, data) "
	    "SELECT ?1, 1 + coalesce((SELECT max(nth) FROM observation WHERE content = ?1), 0), ?2, ?3, ?4, ?5",
	[Q_OBSERVATION_SECOND_ADD] = OBSERVATION_ADD("second", "metric"),
	[Q_OBSERVATION_MINUTE_ADD] = OBSERVATION_ADD("minute", "series"),
	[Q_OBSERVATION_BEGINS] = "SELECT NOT EXISTS (SELECT 1 FROM observation b "
	    "LEFT JOIN observation a ON a.content = ?1 AND a.nth = b.nth WHERE b.content = ?2 AND a.data IS NOT b.data)",
	[Q_OBSERVATION_KEPT] = "UPDATE content SET format = ?2, items = ?3, first_ms = ?4, last_ms = ?5 WHERE id = ?1",
	[Q_OBSERVATION_UNREAD] = "SELECT c.id FROM content c WHERE c.sha256 GLOB 'unread *' AND c.id > ?2 AND EXISTS "
	    "(SELECT 1 FROM artifact a WHERE a.content = c.id AND a.name = ?1 AND a.superseded = 0) ORDER BY c.id LIMIT 1",
	[Q_DROP_ARTIFACTS] = "DELETE FROM artifact WHERE content = ?1",
	[Q_DROP_OBSERVATIONS] = "DELETE FROM observation WHERE content = ?1",
	[Q_DROP_OBSERVATION_SECONDS] = "DELETE FROM observation_second WHERE content = ?1",
	[Q_DROP_OBSERVATION_MINUTES] = "DELETE FROM observation_minute WHERE content = ?1",
	[Q_OBSERVED_ROWS] = "SELECT c.id, (SELECT a.name FROM main.artifact a WHERE a.content = c.id AND a.superseded = 0 "
	    "ORDER BY a.name, a.id LIMIT 1) AS name, c.format, c.complete, sum(o.points), min(o.first_ms), max(o.last_ms) "
	    "FROM main.observation o JOIN main.content c ON c.id = o.content GROUP BY c.id HAVING name IS NOT NULL "
	    "ORDER BY name, c.id",
	[Q_OBSERVATION_SERIES_ROWS] = "SELECT s.id, m.id, m.name, m.type, m.contains, g.tags FROM main.observation_series s "
	    "JOIN main.observation_metric m ON m.id = s.metric JOIN main.observation_tags g ON g.id = s.tags ORDER BY s.id",
	/* What one content says, as it said it: placed samples are made anew from its readings. */
	[Q_MERGE_SAMPLES] = "SELECT s.name, s.labels, g.name, m.t, m.v, m.flag FROM sample m JOIN series s ON s.id = m.series "
	    "JOIN target g ON g.id = s.target WHERE m.content = ?1 AND m.placed = 0 ORDER BY m.series, m.t",
	[Q_MERGE_RIVALS] = "SELECT s.name, s.labels, g.name, k.t, k.value_b, k.value_b IS NULL FROM conflict k JOIN series s ON s.id = k.series "
	    "JOIN target g ON g.id = s.target WHERE k.content_b = ?1 AND k.stage = 'read' ORDER BY k.id",
	[Q_MERGE_READINGS] = "SELECT s.name, s.labels, g.name, NULL, r.v, r.flag FROM reading r JOIN series s ON s.id = r.series "
	    "JOIN target g ON g.id = s.target WHERE r.content = ?1 ORDER BY r.series",
	[Q_MERGE_EVENTS] = "SELECT e.t, e.t_end, e.kind, e.name, e.text, o.line FROM event_source o JOIN event e ON e.id = o.event "
	    "WHERE o.content = ?1 ORDER BY o.line, e.id",
	[Q_MERGE_CLAIMS] = "SELECT path, text, value, line FROM claim WHERE content = ?1 ORDER BY id",
	[Q_MERGE_RUNS] = "SELECT path, text, value, line FROM run WHERE content = ?1 ORDER BY id",
	[Q_MERGE_RESULTS] = "SELECT kind, suite, name, status, t, duration, text, line FROM result WHERE content = ?1 ORDER BY id",
	[Q_MERGE_PROBLEMS] = "SELECT line, severity, text FROM problem WHERE content = ?1 AND artifact IS NULL AND stage = 'read' ORDER BY id",
	[Q_MERGE_ARTIFACT_PROBLEMS] = "SELECT line, severity, text FROM problem WHERE artifact = ?1 AND stage = 'read' ORDER BY id",
	[Q_MERGE_RUN_PROBLEMS] = "SELECT line, severity, text FROM problem WHERE content IS NULL AND artifact IS NULL AND stage = 'read' ORDER BY id",
	[Q_MERGE_FAMILIES] = "SELECT name, type, unit, help FROM family ORDER BY name",
	[Q_MERGE_OPERAND_TIME] = "UPDATE artifact SET time_ms = ?2, time_source = 'operand', time_why = ?3 WHERE id = ?1",
	[Q_OBSERVATION_ROWS] = "SELECT data FROM main.observation WHERE content = ?1 AND last_ms >= ?2 AND first_ms <= ?3 "
	    "ORDER BY nth",
};

int
db_error(struct store *s, int rc, struct err *e)
{
	int saved = sqlite3_system_errno(s->db);
	const char *what = sqlite3_errmsg(s->db);

	if (rc == SQLITE_READONLY_ROLLBACK)
		return err_set(e, ERR_DB, "%s: a writer was interrupted: let soak-ingest open it once, "
		    "with its -journal beside it", s->path);
	switch (rc & 0xff) {
	case SQLITE_NOMEM:
		mem_out();
	case SQLITE_FULL:
		return err_set(e, ERR_DB, "%s: the disk is full", s->path);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_set(e, ERR_DB, "%s: another program is using it", s->path);
	case SQLITE_NOTADB:
		return err_set(e, ERR_DB, "%s: not a store of soakproof", s->path);
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
		if (saved != 0)
			return err_set(e, ERR_DB, "%s: %s: %s", s->path, what, strerror(saved));
		break;
	}
	return err_set(e, ERR_DB, "%s: %s", s->path, what);
}

sqlite3_stmt *
db_prepare(struct store *s, enum stmt q, struct err *e)
{
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v3(s->db, sql[q], -1, SQLITE_PREPARE_PERSISTENT, &st, NULL);

	if (rc != SQLITE_OK) {
		db_error(s, rc, e);
		return NULL;
	}
	return st;
}

int
db_prepare_all(struct store *s, struct err *e)
{
	for (int q = 0; q < Q_COUNT; q++)
		if ((s->stmt[q] = db_prepare(s, (enum stmt)q, e)) == NULL)
			return -1;
	return 0;
}

static void
bound(struct store *s, int rc)
{
	if (s->bound == SQLITE_OK)
		s->bound = rc;
}

void
db_bind_int(struct store *s, sqlite3_stmt *st, int i, int64_t v)
{
	bound(s, sqlite3_bind_int64(st, i, v));
}

void
db_bind_id(struct store *s, sqlite3_stmt *st, int i, int64_t id)
{
	bound(s, id == 0 ? sqlite3_bind_null(st, i) : sqlite3_bind_int64(st, i, id));
}

void
db_bind_time(struct store *s, sqlite3_stmt *st, int i, int64_t t)
{
	bound(s, t == TIME_NONE ? sqlite3_bind_null(st, i) : sqlite3_bind_int64(st, i, t));
}

void
db_bind_num(struct store *s, sqlite3_stmt *st, int i, double v)
{
	bound(s, sqlite3_bind_double(st, i, v));
}

void
db_bind_text(struct store *s, sqlite3_stmt *st, int i, struct sv v)
{
	/* A NULL pointer would bind NULL, not the empty text. */
	bound(s, sqlite3_bind_text64(st, i, v.p == NULL ? "" : v.p, v.n, SQLITE_STATIC, SQLITE_UTF8));
}

void
db_bind_blob(struct store *s, sqlite3_stmt *st, int i, struct sv v)
{
	bound(s, sqlite3_bind_blob64(st, i, v.p, v.n, SQLITE_STATIC));
}

int
db_step(struct store *s, sqlite3_stmt *st, struct err *e)
{
	int rc = s->bound;

	s->bound = SQLITE_OK;
	if (rc == SQLITE_OK) {
		rc = sqlite3_step(st);
		if (rc == SQLITE_ROW)
			return 1;
	}
	if (rc == SQLITE_DONE) {
		sqlite3_reset(st);
		return 0;
	}
	db_error(s, rc, e);
	sqlite3_reset(st);
	return -1;
}

int
db_do(struct store *s, sqlite3_stmt *st, struct err *e)
{
	return db_step(s, st, e);
}

int64_t
db_value(struct store *s, sqlite3_stmt *st, struct err *e)
{
	int rc = db_step(s, st, e);
	int64_t v;

	if (rc != 1)
		return rc;
	v = sqlite3_column_int64(st, 0);
	sqlite3_reset(st);
	return v;
}

struct sv
db_text(sqlite3_stmt *st, int i)
{
	const char *p = (const char *)sqlite3_column_text(st, i);

	if (p == NULL)
		return SV("");
	return (struct sv){p, (size_t)sqlite3_column_bytes(st, i)};
}

int64_t
db_time(sqlite3_stmt *st, int i)
{
	return sqlite3_column_type(st, i) == SQLITE_NULL ? TIME_NONE : sqlite3_column_int64(st, i);
}

double
db_num(sqlite3_stmt *st, int i)
{
	return sqlite3_column_type(st, i) == SQLITE_NULL ? NAN : sqlite3_column_double(st, i);
}
