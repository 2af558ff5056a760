#!/bin/sh
# collect.t - what the profile says belongs in a package: what is missing is named and refused, or the package says so itself.
. "$(dirname "$0")/lib.sh"

cd "$T" || exit 1
cp -R "$ROOT/samples/gateway-24h-good" a
mkdir a/notes && echo "a note" >a/notes/one.md && echo "a scribble" >a/scratch.txt
{ cat "$ROOT/templates/profiles/gateway-24h.yaml"; cat <<'X'; } >p.yaml
collect:
  required: ["soak-h*.prom", soak-events.log]
  optional: ["notes/*.md", "*.pcap"]
X
run() { soak_run -p p.yaml -o run "$@" a; }
inside() { soak_pack --extract "data/$1" run/gateway-24h.tar.gz; }

rc "a complete run is packed" 0 run -q
is "it says so" "true 24 1" "$(inside collect.json | jq -r '"\(.complete) \(.required[0].found) \(.required[1].found)"')"
like "in bag-info.txt, too" '^Soak-Complete: yes' "$(soak_pack --extract bag-info.txt run/gateway-24h.tar.gz >info; echo info)"
is "optional ones are in when they are there" "1 0" "$(inside collect.json | jq -r '"\(.optional[0].found) \(.optional[1].found)"')"
soak_pack --list run/gateway-24h.tar.gz | cut -f3 >list
like "a note belongs in" '^data/artifacts/notes/one.md$' list
unlike "a scribble does not" 'scratch' list
is "and that is listed" scratch.txt "$(inside collect.json | jq -r '.left_out[]')"
like "what was judged is in, named or not" '^data/artifacts/soak-summary.json$' list
rc "verified" 0 soak_verify --no-signatures --recompute run/gateway-24h.tar.gz
unlike "without a warning" incomplete "$T/err"

# --- something is missing ---------------------------------------------------
sed -i 's/soak-events.log\]/soak-events.log, "load\/*.csv"]/' p.yaml
rm -f run/gateway-24h.tar.gz; rc "refused: no package, trouble" 2 run -q
like "what is missing is named" 'missing: load/\*\.csv: the profile requires it' "$T/err"
[ -e run/verdict.json ] && [ ! -e run/gateway-24h.tar.gz ]; result $? "the verdict is there, a package is not"
rc "soak-pack refuses with 1" 1 soak_pack -o p.tar.gz -a a run
[ ! -e p.tar.gz ]; result $? "and leaves nothing"
rc "without artifacts everything is missing" 1 soak_pack -o p.tar.gz run
like "each is named" 'missing: soak-events.log' "$T/err"
mkdir a/load; : >a/load/empty.csv; rc "an empty file is none" 2 run -q
rm -r a/load
rc "--incomplete packs all the same" 0 run -q --incomplete
P=run/gateway-24h.tar.gz
is "the bag says so" "false load/*.csv" "$(inside collect.json | jq -r '"\(.complete) \(.missing[0])"')"
soak_pack --extract bag-info.txt $P >info; like "bag-info.txt" '^Soak-Complete: no' info
is "the statement says so" "false load/*.csv" "$(tail -1 run/statement.intoto.jsonl | jq -r '.predicate | "\(.complete) \(.missing[0])"')"
is "for programs of others it is WARNED" "WARNED load/*.csv" "$(head -1 run/statement.intoto.jsonl | jq -r '.predicate | "\(.result) \(.warnedTests[0])"')"
rc "soak-verify: whole" 0 soak_verify --no-signatures --recompute $P
like "with a warning" 'warning: incomplete: load/\*\.csv' "$T/err"
like "and shows it" '^missing +load/\*\.csv' "$T/out"
is "json" "false load/*.csv" "$(soak_verify --no-signatures -o json $P 2>/dev/null | jq -r '"\(.complete) \(.missing[0])"')"

# --- a policy that asks for complete ones, and liars ---------------------------
ssh-keygen -q -t ed25519 -N '' -C lead -f lead
echo "lead@example.org namespaces=\"golive@example.org\" $(cut -d' ' -f1,2 lead.pub)" >signers
printf 'policy: go-live\nnamespace: golive@example.org\nallowed_signers: signers\nmax_age: 14d\nneeds_complete: %s\nroles:\n  lead: {principals: [lead@example.org]}\n' false >policy.yaml
sed 's/false/true/' policy.yaml >strict.yaml
N=2026-11-21T12:00:00Z
for p in policy strict; do
	cp $P $p.tar.gz
	soak_sign -q -p $p.yaml -k lead -I lead@example.org -r lead --yes --time $N $p.tar.gz 2>sign.err
done
like "whoever signs sees what is missing" 'missing +load/' sign.err
rc "told of" 0 soak_verify -p policy.yaml --now $N policy.tar.gz
rc "refused by a policy that needs all" 1 soak_verify -p strict.yaml --now $N strict.tar.gz
like "the reason" ': incomplete: the package lacks' "$T/err"
mkdir x && tar -xzf $P -C x && cd x/gateway-24h || exit 1
again() { (cd data && find . -type f | sed 's,^\./,data/,' | LC_ALL=C sort) | xargs -d '\n' sha256sum >manifest-sha256.txt; sha256sum bag-info.txt bagit.txt manifest-sha256.txt >tagmanifest-sha256.txt; }
rm data/collect.json; sed -i '/^Soak-Complete/d; /^Payload-Oxum/d' bag-info.txt; again
rc "a package that keeps quiet of it" 1 soak_verify --no-signatures .
like "the reason" ': collect-mismatch: load/\*\.csv' "$T/err"

# --- the section ------------------------------------------------------------
cd "$T" || exit 1
bad() { # NAME TEXT REGEX
	{ cat "$ROOT/templates/profiles/gateway-24h.yaml"; printf 'collect: %s\n' "$2"; } >q.yaml
	rc "$1" 2 soak_judge --lint q.yaml
	like "$1: where" "q.yaml:[0-9]+:[0-9]+: $3" "$T/err"
}
bad "an unknown key" '{requires: [a]}' "unknown key 'requires'"
bad "an empty section" '{}' "'collect' needs 'required' or 'optional'"
bad "no list" '{required: a}' "'required'"
bad "an absolute glob" '{required: [/etc/x]}' "'required' lists globs"
bad "twice the same" '{required: [a], optional: [a]}' "'a' stands there twice"
tar -czf all.tar.gz a && mkdir packed && mv all.tar.gz packed/
sed -i 's/, "load\/\*.csv"//; s/"soak-h\*.prom"/"all.tar.gz\/a\/soak-h*.prom"/' p.yaml
rc "members of an archive count" 0 soak_run -q -p p.yaml -o packed.out packed
done_testing
