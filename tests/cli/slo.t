#!/bin/sh
# soak-slo: exact counts, burn over windows, and windows that the run is too short for.
. "$(dirname "$0")/lib.sh"
D=$T/a.db
# 36 hours, a sample every 5 minutes: 2000 requests each, 4 of them bad: 0.2 %, burn 2 of a 99.9 % objective.
awk 'BEGIN {
	print "# TYPE reqs counter"
	for (i = 0; i <= 432; i++) printf "reqs_total{code=\"200\"} %d %d\n", i * 1996, i * 300
	for (i = 0; i <= 432; i++) printf "reqs_total{code=\"500\"} %d %d\n", i * 4, i * 300
	print "# TYPE quiet counter"
	for (i = 0; i <= 432; i++) printf "quiet_total{code=\"200\"} 0 %d\n", i * 300
	print "# EOF" }' >"$T/a.om"
soak_ingest -q -d "$D" "$T/a.om"
cat >"$T/s.yaml" <<'E'
slos:
  - {id: avail, sli: {total: reqs_total, bad: 'reqs_total{code=~"5.."}'}, objective: 99.9%}
E
rc "an objective that is missed" 1 soak_slo -d "$D" "$T/s.yaml"
like "says how much of what was observed" \
	'36 h observed of a 30-day window \(5 %\)\. Burn 2\.00 \(95 % upper 2\.08\): 10\.0 % of the 30-day budget is already spent if the rest of it has the same traffic; exhausted after 15 d 0 h at this rate|15 d at this rate' "$T/out"
like "and which windows it is too short for" 'Not evaluable: windows of 3d\.' "$T/out"
like "the counts are exact" 'MISSED\): 1 728 bad of 864 000, 864 allowed' "$T/out"
like "an alert that would have fired" 'page 1h/5m burn above 14.4: would not have fired' "$T/out"
like "or could not be seen to" 'ticket 3d/6h burn above 1: not evaluable: longer than the 36 h' "$T/out"
unlike "no budget is said to remain" 'remain' "$T/out"
rc "json" 1 soak_slo -d "$D" -o json "$T/s.yaml"
is "has the numbers" '[864000,1728,0.1,15]' "$(jq -c '.slos[0] | [.total, .bad, (.budget_spent_if_it_goes_on * 1e9 | round / 1e9), (.exhausted_after_seconds / 86400 | round)]' "$T/out")"
is "and the maximum of each window" '["5m","30m","1h","2h","6h","1d"]' "$(jq -c '[.slos[0].windows[] | select(.evaluable) | .window]' "$T/out")"
rc "tsv" 1 soak_slo -d "$D" -o tsv "$T/s.yaml"
is "a number a line" "$(printf 'avail\tbad\t1728')" "$(grep "$(printf '\tbad\t')" "$T/out" | cut -f 1-3)"

# A month: 99.95 % of 30 days is 21.6 minutes.
sed 's/99.9%/99.95%/' "$T/s.yaml" >"$T/m.yaml"
rc "99.95 %" 1 soak_slo -d "$D" "$T/m.yaml"
like "is 21.6 minutes of a 30-day month" '21 min 36 s of a 30-day window' "$T/out"
sed 's/99.9%/99%/' "$T/s.yaml" >"$T/l.yaml"
rc "one that is met" 0 soak_slo -d "$D" "$T/l.yaml"
cat >"$T/q.yaml" <<'E'
slos:
  - {id: quiet, sli: {total: quiet_total, bad: 'quiet_total{code=~"5.."}'}, objective: 99%}
E
rc "no traffic is not 100 %" 3 soak_slo -d "$D" "$T/q.yaml"
like "it is said" 'no traffic: nothing was counted' "$T/out"
sed 's/quiet_total/nope_total/g' "$T/q.yaml" >"$T/n.yaml"
rc "nor is a metric that was never seen" 3 soak_slo -d "$D" "$T/n.yaml"
sed 's/bad: .*}, obj/bad: '"'"'reqs_total{code="418"}'"'"'}, obj/' "$T/s.yaml" >"$T/z.yaml"
rc "nothing bad" 0 soak_slo -d "$D" "$T/z.yaml"
like "says nothing of the rest of the period" 'Nothing was bad in 864 000: that says nothing of the rest of it' "$T/out"
is "and spends nothing by guess" null "$(soak_slo -d "$D" -o json "$T/z.yaml" | jq '.slos[0].budget_spent_if_it_goes_on')"

