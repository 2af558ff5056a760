#!/bin/sh
# soak.so: PromQL inside the stock sqlite3 shell, by the engine that soak-query uses.
. "$(dirname "$0")/lib.sh"
if [ ! -e "$B/soak.so" ]; then
	if grep -qE '__(asan|ubsan)_' "$B/bin/soak-query"; then
		skip "a build with a sanitizer has no soak.so: the stock shell could not load it"
	else
		result 1 "soak.so was built"
	fi
	done_testing
	exit
fi
D=$T/a.db
tab=$(printf '\t')
{
	echo '# TYPE c counter'
	for t in 0 60 120 180 240 300; do echo "c_total{code=\"200\"} $t $t"; done
	for t in 0 60 120 180 240 300 360 420 480 540 600; do echo "c_total{code=\"503\"} $((t * 2)) $t"; done
	echo '# TYPE g gauge'
	for t in 0 60 120 180 240 300 360 420 480 540 600; do
		printf '%s\n' "g{note=\"say \\\"hi\\\", line\\nbreak'; DROP TABLE sample; --\",esc=\"$(printf '\033')[31m\"} $t.1 $t"
	done
	printf 'n{x="nan"} NaN 600\nn{x="inf"} +Inf 600\nn{x="minus"} -Inf 600\nn{x="third"} 0.33333333333333331 600\n# EOF\n'
} >"$T/a.om"
soak_ingest -q -d "$D" "$T/a.om"
sql() { ${SOAK_WRAP:-} sqlite3 -readonly -bail -cmd ".load $B/soak" -cmd '.mode tabs' "$D" "$@"; }
# A value as 17 digits, whoever wrote it; valgrind has no long double, with which SQLite prints.
digits=${SOAK_WRAP:+14}
digits() { perl -F'\t' -lane '$F[1] = sprintf "%.'"${digits:-17}"'g", $F[1] if $F[1] ne "NaN"; print join "\t", @F[0, 1], $F[2] // ""'; }
# same NAME "ARGUMENTS" soak-query's ARGUMENTS...
same() {
	_name=$1; _call=$2; shift 2
	soak_query -q -d "$D" -o tsv "$@" 2>"$T/err" | sed 1d | digits >"$T/wanted"
	sql "SELECT time, iif(note = 'NaN', 'NaN', quote(value)), series FROM promql($_call)" 2>>"$T/err" | digits >"$T/got"
	[ -s "$T/wanted" ] && cmp -s "$T/wanted" "$T/got"
	result $? "$_name, as soak-query" && cmp -s "$T/wanted" "$T/got" || { diff "$T/wanted" "$T/got"; cat "$T/err"; } | sed 's/^/# /' | head
}

rc "an instant query" 0 sql "SELECT * FROM promql('c_total')"
is "is at the last sample" "c_total{code=\"503\"}${tab}{\"code\":\"503\"}${tab}600000${tab}1970-01-01T00:10:00Z${tab}1200.0${tab}" "$(cat "$T/out")"
same "a selector" "'g'" g
same "NaN and infinities" "'n'" n
same "a scalar" "'1 + 1'" '1 + 1'
same "a vector without labels" "'vector(1) / 3'" 'vector(1) / 3'
same "samples as they are" "'g[5m]'" 'g[5m]'
same "an order" "'sort_desc(n)'" 'sort_desc(n)'
same "a range with a step" "'rate(c_total[5m])', 0, 600, '30s'" --start 0 --end 600 --step 30s 'rate(c_total[5m])'
same "times in words" "'c_total', '1970-01-01T00:01:00Z', '1970-01-01 01:03:00+01:00', 7" \
	--start 1970-01-01T00:01:00Z --end 180 --step 7s c_total
