#!/bin/sh
# soak-chart: every way in, every kind, every format; what cannot be drawn says so.
. "$(dirname "$0")/lib.sh"
D=$T/a.db
# A sample each 15 s for an hour, with nothing from minute 20 to 30; a counter, a state, a histogram, one spike.
awk 'BEGIN {
	print "# TYPE c counter"
	for (t = 0; t <= 3600; t += 15) {
		if (t >= 1200 && t < 1800) continue
		printf "c_total{code=\"200\"} %d %d\n", t * 10, t
	}
	for (t = 0; t <= 3600; t += 15) {
		if (t >= 1200 && t < 1800) continue
		printf "c_total{code=\"503\"} %d %d\n", (t > 2400 ? t - 2400 : 0), t
	}
	print "# TYPE g gauge"
	for (t = 0; t <= 3600; t += 15) if (t < 1200 || t >= 1800) printf "g %d %d\n", (t == 900 ? 500 : 10 + t / 60 % 7), t
	print "# TYPE s gauge"
	for (t = 0; t <= 3600; t += 15) if (t < 1200 || t >= 1800) printf "s{breaker=\"a\"} %d %d\n", (t > 2400 && t < 2700 ? 2 : 0), t
	print "# TYPE h histogram"
	split("0.1 1 +Inf", le, " ")
	for (i = 1; i <= 3; i++) for (t = 0; t <= 3600; t += 15) if (t < 1200 || t >= 1800)
		printf "h_bucket{le=\"%s\"} %d %d\n", le[i], t * i, t
	for (t = 0; t <= 3600; t += 15) if (t < 1200 || t >= 1800) printf "h_count %d %d\n", t * 3, t
	for (t = 0; t <= 3600; t += 15) if (t < 1200 || t >= 1800) printf "h_sum %d %d\n", t, t
	print "# EOF"
}' >"$T/a.om"
soak_ingest -q -d "$D" "$T/a.om"
head8() { head -c 8 "$1" | od -An -tx1 | tr -d ' \n'; }

rc "an expression as PNG" 0 soak_chart -d "$D" -e 'rate(c_total[1m])' -o "$T/a.png"
is "is a PNG" 89504e470d0a1a0a "$(head8 "$T/a.png")"
is "with what was plotted beside it" 2 "$(jq '.series | length' "$T/a.json")"
is "no value is made up for the gap" 0 "$(jq '[.series[0].points[] | select(. != null) | select(.[0] > 1260000 and .[0] < 1800000)] | length' "$T/a.json")"
like "the alt text tells of it" 'no data for 1[01] min' "$T/a.json"
like "series are named by what tells them apart" '"name": "503"' "$T/a.json"
rc "the same again" 0 soak_chart -d "$D" -e 'rate(c_total[1m])' -o "$T/b.png"
rc "gives the same bytes" 0 cmp "$T/a.png" "$T/b.png"
for f in svg pdf txt json; do
	rc "as $f" 0 soak_chart -d "$D" -e 'rate(c_total[1m])' --title 'A <rate> & more' --unit reqps -o "$T/c.$f"
	cp "$T/c.$f" "$T/d.$f"
	soak_chart -d "$D" -e 'rate(c_total[1m])' --title 'A <rate> & more' --unit reqps -o "$T/c.$f"
	rc "as $f again, the same bytes" 0 cmp "$T/c.$f" "$T/d.$f"
done
like "SVG has text that can be searched" '<text.*>A &lt;rate&gt; &amp; more</text>' "$T/c.svg"
like "and a description" '<desc id="d[0-9a-f]*">A &lt;rate' "$T/c.svg"
like "and follows its reader's theme" 'prefers-color-scheme:dark' "$T/c.svg"
rc "and is XML" 0 python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$T/c.svg"
is "a PDF is one" 255044462d "$(head8 "$T/c.pdf" | cut -c 1-10)"
like "the list of what is drawn hatches the gap" '^hatch ' "$T/c.txt"
like "and says for how long" '"no data 1[01] min' "$T/c.txt"
rc "to stdout" 0 soak_chart -d "$D" -e g -o -
is "a PNG, too" 89504e470d0a1a0a "$(head8 "$T/out")"
rc "or what --format says" 0 soak_chart -d "$D" -e g -o - --format text
like "a spike is kept, and labelled" '"500 at 00:15"' "$T/out"

