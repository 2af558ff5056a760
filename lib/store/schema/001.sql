-- The store, version 1. Times are UTC milliseconds since 1970; docs/schema.md explains every column.

-- The bytes of an artifact, once, however often and under whatever name they were found.
CREATE TABLE content (
	id       INTEGER PRIMARY KEY,
	sha256   TEXT NOT NULL UNIQUE,
	size     INTEGER NOT NULL,
	format   TEXT NOT NULL,             -- 'prometheus-text', 'gateway-events', ... 'unrecognised'
	items    INTEGER NOT NULL,          -- samples, events, claims ... read from it
	complete INTEGER NOT NULL,          -- 1: read to its end; 0: broken, nothing of it is used
	first_ms INTEGER,                   -- span of the times that stand inside
	last_ms  INTEGER
) STRICT;

-- One place where a content was found. name is relative to the operand;
-- a member of an archive is archive.tar.gz/dir/member.
CREATE TABLE artifact (
	id          INTEGER PRIMARY KEY,
	content     INTEGER NOT NULL REFERENCES content(id),
	name        TEXT NOT NULL,
	time_ms     INTEGER,                -- when it was taken; NULL: unknown
	time_source TEXT NOT NULL DEFAULT 'unknown'
	    CHECK (time_source IN ('inside', 'event', 'profile', 'name', 'mtime', 'operand', 'unknown')),
	time_why    TEXT NOT NULL DEFAULT '', -- the pattern, event or name part that said so
	superseded  INTEGER NOT NULL DEFAULT 0, -- 1: a longer version of the same file came later
	UNIQUE (name, content)
) STRICT;

-- What a reader, or the placing of snapshots in time, had to say against an artifact.
CREATE TABLE problem (
	id       INTEGER PRIMARY KEY,
	content  INTEGER REFERENCES content(id),
	artifact INTEGER REFERENCES artifact(id),
	line     INTEGER,
	severity TEXT NOT NULL CHECK (severity IN ('note', 'warning', 'error')),
	stage    TEXT NOT NULL CHECK (stage IN ('read', 'place')),
	text     TEXT NOT NULL
) STRICT;

