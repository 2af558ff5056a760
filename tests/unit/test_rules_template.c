/* The templates of alerts. What they give is what Prometheus 3.5.3 gives (promtool test rules), but for words of errors. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rules/template.h"

static struct arena a;

static int
query(void *ctx, struct sv expr, struct arena *to, struct tmpl_sample **out, size_t *n, struct err *e)
{
	static struct label one[] = {{SV("__name__"), SV("m")}, {SV("a"), SV("1")}, {SV("b"), SV("two")}};
	static struct label two[] = {{SV("__name__"), SV("m")}, {SV("a"), SV("one")}, {SV("b"), SV("two")}};

	(void)ctx;
	*n = 0;
	*out = arena_new(to, 2, sizeof(**out));
	if (sv_is(expr, "broken("))
		return err_set(e, ERR_USAGE, "does not parse");
	if (!sv_is(expr, "m"))
		return 0;
	(*out)[(*n)++] = (struct tmpl_sample){{one, 3}, 3};
	(*out)[(*n)++] = (struct tmpl_sample){{two, 3}, 12345.678};
	return 0;
}

static const char *
expand_value(const char *text, double value)
{
	static struct label labels[] = {{SV("__name__"), SV("m")}, {SV("a"), SV("one")}, {SV("b"), SV("two")},
	    {SV("instance"), SV("shop.example.org:9100")}};
	static struct label outer[] = {{SV("region"), SV("eu")}};
	struct labels l = {labels, 4}, ext = {outer, 1};
	struct tmpl_data d = {&l, &ext, SV("http://x.y/z"), value, query, NULL};
	struct err e = {0};
	struct sv out;
	const struct tmpl *t = tmpl_parse(&a, sv_of(text), &e);

	if (t == NULL)
		return arena_fmt(&a, "refused: %s", e.msg);
	if (tmpl_expand(t, &d, &a, &out, &e) < 0)
		return arena_fmt(&a, "error: %s", e.msg);
	return arena_str(&a, out);
}

static const char *
expand(const char *text)
{
	return expand_value(text, 12345.678);
}

static void
test_values(void **state)
{
	static const struct {
		double v;
		const char *text;
	} cases[] = {{0.1, "0.1"}, {123456789, "1.23456789e+08"}, {1e21, "1e+21"}, {0.00001, "1e-05"}, {0.0001, "0.0001"},
	    {1e6, "1e+06"}, {100000, "100000"}, {1234567.25, "1.23456725e+06"}, {3, "3"}, {-2.5, "-2.5"}, {(double)NAN, "NaN"},
	    {(double)-INFINITY, "-Inf"}, {(double)INFINITY, "+Inf"}, {0, "0"}};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_string_equal(expand_value("{{ $value }}", cases[i].v), cases[i].text);
		assert_string_equal(expand_value("{{ .Value }}", cases[i].v), cases[i].text);
		assert_string_equal(expand_value("{{ printf \"%v %g\" $value $value }}", cases[i].v),
		    arena_fmt(&a, "%s %s", cases[i].text, cases[i].text));
	}
	arena_free(&a);
}

static void
test_humanize(void **state)
{
	(void)state;
	assert_string_equal(expand("{{ $value | humanize }} {{ $value | humanize1024 }} {{ humanizeDuration $value }} "
	                           "{{ humanizePercentage $value }}"), "12.35k 12.06ki 3h 25m 45s 1.235e+06%");
	assert_string_equal(expand("{{ humanize 1234567.0 }} {{ humanize 0.00001234 }} {{ humanize 5 }} {{ humanize \"7\" }} {{ humanize 0.0 }}"),
	    "1.235M 12.34u 5 7 0");
	assert_string_equal(expand("{{ humanize1024 1048576.0 }} {{ humanize1024 1.0 }} {{ humanize1024 0.5 }}"), "1Mi 1 0.5");
	assert_string_equal(expand("{{ humanizeDuration 86461.5 }}|{{ humanizeDuration 0.0123 }}|{{ humanizeDuration 59.9999 }}|"
	                           "{{ humanizeDuration -125.3 }}|{{ humanizeDuration 0.0 }}|{{ humanizeDuration 3600.0 }}"),
	    "1d 0h 1m 1s|12.3ms|60s|-2m 5s|0s|1h 0m 0s");
	assert_string_equal(expand("{{ humanizePercentage 0.12345 }}"), "12.35%");
	assert_string_equal(expand_value("{{ humanize $value }} {{ humanizeDuration $value }} {{ humanizePercentage $value }}",
	                        (double)NAN), "NaN NaN NaN%");
	assert_string_equal(expand("{{ humanizeTimestamp 1600000000 }} {{ toTime 1600000000.5 }}"),
	    "2020-09-13 12:26:40 +0000 UTC 2020-09-13 12:26:40.5 +0000 UTC");
	assert_string_equal(expand("{{ humanize \"abc\" }}"),
	    "error: template: line 1: error calling humanize: strconv.ParseFloat: parsing \"abc\": invalid syntax");
	arena_free(&a);
}

static void
test_printf(void **state)
{
	(void)state;
	assert_string_equal(expand("{{ printf \"%.2f|%5.1f|%d|%s|%q|%e|%x\" $value $value 5 \"s\" \"q\" $value 255 }}"),
	    "12345.68|12345.7|5|s|\"q\"|1.234568e+04|ff");
	assert_string_equal(expand_value("{{ printf \"%.3v %.4g %8.3f|%-8s|%08.2f %+d %+.1f %5d|%t %E %G %s\" $value $value $value "
	                                 "\"ab\" $value 5 $value 7 true $value $value \"x\" }}", 0.1),
	    "0.1 0.1    0.100|ab      |00000.10 +5 +0.1     7|true 1.000000E-01 0.1 x");
	assert_string_equal(expand("{{ printf \"%d%%\" 5 }} {{ printf \"%d\" }} {{ printf \"a\" 1 2.5 }} {{ printf \"%z\" 1 }}"),
	    "5% %!d(MISSING) a%!(EXTRA int=1, float64=2.5) %!z(int=1)");
	assert_string_equal(expand("{{ printf \"%s\" $value }} {{ printf \"%d\" $value }}"), "%!s(float64=12345.678) %!d(float64=12345.678)");
	assert_string_equal(expand("{{printf \"%.2s|%5s|%.3d|% d|%#x\" \"abcdef\" \"é\" 5 7 255}}"), "ab|    é|005| 7|0xff");
	assert_string_equal(expand_value("{{ printf \"%8.3f|%08.2f|%6.2f%%\" $value $value $value }}", (double)NAN), "     NaN|     NaN|   NaN%");
	assert_string_equal(expand("{{ print 1 2 \"a\" \"b\" 3 }}|{{ println 1 \"x\" }}"), "1 2ab3|1 x\n");
	arena_free(&a);
}

static void
test_queries(void **state)
{
	(void)state;
	assert_string_equal(expand("{{with query \"m\"}}{{. | first | value}}{{end}} {{range query \"m\"}}{{.Labels.a}}={{.Value}};{{end}}"),
	    "3 1=3;one=12345.678;");
	assert_string_equal(expand("{{ query \"m\" | first | label \"a\" }} {{ (query \"m\" | first).Value }} {{ len (query \"m\") }}"), "1 3 2");
	assert_string_equal(expand("{{ with query \"nothing\" }}some{{ else }}none{{ end }}"), "none");
	assert_string_equal(expand("{{ range $i, $e := query \"m\" }}{{ $i }}:{{ $e.Value }} {{ else }}none{{ end }}"), "0:3 1:12345.678 ");
	assert_string_equal(expand("{{ range query \"nothing\" }}x{{ else }}none{{ end }}"), "none");
	assert_string_equal(expand("{{ range query \"m\" }}{{ .Value }}{{ break }}{{ end }}|{{ range query \"m\" }}{{ continue }}x{{ end }}"), "3|");
	assert_string_equal(expand("{{ range sortByLabel \"a\" (query \"m\") }}{{ .Labels.a }}{{ end }}"), "1one");
	assert_string_equal(expand("{{ query \"nothing\" | first }}"),
	    "error: template: line 1: error calling first: first() called on vector with no elements");
	assert_string_equal(expand("{{ query \"broken(\" }}"), "error: does not parse");
	arena_free(&a);
}

static void
test_language(void **state)
{
	(void)state;
	assert_string_equal(expand("no template"), "no template");
	assert_string_equal(expand(""), "");
	assert_string_equal(expand("{{ $labels.nope }}|{{ $labels.a }}|{{ .Labels.b }}|{{ $.Labels.a }}"), "|one|two|one");
	assert_string_equal(expand("{{ $labels }} {{ .ExternalLabels }} {{ $externalURL }} {{ $externalLabels.region }}"),
	    "map[__name__:m a:one b:two instance:shop.example.org:9100] map[region:eu] http://x.y/z eu");
	assert_string_equal(expand("{{ if gt $value 1.0 }}big{{ else }}small{{ end }}"), "big");
	assert_string_equal(expand_value("{{ if gt $value 100.0 }}A{{ else if gt $value 10.0 }}B{{ else }}C{{ end }}", 20), "B");
	assert_string_equal(expand("{{ if and (gt $value 1.0) (lt $value 100.0) }}y{{ else }}n{{ end }}{{ if or false \"x\" }}y{{ end }}"), "ny");
	assert_string_equal(expand("{{ with $x := 5 }}{{ $x }}{{ end }}{{ $y := 1 }}{{ $y = 2 }}{{ $y }}"), "52");
	assert_string_equal(expand("a {{- \" trim\" -}}   x {{/* comment */}}{{- /* another */ -}} y"), "a trimx y");
	assert_string_equal(expand("{{ define \"d\" }}[{{ . }}]{{ end }}{{ template \"d\" $value }}"), "[12345.678]");
	assert_string_equal(expand("{{ template \"x\" }}"), "error: template: line 1: template \"x\" not defined");
	assert_string_equal(expand("{{ define \"d\" }}{{ template \"d\" }}{{ end }}{{ template \"d\" }}"),
	    "error: template: line 1: templates call each other too deep");
	assert_string_equal(expand("{{ 5 }} {{ 1.5 }} {{ 0x10 }} {{ `raw` }} {{ 1e6 }} {{ -3 }} {{ true }}"), "5 1.5 16 raw 1e+06 -3 true");
	assert_string_equal(expand("{{ eq 1 1 }} {{ eq \"a\" \"b\" \"a\" }} {{ ne 1 2 }} {{ not 1 }} {{ le 2 2 }} {{ ge 1.5 2.5 }}"),
	    "true true true false true false");
	assert_string_equal(expand("{{ gt $value 1 }}"), "error: template: line 1: incompatible types for comparison");
	assert_string_equal(expand("{{ index $labels \"a\" }} {{ len $labels.a }} {{ slice \"abcdef\" 1 3 }}"), "one 3 bc");
	assert_string_equal(expand("{{ range $k, $v := $externalLabels }}{{ $k }}={{ $v }}{{ end }}"), "region=eu");
	assert_string_equal(expand("{{ .Nope }}"), "error: template: line 1: can't evaluate field Nope");
	assert_string_equal(expand("{{ nil }}"), "error: template: line 1: nil is not a command");
	arena_free(&a);
}

