#!/bin/sh
# k6: points, what summaries claim, thresholds; on our sample, and on the real runs where shared/ is there.
. "$(dirname "$0")/lib.sh"
S=$ROOT/samples/k6-shop

sh "$ROOT/samples/make-k6" "$T/again"
rc "the sample is what its generator writes" 0 diff -r "$S" "$T/again"

rc "it is read" 0 soak_ingest -d "$T/shop.db" "$S"
rc "its summary, computed again" 0 soak_ingest -d "$T/shop.db" --k6-summary
like "a percentile" "http_req_duration\\.+: .*p\\(95\\)=184.01ms" "$T/out"
like "a threshold that was crossed" "✗ 'rate<0.05' rate=11.25%" "$T/out"
like "one that nothing was measured for" "\\? 'p\\(95\\)<300' no points" "$T/out"
like "a check with quotes and a comma in its name" "✗ ::shop::status is 200, \"really\"" "$T/out"
rc "no points, no summary" 3 soak_ingest -d "$T/none.db" --k6-summary "$ROOT/samples/gateway-24h-good/soak-events.log"

judge() { # PROFILE: verdict into $T/v.json
	soak_judge -d "$T/shop.db" -o json "$1" >"$T/v.json" 2>"$T/err"
}
of() { jq -r --arg id "$1" ".criteria[] | select(.id == \$id) | $2" "$T/v.json"; }
rc "the shipped profile says NO-GO" 1 soak_judge -d "$T/shop.db" k6
judge k6
is "what its summary claims is what the points give, but for a threshold without points" explained "$(jq -r '.claims[] | .state' "$T/v.json")"
like "to the last digit" "29 of the 30 numbers in summary-export.json are what the points give to the last digit it states. 1 stay open" "$T/v.json"
is "the planned load was reached" PASS "$(of load .verdict)"

cat >"$T/p.yaml" <<'YAML'
profile: p
run:
  start: {artifact: points.ndjson, path: k6/first_point}
  end: {artifact: points.ndjson, path: k6/last_point}
windows:
  begin: {from: run.start, to: "run.start + 20s"}
criteria:
  - {id: p95, k6: {metric: http_req_duration, threshold: "p(95)<200", warn: "p(95)<150"}}
  - {id: begin, over: begin, k6: {metric: "http_req_failed{scenario:shoppers}", threshold: "rate<0.05"}}
  - {id: after, k6: {metric: http_reqs, threshold: "count < 60", after: 20s}}
  - {id: never, k6: {metric: "http_req_duration{step:refund}", threshold: "p(95)<300"}}
  - {id: dropped, k6: {metric: dropped_iterations, threshold: "count==0"}}
  - {id: rate, k6: {metric: http_reqs, threshold: "rate>1"}}
  - {id: none, k6: {metric: http_reqs, threshold: "count>1", file: "other*"}}
YAML
judge "$T/p.yaml"
is "between warning and limit" WARN "$(of p95 .verdict)"
is "p(95) is the value between two" 184.016 "$(of p95 '.observed.value * 1000 | floor / 1000')"
like "failed requests count with 0: without them it is higher" "Without the 9 failed requests, which also count, it is 184.30" "$T/v.json"
is "a window" "PASS" "$(of begin .verdict)"
is "after a warm-up" PASS "$(of after .verdict)"
is "counts only what comes then" true "$(of after '.n.value < 60 and .n.value > 30')"
is "no points decide nothing" INCONCLUSIVE "$(of never .verdict)"
like "and the claim stands beside" "Only a claim: summary-export.json:[0-9]+ claims k6/metric/http_req_duration\\{step:refund\\}/p\\(95\\) = 0" "$T/v.json"
is "k6 writes dropped_iterations only when there are some" PASS "$(of dropped .verdict)"
is "a rate per second" 1.698 "$(of rate '.observed.value * 1000 | floor / 1000')"
is "points of another name" INCONCLUSIVE "$(of none .verdict)"

