#!/bin/sh
# The C library as a user's program sees it: examples/*.c, built with one header and one archive.
. "$(dirname "$0")/lib.sh"
judge=$B/examples/judge query=$B/examples/query
good=$ROOT/samples/gateway-24h-good troubled=$ROOT/samples/gateway-24h-troubled
rc "judge: a good run" 0 "$judge" "$ROOT/templates" gateway-24h "$good" "$T/good.db"
cp "$T/out" "$T/ours"
soak_ingest -q -d "$T/tool.db" -p gateway-24h "$good"
rc "soak-judge agrees" 0 soak_judge -d "$T/tool.db" gateway-24h
cp "$T/out" "$T/tools"
rc "to the letter" 0 cmp "$T/tools" "$T/ours"
rc "a second time the same" 0 "$judge" "$ROOT/templates" gateway-24h "$good" "$T/good.db"
cp "$T/out" "$T/again"
rc "and says the same" 0 cmp "$T/again" "$T/ours"
rc "judge: a troubled run" 1 "$judge" "$ROOT/templates" gateway-24h "$troubled" "$T/troubled.db"
mkdir "$T/nothing"
rc "judge: an empty folder is no evidence" 3 "$judge" "$ROOT/templates" gateway-24h "$T/nothing" "$T/nothing.db"
rc "judge: no such profile" 2 "$judge" "$ROOT/templates" no-such "$good" "$T/x.db"
like "says which there are" 'no-such.*gateway-24h' "$T/err"
rc "judge: no such folder" 3 "$judge" "$ROOT/templates" gateway-24h "$T/no-such" "$T/y.db"
rc "judge: a store that cannot be" 2 "$judge" "$ROOT/templates" gateway-24h "$good" "$T/no/such/folder.db"
like "says where" 'no/such/folder.db' "$T/err"
rc "query: an answer" 0 "$query" "$T/good.db" 'sum(gateway_requests_total)'
cp "$T/out" "$T/json"
rc "soak-query agrees" 0 soak_query -d "$T/good.db" -o json 'sum(gateway_requests_total)'
cp "$T/out" "$T/tools"
rc "to the letter again" 0 cmp "$T/tools" "$T/json"
rc "query: what never was" 3 "$query" "$T/good.db" 'sum(no_such_total)'
like "is an empty answer" '"result":\[\]' "$T/out"
rc "query: what cannot be parsed" 2 "$query" "$T/good.db" 'sum('
like "says where in it" '1:5' "$T/err"
rc "query: no store" 2 "$query" "$T/none.db" 'up'
[ ! -e "$T/none.db" ]; result $? "and makes none"
done_testing
