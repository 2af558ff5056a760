#!/bin/sh
# docs/verdict.md against the verdicts of all samples: every key is documented, every top-level key is there, in that order.
. "$(dirname "$0")/lib.sh"
G=$ROOT/tests/golden
command -v jq >/dev/null || { skip "no jq"; done_testing; exit 0; }
for v in "$G"/*/verdict.json; do
	# Labels have names of their own: below labels and match nothing is a key of ours.
	jq -r 'paths | select(type == "array" and (.[-1] | type) == "string") | select((.[:-1] | map(strings) | (index("labels") // index("match"))) == null) | .[-1]' "$v"
done | sort -u >"$T/keys"
[ -s "$T/keys" ]; result $? "there are keys"
# What stands in backticks.
grep -o '`[^`]*`' "$ROOT/docs/verdict.md" | tr -d '`' | sort -u >"$T/documented"
is "every key is documented" "" "$(comm -23 "$T/keys" "$T/documented" | tr '\n' ' ' | sed 's/ $//')"
for v in "$G"/*/verdict.json; do
	name=$(basename "$(dirname "$v")")
	is "$name: schema 1, and the decision agrees with the verdict" true \
	    "$(jq '.schema == 1 and ({"GO": "PASS", "GO WITH WAIVERS": "PASS", "NO-GO": "FAIL", "INCONCLUSIVE": "INCONCLUSIVE"}[.decision] == .verdict)' "$v")"
	is "$name: types" true "$(jq '(.criteria | type) == "array" and (.criteria | length > 0) and
	    all(.criteria[]; (.id | type) == "string" and (.optional | type) == "boolean" and (.key | type) == "boolean" and (.sentence | length > 0) and
		(.verdict | IN("PASS", "WARN", "FAIL", "WAIVED", "INCONCLUSIVE")) and ((.verdict == "INCONCLUSIVE") == (.settle != null))) and
	    all(.claims[]; .state | IN("explained", "contradicted", "undecided", "not audited")) and
	    all(.inputs[]; (.sha256 | length) == 64 and (.format_sha256 == null or (.format_sha256 | length) == 64)) and
	    all(.. | objects | select(has("text") and has("value") and has("unit")); (.id | type) == "string" and ((.value == null) == (.text == "n/a")))' "$v")"
	is "$name: the keys at the top in their order" "$(jq -r 'keys_unsorted[]' "$v" | tr '\n' ' ')" \
	    "$(jq -r 'keys_unsorted[]' "$G/sit-good/verdict.json" | tr '\n' ' ')"
done
done_testing
