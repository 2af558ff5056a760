#!/bin/sh
# recompute.t - soak-verify --recompute: what is packed is what the packed evidence gives; a packer who lies is found out.
. "$(dirname "$0")/lib.sh"

cd "$T" || exit 1
mkdir tmp && TMPDIR=$T/tmp && export TMPDIR
# SAMPLE OPTIONS...: packed, then made again
again() {
	_s=$1; shift
	soak_run -q -p "$ROOT/templates/profiles/gateway-24h.yaml" -o run "$@" "$ROOT/samples/$_s" >/dev/null 2>&1
	rc "the same: $_s $*" 0 soak_verify -q --no-signatures --recompute run/gateway-24h.tar.gz
	is "without a word" "" "$(cat "$T/err")"
}
again gateway-24h-troubled
again gateway-24h-troubled --strict
again gateway-24h-good --start 2026-01-12T06:00:00Z
again gateway-24h-good
[ -z "$(ls tmp)" ]; result $? "nothing is left behind"
is "no absolute path in the recipe" 0 "$(grep -c '"/' run/recipe.json)"
for f in tar.zst zip dir; do
	soak_pack -q --format $f -o "p.$f" -a "$ROOT/samples/gateway-24h-good" run
	rc "from a $f" 0 soak_verify -q --no-signatures --recompute "p.$f"
done

# Whoever packs can write all manifests anew: only making it again shows what he changed.
seal() { # in the folder of a package
	find data -type f | LC_ALL=C sort | while read -r f; do sha256sum "$f"; done >manifest-sha256.txt &&
		sed -i "s/^Payload-Oxum: .*/Payload-Oxum: $(find data -type f -printf '%s\n' | awk '{s += $1} END {printf "%d.%d", s, NR}')/" bag-info.txt &&
		sha256sum bag-info.txt bagit.txt manifest-sha256.txt >tagmanifest-sha256.txt
}
lie() { # WHAT REASON SCRIPT: in a folder with the package
	rm -rf lie && soak_pack -q --format dir -o lie -a "$ROOT/samples/gateway-24h-good" run
	(cd lie && rm -f statement.intoto.jsonl && eval "$3" && seal)
	rc "the lie is whole: $1" 0 soak_verify -q --no-signatures lie
	rc "and found out: $1" 1 soak_verify -q --no-signatures --recompute lie
	like "reason $2" ": $2: " "$T/err"
}
lie "a rate in the verdict" recompute-verdict "sed -i 's/\"headline\": \"/\"headline\": \"Splendid: /' data/verdict.json"
lie "a sentence of the report" recompute-report "sed -i 's/criteria/CRITERIA/' data/report.md"
lie "a chart's description" recompute-chart "sed -i 's/\"alt\": \"/\"alt\": \"Splendid. /' data/charts/*.json"
lie "what a figure was made of" recompute-provenance "sed -i 's/soak-h1.prom/soak-h2.prom/' data/provenance.json"
lie "numbers in the store" recompute-verdict "sqlite3 data/run.db 'UPDATE sample SET v = v * 2 WHERE v > 1000'"
lie "the criteria" recompute-verdict "sed -i 's/97%/50%/; s/title: /title: Easy /' data/profile.yaml"
rm -rf lie && soak_pack -q --format dir -o lie -a "$ROOT/samples/gateway-24h-good" run; echo x >>lie/data/report.md
rc "what is not whole is not unpacked" 1 soak_verify -q --no-signatures --recompute lie
unlike "and not made again" recompute "$T/err"
# A verdict that says one thing above and another below needs no making again.
soak_run -q -p "$ROOT/templates/profiles/gateway-24h.yaml" -o bad "$ROOT/samples/gateway-24h-troubled" >/dev/null 2>&1
rm -rf lie && soak_pack -q --format dir -o lie -a "$ROOT/samples/gateway-24h-troubled" bad
(cd lie && rm -f statement.intoto.jsonl &&
	sed -i '0,/"verdict": "FAIL"/s//"verdict": "PASS"/; 0,/"decision": "NO-GO"/s//"decision": "GO"/' data/verdict.json &&
	sed -i 's/^Soak-Decision: .*/Soak-Decision: GO/' bag-info.txt && seal)
rc "GO above, FAIL below" 1 soak_verify -q --no-signatures lie
like "is no verdict of ours" 'decision-mismatch: the verdict says GO, and its criterion no-restart is FAIL' "$T/err"

# Compared with another run: that one's store travels with it.
sed 's/^criteria:/criteria:\n  - {id: two-runs, compare: {total: gateway_requests_total, bad: "gateway_requests_total{code=~\\"5..\\"}", max_worse: 5%}}/' \
	"$ROOT/templates/profiles/gateway-24h.yaml" >with.yaml
soak_ingest -q -d other.db -p with.yaml "$ROOT/samples/gateway-24h-troubled"
soak_run -q -p with.yaml -o with --baseline other.db "$ROOT/samples/gateway-24h-good" >/dev/null 2>&1
is "it was compared" PASS "$(jq -r '.criteria[] | select(.id == "two-runs") | .verdict' with/verdict.json)"
rm other.db
rc "the same: with a baseline" 0 soak_verify -q --no-signatures --recompute with/gateway-24h.tar.gz
rc "the baseline is a store, too" 0 soak_query -q -d with/baseline.db 'sum(gateway_requests_total)'
lie_with() { # SCRIPT: in the folder of that package
	rm -rf lie && soak_pack -q --format dir -o lie -a "$ROOT/samples/gateway-24h-good" with
	(cd lie && rm -f statement.intoto.jsonl && eval "$1" && seal)
}
lie_with "sqlite3 data/baseline.db 'UPDATE sample SET v = v * 2 WHERE v > 1000'"
rc "a baseline that was made worse" 1 soak_verify -q --no-signatures --recompute lie
like "reason recompute-verdict" ": recompute-verdict: " "$T/err"
lie_with "rm data/baseline.db"
rc "a baseline taken out is trouble" 2 soak_verify -q --no-signatures --recompute lie
like "and named" 'data/baseline.db is not in the package' "$T/err"
soak_run -q -p with.yaml -o with "$ROOT/samples/gateway-24h-good" >/dev/null 2>&1
[ ! -e with/baseline.db ]; result $? "the next run without one leaves none"

# Rule files that stand beside the profile travel with it.
printf 'groups: [{name: g, rules: [{alert: Down, expr: "up == 0"}]}]\n' >alerts.yml
sed 's/^criteria:/rule_files: [alerts.yml]\ncriteria:\n  - {id: alarms, alerts: {}}/' "$ROOT/templates/profiles/gateway-24h.yaml" >rules.yaml
soak_run -q -p rules.yaml -o ruled "$ROOT/samples/gateway-24h-good" >said 2>&1
[ -e ruled/rule-files.json ]; result $? "a run with rule files"
rc "the same: with rule files" 0 soak_verify -q --no-signatures --recompute ruled/gateway-24h.tar.gz

rm run/recipe.json; soak_pack -q -o old.tar.gz run
rc "a package without a recipe is trouble" 2 soak_verify -q --no-signatures --recompute old.tar.gz
done_testing