pq() { soak_query -q -d "$T/shop.db" -o json --time 2026-03-05T09:00:48Z -- "$1" | jq -r '.data.result[0].value[1]'; }
is "PromQL: a counter under k6's own name, to the last request" 80 "$(pq 'sum(k6_http_reqs_total)')"
is "a rate as two counters" 9 "$(pq 'sum(k6_http_req_failed_total{condition="nonzero"})')"
is "a trend as a histogram in seconds" 80 "$(pq 'sum(k6_http_req_duration_seconds_bucket{le="+Inf"})')"
is "its sum" 8.238 "$(pq 'sum(k6_http_req_duration_seconds_sum)' | cut -c1-5)"
is "a gauge" 4 "$(pq k6_vus)"
is "checks by name" 9 "$(pq 'sum(k6_checks_total{check="status is 200, \"really\"",condition="zero"})')"

bad() { # NAME WANTED KEYS
	printf 'profile: p\ncriteria: [{id: a, k6: {%s}}]\n' "$3" >"$T/bad.yaml"
	rc "$1" 2 soak_judge -d "$T/shop.db" "$T/bad.yaml"
	like "$1: says why" "$2" "$T/err"
}
bad "a threshold that is none" "bad.yaml:2:.*is not a threshold such as" 'metric: a, threshold: "p95 less"'
bad "a statistic k6 does not know" "k6 knows count" 'metric: a, threshold: "p(101)<1"'
bad "a metric without a threshold" "go together" 'metric: a'
bad "an unknown key" "unknown key 'treshold'" 'metric: a, treshold: "avg<1"'

sed 's/"passes": 9/"passes": 8/' "$S/summary-export.json" >"$T/summary-export.json"
rm -f "$T/lie.db" && soak_ingest -q -d "$T/lie.db" "$S/points.ndjson" "$T/summary-export.json"
rc "a summary that the points do not give" 1 soak_judge -d "$T/lie.db" -o json k6
like "is a contradiction" "claims k6/metric/http_req_failed/passes = 8, the points give 9" "$T/out"

rm -f "$T/only.db" && soak_ingest -q -d "$T/only.db" "$S/summary-export.json"
soak_judge -d "$T/only.db" -o json "$T/p.yaml" >"$T/v.json" 2>/dev/null
is "a summary without points decides nothing" INCONCLUSIVE "$(of p95 .verdict)"
like "but is shown" "Only a claim: summary-export.json:[0-9]+ claims k6/metric/http_req_duration/p\\(95\\) = 184.01" "$T/v.json"

head -c 60000 "$S/points.ndjson" >"$T/points.ndjson"
rm -f "$T/cut.db" && soak_ingest -q -d "$T/cut.db" "$T/points.ndjson" 2>/dev/null
soak_judge -d "$T/cut.db" -o json "$T/p.yaml" >"$T/v.json" 2>/dev/null
is "points that are cut off pass nothing" INCONCLUSIVE "$(of p95 .verdict)"
is "and the run is said not to be whole" false "$(jq '.evidence[] | select(.id == "evidence/k6-run") | .present' "$T/v.json")"

# What makes a bad run look good: nothing passes on it.
cat >"$T/few.yaml" <<'YAML'
profile: p
run:
  start: {artifact: "*", path: k6/first_point, pick: first}
  end: {artifact: "*", path: k6/last_point, pick: last}
criteria:
  - {id: answered, k6: {metric: http_req_failed, threshold: "rate<0.2"}}
  - {id: enough, k6: {metric: http_reqs, threshold: "count>3"}}
