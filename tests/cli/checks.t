#!/bin/sh
# The formats of checks, tests, settings, alerts and incidents, each on a small file of its shape: recognised, and what it becomes.
. "$(dirname "$0")/lib.sh"
mkdir -p "$T/in"
cat >"$T/in/alerts.json" <<'JSON'
[{"labels": {"alertname": "HighErrorRate", "severity": "page"}, "annotations": {"summary": "too many"}, "startsAt": "2026-03-02T01:00:00Z",
  "endsAt": "2026-03-02T01:05:00Z", "status": {"state": "active"}}]
JSON
cat >"$T/in/incidents.json" <<'JSON'
{"incidents": [{"id": "I-1", "severity": "P1", "started_at": "2026-03-02T02:00:00Z", "resolved_at": "2026-03-02T02:30:00Z", "title": "shop down"},
 {"id": "I-2", "severity": "P3", "started_at": "2026-03-02T03:00:00Z", "resolved_at": null, "title": "still open"}]}
JSON
cat >"$T/in/incidents.csv" <<'CSV'
id,title,severity,started_at,resolved_at
I-1,shop down,P1,2026-03-02T02:00:00Z,2026-03-02T02:30:00Z
I-4,"two lines,
and a comma",P2,2026-03-02T04:00:00Z,
CSV
cat >"$T/in/health.csv" <<'CSV'
timestamp,check,status_code,response_time_ms
2026-03-02T05:00:00Z,api,200,12
2026-03-02T05:01:00Z,api,503,9
2026-03-02T05:02:00Z,api,,
CSV
cat >"$T/in/settings.env" <<'ENV'
# what production runs with
MODERATION_CACHE_ENABLED=true
export PURCHASE_ENFORCEMENT_ENABLED="False"
WORKERS = 8
API_TOKEN=123456
SECRET_KEY=hunter2
DATABASE_URL=postgres://shop:hunter2@db/shop
ENV
cat >"$T/in/smoke.log" <<'LOG'
==========================================
Orders API Smoke Tests - sit Environment
==========================================

TEST: Health Check
✅ PASS: Health Check ok

TEST: Payment
❌ FAIL: Payment returned HTTP 500

TEST: Cut off
LOG
cat >"$T/in/pytest.txt" <<'LOG'
============================= test session starts ==============================
platform linux -- Python 3.11.2, pytest-7.4.0, pluggy-1.2.0
collected 3 items

tests/test_x.py::TestC::test_a[x y] PASSED                               [ 33%]
tests/test_x.py::test_b SKIPPED (not here (yet))                         [ 66%]
LOG
cat >"$T/in/db-20260302T060000Z.json" <<'JSON'
{"status": "degraded", "response_time_ms": 800, "connections": 99, "max_connections": 100}
JSON
cat >"$T/in/checks.jsonl" <<'JSON'
{"ts": "2026-03-02T07:00:00Z", "check": "shop", "status_code": 200, "response_time_ms": 5, "ok": true}
{"ts": "2026-03-02T07:01:00Z", "check": "shop", "status_code": 1e99, "response_time_ms": 5, "ok": true}
{"ts": "2026-03-02T07:02:00Z", "check": "shop", "status_code": -500, "response_time_ms": 5, "ok": true}
{"ts": "2026-03-02T07:03:00Z", "check": "shop", "status_code": "0.0", "response_time_ms": 5, "ok": true}
{"ts": "2026-03-02T07:04:00Z", "check": "shop", "status_code": 200, "response_time_ms": 5, "ok": 0}
{"ts": "2026-03-02T07:05:00Z", "check": "shop", "status_code": 404, "response_time_ms": 5, "ok": "no"}
{"ts": "2026-03-02T07:06:00Z", "check": "shop", "status_code": 200, "response_time_ms": 5}
{"ts": "2026-03-02T07:07:00Z", "check": "shop", "status_code": 2000, "response_time_ms": 5, "ok": 1}
{"ts": "2026-03-02T07:08:00Z", "check": "shop", "error": "timeout"}
JSON
cat >"$T/in/polls.jsonl" <<'JSON'
{"ts": "2026-03-02T08:00:00Z", "check": "poll", "status_code": 200, "body": {"status": "UP"}}
{"ts": "2026-03-02T08:01:00Z", "check": "poll", "status_code": 1e99, "body": {"status": "UP"}}
{"ts": "2026-03-02T08:02:00Z", "check": "poll", "status_code": "", "body": {"status": "UP"}}
JSON
rc "all are read" 0 soak_ingest -d "$T/s.db" "$T/in"
q() { sqlite3 -readonly "$T/s.db" "$1"; }
is "all are recognised" "" "$(q "SELECT name FROM artifacts WHERE format = 'unrecognised'")"
is "alerts and incidents are events; what is still open has no end; one fact in two files is one" \
	"2026-03-02 01:00:00|2026-03-02 01:05:00|ALERT HighErrorRate|page too many|1
