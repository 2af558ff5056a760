#!/bin/sh
# Artifacts that try to get out of the report: into a page's markup, a Markdown table, a terminal.
. "$(dirname "$0")/lib.sh"
page() { python3 "$ROOT/tests/cli/page.py" "$@" 2>&1; }
# control FILE: bytes that a terminal would obey: C0 but tab and newline, DEL, C1, bidi and zero-width characters.
control() { perl -CSD -ne 'print "$ARGV:$.: $_" if /[\x00-\x08\x0b-\x1f\x7f-\x9f\x{200b}-\x{200f}\x{2028}-\x{202e}\x{2066}-\x{2069}\x{feff}]/' "$@" | head -3; }

R=$T/run
cp -R "$ROOT/samples/gateway-24h-good" "$R"
script='<script>alert(1)</script>'
markup='"><img src=x onerror=alert(2)> | `code` ](javascript:alert(3)) {{profile}} *b* <!--'
ansi=$(printf '\033[31mred\033]0;title\007 \342\200\256rtl\342\201\246 \302\233x')
esc() { printf '%s' "$1" | sed 's/\\/\\\\/g; s/"/\\"/g'; }
# Label values: of a series that a criterion counts by, and of a family's help.
for f in "$R"/*.prom; do
	V1=$(esc "$script") V2=$(esc "$markup") V3=$(esc "$ansi") perl -pi -e '
		s/tool="serpapi"/tool="$ENV{V1}"/; s/tool="openai"/tool="$ENV{V2}"/; s/tool="gmail_send"/tool="$ENV{V3}"/;
		s/^(# HELP gateway_requests_total).*/$1 $ENV{V1}/' "$f"
done
# File names.
cp "$R/soak-h3.prom" "$R/<img src=x onerror=alert(4)>.prom"
cp "$R/soak-h4.prom" "$R/$(printf 'a\033[31mred\342\200\256.txt')"
printf 'nothing that is known | `x` <b>\n' >"$R/](javascript:alert(5)) | x.log"
# Claims and times of an artifact's own, tests and what they said.
sed -i 's/"success_rate": "[^"]*"/"success_rate": "<script>alert(6)<\/script>|`99`](javascript:alert(7))"/' "$R/soak-summary.json"
cat >"$R/junit.xml" <<'X'
<?xml version="1.0"?>
<testsuite name="smoke &lt;script&gt;alert(8)&lt;/script&gt;" tests="2" failures="1" errors="0" skipped="0" time="1.0" timestamp="2026-03-02T09:00:00Z">
<testcase classname="smoke" name="&lt;script&gt;alert(9)&lt;/script&gt; | `x` ](javascript:alert(10)) &#x202e;rtl" time="0.5"><failure message="&lt;img src=x onerror=alert(11)&gt; | broken">x</failure></testcase>
<testcase classname="smoke" name="good" time="0.5"/>
</testsuite>
X
cp "$ROOT/templates/profiles/gateway-24h.yaml" "$T/hostile.yaml"
# Two more criteria among the others: what each label value gives, and the tests.
python3 - "$T/hostile.yaml" <<'P'
import sys
p = sys.argv[1]
s = open(p).read()
s = s.replace("\ncriteria:\n", """
criteria:
  - id: by-tool
    title: 'No tool with more than 1 request <b>&amp;</b> | `t` ](javascript:alert(12))'
    promql: max by (tool) (gateway_requests_total) < 1
    at: end
  - id: hostile-tests
    title: Tests
    tests: {suite: "smoke*", undated: true}
""", 1)
open(p, "w").write(s)
P
rc "such a run is judged" 1 soak_run -q -p "$T/hostile.yaml" -o "$T/res" "$R"
soak_judge -d "$T/res/run.db" "$T/hostile.yaml" >"$T/judged" 2>&1
soak_why -r "$T/res" --all "$R" >"$T/why" 2>&1
soak_ingest -d "$T/res/run.db" --list >"$T/list" 2>&1
is "what reaches a terminal is clean" "" "$(control "$T/judged" "$T/why" "$T/list")"
like "and nothing is lost" '<script>alert\(1\)</script>' "$T/why"

jq -r '.. | strings' "$T/res/verdict.json" >"$T/strings"
for word in '<script>alert(1)' 'alert(4)' 'alert(5)' 'alert(6)' 'alert(9)' 'alert(12)'; do
	grep -qF "$word" "$T/strings"; result $? "the verdict tells of $word"
done
for t in summary sign-off certification whitepaper checkpoint proof; do
	soak_report -t $t.html -o "$T/$t.html" "$T/res" 2>"$T/err"
	is "$t: it stays text, and all of it is there" "" "$(cat "$T/err"
		page "$T/$t.html" '<script>alert(1)</script>' 'No tool with more than 1 request <b>&amp;</b> | `t` ](javascript:alert(12))' 'alert(9)</script> | `x` ](javascript:alert(10))')"
	is "$t: clean" "" "$(control "$T/$t.html")"
done
is "names of files, claims" "" "$(page "$T/sign-off.html" '<img src=x onerror=alert(4)>.prom' '](javascript:alert(5)) | x.log' '<script>alert(6)</script>|`99`](javascript:alert(7))')"
is "the Markdown is clean" "" "$(control "$T/res/report.md")"
# GitHub's tables: as many cells in each row as in the header, whatever the values hold.
awk '/^\|/ { n = gsub(/(^|[^\\])\|/, "&"); if (!inside) want = n; inside = 1; if (n != want) print FILENAME ":" FNR ": " n " of " want ": " $0 } !/^\|/ { inside = 0 }' \
    "$T/res/report.md" >"$T/cells"
is "its tables keep their columns" "" "$(head -3 "$T/cells")"
soak_report -t sign-off.md -o "$T/md.html" "$T/res"
is "read by a Markdown parser it is text, too" "" "$(markdown=1 page "$T/md.html" '<script>alert(1)</script>' '](javascript:alert(12))' '<script>alert(6)</script>|`99`](javascript:alert(7))')"
unlike "without a link that runs" 'href="(java|data|//)' "$T/md.html"
done_testing
