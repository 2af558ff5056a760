#!/bin/sh
# What people are asked for before a GO, and the team's own lists: missing is no GO, a no is a failure, hostile text stays text.
. "$(dirname "$0")/lib.sh"
good=$ROOT/samples/gateway-24h-good
cat >"$T/p.yaml" <<'Y'
profile: p
run: {start: {event: SOAK_TEST_STARTED}, end: {event: SOAK_TEST_COMPLETED}, duration: 24h}
evidence:
  - {id: log, file: soak-events.log}
notes:
  identity: [version, commit]
  required: [observations, risks, sign_off]
  readiness:
    - {id: way-back, question: Was the way back tried out?}
    - {id: runbooks, question: Is there a runbook for each alert?, optional: true}
criteria:
  - id: chaos
    title: Chaos was switched on
    events: {name: CHAOS_MODE_ON, min: 1}
  - id: never
    title: Something that never happens
    events: {name: NO_SUCH_EVENT, min: 1}
    optional: true
checklists:
  - id: go-live
    title: Before we go live
    items:
      - {text: Chaos, criteria: chaos}
      - {text: Log, evidence: [log, duration]}
      - {text: Never, criteria: [chaos, never]}
      - {text: Way back, readiness: way-back}
      - {text: Love, undecided: Nobody measures it.}
Y
sed '/NO_SUCH_EVENT/d; /id: never/d; /never happens/d; /optional: true$/d; /text: Never/d' "$T/p.yaml" >"$T/whole.yaml"
cat >"$T/n.yaml" <<'Y'
notes:
  by: Ada Lead
  role: Lead Engineer
  stated: 2026-03-03T09:00:00Z
  identity: {version: 2.4.1, commit: 3f2c, environment: staging}
  observations: [Latency rose at night., {text: The cache was warm., by: Ben}]
  risks: [{id: R-1, risk: A cold cache was not tried., owner: Ben, due: 2026-04-01, mitigation: Next week., ticket: OPS-7}]
  readiness:
    way-back: {answer: yes, detail: On staging., by: Ben}
  sign_off: [{role: Lead Engineer, name: Ada Lead}, {role: QA, name: Cara}]
Y
soak_ingest -q -p "$T/whole.yaml" -d "$T/s.db" "$good"
judge() { soak_judge -d "$T/s.db" "$@"; }
rc "asked for and missing: no GO" 3 judge "$T/whole.yaml"
like "it says how many" '^6 things asked of people are missing' "$T/out"
for what in 'the version of what was tested is not stated' 'the commit of what' 'no answer to "Was the way back tried' 'nobody wrote down what was observed' \
    'nobody says which risks remain' 'nobody is named who is to sign'; do
	judge -o json "$T/whole.yaml" | jq -r '.notes.missing[]' >"$T/missing"
	like "$what" "$what" "$T/missing"
done
rc "all of it there: GO" 0 judge --notes "$T/n.yaml" "$T/whole.yaml"
sed 's/answer: yes/answer: no/' "$T/n.yaml" >"$T/no.yaml"
rc "a required question answered with no: NO-GO" 1 judge --notes "$T/no.yaml" "$T/whole.yaml"
like "and who says so" 'answered' "$T/out"
like "(manual)" '\(manual\): On staging' "$T/out"
sed '/id: never/,/optional: true/d; /text: Never/d' "$T/p.yaml" >"$T/asks.yaml"
sed 's/way-back: .*/runbooks: no/' "$T/n.yaml" >"$T/optional.yaml"
rc "an optional one does not answer the required one" 3 judge --notes "$T/optional.yaml" "$T/asks.yaml"
sed 's/    way-back: .*/&\n    runbooks: no/' "$T/n.yaml" >"$T/optional.yaml"
rc "an optional no is told only" 0 judge --notes "$T/optional.yaml" "$T/asks.yaml"
sed 's/answer: yes, detail: On staging./answer: n\/a, detail: There is none./' "$T/n.yaml" >"$T/na.yaml"
rc "not applicable, with why" 0 judge --notes "$T/na.yaml" "$T/whole.yaml"
for part in observations risks sign_off; do
	grep -v "  $part:" "$T/n.yaml" >"$T/less.yaml"
	rc "without $part: no GO" 3 judge --notes "$T/less.yaml" "$T/whole.yaml"
done
sed 's/risks: .*/risks: none/' "$T/n.yaml" >"$T/none.yaml"
rc "no risks, stated" 0 judge --notes "$T/none.yaml" "$T/whole.yaml"
sed 's/commit: 3f2c, //' "$T/n.yaml" >"$T/less.yaml"
rc "without the commit: no GO" 3 judge --notes "$T/less.yaml" "$T/whole.yaml"
sed 's/2026-03-03T09/2026-03-02T09/' "$T/n.yaml" >"$T/early.yaml"
rc "written before the run ended: counts for nothing" 3 judge --notes "$T/early.yaml" "$T/whole.yaml"
rc "written after now: likewise" 3 judge --now 2026-03-03T08:30:00Z --notes "$T/n.yaml" "$T/whole.yaml"
sed 's/name: CHAOS_MODE_ON/none: CHAOS_MODE_ON, source: soak-events.log/; s/, min: 1//' "$T/whole.yaml" >"$T/fails.yaml"
rc "notes mend no failure" 1 judge --notes "$T/n.yaml" "$T/fails.yaml"

