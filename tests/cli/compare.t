#!/bin/sh
# Two runs beside each other, and many: soak-compare, and the kind compare in soak-judge.
. "$(dirname "$0")/lib.sh"

# A gateway's counters each minute of an hour: FILE REQUESTS-A-MINUTE BAD-OF-1000 MEMORY VERSION
make_run() {
	awk -v rate="$2" -v bad="$3" -v mem="$4" 'BEGIN {
		print "# TYPE req counter"
		for (m = 0; m <= 60; m++) {
			t = 1768197600 + m * 60
			printf "req_total{code=\"200\"} %d %d\n", m * rate * (1 - bad / 1000), t
		}
		for (m = 0; m <= 60; m++) {
			t = 1768197600 + m * 60
			printf "req_total{code=\"500\"} %d %d\n", m * rate * bad / 1000, t
		}
		print "# TYPE mem gauge"
		for (m = 0; m <= 60; m++)
			printf "mem %d %d\n", mem + m % 7, 1768197600 + m * 60
		print "# EOF"
	}' >"$T/$1.om"
	soak_ingest -q -d "$T/$1.db" "$T/$1.om"
}
make_run base 600 2 1000
make_run same 610 2 1001
make_run worse 600 9 1300
make_run better 601 1 900
make_run busy 900 2 1002

cat >"$T/p.yaml" <<'YAML'
profile: p
run: {start: {artifact: run.json, path: start}, duration: 1h}
criteria:
  - {id: ratio, sli: {total: req_total, bad: 'req_total{code="500"}'}, objective: 90%}
  - {id: errors, compare: {total: req_total, bad: 'req_total{code="500"}', max_worse: 0.2%}}
  - {id: memory, compare: {expr: mem, worse: higher, max_worse: 5%}}
  - {id: throughput, compare: {expr: 'sum(rate(req_total[5m]))', worse: lower, max_worse: 1}}
YAML
sed 's/run: .*/run: {start: {event: BEGIN}, duration: 1h}/' "$T/p.yaml" >"$T/event.yaml"
# The runs' times: a log each.
for r in base same worse better busy; do
	printf '[2026-01-12T06:00:00.000Z] BEGIN\n[2026-01-12T07:00:00.000Z] END\n' >"$T/$r.log"
	soak_ingest -q -d "$T/$r.db" "$T/$r.log"
done
compare() { soak_compare -d "$T/$1.db" -b "$T/base.db" -p "$T/event.yaml" -o "${2:-tsv}"; }
verdict() { compare "$1" | awk -F'\t' -v id="$2" '$1 == id {print $6, $7}'; }

rc "the same again" 0 compare same
is "cannot be told apart" "~ PASS" "$(verdict same errors)"
is "a ratio without a limit has no verdict" "~ " "$(verdict same ratio)"
rc "worse" 1 compare worse
is "more errors" "worse FAIL" "$(verdict worse errors)"
is "more memory" "worse FAIL" "$(verdict worse memory)"
is "as many requests" "~ PASS" "$(verdict worse throughput)"
rc "better" 0 compare better
is "fewer errors" "better PASS" "$(verdict better errors)"
rc "another load" 3 compare busy
is "is not compared" "? INCONCLUSIVE: the loads differ: 15 requests a second, 10 in the baseline" "$(verdict busy errors)"
is "JSON says the same" "FAIL 0.009 0.002" \
	"$(compare worse json | jq -r '[.verdict, (.rows[] | select(.id == "errors") | .candidate, .baseline)] | join(" ")')"
is "and how often a value is worse" 1 "$(compare worse json | jq '.rows[] | select(.id == "memory") | .effect_size')"

like "nor are values" "^memory	.*INCONCLUSIVE: not comparable: the loads differ: 15 requests a second, 10 in the baseline" "$T/out"
like "but what is the load itself" "^throughput	.*	PASS" "$T/out"
rc "which is said at the top" 3 compare busy text
like "in capitals" "^NOT COMPARABLE: the loads differ: 15 requests a second, 10 in the baseline$" "$T/out"

# Other conditions: what a configuration states, and no version.
conditions() { # RUN RPS CACHE VERSION: the store RUN-said.db
	cp "$T/$1.db" "$T/$1-said.db"
	printf 'RPS=%s\nCACHE=%s\nAPP_VERSION=%s\nHOURS=1\n' "$2" "$3" "$4" >"$T/settings.env"
	soak_ingest -q -d "$T/$1-said.db" "$T/settings.env"
}
conditions base 10 on 1.0
conditions same 10.0 on 1.1
conditions worse 10 off 1.1
said() { soak_compare -d "$T/$1-said.db" -b "$T/base-said.db" -p "$T/${3:-event}.yaml" -o "${2:-tsv}"; }
rc "another version is what is compared" 0 said same json
is "and listed" "settings.APP_VERSION 1.0 1.1 false" "$(jq -r '.differing_facts[] | [.path, .baseline, .candidate, .condition] | join(" ")' "$T/out")"
is "the runs are comparable" "true null" "$(jq -r '[.comparable, .not_comparable] | map(tostring) | join(" ")' "$T/out")"
rc "another configuration is another thing" 3 said worse json
is "and named" "false the runs were made under other conditions: settings.CACHE is off, on in the baseline" \
	"$(jq -r '[.comparable, .not_comparable] | map(tostring) | join(" ")' "$T/out")"
