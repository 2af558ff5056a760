#!/bin/sh
# bag.t - soak-verify --bag: any bag of anybody, and archives that are hostile.
. "$(dirname "$0")/lib.sh"

. "$(dirname "$0")/bag.sh"
b=$T/bag

# --- valid ones -------------------------------------------------------------
for v in 0.93 0.94 0.95 0.96 0.97 1.0; do bag "$b" $v md5; valid "version $v, MD5" "$b"; done
for alg in sha1 sha224 sha256 sha384 sha512; do bag "$b" 1.0 $alg; valid "$alg" "$b"; done
bag "$b" 1.0 sha256 sha512 md5; valid "three manifests" "$b"
bag "$b" 1.0 sha512
printf 'BagIt-Version: 1.0\r\nTag-File-Character-Encoding: UTF-8' >"$b/bagit.txt"; tags "$b" sha512
valid "CRLF and no newline at the end of bagit.txt" "$b"
bag "$b" 0.97 md5; printf 'Label:no blank\nOther:   many\n continued\n' >"$b/bag-info.txt"; tags "$b" md5
valid "separators of bag-info.txt" "$b"
bag "$b" 1.0 sha256; sed -i 's/^\([0-9a-f]*\)/\U\1/; s/  /\t/' "$b/manifest-sha256.txt"; sed -i 's/DATA/data/; s/manifest-SHA/manifest-sha/' "$b/manifest-sha256.txt"; tags "$b" sha256
valid "digests in capitals, a tab" "$b"
bag "$b" 1.0 sha256; mv "$b/data/hello.txt" "$b/data/a
b%c.txt"; sed -i 's/hello.txt/a%0Ab%25c.txt/' "$b/manifest-sha256.txt"; tags "$b" sha256
valid "CR, LF and % in a name" "$b"
bag "$b" 0.97 sha256; mv "$b/data/hello.txt" "$b/data/100%.txt"; sed -i 's/hello.txt/100%.txt/' "$b/manifest-sha256.txt"; tags "$b" sha256
valid "a bare % before 1.0" "$b"
bag "$b" 0.97 md5; mv "$b/data/hello.txt" "$b/data/Grüße.txt"; sed -i 's/hello.txt/Grüße.txt/' "$b/manifest-md5.txt"
cp "$b/manifest-md5.txt" "$T/m"
for set in UTF-16BE UTF-16LE UTF-16 ISO-8859-1; do
	printf 'BagIt-Version: 0.97\nTag-File-Character-Encoding: %s\n' $set >"$b/bagit.txt"
	iconv -f UTF-8 -t $set "$T/m" >"$b/manifest-md5.txt"
	printf 'Contact-Name: Gr\303\274n\n' | iconv -f UTF-8 -t $set >"$b/bag-info.txt"
	tags "$b" md5
	iconv -f UTF-8 -t $set "$b/tagmanifest-md5.txt" >"$T/tm" && cp "$T/tm" "$b/tagmanifest-md5.txt"
	rc "valid: tag files in $set" 0 soak_verify --bag "$b"
done
bag "$b" 0.97 md5; printf 'http://example.org/h 6 data/hello.txt\n' >"$b/fetch.txt"; tags "$b" md5
valid "fetch.txt whose files are there" "$b"
bag "$b" 1.0 sha256; mkdir "$b/approvals"; echo x >"$b/approvals/y"; valid "a tag folder in no manifest" "$b"

