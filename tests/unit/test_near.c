#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/near.h"

static const char *const words[] = {"objective", "over", "key", "gateway_requests_total", NULL};

static void
test_misspellings_find_their_word(void **state)
{
	(void)state;
	assert_string_equal(near_word(sv_of("objectve"), words), "objective");
	assert_string_equal(near_word(sv_of("obejctive"), words), "objective");
	assert_string_equal(near_word(sv_of("gateway_request_total"), words), "gateway_requests_total");
	assert_string_equal(near_word(sv_of("kye"), words), "key");
}

static void
test_other_words_find_none(void **state)
{
	static const char *const nothing[] = {NULL};
	char longest[400];
	size_t i;

	(void)state;
	assert_null(near_word(sv_of("banana"), words));
	assert_null(near_word(sv_of(""), words));
	assert_null(near_word(sv_of("over"), nothing));
	for (i = 0; i < sizeof(longest); i++)
		longest[i] = 'o';
	assert_null(near_word((struct sv){longest, sizeof(longest)}, words));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_misspellings_find_their_word),
		cmocka_unit_test(test_other_words_find_none),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
