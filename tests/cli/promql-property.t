#!/bin/bash
# Random samples, random expressions: the same answers as a Prometheus that runs beside. What is random comes from SEED, the
# same for the same number everywhere; a longer run: PROPERTY_ROUNDS=100 SEED=$RANDOM prove -v tests/cli/promql-property.t
. "$(dirname "$0")/lib.sh"
SEED=${SEED:-20230201}
ROUNDS=3
grep -q __asan_init "$B/bin/soak-query" && ROUNDS=1 # a process takes ten times as long
ROUNDS=${PROPERTY_ROUNDS:-$ROUNDS}
QUESTIONS=${PROPERTY_QUESTIONS:-250}
for need in prometheus promtool; do
	if ! command -v $need >/dev/null; then
		echo "1..0 # SKIP no $need (package prometheus) to compare with"
		exit 0
	fi
done
# Without them no server is started that nobody could ask.
for need in promql_random promql_compare promql_write; do
	if [ ! -x "$B/peer/$need" ]; then
		printf '1..1\nnot ok 1 - %s is built, as "make check" does\n' "$need"
		exit 1
	fi
done
# What its ranges mean: --promql-compat.
version=$(prometheus --version 2>&1 | sed -n 's/^prometheus, version \([0-9]*\).*/\1/p')
case $version in
2 | 3) ;;
*)
	echo "1..0 # SKIP Prometheus is version $version; the comparison is with 2 or 3"
	exit 0
	;;
esac

server=
stop_server() {
	# Asked until it is gone: a signal between fork and exec would be lost.
	while [ -n "$server" ] && kill "$server" 2>/dev/null; do sleep 0.1; done
	server=
}
trap 'stop_server; rm -rf "$T"' EXIT
trap 'exit 2' INT TERM HUP
echo 'global: {}' >"$T/prometheus.yml"

# start_server BLOCKS OPTION...: on a free port of this machine only; ends after half an hour, come what may.
start_server() {
	blocks=$1
	shift
	for _ in 1 2 3; do
		port=$("$B/peer/promql_compare" port)
		timeout -k 5 1800 prometheus --config.file="$T/prometheus.yml" --storage.tsdb.path="$blocks" --storage.tsdb.retention.time=100y "$@" \
			--web.listen-address="127.0.0.1:$port" --log.level=error >"$T/server.log" 2>&1 &
		server=$!
		"$B/peer/promql_compare" ready "$port" && return 0
		stop_server
	done
	return 1
}

# compare WHAT: puts the questions to both.
compare() {
	status=0
	"$B/peer/promql_compare" "$port" "$B/bin/soak-query" "$T/p.db" "$version" <"$T/questions" >"$T/said" || status=$?
	result $status "SEED=$seed: the same answers$1"
	sed 's/^\([^#]\)/# \1/' "$T/said" | tail -41
	# A generator of nothing but errors and empty results would prove nothing.
	answered=$(awk 'END { print $1 - $6 - $8 }' "$T/said" 2>/dev/null)
	[ $((answered * 2)) -gt "$QUESTIONS" ]
	result $? "SEED=$seed: more than half are answers with values ($answered of $QUESTIONS)"
	stop_server
}

for ((round = 0; round < ROUNDS; round++)); do
	seed=$((SEED + round))
	rm -rf "$T/blocks" "$T/p.db"
	"$B/peer/promql_random" samples $seed >"$T/in.om"
	"$B/peer/promql_random" questions $seed "$QUESTIONS" >"$T/questions"
	rc "SEED=$seed: promtool takes the samples" 0 promtool tsdb create-blocks-from openmetrics "$T/in.om" "$T/blocks"
	rc "SEED=$seed: so do we" 0 soak_ingest -q -d "$T/p.db" "$T/in.om"
	start_server "$T/blocks"
	result $? "SEED=$seed: Prometheus runs"
	compare ""
done

# The same with stale markers, at the end of most series and in most gaps. No text carries them: Prometheus gets them by remote
# write, our store as values that are changed then. In one round, for series that share a marker's moment are few.
if ! command -v sqlite3 >/dev/null; then
	skip "no sqlite3 to put stale markers into a store"
	done_testing
	exit 0
fi
awk -v seed="$seed" -v mark=987654321.125 'BEGIN { srand(seed) }
	function marker(t) { if (rand() < 0.7) printf "%s %s %.3f\n", series, mark, t }
	/^#/ { if (series != "") marker(last + 15); series = ""; print; next }
	$1 != series { if (series != "") marker(last + 15); series = $1; last = $3 }
	$3 - last > 70 { marker(last + 15 + int((($3 - last) - 20) * rand())) }
	{ print; last = $3 }' "$T/in.om" >"$T/marked.om"
markers=$(grep -c ' 987654321.125 ' "$T/marked.om")
[ "$markers" -gt 30 ]
result $? "SEED=$seed: there are stale markers ($markers)"
rm -rf "$T/blocks" "$T/p.db"
mkdir "$T/blocks"
rc "SEED=$seed: we take the samples" 0 soak_ingest -q -d "$T/p.db" "$T/marked.om"
sqlite3 "$T/p.db" 'UPDATE sample SET v = NULL, flag = 2 WHERE v = 987654321.125'
is "SEED=$seed: they are in our store" "$markers" "$(sqlite3 -readonly "$T/p.db" 'SELECT count(*) FROM sample WHERE flag = 2')"
start_server "$T/blocks" --web.enable-remote-write-receiver
result $? "SEED=$seed: Prometheus runs"
grep -v '^#' "$T/marked.om" | sed 's/ 987654321\.125 / stale /' | sort -t ' ' -k 3,3n >"$T/lines"
rc "SEED=$seed: it takes them, too" 0 "$B/peer/promql_write" "$port" <"$T/lines"
compare ", with stale markers"
done_testing
