#!/bin/sh
# soak-ingest: once is once, whatever happens in between.
. "$(dirname "$0")/lib.sh"
good=$ROOT/samples/gateway-24h-good
bad=$ROOT/samples/gateway-24h-troubled
dump() { sqlite3 "$1" 'SELECT * FROM samples; SELECT * FROM events; SELECT path, text FROM claim ORDER BY path; SELECT name, taken, time_source FROM artifacts'; }

rc "a folder" 0 soak_ingest -d "$T/a.db" -p gateway-24h "$good"
dump "$T/a.db" >"$T/once"
rc "the same again" 0 soak_ingest -d "$T/a.db" -p gateway-24h "$good"
dump "$T/a.db" >"$T/twice"
cmp -s "$T/once" "$T/twice"; result $? "twice is once"

(cd "$T" && tar czf soak.tar.gz -C "$good/.." gateway-24h-good)
rc "the folder's own archive on top" 0 soak_ingest -d "$T/a.db" -p gateway-24h "$T/soak.tar.gz"
is "adds no sample" "$(sqlite3 "$T/a.db" 'SELECT count(*) FROM sample')" "$(grep -c '^gateway' "$T/once")"
is "and no event" 0 "$(sqlite3 "$T/a.db" 'SELECT count(*) FROM event WHERE nth > 1')"
is "and no claim" "$(sqlite3 "$T/a.db" 'SELECT count(DISTINCT path) FROM claim')" "$(sqlite3 "$T/a.db" 'SELECT count(*) FROM claim')"

rc "without a profile" 0 soak_ingest -d "$T/b.db" "$good"
like "the snapshots have no time" 'without a time' "$T/err"
is "and are not samples yet" 0 "$(sqlite3 "$T/b.db" 'SELECT count(*) FROM sample')"
rc "the profile alone places what is stored" 0 soak_ingest -d "$T/b.db" -p gateway-24h
dump "$T/b.db" >"$T/placed"
cmp -s "$T/once" "$T/placed"; result $? "as if it had been there from the start"

rc "--list" 0 soak_ingest -d "$T/a.db" --list
is "what refers to something refers to something that is there" "" "$(sqlite3 "$T/a.db" "PRAGMA foreign_key_check")"
like "one line an artifact" '^soak-h3\.prom	prometheus-text	[0-9]+	[0-9]+	2026-03-02T12:00:00Z	profile	' "$T/out"
rc "bad artifacts do not stop the good ones" 0 soak_ingest -d "$T/c.db" -p gateway-24h "$bad"
like "the empty one is told" 'soak-h3\.prom: empty' "$T/err"
like "the cut one is told with its line" 'soak-h18\.prom:[0-9]+: cut off' "$T/err"
is "nothing of the cut one is used" 0 "$(sqlite3 "$T/c.db" "SELECT count(*) FROM sample WHERE t = 1772506800000")"

mkdir "$T/empty"
rc "nothing stored is trouble" 2 soak_ingest -d "$T/e.db" "$T/empty"
rc "a missing operand is trouble" 2 soak_ingest -d "$T/e.db" "$T/not-there"
rc "a missing operand beside a good one, too" 2 soak_ingest -d "$T/f.db" "$T/not-there" "$good"
rc "but the good one is stored" 0 soak_ingest -d "$T/f.db" --list
like "completely" 'soak-final.prom' "$T/out"
rc "no operand is usage" 2 soak_ingest -d "$T/e.db"
echo "not a database, but long enough to be looked at" >"$T/text.db"
rc "a file that is no store is refused" 2 soak_ingest -d "$T/text.db" "$good"
is "and left alone" "not a database, but long enough to be looked at" "$(cat "$T/text.db")"
rc "standard input" 0 soak_ingest -q -d "$T/g.db" - <"$T/soak.tar.gz"
is "holds the members" 29 "$(sqlite3 "$T/g.db" "SELECT count(*) FROM artifact WHERE name LIKE 'stdin/%'")"

# A kill at any moment, then the same again: complete. More often where the machine is slow.
complete=0
for ms in 2 5 9 14 20 30 45 70; do
	rm -f "$T/k.db" "$T/k.db-journal"
	"$B/bin/soak-ingest" -q -d "$T/k.db" -p gateway-24h "$good" 2>/dev/null &
	pid=$!
	sleep 0.0$(printf %02d $ms 2>/dev/null)
	kill -9 $pid 2>/dev/null
	wait $pid 2>/dev/null
	soak_ingest -q -d "$T/k.db" -p gateway-24h "$good" || break
	[ "$(sqlite3 "$T/k.db" 'PRAGMA integrity_check')" = ok ] || break
	dump "$T/k.db" >"$T/killed"
	cmp -s "$T/once" "$T/killed" || break
	complete=$((complete + 1))
