#!/bin/sh
# Formats of one's own: what the documentation shows works as it is shown, and --try tells what a format does.
. "$(dirname "$0")/lib.sh"
cd "$T" || exit 1
printf 'profile: p\nrun: {timezone: Africa/Johannesburg}\ncriteria: [{id: a, events: {name: E}}]\n' >p.yaml

# Every whole format in the documentation, as a file.
awk '/^```/ { if (f != "") close(f); f = ""; next }
     /^format: / && f == "" { f = $2 ".yaml"; printf "" >f }
     f != "" { print >>f }' "$ROOT/docs/formats.md"
printf '2026-01-12 06:00:00 deploy: version 1.4 on node 3\n2026-01-12 06:04:10 restart: gateway\n    Traceback ...\n' >app.log
rc "a log in ten lines" 0 soak_ingest -p p.yaml --try my-log.yaml app.log
like "each line" '^2	pattern 1	2026-01-12 06:04:10 restart: gateway$' out
like "what it became" '^	event deploy \(state\) at 2026-01-12T04:00:00Z, line 1: version 1.4 on node 3$' out
like "what continues it" '^3	continues the event before	    Traceback' out
rc "without the zone its times cannot be read" 1 soak_ingest --try my-log.yaml app.log
like "and that is said" '^warning at line 1: line whose time cannot be read \(no zone\?\), not used \(2 times' out

cat >rounds.log <<'LOG'
=== ROUND 3 at 2026-01-12 06:00:00 ===
queue orders: 17
queue mails: Error: timeout
ROUND 3: OK
=== ROUND 4 at 2026-01-12 07:00:00 ===
queue orders: 18
nonsense
LOG
rc "blocks" 1 soak_ingest -p p.yaml --try rounds.yaml rounds.log
like "of values that earlier lines kept" 'result check queues / round 3: pass at 2026-01-12T04:00:00Z, line 1' out
like "one that is cut off" 'round 4: incomplete at 2026-01-12T05:00:00Z, line 5: queue orders: 18' out
like "what was not measured" "^warning at line 3: queue_length not measured: 'Error: timeout'" out
like "a line that matches nothing" '^7	no pattern	nonsense$' out
like "the sum of it" 'rounds.log: 4 records of 7 lines, 1 of them matched by no pattern; 2 problems$' out

# From a user's own templates it is used without a word, in colour, too.
mkdir -p templates/formats && cp rounds.yaml templates/formats/
sed 's/^ROUND/\x1b[0;32m&\x1b[0m/' rounds.log >colours.log
rc "--list-formats" 0 soak_ingest --list-formats
like "has it" '^rounds	templates/formats/rounds.yaml	Rounds of our queue check$' out
like "and those that are code" '^prometheus-text	built in	' out
rc "recognised and stored" 0 soak_ingest -d run.db -p p.yaml rounds.log colours.log
is "as results" "round 3|pass|round 4|incomplete|round 3|pass|round 4|incomplete|" \
    "$(sqlite3 run.db "SELECT name, status FROM results ORDER BY artifact DESC, line" | tr '\n' '|')"
is "equal samples of two files are one" 2 "$(sqlite3 run.db 'SELECT count(*) FROM sample')"

echo other >other.log
rc "a file of another kind" 1 soak_ingest --try rounds other.log
like "would not be recognised" 'would not take it for rounds, but for nothing it knows' err
rc "no such format" 2 soak_ingest --try nothing other.log
rc "no file" 2 soak_ingest --try rounds

# Hostile: a pattern that runs away is stopped, by name; UTF-16 is not text to us; a line of 100,000 characters is a line.
cat >bad.yaml <<'YAML'
format: bad
title: t
lines:
  recognise: '^a'
  match: [{pattern: '^(?<x>(a+)+)$', run: {path: x, text: x}}]
YAML
printf 'a\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\n' >bad.log
rc "a catastrophic pattern" 2 soak_ingest --try bad.yaml bad.log
like "is named with its line" "bad.log:2: pattern '\^\(\?<x>\(a\+\)\+\)\\$'" err
{ printf '\377\376'; iconv -t UTF-16LE rounds.log; } >utf16.log
rc "UTF-16" 2 soak_ingest -d u.db -p p.yaml utf16.log
like "is listed only" 'utf16.log: not recognised' err
head -c 100000 /dev/zero | tr '\0' 7 | sed 's/^/queue x: /' >>rounds.log
printf '\nqueue y: \355\240\200\r\n' >>rounds.log
rc "are values that were not measured" 1 soak_ingest -p p.yaml --try rounds rounds.log
like "shown cleaned" "^warning at line 3: queue_length not measured: 'Error: timeout' \(3 times" out
like "a byte that is no text hides no line" '^[0-9]+	pattern 2	queue y: .xed.xa0.x80$' out
unlike "no control character comes through" "$(printf '[\001-\010\013-\037]')" out
# A pattern that looks everywhere is bounded by the whole of a long line; ours read such lines in no time.
cat >quad.yaml <<'YAML'
format: quad
title: t
lines:
  recognise: x
  match: [{pattern: '(?<a>\S*: )*\S+: command not found', run: {path: x, text: a}}]
YAML
{ echo x; head -c 100000 /dev/zero | tr '\0' x; echo; } >quad.log
yes 'a: ' | head -25000 | tr -d '\n' >>quad.log; echo >>quad.log
timeout 300 "$B/bin/soak-ingest" --try quad.yaml quad.log >out 2>&1
[ $? -lt 124 ]; result $? "a quadratic pattern on 100,000 characters comes to an end"
{ head -30 "$ROOT/samples/sit-48h-good/soak_checkpoints.log"; cat quad.log; head -c 100000 /dev/zero | tr '\0' ' '; echo
	yes 'a: ' | head -25000 | tr -d '\n'; echo; } >ours.log
for f in sit-checkpoints burn-in-events burn-in-monitor fault-drill; do
	timeout 300 "$B/bin/soak-ingest" -p sit-48h --try $f ours.log >out 2>&1
	[ $? -le 1 ]; result $? "$f reads lines of 100,000 characters"
done

# What is recognised anywhere is listed; and every artifact of these runs is recognised, but what is none (a script), what is not built yet
# (k6's console) and what says how it really was.
soak_ingest --list-formats | cut -f1 >"$T/listed"
read_all() { # FOLDER: its artifacts and their formats
	rm -f "$T/one.db"
	soak_ingest -q -d "$T/one.db" --list "$1" 2>/dev/null | cut -f1,2 | sed 1d | tee -a "$T/read"
}
read_all "$ROOT/samples" >/dev/null
if [ -n "$SHARED" ]; then
	for data in sit-48h/logs sit-48h-troubled/logs stress-1h-real gateway-burnin-real certification synthetics-7d; do
		is "$data: nothing is left over" "" "$(read_all "$SHARED/$data" | grep 'unrecognised$' | cut -f1 |
		    grep -vE '(^|/)(script\.js|truth\.json|console\.txt)$' | paste -sd' ')"
	done
fi
cut -f2 "$T/read" | sort -u | grep -vxE 'empty|unrecognised|(tar|zip)(\.[a-z0-9]+)?|gz|xz|bz2|zst' | grep -vxFf "$T/listed" >"$T/missing"
is "all formats that were recognised are listed" "" "$(cat "$T/missing")"
done_testing