static void
test_texts(void **state)
{
	(void)state;
	assert_string_equal(expand("{{ toUpper $labels.a }} {{ toLower \"ABC\" }} {{ title \"hello wor-ld it's\" }}"), "ONE abc Hello Wor-Ld It's");
	assert_string_equal(expand("{{ reReplaceAll \"(.)b\" \"${1}x\" \"abab\" }} {{ reReplaceAll \"^a\" \"-\" \"aaa\" }} "
	                           "{{ reReplaceAll \"x*\" \"-\" \"abc\" }} {{ reReplaceAll \"(?P<n>b)\" \"<${n}>\" \"abc\" }}"),
	    "axax -aa -a-b-c- a<b>c");
	assert_string_equal(expand("{{ match \"a.*\" \"abc\" }} {{ match \"^b\" \"abc\" }}"), "true false");
	assert_string_equal(expand("{{ stripPort $labels.instance }} {{ stripDomain $labels.instance }} {{ stripPort \"[::1]:80\" }} {{ stripDomain \"10.1.2.3:9\" }}"),
	    "shop.example.org shop:9100 ::1 10.1.2.3:9");
	assert_string_equal(expand("{{ html \"<a>&\" }} {{ urlquery \"a b/c\" }} {{ safeHtml \"<b>\" }}"), "&lt;a&gt;&amp; a+b%2Fc <b>");
	assert_string_equal(expand("{{ graphLink \"up == 0\" }} {{ tableLink \"up\" }} {{ pathPrefix }}"),
	    "/graph?g0.expr=up+%3D%3D+0&g0.tab=0 /graph?g0.expr=up&g0.tab=1 /z");
	assert_string_equal(expand("{{ parseDuration \"1h2m\" }} {{ (args 1 \"x\").arg1 }}"), "3720 x");
	arena_free(&a);
}

