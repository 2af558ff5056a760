#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/private.h"

#define APPLICATION_ID 0x534f414bU /* "SOAK" in bytes 68-71 of the file */
#define BUSY_MS 10000
#define WRITER_CACHE "PRAGMA cache_size = -32768"

/* migrations[n] leads from version n to n + 1. */
static const char *const migrations[] = {
#define MIGRATION(text) text,
#include "schema.h"
#undef MIGRATION
};
#define VERSION ((int64_t)(sizeof(migrations) / sizeof(*migrations)))

/* sql is a constant of this file or the schema. */
static int
exec(struct store *s, const char *sql, struct err *e)
{
	int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : db_error(s, rc, e);
}

/* The number a PRAGMA answers. */
static int
pragma(struct store *s, const char *sql, int64_t *v, struct err *e)
{
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v2(s->db, sql, -1, &st, NULL);

	if (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
		*v = sqlite3_column_int64(st, 0);
		rc = SQLITE_OK;
	}
	if (rc != SQLITE_OK)
		db_error(s, rc, e);
	sqlite3_finalize(st);
	return rc == SQLITE_OK ? 0 : -1;
}

static int
check_version(const char *path, int64_t application, int64_t version, enum store_mode mode, struct err *e)
{
	if (application != APPLICATION_ID)
		return err_set(e, ERR_DB, "%s: not a store of soakproof", path);
	if (version > VERSION)
		return err_set(e, ERR_DB, "%s: made by a newer soakproof (store version %lld, this program knows %lld)",
		    path, (long long)version, (long long)VERSION);
	if (mode == STORE_READ && version < VERSION)
		return err_set(e, ERR_DB, "%s: made by an older soakproof (store version %lld, this program wants %lld): "
		    "let soak-ingest open it once", path, (long long)version, (long long)VERSION);
	return 0;
}

static int64_t
be32(const unsigned char *p)
{
	return (int64_t)p[0] << 24 | (int64_t)p[1] << 16 | (int64_t)p[2] << 8 | (int64_t)p[3];
}

/* May a file be made at path? SQLite's own message would be that of its last try: "no such file". */
static int
check_folder(const char *path, struct err *e)
{
	const char *slash = strrchr(path, '/');
	struct sb folder = {0};
	int rc;

	sb_add(&folder, path, slash == NULL ? 0 : slash == path ? 1 : (size_t)(slash - path));
	rc = access(slash == NULL ? "." : sb_str(&folder), W_OK | X_OK);
	if (rc < 0)
		err_set(e, ERR_SYS, "%s: %s", path, strerror(errno));
	sb_free(&folder);
	return rc;
}

/*
 * Looks at the file before SQLite does, which might finish a stranger's transaction in it.
 * *fresh: there is nothing yet. The header is https://www.sqlite.org/fileformat2.html 1.3.
 */
