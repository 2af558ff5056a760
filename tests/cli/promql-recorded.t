#!/bin/sh
# The same samples, the same questions, the same answers as a Prometheus 2.42 gave: shared/data/prometheus.
. "$(dirname "$0")/lib.sh"
D=$SHARED/prometheus
if [ -z "$SHARED" ] || [ ! -d "$D/promql" ]; then
	echo "1..0 # SKIP no shared/data beside the checkout"
	exit 0
fi
if ! command -v jq >/dev/null; then
	echo "1..0 # SKIP no jq"
	exit 0
fi

# $want and $got: what differs, a line each; series and points in any order, values to 1e-9 relative, NaN equal to NaN.
# Which of equals topk() takes is chance (asked twice, that Prometheus gives both answers): a point that is there in place of
# another with the same value is no difference.
cat >"$T/compare.jq" <<'JQ'
def number: if . == "NaN" then . elif . == "+Inf" then infinite elif . == "-Inf" then -infinite else tonumber end;
def near($a; $b): ($a | number) as $x | ($b | number) as $y |
	$x == $y or (($x | type) == "number" and ($y | type) == "number" and
	(($x - $y) | fabs) <= 1e-9 * ([$x, $y | fabs] | max));
# {series: {...}, t: ..., v: ...} of each point
def points: [.data.result[] | {series: (.metric | to_entries | sort)} + ((.values // [.value])[] | {t: .[0], v: .[1]})];
def by_place: map({key: "\(.series) t=\(.t)", value: .}) | from_entries;
def less($other): with_entries(select($other[.key] == null)) | [.[]] | sort_by([.t, (.v | number)]);
($want[0].query | test("^(top|bottom)k")) as $ties |
($want[0].response | points | by_place) as $w | ($got[0] | points) as $all | ($all | by_place) as $g |
($w | less($g)) as $missing | ($g | less($w)) as $extra |
if $got[0].status != "success" then "status \($got[0].status)" else empty end,
if $got[0].data.resultType != $want[0].response.data.resultType then "type \($got[0].data.resultType)" else empty end,
if ($all | length) != ($g | length) then "a point twice" else empty end,
if $ties and ($missing | length) == ($extra | length) and
	all(range($missing | length); $missing[.].t == $extra[.].t and near($missing[.].v; $extra[.].v))
then empty else ($missing[] | "missing: \(.)"), ($extra[] | "too many: \(.)") end,
($w | to_entries[] | select($g[.key] != null and (near(.value.v; $g[.key].v) | not)) |
	"\(.key): wanted \(.value.v), got \($g[.key].v)")
JQ

rc "the samples are ingested" 0 soak_ingest -q -d "$T/p.db" "$D/scraped.om.gz"
for f in "$D"/promql/*.json; do
	name=$(basename "$f" .json)
	query=$(jq -r .query "$f")
	if [ "$(jq -r .kind "$f")" = query_range ]; then
		set -- --start "$(jq .start "$f")" --end "$(jq .end "$f")" --step "$(jq .step "$f")"
	else
		set -- --time "$(jq .time "$f")"
	fi
	status=0
	soak_query -q -d "$T/p.db" --promql-compat 2 -o json "$@" -- "$query" >"$T/got" 2>"$T/err" || status=$?
	# 3: nothing of it was ever seen, as absent() of a wrong name; the answer is there all the same.
	if [ $status != 0 ] && [ $status != 3 ]; then
		result 1 "$name: $query"
		sed 's/^/# /' "$T/err"
		continue
	fi
	jq -nr --slurpfile want "$f" --slurpfile got "$T/got" -f "$T/compare.jq" >"$T/diff" 2>&1
	[ ! -s "$T/diff" ]
	result $? "$name: $query"
	head -5 "$T/diff" | sed 's/^/# /'
done
[ "$n" -gt 40 ]; result $? "all of the recorded answers were compared"

# The comparison itself must be able to fail.
f=$D/promql/instant-p95.json
for change in '.data.result[0].value[1] = "211.5058612"' '.data.result = []' '.data.result[0].metric.x = "y"' \
	'.data.result[0].value[0] += 1' '.data.result += .data.result' '.data.resultType = "matrix"'; do
	jq ".response | $change" "$f" >"$T/got"
	jq -nr --slurpfile want "$f" --slurpfile got "$T/got" -f "$T/compare.jq" >"$T/diff" 2>&1
	[ -s "$T/diff" ]; result $? "a difference is seen: $change"
done
f=$D/promql/topk.json
jq '.response | .data.result[0].metric.tool = "x"' "$f" >"$T/got"
jq -nr --slurpfile want "$f" --slurpfile got "$T/got" -f "$T/compare.jq" >"$T/diff" 2>&1
[ ! -s "$T/diff" ]; result $? "equals may stand for each other in topk()"
jq '.response | .data.result[0].values[3][1] = "9"' "$f" >"$T/got"
jq -nr --slurpfile want "$f" --slurpfile got "$T/got" -f "$T/compare.jq" >"$T/diff" 2>&1
[ -s "$T/diff" ]; result $? "others may not"
f=$D/promql/division-by-zero.json # it has NaN
jq '.response' "$f" >"$T/got"
jq -nr --slurpfile want "$f" --slurpfile got "$T/got" -f "$T/compare.jq" >"$T/diff" 2>&1
[ ! -s "$T/diff" ]; result $? "and none where there is none"
done_testing
