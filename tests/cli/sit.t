#!/bin/sh
# The SIT soak: both shapes of its log tell the same, the generator writes the same, and exit codes are the gate.
. "$(dirname "$0")/lib.sh"
S=$ROOT/samples

for run in "good script sit-48h-good" "troubled script sit-48h-troubled/script" "troubled runbook sit-48h-troubled/runbook" "incomplete script sit-48h-incomplete"; do
	set -- $run
	sh "$S/make-sit" "$1" "$2" "$T/made/$3"
	diff -r "$T/made/$3" "$S/$3" >/dev/null; result $? "make-sit $1 $2 writes the sample again"
done
timeline() { # STORE: each checkpoint once, whoever tells of it
	sqlite3 "$1" "SELECT DISTINCT time, status FROM results WHERE kind = 'checkpoint' ORDER BY 1"
	sqlite3 "$1" "SELECT time, name, value FROM samples WHERE name IN ('soak_checkpoint_invocations', 'soak_checkpoint_errors', 'soak_checkpoint_throttles',
	    'soak_checkpoint_alarms', 'soak_checkpoint_duration_avg_seconds', 'soak_checkpoint_functions_active', 'soak_checkpoint_api_status') ORDER BY 1, 2, 3"
}
shapes() { # SCRIPT RUNBOOK NAME
	soak_ingest -q -d "$T/$3-a.db" -p sit-48h "$1" && soak_ingest -q -d "$T/$3-b.db" -p sit-48h "$2"
	timeline "$T/$3-a.db" >"$T/a"
	timeline "$T/$3-b.db" >"$T/b"
	cmp -s "$T/a" "$T/b" && [ -s "$T/a" ]; result $? "$3: both shapes give the same timeline and the same numbers"
	is "$3: cron's log adds nothing" 0 "$(sqlite3 "$T/$3-a.db" 'SELECT count(*) FROM conflict')"
}
shapes "$S/sit-48h-troubled/script" "$S/sit-48h-troubled/runbook" sample

rc "good, with its waiver and attestations" 0 soak_run -q -p sit-48h --waivers "$S/sit-48h-waivers.yaml" --attest "$S/sit-48h-attestations.yaml" -o "$T/1" "$S/sit-48h-good"
is "is GO WITH WAIVERS" "GO WITH WAIVERS" "$(jq -r .decision "$T/1/verdict.json")"
is "the verdict says by which text of the format its log was read" "$(sha256sum <"$SOAK_TEMPLATES/formats/sit-checkpoints.yaml" | cut -d' ' -f1)" \
    "$(jq -r '.inputs[] | select(.name == "soak_checkpoints.log").format_sha256' "$T/1/verdict.json")"
is "and of what is read by code says nothing" null "$(jq -r '.inputs[] | select(.name == "cloudwatch.om").format_sha256' "$T/1/verdict.json")"
rc "good, without" 1 soak_run -q -p sit-48h -o "$T/2" "$S/sit-48h-good"
rc "troubled" 1 soak_run -q -p sit-48h -o "$T/3" "$S/sit-48h-troubled/script"
is "the slots" "complete complete missing complete complete cut off complete complete" \
    "$(jq -r '[.criteria[] | select(.id == "checkpoints").slots[].status] | join(" ")' "$T/3/verdict.json")"
is "what says PASSED and is not" 3 "$(jq '.contradictions | length' "$T/3/verdict.json")"
rc "incomplete" 3 soak_run -q -p sit-48h --waivers "$S/sit-48h-waivers.yaml" -o "$T/4" "$S/sit-48h-incomplete"
is "the last ones are not told of" "unknown unknown unknown" \
    "$(jq -r '[.criteria[] | select(.id == "checkpoints").slots[5:][].status] | join(" ")' "$T/4/verdict.json")"

# What an attacker, or a tool that went wrong, makes of a good log: none of it may pass.
spoilt() { # NAME EXIT CRITERION WANTED SED
	mkdir -p "$T/spoilt"
	cp "$S/sit-48h-good/"* "$T/spoilt"
	sed -i "$5" "$T/spoilt/soak_checkpoints.log" "$T/spoilt/cron_monitor.log"
	cmp -s "$S/sit-48h-good/soak_checkpoints.log" "$T/spoilt/soak_checkpoints.log" && result 1 "$1: the log was changed"
	rc "$1" "$2" soak_run -q -p sit-48h --waivers "$S/sit-48h-waivers.yaml" --attest "$S/sit-48h-attestations.yaml" -o "$T/spoilt-out" "$T/spoilt"
	is "$1: $3" "$4" "$(jq -r --arg id "$3" '.criteria[] | select(.id == $id).verdict' "$T/spoilt-out/verdict.json")"
	rm -rf "$T/spoilt" "$T/spoilt-out"
}
at='2026-04-15 08:00:0.*'
spoilt "an API that was not found" 1 api-status FAIL "s/\\($at\\)✅ Order API: HTTP.*/\\1❌ Order API: not found/"
spoilt "an API without a status" 3 api-status INCONCLUSIVE "s/\\($at\\)✅ Order API: HTTP.*/\\1✅ Order API: none/"
spoilt "an API that no checkpoint tells of" 3 api-status INCONCLUSIVE "/Backend Public/d"
spoilt "a mark of failure that nobody knows" 3 throttles INCONCLUSIVE "s/\\($at\\)Checking DynamoDB tables.*/\\1❌ Something is on fire/"
spoilt "a table that is gone" 1 tables FAIL "s/\\($at\\)✅ products: ACTIVE/\\1❌ products: not found/"
spoilt "failed in small letters" 1 checkpoints FAIL "s/\\($at\\)CHECKPOINT \\(.*\\): PASSED/\\1CHECKPOINT \\2: failed/"
spoilt "a verdict that nobody knows" 3 checkpoints INCONCLUSIVE "s/\\($at\\)CHECKPOINT \\(.*\\): PASSED/\\1CHECKPOINT \\2: DEGRADED/"
spoilt "fewer errors than none" 3 error-rate INCONCLUSIVE "/$at/s/Errors\\([:=]\\) *0/Errors\\1-1/"

