#!/bin/sh
# Every page of docs/howto: its commands, copied verbatim, print what the page says. howto.t --write rewrites the pages.
if [ "${1:-}" = --write ]; then write=--write; else write=; fi
. "$(dirname "$0")/lib.sh"
PATH=$B/bin:$PATH
export PATH ROOT
if ! command -v ssh-keygen >/dev/null || ! command -v jq >/dev/null || ! command -v sqlite3 >/dev/null; then
	echo "1..0 # SKIP ssh-keygen, jq and sqlite3 are needed"
	exit 0
fi
for page in "$ROOT"/docs/howto/*.md; do
	name=$(basename "$page" .md)
	grep -q '^```console$' "$page" || continue
	mkdir -p "$T/$name/work"
	ln -s "$ROOT/samples" "$T/$name/work/samples"
	# shellcheck disable=SC2086 # --write or nothing
	perl "$ROOT/tests/cli/howto.pl" $write "$page" "$T/$name/work" >"$T/$name/differs" 2>&1
	result $? "docs/howto/$name.md says what its commands print"
	sed 's/^/# /' "$T/$name/differs" | head -80 >&2
done
done_testing
