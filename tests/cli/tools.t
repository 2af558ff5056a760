#!/bin/sh
# What every tool promises alike: help, version, usage, and that its page knows its options.
. "$(dirname "$0")/lib.sh"
for tool in "$B"/bin/soak-*; do
	name=$(basename "$tool")
	rc "$name --help" 0 "$tool" --help
	like "$name: usage first" "^usage: $name " "$T/out"
	man=$ROOT/docs/man/$name.1
	for option in $(sed -n 's/^ .*--\([a-z-]*\).*/\1/p' "$T/out"); do
		case $option in quiet | help | version) continue ;; esac
		grep -q "\\\\-$option\|Fl . , Fl .*$option" "$man"
		result $? "$name: the page explains --$option"
	done
	rc "$name --version" 0 "$tool" --version
	like "$name: a version" "^$name [0-9]" "$T/out"
	rc "$name: unknown option" 2 "$tool" --no-such-option
	like "$name: names it" 'no-such-option' "$T/err"
	[ ! -s "$T/out" ]; result $? "$name: nothing on stdout then"
	rc "$name: help to a full disk is trouble" 2 sh -c "'$tool' --help >/dev/full"
done
rc "soak VERB runs soak-VERB" 0 soak run --version
like "and it is that one" '^soak-run ' "$T/out"
rc "soak with an unknown verb" 2 soak nonesuch
rc "soak alone" 2 soak
rc "soak --help lists the verbs" 0 soak --help
like "all of them" 'soak judge' "$T/out"
rc "soak --version" 0 soak --version
is "begins with the version" "soak" "$(head -1 "$T/out" | cut -d' ' -f1)"
like "and says what it was built with" '^sqlite3 3\.' "$T/out"
done_testing