same "fractions of seconds" "'c_total', 60.5, '61.5', 0.25" --start 60.5 --end 61.5 --step 250ms c_total
same "a start only" "'c_total', 300" --start 300 c_total
same "an end only" "'c_total', '', 300" --end 300 c_total
same "a step only" "'c_total', '', '', '1m'" --step 1m c_total
same "one moment" "'c_total', 300, 300" --time 300 c_total
same "a range at one moment" "'c_total[2m]', 300, 300" --time 300 'c_total[2m]'
same "aggregation, matching, a subquery" "'max_over_time((sum by (code) (increase(c_total[5m])) / on () group_left () sum(g))[4m:1m])', 300, 600, 60" \
	--start 300 --end 600 --step 60 'max_over_time((sum by (code) (increase(c_total[5m])) / on () group_left () sum(g))[4m:1m])'

rc "NaN" 0 sql "SELECT labels ->> 'x', value IS NULL, note FROM promql('n') WHERE note <> ''"
is "is NULL with a note" "nan${tab}1${tab}NaN" "$(cat "$T/out")"
rc "hostile labels" 0 sql "SELECT labels ->> 'note', labels ->> 'esc', series FROM promql('g')"
is "come through" "say \"hi\", line|break'; DROP TABLE sample; --${tab}$(printf '\033')[31m${tab}g{esc=\"\\x1b[31m\",note=\"say \\\"hi\\\", line\\nbreak'; DROP TABLE sample; --\"}" \
	"$(paste -sd '|' "$T/out")"
rc "labels" 0 sql "SELECT count(*) FROM promql('{__name__!=\"\"}', 300, 300) p JOIN series USING (labels)"
is "are the store's" 3 "$(cat "$T/out")"
rc "a join with the artifacts" 0 sql "SELECT a.name, a.format, p.value FROM artifacts a JOIN promql('c_total') p ON a.last = p.time"
is "finds them" "a.om${tab}openmetrics${tab}1200.0" "$(cat "$T/out")"
rc "times from another table" 0 sql "SELECT m.t, p.value FROM samples m, promql('sum(c_total)', m.t / 1000.0, m.t / 1000.0) p WHERE m.name = 'g' AND m.t < 200000 ORDER BY 1"
is "are each evaluated" "0 0.0 60000 180.0 120000 360.0 180000 540.0" "$(paste -sd ' ' "$T/out" | tr '\t' ' ')"
rc "two in one query" 0 sql "SELECT a.t, a.value, b.value FROM promql('c_total{code=\"503\"}', '', '', '5m') a JOIN promql('g', '', '', '5m') b USING (t)"
is "have an answer each" "0 0.0 0.1 300000 600.0 300.1 600000 1200.0 600.1" "$(paste -sd ' ' "$T/out" | tr '\t' ' ')"
rc "one inside another" 0 sql "SELECT count(*) FROM promql((SELECT 'c_total{code=\"' || (labels ->> 'code') || '\"}' FROM promql('c_total')), 0, 60, 60)"
is "is evaluated first" 2 "$(cat "$T/out")"
rc "arguments in WHERE" 0 sql "SELECT expr, step, count(*) FROM promql WHERE expr IN ('g', 'c_total') AND start = 0 AND \"end\" = 300 AND step = '1m' GROUP BY 1"
is "are the same" "c_total 1m 12 g 1m 6" "$(paste -sd ' ' "$T/out" | tr '\t' ' ')"
rc "an argument that is NULL" 0 sql "SELECT * FROM promql('c_total', NULL, NULL)"
[ ! -s "$T/out" ]; result $? "has no rows, as everywhere in SQL"
rc "nothing by right" 0 sql "SELECT * FROM promql('c_total > 1e9')"
[ ! -s "$T/out" ]; result $? "has no rows"

