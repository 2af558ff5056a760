/*
 * points - the raw points of load generators as rows of SQL: the table-valued function k6_points.
 *
 *	SELECT * FROM k6_points WHERE metric = 'http_req_duration'
 *
 * Columns: metric, type, tags (canonical JSON), t (ms), time (with nanoseconds), value, artifact. In the order of the files;
 * held block by block, never whole.
 */
#ifndef SOAK_TOOLS_EXT_POINTS_H
#define SOAK_TOOLS_EXT_POINTS_H

struct sqlite3;

/* Adds it to the connection. SQLite's result code. */
int points_register(struct sqlite3 *db);

#endif
