#!/bin/sh
# soak-alerts over a store: what fired, what could not have, and what is written back.
. "$(dirname "$0")/lib.sh"
D=$T/a.db
tab=$(printf '\t')
# One sample a minute for an hour: a counter whose errors come from minute 20 to 29; up is 0 from minute 50 on.
{
	echo '# TYPE req counter'
	for t in $(seq 0 60); do echo "req_total{code=\"200\",job=\"web\"} $((t * 60)) $((t * 60))"; done
	for t in $(seq 0 60); do
		e=$((t < 20 ? 0 : t < 30 ? (t - 19) * 6 : 60))
		echo "req_total{code=\"500\",job=\"web\"} $e $((t * 60))"
	done
	echo '# TYPE up gauge'
	for t in $(seq 0 60); do echo "up{job=\"web\"} $((t < 50)) $((t * 60))"; done
	echo '# EOF'
} >"$T/a.om"
soak_ingest -q -d "$D" "$T/a.om"
cat >"$T/r.yml" <<'E'
groups:
  - name: g
    rules:
      - record: job:errors:ratio
        expr: sum by (job) (rate(req_total{code=~"5.."}[5m])) / sum by (job) (rate(req_total[5m]))
      - alert: Errors
        expr: job:errors:ratio > 0.05
        for: 2m
        labels: {severity: page}
        annotations: {summary: "{{ $value | humanizePercentage }} of {{ $labels.job }} fail"}
      - alert: Down
        expr: up == 0
        for: 5m
        labels: {severity: ticket}
      - alert: Quiet
        expr: up > 5
        labels: {severity: page}
E
rc "an alert fires" 1 soak_alerts -d "$D" "$T/r.yml"
like "for as long as it did" 'fired from 1970-01-01T00:24:00Z to 1970-01-01T00:31:00Z, 7 min' "$T/out"
like "with its states" '^      pending   1970-01-01T00:22:00Z' "$T/out"
like "its annotation" 'summary: .*% of web fail' "$T/out"
like "which is of the end, not of the peak, and says so" 'annotations as last expanded, 1970-01-01T00:30:00Z, with value [0-9.]*: not at the peak' "$T/out"
like "one that still fires at the end says so" 'fired from 1970-01-01T00:55:00Z to 1970-01-01T01:00:00Z \(and still then\)' "$T/out"
like "and what stayed quiet is listed" '^quiet +Quiet' "$T/out"
rc "tsv" 1 soak_alerts -d "$D" -o tsv "$T/r.yml"
is "a line a change" "1970-01-01T00:24:00Z${tab}Errors${tab}firing" "$(grep "Errors${tab}firing" "$T/out" | cut -f 1-3)"
rc "json" 1 soak_alerts -d "$D" -o json "$T/r.yml"
is "has the spans" '["1970-01-01T00:24:00Z",420,"fired"]' "$(jq -c '.alerts[0] | [.fired[0].from, .firing_seconds, .outcome]' "$T/out")"
is "the counts" '{"alerts":3,"fired":2,"unanswerable":0,"pending":0,"quiet":1}' "$(jq -c .counts "$T/out")"
rc "only what is asked for counts" 1 soak_alerts -d "$D" --severity ticket "$T/r.yml"
rc "in a time when nothing of it fired" 0 soak_alerts -d "$D" --severity ticket --end 2400 "$T/r.yml"
rc "no alert of that severity is no pass" 3 soak_alerts -d "$D" --severity nobody "$T/r.yml"
rc "a for as long as the time" 3 soak_alerts -d "$D" --severity ticket --end 300 "$T/r.yml"
like "is unanswerable" 'for: 5m is not shorter than the run' "$T/out"

