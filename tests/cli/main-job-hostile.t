#!/bin/sh
# Good runs, doctored: what each must not lead to is a GO. Most of these once did.
. "$(dirname "$0")/lib.sh"
good=$ROOT/samples/gateway-24h-good

# take NAME: a fresh copy of the good run to doctor, as $R
take() {
	R=$T/$1
	cp -R "$good" "$R"
}

# One criterion, 97 %, so that nothing else can save the verdict.
cat >"$T/mini.yaml" <<'Y'
profile: mini
run: {start: {event: SOAK_TEST_STARTED}, end: {event: SOAK_TEST_COMPLETED}, duration: 24h}
process_start: {series: gateway_process_start_time_seconds}
evidence:
  - snapshots: {file: "soak-h{hour}.prom", time: "run.start + ({hour} + 1) * 1h", every: 1h, count: 24}
  - snapshots: {file: soak-final.prom, time: run.end}
criteria:
  - id: success-rate
    sli: {total: gateway_requests_total, bad: 'gateway_requests_total{code=~"5.."}'}
    objective: 97%
Y
judged() { # NAME STATUS
	rc "$1" "$2" soak_run -q -p "${3:-$T/mini.yaml}" -o "$R.out" "$R"
}
rate() { jq -r '.criteria[] | select(.id == "success-rate") | .verdict' "$R.out/verdict.json"; }

take whole
judged "as it was recorded: a GO" 0

take vanished
for h in 11 12 13 14 15 16 17 18 19 20 21 22 23; do sed -i '/code="5/d' "$R/soak-h$h.prom"; done
sed -i '/code="5/d' "$R/soak-final.prom"
judged "the series of the errors end while the process goes on" 3

take zero
sed -i 's/^\(gateway_requests_total{tool="serpapi",action="search",code="200"}\) .*/\1 0/' "$R/soak-h18.prom"
judged "a counter that reads 0 once, in one and the same process" 3

take huge
for f in "$R"/*.prom; do
	awk '/^gateway_requests_total\{.*code="200"/ { $2 = sprintf("%.0f", 1e20 + $2) } 1' "$f" >"$T/x" && cp "$T/x" "$f"
done
judged "counters where a double counts no single requests" 3

take unlabelled
for f in "$R"/*.prom; do sed -i 's/^\(gateway_requests_total{tool="serpapi",action="search"\),code="200"}/\1}/' "$f"; done
judged "requests that do not say how they ended" 3

take twice
sed -n 's/^\(gateway_requests_total{.*}\) .*/\1 7/p' "$R/soak-final.prom" >>"$R/soak-final.prom"
judged "a series twice in one snapshot, with other values" 3
is "the file is not evidence" true "$(jq '[.evidence[].missing[]? | select(test("soak-final"))] | length == 1' "$R.out/verdict.json")"

take copies
for h in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23; do cp "$R/soak-final.prom" "$R/soak-h$h.prom"; done
judged "one snapshot under all names" 3

take cut
(cd "$good" && tar cf "$T/cut.tar" soak-events.log soak-h7.prom) && head -c 2000 "$T/cut.tar" >"$R/more.tar"
judged "an archive that was cut" 3
is "is evidence that is not whole" true \
	"$(jq '[.evidence[] | select(.id == "evidence/archives" or .id == "archives") | .missing[]] | length == 1' "$R.out/verdict.json")"

take flawed
sed -i 's/^\(.*\)SOAK_TEST_COMPLETED/half a line\n&/' "$R/soak-events.log"
cp "$T/mini.yaml" "$T/events.yaml" && cat >>"$T/events.yaml" <<'Y'
  - id: no-restart
    events: {none: GATEWAY_RESTARTED, source: soak-events.log}
Y
judged "silence of a log that is flawed is not proof" 3 "$T/events.yaml"

take among
mkdir "$R/logs" && echo "2026-03-02T09:00:00Z something" >"$R/logs/other.log"
rc "an output folder that holds evidence is refused" 2 soak_run -q -p "$T/mini.yaml" -o "$R/logs" "$R"
is "and stays as it was" other.log "$(ls "$R/logs")"
like "and named" "logs: lies among the artifacts and holds other.log" "$T/err"

take again
judged "a run to be repeated" 0
echo x >"$R.out/run.db.tmp-99-0"
mkdir -p "$R.out/charts" && echo x >"$R.out/charts/success-rate.json.tmp-99-0"
echo x >"$R.out/notes.txt"
judged "what a killed run left is in nobody's way" 0
is "and goes, while others' files stay" "charts mini.tar.gz notes.txt profile.yaml provenance.json recipe.json report.html report.md run.db statement.intoto.jsonl summary.md verdict.json" \
	"$(ls -A "$R.out" | tr '\n' ' ' | sed 's/ $//')"
is "among the charts, too" "" "$(find "$R.out/charts" -name '*.tmp-*')"
rm "$R.out/verdict.json" && echo x >"$R.out/verdict.json.tmp-99-0" && echo x >"$R.out/verdict.json.tmp-mine"
judged "nor what one left that was killed before its verdict" 0
is "which goes, and not what is only called like it" "verdict.json verdict.json.tmp-mine" "$(cd "$R.out" && ls -A | grep verdict | tr '\n' ' ' | sed 's/ $//')"
if command -v flock >/dev/null; then
	rc "one run at a time in a folder" 2 flock "$R.out" "$B/bin/soak-run" -q -p "$T/mini.yaml" -o "$R.out" "$R"
	like "is said" "another soak-run is at work there" "$T/err"
fi

take ruled
mkdir -p "$R/templates/formats"
sed "s/skip: \[/skip: ['RESTARTED', /" "$ROOT/templates/formats/gateway-events.yaml" >"$R/templates/formats/gateway-events.yaml"
sed -i '50i [2026-03-02T20:00:01.000Z] GATEWAY_RESTARTED' "$R/soak-events.log"
rc "evidence does not bring its own formats" 1 sh -c "cd '$R' && unset SOAK_TEMPLATES && '$B/bin/soak-run' -p gateway-24h -o ../ruled.out . >/dev/null"
like "and that is said" "templates: lies among the artifacts and is not used" "$T/err"
cp "$T/mini.yaml" "$R/gateway-24h.yaml"
rc "nor a profile in a shipped one's place" 2 sh -c "cd '$R' && '$B/bin/soak-run' -q -p gateway-24h -o ../ruled.out ."
like "the way out is said" "say -p ./gateway-24h.yaml or -p" "$T/err"
rc "one that is asked for by path is the user's choice" 0 sh -c "cd '$R' && '$B/bin/soak-run' -q -p ./gateway-24h.yaml -o ../ruled.out . >/dev/null"

done_testing
