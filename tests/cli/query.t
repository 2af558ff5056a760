#!/bin/sh
# soak-query: questions to a store, and honest answers about what it cannot say.
. "$(dirname "$0")/lib.sh"
D=$T/a.db
# One sample a minute from t=0 to t=600: a counter that grows by 60, a gauge with odd labels; c ends early.
{
	echo '# TYPE c counter'
	for t in 0 60 120 180 240 300; do echo "c_total{code=\"200\"} $t $t"; done
	for t in 0 60 120 180 240 300 360 420 480 540 600; do echo "c_total{code=\"503\"} $((t * 2)) $t"; done
	echo '# TYPE g gauge'
	for t in 0 60 120 180 240 300 360 420 480 540 600; do
		printf '%s\n' "g{note=\"say \\\"hi\\\", line\\nbreak\",esc=\"$(printf '\033')[31m\"} $t.5 $t"
	done
	echo '# EOF'
} >"$T/a.om"
soak_ingest -q -d "$D" "$T/a.om"
tab=$(printf '\t')

rc "an instant query" 0 soak_query -d "$D" 'c_total{code="503"}'
is "is at the last sample" "time${tab}value${tab}series 1970-01-01T00:10:00Z${tab}1200${tab}c_total{code=\"503\"}" \
	"$(paste -sd ' ' "$T/out")"
rc "at a time" 0 soak_query -d "$D" --time 300 c_total
is "of two series" 3 "$(wc -l <"$T/out")"
rc "at a time in words" 0 soak_query -d "$D" --time 1970-01-01T00:05:00Z 'c_total{code="200"}'
is "is the same one" 300 "$(sed -n 2p "$T/out" | cut -f 2)"
rc "at t=0" 0 soak_query -d "$D" --time 0 'c_total{code="503"}'
is "there is a sample" "1970-01-01T00:00:00Z${tab}0" "$(sed -n 2p "$T/out" | cut -f 1,2)"
rc "a range query" 0 soak_query -d "$D" --start 60 --end 180 --step 30s 'c_total{code="200"}'
is "has a line a step" "1970-01-01T00:01:00Z,60 1970-01-01T00:01:30Z,60 1970-01-01T00:02:00Z,120 1970-01-01T00:02:30Z,120 1970-01-01T00:03:00Z,180" \
	"$(sed 1d "$T/out" | cut -f 1,2 | tr '\t' , | paste -sd ' ')"
rc "with --step only it spans the store" 0 soak_query -d "$D" --step 5m 'c_total{code="503"}'
is "from its first to its last sample" "0 600 1200" "$(sed 1d "$T/out" | cut -f 2 | paste -sd ' ')"
rc "with --start only the step is a round one" 0 soak_query -d "$D" --start 0 -o json 'c_total{code="503"}'
is "that takes at most 250" 5 "$(jq '.data.result[0].values | .[1][0] - .[0][0]' "$T/out")"
rc "lookback" 0 soak_query -d "$D" --time 660 --lookback 30s g
is "shortens a sample's life" 1 "$(wc -l <"$T/out")"
soak_query -d "$D" --time 300 -o json 'count_over_time(c_total{code="503"}[5m])' >"$T/out"
is "a range of Prometheus 3 is open on the left" 5 "$(jq -r '.data.result[0].value[1]' "$T/out")"
soak_query -d "$D" --time 300 -o json --promql-compat 2 'count_over_time(c_total{code="503"}[5m])' >"$T/out"
is "one of Prometheus 2 is not" 6 "$(jq -r '.data.result[0].value[1]' "$T/out")"