YAML
spoilt() { # NAME VERDICTS WORDS FILE...
	_name=$1; _want=$2; _words=$3; shift 3
	rm -f "$T/spoilt.db"
	soak_ingest -q -d "$T/spoilt.db" "$@" 2>/dev/null
	soak_judge -d "$T/spoilt.db" -o json "$T/few.yaml" >"$T/v.json" 2>/dev/null
	is "$_name" "$_want" "$(jq -r '[.criteria[].verdict] | join(" ")' "$T/v.json")"
	like "$_name: says why" "$_words" "$T/v.json"
}
P=$S/points.ndjson
spoilt "with its summary it passes" "PASS PASS" "required is rate<0.2" "$P" "$S/summary-export.json"
spoilt "with a load profile whose length it reached" "PASS PASS" "required is rate<0.2" "$P" "$S/load.json"
spoilt "points alone may have been cut before the first failure" "INCONCLUSIVE INCONCLUSIVE" "nothing says that the run came to its end" "$P"
sed 's/rate<0.2/rate<0.02/' "$T/few.yaml" >"$T/fails.yaml"
rc "which is no excuse for those that are there" 1 soak_judge -q -d "$T/spoilt.db" "$T/fails.yaml"
mkdir "$T/short"
first=$(sed -n '/"http_req_failed".*"value":1[,.}]/{s/.*"time":"\([^"]*\)".*/\1/p;q;}' "$P")
sed "/$first/,\$d" "$P" >"$T/short/points.ndjson"
spoilt "cut before its first failure" "INCONCLUSIVE INCONCLUSIVE" "its points end after [0-9.]+ s, planned were 47 s" "$T/short/points.ndjson" "$S/load.json"
sed 's/^run:/run:\n  duration: 60s/' "$T/few.yaml" >"$T/planned.yaml"
soak_judge -d "$T/spoilt.db" -o json "$T/planned.yaml" >"$T/v.json" 2>/dev/null
is "a planned duration that it did not reach" INCONCLUSIVE "$(jq -r .verdict "$T/v.json")"
mkdir "$T/some"
grep -v '"http_req_failed".*"value":1[,.}]' "$P" >"$T/some/points.ndjson"
spoilt "failures taken out" "INCONCLUSIVE INCONCLUSIVE" "80 points of http_reqs, but 71 of http_req_failed: each request yields one of each" "$T/some/points.ndjson" "$S/load.json"
mkdir "$T/more"
sed '/"metric":"http_reqs".*"Point"/s/"value":1\([,.}]\)/"value":9\1/' "$P" >"$T/more/points.ndjson"
spoilt "requests that count nine" "INCONCLUSIVE INCONCLUSIVE" "80 points of http_reqs count 720 requests" "$T/more/points.ndjson" "$S/load.json"
mkdir "$T/twice" "$T/lines" "$T/copy"
cat "$P" "$P" >"$T/twice/points.ndjson"
spoilt "a file behind itself" "INCONCLUSIVE INCONCLUSIVE" "the times go back: another run begins here, or the same once more" "$T/twice/points.ndjson" "$S/load.json"
sed p "$P" >"$T/lines/points.ndjson"
spoilt "each line twice" "INCONCLUSIVE INCONCLUSIVE" "a point that stood there before: what is there twice counts twice" "$T/lines/points.ndjson" "$S/load.json"
{ cat "$P"; echo; } >"$T/copy/points-2.ndjson"
cp "$P" "$S/load.json" "$T/copy"
spoilt "a copy with one more line" "INCONCLUSIVE INCONCLUSIVE" "holds as many points as another file, from the same to the same time" "$T/copy"
mkdir "$T/tiny"
sed '/"metric":"http_req_failed".*"Point"/s/"value":1\([,.}]\)/"value":1e-400\1/' "$P" >"$T/tiny/points.ndjson"
spoilt "a failure too small to be one" "INCONCLUSIVE INCONCLUSIVE" "a point whose value is no finite number: it is missing" "$T/tiny/points.ndjson" "$S/load.json"