is "with the numbers, and no verdict on them" "0.009 INCONCLUSIVE" "$(jq -r '.rows[] | select(.id == "errors") | [.candidate, .verdict] | map(tostring) | join(" ")' "$T/out")"
rc "as text" 3 said worse text
like "at the top" "^NOT COMPARABLE: the runs were made under other conditions" "$T/out"
is "judged, too" INCONCLUSIVE "$(soak_judge -d "$T/worse-said.db" -p "$T/event.yaml" --baseline "$T/base-said.db" -o json | jq -r '.criteria[] | select(.id == "errors").verdict')"
sed 's/max_worse: 0.2%/&, despite: [settings.CACHE]/; s/max_worse: 5%/&, despite: ["settings.*"]/; s/max_worse: 1}/max_worse: 1, despite: ["*"]}/' "$T/event.yaml" >"$T/despite.yaml"
rc "unless it does not matter" 1 said worse tsv despite
like "to that criterion" "^errors	.*	worse	FAIL$" "$T/out"
sed 's/max_worse: 0.2%/&, despite: settings.CACHE/' "$T/event.yaml" >"$T/no-list.yaml"
rc "a list is asked for" 2 said worse tsv no-list
like "and the place is told" "no-list.yaml:5:.*despite must be a list" "$T/err"

# Half of a run is no run: what was seen of it is shown, and does not pass; what fails fails.
for r in same worse; do
	awk '$NF ~ /^[0-9]+$/ && $NF > 1768199400 {next} {print}' "$T/$r.om" >"$T/half-$r.om"
	soak_ingest -q -d "$T/half-$r.db" "$T/half-$r.om" "$T/$r.log"
done
rc "half of a run" 3 compare half-same
is "does not pass" "~ INCONCLUSIVE" "$(verdict half-same errors)"
is "by values neither" "~ INCONCLUSIVE" "$(verdict half-same memory)"
rc "but what is worse is worse" 1 compare half-worse
is "half of it, too" "worse FAIL" "$(verdict half-worse errors)"
soak_judge -d "$T/half-same.db" -p "$T/event.yaml" --baseline "$T/base.db" -o json >"$T/out" 2>"$T/err"
like "and the judge says how much was seen" "Not decidable: only 50 % of the run and 100 % of the baseline were seen, 95 % needed" "$T/out"

# A run beside itself is no comparison, whatever the file is called and with a byte more in it.
rc "with itself" 3 compare base
is "is said" "? INCONCLUSIVE: it is the same run: the baseline rests on the very same base.om" "$(verdict base errors)"
cp "$T/base.om" "$T/copied.om"
soak_ingest -q -d "$T/copied.db" "$T/copied.om" "$T/base.log"
rc "with its copy" 3 compare copied
like "which is said, too" "errors.*the baseline rests on the very same copied.om" "$T/out"
sed 's/^# TYPE req counter/&\n# HELP req Requests./' "$T/base.om" >"$T/touched.om"
soak_ingest -q -d "$T/touched.db" "$T/touched.om" "$T/base.log"
rc "with its copy, a comment more" 3 compare touched
is "has the same numbers" "? INCONCLUSIVE: it is the same run: both have the same times and the same numbers" "$(verdict touched errors)"
is "of values, too" "? INCONCLUSIVE: it is the same run: both have the same times and the same numbers" "$(verdict touched memory)"

judged() { soak_judge -d "$T/$1.db" -p "$T/event.yaml" -o json $2 | jq -r '[.criteria[] | select(.kind == "compare") | .verdict] | join(" ")'; }
is "judged without a baseline" "INCONCLUSIVE INCONCLUSIVE INCONCLUSIVE" "$(judged worse)"
is "judged with itself" "INCONCLUSIVE INCONCLUSIVE INCONCLUSIVE" "$(judged base "--baseline $T/base.db")"
is "judged with one" "FAIL FAIL PASS" "$(judged worse "--baseline $T/base.db")"

rc "no baseline" 2 soak_compare -d "$T/same.db" -p "$T/event.yaml"
rc "a baseline that is none" 2 soak_compare -d "$T/same.db" -b "$T/base.om" -p "$T/event.yaml"
for bad in '{expr: mem, max_worse: 5%}' '{expr: mem, worse: higher}' '{total: a, bad: b, worse: higher, max_worse: 1%}' \
	'{total: a, max_worse: 1%}' '{total: a, bad: b, max_worse: 5}' '{expr: mem, total: a, bad: b, max_worse: 1%}'; do
	printf 'profile: q\ncriteria: [{id: c, compare: %s}]\n' "$bad" >"$T/q.yaml"
	rc "refused: $bad" 2 soak_judge --lint -p "$T/q.yaml"
done

# Many runs
mkdir -p "$T/runs/a" "$T/runs/b" "$T/runs/c" "$T/runs/not-a-run"
for r in a:2026-01-01 b:2026-01-08 c:2026-01-22; do
	printf '{"decision":"GO","run":{"start":"%sT06:00:00Z"},"criteria":[{"id":"x\\tx","verdict":"PASS","observed":{"text":"99 %%"},"required":{"text":"97 %%"}}]}' \
		"${r#*:}" >"$T/runs/${r%%:*}/verdict.json"
done
rc "a history" 0 soak_compare --history "$T/runs" -o tsv
is "a row a run, and no tab from a name" "2026-01-22T06:00:00Z	c	GO	x\x09x	PASS	99 %	97 %" "$(tail -1 "$T/out")"
rc "a week without a run" 1 soak_compare --history "$T/runs" --every 7d
like "is named" "no run began between 2026-01-08T06:00:00Z and 2026-01-22T06:00:00Z" "$T/err"
echo '{' >"$T/runs/b/verdict.json"
rc "a verdict that is none" 2 soak_compare --history "$T/runs"
rc "no runs" 3 soak_compare --history "$T/runs/a"
done_testing
