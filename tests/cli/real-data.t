#!/bin/sh
# The main job on the runs in shared/, against the truth about each. Skipped where there is no shared/.
. "$(dirname "$0")/lib.sh"
if [ -z "$SHARED" ]; then
	echo "1..0 # SKIP no shared/data beside the checkout"
	exit 0
fi
near() { # NAME JQ-EXPRESSION VERDICT WANTED: equal to 1e-9
	is "$1" true "$(jq --argjson w "$4" "($2) - \$w | fabs < 1e-9" "$3")"
}
rate='.criteria[] | select(.id == "success-rate") | .observed.value'
total='.criteria[] | select(.id == "success-rate") | .n.value'

D=$SHARED/gateway-24h
rc "gateway-24h is a GO" 0 soak_run -q -p gateway-24h -o "$T/good" "$D/reports"
V=$T/good/verdict.json
near "its success rate" "$rate" "$V" "$(jq .success_rate_5xx "$D/truth.json")"
near "its requests" "$total" "$V" "$(jq .total_requests "$D/truth.json")"
is "99.04 is explained" "explained" "$(jq -r '.claims[] | select(.path == "success_rate") | .state' "$V")"
near "by 2xx of all but the probes" '.claims[] | select(.path == "success_rate") | .recomputed.value' "$V" 99.040625
is "denial_rate 0.00 is explained" explained "$(jq -r '.claims[] | select(.path == "denial_rate") | .state' "$V")"
is "with a sentence that says why" true "$(jq '.claims[] | select(.path == "denial_rate") | .because | length > 20' "$V")"
for h in 0 1 11 23; do
	is "h$h was taken at the end of its hour" "$(date -u -d "2026-01-12T06:00:00Z + $((h + 1)) hours" +%Y-%m-%dT%H:%M:%SZ)" \
		"$(jq -r ".inputs[] | select(.name == \"soak-h$h.prom\") | .time" "$V")"
done

rc "its archive, read in place" 0 soak_run -q -p gateway-24h -o "$T/tar" "$D"/soak-artifacts-*.tar.gz
near "same success rate" "$rate" "$T/tar/verdict.json" "$(jq .success_rate_5xx "$D/truth.json")"
is "same times, whatever the members' are" "2026-01-12T07:00:00Z" \
	"$(jq -r '.inputs[] | select(.name | endswith("/soak-h0.prom")) | .time' "$T/tar/verdict.json")"
rc "folder and archive together" 0 soak_run -q -p gateway-24h -o "$T/both" "$D/reports" "$D"/soak-artifacts-*.tar.gz
near "count once" "$total" "$T/both/verdict.json" "$(jq .total_requests "$D/truth.json")"

D=$SHARED/gateway-24h-troubled
rc "gateway-24h-troubled is a NO-GO" 1 soak_run -q -p gateway-24h -o "$T/bad" "$D/reports"
V=$T/bad/verdict.json
near "its success rate, births counted from zero" "$rate" "$V" "$(jq .success_rate_5xx "$D/truth.json")"
near "its requests" "$total" "$V" "$(jq .total_requests "$D/truth.json")"
is "at least" true "$(jq '.criteria[] | select(.id == "success-rate") | .at_least' "$V")"
is "98.94 is contradicted" contradicted "$(jq -r '.claims[] | select(.path == "success_rate") | .state' "$V")"
is "the counters say 98.34" 98.34 "$(jq -r '.claims[] | select(.path == "success_rate") | .recomputed.text[0:5]' "$V")"
is "h5 and h14 are missing" 2 "$(jq '[.evidence[].missing[] | select(test("soak-h5.prom|soak-h14.prom"))] | length' "$V")"

D=$SHARED/gateway-24h-fine
rc "gateway-24h-fine is a NO-GO: a sample a minute shows what hourly snapshots cannot" 1 \
	soak_run -q -p gateway-24h -o "$T/fine" "$D/reports"
V=$T/fine/verdict.json
outcome() { jq -r --arg id "$1" '.criteria[] | select(.id == $id) | .verdict' "$V"; }
is "failures in the minute of each rotation" FAIL "$(outcome rotations-quiet)"
is "a breaker that closes four minutes after the chaos" FAIL "$(outcome breaker-closes)"
is "memory that does not grow" PASS "$(outcome memory)"
is "and nothing else failed" 2 "$(jq '[.criteria[] | select(.verdict == "FAIL")] | length' "$V")"
near "gateway-24h-fine: its success rate" "$rate" "$V" "$(jq .success_rate_5xx "$D/truth.json")"
near "its requests" "$total" "$V" "$(jq .total_requests "$D/truth.json")"
is "the chaos half hour can be told apart there" true "$(jq '.windows[] | select(.name == "chaos") | .spans | length == 1' "$V")"
is "its claims are explained" 0 "$(jq '.contradictions | length' "$V")"

rc "gateway-burnin-real is a NO-GO: missing metrics do not hide what docker stats prove" 1 soak_run -q -p gateway-burn-in-48h -o "$T/burn" "$SHARED/gateway-burnin-real"
V=$T/burn/verdict.json
is "a container's memory grew a hundredfold" FAIL "$(outcome memory-runaway)"
near "from 20.24 MiB to 1.941 GiB" '.criteria[] | select(.id == "memory-runaway") | .observed.value' "$V" 98.2007905138
is "the success rate was never recorded" INCONCLUSIVE "$(outcome availability)"
is "hour 3 is named as missing" true "$(jq '[.evidence[].missing[] | select(test("metrics-hour-0?3.prom"))] | length == 1' "$V")"
is "and 12 as empty" 13 "$(jq '[.evidence[].missing[] | select(test("metrics-hour-(0[0-9]|1[0-3]).prom"))] | length' "$V")"
is "the time of hour 0 comes from the event that names it" event \
	"$(jq -r '.inputs[] | select(.name == "metrics-hour-00.prom") | .time_source' "$V")"
is "and it is the second run's" 2025-08-17T13:18:56 \
	"$(jq -r '.inputs[] | select(.name == "metrics-hour-00.prom") | .time[0:19]' "$V")"
done_testing
