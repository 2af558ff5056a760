#include "store/store.h"

#include "store/private.h"

int
store_unplace(struct store *s, struct err *e)
{
	static const enum stmt steps[] = {Q_UNPLACE_SAMPLES, Q_UNPLACE_SCRAPES, Q_UNPLACE_SCRAPES_BOTH,
	    Q_UNPLACE_CONFLICTS, Q_UNPLACE_PROBLEMS, Q_UNPLACE_ARTIFACTS};

	if (db_writing(s, e) < 0)
		return -1;
	db_scrape_forget(s);
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		if (db_do(s, s->stmt[steps[i]], e) < 0)
			return -1;
	return 0;
}

/* The readings of a content become samples at t. */
static int
place_readings(struct store *s, int64_t content, int64_t t, struct err *e)
{
	sqlite3_stmt *st = s->stmt[Q_PLACE_READINGS];
	struct db_sample m = {.t = t, .content = content, .placed = true};
	int64_t target;
	int rc;

	db_bind_int(s, st, 1, content);
	while ((rc = db_step(s, st, e)) == 1) {
		m.series = sqlite3_column_int64(st, 0);
		m.v = db_num(st, 1);
		m.flag = sqlite3_column_int(st, 2);
		target = sqlite3_column_int64(st, 3);
		if (db_put_sample(s, &m, e) < 0 || db_put_scrape(s, target, t, true, e) < 0) {
			sqlite3_reset(st);
			return -1;
		}
	}
	return rc;
}

int
store_place(struct store *s, int64_t artifact, int64_t t, const char *source, struct sv why, struct err *e)
{
	sqlite3_stmt *st = s->stmt[Q_PLACE_GET];
	int64_t content, before, twin;
	bool superseded, untimed;
	int rc;

	if (db_writing(s, e) < 0)
		return -1;
	db_bind_int(s, st, 1, artifact);
	if ((rc = db_step(s, st, e)) != 1)
		return rc < 0 ? -1 : err_set(e, ERR_USAGE, "%s: no artifact %lld", s->path, (long long)artifact);
	content = sqlite3_column_int64(st, 0);
	before = db_time(st, 1);
	superseded = sqlite3_column_int(st, 2) != 0;
	untimed = sqlite3_column_int(st, 3) != 0 && !superseded;
	sqlite3_reset(st);
	if (untimed && before != TIME_NONE && before != t)
		return err_set(e, ERR_USAGE, "%s: artifact %lld is placed already", s->path, (long long)artifact);

	st = s->stmt[Q_PLACE_SET];
	db_bind_int(s, st, 1, artifact);
	db_bind_time(s, st, 2, t);
	db_bind_text(s, st, 3, sv_of(source));
	db_bind_text(s, st, 4, why);
	if (db_do(s, st, e) < 0)
		return -1;
	if (t == TIME_NONE || !untimed)
		return 0;
	st = s->stmt[Q_PLACE_TWIN];
	db_bind_int(s, st, 1, content);
	db_bind_int(s, st, 2, t);
	db_bind_int(s, st, 3, artifact);
	if ((twin = db_value(s, st, e)) != 0)
		return twin < 0 ? -1 : 0; /* a file and its copy in an archive: said once */
	return place_readings(s, content, t, e);
}