# --- warnings ---------------------------------------------------------------
bag "$b" 0.97 md5; sed -i 's/  / */' "$b/manifest-md5.txt"; tags "$b" md5; warns "written by md5sum -b" "$b" manifest-style
bag "$b" 0.97 md5; sed -i 's,  ,  ./,' "$b/manifest-md5.txt"; tags "$b" md5; warns "./data" "$b" manifest-style
bag "$b" 0.97 md5; sed -n 1p "$b/manifest-md5.txt" >>"$b/manifest-md5.txt"; tags "$b" md5; warns "listed twice before 1.0" "$b" manifest-duplicate
bag "$b" 1.0 md5; printf '\357\273\277' | cat - "$b/bag-info.txt" >"$T/i"; cp "$T/i" "$b/bag-info.txt"; tags "$b" md5; warns "a mark in bag-info.txt" "$b" byte-order-mark
bag "$b" 1.0 md5; cp "$b/data/hello.txt" "$b/data/HELLO.txt"; sed -n '1s/hello/HELLO/p' "$b/manifest-md5.txt" >>"$b/manifest-md5.txt"
sed -i s/12.2/18.3/ "$b/bag-info.txt"; tags "$b" md5; warns "names that differ in case" "$b" name-case
bag "$b" 1.0 md5; mv "$b/data/hello.txt" "$b/data/$(printf 'e\314\201')"; sed -i "s/hello.txt/$(printf '\303\251')/" "$b/manifest-md5.txt"; tags "$b" md5
warns "another Unicode form" "$b" name-normalization
bag "$b" 1.0 md5; mv "$b/data/hello.txt" "$b/data/.DS_Store"; sed -i "s/hello.txt/.DS_Store/" "$b/manifest-md5.txt"; tags "$b" md5; warns "a desktop's file" "$b" system-file
bag "$b" 0.97 md5; bag "$T/o" 0.97 sha1; sed -n 1p "$T/o/manifest-sha1.txt" >"$b/manifest-sha1.txt"; tags "$b" md5; warns "in one of two manifests before 1.0" "$b" file-unlisted

# --- invalid ones -----------------------------------------------------------
bag "$b" 1.0 sha256; rm "$b/bagit.txt"; refuses "no bagit.txt" "$b" bagit-missing
bag "$b" 1.0 sha256; printf '\357\273\277' | cat - "$b/bagit.txt" >"$T/i"; cp "$T/i" "$b/bagit.txt"; refuses "a mark in bagit.txt" "$b" bagit-malformed
for text in 'BagIt-Version : 1.0\nTag-File-Character-Encoding: UTF-8\n' 'BagIt-Version: .97\nTag-File-Character-Encoding: UTF-8\n' 'BagIt-Version: 1.0\n' \
    ' BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n' 'BagIt-Version: 2.0\nTag-File-Character-Encoding: UTF-8\n' \
    'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\nMore: lines\n' ''; do
	bag "$b" 1.0 sha256; printf "$text" >"$b/bagit.txt"; tags "$b" sha256; refuses "bagit.txt: $(printf "$text" | head -1 | cut -c1-30)" "$b" bagit-malformed
done
bag "$b" 1.0 sha256; printf 'BagIt-Version: 1.0\nTag-File-Character-Encoding: NO-SUCH\n' >"$b/bagit.txt"; tags "$b" sha256; refuses "a character set that is none" "$b" tag-encoding
bag "$b" 1.0 sha256; rm "$b/manifest-sha256.txt"; refuses "no manifest" "$b" manifest-missing
bag "$b" 1.0 sha256; rm -r "$b/data"; refuses "no data" "$b" data-missing
bag "$b" 1.0 sha256; echo x >>"$b/data/hello.txt"; refuses "changed payload" "$b" file-changed
bag "$b" 1.0 sha256; echo 'X: y' >>"$b/bag-info.txt"; refuses "changed tag file" "$b" tag-changed
bag "$b" 1.0 sha256; rm "$b/bag-info.txt"; refuses "tag file gone" "$b" file-missing
bag "$b" 1.0 sha256; rm "$b/data/hello.txt"; refuses "payload gone" "$b" file-missing
bag "$b" 1.0 sha256; echo x >"$b/data/extra"; refuses "payload added" "$b" file-unlisted
bag "$b" 1.0 sha256 md5; sed -i 1d "$b/manifest-md5.txt"; tags "$b" sha256; refuses "in one of two manifests in 1.0" "$b" file-unlisted
bag "$b" 1.0 sha256; sed -n 1p "$b/manifest-sha256.txt" >>"$b/manifest-sha256.txt"; tags "$b" sha256; refuses "listed twice in 1.0" "$b" manifest-duplicate
bag "$b" 0.97 sha256; sed -n '1s/^..../0000/p' "$b/manifest-sha256.txt" >>"$b/manifest-sha256.txt"; tags "$b" sha256; refuses "listed twice with two digests" "$b" manifest-duplicate
for p in ../../etc/passwd /etc/passwd '~/x' '~root/x' data/../../x 'C:\x' '..\x'; do
	bag "$b" 0.97 sha256; printf '%s  %s\n' "$(sum sha256 "$b/data/hello.txt")" "$p" >>"$b/manifest-sha256.txt"; tags "$b" sha256
	refuses "listed: $p" "$b" path-unsafe
	bag "$b" 0.97 sha256; printf 'http://example.org/x - %s\n' "$p" >"$b/fetch.txt"; tags "$b" sha256
	refuses "to be fetched: $p" "$b" path-unsafe