# Without the profile's zone nothing local can be placed, and nothing is made up.
rc "no zone" 0 soak_ingest -q -d "$T/z.db" "$S/sit-48h-good/soak_checkpoints.log"
is "no sample" 0 "$(sqlite3 "$T/z.db" 'SELECT count(*) FROM sample')"

sh "$S/make-sit-exports" "$T/made/exports"
diff -r "$T/made/exports" "$S/sit-48h-exports" >/dev/null; result $? "make-sit-exports writes the sample again"
if [ -n "$SHARED" ]; then
	# A healthy run as its log tells it cannot be decided; with exports and what people state, it can.
	mkdir -p "$T/january"
	cp "$SHARED/sit-48h/logs/documented/"* "$T/january"
	rc "the documented log alone" 3 soak_run -q -p sit-48h --waivers "$S/sit-48h-exports-waivers.yaml" -o "$T/jan-1" "$T/january"
	is "decides all but what is not in it" "alarms-green duration-p95 incidents incidents-p0 incidents-p1 memory memory-export restarts tables" \
	    "$(jq -r '[.criteria[] | select(.verdict == "INCONCLUSIVE").id] | sort | join(" ")' "$T/jan-1/verdict.json")"
	cp "$S/sit-48h-exports/"* "$T/january"
	rc "with exports, without people" 3 soak_run -q -p sit-48h --waivers "$S/sit-48h-exports-waivers.yaml" -o "$T/jan-2" "$T/january"
	is "leaves open what only people know" "incidents incidents-p0 incidents-p1 memory memory-export restarts" \
	    "$(jq -r '[.criteria[] | select(.verdict == "INCONCLUSIVE").id] | sort | join(" ")' "$T/jan-2/verdict.json")"
	rc "with both" 0 soak_run -q -p sit-48h --waivers "$S/sit-48h-exports-waivers.yaml" --attest "$S/sit-48h-exports-attestations.yaml" \
	    -o "$T/jan-3" "$T/january"
	is "is GO WITH WAIVERS, too" "GO WITH WAIVERS" "$(jq -r .decision "$T/jan-3/verdict.json")"
	rc "but not without the waiver" 1 soak_run -q -p sit-48h --attest "$S/sit-48h-exports-attestations.yaml" -o "$T/jan-4" "$T/january"
	shapes "$SHARED/sit-48h-troubled/logs/script" "$SHARED/sit-48h-troubled/logs/documented" real
	for kind in sit-48h sit-48h-troubled; do
		for shape in script documented; do
			soak_ingest -q -d "$T/$kind-$shape.db" -p sit-48h "$SHARED/$kind/logs/$shape"
			# What really happened, as the log could tell it: the one that was cut off stops after its invocations.
			jq -r '.checkpoints[] | select(.present) | (if .complete then "pass" else "incomplete" end) as $s
			    | "\(.time)|\($s)|\(.invocations)|\(if .complete then .errors else "" end)|\(if .complete then .throttles else "" end)|\(if .complete then .alarms else "" end)|\(.lambdas_active)|\(.http.campaigns)"' \
			    "$SHARED/$kind/truth.json" >"$T/truth"
			sqlite3 "$T/$kind-$shape.db" "SELECT strftime('%Y-%m-%d %H:%M:%S', time, '+2 hours'), status,
			    (SELECT CAST(value AS INT) FROM samples s WHERE s.time = r.time AND s.name = 'soak_checkpoint_invocations'),
			    (SELECT CAST(value AS INT) FROM samples s WHERE s.time = r.time AND s.name = 'soak_checkpoint_errors'),
			    (SELECT CAST(value AS INT) FROM samples s WHERE s.time = r.time AND s.name = 'soak_checkpoint_throttles'),
			    (SELECT CAST(value AS INT) FROM samples s WHERE s.time = r.time AND s.name = 'soak_checkpoint_alarms'),
			    (SELECT CAST(value AS INT) FROM samples s WHERE s.time = r.time AND s.name = 'soak_checkpoint_functions_active'),
			    (SELECT CAST(value AS INT) FROM samples s WHERE s.time = r.time AND s.name = 'soak_checkpoint_api_status' AND s.labels LIKE '%Campaigns API%')
			    FROM (SELECT DISTINCT time, status FROM results WHERE kind = 'checkpoint') r ORDER BY 1" >"$T/read"
			cmp -s "$T/truth" "$T/read"; result $? "$kind, $shape: as it really was"
			diff "$T/truth" "$T/read" | sed 's/^/# /' | head -5
		done
	done
	# Both shapes of one log together: 0.65 here and 0.653742 there is one number.
	soak_ingest -q -d "$T/both.db" -p sit-48h "$SHARED/sit-48h/logs"
	is "two shapes in one store do not contradict each other" 0 "$(soak_judge -d "$T/both.db" -o json sit-48h | jq '.contradictions | length')"
	soak_ingest -q -d "$T/drill.db" "$SHARED/certification/fault-injection.log"
	is "the drill's order" "Redis pass, Postgres pass, whole drill pass" \
	    "$(sqlite3 "$T/drill.db" 'SELECT name, status FROM results ORDER BY line' | tr '|' ' ' | paste -sd, | sed 's/,/, /g')"
fi
done_testing
