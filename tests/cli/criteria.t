#!/bin/sh
# docs/howto/criteria.md: each criterion of the five systems on a good, a bad and an incomplete sample. criteria.t --write writes it.
if [ "${1:-}" = --write ]; then write=1; else write=0; fi
. "$(dirname "$0")/lib.sh"
S=$ROOT/samples
PAGE=$ROOT/docs/howto/criteria.md
command -v jq >/dev/null || { echo "1..0 # SKIP jq is needed"; exit 0; }

judge() { # NAME PROFILE SAMPLE [OPTION...]: $T/NAME.json
	name=$1; profile=$2; sample=$3
	shift 3
	soak_ingest -q -d "$T/$name.db" -p "$profile" "$S/$sample" 2>"$T/err" || return
	soak_judge -q -d "$T/$name.db" -o json "$@" "$profile" >"$T/$name.json" 2>"$T/err"
	[ $? -ne 2 ]
}
table() { # PROFILE GOOD BAD INCOMPLETE
	jq -rn --slurpfile a "$T/$2.json" --slurpfile b "$T/$3.json" --slurpfile c "$T/$4.json" '
	    def cell: if . == null then "" else "**" + .verdict + "** " + (.sentence | gsub("[|]"; "\\|") | gsub("<"; "&lt;") | gsub("[\n\r]"; " ") |
	        if length > 160 then .[0:157] + "..." else . end) end;
	    def find($v; $id): $v[0].criteria | map(select(.id == $id)) | .[0];
	    "| criterion | good | bad | incomplete |", "|---|---|---|---|",
	    ($a[0].criteria[] | .id as $id | "| `" + $id + "` " + (.title | gsub("[|]"; "\\|") | gsub("<"; "&lt;")) + " | " + (find($a; $id) | cell) + " | " +
	        (find($b; $id) | cell) + " | " + (find($c; $id) | cell) + " |")'
}
page() {
	cat <<'TEXT'
# Each criterion of the five systems, on three samples

Written by `tests/cli/criteria.t --write` from what `soak-judge` says of the samples (samples/README.md); the same test fails when it is out of date. Sentences are cut after
160 characters. A criterion passes or fails on the incomplete sample where what it needs is all there.
TEXT
	printf '\n## SIT soak, 48 hours (`sit-48h`)\n\nGood: with its waiver and attestations.\n\n'
	table sit-48h sit-good sit-bad sit-open
	printf '\n## Gateway soak, 24 hours (`gateway-24h`)\n\n'
	table gateway-24h gw-good gw-bad gw-open
	printf '\n## Gateway burn-in, 48 hours (`gateway-burn-in-48h`)\n\n'
	table gateway-burn-in-48h bi-good bi-bad bi-open
	printf '\n## Stress certification (`stress-certification`)\n\n'
	table stress-certification st-good st-bad st-open
	printf '\n## Production readiness (`load-baselines`)\n\nCompared with baselines-last-week.\n\n'
	table load-baselines bl-good bl-bad bl-open
	printf '\n## Smoke tests and synthetic monitoring (`synthetics-weekly`)\n\n'
	table synthetics-weekly sy-good sy-bad sy-open
}
judge sit-good sit-48h sit-48h-good --waivers "$S/sit-48h-waivers.yaml" --attest "$S/sit-48h-attestations.yaml"; result $? "sit-48h-good is judged"
judge sit-bad sit-48h sit-48h-troubled/script; result $? "sit-48h-troubled is judged"
judge sit-open sit-48h sit-48h-incomplete; result $? "sit-48h-incomplete is judged"
judge gw-good gateway-24h gateway-24h-good; result $? "gateway-24h-good is judged"
judge gw-bad gateway-24h gateway-24h-troubled; result $? "gateway-24h-troubled is judged"
judge gw-open gateway-24h gateway-24h-incomplete; result $? "gateway-24h-incomplete is judged"
soak_ingest -q -d "$T/last-week.db" -p load-baselines --start 2026-06-01T00:00:00Z "$S/baselines-last-week"; result $? "last week is read"
for kind in good:good bad:troubled open:incomplete; do
	judge "bi-${kind%:*}" gateway-burn-in-48h "burn-in-48h-${kind#*:}"; result $? "burn-in-48h-${kind#*:} is judged"
	judge "st-${kind%:*}" stress-certification "stress-${kind#*:}"; result $? "stress-${kind#*:} is judged"
	judge "bl-${kind%:*}" load-baselines "baselines-${kind#*:}" --baseline "$T/last-week.db"; result $? "baselines-${kind#*:} is judged"
	judge "sy-${kind%:*}" synthetics-weekly "synthetics-${kind#*:}"; result $? "synthetics-${kind#*:} is judged"
done
page >"$T/page.md"
if [ $write = 1 ]; then
	cp "$T/page.md" "$PAGE" && echo "wrote $PAGE"
	exit 0
fi
diff -u "$PAGE" "$T/page.md" >"$T/diff" 2>&1
result $? "docs/howto/criteria.md is what the samples give (else: make golden)"
sed 's/^/# /' "$T/diff" | head -40 >&2
# No sample may say nothing: of each profile something passes, something fails, something is open.
is "all three verdicts are there" "FAIL INCONCLUSIVE PASS" "$(grep -oE '\*\*(PASS|FAIL|INCONCLUSIVE)\*\*' "$T/page.md" | tr -d '*' | sort -u | paste -sd' ')"
is "nothing fails where nothing is wrong" 0 "$(jq -s '[.[].criteria[] | select(.verdict == "FAIL")] | length' "$T"/gw-good.json "$T"/bi-good.json "$T"/st-good.json "$T"/bl-good.json "$T"/sy-good.json)"
done_testing
