#!/bin/sh
# What our samples give, compared with what a person looked at and accepted.
# golden.t --write (make golden) rewrites tests/golden; the reviewer reads the difference.
if [ "${1:-}" = --write ]; then write=1; else write=0; fi
. "$(dirname "$0")/lib.sh"

golden() { # NAME FILE
	if [ $write = 1 ]; then
		mkdir -p "$ROOT/tests/golden/$(dirname "$1")" && cp "$2" "$ROOT/tests/golden/$1" && echo "wrote $1"
	else
		diff -u "$ROOT/tests/golden/$1" "$2" >"$T/diff" 2>&1
		result $? "$1"
		sed 's/^/# /' "$T/diff" | head -20
	fi
}
for kind in good troubled; do
	soak_run -q -p gateway-24h -o "$T/$kind" "$ROOT/samples/gateway-24h-$kind" >"$T/$kind.txt" 2>"$T/$kind.err"
	golden "gateway-24h-$kind/verdict.txt" "$T/$kind.txt"
	golden "gateway-24h-$kind/verdict.json" "$T/$kind/verdict.json"
	golden "gateway-24h-$kind/report.md" "$T/$kind/report.md"
	golden "gateway-24h-$kind/charts-success-rate.json" "$T/$kind/charts/success-rate.json"
	soak_ingest -q -d "$T/$kind.db" -p gateway-24h "$ROOT/samples/gateway-24h-$kind"
	soak_ingest -d "$T/$kind.db" --list >"$T/$kind.list"
	golden "gateway-24h-$kind/list.tsv" "$T/$kind.list"
done
[ $write = 1 ] || done_testing
