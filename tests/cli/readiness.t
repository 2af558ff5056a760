#!/bin/sh
# Production readiness by baseline: the generator writes the samples again, exit codes are the gate, each criterion comes out as it really was.
. "$(dirname "$0")/lib.sh"
S=$ROOT/samples

outcomes() { # VERDICT OUTCOME: ids with that outcome
	jq -r --arg v "$2" '[.criteria[] | select(.verdict == $v) | .id] | sort | join(" ")' "$1"
}
sh "$S/make-baselines" last-week "$T/made/last-week"
diff -r "$T/made/last-week" "$S/baselines-last-week" >/dev/null; result $? "make-baselines last-week writes the sample again"
rc "last week's load test is read" 0 soak_ingest -q -d "$T/last.db" -p load-baselines --start 2026-06-01T00:00:00Z "$S/baselines-last-week"
for run in "good 0" "troubled 1" "incomplete 3"; do
	set -- $run
	sh "$S/make-baselines" "$1" "$T/made/$1"
	diff -r "$T/made/$1" "$S/baselines-$1" >/dev/null; result $? "make-baselines $1 writes the sample again"
	rc "baselines-$1 exits with $2" "$2" soak_run -q -p load-baselines --baseline "$T/last.db" -o "$T/$1" "$S/baselines-$1"
done
is "good: nothing fails" "" "$(outcomes "$T/good/verdict.json" FAIL)"
# 120 generations show no p99; 2,016 checks no 99.99 %; that alerts were acknowledged takes a person.
is "good: what a week cannot show" "acknowledged acknowledged-alert acknowledged-emergency acknowledged-warning generation-p99 slo-database-shown" "$(outcomes "$T/good/verdict.json" INCONCLUSIVE)"
is "troubled: what held all the same" "api-p99 search-p99" "$(outcomes "$T/troubled/verdict.json" PASS)"
is "troubled: what takes a person" "acknowledged acknowledged-alert acknowledged-emergency acknowledged-warning" "$(outcomes "$T/troubled/verdict.json" INCONCLUSIVE)"
is "incomplete: nothing fails" "" "$(outcomes "$T/incomplete/verdict.json" FAIL)"
is "incomplete: only what was measured passes" "api-errors api-p95 api-p99 no-slower search-errors search-p95 search-p99 smoke thresholds" \
    "$(outcomes "$T/incomplete/verdict.json" PASS)"
rc "a baseline that is not there" 2 soak_run -q -p load-baselines --baseline "$T/none.db" -o "$T/none" "$S/baselines-good"
done_testing