CREATE TABLE family (
	name TEXT PRIMARY KEY,
	type TEXT NOT NULL,                 -- counter gauge histogram summary ... untyped
	unit TEXT NOT NULL DEFAULT '',
	help TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

-- What was scraped: one process behind one address.
CREATE TABLE target (
	id       INTEGER PRIMARY KEY,
	name     TEXT NOT NULL,
	job      TEXT NOT NULL,
	instance TEXT NOT NULL,
	UNIQUE (name, job, instance)
) STRICT;

-- When a target was seen to answer: what a counter's birth and coverage are measured by.
CREATE TABLE scrape (
	target INTEGER NOT NULL REFERENCES target(id),
	t      INTEGER NOT NULL,
	placed INTEGER NOT NULL,            -- 0: the time stood in a file; 1: a snapshot was placed there; 2: both
	PRIMARY KEY (target, t)
) STRICT, WITHOUT ROWID;

CREATE TABLE series (
	id     INTEGER PRIMARY KEY,
	name   TEXT NOT NULL,
	labels TEXT NOT NULL,               -- JSON object, keys sorted, no blanks
	target INTEGER NOT NULL REFERENCES target(id),
	UNIQUE (name, labels)
) STRICT;

-- A value at a time. SQLite has no NaN: v is NULL then and flag says what it is.
CREATE TABLE sample (
	series  INTEGER NOT NULL REFERENCES series(id),
	t       INTEGER NOT NULL,
	v       REAL,
	flag    INTEGER NOT NULL DEFAULT 0, -- 0 a value, 1 NaN, 2 stale marker (the series ended here)
	content INTEGER NOT NULL REFERENCES content(id),
	placed  INTEGER NOT NULL DEFAULT 0, -- 0: the time stood in the file; 1: see artifact.time_source
	PRIMARY KEY (series, t)
) STRICT, WITHOUT ROWID;

-- The values of files that carry no times, as they stand there.
CREATE TABLE reading (
	content INTEGER NOT NULL REFERENCES content(id),
	series  INTEGER NOT NULL REFERENCES series(id),
	v       REAL,
	flag    INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (content, series)
) STRICT, WITHOUT ROWID;

-- Two artifacts that disagree about one series at one time.
CREATE TABLE conflict (
	id        INTEGER PRIMARY KEY,
	series    INTEGER NOT NULL REFERENCES series(id),
	t         INTEGER NOT NULL,
	content_a INTEGER NOT NULL REFERENCES content(id),
	value_a   REAL,
	content_b INTEGER NOT NULL REFERENCES content(id),
	value_b   REAL,
	stage     TEXT NOT NULL CHECK (stage IN ('read', 'place'))
) STRICT;

-- An instant or a span. The same fact in two files is one event with two sources.
CREATE TABLE event (
	id     INTEGER PRIMARY KEY,
	t      INTEGER NOT NULL,
	t_end  INTEGER,
	kind   TEXT NOT NULL,
	name   TEXT NOT NULL,
	text   TEXT NOT NULL DEFAULT '',
	nth    INTEGER NOT NULL DEFAULT 1,  -- 2, 3 ...: the same line again in one file
	UNIQUE (t, kind, name, text, nth)
) STRICT;
CREATE TABLE event_source (
	event   INTEGER NOT NULL REFERENCES event(id),
	content INTEGER NOT NULL REFERENCES content(id),
	line    INTEGER NOT NULL,
	PRIMARY KEY (event, content, line)
) STRICT, WITHOUT ROWID;

-- What an artifact says about the run, to be checked against what the counters say.
CREATE TABLE claim (
	id      INTEGER PRIMARY KEY,
	content INTEGER NOT NULL REFERENCES content(id),
	path    TEXT NOT NULL,
	text    TEXT NOT NULL,              -- as printed: its decimals are its precision
	value   REAL,                       -- NULL where it is not a number
	line    INTEGER NOT NULL
) STRICT;

-- Facts about the run that are not claims: configuration, identity, planned duration.
CREATE TABLE run (
	id      INTEGER PRIMARY KEY,
	content INTEGER NOT NULL REFERENCES content(id),
	path    TEXT NOT NULL,
	text    TEXT NOT NULL,
	value   REAL,
	line    INTEGER NOT NULL
) STRICT;

CREATE INDEX artifact_content ON artifact(content);
CREATE INDEX problem_content ON problem(content);
CREATE INDEX problem_artifact ON problem(artifact);
CREATE INDEX conflict_series ON conflict(series, t, content_b, value_b);
CREATE INDEX event_name ON event(name, t);

-- For people with the sqlite3 shell.
CREATE VIEW artifacts AS
SELECT a.name, c.format, c.size, c.items, c.complete,
	strftime('%Y-%m-%dT%H:%M:%SZ', a.time_ms / 1000, 'unixepoch') AS taken, a.time_source, a.time_why,
	strftime('%Y-%m-%dT%H:%M:%SZ', c.first_ms / 1000, 'unixepoch') AS first,
	strftime('%Y-%m-%dT%H:%M:%SZ', c.last_ms / 1000, 'unixepoch') AS last,
	(SELECT count(*) FROM problem p WHERE p.content = c.id OR p.artifact = a.id) AS problems,
	a.superseded, c.sha256
FROM artifact a JOIN content c ON c.id = a.content
ORDER BY a.name;

CREATE VIEW samples AS
SELECT s.name, s.labels, strftime('%Y-%m-%dT%H:%M:%fZ', m.t / 1000.0, 'unixepoch') AS time, m.v AS value,
	CASE m.flag WHEN 0 THEN '' WHEN 1 THEN 'NaN' ELSE 'stale' END AS note, m.t, m.content
FROM sample m JOIN series s ON s.id = m.series
ORDER BY s.name, s.labels, m.t;

CREATE VIEW events AS
SELECT strftime('%Y-%m-%dT%H:%M:%fZ', e.t / 1000.0, 'unixepoch') AS time, e.kind, e.name, e.text,
	group_concat(a.name || ':' || o.line, ', ') AS sources
FROM event e JOIN event_source o ON o.event = e.id
JOIN artifact a ON a.content = o.content AND a.superseded = 0
GROUP BY e.id ORDER BY e.t, e.id;

CREATE VIEW contradictions AS
SELECT s.name, s.labels, strftime('%Y-%m-%dT%H:%M:%fZ', k.t / 1000.0, 'unixepoch') AS time,
	k.value_a, (SELECT min(name) FROM artifact WHERE content = k.content_a) AS artifact_a,
	k.value_b, (SELECT min(name) FROM artifact WHERE content = k.content_b) AS artifact_b
FROM conflict k JOIN series s ON s.id = k.series
ORDER BY k.t, s.name, s.labels;