# A burst: the fast pair fires, in the window and not after.
awk 'BEGIN {
	print "# TYPE reqs counter"
	for (i = 0; i <= 180; i++) printf "reqs_total{code=\"200\"} %d %d\n", i * 100, i * 60
	for (i = 0; i <= 180; i++) { b += (i > 90 && i <= 100) ? 30 : 0; printf "reqs_total{code=\"500\"} %d %d\n", b, i * 60 }
	print "# EOF" }' >"$T/b.om"
soak_ingest -q -d "$T/b.db" "$T/b.om"
rc "a burst" 1 soak_slo -d "$T/b.db" -o json "$T/s.yaml"
# 30 of 130 each minute: 1h/5m above 14.4 as soon as 60 minutes hold 1.44 % errors: from the third bad minute on, to the fourth good one.
is "fires the page" '[["1970-01-01T01:33:00Z","1970-01-01T01:45:00Z"]]' "$(jq -c '[.slos[0].alerts[0].fired[] | [.from, .to]]' "$T/out")"
is "and burns most then" '["5m","1970-01-01T01:35:00Z"]' "$(jq -c '.slos[0].windows[0] | [.window, .burn_max_time]' "$T/out")"

# The same in other people's files.
cat >"$T/openslo.yaml" <<'E'
apiVersion: openslo/v1
kind: SLO
metadata: {name: avail, displayName: Availability}
spec:
  service: shop
  indicatorRef: ratio
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.999}]
  alertPolicies: [fast]
---
apiVersion: openslo/v1
kind: SLI
metadata: {name: ratio}
spec:
  ratioMetric:
    counter: true
    bad: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(reqs_total{code=~"5.."}[5m]))'}}}
    total: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(reqs_total[5m]))'}}}
---
apiVersion: openslo/v1
kind: AlertPolicy
metadata: {name: fast}
spec: {conditions: [{conditionRef: burn}], notificationTargets: []}
---
apiVersion: openslo/v1
kind: AlertCondition
metadata: {name: burn}
spec: {severity: page, condition: {kind: burnrate, op: lte, threshold: 1.5, lookbackWindow: 1h, alertAfter: 5m}}
E
rc "OpenSLO" 1 soak_slo -d "$D" -o json "$T/openslo.yaml"
is "counts the same" '[864000,1728]' "$(jq -c '.slos[0] | [.total, .bad]' "$T/out")"
is "its condition fires after alertAfter" '"1970-01-01T01:05:00Z"' "$(jq -c '.slos[0].alerts[4].fired[0].from' "$T/out")"
# One sample an hour: above at one of them, and for how long nobody saw.
{ echo '# TYPE reqs counter'; for h in 0 1 2 3 4 5 6; do
	echo "reqs_total{code=\"200\"} $((h * 1000)) $((h * 3600))"; echo "reqs_total{code=\"500\"} $((h < 3 ? 0 : 50)) $((h * 3600))"
done; echo '# EOF'; } >"$T/sparse.om"
soak_ingest -q -d "$T/sparse.db" "$T/sparse.om"
soak_slo -d "$T/sparse.db" "$T/openslo.yaml" >"$T/out"
like "an alertAfter that samples cannot show" 'page 1h burn above 1.5: not evaluable: above at 1970-01-01T03:00:00Z, for how long is not seen: samples are 1 h apart' "$T/out"
soak_slo -d "$D" "$T/openslo.yaml" >"$T/out"
like "what makes no sense is said" 'note: a burn rate with op lte or lt is read as gt' "$T/out"
sed 's/Occurrences/Timeslices/; s/target: 0.999/targetPercent: 99.9, timeSliceTarget: 0.99, timeSliceWindow: 5/' "$T/openslo.yaml" >"$T/ts.yaml"
rc "Timeslices" 0 soak_slo -d "$D" -o json "$T/ts.yaml"
is "count slices: each has 0.2 % errors, and 99 % is enough" '[432,0,1]' "$(jq -c '.slos[0] | [.counted, .counted_bad, .ratio]' "$T/out")"
sed 's/Timeslices/RatioTimeslices/' "$T/ts.yaml" >"$T/rts.yaml"
soak_slo -d "$D" -o json "$T/rts.yaml" >"$T/out"
is "RatioTimeslices are means" 0.998 "$(jq '.slos[0].ratio * 1e6 | round / 1e6' "$T/out")"
cat >"$T/sloth.yaml" <<'E'
version: prometheus/v1
service: shop
slos:
  - name: avail
    objective: 99.9
    description: requests
    sli:
      events:
        error_query: sum(rate(reqs_total{code=~"(5..|429)"}[{{.window}}]))
        total_query: sum(rate(reqs_total[{{.window}}]))
    alerting: {name: X, page_alert: {labels: {severity: page}}}
