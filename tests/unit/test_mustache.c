/*
 * The cases of the Mustache specification (github.com/mustache/spec: interpolation,
 * sections, inverted, comments, delimiters, partials), written out again as
 * data, template, expected; then what is ours: strictness, escaping, limits.
 */
#include "mustache_help.h"

static void
test_interpolation(void **state)
{
	static const struct spec cases[] = {
		{"{}", "Hello from {Mustache}!\n", "Hello from {Mustache}!\n", NULL},
		{"{\"subject\":\"world\"}", "Hello, {{subject}}!\n", "Hello, world!\n", NULL},
		{"{\"t\":\"{{planet}}\",\"planet\":\"Earth\"}", "{{t}}: {{planet}}",
		    "{{planet}}: Earth", NULL},
		{"{\"f\":\"& \\\" < >\"}", "{{f}}", "&amp; &quot; &lt; &gt;", NULL},
		{"{\"f\":\"& \\\" < >\"}", "{{{f}}}", "& \" < >", NULL},
		{"{\"f\":\"& \\\" < >\"}", "{{&f}}", "& \" < >", NULL},
		{"{\"mph\":85}", "\"{{mph}} miles an hour!\"", "\"85 miles an hour!\"", NULL},
		{"{\"mph\":85}", "{{{mph}}} {{&mph}}", "85 85", NULL},
		{"{\"power\":1.210}", "{{power}} jiggawatts!", "1.210 jiggawatts!", NULL},
		{"{\"cannot\":null}", "I ({{cannot}}) be seen!", "I () be seen!", NULL},
		{"{\"cannot\":null}", "I ({{{cannot}}}) be ({{&cannot}})", "I () be ()", NULL},
		{"{\"person\":{\"name\":\"Joe\"}}",
		    "{{person.name}}\" == \"{{#person}}{{name}}{{/person}}", "Joe\" == \"Joe", NULL},
		{"{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"name\":\"Phil\"}}}}}}",
		    "{{a.b.c.d.e.name}} {{{a.b.c.d.e.name}}} {{&a.b.c.d.e.name}}", "Phil Phil Phil",
		    NULL},
		{"{\"a\":{\"b\":{\"name\":\"Phil\"}},\"b\":{\"name\":\"Wrong\"}}",
		    "{{#a}}{{b.name}}{{/a}}", "Phil", NULL},
		{"\"world\"", "Hello, {{.}}!", "Hello, world!", NULL},
		{"\"& \\\" < >\"", "{{.}} {{{.}}} {{&.}}",
		    "&amp; &quot; &lt; &gt; & \" < > & \" < >", NULL},
		{"85", "{{.}} miles", "85 miles", NULL},
		/* Blanks around a tag stay, those in it do not matter; never standalone. */
		{"{\"s\":\"---\"}", "| {{s}} | {{{s}}} | {{&s}} |", "| --- | --- | --- |", NULL},
		{"{\"s\":\"---\"}", "  {{s}}\n  {{{s}}}\n  {{&s}}\n", "  ---\n  ---\n  ---\n", NULL},
		{"{\"s\":\"---\"}", "|{{ s }}|{{{ s }}}|{{& s }}|", "|---|---|---|", NULL},
	};

	(void)state;
	RUN(cases, false);
}

static void
test_interpolation_lenient(void **state)
{
	static const struct spec cases[] = {
		{"{}", "I ({{cannot}}) be seen!", "I () be seen!", NULL},
		{"{}", "I ({{{cannot}}}) be ({{&cannot}})", "I () be ()", NULL},
		{"{\"a\":{}}", "\"{{a.b.c}}\" == \"\"", "\"\" == \"\"", NULL},
		{"{\"a\":{\"b\":{}},\"c\":{\"name\":\"Jim\"}}", "\"{{a.b.c.name}}\"", "\"\"", NULL},
		{"{\"a\":{\"b\":{}},\"b\":{\"c\":\"ERROR\"}}", "{{#a}}{{b.c}}{{/a}}", "", NULL},
		{"{\"a\":{\"b\":[]}}", "{{a}}{{a.b}}", "", NULL},
	};

	(void)state;
	RUN(cases, true);
}

#define CONTEXTS                                                                        \
	"{\"a\":{\"one\":1},\"b\":{\"two\":2},\"c\":{\"three\":3,\"d\":{\"four\":4,\"five\":5}}}"

