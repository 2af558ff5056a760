#!/bin/sh
# The stress certification: the generator writes the samples again, exit codes are the gate, and each criterion comes out as it really was.
. "$(dirname "$0")/lib.sh"
S=$ROOT/samples

outcomes() { # VERDICT STORY: ids with that verdict
	jq -r --arg v "$2" '[.criteria[] | select(.verdict == $v) | .id] | sort | join(" ")' "$1"
}
for run in "good 0" "troubled 1" "incomplete 3"; do
	set -- $run
	sh "$S/make-stress" "$1" "$T/made/$1"
	diff -r "$T/made/$1" "$S/stress-$1" >/dev/null; result $? "make-stress $1 writes the sample again"
	rc "stress-$1 exits with $2" "$2" soak_run -q -p stress-certification -o "$T/$1" "$S/stress-$1"
done
is "good: nothing fails" "" "$(outcomes "$T/good/verdict.json" FAIL)"
is "good: nothing is open" "" "$(outcomes "$T/good/verdict.json" INCONCLUSIVE)"
# An outage as a whole is an upper bound of the recovery, and never a FAIL; errors came and went, which is no trend.
is "troubled: what cannot be told" "long-errors recovery" "$(outcomes "$T/troubled/verdict.json" INCONCLUSIVE)"
is "troubled: what held all the same" "load-followed load-reached sockets-scale" "$(outcomes "$T/troubled/verdict.json" PASS)"
is "incomplete: nothing passes" "" "$(outcomes "$T/incomplete/verdict.json" PASS)"
is "incomplete: nothing fails" "" "$(outcomes "$T/incomplete/verdict.json" FAIL)"
is "incomplete: no problem with a drill that prints no times" 0 \
    "$(sqlite3 -readonly "$T/incomplete/run.db" "SELECT count(*) FROM problem p JOIN artifact a ON a.content = p.content WHERE a.name LIKE 'fault%'")"
is "a poll without an answer is a poll: not well" 3 \
    "$(sqlite3 -readonly "$T/good/run.db" "SELECT count(*) FROM samples s JOIN samples p USING (time) WHERE s.name = 'soak_check_ok' AND s.value = 0 AND p.name = 'probe_http_status_code' AND p.value = 0")"

if [ -n "$SHARED" ]; then
	rc "certification is a NO-GO" 1 soak_run -q -p stress-certification -o "$T/real" "$SHARED/certification"
	V=$T/real/verdict.json
	verdict() { jq -r --arg id "$1" '.criteria[] | select(.id == $id) | .verdict' "$V"; }
	is "its errors" FAIL "$(verdict errors)"
	is "1770 of the requests that were not for /health" 1770 "$(jq '.criteria[] | select(.id == "errors") | .observed.bad // empty' "$V" | grep . ||
	    jq -r '.criteria[] | select(.id == "errors") | .sentence' "$V" | sed 's/.*: \([0-9 ]*\) of .*/\1/' | tr -cd 0-9)"
	is "its p95" FAIL "$(verdict latency)"
	is "its seven drops" FAIL "$(verdict backpressure)"
	is "its refused logins" PASS "$(verdict auth-failures)"
	is "its faults of 4 and 12 s" PASS "$(verdict recovery)"
	is "its drill knew of two faults" INCONCLUSIVE "$(verdict drill)"
	is "no alert could wait for 10 minutes in it" INCONCLUSIVE "$(verdict alerts-latency)"
fi
done_testing
