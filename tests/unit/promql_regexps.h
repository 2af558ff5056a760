/* Regular expressions that RE2 refuses, and one word of the reason. Used by test_promql_match.c. */
#ifndef TESTS_PROMQL_REGEXPS_H
#define TESTS_PROMQL_REGEXPS_H

static const struct {
	const char *pattern, *why;
} promql_bad_regexps[] = {
	{"a(?=b)", "lookaround"}, {"a(?!b)", "lookaround"}, {"(?<=a)b", "lookaround"},
	{"(?<!a)b", "lookaround"}, {"(a)\\1", "backreferences"}, {"(a)\\g1", "backreferences"},
	{"(?P<n>a)\\k<n>", "backreferences"}, {"(?P<n>a)(?P=n)", "backreferences"},
	{"\\8", "backreferences"}, {"(?>a)", "atomic"}, {"(?#x)a", "comments"},
	{"(?R)", "recursion"}, {"(?1)", "recursion"}, {"(?&n)", "recursion"}, {"(?+1)", "recursion"},
	{"(?P>n)", "recursion"}, {"(?|a|b)", "unsupported"}, {"(?x)a", "unsupported"},
	{"(?(1)a|b)", "unsupported"}, {"(?^i)a", "unsupported"}, {"(?J)a", "unsupported"},
	{"(?'n'a)", "unsupported"}, {"(?-)a", "unsupported"}, {"(?i-)a", "unsupported"},
	{"(?i--s)a", "unsupported"}, {"(?P<>a)", "named"}, {"(?P<a-b>a)", "named"},
	{"(?P<a", "named"}, {"(?P<\xc3\xa9>a)", "named"},
	{"a**", "repetition"}, {"a*+", "repetition"}, {"a++", "repetition"}, {"a?+", "repetition"},
	{"a{2}{3}", "repetition"}, {"a{2}+", "repetition"}, {"a*{2}", "repetition"},
	{"a*?*", "repetition"}, {"a*??", "repetition"},
	{"*a", "missing argument"}, {"+", "missing argument"}, {"?", "missing argument"},
	{"a|*", "missing argument"}, {"(*)", "missing argument"}, {"(*ACCEPT)a", "missing argument"},
	{"(*UTF)a", "missing argument"}, {"{2}", "missing argument"}, {"(?i)*", "missing argument"},
	{"a{1001}", "repeat count"}, {"a{1,1001}", "repeat count"}, {"a{2,1}", "repeat count"},
	{"a{99999999999}", "repeat count"}, {"(a{50}){50}", "repeat count"},
	{"((a{10}b){10}|c){11}", "repeat count"}, {"((a{1000}){2}){0}", "repeat count"},
	{"a\\Z", "escape"}, {"\\h", "escape"}, {"\\R", "escape"}, {"\\K", "escape"}, {"\\G", "escape"},
	{"\\C", "escape"}, {"\\X", "escape"}, {"\\N", "escape"}, {"\\e", "escape"}, {"\\cA", "escape"},
	{"\\o{12}", "escape"}, {"\\u0041", "escape"}, {"\\E", "escape"}, {"\\H", "escape"},
	{"\\V", "escape"}, {"\\\xc3\xa9", "escape"}, {"\\x4", "escape"}, {"\\x", "escape"},
	{"\\x{}", "escape"}, {"\\x{110000}", "escape"}, {"\\x{41", "escape"},
	{"\\", "trailing backslash"}, {"\\Qabc", "\\E"},
	{"[a", "missing closing ]"}, {"[]", "missing closing ]"}, {"[^]", "missing closing ]"},
	{"[", "missing closing ]"}, {"[a-", "missing closing ]"}, {"[z-a]", "range"},
	{"[a-\\d]", "escape"}, {"[\\b]", "escape"}, {"[\\A]", "escape"}, {"[\\Qa\\E]", "escape"},
	{"[\\1]", "backreferences"}, {"[[:foo:]]", "character class"}, {"[a-[:alpha:]]", "range"},
	{"\\pQ", "character class"}, {"\\p{Foo}", "character class"}, {"\\p{greek}", "character class"},
	{"\\p{Xan}", "character class"}, {"\\p{L&}", "character class"}, {"\\p{L", "character class"},
	{"\\p{}", "character class"}, {"\\p{Script=Greek}", "character class"},
	{"\\p", "character class"},
	{"(a", "missing closing )"}, {"(?i", "missing closing )"}, {"(?", "missing closing )"},
	{"(", "missing closing )"}, {"(?:a", "missing closing )"}, {"a)", "unexpected )"},
	{"a)|(b", "unexpected )"}, {"a\xff", "UTF-8"}, {"[\xff]", "UTF-8"},
};

#endif