static void
test_sections(void **state)
{
	static const struct spec cases[] = {
		{"{\"b\":true}", "{{#b}}This should be rendered.{{/b}}", "This should be rendered.",
		    NULL},
		{"{\"b\":false}", "\"{{#b}}not{{/b}}\"", "\"\"", NULL},
		{"{\"n\":null}", "\"{{#n}}not{{/n}}\"", "\"\"", NULL},
		{"{\"context\":{\"name\":\"Joe\"}}", "{{#context}}Hi {{name}}.{{/context}}", "Hi Joe.",
		    NULL},
		{"{\"a\":\"foo\",\"b\":\"wrong\",\"sec\":{\"b\":\"bar\"},\"c\":{\"d\":\"baz\"}}",
		    "{{#sec}}{{a}}, {{b}}, {{c.d}}{{/sec}}", "foo, bar, baz", NULL},
		{"{\"foo\":\"bar\"}", "{{#foo}}{{.}} is {{foo}}{{/foo}}", "bar is bar", NULL},
		{"{\"tops\":[{\"tname\":{\"upper\":\"A\",\"lower\":\"a\"},\"middles\":[{\"mname\":\"1\","
		 "\"bottoms\":[{\"bname\":\"x\"},{\"bname\":\"y\"}]}]}]}",
		    "{{#tops}}{{#middles}}{{tname.lower}}{{mname}}.{{#bottoms}}"
		    "{{tname.upper}}{{mname}}{{bname}}.{{/bottoms}}{{/middles}}{{/tops}}",
		    "a1.A1x.A1y.", NULL},
		{"{\"list\":[{\"item\":1},{\"item\":2},{\"item\":3}]}", "{{#list}}{{item}}{{/list}}",
		    "123", NULL},
		{"{\"list\":[]}", "{{#list}}Yay lists!{{/list}}", "", NULL},
		{"{\"b\":true,\"two\":\"second\"}",
		    "{{#b}}\n* first\n{{/b}}\n* {{two}}\n{{#b}}\n* third\n{{/b}}\n",
		    "* first\n* second\n* third\n", NULL},
		{"{\"b\":true}", "| A {{#b}}B {{#b}}C{{/b}} D{{/b}} E |", "| A B C D E |", NULL},
		{"{\"b\":false}", "| A {{#b}}B {{#b}}C{{/b}} D{{/b}} E |", "| A  E |", NULL},
		{"{\"list\":[\"a\",\"b\",\"c\"]}", "{{#list}}({{.}}){{/list}}", "(a)(b)(c)", NULL},
		{"{\"list\":[1,2.50,3]}", "{{#list}}({{.}}){{/list}}", "(1)(2.50)(3)", NULL},
		{"{\"list\":[[1,2],[\"a\",\"b\"]]}",
		    "{{#list}}({{#.}}{{.}}{{/.}}){{/list}}", "(12)(ab)", NULL},
		{"{\"list\":[\"&\",\"<\"]}", "{{#list}}({{.}}{{{.}}}){{/list}}", "(&amp;&)(&lt;<)",
		    NULL},
		{"[{\"value\":\"a\"},{\"value\":\"b\"}]", "{{#.}}({{value}}){{/.}}", "(a)(b)", NULL},
		{"{\"a\":{\"b\":{\"c\":true}}}", "\"{{#a.b.c}}Here{{/a.b.c}}\" == \"Here\"",
		    "\"Here\" == \"Here\"", NULL},
		{"{\"a\":{\"b\":{\"c\":false}}}", "\"{{#a.b.c}}Here{{/a.b.c}}\"", "\"\"", NULL},
		/* Blanks and lines of their own. */
		{"{\"b\":true}", " | {{#b}}\t|\t{{/b}} | \n", " | \t|\t | \n", NULL},
		{"{\"b\":true}", " | {{#b}} {{! remark }}\n {{/b}} | \n", " |  \n  | \n", NULL},
		{"{\"b\":true}", " {{#b}}YES{{/b}}\n {{#b}}GOOD{{/b}}\n", " YES\n GOOD\n", NULL},
		{"{\"b\":true}", "| This Is\n{{#b}}\n|\n{{/b}}\n| A Line\n", "| This Is\n|\n| A Line\n",
		    NULL},
		{"{\"b\":true}", "| This Is\n  {{#b}}\n|\n  {{/b}}\n| A Line\n",
		    "| This Is\n|\n| A Line\n", NULL},
		{"{\"b\":true}", "|\r\n{{#b}}\r\n{{/b}}\r\n|", "|\r\n|", NULL},
		{"{\"b\":true}", "  {{#b}}\n#{{/b}}\n/", "#\n/", NULL},
		{"{\"b\":true}", "#{{#b}}\n/\n  {{/b}}", "#\n/\n", NULL},
		{"{\"b\":true}", "|{{# b }}={{/ b }}|", "|=|", NULL},
		/* Ours: a measured zero is a value, an empty text is none, an empty map is there. */
		{"{\"z\":0,\"e\":\"\",\"m\":{}}",
		    "{{#z}}zero{{/z}}{{#e}}empty{{/e}}{{#m}}map{{/m}}", "zeromap", NULL},
	};

	(void)state;
	RUN(cases, false);
}

