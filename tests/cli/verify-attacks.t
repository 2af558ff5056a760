#!/bin/sh
# verify-attacks.t - what an attacker can do to a signed package, and the reason soak-verify names for each.
. "$(dirname "$0")/lib.sh"

N=2026-11-21T12:00:00Z # when it is signed and verified
cd "$T" || exit 1
sample=$ROOT/samples/gateway-24h-good
soak_run -q -p "$ROOT/templates/profiles/gateway-24h.yaml" -o run --runner ci@example.org "$sample" >/dev/null
rc=$?
is "the sample is a GO" 0 $rc
for k in lead qa other ci; do ssh-keygen -q -t ed25519 -N '' -C "$k" -f "$k"; done
signer() { echo "$1@example.org namespaces=\"$3\"$4 $(cut -d' ' -f1,2 "$2.pub")"; }
{ signer lead lead golive@example.org; signer qa qa golive@example.org; signer ci ci golive@example.org; } >signers
cat >policy.yaml <<'X'
policy: go-live
namespace: golive@example.org
allowed_signers: signers
max_age: 14d
roles:
  lead: {principals: [lead@example.org, ci@example.org]}
  qa: {principals: [qa@example.org]}
X
sign() { # PACKAGE NAME ROLE [OPTIONS]
	_p=$1; _n=$2; _r=$3; shift 3
	soak_sign -q -p policy.yaml -k "$_n" -I "$_n@example.org" -r "$_r" --yes --time $N "$@" "$_p" 2>"$T/sign.err"
}
verify() { soak_verify --now $N "$@"; }
P=gateway-24h.tar.gz
cp "run/$P" unsigned.tar.gz
cp unsigned.tar.gz $P
sign $P lead lead; is "lead signs" 0 $?
sign $P qa qa; is "qa signs" 0 $?
rc "signed by both: accepted" 0 verify -p policy.yaml $P
like "and says by whom" '^approved    qa@example.org \(qa\)' "$T/out"
gzip -dc $P >ok.tar

refused() { # WHAT REASON PACKAGE [OPTIONS]
	_what=$1; _reason=$2; _p=$3; shift 3
	rc "refused: $_what" 1 verify -p policy.yaml "$@" "$_p"
	like "reason $_reason: $_what" ": $_reason: " "$T/err"
}
attack() { # WHAT REASON OPERATION [ARGUMENTS]
	_what=$1; _reason=$2; _op=$3; shift 3
	perl "$ROOT/tests/cli/hostile.pl" "$_op" ok.tar evil.tar "$@"
	gzip -nc evil.tar >evil.tar.gz
	refused "$_what" "$_reason" evil.tar.gz
}
member() { tar -xOf ok.tar "gateway-24h/$1"; }
# A bag whose maker has written all manifests anew, to fit what he changed: $1 a folder.
rebuild() {
	(cd "$1" && find data -type f | LC_ALL=C sort | while read -r f; do sha256sum "$f"; done >manifest-sha256.txt &&
		sed -i "s/^Payload-Oxum: .*/Payload-Oxum: $(find data -type f -printf '%s\n' | awk '{s += $1} END {printf "%d.%d", s, NR}')/" bag-info.txt &&
		sha256sum bag-info.txt bagit.txt manifest-sha256.txt >tagmanifest-sha256.txt)
}
unpack() { rm -rf gateway-24h && tar -xf ok.tar; }
pack() { tar -cf evil.tar --owner=0 --group=0 --sort=name --format=ustar gateway-24h && gzip -nf evil.tar; }

# --- the contents -----------------------------------------------------------
member data/run.db >x; printf '\001' | dd of=x bs=1 seek=5000 conv=notrunc 2>/dev/null
attack "a payload byte" file-changed put gateway-24h/data/run.db x
member data/verdict.json | sed 's/"GO"/"NO-GO"/' >x
attack "the verdict" file-changed put gateway-24h/data/verdict.json x
attack "a file taken out" file-missing drop gateway-24h/data/report.md
attack "a file added" file-unlisted add gateway-24h/data/more
attack "a tag file added" file-unpinned add gateway-24h/README
attack "the tag manifest deleted" tagmanifest-missing drop gateway-24h/tagmanifest-sha256.txt
member bag-info.txt | sed 's/ci@/somebody@/' >x
attack "bag-info.txt" tag-changed put gateway-24h/bag-info.txt x
member manifest-sha256.txt | tac >x
attack "the manifest swapped" tag-changed put gateway-24h/manifest-sha256.txt x
echo '{"result":"PASSED"}' >x
attack "the statement" statement-mismatch put gateway-24h/statement.intoto.jsonl x
unpack; sed -i 's/"GO"/"NO-GO"/' gateway-24h/data/verdict.json; rebuild gateway-24h; pack
refused "the verdict, manifests written anew" approval-stale evil.tar.gz
unpack; rm gateway-24h/tagmanifest-sha256.txt; sed -i s/ci@/x@/ gateway-24h/bag-info.txt; pack
rc "a bag without a tag manifest is a valid bag" 0 soak_verify --bag evil.tar.gz
refused "but no package" tagmanifest-missing evil.tar.gz
unpack; echo 'http://example.org/ 5 data/x' >gateway-24h/fetch.txt; (cd gateway-24h && sha256sum fetch.txt >>tagmanifest-sha256.txt); pack
refused "something to be fetched" fetch-forbidden evil.tar.gz