static void
test_refused(void **state)
{
	static const char *const bad[] = {"{{", "{{ }}", "{{ if }}x{{ end }}", "{{ if 1 }}x", "{{ end }}", "{{ else }}", "{{ nofunc 1 }}",
	    "{{ $undefined }}", "{{ break }}", "{{ \"open }}", "{{ (1 }}", "{{ $value 1 }}", "{{ 1 | 2 }}", "{{/* open", "{{ range }}{{ end }}",
	    "{{ define \"x\" }}", "{{ template x }}", "{{ 1 }", "{{ .a. }}", "{{ $x, $y := 1 }}", "{{ block \"a\" . }}{{ end }}"};
	struct sb deep = {0};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_memory_equal(expand(bad[i]), "refused: template: line 1: ", 27);
	assert_string_equal(expand("a\n{{ nofunc }}"), "refused: template: line 2: function \"nofunc\" not defined");
	for (i = 0; i < 200; i++)
		sb_adds(&deep, "{{ if true }}");
	for (i = 0; i < 200; i++)
		sb_adds(&deep, "{{ end }}");
	assert_string_equal(expand(sb_str(&deep)), "refused: template: line 1: too many blocks inside each other");
	sb_reset(&deep);
	for (i = 0; i < 100; i++)
		sb_adds(&deep, "{{ printf \"%300d%300d%300d%300d%300d\" 1 1 1 1 1 }}");
	assert_string_equal(expand(sb_str(&deep)), "error: template: line 1: it writes more than 65536 bytes");
	sb_free(&deep);
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_values),
	    cmocka_unit_test(test_humanize),
	    cmocka_unit_test(test_printf),
	    cmocka_unit_test(test_queries),
	    cmocka_unit_test(test_language),
	    cmocka_unit_test(test_texts),
	    cmocka_unit_test(test_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
