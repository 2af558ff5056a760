#!/bin/sh
# Synthetic checks of a real week: availability, its outages, and the alerts of the monitoring kind.
. "$(dirname "$0")/lib.sh"
if [ -z "$SHARED" ]; then
	skip "no shared data here"
	done_testing
	exit
fi
D=$T/s.db
soak_ingest -q -d "$D" "$SHARED/synthetics-7d/results/checks.jsonl.gz" 2>/dev/null
cat >"$T/p.yaml" <<'E'
profile: week
run: {start: 2026-02-02T00:00:00Z, end: 2026-02-09T00:00:00Z}
criteria:
  - {id: shop, availability: {checks: 'probe_success{check="shop_items_api"}', confirm: 3}, objective: 98.5%}
  - {id: health, availability: {checks: 'probe_success{check="health_endpoint"}', confirm: 3, max_outage: 5m}}
  - {id: health-4m, availability: {checks: 'probe_success{check="health_endpoint"}', confirm: 3, max_outage: 4m}}
E
rc "a week of checks" 1 soak_judge -d "$D" -o json "$T/p.yaml"
c() { jq -r ".criteria[] | select(.id == \"$1\") | $2" "$T/out"; }
is "98.31 % of the shop is below 98.5 %" "FAIL 0.98313" "$(c shop '"\(.verdict) \(.observed.value * 1e5 | round / 1e5)"')"
c shop .sentence >"$T/s"
like "its outage: begin, first alert, length, bounds" \
	'from 2026-02-04T02:00:00Z \(confirmed 2026-02-04T02:02:00Z\) for 2 h 50 min \(2 h 49 min to 2 h 51 min\)' "$T/s"
is "four minutes are within five" PASS "$(c health .verdict)"
is "but whether within four, checks a minute apart cannot say" INCONCLUSIVE "$(c health-4m .verdict)"

R=$ROOT/templates/rules/synthetic-checks.yml
rc "the alerts over the same week" 1 soak_alerts -d "$D" -o json "$R"
is "the outage of four minutes is one alert of failures in a row" '[["2026-02-05T14:42:00Z",120]]' \
	"$(jq -c '[.alerts[0].instances[] | select(.labels.check == "health_endpoint") | [.changes[0].time, .firing_seconds]]' "$T/out")"
is "p95 over 5 minutes is above 800 ms from 20:42 on and fires at 20:52" '["2026-02-06T20:42:00Z","2026-02-06T20:52:00Z","2026-02-06T21:09:00Z"]' \
	"$(jq -c '[.alerts[1].instances[0].changes[].time]' "$T/out")"
like "window and n are in the annotation" 'p95 of 5 checks in 5m' "$T/out"
sed 's/quantile_over_time(0.95, probe_duration_seconds\[5m\])/probe_duration_seconds/' "$R" >"$T/raw.yml"
rc "raw values" 0 soak_alerts -d "$D" --severity warning -o json "$T/raw.yml"
is "never stay above for ten minutes" pending "$(jq -r '.alerts[1].outcome' "$T/out")"
done_testing
