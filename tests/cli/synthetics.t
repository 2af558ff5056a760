#!/bin/sh
# A week of synthetic checks and smoke tests in shared/, against the truth about it; JUnit and console of one pytest run. Skipped
# where there is no shared/.
. "$(dirname "$0")/lib.sh"
if [ -z "$SHARED" ]; then
	echo "1..0 # SKIP no shared/data beside the checkout"
	exit 0
fi
D=$SHARED/synthetics-7d
rc "synthetics-7d is a NO-GO" 1 soak_run -q -p synthetics-weekly -o "$T/week" "$D/results"
V=$T/week/verdict.json
outcome() { jq -r --arg id "$1" '.criteria[] | select(.id == $id) | .verdict' "$V"; }
observed() { jq --arg id "$1" '.criteria[] | select(.id == $id) | .observed.value' "$V"; }
is "every file is recognised" 0 "$(jq '[.inputs[] | select(.format == "unrecognised")] | length' "$V")"
is "health bodies are placed by their names" name "$(jq -r '.inputs[] | select(.name == "health/cache-20260202T000500Z.json") | .time_source' "$V")"
is "... at the time there" 2026-02-02T00:05:00Z "$(jq -r '.inputs[] | select(.name == "health/cache-20260202T000500Z.json") | .time' "$V")"
is "which nothing puts in doubt" 0 "$(jq '[.problems[] | select(.text | test("same bytes"))] | length' "$V")"
is "the run begins at the midnight of the first check" 2026-02-02T00:00:00Z "$(jq -r .run.start "$V")"

is "shop_items_api was up 98.3135 % of its checks" true "$(observed availability-shop | jq '(. * 1000000 | round) == 983135')"
is "that is less than 98.5 %" FAIL "$(outcome availability-shop)"
for check in health:health_endpoint shop:shop_items_api transactions:transactions_api moderation:moderation_enforcement_ping; do
	truth=$(jq --arg c "${check#*:}" '.checks[$c] | 1 - .down / .total' "$D/truth.json")
	is "${check#*:}: as many down as in truth" true "$(observed "availability-${check%%:*}" | jq --argjson w "$truth" '. - $w | fabs < 1e-12')"
done
q() { soak_query -d "$T/week/run.db" "$@" -o tsv; }
W="--time 2026-02-09T00:00:00Z"
# shellcheck disable=SC2086 # $W is two words
is "transactions_api was slow, not down" "1 21" "$(echo \
	"$(q 'min_over_time(probe_success{check="transactions_api"}[7d])' $W | cut -f 2 | tail -n 1)" \
	"$(q 'count_over_time((probe_success{check="transactions_api"} == 1 and soak_check_ok == 0)[7d:1m])' $W | cut -f 2 | tail -n 1)")"
q 'probe_success{check="shop_items_api"} == 0' --start 2026-02-04T01:00:00Z --end 2026-02-04T06:00:00Z --step 1m >"$T/down"
is "the outage began at 02:00" 2026-02-04T02:00:00Z "$(grep -m 1 ^2026 "$T/down" | cut -f 1)"
is "and lasted 170 minutes" 170 "$(grep -c ^2026 "$T/down")"
is "the third failure in a row was at 02:02" 2026-02-04T02:02:00Z "$(q 'max_over_time(probe_success{check="shop_items_api"}[3m]) == 0' \
	--start 2026-02-04T01:00:00Z --end 2026-02-04T06:00:00Z --step 1m | grep -m 1 ^2026 | cut -f 1)"
is "three in a row are seen" FAIL "$(outcome three-in-a-row)"
is "the monitor vendor's file says the same" "PASS 0" "$(outcome monitor-agrees) $(observed monitor-agrees)"
is "its outage is an event with an end" "2026-02-04 02:00:00|2026-02-04 04:50:00|DOWN shop_items_api" "$(sqlite3 -readonly "$T/week/run.db" \
	"SELECT datetime(t/1000,'unixepoch'), datetime(t_end/1000,'unixepoch'), name FROM event WHERE kind = 'outage' ORDER BY t LIMIT 1")"
is "one smoke test of twelve failed" "FAIL 11" "$(outcome smoke-tests) $(observed smoke-tests)"
for level in ERROR WARN INFO; do
	is "$level lines" "$(jq ".log.levels.$level" "$D/truth.json")" "$(sqlite3 -readonly "$T/week/run.db" \
		"SELECT CAST(sum(m) AS INTEGER) FROM (SELECT max(v) AS m FROM series s JOIN sample ON series = s.id
		WHERE name = 'soak_log_lines_total' AND s.labels ->> 'level' = '$level' GROUP BY s.id)")"