# Written back, once and again.
before=$(soak_query -d "$D" -o json 'count(req_total)' | jq -r '.data.result[0].value[1]')
rc "--record" 1 soak_alerts -d "$D" --record "$T/r.yml"
soak_query -d "$D" --time 1500 'ALERTS{alertstate="firing"}' >"$T/out"
is "writes ALERTS" "1${tab}ALERTS{alertname=\"Errors\",alertstate=\"firing\",job=\"web\",severity=\"page\"}" "$(sed -n 2p "$T/out" | cut -f 2,3)"
soak_query -d "$D" --time 2040 'ALERTS{alertstate="firing"}' >"$T/out"
is "with its end" 1 "$(wc -l <"$T/out")"
soak_query -d "$D" --time 1500 'job:errors:ratio' >"$T/out"
is "and the recorded series" 2 "$(wc -l <"$T/out")"
rc "again" 1 soak_alerts -d "$D" --record "$T/r.yml"
is "changes nothing" 1 "$(sqlite3 "$D" "SELECT count(*) FROM artifact WHERE name = 'soak-alerts' AND NOT superseded")"
sed 's/> 0.05/> 0.5/' "$T/r.yml" >"$T/r2.yml"
rc "other rules" 1 soak_alerts -d "$D" --record "$T/r2.yml"
soak_query -d "$D" --time 1500 'ALERTS{alertstate="firing"}' >"$T/out" 2>/dev/null
is "take the place of the old" 1 "$(wc -l <"$T/out")"
is "no conflict arises" 0 "$(sqlite3 "$D" "SELECT count(*) FROM conflict")"
is "what was scraped is as it was" "$before" "$(soak_query -d "$D" -o json 'count(req_total)' | jq -r '.data.result[0].value[1]')"
soak_ingest -q -d "$T/b.db" "$T/a.om"
echo 'groups: [{name: g, rules: [{record: up, expr: sum(req_total)}, {alert: A, expr: up > 0}]}]' >"$T/r3.yml"
rc "a metric that was scraped is not overwritten" 2 soak_alerts -d "$T/b.db" --record "$T/r3.yml"
like "it is said" 'the store has up already, from other artifacts' "$T/err"

# Half of the time nobody looked.
{ echo '# TYPE up gauge'; for t in $(seq 0 20) $(seq 50 60); do echo "up 1 $((t * 60))"; done; echo '# EOF'; } >"$T/gap.om"
soak_ingest -q -d "$T/gap.db" "$T/gap.om"
echo 'groups: [{name: g, rules: [{alert: Down, expr: up == 0}]}]' >"$T/down.yml"
rc "a gap of 25 minutes is no quiet time" 3 soak_alerts -d "$T/gap.db" "$T/down.yml"
like "it is said" 'samples cover only 58.33 % of the time, with up to 25 min without any' "$T/out"
rc "unless it is allowed" 0 soak_alerts -d "$T/gap.db" --min-coverage 50% "$T/down.yml"

echo x >"$T/x.txt"
soak_ingest -q -d "$T/e.db" "$T/x.txt" 2>/dev/null
rc "a store without samples" 3 soak_alerts -d "$T/e.db" "$T/r.yml"
rc "a rule file that is wrong" 2 soak_alerts -d "$D" "$T/a.om"
rc "one from standard input" 1 soak_alerts -d "$D" - <"$T/r.yml"
rc "--check" 0 soak_alerts --check "$T/r.yml"
echo 'groups: [{name: g, rules: [{alert: Down, exp: up == 0}]}]' >"$T/bad.yml"
rc "finds what is wrong" 2 soak_alerts --check "$T/bad.yml"
like "and where" "bad.yml:1:42: unknown key 'exp', did you mean 'expr'" "$T/err"
printf 'groups: [{name: g, rules: [{alert: "a\\e[31mb", expr: up == 0, annotations: {s: "\\e[2Jx"}}]}]\n' >"$T/evil.yml"
rc "hostile text" 1 soak_alerts -d "$D" "$T/evil.yml"
is "does not reach the terminal" 0 "$(grep -c "$(printf '\033')" "$T/out")"

# As a criterion: the rule file is part of what was judged.
mkdir "$T/prof"
cp "$T/r.yml" "$T/prof/alerts.yml"
cat >"$T/prof/p.yaml" <<'E'
profile: p
run: {start: 1970-01-01T00:00:00Z, end: 1970-01-01T01:00:00Z}
rule_files: [alerts.yml]
criteria: [{id: no-page, alerts: {none: [page]}}]
E
rc "a criterion over a rule file" 1 soak_run -q -p "$T/prof/p.yaml" -o "$T/run" "$T/a.om"
is "its digest is in the verdict" "$(sha256sum <"$T/r.yml" | cut -d ' ' -f 1)" "$(jq -r '.profile.rule_files[0].sha256' "$T/run/verdict.json")"
mkdir "$T/copy"
cp "$T/run/profile.yaml" "$T/run/rule-files.json" "$T/copy"
rc "judged again from the run folder's copy" 1 soak_judge -q -d "$T/run/run.db" -p "$T/copy/profile.yaml"
is "the package has it" 1 "$(tar -tzf "$T/run/p.tar.gz" | grep -c 'data/rule-files.json$')"
rc "the folder is ours the next time, too" 1 soak_run -q -p "$T/prof/p.yaml" -o "$T/run" "$T/a.om"
sed 's/alerts.yml/nope.yml/' "$T/prof/p.yaml" >"$T/prof/q.yaml"
rc "a rule file that is not there" 2 soak_judge -d "$T/run/run.db" -p "$T/prof/q.yaml"
like "is named with its place" "q.yaml:3:14: .*nope.yml: cannot open: No such file" "$T/err"

