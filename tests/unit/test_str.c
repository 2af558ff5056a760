#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"

static void
test_views(void **state)
{
	struct sv none = sv_of(NULL);

	(void)state;
	assert_int_equal(none.n, 0);
	assert_true(sv_eq(none, SV("")));
	assert_true(sv_is(SV("ab"), "ab"));
	assert_false(sv_is(SV("a\0b"), "a"));
	assert_true(sv_starts(SV("abc"), "ab"));
	assert_true(sv_starts(none, ""));
	assert_false(sv_starts(SV("a"), "ab"));
	assert_true(sv_ends(SV("x.tar.gz"), ".gz"));
	assert_false(sv_ends(SV("z"), ".gz"));
	assert_int_equal(sv_from(SV("abc"), 9).n, 0);
	assert_true(sv_is(sv_from(SV("abc"), 1), "bc"));
	assert_true(sv_is(sv_head(SV("abc"), 9), "abc"));
	assert_true(sv_is(sv_base(SV("a/b/c.txt")), "c.txt"));
	assert_true(sv_is(sv_base(SV("c.txt")), "c.txt"));
	assert_int_equal(sv_base(SV("a/")).n, 0);
}

static void
test_order(void **state)
{
	(void)state;
	assert_true(sv_cmp(SV("a"), SV("ab")) < 0);
	assert_true(sv_cmp(SV("b"), SV("ab")) > 0);
	assert_true(sv_cmp(SV("Z"), SV("a")) < 0);
	assert_true(sv_cmp(SV("\xff"), SV("a")) > 0); /* bytes, not signed characters */
	assert_int_equal(sv_cmp(SV("a\0b"), SV("a\0b")), 0);
	assert_int_equal(sv_cmp(sv_of(NULL), SV("")), 0);
}

static void
test_search(void **state)
{
	(void)state;
	assert_int_equal(sv_chr(SV("a=b=c"), '='), 1);
	assert_int_equal(sv_chr(SV("abc"), '='), 3);
	assert_int_equal(sv_chr(sv_of(NULL), 'x'), 0);
	assert_int_equal(sv_find(SV("ababac"), SV("abac")), 2);
	assert_int_equal(sv_find(SV("ab"), SV("abc")), 2);
	assert_int_equal(sv_find(SV("abc"), SV("")), 0);
	assert_int_equal(sv_find(SV("xa"), SV("a")), 1);
}

static void
test_trim(void **state)
{
	(void)state;
	assert_true(sv_is(sv_trim(SV(" \t\r\n\v\f a b \n")), "a b"));
	assert_int_equal(sv_trim(SV(" \n ")).n, 0);
	assert_true(sv_is(sv_trim(SV("\xc2\xa0x")), "\xc2\xa0x")); /* ASCII blanks only */
	assert_int_equal(sv_trim(sv_of(NULL)).n, 0);
}

static void
test_split(void **state)
{
	struct sv rest = SV("a,,b,"), f;

	(void)state;
	assert_true(sv_split(&rest, ',', &f));
	assert_true(sv_is(f, "a"));
	assert_true(sv_split(&rest, ',', &f));
	assert_int_equal(f.n, 0);
	assert_true(sv_split(&rest, ',', &f));
	assert_true(sv_is(f, "b"));
	assert_true(sv_split(&rest, ',', &f));
	assert_int_equal(f.n, 0);
	assert_false(sv_split(&rest, ',', &f));
	assert_false(sv_split(&rest, ',', &f));
	rest = SV("");
	assert_true(sv_split(&rest, ',', &f));
	assert_int_equal(f.n, 0);
	assert_false(sv_split(&rest, ',', &f));
}

static void
test_glob(void **state)
{
	char stars[201], name[2001];

	(void)state;
	assert_true(sv_glob(SV("*.prom"), SV("reports/h0/metrics.prom")));
	assert_false(sv_glob(SV("reports/*.prom"), SV("metrics.prom")));
	assert_true(sv_glob(SV("reports/*.prom"), SV("reports/h0/metrics.prom")));
	assert_true(sv_glob(SV("h?.txt"), SV("h9.txt")));
	assert_false(sv_glob(SV("h?.txt"), SV("h10.txt")));
	assert_true(sv_glob(SV("*"), SV("")));
	assert_true(sv_glob(SV(""), SV("")));
	assert_false(sv_glob(SV(""), SV("x")));
	assert_true(sv_glob(SV("a*b*c"), SV("aXbYbZc")));
	assert_false(sv_glob(SV("a*b*c"), SV("aXbYbZcd")));
	assert_true(sv_glob(SV("[x]"), SV("[x]"))); /* brackets mean themselves */
	assert_false(sv_glob(SV("[x]"), SV("x")));
	/* A hostile pattern takes no exponential time. */
	memset(name, 'a', 2000);
	for (size_t i = 0; i < 200; i += 2)
		memcpy(stars + i, "a*", 2);
	assert_false(sv_glob((struct sv){stars, 199}, (struct sv){name, 50}));
	assert_false(sv_glob((struct sv){"*a*a*a*a*a*a*a*ab", 17}, (struct sv){name, 2000}));
}

static void
test_builder(void **state)
{
	struct sb s = {0};
	char *own;

	(void)state;
	assert_string_equal(sb_str(&s), "");
	assert_int_equal(sb_sv(&s).n, 0);
	own = sb_take(&s);
	assert_string_equal(own, "");
	mem_free(own);

	sb_adds(&s, "a");
	sb_addc(&s, '\0');
	sb_addv(&s, SV("b"));
	sb_addf(&s, "%d|%s", 7, "x");
	sb_add(&s, NULL, 0);
	assert_int_equal(s.n, 6);
	assert_memory_equal(s.buf, "a\0b7|x", 7);
	sb_reset(&s);
	assert_string_equal(sb_str(&s), "");
	sb_adds(&s, "new");
	own = sb_take(&s);
	assert_string_equal(own, "new");
	assert_null(s.buf);
	mem_free(own);
	sb_free(&s);
}

static void
test_builder_grows(void **state)
{
	struct sb s = {0};
	size_t i;

	(void)state;
	for (i = 0; i < 100000; i++)
		sb_addc(&s, (char)('a' + i % 26));
	assert_int_equal(s.n, 100000);
	assert_int_equal(s.buf[100000], '\0');
	assert_int_equal(s.buf[99999], 'a' + 99999 % 26);
	sb_addf(&s, "%5000d", 1);
	assert_int_equal(s.n, 105000);
	assert_int_equal(s.buf[104999], '1');
	sb_free(&s);
	assert_null(s.buf);
	sb_free(&s);
}

static void
test_natural_order(void **state)
{
	/* Each stands before the next. */
	static const char *const order[] = {"", "a", "h01", "h1", "h2", "h10", "h10a", "h10b1", "h10b12", "h99999999999999999999",
		"h100000000000000000000", "i", "\303\244"};
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(order) / sizeof(*order); i++)
		for (k = 0; k < sizeof(order) / sizeof(*order); k++) {
			int c = sv_natural(sv_of(order[i]), sv_of(order[k]));

			if ((c < 0) != (i < k) || (c > 0) != (i > k))
				fail_msg("%s and %s: %d", order[i], order[k], c);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_views),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_search),
		cmocka_unit_test(test_trim),
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_glob),
		cmocka_unit_test(test_builder),
		cmocka_unit_test(test_builder_grows),
		cmocka_unit_test(test_natural_order),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
