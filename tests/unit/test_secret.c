/* The scanner of lib/secret by rules of its own, and the shipped rules by their own examples. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "secret/parts.h"
#include "secret/sight.h"

static struct secret_rules *shipped;

static int
setup(void **state)
{
	struct err e = {0};

	(void)state;
	shipped = secret_rules_load("templates/secrets.yaml", &e);
	if (shipped == NULL)
		print_error("%s\n", e.msg);
	return shipped == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	(void)state;
	secret_rules_free(shipped);
	return 0;
}

static void
say(void *ctx, const char *text)
{
	(void)ctx;
	print_error("%s\n", text);
}

static void
test_shipped_rules(void **state)
{
	(void)state;
	assert_true(secret_rules_count(shipped) >= 40);
	assert_int_equal(secret_rules_test(shipped, say, NULL), 0);
}

struct seen {
	int n;
	char id[64];
	enum secret_how how;
	int64_t line, offset;
};

static int
on_hit(void *ctx, const struct secret_hit *hit, struct err *e)
{
	struct seen *s = ctx;

	(void)e;
	s->n++;
	snprintf(s->id, sizeof(s->id), "%s", hit->rule->id);
	s->how = hit->how;
	s->line = hit->line;
	s->offset = hit->offset;
	return 0;
}

/* In pieces of step bytes. */
static struct seen
scan(const char *text, size_t n, size_t step)
{
	struct secret_scan *s = secret_scan_new(shipped);
	struct seen seen = {0};
	size_t i;

	for (i = 0; i < n; i += step)
		assert_int_equal(secret_scan_add(s, text + i, n - i < step ? n - i : step, on_hit, &seen, NULL), 0);
	assert_int_equal(secret_scan_end(s, on_hit, &seen, NULL), 0);
	secret_scan_free(s);
	return seen;
}

static void
test_where_it_stands(void **state)
{
	struct sb t = {0};
	struct seen s;
	size_t step;

	(void)state;
	sb_adds(&t, "one\ntwo\nthree ");
	secret_expand(SV("ghp_{alnum:36}"), &t);
	sb_adds(&t, " end\n");
	for (step = 1; step < 80; step += 13) {
		s = scan(t.buf, t.n, step);
		assert_int_equal(s.n, 1);
		assert_string_equal(s.id, "github-token");
		assert_int_equal(s.line, 3);
		assert_int_equal(s.offset, 14);
	}
	sb_free(&t);
}

/* At each place relative to the borders of the buffer, which is a mebibyte and a window long. */
static void
test_across_buffers(void **state)
{
	struct sb t = {0}, token = {0};
	char *big = mem_new(3 << 20, 1);
	size_t at;

	(void)state;
	secret_expand(SV("ghp_{alnum:36}"), &token);
	for (at = ((size_t)1 << 20) - 60; at < ((size_t)1 << 20) + 9000; at += 37) {
		struct seen s;

		memset(big, '.', 3 << 20);
		memcpy(big + at, token.buf, token.n);
		s = scan(big, 3 << 20, 65536);
		assert_int_equal(s.n, 1);
		assert_int_equal(s.offset, (int64_t)at);
	}
	mem_free(big);
	sb_free(&t);
	sb_free(&token);
}

static void
test_ways_of_writing(void **state)
{
	static const struct {
		const char *text, *id;
		enum secret_how how;
	} c[] = {
		{"postgres%3A%2F%2Fsoak%3A{alnum:12}%40db", "url-password", SECRET_URL},
		{"\"postgres:\\/\\/soak:{alnum:12}@db\"", "url-password", SECRET_JSON},
		{"postgres:&#x2F;&#x2F;soak:{alnum:12}&#64;db", "url-password", SECRET_HTML},
		{"Authorization%3A%20Bearer%20{alnum:40}", "authorization", SECRET_URL},
		{"\"Authorization\\u003a Bearer {alnum:40}\"", "authorization", SECRET_JSON},
		{"https:\\/\\/hooks.slack.com\\/services\\/T{uppernum:10}\\/B{uppernum:10}\\/{alnum:24}", "slack-webhook", SECRET_JSON},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(c) / sizeof(*c); i++) {
		struct sb t = {0};
		struct seen s;

		secret_expand(sv_of(c[i].text), &t);
		s = scan(t.buf, t.n, t.n);
		if (s.n != 1)
			print_error("%s: %d %s\n", c[i].text, s.n, s.id);
		assert_int_equal(s.n, 1);
		assert_string_equal(s.id, c[i].id);
		assert_int_equal(s.how, c[i].how);
		sb_free(&t);
	}
}

static void
test_utf16(void **state)
{
	struct sb t = {0}, wide = {0};
	size_t i;

	(void)state;
	secret_expand(SV("key ghp_{alnum:36}"), &t);
	sb_add(&wide, "\xff\xfe", 2);
	for (i = 0; i < t.n; i++) {
		sb_addc(&wide, t.buf[i]);
		sb_addc(&wide, '\0');
	}
	assert_int_equal(scan(wide.buf, wide.n, wide.n).n, 1);
	sb_free(&t);
	sb_free(&wide);
}

/* Bytes as hex digits, a newline every wrap digits (0: none). */
static void
to_hex(struct sv v, size_t wrap, struct sb *out)
{
	size_t i;

	for (i = 0; i < v.n; i++) {
		if (wrap > 0 && i > 0 && i * 2 % wrap == 0)
			sb_addc(out, '\n');
		sb_addf(out, "%02x", (unsigned int)(unsigned char)v.p[i]);
	}
}

