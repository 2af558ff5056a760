#!/bin/sh
# docs/matrix.md: each kind of criterion in seven situations, judged and compared cell by cell; a kind without a row fails.
. "$(dirname "$0")/lib.sh"
PAGE=$ROOT/docs/matrix.md
command -v jq >/dev/null || { echo "1..0 # SKIP jq is needed"; exit 0; }
cp -r "$ROOT/tests/matrix" "$T/m" && cd "$T/m" || exit 1
START=2026-01-12T06:00:00Z

# A week before, all was well: the run to compare with.
sh ./make-run good base
for f in base/*; do sed 's/2026-01-12/2026-01-05/g' "$f" >f && mv f "$f"; done
awk '/^[a-z].* [0-9]+$/ {$NF -= 604800} /^process_start/ {$2 -= 604800} {print}' base/metrics.om >f && mv f base/metrics.om
rc "the baseline is read" 0 soak_ingest -q -p profile.yaml -d base.db base

set -- good:0 bad:1 nothing:3 partly:3 nan:3 reset:1 unlike:1
for s; do
	run=${s%:*}
	sh ./make-run "$run" "$run"
	rc "$run is read" 0 soak_ingest -q -p profile.yaml --start $START -d "$run.db" "$run"
	people=
	[ -f "$run.attest" ] && people="--attest $run.attest"
	rc "$run is judged" "${s#*:}" soak_judge -q -d "$run.db" -p profile.yaml --start $START $people --baseline base.db -o json
	mv "$T/out" "$run.json"
done

# What the page says, and what was judged, as lines "criterion situation verdict".
grep '^| `' "$PAGE" | tr -d '`|' | awk '
	BEGIN {split("good bad nothing partly nan reset unlike", of)}
	{for (i = 1; i <= 7; i++) print $1, of[i], $(i + 1)}' | sort >said
for s; do jq -r --arg run "${s%:*}" '.criteria[] | [.id, $run, .verdict] | join(" ")' "${s%:*}.json"; done | sort >judged
diff said judged >differs
result $? "docs/matrix.md is what is judged"
sed 's/^/# /' differs >&2
is "so are the decisions" "$(grep '^| decision' "$PAGE" | tr -d '|' | awk '{$1 = ""; print $0}' | sed 's/^ //')" \
	"$(for s; do jq -r .decision "${s%:*}.json"; done | paste -sd' ')"

# All kinds are there: as files, as rows.
kinds() { jq -r '.criteria[].kind' good.json | sort -u; }
is "each kind has a row" "$(cd "$ROOT/lib/judge" && ls kind_*.c | sed 's/^kind_//; s/\.c$//' | sort)" "$(kinds)"
for k in $(kinds); do
	row() { jq -r --arg k "$k" '[.criteria[] | select(.kind == $k) | .verdict] | unique | join(" ")' "$1.json"; }
	is "$k: a good run passes" PASS "$(row good)"
	case $k in
	load) is "$k: too little load is no verdict on the system" INCONCLUSIVE "$(row bad)" ;;
	*) is "$k: a bad run fails" FAIL "$(row bad)" ;;
	esac
	is "$k: nothing is no evidence" INCONCLUSIVE "$(row nothing)"
	case $k in
	recovery) is "$k: of the fault that is known all is known" PASS "$(row partly)" ;;
	*) is "$k: half of it is not enough" INCONCLUSIVE "$(row partly)" ;;
	esac
done
is "what is open says what would settle it" 0 "$(jq -s '[.[].criteria[] | select(.verdict == "INCONCLUSIVE" and (.settle // "") == "")] | length' ./*.json)"
is "what is decided has nothing to settle" 0 "$(jq -s '[.[].criteria[] | select(.verdict != "INCONCLUSIVE" and .settle != null)] | length' ./*.json)"
is "every criterion has a sentence" 0 "$(jq -s '[.[].criteria[] | select((.sentence | length) < 15)] | length' ./*.json)"
like "two artifacts that disagree on samples are named" 'metrics-again.om and 6000 in metrics.om' unlike.json
like "and a summary that is not what the points give" 'summary.json' unlike.json
like "a restart is told with what it hid" 'A restart hid 3 min 3 s before it: totals are at least these' reset.json
rc "an order of events" 0 soak_why -d good.db -p profile.yaml --start $START criterion/events-order/observed
like "rests on the one" 'events.log:[0-9]+.*FAULT_OVER' "$T/out"
like "and the other" 'events.log:[0-9]+.*DEPLOYED' "$T/out"
unlike "and on no other" 'ROTATED' "$T/out"
done_testing