static void
test_sections_deep_and_lenient(void **state)
{
	static const struct spec cases[] = {
		{CONTEXTS,
		    "{{#a}}\n{{one}}\n{{#b}}\n{{one}}{{two}}{{one}}\n{{#c}}\n"
		    "{{one}}{{two}}{{three}}{{two}}{{one}}\n{{#d}}\n"
		    "{{one}}{{two}}{{three}}{{four}}{{three}}{{two}}{{one}}\n{{#five}}\n"
		    "{{one}}{{two}}{{three}}{{four}}{{five}}{{four}}{{three}}{{two}}{{one}}\n"
		    "{{one}}{{two}}{{three}}{{four}}{{.}}6{{.}}{{four}}{{three}}{{two}}{{one}}\n"
		    "{{/five}}\n{{/d}}\n{{/c}}\n{{/b}}\n{{/a}}\n",
		    "1\n121\n12321\n1234321\n123454321\n12345654321\n", NULL},
		{"{}", "[{{#missing}}Found!{{/missing}}]", "[]", NULL},
		{"{\"a\":{}}", "\"{{#a.b.c}}Here{{/a.b.c}}\"", "\"\"", NULL},
	};

	(void)state;
	RUN(cases, true);
}

static void
test_inverted(void **state)
{
	static const struct spec cases[] = {
		{"{\"b\":false}", "\"{{^b}}This should be rendered.{{/b}}\"",
		    "\"This should be rendered.\"", NULL},
		{"{\"b\":true}", "\"{{^b}}not{{/b}}\"", "\"\"", NULL},
		{"{\"n\":null}", "{{^n}}none{{/n}}", "none", NULL},
		{"{\"context\":{\"name\":\"Joe\"}}", "{{^context}}Hi {{name}}.{{/context}}", "", NULL},
		{"{\"list\":[{\"n\":1}]}", "{{^list}}{{n}}{{/list}}", "", NULL},
		{"{\"list\":[]}", "{{^list}}Yay lists!{{/list}}", "Yay lists!", NULL},
		{"{\"b\":false,\"two\":\"second\"}",
		    "{{^b}}\n* first\n{{/b}}\n* {{two}}\n{{^b}}\n* third\n{{/b}}\n",
		    "* first\n* second\n* third\n", NULL},
		{"{\"b\":false}", "| A {{^b}}B {{^b}}C{{/b}} D{{/b}} E |", "| A B C D E |", NULL},
		{"{\"b\":true}", "| A {{^b}}B {{^b}}C{{/b}} D{{/b}} E |", "| A  E |", NULL},
		{"{\"a\":{\"b\":{\"c\":true}}}", "\"{{^a.b.c}}Not Here{{/a.b.c}}\"", "\"\"", NULL},
		{"{\"a\":{\"b\":{\"c\":false}}}", "\"{{^a.b.c}}Not Here{{/a.b.c}}\"", "\"Not Here\"",
		    NULL},
		{"{\"b\":false}", " | {{^b}}\t|\t{{/b}} | \n", " | \t|\t | \n", NULL},
		{"{\"b\":false}", " | {{^b}} {{! remark }}\n {{/b}} | \n", " |  \n  | \n", NULL},
		{"{\"b\":false}", " {{^b}}NO{{/b}}\n {{^b}}WAY{{/b}}\n", " NO\n WAY\n", NULL},
		{"{\"b\":false}", "| This Is\n  {{^b}}\n|\n  {{/b}}\n| A Line\n",
		    "| This Is\n|\n| A Line\n", NULL},
		{"{\"b\":false}", "|\r\n{{^b}}\r\n{{/b}}\r\n|", "|\r\n|", NULL},
		{"{\"b\":false}", "  {{^b}}\n^{{/b}}\n/", "^\n/", NULL},
		{"{\"b\":false}", "^{{^b}}\n/\n  {{/b}}", "^\n/\n", NULL},
		{"{\"b\":false}", "|{{^ b }}={{/ b }}|", "|=|", NULL},
		{"{\"z\":0,\"e\":\"\"}", "{{^z}}zero{{/z}}{{^e}}empty{{/e}}", "empty", NULL},
	};
	static const struct spec lenient[] = {
		{"{}", "[{{^missing}}none{{/missing}}]", "[none]", NULL},
		{"{\"a\":{}}", "\"{{^a.b.c}}Not Here{{/a.b.c}}\"", "\"Not Here\"", NULL},
	};

	(void)state;
	RUN(cases, false);
	RUN(lenient, true);
}