for kind in lines stack columns steps points bars stat gauge table states trend; do
	rc "kind $kind" 0 soak_chart -d "$D" -e 'rate(c_total[1m])' --kind $kind -o "$T/k.png"
done
for kind in heat percentiles distribution hdr; do
	rc "kind $kind" 0 soak_chart -d "$D" -e 'sum by (le) (increase(h_bucket[1m]))' --kind $kind --unit s -o "$T/k.png"
	rc "kind $kind without buckets" 2 soak_chart -d "$D" -e g --kind $kind -o "$T/k.png"
	like "says what it needs" 'label le' "$T/err"
done
rc "what adds up a run" 0 soak_chart -d "$D" -e 'sum by (le) (increase(h_bucket[1m]))' --kind hdr --unit s -o "$T/k.txt"
is "counts nothing twice: of 10 800, 10 minutes were not seen" yes "$(sed -n 's/.*percentile of \([0-9][^o]*\) observations.*/\1/p' "$T/k.txt" | tr -dc '0-9\n' | awk '{print ($1 > 8000 && $1 <= 10800 ? "yes" : $1)}')"
rc "the same as shares" 0 soak_chart -d "$D" -e 'sum by (le) (increase(h_bucket[1m]))' --kind ecdf --unit s -o "$T/k.json"
is "by bound" '[[0.1,0.33],[1,0.67]]' "$(jq -c '[.series[0].points[] | [.[0], (.[1] * 100 | round / 100)]]' "$T/k.json")"
rc "percentiles" 0 soak_chart -d "$D" -e 'sum by (le) (increase(h_bucket[1m]))' --kind percentiles --unit s -o "$T/k.txt"
like "in +Inf are no number" '"max ≥ 1 s"' "$T/k.txt"
rc "buckets alone are a heat map" 0 soak_chart -d "$D" -e 'sum by (le) (increase(h_bucket[1m]))' -o "$T/k.json"
is "of its own accord" heat "$(jq -r .kind "$T/k.json")"
rc "a few whole numbers" 0 soak_chart -d "$D" -e s -o "$T/k.json"
is "are states" states "$(jq -r .kind "$T/k.json")"
is "they end an interval after the last step that sees a sample" 1970-01-01T00:20:15Z "$(jq -r '.spans[0].to' "$T/k.json")"
like "the unusual one is labelled" '2 for 4 min 45 s' "$T/k.json"
rc "sparklines" 0 soak_chart -d "$D" -e 'rate(c_total[1m])' --kind spark
is "are a line a series" 2 "$(wc -l <"$T/out")"
like "with blanks where nothing was measured" '█ +█' "$T/out"

soak_query -d "$D" 'rate(c_total[1m])' --step 15s -o tsv >"$T/q.tsv"
soak_query -d "$D" 'rate(c_total[1m])' --step 15s -o csv >"$T/q.csv"
rc "what soak-query prints" 0 sh -c "'$B/bin/soak-chart' -o '$T/p.png' <'$T/q.tsv'"
is "is drawn from a pipe" 89504e470d0a1a0a "$(head8 "$T/p.png")"
is "by the same names" '["200","503"]' "$(jq -c '[.series[].name]' "$T/p.json")"
rc "CSV, too" 0 soak_chart -o "$T/p2.json" "$T/q.csv"
is "with the same values" "$(jq -c '[.series[].points]' "$T/p.json")" "$(jq -c '[.series[].points]' "$T/p2.json")"
printf '1768197180 1 5\n1768197240 - 6\n1768197300 3 7\n' >"$T/blank.dat"
rc "columns between blanks" 0 soak_chart -o "$T/p3.json" "$T/blank.dat"
is "with a gap where there is no number" '[[1768197180000,1],[1768197300000,3]]' "$(jq -c '[.series[0].points[] | select(. != null)]' "$T/p3.json")"
printf 'tool,calls\n"a, b",3\nc,12\n' >"$T/names.csv"
rc "names and numbers" 0 soak_chart -o "$T/p4.json" "$T/names.csv"
is "are bars, the longest first" '[["c",12],["a, b",3]]' "$(jq -c '[.rows[] | [.name, .value]]' "$T/p4.json")"
printf 'time,v\n2026-01-12T06:00:00Z,1\nsoon,2\n' >"$T/bad.csv"
rc "a line that is none" 2 soak_chart -o "$T/p5.png" "$T/bad.csv"
like "is named" "bad.csv:3: 'soon' is no time" "$T/err"

