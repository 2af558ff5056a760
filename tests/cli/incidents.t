#!/bin/sh
# Incidents and outages against targets: times to acknowledge and repair with what is open as a lower bound, the escalation table, a
# month's table per service.
. "$(dirname "$0")/lib.sh"
# Twelve hours, a check a minute. api is down 02:00-02:10; shop 03:00-03:02; db (service data) 04:00-04:02, cache fails from 11:30 on.
awk 'BEGIN {
	print "# TYPE probe_success gauge"
	for (i = 0; i < 720; i++) printf "probe_success{check=\"api\",service=\"shop\"} %d %d\n", (i < 120 || i >= 130), i * 60
	for (i = 0; i < 720; i++) printf "probe_success{check=\"page\",service=\"shop\"} %d %d\n", (i < 180 || i >= 182), i * 60
	for (i = 0; i < 720; i++) printf "probe_success{check=\"db\",service=\"data\"} %d %d\n", (i < 240 || i >= 242), i * 60
	for (i = 0; i < 720; i++) printf "probe_success{check=\"cache\",service=\"data\"} %d %d\n", (i < 690), i * 60
	print "# EOF" }' >"$T/checks.om"
soak_ingest -q -d "$T/a.db" "$T/checks.om"
cat >"$T/p.yaml" <<'E'
profile: p
run: {start: 1970-01-01T00:00:00Z, end: 1970-01-01T12:00:00Z}
criteria:
  - id: table
    escalation:
      - {checks: 'probe_success{check="api"}', after: 5m, do: notify on-call}
      - {checks: 'probe_success{check="db"}', after: 2m, do: critical}
      - {checks: 'probe_success{check="page"}', after: 10m, do: notify owner}
  - id: repair
    incidents: {checks: 'probe_success', mttr: 15m}
E
rc "an escalation table" 1 soak_judge -d "$T/a.db" -p "$T/p.yaml" -o json
field() { jq -r --arg i "$1" ".criteria[] | select(.id == \$i) | $2" "$T/out"; }
is "the api's step was reached" FAIL "$(field table .verdict)"
like "at 02:05" 'notify on-call after 5 min: reached at 1970-01-01T02:05:00Z, down since 1970-01-01T02:00:00Z for 9 min to 11 min' "$T/out"
like "a limit inside the bounds is open" 'critical after 2 min: perhaps reached at 1970-01-01T04:02:00Z' "$T/out"
like "what was short enough was not" 'notify owner after 10 min: not reached' "$T/out"
is "fewer than five have no mean" "INCONCLUSIVE" "$(field repair .verdict)"
like "and it is said" '4 incidents in the run: 1 of 4 took longer than the target to be repaired \(fewer than 5: no mean\), 1 open at the end' "$T/out"
sed '/check="api"/d; s/probe_success{check="db"}/probe_success{check="page"}/; s/after: 2m/after: 4m/' "$T/p.yaml" >"$T/q.yaml"
rc "no step reached, an incident still open" 3 soak_judge -d "$T/a.db" -p "$T/q.yaml" -o json
is "passes" PASS "$(field table .verdict)"

