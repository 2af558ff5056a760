#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/digest.h"

#define EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define MILLION_A "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"

static void
assert_digest(struct sv bytes, const char *want)
{
	char hex[DIGEST_HEX];

	digest_of(bytes, hex);
	assert_string_equal(hex, want);
}

/* The examples NIST publishes with FIPS 180-4. */
static void
test_vectors(void **state)
{
	(void)state;
	assert_digest(SV(""), EMPTY);
	assert_digest(sv_of(NULL), EMPTY);
	assert_digest(SV("abc"), ABC);
	assert_digest(SV("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
	    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void
test_piece_by_piece(void **state)
{
	struct digest *d = digest_new();
	char hex[DIGEST_HEX];
	int i;

	(void)state;
	digest_hex(d, hex);
	assert_string_equal(hex, EMPTY);
	digest_add(d, "a", 1);
	digest_add(d, NULL, 0);
	digest_add(d, "bc", 2);
	digest_hex(d, hex);
	assert_string_equal(hex, ABC);
	digest_hex(d, hex); /* asking changes nothing */
	assert_string_equal(hex, ABC);
	digest_free(d);

	d = digest_new();
	for (i = 0; i < 100000; i++) {
		digest_add(d, "aaaaaaaaaa", 10);
		if (i % 10000 == 0)
			digest_hex(d, hex);
	}
	digest_hex(d, hex);
	assert_string_equal(hex, MILLION_A);
	digest_free(d);
	digest_free(NULL);
}

static void
test_file(void **state)
{
	char path[] = "/tmp/soak-digest-XXXXXX", hex[DIGEST_HEX];
	struct sb s = {0};
	struct err e = {0};
	int64_t size = -1;
	int fd = mkstemp(path), i;

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(digest_file(path, hex, &size, &e), 0);
	assert_string_equal(hex, EMPTY);
	assert_int_equal(size, 0);
	for (i = 0; i < 100000; i++)
		sb_adds(&s, "aaaaaaaaaa");
	assert_int_equal(io_write_file(path, sb_sv(&s), &e), 0);
	assert_int_equal(digest_file(path, hex, &size, &e), 0);
	assert_string_equal(hex, MILLION_A);
	assert_int_equal(size, 1000000);
	assert_int_equal(digest_file(path, hex, NULL, &e), 0);
	sb_free(&s);
	unlink(path);
	assert_int_equal(digest_file(path, hex, &size, &e), -1);
	assert_int_equal(e.code, ERR_SYS);
	assert_non_null(strstr(e.msg, path));
	assert_int_equal(digest_file("/tmp", hex, &size, &e), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_piece_by_piece),
		cmocka_unit_test(test_file),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
