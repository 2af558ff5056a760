#!/bin/sh
# soak-alerts -d URL: rules over what a real Prometheus holds. It says the same as over a store of the same samples, and an alert
# fires when the Prometheus itself says that its expression had a value for as long as "for". Skipped where there is none.
. "$(dirname "$0")/lib.sh"
R=$ROOT/tests/rules/common.yml

rc "--record is for a store" 2 soak_alerts -d http://127.0.0.1:1 --record --start 1 --end 2 "$R"
rc "so is -p" 2 soak_alerts -d http://127.0.0.1:1 -p gateway-24h --start 1 --end 2 "$R"
rc "a server has no first sample" 2 soak_alerts -d http://127.0.0.1:1 "$R"
rc "nobody listens" 2 soak_alerts -q -d http://127.0.0.1:1 --start 1 --end 2 "$R"
rc "a token is for a server" 2 soak_alerts -d "$T/x.db" --token-file "$R" "$R"

for tool in prometheus promtool perl jq; do
	if ! command -v $tool >/dev/null; then
		skip "no $tool here: no real server"
		done_testing
		exit 0
	fi
done
. "$(dirname "$0")/prometheus.sh"
FROM=1768197600
TO=$((FROM + 3600))
"$ROOT/tests/rules/make-test" "$R" 1 | "$ROOT/tests/rules/to-openmetrics" $FROM >"$T/all.om"
soak_ingest -q -d "$T/a.db" "$T/all.om"
promtool tsdb create-blocks-from openmetrics "$T/all.om" "$T/tsdb" >"$T/promtool" 2>&1
result $? "blocks are made"
if ! prometheus_start "$T/tsdb"; then result 1 "a Prometheus comes up"; done_testing; exit 0; fi
major=$(prometheus --version 2>&1 | sed -n 's/^prometheus, version \([0-9]\).*/\1/p')
over() { # STORE|URL FORMAT
	soak_alerts -q -d "$1" -o "$2" --promql-compat "$major" --start $FROM --end $TO "$R" 2>"$T/err"
}
rc "over the server some fire" 1 over "$url" tsv
mv "$T/out" "$T/theirs.tsv"
rc "as over the store" 1 over "$T/a.db" tsv
is "each change of state, value and label is the same" "" "$(diff "$T/theirs.tsv" "$T/out" | head -5)"
is "there are many" yes "$([ "$(grep -c "$(printf '\tfiring\t')" "$T/out")" -ge 40 ] && echo yes)"
over "$url" json >"$T/server.json"
over "$T/a.db" json >"$T/store.json"
fields='[.alerts[] | {alert, outcome, unanswerable, fired, firing_seconds}]'
is "and so is what cannot be answered" "" "$(jq "$fields" "$T/store.json" >"$T/x"; jq "$fields" "$T/server.json" | diff "$T/x" - | head -5)"

# The Prometheus' own values, minute by minute: a run of them as long as "for" fires until the minute that has none. Not those that rest
# on recorded series: it has none of these.
judged=0
wrong=
for i in $(jq -r '.alerts | keys[]' "$T/server.json"); do
	jq -c ".alerts[$i]" "$T/server.json" >"$T/one"
	expr=$(jq -r .expr "$T/one")
	case $expr in *job:*|*instance:*|*ALERTS*) continue ;; esac
	[ "$(jq -r .group "$T/one")" != limited ] || continue
	soak_query -q -d "$url" -o json --start $FROM --end $TO --step 60 "$expr" >"$T/answer" 2>"$T/err"
	jq -c --argjson hold "$(jq .for_seconds "$T/one")" --argjson last $TO '
		[.data.result[].values | map(.[0]) | . as $t
		 | reduce range(length) as $k ([]; if length > 0 and .[-1][1] == $t[$k] - 60 then .[-1][1] = $t[$k] else . + [[$t[$k], $t[$k]]] end)
		 | .[] | select(.[1] - .[0] >= $hold) | [.[0] + $hold, ([.[1] + 60, $last] | min)]]
		| sort | reduce .[] as $s ([]; if length > 0 and $s[0] <= .[-1][1] then .[-1][1] = ([.[-1][1], $s[1]] | max) else . + [$s] end)' \
		"$T/answer" >"$T/want"
	jq -c '[.fired[] | [.from, .to] | map(fromdateiso8601)]' "$T/one" >"$T/got"
	[ "$(cat "$T/want")" = "$(cat "$T/got")" ] || wrong="$wrong $(jq -r .alert "$T/one"): $(cat "$T/want") not $(cat "$T/got");"
	judged=$((judged + 1))
done
is "an alert fires when the Prometheus says so" "" "$wrong"
is "of which there are at least thirty" yes "$([ $judged -ge 30 ] && echo yes || echo "$judged")"

# What recording rules make, beside what promtool backfills with the same server. It evaluates at an offset that it makes of the
# file's and the group's name; ours run at the multiples of the interval, over the same samples so much earlier.
sed -n '1,/name: availability/p' "$R" | sed '$d' >"$T/recording.yml"
(cd "$T" && promtool tsdb create-blocks-from rules --start $FROM --end $TO --url "$url" --output-dir backfilled recording.yml) >"$T/promtool" 2>&1
result $? "promtool backfills the recording rules"
mkdir -p "$T/backfilled/wal" # or it does not dump
promtool tsdb dump "$T/backfilled" 2>/dev/null >"$T/dump"
first=$(sed 's/.* //' "$T/dump" | sort -n | head -1)
early=$(((${first:-0} - FROM * 1000) % 30000))
awk -v early="$early" '{ t = $NF - early; v = $(NF - 1); sub(/ [^ ]+ [^ ]+$/, ""); gsub(/__name__="|,? ?$/, ""); sub(/", /, "{"); sub(/^{/, "")
	printf "%s %.0f %.9g\n", $0, t, v }' "$T/dump" | sort >"$T/theirs"
"$ROOT/tests/rules/make-test" "$R" 1 | "$ROOT/tests/rules/to-openmetrics" "$(awk -v f=$FROM -v early="$early" 'BEGIN { printf "%.3f", f - early / 1000 }')" >"$T/early.om"
soak_ingest -q -d "$T/early.db" "$T/early.om"
soak_alerts -q -d "$T/early.db" --record --promql-compat "$major" --start $FROM --end $((TO - early / 1000)) "$T/recording.yml" >/dev/null 2>"$T/err"
# job:errors:ratio5m rests on recorded series: promtool has none while it backfills.
sqlite3 -readonly -separator ' ' "$T/early.db" "SELECT name || s.labels, t, printf('%.9g', v) FROM series s JOIN sample ON series = s.id
	WHERE name LIKE '%:%' AND name <> 'job:errors:ratio5m' AND flag IS NOT 1 AND v IS NOT NULL" |
	sed 's/"\([a-z]*\)":"/\1="/g' | sort >"$T/ours"
is "the same series, times and values" "" "$(diff "$T/theirs" "$T/ours" | head -5)"
is "of which there are hundreds" yes "$([ "$(wc -l <"$T/theirs")" -ge 500 ] && echo yes || wc -l <"$T/theirs")"
prometheus_stop
done_testing
