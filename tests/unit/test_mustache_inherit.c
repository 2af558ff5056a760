/*
 * The cases of the Mustache specification for dynamic names and inheritance (github.com/mustache/spec), written out again; then
 * what it leaves open.
 */
#include "mustache_help.h"

static void
test_dynamic_names(void **state)
{
	static const struct spec strict[] = {
		{"{\"d\":\"content\"}", "\"{{>*d}}\"", "\"Hello\"", "{\"content\":\"Hello\"}"},
		{"{\"d\":\"content\",\"*d\":\"wrong\"}", "\"{{>*d}}\"", "\"Hello\"", "{\"content\":\"Hello\",\"wrong\":\"no\"}"},
		{"{\"text\":\"Hello\",\"e\":\"p\"}", "{{>*e}}", "*Hello*", "{\"p\":\"*{{text}}*\"}"},
		{"{\"text\":\"Hello\",\"a\":{\"b\":{\"c\":\"p\"}}}", "{{>*a.b.c}}", "*Hello*", "{\"p\":\"*{{text}}*\"}"},
		{"{\"s\":{\"v\":\"one\"},\"t\":{\"d\":\"p\",\"v\":\"two\"}}", "{{#s}}{{>*t.d}}{{/s}}", "one", "{\"p\":\"{{v}}\"}"},
		{"{\"v\":\"x\",\"s\":[1,2],\"t\":{\"d\":\"p\"}}", "{{#s}}{{>*t.d}}{{/s}}", "xx", "{\"p\":\"{{v}}\"}"},
		{"{\"t\":\"node\",\"c\":\"X\",\"n\":[{\"c\":\"Y\",\"n\":[]}]}", "{{>*t}}", "X<Y<>>",
		    "{\"node\":\"{{c}}<{{#n}}{{>*t}}{{/n}}>\"}"},
		{"{\"p\":\"q\"}", "| {{>*p}} |", "| \t|\t |", "{\"q\":\"\\t|\\t\"}"},
		{"{\"d\":\"p\",\"x\":\"|\"}", "  {{x}}  {{>*d}}\n", "  |  >\n>\n", "{\"p\":\">\\n>\"}"},
		{"{\"d\":\"p\"}", "|\r\n{{>*d}}\r\n|", "|\r\n>|", "{\"p\":\">\"}"},
		{"{\"d\":\"p\"}", "  {{>*d}}\n>", "  >\n  >>", "{\"p\":\">\\n>\"}"},
		{"{\"d\":\"p\"}", ">\n  {{>*d}}", ">\n  >\n  >", "{\"p\":\">\\n>\"}"},
		{"{\"d\":\"p\"}", "|{{> * d }}|", "|[]|", "{\"p\":\"[]\"}"},
		{"{\"d\":\"p\"}", "{{<*d}}{{$a}}x{{/a}}{{/*d}}", "[x]", "{\"p\":\"[{{$a}}{{/a}}]\"}"},
	};
	static const struct spec lenient[] = {
		{"{}", "\"{{>*missing}}\"", "\"\"", "{\"missing\":\"Hello\"}"},
		{"{\"d\":\"content\"}", "\"{{>*d}}\"", "\"\"", "{\"foobar\":\"Hello\"}"},
		{"{\"foo\":\"test\",\"test\":{\"bar\":{\"baz\":\"p\"}}}", "\"{{>*foo.bar.baz}}\"", "\"\"", "{\"p\":\"x\"}"},
		{"{\"foo\":{\"text\":\"Hello\",\"bar\":{\"baz\":\"p\"}}}", "\"{{>*foo.bar.baz}}\"", "\"**\"", "{\"p\":\"*{{text}}*\"}"},
		{"{\"s\":[1,2],\"t\":{\"d\":\"p\",\"v\":\"x\"}}", "{{#s}}{{>*t.d}}{{/s}}", "\"\"\"\"", "{\"p\":\"\\\"{{v}}\\\"\"}"},
		{"{\"d\":\"test\",\"test\":\"content\"}", "\"{{>**d}}\"", "\"\"", "{\"content\":\"Hello\"}"},
		{"{\"foo\":\"fizz\",\"bar\":\"buzz\",\"fizz\":{\"buzz\":{\"content\":null}}}", "\"{{>*foo.*bar}}\"", "\"\"",
		    "{\"content\":\"Hello\"}"},
	};

	(void)state;
	RUN(strict, false);
	RUN(strict, true);
	RUN(lenient, true);
}

