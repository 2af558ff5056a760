#!/bin/sh
# soak-judge: the gate.
. "$(dirname "$0")/lib.sh"
soak_ingest -q -d "$T/good.db" -p gateway-24h "$ROOT/samples/gateway-24h-good"
soak_ingest -q -d "$T/bad.db" -p gateway-24h "$ROOT/samples/gateway-24h-troubled"
rc "good" 0 soak_judge -d "$T/good.db" gateway-24h
rc "good, profile as an option" 0 soak_judge -d "$T/good.db" -p gateway-24h
rc "troubled" 1 soak_judge -d "$T/bad.db" gateway-24h
rc "json" 1 soak_judge -d "$T/bad.db" -o json gateway-24h
is "verdict and exit code agree" FAIL "$(jq -r .verdict "$T/out")"
rc "a store that is not there" 2 soak_judge -d "$T/none.db" gateway-24h
[ ! -e "$T/none.db" ]; result $? "is not made by asking"
for f in text json junit md github tsv; do
	rc "-o $f has the same exit code" 1 soak_judge -d "$T/bad.db" -o $f gateway-24h
	cp "$T/out" "$T/bad.$f"
done
failed=$(jq '[.criteria[] | select(.verdict == "FAIL")] | length' "$T/bad.json")
open=$(jq '[.criteria[] | select(.verdict == "INCONCLUSIVE" and (.optional | not))] | length' "$T/bad.json")
absent=$(jq '[.evidence[] | select((.present or .optional) | not)] | length' "$T/bad.json")
lies=$(jq '.contradictions | length' "$T/bad.json")
is "junit counts the same failures" "$((1 + failed + lies))" "$(sed -n 's/.*<testsuite .* failures="\([0-9]*\)".*/\1/p' "$T/bad.junit")"
is "and errors" "$((open + absent))" "$(sed -n 's/.*<testsuite .* errors="\([0-9]*\)".*/\1/p' "$T/bad.junit")"
if command -v xmllint >/dev/null; then rc "which is XML" 0 xmllint --noout "$T/bad.junit"; fi
is "tsv names the same failures" "$(jq -r '.criteria[] | select(.verdict == "FAIL").id' "$T/bad.json")" \
	"$(awk -F'\t' '$1 == "criterion" && $3 == "FAIL" {print $2}' "$T/bad.tsv")"
like "github annotates" '^::error title=FAIL%3A ' "$T/bad.github"
echo "# before" >"$T/summary"
GITHUB_STEP_SUMMARY="$T/summary" soak_judge -d "$T/bad.db" -o github gateway-24h >/dev/null
is "the step summary is appended to" "# before" "$(head -1 "$T/summary")"
tail -n +2 "$T/summary" | cmp -s - "$T/bad.md"; result $? "with what -o md prints"
rc "an output that is none" 2 soak_judge -d "$T/good.db" -o pdf gateway-24h
chmod a-w "$T/good.db" && rc "a store that may only be read" 0 soak_judge -d "$T/good.db" gateway-24h

soak_ingest -q -d "$T/timeless.db" "$ROOT/samples/gateway-24h-good"
rc "snapshots without times are inconclusive" 3 soak_judge -d "$T/timeless.db" gateway-24h