# A console in a CI: what our own summary prints is read back, with a time before each line and k6's progress around it.
{
	echo "running (0m20.0s), 4/4 VUs, 30 complete and 0 interrupted iterations"
	echo "shoppers   [  42% ] 4 VUs  20.0s/47s"
	echo
	soak_ingest -q -d "$T/shop.db" --k6-summary
	echo
	echo "running (0m30.0s), 0/4 VUs, 80 complete and 1 interrupted iterations"
	echo "shoppers ✗ [  64% ] 4 VUs  30.0s/47s"
} | sed 's/^/2026-03-05T09:01:02.1234567Z /' >"$T/console.txt"
rm -f "$T/con.db" && soak_ingest -q -d "$T/con.db" "$T/console.txt" "$S/points.ndjson" "$S/load.json"
is "a console is recognised" k6-console "$(sqlite3 "$T/con.db" "SELECT format FROM artifacts WHERE name = 'console.txt'")"
soak_judge -d "$T/con.db" -o json "$T/p.yaml" >"$T/v.json" 2>/dev/null
like "its numbers are what the points give" "([0-9]+) of the [0-9]+ numbers in console.txt are what the points give" "$T/v.json"
is "none differs" 0 "$(jq '.contradictions | length' "$T/v.json")"
like "and that the run was interrupted is seen" "console.txt:[0-9]+: scenario shoppers stopped at 64 %" "$T/v.json"
sed 's/p(95)=184.01ms/p(95)=183.01ms/' "$T/console.txt" >"$T/lie.txt"
rm -f "$T/con.db" && soak_ingest -q -d "$T/con.db" "$T/lie.txt" "$S/points.ndjson"
soak_judge -d "$T/con.db" -o json "$T/p.yaml" >"$T/v.json" 2>/dev/null
like "a digit that was changed is found" "claims k6/printed/http_req_duration/p\(95\) = 183.01ms, the points give 184.0167036" "$T/v.json"

# A pipe that is killed half way: its batches are in the store, it opens, and the same again completes it.
for h in 10 11 12 13 14; do sed "s/T09:/T$h:/" "$S/points.ndjson"; done >"$T/long"
mkfifo "$T/pipe"
"$B/bin/soak-ingest" -q -d "$T/live.db" - <"$T/pipe" 2>/dev/null &
pid=$!
exec 9>"$T/pipe"
cat "$T/long" >&9
i=0
until [ "$(sqlite3 "$T/live.db" 'SELECT count(*) FROM observation' 2>/dev/null || echo 0)" -ge 3 ] || [ $i -ge 1200 ]; do
	sleep 0.1; i=$((i + 1))
done
kill -9 $pid 2>/dev/null
wait $pid 2>/dev/null
exec 9>&-
rc "a killed pipe's store opens" 0 soak_ingest -q -l -d "$T/live.db"
like "and says that it is not whole" "stdin	k6-ndjson	.*not used" "$T/out"
is "whole batches are there" "1" "$(sqlite3 "$T/live.db" 'SELECT count(*) >= 3 AND sum(points) = (SELECT sum(n) FROM observation_second) FROM observation')"
soak_judge -d "$T/live.db" -o json "$T/p.yaml" >"$T/v.json" 2>/dev/null
is "nothing passes on them" 0 "$(jq '[.criteria[] | select(.verdict == "PASS")] | length' "$T/v.json")"
soak_ingest -q -d "$T/live.db" - <"$T/long" 2>/dev/null
is "the same again completes it" "2200|1|" \
	"$(sqlite3 "$T/live.db" "SELECT sum(points), (SELECT count(*) FROM content WHERE complete = 1), (SELECT group_concat(text) FROM problem) FROM observation")"

awk -F'"' 'NR == 1 { print "metric_name,timestamp,metric_value,group,scenario,extra_tags,metadata" }
/"Point"/ { split($0, a, "\"value\":"); split(a[2], b, ","); t = $14; sub(/.*"time":"/, "", a[1]); sub(/".*/, "", a[1])
	printf "%s,%s,%.6f,\"::shop\",shoppers,a=b&c=d,\n", $4, a[1], b[1] }' "$S/points.ndjson" >"$T/points.csv"
rm -f "$T/csv.db" && rc "CSV is read" 0 soak_ingest -q -d "$T/csv.db" "$T/points.csv" "$S/points.ndjson" "$S/summary-export.json"
soak_judge -d "$T/csv.db" -o json "$T/p.yaml" >"$T/v.json" 2>/dev/null
is "and counts once beside the same points as NDJSON" 80 "$(of rate '.n.value')"
like "which is said" "points.csv holds the same points as points.ndjson, rounded to six decimals" "$T/v.json"
rm -f "$T/csv.db" && soak_ingest -q -d "$T/csv.db" "$T/points.csv" "$S/summary-export.json"
soak_judge -d "$T/csv.db" -o json "$T/p.yaml" >"$T/v.json" 2>/dev/null
is "alone it decides, too" WARN "$(of p95 .verdict)"

