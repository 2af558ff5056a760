#!/bin/sh
# Stores that earlier versions wrote (tests/old-stores: samples/gateway-24h-good of their day) are brought up to date; later ones are refused.
. "$(dirname "$0")/lib.sh"
IN=$ROOT/samples/gateway-24h-good
soak_ingest -q -d "$T/new.db" -p gateway-24h "$IN"
now=$(sqlite3 "$T/new.db" 'PRAGMA user_version')
for old in "$ROOT"/tests/old-stores/v*.db.gz; do
	v=$(basename "$old" .db.gz)
	gzip -dc "$old" >"$T/$v.db"
	cp "$T/$v.db" "$T/kept"
	rc "$v: reading refuses it" 2 soak_judge -d "$T/$v.db" gateway-24h
	like "$v: says why and what to do" 'older.*soak-ingest' "$T/err"
	rc "$v: and leaves it as it is" 0 cmp "$T/$v.db" "$T/kept"
	rc "$v: writing brings it up to date" 0 soak_ingest -q -d "$T/$v.db" -p gateway-24h "$IN"
	is "$v: of this version" "$now" "$(sqlite3 "$T/$v.db" 'PRAGMA user_version')"
	is "$v: whole" ok "$(sqlite3 "$T/$v.db" 'PRAGMA integrity_check; PRAGMA foreign_key_check')"
	rc "$v: judged" 0 soak_judge -d "$T/$v.db" gateway-24h
	soak_query -q -d "$T/new.db" 'increase(gateway_requests_total[24h])' >"$T/want"
	soak_query -q -d "$T/$v.db" 'increase(gateway_requests_total[24h])' >"$T/got"
	[ -s "$T/want" ] && cmp -s "$T/want" "$T/got"; result $? "$v: answers as a new one does"
done
sqlite3 "$T/new.db" 'PRAGMA user_version = 99'
cp "$T/new.db" "$T/kept"
rc "a later version's store is not read" 2 soak_judge -d "$T/new.db" gateway-24h
like "says so" 'newer|later' "$T/err"
rc "nor written" 2 soak_ingest -q -d "$T/new.db" -p gateway-24h "$IN"
rc "not a byte of it" 0 cmp "$T/new.db" "$T/kept"
done_testing