done
bag "$b" 1.0 sha256; printf '%s  %s\n' "$(sum sha256 "$b/bagit.txt")" bagit.txt >>"$b/manifest-sha256.txt"; tags "$b" sha256; refuses "a tag file in a payload manifest" "$b" path-outside
bag "$b" 1.0 sha256; echo 'http://example.org/x 5 data/x' >"$b/fetch.txt"; tags "$b" sha256; refuses "to be fetched" "$b" file-missing
bag "$b" 1.0 sha256; echo 'nonsense' >"$b/fetch.txt"; tags "$b" sha256; refuses "fetch.txt that is none" "$b" fetch-malformed
bag "$b" 1.0 sha256; echo 'nonsense' >>"$b/manifest-sha256.txt"; tags "$b" sha256; refuses "a line that is none" "$b" manifest-malformed
bag "$b" 1.0 sha256; sed -i 's/^......//' "$b/manifest-sha256.txt"; tags "$b" sha256; refuses "a digest too short" "$b" manifest-malformed
bag "$b" 1.0 sha256; mv "$b/manifest-sha256.txt" "$b/manifest-crc99.txt"; refuses "an algorithm nobody knows" "$b" algorithm-unknown
bag "$b" 1.0 sha256; sed -i 's/12.2/13.2/' "$b/bag-info.txt"; tags "$b" sha256; refuses "Payload-Oxum" "$b" oxum-mismatch
bag "$b" 1.0 sha256; ln -s hello.txt "$b/data/link"; refuses "a link in a folder" "$b" link
bag "$b" 1.0 sha256; mkfifo "$b/data/pipe"; refuses "a pipe in a folder" "$b" device
rc "what is not there is trouble" 2 soak_verify --bag "$T/none"
: >"$T/empty"; refuses "an empty file" "$T/empty" archive-truncated

# --- archives ---------------------------------------------------------------
bag "$T/bag" 1.0 sha256
tar -cf "$T/ok.tar" --owner=0 --group=0 --sort=name --format=ustar -C "$T" bag
gzip -nk "$T/ok.tar"
valid "tar" "$T/ok.tar"; valid "tar.gz" "$T/ok.tar.gz"
(cd "$T" && zip -qr ok.zip bag); valid "zip" "$T/ok.zip"
cp "$T/ok.tar.gz" "$T/ok.tgz"; valid "tgz" "$T/ok.tgz"
# Compressed by others: what is cut or has something behind it is refused as in gzip.
for how in xz bzip2 zstd lz4; do
	if ! command -v $how >/dev/null; then skip "no $how here"; continue; fi
	$how -qc "$T/ok.tar" >"$T/ok.tar.$how"; valid "tar in $how" "$T/ok.tar.$how"
	head -c -20 "$T/ok.tar.$how" >"$T/e"; rc "refused: $how cut" 1 soak_verify --bag "$T/e"; like "reason: $how cut" ': archive-(truncated|damaged):' "$T/err"
	{ cat "$T/ok.tar.$how"; echo garbage; } >"$T/e"; rc "refused: bytes behind the end of $how" 1 soak_verify --bag "$T/e"; like "reason: bytes behind the end of $how" ': archive-(trailing|damaged):' "$T/err"
