#!/bin/sh
# soak-judge -d URL: a real Prometheus and a store that hold the same samples get the same verdicts; what a server cannot tell is INCONCLUSIVE.
. "$(dirname "$0")/lib.sh"
cat >"$T/p.yaml" <<'Y'
profile: p
run: {start: 2026-01-12T06:00:00Z, duration: 6h}
slos:
  - {id: ok, sli: {total: req_total, bad: 'req_total{code="503"}'}, objective: 99%}
  - {id: sloth, sli: {total: 'sum(rate(req_total[{{.window}}]))', bad: 'sum(rate(req_total{code="503"}[{{.window}}]))'}, objective: 90%}
criteria:
  - {id: sli, sli: {total: req_total, bad: 'req_total{code="503"}'}, objective: 90%}
  - {id: sli-fails, sli: {total: req_total, bad: 'req_total{code="503"}'}, objective: 99.9%}
  - {id: sli-hole, sli: {total: gone_total, bad: 'gone_total{code="503"}'}, objective: 1%}
  - {id: none-of-it, sli: {count: 'req_total{code="418"}'}, objective: "== 0"}
  - {id: never, sli: {count: nope_total}, objective: "== 0"}
  - {id: promql, promql: 'max(max_over_time(mem_bytes[6h])) < 3000'}
  - {id: promql-fails, promql: 'sum(rate(req_total{code="503"}[6h])) == 0'}
  - {id: promql-hole, promql: 'max(max_over_time(holes[6h])) < 3000'}
  - {id: alerts, alerts: {groups: [{name: g, rules: [{alert: A, expr: 'mem_bytes > 9000'}]}]}}
  - {id: alerts-fire, alerts: {groups: [{name: g, rules: [{alert: A, expr: 'rate(req_total{code="503"}[5m]) > 0', for: 5m}]}]}}
  - {id: slo, slo: {id: ok, alerts: []}}
  - {id: sloth, slo: {id: sloth, alerts: []}}
  - {id: trend, trend: {expr: mem_bytes, max_growth: 1%}}
  - {id: recovery, recovery: {healthy: 'ready == 1', after: {promql: 'dep == 1'}, within: 5m}}
  - {id: spike, spike: {total: req_total, bad: 'req_total{code="503"}', around: ROTATED, after: 60s, max_increase: 1%}}
  - {id: events, events: {name: ROTATED}}
  - {id: load, load: {duration: planned}}
Y
sed 's/start: 2026-01-12T06:00:00Z, duration: 6h/start: {event: BEGIN}, duration: 6h/' "$T/p.yaml" >"$T/event.yaml"
rc "without a time for the run's start" 2 soak_judge -d http://127.0.0.1:1 "$T/event.yaml"
like "it says what is missing" 'a server has no events: --start TIME says when the run began' "$T/err"
rc "nobody listens" 2 soak_judge -d http://127.0.0.1:1 "$T/p.yaml"
rc "not while it goes on" 2 soak_judge -d http://127.0.0.1:1 --so-far "$T/p.yaml"
printf 'profile: q\nrun: {start: 2026-01-12T06:00:00Z, duration: 6h}\ncriteria: [{id: a, events: {name: X}}]\n' >"$T/q.yaml"
rc "nothing that a server could answer" 2 soak_judge -d http://127.0.0.1:1 "$T/q.yaml"
printf 'profile: q\nrun: {start: 2026-01-12T06:00:00Z}\ncriteria: [{id: a, promql: up == 1}]\n' >"$T/q.yaml"
rc "no end" 2 soak_judge -d http://127.0.0.1:1 "$T/q.yaml"

if ! command -v prometheus >/dev/null || ! command -v promtool >/dev/null || ! command -v perl >/dev/null || ! command -v jq >/dev/null; then
	skip "no prometheus here: no server is judged"
	done_testing
	exit 0
