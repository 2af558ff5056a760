#!/bin/sh
# Each sample of samples/vendors is read as the format it is named after, and what it says is in the store.
. "$(dirname "$0")/lib.sh"

soak_ingest -q -d "$T/v.db" "$ROOT/samples/vendors" >/dev/null 2>&1
result $? "all are read"
sql() { sqlite3 -readonly "$T/v.db" "$1"; }
is "nothing is not recognised" "" "$(sql "SELECT name FROM artifacts WHERE format = 'unrecognised' OR NOT complete")"
is "each as its own format" "artillery.json artillery-report
cloudwatch-alarms.json cloudwatch-alarms
cloudwatch-data.json cloudwatch-data
cloudwatch-statistics.json cloudwatch-statistics
datadog-synthetics.json datadog-synthetics
gatling-global.json gatling-global
gatling-stats.json gatling-stats
jmeter.jtl jmeter-jtl
locust_stats.csv locust-stats
locust_stats_history.csv locust-history
loki.json loki-streams
newrelic-synthetics.json newrelic-synthetics
prometheus-alerts.json prometheus-alerts
prometheus-instant.json prometheus-api
prometheus-range.json prometheus-api
prometheus-targets.json prometheus-targets
sentry-events.json sentry-events
sentry-issues.json sentry-issues
vegeta-report.json vegeta-report
vegeta.jsonl vegeta-results" "$(sql "SELECT name || ' ' || format FROM artifacts ORDER BY name COLLATE BINARY")"

sample() { sql "SELECT value FROM samples WHERE name = '$1' AND labels LIKE '%$2%' ORDER BY t DESC LIMIT 1"; }
is "JMeter: requests by code" 1.0 "$(sample jmeter_requests_total '"code":"503"')"
is "JMeter: a label in quotes, with a comma" 1.0 "$(sample jmeter_elapsed_seconds_count 'cart, add')"
is "JMeter: seconds, not milliseconds" 2.4 "$(sample jmeter_elapsed_seconds_sum cart)"
is "Locust: a counter over time" 400.0 "$(sample locust_requests_total Aggregated)"
is "Locust: what it says of itself is a claim" 1200 "$(sql "SELECT text FROM claim WHERE path = 'locust//cart/request_count'")"
is "vegeta: requests by code" 1.0 "$(sample vegeta_requests_total '"code":"503"')"
is "vegeta: its report is a claim" 0.5 "$(sql "SELECT text FROM claim WHERE path = 'success'")"
is "Artillery: names with dots" 3 "$(sql "SELECT text FROM claim WHERE path LIKE '%http.codes.503'")"
is "Gatling: of all requests" "3 1200" "$(sql "SELECT group_concat(text, ' ') FROM (SELECT text FROM claim JOIN artifact a USING (content) WHERE a.name = 'gatling-global.json' AND path IN ('numberOfRequests.ko', 'numberOfRequests.total') ORDER BY path)")"
is "Gatling: of one" "697" "$(sql "SELECT text FROM claim WHERE path = 'contents/cart / add/numberOfRequests/ok'")"
is "Gatling: what there was none of is no number" "- 1" "$(sql "SELECT text || ' ' || (value IS NULL) FROM claim WHERE path = 'contents/home/meanResponseTime/ko'")"
is "CloudWatch: an average" 412.5 "$(sample cloudwatch_average Duration)"
is "CloudWatch: a percentile" 1210.5 "$(sample cloudwatch_percentile p95)"
is "CloudWatch: times and values in two lists" "1.0 7.0 0.0 1800.5 812.25" "$(sql "SELECT group_concat(value, ' ') FROM (SELECT value FROM samples WHERE name = 'cloudwatch_value' ORDER BY labels, t)")"
is "CloudWatch: an answer that is not all" PartialData "$(sql "SELECT text FROM run WHERE path = 'cloudwatch.p99.status'")"
is "CloudWatch: an alarm" "orders-dlq fail" "$(sql "SELECT name || ' ' || status FROM results WHERE status <> 'pass'")"
is "Datadog: down" 0.0 "$(sample probe_success 30019)"
is "Datadog: 10 s" 10.0 "$(sample probe_duration_seconds 30019)"
is "New Relic: down" 0.0 "$(sample probe_success 'shop home')"
is "Loki: lines" 2 "$(sql "SELECT count(*) FROM event WHERE name = 'LOG gateway'")"
is "Sentry: how long an issue was seen" 6600 "$(sql "SELECT (t_end - t) / 1000 FROM event WHERE name = 'SENTRY error SHOP-12'")"
is "Sentry: an event" "TypeError: x is undefined" "$(sql "SELECT text FROM event WHERE kind = 'error'")"
is "Prometheus: a series of a saved answer" 0.0 "$(sample up 'a:1')"
is "Prometheus: at its own time, in ms" 1768197615500 "$(sql "SELECT max(t) FROM samples WHERE labels LIKE '%a:1%'")"
is "Prometheus: what an expression made" NaN "$(sql "SELECT note FROM samples WHERE name = 'prometheus_answer' ORDER BY t LIMIT 1")"
is "Prometheus: a warning is a problem" "some shards did not answer" "$(sql "SELECT text FROM problem WHERE severity = 'warning' AND text LIKE 'some%'")"
is "Prometheus: an alert" 1 "$(sql "SELECT count(*) FROM event WHERE name = 'ALERT High5xx'")"
is "Prometheus: a target" 1.0 "$(sample up 9100)"

sed 's/,1.0\]/]/' "$ROOT/samples/vendors/cloudwatch-data.json" >"$T/short.json"
soak_ingest -q -d "$T/s.db" "$T/short.json" 2>/dev/null
is "CloudWatch: a time without its value is a problem, and no 0" "4 1" "$(sqlite3 -readonly "$T/s.db" "SELECT (SELECT count(*) FROM sample) || ' ' || count(*) FROM problem WHERE text LIKE 'cloudwatch_value not measured%'")"
printf '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"up"},"values":[[1768197600,"1"],[1768' >"$T/cut.json"
printf '{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"h"},"histogram":[1,{}]}]}}' >"$T/native.json"
printf '{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"h"},"value":[1e300,"1"]}]}}' >"$T/late.json"
rc "a cut answer is no evidence" 2 soak_ingest -d "$T/c.db" "$T/cut.json"
like "with its place" 'cut.json' "$T/err"
rc "native histograms are not supported" 2 soak_ingest -d "$T/c.db" "$T/native.json"
like "and that is said" 'not supported: native histograms' "$T/err"
rc "a time that is none" 2 soak_ingest -d "$T/c.db" "$T/late.json"
done_testing