# --- who signed -------------------------------------------------------------
refused "nobody signed" approvals-missing unsigned.tar.gz
A=gateway-24h/approvals/lead--lead@example.org.json
attack "one approval taken out" approvals-extra drop $A
perl "$ROOT/tests/cli/hostile.pl" drop ok.tar e1.tar $A && perl "$ROOT/tests/cli/hostile.pl" drop e1.tar evil.tar $A.sig && gzip -nf evil.tar
refused "one approver is missing" quorum-role evil.tar.gz
member approvals/lead--lead@example.org.json | sed 's/"comment": ""/"comment": "x"/' >x
attack "an approval edited" signature-bad put $A x
# forge BODY-EDIT KEY [NAMESPACE]: lead's approval edited and signed by another hand
forge() {
	member approvals/lead--lead@example.org.json | sed "$1" >x
	ssh-keygen -q -Y sign -f "$2" -n "${3:-golive@example.org}" <x >x.sig 2>/dev/null
	perl "$ROOT/tests/cli/hostile.pl" put ok.tar e1.tar $A x
	perl "$ROOT/tests/cli/hostile.pl" put e1.tar evil.tar $A.sig x.sig
	gzip -nf evil.tar
}
forge '' lead; rc "the same by its own hand is accepted" 0 verify -p policy.yaml evil.tar.gz
forge '' other; refused "a key nobody knows" key-unknown evil.tar.gz
forge '' qa; refused "the right key, the wrong principal" key-principal evil.tar.gz
forge '' lead git; refused "a signature made for something else (namespace)" signature-namespace evil.tar.gz
forge 's/lead@example.org/qa@example.org/; s/"role": "lead"/"role": "lead"/' qa; refused "a role that is not his" role-principal evil.tar.gz
forge 's/lead@example.org/qa@example.org/; s/"role": "lead"/"role": "qa"/' qa; refused "one key for two approvals" key-twice evil.tar.gz
forge 's/"role": "lead"/"role": "boss"/' lead; refused "a role nobody knows" role-unknown evil.tar.gz
forge 's/lead@example.org/ci@example.org/' ci; refused "who ran it approves it" runner-approves evil.tar.gz
forge 's/"tagmanifest_sha256": "..../"tagmanifest_sha256": "0000/' lead; refused "of another state of the package" approval-stale evil.tar.gz
forge 's/"verdict_sha256": "..../"verdict_sha256": "0000/' lead; refused "of another verdict" approval-stale evil.tar.gz
forge 's/"policy_sha256": "..../"policy_sha256": "0000/' lead; refused "under another policy" approval-policy evil.tar.gz
forge 's/"package": "gateway-24h"/"package": "other"/' lead; refused "another package's approval" approval-other-package evil.tar.gz
forge 's/"APPROVE"/"REJECT"/' lead; refused "a veto" rejected evil.tar.gz
forge 's/soakproof-approval.1/soakproof-approval\/9/' lead; refused "an approval of a form nobody knows" approval-malformed evil.tar.gz
forge 's/"comment"/"more": 1, "comment"/' lead; refused "an approval that says more" approval-malformed evil.tar.gz
forge 's/"time": "2026-11-21/"time": "2026-11-25/' lead; refused "from the future" approval-future evil.tar.gz
printf 'junk' >x; attack "a signature that is none" signature-malformed put $A.sig x
{ member approvals/lead--lead@example.org.json.sig; echo junk; } >x; attack "a signature with something behind it" signature-malformed put $A.sig x
: >x; attack "an empty signature" signature-malformed put $A.sig x
attack "a policy inside the package" approvals-extra add gateway-24h/approvals/policy.yaml
refused "expired approvals" approval-expired $P --now 2026-12-06T00:00:00Z
rc "accepted the day before" 0 verify -p policy.yaml --now 2026-12-05T11:00:00Z $P
sed 's/14d/1d/' policy.yaml >short.yaml
rc "older than the policy allows" 1 soak_verify -p short.yaml --now 2026-11-23T00:00:00Z $P

