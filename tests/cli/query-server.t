#!/bin/sh
# soak-query -d URL: the answers of a real Prometheus on 127.0.0.1, of the same samples evaluated here (--local-eval), and
# of the same samples in a store are the same; what servers do wrong is said.
. "$(dirname "$0")/lib.sh"
if ! command -v jq >/dev/null || ! command -v perl >/dev/null; then
	echo "1..0 # SKIP no jq or no perl"
	exit 0
fi
. "$(dirname "$0")/prometheus.sh"

# --- servers that answer one request with a given file, byte for byte; the request lands in $T/request ---
cat >"$T/once.pl" <<'PL'
use strict; use IO::Socket::INET;
alarm 600;
my ($file, $port_file, $request) = @ARGV;
my $s = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 0, Listen => 1) or die;
open(my $p, '>', "$port_file.new") or die; print $p $s->sockport; close $p; rename "$port_file.new", $port_file;
my $c = $s->accept or die;
my $in = '';
while ($in !~ /\r\n\r\n/ or ($in =~ /Content-Length: (\d+)/i and length($in =~ s/.*?\r\n\r\n//sr) < $1)) {
	sysread($c, $in, 65536, length $in) or last;
}
open(my $r, '>', $request) or die; print $r $in; close $r;
sleep 600 if $file eq 'silent';
open(my $f, '<', $file) or die; local $/; print $c scalar <$f>; close $c;
PL
# serve HEAD [BODY]: sets $url; serve silent: never answers.
serve() {
	rm -f "$T/port" "$T/request"
	_file=$T/reply
	[ "$1" != silent ] || _file=silent
	printf '%s\r\nConnection: close\r\n\r\n%s' "$1" "${2:-}" >"$T/reply"
	perl "$T/once.pl" "$_file" "$T/port" "$T/request" &
	server=$!
	_i=0
	while [ ! -e "$T/port" ] && [ $_i -lt 1200 ]; do sleep 0.05; _i=$((_i + 1)); done
	url=http://127.0.0.1:$(cat "$T/port")
}
done_serving() { prometheus_stop; }
# trouble NAME REGEX HEAD [BODY]: exit 2, nothing on stdout, and a message.
trouble() {
	serve "$3" "${4:-}"
	rc "$1" 2 soak_query -d "$url" --time 100 up
	like "... and says so" "^soak-query: $url/api/v1/query: ?$2" "$T/err"
	[ ! -s "$T/out" ]; result $? "... and prints nothing else"
	done_serving
}
OK='HTTP/1.1 200 OK'
trouble "an HTTP error" 'HTTP 503: overloaded, \\x1b\[31mtry later$' 'HTTP/1.1 503 Service Unavailable' \
	"overloaded,
$(printf '\033')[31mtry   later"
trouble "an HTTP error without a word" 'HTTP 401$' 'HTTP/1.1 401 Unauthorized'
trouble "an error of the API" 'HTTP 422: execution: found duplicate series$' 'HTTP/1.1 422 Unprocessable Entity' \
	'{"status":"error","errorType":"execution","error":"found duplicate series"}'
trouble "a redirect" 'HTTP 302: it points to http://192.0.2.1/x; redirects are not followed$' \
	"$(printf 'HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/x')"
trouble "no JSON" '1:1: .*' "$OK" '<html>hello</html>'
trouble "JSON that ends too early" '1:[0-9]+: .*' "$OK" '{"status":"success","data":{"resultType":"vec'
trouble "JSON of something else" '1:1: "status" is missing' "$OK" '{"data":1}'
trouble "a value that is no number" '1:[0-9]+: not a number' "$OK" \
	'{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"x"]}]}}'
trouble "a native histogram" '1:[0-9]+: not supported: native histograms' "$OK" \
	'{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"histogram":[1,{}]}]}}'
trouble "no HTTP" '.*HTTP/0.9.*' 'hello'

one='{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"up"},"value":[100,"1"]}]}'
serve "$OK" "$one}"
rc "a server is judged by times: it has no events" 2 soak_judge -d "$url" gateway-24h
like "and it is said" 'a server has no events: --start TIME says when the run began' "$T/err"
rc "an answer" 0 soak_query -d "$url/prefix/" --time 100.5 --timeout 70s 'up{a="ü b&c"}'
is "is printed" "1970-01-01T00:01:40Z 1 up" "$(sed -n 2p "$T/out" | tr '\t' ' ')"
is "what was asked" \
	"GET /prefix/api/v1/query?query=up%7Ba%3D%22%C3%BC%20b%26c%22%7D&time=100.500&timeout=70.000 HTTP/1.1" \
	"$(head -1 "$T/request" | tr -d '\r')"
unlike "no secret is made up" '^Authorization' "$T/request"
done_serving
long=up$(i=0; while [ $i -lt 60 ]; do printf ' or up{long="0123456789012345678901234567890%s"}' $i; i=$((i + 1)); done)
serve "$OK" "$one}"
rc "a long question" 0 soak_query -d "$url" --time 100 "$long"
like "is a form" '^POST /api/v1/query HTTP' "$T/request"
like "with all of it" 'query=up%20or%20up%7B.*34567890' "$T/request"
done_serving
printf 's3cret\n' >"$T/token"; echo 'eve:pass:word' >"$T/user"
serve "$OK" "$one}"
rc "a token" 0 soak_query -d "$url" --time 100 --token-file "$T/token" up
like "is sent" '^Authorization: Bearer s3cret' "$T/request"
done_serving
serve "$OK" "$one}"
rc "a user" 0 soak_query -d "$url" --time 100 --user-file "$T/user" up
like "is sent, too" "^Authorization: Basic $(printf 'eve:pass:word' | base64)" "$T/request"
done_serving
serve "$OK" "$one"',"warnings":["some blocks are missing"]}'
rc "an answer that is incomplete" 3 soak_query -d "$url" --time 100 up
like "is doubted" "warns: some blocks are missing" "$T/err"
done_serving
serve silent
rc "a server that does not answer" 2 soak_query -d "$url" --timeout 200ms --time 100 up
like "is not waited for" 'no answer within 200ms|timed out' "$T/err"
done_serving
rc "a port where nobody is" 2 soak_query -d http://127.0.0.1:1 --time 100 up
like "is refused" '^soak-query: http://127.0.0.1:1/api/v1/query: .*(refused|connect)' "$T/err"
rc "an address without a host" 2 soak_query -d http:// up
rc "a password in the address" 2 soak_query -d http://a:hush@127.0.0.1:1 up
unlike "is not repeated" hush "$T/err"
rc "both kinds of secrets" 2 soak_query -d http://127.0.0.1:1 --token-file "$T/token" --user-file "$T/user" up
rc "a token file that is not there" 2 soak_query -d http://127.0.0.1:1 --token-file "$T/none" up
: >"$T/empty"
rc "an empty one" 2 soak_query -d http://127.0.0.1:1 --token-file "$T/empty" up
rc "a user file without a password" 2 soak_query -d http://127.0.0.1:1 --user-file "$T/token" up
rc "a CA file that is none" 2 soak_query -d https://127.0.0.1:1 --ca-file "$T/none" up
rc "a range without its start" 2 soak_query -d http://127.0.0.1:1 --step 1m up
like "needs it" 'start is needed' "$T/err"
rc "a profile and a server" 2 soak_query -d http://127.0.0.1:1 -p gateway-24h up

# --- TLS: a certificate that nobody vouches for, until --ca-file does ---
if command -v openssl >/dev/null; then
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$T/key.pem" -out "$T/cert.pem" -days 2 -subj /CN=test \
		-addext subjectAltName=IP:127.0.0.1 2>/dev/null
	port=$(perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 1)->sockport')
	timeout 600 openssl s_server -accept "127.0.0.1:$port" -key "$T/key.pem" -cert "$T/cert.pem" -www >/dev/null 2>&1 &
	server=$!
	i=0
	until soak_query -d "https://127.0.0.1:$port" --time 1 up 2>&1 | grep -q certificate || [ $i -ge 600 ]; do
		sleep 0.1; i=$((i + 1))
	done
	rc "an unknown certificate" 2 soak_query -d "https://127.0.0.1:$port" --time 1 up
	like "is not trusted" 'query: .*certificate' "$T/err"
	rc "a known one" 2 soak_query -d "https://127.0.0.1:$port" --ca-file "$T/cert.pem" --time 1 up
	like "is: only what that server says is no JSON" 'query:1:1: ' "$T/err"
	done_serving
else
	skip "no openssl here: TLS is not tried"
fi

# --- a server that sends far too much for more than a minute of x, else one sample at the end of what is asked ---
cat >"$T/large.pl" <<'PL'
use strict; use IO::Socket::INET;
alarm 600; $SIG{PIPE} = 'IGNORE';
my $s = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 0, Listen => 5) or die;
open(my $p, '>', "$ARGV[0].new") or die; print $p $s->sockport; close $p; rename "$ARGV[0].new", $ARGV[0];
while (my $c = $s->accept) {
	my $in = '';
	sysread($c, $in, 65536, length $in) or last while $in !~ /\r\n\r\n/;
	my ($ms, $t) = $in =~ /x%5B(\d+)ms%5D&time=([0-9.]+)/;
	print $c "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
	if ($ms > 60000) { print $c ' ' x (1 << 20) for 1 .. 34; }
	print $c qq({"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"x"},"values":[[$t,"1"]]}]}});
	close $c;
}
PL
rm -f "$T/port"
perl "$T/large.pl" "$T/port" &
server=$!
i=0
while [ ! -e "$T/port" ] && [ $i -lt 1200 ]; do sleep 0.05; i=$((i + 1)); done
rc "an answer that is too large" 0 soak_query -d "http://127.0.0.1:$(cat "$T/port")" --local-eval --time 10000 'count_over_time(x[4m])'
is "is asked for in pieces" 4 "$(sed -n 2p "$T/out" | cut -f 2)"
done_serving

# --- a real Prometheus ---
if ! command -v prometheus >/dev/null || ! command -v promtool >/dev/null; then
	skip "no prometheus here: its answers are not compared"
	done_testing
	exit 0
fi
# 2 hours every 15 s from 1768197600 on; a counter with a reset, one that begins late, a gauge with a gap, a histogram.
awk 'BEGIN {
	from = 1768197600
	print "# TYPE req counter"
	for (i = 0; i <= 480; i++) printf "req_total{code=\"200\",host=\"h1\"} %d %d\n", i < 200 ? i * 7 : (i - 200) * 5, from + i * 15
	for (i = 90; i <= 480; i++) printf "req_total{code=\"503\",host=\"h1\"} %d %d.250\n", i - 90 + int(i / 10), from + i * 15
	for (i = 0; i <= 480; i++) printf "req_total{code=\"200\",host=\"h 2 \\\"ü\\\"\"} %d %d.5\n", i * i / 10, from + i * 15
	print "# TYPE temp gauge"
	for (i = 0; i <= 480; i++) if (i < 150 || i > 240) printf "temp{host=\"h1\"} %.17g %d\n", 20 + sin(i / 10) / 3, from + i * 15
	for (i = 0; i <= 480; i += 4) printf "temp{host=\"h2\"} %s %d\n", i % 40 ? -i / 7 : "NaN", from + i * 15
	print "# TYPE lat histogram"
	split("0.1 0.5 1 +Inf", le, " ")
	for (k = 1; k <= 4; k++) for (i = 0; i <= 480; i++)
		printf "lat_bucket{le=\"%s\"} %d %d\n", le[k], i * k * 3 + int(i / 9), from + i * 15
	print "# EOF"
}' >"$T/all.om"
promtool tsdb create-blocks-from openmetrics "$T/all.om" "$T/tsdb" >"$T/promtool" 2>&1
result $? "blocks are made" || sed 's/^/# /' "$T/promtool"
soak_ingest -q -d "$T/all.db" "$T/all.om"
up=yes
prometheus_start "$T/tsdb" || up=no
is "a Prometheus runs" yes $up
if [ $up = no ]; then done_testing; exit 0; fi

# Series and points in any order, values to 1e-9 relative, NaN equal to NaN.
cat >"$T/compare.jq" <<'JQ'
def number: if . == "NaN" then . elif . == "+Inf" then infinite elif . == "-Inf" then -infinite else tonumber end;
def near($a; $b): ($a | number) as $x | ($b | number) as $y | $x == $y or (($x | type) == "number" and
	($y | type) == "number" and (($x - $y) | fabs) <= 1e-9 * ([$x, $y | fabs] | max));
def points: if .data.resultType == "scalar" then [{key: "scalar t=\(.data.result[0])", value: .data.result[1]}]
	else [.data.result[] | "\(.metric | to_entries | sort)" as $m | ((.values // [.value])[]) |
	{key: "\($m) t=\(.[0])", value: .[1]}] end | from_entries;
($want[0] | points) as $w | ($got[0] | points) as $g |
if $want[0].data.resultType != $got[0].data.resultType then "type \($got[0].data.resultType)" else empty end,
((($w | keys) - ($g | keys))[] | "missing: \(.)"),
((($g | keys) - ($w | keys))[] | "too many: \(.)"),
($w | to_entries[] | select($g[.key] != null and (near(.value; $g[.key]) | not)) | "\(.key): \(.value), got \($g[.key])")
JQ
# same NAME FILE: is it what $T/store.json says?
same() {
	jq -nr --slurpfile want "$T/store.json" --slurpfile got "$2" -f "$T/compare.jq" >"$T/diff" 2>&1
	[ ! -s "$T/diff" ]; result $? "$1" || true
	head -4 "$T/diff" | sed 's/^/# /'
}
compat=$(prometheus --version 2>&1 | sed -n 's/^prometheus, version \([0-9]*\).*/\1/p')
# ask EXPR [OPTION...]: three ways, one answer.
ask() {
	expr=$1; shift
	for way in store "$url" local; do
		case $way in
		store) set -- -d "$T/all.db" "$@" ;;
		local) shift 2; set -- -d "$url" "$@" --local-eval ;;
		*) shift 2; set -- -d "$url" "$@" ;;
		esac
		soak_query -q "$@" --promql-compat "$compat" -o json -- "$expr" >"$T/answer.json" 2>"$T/err"
		_status=$?
		case $way in
		store) mv "$T/answer.json" "$T/store.json"; _want=$_status ;;
		local) same "evaluated here: $expr" "$T/answer.json"; is "... with the same status" $_want $_status ;;
		*) same "evaluated there: $expr" "$T/answer.json"; is "... with the same status" $_want $_status ;;
		esac
	done
}
now="--time 1768204000"
span="--start 1768197600 --end 1768204800 --step 97s"
for expr in 'req_total' 'sum by (code) (rate(req_total[5m]))' 'temp{host="h1"} > 20.1' 'avg(temp) - on () group_left () min(temp)' \
	'histogram_quantile(0.9, rate(lat_bucket[10m]))' 'max_over_time(rate(req_total[1m])[20m:1m])' 'req_total offset 30m' \
	'temp @ 1768198000 + 1' 'topk(1, deriv(temp[10m]))' 'increase(req_total{host=~"h.*"}[1h])' '-count(req_total) ^ 2' \
	'label_replace(temp, "x", "$1", "host", "(.).*")' 'absent(temp)' 'scalar(sum(req_total)) * 2'; do
	ask "$expr" $now
	ask "$expr" $span
