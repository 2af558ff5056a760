#!/bin/bash
# Completions follow the tools' own tables of options, and the shells that are here can read them.
. "$(dirname "$0")/lib.sh"
rc "they are made" 0 sh "$ROOT/packaging/completions" "$B/bin" "$T/c"
rc "bash reads its own" 0 bash -n "$T/c/bash/soak"
# shellcheck disable=SC1091
. "$T/c/bash/soak"
complete_line() { # WORDS...: what is offered for the last one
	COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
	_soak 2>/dev/null
	printf '%s\n' "${COMPREPLY[@]}" | sort | tr '\n' ' '
}
is "verbs" "query " "$(complete_line soak q)"
is "options of a tool" "--lenient " "$(complete_line soak-report --le)"
is "options of a verb" "--lenient " "$(complete_line soak report --le)"
touch "$T/one.db"
is "an option's argument is a file" "$T/one.db " "$(complete_line soak-judge -d "$T/one")"
is "and an operand" "$T/one.db " "$(complete_line soak-judge "$T/one")"
for tool in "$B"/bin/soak-*; do
	name=$(basename "$tool")
	want=$("$tool" --help | grep -cE '^  (-., )?--')
	is "$name: all of its options" "$want" "$(complete_line "$name" -- | tr ' ' '\n' | grep -c -- --)"
	is "$name: fish, too" "$want" "$(grep -c -- ' -l ' "$T/c/fish/$name.fish")"
	[ -e "$T/c/bash/$name" ]; result $? "$name: bash finds them"
done
if command -v zsh >/dev/null; then rc "zsh reads its own" 0 zsh -n "$T/c/zsh/_soak"; else skip "zsh is not here"; fi
if command -v fish >/dev/null; then rc "fish reads its own" 0 fish --no-execute "$T/c/fish/soak-judge.fish"; else skip "fish is not here"; fi
done_testing