rc "nothing to draw" 3 soak_chart -d "$D" -e 'no_such_metric' -o "$T/n.txt"
like "is said" 'there is no such metric' "$T/err"
like "and drawn" '"no evidence"' "$T/n.txt"
rc "a range too short for the samples" 3 soak_chart -d "$D" -e 'rate(c_total[5s])' -o "$T/n.txt"
like "is said in the picture" 'text .*range 5s of' "$T/n.txt"
rc "an expression that is none" 2 soak_chart -d "$D" -e 'sum(' -o "$T/n.png"
rc "no file for it" 2 soak_chart -d "$D" -e g
rc "a size that is none" 2 soak_chart -d "$D" -e g --size 12 -o "$T/n.png"
rc "a kind that is none" 2 soak_chart -d "$D" -e g --kind pie -o "$T/n.png"
rc "an empty pipe" 3 sh -c "'$B/bin/soak-chart' -o '$T/n.png' </dev/null"
rc "a full disk" 2 soak_chart -d "$D" -e g --format png -o /dev/full
rc "an ending that is no format" 2 soak_chart -d "$D" -e g -o "$T/x.pgn"
like "is named with those that are" 'x.pgn: the ending says the format: .png' "$T/err"
is "and nothing is written" "" "$(ls "$T" | grep x.pgn)"
rc "nor is no ending" 2 soak_chart -d "$D" -e g -o "$T/x"
rc "unless the format is given" 0 soak_chart -d "$D" -e g --format svg -o "$T/x"
for theme in light dark print; do
	rc "theme $theme" 0 soak_chart -d "$D" -e g --theme $theme --size 400x200 --scale 1 -o "$T/t-$theme.png"
done
rc "differ" 1 cmp -s "$T/t-light.png" "$T/t-dark.png"

for g in panels rows second; do
	rc "dashboard $g" 0 soak_chart -d "$D" --grafana "$ROOT/tests/corpus/grafana/$g.json" -O "$T/$g" --coverage
	cp "$T/out" "$T/$g.tsv"
	is "has a sheet" 89504e470d0a1a0a "$(head8 "$T/$g/index.png")"
	is "each line has five columns" 5 "$(awk -F'\t' '{print NF}' "$T/$g.tsv" | sort -u)"
