#!/bin/sh
# The main job on our own samples, as a user runs it.
. "$(dirname "$0")/lib.sh"
good=$ROOT/samples/gateway-24h-good
bad=$ROOT/samples/gateway-24h-troubled

rc "a good run is a GO" 0 soak_run -q -p gateway-24h -o "$T/good" "$good"
for f in run.db statement.intoto.jsonl verdict.json charts/success-rate.png report.md report.html gateway-24h.tar.gz; do
	[ -s "$T/good/$f" ]; result $? "$f is there"
done
is "nothing else is left" "charts gateway-24h.tar.gz profile.yaml provenance.json recipe.json report.html report.md run.db statement.intoto.jsonl summary.md verdict.json" \
	"$(ls -A "$T/good" | tr '\n' ' ' | sed 's/ $//')"
V=$T/good/verdict.json
is "the decision" "GO PASS" "$(jq -r '.decision + " " + .verdict' "$V")"
# 432,000 requests and 720 probes; the counts stand in the final snapshot since nothing restarted.
total=$(sed -n 's/^gateway_requests_total{.*} //p' "$good/soak-final.prom" | awk '{s+=$1} END {print s}')
fivexx=$(sed -n 's/^gateway_requests_total{.*code="5..".*} //p' "$good/soak-final.prom" | awk '{s+=$1} END {print s}')
is "every request is counted" "$total" "$(jq '.criteria[] | select(.id == "success-rate") | .n.value' "$V")"
is "the success rate is exact" true \
	"$(jq --argjson t "$total" --argjson b "$fivexx" '.criteria[] | select(.id == "success-rate") | (.observed.value - (1 - $b / $t)) | fabs < 1e-9' "$V")"
is "its figure has an id made from its meaning" criterion/success-rate/observed \
	"$(jq -r '.criteria[] | select(.id == "success-rate") | .observed.id' "$V")"
is "the whole run is covered" 1 "$(jq '.criteria[] | select(.id == "success-rate") | .coverage.value' "$V")"
is "hour 0 was taken at its end" 2026-03-02T09:00:00Z "$(jq -r '.inputs[] | select(.name == "soak-h0.prom") | .time' "$V")"
is "the profile says so" profile "$(jq -r '.inputs[] | select(.name == "soak-h0.prom") | .time_source' "$V")"
is "the summary's claims are explained" "explained explained" \
	"$(jq -r '[.claims[] | select(.path == "success_rate" or .path == "denial_rate") | .state] | join(" ")' "$V")"
is "no contradiction" 0 "$(jq '.contradictions | length' "$V")"
is "three success rates" 3 "$(jq '.rates | length' "$V")"

rc "a troubled run is a NO-GO" 1 soak_run -q -p gateway-24h -o "$T/bad" "$bad"
like "on the terminal, too" '^NO-GO' "$T/out"
V=$T/bad/verdict.json
is "the empty and the cut snapshot are missing evidence" 2 \
	"$(jq '[.evidence[].missing[] | select(test("soak-h3.prom|soak-h18.prom"))] | length' "$V")"
is "the cut one's problem names the line" true \
	"$(jq '[.problems[] | select(.source == "soak-h18.prom" and .severity == "error" and .line > 20)] | length == 1' "$V")"
is "the restart makes totals at least" true "$(jq '.criteria[] | select(.id == "success-rate") | .at_least' "$V")"
is "what it hid has a length" "28 35" \
	"$(jq -r '.criteria[] | select(.id == "success-rate") | .coverage | "\(.unseen_seconds_min) \(.unseen_seconds_max)"' "$V")"
is "the summary's success rate is contradicted" contradicted "$(jq -r '.claims[] | select(.path == "success_rate") | .state' "$V")"
is "and its rates do not total 100" true "$(jq '[.contradictions[] | select(.id | test("check"))] | length >= 1' "$V")"
like "the report says so on its first page" 'NO-GO' "$T/bad/report.md"

soak_run -q -p gateway-24h -o "$T/again" "$good" >/dev/null
for f in run.db statement.intoto.jsonl verdict.json report.md report.html charts/success-rate.png gateway-24h.tar.gz; do
	cmp -s "$T/good/$f" "$T/again/$f"; result $? "twice the same bytes: $f"
done
cp -R "$good" "$T/copy"
(cd "$T" && TZ=Asia/Tokyo HOME=/nowhere LC_ALL=C.UTF-8 soak_run -q -p gateway-24h -o elsewhere copy >/dev/null)
cmp -s "$T/good/gateway-24h.tar.gz" "$T/elsewhere/gateway-24h.tar.gz"
result $? "from another folder, zone and home, too"