fi
. "$(dirname "$0")/prometheus.sh"
awk 'BEGIN {
	from = 1768197600
	print "# TYPE req counter"
	for (i = -10; i <= 720; i++) printf "req_total{code=\"200\"} %d %d\n", (i + 10) * 30, from + i * 30
	for (i = 300; i <= 720; i++) printf "req_total{code=\"503\"} %d %d\n", (i < 340 ? i - 300 : 40), from + i * 30
	print "# TYPE gone counter"
	for (i = 0; i <= 720; i++) if (i < 200 || i > 500) printf "gone_total{code=\"200\"} %d %d\n", i, from + i * 30
	print "# TYPE mem_bytes gauge"
	for (i = 0; i <= 720; i++) printf "mem_bytes %d %d\n", 2000 + i % 7, from + i * 30
	print "# TYPE holes gauge"
	for (i = 0; i <= 720; i++) if (i < 200 || i > 300) printf "holes 1 %d\n", from + i * 30
	print "# TYPE dep gauge"
	for (i = 0; i <= 720; i++) printf "dep %d %d\n", (i < 300 || i >= 320), from + i * 30
	print "# TYPE ready gauge"
	for (i = 0; i <= 720; i++) printf "ready %d %d\n", (i < 300 || i >= 324), from + i * 30
	print "# EOF"
}' >"$T/all.om"
promtool tsdb create-blocks-from openmetrics "$T/all.om" "$T/tsdb" >"$T/promtool" 2>&1
result $? "blocks are made"
if ! prometheus_start "$T/tsdb"; then
	skip "prometheus does not come up here"
	done_testing
	exit 0
fi
soak_ingest -q -d "$T/s.db" -p "$T/p.yaml" "$T/all.om"
rc "a store" 1 soak_judge -d "$T/s.db" -o json "$T/p.yaml"
cp "$T/out" "$T/store.json"
rc "the server" 1 soak_judge -d "$url" -o json "$T/p.yaml"
cp "$T/out" "$T/server.json"
judged() { jq -r '.criteria[] | select(.kind | IN("sli", "promql", "alerts", "slo", "trend", "recovery")) | [.id, .verdict, .observed.text, .n.text, .coverage.text, .sentence] | @tsv' "$1"; }
judged "$T/store.json" >"$T/store.tsv"
judged "$T/server.json" >"$T/server.tsv"
is "as many of each" "14 14" "$(wc -l <"$T/store.tsv" | tr -d ' ') $(wc -l <"$T/server.tsv" | tr -d ' ')"
diff "$T/store.tsv" "$T/server.tsv" >"$T/diff"
result $? "each of them says the same of both"
sed 's/^/# /' "$T/diff" | head -40
of() { jq -r --arg id "$1" '.criteria[] | select(.id == $id) | .verdict' "$T/server.json"; }
is "passes" "PASS PASS PASS PASS PASS PASS PASS PASS" "$(of sli) $(of none-of-it) $(of promql) $(of alerts) $(of slo) $(of sloth) $(of trend) $(of recovery)"
is "failures" "FAIL FAIL FAIL" "$(of sli-fails) $(of promql-fails) $(of alerts-fire)"
is "holes, what was never there, events" "INCONCLUSIVE INCONCLUSIVE INCONCLUSIVE INCONCLUSIVE" "$(of sli-hole) $(of promql-hole) $(of never) $(of spike)"
is "what a server cannot tell" "INCONCLUSIVE INCONCLUSIVE" "$(of events) $(of load)"
jq -r '.criteria[] | select(.id == "events") | .sentence' "$T/server.json" >"$T/out"
like "for that reason" "a server of metrics does not tell what the kind 'events' asks" "$T/out"
rc "--start beats the profile" 1 soak_judge -d "$url" --start 2026-01-12T06:00:00Z -o json "$T/event.yaml"
is "and gives the same" "$(jq -c '[.criteria[] | [.id, .verdict]]' "$T/server.json")" "$(jq -c '[.criteria[] | [.id, .verdict]]' "$T/out")"
rc "long after" 2 soak_judge -d "$url" --start 2027-01-12T06:00:00Z "$T/p.yaml"
TMPDIR=$T/tmp; mkdir "$TMPDIR"; export TMPDIR
soak_judge -q -d "$url" "$T/p.yaml" >/dev/null 2>&1
is "nothing is left behind" 0 "$(ls "$T/tmp" | wc -l | tr -d ' ')"
prometheus_stop
done_testing
