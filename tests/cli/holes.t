#!/bin/sh
# What an attacker cuts out of the artifacts: the bad hours, the lines of one check, the beginning or the end. What is left never passes.
. "$(dirname "$0")/lib.sh"
verdict() { jq -r --arg id "$1" '.criteria[] | select(.id == $id) | .verdict' "$2"; }
sentence() { jq -r --arg id "$1" '.criteria[] | select(.id == $id) | .sentence' "$2"; }

# --- promql: hours cut out of an export ---------------------------------------------------------
S=$ROOT/samples/sit-48h-good
sit() { # NAME AWK-CONDITION-ON-SAMPLE-NUMBER-i
	rm -rf "$T/sit" && mkdir "$T/sit" && cp "$S"/*.log "$S"/soak_metrics.json "$T/sit"
	awk "/^#/ { print; next } { i++ } $2" "$S/cloudwatch.om" >"$T/sit/cloudwatch.om"
	soak_run -q -p sit-48h -o "$T/$1" --waivers "$ROOT/samples/sit-48h-waivers.yaml" --attest "$ROOT/samples/sit-48h-attestations.yaml" "$T/sit" >/dev/null 2>&1
	echo $?
}
is "all 48 hours: go, with the waiver" 0 "$(sit whole 1)"
is "it says how much of the time was seen" PASS "$(verdict duration-p95 "$T/whole/verdict.json")"
jq -r '.criteria[] | select(.id == "duration-p95") | .sentence' "$T/whole/verdict.json" >"$T/out"
like "in the sentence" "100 % of the 48 h that it reads covered" "$T/out"
is "without 10 hours in a row" 3 "$(sit cut 'i < 20 || i >= 30')"
is "which is no pass" INCONCLUSIVE "$(verdict duration-p95 "$T/cut/verdict.json")"
sentence duration-p95 "$T/cut/verdict.json" >"$T/out"
like "and says how much was seen" "only 79\.[0-9]+ % of the 48 h that it reads covered, 95 % needed" "$T/out"
is "one sample is enough for nothing" 3 "$(sit one 'i == 24')"
is "nor are the last ten" 3 "$(sit last 'i > 38')"
is "nor the first ten" 3 "$(sit first 'i <= 10')"
is "nor each sixth, which looks like a regular export" 3 "$(sit sixth 'i % 6 == 0')"
is "nor each second" 3 "$(sit second 'i % 2 == 0')"
is "a failure is not hidden by a hole" 1 "$(sit bad 'i < 20 || i >= 30 { if (i == 5) sub(/ [0-9]+ /, " 2400 "); print }')"
is "it fails" FAIL "$(verdict duration-p95 "$T/bad/verdict.json")"

# --- sli, promql, alerts: the lines of one check are gone ------------------------------------------
zcat "$ROOT/samples/synthetics-good/checks.jsonl.gz" >"$T/all.jsonl"
cat >"$T/p.yaml" <<'Y'
profile: p
run: {start: {sample: probe_success, at: ["00:00"], tolerance: 10m}, duration: 7d}
slos:
  - {id: ping, sli: {total: 'soak_checks_total{check="moderation_enforcement_ping"}', bad: 'soak_checks_total{check="moderation_enforcement_ping",outcome="down"}'}, objective: 95%}
  - {id: health, sli: {total: 'soak_checks_total{check="health_endpoint"}', bad: 'soak_checks_total{check="health_endpoint",outcome="down"}'}, objective: 95%}
criteria:
  - {id: sli, sli: {total: 'soak_checks_total{check="moderation_enforcement_ping"}', bad: 'soak_checks_total{check="moderation_enforcement_ping",outcome="down"}'}, objective: 95%}
  - {id: sli-other, sli: {total: 'soak_checks_total{check="health_endpoint"}', bad: 'soak_checks_total{check="health_endpoint",outcome="down"}'}, objective: 95%}
  - {id: slo, slo: {id: ping, alerts: []}}
  - {id: slo-other, slo: {id: health, alerts: []}}
  - {id: promql, promql: 'min(avg_over_time(probe_success{check="moderation_enforcement_ping"}[7d])) > 0.9'}
  - {id: promql-all, promql: 'min(avg_over_time(probe_success[7d])) > 0.9'}
  - {id: promql-other, promql: 'min(avg_over_time(probe_success{check="health_endpoint"}[7d])) > 0.9'}
  - id: alerts
    alerts: {groups: [{name: g, interval: 5m, rules: [{alert: Down, expr: 'probe_success == 0', for: 30m}]}]}
  - id: alerts-other
    alerts: {groups: [{name: g, interval: 5m, rules: [{alert: Down, expr: 'probe_success{check="health_endpoint"} == 0', for: 30m}]}]}
Y
checks() { # NAME AWK-CONDITION-ON-LINE-NUMBER-OF-THE-CHECK-i
	awk "!/moderation_enforcement_ping/ { print; next } { i++ } $2" "$T/all.jsonl" >"$T/checks.jsonl"
	rm -f "$T/c.db"
	soak_ingest -q -d "$T/c.db" -p "$T/p.yaml" "$T/checks.jsonl" >/dev/null 2>&1
	soak_judge -d "$T/c.db" -o json "$T/p.yaml" >"$T/$1.json" 2>"$T/err"
	jq -r '[.criteria[] | select(.id | endswith("other") | not) | .verdict] | unique | join(" ")' "$T/$1.json"
}
is "a week of all checks" PASS "$(checks week 1)"
for how in "ten at the end:i > 10070" "ten at the beginning:i <= 10" "ten, evenly:i % 1008 == 0" "a day is missing:i < 4000 || i > 5440" "the half:i > 5040"; do
	is "one check, ${how%%:*}" INCONCLUSIVE "$(checks holes "${how#*:}")"
	is "... and the others pass" PASS "$(jq -r '[.criteria[] | select(.id == "promql-other" or .id == "alerts-other") | .verdict] | unique | join(" ")' "$T/holes.json")"
done
sentence sli "$T/holes.json" >"$T/out"
like "how much of it was seen" "only [0-9.]+ % of the run covered, 95 % needed" "$T/out"
sentence alerts "$T/holes.json" >"$T/out"
like "the check that is missing is named" 'samples (of probe_success.check="moderation_enforcement_ping".* )?cover only' "$T/out"

# --- sli, slo: lines of a log are counted, and one of them was lost --------------------------------
cat >"$T/log.yaml" <<'Y'
profile: p
run: {start: "2026-03-02T08:00:00Z", duration: 2h}
slos:
  - {id: slo, sli: {total: 'soak_log_lines_total{service="s"}', bad: 'soak_log_lines_total{service="s",level="ERROR"}'}, objective: 90%}
criteria:
  - {id: sli, sli: {total: 'soak_log_lines_total{service="s"}', bad: 'soak_log_lines_total{service="s",level="ERROR"}'}, objective: 90%}
  - {id: slo, slo: slo}
Y
log() { # SED-COMMAND
	awk 'BEGIN { for (i = 0; i <= 120; i++)
		printf "{\"timestamp\":\"2026-03-02T%02d:%02d:00Z\",\"level\":\"%s\",\"service\":\"s\",\"message\":\"m\"}\n", 8 + int(i / 60), i % 60, i == 40 ? "ERROR" : "INFO" }' |
		sed "$1" >"$T/app.jsonl"
	rm -f "$T/l.db"
	soak_ingest -q -d "$T/l.db" -p "$T/log.yaml" "$T/app.jsonl" >/dev/null 2>&1
	soak_judge -d "$T/l.db" -o json "$T/log.yaml" >"$T/log.json" 2>"$T/err"
	jq -r '[.criteria[].verdict] | unique | join(" ")' "$T/log.json"
}
is "a log that is whole" PASS "$(log '')"
is "one of its lines is none" INCONCLUSIVE "$(log '50s/INFO.*/ERR/')"
sentence sli "$T/log.json" >"$T/out"
like "which is said" "app.jsonl was not read whole .*Success rate 99" "$T/out"
is "what fails without it fails" FAIL "$(log '60,80s/INFO/ERROR/; 50s/INFO.*/ERR/')"
done_testing