static void
test_blocks(void **state)
{
	static const struct spec cases[] = {
		{"{}", "{{$title}}Default title{{/title}}\n", "Default title\n", NULL},
		{"{\"bar\":\"baz\"}", "{{$foo}}default {{bar}} content{{/foo}}\n", "default baz content\n", NULL},
		{"{\"bar\":\"<baz>\"}", "{{$foo}}default {{{bar}}} content{{/foo}}\n", "default <baz> content\n", NULL},
		{"{\"bar\":{\"baz\":\"qux\"}}", "{{$foo}}default {{#bar}}{{baz}}{{/bar}} content{{/foo}}\n", "default qux content\n", NULL},
		{"{\"baz\":\"three\",\"bar\":null}", "{{$foo}}default {{^bar}}{{baz}}{{/bar}} content{{/foo}}\n",
		    "default three content\n", NULL},
		{"{\"bar\":{\"baz\":\"{{qux}}\"}}", "{{$foo}}default {{#bar}}{{baz}}{{/bar}} content{{/foo}}\n",
		    "default {{qux}} content\n", NULL},
		{"{}", "a\n{{$b}}\nx\n{{/b}}\nc\n", "a\nx\nc\n", NULL},
	};

	(void)state;
	RUN(cases, false);
	RUN(cases, true);
}

static void
test_inheritance(void **state)
{
	static const struct spec cases[] = {
		{"{}", "{{<include}}{{/include}}\n", "default content", "{\"include\":\"{{$foo}}default content{{/foo}}\"}"},
		{"{}", "{{<super}}{{$title}}sub{{/title}}{{/super}}", "...sub...", "{\"super\":\"...{{$title}}Default{{/title}}...\"}"},
		{"{\"var\":\"data\"}", "{{<i}}{{$var}}template{{/var}}{{/i}}", "template", "{\"i\":\"{{$var}}include{{/var}}\"}"},
		{"{\"var\":\"data\"}", "{{<i}}{{/i}}", "include", "{\"i\":\"{{$var}}include{{/var}}\"}"},
		{"{}", "test {{<p}}{{$s}}override{{/s}}{{/p}}", "test override", "{\"p\":\"{{$s}}...{{/s}}\"}"},
		{"{}", "test {{<p}}{{$s}}1{{/s}}{{/p}} {{<p}}{{$s}}2{{/s}}{{/p}}\n", "test |1 default| |2 default|\n",
		    "{\"p\":\"|{{$s}}...{{/s}}{{$default}} default{{/default}}|\"}"},
		{"{}", "{{<p}}{{$b}}\npeaked\n\n:(\n{{/b}}{{/p}}", "peaked\n\n:(\n", "{\"p\":\"{{$b}}peaking{{/b}}\"}"},
		{"{}", "{{<p}}{{$n}}hammer time{{/n}}{{/p}}", "stop:\n  hammer time\n",
		    "{\"p\":\"stop:\\n  {{$n}}collaborate and listen{{/n}}\\n\"}"},
		{"{}", "{{<p}}{{$two}}override two{{/two}}{{/p}}", "new one, override two",
		    "{\"p\":\"{{$one}}new one{{/one}}, {{$two}}new two{{/two}}\"}"},
		{"{}", "{{>p}}|{{<p}}{{/p}}", "default|default", "{\"p\":\"{{$foo}}default{{/foo}}\"}"},
		{"{}", "{{<p}}{{$foo}}override{{/foo}}{{/p}}", "override override override don't recurse",
		    "{\"p\":\"{{$foo}}default{{/foo}} {{$bar}}{{<q}}{{/q}}{{/bar}}\","
		    "\"q\":\"{{$foo}}q default{{/foo}} {{<p}}{{$bar}}don't recurse{{/bar}}{{/p}}\"}"},
		{"{}", "{{<p}}{{$a}}c{{/a}}{{/p}}", "c", "{\"p\":\"{{<o}}{{$a}}p{{/a}}{{/o}}\",\"o\":\"{{<g}}{{$a}}o{{/a}}{{/g}}\","
		    "\"g\":\"{{$a}}g{{/a}}\"}"},
		{"{}", "{{<p}}{{/p}}", "p", "{\"p\":\"{{<o}}{{$a}}p{{/a}}{{/o}}\",\"o\":\"{{<g}}{{$a}}o{{/a}}{{/g}}\","
		    "\"g\":\"{{$a}}g{{/a}}\"}"},
		{"{}", "{{<p}} asdfasd {{$foo}}hmm{{/foo}} asdfasdfasdf {{/p}}", "hmm", "{\"p\":\"{{$foo}}default{{/foo}}\"}"},
		{"{}", "{{<p}} asdfasd asdfasdfasdf {{/p}}", "default", "{\"p\":\"{{$foo}}default{{/foo}}\"}"},
		{"{}", "Hi,\n  {{<p}}{{/p}}\n", "Hi,\n  one\n  two\n", "{\"p\":\"one\\ntwo\\n\"}"},
		{"{}", "{{<p}}{{$block}}\none\ntwo{{/block}}\n{{/p}}\n", "Hi,\n  one\n  two\n",
		    "{\"p\":\"Hi,\\n  {{$block}}{{/block}}\\n\"}"},
		{"{}", "{{<p}}{{$block}}\n    one\n    two\n{{/block}}{{/p}}\n", "Hi,\n  one\n  two\n",
		    "{\"p\":\"Hi,\\n  {{$block}}\\n  {{/block}}\\n\"}"},
		{"{}", "{{<p}}{{$block}}\none\ntwo\n{{/block}}{{/p}}\n", "Hi,\n  one\n  two\n",
		    "{\"p\":\"Hi,\\n{{$block}}\\n  default\\n{{/block}}\\n\"}"},
		{"{}", "{{<p}}{{$nested}}\nthree\n{{/nested}}{{/p}}\n", "one\n  three\n",
		    "{\"p\":\"{{<g}}{{$block}}\\n  one\\n  {{$nested}}\\n    two\\n  {{/nested}}\\n{{/block}}{{/g}}\\n\","
		    "\"g\":\"{{$block}}default{{/block}}\"}"},
		/* An argument is rendered where it lands: in the sections of the parent. */
		{"{\"fruit\":\"apples\",\"nested\":{\"fruit\":\"bananas\"}}", "{{<p}}{{$b}}I say {{fruit}}.{{/b}}{{/p}}",
		    "I say bananas.", "{\"p\":\"{{#nested}}{{$b}}You say {{fruit}}.{{/b}}{{/nested}}\"}"},
		/* With the delimiters it was written with, which the parent's do not touch. */
		{"{\"x\":\"1\"}", "{{=<% %>=}}<%<p%><%$b%><%x%>{{x}}<%/b%><%/p%>", "[1{{x}}]", "{\"p\":\"[{{$b}}{{/b}}]\"}"},
		{"{}", "a\n  {{<p}}\n  {{$b}}\n  x\n  {{/b}}\n  {{/p}}\nz\n", "a\n  (\n  x\n  )\nz\n",
		    "{\"p\":\"(\\n{{$b}}\\n{{/b}}\\n)\\n\"}"},
	};

	(void)state;
	RUN(cases, false);
	RUN(cases, true);
}

