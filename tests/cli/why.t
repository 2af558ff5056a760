#!/bin/sh
# soak-why: every figure can be followed to artifacts, digests and lines.
. "$(dirname "$0")/lib.sh"
bad=$ROOT/samples/gateway-24h-troubled
soak_run -q -p gateway-24h -o "$T/bad" "$bad" >/dev/null 2>&1

ask() { soak_why -r "$T/bad" "$@" >"$T/why" 2>"$T/err"; }
# walk NAME FOLDER ARTIFACTS: all figures of verdict.json, and what else has an id.
walk() {
	jq -r '(.. | objects | select(has("id") and has("value") and has("text")) | .id), (.evidence, .contradictions, .claims)[].id' "$2/verdict.json" | sort -u >"$T/ids"
	: >"$T/lost"
	# Numbers that were measured; a coverage of 0 is the number that nothing gives.
	jq -r '.. | objects | select(has("id") and has("value") and has("text") and .value != null) |
		select((.id | endswith("/required") | not) and (.value != 0 or (.id | endswith("/coverage") | not))) | .id' "$2/verdict.json" >"$T/known"
	soak_why -r "$2" --all "$3" >"$T/all" 2>"$T/err" || echo "exit $?" >>"$T/lost"
	grep 'line unknown' "$T/all" >>"$T/lost"
	# A paragraph an id: its first line ends in the id; the lines that it leads to begin as below.
	awk -v known="$T/known" 'BEGIN {while ((getline line < known) > 0) want[line] = 1; RS = ""; FS = "\n"}
		{id = $1; sub(/.*  /, "", id); print id > "'"$T/told"'"; leads = rests = 0
		 for (i = 2; i <= NF; i++) {if ($i ~ /^(artifacts|lines|rule) /) leads = 1; if ($i ~ /^(artifacts|lines) /) rests = 1}
		 if (!leads) print id ": leads nowhere"; if ((id in want) && !rests) print id ": a number out of nothing"}' "$T/all" >>"$T/lost"
	sort -u "$T/told" | comm -23 "$T/ids" - | sed 's/$/: not told of/' >>"$T/lost"
	is "$1: $(wc -l <"$T/ids") ids resolve" "" "$(head -5 "$T/lost")"
	soak_why -r "$2" --list | sort -u >"$T/listed"
	is "$1: --list has them all" "" "$(sort -u "$T/ids" | comm -23 - "$T/listed")"
}
walk "the sample" "$T/bad" "$bad"

ask criterion/success-rate/observed "$bad"
grep -E '^  soak-.*  sha256 ' "$T/why" >"$T/artifacts"
is "the digests are those of the files" "" "$(while read -r name _ sha rest; do echo "$sha  $bad/$name"; done <"$T/artifacts" | sha256sum -c --quiet 2>&1)"
# In the lines named stands what is counted, all of it and nothing else.
is "the lines are those of the counter" "$(grep -n '^gateway_requests_total{' "$bad/soak-h0.prom" | cut -d: -f1 | tr '\n' ' ')" \
	"$(sed -n 's/^  soak-h0.prom .* lines \([0-9]*\)-\([0-9]*\)$/\1 \2/p' "$T/why" | xargs seq | tr '\n' ' ')"
is "what was cut off is not behind it" "" "$(grep -E 'soak-h(3|18).prom' "$T/why")"
ask claim/soak-summary.json/success_rate/recomputed "$bad"
like "a claim has its line" '^  soak-summary.json:14  success_rate = 98.67$' "$T/why"
ask criterion/chaos-on/observed
like "an event, too" '^  soak-events.log:[0-9]+  2026-.*CHAOS_MODE_ON$' "$T/why"
ask criterion/success-rate/required
like "what is required stands in the profile" '^rule  *profile.yaml:[0-9]+:' "$T/why"
rc "an id that is none" 2 soak_why -r "$T/bad" criterion/success-rat/observed
like "is said" "no figure has the id 'criterion/success-rat/observed'" "$T/err"
rc "a folder that is none" 2 soak_why -r "$T" --list
rc "without any id" 2 soak_why -r "$T/bad"
soak_why -p gateway-24h -d "$T/bad/run.db" criterion/success-rate/observed "$bad" | grep -v '^rule' >"$T/direct"
ask criterion/success-rate/observed "$bad"
grep -v '^rule' "$T/why" | cmp -s - "$T/direct"; result $? "a store and a profile give the same"
mkdir "$T/bag" && tar xzf "$T/bad/gateway-24h.tar.gz" -C "$T/bag"
soak_why -r "$T/bag/gateway-24h" criterion/success-rate/observed >"$T/packed"
cmp -s "$T/why" "$T/packed"; result $? "and so does the package alone, unpacked"
(cd "$T" && tar czf run.tgz -C "$bad/.." gateway-24h-troubled)
ask criterion/success-rate/observed "$T/run.tgz"
like "lines are found in an archive, too" '^  soak-h0.prom .* lines 7-15$' "$T/why"
mkdir "$T/other" && sed 's/soak/soka/' "$bad/soak-h0.prom" >"$T/other/soak-h0.prom"
echo >>"$T/other/soak-h0.prom"
ask criterion/success-rate/observed "$T/other"
like "another file of the same name is not it" '^  soak-h0.prom .*not among the artifacts given' "$T/why"

soak_judge -d "$T/bad/run.db" --explain success-rate gateway-24h >"$T/out" 2>"$T/err"
like "--explain: the ledger" 'samples 22 of about 24 expected; longest gap 2 h; restarts 1' "$T/out"
like "--explain: the bounds" '^bounds .*supports' "$T/out"
like "--explain: the window" '^window  *run 2026' "$T/out"
rc "--explain keeps the exit code" 1 soak_judge -d "$T/bad/run.db" --explain success-rate gateway-24h
rc "--explain of what is not there" 2 soak_judge -d "$T/bad/run.db" --explain succes-rate gateway-24h

if [ -n "$SHARED" ]; then
	real=$(echo "$SHARED"/gateway-24h-troubled/*/)
	soak_run -q -p gateway-24h -o "$T/real" "$real" >/dev/null 2>&1
	walk "gateway-24h-troubled" "$T/real" "$real"
else
	skip "no shared data"
fi
done_testing