profile() { printf 'profile: p\ntitle: t\nrun: {start: {event: SOAK_TEST_STARTED}, end: {event: SOAK_TEST_COMPLETED}}\nprocess_start: {series: gateway_process_start_time_seconds}\ncriteria:\n%s\n' "$1" >"$T/p.yaml"; }
sli='sli: {total: gateway_requests_total, bad: '"'"'gateway_requests_total{code=~"5.."}'"'"'}'
profile "  - {id: a, $sli, objective: 99.9%}"
rc "an objective that is missed" 1 soak_judge -d "$T/good.db" "$T/p.yaml"
profile "  - {id: a, $sli, objective: 90%, warn: 99.9%}"
rc "a warning passes" 0 soak_judge -d "$T/good.db" "$T/p.yaml"
rc "but not with --strict" 1 soak_judge -d "$T/good.db" --strict "$T/p.yaml"
profile "  - {id: a, sli: {total: no_such_total, bad: no_such_total}, objective: 1%}"
rc "a metric never seen is inconclusive" 3 soak_judge -d "$T/good.db" "$T/p.yaml"
profile "  - {id: a, optional: true, sli: {total: no_such_total, bad: no_such_total}, objective: 1%}"
rc "and optional alone does not make it a pass" 3 soak_judge -d "$T/good.db" "$T/p.yaml"
profile "  - {id: a, sli: {count: 'gateway_requests_total{code=\"599\"}'}, objective: '<= 0'}"
rc "no matching series of a known metric is 0" 0 soak_judge -d "$T/good.db" "$T/p.yaml"
rc "--lint says which selector matches nothing" 0 soak_judge --lint -d "$T/good.db" "$T/p.yaml"
like "with its place" 'p\.yaml:6:[0-9]+: note: .*599' "$T/err"
profile "  - {id: a, sli: {count: 'gateway_requests_total{tool=\"serpapy\"}'}, objective: '>= 1'}"
soak_judge --lint -d "$T/good.db" "$T/p.yaml" 2>"$T/err"
like "and what was probably meant" 'did you mean tool="serpapi"' "$T/err"
profile "  - {id: a, sli: {count: gateway_request_total}, objective: '>= 1'}"
soak_judge --lint -d "$T/good.db" "$T/p.yaml" 2>"$T/err"
like "for a metric, too" "did you mean 'gateway_requests_total'" "$T/err"
rc "--lint of the shipped profile has nothing to say" 0 soak_judge --lint -d "$T/good.db" gateway-24h
is "but that it is fine" "soak-judge: $ROOT/templates/profiles/gateway-24h.yaml: fine" "$(grep -v 'matches no series' "$T/err")"
profile "  - {id: a, events: {name: CHAOS_MODE_ONN}}
quantities: {all: gateway_requests_total}
claims: [{path: sucess_rate, equals: 'al / all'}]"
soak_judge --lint -d "$T/good.db" "$T/p.yaml" 2>"$T/err"
like "--lint knows events" "p.yaml:6:[0-9]+: note: no event in the store is called 'CHAOS_MODE_ONN'; did you mean 'CHAOS_MODE_ON'" "$T/err"
like "and claims" "p.yaml:8:[0-9]+: note: no artifact in the store claims 'sucess_rate'" "$T/err"
like "and the names in them" "note: 'al' is no quantity" "$T/err"
printf 'profile: p\ncriteria: []\n' >"$T/p.yaml"
rc "no criteria is an error" 2 soak_judge -d "$T/good.db" "$T/p.yaml"
profile "  - {id: a, $sli, objectve: 99.9%}"
rc "an unknown key is an error" 2 soak_judge -d "$T/good.db" "$T/p.yaml"
like "with line, column and a guess" "p\.yaml:6:[0-9]+: .*objectve.*objective" "$T/err"
profile "  - {id: a, sli: {total: 'x{', bad: x}, objective: 9%}"
rc "a selector that does not parse is an error" 2 soak_judge -d "$T/good.db" "$T/p.yaml"
like "with its place" 'p\.yaml:6:[0-9]+' "$T/err"
rc "--lint finds it without a store" 2 soak_judge --lint "$T/p.yaml"
# What people add.
profile "  - {id: a, $sli, objective: 99.9%}
  - {id: b, events: {name: SOAK_TEST_STARTED}}
  - {id: c, attest: nobody was paged}"
cat >"$T/w.yaml" <<'Y'
waivers:
  - {id: W-1, criterion: a, observed: 99 %, reason: known, owner: Ada, approver: Ben, created: 2026-03-01, expires: 2026-04-01}
Y
cat >"$T/a.yaml" <<'Y'
attestations:
  - {criterion: c, statement: Nobody was paged., holds: true, by: Cara, role: SRE, stated: 2026-03-04}