static void
test_comments(void **state)
{
	static const struct spec cases[] = {
		{"{}", "12345{{! Comment Block! }}67890", "1234567890", NULL},
		{"{}", "12345{{!\n  This is a\n  multi-line comment...\n}}67890\n", "1234567890\n",
		    NULL},
		{"{}", "Begin.\n{{! Comment Block! }}\nEnd.\n", "Begin.\nEnd.\n", NULL},
		{"{}", "Begin.\n  {{! Indented }}\nEnd.\n", "Begin.\nEnd.\n", NULL},
		{"{}", "|\r\n{{! Standalone }}\r\n|", "|\r\n|", NULL},
		{"{}", "  {{! I'm Still Standalone }}\n!", "!", NULL},
		{"{}", "!\n  {{! I'm Still Standalone }}", "!\n", NULL},
		{"{}", "Begin.\n{{!\nSomething's going on here...\n}}\nEnd.\n", "Begin.\nEnd.\n", NULL},
		{"{}", "Begin.\n  {{!\n    Something's\n  }}\nEnd.\n", "Begin.\nEnd.\n", NULL},
		{"{}", "  12 {{! 34 }}\n", "  12 \n", NULL},
		{"{}", "12345 {{! Comment Block! }} 67890", "12345  67890", NULL},
		{"{\"! c\":1}", "{{! c }}{{!}}", "", NULL},
	};

	(void)state;
	RUN(cases, false);
}

static void
test_delimiters(void **state)
{
	static const struct spec cases[] = {
		{"{\"text\":\"Hey!\"}", "{{=<% %>=}}(<%text%>)", "(Hey!)", NULL},
		{"{\"text\":\"It worked!\"}", "({{=[ ]=}}[text])", "(It worked!)", NULL},
		{"{\"section\":true,\"data\":\"I got interpolated.\"}",
		    "[\n{{#section}}\n  {{data}}\n  |data|\n{{/section}}\n\n{{= | | =}}\n|#section|\n"
		    "  {{data}}\n  |data|\n|/section|\n]\n",
		    "[\n  I got interpolated.\n  |data|\n\n  {{data}}\n  I got interpolated.\n]\n",
		    NULL},
		{"{\"section\":false,\"data\":\"I got interpolated.\"}",
		    "[\n{{^section}}\n  {{data}}\n  |data|\n{{/section}}\n\n{{= | | =}}\n|^section|\n"
		    "  {{data}}\n  |data|\n|/section|\n]\n",
		    "[\n  I got interpolated.\n  |data|\n\n  {{data}}\n  I got interpolated.\n]\n",
		    NULL},
		{"{\"value\":\"yes\"}", "[ {{>include}} ]\n{{= | | =}}\n[ |>include| ]\n",
		    "[ .yes. ]\n[ .yes. ]\n", "{\"include\":\".{{value}}.\"}"},
		{"{\"value\":\"yes\"}", "[ {{>include}} ]\n[ .{{value}}.  .|value|. ]\n",
		    "[ .yes.  .yes. ]\n[ .yes.  .|value|. ]\n",
		    "{\"include\":\".{{value}}. {{= | | =}} .|value|.\"}"},
		{"{}", "| {{=@ @=}} |", "|  |", NULL},
		{"{}", " | {{=@ @=}}\n", " | \n", NULL},
		{"{}", "Begin.\n{{=@ @=}}\nEnd.\n", "Begin.\nEnd.\n", NULL},
		{"{}", "Begin.\n  {{=@ @=}}\nEnd.\n", "Begin.\nEnd.\n", NULL},
		{"{}", "|\r\n{{= @ @ =}}\r\n|", "|\r\n|", NULL},
		{"{}", "  {{=@ @=}}\n=", "=", NULL},
		{"{}", "=\n  {{=@ @=}}", "=\n", NULL},
		{"{}", "|{{= @   @ =}}|", "||", NULL},
		{"{\"f\":\"&\"}", "{{=<% %>=}}<%f%><%&f%><%{f}%><%={{ }}=%>{{f}}", "&amp;&&&amp;", NULL},
	};

	(void)state;
	RUN(cases, false);
}