done
like "logs are refused" '^10.*refused.*logs are not in Prometheus' "$T/panels.tsv"
like "an unknown variable is named" '^14.*refused.*\$unknown is no variable' "$T/panels.tsv"
like "what another database is asked is refused" '^7.*refused.*mysql' "$T/rows.tsv"
like "the second generation is read" '^1	Requests	timeseries	rendered' "$T/second.tsv"
is "a refused panel is a picture with the reason" 'logs are not in Prometheus' "$(jq -r .cannot "$T/panels/panel-10.json")"
cat >"$T/var.json" <<'J'
{"title":"V","templating":{"list":[{"name":"code","type":"query","query":"label_values(c_total, code)","multi":true,"includeAll":true,"current":{"value":["$__all"]}}]},
"panels":[{"id":1,"type":"timeseries","title":"$code","targets":[{"refId":"A","expr":"sum by (code) (rate(c_total{code=~\"$code\"}[$__rate_interval]))","legendFormat":"code {{code}}"}],
"fieldConfig":{"defaults":{"unit":"reqps"},"overrides":[{"matcher":{"id":"byRegexp","options":".*503"},"properties":[{"id":"displayName","value":"errors"}]}]}}]}
J
rc "a variable from the store" 0 soak_chart -d "$D" --grafana "$T/var.json" -O "$T/v"
is "stands for all of its values" '["code 200","errors"]' "$(jq -c '[.series[].name]' "$T/v/panel-1.json")"
rc "or for the one that is given" 0 soak_chart -d "$D" --grafana "$T/var.json" -O "$T/v" --var code=503
is "only" '["errors"]' "$(jq -c '[.series[].name]' "$T/v/panel-1.json")"
is "in the title, too" 503 "$(jq -r .title "$T/v/panel-1.json")"
rc "a variable that is none" 2 soak_chart -d "$D" --grafana "$T/var.json" -O "$T/v" --var cod=503
rc "without a store panels are read" 0 sh -c "cd '$T' && '$B/bin/soak-chart' --grafana var.json --coverage"
like "and judged" '^1.*rendered' "$T/out"
echo '{"title": "x"}' >"$T/none.json"
C="$ROOT/tests/corpus/grafana"
rc "panels of every type" 0 soak_chart -d "$D" --grafana "$C/kinds.json" --coverage
is "are drawn, or refused with a reason" 0 "$(awk -F'\t' '$4 == "refused" && $5 == ""' "$T/out" | wc -l)"
is "none is forgotten" "$(jq '.panels | length' "$C/kinds.json")" "$(wc -l <"$T/out")"
rc "queries for other sources" 0 soak_chart -d "$D" --grafana "$C/sources.json" --coverage
like "are refused by its name" 'refused	query A is for elasticsearch, not Prometheus' "$T/out"
like "or by the query's shape" 'refused	query A is for SQL, not Prometheus' "$T/out"
like "or by its language" 'refused	query A is LogQL, not PromQL' "$T/out"
like "MetricsQL, too" 'refused	query A is MetricsQL, not PromQL.*rollup_rate' "$T/out"
like "a library panel has no body here" 'refused	a library panel' "$T/out"
rc "variables without a value" 0 soak_chart -d "$D" --grafana "$C/vars.json" --coverage
like "are named" 'refused	query A: .nov2 has no value here' "$T/out"
unlike "in a range they are the interval" 'parse error' "$T/out"
rc "rows that are collapsed" 0 soak_chart -d "$D" --grafana "$C/repeats.json" --coverage
is "hold their panels; what follows stands where it says" "collapsed inside1 inside2 after first by place" "$(head -5 "$T/out" | cut -f2 | tr '\n' ' ' | sed 's/ $//')"
like "a saved repetition is not drawn twice" 'refused	saved as a repetition of panel' "$T/out"
for w in w_cm w_cr w_key w_v2 w_v2a; do
	rc "wrapped as $w" 0 soak_chart -d "$D" --grafana "$C/$w.json" --coverage
	like "its panel is found" '^[0-9]+	.*rendered' "$T/out"
done
rc "every transformation" 0 soak_chart -d "$D" --grafana "$C/transforms.json" --coverage
is "is applied, or named where it is not" "regression smoothing" "$(grep -o 'transformation [a-zA-Z]* is not applied' "$T/out" | cut -d' ' -f2 | sort | tr '\n' ' ' | sed 's/ $//')"
rc "server-side expressions" 0 soak_chart -d "$D" --grafana "$C/expressions.json" -O "$T/ex" --coverage
is "are computed, what cannot be is said" "1 rendered,2 rendered,3 rendered,4 rendered,5 refused,6 refused,7 refused,8 rendered,9 rendered,10 refused,11 partly,12 rendered,13 rendered" \
	"$(cut -f1,4 "$T/out" | tr '\t\n' ' ,' | sed 's/,$//')"
