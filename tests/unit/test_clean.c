#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/clean.h"

static struct sb s;

static int
teardown(void **state)
{
	(void)state;
	sb_free(&s);
	return 0;
}

static void
assert_clean(struct sv text, const char *want)
{
	sb_reset(&s);
	clean_add(&s, text);
	assert_string_equal(sb_str(&s), want);
}

static void
test_kept(void **state)
{
	(void)state;
	assert_clean(SV(""), "");
	assert_clean(sv_of(NULL), "");
	assert_clean(SV("plain text \\ \"'<&>"), "plain text \\ \"'<&>");
	assert_clean(SV("S\xc3\xa3o \xe2\x82\xac \xe6\xbc\xa2 \xf0\x9f\x98\x80"),
	    "S\xc3\xa3o \xe2\x82\xac \xe6\xbc\xa2 \xf0\x9f\x98\x80");
	assert_clean(SV("\xc2\xa0"), "\xc2\xa0");                     /* no-break space */
	assert_clean(SV("\xe2\x9a\xa0\xef\xb8\x8f"), "\xe2\x9a\xa0\xef\xb8\x8f"); /* a sign emoji */
}

static void
test_entities(void **state)
{
	(void)state;
	sb_reset(&s);
	clean_entities(&s, SV("<a b=\"c\" d='e'>`f` & g</a>\n"));
	assert_string_equal(sb_str(&s), "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&#96;f&#96; &amp; g&lt;/a&gt;\n");
	sb_reset(&s);
	clean_xml(&s, SV("]]><\x1b[31m\xef\xbf\xbe\n"));
	assert_string_equal(sb_str(&s), "]]&gt;&lt;\\x1b[31m\\u{FFFE}\\x0a");
}

static void
test_controls(void **state)
{
	(void)state;
	assert_clean(SV("a\x1b[31mb"), "a\\x1b[31mb");
	assert_clean(SV("a\tb\nc\rd\0e"), "a\\x09b\\x0ac\\x0dd\\x00e");
	assert_clean(SV("\x7f"), "\\x7f");
	assert_clean(SV("\xc2\x9b" "31m"), "\\u{009B}31m"); /* CSI as one C1 character */
	assert_clean(SV("\x9b" "31m"), "\\x9b31m");         /* and as a bare byte */
}

static void
test_hidden(void **state)
{
	(void)state;
	assert_clean(SV("\xe2\x80\xae" "txt.exe"), "\\u{202E}txt.exe"); /* right-to-left override */
	assert_clean(SV("\xe2\x81\xa6"), "\\u{2066}");
	assert_clean(SV("\xd8\x9c"), "\\u{061C}");
	assert_clean(SV("a\xe2\x80\xa8" "b\xe2\x80\xa9"), "a\\u{2028}b\\u{2029}");
	assert_clean(SV("pa\xe2\x80\x8bss"), "pa\\u{200B}ss");
	assert_clean(SV("\xef\xbb\xbf"), "\\u{FEFF}");
	assert_clean(SV("\xc2\xad"), "\\u{00AD}");
	assert_clean(SV("\xf3\xa0\x81\x81"), "\\u{E0041}"); /* a tag character */
	assert_clean(SV("\xef\xbf\xbf"), "\\u{FFFF}");
}

static void
test_not_utf8(void **state)
{
	(void)state;
	assert_clean(SV("\xff\xfe"), "\\xff\\xfe");
	assert_clean(SV("\xc3"), "\\xc3");
	assert_clean(SV("\xc3("), "\\xc3(");
	assert_clean(SV("\xe2\x82"), "\\xe2\\x82");
	assert_clean(SV("\xc0\x80"), "\\xc0\\x80");                 /* overlong NUL */
	assert_clean(SV("\xe0\x80\xaf"), "\\xe0\\x80\\xaf");        /* overlong slash */
	assert_clean(SV("\xed\xa0\x80"), "\\xed\\xa0\\x80");        /* a surrogate */
	assert_clean(SV("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80"); /* past U+10FFFF */
	assert_clean(SV("\xf8\x88\x80\x80\x80"), "\\xf8\\x88\\x80\\x80\\x80");
	assert_clean(SV("a\xffz"), "a\\xffz"); /* reading goes on right after */
}

/* Every character there is goes through the encoder and back. */
static void
test_utf8_both_ways(void **state)
{
	uint32_t c, back;
	size_t n, want;

	(void)state;
	for (c = 0; c <= 0x10ffff; c++) {
		sb_reset(&s);
		clean_add_utf8(&s, c);
		want = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
		back = 0;
		n = clean_utf8(sb_sv(&s), &back);
		if (c >= 0xd800 && c <= 0xdfff) {
			assert_int_equal(n, 0);
			continue;
		}
		if (n != want || back != c || s.n != want)
			fail_msg("U+%04X came back as U+%04X", (unsigned)c, (unsigned)back);
		for (n = 1; n < want; n++) /* and no half of it is taken */
			assert_int_equal(clean_utf8(sv_head(sb_sv(&s), n), &back), 0);
	}
}

/* What comes out is fit to print: cleaning it again changes nothing. */
static void
test_clean_is_clean(void **state)
{
	struct sb once = {0};
	uint32_t x = 1;
	char noise[64];
	size_t i, k;

	(void)state;
	for (i = 0; i < 20000; i++) {
		for (k = 0; k < sizeof(noise); k++) {
			x = x * 1664525 + 1013904223;
			noise[k] = (char)(x >> 24);
		}
		sb_reset(&once);
		clean_add(&once, (struct sv){noise, i % sizeof(noise)});
		assert_clean(sb_sv(&once), sb_str(&once));
	}
	sb_free(&once);
}

static void
test_keeps(void **state)
{
	(void)state;
	assert_true(clean_keeps('a'));
	assert_true(clean_keeps(' '));
	assert_true(clean_keeps(0x10fffd));
	assert_false(clean_keeps(0));
	assert_false(clean_keeps(0x85));
	assert_false(clean_keeps(0x202a));
	assert_false(clean_keeps(0xd800));
	assert_false(clean_keeps(0x10ffff));
	assert_false(clean_keeps(0x110000));
	assert_false(clean_keeps(UINT32_MAX));
}

#define T(f) cmocka_unit_test_teardown(f, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_kept), T(test_entities), T(test_controls), T(test_hidden), T(test_not_utf8),
		T(test_utf8_both_ways), T(test_clean_is_clean), T(test_keeps),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