static void
test_partials(void **state)
{
	static const struct spec cases[] = {
		{"{}", "\"{{>text}}\"", "\"from partial\"", "{\"text\":\"from partial\"}"},
		{"{\"text\":\"content\"}", "\"{{>partial}}\"", "\"*content*\"",
		    "{\"partial\":\"*{{text}}*\"}"},
		{"{\"content\":\"X\",\"nodes\":[{\"content\":\"Y\",\"nodes\":[]}]}", "{{>node}}",
		    "X<Y<>>", "{\"node\":\"{{content}}<{{#nodes}}{{>node}}{{/nodes}}>\"}"},
		{"{\"a\":\"hello\",\"b\":\"world\"}", "{{>outer}}", "*hello world!*",
		    "{\"outer\":\"*{{a}} {{>inner}}*\",\"inner\":\"{{b}}!\"}"},
		{"{}", "| {{>partial}} |", "| \t|\t |", "{\"partial\":\"\\t|\\t\"}"},
		{"{\"data\":\"|\"}", "  {{data}}  {{> partial}}\n", "  |  >\n>\n",
		    "{\"partial\":\">\\n>\"}"},
		{"{}", "|\r\n{{>partial}}\r\n|", "|\r\n>|", "{\"partial\":\">\"}"},
		{"{}", "  {{>partial}}\n>", "  >\n  >>", "{\"partial\":\">\\n>\"}"},
		{"{}", ">\n  {{>partial}}", ">\n  >\n  >", "{\"partial\":\">\\n>\"}"},
		{"{\"content\":\"<\\n->\"}", "\\\n {{>partial}}\n/\n", "\\\n |\n <\n->\n |\n/\n",
		    "{\"partial\":\"|\\n{{{content}}}\\n|\\n\"}"},
		{"{\"boolean\":true}", "|{{> partial }}|", "|[]|", "{\"partial\":\"[]\"}"},
		/* Indents add up, empty lines get none, and each indent is its own. */
		{"{}", " {{>a}}\n{{>a}}\n", " x\n\n  y\nx\n\n y\n",
		    "{\"a\":\"x\\n\\n {{>b}}\\n\",\"b\":\"y\\n\"}"},
	};
	static const struct spec lenient[] = {
		{"{}", "\"{{>text}}\"", "\"\"", "{}"},
		{"{}", "\"{{>text}}\"", "\"\"", NULL},
	};

	(void)state;
	RUN(cases, false);
	RUN(lenient, true);
}

/* Strict: the message, and out as it was. */
static void
refused(const char *data, const char *template, const char *msg, const char *partials)
{
	struct mustache_opts opts = {.escape = ESCAPE_PLAIN};
	struct sb out = {0};
	struct err e = {0};

	if (partials != NULL) {
		opts.partial = partial;
		opts.ctx = json(partials);
	}
	sb_adds(&out, "before");
	assert_int_equal(
	    mustache_render(&opts, "t.md", sv_of(template), json(data), &out, &e), -1);
	assert_string_equal(e.msg, msg);
	assert_string_equal(sb_str(&out), "before");
	assert_int_equal(
	    mustache_render(&opts, "t.md", sv_of(template), json(data), &out, NULL), -1);
	sb_free(&out);
}

static void
test_strict(void **state)
{
	(void)state;
	refused("{}", "a\nb {{no}}", "t.md:2: unknown name 'no'", NULL);
	refused("{}", "{{{no}}}", "t.md:1: unknown name 'no'", NULL);
	refused("{}", "{{#no}}{{/no}}", "t.md:1: unknown name 'no'", NULL);
	refused("{}", "\n\n{{^no}}{{/no}}", "t.md:3: unknown name 'no'", NULL);
	refused("{\"a\":{\"b\":1}}", "{{a.c}}", "t.md:1: unknown name 'a.c'", NULL);
	refused("{\"a\":{\"b\":1}}", "{{a.b.c}}", "t.md:1: unknown name 'a.b.c'", NULL);
	refused("{\"a\":{},\"b\":1}", "{{#a}}{{a.b}}{{/a}}", "t.md:1: unknown name 'a.b'", NULL);
	refused("{\"a\":[1]}", "{{a}}", "t.md:1: a list or map is not text; it needs a section: 'a'",
	    NULL);
	refused("{}", "\n{{>p}}", "t.md:2: no such partial: 'p'", NULL);
	refused("{}", "\n{{>p}}", "p:3: unknown name 'x'", "{\"p\":\"1\\n2\\n{{x}}\"}");
	refused("{\"l\":[{\"x\":1},{}]}", "{{#l}}\n{{x}}\n{{/l}}", "t.md:2: unknown name 'x'", NULL);
}

