#!/bin/sh
# Every stored input through its fuzz target: none may crash it, run away or leave
# a sanitizer unhappy. TAP, for prove; B is the build folder.
set -u
cd "${SOAK_ROOT:-.}" || exit 2
B=${B:?the build folder}
n=0

for dir in tests/corpus/*/; do
	name=$(basename "$dir")
	target=$B/replay/fuzz_$name
	n=$((n + 1))
	if out=$(timeout 300 "$target" "$dir" 2>&1); then
		echo "ok $n - $name: $out"
	else
		echo "not ok $n - $name"
		printf '%s\n' "$out" | sed 's/^/# /'
	fi
done
# A target without a single stored input has not been tried at all.
for source in tests/fuzz/fuzz_*.c; do
	name=$(basename "$source" .c)
	n=$((n + 1))
	if [ -d "tests/corpus/${name#fuzz_}" ]; then
		echo "ok $n - $name has a corpus"
	else
		echo "not ok $n - $name has a corpus"
	fi
done
echo "1..$n"
