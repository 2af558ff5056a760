#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "base/regex.h"
#include "promql/promql.h"
#include "promql/regexp.h"
#include "promql_regexps.h"

static struct arena a;

static int
teardown(void **state)
{
	(void)state;
	arena_free(&a);
	return 0;
}

/* Does the selector match up{code="200",job="a\nb"}? */
static int
matches(const char *selector)
{
	struct label pairs[] = {{SV("code"), SV("200")}, {SV("job"), SV("a\nb")}};
	struct labels l = {pairs, 2};
	struct err e = {0};
	const struct pq_selector *s = pq_parse_selector(&a, sv_of(selector), &e);

	if (s == NULL)
		fail_msg("%s: %s", selector, e.msg);
	return pq_matches(s, SV("up"), &l, &e);
}

static void
test_matches(void **state)
{
	static const char *const yes[] = {"up", "up{}", "{__name__=\"up\"}", "{\"up\"}",
	    "{__name__=~\"u.\"}", "{__name__!=\"down\",code!=\"\"}", "up{code=\"200\"}",
	    "up{code!=\"404\"}", "up{code=~\"2..\"}", "up{code!~\"4..\"}", "up{code=~\"[0-9]+\"}",
	    "up{job=~\"a.b\"}", "up{job=\"a\\nb\"}", "up{code=~\"200|404\",job!=\"x\"}",
	    /* a label that does not exist is "" */
	    "up{none=\"\"}", "up{none!=\"x\"}", "up{none=~\".*\"}", "up{none=~\"\"}", "up{none!~\".+\"}",
	    "up{code=~\"(?i)2OO|200\"}"};
	static const char *const no[] = {"down", "Up", "{__name__=~\"u\"}", "up{code=\"20\"}",
	    "up{code!=\"200\"}", "up{code=~\"2\"}", "up{code=~\"0.*\"}", "up{code=~\"2|00\"}",
	    "up{code!~\"2..\"}", "up{code=\"\"}", "up{code=\"200\",code=\"201\"}", "up{none!=\"\"}",
	    "up{none=~\".+\"}", "up{none=\"x\"}", "up{none!~\".*\"}", "up{job=~\"(?-s)a.b\"}",
	    "up{Code=\"200\"}"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		if (matches(yes[i]) != 1)
			fail_msg("does not match: %s", yes[i]);
	for (i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		if (matches(no[i]) != 0)
			fail_msg("matches: %s", no[i]);
}

static void
test_match_limit(void **state)
{
	const struct pq_selector *s = pq_parse_selector(&a, SV("up{x=~\"(a*)*(a*)*(a*)*[bd]\"}"), NULL);
	struct label pair = {SV("x"), SV("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac")};
	struct labels l = {&pair, 1};
	struct err e = {0};

	(void)state;
	assert_non_null(s);
	assert_int_equal(pq_matches(s, SV("up"), &l, &e), -1);
	assert_int_equal(e.code, ERR_LIMIT);
	/* The name does not match: the label is not even looked at. */
	assert_int_equal(pq_matches(s, SV("down"), &l, NULL), 0);
}

/*
 * What RE2 means by a pattern: text, and does it match. That RE2 takes these patterns was seen with promtool 2.42 (all
 * but (?<m>), which is newer); the results are worked out from the syntax page, not from a run of RE2.
 */
static void
test_re2_meaning(void **state)
{
	static const struct {
		const char *pattern, *text;
		int want;
	} cases[] = {
		{"", "", 1}, {"", "a", 0}, {"a|b", "b", 1}, {"a|b", "ab", 0}, {"a|", "", 1},
		{"^a$", "a", 1}, {"^*a$*", "a", 1}, {"^+a", "a", 1}, {"a$b", "ab", 0},
		{".", "\n", 1}, {"a$", "a\n", 0}, {"a\\z", "a", 1}, {"\\Aa", "a", 1},
		{"(?m)a$\\nb", "a\nb", 1}, {"a\\n^b", "a\nb", 0}, {"(?m)a\\n^b", "a\nb", 1},
		{"(?m)a\\n^", "a\n", 1}, {"((?m)a)\\n^b", "a\nb", 0}, {"(?m:a\\n^)b", "a\nb", 1},
		{"(?m)(?-m)a\\n^b", "a\nb", 0},
		{"\\s", "\v", 0}, {"\\s", "\f", 1}, {"\\S", "\v", 1}, {"[\\s]", "\v", 0}, {"[\\s]", " ", 1},
		{"[\\S]", "\v", 1}, {"[\\S]", "\t", 0}, {"[^\\s]", "\v", 1}, {"[[:space:]]", "\v", 1},
		{"\\v", "\v", 1}, {"\\v", "\n", 0}, {"\\a\\f\\t\\n\\r", "\a\f\t\n\r", 1},
		{"\\d", "\xd9\xa3", 0}, {"\\w", "\xc3\xa9", 0}, {"\\W", "\xc3\xa9", 1}, {".", "\xc3\xa9", 1},
		{"\\bfoo\\b", "foo", 1}, {"\\b*foo", "foo", 1}, {"f\\Boo", "foo", 1},
		{"a{,5}", "a{,5}", 1}, {"a{,5}", "aaa", 0}, {"a{", "a{", 1}, {"a{ 1}", "a{ 1}", 1},
		{"a{01}", "a{01}", 1}, {"a}", "a}", 1}, {"a{2}", "aa", 1}, {"a{2,}", "aaaa", 1},
		{"a{2,3}", "aaaa", 0}, {"a{0}b", "b", 1}, {"a{2}?", "aa", 1}, {"a{1000}", "a", 0},
		{"((a{10}b){10}|c){10}", "cccccccccc", 1}, {"(a{1000}){1}", "a", 0},
		{"(?:a*)*b", "aab", 1}, {"(|a)*", "aa", 1}, {"()", "", 1}, {"(?:)", "", 1}, {"(?)a", "a", 1},
		{"\\Q+*(\\E+", "+*(((", 1}, {"a\\Q\\Eb", "ab", 1}, {"\\Qa\\b\\E", "a\\b", 1},
		{"[]a]+", "]a", 1}, {"[^]a]", "]", 0}, {"[a-]", "-", 1}, {"[-a]", "-", 1}, {"[a\\-z]", "m", 0},
		{"[\\d-z]+", "1-z", 1}, {"[\\d-z]", "m", 0}, {"[[:digit:]-z]+", "1-z", 1},
		{"[--a]", "A", 1}, {"[a-b-c]+", "a-c", 1},
		{"[[.a.]]", ".]", 1}, {"[[=a=]]", "=]", 1}, {"[[]", "[", 1}, {"[[:]", ":", 1}, {"[a[:b]+", "[:", 1},
		{"[[:alpha:][:^alpha:]]", "1", 1}, {"[[:word:]]", "_", 1}, {"[^[:alpha:]]", "\n", 1},
		{"[\\]\\[\\\\^]+", "][\\^", 1}, {"[&&a]+", "&a", 1}, {"[a^]", "^", 1},
		{"[^a]", "\n", 1}, {"[\\x00-\\x{10ffff}]", "\xf4\x8f\xbf\xbf", 1}, {"[\\pL\\d]+", "\xc3\xa9" "1", 1},
		{"\\p{Greek}+", "\xce\xb1\xce\xb2", 1}, {"\\p{Greek}", "a", 0}, {"\\P{Greek}", "a", 1},
		{"\\p{^Greek}", "a", 1}, {"\\P{^Greek}", "\xce\xb1", 1}, {"\\pN\\p{Lu}", "1A", 1},
		{"\\PN", "1", 0}, {"\\p{Any}", "\n", 1}, {"\\p{Latin}", "a", 1},
		{"\\x41\\x{42}\\x{1F600}", "AB\xf0\x9f\x98\x80", 1}, {"\\012\\07\\123", "\n\aS", 1},
		{"\\12", "\n", 1}, {"\\.\\-\\_\\/\\ ", ".-_/ ", 1}, {"#a b~@!", "#a b~@!", 1},
		{"(?i)ab", "aB", 1}, {"(?i:a)b", "Ab", 1}, {"(?i:a)b", "AB", 0}, {"a(?i)b|c", "C", 1},
		{"(?i)(?-i:a)b", "aB", 1}, {"(?i-s)A.", "a\n", 0}, {"(?-s).", "\n", 0}, {"(?ii)a", "A", 1},
		{"(?U)a+", "aaa", 1}, {"(?P<n>a)(?<m>b)(?P<1x>c)", "abc", 1},
		{"(?i)\xc3\x89", "\xc3\xa9", 1}, {"\xe2\x82\xac+", "\xe2\x82\xac\xe2\x82\xac", 1},
		{"(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)\\123", "abcdefghijS", 1},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err e = {0};
		struct regex *re = pq_regexp_new(sv_of(cases[i].pattern), &e);

		if (re == NULL)
			fail_msg("%s: %s", cases[i].pattern, e.msg);
		if (regex_match(re, sv_of(cases[i].text), &e) != cases[i].want)
			fail_msg("%s on '%s': not %d", cases[i].pattern, cases[i].text, cases[i].want);
		regex_free(re);
	}
}

static void
test_re2_refuses(void **state)
{
	struct sb deep = {0};
	struct err e;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(promql_bad_regexps) / sizeof(promql_bad_regexps[0]); i++) {
		e = (struct err){0};
		if (pq_regexp_new(sv_of(promql_bad_regexps[i].pattern), &e) != NULL)
			fail_msg("accepted: %s", promql_bad_regexps[i].pattern);
		assert_int_equal(e.code, ERR_INPUT);
		if (strstr(e.msg, promql_bad_regexps[i].why) == NULL)
			fail_msg("%s: %s", promql_bad_regexps[i].pattern, e.msg);
		assert_null(pq_regexp_new(sv_of(promql_bad_regexps[i].pattern), NULL));
	}
	for (i = 0; i < 10000; i++)
		sb_addc(&deep, '(');
	assert_null(pq_regexp_new(sb_sv(&deep), &e));
	assert_non_null(strstr(e.msg, "nested too deeply"));
	sb_free(&deep);
}

static void
test_messages(void **state)
{
	struct err e = {0};

	(void)state;
	assert_null(pq_regexp_new(SV("ab(?=c)"), &e));
	assert_string_equal(e.msg, "error parsing regexp \"ab(?=c)\" at 3: lookaround is not supported");
	assert_null(pq_regexp_new(SV("a\\Z"), &e));
	assert_string_equal(e.msg, "error parsing regexp \"a\\Z\" at 2: invalid escape sequence: \\Z");
	assert_null(pq_regexp_new(SV("\x1b("), &e));
	assert_string_equal(e.msg, "error parsing regexp \"\\x1b(\" at 2: missing closing )");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_matches, teardown),
		cmocka_unit_test_teardown(test_match_limit, teardown),
		cmocka_unit_test(test_re2_meaning),
		cmocka_unit_test(test_re2_refuses),
		cmocka_unit_test(test_messages),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
