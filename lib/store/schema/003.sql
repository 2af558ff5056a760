-- The store, version 3: raw points of a load generator. docs/schema.md explains every column.

CREATE TABLE observation_metric (
	id       INTEGER PRIMARY KEY,
	name     TEXT NOT NULL UNIQUE,
	type     TEXT NOT NULL DEFAULT '',  -- counter, gauge, rate, trend; '': not stated
	contains TEXT NOT NULL DEFAULT ''   -- default, time (milliseconds), data (bytes); '': not stated
) STRICT;

CREATE TABLE observation_tags (
	id   INTEGER PRIMARY KEY,
	tags TEXT NOT NULL UNIQUE           -- JSON object, keys sorted, no blanks
) STRICT;

CREATE TABLE observation_series (
	id     INTEGER PRIMARY KEY,
	metric INTEGER NOT NULL REFERENCES observation_metric(id),
	tags   INTEGER NOT NULL REFERENCES observation_tags(id),
	UNIQUE (metric, tags)
) STRICT;

-- The points themselves, in the order of their file: every value and nanosecond as it was written.
CREATE TABLE observation (
	content  INTEGER NOT NULL REFERENCES content(id),
	nth      INTEGER NOT NULL,          -- which block of the content, from 1
	points   INTEGER NOT NULL,
	first_ms INTEGER NOT NULL,
	last_ms  INTEGER NOT NULL,
	data     BLOB NOT NULL,             -- lib/store/observation_code.h
	UNIQUE (content, nth)
) STRICT;

-- What they add up to, for SQL: a row for each second and metric ...
CREATE TABLE observation_second (
	content INTEGER NOT NULL REFERENCES content(id),
	t       INTEGER NOT NULL,           -- the second's beginning
	metric  INTEGER NOT NULL REFERENCES observation_metric(id),
	n       INTEGER NOT NULL,
	sum     REAL NOT NULL,
	min     REAL NOT NULL,
	max     REAL NOT NULL,
	PRIMARY KEY (content, t, metric)
) STRICT, WITHOUT ROWID;

-- ... and for each minute, metric and tag set.
CREATE TABLE observation_minute (
	content INTEGER NOT NULL REFERENCES content(id),
	t       INTEGER NOT NULL,           -- the minute's beginning
	series  INTEGER NOT NULL REFERENCES observation_series(id),
	n       INTEGER NOT NULL,
	sum     REAL NOT NULL,
	min     REAL NOT NULL,
	max     REAL NOT NULL,
	PRIMARY KEY (content, t, series)
) STRICT, WITHOUT ROWID;

CREATE VIEW points_per_second AS
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', s.t / 1000, 'unixepoch') AS time, m.name AS metric, m.type, s.n,
	s.sum, s.sum / s.n AS avg, s.min, s.max, s.t, s.content
FROM observation_second s JOIN observation_metric m ON m.id = s.metric
ORDER BY s.t, m.name;

CREATE VIEW points_per_minute AS
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', s.t / 1000, 'unixepoch') AS time, m.name AS metric, m.type, g.tags, s.n,
	s.sum, s.sum / s.n AS avg, s.min, s.max, s.t, s.content
FROM observation_minute s JOIN observation_series o ON o.id = s.series
JOIN observation_metric m ON m.id = o.metric JOIN observation_tags g ON g.id = o.tags
ORDER BY s.t, m.name, g.tags;
