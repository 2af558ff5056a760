#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "promql/promql.h"
#include "promql_cases.h"

static struct arena a;

static int
teardown(void **state)
{
	(void)state;
	arena_free(&a);
	return 0;
}

/* The text of text, parsed. */
static void
format(const char *text, struct sb *out)
{
	struct err e = {0};
	struct pq_expr *x = pq_parse(&a, sv_of(text), &e);

	if (x == NULL)
		fail_msg("%s: %s", text, e.msg);
	sb_reset(out);
	pq_format(x, out);
}

static void
test_canonical(void **state)
{
	struct sb once = {0}, twice = {0};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(promql_accepted) / sizeof(promql_accepted[0]); i++) {
		format(promql_accepted[i].text, &once);
		assert_string_equal(sb_str(&once), promql_accepted[i].then);
		format(sb_str(&once), &twice);
		assert_string_equal(sb_str(&twice), sb_str(&once));
	}
	sb_free(&once);
	sb_free(&twice);
}

static void
test_selectors(void **state)
{
	const struct pq_selector *s, *m;
	struct sb out = {0};

	(void)state;
	s = pq_parse_selector(&a, SV("up{b=\"1\"}"), NULL);
	m = pq_parse_matchers(&a, SV("a=~\"x\", \"c d\"=\"2\""), NULL);
	pq_format_selector(pq_selector_and(&a, s, m), &out);
	assert_string_equal(sb_str(&out), "up{\"c d\"=\"2\",a=~\"x\",b=\"1\"}");
	sb_reset(&out);
	pq_format_selector(m, &out);
	assert_string_equal(sb_str(&out), "{\"c d\"=\"2\",a=~\"x\"}");
	sb_reset(&out);
	pq_format_selector(pq_parse_matchers(&a, SV(""), NULL), &out);
	assert_string_equal(sb_str(&out), "{}");
	/* Two names cannot stand outside the braces. */
	sb_reset(&out);
	pq_format_selector(pq_selector_and(&a, s, pq_parse_matchers(&a, SV("__name__!=\"x\""), NULL)),
	    &out);
	assert_string_equal(sb_str(&out), "{__name__!=\"x\",__name__=\"up\",b=\"1\"}");
	sb_free(&out);
}

/* What a terminal should not see is escaped, and reads back as what it was. */
static void
test_hostile_strings(void **state)
{
	struct sb out = {0};

	(void)state;
	format("\"\\x1b[31m\\u202e\\u200b\\x80\\x00\\u0085\"", &out);
	assert_string_equal(sb_str(&out), "\"\\x1b[31m\\u202e\\u200b\\x80\\x00\\u0085\"");
	format("{\"a\\nb\"=\"\\x7f\",x=\"1\"}", &out);
	assert_string_equal(sb_str(&out), "{\"a\\nb\"=\"\\x7f\",x=\"1\"}");
	sb_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_canonical, teardown),
		cmocka_unit_test_teardown(test_selectors, teardown),
		cmocka_unit_test_teardown(test_hostile_strings, teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