like "why" '^5.*classic_conditions.*not evaluated here' "$T/out"
like "one that reads itself" '^6.*reads itself' "$T/out"
like "one that reads what is refused" '^7.*query A, which it reads, was not answered' "$T/out"
is "what is only read is not shown" 1 "$(jq '.series | length' "$T/ex/panel-1.json")"
is "values over values have no times" true "$(jq '[.series[0].points[] | select(. != null) | .[0]] | length > 0 and max < 1e6' "$T/ex/panel-8.json")"
rc "JSON that is no dashboard" 2 soak_chart -d "$D" --grafana "$T/none.json" --coverage

rc "two runs" 0 soak_chart -d "$D" --baseline "$D" -e 'rate(c_total[1m])' -o "$T/two.json"
is "are as many pairs as there are series" '[0,0]' "$(jq -c '[.series[] | select(.pane == 1) | [.points[] | select(. != null) | .[1]] | max]' "$T/two.json")"
is "by the time since they began" true "$(jq '.series[0].points[-1][0] | . > 60 and . < 100000' "$T/two.json")"
rc "the shares of two runs" 0 soak_chart -d "$D" --baseline "$D" -e 'g' --kind ecdf -o "$T/ecdf.json"
is "end at all of them" '[1,1]' "$(jq -c '[.series[] | .points | last | .[1]]' "$T/ecdf.json")"
rc "the percentiles of two runs" 0 soak_chart -d "$D" --baseline "$D" -e 'g' --kind dumbbells -o "$T/pairs.json"
is "are the same of the same" '["p50","p95","p99",true]' "$(jq -c '[.rows[].name, all(.rows[]; .value == .baseline)]' "$T/pairs.json")"
rc "one run has no other" 2 soak_chart -d "$D" -e 'g' --kind dumbbells -o "$T/pairs.json"
rc "two runs, one without it" 3 soak_chart -d "$D" --baseline "$D" -e 'no_such' -o "$T/two.txt"
like "say which" 'the candidate has no value' "$T/err"
rc "two runs have no time in common" 2 soak_chart -d "$D" --baseline "$D" -e g --start 2026-01-01T00:00:00Z -o "$T/two.png"
rc "a baseline of nothing" 2 soak_chart -d "$D" --baseline "$D" -s service
rc "a baseline that is none" 2 soak_chart -d "$D" --baseline "$T/none.db" -e g -o "$T/two.png"

cat >"$T/rules.yml" <<'Y'
groups:
  - {name: a, interval: 15s, rules: [{alert: Many, expr: 'sum(rate(c_total[1m])) > 0', for: 1m}, {alert: Never, expr: 'sum(rate(c_total[1m])) > 1e9'}, {alert: Unknown, expr: 'no_such > 1'}]}
Y
rc "alerts over the run" 0 soak_chart -d "$D" --rules "$T/rules.yml" -o "$T/alerts.json"
is "fire, or do not" '["Many","Never"]' "$(jq -c '[.spans[].row] | unique' "$T/alerts.json")"
like "what cannot be answered is no calm row" '1 cannot be answered' "$T/alerts.json"
rc "rules with no alert" 3 sh -c "echo 'groups: []' >'$T/no.yml'; '$B/bin/soak-chart' -d '$D' --rules '$T/no.yml' -o '$T/alerts.txt'"
rc "rules that are none" 2 soak_chart -d "$D" --rules "$T/none.json" -o "$T/alerts.png"

for r in 1 2 3; do
	mkdir -p "$T/runs/r$r"
	printf '{"run": {"start": "2026-01-0%sT00:00:00Z"}, "decision": "%s", "criteria": [{"id": "a", "title": "A", "verdict": "%s", "observed": {"value": 0.9%s, "unit": "ratio"}, "required": {"value": 0.95, "text": "95 %%"}}%s]}' \
		$r "$([ $r = 2 ] && echo NO-GO || echo GO)" "$([ $r = 2 ] && echo FAIL || echo PASS)" $r "$([ $r = 3 ] && echo ', {"id": "b", "verdict": "INCONCLUSIVE"}')" >"$T/runs/r$r/verdict.json"
