#!/bin/sh
# soak-report --data: any template with any JSON.
. "$(dirname "$0")/lib.sh"

report() { soak_report "$@"; }
mkdir "$T/t"
printf '{"name":"<b>|x*","list":[{"n":1},{"n":2.50}],"empty":[],"which":"row"}' >"$T/d.json"
printf '# {{name}}\n{{#list}}\n  {{>row}}\n{{/list}}\n' >"$T/t/doc.html"
printf '{{n}};\n' >"$T/t/row.html"
printf '{{<doc2}}{{$title}}mine{{/title}}{{/doc2}}' >"$T/t/child.mustache"
printf '<{{$title}}default{{/title}}>{{>*which}}' >"$T/t/doc2.mustache"
printf 'row' >"$T/t/row.mustache"
printf '{{name}} {{{name}}}' | tee "$T/t/doc.txt" "$T/t/doc.md" >"$T/t/doc.md.mustache"

is "HTML, with a partial of the same folder" '# &lt;b&gt;|x*
  1;
  2.50;' "$(report -D "$T/d.json" -t "$T/t/doc.html")"
is "from stdin" '# &lt;b&gt;|x*
  1;
  2.50;' "$(report --data - -t "$T/t/doc.html" <"$T/d.json")"
is "inheritance and dynamic names" '<mine>row' "$(report -D "$T/d.json" -t "$T/t/child.mustache")"
is "plain text" '<b>|x* <b>|x*' "$(report -D "$T/d.json" -t "$T/t/doc.txt")"
is "Markdown" '&lt;b&gt;&#124;x\* <b>|x*' "$(report -D "$T/d.json" -t "$T/t/doc.md")"
is "the inner ending" '&lt;b&gt;&#124;x\* <b>|x*' "$(report -D "$T/d.json" -t "$T/t/doc.md.mustache")"

printf 'a\n{{nope}}{{#nope}}x{{/nope}}{{>nope}}b\n' >"$T/t/strict.html"
rc "an unknown name is an error" 2 report -D "$T/d.json" -t "$T/t/strict.html"
is "with file and line" "soak-report: $T/t/strict.html:2: unknown name 'nope'" "$(report -D "$T/d.json" -t "$T/t/strict.html" 2>&1)"
is "but not for the specification" 'a
b' "$(report --lenient -D "$T/d.json" -t "$T/t/strict.html")"
rc "no template" 2 report -D "$T/d.json"
rc "a folder and data" 2 report -D "$T/d.json" -t "$T/t/doc.txt" "$T"
rc "lenient without data" 2 report -L "$T"
rc "no such template" 2 report -D "$T/d.json" -t "$T/t/nope.html"
rc "no JSON" 2 report -D "$T/t/doc.html" -t "$T/t/doc.html"
printf '{{>../d}}' >"$T/t/out.html"
rc "no partial from elsewhere" 2 report -D "$T/d.json" -t "$T/t/out.html"
done_testing
