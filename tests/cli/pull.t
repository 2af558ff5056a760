#!/bin/sh
# soak-ingest --from: what a real Prometheus holds is in the store, to the last bit; broken off, it goes on where it was.
. "$(dirname "$0")/lib.sh"

rc "needs all of it" 2 soak_ingest -d "$T/x.db" --from http://127.0.0.1:1 --match up
rc "goes with no operands" 2 soak_ingest -d "$T/x.db" --from http://127.0.0.1:1 --match up --start 1 --end 2 "$T"
rc "and not without it" 2 soak_ingest -d "$T/x.db" --match up "$T"
rc "nobody listens" 2 soak_ingest -q -d "$T/x.db" --from http://127.0.0.1:1 --match up --start 1 --end 2
rc "no selector" 2 soak_ingest -q -d "$T/x.db" --from http://127.0.0.1:1 --match 'sum(up)' --start 1 --end 2

if ! command -v prometheus >/dev/null || ! command -v promtool >/dev/null || ! command -v perl >/dev/null; then
	skip "no prometheus here: nothing is pulled"
	done_testing
	exit 0
fi
. "$(dirname "$0")/prometheus.sh"
# 12 hours: a counter with a reset, one that begins late, a gauge with a gap, values and labels that are hard to print.
awk 'BEGIN {
	from = 1768197600; n = 2880
	print "# TYPE req counter"
	for (i = 0; i <= n; i++) printf "req_total{code=\"200\",host=\"h1\"} %d %d\n", i < 900 ? i * 7 : (i - 900) * 5, from + i * 15
	for (i = 390; i <= n; i++) printf "req_total{code=\"503\",host=\"h1\"} %d %d.250\n", i - 390, from + i * 15
	for (i = 0; i <= n; i++) printf "req_total{code=\"200\",host=\"h \\\"ü\\\" \\\\ \\n\tx\"} %d %d.5\n", i * i / 10, from + i * 15
	print "# TYPE temp gauge"
	for (i = 0; i <= n; i++) if (i < 150 || i > 1740) printf "temp{host=\"h1\"} %.17g %d\n", 20 + sin(i / 10) / 3, from + i * 15
	for (i = 0; i <= n; i += 4) printf "temp{host=\"h2\"} %s %d\n", i % 80 == 0 ? "NaN" : i % 80 == 4 ? "+Inf" : i % 80 == 8 ? "-Inf" : -i / 7e10, from + i * 15
	print "# EOF"
}' >"$T/all.om"
promtool tsdb create-blocks-from openmetrics "$T/all.om" "$T/tsdb" >"$T/promtool" 2>&1
result $? "blocks are made"
if ! prometheus_start "$T/tsdb"; then result 1 "a Prometheus comes up"; done_testing; exit 0; fi
pull() { soak_ingest -q -d "$T/$1.db" --from "$url" --match '{__name__=~".+"}' --start 1768197600 --end 1768240800.5 --into "$T/$2"; }
all_samples() { sqlite3 -readonly "$T/$1.db" 'SELECT name, labels, t, v, flag FROM sample JOIN series ON series.id = series ORDER BY 1, 2, 3'; }
soak_ingest -q -d "$T/all.db" "$T/all.om"
rc "pulled" 0 pull one one
all_samples all >"$T/want"
all_samples one >"$T/got"
is "what it holds is in the store" "" "$(diff "$T/want" "$T/got" | head -5)"
is "that is not nothing" $((2881 + 2491 + 2881 + 1290 + 721)) "$(wc -l <"$T/got" | tr -d ' ')"
[ "$(ls "$T/one" | wc -l)" -gt 1 ]; result $? "in several pieces"

# Broken off: the last pieces are missing. And one in the middle.
cp -r "$T/one" "$T/two"
rm "$T/two/$(ls "$T/two" | tail -1)"
rc "goes on" 0 pull two two
all_samples two >"$T/got"
is "and the same samples" "" "$(diff "$T/want" "$T/got" | head -5)"
is "a second time changes nothing" "$(all_samples two | sha256sum)" "$(pull two two; all_samples two | sha256sum)"
rm "$T/one/$(ls "$T/one" | head -1)"
rc "a hole is filled" 0 pull three one
all_samples three >"$T/got"
is "with the same samples" "" "$(diff "$T/want" "$T/got" | head -5)"

rc "nothing there" 2 soak_ingest -q -d "$T/n.db" --from "$url" --match nope --start 1768197600 --end 1768240800
rc "the default folder lies beside the store" 0 soak_ingest -q -d "$T/d.db" --from "$url" --match 'temp{host="h1"}' --start 1768197600 --end 1768201200
[ -d "$T/d.db.pulled" ]; result $? "as it says"
prometheus_stop
rc "and the evidence outlives the server" 0 soak_query -q -d "$T/one.db" --time 1768240800 'sum(increase(req_total[12h]))'
done_testing