done
is "killed at eight moments, then again: complete" 8 $complete

# A full disk: status 2, a message, and the old store intact.
if [ "$(id -u)" = 0 ] && mkdir "$T/small" && mount -t tmpfs -o size=256k tmpfs "$T/small" 2>/dev/null; then
	mkdir "$T/one" && cp "$good/soak-events.log" "$T/one"
	rc "a small disk holds a little" 0 soak_ingest -q -d "$T/small/run.db" "$T/one"
	before=$(sqlite3 "$T/small/run.db" 'SELECT count(*) FROM event')
	awk 'BEGIN { for (i = 0; i < 20000; i++) printf "filling_total{i=\"%d\"} %d %.0f\n", i % 40, i, 1772438400000 + i * 1000 }' >"$T/much.prom"
	rc "and then is full" 2 soak_ingest -q -d "$T/small/run.db" "$T/much.prom"
	like "which is said" 'full' "$T/err"
	is "the old store is intact" ok "$(sqlite3 "$T/small/run.db" 'PRAGMA integrity_check')"
	is "with what it held" "$before" "$(sqlite3 "$T/small/run.db" 'SELECT count(*) FROM event')"
	rc "soak-run says so, too" 2 soak_run -q -p gateway-24h -o "$T/small/out" "$good"
	is "and leaves no temporary file" "" "$(find "$T/small/out" -name '.*' -type f 2>/dev/null)"
	umount "$T/small"
else
	skip "no tmpfs here (needs root): full disk"
fi
rc "standard output that cannot be written is trouble" 2 sh -c "'$B/bin/soak-ingest' -d '$T/a.db' --list >/dev/full"
# An empty snapshot whose log tells that taking it failed says why; hour 1 is not hour 12.
mkdir "$T/why"
cat >"$T/why/chaos.log" <<'LOG'
[2026-03-02T08:00:00.000Z] EXECUTING: Capturing metrics for hour 1
[2026-03-02T08:00:01.000Z] ERROR: Capturing metrics for hour 12 - another
[2026-03-02T08:00:30.000Z] ERROR: Capturing metrics for hour 1 - Command failed: curl -fsS http://gateway/metrics
curl: (52) Empty reply from server
[2026-03-02T08:01:00.000Z] SUCCESS: Capturing Docker stats for hour 1
LOG
: >"$T/why/metrics-hour-01.prom"
cat >"$T/why.yaml" <<'YAML'
profile: why
evidence: [{snapshots: {file: "metrics-hour-{hour}.prom", time: {event: "EXECUTING: Capturing metrics for hour {hour}"}}}]
criteria: [{id: a, events: {name: EXECUTING}}]
YAML
rc "an empty snapshot and its log" 0 soak_ingest -q -d "$T/why.db" -p "$T/why.yaml" "$T/why"
is "say why it is empty" "why: ERROR: Capturing metrics for hour 1 - Command failed: curl -fsS http://gateway/metrics ... curl: (52) Empty reply from server (chaos.log:3)" \
    "$(sqlite3 "$T/why.db" "SELECT text FROM problem WHERE stage = 'place'")"
rc "placing again" 0 soak_ingest -q -d "$T/why.db" -p "$T/why.yaml"
is "says it once" 1 "$(sqlite3 "$T/why.db" "SELECT count(*) FROM problem WHERE stage = 'place'")"
# --dry-run shows what would be, and nothing is.
rc "--dry-run" 0 soak_ingest -q -d "$T/dry.db" --dry-run -p gateway-24h "$good"
like "lists what the store would hold" '^soak-h3\.prom	prometheus-text	[0-9]+	[0-9]+	2026-03-02T12:00:00Z	profile	' "$T/out"
[ ! -e "$T/dry.db" ]; result $? "and makes none"
sum=$(sha256sum <"$T/a.db")
mkdir "$T/tmp"
TMPDIR=$T/tmp rc "beside what is there" 0 soak_ingest -q -d "$T/a.db" --dry-run -p gateway-24h "$bad"
like "lists both" 'another|[^/]soak-h9.prom|soak-h3.prom' "$T/out"
is "and leaves it as it is" "$sum" "$(sha256sum <"$T/a.db")"
is "nothing is left behind" "" "$(ls "$T/tmp")"
rc "of nothing" 2 soak_ingest -d "$T/a.db" --dry-run

