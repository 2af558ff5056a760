#!/bin/sh
# by-hand.t - docs/verify-by-hand.md as it stands there, on a package that two people signed.
. "$(dirname "$0")/lib.sh"

mkdir "$T/w" && cd "$T/w" || exit 1
soak_run -q -p "$ROOT/templates/profiles/gateway-24h.yaml" -o run "$ROOT/samples/gateway-24h-good" >/dev/null
for k in lead qa; do
	ssh-keygen -q -t ed25519 -N '' -C "$k" -f $k
	echo "$k@example.org namespaces=\"golive@example.org\" $(cut -d' ' -f1,2 $k.pub)" >>signers
done
cat >policy.yaml <<'X'
policy: go-live
namespace: golive@example.org
allowed_signers: signers
max_age: 14d
roles:
  lead: {principals: [lead@example.org]}
  qa: {principals: [qa@example.org]}
X
for k in lead qa; do soak_sign -q -p policy.yaml -k $k -I $k@example.org -r $k --yes run/gateway-24h.tar.gz 2>/dev/null; done
{ echo 'set -e'; sed -n 's/^    //p' "$ROOT/docs/verify-by-hand.md"; } >hand.sh
is "the page has commands" 1 "$([ "$(wc -l <hand.sh)" -gt 25 ] && echo 1)"
hand() { rm -rf unpacked; P=$1 NAME=gateway-24h ALLOWED_SIGNERS=$PWD/signers NAMESPACE=golive@example.org sh hand.sh; }
rc "every command of the page succeeds" 0 hand run/gateway-24h.tar.gz
is "both signatures are good" 2 "$(grep -c '^Good "golive@example.org" signature for ' "$T/out")"
like "the decision is seen" '"decision": "GO"' "$T/out"

gzip -dc run/gateway-24h.tar.gz >ok.tar
wrong() { # WHAT OPERATION ARGUMENTS
	_w=$1; shift
	_op=$1; shift
	perl "$ROOT/tests/cli/hostile.pl" "$_op" ok.tar evil.tar "$@" && gzip -nf evil.tar
	hand evil.tar.gz >"$T/out" 2>&1
	[ $? != 0 ]; result $? "a command of the page fails: $_w"
}
echo x >x
wrong "a payload file changed" put gateway-24h/data/report.md x
wrong "a file added" add gateway-24h/data/more
wrong "a tag file added" add gateway-24h/more
wrong "bag-info.txt changed" put gateway-24h/bag-info.txt x
wrong "a member twice" add gateway-24h/data/run.db
wrong "a link" add gateway-24h/data/l 2 /etc/passwd
wrong "a name that leads out" add gateway-24h/../x
tar -xOf ok.tar gateway-24h/approvals/qa--qa@example.org.json | sed 's/"comment": ""/"comment": "x"/' >x
wrong "an approval edited" put gateway-24h/approvals/qa--qa@example.org.json x
done_testing
