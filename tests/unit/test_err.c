#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/err.h"

static void
test_records_and_fails(void **state)
{
	struct err e = {0};

	(void)state;
	assert_int_equal(err_set(&e, ERR_INPUT, "%s:%d: bad '%s'", "f", 7, "x"), -1);
	assert_int_equal(e.code, ERR_INPUT);
	assert_string_equal(e.msg, "f:7: bad 'x'");
	assert_int_equal(err_set(NULL, ERR_SYS, "%s", "nobody listens"), -1);
}

static void
test_prefix(void **state)
{
	struct err e = {0};

	(void)state;
	err_set(&e, ERR_DB, "locked");
	assert_int_equal(err_prefix(&e, "run.db %d", 3), -1);
	assert_string_equal(e.msg, "run.db 3: locked");
	assert_int_equal(e.code, ERR_DB);
	assert_int_equal(err_prefix(NULL, "x"), -1);
}

/* n bytes of padding, then text: cut to fit, the message must end on a whole character. */
static void
assert_cut(size_t padding, const char *text, const char *kept)
{
	static char pad[600];
	struct err e = {0};

	memset(pad, 'a', sizeof(pad));
	err_set(&e, ERR_INPUT, "%.*s%s", (int)padding, pad, text);
	assert_int_equal(strlen(e.msg), padding + strlen(kept));
	assert_string_equal(e.msg + padding, kept);

	err_set(&e, ERR_INPUT, "%s", text);
	err_prefix(&e, "%.*s", (int)padding - 2, pad);
	assert_int_equal(strlen(e.msg), padding + strlen(kept));
	assert_string_equal(e.msg + padding, kept);
}

static void
test_cut_on_a_character(void **state)
{
	(void)state;
	assert_cut(510, "abc", "a");
	assert_cut(510, "\xc3\xa9", "");             /* é */
	assert_cut(509, "\xc3\xa9x", "\xc3\xa9");
	assert_cut(509, "\xe2\x82\xac", "");         /* € */
	assert_cut(510, "\xe2\x82\xac", "");
	assert_cut(508, "\xe2\x82\xacx", "\xe2\x82\xac");
	assert_cut(508, "\xf0\x9f\x98\x80", "");     /* an emoji */
	assert_cut(509, "\xf0\x9f\x98\x80", "");
	assert_cut(510, "\xf0\x9f\x98\x80", "");
	assert_cut(507, "\xf0\x9f\x98\x80x", "\xf0\x9f\x98\x80");
}

static void
test_prefix_longer_than_room(void **state)
{
	static char pad[600];
	struct err e = {0};

	(void)state;
	memset(pad, 'p', sizeof(pad) - 1);
	err_set(&e, ERR_SYS, "gone");
	err_prefix(&e, "%s", pad);
	assert_int_equal(strlen(e.msg), sizeof(e.msg) - 1);
	assert_int_equal(e.msg[510], 'p');
	assert_int_equal(e.code, ERR_SYS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_records_and_fails),
		cmocka_unit_test(test_prefix),
		cmocka_unit_test(test_cut_on_a_character),
		cmocka_unit_test(test_prefix_longer_than_room),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