# --remove takes back what only that artifact said, and says so for ever.
cp "$T/a.db" "$T/r.db"
rc "--remove wants a reason" 2 soak_ingest -d "$T/r.db" --remove soak-h3.prom --by 'Ada Lead'
rc "and an author" 2 soak_ingest -d "$T/r.db" --remove soak-h3.prom --reason 'wrong host'
rc "of an artifact that is not there" 2 soak_ingest -d "$T/r.db" --remove nope --by 'Ada Lead' --reason 'wrong host'
rc "in a store that is not there" 2 soak_ingest -d "$T/nope.db" --remove soak-h3.prom --by 'Ada Lead' --reason 'wrong host'
rc "in several lines" 2 soak_ingest -d "$T/r.db" --remove soak-h3.prom --by 'Ada Lead' --reason 'wrong
host'
is "nothing was removed by these" "$(sqlite3 "$T/a.db" 'SELECT count(*) FROM sample')" "$(sqlite3 "$T/r.db" 'SELECT count(*) FROM sample')"
rc "an archive, with what lay in it" 0 soak_ingest -d "$T/r.db" -p gateway-24h --remove soak.tar.gz --by 'Ada Lead' --reason 'twice'
is "takes nothing that is there without it" "$(sqlite3 "$T/a.db" 'SELECT count(*) FROM sample')" "$(sqlite3 "$T/r.db" 'SELECT count(*) FROM sample')"
rc "--remove" 0 soak_ingest -d "$T/r.db" -p gateway-24h --remove soak-h3.prom --by 'Ada Lead' --reason 'taken on the wrong host'
is "its samples are gone, but for markers of what it lacks" 0 "$(sqlite3 "$T/r.db" "SELECT count(*) FROM sample WHERE t = 1772452800000")"
is "the others' are not" "$(sqlite3 "$T/a.db" "SELECT count(*) FROM sample WHERE t <> 1772452800000 AND flag = 0")" "$(sqlite3 "$T/r.db" 'SELECT count(*) FROM sample WHERE flag = 0')"
is "who, what and why stay" 1 "$(sqlite3 "$T/r.db" "SELECT count(*) FROM problem WHERE text LIKE 'soak-h3.prom (sha256 %) was removed by Ada Lead: taken on the wrong host'")"
is "the store is whole" ok "$(sqlite3 "$T/r.db" 'PRAGMA foreign_key_check' 'PRAGMA integrity_check')"
soak_judge -q -d "$T/r.db" gateway-24h -o json >"$T/out" 2>"$T/err"
[ $? -ne 0 ]; result $? "which is not a pass any more"
like "and the evidence is missing by name" 'soak-h3.prom: not there' "$T/out"
rc "reading it again brings it back" 0 soak_ingest -q -d "$T/r.db" -p gateway-24h "$good"
is "as it was" "$(sqlite3 "$T/a.db" 'SELECT count(*), sum(v) FROM sample')" "$(sqlite3 "$T/r.db" 'SELECT count(*), sum(v) FROM sample')"
printf '# TYPE x gauge\nx{a="1"} 1 1700000000\nx{a="2"} 2 1700000060\n# EOF\n' >"$T/x1.om"
printf '# TYPE x gauge\nx{a="1"} 1 1700000000\nx{a="3"} 3 1700000030\n# EOF\n' >"$T/x2.om"
soak_ingest -q -d "$T/x.db" "$T/x1.om" "$T/x2.om"
rc "what two artifacts said is not taken from the other" 2 soak_ingest -d "$T/x.db" --remove x2.om --by 'Ada Lead' --reason 'no'
like "and that is said" 'another artifact said some of the same samples' "$T/err"
is "all is there" 3 "$(sqlite3 "$T/x.db" 'SELECT count(*) FROM sample')"

