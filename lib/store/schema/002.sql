-- The store, version 2: how things came out that were to be done. docs/schema.md explains every column.

-- A test case, a check, a checkpoint: one row for each time an artifact says how it came out.
CREATE TABLE result (
	id       INTEGER PRIMARY KEY,
	content  INTEGER NOT NULL REFERENCES content(id),
	kind     TEXT NOT NULL,             -- 'test', 'check', 'checkpoint', 'drill' ...
	suite    TEXT NOT NULL DEFAULT '',
	name     TEXT NOT NULL,
	status   TEXT NOT NULL
	    CHECK (status IN ('pass', 'fail', 'error', 'skip', 'incomplete', 'unknown')),
	t        INTEGER,                   -- when it began; NULL: the artifact does not say
	duration REAL,                      -- seconds; NULL: the artifact does not say
	text     TEXT NOT NULL DEFAULT '',  -- what it says besides: a message, a reason
	line     INTEGER NOT NULL
) STRICT;
CREATE INDEX result_name ON result(kind, suite, name);
CREATE INDEX result_content ON result(content);

CREATE VIEW results AS
SELECT strftime('%Y-%m-%dT%H:%M:%fZ', r.t / 1000.0, 'unixepoch') AS time, r.kind, r.suite, r.name, r.status,
	r.duration, r.text,
	(SELECT min(name) FROM artifact a WHERE a.content = r.content AND a.superseded = 0) AS artifact, r.line
FROM result r ORDER BY r.kind, r.suite, r.t, r.id;