# Incidents of a list: six closed ones of 10 minutes, one that is open.
list() { # OPEN-SINCE
	echo "id,title,severity,started_at,resolved_at"
	for h in 1 2 3 4 5 6; do echo "I-$h,t,P1,1970-01-01T0$h:00:00Z,1970-01-01T0$h:10:00Z"; done
	echo "I-7,open,P2,1970-01-01T$1:00:00Z,"
}
mttr() { printf 'profile: p\nrun: {start: 1970-01-01T00:00:00Z, end: 1970-01-01T12:00:00Z}\ncriteria: [{id: m, incidents: {%s}}]\n' "$1" >"$T/m.yaml"; }
list 08 >"$T/incidents.csv"
soak_ingest -q -d "$T/i.db" "$T/incidents.csv"
# 6 x 10 min and 4 h at least: 42 min 51 s.
mttr 'name: INCIDENT, mttr: 30m'
rc "an open incident makes the mean too long" 1 soak_judge -d "$T/i.db" -p "$T/m.yaml" -o json
like "as a lower bound" 'mean time to be repaired at least 42 min 51(\.[0-9]+)? s, 1 open at the end .of the others median 10 min, longest 10 min.; required at most 30 min' "$T/out"
mttr 'name: INCIDENT, mttr: 1h'
rc "it may become longer still" 3 soak_judge -q -d "$T/i.db" -p "$T/m.yaml"
sed '$d' "$T/incidents.csv" >"$T/closed.csv"
soak_ingest -q -d "$T/j.db" "$T/closed.csv"
rc "all are over" 0 soak_judge -d "$T/j.db" -p "$T/m.yaml" -o json
is "the mean is what it is" 600 "$(jq '.criteria[0].observed.value' "$T/out")"
mttr 'name: "INCIDENT P1", mttr: 9m'
rc "too long" 1 soak_judge -q -d "$T/j.db" -p "$T/m.yaml"
mttr 'name: OUTAGE, mttr: 9m'
rc "no incident is no pass" 3 soak_judge -q -d "$T/j.db" -p "$T/m.yaml"

# Acknowledged by events: after 2 minutes each, but the last one never was.
for h in 1 2 3 4 5; do soak_ingest -q -d "$T/j.db" --event 1970-01-01T0$h:02:00Z --by Ann ACKNOWLEDGED "I-$h"; done
mttr 'name: INCIDENT, acknowledged: ACKNOWLEDGED, mtta: 5m'
rc "one was never acknowledged" 3 soak_judge -d "$T/j.db" -p "$T/m.yaml" -o json
like "which is a lower bound, too" 'mean time to be acknowledged at least 3 min 20 s, 1 never were' "$T/out"
mttr 'name: INCIDENT, acknowledged: ACKNOWLEDGED, mtta: 3m, mttr: 10m'
rc "later than the target" 1 soak_judge -q -d "$T/j.db" -p "$T/m.yaml"
soak_ingest -q -d "$T/j.db" --event 1970-01-01T06:02:00Z --by Ann ACKNOWLEDGED I-6
rc "all in time" 0 soak_judge -d "$T/j.db" -p "$T/m.yaml" -o json
like "both are said" 'repaired 10 min .*; mean time to be acknowledged 2 min' "$T/out"

for spec in 'mttr: 1h' 'name: X' 'name: X, checks: y, mttr: 1h' 'name: X, mtta: 1h' 'name: X, mttr: soon' 'name: X, mttr: 1h, confirm: 2' 'name: X, mttr: 1h, odd: 1'; do
	mttr "$spec"
	rc "refused: $spec" 2 soak_judge -q -d "$T/j.db" -p "$T/m.yaml"
done
printf 'profile: p\ncriteria: [{id: e, escalation: [{checks: x, after: 5m}]}]\n' >"$T/e.yaml"
rc "a step that tells nobody" 2 soak_judge -q -d "$T/j.db" -p "$T/e.yaml"
like "is named with its place" "e.yaml:2:33: escalation: a step needs 'do'" "$T/err"

# The month's table.
table() { soak_slo -d "$T/a.db" --checks probe_success --start 1970-01-01T00:00:00Z --end 1970-01-01T12:00:00Z "$@"; }
rc "per service" 1 table --by service --objective 99%
tab=$(printf '\t')
is "the check worst off speaks for it" "shop 600 432 missed 2 api,data 1800 432 missed 2 cache" \
	"$(tail -n +2 "$T/out" | sed 's/probe_success{check="\([a-z]*\)".*/\1/' | cut -f 1,8,14,16- | tr "$tab" ' ' | paste -sd ,)"
rc "an objective that is met" 0 table --by service --objective 90%
rc "one that lies between the bounds" 3 soak_slo -d "$T/a.db" --checks 'probe_success{check="page"}' --start 0 --end 43200 --objective 99.7%
rc "what nobody saw may have been down" 3 soak_slo -d "$T/a.db" --checks 'probe_success{check="page"}' --start 0 --end 86400 --objective 99%
rc "--by goes with --checks" 2 soak_slo -d "$T/a.db" --by service "$T/p.yaml"
done_testing