mkdir "$T/unpacked" && tar xzf "$T/good/gateway-24h.tar.gz" -C "$T/unpacked"
(cd "$T/unpacked/gateway-24h" && sha256sum --quiet -c manifest-sha256.txt tagmanifest-sha256.txt) >"$T/out" 2>&1
result $? "sha256sum accepts the unpacked bag"
cmp -s "$good/soak-h7.prom" "$T/unpacked/gateway-24h/data/artifacts/soak-h7.prom"
result $? "the artifacts are in it as they were"
cmp -s "$T/good/run.db" "$T/unpacked/gateway-24h/data/run.db"
result $? "and the store"

(cd "$T" && tar czf run-20260303.tar.gz -C "$good/.." gateway-24h-good)
rc "an archive is read in place" 0 soak_run -q -p gateway-24h -o "$T/tar" "$T/run-20260303.tar.gz"
is "with the same success rate" \
	"$(jq '.criteria[0].observed.value' "$T/good/verdict.json")" "$(jq '.criteria[0].observed.value' "$T/tar/verdict.json")"

mkdir "$T/nothing"
rc "an empty folder is inconclusive" 3 soak_run -q -p gateway-24h -o "$T/empty" "$T/nothing"
rc "a folder that is not there is trouble" 2 soak_run -q -p gateway-24h -o "$T/x" "$T/not-there"
rc "no profile is usage" 2 soak_run -o "$T/x" "$good"
rc "an unknown profile is trouble" 2 soak_run -p nonesuch -o "$T/x" "$good"
like "and the known ones are named" 'gateway-24h' "$T/err"
mkdir "$T/noise" && echo "hello" >"$T/noise/notes.txt" && : >"$T/noise/soak-h0.prom"
rc "nothing usable is inconclusive" 3 soak_run -q -p gateway-24h -o "$T/noisy" "$T/noise"

mkdir "$T/odd" && cp "$good"/* "$T/odd" && cp "$good/soak-h1.prom" "$T/odd/2026-03-02T10:00 100%.prom"
rc "names that no bag can hold do not cost the verdict" 0 soak_run -q -p gateway-24h -o "$T/odd-out" "$T/odd"
tar xzf "$T/odd-out/gateway-24h.tar.gz" -C "$T/odd" gateway-24h/data 2>/dev/null
like "the package says what stands for them" '^artifacts/renamed-1-.*	"2026-03-02T10:00 100%.prom"	' "$T/odd/gateway-24h/data/renamed.tsv"
cmp -s "$good/soak-h1.prom" "$T/odd/gateway-24h/data/artifacts/renamed-1-2026-03-02T10_00_100_.prom"
result $? "and holds them"
# What a newcomer stumbled over.
cp -R "$good" "$T/silent" && grep -v RESTARTED "$bad/soak-events.log" >"$T/silent/soak-events.log" && cp "$bad"/*.prom "$T/silent"
rc "a restart that no log tells of" 1 soak_run -q -p gateway-24h -o "$T/silent-out" "$T/silent"
is "is found by the process start time" "FAIL 1" \
	"$(jq -r '.criteria[] | select(.id == "no-restart") | "\(.verdict) \(.observed.value)"' "$T/silent-out/verdict.json")"
cp -R "$good" "$T/short" && rm "$T/short/soak-final.prom" "$T/short/soak-h23.prom" "$T/short/manifest.txt"
rc "an hour that was not seen refutes nothing" 3 soak_run -q -p gateway-24h -o "$T/short-out" "$T/short"
is "no claim is called false for it" 0 "$(jq '.contradictions | length' "$T/short-out/verdict.json")"
cp -R "$good" "$T/own" && (cd "$T/own" && soak_run -q -p gateway-24h . >/dev/null && soak_run -q -p gateway-24h . >/dev/null)
is "its own output is not read as evidence" 0 "$(jq '[.inputs[] | select(.name | startswith("out/"))] | length' "$T/own/out/verdict.json")"
cp "$T/own/out/gateway-24h.tar.gz" "$T/old.tar.gz"
rc "no profile, no verdict" 2 sh -c "cd '$T/own' && '$B/bin/soak-run' -q -p gateway-24h nowhere"
rc "a run that fails at its start" 3 sh -c "cd '$T/own' && '$B/bin/soak-run' -q -p gateway-burn-in-48h . >/dev/null"
[ ! -e "$T/own/out/gateway-24h.tar.gz" ]; result $? "leaves no package of an earlier one"
is "nor its chart" "" "$(tar tzf "$T/own/out/gateway-burn-in-48h.tar.gz" | grep charts/ | grep -v availability | grep png)"
rc "two folders with files of the same names" 1 soak_run -q -p gateway-24h -o "$T/two" "$good" "$bad"
done_testing
