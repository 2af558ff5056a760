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
# outline NAME RUN TEMPLATE: how the HTML is built, without its sentences.
outline() {
	soak_report -t "$3.html" -o "$T/page.html" "$2" && python3 "$ROOT/tests/cli/outline.py" "$T/page.html" >"$T/outline"
	golden "$1/$3.outline" "$T/outline"
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
	for t in sign-off whitepaper proof; do outline "gateway-24h-$kind" "$T/$kind" $t; done
done
for kind in good troubled incomplete; do
	soak_run -q -p gateway-burn-in-48h -o "$T/burn-$kind" "$ROOT/samples/burn-in-48h-$kind" >"$T/burn-$kind.txt" 2>"$T/burn-$kind.err"
	golden "burn-in-48h-$kind/verdict.txt" "$T/burn-$kind.txt"
	soak_ingest -d "$T/burn-$kind/run.db" --list >"$T/burn-$kind.list"
	golden "burn-in-48h-$kind/list.tsv" "$T/burn-$kind.list"
done
golden "burn-in-48h-good/report.md" "$T/burn-good/report.md"
soak_run -q -p gateway-24h -o "$T/gateway-incomplete" "$ROOT/samples/gateway-24h-incomplete" >"$T/gateway-incomplete.txt" 2>"$T/gateway-incomplete.err"
golden "gateway-24h-incomplete/report.md" "$T/gateway-incomplete/report.md"
outline gateway-24h-incomplete "$T/gateway-incomplete" sign-off
# The SIT soak: both shapes of its log give the same.
for kind in good troubled/script troubled/runbook incomplete; do
	name=$(echo sit-$kind | tr / -)
	soak_run -q -p sit-48h -o "$T/$name" "$ROOT/samples/sit-48h-$kind" >"$T/$name.txt" 2>"$T/$name.err"
	golden "$name/verdict.txt" "$T/$name.txt"
	golden "$name/verdict.json" "$T/$name/verdict.json"
	golden "$name/report.md" "$T/$name/report.md"
	soak_ingest -d "$T/$name/run.db" --list >"$T/$name.list"
	golden "$name/list.tsv" "$T/$name.list"
	outline "$name" "$T/$name" checkpoint
done
soak_run -q -p sit-48h --waivers "$ROOT/samples/sit-48h-waivers.yaml" --attest "$ROOT/samples/sit-48h-attestations.yaml" \
    -o "$T/sit-people" "$ROOT/samples/sit-48h-good" >"$T/sit-people.txt" 2>"$T/sit-people.err"
golden "sit-good/with-people.txt" "$T/sit-people.txt"
soak_run -q -p sit-48h --waivers "$ROOT/samples/sit-48h-waivers.yaml" -o "$T/sit-early" "$ROOT/samples/sit-48h-incomplete" >"$T/sit-early.txt" 2>"$T/sit-early.err"
golden "sit-incomplete/with-waivers.txt" "$T/sit-early.txt"
for kind in good troubled incomplete; do
	soak_run -q -p synthetics-weekly -o "$T/week-$kind" "$ROOT/samples/synthetics-$kind" >"$T/week-$kind.txt" 2>"$T/week-$kind.err"
	golden "synthetics-$kind/verdict.txt" "$T/week-$kind.txt"
	golden "synthetics-$kind/report.md" "$T/week-$kind/report.md"
	soak_ingest -d "$T/week-$kind/run.db" --list >"$T/week-$kind.list"
	golden "synthetics-$kind/list.tsv" "$T/week-$kind.list"
	outline "synthetics-$kind" "$T/week-$kind" summary
done
for kind in good troubled incomplete; do
	soak_run -q -p stress-certification -o "$T/stress-$kind" "$ROOT/samples/stress-$kind" >"$T/stress-$kind.txt" 2>"$T/stress-$kind.err"
	golden "stress-$kind/verdict.txt" "$T/stress-$kind.txt"
	golden "stress-$kind/report.md" "$T/stress-$kind/report.md"
	outline "stress-$kind" "$T/stress-$kind" certification
done
soak_ingest -q -d "$T/last-week.db" -p load-baselines --start 2026-06-01T00:00:00Z "$ROOT/samples/baselines-last-week"
for kind in good troubled incomplete; do
	soak_run -q -p load-baselines --baseline "$T/last-week.db" -o "$T/baselines-$kind" "$ROOT/samples/baselines-$kind" >"$T/baselines-$kind.txt" 2>"$T/baselines-$kind.err"
	golden "baselines-$kind/verdict.txt" "$T/baselines-$kind.txt"
	golden "baselines-$kind/report.md" "$T/baselines-$kind/report.md"
	outline "baselines-$kind" "$T/baselines-$kind" sla
done
# Three weeks, of which the last went wrong.
mkdir -p "$T/weeks/2026-06-01" "$T/weeks/2026-06-08" "$T/weeks/2026-06-29"
cp "$T/baselines-good/verdict.json" "$T/weeks/2026-06-08/"
sed 's/"start": "2026-06-08/"start": "2026-06-01/; s/"end": "2026-06-15/"end": "2026-06-08/' "$T/baselines-incomplete/verdict.json" >"$T/weeks/2026-06-01/verdict.json"
sed 's/"start": "2026-06-08/"start": "2026-06-29/; s/"end": "2026-06-15/"end": "2026-07-06/' "$T/baselines-troubled/verdict.json" >"$T/weeks/2026-06-29/verdict.json"
soak_report --history "$T/weeks" --every 7d -o "$T/history.md"
golden "history.md" "$T/history.md"
[ $write = 1 ] || done_testing
