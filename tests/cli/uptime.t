#!/bin/sh
# Definitions of synthetic checks (uptime_checks.yml) as criteria: linted, judged, packed.
. "$(dirname "$0")/lib.sh"
S=$ROOT/samples
rc "--lint of ours" 0 soak_judge --lint "$S/uptime_checks.yml"
mistake() { # NAME SED WHERE-AND-WHAT
	sed "$2" "$S/uptime_checks.yml" >"$T/bad.yml"
	rc "$1" 2 soak_judge --lint "$T/bad.yml"
	like "$1: says where and what" "$3" "$T/err"
}
mistake "a misspelled key" 's/failure_threshold: 3/failure_treshold: 3/' "bad.yml:15:5: unknown key 'failure_treshold', did you mean 'failure_threshold'"
mistake "a status that is none" 's/\[200, 401\] .*/[200, 4010]/' 'bad.yml:26:28: a status is a number from 100 to 599'
mistake "a limit that is none" '0,/<800/s/<800/800ms/' 'bad.yml:13:27: .response_time_ms. is written <800'
mistake "a time-out before the limit" '0,/timeout: 5s/s/timeout: 5s/timeout: 500ms/' 'bad.yml:13:27: a time-out of 500 ms comes before this limit'
mistake "two checks of one name" 's/shop_items_api/transactions_api/' 'bad.yml:31:11: the name is taken .line 19'
mistake "a check that cannot fail" '11,14d' 'bad.yml:5:5: a check without .success_criteria. cannot fail'
mistake "a word that is no criticality" 's/criticality: low/criticality: minor/' 'criticality. is high, medium or low'
mistake "a condition that cannot be judged" 's/check.availability_7d < 0.985/check.latency > 3/' 'a condition is'
mistake "a method of its own" 's/type: http$/type: tcp/' 'checks of the type http can be judged'
mistake "a misspelled environment" 's/interval_override: 60s/interval_overide: 60s/' "did you mean 'interval_override'"
printf 'checks:\n  - {name: a, url: "http://a.example/"}\n' >"$T/least.yml"
rc "no success criteria at all" 2 soak_judge --lint "$T/least.yml"
printf 'checks: []\n' >"$T/least.yml"
rc "no checks at all" 2 soak_judge --lint "$T/least.yml"

for kind in good troubled incomplete; do
	soak_ingest -q -d "$T/$kind.db" -p synthetics-weekly "$S/synthetics-$kind"
done
is "what each check comes to" "$(printf '%s\n' health-endpoint-in-a-row health-endpoint-content health-endpoint-availability transactions-api-in-a-row transactions-api-content \
    transactions-api-availability shop-items-api-in-a-row shop-items-api-availability moderation-enforcement-ping-in-a-row moderation-enforcement-ping-content \
    moderation-enforcement-ping-availability)" "$(soak_judge -q -d "$T/good.db" -o tsv "$S/uptime_checks.yml" 2>/dev/null | awk -F'\t' '$1 == "criterion" {print $2}')"
verdict() { soak_judge -q -d "$T/$2.db" -o tsv "${3:-$S/uptime_checks.yml}" 2>/dev/null | awk -F'\t' -v id="$1" '$2 == id {print $3}'; }
rc "two minutes down are two in a row in production" 1 soak_judge -q -d "$T/good.db" "$S/uptime_checks.yml"
is "of that check" FAIL "$(verdict moderation-enforcement-ping-in-a-row good)"
is "and of no other" PASS "$(verdict shop-items-api-in-a-row good)"
sed '/^  production:/d' "$S/uptime_checks.yml" >"$T/three.yml"
rc "without the override it takes three" 0 soak_judge -q -d "$T/good.db" "$T/three.yml"
rc "troubled" 1 soak_judge -q -d "$T/troubled.db" "$T/three.yml"
is "an outage of 170 minutes" FAIL "$(verdict shop-items-api-availability troubled)"
is "fails in a row, too" FAIL "$(verdict shop-items-api-in-a-row troubled)"
is "slow answers are failures by the definition" FAIL "$(verdict transactions-api-in-a-row troubled)"
is "and not down" PASS "$(verdict transactions-api-availability troubled)"
rc "five days are no week" 3 soak_judge -q -d "$T/incomplete.db" "$T/three.yml"
is "not even of a check that was always up" INCONCLUSIVE "$(verdict health-endpoint-in-a-row incomplete)"
# An answer with a status that is not asked for; a status that nobody measured.
sed '0,/status_code: 200/s/status_code: 200/status_code: 204/' "$T/three.yml" >"$T/204.yml"
is "200 where 204 is asked for" FAIL "$(verdict health-endpoint-in-a-row good "$T/204.yml")"
awk 'BEGIN { for (i = 0; i < 10080; i++) printf "{\"ts\": %d, \"check\": \"health_endpoint\", \"status_code\": null, \"response_time_ms\": 20, \"ok\": true}\n", 1772409600 + 60 * i }' >"$T/checks.jsonl"
soak_ingest -q -d "$T/none.db" "$T/checks.jsonl" 2>/dev/null
is "no answer at all is no pass" 1 "$(verdict health-endpoint-in-a-row none "$T/three.yml" | grep -cv PASS)"
# Switched off.
sed '0,/failure_threshold: 3/s/failure_threshold: 3/enabled: false/' "$T/three.yml" >"$T/off.yml"
rc "a check that is switched off" 3 soak_judge -q -d "$T/good.db" "$T/off.yml"
is "is INCONCLUSIVE, and said" INCONCLUSIVE "$(verdict health-endpoint-off good "$T/off.yml")"
# In a package, and judged again from there.
rc "soak-run by the definitions" 0 soak_run -q -p "$T/three.yml" -o "$T/run" "$S/synthetics-good"
rc "the package gives the same" 0 soak_verify --no-signatures --recompute "$T/run/uptime-checks.tar.gz"
done_testing
