#!/bin/sh
# HTML reports: whole, self-contained, the same twice; every number leads to files and lines that hold what it was made of.
. "$(dirname "$0")/lib.sh"
page() { python3 "$ROOT/tests/cli/page.py" "$@" 2>&1; }
here=$(dirname "$0")

bad=$ROOT/samples/gateway-24h-troubled
soak_run -q -p gateway-24h -o "$T/bad" "$bad" >/dev/null 2>&1
soak_run -q -p gateway-24h -o "$T/good" "$ROOT/samples/gateway-24h-good" >/dev/null 2>&1
soak_run -q -p sit-48h --waivers "$ROOT/samples/sit-48h-waivers.yaml" --attest "$ROOT/samples/sit-48h-attestations.yaml" -o "$T/sit" \
    "$ROOT/samples/sit-48h-troubled/script" >/dev/null 2>&1
soak_run -q -p stress-certification -o "$T/stress" "$ROOT/samples/stress-incomplete" >/dev/null 2>&1
is "the report of the run is the sign-off" "" "$(soak_report -t sign-off.html "$T/bad" | cmp - "$T/bad/report.html" 2>&1)"
for run in bad good sit stress; do
	for t in summary sign-off certification whitepaper checkpoint proof sla; do
		soak_report -t $t.html -o "$T/$t.html" "$T/$run" 2>"$T/err" || echo "exit $?" >>"$T/err"
		is "$t of $run: nothing is wrong with it" "" "$(cat "$T/err"; page "$T/$t.html" "$(jq -r .decision "$T/$run/verdict.json")" "$(jq -r .headline "$T/$run/verdict.json")")"
		is "$t of $run: the same bytes twice" "" "$(soak_report -t $t.html "$T/$run" | cmp - "$T/$t.html" 2>&1)"
	done
done
# What speaks against a GO stands before the first section.
soak_report -t sign-off.html "$T/bad" | sed '/<nav/,$d' >"$T/first.html"
like "contradictions are on the first screen" 'soak-summary.json:14 claims success_rate' "$T/first.html"
like "and missing evidence" 'soak-h3.prom' "$T/first.html"
soak_report -t sign-off.html "$T/bad" >"$T/sign-off.html"
for no in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 A B; do like "section $no" "^<h2 id=\"[a-z-]*\">$no\\. " "$T/sign-off.html"; done
like "the chart is a drawing" '^<svg xmlns="http://www.w3.org/2000/svg" .*role="img" aria-labelledby=' "$T/sign-off.html"
unlike "and no picture" '<img' "$T/sign-off.html"