static int
check_file(const char *path, enum store_mode mode, bool *fresh, struct err *e)
{
	unsigned char head[100];
	struct stat st;
	ssize_t n;
	int fd;

	*fresh = false;
	if (path[0] == '\0')
		return err_set(e, ERR_USAGE, "the store has no name");
	/* O_NONBLOCK: a FIFO must not keep us waiting. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT && mode == STORE_WRITE) {
		*fresh = true;
		return check_folder(path, e);
	}
	if (fd < 0)
		return err_set(e, ERR_SYS, "%s: %s", path, errno == ENOENT ? "there is no such store" : strerror(errno));
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return err_set(e, ERR_DB, "%s: not a store of soakproof (not even a plain file)", path);
	}
	n = pread(fd, head, sizeof(head), 0);
	close(fd);
	if (n < 0)
		return err_set(e, ERR_SYS, "%s: %s", path, strerror(errno));
	if (n == 0 && mode == STORE_WRITE)
		return 0;
	if (n < (ssize_t)sizeof(head) || memcmp(head, "SQLite format 3", 16) != 0)
		return err_set(e, ERR_DB, "%s: not a store of soakproof", path);
	return check_version(path, be32(head + 68), be32(head + 60), mode, e);
}

/*
 * path as SQLite takes it: ":memory:" and "file:..." mean something to it,
 * to us they are names of files. Caller frees.
 */
static char *
plain_path(const char *path)
{
	struct sb out = {0};

	if (path[0] != '/')
		sb_adds(&out, "./");
	sb_adds(&out, path);
	return sb_take(&out);
}

/* Names in natural order, as the folders they came from are walked. */
static int
by_number(void *ctx, int an, const void *a, int bn, const void *b)
{
	(void)ctx;
	return sv_natural((struct sv){a, (size_t)an}, (struct sv){b, (size_t)bn});
}

static int
connect_to(struct store *s, struct err *e)
{
	int flags = s->mode == STORE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
	char *name = plain_path(s->path);
	int rc = sqlite3_open_v2(name, &s->db, flags | SQLITE_OPEN_NOMUTEX, NULL);

	mem_free(name);
	if (rc != SQLITE_OK)
		return db_error(s, rc, e);
	sqlite3_extended_result_codes(s->db, 1);
	sqlite3_busy_timeout(s->db, BUSY_MS);
	/* The file may come from a stranger: nothing in its schema is trusted with more than data. */
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	rc = sqlite3_create_collation_v2(s->db, "by_number", SQLITE_UTF8, NULL, by_number, NULL);
	if (rc != SQLITE_OK)
		return db_error(s, rc, e);
	/* Readers go through a series once, and a small cache stays in the processor's; writers come back to their indexes. */
	if (exec(s, "PRAGMA cell_size_check = ON; PRAGMA foreign_keys = ON", e) < 0 ||
	    exec(s, s->mode == STORE_READ ? "PRAGMA cache_size = -2048" : WRITER_CACHE, e) < 0)
		return -1;
	if (s->mode == STORE_READ)
		return 0;
	if (sqlite3_db_readonly(s->db, "main"))
		return err_set(e, ERR_SYS, "%s: cannot be written", s->path);
	/* Not WAL: a copy of the file alone must always be the whole store. */
	return exec(s, "PRAGMA page_size = 4096; PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL", e);
}

/* user_version cannot be bound, so the number is printed into it; it is ours. */
static int
set_version(struct store *s, int64_t version, struct err *e)
{
	struct sb text = {0};
	int rc;

	sb_addf(&text, "PRAGMA user_version = %lld", (long long)version);
	rc = exec(s, sb_str(&text), e);
	sb_free(&text);
	return rc;
}

/* Takes the store one version on, or not at all. *version is what it is then. */
static int
migrate_step(struct store *s, int64_t *version, struct err *e)
{
	if (exec(s, "BEGIN IMMEDIATE", e) < 0)
		return -1;
	/* Another process may have been faster. */
	if (pragma(s, "PRAGMA user_version", version, e) == 0 &&
	    (*version >= VERSION ||
	        (exec(s, migrations[*version], e) == 0 && set_version(s, *version + 1, e) == 0 &&
	            exec(s, "PRAGMA application_id = 0x534f414b", e) == 0)) &&
	    exec(s, "COMMIT", e) == 0) {
		*version += *version < VERSION;
		return 0;
	}
	if (!sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return -1;
}

int64_t
store_version(void)
{
	return VERSION;
}

int
db_migrate(struct store *s, struct err *e)
{
	int64_t application = 0, version = 0, tables = 0;

	if (pragma(s, "PRAGMA application_id", &application, e) < 0 ||
	    pragma(s, "PRAGMA user_version", &version, e) < 0 ||
	    pragma(s, "SELECT count(*) FROM sqlite_schema", &tables, e) < 0)
		return -1;
	if (s->mode == STORE_WRITE && tables == 0 && application == 0 && version == 0)
		application = APPLICATION_ID; /* a new file */
	if (check_version(s->path, application, version, s->mode, e) < 0)
		return -1;
	while (version < VERSION)
		if (migrate_step(s, &version, e) < 0)
			return -1;
	return 0;
}

struct store *
store_open(const char *path, enum store_mode mode, struct err *e)
{
	struct store *s;
	struct stat st;
	bool fresh;

	if (check_file(path, mode, &fresh, e) < 0)
		return NULL;
	s = mem_new(1, sizeof(*s));
	s->path = mem_dup(path, strlen(path));
	s->mode = mode;
	if (connect_to(s, e) == 0 && db_migrate(s, e) == 0 && db_prepare_all(s, e) == 0)
		return s;
	store_close(s);
	/* Do not leave the empty file behind that SQLite made. */
	if (fresh && stat(path, &st) == 0 && st.st_size == 0)
		unlink(path);
	return NULL;
}

void
store_close(struct store *s)
{
	if (s == NULL)
		return;
	for (int q = 0; q < Q_COUNT; q++)
		sqlite3_finalize(s->stmt[q]);
	sqlite3_finalize(s->probe);
	sqlite3_finalize(s->hold);
	if (!s->borrowed)
		sqlite3_close_v2(s->db);
	db_series_forget(s);
	db_observed_forget(s);
	mem_free(s->scrape.v);
	mem_free(s->scrape.slot);
	mem_free(s->batch);
	mem_free(s->path);
	mem_free(s);
}

int
store_copy(struct store *s, const char *path, struct err *e)
{
	char *name;
	int fd, rc;

	if (!sqlite3_get_autocommit(s->db))
		return err_set(e, ERR_USAGE, "%s: cannot be copied inside a transaction", s->path);
	if (path[0] == '\0')
		return err_set(e, ERR_USAGE, "the copy of the store has no name");
	/* Makes sure that the name is free, and ours; SQLite takes an empty file. */
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0)
		return err_set(e, ERR_SYS, "%s: %s", path, strerror(errno));
	name = plain_path(path);
	db_bind_text(s, s->stmt[Q_COPY], 1, sv_of(name));
	rc = db_do(s, s->stmt[Q_COPY], e);
	mem_free(name);
	if (rc < 0)
		err_prefix(e, "%s", path);
	else if (fsync(fd) < 0)
		rc = err_set(e, ERR_SYS, "%s: %s", path, strerror(errno));
	close(fd);
	if (rc < 0)
		unlink(path);
	return rc;
}

/* About what a sample takes, and below how many nobody minds. */
#define SAMPLE_BYTES 20
#define TIDY_SAMPLES 50000

int
store_tidy(struct store *s, struct err *e)
{
	int64_t pages, size;
	int rc;

	if (s->mode != STORE_WRITE || !sqlite3_get_autocommit(s->db) || s->added < TIDY_SAMPLES)
		return 0;
	if (pragma(s, "PRAGMA page_count", &pages, e) < 0 || pragma(s, "PRAGMA page_size", &size, e) < 0)
		return -1;
	if (s->added * SAMPLE_BYTES < pages * size / 4)
		return 0;
	sqlite3_busy_timeout(s->db, 0);
	sqlite3_db_release_memory(s->db);
	/* It goes through everything once, and has two caches. */
	if ((rc = sqlite3_exec(s->db, "PRAGMA cache_size = -4096", NULL, NULL, NULL)) == SQLITE_OK)
		rc = sqlite3_exec(s->db, "VACUUM", NULL, NULL, NULL);
	sqlite3_exec(s->db, WRITER_CACHE, NULL, NULL, NULL);
	sqlite3_busy_timeout(s->db, BUSY_MS);
	s->added = 0;
	if (rc == SQLITE_NOMEM)
		mem_out();
	return (rc & 0xff) == SQLITE_CORRUPT ? db_error(s, rc, e) : 0;
}

int
store_begin(struct store *s, struct err *e)
{
	if (!sqlite3_get_autocommit(s->db))
		return err_set(e, ERR_USAGE, "%s: a transaction is open already", s->path);
	db_samples_checked(s);
	db_scrape_forget(s);
	return db_do(s, s->stmt[s->mode == STORE_READ ? Q_BEGIN_READ : Q_BEGIN_WRITE], e);
}

int
store_end(struct store *s, int outcome, struct err *e)
{
	/* When a disk is full SQLite has rolled back already. */
	bool open = !sqlite3_get_autocommit(s->db);

	if (outcome == 0 && open && db_samples_flush(s, e) == 0 && db_do(s, s->stmt[Q_COMMIT], e) == 0) {
		db_samples_checked(s);
		return 0;
	}
	if (outcome == 0) {
		outcome = -1;
		if (!open)
			err_set(e, ERR_DB, "%s: there is no transaction to commit", s->path);
	}
	if (!sqlite3_get_autocommit(s->db))
		db_do(s, s->stmt[Q_ROLLBACK], NULL);
	db_samples_checked(s);
	/* What was learned in the transaction is not so: ids were taken back. */
	s->n_batch = 0;
	db_series_forget(s);
	db_scrape_forget(s);
	db_observed_forget(s);
	return outcome;
}

int
db_writing(struct store *s, struct err *e)
{
	if (sqlite3_get_autocommit(s->db))
		return err_set(e, ERR_USAGE, "%s: writing wants an open transaction", s->path);
	return db_samples_flush(s, e);
}
