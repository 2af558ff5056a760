#!/bin/bash
# Expressions that are meant to hurt: an error that says what is too much, soon, in little memory; never a crash.
. "$(dirname "$0")/lib.sh"
as=$(printf '%60s' | tr ' ' a)
printf '%s\n' '# TYPE c counter' "c_total{a=\"${as}b\"} 1 1700000000" "c_total{a=\"${as}b\"} 2 1700000060" '# EOF' >"$T/a.om"
soak_ingest -q -d "$T/a.db" "$T/a.om"

# Address space: 400 MB, but under the address sanitizer and valgrind, which reserve terabytes.
memory=400000
if [ -n "${SOAK_WRAP:-}" ] || grep -q __asan_init "$B/bin/soak-query"; then memory=unlimited; fi
query() { (ulimit -v $memory; exec timeout 120 ${SOAK_WRAP:-} "$B/bin/soak-query" -q -d "$T/a.db" "$@"); }
# refused NAME REGEX ARGUMENT...: exit status 2 (timeout's is 124, a signal's above 128), one message like that, no output
refused() {
	name=$1; message=$2; shift 2
	rc "$name" 2 query "$@"
	like "... and says why" "^soak-query: .*$message" "$T/err"
	[ ! -s "$T/out" ]; result $? "... and nothing else"
}
many() { # N TEXT
	printf "%$1s" | sed "s/ /$2/g"
}

deep='nested deeper than 500 levels'
refused "10,000 parentheses" "1:501: parse error: $deep" "$(many 10000 '(')1$(many 10000 ')')"
refused "10,000 open ones" "$deep" "$(many 10000 '(')"
refused "10,000 signs" "$deep" -- "$(many 10000 -)1"
refused "10,000 calls" "$deep" "$(many 10000 'abs(')c_total$(many 10000 ')')"
refused "10,000 aggregations" "$deep" "$(many 10000 'sum(')c_total$(many 10000 ')')"
refused "10,000 additions" "$deep" "1$(many 10000 '+1')"
refused "10,000 powers" "$deep" "1$(many 10000 '^1')"
refused "10,000 subqueries" "$deep" "c_total$(many 10000 '[1h:1m]')"
many 1000000 '(' >"$T/long"
refused "a million parentheses from stdin" "$deep" - <"$T/long"
many 2000000 1 >"$T/long"
rc "two million digits from stdin" 2 query - <"$T/long"
rc "499 parentheses are fine" 0 query "$(many 499 '(')1$(many 499 ')')"

refused "a million steps" 'exceeded maximum resolution of 11000 points' --start 1700000000 --end 1701000000 --step 1s c_total
refused "as many in milliseconds" '11000 points' --start 1700000000 --end 1700001000 --step 1ms c_total
rc "11,000 steps are fine" 0 query --start 1700000000 --end 1700010999 --step 1s c_total

# (a+)+b takes 2^60 steps of a matcher that tries all.
for regexp in '(a+)+$' '(a|a)+' '(a*)*' '(a|aa)+(c|d)' '(.*)*(c|d)'; do
	status=0
	query "c_total{a=~\"$regexp\"}" >"$T/out" 2>"$T/err" || status=$?
	[ $status = 3 ] || { [ $status = 2 ] && grep -q 'limit exceeded' "$T/err"; }
	result $? "$regexp is no match or too much work (exit $status)"
done
refused "a catastrophe" 'match limit exceeded' 'c_total{a=~"(a+)+$"}'
refused "one in label_replace" 'match limit exceeded' 'label_replace(c_total, "x", "$1", "a", "(a+)+$")'
refused "a repetition of a repetition" 'repetition of a repetition' 'c_total{a=~"a{1000}{1000}"}'
refused "the same with a group" 'invalid repeat count' 'c_total{a=~"(a{1000}){1000}"}'
refused "ten to the fifth by five groups" 'invalid repeat count' 'c_total{a=~"((((a{10}){10}){10}){10}){10}"}'
refused "10,000 groups" 'nested too deeply' "c_total{a=~\"$(many 10000 '(')a$(many 10000 ')')\"}"
refused "10,000 brackets" 'missing closing' "c_total{a=~\"$(many 10000 '[')\"}"
refused "10,000 alternatives" 'regular expression is too large' "c_total{a=~\"x$(many 10000 '|xy')\"}"

much='more than max-samples, 50000000'
refused "a subquery of 1000 days in milliseconds" "a subquery of 86400000000 steps is $much" 'count_over_time(c_total[1000d:1ms])'
refused "one without a function" "$much" 'c_total[1000d:1ms]'
refused "one over a constant" "$much" 'sum_over_time(vector(1)[1000d:1ms])'
refused "one of 290 years" "$much" 'sum_over_time(vector(time())[290y:1ms])'
refused "subqueries in each other" "$much" \
	'max_over_time(max_over_time(max_over_time(vector(1)[300d:1s])[300d:1s])[300d:1s])'
refused "a range beyond time" 'duration out of range|bad number or duration' 'sum_over_time(c_total[10000y])'
refused "a moment beyond time" 'out of bounds' 'c_total @ 1e300'
refused "an offset beyond time" 'out of range' 'c_total offset 1e300'
refused "a top of 1e300" 'overflows' 'topk(1e300, c_total)'
refused "more samples than allowed" 'too many samples into memory: more than max-samples, 1$' --max-samples 1 'c_total[1h]'
refused "more steps of a subquery than that" 'a subquery of 36[0-9][0-9] steps is more than max-samples, 100' --max-samples 100 \
	'max_over_time(vector(1)[1h:1s])'
# 26,000,000,000 comparisons, none of which needs much memory.
if query --help | grep -q -- --timeout; then
	refused "hours of work" 'timed out' --timeout 1s --start 1700000000 --end 1700010000 --step 1s 'max_over_time(vector(1)[30d:1s])'
	refused "hours of work at one moment" 'timed out' --timeout 1s 'max_over_time(max_over_time(vector(1)[30d:1s])[3h:1s])'
fi
done_testing