rc "an expression may begin with a minus" 0 soak_query -d "$D" -- '-c_total{code="503"}'
is "behind --" "-1200${tab}{code=\"503\"}" "$(sed -n 2p "$T/out" | cut -f 2,3)"
echo 'c_total # from a file' >"$T/expr"
rc "- is standard input" 0 soak_query -d "$D" - <"$T/expr"
rc "arithmetic alone needs no series" 0 soak_query -d "$D" '1 + 1'
is "and is a scalar" "1970-01-01T00:10:00Z${tab}2$tab" "$(sed -n 2p "$T/out")"
rc "a string" 0 soak_query -d "$D" -o json '"x"'
is "is one in JSON, too" string "$(jq -r .data.resultType "$T/out")"
SOAK_DB=$D rc "\$SOAK_DB is the store" 0 soak_query c_total

rc "json" 0 soak_query -d "$D" -o json --time 600 g
is "is Prometheus' answer" '{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"g","esc":"\u001b[31m","note":"say \"hi\", line\nbreak"},"value":[600,"600.5"]}]}}' \
	"$(cat "$T/out")"
rc "a raw range in json" 0 soak_query -d "$D" -o json --time 600 'g[2m]'
is "has the samples' own times" '[[540,"540.5"],[600,"600.5"]]' "$(jq -c '.data.result[0].values' "$T/out")"
rc "csv" 0 soak_query -d "$D" -o csv --time 600 g
is "quotes what RFC 4180 wants" '1970-01-01T00:10:00Z,600.5,"g{esc=""\x1b[31m"",note=""say \""hi\"", line\nbreak""}"' \
	"$(sed -n 2p "$T/out" | tr -d '\r')"
is "ends lines in CR LF" 2 "$(grep -c "$(printf '\r')\$" "$T/out")"
rc "a table" 0 soak_query -d "$D" -o table --step 1m 'c_total'
like "has a row a series" '^ *0 +0 +1200 +1200 +11  c_total\{code="503"\}$' "$T/out"
for o in table tsv csv; do
	soak_query -d "$D" -o $o g >"$T/out"
	unlike "no escape sequence in $o" "$(printf '\033')" "$T/out"
done
rc "an output that is none" 2 soak_query -d "$D" -o xml g

rc "an empty result by right" 0 soak_query -d "$D" 'c_total > 1e9'
is "has a header only" "time${tab}value${tab}series" "$(cat "$T/out")"
rc "an empty result in json" 0 soak_query -d "$D" -o json 'c_total > 1e9'
is "is an empty list" '[]' "$(jq -c .data.result "$T/out")"
rc "a metric never seen" 3 soak_query -d "$D" 'c_totl'
like "is named, with what was meant" 'no series matches c_totl: .*did you mean c_total\?' "$T/err"
rc "a label value never seen" 3 soak_query -d "$D" 'sum(rate(c_total{code="404"}[5m]))'
like "is named, with those there are" 'code="404".*200, 503' "$T/err"
rc "absent() of what was never seen answers" 3 soak_query -d "$D" 'absent(nope)'
is "but does not pass" 1 "$(sed -n 2p "$T/out" | cut -f 2)"
rc "one that was seen is enough" 0 soak_query -d "$D" 'c_total or nope'

rc "a range too short for the samples" 3 soak_query -d "$D" 'rate(c_total[1m])'
like "cannot be answered" 'range 1m of c_total\[1m\] .* interval of 1m: cannot be answered from these samples' "$T/err"
rc "a range that fits" 0 soak_query -d "$D" --time 300 'rate(c_total[5m])'
is "is answered" "1 2" "$(sed 1d "$T/out" | cut -f 2 | sort | paste -sd ' ')"
rc "--explain" 3 soak_query -d "$D" --explain 'sum by (code) (rate(c_total[1m])) > 1'
like "prints the tree" '^    rate\(\)$' "$T/out"
like "what is read" '^        2 series, 1 sample from .* one each 1m$' "$T/out"
like "and the doubt" 'warning: range 1m .* cannot be answered from these samples' "$T/out"
like "and how long it took" 'evaluated in [0-9.]+ ms' "$T/err"
rc "--explain without a doubt" 0 soak_query -d "$D" --explain 'rate(c_total[5m])'
unlike "warns of nothing" 'warning' "$T/out"

