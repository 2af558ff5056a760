# bag.sh - small bags of any version, made and changed; for bag.t and bag-suite.t. After lib.sh.

sum() { "$1sum" "$2" | cut -d' ' -f1; }
# A small bag in $1 of version $2 with the algorithms after it.
bag() {
	rm -rf "$1" && mkdir -p "$1/data/sub"
	printf 'hello\n' >"$1/data/hello.txt"
	printf 'other\n' >"$1/data/sub/other file.txt"
	printf 'BagIt-Version: %s\nTag-File-Character-Encoding: UTF-8\n' "$2" >"$1/bagit.txt"
	printf 'Contact-Name: Somebody\nPayload-Oxum: 12.2\n' >"$1/bag-info.txt"
	for alg in $(echo "$*" | cut -d' ' -f3-); do
		(cd "$1" && for f in data/hello.txt 'data/sub/other file.txt'; do
			echo "$(sum "$alg" "$f")  $f"
		done >"manifest-$alg.txt")
	done
	tags "$1" "$3"
}
# The tag manifest of bag $1, algorithm $2, over the tag files as they are.
tags() {
	(cd "$1" && rm -f "tagmanifest-$2.txt" && for f in *.txt; do echo "$(sum "$2" "$f") $f"; done >.t && mv .t "tagmanifest-$2.txt")
}
valid() { rc "valid: $1" 0 soak_verify --bag "$2"; is "no word about it: $1" "" "$(cat "$T/err")"; }
warns() { rc "valid: $1" 0 soak_verify --bag "$2"; like "warning $3: $1" "warning: $3:" "$T/err"; }
refuses() { rc "refused: $1" 1 soak_verify --bag "$2"; like "reason $3: $1" ": $3:" "$T/err"; }