bad() { # NAME SED WHAT
	sed "$2" "$T/n.yaml" >"$T/bad.yaml"
	rc "$1" 2 judge --notes "$T/bad.yaml" "$T/whole.yaml"
	like "$1: where" "bad.yaml:[0-9]+:[0-9]+: .*$3" "$T/err"
}
bad "a question nobody asks" 's/way-back:/way-bak:/' "did you mean 'way-back'"
bad "n/a without why" 's/answer: yes, detail: On staging./answer: n\/a/' "needs a 'detail'"
bad "another answer" 's/answer: yes/answer: maybe/' 'yes, no or n/a'
bad "nobody's notes" '/by: Ada/d' "'by'"
bad "at no time" '/stated:/d' "'stated'"
bad "a risk of nobody" 's/owner: Ben, //' "'owner'"
bad "an unknown key" 's/  role:/  rolle:/' "did you mean 'role'"
wrong() { # NAME SED WHAT
	sed "$2" "$T/p.yaml" >"$T/bad.yaml"
	rc "$1" 2 judge "$T/bad.yaml"
	like "$1: where" "bad.yaml:[0-9]+:[0-9]+: .*$3" "$T/err"
}
wrong "a box on a criterion that is none" 's/criteria: chaos}/criteria: chaoz}/' "no criterion has the id 'chaoz'"
wrong "a box on evidence that is none" 's/\[log, duration\]/[logg]/' "no evidence has the id 'logg'"
wrong "a box on a question that is none" 's/readiness: way-back}/readiness: back}/' "no question of the notes has the id 'back'"
wrong "a box on nothing" 's/, undecided: Nobody measures it.//' "says with 'undecided'"
wrong "a box on something that is undecided, too" 's/criteria: chaos}/criteria: chaos, undecided: no}/' "says with 'undecided'"
wrong "an unknown part" 's/\[observations, /[observation, /' 'observations, risks or sign_off'
wrong "a section that is none" 's/    title: Chaos was/    section: wesocket\n&/' "did you mean 'websocket'"

judge -o json --notes "$T/no.yaml" "$T/p.yaml" >"$T/v.json"
is "the boxes" "ticked ticked unticked unticked unknown" "$(jq -r '[.checklists[0].items[].state] | join(" ")' "$T/v.json")"
is "what a box rests on" "evidence/log evidence/duration" "$(jq -r '.checklists[0].items[1].rests_on | join(" ")' "$T/v.json")"
judge -o json "$T/asks.yaml" >"$T/v.json"
is "without answers" "ticked ticked unknown unknown" "$(jq -r '[.checklists[0].items[].state] | join(" ")' "$T/v.json")"

rc "soak-run takes them" 0 soak_run -q -p "$T/whole.yaml" --notes "$T/n.yaml" -o "$T/run" "$good"
like "in the report: the risk" 'R-1: A cold cache was not tried.*Ben.*2026-04-01.*Next week' "$T/run/report.md"
like "the answer, manual" '- \[x\] Was the way back tried out.*ready.*Ben, manual' "$T/run/report.md"
like "the names" 'QA .* Cara' "$T/run/report.md"
like "what was tested" 'version .* 2.4.1' "$T/run/report.md"
like "the boxes, ticked" '- \[x\] Log' "$T/run/report.md"
like "and open" '- \[ \] Love: \*\*unknown.\*\* Nobody measures it' "$T/run/report.md"
is "they are packed" 1 "$(tar tzf "$T/run/p.tar.gz" | grep -c 'data/notes.yaml$')"
rc "and the package can be made again" 0 soak_verify --no-signatures --recompute "$T/run/p.tar.gz"
is "their digest" "$(sha256sum <"$T/n.yaml" | cut -d' ' -f1)" "$(jq -r .notes.sha256 "$T/run/verdict.json")"
soak_run -q -p "$T/whole.yaml" --notes "$T/n.yaml" -o "$T/again" "$good" >/dev/null 2>&1
for t in sign-off certification whitepaper checkpoint proof summary; do
	soak_report -t $t.md -o "$T/1" "$T/run" && soak_report -t $t.md -o "$T/2" "$T/again" && cmp -s "$T/1" "$T/2"
	result $? "$t.md: twice the same bytes"
done
rc "the templates are listed" 0 soak_report --list-templates
is "six at least" 6 "$(grep -cE '^(sign-off|certification|whitepaper|checkpoint|proof|summary)	md' "$T/out")"

# Text that would be something else where it is printed.
evil='<script>alert(1)</script> | `x` ](javascript:alert(2)) \u001b[31m \u202e **b** [l](http://e)'
sed "s#The cache was warm.#\"$evil\"#; s#A cold cache was not tried.#\"$evil\"#; s#On staging.#\"$evil\"#; s#name: Cara#name: \"$evil\"#; s#version: 2.4.1#version: \"$evil\"#" \
    "$T/n.yaml" >"$T/evil.yaml"
sed "s#Nobody measures it.#\"$evil\"#; s#text: Chaos,#text: \"$evil\",#; s#Was the way back tried out?#\"$evil\"#" "$T/whole.yaml" >"$T/evil-profile.yaml"
rc "hostile notes are judged like others" 0 soak_run -q -p "$T/evil-profile.yaml" --notes "$T/evil.yaml" -o "$T/evil" "$good"
esc=$(printf '\033')
for f in report.md report.html summary.md; do
	unlike "$f: nothing runs" '<script' "$T/evil/$f"
	if [ $f = report.html ]; then link='href="(javascript|http)'; else link='(^|[^\\])\]\((javascript|http)'; fi
	unlike "$f: no link" "$link" "$T/evil/$f"
	unlike "$f: no escapes of a terminal" "$esc" "$T/evil/$f"
	unlike "$f: no turned text" "$(printf '\342\200\256')" "$T/evil/$f"
done
unlike "no code" '`' "$T/evil/report.md"
is "as many cells in each row" "" "$(awk -F'|' '/^\|/ { if (n && NF != n) print; n = NF; next } { n = 0 }' "$T/evil/report.md")"
done_testing