rc "an expression that does not parse" 2 soak_query -d "$D" 'sum(c_total{code=})'
like "with its place" '^soak-query: 1:18: parse error: ' "$T/err"
is "and a caret below it" "                   ^" "$(tail -1 "$T/err")"
[ ! -s "$T/out" ]; result $? "nothing on stdout then"
rc "a lookback without a store is not looked at" 2 soak_query -d "$T/none.db" 'up'
[ ! -e "$T/none.db" ]; result $? "no store is made by asking"
rc "a server's option with a store" 2 soak_query -d "$D" --local-eval c_total
like "is for a server" 'are for a server' "$T/err"
rc "an anchored range: exact" 0 soak_query -d "$D" --time 600 'increase(c_total[5m] anchored)'
rc "one that the samples cannot answer is none, though it has a value" 3 soak_query -d "$D" --time 600 --lookback 1s 'increase(c_total[1s] anchored)'
like "and says so" 'cannot be answered from these samples' "$T/err"
rc "a deadline that is not reached" 0 soak_query -d "$D" --timeout 1h c_total
rc "one that is" 2 soak_query -d "$D" --timeout 1ms --start 0 --end 600 --step 60ms 'count_over_time(c_total[10m:60ms])'
like "ends the query" 'query timed out' "$T/err"
rc "one expression only" 2 soak_query -d "$D" a b
rc "no expression" 2 soak_query -d "$D"
rc "a time and a range" 2 soak_query -d "$D" --time 1 --step 1 up
rc "an end before the start" 2 soak_query -d "$D" --start 2 --end 1 up
for bad in --step=0 --step=x --lookback=0 --promql-compat=1 --max-samples=0 --max-samples=x --time=yesterday; do
	rc "$bad" 2 soak_query -d "$D" "$bad" up
done
rc "too many steps" 2 soak_query -d "$D" --start 0 --end 600 --step 1ms c_total
rc "too many samples" 2 soak_query -d "$D" --max-samples 3 'c_total[10m]'
rc "two series in one place" 2 soak_query -d "$D" --time 300 'c_total + on () c_total'

rc "--check" 0 soak_query --check 'sum(rate(x[5m])) by (a)'
[ ! -s "$T/out" ]; result $? "is silent on stdout"
rc "--check of nonsense" 2 soak_query --check 'rate(x)'
rc "--format" 0 soak_query --format 'sum(rate(x[300]))by(a)'
is "is canonical" 'sum by (a) (rate(x[5m]))' "$(cat "$T/out")"

soak_ingest -q -d "$T/timeless.db" "$ROOT/samples/gateway-24h-good"
rc "snapshots without times" 3 soak_query -d "$T/timeless.db" gateway_requests_total
like "are counted" '25 artifacts have no time' "$T/err"
soak_ingest -q -d "$T/placed.db" -p gateway-24h "$ROOT/samples/gateway-24h-good"
rc "once they are placed" 0 soak_query -d "$T/placed.db" -p gateway-24h -o json 'sum(increase(gateway_requests_total[24h]))'
is "the profile's run is the time that is meant" 2026-03-03T08:00:00Z "$(jq -r '.data.result[0].value[0] | todate' "$T/out")"
rc "an hourly run cannot answer for minutes" 3 soak_query -d "$T/placed.db" 'sum(rate(gateway_requests_total[5m]))'
like "and says so" 'interval of 1h: cannot be answered' "$T/err"

: >"$T/none.om"; echo '# EOF' >"$T/eof.om"
soak_ingest -q -d "$T/empty.db" "$T/eof.om" 2>/dev/null
[ ! -e "$T/empty.db" ] || rc "a store without samples" 3 soak_query -d "$T/empty.db" up
rc "a full disk is trouble" 2 sh -c "'$B/bin/soak-query' -d '$D' c_total >/dev/full"
i=0; deep=
while [ $i -lt 12 ]; do deep="$deep((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((("; i=$((i + 1)); done
rc "a thousand parentheses" 2 soak_query -d "$D" "$deep"
done_testing