E
rc "sloth" 1 soak_slo -d "$D" -o json "$T/sloth.yaml"
is "counts the same" '[864000,1728,0.999]' "$(jq -c '.slos[0] | [.total, .bad, .target]' "$T/out")"
cat >"$T/pyrra.yaml" <<'E'
apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: {name: avail}
spec: {target: "99.9", window: 4w, indicator: {ratio: {errors: {metric: 'reqs_total{code=~"5.."}'}, total: {metric: reqs_total}}}}
E
rc "pyrra" 1 soak_slo -d "$D" -o json "$T/pyrra.yaml"
is "has factors of its own" '[14,7,2,1]' "$(jq -c '[.slos[0].alerts[].burn]' "$T/out")"

# What is no count: a value that keeps a threshold, a ratio that somebody else made.
awk 'BEGIN {
	print "# TYPE depth gauge"
	for (i = 0; i <= 120; i++) printf "depth{q=\"a\"} %d %d\n", ((i > 60 && i <= 66) ? 50 : 3), i * 60
	print "# TYPE ok gauge"
	for (i = 0; i <= 120; i++) printf "ok{site=\"a\"} %d %d\n", (i <= 60 || i > 63), i * 60
	print "# TYPE share gauge"
	for (i = 0; i <= 120; i++) printf "share %s %d\n", (i > 90 ? 0.5 : 0), i * 60
	print "# TYPE req counter"
	for (i = 0; i <= 120; i++) printf "req_total{code=\"200\"} %d %d\n", i * 90, i * 60
	for (i = 0; i <= 120; i++) printf "req_total{code=\"500\"} %d %d\n", i * 10, i * 60
	print "# EOF" }' >"$T/v.om"
soak_ingest -q -d "$T/v.db" "$T/v.om"
openslo() { # NAME INDICATOR OBJECTIVE
	printf 'apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: %s}\nspec:\n  service: shop\n  indicator: {metadata: {name: i}, spec: %s}\n' "$1" "$2"
	printf '  timeWindow: [{duration: 30d, isRolling: true}]\n  budgetingMethod: Occurrences\n  objectives: [%s]\n' "$3"
}
openslo queue '{thresholdMetric: {metricSource: {type: Prometheus, spec: {query: depth}}}}' '{op: lte, value: 10, target: 0.9}' >"$T/th.yaml"
rc "a threshold" 0 soak_slo -d "$T/v.db" -o json "$T/th.yaml"
is "each sample is a value: 6 of 120 are above it" '["met",120,6,0.95]' "$(jq -c '.slos[0] | [.outcome, .total, .bad, .ratio]' "$T/out")"
soak_slo -d "$T/v.db" "$T/th.yaml" >"$T/out"
like "as text" '6 bad of 120 values' "$T/out"
openslo queue '{thresholdMetric: {metricSource: {spec: {query: "max(depth) * 2"}}}}' '{op: lt, value: 100, target: 0.99}' >"$T/th.yaml"
rc "of an expression" 1 soak_slo -d "$T/v.db" -o json "$T/th.yaml"
is "a value a minute" '[120,6]' "$(jq -c '.slos[0] | [.total, .bad]' "$T/out")"
openslo share '{ratioMetric: {raw: {metricSource: {spec: {query: share}}}, rawType: failure}}' '{target: 0.8}' >"$T/raw.yaml"
rc "a raw ratio" 0 soak_slo -d "$T/v.db" -o json "$T/raw.yaml"
is "is a mean: 30 of 120 at a half" '[0.875,null]' "$(jq -c '.slos[0] | [.ratio, .demonstrated]' "$T/out")"
sed 's/failure/success/' "$T/raw.yaml" >"$T/raws.yaml"
is "of successes" 0.125 "$(soak_slo -d "$T/v.db" -o json "$T/raws.yaml" | jq '.slos[0].ratio')"
sed 's/query: share/query: depth/' "$T/raw.yaml" >"$T/odd.yaml"
rc "what is no ratio" 3 soak_slo -d "$T/v.db" "$T/odd.yaml"
like "is said to be none" 'depth is no ratio: it was 3 at ' "$T/out"
sed 's/query: share/query: nope/' "$T/raw.yaml" >"$T/none.yaml"
rc "nor is nothing" 3 soak_slo -d "$T/v.db" "$T/none.yaml"
cat >"$T/sr.yaml" <<'E'
version: prometheus/v1
service: shop
slos:
  - name: raw
    objective: 85
    sli: {raw: {error_ratio_query: 'sum(rate(req_total{code="500"}[{{.window}}])) / sum(rate(req_total[{{.window}}]))'}}
    alerting: {name: X, page_alert: {labels: {severity: wake-up}}, ticket_alert: {disable: true}}
