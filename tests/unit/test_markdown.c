/* markdown: a user's report as HTML, in which nothing of the text is markup but what Markdown has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "report/markdown.h"

static const struct {
	const char *what, *text, *html;
} cases[] = {
	{"nothing", "", ""},
	{"a paragraph", "a *b* **c** ~~d~~ `e<`\n", "<p>a <em>b</em> <strong>c</strong> <del>d</del> <code>e&lt;</code></p>\n"},
	{"a heading has an anchor", "# A\n\n### B\n", "<h1 id=\"part-1\">A</h1>\n<h3 id=\"part-2\">B</h3>\n"},
	{"raw HTML is text", "<b onclick=\"x\">y</b>\n", "<p>&lt;b onclick=&quot;x&quot;&gt;y&lt;/b&gt;</p>\n"},
	{"a block of it, too", "<div>\nx\n</div>\n", "<p>&lt;div&gt;\nx\n&lt;/div&gt;</p>\n"},
	{"but <code>", "<code>a | b</code>\n", "<p><code>a | b</code></p>\n"},
	{"which ends with its paragraph", "<code>a\n\nb</code>\n", "<p><code>a</code></p>\n<p>b&lt;/code&gt;</p>\n"},
	{"and with its span", "*<code>a* b</code>\n", "<p><em><code>a</code></em> b&lt;/code&gt;</p>\n"},
	{"not inside of one", "<code>*a</code>* b\n", "<p><code><em>a&lt;/code&gt;</em> b</code></p>\n"},
	{"what md4c leaves open is closed", "*a [b](*) c\n\nd\n", NULL},
	{"references", "&lt;&#124;&#x7c;&amp;&quot;&#0;&#xD800;&#1114112;&copy;\n", "<p>&lt;||&amp;&quot;\357\277\275\357\277\275\357\277\275&amp;copy;</p>\n"},
	{"code, which scrolls by the keyboard, too", "    a < b\n", "<pre tabindex=\"0\"><code>a &lt; b\n</code></pre>\n"},
	{"a table", "| a | b |\n| --- | ---: |\n| x&#124;y | 1 |\n",
	    "<div class=\"box\" role=\"group\" aria-label=\"Table\" tabindex=\"0\">\n<table>\n<thead>\n<tr><th scope=\"col\">a</th><th scope=\"col\" class=\"number\">b</th></tr>\n"
	    "</thead>\n<tbody>\n<tr><td>x|y</td><td class=\"number\">1</td></tr>\n</tbody>\n</table>\n</div>\n"},
	{"tasks", "- [x] a\n- [ ] b\n", "<ul>\n<li><span class=\"badge pass\">done</span> a</li>\n<li><span class=\"badge open\">open</span> b</li>\n</ul>\n"},
	{"links", "[a](https://x/y?z) [b](#part-1) [c](out.html)\n",
	    "<p><a href=\"https://x/y?z\">a</a> <a href=\"#part-1\">b</a> <a href=\"out.html\">c</a></p>\n"},
	{"a link that runs is its text", "[a](javascript:alert(1)) [b](JAVASCRIPT:x) [c](data:x) [d](//e) [e](<java script:x>)\n", "<p>a b c d e</p>\n"},
	{"however it is written", "[a](javascript&#58;x) [b](java&#9;script:x) [c](javascript&colon;x) [d](\\\\e)\n", "<p>a b c d</p>\n"},
	{"a picture that is not given is its text", "![a \"b\"](http://x/y.png)\n", "<p><em>a &quot;b&quot;</em></p>\n"},
};

static void
test_cases(void **state)
{
	struct markdown m;
	struct err e = {0};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(markdown_html("t", sv_of(cases[i].text), NULL, &m, &e), 0);
		if (cases[i].html == NULL)
			assert_true(sv_find(sb_sv(&m.body), SV("<em>")) == m.body.n || sv_find(sb_sv(&m.body), SV("</em>")) < m.body.n);
		else if (!sv_is(sb_sv(&m.body), cases[i].html))
			fail_msg("%s:\n%s\nnot\n%s", cases[i].what, sb_str(&m.body), cases[i].html);
		markdown_free(&m);
	}
}

static void
test_pictures(void **state)
{
	struct arena a = {0};
	struct err e = {0};
	const struct doc *charts = doc_json(&a, "c", SV("[{\"link\": \"charts/a%20b.png\", \"file\": \"charts/a b.png\", \"svg\": \"<svg></svg>\", \"data_uri\": \"\"},"
	    "{\"link\": \"charts/c.png\", \"file\": \"charts/c.png\", \"svg\": \"\", \"data_uri\": \"data:image/png;base64,AA==\"}]"), &e);
	struct markdown m;

	(void)state;
	assert_non_null(charts);
	assert_int_equal(markdown_html("t", SV("![x](charts/a%20b.png) ![<y>](charts/c.png)\n"), charts, &m, &e), 0);
	assert_string_equal(sb_str(&m.body), "<p><svg></svg> <img src=\"data:image/png;base64,AA==\" alt=\"&lt;y&gt;\"></p>\n");
	markdown_free(&m);
	arena_free(&a);
}

static void
test_page(void **state)
{
	struct arena a = {0};
	struct err e = {0};
	const struct doc *page, *c;
	struct markdown m;

	(void)state;
	assert_int_equal(markdown_html("t", SV("# The *title* & <b>\n\n## One\n\n### Below\n\n## Two `x`\n"), NULL, &m, &e), 0);
	page = markdown_page(&a, &m, SV("name.md"));
	assert_true(sv_is(doc_get(page, "title")->text, "The title & <b>"));
	assert_true(doc_get(page, "has_h1")->truth);
	assert_int_equal(doc_get(page, "contents")->n, 2);
	c = doc_first(doc_get(page, "contents"))->next;
	assert_true(sv_is(doc_get(c, "text")->text, "Two x"));
	assert_true(sv_is(doc_get(c, "anchor")->text, "part-4"));
	markdown_free(&m);
	assert_int_equal(markdown_html("t", SV("no heading\n"), NULL, &m, &e), 0);
	page = markdown_page(&a, &m, SV("name.md"));
	assert_true(sv_is(doc_get(page, "title")->text, "name.md"));
	assert_false(doc_get(page, "has_h1")->truth);
	assert_false(doc_get(page, "has_contents")->truth);
	markdown_free(&m);
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_pictures),
		cmocka_unit_test(test_page),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
