#!/bin/sh
# package.t - packages in all formats: ordinary archives, the same bytes each time, read in place.
. "$(dirname "$0")/lib.sh"

cd "$T" || exit 1
good=$ROOT/samples/gateway-24h-good
soak_run -q -p "$ROOT/templates/profiles/gateway-24h.yaml" -o run "$good" >/dev/null
# More than a block of the compressor, so that its threads have something to do.
mkdir big && perl -e 'srand 3; for (1 .. 60000) { printf "%d line %f\n", $_, rand }' >big/log.txt && : >big/empty && head -c 3000000 /dev/urandom >big/noise
# Noise is what compression and encryption make: it is packed only when somebody says so.
echo "- {rule: not-scanned, file: 'artifacts/1/noise', reason: made for a test, owner: qa@example.org, expires: 2099-01-01}" >allow.yaml
for f in tar.gz tar.zst zip dir; do
	rc "packed as $f" 0 soak_pack -q --allow allow.yaml --format $f -o "p.$f" -a big -a "$good" run
	mkdir -p elsewhere/"$f" && cp -R big "elsewhere/$f/other" && cp -R run "elsewhere/$f/run"
	touch -d 2001-01-01 "elsewhere/$f/other"/*
	(cd "elsewhere/$f" && TZ=Asia/Tokyo LC_ALL=C.UTF-8 HOME=/nowhere soak_pack -q --allow ../../allow.yaml --format $f -o q -a other -a "$good" run)
	diff -r "p.$f" "elsewhere/$f/q" >/dev/null; result $? "the same bytes from another folder, zone and home: $f"
	rc "a valid bag: $f" 0 soak_verify --bag "p.$f"
	rc "listed: $f" 0 soak_pack --list "p.$f"
	cut -f1,3 "$T/out" >"list.$f"
	rc "extracted: $f" 0 soak_pack --extract data/artifacts/1/noise -o noise "p.$f"
	cmp -s noise big/noise; result $? "as it was: $f"
	is "a query reads it in place: $f" "$(soak_query -d run/run.db 'sum(gateway_requests_total)')" "$(soak_query -d "p.$f" 'sum(gateway_requests_total)')"
	rc "so does the judge: $f" 0 soak_judge -q -d "p.$f" "$ROOT/templates/profiles/gateway-24h.yaml"
	cmp -s list.tar.gz "list.$f"; result $? "the same files with the same digests: $f"
done
if [ "$(id -u)" = 0 ] && id nobody >/dev/null 2>&1 && command -v setpriv >/dev/null; then
	mkdir theirs && chmod 777 theirs && chmod -R a+rX "$T"
	setpriv --reuid=nobody --regid=nogroup --clear-groups "$B/bin/soak-pack" -q --allow allow.yaml -o theirs/p.tar.gz -a big -a "$good" run 2>"$T/err"
	cmp -s p.tar.gz theirs/p.tar.gz; result $? "the same bytes from another user"
else
	skip "there is no other user to try it as"
fi
gzip -t p.tar.gz && tar -tzf p.tar.gz >/dev/null; result $? "gzip and tar accept the tar.gz"
is "gzip's header has no time and no name" 1f8b0800000000000003 "$(head -c 10 p.tar.gz | od -An -tx1 | tr -d ' \n')"
if command -v unzip >/dev/null; then unzip -tqq p.zip; result $? "unzip accepts the zip"; else skip "no unzip"; fi
if command -v zstd >/dev/null; then zstd -qt p.tar.zst; result $? "zstd accepts the tar.zst"; else skip "no zstd"; fi
if command -v bsdtar >/dev/null; then
	for f in tar.gz tar.zst zip; do bsdtar -tf "p.$f" >/dev/null; result $? "bsdtar accepts the $f"; done
else
	skip "no bsdtar"
fi
(cd p.dir && sha256sum --quiet -c manifest-sha256.txt tagmanifest-sha256.txt); result $? "sha256sum accepts the folder"
cmp -s p.intoto.jsonl p.dir/statement.intoto.jsonl; result $? "the statement lies beside it, too"
is "two statements of in-toto, about the tag manifest" "https://in-toto.io/Statement/v1 $(sha256sum <p.dir/tagmanifest-sha256.txt | cut -d' ' -f1) PASSED
https://in-toto.io/Statement/v1 $(sha256sum <p.dir/tagmanifest-sha256.txt | cut -d' ' -f1) GO" \
	"$(jq -r '"\(._type) \(.subject[0].digest.sha256) \(.predicate.result // .predicate.decision)"' p.intoto.jsonl)"

# Memory does not grow with the payload.
mkdir large && head -c 300000000 /dev/zero | tr '\0' 'x' >large/x
if grep -q __asan_ "$B/bin/soak-pack"; then
	skip "AddressSanitizer wants more address space than that"
else
	rc "300 MB within 1 GB of address space" 0 sh -c "ulimit -v 1000000; '$B/bin/soak-pack' -q -o l.tar.gz -a large run"
fi
rc "a folder that holds something is not replaced" 2 soak_pack -q --format dir -o large run
rc "what is not in it" 2 soak_pack --extract nothing p.zip
rc "a package that is cut is no store" 2 sh -c "head -c 100000 p.tar.gz >cut.tar.gz; '$B/bin/soak-query' -d cut.tar.gz up"
like "and says why" 'archive-truncated' "$T/err"
rc "another format" 2 soak_pack -o p.rar run
done_testing
