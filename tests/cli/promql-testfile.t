#!/bin/bash
# Files in Prometheus' test language: ours, and upstream's where somebody has them: PROMQL_TESTDATA=.../promql/promqltest/testdata
. "$(dirname "$0")/lib.sh"

for f in "$ROOT"/tests/peer/promql/*.test; do
	rc "$(basename "$f"): all as expected" 0 "$B/peer/promql_testfile" -v "$f"
	grep -v '^[0-9]* expectations' "$T/out" | sed 's/^/# /'
done
like "none was left out" '^[0-9]* expectations: [1-9][0-9]* agree, 0 differ, 0 of native histograms left out, 0 refused' "$T/out"

# It can fail.
printf 'load 1m\n  x 1 2\n\neval instant at 1m x\n  x 3\n\neval instant at 1m x\n  y 2\n\neval instant at 1m x\n\neval instant at 1m x[\n  x 1\n' >"$T/wrong.test"
rc "four wrong expectations are told" 1 "$B/peer/promql_testfile" "$T/wrong.test"
is "each of them" "4 expectations: 0 agree, 4 differ, 0 of native histograms left out, 0 refused as not supported" "$(tail -1 "$T/out")"
printf 'load 1m\n  x {{}} 2\n\neval instant at 1m x\n  x 2\n\neval instant at 1m limit_ratio(0.5, y)\n' >"$T/nothing.test"
rc "nothing compared is no agreement" 2 "$B/peer/promql_testfile" "$T/nothing.test"

if [ -d "${PROMQL_TESTDATA:-}" ]; then
	# What its tests expect of --enable-feature=promql-delayed-name-removal is not what Prometheus does by default.
	for f in "$PROMQL_TESTDATA"/*.test; do
		"$B/peer/promql_testfile" "$f" >"$T/out" 2>"$T/err"
		case $(basename "$f") in
		name_label_dropping.test) want=5 ;;
		type_and_unit.test) want=4 ;;
		*) want=0 ;;
		esac
		is "upstream's $(basename "$f")" "$want" "$(sed -n 's/^[0-9]* expectations: [0-9]* agree, \([0-9]*\) differ.*/\1/p' "$T/out")"
		sed 's/^/# /' "$T/out" "$T/err"
	done
else
	skip "no PROMQL_TESTDATA with upstream's test files"
fi
done_testing