/* Where the decoded text goes over what is read in one piece, and begins behind a stray digit. */
static void
test_hex(void **state)
{
	struct sb token = {0}, t = {0};
	struct seen s;
	size_t lead, wrap;

	(void)state;
	for (lead = 0; lead < 5000; lead += 617)
		for (wrap = 0; wrap <= 60; wrap += 60) {
			sb_reset(&token);
			while (token.n < lead)
				sb_adds(&token, "some text ");
			secret_expand(SV("ghp_{alnum:36}"), &token);
			sb_reset(&t);
			sb_adds(&t, "first\ndump ");
			if (wrap == 0)
				sb_addc(&t, 'a');
			to_hex(sb_sv(&token), wrap, &t);
			sb_adds(&t, "\nend\n");
			s = scan(t.buf, t.n, 1009);
			assert_int_equal(s.n, 1);
			assert_string_equal(s.id, "github-token");
			assert_int_equal(s.how, SECRET_HEX);
			assert_int_equal(s.line, 2);
			assert_int_equal(s.offset, 11);
		}
	sb_free(&token);
	sb_free(&t);
}

static void
test_sight(void **state)
{
	static const char letters[] = "Gr\374\337e, \303\251t\303\251 \344\275\240\345\245\275\n";
	struct sight see = {0};
	unsigned char noise[6000];
	uint64_t seed = 7;
	size_t i, n;

	(void)state;
	for (i = 0; i < sizeof(noise); i++) {
		seed = seed * 6364136223846793005U + 1442695040888963407U;
		noise[i] = (unsigned char)(seed >> 40);
	}
	for (n = 64; n <= sizeof(noise); n += 371) {
		sight_add(&see, noise, n);
		assert_true(sight_end(&see));
	}
	sight_add(&see, noise, SIGHT_LEAST - 1);
	assert_false(sight_end(&see));
	/* Text in Latin-1 and in UTF-8, and zeros. */
	for (i = 0; i < sizeof(noise); i++)
		noise[i] = (unsigned char)letters[i % (sizeof(letters) - 1)];
	sight_add(&see, noise, sizeof(noise));
	assert_false(sight_end(&see));
	memset(noise, 0, sizeof(noise));
	sight_add(&see, noise, sizeof(noise));
	assert_false(sight_end(&see));
}

/* Pixels are passed over; what is behind the picture's end is not, nor a compressed text in it. */
static void
test_sight_picture(void **state)
{
	static const char head[] = "\x89PNG\r\n\x1a\n\0\0\0\1IHDRx\0\0\0\0", end[] = "\0\0\0\0IEND\0\0\0\0", text[] = "\0\0\0\0zTXt\0\0\0\0";
	struct sight see = {0};
	unsigned char pixels[12 + 3000] = {0, 0, 0x0b, 0xb8, 'I', 'D', 'A', 'T'};
	uint64_t seed = 7;
	size_t i;

	(void)state;
	for (i = 8; i < sizeof(pixels); i++) {
		seed = seed * 6364136223846793005U + 1442695040888963407U;
		pixels[i] = (unsigned char)(seed >> 40);
	}
	sight_add(&see, head, sizeof(head) - 1);
	sight_add(&see, pixels, 1000);
	sight_add(&see, pixels + 1000, sizeof(pixels) - 1000);
	sight_add(&see, end, sizeof(end) - 1);
	assert_false(sight_end(&see));
	sight_add(&see, head, sizeof(head) - 1);
	sight_add(&see, pixels, sizeof(pixels));
	sight_add(&see, end, sizeof(end) - 1);
	sight_add(&see, pixels + 8, 2000);
	assert_true(sight_end(&see));
	sight_add(&see, head, sizeof(head) - 1);
	sight_add(&see, text, sizeof(text) - 1);
	sight_add(&see, end, sizeof(end) - 1);
	assert_true(sight_end(&see));
}

static void
test_broken_rules(void **state)
{
	static const char *const bad[] = {"", "rules: []", "rules: [{id: a}]", "rules: [{id: a, title: b, keywords: [abc], pattern: '('}]",
	    "rules: [{id: a, title: b, keywords: [abc], pattern: abc, more: 1}]", "rules: [{id: a, title: b, keywords: [a], pattern: a}]",
	    "rules: [{id: a, title: b, names: [x]}, {id: a, title: b, names: [x]}]", "rules: [{id: a, title: b, names: [x], check: y}]"};
	char path[] = "/tmp/test_secret.XXXXXX";
	int fd = mkstemp(path);
	size_t i;

	(void)state;
	assert_true(fd >= 0);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct err e = {0};

		assert_int_equal(io_write_file(path, sv_of(bad[i]), &e), 0);
		assert_null(secret_rules_load(path, &e));
		assert_true(strncmp(e.msg, path, strlen(path)) == 0);
	}
	remove(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shipped_rules), cmocka_unit_test(test_where_it_stands), cmocka_unit_test(test_across_buffers),
		cmocka_unit_test(test_ways_of_writing), cmocka_unit_test(test_utf16), cmocka_unit_test(test_hex), cmocka_unit_test(test_sight), cmocka_unit_test(test_sight_picture), cmocka_unit_test(test_broken_rules)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