bad() { # NAME ARGUMENTS MESSAGE
	rc "$1" 1 sql "SELECT * FROM promql($2)"
	like "says so" "promql: $3" "$T/err"
}
bad "a bad expression" "'sum(c_total{code=})'" '1:18: parse error: unexpected "\}"'
bad "a bad regular expression" "'c_total{code=~\"(\"}'" '1:'
bad "two series in one place" "'c_total + on () c_total', 300, 300" '.*many'
bad "what is not supported" "'limit_ratio(0.5, g)'" '.*limit_ratio'
bad "a string" "'\"x\"'" 'the expression is a string'
bad "a metric never seen" "'c_totl'" 'no series matches c_totl: .*did you mean c_total'
bad "a range too short for the samples" "'rate(c_total[1m])'" 'range 1m .* cannot be answered from these samples'
bad "no expression" "" 'an expression is needed'
bad "an expression that is a number" "1" 'an expression is needed'
bad "a start that is none" "'g', 'yesterday'" "start 'yesterday' is not a time"
bad "a start in milliseconds" "'g', 1768197180000" "start '1768197180000' is not a time .*1000"
bad "an infinite end" "'g', 0, 9e999" "end '.*' is not a time"
bad "an end that is a blob" "'g', 0, x'31'" "end '1' is not a time"
bad "a step that is none" "'g', 0, 600, 'x'" "step 'x' is not a duration"
bad "a step of nothing" "'g', 0, 600, 0" "step '0' is not a duration"
bad "a step backwards" "'g', 0, 600, -60" "step '-60' is not a duration"
bad "an end before the start" "'g', 600, 0" 'the end, .*, is before the start'
bad "too many steps" "'g', 0, 600, 0.001" '.*11,?000'
bad "a hundred thousand parentheses" "printf('%.100000c', '(')" '.*parse error'
rc "promql without arguments" 1 sql "SELECT * FROM promql"
like "wants them" 'an expression is needed' "$T/err"
rc "an error in the second row" 1 sql "SELECT * FROM (VALUES ('g'), ('nope')) v, promql(v.column1) p"
like "is one" 'no series matches nope' "$T/err"

D=:memory:
rc "a database in memory" 1 sql "SELECT * FROM promql('1')"
like "is not a store" 'promql: the main database: not a store of soakproof' "$T/err"
rc "one that holds a store" 0 sqlite3 -cmd ".load $B/soak" :memory: ".restore $T/a.db" "SELECT value FROM promql('c_total')"
is "is" 1200.0 "$(cat "$T/out")"
D=$T/other.db
sqlite3 "$D" 'CREATE TABLE series(id, target, name, labels)'
rc "a database of somebody else" 1 sql "SELECT * FROM promql('1')"
like "is named" 'promql: .*/other.db: not a store of soakproof' "$T/err"
cp "$T/a.db" "$T/new.db"; D=$T/new.db
sqlite3 "$D" 'PRAGMA user_version = 999'
rc "a store of a newer version" 1 sql "SELECT * FROM promql('1')"
like "is refused" 'made by a newer soakproof' "$T/err"
cp "$T/a.db" "$T/empty.db"; D=$T/empty.db
sqlite3 "$D" 'DELETE FROM sample; DELETE FROM scrape'
rc "a store without samples" 1 sql "SELECT * FROM promql('1')"
like "has no last one" 'no sample that has a time' "$T/err"
rc "at a time of its own" 0 sql "SELECT value FROM promql('1', 5, 5)"
cp "$T/a.db" "$T/cut.db"; D=$T/cut.db
truncate -s 30000 "$D"
sql "SELECT * FROM promql('{__name__=~\".+\"}')" >"$T/out" 2>"$T/err"
like "a store that was cut is an error" 'malformed' "$T/err"

# The connection is the user's: his transaction is seen and kept, his temporary tables are not taken for the store's.
cp "$T/a.db" "$T/rw.db"
${SOAK_WRAP:-} sqlite3 -bail -cmd ".load $B/soak" "$T/rw.db" "BEGIN; UPDATE sample SET v = 7 WHERE t = 600000; CREATE TEMP TABLE sample(series, t, v, flag, content);
	CREATE TEMP TABLE series(id, target, name, labels); SELECT value FROM promql('c_total'); ROLLBACK;
	SELECT value FROM promql('c_total'); CREATE TABLE kept AS SELECT * FROM promql('c_total'); SELECT count(*) FROM kept" >"$T/out" 2>"$T/err"
is "inside a transaction" "7.0 1200.0 1" "$(paste -sd ' ' "$T/out")"
sqlite3 -cmd ".load $B/soak" "$T/rw.db" >"$T/out" 2>&1 <<END
BEGIN IMMEDIATE;
SELECT count(*) FROM promql('c_total');
.shell sqlite3 '$T/rw.db' 'BEGIN IMMEDIATE' 2>&1
COMMIT;
END
like "its lock is not lost" 'database is locked' "$T/out"