/* Names the argument's file and line, and ends. */
static void
test_errors(void **state)
{
	static const struct {
		const char *template, *partials, *message;
	} bad[] = {
		{"{{<p}}\n{{$b}}\nx\n{{nope}}\n{{/b}}{{/p}}", "{\"p\":\"{{$b}}{{/b}}\"}", "t:4: unknown name 'nope'"},
		{"{{<p}}{{$b}}x{{/b}}{{/p}}", "{\"p\":\"\\n\\n{{nope}}{{$b}}{{/b}}\"}", "p:3: unknown name 'nope'"},
		{"{{<nope}}{{/nope}}", "{}", "t:1: no such partial: 'nope'"},
		{"{{<p}}{{$a}}{{$a}}{{/a}}{{/a}}{{/p}}", "{\"p\":\"{{$a}}{{/a}}\"}", "t:1: sections and partials are nested too deeply"},
		{"{{<p}}{{$a}}", "{\"p\":\"\"}", "t:1: the section is not closed: 'a'"},
		{"{{<p}}{{/q}}", "{\"p\":\"\"}", "t:1: another section must end first: 'p'"},
	};
	struct mustache_opts opts = {.escape = ESCAPE_HTML, .partial = partial};
	struct sb out = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct err e = {0};

		opts.ctx = json(bad[i].partials);
		assert_int_equal(mustache_render(&opts, "t", sv_of(bad[i].template), json("{}"), &out, &e), -1);
		assert_string_equal(e.msg, bad[i].message);
		assert_int_equal(out.n, 0);
	}
	sb_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_dynamic_names, teardown),
		cmocka_unit_test_teardown(test_blocks, teardown),
		cmocka_unit_test_teardown(test_inheritance, teardown),
		cmocka_unit_test_teardown(test_errors, teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