Y
rc "what failed fails" 1 soak_judge -d "$T/good.db" "$T/p.yaml"
rc "waived, and one thing nobody has stated" 3 soak_judge -d "$T/good.db" --waivers "$T/w.yaml" "$T/p.yaml"
rc "stated, too" 0 soak_judge -d "$T/good.db" --waivers "$T/w.yaml" --attest "$T/a.yaml" "$T/p.yaml"
like "a GO WITH WAIVERS" "^GO WITH WAIVERS" "$T/out"
like "says who" "W-1 .FAIL. accepted by Ada, approved by Ben, until$" "$T/out"
like "marked manual" "c .manual." "$T/out"
rc "an expired waiver is an error" 2 soak_judge -d "$T/good.db" --waivers "$T/w.yaml" --now 2026-04-02T00:00:00Z "$T/p.yaml"
like "with its place" "w.yaml:2:[0-9]+: the waiver W-1 expired at 2026-04-02T00:00:00Z" "$T/err"
SOURCE_DATE_EPOCH=1775088000 rc "by SOURCE_DATE_EPOCH, too" 2 env SOURCE_DATE_EPOCH=1775088000 "$B/bin/soak-judge" -d "$T/good.db" --waivers "$T/w.yaml" "$T/p.yaml"
rc "a file of waivers that is none" 2 soak_judge -d "$T/good.db" --waivers "$T/a.yaml" "$T/p.yaml"
rc "soak-run takes them, too" 0 soak_run -q -p "$T/p.yaml" -o "$T/people" --waivers "$T/w.yaml" --attest "$T/a.yaml" "$ROOT/samples/gateway-24h-good"
is "and packs them" "attestations.yaml waivers.yaml" "$(tar tzf "$T/people/p.tar.gz" | sed -n 's|p/data/\([a-z]*s.yaml\)$|\1|p' | sort | tr '\n' ' ' | sed 's/ $//')"
is "with their digest in the verdict" "$(sha256sum <"$T/w.yaml" | cut -d' ' -f1)" "$(jq -r .waivers_sha256 "$T/people/verdict.json")"
like "in the report" "W-1.*known.*Ada.*Ben" "$T/people/report.md"
like "in the report as HTML" 'Approver">Ben<' "$T/people/report.html"
like "what is stated, as manual" "Stated by people .manual." "$T/people/report.md"
# While the run goes on: the sample up to its fourteenth hour, and all of it.
mkdir "$T/half" && for h in 0 1 2 3 4 5 6 7 8 9 10 11 12 13; do cp "$ROOT/samples/gateway-24h-good/soak-h$h.prom" "$T/half"; done
sed '/SOAK_TEST_COMPLETED/d' "$ROOT/samples/gateway-24h-good/soak-events.log" | head -60 >"$T/half/soak-events.log"
soak_ingest -q -d "$T/half.db" -p gateway-24h "$T/half"
soak_judge -d "$T/half.db" --so-far gateway-24h >"$T/out" 2>"$T/err"
like "so far: until when it is known" "^as of 2026-03-02T22:00:00Z, planned until 2026-03-03T08:00:00Z" "$T/out"
like "the success rate passes so far" "^passing  success-rate: " "$T/out"
like "what is to come is owed" "^owed     policy-updated" "$T/out"
rc "json, too" 0 sh -c "'$B/bin/soak-judge' -d '$T/half.db' --so-far -o json gateway-24h | jq -e '.so_far == \"PASSING\"' >/dev/null || exit 3"
rc "the whole run is over" 0 soak_judge -d "$T/good.db" --so-far gateway-24h
like "and said to be" "the run is over" "$T/out"
rc "the troubled one has failed" 1 soak_judge -d "$T/bad.db" --so-far gateway-24h
# What no log has, and a person says.
cp "$ROOT/samples/gateway-24h-good/soak-events.log" "$T/events.log"
soak_ingest -q -d "$T/said.db" -p gateway-24h "$T/events.log"
profile "  - {id: i, events: {none: INCIDENT}}
  - {id: b, events: {name: SOAK_TEST_STARTED}}"
rc "no list of incidents is not no incidents" 3 soak_judge -d "$T/said.db" "$T/p.yaml"
rc "an event needs an author" 2 soak_ingest -d "$T/said.db" --event 2026-03-02T12:00:00Z INCIDENT_P1 "database failover"
rc "it is recorded" 0 soak_ingest -d "$T/said.db" --event 2026-03-02T12:00:00Z --by "Ada / Lead" INCIDENT_P1 "database failover"
rc "twice is once" 0 soak_ingest -d "$T/said.db" --event 2026-03-02T12:00:00Z --by "Ada / Lead" INCIDENT_P1 "database failover"
is "one event" "1" "$(soak_ingest -d "$T/said.db" -l | grep -c "^manual/Ada - Lead/")"
rc "and counts" 1 soak_judge -d "$T/said.db" -o json "$T/p.yaml"
is "marked manual" "true true" "$(jq -r '[(.criteria[] | select(.id == "i").manual), (.events[] | select(.name == "INCIDENT_P1").manual)] | join(" ")' "$T/out")"
done_testing