done
tar -cf "$T/pax.tar" --format=pax -C "$T" bag; valid "pax" "$T/pax.tar"
tar -cf "$T/dot.tar" -C "$T" ./bag; valid "names that begin with ./" "$T/dot.tar"
tar -cf "$T/flat.tar" -C "$T/bag" .; warns "no top folder" "$T/flat.tar" top-folder
evil() { # NAME REASON OPERATION...
	_what=$1; _reason=$2; shift 2; _op=$1; shift
	perl "$ROOT/tests/cli/hostile.pl" "$_op" "$T/ok.tar" "$T/evil.tar" "$@"
	refuses "$_what" "$T/evil.tar" "$_reason"
	gzip -nf "$T/evil.tar"; refuses "$_what, compressed" "$T/evil.tar.gz" "$_reason"
}
evil "a name that leads out" name-traversal add bag/data/../../../x
evil "an absolute name" name-absolute add /etc/x
evil "a drive" name-absolute add 'C:\x'
evil "a symbolic link" link add bag/data/l 2 /etc/passwd
evil "a hard link" hard-link add bag/data/l 1 bag/data/hello.txt
evil "a device" device add bag/data/d 3
evil "a pipe" device add bag/data/p 6
evil "another kind" member-kind add bag/data/q V
evil "a member twice" duplicate-member add bag/data/hello.txt
evil "a file where a folder is" duplicate-member add bag/data
evil "a name that is not UTF-8" name-encoding add "$(printf 'bag/data/\377')"
evil "an empty part" name-malformed add bag//data/x
evil "a second top folder" top-folder add other/x
evil "cut between members" archive-truncated noend
evil "cut in a member" archive-truncated half
evil "bytes behind the end" archive-trailing tail garbage
evil "a header changed" archive-damaged sum
evil "40 folders deep" limit-depth add "bag/$(printf 'd/%.0s' $(seq 40))x"
evil "a file nobody lists" file-unlisted add bag/data/more
cp "$T/ok.tar.gz" "$T/e.tar.gz"; echo garbage >>"$T/e.tar.gz"; refuses "bytes behind gzip's end" "$T/e.tar.gz" archive-trailing
cat "$T/ok.tar.gz" "$T/ok.tar.gz" >"$T/e.tar.gz"; refuses "two archives in one file" "$T/e.tar.gz" archive-trailing
head -c -6 "$T/ok.tar.gz" >"$T/e.tar.gz"; refuses "gzip cut" "$T/e.tar.gz" archive-truncated
perl -e 'local $/; $_ = <STDIN>; substr($_, -6, 1) ^= "\1"; print' <"$T/ok.tar.gz" >"$T/e.tar.gz"; refuses "gzip's checksum" "$T/e.tar.gz" archive-damaged
head -c -30 "$T/ok.zip" >"$T/e.zip"; refuses "zip cut" "$T/e.zip" archive-truncated
cp "$T/ok.zip" "$T/e.zip"; echo x >>"$T/e.zip"; refuses "bytes behind zip's end" "$T/e.zip" archive-truncated
(echo x; cat "$T/ok.zip") >"$T/e.zip"; rc "bytes before a zip" 1 soak_verify --bag "$T/e.zip"
perl -e 'local $/; $_ = <STDIN>; s/bag-info/bag-inff/; print' <"$T/ok.zip" >"$T/e.zip"; refuses "zip: two names of one member" "$T/e.zip" archive-damaged
(cd "$T" && ln -s /etc/passwd bag/data/l && zip -qry l.zip bag; rm bag/data/l); refuses "zip: a link" "$T/l.zip" link
(head -c 200000000 /dev/zero | gzip -9) >"$T/zeros.gz"
perl -e 'my $h = pack "a100 a8 a8 a8 a12 a12 a8 a1 a100 a6 a2 a247", "bag/data/z", "0000644","0000000","0000000", sprintf("%011o", 200000000), "0" x 11, " " x 8, "0", "", "ustar\0", "00", ""; substr($h,148,8) = sprintf "%06o\0 ", unpack "%32C*", $h; print $h' | gzip -9 | cat - "$T/zeros.gz" >"$T/bomb.tar.gz"
refuses "a gzip bomb" "$T/bomb.tar.gz" limit-ratio

rc "json" 1 soak_verify --bag "$T/bomb.tar.gz" -o json
is "json names the reason" limit-ratio "$(jq -r '.findings[0].reason' "$T/out")"
done_testing