static void
test_below_null_is_null(void **state)
{
	static const struct spec cases[] = {
		{"{\"a\":null}", "[{{a.b.c}}{{#a.b}}x{{/a.b}}{{^a.b}}y{{/a.b}}]", "[y]", NULL},
		{"{\"l\":[{\"n\":\"x\"}]}", "{{l.0.n}}", "x", NULL},
		{"{\"b\":true,\"c\":false}", "{{b}} {{c}}", "true false", NULL},
	};

	(void)state;
	RUN(cases, false);
}

static void
test_bad_templates(void **state)
{
	(void)state;
	refused("{}", "\n{{a", "t.md:2: the tag is not closed: 'a'", NULL);
	refused("{}", "{{", "t.md:1: the tag is not closed: ''", NULL);
	refused("{}", "{{{a}}", "t.md:1: the tag is not closed: 'a}}'", NULL);
	refused("{}", "{{! a", "t.md:1: the tag is not closed: ' a'", NULL);
	refused("{}", "{{=<% %>}}", "t.md:1: the tag is not closed: '<% %>}}'", NULL);
	refused("{}", "x\n{{#a}}\n\n", "t.md:2: the section is not closed: 'a'", NULL);
	refused("{}", "{{#a}}\n{{#b}}\n{{/a}}", "t.md:3: another section must end first: 'b'", NULL);
	refused("{}", "{{/a}}", "t.md:1: no section is open that could end here: 'a'", NULL);
	refused("{}", "{{}}", "t.md:1: a name is missing between '{{'", NULL);
	refused("{}", "{{# }}", "t.md:1: a name is missing between '{{'", NULL);
	refused("{}", "{{a b}}", "t.md:1: a name has no blanks in it: 'a b'", NULL);
	refused("{}", "{{a\nb}}", "t.md:1: a name has no blanks in it: 'a\\x0ab'", NULL);
	refused("{}", "{{a..b}}", "t.md:1: not a name: 'a..b'", NULL);
	refused("{}", "{{.a}}", "t.md:1: not a name: '.a'", NULL);
	refused("{}", "{{=<%=}}", "t.md:1: two delimiters expected, not '<%'", NULL);
	refused("{}", "{{=a b c=}}", "t.md:1: two delimiters expected, not 'a b c'", NULL);
	refused("{}", "{{==}}", "t.md:1: two delimiters expected, not ''", NULL);
	refused("{}", "{{<a}}", "t.md:1: the section is not closed: 'a'", NULL);
	refused("{}", "{{$a}}{{/b}}", "t.md:1: another section must end first: 'a'", NULL);
	refused("{}", "{{>*a}}", "t.md:1: unknown name 'a'", NULL);
	refused("{}", "{{>p}}", "p:2: the tag is not closed: 'x'", "{\"p\":\"\\n{{x\"}");
}

static void
test_limits(void **state)
{
	struct mustache_opts opts = {.escape = ESCAPE_PLAIN};
	struct sb t = {0}, out = {0};
	struct doc *list = doc_new(&a, DOC_LIST), *m = doc_new(&a, DOC_MAP);
	struct err e = {0};
	int i;

	(void)state;
	refused("{}", "{{>p}}", "p:1: sections and partials are nested too deeply",
	    "{\"p\":\"{{>p}}\"}");
	refused("{}", " {{>p}}", "p:1: sections and partials are nested too deeply",
	    "{\"p\":\"  {{>p}}\\n\"}");
	for (i = 0; i < 100000; i++)
		sb_adds(&t, "{{#m}}");
	assert_int_equal(mustache_render(&opts, "t", sb_sv(&t), m, &out, &e), -1);
	assert_string_equal(e.msg, "t:1: sections are nested too deeply");
	assert_int_equal(e.code, ERR_LIMIT);

	/* 200 to the 10th repetitions of nothing, and of something. */
	doc_add(&a, m, "l", list);
	for (i = 0; i < 200; i++)
		doc_add_num(&a, list, NULL, i);
	sb_reset(&t);
	for (i = 0; i < 10; i++)
		sb_adds(&t, "{{#l}}");
	for (i = 0; i < 10; i++)
		sb_adds(&t, "{{/l}}");
	assert_int_equal(mustache_render(&opts, "t", sb_sv(&t), m, &out, &e), -1);
	assert_string_equal(e.msg, "t:1: the template takes too many steps");
	sb_reset(&t);
	for (i = 0; i < 4; i++)
		sb_adds(&t, "{{#l}}");
	sb_adds(&t, "0123456789");
	for (i = 0; i < 4; i++)
		sb_adds(&t, "{{/l}}");
	assert_int_equal(mustache_render(&opts, "t", sb_sv(&t), m, &out, &e), -1);
	assert_string_equal(e.msg, "t:1: the document becomes too large");
	assert_int_equal(out.n, 0);
	sb_free(&t);
	sb_free(&out);
}