# --- keys -------------------------------------------------------------------
cp signers signers.ok
{ signer lead lead golive@example.org ',valid-before="20261101Z"'; signer qa qa golive@example.org; signer ci ci golive@example.org; } >signers
refused "an expired key" key-expired $P
{ signer lead lead golive@example.org ',valid-after="20270101Z"'; signer qa qa golive@example.org; signer ci ci golive@example.org; } >signers
refused "a key that is not yet valid" key-not-yet $P
cp signers.ok signers
cut -d' ' -f1,2 lead.pub >revoked
sed 's/^max_age/revoked: revoked\nmax_age/' policy.yaml >policy2.yaml
rc "a revoked key" 1 verify -p policy2.yaml $P
broken() { # WHAT: allowed_signers as it is now cannot be used
	rc "policy refused: $1" 2 verify -p policy.yaml $P
	cp signers.ok signers
}
{ cat signers.ok; signer lead2 lead golive@example.org; } >signers; broken "one key under two principals"
sed 's/lead@example.org/*@example.org/' signers.ok >signers; broken "a wildcard"
sed 's/ namespaces="[^"]*"//' signers.ok >signers; broken "no namespaces"
sed 's/golive@example.org"/golive@example.org",valid-before="20270101"/' signers.ok >signers; broken "a date in local time"
sed '1s/ssh-ed25519 .*/ssh-ed25519 garbage!/' signers.ok >signers; broken "a line that OpenSSH skips"
: >signers; broken "an empty file"
rm signers; broken "no file"
sed 's/golive@example.org"/file"/' signers.ok >signers; broken "keys that may not sign here"
echo 'extra: 1' >>policy.yaml; rc "policy refused: an unknown key" 2 verify -p policy.yaml $P; sed -i '$d' policy.yaml
mkdir nokeygen && for f in sh env; do ln -s "$(command -v $f)" nokeygen/; done
rc "no ssh-keygen is trouble, not a yes" 2 env PATH="$T/nokeygen" "$B/bin/soak-verify" --now $N -p policy.yaml $P
rc "no policy is usage" 2 soak_verify $P

# --- persons ----------------------------------------------------------------
cat >policy3.yaml <<'X'
policy: go-live
namespace: golive@example.org
allowed_signers: signers
max_age: 14d
people: {lead@example.org: Ann, qa@example.org: Ann}
roles:
  lead: {principals: [lead@example.org]}
  qa: {principals: [qa@example.org]}
X
cp unsigned.tar.gz p3.tar.gz
for w in lead qa; do soak_sign -q -p policy3.yaml -k $w -I $w@example.org -r $w --yes --time $N p3.tar.gz 2>/dev/null; done
rc "two keys of one person" 1 verify -p policy3.yaml p3.tar.gz; like "reason person-twice" person-twice "$T/err"
sed 's/^people.*/not_together: [[lead@example.org, qa@example.org]]/' policy3.yaml >policy4.yaml
cp unsigned.tar.gz p4.tar.gz
for w in lead qa; do soak_sign -q -p policy4.yaml -k $w -I $w@example.org -r $w --yes --time $N p4.tar.gz 2>/dev/null; done
rc "a forbidden pair" 1 verify -p policy4.yaml p4.tar.gz; like "reason not-together" not-together "$T/err"
sed 's/^people.*/needs_runner: true/' policy3.yaml >policy5.yaml
soak_pack -q -o norunner.tar.gz -a "$sample" run
for w in lead qa; do soak_sign -q -p policy5.yaml -k $w -I $w@example.org -r $w --yes --time $N norunner.tar.gz 2>/dev/null; done
rc "nobody says who ran it" 1 verify -p policy5.yaml norunner.tar.gz; like "reason runner-unknown" runner-unknown "$T/err"
unpack; mkdir -p gateway-24h/approvals; cp policy.yaml signers gateway-24h/approvals/
rc "a policy that lies in the package" 1 verify -p gateway-24h/approvals/policy.yaml gateway-24h; like "reason policy-inside" policy-inside "$T/err"
sign p3.tar.gz other lead; is "a key that is not listed does not sign" 2 $?
cp unsigned.tar.gz u.tar.gz; sign u.tar.gz ci lead; is "who ran it does not sign" 1 $?
rc "nobody there to be asked" 2 soak_sign -p policy.yaml -k lead -I lead@example.org -r lead unsigned.tar.gz </dev/null

