#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <stdio.h>
#include <time.h>

#include "base/regex.h"

static struct err e;

/* 1, 0 or -1; a pattern that does not compile fails the test. */
static int
matches(const char *pattern, int flags, struct sv text)
{
	struct regex *r = regex_new(sv_of(pattern), flags, &e);
	int rc;

	if (r == NULL)
		fail_msg("%s", e.msg);
	rc = regex_match(r, text, &e);
	regex_free(r);
	return rc;
}

static void
test_part_and_whole(void **state)
{
	(void)state;
	assert_int_equal(matches("b", 0, SV("abc")), 1);
	assert_int_equal(matches("b", REGEX_WHOLE, SV("abc")), 0);
	assert_int_equal(matches("a.c", REGEX_WHOLE, SV("abc")), 1);
	/* Every branch must reach both ends, and a shorter one must not win too early. */
	assert_int_equal(matches("a|ab", REGEX_WHOLE, SV("ab")), 1);
	assert_int_equal(matches("a|b", REGEX_WHOLE, SV("ab")), 0);
	assert_int_equal(matches("2..|3..", REGEX_WHOLE, SV("200")), 1);
	assert_int_equal(matches("2..|3..", REGEX_WHOLE, SV("2000")), 0);
	assert_int_equal(matches("a*?", REGEX_WHOLE, SV("aaa")), 1);
	assert_int_equal(matches("", REGEX_WHOLE, SV("")), 1);
	assert_int_equal(matches("", REGEX_WHOLE, SV("a")), 0);
	assert_int_equal(matches("", 0, sv_of(NULL)), 1);
	assert_int_equal(matches("a", 0, sv_of(NULL)), 0);
}

static void
test_newlines(void **state)
{
	(void)state;
	assert_int_equal(matches("a.b", 0, SV("a\nb")), 0);
	assert_int_equal(matches("a.b", REGEX_DOTALL, SV("a\nb")), 1);
	assert_int_equal(matches("a.b", 0, SV("a\rb")), 1); /* only \n is a newline */
	assert_int_equal(matches("a$", 0, SV("a\n")), 0);   /* '$' is the very end */
	assert_int_equal(matches("a", REGEX_WHOLE, SV("a\n")), 0);
	assert_int_equal(matches(".*", REGEX_WHOLE, SV("a\nb")), 0);
	assert_int_equal(matches(".*", REGEX_WHOLE | REGEX_DOTALL, SV("a\nb")), 1);
}

static void
test_bytes(void **state)
{
	(void)state;
	assert_int_equal(matches("a.c", REGEX_WHOLE, SV("a\xc3\xa9" "c")), 1); /* é is one */
	assert_int_equal(matches("a.c", REGEX_WHOLE, SV("a\0c")), 1);
	assert_int_equal(matches("a\\x{0}c", REGEX_WHOLE, SV("a\0c")), 1);
	/* Not UTF-8: no error, no match over the bad byte, a match beside it. */
	assert_int_equal(matches("a.c", 0, SV("a\xff" "c")), 0);
	assert_int_equal(matches("ok", 0, SV("\xff\xfe ok \xff")), 1);
	assert_int_equal(matches("ok", REGEX_WHOLE, SV("\xffok")), 0);
	assert_int_equal(matches("ok", REGEX_WHOLE, SV("ok\xff")), 0);
	assert_int_equal(matches("^ok", 0, SV("\xffok")), 0);
	assert_int_equal(matches("ok$", 0, SV("ok\xff")), 0);
	assert_int_equal(matches("\\d+", REGEX_WHOLE, SV("\xd9\xa1")), 0); /* ASCII digits */
}

static void
test_groups(void **state)
{
	struct regex *r = regex_new(SV("(?<year>\\d+)-(\\d+)(?:T(?<hour>\\d+))?"), 0, &e);
	struct sv g[6];

	(void)state;
	assert_non_null(r);
	assert_int_equal(regex_count(r), 3);
	assert_int_equal(regex_group(r, "year"), 1);
	assert_int_equal(regex_group(r, "hour"), 3);
	assert_int_equal(regex_group(r, "nobody"), -1);
	assert_string_equal(regex_name(r, 1), "year");
	assert_null(regex_name(r, 2));
	assert_null(regex_name(r, 0));
	assert_null(regex_name(r, 4));
	assert_null(regex_name(r, -1));
	assert_int_equal(regex_groups(r, SV("at 2026-01T06 "), g, 6, &e), 1);
	assert_true(sv_is(g[0], "2026-01T06"));
	assert_true(sv_is(g[1], "2026"));
	assert_true(sv_is(g[2], "01"));
	assert_true(sv_is(g[3], "06"));
	assert_null(g[4].p);
	assert_null(g[5].p);
	assert_int_equal(regex_groups(r, SV("2026-02"), g, 6, &e), 1);
	assert_null(g[3].p); /* took no part */
	assert_int_equal(regex_groups(r, SV("2026-03T07"), g, 1, &e), 1); /* fewer than there are */
	assert_true(sv_is(g[0], "2026-03T07"));
	assert_int_equal(regex_groups(r, SV("none"), g, 6, &e), 0);
	regex_free(r);
	/* An empty group is not an absent one. */
	r = regex_new(SV("(a*)b"), 0, &e);
	assert_int_equal(regex_groups(r, SV("b"), g, 2, &e), 1);
	assert_non_null(g[1].p);
	assert_int_equal(g[1].n, 0);
	regex_free(r);
	regex_free(NULL);
}

