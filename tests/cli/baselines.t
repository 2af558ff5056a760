#!/bin/sh
# Classes of requests with their baselines: one block in the profile, by a tag of k6's points or by a label of counters.
. "$(dirname "$0")/lib.sh"
D=$T/a.db
# 1000 points of two classes: api takes 100 ms, each 50th 700 ms, 5 of 600 fail; generation 5 s, 30 of 400 fail.
awk 'BEGIN {
	print "{\"type\":\"Metric\",\"data\":{\"name\":\"http_req_duration\",\"type\":\"trend\",\"contains\":\"time\"},\"metric\":\"http_req_duration\"}"
	print "{\"type\":\"Metric\",\"data\":{\"name\":\"http_req_failed\",\"type\":\"rate\",\"contains\":\"default\"},\"metric\":\"http_req_failed\"}"
	for (i = 0; i < 1000; i++) {
		api = i % 5 < 3
		n[api]++
		ms = api ? (n[1] % 50 == 0 ? 700 : 100) : 5000
		bad = api ? n[1] % 120 == 0 : n[0] % 13 == 0
		for (m = 0; m < 2; m++)
			printf "{\"metric\":\"%s\",\"type\":\"Point\",\"data\":{\"time\":\"2026-01-12T06:%02d:%02d.%03dZ\",\"value\":%s,\"tags\":{\"class\":\"%s\",\"status\":\"%d\"}}}\n",
				m ? "http_req_failed" : "http_req_duration", i / 60, i % 60, m, m ? bad : ms, api ? "api" : "generation", bad ? 500 : 200
	} }' >"$T/points.ndjson"
echo '{"scenarios": {"all": {"executor": "constant-vus", "vus": 1, "duration": "16m"}}}' >"$T/load.json" # so that they are known to be all
soak_ingest -q -d "$D" "$T/points.ndjson" "$T/load.json"
cat >"$T/p.yaml" <<'E'
profile: p
run: {start: {artifact: "*", path: k6/first_point}, end: {artifact: "*", path: k6/last_point}}
baselines:
  - {class: api, tags: {class: api}, p95: 500ms, p99: 1s, errors: 1%, key: true}
  - {class: generation, tags: {class: generation}, p95: 30s, errors: 10%}
  - {class: slow, tags: {class: api}, p99: 600ms, errors: 0.5%}
  - {class: search, tags: {class: search}, p95: 1s, optional: true}
E
rc "one class is too slow" 1 soak_judge -d "$D" -p "$T/p.yaml" -o json
cp "$T/out" "$T/v.json"
is "each line of a block is a criterion" "api-p95 api-p99 api-errors generation-p95 generation-errors slow-p99 slow-errors search-p95" \
	"$(jq -r '[.criteria[].id] | join(" ")' "$T/v.json")"
verdict() { jq -r --arg i "$1" '.criteria[] | select(.id == $i) | .verdict' "$T/v.json"; }
is "api holds" "PASS PASS PASS" "$(verdict api-p95) $(verdict api-p99) $(verdict api-errors)"
is "generation may fail more often" "PASS PASS" "$(verdict generation-p95) $(verdict generation-errors)"
is "stricter ones do not hold" "FAIL FAIL" "$(verdict slow-p99) $(verdict slow-errors)"
is "a class that was not run is not decided" INCONCLUSIVE "$(verdict search-p95)"
is "key is passed on" "true false" "$(jq -r '[.criteria[0, 3].key] | map(tostring) | join(" ")' "$T/v.json")"
like "the title says what holds" 'api: p95 below 500ms' "$T/v.json"
grep -v 'class: slow' "$T/p.yaml" >"$T/ok.yaml"
rc "what is optional holds nothing up" 0 soak_judge -q -d "$D" -p "$T/ok.yaml"

# By a label: exact counters; a percentile is a share of a bucket.
awk 'BEGIN {
	print "# TYPE rt histogram"
	for (i = 0; i <= 60; i++) for (c = 0; c < 2; c++) {
		h = c ? "search" : "api"; f = c ? 90 : 97
		printf "rt_bucket{handler=\"%s\",le=\"0.5\"} %d %d\n", h, i * f, i * 60
		printf "rt_bucket{handler=\"%s\",le=\"1.0\"} %d %d\n", h, i * 100, i * 60
		printf "rt_bucket{handler=\"%s\",le=\"+Inf\"} %d %d\n", h, i * 100, i * 60
		printf "rt_count{handler=\"%s\"} %d %d\n", h, i * 100, i * 60
	}
	print "# TYPE req counter"
	for (i = 0; i <= 60; i++) for (c = 0; c < 2; c++) {
		h = c ? "search" : "api"
		printf "req_total{handler=\"%s\",code=\"200\"} %d %d\n", h, i * 99, i * 60
		printf "req_total{handler=\"%s\",code=\"500\"} %d %d\n", h, i * (c ? 2 : 0.5), i * 60
	}
	print "# EOF" }' >"$T/c.om"
soak_ingest -q -d "$T/c.db" "$T/c.om"
cat >"$T/c.yaml" <<'E'
profile: c
run: {start: 1970-01-01T00:00:00Z, end: 1970-01-01T01:00:00Z}
baselines:
  - {class: api, match: 'handler="api"', histogram: rt, requests: req_total, bad: 'code=~"5.."', p95: 500ms, p99: 1s, errors: 1%}
  - {class: search, match: 'handler="search"', histogram: rt, requests: req_total, bad: 'code=~"5.."', p90: 500ms, p95: 500ms, p99: 700ms, errors: 1%}
criteria:
  - {id: by-hand, sli: {total: 'req_total{handler="api"}', bad: 'req_total{handler="api",code=~"5.."}'}, objective: 99%}
E
rc "by labels" 1 soak_judge -d "$T/c.db" -p "$T/c.yaml" -o json
cp "$T/out" "$T/v.json"
is "api: 97 % within 500 ms, all within 1 s" "PASS PASS PASS" "$(verdict api-p95) $(verdict api-p99) $(verdict api-errors)"
is "search: 90 % within 500 ms, 2 of 101 fail" "PASS FAIL FAIL" "$(verdict search-p90) $(verdict search-p95) $(verdict search-errors)"
is "a bucket that the histogram does not have says nothing" INCONCLUSIVE "$(verdict search-p99)"
like "and is named" 'le with the value 0.7' "$T/v.json"

check() { printf 'profile: p\nbaselines: [{class: a, %s}]\n' "$1" >"$T/bad.yaml"; soak_judge -d "$D" -p "$T/bad.yaml"; }
rc "an unknown key" 2 check 'p96: 1s'
like "is named with its place" "bad.yaml:2:24: unknown key 'p96', did you mean 'p9[0-9]'" "$T/err"
rc "nothing asked" 2 check 'tags: {a: b}'
rc "a percentile of nothing" 2 check 'p95: 1s'
rc "both kinds" 2 check 'tags: {a: b}, histogram: x, p95: 1s'
rc "errors of nothing" 2 check 'errors: 1%'
rc "no duration" 2 check 'tags: {a: b}, p95: fast'
sed 's/by-hand/api-p95/' "$T/c.yaml" >"$T/twice.yaml"
rc "an id that is taken" 2 soak_judge -d "$T/c.db" -p "$T/twice.yaml"
rc "the shipped profile" 0 soak_judge -q -d "$D" -p k6-classes
done_testing