# --- a verdict that is no GO ------------------------------------------------
soak_run -q -p "$ROOT/templates/profiles/gateway-24h.yaml" -o bad "$ROOT/samples/gateway-24h-troubled" >/dev/null 2>&1
cp bad/$P bad.tar.gz
sign bad.tar.gz lead lead; is "a NO-GO is not approved" 1 $?
like "the reason" waiver-forbidden "$T/sign.err"
sed 's/^max_age/allow_waivers: true\nmax_age/' policy.yaml >policy6.yaml
wsign() { soak_sign -q -p policy6.yaml -k "$1" -I "$1@example.org" -r "$1" --yes --time $N -w "$2" bad.tar.gz 2>"$T/sign.err"; }
echo '[]' >none.yaml; wsign lead none.yaml; is "nor without waivers" 1 $?; like "the reason" waiver-missing "$T/sign.err"
waivers() { # OWNER EXPIRES
	jq -r '[(.criteria[] | select(.verdict == "FAIL" or (.verdict == "INCONCLUSIVE" and (.optional | not))) | .id),
	    (.evidence[] | select((.present or .optional) | not) | .id), (if (.contradictions | length) > 0 then "contradictions" else empty end)] | .[]' bad/verdict.json |
		while read -r i; do echo "- {item: \"$i\", reason: known, owner: $1, expires: $2, ticket: T-1}"; done
}
waivers boss@example.org 2027-01-01 >all.yaml
sed 1d all.yaml >some.yaml; wsign lead some.yaml; is "nor with one waiver missing" 1 $?
is "each item is named as it must be written" "$(sed -n 's/.*item: "\([^"]*\)".*/\1/p' all.yaml | sort -u)" "$(sed -n 's/.*item to be waived: //p' "$T/sign.err" | sort -u)"
waivers lead@example.org 2027-01-01 >own.yaml; wsign lead own.yaml; is "nor with waivers of one's own" 1 $?
waivers boss@example.org 2026-01-01 >old.yaml; wsign lead old.yaml; is "nor with expired ones" 1 $?
wsign lead all.yaml; is "with all waived it is" 0 $?
wsign qa all.yaml; is "by both" 0 $?
rc "and verified" 0 verify -p policy6.yaml bad.tar.gz
rc "not when the waivers have expired" 1 soak_verify -p policy6.yaml --now 2027-01-02T00:00:00Z bad.tar.gz
cp bad/$P veto.tar.gz; sign veto.tar.gz lead lead --reject -m "no"; is "a veto needs no waiver" 0 $?
refused "vetoed" rejected veto.tar.gz

# --- the archive ------------------------------------------------------------
attack "a name that leads out" name-traversal add gateway-24h/data/../../x
attack "an absolute name" name-absolute add /etc/x
attack "a symbolic link" link add gateway-24h/data/l 2 /etc/passwd
attack "a hard link" hard-link add gateway-24h/data/l 1 gateway-24h/data/run.db
attack "a device" device add gateway-24h/data/d 3
attack "a member twice" duplicate-member add gateway-24h/data/verdict.json
attack "a member twice, the other first" duplicate-member before gateway-24h/data/verdict.json
attack "a name that is not UTF-8" name-encoding add "$(printf 'gateway-24h/data/\377')"
attack "a second top folder" top-folder add other/x
attack "cut between members" archive-truncated noend
attack "cut in a member" archive-truncated half
attack "bytes behind the end" archive-trailing tail garbage
unpack; cp gateway-24h/data/report.md gateway-24h/data/REPORT.md; rebuild gateway-24h; pack
refused "names that differ in case" name-case evil.tar.gz
unpack; echo x >gateway-24h/data/nul.txt; rebuild gateway-24h; pack
refused "a name that Windows keeps" name-unportable evil.tar.gz
cp $P e.tar.gz; printf 'garbage' >>e.tar.gz; refused "bytes behind gzip's end" archive-trailing e.tar.gz
head -c -9 $P >e.tar.gz; refused "gzip cut" archive-truncated e.tar.gz
(head -c 150000000 /dev/zero | gzip -9) >zeros.gz
perl -e 'my $h = pack "a100 a8 a8 a8 a12 a12 a8 a1 a100 a6 a2 a247", "gateway-24h/a", "0000644","0000000","0000000", sprintf("%011o", 150000000), "0" x 11, " " x 8, "0", "", "ustar\0", "00", ""; substr($h,148,8) = sprintf "%06o\0 ", unpack "%32C*", $h; print $h' | gzip -9 | cat - zeros.gz >e.tar.gz
refused "a gzip bomb" limit-ratio e.tar.gz

# --- it is not lost what can be told ----------------------------------------
rc "json" 0 verify -p policy.yaml -o json $P
is "json says who" "lead@example.org qa@example.org" "$(jq -r '[.approvals[] | select(.counts) | .principal] | join(" ")' "$T/out")"
is "json: valid" true "$(jq .valid "$T/out")"
for f in tar.gz tar.zst zip dir; do
	rm -rf "x.$f"; soak_pack -q --format $f --runner ci@example.org -o "x.$f" -a "$sample" run
	sign "x.$f" lead lead && sign "x.$f" qa qa
	rc "signed and verified as $f" 0 verify -p policy.yaml "x.$f"
done
sign x.tar.gz lead lead; rc "signing again replaces" 0 verify -p policy.yaml x.tar.gz
done_testing