E
rc "sloth's raw ratio" 0 soak_slo -d "$T/v.db" -o json "$T/sr.yaml"
is "is taken every 5 minutes" '[24,0.9]' "$(jq -c '.slos[0] | [.total, (.ratio * 1e9 | round / 1e9)]' "$T/out")"
is "disabled alerts are not there, labels are" '["wake-up","wake-up"]' "$(jq -c '[.slos[0].alerts[].severity]' "$T/out")"
cat >"$T/bg.yaml" <<'E'
apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: {name: site}
spec: {target: "95", window: 4w, indicator: {bool_gauge: {metric: ok}}, alerting: {burnrates: false}}
E
rc "pyrra's gauges of 1 and 0" 0 soak_slo -d "$T/v.db" -o json "$T/bg.yaml"
is "are counted, without alerts" '[120,3,0]' "$(jq -c '.slos[0] | [.total, .bad, (.alerts | length)]' "$T/out")"
# What cannot be meant is refused by its name.
refused() { soak_slo --check "$T/$1"; }
sed 's/rawType: failure//' "$T/raw.yaml" >"$T/x.yaml"; rc "a raw ratio of what?" 2 refused x.yaml
like "asks for rawType" 'rawType is success or failure' "$T/err"
sed 's/op: lt, //' "$T/th.yaml" >"$T/x.yaml"; rc "a threshold without op" 2 refused x.yaml
sed 's/value: 100, //' "$T/th.yaml" >"$T/x.yaml"; rc "and without value" 2 refused x.yaml
sed 's/objectives: \[/&{op: lt, value: 5, target: 0.5}, /' "$T/th.yaml" >"$T/x.yaml"; rc "and with two objectives" 2 refused x.yaml
sed 's/{target: 0.8}/{target: 0.8, op: lt, value: 3}/' "$T/raw.yaml" >"$T/x.yaml"; rc "a ratio with a threshold" 2 refused x.yaml
sed 's/bool_gauge/latencyNative/' "$T/bg.yaml" >"$T/x.yaml"; rc "native histograms" 2 refused x.yaml
like "are named" "latencyNative.*native histograms" "$T/err"
sed 's/raw: .*/plugin: {id: x}}/' "$T/sr.yaml" >"$T/x.yaml"; rc "sloth's plugins" 2 refused x.yaml
cat >"$T/comp.yaml" <<'E'
apiVersion: openslo/v1
kind: SLO
metadata: {name: shop}
spec:
  service: shop
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives:
    - displayName: requests
      target: 0.9
      indicator: {spec: {ratioMetric: {counter: true, bad: {metricSource: {spec: {query: 'req_total{code="500"}'}}}, total: {metricSource: {spec: {query: req_total}}}}}}
    - {target: 0.9, op: lt, value: 10, indicator: {spec: {thresholdMetric: {metricSource: {spec: {query: depth}}}}}}
E
rc "of several indicators each is judged" 0 soak_slo -d "$T/v.db" -o json "$T/comp.yaml"
is "by its own name" '[["shop/requests",1200],["shop/2",6]]' "$(jq -c '[.slos[] | [.name, .bad]]' "$T/out")"
sed 's/target: 0.9$/target: 0.9\n      compositeWeight: 3/' "$T/comp.yaml" >"$T/x.yaml"; rc "weights" 2 refused x.yaml
like "are refused" 'compositeWeight: what several indicators weigh together' "$T/err"