static void
escapes(enum escape_mode mode, const char *before, struct sv value, const char *want)
{
	struct sb out = {0};

	sb_adds(&out, before);
	escape_add(&out, mode, value);
	if (strcmp(sb_str(&out) + strlen(before), want) != 0)
		fail_msg("'%s' + '%.*s' gave '%s', expected '%s'", before, SV_ARG(value),
		    sb_str(&out) + strlen(before), want);
	sb_free(&out);
}

static void
test_escape_html(void **state)
{
	(void)state;
	escapes(ESCAPE_HTML, "", SV("<script>alert('x')</script>"),
	    "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
	escapes(ESCAPE_HTML, "", SV("\" onload=\"x"), "&quot; onload=&quot;x");
	escapes(ESCAPE_HTML, "", SV("`&amp;"), "&#96;&amp;amp;");
	escapes(ESCAPE_HTML, "", SV("a\r\nb\nc\td\re\vf"), "a b c d e f");
	escapes(ESCAPE_HTML, "", SV("\x1b[31m\0\x7f"), "\\x1b[31m\\x00\\x7f");
	escapes(ESCAPE_HTML, "", SV("\xe2\x80\xae" "evil"), "\\u{202E}evil");
	escapes(ESCAPE_HTML, "", SV("\xff<\xc3"), "\\xff&lt;\\xc3");
	escapes(ESCAPE_HTML, "", SV("\xc3\xa9\xf0\x9f\x98\x80"), "\xc3\xa9\xf0\x9f\x98\x80");
}

static void
test_escape_plain(void **state)
{
	(void)state;
	escapes(ESCAPE_PLAIN, "", SV("<b> & \"'`|*\n# \x1b"), "<b> & \"'`|* # \\x1b");
}

static void
test_escape_markdown(void **state)
{
	(void)state;
	/* Inside a line. */
	escapes(ESCAPE_MARKDOWN, "| ", SV("a|b"), "a&#124;b");
	escapes(ESCAPE_MARKDOWN, "| ", SV("a\\|b\\"), "a&#92;&#124;b&#92;");
	escapes(ESCAPE_MARKDOWN, "x ", SV("<img src=x onerror=y>"), "&lt;img src=x onerror=y&gt;");
	escapes(ESCAPE_MARKDOWN, "x ", SV("&lt;b&gt;"), "&amp;lt;b&amp;gt;");
	escapes(ESCAPE_MARKDOWN, "x `", SV("`<b>"), "&#96;&lt;b&gt;");
	escapes(ESCAPE_MARKDOWN, "x ", SV("[a](javascript:b) ![i](u)"),
	    "\\[a\\](javascript:b) !\\[i\\](u)");
	escapes(ESCAPE_MARKDOWN, "x ", SV("**b** *i* ~~s~~ $m$"),
	    "\\*\\*b\\*\\* \\*i\\* \\~\\~s\\~\\~ \\$m\\$");
	escapes(ESCAPE_MARKDOWN, "x ", SV("_i_ gateway_requests_total __b__"),
	    "\\_i\\_ gateway_requests_total \\_\\_b\\_\\_");
	escapes(ESCAPE_MARKDOWN, "x ", SV("a\n\n# b\r\n- c"), "a  # b - c");
	escapes(ESCAPE_MARKDOWN, "| ", SV("-5 +0.3 1. #"), "-5 +0.3 1. #");
	escapes(ESCAPE_MARKDOWN, "x ", SV("\x1b\xe2\x80\xae\xff"),
	    "&#92;x1b&#92;u{202E}&#92;xff");
	/* Where a block could start. */
	escapes(ESCAPE_MARKDOWN, "", SV("# h"), "\\# h");
	escapes(ESCAPE_MARKDOWN, "x\n", SV("## h"), "\\#\\# h");
	escapes(ESCAPE_MARKDOWN, "- ", SV("- x"), "\\- x");
	escapes(ESCAPE_MARKDOWN, "> ", SV("+ x"), "\\+ x");
	escapes(ESCAPE_MARKDOWN, "x\n", SV("---"), "\\-\\-\\-");
	escapes(ESCAPE_MARKDOWN, "x\n", SV("==="), "\\=\\=\\=");
	escapes(ESCAPE_MARKDOWN, "x\n", SV("-5.5"), "-5.5");
	escapes(ESCAPE_MARKDOWN, "x\n", SV("98.940"), "98.940");
	escapes(ESCAPE_MARKDOWN, "x\n", SV("2026-01-12"), "2026-01-12");
	escapes(ESCAPE_MARKDOWN, "", SV("12. x"), "12\\. x");
	escapes(ESCAPE_MARKDOWN, "", SV("12) x"), "12\\) x");
	escapes(ESCAPE_MARKDOWN, "12", SV("."), "\\.");
	escapes(ESCAPE_MARKDOWN, "", SV("-"), "\\-");
	escapes(ESCAPE_MARKDOWN, "", SV("    code"), "code");
	escapes(ESCAPE_MARKDOWN, "", SV("\tcode"), "code");
	escapes(ESCAPE_MARKDOWN, "", SV("> quote"), "&gt; quote");
	escapes(ESCAPE_MARKDOWN, "", SV("```sh"), "&#96;&#96;&#96;sh");
	escapes(ESCAPE_MARKDOWN, "", SV("~~~"), "\\~\\~\\~");
	escapes(ESCAPE_MARKDOWN, "", SV("* * *"), "\\* \\* \\*");
	escapes(ESCAPE_MARKDOWN, "", SV(":--|"), "\\:--&#124;");
}

/* Each ASCII character at the start of a line and inside one: nothing gets through raw. */
static void
test_escape_every_byte(void **state)
{
	struct sb out = {0};
	int c, mode, start;

	(void)state;
	for (c = 0; c < 256; c++)
		for (mode = ESCAPE_PLAIN; mode <= ESCAPE_MARKDOWN; mode++)
			for (start = 0; start < 2; start++) {
				char text[] = {(char)c, 'x', (char)c};
				size_t i, from;

				sb_reset(&out);
				sb_adds(&out, start ? "\n" : "| ");
				from = out.n;
				escape_add(&out, (enum escape_mode)mode, (struct sv){text, 3});
				for (i = from; i < out.n; i++) {
					unsigned char b = (unsigned char)out.buf[i];

					assert_true(b >= ' ' && b < 0x7f);
					if (mode != ESCAPE_PLAIN)
						assert_null(memchr("<>`", b, 3));
					if (mode == ESCAPE_HTML)
						assert_null(memchr("\"'", b, 2));
					if (mode == ESCAPE_MARKDOWN)
						assert_true(b != '|');
				}
			}
	sb_free(&out);
}

static void
test_values_are_data_not_template(void **state)
{
	struct mustache_opts opts = {.escape = ESCAPE_MARKDOWN};
	struct sb out = {0};
	struct err e = {0};

	(void)state;
	assert_int_equal(mustache_render(&opts, "t",
	    SV("| {{n}} | {{v}} |\n{{#l}}\n- {{.}}\n{{/l}}\n"),
	    json("{\"n\":-98.940,\"v\":\"{{x}}|<b>\\n|\",\"l\":[\"# a\",\"b_c\"]}"), &out, &e), 0);
	assert_string_equal(sb_str(&out),
	    "| -98.940 | {{x}}&#124;&lt;b&gt; &#124; |\n- \\# a\n- b_c\n");
	sb_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_interpolation, teardown),
		cmocka_unit_test_teardown(test_interpolation_lenient, teardown),
		cmocka_unit_test_teardown(test_sections, teardown),
		cmocka_unit_test_teardown(test_sections_deep_and_lenient, teardown),
		cmocka_unit_test_teardown(test_inverted, teardown),
		cmocka_unit_test_teardown(test_comments, teardown),
		cmocka_unit_test_teardown(test_delimiters, teardown),
		cmocka_unit_test_teardown(test_partials, teardown),
		cmocka_unit_test_teardown(test_strict, teardown),
		cmocka_unit_test_teardown(test_below_null_is_null, teardown),
		cmocka_unit_test_teardown(test_bad_templates, teardown),
		cmocka_unit_test_teardown(test_limits, teardown),
		cmocka_unit_test_teardown(test_escape_html, teardown),
		cmocka_unit_test_teardown(test_escape_plain, teardown),
		cmocka_unit_test_teardown(test_escape_markdown, teardown),
		cmocka_unit_test_teardown(test_escape_every_byte, teardown),
		cmocka_unit_test_teardown(test_values_are_data_not_template, teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
