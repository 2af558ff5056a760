# lib.sh - TAP for command line tests: source it, call is/ok/like, end with "done_testing".
#
#	. tests/cli/lib.sh
#	is "says its version" 0 "soak-run 0.1.0" soak-run --version
#
# B is the build folder, ROOT the checkout, T a folder that is removed at the end; shared/ beside the checkout
# is $SHARED, or empty. SOAK_WRAP (valgrind ...) runs before every tool.
ROOT=$(cd "$(dirname "$0")/../.." && pwd)
B=${B:-$ROOT/build/gcc}
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
SHARED=
[ -d "$ROOT/../shared/data" ] && SHARED=$(cd "$ROOT/../shared/data" && pwd)
export SOAK_TEMPLATES="$ROOT/templates"
unset SOAK_DB SOURCE_DATE_EPOCH
n=0

for tool in "$B"/bin/soak*; do
	name=$(basename "$tool")
	eval "$(printf '%s' "$name" | tr - _)() { \${SOAK_WRAP:-} \"$tool\" \"\$@\"; }"
done

result() { # ok? name
	n=$((n + 1))
	if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; echo "# ${0##*/}: not ok $n - $2" >&2; fi
}
# rc NAME STATUS COMMAND...: the exit status; output lands in $T/out and $T/err.
rc() {
	_name=$1; _want=$2; shift 2
	_got=0
	"$@" >"$T/out" 2>"$T/err" || _got=$?
	[ "$_got" = "$_want" ]
	result $? "$_name"
	[ "$_got" = "$_want" ] || { echo "# exit $_got, wanted $_want: $*"; sed 's/^/# /' "$T/err" | head -40; } >&2
}
# is NAME WANTED GOT
is() {
	[ "$2" = "$3" ]
	result $? "$1"
	[ "$2" = "$3" ] || { echo "# wanted: $2"; echo "# got:    $3"; } >&2
}
# like NAME REGEX FILE
like() {
	grep -qE -- "$2" "$3"
	result $? "$1" && grep -qE -- "$2" "$3" || { echo "# no line like $2 in:"; sed 's/^/#   /' "$3" | head -20; } >&2
}
# unlike NAME REGEX FILE
unlike() {
	! grep -qE -- "$2" "$3"
	result $? "$1"
}
skip() { n=$((n + 1)); echo "ok $n # skip $1"; }
done_testing() { echo "1..$n"; }