rc "--check" 0 soak_slo --check "$T/s.yaml" "$T/openslo.yaml" "$T/sloth.yaml" "$T/pyrra.yaml"
sed 's/sum(rate(reqs_total\[5m\]))/avg(reqs_total)/' "$T/openslo.yaml" >"$T/avg.yaml"
rc "what cannot be counted exactly" 2 soak_slo --check "$T/avg.yaml"
like "is refused" 'is no sum of counters: it cannot be counted exactly' "$T/err"
sed 's/indicatorRef: ratio/indicatorRef: nope/' "$T/openslo.yaml" >"$T/ref.yaml"
rc "a reference into nothing" 2 soak_slo --check "$T/ref.yaml"
like "is named with its place" "ref.yaml:6:17: there is no SLI 'nope' in the file" "$T/err"
echo 'apiVersion: openslo/v1alpha' >"$T/old.yaml"
rc "an older OpenSLO" 2 soak_slo --check "$T/old.yaml"
rc "an objective of 100 %" 2 sh -c 'sed "s/99.9%/100%/" "$1/s.yaml" >"$1/h.yaml"; "$2/bin/soak-slo" --check "$1/h.yaml"' - "$T" "$B"
cat >"$T/p.yaml" <<'E'
profile: p
slos:
  - {id: avail, sli: {total: reqs_total, bad: 'reqs_total{code=~"5.."}'}, objective: 99.9%}
criteria: [{id: a, events: {name: E}}]
E
rc "without a file: the profile's" 1 soak_slo -d "$D" -p "$T/p.yaml"
rc "neither" 2 soak_slo -d "$D"
rc "a run that is hardly covered" 3 soak_slo -d "$D" --end 1970-01-04T00:00:00Z "$T/l.yaml"
# Hourly snapshots say nothing of five minutes.
if [ -n "$SHARED" ]; then
	soak_ingest -q -d "$T/g.db" -p gateway-24h "$SHARED/gateway-24h/reports" 2>/dev/null
	printf 'slos:\n  - {id: ok, sli: {total: gateway_requests_total, bad: %sgateway_requests_total{code=~"5.."}%s}, objective: 97%%}\n' "'" "'" >"$T/g.yaml"
	rc "hourly snapshots of a real run" 0 soak_slo -d "$T/g.db" -p gateway-24h -o json "$T/g.yaml"
	is "5m, 30m are not evaluable, 1h is" '["5m","30m","3d"]' "$(jq -c '[.slos[0].windows[] | select(.evaluable | not) | .window]' "$T/out")"
else
	skip "no shared data here"
fi

# The profile's own, in the verdict and in the report, each number with its way back.
cat >"$T/with.yaml" <<'Y'
profile: with-slos
run: {start: "1970-01-01T00:00:00Z", end: "1970-01-02T12:00:00Z", duration: 36h}
windows: {late: {from: "run.start + 24h", to: run.end}}
slos:
  - {id: avail, title: Answered, sli: {total: reqs_total, bad: 'reqs_total{code=~"5.."}'}, objective: 99.9%}
  - {id: late, title: Answered late, sli: {total: reqs_total, bad: 'reqs_total{code=~"5.."}'}, objective: 99%, over: late}
  - {id: nope, title: Never seen, sli: {total: nope_total, bad: 'nope_total{code="500"}'}, objective: 99%}
criteria:
  - {id: some, title: Requests were made, sli: {count: reqs_total}, objective: ">= 1"}
Y
rc "a run with objectives: they decide nothing" 0 soak_run -q -p "$T/with.yaml" -o "$T/run" "$T/a.om"
is "the verdict tells of them" '["avail missed 864 000 1 728","late met 288 000 576","nope not measured n/a n/a"]' \
    "$(jq -c '[.slos[] | "\(.id) \(.outcome) \(.n.text) \(.bad.text)"]' "$T/run/verdict.json")"
is "as soak-slo does" "$(soak_slo -d "$T/run/run.db" -p "$T/with.yaml" -o json | jq -c '[.slos[] | [.total, .bad]]')" '[[864000,1728],[288000,576],[null,null]]'
like "soak-why leads back" '^  a\.om  sha256 [0-9a-f]{64}.*lines? [0-9]' "$(soak_why -r "$T/run" slo/avail/bad "$T" >"$T/why.txt"; echo "$T/why.txt")"
soak_report -t sign-off.html -o "$T/run.html" "$T/run"
like "the report has them" '<h3>Answered <span class="badge fail">missed</span></h3>' "$T/run.html"
like "and a link from each number" 'bad <a class="figure" [^>]*>1 728</a>' "$T/run.html"
soak_report -t sign-off.md -o "$T/run.md" "$T/run"
like "in Markdown, too" '^\| at least 99\.9 % \| 99\.80 % \| 1 728 \| 864 000 \| 2\.00 \|' "$T/run.md"
like "what cannot be said is said" 'Answered, burn over 3d' "$T/run.md"
sed 's/over: late/over: lat/' "$T/with.yaml" >"$T/wrong.yaml"
rc "a window that there is not" 2 soak_judge --lint "$T/wrong.yaml"
like "is named" "unknown window 'lat'" "$T/err"
done_testing