done
is "requests slower than 30 s" "$(jq .log.slow_over_30s "$D/truth.json")" "$(sqlite3 -readonly "$T/week/run.db" \
	"SELECT CAST((SELECT sum(m) FROM (SELECT max(v) AS m FROM series s JOIN sample ON series = s.id WHERE name = 'soak_log_duration_seconds_count' GROUP BY s.id)) -
	(SELECT sum(m) FROM (SELECT max(v) AS m FROM series s JOIN sample ON series = s.id WHERE name = 'soak_log_duration_seconds_bucket' AND s.labels ->> 'le' = '30' GROUP BY s.id)) AS INTEGER)")"

# The alerts of the synthetic-monitoring kind, as they would have been sent.
rc "alerts fire" 1 soak_alerts -q -d "$T/week/run.db" -o json "$ROOT/templates/rules/synthetic-checks.yml"
cp "$T/out" "$T/alerts.json"
fired() { jq -c --arg a "$1" --arg c "$2" '[.alerts[] | select(.alert == $a) | .instances[] | select(.labels.check == $c) | .changes[] | select(.state != "pending") | .time]' "$T/alerts.json"; }
is "the outage's first alert, and when all was well" '["2026-02-04T02:02:00Z","2026-02-04T04:50:00Z"]' "$(fired CheckFailing shop_items_api)"
is "the 4-minute outage is one alert" '["2026-02-05T14:42:00Z","2026-02-05T14:44:00Z"]' "$(fired CheckFailing health_endpoint)"
is "p95 over 5m was too high from 20:42 on: it fires at 20:52, to 21:08" '["2026-02-06T20:52:00Z","2026-02-06T21:09:00Z"]' "$(fired CheckSlow transactions_api)"
like "with the window and how many checks it holds" 'transactions_api: p95 of 5 checks in 5m is ' "$T/alerts.json"
q 'quantile_over_time(0.95, probe_duration_seconds{check="transactions_api"}[5m]) > 0.8' --start 2026-02-06T20:00:00Z --end 2026-02-06T22:00:00Z --step 1m >"$T/slow"
is "from 20:42 to 21:08" "2026-02-06T20:42:00Z 2026-02-06T21:08:00Z" "$(sed -n '2p;$p' "$T/slow" | cut -f 1 | paste -sd ' ')"
echo 'groups: [{name: g, interval: 1m, rules: [{alert: Raw, expr: "probe_duration_seconds{instance!=\"\"} > 0.8", for: 10m}]}]' >"$T/raw.yml"
rc "raw values never stay above for 10 minutes" 0 soak_alerts -q -d "$T/week/run.db" "$T/raw.yml"
soak_slo -d "$T/week/run.db" --start 2026-02-02T00:00:00Z --end 2026-02-09T00:00:00Z --checks 'probe_success{instance!=""}' --by check --objective 98.5% >"$T/table"
result $([ $? = 1 ]; echo $?) "the week's table: one objective is missed"
is "98.3135 % is below 98.5 %" "shop_items_api 98.3135 missed,health_endpoint 99.9603 met,moderation_enforcement_ping 100.0000 met,transactions_api 100.0000 met" \
	"$(tail -n +2 "$T/table" | cut -f 1,2,16 | LC_ALL=C sort -t "$(printf '\t')" -k 2n -k 1 | tr '\t' ' ' | paste -sd ,)"

# Without the checks nothing is decided; nothing at all is no pass.
mkdir -p "$T/few" && cp "$D/results/uptimerobot.json" "$T/few"
rc "the vendor's file alone decides nothing" 3 soak_run -q -p synthetics-weekly --start 2026-02-02T00:00:00Z -o "$T/few-out" "$T/few"

# Three hours in which nobody checked are no three hours without failures.
cp -R "$ROOT/samples/synthetics-good" "$T/hole" && chmod -R u+w "$T/hole"
zcat "$ROOT/samples/synthetics-good/checks.jsonl.gz" | grep -v '"ts": "2026-03-04T0[234]' | gzip -n >"$T/hole/checks.jsonl.gz"
rc "a hole in the checks is no GO" 3 soak_run -q -p synthetics-weekly -o "$T/hole-out" "$T/hole"
is "and it is named" "no sample for 3 h from 2026-03-04T01:59:01Z" "$(jq -r ".evidence[] | select(.id == \"evidence/checks\") | .missing[0]" "$T/hole-out/verdict.json")"

soak_ingest -q -d "$T/cert.db" "$SHARED/certification" 2>"$T/err"
is "certification: every poll is a sample" "$(wc -l <"$SHARED/certification/health-polls.jsonl")" "$(sqlite3 -readonly "$T/cert.db" \
	"SELECT count(*) FROM series s JOIN sample ON series = s.id WHERE name = 'probe_success' AND s.labels ->> 'check' = 'health'")"
is "and how many of them were down" "$(grep -c '"status_code":503' "$SHARED/certification/health-polls.jsonl")" "$(sqlite3 -readonly "$T/cert.db" \
	"SELECT count(*) FROM series s JOIN sample ON series = s.id WHERE name = 'probe_success' AND s.labels ->> 'check' = 'health' AND v = 0")"
done_testing