done
ask 'req_total[3m]' $now
ask 'count_over_time(req_total[3h])' $now # in two pieces
ask 'temp @ start() - temp @ end()' $span
soak_query -d "$T/all.db" $span --lookback 20s --promql-compat "$compat" -o json temp >"$T/store.json"
soak_query -d "$url" --local-eval $span --lookback 20s --promql-compat "$compat" -o json temp >"$T/got.json"
same "a lookback is for evaluation here" "$T/got.json"
rc "a server might ignore it" 2 soak_query -d "$url" $span --lookback 20s temp
ask 'nope' $now
ask 'absent(nope)' $now
ask 'req_total > 1e9' $now
ask 'rate(temp{host="h2"}[30s])' $now
like "a range that is too short is found from afar" 'interval of 1m: cannot be answered' "$T/err"
soak_query -d "$T/all.db" $now -o json req_total >"$T/store.json"
jq '.data.result[0].value[1] |= "\(tonumber * (1 + 1e-8))"' "$T/store.json" >"$T/other.json"
jq -nr --slurpfile want "$T/store.json" --slurpfile got "$T/other.json" -f "$T/compare.jq" >"$T/diff" 2>&1
[ -s "$T/diff" ]; result $? "the comparison sees a difference"

rc "what was never seen" 3 soak_query -d "$url" $now 'nope{a="b"}'
like "is said, with the times" 'no series matches nope\{a="b"\} from 2026-01-12T07:41:40' "$T/err"
rc "--explain from a server" 0 soak_query -d "$url" $now --explain 'rate(req_total[5m])'
like "counts series" '3 series' "$T/out"
rc "--explain --local-eval" 0 soak_query -d "$url" $now --local-eval --explain 'rate(req_total[5m])'
rc "too many samples to fetch" 2 soak_query -d "$url" $now --local-eval --max-samples 100 'req_total[1h]'
like "are refused" 'too many samples' "$T/err"
rc "a question the server refuses" 2 soak_query -d "$url" $now 'req_total + on () req_total'
like "is explained in its words" 'HTTP 422: execution: .*duplicate series' "$T/err"
rc "a step that is too small" 2 soak_query -d "$url" --start 1768197600 --end 1768204800 --step 1ms req_total
like "is refused by it" 'HTTP 400: bad_data: .*11,000' "$T/err"
done_serving
done_testing