# --merge: two stores of one run, each with a half, are as one that read all.
mkdir "$T/h1" "$T/h2"
cp "$good"/*[02468].prom "$good"/soak-events.log "$T/h1"
cp "$good"/* "$T/h2"; rm -f "$T/h2"/*[0248].prom "$T/h2"/soak-h1*
cp "$good"/soak-h1*[13579].prom "$T/h1"
printf '# TYPE x gauge\nx{a="1"} 1 1772452800\n# EOF\n' >"$T/h1/x1.om"
printf '# TYPE x gauge\nx{a="1"} 2 1772452800\nx{a="2"} NaN 1772452801\n# EOF\n' >"$T/h2/x2.om"
head -3000 "$ROOT/samples/k6-shop/points.ndjson" >"$T/h1/k1.ndjson"
sed -n '3001,6000p' "$ROOT/samples/k6-shop/points.ndjson" >"$T/h2/k2.ndjson"
: >"$T/h2/empty.prom"
mdump() { sqlite3 "$1" "SELECT name, labels, t, v, flag, placed FROM sample JOIN series ON series.id = series ORDER BY 1, 2, 3" 'SELECT time, kind, name, text, (SELECT count(*) FROM event) FROM events' \
	'SELECT path, text FROM claim ORDER BY path' 'SELECT name, taken, time_source, format, items, first, last, complete, sha256 FROM artifacts' 'SELECT name, labels, time, value_a, value_b FROM contradictions' \
	'SELECT t, placed FROM scrape ORDER BY 1' 'SELECT time, metric, n, sum FROM points_per_second ORDER BY 1, 2' 'SELECT time, metric, tags, n, sum FROM points_per_minute ORDER BY 1, 2, 3' 'SELECT severity, line, text FROM problem ORDER BY 3, 2' 'SELECT * FROM family' 'SELECT path, text FROM run ORDER BY 1'; }
soak_ingest -q -d "$T/both.db" -p gateway-24h "$T/h1" "$T/h2"
soak_ingest -q -d "$T/m1.db" -p gateway-24h "$T/h1"
soak_ingest -q -d "$T/m2.db" -p gateway-24h "$T/h2"
other=$(sha256sum <"$T/m2.db")
rc "--merge" 0 soak_ingest -d "$T/m1.db" -p gateway-24h --merge "$T/m2.db"
like "says what it did" 'contents taken over' "$T/err"
mdump "$T/both.db" >"$T/want"
mdump "$T/m1.db" >"$T/got"
is "is as if all had been read into one" "" "$(diff "$T/want" "$T/got" | head -5)"
[ "$(wc -l <"$T/want")" -gt 500 ]; result $? "which is not nothing"
is "the contradiction is one" 1 "$(sqlite3 "$T/m1.db" 'SELECT count(*) FROM conflict')"
is "the store is whole" ok "$(sqlite3 "$T/m1.db" 'PRAGMA foreign_key_check' 'PRAGMA integrity_check')"
is "the other is as it was" "$other" "$(sha256sum <"$T/m2.db")"
rc "a second time" 0 soak_ingest -q -d "$T/m1.db" -p gateway-24h --merge "$T/m2.db"
mdump "$T/m1.db" >"$T/got"
is "changes nothing" "" "$(diff "$T/want" "$T/got" | head -5)"
soak_judge -q -d "$T/both.db" gateway-24h -o json >"$T/j1"; soak_judge -q -d "$T/m1.db" gateway-24h -o json >"$T/j2"
rc "and the verdict is the same" 0 cmp "$T/j1" "$T/j2"
rc "with what is no store" 2 soak_ingest -d "$T/m1.db" --merge "$T/h1/x1.om"
rc "with nothing" 2 soak_ingest -d "$T/m1.db" --merge "$T/nope.db"

# How far it is: on a terminal only.
rc "no progress in a pipe" 0 soak_ingest -d "$T/p.db" "$T/x1.om"
unlike() { if grep -q "$2" "$3"; then result 1 "$1"; else result 0 "$1"; fi; }
unlike "nothing is written over" '\[K' "$T/err"
# Rows that come in order leave room in their pages: it is given back.
awk 'BEGIN { print "# TYPE t counter"; for (s = 0; s < 60; s++) for (i = 0; i < 1440; i++)
	printf "t_total{s=\"%d\"} %d %d\n", s, i * (s + 1), 1700000000 + i * 60; print "# EOF" }' >"$T/many.om"
rc "86,400 samples" 0 soak_ingest -q -d "$T/many.db" "$T/many.om"
is "take 24 bytes each at most" 1 "$(sqlite3 "$T/many.db" 'SELECT page_count * page_size <= 24 * (SELECT count(*) FROM sample) FROM pragma_page_count, pragma_page_size')"
is "and are whole" "86400 ok" "$(sqlite3 "$T/many.db" 'SELECT count(*) FROM sample' 'PRAGMA foreign_key_check' 'PRAGMA integrity_check' | tr '\n' ' ' | sed 's/ $//')"
done_testing
