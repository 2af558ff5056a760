#!/bin/sh
# soak-judge: the gate.
. "$(dirname "$0")/lib.sh"
soak_ingest -q -d "$T/good.db" -p gateway-24h "$ROOT/samples/gateway-24h-good"
soak_ingest -q -d "$T/bad.db" -p gateway-24h "$ROOT/samples/gateway-24h-troubled"
rc "good" 0 soak_judge -d "$T/good.db" gateway-24h
rc "good, profile as an option" 0 soak_judge -d "$T/good.db" -p gateway-24h
rc "troubled" 1 soak_judge -d "$T/bad.db" gateway-24h
rc "json" 1 soak_judge -d "$T/bad.db" -o json gateway-24h
is "verdict and exit code agree" FAIL "$(jq -r .verdict "$T/out")"
rc "a store that is not there" 2 soak_judge -d "$T/none.db" gateway-24h
[ ! -e "$T/none.db" ]; result $? "is not made by asking"
rc "an output that is none" 2 soak_judge -d "$T/good.db" -o pdf gateway-24h
chmod a-w "$T/good.db" && rc "a store that may only be read" 0 soak_judge -d "$T/good.db" gateway-24h

soak_ingest -q -d "$T/timeless.db" "$ROOT/samples/gateway-24h-good"
rc "snapshots without times are inconclusive" 3 soak_judge -d "$T/timeless.db" gateway-24h

profile() { printf 'profile: p\ntitle: t\nrun: {start: {event: SOAK_TEST_STARTED}, end: {event: SOAK_TEST_COMPLETED}}\nprocess_start: {series: gateway_process_start_time_seconds}\ncriteria:\n%s\n' "$1" >"$T/p.yaml"; }
sli='sli: {total: gateway_requests_total, bad: '"'"'gateway_requests_total{code=~"5.."}'"'"'}'
profile "  - {id: a, $sli, objective: 99.9%}"
rc "an objective that is missed" 1 soak_judge -d "$T/good.db" "$T/p.yaml"
profile "  - {id: a, $sli, objective: 90%, warn: 99.9%}"
rc "a warning passes" 0 soak_judge -d "$T/good.db" "$T/p.yaml"
rc "but not with --strict" 1 soak_judge -d "$T/good.db" --strict "$T/p.yaml"
profile "  - {id: a, sli: {total: no_such_total, bad: no_such_total}, objective: 1%}"
rc "a metric never seen is inconclusive" 3 soak_judge -d "$T/good.db" "$T/p.yaml"
profile "  - {id: a, optional: true, sli: {total: no_such_total, bad: no_such_total}, objective: 1%}"
rc "and optional alone does not make it a pass" 3 soak_judge -d "$T/good.db" "$T/p.yaml"
profile "  - {id: a, sli: {count: 'gateway_requests_total{code=\"599\"}'}, objective: '<= 0'}"
rc "no matching series of a known metric is 0" 0 soak_judge -d "$T/good.db" "$T/p.yaml"
rc "--lint says which selector matches nothing" 0 soak_judge --lint -d "$T/good.db" "$T/p.yaml"
like "with its place" 'p\.yaml:6:[0-9]+: note: .*599' "$T/err"
profile "  - {id: a, sli: {count: 'gateway_requests_total{tool=\"serpapy\"}'}, objective: '>= 1'}"
soak_judge --lint -d "$T/good.db" "$T/p.yaml" 2>"$T/err"
like "and what was probably meant" 'did you mean tool="serpapi"' "$T/err"
profile "  - {id: a, sli: {count: gateway_request_total}, objective: '>= 1'}"
soak_judge --lint -d "$T/good.db" "$T/p.yaml" 2>"$T/err"
like "for a metric, too" "did you mean 'gateway_requests_total'" "$T/err"
printf 'profile: p\ncriteria: []\n' >"$T/p.yaml"
rc "no criteria is an error" 2 soak_judge -d "$T/good.db" "$T/p.yaml"
profile "  - {id: a, $sli, objectve: 99.9%}"
rc "an unknown key is an error" 2 soak_judge -d "$T/good.db" "$T/p.yaml"
like "with line, column and a guess" "p\.yaml:6:[0-9]+: .*objectve.*objective" "$T/err"
profile "  - {id: a, sli: {total: 'x{', bad: x}, objective: 9%}"
rc "a selector that does not parse is an error" 2 soak_judge -d "$T/good.db" "$T/p.yaml"
like "with its place" 'p\.yaml:6:[0-9]+' "$T/err"
rc "--lint finds it without a store" 2 soak_judge --lint "$T/p.yaml"
done_testing