done
rc "many runs" 0 soak_chart --history "$T/runs" -O "$T/hist"
is "are criteria by run" '[["decision","pass","fail","pass"],["a","pass","fail","pass"],["b","no evidence","no evidence","no evidence"]]' "$(jq -c .rows "$T/hist/history.json")"
is "and a course of what was observed" '[0.91,0.92,0.93]' "$(jq -c '[.series[0].points[] | select(. != null) | .[1]]' "$T/hist/history-a.json")"
is "where there is one" 1 "$(ls "$T"/hist/history-*.png | wc -l)"
rc "no run at all" 3 soak_chart --history "$T" -o "$T/none.png"
rc "a folder that is none" 2 soak_chart --history "$T/nowhere" -o "$T/none.png"

cat >"$T/set.yaml" <<'Y'
set: mine
charts:
  - {id: rate, title: Rate, kind: stack, unit: reqps, expr: 'rate(c_total[$window])', objective: 50}
  - {id: far, title: Too far, expr: g, needs: {every: 5s, because: it is quick}}
  - {id: around, title: Around, expr: g, around: {event: NO_SUCH, before: 5m, after: 5m}}
  - {id: none, title: None, expr: no_such_metric, missing: it was not recorded}
  - {id: against, title: Against, kind: against, x_title: load, queries: [{expr: 'sum(rate(c_total[$window]))'}, {expr: g}]}
  - {id: budget, title: Budget, kind: budget, objective: 90%, queries: [{expr: 'increase(c_total{code="503"}[$window])'}, {expr: 'sum(increase(c_total[$window]))'}]}
  - {id: unknown, title: Unknown, kind: budget, objective: 90%, queries: [{expr: 'increase(c_total{status="503"}[$window])'}, {expr: 'sum(increase(c_total[$window]))'}]}
  - {id: many, title: Many, kind: multiples, expr: 'rate(c_total[$window])'}
  - {id: diff, title: Difference, kind: difference, queries: [{expr: g, legend: now}, {expr: g offset 5m, legend: before}]}
  - {id: strip, title: Strip, kind: strip, results: checkpoint}
Y
rc "a chart set" 0 soak_chart -d "$D" -s "$T/set.yaml" -O "$T/s"
is "names its files" 10 "$(wc -l <"$T/out")"
is "an objective is a line" 50 "$(jq '.thresholds[0].value' "$T/s/rate.json")"
is "what samples cannot show is said in the picture" 'samples are 15 s apart, this needs one each 5 s: it is quick' "$(jq -r .cannot "$T/s/far.json")"
is "so is an event that was not recorded" 'no event NO_SUCH was recorded' "$(jq -r .cannot "$T/s/around.json")"
rc "and a metric" 0 soak_chart -d "$D" -s "$T/set.yaml" -O "$T/s" --format text
like "that was not" '"it was not recorded"' "$T/s/none.txt"
# 1200 of 37 200 failed, 10 % of them may.
is "the budget is spent by the errors" true "$(jq '.series[0].points[-1][1] | . > 0.6 and . < 0.75' "$T/s/budget.json")"
like "a label that is nowhere is no evidence for a full budget" 'none has that label' "$T/s/unknown.json"
is "load against another value" true "$(jq '.series[0].points | length > 100' "$T/s/against.json")"
sed 's/kind: stack/kind: stacked/' "$T/set.yaml" >"$T/set2.yaml"
rc "a kind that is none" 2 soak_chart -d "$D" -s "$T/set2.yaml" -O "$T/s"
like "with its place" 'set2.yaml:3:[0-9]+: no such kind' "$T/err"
sed 's/unit: reqps/units: reqps/' "$T/set.yaml" >"$T/set3.yaml"
rc "a key that is none" 2 soak_chart -d "$D" -s "$T/set3.yaml" -O "$T/s"
like "with the right one" "did you mean 'unit'" "$T/err"
for s in "$ROOT"/templates/charts/*.yaml; do
	rc "the shipped set $(basename "$s" .yaml)" 3 soak_chart -d "$D" -s "$(basename "$s" .yaml)" -O "$T/s"
	unlike "asks what can be parsed" 'parse error' "$T/err"
done
done_testing