# walk NAME RUN ARTIFACTS
walk() {
	soak_report -t sign-off.html "$2" >"$T/walk.html"
	soak_why -r "$2" --all "$3" >"$T/why" 2>"$T/err"
	python3 "$here/figures.py" "$T/walk.html" "$2/provenance.json" "$T/why" "$3" >"$T/walked" 2>&1
	is "$1: all numbers lead to what they were made of" "" "$(sed '$d' "$T/walked")"
	like "$1: and there are some: $(tail -1 "$T/walked")" '^walked [1-9][0-9]+ figures, [1-9][0-9]* files, [1-9][0-9]{3,} lines$' "$T/walked"
}
walk "the sample" "$T/bad" "$bad"
if [ -n "$SHARED" ]; then
	real=$(echo "$SHARED"/gateway-24h-troubled/*/)
	soak_run -q -p gateway-24h -o "$T/real" "$real" >/dev/null 2>&1
	walk "gateway-24h-troubled" "$T/real" "$real"
else
	skip "no shared data"
fi

# Without provenance.json (a folder of an earlier version) the report is there all the same, without links.
cp -R "$T/bad" "$T/old" && rm "$T/old/provenance.json" "$T/old/charts/success-rate.svg"
soak_report -t sign-off.html -o "$T/old.html" "$T/old"
is "an old run folder" "" "$(page "$T/old.html" "NO-GO")"
unlike "has no provenance" 'class="figure"|class="why"' "$T/old.html"
like "and its chart as a picture" '<img src="data:image/png;base64,' "$T/old.html"
cp -R "$T/bad" "$T/new" && sed -i 's/"schema": 1/"schema": 2/' "$T/new/provenance.json"
rc "provenance of a newer version is refused" 2 soak_report -t summary.html "$T/new"
like "and it is said" 'provenance.json:2:13: provenance schema 2 is newer' "$T/err"
sed -i 's/"schema": 2/"schema": 1/; s/"chain":0}/"chain":9999}/' "$T/new/provenance.json"
rc "a chain that is not there" 2 soak_report -t summary.html "$T/new"
# The drawing is the one thing that a template does not escape, and a run folder may be anybody's.
for evil in 's/<title /<script>alert(1)<\/script><title /' 's/role="img"/onload="alert(1)"/' 's/<rect /<a href="javascript:alert(1)"><rect /' \
    's/<style>/<style>@import url(http:\/\/x);/' 's/<style>/<style>.decision{display:none}/' 's/style="[^"]*"/style="position:fixed"/' 's/<\/svg>/<\/svg><p>GO/' \
    's/fill="none"/fill="url(http:\/\/x)"/' 's/<defs>/<defs><image href="http:\/\/x"\/>/' 's/<\/svg>//'; do
	cp "$T/bad/charts/success-rate.svg" "$T/new/charts/" && cp "$T/bad/provenance.json" "$T/new/" && sed -i "$evil" "$T/new/charts/success-rate.svg"
	rc "a drawing with $evil" 2 soak_report -t summary.html "$T/new"
	like "is refused" 'success-rate.png: byte [0-9]+: not a chart of ours' "$T/err"
done

# Many runs.
mkdir -p "$T/runs" && cp -R "$T/good" "$T/runs/1" && cp -R "$T/bad" "$T/runs/2"
sed -i 's/"start": *"2026-03-02T/"start": "2026-03-16T/' "$T/runs/2/verdict.json"
rc "a history" 0 soak_report --history "$T/runs" --every 7d -t history.html -o "$T/history.html"
is "nothing is wrong with it" "" "$(page "$T/history.html" "NO-GO" "The last of 2 runs; 1 of them was GO." "No run began between")"
soak_report --history "$T/runs" --every 7d -t history.html | cmp -s - "$T/history.html"; result $? "the same bytes twice"
like "one that was due is missing" 'Not made</dt><dd>1 ' "$T/history.html"
rc "in Markdown" 0 soak_report --history "$T/runs" -o "$T/history.md"
like "what changed is said" '^- No contradiction|^- .*: \*\*FAIL\*\*, before PASS$' "$T/history.md"
rc "with --every alone" 2 soak_report --every 7d "$T/good"
mkdir "$T/none-there"
rc "an empty folder is no history" 2 soak_report --history "$T/none-there"
cp -R "$T/sit" "$T/runs/3"
rc "runs of two kinds are no history" 2 soak_report --history "$T/runs"
like "which ones is said" '3/verdict.json: judged by the profile sit-48h, others by gateway-24h' "$T/err"
rm -r "$T/runs/3" && mkdir "$T/runs/4" && echo '{' >"$T/runs/4/verdict.json"
rc "one that cannot be read is not left out" 2 soak_report --history "$T/runs"
like "and it is said" 'not every run can be read' "$T/err"

# Users' Markdown.
cat >"$T/my.md" <<'M'
# Report of {{profile.title}}

## Part one

<script>alert(1)</script> and <b onclick="x()">b</b> and <code>{{decision}}</code>

<div onclick="alert(2)">block</div>

[js](javascript:alert(3)) [tab](java&#9;script:alert(4)) [colon](javascript&#58;alert(5)) [data](data:text/html,x) [far](//evil.example/x) [sc](JaVaScRiPt:alert(6))
[named](javascript&colon;alert(7)) [good](#part-2) <javascript:alert(8)>

![a chart]({{#charts}}{{link}}{{/charts}}) ![elsewhere](http://evil.example/x.png) ![js](javascript:alert(9))

| a | b |
| --- | ---: |
{{#criteria}}
| {{title}} | {{observed.text}} |
{{/criteria}}

- [x] done
- [ ] open

An unclosed <code>{{verdict}}
M
rc "a template of one's own, in Markdown, as HTML" 0 soak_report -t "$T/my.md" -o "$T/my.html" "$T/bad"
is "nothing is wrong with it" "" "$(page "$T/my.html" 'Report of Gateway 24-hour soak' '<script>alert(1)</script> and <b onclick="x()">b</b> and NO-GO' '<div onclick="alert(2)">block</div>' 'js tab colon data far sc named good' 'elsewhere')"
like "an inner link stays" '<a href="#part-2">good</a>' "$T/my.html"
is "of pictures the chart stays, as a drawing" 1 "$(grep -c '<svg ' "$T/my.html")"
like "tables have headers with a scope" '<th scope="col" class="number">b</th>' "$T/my.html"
like "and contents" '<li><a href="#part-2">Part one</a></li>' "$T/my.html"
soak_report --html -t "$T/my.md" "$T/bad" >"$T/again.html"
cmp -s "$T/my.html" "$T/again.html"; result $? "--html, to standard output, is the same"
rc "Markdown stays Markdown" 0 soak_report -t "$T/my.md" -o "$T/my.out" "$T/bad"
like "as it is" '^# Report of Gateway' "$T/my.out"
soak_report -t summary.md -o "$T/summary.html" "$T/bad"
is "the shipped Markdown, too" "" "$(markdown=1 page "$T/summary.html" NO-GO)"
soak_report -t sign-off.md -o "$T/sign-off-md.html" "$T/bad"
is "the sign-off in Markdown, too" "" "$(markdown=1 page "$T/sign-off-md.html" NO-GO)"
printf '{"name": "<x>|*b*", "charts": []}' | soak_report -D - -t "$T/name.md" --html >"$T/name.html" 2>"$T/err"
rc "a template that is not there" 2 soak_report -D /dev/null -t "$T/name.md" --html
printf '## {{name}}\n' >"$T/name.md"
printf '{"name": "<x>|*b*"}' | soak_report -D - -t "$T/name.md" --html >"$T/name.html"
like "any data" '<h2 id="part-1">&lt;x&gt;\|\*b\*</h2>' "$T/name.html"

# PDF: by the program that is there; here one of ours in its place.
mkdir "$T/none" "$T/stub" "$T/tmp"
export TMPDIR="$T/tmp"
PATH_WAS=$PATH
rc "no program for a PDF" 2 env PATH="$T/none" "$B/bin/soak-report" --pdf "$T/x.pdf" "$T/bad"
like "is said" 'a PDF needs weasyprint or chromium, and neither is installed' "$T/err"
[ ! -e "$T/x.pdf" ]; result $? "and nothing is written"
printf '#!/bin/sh\n{ echo "%%PDF-1.7 epoch $SOURCE_DATE_EPOCH"; cat "$1"; } >"$2"\n' >"$T/stub/weasyprint"
chmod +x "$T/stub/weasyprint"
PATH=$T/stub:$PATH_WAS
rc "weasyprint" 0 soak_report -q --pdf "$T/x.pdf" -o "$T/x.html" "$T/bad"
is "gets the page, and the run's end as its time" "" "$({ echo "%PDF-1.7 epoch 1772524800"; cat "$T/bad/report.html"; } | cmp - "$T/x.pdf" 2>&1)"
[ "$(head -c 15 "$T/x.html")" = '<!DOCTYPE html>' ] && cmp -s "$T/x.html" "$T/bad/report.html"; result $? "the HTML is there, too"
SOURCE_DATE_EPOCH=86400 soak_report -q -t "$T/my.md" --pdf - "$T/bad" >"$T/y.pdf"
like "SOURCE_DATE_EPOCH, and Markdown" 'epoch 86400$' "$T/y.pdf"
printf '#!/bin/sh\nexit 3\n' >"$T/stub/weasyprint"
rc "one that fails" 2 soak_report --pdf "$T/z.pdf" "$T/bad"
like "is named" 'weasyprint: made no PDF \(exit 3\)' "$T/err"
printf '#!/bin/sh\necho oops >"$2"\n' >"$T/stub/weasyprint"
rc "what is no PDF" 2 soak_report --pdf "$T/z.pdf" "$T/bad"
[ ! -e "$T/z.pdf" ]; result $? "is not kept"
is "nothing is left behind" "" "$(ls "$TMPDIR")"
done_testing