# A program that has SQLite inside itself, out of reach of libsqlite3.so.
a=$(pkg-config --variable=libdir sqlite3 2>/dev/null)/libsqlite3.a
cat >"$T/host.c" <<'END'
#include <sqlite3.h>
#include <stdio.h>
static int row(void *x, int n, char **v, char **c) { (void)x, (void)n, (void)c; return puts(v[0]) < 0; }
int main(int n, char **v)
{
	sqlite3 *db;
	char *why = "?";
	if (n != 4 || sqlite3_open(v[1], &db) || sqlite3_enable_load_extension(db, 1) ||
	    sqlite3_load_extension(db, v[2], 0, &why) || sqlite3_exec(db, v[3], row, 0, &why))
		return printf("%s\n", why), 1;
	return sqlite3_close(db);
}
END
if [ -e "$a" ] && ${CC:-cc} -o "$T/host" "$T/host.c" "$a" -lm -lz -ldl -lpthread 2>/dev/null; then
	rc "a host that is linked statically" 0 "$T/host" "$T/a.db" "$B/soak" "SELECT value FROM promql('c_total')"
	is "is served by its own SQLite" 1200.0 "$(cat "$T/out")"
else
	skip "no static SQLite to build a host with"
fi
# --- raw points of a load generator ---
D=$T/k6.db
soak_ingest -q -d "$D" "$ROOT/samples/k6-shop"
one() { sql "$@" 2>"$T/err"; }
want=$(sqlite3 -readonly "$D" 'SELECT sum(points) FROM observation')
[ "$want" -gt 100 ]; result $? "a sample with points"
is "every point is a row" "$want" "$(one 'SELECT count(*) FROM k6_points')"
is "as many of each metric as in the sums beside them" "$(sqlite3 -readonly "$D" "SELECT metric || ' ' || sum(n) FROM points_per_second GROUP BY metric ORDER BY metric")" \
	"$(one "SELECT metric || ' ' || count(*) FROM k6_points GROUP BY metric ORDER BY metric")"
is "one metric alone" "$(one "SELECT count(*) FROM k6_points WHERE +metric = 'http_req_duration'")" \
	"$(one "SELECT count(*) FROM k6_points WHERE metric = 'http_req_duration'")"
is "a metric that is not there" 0 "$(one "SELECT count(*) FROM k6_points WHERE metric = 'nope'")"
is "a metric that is no name" 0 "$(one "SELECT count(*) FROM k6_points WHERE metric = 7")"
is "joined: each metric for itself" "$want" "$(one "SELECT count(*) FROM observation_metric m JOIN k6_points p ON p.metric = m.name")"
first=$(zcat -f "$ROOT"/samples/k6-shop/*.ndjson* | grep -m1 '"type":"Point"')
is "its value" "$(printf '%s' "$first" | jq .data.value | sed 's/$/.0/; s/\(\..*\)\.0$/\1/')" "$(one 'SELECT value FROM k6_points LIMIT 1')"
is "its time, to the nanosecond" "$(printf '%s' "$first" | jq -r .data.time | sed 's/Z$//; s/+.*//' | cut -c1-19)" "$(one 'SELECT substr(time, 1, 19) FROM k6_points LIMIT 1')"
is "its tags" "$(printf '%s' "$first" | jq -cS '.data.tags | with_entries(select(.value != ""))')" "$(one 'SELECT tags FROM k6_points LIMIT 1')"
is "its file" points.ndjson "$(one 'SELECT artifact FROM k6_points LIMIT 1' | sed 's/\.gz.*//; s/.*points/points/')"
is "none in a store without points" 0 "$(D=$T/a.db; sql 'SELECT count(*) FROM k6_points')"
rc "no store" 1 sqlite3 -bail -cmd ".load $B/soak" :memory: 'SELECT * FROM k6_points'
done_testing
