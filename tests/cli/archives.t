#!/bin/sh
# Archives that fight back: what libarchive does not notice is a problem with a name, and nothing is written anywhere but the store.
. "$(dirname "$0")/lib.sh"
mkdir "$T/in" "$T/run"
om() { printf '# TYPE %s counter\n%s_total %s 1\n# EOF\n' "$1" "$1" "$2"; }
om a 1 >"$T/in/a.om"
om b 2 >"$T/in/b.om"
cd "$T/run" || exit 1
tar -czf ok.tar.gz -C "$T/in" a.om b.om
gzip -nc "$T/in/a.om" >a.om.gz
# change FILE OFFSET-FROM-END: that byte becomes another one.
change() {
	_at=$(($(wc -c <"$1") - $2))
	_old=$(od -An -tu1 -j $_at -N 1 "$1" | tr -d ' ')
	# shellcheck disable=SC2059
	printf "\\$(printf %03o $(((_old + 1) % 256)))" | dd of="$1" bs=1 seek=$_at conv=notrunc 2>/dev/null
}
samples() { sqlite3 -readonly "$1" 'SELECT count(*) FROM sample'; }
problems() { sqlite3 -readonly "$1" "SELECT group_concat(text, ' / ') FROM (SELECT text FROM problem ORDER BY id)"; }
read_in() { rm -f s.db; soak_ingest -q -d s.db "$@"; }

rc "a whole one" 0 read_in ok.tar.gz
is "is two samples" 2 "$(samples s.db)"
for where in 8 4; do
	cp ok.tar.gz bad.tar.gz; change bad.tar.gz $where
	rc "a wrong checksum or length of gzip, $where bytes before its end" 2 read_in bad.tar.gz
	is "is named, and its members are taken back" "gzip's checksum does not match what it holds: bytes of it were changed / 2 of its members are not used" "$(problems s.db)"
	is "nothing of it is used" 0 "$(samples s.db)"
done
cp ok.tar.gz bad.tar.gz; change bad.tar.gz 8
rc "beside the same files from elsewhere" 2 read_in "$T/in" bad.tar.gz
is "which stay" 2 "$(samples s.db)"
cp a.om.gz bad.om.gz; change bad.om.gz 8
rc "a file alone" 2 read_in bad.om.gz
is "is not used either" "0 gzip's checksum does not match what it holds: bytes of it were changed" "$(samples s.db) $(problems s.db)"
cat "$T/in/a.om" >half; head -c 20 half | gzip -nc >two.om.gz; tail -c +21 half | gzip -nc >>two.om.gz; head -c 100 /dev/zero >>two.om.gz
rc "two members of gzip, and padding, are one file" 0 read_in two.om.gz
is "of one sample" 1 "$(samples s.db)"
{ cat a.om.gz; echo junk; } >behind.om.gz
rc "bytes behind the end" 2 read_in behind.om.gz
like "are named" "bytes behind the end of gzip's data" "$T/err"
# Raw points are committed while they are read; with a wrong checksum they go, too.
awk 'BEGIN { for (i = 0; i < 70000; i++) printf "{\"metric\":\"m\",\"type\":\"Point\",\"data\":{\"time\":\"2026-01-12T06:00:%02d.%03dZ\",\"value\":%d,\"tags\":{}}}\n", i / 1000 % 60, i % 1000, i }' | gzip -nc >points.ndjson.gz
rc "points" 0 read_in points.ndjson.gz
change points.ndjson.gz 8
rc "of a changed file" 2 read_in points.ndjson.gz
is "are no evidence" "0" "$(sqlite3 -readonly s.db 'SELECT count(*) FROM observation')"

tar -cf cut.tar -C "$T/in" a.om b.om
head -c 1024 cut.tar >cut2.tar
rc "cut between two members" 2 read_in cut2.tar
like "is named" 'cut off: a tar without its end, members may be missing' "$T/err"
head -c 900 cut.tar | head -c 520 >cut3.tar
rc "cut inside one" 2 read_in cut3.tar

om a 5 >other.om
tar -cf dup.tar -C "$T/in" a.om b.om; mkdir d2; cp other.om d2/a.om; tar -rf dup.tar -C d2 a.om
rc "a member twice" 0 read_in dup.tar
like "is named" 'another file of this name with other content' "$(problems s.db >p; echo p)"
is "and its contradiction" 1 "$(sqlite3 -readonly s.db 'SELECT count(*) FROM conflict')"
cp other.om d2/A.om
tar -cf case.tar -C "$T/in" a.om; tar -rf case.tar -C d2 A.om
rc "names that differ in case only" 0 read_in case.tar
is "which is said" 1 "$(sqlite3 -readonly s.db "SELECT count(*) FROM problem JOIN artifact ON artifact.id = artifact WHERE name = 'case.tar/A.om' AND text LIKE '%in case only%'")"
is "are two files" "case.tar/A.om case.tar/a.om" "$(sqlite3 -readonly s.db "SELECT group_concat(name, ' ') FROM (SELECT name FROM artifact WHERE name LIKE '%.om' ORDER BY name)")"

# Names that lead out, links, devices, pipes: each is listed with its reason, and nothing comes into being.
tar -cf h.tar -C "$T/in" a.om
hostile() { perl "$ROOT/tests/cli/hostile.pl" add h.tar h2.tar "$@" && mv h2.tar h.tar; }
hostile ../out.om
hostile "$T/abs.om"
hostile soft.om 2 /etc/passwd
hostile hard.om 1 /etc/passwd
hostile device.om 3
hostile pipe.om 6
before=$(find "$T" -path "$T/run" -prune -o -print | sort)
rc "hostile members beside a good one" 0 read_in h.tar
is "which alone is read" 1 "$(samples s.db)"
sqlite3 -readonly s.db 'SELECT text FROM problem' >p
like "one that leads out is named" 'out.om: not read: its name leads out of the archive' p
like "an absolute one" 'abs.om: not read: its name is absolute' p
for name in soft hard; do like "a link: $name" "$name.om: not read: a link" p; done
for name in device pipe; do like "a $name" "$name.om: not read: neither a file nor a folder" p; done
is "nothing is written outside" "$before" "$(find "$T" -path "$T/run" -prune -o -print | sort)"

# A gigabyte of zeros in a megabyte, is over at once.
head -c 1073741824 /dev/zero | gzip -n9 >zeros.gz
rc "a gigabyte of zeros in a megabyte" 2 read_in zeros.gz
like "is named" 'zeros.gz: decompresses to more than 500 times its size' "$T/err"
is "nothing of it is stored" 0 "$(samples s.db)"
result $([ "$(wc -c <s.db)" -lt 1000000 ]; echo $?) "the store stays small"
{ printf '# TYPE a counter\na_total 1 1700000000\n'; head -c 200000000 /dev/zero | tr '\0' '\n'; printf '# EOF\n'; } >lines.om
tar -czf lines.tar.gz lines.om; rm lines.om
rc "a member that is a bomb" 2 read_in lines.tar.gz
is "is no evidence" 0 "$(samples s.db)"
sqlite3 -readonly s.db 'SELECT text FROM problem' >p
like "and is named" 'decompresses to more than 500 times its size' p
done_testing
