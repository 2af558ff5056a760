#!/bin/sh
# secrets.t - nothing is packed unsearched: a made corpus, archives, databases, names; allow lists and redaction.
. "$(dirname "$0")/lib.sh"

cd "$T" || exit 1
soak_run -q -p "$ROOT/templates/profiles/gateway-24h.yaml" -o run "$ROOT/samples/gateway-24h-good" >/dev/null
tk() { perl -e 'srand(shift); my @s = ("A".."Z","a".."z",0..9); print "gh" . "p_" . join("", map { $s[rand @s] } 1..36)' "$1"; }
T1=$(tk 1); T2=$(tk 2)
pack() { soak_pack -o p.tar.gz "$@" run; }
inside() { soak_pack --extract "data/$1" p.tar.gz; }

# --- the corpus -------------------------------------------------------------
n_kinds=$(perl "$ROOT/tests/cli/make-secrets.pl" corpus)
is "kinds, innocents and ways of writing" "43 47 24" "$n_kinds"
rc "planted secrets are refused" 1 pack -a corpus/planted
grep -o 'artifacts/[^:]*' "$T/err" | sort -u >found
all=$(ls corpus/planted | wc -l)
is "each one of them is found" "$all" "$(wc -l <found)"
rm -f p.tar.gz; pack -a corpus/planted 2>/dev/null; [ ! -e p.tar.gz ]; result $? "no package is left"
# Not one of the values is said: no word of 20 characters out of a file stands in what was printed.
cat corpus/planted/*.raw | grep -oE '[A-Za-z0-9+/_-]{20,}' | sort -u >words
! grep -qFf words "$T/err"; result $? "the secrets themselves are not said"
rc "innocents are packed" 0 pack -a corpus/innocent
is "and none is taken for a secret" 0 "$(inside secret-scan.json | jq '[.findings[] | select(.state != "to be looked at")] | length')"

# --- where they can hide ----------------------------------------------------
hidden() { # WHAT REGEX: folder a/ holds it
	rc "refused: $1" 1 pack -a a
	like "told of: $1" "$2" "$T/err"
	rm -rf a; mkdir a
}
mkdir a
echo "x $T1" >a/log.txt; hidden "in a file" '^soak-pack: artifacts/log.txt:1: github-token: GitHub token \(plain\)$'
mkdir b; printf 'one\ntwo %s\n' "$T1" >b/log.txt
tar -czf a/b.tar.gz b; hidden "in an archive" 'artifacts/b.tar.gz/b/log.txt:2: github-token'
(cd b && zip -q ../b.zip log.txt) && mkdir c && mv b.zip c/ && tar -cf a/c.tar c; hidden "in an archive in an archive" 'artifacts/c.tar/c/b.zip/log.txt:2: github-token'
gzip -c b/log.txt >a/log.gz; hidden "in a compressed file" 'artifacts/log.gz'
sqlite3 a/x.db "CREATE TABLE t(a TEXT); INSERT INTO t VALUES(hex(zeroblob(2017)) || '$T1' || hex(zeroblob(3000)))"; hidden "across a database's pages" 'artifacts/x.db/t:1: github-token'
echo x >"a/$T1.log"; hidden "in a name" 'github-token'
echo x >a/server.p12; hidden "a key's file by its name" 'artifacts/server.p12:0: key-file'
printf 'key=%s\n' "$T1" | iconv -t UTF-16 >a/wide.txt; hidden "in UTF-16" 'artifacts/wide.txt:1: github-token'
{ gzip -c b/log.txt; echo "$T2"; } >a/log.gz; hidden "behind gzip's end" 'artifacts/log.gz:[0-9]+: github-token'
{ echo x | gzip -c; echo between; gzip -c b/log.txt; } >a/log.gz; hidden "compressed again behind gzip's end" 'artifacts/log.gz: not-scanned: archive-trailing'
{ gzip -c b/log.txt; perl -e 'print "\0" x 512'; } >a/log.gz; hidden "zeros behind gzip's end" 'artifacts/log.gz'
perl -e 'print pack("CCCCVCC", 31, 139, 8, 8, 0, 0, 3) . "$ARGV[0]\0" . "\3\0" . "\0" x 8' "$T1" >a/n.gz; hidden "in gzip's header" 'artifacts/n.gz:1: github-token'
tar -cf a/b.tar b; echo "$T2" >>a/b.tar; hidden "behind a tar's end" 'artifacts/b.tar:[0-9]+: github-token'
{ tar -cf - b; gzip -c b/log.txt; } >a/b.tar; hidden "compressed behind a tar's end" 'artifacts/b.tar: not-scanned: there are bytes behind its end'
{ tar -cf - b; gzip -c b/log.txt; } | gzip -c >a/b.tgz; hidden "the same in a tar.gz" 'artifacts/b.tgz: not-scanned: there are bytes behind its end'
{ xz -c b/log.txt 2>/dev/null || gzip -c b/log.txt; } >a/log.xz; hidden "in xz" 'artifacts/log.xz'
(cd b && zip -q ../a/x.zip log.txt && printf 'x' >../a/y && zip -q ../a/y.zip ../a/y); { cat a/y.zip a/x.zip; } >a/z.zip; rm a/x.zip a/y.zip; hidden "a zip behind a zip" 'artifacts/z.zip'
perl -MCompress::Zlib -e 'open F, "b/log.txt"; local $/; print "some text before it\n" . compress(<F> x 20)' >a/mixed.log; hidden "zlib in the midst of a text" 'artifacts/mixed.log: not-scanned: '
perl -e 'srand 7; print map { chr int rand 256 } 1 .. 300' >a/noise; hidden "what looks like noise" 'artifacts/noise: not-scanned: '
gzip -c b/log.txt >b/in.gz; tar -cf a/n.tar b; rm b/in.gz; hidden "compressed in an archive" 'artifacts/n.tar/b/in.gz:2: github-token'
{ gzip -c b/log.txt; echo rest; } >b/in.gz; tar -czf a/n.tar.gz b/in.gz; rm b/in.gz; hidden "bytes behind its end there" 'artifacts/n.tar.gz/b/in.gz: not-scanned'
sqlite3 a/x.db "CREATE TABLE t(a BLOB); INSERT INTO t VALUES(x'$(gzip -c b/log.txt | od -An -v -tx1 | tr -d ' \n')')"; hidden "compressed in a database" 'artifacts/x.db/t:2: github-token'
printf 'key=%s\n' "$T1" | xxd -p >a/x.hex 2>/dev/null || printf 'key=%s\n' "$T1" | od -An -v -tx1 | tr -d ' \n' >a/x.hex; hidden "in hex" 'artifacts/x.hex:1: github-token: GitHub token \(hex\)'
printf '%%PDF-1.4\n' >a/x.pdf; hidden "what cannot be looked into" 'artifacts/x.pdf: not-scanned: '
printf '7z\274\257\047\034' >a/x.7z; hidden "an archive of another kind" 'artifacts/x.7z: not-scanned: '
cp run/report.md report.ok; echo "$T1" >>run/report.md; hidden "in our own report" 'report.md:[0-9]+: github-token'; cp report.ok run/report.md
cp -R "$ROOT/samples/gateway-24h-good" leaky; echo "note $T1" >leaky/notes.txt
rc "soak-run: no package, trouble" 2 soak_run -q -p "$ROOT/templates/profiles/gateway-24h.yaml" -o leak.out leaky
[ -e leak.out/verdict.json ] && [ ! -e leak.out/gateway-24h.tar.gz ]; result $? "but the verdict is there"
mkdir none && cp "$B/bin/soak-pack" none/
rc "without rules nothing is packed" 2 sh -c "cd none && unset SOAK_TEMPLATES && ./soak-pack -o p.tar.gz ../run"
like "said" 'secrets.yaml: no such file' "$T/err"

# --- the allow list ---------------------------------------------------------
echo "x $T1" >a/log.txt
entry() { echo "- {rule: $1, file: '$2', reason: made for a test, owner: qa@example.org, expires: $3}"; }
entry github-token 'artifacts/log.txt' 2027-01-01 >allow.yaml
rc "allowed" 0 pack -a a --allow allow.yaml
is "the package says so" "allowed made for a test" "$(inside secret-scan.json | jq -r '.findings[] | select(.rule == "github-token") | "\(.state) \(.reason)"')"
entry github-token 'artifacts/log.txt' 2020-01-01 >allow.yaml; rc "expired" 2 pack -a a --allow allow.yaml; like "said" 'allow.yaml:1:.*expired' "$T/err"
{ entry github-token 'artifacts/log.txt' 2027-01-01; entry jwt '*' 2027-01-01; } >allow.yaml; rc "an entry for nothing" 2 pack -a a --allow allow.yaml; like "said" 'allow.yaml:2:' "$T/err"
echo "- {rule: github-token, file: '*', expires: 2027-01-01}" >allow.yaml; rc "no reason, no owner" 2 pack -a a --allow allow.yaml
entry github-token 'artifacts/other.txt' 2027-01-01 >allow.yaml; rc "of another file" 1 pack -a a --allow allow.yaml
printf '%%PDF-1.4\n' >a/x.pdf; rm a/log.txt; entry not-scanned '*.pdf' 2027-01-01 >allow.yaml; rc "what cannot be looked into, allowed" 0 pack -a a --allow allow.yaml

# --- redaction --------------------------------------------------------------
rm -rf a; mkdir a
printf 'a %s b\nc {"t":"%s"} %s\n' "$T1" "$T1" "$T2" >a/log.txt; cp a/log.txt original
printf 'nothing here\n' >a/clean.txt
rc "redacted" 0 pack -a a --redact
inside artifacts/log.txt >redacted
is "the same secret has the same number" 'a [REDACTED:github-token:1] b
c {"t":"[REDACTED:github-token:1]"} [REDACTED:github-token:2]' "$(cat redacted)"
is "the package says what, where, and of which original" "artifacts/log.txt github-token 2 40 $(sha256sum <original | cut -d' ' -f1)" \
	"$(inside redacted.tsv | head -1 | tr '\t' ' ')"
is "the original is as it was" "" "$(cmp a/log.txt original)"
is "others are packed as they are" "nothing here" "$(inside artifacts/clean.txt)"
perl -e 'print "-----BEGIN RSA PRIV" . "ATE KEY-----\n"; srand 5; my @s=("A".."Z","a".."z",0..9); print join("", map { $s[rand @s] } 1..64), "\n" for 1..20; print "-----END RSA PRIV" . "ATE KEY-----\nafter\n"' >a/key.txt
rc "a key is redacted whole" 0 pack -a a --redact
is "nothing of it is left" "[REDACTED:private-key:1]
after" "$(inside artifacts/key.txt)"
tar -czf a/b.tar.gz b; rc "in an archive it cannot be redacted" 1 pack -a a --redact
done_testing