static void
test_bad_patterns(void **state)
{
	static const char *const bad[] = {
		"a(b", "a)", "[a", "*a", "a{2,1}", "(?<x>a)(?<x>b)", "\\", "(?P<", "\\C", "\xff",
		"(?<1a>x)", "[[:nope:]]", "\\k<no>", "(?=\\K)",
	};
	struct sb deep = {0};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		e = (struct err){0};
		if (regex_new(sv_of(bad[i]), 0, &e) != NULL)
			fail_msg("'%s' was taken", bad[i]);
		assert_int_equal(e.code, ERR_INPUT);
	}
	assert_null(regex_new(SV("a(b"), 0, &e));
	assert_string_equal(e.msg, "bad pattern 'a(b' at 4: missing closing parenthesis");
	assert_null(regex_new(SV("(\x1b[2J"), 0, &e)); /* a message is safe to print */
	assert_non_null(strstr(e.msg, "'(\\x1b[2J'"));
	for (i = 0; i < 5000; i++)
		sb_addc(&deep, '(');
	for (i = 0; i < 5000; i++)
		sb_addc(&deep, ')');
	assert_null(regex_new(sb_sv(&deep), 0, &e));
	sb_reset(&deep);
	sb_addf(&deep, "%70000d", 1);
	assert_null(regex_new(sb_sv(&deep), 0, &e)); /* too long */
	assert_null(regex_new(SV("((((a{1,200}){1,200}){1,200}){1,200})"), 0, &e)); /* too large */
	sb_free(&deep);
}

/* Patterns whose honest search would outlast the sun end soon, in an error that names them. */
static void
test_hostile_patterns(void **state)
{
	static const char *const hostile[] = {
		"(a+)+$", "(a|a)*$", "(a*)*[bc]", "(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)[xy]", "^(([a-z])+.)+[A-Z]$",
	};
	clock_t start = clock();
	struct sb text = {0};
	size_t i;

	(void)state;
	for (i = 0; i < 3000; i++)
		sb_addc(&text, 'a');
	sb_addc(&text, '!');
	for (i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		e = (struct err){0};
		assert_int_equal(matches(hostile[i], 0, sb_sv(&text)), -1);
		assert_int_equal(e.code, ERR_LIMIT);
		assert_non_null(strstr(e.msg, hostile[i]));
	}
	sb_free(&text);
	assert_true((clock() - start) / CLOCKS_PER_SEC < 60); /* also under valgrind */
}

static void
test_recursion_is_bounded(void **state)
{
	struct sb text = {0};
	size_t i;

	(void)state;
	for (i = 0; i < 2000000; i++)
		sb_addc(&text, '(');
	assert_int_equal(matches("^(\\((?1)*\\))+$", 0, sb_sv(&text)), -1);
	assert_int_equal(e.code, ERR_LIMIT);
	/* Plain work on a large text is no offence. */
	assert_int_equal(matches("^.*$", 0, sb_sv(&text)), 1);
	assert_int_equal(matches("[(]+x", REGEX_WHOLE, sb_sv(&text)), 0);
	assert_int_equal(matches("x", 0, sb_sv(&text)), 0);
	sb_free(&text);
}

static void
test_used_many_times(void **state)
{
	struct regex *r = regex_new(SV("^(\\w+) (\\d+)$"), 0, &e);
	struct sv g[3];
	char line[32];
	int i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		snprintf(line, sizeof(line), "n%d %d", i, i * 2);
		assert_int_equal(regex_groups(r, sv_of(line), g, 3, &e), 1);
		assert_true(g[1].p == line);
		assert_int_equal(regex_match(r, SV("no"), &e), 0);
	}
	regex_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_part_and_whole),
		cmocka_unit_test(test_newlines),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_bad_patterns),
		cmocka_unit_test(test_hostile_patterns),
		cmocka_unit_test(test_recursion_is_bounded),
		cmocka_unit_test(test_used_many_times),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