# The certification's rules over what a real Prometheus scraped, and over hourly snapshots.
C=$ROOT/templates/rules/stress-certification.yml
if [ -n "$SHARED" ]; then
	soak_ingest -q -d "$T/p.db" "$SHARED/prometheus/scraped.om.gz" 2>/dev/null
	rc "real data: the 5xx rule with rate[5m] fires" 1 soak_alerts -d "$T/p.db" -o json "$C"
	is "then, for 45 seconds" '["2026-11-20T16:20:15Z","2026-11-20T16:21:00Z"]' "$(jq -c '.alerts[0].fired[0] | [.from, .to]' "$T/out")"
	is "two of the four are unanswerable" '["HighErrorRate fired","LoginUnauthorized unanswerable","SlowRequests quiet","WebSocketBackpressure unanswerable"]' \
		"$(jq -c '[.alerts[] | "\(.alert) \(.outcome)"]' "$T/out")"
	sed 's/\[5m\]/[1m]/' "$C" >"$T/1m.yml"
	rc "with rate[1m] it does not" 3 soak_alerts -d "$T/p.db" -o json "$T/1m.yml"
	is "it is pending only" pending "$(jq -r '.alerts[0].outcome' "$T/out")"
	soak_ingest -q -d "$T/c.db" "$SHARED"/certification/snapshots 2>/dev/null
	rc "the certification run: messages were dropped" 1 soak_alerts -d "$T/c.db" -o json "$C"
	is "which is what fires" '["WebSocketBackpressure"]' "$(jq -c '[.alerts[] | select(.outcome == "fired") | .alert]' "$T/out")"
	is "a for: 10m on a run of 2 minutes is unanswerable" unanswerable "$(jq -r '.alerts[2].outcome' "$T/out")"
	soak_query -q -d "$T/c.db" -o json 'max(app_websocket_backpressure_drops_total)' >"$T/out"
	is "seven were" 7 "$(jq -r '.data.result[0].value[1]' "$T/out")"
	sed 's/http_requests_total/gateway_requests_total/g; s/status=/code=/g; s/http_request_duration_seconds/gateway_request_duration_seconds/g' "$C" >"$T/gw.yml"
	soak_ingest -q -d "$T/g.db" -p gateway-24h "$SHARED/gateway-24h/reports" 2>/dev/null
	rc "hourly snapshots" 3 soak_alerts -d "$T/g.db" -p gateway-24h -o json "$T/gw.yml"
	is "cannot answer any of the four" 4 "$(jq .counts.unanswerable "$T/out")"
else
	skip "no shared data here"
fi

# An hourly snapshot has no rate over five minutes: an alert on its absence fires always, and that is no evidence.
{ echo '# TYPE snap counter'; for h in 0 1 2 3 4 5 6; do echo "snap_total $((h * 100)) $((h * 3600))"; done; echo '# EOF'; } >"$T/snap.om"
soak_ingest -q -d "$T/snap.db" "$T/snap.om"
hollow() { # EXPR: the status of soak-alerts when that is the only alert's
	jq -n --arg e "$1" '{groups: [{name: "g", rules: [{record: "r", expr: "rate(snap_total[5m])"}, {alert: "A", expr: $e}]}]}' >"$T/hollow.yml"
	soak_alerts -d "$T/snap.db" -o json "$T/hollow.yml"
}
for e in 'absent(rate(snap_total[5m]))' 'absent_over_time(snap_total[5m])' 'absent(snap_total)' 'absent(r) == 1' \
	'sum(rate(snap_total[5m])) or vector(0) < 10' '(rate(snap_total[5m]) or vector(0)) < 10' 'vector(1) unless rate(snap_total[5m])'; do
	rc "$e: no evidence" 3 hollow "$e"
	is "... it is unanswerable" unanswerable "$(jq -r '.alerts[0].outcome' "$T/out")"
	like "... and says so" 'only because these samples are too far apart' "$T/out"
done
for e in 'absent(nope)' 'absent(rate(snap_total[3h]))' 'absent_over_time(snap_total[20m]) or snap_total > 100' 'rate(snap_total[5m]) > 1 or snap_total > 100' \
	'(rate(snap_total[3h]) or vector(0)) < 10'; do
	rc "$e: fired all the same" 1 hollow "$e"
done
done_testing