2026-03-02 02:00:00|2026-03-02 02:30:00|INCIDENT P1|I-1 shop down|2
2026-03-02 03:00:00||INCIDENT P3|I-2 still open|1
2026-03-02 04:00:00||INCIDENT P2|I-4 two lines,
and a comma|1" "$(q "SELECT datetime(t/1000,'unixepoch'), datetime(t_end/1000,'unixepoch'), name, text,
	(SELECT count(*) FROM event_source WHERE event = e.id) FROM event e ORDER BY t")"
is "no status is down, and no duration is none" "05:00:00|1.0|0.012
05:01:00|0.0|0.009
05:02:00|0.0|" "$(q "SELECT strftime('%H:%M:%S', m.t/1000, 'unixepoch'), max(CASE name WHEN 'probe_success' THEN v END), max(CASE name WHEN 'probe_duration_seconds' THEN v END)
	FROM series s JOIN sample m ON series = s.id WHERE s.labels ->> 'check' = 'api' GROUP BY 1")"
is "switches and numbers are settings" "settings.MODERATION_CACHE_ENABLED=true settings.PURCHASE_ENFORCEMENT_ENABLED=False settings.WORKERS=8" \
	"$(q "SELECT group_concat(path || '=' || text, ' ') FROM (SELECT * FROM run WHERE path LIKE 'settings.%' ORDER BY line)")"
is "and nothing that may be a secret is kept" 0 "$(grep -ac -e hunter2 -e 123456 "$T/s.db")"
is "smoke tests" "Health Check|pass
Payment|fail
Cut off|incomplete" "$(q "SELECT name, status FROM result WHERE suite = 'Orders API Smoke Tests' ORDER BY line")"
is "a console without its summary is incomplete" "incomplete" "$(q "SELECT status FROM result WHERE kind = 'suite' AND name = 'testsuites'")"
is "pytest's names" "tests/test_x.py::TestC|test_a[x y]|pass
tests/test_x.py|test_b|skip" "$(q "SELECT suite, name, status FROM result WHERE suite LIKE 'tests/%' ORDER BY line")"
is "degraded is up, and not well" "1.0|0.0|2026-03-02 06:00:00" "$(q "SELECT max(CASE name WHEN 'probe_success' THEN v END), max(CASE name WHEN 'soak_check_ok' THEN v END),
	datetime(t/1000, 'unixepoch') FROM series s JOIN sample ON series = s.id WHERE s.labels ->> 'check' = 'db'")"
is "what is no HTTP status is no answer" "1.0 0.0 0.0 0.0 1.0 1.0 1.0 0.0 0.0" "$(q "SELECT group_concat(v, ' ') FROM (SELECT v FROM series s JOIN sample ON series = s.id
	WHERE name = 'probe_success' AND labels ->> 'check' = 'shop' ORDER BY t)")"
is "not for health polls, either" "1.0 0.0 0.0" "$(q "SELECT group_concat(v, ' ') FROM (SELECT v FROM series s JOIN sample ON series = s.id
	WHERE name = 'probe_success' AND labels ->> 'check' = 'poll' ORDER BY t)")"
is "each check counts: up once, degraded where ok is not true" "degraded 3, down 5, up 1" "$(q "SELECT group_concat(outcome || ' ' || CAST(n AS INT), ', ') FROM (SELECT labels ->> 'outcome' AS outcome, max(v) AS n
	FROM series s JOIN sample ON series = s.id WHERE name = 'soak_checks_total' AND labels ->> 'check' = 'shop' GROUP BY 1 ORDER BY 1)")"
done_testing