if [ -z "$SHARED" ]; then
	skip "no shared/data beside the checkout"
else
	for run in k6 certification; do
		rm -f "$T/r.db" && soak_ingest -q -d "$T/r.db" "$SHARED/$run" 2>/dev/null
		soak_judge -d "$T/r.db" -o json "$T/p.yaml" >"$T/v.json" 2>/dev/null
		cat >"$T/any.yaml" <<'YAML'
profile: any
criteria: [{id: declared, k6: {file: "./", thresholds: declared}}]
YAML
		soak_judge -d "$T/r.db" -o json "$T/any.yaml" >"$T/v.json" 2>/dev/null
		is "$run: no number in a summary differs from what its points give" 0 "$(jq '.contradictions | length' "$T/v.json")"
		is "$run: each summary is explained" true "$(jq '[.claims[] | select(.source | test("summary")) | .state == "explained"] | all and length >= 2' "$T/v.json")"
	done
	soak_ingest -q -d "$T/k.db" "$SHARED/k6/points.ndjson.gz" "$SHARED/k6/summary-handle.json" 2>/dev/null
	soak_ingest -d "$T/k.db" --k6-summary >"$T/text"
	# The lines of k6's own summary, without blanks and the end that a terminal's width cut off.
	sed -n '/TOTAL RESULTS/,/^running/p' "$SHARED/k6/console.txt" | tr -d ' ' | grep -a '^[a-z{].*\.\.\.' >"$T/theirs"
	tr -d ' ' <"$T/text" >"$T/ours"
	missing=0
	while read -r line; do
		label=${line%%...*}
		case "$line" in '{tool:never'*|dropped_*) continue ;; esac
		grep -qF "$(printf %s "${line#*:}" | cut -c1-40)" "$T/ours" || { missing=$((missing + 1)); echo "# $label: $line"; }
	done <"$T/theirs"
	is "k6's own text says the same, line by line" 0 "$missing"
	rc "k6 lets {tool:never} pass, we do not" 1 soak_judge -d "$T/k.db" -o json "$T/any.yaml"
	like "that threshold is open" "http_req_duration\\{tool:never\\}: p\\(95\\)<100 \\(not one point" "$T/out"
	is "every point is there" 1065811 "$(sqlite3 "$T/k.db" 'SELECT sum(points) FROM observation')"
	is "per second and per minute rows count the same points" "1065811|1065811" \
		"$(sqlite3 "$T/k.db" 'SELECT (SELECT sum(n) FROM observation_second), (SELECT sum(n) FROM observation_minute)')"
fi
# --- a run in two files ---
mkdir "$T/parts"
half=$(($(wc -l <"$ROOT/samples/k6-shop/points.ndjson") / 2))
head -n "$half" "$ROOT/samples/k6-shop/points.ndjson" >"$T/parts/points-1.ndjson"
tail -n +$((half + 1)) "$ROOT/samples/k6-shop/points.ndjson" >"$T/parts/points-2.ndjson"
soak_run -q -p k6 -o "$T/whole-out" "$ROOT/samples/k6-shop/points.ndjson" >/dev/null 2>&1
soak_run -q -p k6 -o "$T/parts-out" "$T/parts" >/dev/null 2>&1
is "two files of points are one run: from the first point of all to the last" \
	"$(jq -c '[.run.start, .run.end]' "$T/whole-out/verdict.json")" "$(jq -c '[.run.start, .run.end]' "$T/parts-out/verdict.json")"
is "with the same failure rate" "$(jq '.criteria[] | select(.id == "answered") | .observed.value' "$T/whole-out/verdict.json")" \
	"$(jq '.criteria[] | select(.id == "answered") | .observed.value' "$T/parts-out/verdict.json")"
done_testing
